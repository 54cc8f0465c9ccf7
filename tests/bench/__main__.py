"""The table of DESIGN 8: run with `python -m tests.bench`, `--json` for machines."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from tests.bench import finding, importing, key_to_paint, labels, posting, screens, shops
from tests.bench.figures import Figure

SMALL = 1_000
PARTS = ("posting", "finding", "importing", "labels", "screens")
ASKED_FOR = ("keys",)
"""Measured only when named: it takes minutes, and needs ten movements of each product."""


def figures(
    sizes: list[int], rounds: int, parts: list[str], folder: Path, *, brief: bool = False
) -> Iterator[Figure]:
    """Every figure, as it is measured; `brief` takes too few of each to judge by."""
    if {"posting", "finding", "screens", "keys"} & set(parts):
        with _small_shop(folder) as small:
            for size in sizes:
                yield from _on_a_shop(folder, size, rounds, parts, small, brief)
    if "importing" in parts:
        for rows in sorted({min(size, 100_000) for size in sizes}):
            yield from importing.measure(folder, rows, max(1, rounds if rows <= 1_000 else rounds // 2))
    if "labels" in parts:
        yield from labels.measure(folder, 100 if brief else 10_000, rounds)


@contextmanager
def _small_shop(folder: Path) -> Iterator[Path]:
    """The shop of 1,000 that larger lists are measured against."""
    inside = folder / "small"
    inside.mkdir()
    shop = shops.make_shop(inside, SMALL, movements=SMALL * 10)
    shop.close()
    yield inside / f"{SMALL}.shop"


def _on_a_shop(
    folder: Path, size: int, rounds: int, parts: list[str], small: Path, brief: bool
) -> Iterator[Figure]:
    print(f"making a shop of {size:,} products …", file=sys.stderr)
    many = size * 10 if size < SMALL * 100 or "keys" in parts else 1_000_000
    shop = shops.make_shop(folder, size, movements=many)
    path = shop.store.path
    assert path is not None
    if "finding" in parts:
        yield from finding.measure(shop, size, rounds)
    if "screens" in parts:
        yield from screens.measure(shop, size, rounds, small, brief=brief)
    if "posting" in parts:
        yield from posting.measure(shop, size, rounds, folder, **({"many": 20} if brief else {}))
    shop.close()
    if "keys" in parts:
        yield from key_to_paint.measure(path, size, folder, brief=brief)
    path.unlink()


def main(words: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="+", choices=PARTS + ASKED_FOR, default=list(PARTS))
    parser.add_argument("--json", action="store_true", help="one list of objects, for machines")
    parser.add_argument("--brief", action="store_true", help="a few of each, only to see that it runs")
    options = parser.parse_args(words)
    found = []
    if not options.json:
        print(f"{'what':30} {'products':>9} {'ours':>12} {'theirs':>12} {'':10} {'ratio':>7}  target")
    with tempfile.TemporaryDirectory(prefix="stockshop-bench-") as folder:
        for figure in figures(options.sizes, options.rounds, options.only, Path(folder), brief=options.brief):
            found.append(figure)
            if not options.json:
                print(line(figure), flush=True)
    if options.json:
        print(json.dumps([{**asdict(figure), "met": figure.is_met} for figure in found], indent=1))
    return 0


def line(figure: Figure) -> str:
    """A figure as a line of the table."""
    mark = {True: "met", False: "MISSED", None: ""}[figure.is_met]
    size = f"{figure.size:,}" if figure.size else ""
    return (
        f"{figure.what:30} {size:>9} {figure.ours:>12,.2f} {figure.theirs:>12,.2f} {figure.unit:10} "
        f"{figure.ratio:>7.2f}  {figure.target:8} {mark:7} {figure.note}"
    ).rstrip()


if __name__ == "__main__":
    raise SystemExit(main())
