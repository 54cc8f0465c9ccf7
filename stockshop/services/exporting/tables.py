"""The rows of our own files, out of the shop."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from stockshop import clock, money
from stockshop.errors import InvalidInput
from stockshop.language import tr
from stockshop.quantity import from_milli
from stockshop.services.exporting.codes import format_barcodes
from stockshop.services.exporting.columns import MOVEMENTS, PRODUCTS, STOCK, Column
from stockshop.services.exporting.files import Cell, write_table
from stockshop.services.reports import stock_rows
from stockshop.services.shop import Shop
from stockshop.storage.session import Row, Session

WHAT = ("products", "stock", "movements")
FORMATS = ("csv", "json", "xlsx")

_PRODUCTS = (
    "SELECT p.id, p.sku, p.name, p.label_name, c.name, p.unit, p.price_minor, p.price_includes_tax, "
    "p.tax_rate_milli, p.net_content_milli, p.net_content_unit, p.weight_g, p.length_mm, p.width_mm, "
    "p.height_mm, p.tracking, b.code, p.notes, p.archived_at_us "
    "FROM product p LEFT JOIN category c ON c.id = p.category_id "
    "LEFT JOIN location b ON b.id = p.preferred_bin_id WHERE p.merged_into_id IS NULL "
    "AND p.id > ? ORDER BY p.id LIMIT ?"
)
_BARCODES = (
    "SELECT product_id, code, quantity_milli FROM barcode WHERE product_id > ? AND product_id <= ? ORDER BY "
    "id"
)
_RULES = (
    "SELECT product_id, reorder_point_milli, order_up_to_milli FROM reorder_rule "
    "WHERE site_id IS NULL AND product_id > ? AND product_id <= ?"
)
_SUPPLIERS = (
    "SELECT s.product_id, v.name, s.supplier_code, s.pack_milli, s.minimum_milli FROM product_supplier s "
    "JOIN supplier v ON v.id = s.supplier_id WHERE s.product_id > ? AND s.product_id <= ? "
    "ORDER BY s.product_id, s.unit_cost_e4 DESC, s.supplier_id DESC"
)
_MOVED = (
    "SELECT e.client_id, m.line, m.occurred_at_us, e.recorded_at_us, e.kind, p.sku, p.name, t.code, "
    "m.quantity_milli, f.code, g.code, m.value_e4, m.price_minor, e.reference, e.note, e.actor, r.client_id, "
    "m.id "
    "FROM movement m JOIN entry e ON e.id = m.entry_id JOIN product p ON p.id = m.product_id "
    "JOIN lot t ON t.id = m.lot_id JOIN location f ON f.id = m.from_id JOIN location g ON g.id = m.to_id "
    "LEFT JOIN entry r ON r.id = e.reverses_id "
)
_MOVEMENTS = _MOVED + "WHERE m.id > ? ORDER BY m.id LIMIT ?"
_PAGE = 2_000
_CHOSEN_AT_ONCE = 500


def export(
    shop: Shop,
    what: str,
    file_format: str,
    out: Path | str,
    *,
    on_progress: Callable[[int], None] | None = None,
) -> int:
    """Write products, stock or movements to a file, and answer how many rows it has.

    What it writes reads back through import exactly. Raises InvalidInput, and what
    `exporting.files.write_table` raises.
    """
    if what not in WHAT:
        raise InvalidInput(tr("Export one of: {choices}.", choices=", ".join(WHAT)), field="what")
    if file_format not in FORMATS:
        raise InvalidInput(tr("The format is one of: {choices}.", choices=", ".join(FORMATS)), field="format")
    columns: tuple[Column, ...] = {"products": PRODUCTS, "stock": STOCK, "movements": MOVEMENTS}[what]
    with shop.store.reading(snapshot=True) as session:
        rows = {"products": product_rows, "stock": opening_rows, "movements": movement_rows}[what](
            shop, session
        )
        return write_table(out, columns, rows, file_format=file_format, progress=on_progress)


def _quantity(quantity_milli: int | None) -> Decimal | None:
    return None if quantity_milli is None else from_milli(quantity_milli)


def product_rows(shop: Shop, session: Session) -> Iterator[tuple[Cell, ...]]:
    """Every product that was not merged into another, in the columns of PRODUCTS."""
    after = 0
    while page := session.rows(_PRODUCTS, (after, _PAGE)):
        last = page[-1][0]
        codes: dict[int, list[tuple[str, int]]] = {}
        for product_id, code, quantity_milli in session.rows(_BARCODES, (after, last)):
            codes.setdefault(product_id, []).append((code, quantity_milli))
        rules = {row[0]: row[1:] for row in session.rows(_RULES, (after, last))}
        # The cheapest supplier stands last in the rows and so stays.
        terms = {row[0]: row[1:] for row in session.rows(_SUPPLIERS, (after, last))}
        for row in page:
            point, up_to = rules.get(row[0], (None, None))
            supplier, supplier_code, pack, minimum = terms.get(row[0], (None, None, None, None))
            yield (
                row[1], row[2], row[3], row[4], row[5],
                None if row[6] is None else money.from_minor(row[6], shop.currency),
                None if row[7] is None else bool(row[7]),
                _quantity(row[8]), _quantity(row[9]), row[10],
                format_barcodes(codes.get(row[0], ())),
                row[11], row[12], row[13], row[14], row[15], row[16],
                _quantity(point), _quantity(up_to), supplier, supplier_code, _quantity(pack),
                _quantity(minimum), row[17], row[18] is not None,
            )  # fmt: skip
        after = last


def opening_rows(shop: Shop, session: Session) -> Iterator[tuple[Cell, ...]]:
    """What lies where, in the columns of STOCK, with what a unit of it is worth."""
    barcodes: dict[int, str] = {}
    for product_id, code in session.rows(
        "SELECT product_id, code FROM barcode WHERE quantity_milli = 1000 ORDER BY id DESC"
    ):
        barcodes[product_id] = code
    costs: dict[int, int] = {}
    for product_id, quantity_milli, value_e4 in session.rows(
        "SELECT product_id, quantity_milli, value_e4 FROM product_cost WHERE quantity_milli > 0"
    ):
        costs[product_id] = (2 * value_e4 * 1_000 + quantity_milli) // (2 * quantity_milli)
    for row in stock_rows(shop):
        cost = costs.get(row.product_id)
        yield (
            row.sku, barcodes.get(row.product_id), row.name, row.bin, row.lot, row.expiry,
            from_milli(row.on_hand_milli), None if cost is None else money.from_e4(cost),
        )  # fmt: skip


def movement_rows(shop: Shop, session: Session) -> Iterator[tuple[Cell, ...]]:
    """The whole ledger, in the order in which it was recorded, in the columns of MOVEMENTS."""
    after = 0
    while page := session.rows(_MOVEMENTS, (after, _PAGE)):
        yield from _movement_cells(shop, page)
        after = page[-1][17]


def chosen_movement_rows(shop: Shop, session: Session, ids: Sequence[int]) -> Iterator[tuple[Cell, ...]]:
    """Movements by their numbers, in the order in which they were recorded, in the columns of MOVEMENTS."""
    for start in range(0, len(ids), _CHOSEN_AT_ONCE):
        part = ids[start : start + _CHOSEN_AT_ONCE]
        marks = ", ".join("?" * len(part))
        yield from _movement_cells(
            shop, session.rows(f"{_MOVED}WHERE m.id IN ({marks}) ORDER BY m.id", [*part])
        )


def _movement_cells(shop: Shop, page: Sequence[Row]) -> Iterator[tuple[Cell, ...]]:
    zone = shop.zone
    for row in page:
        yield (
            row[0], row[1], clock.iso(row[2], zone), clock.iso(row[3], zone), row[4], row[5], row[6],
            row[7],
            from_milli(row[8]), row[9].lstrip("~"), row[10].lstrip("~"), money.from_e4(row[11]),
            None if row[12] is None else money.from_minor(row[12], shop.currency),
            row[13], row[14], row[15], row[16],
        )  # fmt: skip
