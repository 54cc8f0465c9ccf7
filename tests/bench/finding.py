"""Search as you type, and reading a scan, against the raw queries."""

from __future__ import annotations

import random

from stockshop.services.scanning import read_scan
from stockshop.services.shop import Shop
from stockshop.storage import search
from tests.bench.figures import Figure, percentile, seconds
from tests.bench.shops import code

_SEARCHES = (
    "ham",
    "bol",
    "steel",
    "garden hos",
    "brass val",
    "lamp",
    "candle",
    "zinc scr",
    "bolt 40",
    "pain",
)
_LOOPS = 20
_WORST_SEARCH_MS = 5.0
_RAW_FTS = "SELECT rowid FROM product_search WHERE product_search MATCH ? ORDER BY rowid LIMIT ?"
_RAW_CODE = (
    "SELECT p.id, p.name, p.price_minor FROM barcode b JOIN product p ON p.id = b.product_id "
    "WHERE b.lookup_key = ?"
)


def measure(shop: Shop, products: int, rounds: int) -> list[Figure]:
    """Search and scan, on a shop with so many products."""
    with shop.store.reading() as session:

        def find() -> list[float]:
            return [seconds(lambda word=word: search.find(session, word, 50)) for word in _SEARCHES]  # type: ignore[misc]

        def raw() -> list[float]:
            texts = [
                " AND ".join(f'"{part}"' for part in word.split() if len(part) > 2) for word in _SEARCHES
            ]
            return [seconds(lambda text=text: session.rows(_RAW_FTS, (text, 50))) for text in texts]  # type: ignore[misc]

        find(), raw()
        ours: list[float] = []
        theirs: list[float] = []
        for _ in range(rounds * _LOOPS // 4):
            ours += find()
            theirs += raw()
    half = percentile(ours, 0.5), percentile(theirs, 0.5)
    worst, raw_worst = percentile(ours, 0.99), percentile(theirs, 0.99)
    dice = random.Random(7)
    picked = [code(dice.randint(1, products)) for _ in range(200)]
    scans: list[float] = []
    lookups: list[float] = []
    with shop.store.reading() as session:
        for _ in range(rounds):
            for each in picked:
                scans.append(seconds(lambda each=each: read_scan(shop, each)))  # type: ignore[misc]
                lookups.append(seconds(lambda each=each: session.rows(_RAW_CODE, ("0" + each,))))  # type: ignore[misc]
    scan, lookup = percentile(scans, 0.5), percentile(lookups, 0.5)
    return [
        Figure("search as you type", products, half[0] * 1e3, half[1] * 1e3, "ms", half[0] / half[1],
               "<= 1.5", "against the same query on the index, raw"),
        Figure("search as you type, p99", products, worst * 1e3, _WORST_SEARCH_MS, "ms",
               worst * 1e3 / _WORST_SEARCH_MS, "<= 1", f"against 5 ms; raw p99 {raw_worst * 1e3:.2f} ms"),
        Figure("reading a scan (no screen)", products, scan * 1e3, lookup * 1e3, "ms", scan / lookup, "",
               f"p99 {percentile(scans, 0.99) * 1e3:.2f} ms"),
    ]  # fmt: skip
