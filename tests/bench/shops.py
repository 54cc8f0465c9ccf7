"""Large shops, made quickly: the rows are written as the services would have left them."""

from __future__ import annotations

import random
from pathlib import Path

from stockshop.barcodes import check_digit
from stockshop.services.catalogue import naming
from stockshop.services.shop import Shop, ShopSettings, create_shop, open_shop
from stockshop.storage.models.locations import CUSTOMER, SUPPLIER
from stockshop.storage.session import Session

_NOUN_TEXT = (
    "bolt nut washer screw hinge bracket hook chain rope tape brush roller paint glue lamp bulb cable plug "
    "switch fuse kettle pan bowl spoon knife cup plate towel soap sponge bucket broom seed pot soil rake "
    "spade hose valve tap pipe elbow filter candle match lighter pen pencil paper folder stapler toy puzzle"
)
_WORD_TEXT = (
    "steel zinc brass copper oak pine cotton linen white black red green blue small large long short heavy "
    "light round square flat deep soft hard plain fine coarse double single classic garden kitchen"
)
_NOUNS, _WORDS = _NOUN_TEXT.split(), _WORD_TEXT.split()
START_US = 1_700_000_000_000_000
RULES_IN = 10
"""One product in so many has a reorder rule; of a hundred rules one is reached."""


def code(number: int) -> str:
    """The EAN-13 of product `number` (from 1)."""
    digits = f"40{number:010d}"
    return digits + str(check_digit(digits))


def name(number: int, dice: random.Random) -> str:
    """A believable name, never twice the same."""
    return f"{dice.choice(_WORDS)} {dice.choice(_WORDS)} {dice.choice(_NOUNS)} {number} mm".capitalize()


def make_shop(folder: Path, products: int, movements: int = 0) -> Shop:
    """A shop with so many products and movements in the folder, complete with levels and costs."""
    path = folder / f"{products}.shop"
    shop = create_shop(path, "bench", ShopSettings("Bench", "EUR", "en_IE"))
    with shop.store.reading() as session:
        # Only for the making: every row refers to what this module has written itself.
        session.run("PRAGMA foreign_keys = 0")
        session.run("PRAGMA cache_size = -400000")
    shop.store.writing(lambda session: _fill(session, products, movements))
    with shop.store.reading() as session:
        session.run("ANALYZE")
        session.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    shop.close()
    return open_shop(path)


_LATER = (
    "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND (type = 'index' "
    "AND tbl_name IN ('product', 'barcode', 'movement', 'price') OR name = 'product_search_insert')"
)


def _fill(session: Session, products: int, movements: int) -> None:
    """Rows first, indexes after them: a third of the time."""
    later = session.rows(_LATER)
    for kind, name_, _ in later:
        session.run(f"DROP {kind} {name_}")
    _goods(session, products, movements)
    for _, _, sql in later:
        session.run(sql)
    session.run("INSERT INTO product_search (product_search) VALUES ('rebuild')")


def _goods(session: Session, products: int, movements: int) -> None:
    dice = random.Random(products)
    bins = [row[0] for row in session.rows("SELECT id FROM location WHERE kind = 'bin' ORDER BY id")]

    def rows() -> object:
        for number in range(1, products + 1):
            title, sku = name(number, dice), f"SKU-{number:07d}"
            found = naming.search_text(title, "", sku, [code(number), "0" + code(number)])
            yield (
                number, sku, naming.sku_fold(sku), title, naming.sort_name(title), found,
                100 + number % 9_000, bins[number % len(bins)],
            )  # fmt: skip

    session.many(
        "INSERT INTO product (id, sku, sku_fold, name, label_name, sort_name, search_text, unit, "
        "price_minor, "
        "tracking, notes, preferred_bin_id, created_at_us, updated_at_us) "
        "SELECT ?, ?, ?, ?, '', ?, ?, 'each', ?, 'none', '', ?, 0, 0",
        rows(),  # type: ignore[arg-type]
    )
    session.many(
        "INSERT INTO barcode (product_id, code, lookup_key, quantity_milli, kind) VALUES (?, ?, ?, 1000, "
        "'gtin')",
        ((number, code(number), "0" + code(number)) for number in range(1, products + 1)),
    )
    session.run(
        "INSERT INTO price (product_id, price_minor, valid_from_us, actor, reason) "
        "SELECT id, price_minor, created_at_us, 'bench', '' FROM product ORDER BY id"
    )
    session.many(
        "INSERT INTO reorder_rule (product_id, reorder_point_milli, order_up_to_milli) VALUES (?, ?, "
        "1000000)",
        ((number, 500_000 if number % 100 == 0 else 5_000) for number in range(1, products // RULES_IN + 1)),
    )
    if movements:
        _trade(session, products, movements, bins)


def _trade(session: Session, products: int, movements: int, bins: list[int]) -> None:
    """Receipts of 100, then sales of 1, a hundred lines to an entry."""
    entries = -(-movements // 100)
    session.many(
        "INSERT INTO entry (id, client_id, kind, occurred_at_us, recorded_at_us, actor, reference, note, "
        "content_hash) VALUES (?, ?, ?, ?, ?, 'bench', '', '', '')",
        (
            (
                number, f"e{number}", "receive" if number * 100 <= movements // 2 else "sell",
                START_US + number, START_US + number,
            )
            for number in range(1, entries + 1)
        ),
    )  # fmt: skip

    def lines() -> object:
        for number in range(movements):
            entry = number // 100 + 1
            receives = entry * 100 <= movements // 2
            # What is sold has come in before.
            product = number % min(products, movements // 2) + 1
            place = bins[product % len(bins)]
            yield (
                entry, number % 100 + 1, product, SUPPLIER if receives else place,
                place if receives else CUSTOMER, 100_000 if receives else 1_000,
                1_000_000 if receives else 10_000, START_US + entry,
            )  # fmt: skip

    session.many(
        "INSERT INTO movement (entry_id, line, product_id, lot_id, from_id, to_id, quantity_milli, value_e4, "
        "occurred_at_us) VALUES (?, ?, ?, 0, ?, ?, ?, ?, ?)",
        lines(),  # type: ignore[arg-type]
    )
    session.run(
        "INSERT INTO level (product_id, location_id, lot_id, quantity_milli) SELECT product_id, place, 0, "
        "SUM(q) FROM ("
        "SELECT product_id, to_id AS place, quantity_milli AS q FROM movement UNION ALL "
        "SELECT product_id, from_id, -quantity_milli FROM movement) moved GROUP BY product_id, place"
    )
    session.run(
        "INSERT INTO product_cost (product_id, quantity_milli, value_e4, last_cost_e4) "
        "SELECT l.product_id, SUM(l.quantity_milli), SUM(l.quantity_milli) * 10, 10000 FROM level l "
        "JOIN location b ON b.id = l.location_id AND b.kind = 'bin' GROUP BY l.product_id"
    )
    session.run(
        "UPDATE ledger_head SET entry_sequence = ?, recorded_at_us = ? WHERE id = 1",
        (entries, START_US + entries),
    )
