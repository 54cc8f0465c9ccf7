"""Looking at stock: levels, what runs low, what happened today; the history of a number is beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stockshop import clock, text
from stockshop.errors import NotFound
from stockshop.language import tr
from stockshop.ledger import balances
from stockshop.ledger.balances import Balance
from stockshop.planning.reorder import ReorderRule, SupplierTerms, fires, suggested_milli
from stockshop.services.attention import Standing, rules_of, standing
from stockshop.services.finding import product_in, supplier_in
from stockshop.services.history import HistoryRow, history, history_in
from stockshop.services.locations import find_in, place_in
from stockshop.services.shop import Shop
from stockshop.storage.session import Row, Session

__all__ = [
    "ON_ORDER",
    "Attention",
    "DayTotals",
    "EntryRow",
    "HistoryRow",
    "LowRow",
    "StockRow",
    "attention",
    "day_totals",
    "history",
    "history_in",
    "latest_entries",
    "low",
    "stock_rows",
]


@dataclass(frozen=True, slots=True)
class StockRow:
    """A product (and lot) in a bin; quantities in thousandths of its unit."""

    product_id: int
    sku: str
    name: str
    unit: str
    bin: str
    lot: str
    expiry: str | None
    on_hand_milli: int
    allocated_milli: int
    """Its part of what is set aside: the first bins in walking order are picked first."""
    available_milli: int
    on_order_milli: int
    """Stands on a product's first row only, so that a column of rows can be added up."""
    value_e4: int
    """Its share of the product's value, in 1/10,000; the rows of a product add up exactly."""


_LEVEL_ROWS = (
    "SELECT p.id, p.sku, p.name, p.unit, b.code, t.code, t.expiry, l.quantity_milli, b.id, l.lot_id "
    "FROM level l JOIN product p ON p.id = l.product_id "
    "JOIN location b ON b.id = l.location_id AND b.kind = 'bin' JOIN lot t ON t.id = l.lot_id "
    "WHERE l.quantity_milli <> 0 {only} ORDER BY p.sort_name, p.id, b.walk_order, b.code, t.expiry, t.code"
)
_PROMISED = (
    "SELECT product_id, SUM(quantity_milli) FROM allocation WHERE released_at_us IS NULL GROUP BY product_id"
)
_LEVEL_ROWS_AT = (
    "SELECT p.id, p.sku, p.name, p.unit, b.code, t.code, t.expiry, v.held, b.id, v.lot_id FROM ("
    "SELECT product_id, location_id, lot_id, SUM(quantity_milli) AS held FROM ("
    "SELECT product_id, location_id, lot_id, quantity_milli FROM level WHERE TRUE {only} UNION ALL "
    "SELECT product_id, to_id, lot_id, -quantity_milli FROM movement WHERE occurred_at_us > ? {only} UNION "
    "ALL "
    "SELECT product_id, from_id, lot_id, quantity_milli FROM movement WHERE occurred_at_us > ? {only}) moved "
    "GROUP BY product_id, location_id, lot_id HAVING SUM(quantity_milli) <> 0) v "
    "JOIN product p ON p.id = v.product_id JOIN location b ON b.id = v.location_id AND b.kind = 'bin' "
    "JOIN lot t ON t.id = v.lot_id ORDER BY p.sort_name, p.id, b.walk_order, b.code, t.expiry, t.code"
)
_VALUES = "SELECT product_id, value_e4 FROM product_cost WHERE value_e4 <> 0"


def stock_rows(
    shop: Shop, code: str | None = None, *, bin_code: str | None = None, at_us: int | None = None
) -> list[StockRow]:
    """What lies where: of one product, of one bin (or zone, or site), or everything.

    With `at_us`, as it was at that instant; then nothing is known of what was promised, ordered or
    worth, and those are zero. A named product without stock answers one row without a bin. Raises
    NotFound for an unknown product or place.
    """
    with shop.store.reading(snapshot=True) as session:
        product_id = product_in(session, code).id if code is not None else None
        inside = _bins_inside(session, bin_code) if bin_code is not None else None
        rows = list(_levels(session, product_id, at_us, None if inside is None else sorted(inside)))
        stocked = _with_balances(session, rows) if at_us is None else [_bare(row) for row in rows]
        if product_id is not None and not rows and bin_code is None:
            stocked = [_empty(session, product_id, at_us is None)]
    shown = None if inside is None else set(inside.values())
    return [row for row in stocked if shown is None or row.bin in shown]


def _bins_inside(session: Session, wanted: str) -> dict[int, str]:
    """The bins in a place, code by id; a bin is in itself."""
    place = find_in(session, wanted)
    if place is None:
        raise NotFound(tr("There is no bin '{place}'.", place=text.printable(wanted)[:40]), field="bin")
    rows = session.rows("SELECT id, parent_id, kind, code FROM location WHERE kind <> 'virtual'")
    inside = {place.id}
    for _ in ("zones", "bins"):
        inside |= {row[0] for row in rows if row[1] in inside}
    return {row[0]: row[3] for row in rows if row[0] in inside and row[2] == "bin"}


def _levels(
    session: Session, product_id: int | None, at_us: int | None, bins: Sequence[int] | None
) -> Iterator[Row]:
    """Levels of one product or of all; of those that lie in some bins, their other bins too."""
    if at_us is None:
        params = list(bins or ()) if product_id is None else [product_id]
        only = "" if product_id is None else "AND l.product_id = ?"
        if product_id is None and bins is not None:
            only = (
                "AND l.product_id IN (SELECT i.product_id FROM level i "
                f"WHERE i.location_id IN ({', '.join('?' * len(params)) or 'NULL'}))"
            )
        yield from session.rows(_LEVEL_ROWS.format(only=only), params)
        return
    only = "" if product_id is None else "AND product_id = ?"
    params = [at_us, at_us] if product_id is None else [product_id, at_us, product_id, at_us, product_id]
    yield from session.rows(_LEVEL_ROWS_AT.format(only=only), params)


def _bare(row: Row) -> StockRow:
    held_milli = int(row[7])
    return StockRow(row[0], row[1], row[2], row[3], row[4], row[5], row[6], held_milli, 0, held_milli, 0, 0)


def _empty(session: Session, product_id: int, with_orders: bool) -> StockRow:
    row = session.row("SELECT id, sku, name, unit FROM product WHERE id = ?", (product_id,))
    assert row is not None
    known = balances.balance(session, product_id) if with_orders else Balance(0, 0, 0)
    return StockRow(
        row[0], row[1], row[2], row[3], "", "", None,
        0, known.allocated_milli, -known.allocated_milli, known.on_order_milli, 0,
    )  # fmt: skip


def _with_balances(session: Session, rows: list[Row]) -> list[StockRow]:
    promised: dict[int, int] = dict(session.rows(_PROMISED))
    ordered: dict[int, int] = dict(session.rows(ON_ORDER))
    values: dict[int, int] = {}
    ids = {row[0] for row in rows}
    if len(ids) == 1:
        values = dict(session.rows(_VALUES + " AND product_id = ?", [*ids]))
    elif ids:
        values = dict(session.rows(_VALUES))
    result: list[StockRow] = []
    start = 0
    while start < len(rows):
        end = start
        while end < len(rows) and rows[end][0] == rows[start][0]:
            end += 1
        result += _one_product(rows[start:end], promised, ordered, values)
        start = end
    return result


def _one_product(
    rows: list[Row], promised: dict[int, int], ordered: dict[int, int], values: dict[int, int]
) -> list[StockRow]:
    product_id: int = rows[0][0]
    quantities = [int(row[7]) for row in rows]
    shares = balances.apportion(values.get(product_id, 0), quantities)
    left = int(promised.get(product_id, 0))
    on_order = int(ordered.get(product_id, 0))
    result = []
    for number, (row, quantity, share) in enumerate(zip(rows, quantities, shares, strict=True)):
        last = number == len(rows) - 1
        part = left if last else min(left, max(quantity, 0))
        left -= part
        result.append(
            StockRow(
                product_id, row[1], row[2], row[3], row[4], row[5], row[6],
                quantity, part, quantity - part, on_order if number == 0 else 0, share,
            )
        )  # fmt: skip
    return result


ON_ORDER = (
    "SELECT product_id, SUM(open_milli) FROM ("
    "SELECT n.product_id, CASE WHEN n.quantity_milli > COALESCE(SUM(m.quantity_milli), 0) "
    "THEN n.quantity_milli - COALESCE(SUM(m.quantity_milli), 0) ELSE 0 END AS open_milli FROM order_line n "
    "JOIN shop_order o ON o.id = n.order_id AND o.kind = 'purchase' AND o.closed_at_us IS NULL "
    "LEFT JOIN fulfilment f ON f.order_line_id = n.id LEFT JOIN movement m ON m.id = f.movement_id "
    "GROUP BY n.id, n.product_id, n.quantity_milli) lines GROUP BY product_id"
)
"""(product, thousandths bought and not yet received) of every product on an open purchase order."""


@dataclass(frozen=True, slots=True)
class LowRow:
    """A product at or below its reorder point; quantities in thousandths of its unit."""

    product_id: int
    sku: str
    name: str
    unit: str
    site: str
    """Code of the site the rule is for; empty: the whole shop."""
    on_hand_milli: int
    available_milli: int
    on_order_milli: int
    projected_milli: int
    reorder_point_milli: int
    order_up_to_milli: int
    suggested_milli: int
    supplier: str
    supplier_code: str


_RULES = (
    "SELECT r.product_id, p.sku, p.name, p.unit, r.site_id, COALESCE(s.code, ''), r.reorder_point_milli, "
    "r.order_up_to_milli FROM (SELECT * FROM reorder_rule r WHERE TRUE {only}) r "
    "JOIN product p ON p.id = r.product_id AND p.archived_at_us IS NULL "
    "LEFT JOIN location s ON s.id = r.site_id ORDER BY p.sort_name, p.id, r.site_id"
)
_HELD_BY_SITE = (
    "SELECT l.product_id, z.parent_id, SUM(l.quantity_milli) FROM level l "
    "JOIN location b ON b.id = l.location_id AND b.kind = 'bin' JOIN location z ON z.id = b.parent_id "
    "WHERE l.product_id IN (SELECT r.product_id FROM reorder_rule r WHERE TRUE {only}) "
    "GROUP BY l.product_id, z.parent_id"
)
_TERMS = (
    "SELECT s.product_id, v.name, s.supplier_code, s.pack_milli, s.minimum_milli FROM product_supplier s "
    "JOIN supplier v ON v.id = s.supplier_id "
    "WHERE s.product_id IN (SELECT r.product_id FROM reorder_rule r WHERE TRUE {only}) "
    "ORDER BY s.product_id, s.unit_cost_e4 DESC, s.supplier_id DESC"
)


def low(
    shop: Shop,
    *,
    supplier: str | None = None,
    site: str | None = None,
    products: Sequence[int] | None = None,
) -> list[LowRow]:
    """Products whose projected stock is at or below the reorder point, the emptiest first.

    A rule for a site looks at that site's stock, and at orders of the whole shop. With `products`,
    only those (a few, by id) are looked at. Raises NotFound for an unknown site or supplier.
    """
    only, wanted = ("", []) if products is None else rules_of(products)
    if products is not None and not products:
        return []
    with shop.store.reading(snapshot=True) as session:
        if site is not None:
            site = place_in(session, site, "site").code
        if supplier is not None:
            supplier = supplier_in(session, supplier)
        rules = session.rows(_RULES.format(only=only), wanted)
        held: dict[tuple[int, int | None], int] = {}
        for product_id, site_id, quantity in session.rows(_HELD_BY_SITE.format(only=only), wanted):
            held[product_id, site_id] = int(quantity)
            held[product_id, None] = held.get((product_id, None), 0) + int(quantity)
        promised = {row[0]: int(row[1]) for row in session.rows(_PROMISED)}
        ordered = {row[0]: int(row[1]) for row in session.rows(ON_ORDER)}
        # The cheapest supplier stands last in the rows and so stays.
        terms = {row[0]: row[1:] for row in session.rows(_TERMS.format(only=only), wanted)}
    found = []
    for product_id, sku, name, unit, site_id, site_code, point, up_to in rules:
        on_hand = held.get((product_id, site_id), 0)
        available = on_hand - promised.get(product_id, 0)
        projected = available + ordered.get(product_id, 0)
        rule = ReorderRule(point, up_to)
        if not fires(rule, projected):
            continue
        vendor, vendor_code, pack, minimum = terms.get(product_id, ("", "", 1_000, 0))
        if (supplier is not None and vendor != supplier) or (site is not None and site_code != site):
            continue
        suggestion = suggested_milli(rule, projected, SupplierTerms(pack, minimum))
        found.append(
            LowRow(
                product_id, sku, name, unit, site_code, on_hand, available, ordered.get(product_id, 0),
                projected, point, up_to, suggestion, vendor, vendor_code,
            )
        )  # fmt: skip
    return sorted(found, key=lambda row: (row.projected_milli - row.reorder_point_milli, row.name))


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry as the "just now" list shows it."""

    entry_id: int
    kind: str
    occurred_at_us: int
    recorded_at_us: int
    actor: str
    first_name: str
    first_quantity_milli: int
    """What was moved; of a correction or a count, what it changed on hand."""
    lines: int
    first_unit: str = "each"


def latest_entries(shop: Shop, limit: int = 20) -> list[EntryRow]:
    """The newest entries, with their first line."""
    with shop.store.reading() as session:
        rows = session.rows(
            "SELECT e.id, e.kind, e.occurred_at_us, e.recorded_at_us, e.actor, p.name, "
            "CASE WHEN e.kind IN ('adjust', 'count') AND t.kind <> 'bin' "
            "THEN -m.quantity_milli ELSE m.quantity_milli END, "
            "(SELECT COUNT(*) FROM movement c WHERE c.entry_id = e.id AND c.quantity_milli > 0), p.unit "
            "FROM entry e JOIN movement m ON m.entry_id = e.id AND m.line = 1 "
            "JOIN product p ON p.id = m.product_id JOIN location t ON t.id = m.to_id "
            "ORDER BY e.id DESC LIMIT ?",
            (limit,),
        )
    return [EntryRow(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Attention:
    """What needs a person, in numbers."""

    low: int
    below_zero: int
    """Bins below zero now: each asks for a count."""
    unknown_scans: int


def attention(shop: Shop, *, known: Standing | None = None) -> Attention:
    """What the home screen warns of; `known` where `standing` has been asked already."""
    found = known or standing(shop)
    with shop.store.reading() as session:
        unknown = session.value("SELECT COUNT(DISTINCT code) FROM unknown_scan WHERE resolved_at_us IS NULL")
    return Attention(found.low, found.below_zero, int(unknown))


@dataclass(frozen=True, slots=True)
class DayTotals:
    """What the till did on one day."""

    sold_entries: int
    sold_minor: int
    """Sales at their prices less returns, in minor units; lines without a price count as nothing."""
    received_entries: int


def day_totals(shop: Shop) -> DayTotals:
    """Today, by the shop's own midnight; entries that were undone are left out."""
    zone = shop.zone
    start_us = clock.day_start_us(clock.today(zone), zone)
    with shop.store.reading() as session:
        entries = session.rows(
            "SELECT e.id, e.kind FROM entry e WHERE e.occurred_at_us >= ? AND e.kind IN ('sell', 'return', "
            "'receive') "
            "AND NOT EXISTS (SELECT 1 FROM entry r WHERE r.reverses_id = e.id)",
            (start_us,),
        )
        takings = session.value(
            "SELECT COALESCE(SUM(CASE WHEN e.kind = 'sell' THEN m.quantity_milli * m.price_minor "
            "ELSE -m.quantity_milli * m.price_minor END), 0) FROM entry e JOIN movement m ON m.entry_id = "
            "e.id "
            "WHERE e.occurred_at_us >= ? AND e.kind IN ('sell', 'return') AND m.price_minor IS NOT NULL "
            "AND NOT EXISTS (SELECT 1 FROM entry r WHERE r.reverses_id = e.id)",
            (start_us,),
        )
    kinds = [kind for _, kind in entries]
    return DayTotals(kinds.count("sell"), round(int(takings) / 1_000), kinds.count("receive"))
