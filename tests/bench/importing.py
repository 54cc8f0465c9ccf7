"""Importing a catalogue against raw executemany of the same rows into the same tables."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import apsw

from stockshop.services.importing.storing_products import import_products
from stockshop.services.shop import ShopSettings, create_shop
from stockshop.storage.sqlite import PRAGMAS
from tests.bench.figures import Figure, seconds
from tests.bench.shops import code, name

_TABLES = ("product", "barcode", "price")


def measure(folder: Path, rows: int, rounds: int) -> list[Figure]:
    """The rate of `rows` new products, checked, cleaned and indexed."""
    dice = random.Random(1)
    source = folder / "catalogue.csv"
    with source.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["sku", "name", "category", "price", "barcodes"])
        for number in range(1, rows + 1):
            price = f"{number % 900}.{number % 100:02d}"
            writer.writerow(
                [f"SKU-{number}", name(number, dice), f"Category {number % 40}", price, code(number)]
            )
    ours: list[float] = []
    theirs: list[float] = []
    for number in range(rounds):
        path = folder / f"import-{number}.shop"
        shop = create_shop(path, "bench", ShopSettings("Bench", "EUR", "en_IE"))
        ours.append(seconds(lambda shop=shop: import_products(shop, "bench", source)))  # type: ignore[misc]
        with shop.store.reading() as session:
            data = {table: session.rows(f"SELECT * FROM {table}") for table in _TABLES}
            categories = session.rows("SELECT * FROM category")
        assert len(data["product"]) == rows
        shop.close()
        empty = folder / f"raw-{number}.shop"
        create_shop(empty, "bench", ShopSettings("Bench", "EUR", "en_IE")).close()
        raw = apsw.Connection(str(empty))
        for pragma, value in PRAGMAS:
            raw.execute(f"PRAGMA {pragma} = {value}").fetchall()
        raw.executemany("INSERT INTO category VALUES (?, ?)", categories)

        def insert(raw: apsw.Connection = raw, data: dict[str, list[tuple[object, ...]]] = data) -> None:
            raw.execute("BEGIN IMMEDIATE").fetchall()
            for table in _TABLES:
                marks = ", ".join("?" * len(data[table][0]))
                raw.executemany(f"INSERT INTO {table} VALUES ({marks})", data[table])
            raw.execute("COMMIT").fetchall()

        theirs.append(seconds(insert))
        raw.close()
        path.unlink()
        empty.unlink()
    mine, least = rows / sorted(ours)[len(ours) // 2], rows / sorted(theirs)[len(theirs) // 2]
    return [Figure("import of products", rows, mine, least, "rows/s", mine / least, ">= 0.25", "")]
