"""What a person waits for: the start, the answer to a scan, the product list, and memory.

Each side runs as its own program in a pseudo-terminal, and is timed by what it writes to it.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Iterator
from pathlib import Path

from stockshop.services.shop import Shop
from tests.bench.apps import READY
from tests.bench.figures import Figure, percentile
from tests.bench.shops import code
from tests.bench.watching import CAN_WATCH, Watched

FRAME_AND_A_HALF_MS = 25.0
_SCANS = 30
_WARM_UP = 3
_KEYS = 8
_ROWS_SHOWN = 29
_PAGE = _ROWS_SHOWN - 1
_F3, _DOWN, _PAGE_DOWN = b"\x1bOR", b"\x1b[B", b"\x1b[6~"
_APPS = "tests.bench.apps"
_NOT_HERE = "not measured: this system has no pseudo-terminals"
_SHOP_NAME = "Bench"
_COUNTER = "A scan shows the product"
"""Stands on the counter as soon as it takes scans."""


def stockshop(path: Path) -> Watched:
    """The real app on a shop."""
    return Watched("stockshop", "--shop", str(path), "--actor", "bench")


def measure(shop: Shop, products: int, rounds: int, small: Path, *, brief: bool = False) -> Iterator[Figure]:
    """Every figure with a screen, on a shop with so many products; `small` has 1,000 of them."""
    path = shop.store.path
    assert path is not None
    if not CAN_WATCH:
        yield Figure("screens", products, 0, 0, "", 0, "", _NOT_HERE)
        return
    yield from starting(path, products, rounds, warm_up=not brief)
    yield from scanning(path, products, rounds * (3 if brief else _SCANS))
    yield from listing(shop, products, rounds, small, 1 if brief else _KEYS)
    yield from memory(path, products, looks=1 if brief else 6)


def starting(path: Path, products: int, rounds: int, *, warm_up: bool = True) -> list[Figure]:
    """From the command to the counter that takes scans, against a bare app's first paint."""

    def ours() -> tuple[float, float]:
        with stockshop(path) as app:
            painted = app.until(_COUNTER) - app.started
            return painted * 1e3, (app.until(_SHOP_NAME) - app.started) * 1e3

    def theirs() -> float:
        with Watched(_APPS, "bare") as app:
            return (app.until(READY) - app.started) * 1e3

    if warm_up:
        ours(), theirs()
    times = [(*ours(), theirs()) for _ in range(rounds)]
    painted, opened, bare = (statistics.median(each[side] for each in times) for side in range(3))
    return [
        Figure("start to the counter", products, painted, bare, "ms", painted / bare, "<= 1.5",
               "it takes scans; they are answered when the shop is open"),
        Figure("start to the open shop", products, opened, bare, "ms", opened / bare, ""),
    ]  # fmt: skip


def scanning(path: Path, products: int, scans: int) -> list[Figure]:
    """From a code's Enter to the product's paint, against a raw lookup and a bare repaint."""
    dice = random.Random(11)
    ours: list[float] = []
    theirs: list[float] = []
    with stockshop(path) as app, Watched(_APPS, "lookup", str(path)) as bare:
        app.until(_SHOP_NAME)
        bare.until(READY)
        for number in range(-_WARM_UP, scans):
            chosen = dice.randint(1, products)
            for watched, times in ((app, ours), (bare, theirs)):
                watched.until_quiet()
                watched.forget()
                enter = watched.scan(code(chosen))
                took = watched.until(f"SKU-{chosen:07d}") - enter
                if number >= 0:
                    times.append(took * 1e3)
    mine, least = percentile(ours, 0.5), percentile(theirs, 0.5)
    worst, least_worst = percentile(ours, 0.99), percentile(theirs, 0.99)
    return [
        Figure("scan to answer", products, mine, least, "ms", mine / least, "<= 1.5",
               "a raw lookup and a bare repaint"),
        Figure("scan to answer, p99", products, worst, FRAME_AND_A_HALF_MS, "ms",
               worst / FRAME_AND_A_HALF_MS, "<= 1", f"against 25 ms; bare p99 {least_worst:.1f} ms"),
    ]  # fmt: skip


def listing(shop: Shop, products: int, rounds: int, small: Path, keys: int = _KEYS) -> list[Figure]:
    """The product list's first paint and one key, against the same list of 1,000."""
    from stockshop.services.shop import opened

    big = shop.store.path
    assert big is not None
    steps = [(_PAGE, _PAGE_DOWN)] * keys + [(1, _DOWN)] * keys
    reach = sum(step for step, _ in steps) + 1
    with opened(small) as other:
        wanted = _first_skus(shop, reach), _first_skus(other, reach)
    paints: tuple[list[float], list[float]] = ([], [])
    pressed: tuple[list[float], list[float]] = ([], [])
    with Watched(_APPS, "list", str(big)) as ours, Watched(_APPS, "list", str(small)) as theirs:
        for number in range(rounds + 1):
            for side, app in enumerate((ours, theirs)):
                paint, each = _look_through(app, wanted[side], steps)
                if number:
                    paints[side].append(paint * 1e3)
                    pressed[side].extend(one * 1e3 for one in each)
    found = []
    for what, (mine, least) in (("product list, first paint", paints), ("product list, one key", pressed)):
        ratio = statistics.median(mine) / statistics.median(least)
        found.append(
            Figure(what, products, statistics.median(mine), statistics.median(least), "ms", ratio, "<= 1.2",
                   f"1,000 rows in the same list; p99 {percentile(mine, 0.99):.1f} ms")
        )  # fmt: skip
    return found


def _first_skus(shop: Shop, many: int) -> list[str]:
    """The first products of the list, as the store itself sorts them."""
    with shop.store.reading() as session:
        rows = session.rows(
            "SELECT sku FROM product WHERE archived_at_us IS NULL ORDER BY sort_name, id LIMIT ?", (many,)
        )
    return [row[0] for row in rows]


def _look_through(app: Watched, skus: list[str], steps: list[tuple[int, bytes]]) -> tuple[float, list[float]]:
    """Open the list, then go down by each step's key; seconds for the opening and for each key."""
    app.until_quiet()
    app.forget()
    paint = -app.send(b"o") + app.until(skus[0])
    pressed = []
    index = 0
    for step, key in steps:
        index = min(index + step, len(skus) - 1)
        app.until_quiet()
        app.forget()
        pressed.append(-app.send(key) + app.until(skus[index]))
    return paint, pressed


def memory(path: Path, products: int, *, looks: int = 6) -> list[Figure]:
    """What the app with its product list open holds more than a bare app."""
    with Watched(_APPS, "bare") as bare, stockshop(path) as app:
        bare.until(READY)
        app.until(_SHOP_NAME)
        app.until_quiet()
        app.forget()
        app.send(_F3)
        app.until("SKU-")
        for _ in range(looks):
            app.until_quiet(0.3)
            app.send(_PAGE_DOWN)
        app.until_quiet(0.3)
        held, least = app.memory_mb, bare.memory_mb
    if held is None or least is None:
        return [Figure("memory, products open", products, 0, 0, "MB", 0, "", "this system does not tell")]
    more = held - least
    return [Figure("memory, products open", products, held, least, "MB", more / 30, "<= 1",
                   f"{more:.1f} MB more than the bare app; at most 30")]  # fmt: skip
