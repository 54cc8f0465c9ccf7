"""The real thing: raw bytes of scanners and people, in a real terminal."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

import pytest

if sys.platform == "win32":  # pragma: no cover
    pytest.skip("needs a Unix pseudo-terminal", allow_module_level=True)

from tests.ui.terminal import Terminal

EAN = "4006381333931"


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Terminal, list[int]]]:
    with Terminal("tests.ui.demo", "1000000") as terminal:
        terminal.until("SKU-0000003", "scan or type")
        yield terminal, [0]


@pytest.fixture
def counter(running: tuple[Terminal, list[int]]) -> Iterator[Counter]:
    yield Counter(*running)


class Counter:
    """The running demo, and how many scans it has heard."""

    def __init__(self, terminal: Terminal, heard: list[int]) -> None:
        self.terminal = terminal
        self._heard = heard

    def hears(self, code: str, **facts: str) -> None:
        __tracebackhide__ = True
        self._heard[0] += 1
        wanted = [f"scan {self._heard[0]}: [{code}]", *(f"{name} [{value}]" for name, value in facts.items())]
        self.terminal.until(*wanted)
        # A stutter of the next test with the same code would be none of its own.
        self.terminal.read(0.5)

    def hears_nothing(self) -> None:
        __tracebackhide__ = True
        self.terminal.read(0.3)
        assert f"scan {self._heard[0] + 1}:" not in self.terminal.text, self.terminal.text

    def go_to(self, field: str) -> None:
        """Tab on from the scan line; escape leads back to it."""
        order = ["line", "list", "name", "quantity", "price"]
        for _ in range(order.index(field)):
            self.terminal.send(b"\t")
            self.terminal.read(0.12)

    def go_back(self, field: str) -> None:
        order = ["line", "list", "name", "quantity", "price"]
        for _ in range(order.index(field)):
            self.terminal.send(b"\x1b[Z")
            self.terminal.read(0.12)


@pytest.mark.parametrize(
    "end", [b"\r", b"\n", b"\t", b"\r\n", b""], ids=["CR", "LF", "TAB", "CRLF", "silence"]
)
def test_a_code_in_one_read_with_every_end(counter: Counter, end: bytes) -> None:
    counter.terminal.send(EAN.encode() + end)
    counter.hears(EAN, line="", at="scan-line")


def test_thirty_eight_keys_in_one_read(counter: Counter) -> None:
    code = "]C1010400638133393110LOT-4711/B17261231"
    counter.terminal.send(code[:38].encode() + b"\r")
    counter.hears(code[:38])


def test_the_separator_inside_a_code_is_kept(counter: Counter) -> None:
    counter.terminal.send(b"010400638133393110AB12\x1d17261231\r")
    counter.hears("010400638133393110AB12<GS>17261231")


def test_the_separator_as_terminals_with_the_kitty_protocol_send_it(counter: Counter) -> None:
    counter.terminal.send(b"010400638133393110AB12\x1b[93;5u17270131\r")
    counter.hears("010400638133393110AB12<GS>17270131")


def test_a_scanner_that_sends_xon_and_frames_does_not_quit(counter: Counter) -> None:
    counter.terminal.send(b"\x0296385074\x11\x03\x04\r")
    counter.hears("96385074")


def test_a_paste_is_a_scan(counter: Counter) -> None:
    counter.terminal.send(b"\x1b[200~" + EAN.encode() + b"\r\x1b[201~")
    counter.hears(EAN, line="")


def test_a_scan_into_the_quantity_leaves_the_quantity(counter: Counter) -> None:
    counter.go_to("quantity")
    counter.terminal.type("12")
    counter.terminal.send(EAN.encode() + b"\r")
    counter.hears(EAN, quantity="12", at="quantity")
    counter.terminal.type("\x7f\x7f")
    counter.go_back("quantity")


def test_a_scan_key_by_key_into_a_name_leaves_the_name(counter: Counter) -> None:
    counter.go_to("name")
    counter.terminal.type("Bolt")
    for char in f"{EAN}\t":
        counter.terminal.send(char.encode())
        counter.terminal.read(0.015)
    counter.hears(EAN, name="Bolt", at="name")
    counter.terminal.type("\x7f\x7f\x7f\x7f")
    counter.go_back("name")


def test_a_scan_over_the_list_does_not_sell_with_its_letters(counter: Counter) -> None:
    counter.go_to("list")
    counter.terminal.send(b"ss-sS17\r")
    counter.hears("ss-sS17", at="list")
    counter.go_back("list")


def test_a_person_typing_is_not_a_scan(counter: Counter) -> None:
    counter.go_to("name")
    counter.terminal.type("M6X40 zinc", gap_s=0.085)
    counter.terminal.send(b"\r")
    counter.hears_nothing()
    assert "M6X40 zinc" in counter.terminal.text
    counter.terminal.type("\x7f" * 10, gap_s=0.08)
    counter.go_back("name")


def test_twelve_typed_and_a_scan(counter: Counter) -> None:
    counter.terminal.type("12*")
    counter.terminal.send(EAN.encode() + b"\r")
    counter.hears(EAN, times="12", line="")


def test_a_code_typed_slowly_with_enter(counter: Counter) -> None:
    counter.terminal.type("A-03\r", gap_s=0.09)
    counter.hears("A-03", line="")


def test_a_jump_to_the_end_and_a_resize_in_the_middle(counter: Counter) -> None:
    counter.go_to("list")
    counter.terminal.send(b"\x1b[F")
    counter.terminal.until("SKU-0999999")
    counter.terminal.resize(80, 24)
    counter.terminal.until("▌ SKU-0999999", "Corner Hardware", "F2 Counter")
    counter.terminal.resize(100, 30)
    counter.terminal.send(b"\x1b[H")
    counter.terminal.until("▌ SKU-0000000")
    counter.go_back("list")


def test_no_escape_of_a_product_name_reached_the_terminal(counter: Counter) -> None:
    counter.terminal.read(0.05)
    assert b"Tea ]0;owned2J green" in counter.terminal.written
    assert not re.search(rb"\x1b\]0;|\x1bc|\xc2\x9b|\xe2\x80\xae", counter.terminal.written)


def test_a_slow_wireless_scanner_at_a_station_set_for_it() -> None:
    with Terminal("tests.ui.demo", "1000", "200") as terminal:
        terminal.until("SKU-0000003", "scan or type")
        for number, char in enumerate(f"{EAN}\r"):
            terminal.send(char.encode())
            terminal.read(0.06 if number % 2 else 0.115)
        terminal.until(f"scan 1: [{EAN}]", "line []")
