"""What the counter shows: one product, one bin, or what needs somebody, each in one quick look.

These reads stand between a scan and the paint that answers it, so each asks only for what one
product or one bin needs, with statements that are indexed by it.
"""

from __future__ import annotations

from dataclasses import dataclass

from stockshop import clock
from stockshop.errors import NotFound
from stockshop.language import tr
from stockshop.ledger import balances
from stockshop.quantity import UNITS
from stockshop.services import expected, reports
from stockshop.services.attention import Standing, standing
from stockshop.services.expected import Expected
from stockshop.services.reports import Attention, DayTotals, EntryRow, HistoryRow, LowRow
from stockshop.services.shop import Shop
from stockshop.storage.models.locations import CUSTOMER

WEEKS = 12
"""How many weeks of sales the small chart shows."""
_WEEK_US = 7 * clock.DAY_US


@dataclass(frozen=True, slots=True)
class CardLevel:
    """What lies in one bin, by lot; thousandths of the product's unit."""

    bin: str
    bin_name: str
    lot: str
    expiry: str | None
    quantity_milli: int
    preferred: bool


@dataclass(frozen=True, slots=True)
class ProductCard:
    """A product as somebody at the counter wants to see it; quantities in thousandths of its unit."""

    product_id: int
    sku: str
    name: str
    category: str
    unit: str
    tracking: str
    price_minor: int | None
    barcode: str
    """The code of one piece, else any; empty without one."""
    barcodes: int
    preferred_bin: str
    archived: bool
    on_hand_milli: int
    allocated_milli: int
    on_order_milli: int
    reorder_point_milli: int | None
    order_up_to_milli: int | None
    last_cost_e4: int | None
    """Of one unit, in 1/10,000; None for what has never come in."""
    levels: tuple[CardLevel, ...]
    """In walking order."""

    @property
    def available_milli(self) -> int:
        """On hand less what is promised."""
        return self.on_hand_milli - self.allocated_milli

    @property
    def projected_milli(self) -> int:
        """Available plus what is on order."""
        return self.available_milli + self.on_order_milli

    @property
    def is_low(self) -> bool:
        """Whether it is at or below its reorder point."""
        return self.reorder_point_milli is not None and self.projected_milli <= self.reorder_point_milli


_CARD = (
    "SELECT p.id, p.sku, p.name, COALESCE(c.name, ''), p.unit, p.tracking, p.price_minor, "
    "COALESCE(b.code, ''), p.archived_at_us, r.reorder_point_milli, r.order_up_to_milli, k.last_cost_e4, "
    "p.preferred_bin_id FROM product p LEFT JOIN category c ON c.id = p.category_id "
    "LEFT JOIN location b ON b.id = p.preferred_bin_id "
    "LEFT JOIN reorder_rule r ON r.product_id = p.id AND r.site_id IS NULL "
    "LEFT JOIN product_cost k ON k.product_id = p.id WHERE p.id = ?"
)
_CODES = (
    "SELECT code FROM barcode WHERE product_id = ? ORDER BY CASE WHEN quantity_milli = 1000 THEN 0 ELSE 1 "
    "END, CASE kind WHEN 'gtin' THEN 0 WHEN 'in-store' THEN 1 ELSE 2 END, id"
)
_LEVELS = (
    "SELECT b.code, b.name, t.code, t.expiry, l.quantity_milli, l.location_id FROM level l "
    "JOIN location b ON b.id = l.location_id AND b.kind = 'bin' JOIN lot t ON t.id = l.lot_id "
    "WHERE l.product_id = ? AND l.quantity_milli <> 0 "
    "ORDER BY b.walk_order, b.code, COALESCE(t.expiry, '9999-12-31'), t.code"
)


def product_card(shop: Shop, product_id: int) -> ProductCard:
    """The product with its levels. Raises NotFound."""
    with shop.store.reading(snapshot=True) as session:
        row = session.row(_CARD, (product_id,))
        if row is None:
            raise NotFound(tr("There is no such product."), field="product")
        codes = session.rows(_CODES, (product_id,))
        balance = balances.balance(session, product_id)
        levels = tuple(
            CardLevel(level[0], level[1], level[2], level[3], level[4], preferred=level[5] == row[12])
            for level in session.rows(_LEVELS, (product_id,))
        )
    return ProductCard(
        product_id=row[0], sku=row[1], name=row[2], category=row[3], unit=row[4], tracking=row[5],
        price_minor=row[6], barcode=codes[0][0] if codes else "", barcodes=len(codes),
        preferred_bin=row[7], archived=row[8] is not None, on_hand_milli=balance.on_hand_milli,
        allocated_milli=balance.allocated_milli, on_order_milli=balance.on_order_milli,
        reorder_point_milli=row[9], order_up_to_milli=row[10], last_cost_e4=row[11], levels=levels,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProductPast:
    """What has lately become of a product."""

    product_id: int
    movements: tuple[HistoryRow, ...]
    """The newest first."""
    sold_by_week_milli: tuple[int, ...]
    """Thousandths sold less brought back in each of the last WEEKS weeks, the oldest first."""
    sold_today_milli: int
    last_counted_us: int | None


# By both ends, so that a reversal takes back what it reverses.
_SOLD = (
    "SELECT occurred_at_us, CASE WHEN to_id = ? THEN quantity_milli ELSE -quantity_milli END FROM movement "
    "WHERE product_id = ? AND occurred_at_us >= ? AND (to_id = ? OR from_id = ?)"
)
# A count that was undone is no count.
_COUNTED = (
    "SELECT MAX(c.observed_at_us) FROM count_line c WHERE c.product_id = ? "
    "AND NOT EXISTS (SELECT 1 FROM entry r WHERE r.reverses_id = c.entry_id)"
)


def product_past(shop: Shop, product_id: int, limit: int = 8) -> ProductPast:
    """The last movements and WEEKS weeks of sales. Raises nothing for a product without any."""
    now_us = clock.now_us()
    start_us = now_us - WEEKS * _WEEK_US
    midnight_us = clock.day_start_us(clock.today(shop.zone), shop.zone)
    with shop.store.reading(snapshot=True) as session:
        movements = reports.history_in(session, product_id, limit)
        sold = session.rows(_SOLD, (CUSTOMER, product_id, min(start_us, midnight_us), CUSTOMER, CUSTOMER))
        counted_us = session.value(_COUNTED, (product_id,))
    weeks = [0] * WEEKS
    today_milli = 0
    for occurred_at_us, quantity_milli in sold:
        week = min((occurred_at_us - start_us) // _WEEK_US, WEEKS - 1)
        if week >= 0:
            weeks[week] += quantity_milli
        if occurred_at_us >= midnight_us:
            today_milli += quantity_milli
    return ProductPast(product_id, tuple(movements), tuple(weeks), today_milli, counted_us)


@dataclass(frozen=True, slots=True)
class BinLine:
    """A product (and lot) in a bin; thousandths of its unit."""

    product_id: int
    sku: str
    name: str
    unit: str
    lot: str
    expiry: str | None
    quantity_milli: int


@dataclass(frozen=True, slots=True)
class BinCard:
    """A bin and what lies in it."""

    code: str
    name: str
    zone: str
    lines: tuple[BinLine, ...]
    total_lines: int
    """All lines, those beyond the limit too."""


_BIN = (
    "SELECT b.code, b.name, z.name, b.id FROM location b LEFT JOIN location z ON z.id = b.parent_id "
    "WHERE b.id = ?"
)
_IN_BIN = (
    "SELECT p.id, p.sku, p.name, p.unit, t.code, t.expiry, l.quantity_milli FROM level l "
    "JOIN product p ON p.id = l.product_id JOIN lot t ON t.id = l.lot_id "
    "WHERE l.location_id = ? AND l.quantity_milli <> 0 "
    "ORDER BY p.sort_name, p.id, COALESCE(t.expiry, '9999-12-31') LIMIT ?"
)
_HOW_MANY = "SELECT COUNT(*) FROM level WHERE location_id = ? AND quantity_milli <> 0"


def bin_card(shop: Shop, bin_id: int, limit: int = 100) -> BinCard:
    """What lies in a bin, by name. Raises NotFound."""
    with shop.store.reading(snapshot=True) as session:
        row = session.row(_BIN, (bin_id,))
        if row is None:
            raise NotFound(tr("There is no such bin."), field="bin")
        lines = tuple(BinLine(*line) for line in session.rows(_IN_BIN, (bin_id, limit)))
        total = int(session.value(_HOW_MANY, (bin_id,))) if len(lines) == limit else len(lines)
    return BinCard(row[0], row[1], row[2] or "", lines, total)


@dataclass(frozen=True, slots=True)
class BelowZero:
    """A bin below zero: it asks for a count."""

    product_id: int
    sku: str
    name: str
    unit: str
    bin: str
    quantity_milli: int


@dataclass(frozen=True, slots=True)
class Expiring:
    """A lot in a bin that is past its date, or will be soon; thousandths of the product's unit."""

    product_id: int
    sku: str
    name: str
    unit: str
    bin: str
    lot: str
    expiry: str
    quantity_milli: int


@dataclass(frozen=True, slots=True)
class Overdue:
    """A purchase order that should have come by now."""

    order: Expected
    due_us: int
    """When the slowest of its products should have been there, by the supplier's lead time."""


@dataclass(frozen=True, slots=True)
class Day:
    """The shop at this moment: what needs somebody, and what has just happened."""

    attention: Attention
    low: tuple[LowRow, ...]
    below_zero: tuple[BelowZero, ...]
    entries: tuple[EntryRow, ...]
    totals: DayTotals
    expiring: tuple[Expiring, ...]
    """The one that ends first, first."""
    expiring_total: int
    overdue: tuple[Overdue, ...]
    """The longest overdue first."""
    sold_pieces_milli: int
    """Thousandths of what is sold by the piece, less what came back, today."""
    has_products: bool = True
    """False in a shop that has only just begun."""


_BELOW = (
    "SELECT p.id, p.sku, p.name, p.unit, b.code, l.quantity_milli FROM level l "
    "JOIN location b ON b.id = l.location_id AND b.kind = 'bin' JOIN product p ON p.id = l.product_id "
    "WHERE l.quantity_milli < 0 AND l.product_id IN ({ids}) ORDER BY l.quantity_milli, p.sort_name, b.code"
)

_EXPIRING = (
    "SELECT p.id, p.sku, p.name, p.unit, b.code, t.code, t.expiry, l.quantity_milli, l.location_id, l.lot_id "
    "FROM level l JOIN location b ON b.id = l.location_id JOIN lot t ON t.id = l.lot_id "
    "JOIN product p ON p.id = l.product_id WHERE l.product_id IN ({ids}) AND l.quantity_milli > 0 "
    "AND t.expiry IS NOT NULL ORDER BY t.expiry, p.sort_name, b.code, t.code"
)
_PIECES = (
    "SELECT COALESCE(SUM(CASE WHEN e.kind = 'sell' THEN m.quantity_milli ELSE -m.quantity_milli END), 0) "
    "FROM entry e JOIN movement m ON m.entry_id = e.id JOIN product p ON p.id = m.product_id "
    "WHERE e.occurred_at_us >= ? AND e.kind IN ('sell', 'return') AND p.unit IN ({units}) "
    "AND NOT EXISTS (SELECT 1 FROM entry r WHERE r.reverses_id = e.id)"
)
_PIECES_UNITS = tuple(unit.code for unit in UNITS.values() if not unit.decimals)


def day(shop: Shop, limit: int = 20) -> Day:
    """What the home screen tells, with at most `limit` rows of each; of what is low, twice as many."""
    # What is below zero is mostly low too, and is told as that alone.
    known = standing(shop, 2 * limit)
    return Day(
        attention=reports.attention(shop, known=known),
        low=tuple(reports.low(shop, products=known.lowest)[: 2 * limit]),
        below_zero=_below_zero(shop, known)[:limit],
        entries=tuple(reports.latest_entries(shop, limit)),
        totals=reports.day_totals(shop),
        expiring=_expiring(shop, known)[:limit],
        expiring_total=known.expiring,
        overdue=overdue_orders(shop)[:limit],
        sold_pieces_milli=_sold_pieces(shop),
        has_products=_has_products(shop),
    )


def _has_products(shop: Shop) -> bool:
    with shop.store.reading() as session:
        return session.value("SELECT 1 FROM product LIMIT 1") is not None


def _expiring(shop: Shop, known: Standing) -> tuple[Expiring, ...]:
    ids = sorted({product_id for product_id, _, _ in known.soonest})
    if not ids:
        return ()
    wanted = set(known.soonest)
    with shop.store.reading() as session:
        rows = session.rows(_EXPIRING.format(ids=", ".join("?" * len(ids))), ids)
    return tuple(Expiring(*row[:8]) for row in rows if (row[0], row[8], row[9]) in wanted)


def overdue_orders(shop: Shop) -> tuple[Overdue, ...]:
    """Purchase orders that have not all come although they should, the longest overdue first.

    Where the supplier's lead time is not known, nothing is overdue.
    """
    now_us = clock.now_us()
    found = []
    for order in expected.expected(shop):
        if order.lead_time_days is None or not order.open_lines:
            continue
        due_us = order.opened_us + order.lead_time_days * clock.DAY_US
        if due_us < now_us:
            found.append(Overdue(order, due_us))
    return tuple(sorted(found, key=lambda late: (late.due_us, late.order.order_id)))


def _sold_pieces(shop: Shop) -> int:
    start_us = clock.day_start_us(clock.today(shop.zone), shop.zone)
    sql = _PIECES.format(units=", ".join("?" * len(_PIECES_UNITS)))
    with shop.store.reading() as session:
        return int(session.value(sql, (start_us, *_PIECES_UNITS)))


def _below_zero(shop: Shop, known: Standing) -> tuple[BelowZero, ...]:
    ids = sorted({product_id for product_id, _ in known.deepest})
    if not ids:
        return ()
    with shop.store.reading() as session:
        rows = session.rows(_BELOW.format(ids=", ".join("?" * len(ids))), ids)
    return tuple(BelowZero(*row) for row in rows)


def check_connection(shop: Shop) -> None:
    """Look whether the store answers. Raises StoreUnavailable or StoreLocked when it does not."""
    with shop.store.reading() as session:
        session.value("SELECT entry_sequence FROM ledger_head WHERE id = 1")
