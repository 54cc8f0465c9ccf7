"""Scanners and people at the whole app in a real terminal: raw bytes in, what the shop makes of them out."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":  # pragma: no cover
    pytest.skip("needs a Unix pseudo-terminal", allow_module_level=True)

from stockshop.services import catalogue
from stockshop.services.shop import ShopSettings, furnish
from stockshop.storage.database import create_store
from tests.barcodes.test_scanner_check import AMERICAN, FRENCH, as_typed
from tests.ui.counter_shop import BOLT, GLUE, bin_barcode, fill
from tests.ui.terminal import Terminal

MILK_GTIN = "9506000134352"
LOT = f"01{MILK_GTIN:0>14}10AB-12\x1d17291231"


class Station:
    """A shop in a terminal, with the settings of its computer."""

    def __init__(self, path: Path, station: Path) -> None:
        self.path, self.station = path, station

    def start(self) -> Terminal:
        os.environ["STOCKSHOP_STATION"] = str(self.station)
        try:
            return Terminal("stockshop", "--shop", str(self.path), "--actor", "Ada", columns=100, rows=30)
        finally:
            del os.environ["STOCKSHOP_STATION"]


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Station:
    folder = tmp_path_factory.mktemp("scanning")
    shop = furnish(
        create_store(str(folder / "corner.shop")), "Ada", ShopSettings("Corner Shop", "EUR", "en_IE")
    )
    fill(shop)
    milk = catalogue.find_product(shop, "MILK")
    catalogue.add_barcode(shop, "Ada", milk.id, MILK_GTIN)
    (folder / "bin.txt").write_text(bin_barcode(shop, "B-01"))
    shop.close()
    return Station(folder / "corner.shop", folder / "station.toml")


@pytest.fixture(scope="module")
def running(station: Station) -> Iterator[Terminal]:
    with station.start() as terminal:
        terminal.until("Corner Shop", "Needs you")
        yield terminal


@pytest.fixture
def counter(running: Terminal) -> Terminal:
    """The counter with nothing on it."""
    running.send(b"\x1bOQ")
    for _ in range(3):
        running.send(b"\x1b")
        running.read(0.12)
    running.until("A scan shows the product or the bin.")
    return running


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\t", b"\r\n", b""], ids=["CR", "LF", "TAB", "CRLF", "none"])
def test_a_code_in_one_read_is_looked_up_with_every_end(counter: Terminal, end: bytes) -> None:
    counter.send(BOLT.encode() + end)
    counter.until("M6 bolt zinc 40 mm", "96")


def test_a_gs1_code_of_thirty_eight_keys_in_one_read_tells_the_lot(counter: Terminal) -> None:
    code = f"\x02]C1{LOT}\x1e\x04"
    assert len(code) >= 38
    counter.send(code.encode() + b"\x03\r")
    counter.until("Fresh milk 1 l", "lot AB-12", "31 Dec 2029")


def test_a_pasted_code_is_looked_up(counter: Terminal) -> None:
    counter.send(b"\x1b[200~" + GLUE.encode() + b"\x1b[201~")
    counter.until("Wood glue 250 g · €4.99")


def test_a_burst_into_the_fields_of_a_form_leaves_them_as_they_were(counter: Terminal) -> None:
    counter.send(b"\x1bOR")
    counter.until("Ctrl+N New")
    counter.send(b"\x0e")
    counter.until("Price EUR")
    counter.type("Hinge", gap_s=0.09)
    counter.until("Hinge")
    counter.send(BOLT.encode() + b"\r")
    counter.read(0.6)
    assert "Hinge" in counter.text and "Price EUR" in counter.text
    for _ in range(8):
        counter.send(b"\t")
        counter.read(0.1)
        counter.send(BOLT.encode() + b"\t")
        counter.read(0.2)
        shown = next(line for line in counter.text.splitlines() if "Price EUR" in line)
        assert BOLT[:8] not in shown, "a price is no barcode"
    for _ in range(4):
        counter.send(b"\x1b")
        counter.read(0.2)


def test_help_and_the_palette_do_not_swallow_a_scan(counter: Terminal) -> None:
    counter.send(b"\x1bOP")
    counter.read(0.5)
    counter.send(GLUE.encode() + b"\r")
    counter.until("Wood glue 250 g · €4.99")
    counter.send(b"\x10")
    counter.read(0.7)
    counter.send(BOLT.encode() + b"\r")
    counter.until("M6 bolt zinc 40 mm · €0.35")


def test_a_bins_label_on_another_screen_opens_the_bin(counter: Terminal, station: Station) -> None:
    counter.send(b"\x1b[15~")
    counter.until("Nothing is low")
    counter.send(station.path.with_name("bin.txt").read_bytes() + b"\r")
    counter.until("B-01", "M6 bolt zinc 40 mm", "label")


@pytest.mark.parametrize("gap_s", [0.08, 0.12])
def test_a_person_who_types_a_number_is_never_a_scanner(counter: Terminal, gap_s: float) -> None:
    counter.type(BOLT, gap_s=gap_s)
    # Nothing is looked up before Enter: all of it still stands on the scan line.
    counter.until(f"▌ {BOLT}")
    counter.send(b"\r")
    counter.until("M6 bolt zinc 40 mm · €0.35")


def test_alt_and_a_digit_is_the_second_way_to_a_screen(counter: Terminal) -> None:
    counter.send(b"\x1b3")
    counter.until("Ctrl+N New")
    counter.send(b"\x1b2")
    counter.until("Look up".upper(), "Needs you")


def test_a_slow_wireless_scanner_with_a_prefix_is_heard_in_a_wrong_layout(station: Station) -> None:
    layout = dict(zip(AMERICAN, FRENCH, strict=True))
    lines = [f"'{layout[char]}' = '{char}'" for char in "0123456789~" if layout[char] not in "'"]
    quoted = [f"\"{layout[char]}\" = '{char}'" for char in "0123456789~" if layout[char] == "'"]
    station.station.write_text(
        "[scanner]\nprefix = '~'\ngap_ms = 150\n[scanner.keyboard]\n" + "\n".join(lines + quoted), "utf-8"
    )
    with station.start() as terminal:
        terminal.until("Corner Shop", "Needs you")
        for number, char in enumerate(as_typed(f"~{BOLT}", layout)):
            terminal.send(char.encode())
            terminal.read(0.06 if number % 2 else 0.115)
        terminal.send(b"\r")
        terminal.until("M6 bolt zinc 40 mm · €0.35")
        terminal.type("à4", gap_s=0.3)
        terminal.until("à4")
    station.station.unlink()
