"""The table of DESIGN 8: run with `python -m tests.bench`, `--json` for machines."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from tests.bench import finding, importing, labels, posting, shops
from tests.bench.figures import Figure

PARTS = ("posting", "finding", "importing", "labels", "screens")


def figures(sizes: list[int], rounds: int, parts: list[str], folder: Path) -> Iterator[Figure]:
    """Every figure, as it is measured."""
    if {"posting", "finding", "screens"} & set(parts):
        for size in sizes:
            print(f"making a shop of {size:,} products …", file=sys.stderr)
            shop = shops.make_shop(folder, size, movements=min(size * 10, 1_000_000))
            path = shop.store.path
            assert path is not None
            if "finding" in parts:
                yield from finding.measure(shop, size, rounds)
            if "posting" in parts:
                yield from posting.measure(shop, size, rounds, folder)
            shop.close()
            path.unlink()
    if "importing" in parts:
        for rows in sorted({min(size, 100_000) for size in sizes}):
            yield from importing.measure(folder, rows, max(1, rounds if rows <= 1_000 else rounds // 2))
    if "labels" in parts:
        yield from labels.measure(folder, 10_000, rounds)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--json", action="store_true", help="one list of objects, for machines")
    options = parser.parse_args()
    found = []
    if not options.json:
        print(f"{'what':30} {'products':>9} {'ours':>12} {'theirs':>12} {'':10} {'ratio':>7}  target")
    with tempfile.TemporaryDirectory(prefix="stockshop-bench-") as folder:
        for figure in figures(options.sizes, options.rounds, options.only, Path(folder)):
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
