"""From a key to its paint: every key of a busy day, while nothing else happens and while a file is imported.

Each key is timed twice: until the first letter on the screen is another one, and until the screen is
settled (nothing more is written for a while; what is read from the store in between is part of it).
What other programs on the computer took of the processor meanwhile is taken off, and told beside it.

    python -m tests.bench --only keys --sizes 1000000
"""

from __future__ import annotations

import csv
import random
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyte

from tests.bench.figures import Figure, percentile
from tests.bench.shops import code, name
from tests.bench.watching import CAN_WATCH, Watched

LIMIT_MS = 50.0
IMPORTED_ROWS = 100_000
_QUIET_S = 0.12
_PATIENCE_S = 1.0
_TYPING_S = 0.13
# pyte prints the ends of private sequences it does not know.
_UNKNOWN = re.compile(rb"\x1b\[[<>=][0-9;:]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p|\x1bP[^\x1b]*\x1b\\\\")
_SHOP_NAME, _OFFSET = "Bench", 5_000_000
_F = {
    2: b"\x1bOQ",
    3: b"\x1bOR",
    4: b"\x1bOS",
    5: b"\x1b[15~",
    6: b"\x1b[17~",
    8: b"\x1b[19~",
    10: b"\x1b[21~",
}
_DOWN, _UP, _PAGE_DOWN, _PAGE_UP = b"\x1b[B", b"\x1b[A", b"\x1b[6~", b"\x1b[5~"
_CTRL_END, _CTRL_HOME, _BACK = b"\x1b[1;5F", b"\x1b[1;5H", b"\x7f"
_CTRL_S, _ALT_S, _ALT_L = b"\x13", b"\x1bs", b"\x1bl"

Times = dict[str, list[tuple[float, float, float]]]
"""Of each kind of key: milliseconds to the first letter, to the settled screen, and to the first letter
less what other programs on this computer took of the processor meanwhile."""


def write_catalogue(path: Path, rows: int = IMPORTED_ROWS) -> Path:
    """A file of new products, none of which is in a shop of `make_shop`."""
    dice = random.Random(5)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["sku", "name", "category", "price", "barcodes"])
        for number in range(1, rows + 1):
            price = f"{number % 900}.{number % 100:02d}"
            writer.writerow(
                [f"NEW-{number:06d}", name(number, dice), f"Category {number % 40}", price,
                 code(_OFFSET + number)]
            )  # fmt: skip
    return path


class Hand:
    """A person at the keyboard of the real app, who looks at the letters on the screen."""

    def __init__(self, app: Watched, products: int) -> None:
        self.app = app
        self.products = products
        self.quiet_s = _QUIET_S
        self.times: Times = {}
        self.silent: dict[str, int] = {}
        """Keys that changed no letter: a cursor blinked at the most."""
        self._screen: Any = pyte.Screen(app.columns, app.rows)
        self._stream: Any = pyte.ByteStream(self._screen)
        self._dice = random.Random(3)
        self._show(app.seen)

    def _show(self, data: bytes) -> bool:
        """Put it on the screen; whether a letter is another one now."""
        before = self._screen.display
        self._stream.feed(_UNKNOWN.sub(b"", data))
        return bool(self._screen.display != before)

    def rest(self, seconds: float = 0.0) -> None:
        """Until nothing is written any more."""
        self.app.forget()
        self.app.until_quiet(seconds or self.quiet_s)
        self._show(self.app.seen)

    def press(self, kind: str, data: bytes) -> None:
        """One key, and what it takes."""
        app = self.app
        self._show(app.seen)
        self.rest()
        app.forget()
        pieces: list[tuple[float, float, bytes]] = []
        kept_waiting = app.kept_waiting_ms
        sent = app.send(data)
        while app.read_some(self.quiet_s if pieces else _PATIENCE_S):
            pieces.append(((time.perf_counter() - sent) * 1e3, app.kept_waiting_ms - kept_waiting, app.seen))
            app.forget()
        changes = [(at, waited) for at, waited, piece in pieces if self._show(piece)]
        if changes:
            first, waited = changes[0]
            self.times.setdefault(kind, []).append((first, changes[-1][0], max(0.0, first - waited)))
        else:
            self.silent[kind] = self.silent.get(kind, 0) + 1

    def products_list(self, many: int) -> None:
        """Down the list, to its end and back, and a search."""
        self.press("another screen", _F[3])
        for key in (_DOWN, _PAGE_DOWN, _UP, _PAGE_UP):
            for _ in range(many):
                self.press("list: a row or a page", key)
        for _ in range(max(1, many // 4)):
            self.press("list: the end", _CTRL_END)
            self.press("list: the start", _CTRL_HOME)
        for letter in self._dice.choice(("heavy glue", "brass hinge", "SKU-0004", "round lamp 12")):
            self.press("search: a letter", letter.encode())
        for _ in range(14):
            self.press("search: a letter", _BACK)

    def counter(self, many: int) -> None:
        """Look up, type, sell."""
        self.press("another screen", _F[2])
        self.press("another mode", _ALT_L)
        for _ in range(many):
            for letter in code(self._dice.randint(1, self.products)):
                self.press("counter: a letter", letter.encode())
            self.press("counter: Enter on a code", b"\r")
        self.press("another mode", _ALT_S)
        for _ in range(many):
            self.press("counter: a sale", code(self._dice.randint(1, self.products)).encode() + b"\r")
        self.press("another mode", _ALT_L)

    def screens(self) -> None:
        """Once around."""
        for number in (3, 4, 5, 6, 10, 2):
            self.press("another screen", _F[number])
            if number == 10:
                for key in (_DOWN, _PAGE_DOWN, _PAGE_DOWN, _CTRL_END, _CTRL_HOME):
                    self.press("movements: a row or a page", key)


def measure(path: Path, products: int, folder: Path, *, brief: bool = False) -> Iterator[Figure]:
    """The figures of a shop with so many products, which has 100,000 more afterwards."""
    if not CAN_WATCH:
        return
    many = 2 if brief else 10
    source = write_catalogue(folder / "incoming.csv", 3_000 if brief else IMPORTED_ROWS)
    station = folder / "station.toml"
    station.write_text('language = "en"\n', encoding="utf-8")
    with Watched(
        "stockshop", "--shop", str(path), "--actor", "bench", environment={"STOCKSHOP_STATION": str(station)}
    ) as app:
        app.until(_SHOP_NAME)
        app.until_quiet(0.3)
        hand = Hand(app, products)
        # What each screen loads when it is shown for the first time.
        hand.screens()
        yield from _told("first time", hand)
        hand.products_list(many)
        hand.counter(many)
        hand.screens()
        yield from _told("idle", hand)
        _look_at(hand, source)
        yield from _meanwhile("while checking", hand)
        _take_over(hand)
        yield from _meanwhile("while importing", hand)


def _meanwhile(when: str, hand: Hand) -> Iterator[Figure]:
    """Whatever a person does while the other process works."""
    rounds = (lambda: hand.counter(1), lambda: hand.products_list(1), hand.screens)
    done = 0
    # Many keys in a short time: what is settled later is not waited for.
    hand.quiet_s = 0.03
    while done < 1 or hand.app.has_children:
        rounds[done % len(rounds)]()
        done += 1
    yield from _told(when, hand)


def _look_at(hand: Hand, source: Path) -> None:
    """Choose a file on the import screen, which then checks it."""
    hand.app.send(_F[8])
    hand.rest(0.3)
    for letter in ("\x15", *str(source)):
        hand.app.send(letter.encode())
        # Slower than any scanner.
        hand.app.read(_TYPING_S)
    hand.rest(0.3)
    hand.app.send(b"\r")
    # Not until it is quiet: the line of progress moves on.
    hand.app.read(0.3)


def _take_over(hand: Hand) -> None:
    hand.app.send(_F[8])
    hand.rest(0.3)
    hand.app.send(_CTRL_S)
    hand.app.read(0.3)


def _told(when: str, hand: Hand) -> Iterator[Figure]:
    yield from figures(when, hand.products, hand.times, hand.silent)
    hand.times, hand.silent = {}, {}


def figures(when: str, products: int, times: Times, silent: dict[str, int]) -> Iterator[Figure]:
    """The 99th percentile of each kind of key against the limit; the rest is told beside it."""
    for kind, found in sorted(times.items()):
        first, settled, own = ([one[part] for one in found] for part in range(3))
        worst = percentile(own, 0.99)
        yield Figure(
            f"{when}: {kind}", products, worst, LIMIT_MS, "ms p99", worst / LIMIT_MS,
            "" if when == "first time" else "<= 1",
            f"median {percentile(own, 0.5):.1f}; with other programs' time: median "
            f"{percentile(first, 0.5):.1f}, max {max(first):.1f}; settled: median "
            f"{percentile(settled, 0.5):.0f}, max {max(settled):.0f}; {len(found)} keys, "
            f"{silent.get(kind, 0)} changed nothing",
        )  # fmt: skip
