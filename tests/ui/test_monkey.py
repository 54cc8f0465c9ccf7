"""Somebody who presses everything: keys, scans, clicks, pastes and another size, in no order at all."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

if sys.platform == "win32":  # pragma: no cover
    pytest.skip("needs a Unix pseudo-terminal", allow_module_level=True)

from tests.ui.terminal import PATIENCE_S, Terminal

ACTIONS = 350
SIZES = ((60, 20), (80, 24), (100, 30), (120, 40), (200, 60), (30, 9), (20, 5))
# Not Ctrl+Q, which ends the app.
CONTROL = [bytes([number]) for number in range(1, 32) if number != 17]
ALT = [b"\x1b" + char.encode() for char in "abcdefghijklmnopqrstuvwxyz0123456789"]
MOVING = [
    f"\x1b[{end}".encode() for end in ("A", "B", "C", "D", "H", "F", "Z", "3~", "5~", "6~", "1;2A", "1;2B")
]
GOING = [
    b"\x1bOP",
    b"\x1bOQ",
    b"\x1bOR",
    b"\x1bOS",
    *(f"\x1b[{n}~".encode() for n in (15, 17, 18, 19, 20, 21)),
]
TYPED = [char.encode() for char in "abcdefghijklmnopqrstuvwxyz0123456789 *,.?/-+=[]#@"]
CODES = (
    "4006381333931",
    "12*2000000012636",
    "DR-012",
    "A-10",
    "nobody knows this",
    "]C10104006381333931",
    "0" * 40,
)
PASTED = ("hello", "[/]bold[", "9" * 30, "-1", "a\nb\nc", "ж" * 5_000)


def _key(dice: random.Random, _: Terminal) -> bytes:
    return dice.choice(dice.choices((CONTROL, ALT, MOVING, TYPED), (2, 3, 3, 4))[0])


def _going(dice: random.Random, _: Terminal) -> bytes:
    return dice.choice((*GOING, b"\x1bu", b"\x1bk", b"\x1bt"))


def _held(dice: random.Random, _: Terminal) -> bytes:
    return dice.choice((*MOVING[:4], b"\t", b"\r", b"\x1b[6~")) * 60


def _scan(dice: random.Random, _: Terminal) -> bytes:
    return (dice.choice(CODES) + dice.choice(("\r", "\n", "\r\n", "\t"))).encode()


def _click(dice: random.Random, terminal: Terminal) -> bytes:
    at = f"{dice.randint(1, terminal.screen.columns)};{dice.randint(1, terminal.screen.lines)}"
    button = dice.choice((0, 0, 0, 2, 64, 65, 35))
    return f"\x1b[<{button};{at}M".encode() + (f"\x1b[<{button};{at}m".encode() if button < 3 else b"")


def _paste(dice: random.Random, _: Terminal) -> bytes:
    return b"\x1b[200~" + dice.choice(PASTED).encode() + b"\x1b[201~"


def _size(dice: random.Random, terminal: Terminal) -> bytes:
    for _ in range(dice.randint(1, 4)):
        terminal.resize(*dice.choice(SIZES))
    return b""


WAYS: dict[Callable[[random.Random, Terminal], bytes], int] = {
    _key: 70, _going: 8, _held: 3, _scan: 5, _click: 6, _paste: 2, _size: 4,
}  # fmt: skip


def _paints(terminal: Terminal) -> bool:
    """Whether another size is answered by a new picture."""
    terminal.resize(91, 27)
    before = len(terminal.written)
    answered = terminal.read(PATIENCE_S, lambda: len(terminal.written) > before + 500)
    terminal.resize(100, 30)
    return answered


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2))
def test_no_order_of_keys_scans_clicks_and_sizes_stops_the_app_or_surprises_it(
    demo_shop_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    for name in ("HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("STOCKSHOP_STATION", str(tmp_path / "station.toml"))
    dice = random.Random(seed)
    done: list[bytes] = []
    with Terminal("stockshop", "--shop", str(demo_shop_copy), columns=100, rows=30) as terminal:
        terminal.until("LOOK UP", "F2")
        for number in range(1, ACTIONS + 1):
            done.append(dice.choices(list(WAYS), list(WAYS.values()))[0](dice, terminal))
            terminal.send(done[-1])
            terminal.read(dice.choice((0, 0, 0.01, 0.05, 0.15)))
            if number % 50 == 0:
                logs = [log.read_text(encoding="utf-8") for log in tmp_path.rglob("*.log")]
                assert not logs, (logs, done[-60:])
                assert _paints(terminal), (terminal.text, done[-60:])
        assert b"had to close" not in terminal.written and b"Traceback" not in terminal.written
