"""From a key to its paint: every key of a busy day, while nothing else happens and while a file is imported.

Each key is timed twice: until the terminal gets the first byte of an answer, and until the screen is
settled (nothing more is written for a while; what is read from the store in between is part of it).

    python -m tests.bench --only keys --sizes 1000000
"""

from __future__ import annotations

import csv
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench.figures import Figure, percentile
from tests.bench.shops import code, name
from tests.bench.watching import CAN_WATCH, Watched

LIMIT_MS = 50.0
IMPORTED_ROWS = 100_000
_QUIET_S = 0.12
_PATIENCE_S = 3.0
_SHOP_NAME, _OFFSET = "Bench", 5_000_000
_F = {2: b"\x1bOQ", 3: b"\x1bOR", 4: b"\x1bOS", 5: b"\x1b[15~", 6: b"\x1b[17~", 8: b"\x1b[19~", 10: b"\x1b[21~"}
_DOWN, _UP, _PAGE_DOWN, _PAGE_UP = b"\x1b[B", b"\x1b[A", b"\x1b[6~", b"\x1b[5~"
_END, _HOME, _ESCAPE, _TAB, _BACK = b"\x1b[F", b"\x1b[H", b"\x1b", b"\t", b"\x7f"
_CTRL_S, _ALT_S, _ALT_L = b"\x13", b"\x1bs", b"\x1bl"

Times = dict[str, list[tuple[float, float]]]
"""Of each kind of key: milliseconds to the first byte and to the settled screen."""


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
    """A person at the keyboard of the real app."""

    def __init__(self, app: Watched, products: int) -> None:
        self.app = app
        self.products = products
        self.times: Times = {}
        self._dice = random.Random(3)

    def press(self, kind: str, data: bytes) -> None:
        """One key, and what it takes."""
        app = self.app
        app.until_quiet()
        app.forget()
        sent = app.send(data)
        first = settled = 0.0
        while True:
            before = len(app.seen)
            app.read_some(_QUIET_S if first else _PATIENCE_S)
            if len(app.seen) == before:
                break
            settled = time.perf_counter()
            first = first or settled
        if first:
            self.times.setdefault(kind, []).append(((first - sent) * 1e3, (settled - sent) * 1e3))

    def products_list(self, many: int) -> None:
        """Down the list, to its end and back, and a search."""
        self.press("another screen", _F[3])
        self.press("another field", _DOWN)
        for key in (_DOWN, _PAGE_DOWN, _UP, _PAGE_UP):
            for _ in range(many):
                self.press("list: a row or a page", key)
        for _ in range(max(1, many // 4)):
            self.press("list: the end", _END)
            self.press("list: the start", _HOME)
        self.press("another field", b"/")
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
                for key in (_DOWN, _PAGE_DOWN, _PAGE_DOWN, _END, _HOME):
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
        yield from figures("first time", products, hand.times)
        hand.times = {}
        hand.products_list(many)
        hand.counter(many)
        hand.screens()
        yield from figures("idle", products, hand.times)
        hand.times = {}
        for step in ("while checking", "while importing"):
            _start(app, source) if step == "while checking" else _take_over(app)
            begun = time.perf_counter()
            rounds: list[Callable[[], None]] = [
                lambda: hand.counter(1), lambda: hand.products_list(1), hand.screens
            ]  # fmt: skip
            done = 0
            while done < 1 or app.has_children:
                rounds[done % len(rounds)]()
                done += 1
            print(f"{step}: {time.perf_counter() - begun:.1f} s")
            yield from figures(step, products, hand.times)
            hand.times = {}


def _start(app: Watched, source: Path) -> None:
    """Look at a file on the import screen."""
    app.send(_F[8])
    app.until_quiet(0.3)
    app.send(b"\x15" + str(source).encode())
    app.until_quiet(0.3)
    app.send(b"\r")
    app.read(1.0)


def _take_over(app: Watched) -> None:
    app.send(_F[8])
    app.until_quiet(0.3)
    app.send(_CTRL_S)
    app.read(1.0)


def figures(when: str, products: int, times: Times) -> Iterator[Figure]:
    """The 99th percentile of each kind of key against the limit; the rest is told beside it."""
    for kind, found in sorted(times.items()):
        first, settled = [one for one, _ in found], [one for _, one in found]
        worst = percentile(first, 0.99)
        yield Figure(
            f"{when}: {kind}", products, worst, LIMIT_MS, "ms p99", worst / LIMIT_MS,
            "" if when == "first time" else "<= 1",
            f"median {percentile(first, 0.5):.1f}, max {max(first):.1f}; settled: median "
            f"{percentile(settled, 0.5):.0f}, max {max(settled):.0f} ms; {len(found)} keys",
        )  # fmt: skip
