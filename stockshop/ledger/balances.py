"""Reading the ledger: levels now and at any instant, what is promised, and the history of a number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stockshop.storage.session import Session

_BIN_LEVELS = (
    "SELECT l.location_id, l.lot_id, l.quantity_milli FROM level l "
    "JOIN location b ON b.id = l.location_id AND b.kind = 'bin' "
    "WHERE l.product_id = ? AND l.quantity_milli <> 0 ORDER BY b.walk_order, b.code, l.lot_id"
)
_ON_HAND = (
    "SELECT COALESCE(SUM(l.quantity_milli), 0) FROM level l "
    "JOIN location b ON b.id = l.location_id AND b.kind = 'bin' WHERE l.product_id = ?"
)
_ALLOCATED = (
    "SELECT COALESCE(SUM(quantity_milli), 0) FROM allocation WHERE product_id = ? AND released_at_us IS NULL"
)
_ON_ORDER = (
    "SELECT COALESCE(SUM(open_milli), 0) FROM ("
    "SELECT CASE WHEN n.quantity_milli > COALESCE(SUM(m.quantity_milli), 0) "
    "THEN n.quantity_milli - COALESCE(SUM(m.quantity_milli), 0) ELSE 0 END AS open_milli "
    "FROM order_line n JOIN shop_order o ON o.id = n.order_id AND o.kind = 'purchase' AND o.closed_at_us IS "
    "NULL "
    "LEFT JOIN fulfilment f ON f.order_line_id = n.id LEFT JOIN movement m ON m.id = f.movement_id "
    "AND NOT EXISTS (SELECT 1 FROM entry r WHERE r.reverses_id = m.entry_id) "
    "WHERE n.product_id = ? GROUP BY n.id, n.quantity_milli) lines"
)
_LEVEL = "SELECT quantity_milli FROM level WHERE product_id = ? AND location_id = ? AND lot_id = ?"
# One statement sees one instant: a sale between two of them would be missed by one and seen by the other.
_LEVEL_AT = (
    f"SELECT COALESCE(({_LEVEL}), 0) - "
    "COALESCE(SUM(CASE WHEN to_id = ? THEN quantity_milli ELSE -quantity_milli END), 0) FROM movement "
    "WHERE product_id = ? AND occurred_at_us > ? AND lot_id = ? AND (to_id = ? OR from_id = ?)"
)
_LEVELS_AT = (
    "SELECT location_id, lot_id, SUM(quantity_milli) FROM ("
    "SELECT location_id, lot_id, quantity_milli FROM level WHERE product_id = ? "
    "UNION ALL SELECT to_id, lot_id, -quantity_milli FROM movement WHERE product_id = ? AND occurred_at_us > "
    "? "
    "UNION ALL SELECT from_id, lot_id, quantity_milli FROM movement WHERE product_id = ? AND occurred_at_us "
    "> ?"
    ") moved JOIN location b ON b.id = location_id AND b.kind = 'bin' "
    "GROUP BY location_id, lot_id, b.walk_order, b.code HAVING SUM(quantity_milli) <> 0 "
    "ORDER BY b.walk_order, b.code, lot_id"
)


@dataclass(frozen=True, slots=True)
class BinLevel:
    """The quantity of one product (and lot) in one bin, in thousandths of its unit."""

    location_id: int
    lot_id: int
    quantity_milli: int


@dataclass(frozen=True, slots=True)
class Balance:
    """A product over all bins, in thousandths of its unit."""

    on_hand_milli: int
    allocated_milli: int
    on_order_milli: int

    @property
    def available_milli(self) -> int:
        """On hand less what is promised."""
        return self.on_hand_milli - self.allocated_milli

    @property
    def projected_milli(self) -> int:
        """Available plus what is on order."""
        return self.available_milli + self.on_order_milli


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One movement of a product, with the quantity on hand after it."""

    balance_milli: int
    """On hand over all bins after this movement, in recording order."""
    movement_id: int
    entry_id: int
    client_id: str
    kind: str
    occurred_at_us: int
    recorded_at_us: int
    actor: str
    reference: str
    note: str
    lot_id: int
    from_id: int
    to_id: int
    quantity_milli: int
    change_milli: int
    """What it changed on hand: positive into a bin, negative out of one, 0 between bins."""
    value_e4: int
    price_minor: int | None
    reverses_id: int | None


def bin_levels(session: Session, product_id: int, *, at_us: int | None = None) -> list[BinLevel]:
    """What lies in which bin, in walking order; with `at_us`, as it was at that instant."""
    if at_us is None:
        rows = session.rows(_BIN_LEVELS, (product_id,))
    else:
        rows = session.rows(_LEVELS_AT, (product_id, product_id, at_us, product_id, at_us))
    return [BinLevel(row[0], row[1], int(row[2])) for row in rows]


def on_hand(session: Session, product_id: int) -> int:
    """Thousandths of the unit over all bins."""
    return int(session.value(_ON_HAND, (product_id,)))


def allocated(session: Session, product_id: int) -> int:
    """Thousandths set aside for orders, summed from the open allocations."""
    return int(session.value(_ALLOCATED, (product_id,)))


def balance(session: Session, product_id: int) -> Balance:
    """On hand, allocated and on order of a product."""
    return Balance(
        on_hand(session, product_id),
        allocated(session, product_id),
        int(session.value(_ON_ORDER, (product_id,))),
    )


def level(session: Session, product_id: int, location_id: int, lot_id: int = 0) -> int:
    """The book of one bin now, in thousandths of the unit."""
    return session.value(_LEVEL, (product_id, location_id, lot_id)) or 0


def level_at(session: Session, product_id: int, location_id: int, lot_id: int, at_us: int) -> int:
    """The book of one bin at an instant: the level now, less what has moved since."""
    return int(
        session.value(
            _LEVEL_AT,
            (product_id, location_id, lot_id,
             location_id, product_id, at_us, lot_id, location_id, location_id),
        )
    )  # fmt: skip


def _history_sql(count: int) -> str:
    marks = ", ".join("?" * count)
    return (
        "SELECT m.id, e.id, e.client_id, e.kind, m.occurred_at_us, e.recorded_at_us, e.actor, e.reference, "
        "e.note, m.lot_id, m.from_id, m.to_id, m.quantity_milli, "
        "CASE WHEN t.kind = 'bin' THEN m.quantity_milli ELSE 0 END "
        "- CASE WHEN f.kind = 'bin' THEN m.quantity_milli ELSE 0 END, "
        "m.value_e4, m.price_minor, e.reverses_id "
        "FROM movement m JOIN entry e ON e.id = m.entry_id "
        "JOIN location f ON f.id = m.from_id JOIN location t ON t.id = m.to_id "
        f"WHERE m.product_id IN ({marks}) AND m.id < ? ORDER BY m.id DESC LIMIT ?"
    )


_CHANGE_SINCE = (
    "SELECT COALESCE(SUM(CASE WHEN t.kind = 'bin' THEN m.quantity_milli ELSE 0 END "
    "- CASE WHEN f.kind = 'bin' THEN m.quantity_milli ELSE 0 END), 0) "
    "FROM movement m JOIN location f ON f.id = m.from_id JOIN location t ON t.id = m.to_id "
    "WHERE m.product_id IN ({marks}) AND m.id >= ?"
)
_LAST = 2**62


def history(
    session: Session,
    product_ids: Sequence[int],
    limit: int,
    *,
    before_id: int | None = None,
    balance_milli: int | None = None,
) -> list[HistoryLine]:
    """The newest movements first, with the running balance walked back from what is there now.

    `product_ids` holds the product and those merged into it. Read it in one snapshot, or trading in
    between shifts the balances. To continue, give the last line's
    `movement_id` as `before_id` and `balance_milli - change_milli` of it as `balance_milli`.
    """
    if balance_milli is None:
        balance_milli = sum(on_hand(session, product_id) for product_id in product_ids)
        if before_id is not None:
            marks = ", ".join("?" * len(product_ids))
            since = session.value(_CHANGE_SINCE.format(marks=marks), [*product_ids, before_id])
            balance_milli -= int(since)
    lines = []
    for row in session.rows(
        _history_sql(len(product_ids)), [*product_ids, _LAST if before_id is None else before_id, limit]
    ):
        line = HistoryLine(balance_milli, *row)
        lines.append(line)
        balance_milli -= line.change_milli
    return lines


def apportion(value_e4: int, quantities_milli: Sequence[int]) -> list[int]:
    """Share a product's value over its bins by quantity, to the last 1/10,000.

    Bins below zero take a negative share. Without a total there is nothing to share by: all zero,
    but for the value itself, which then goes to the first.
    """
    total = sum(quantities_milli)
    if not quantities_milli:
        return []
    if total == 0:
        return [value_e4, *([0] * (len(quantities_milli) - 1))]
    shares, given, so_far = [], 0, 0
    for quantity_milli in quantities_milli:
        so_far += quantity_milli
        upto = value_e4 * so_far // total
        shares.append(upto - given)
        given = upto
    return shares
