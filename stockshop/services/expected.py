"""What was ordered and has not come yet, and its coming: everything of an order at once."""

from __future__ import annotations

from dataclasses import dataclass

from stockshop import clock
from stockshop.errors import NotFound
from stockshop.ids import new_id
from stockshop.language import tr
from stockshop.services.shop import Shop, clean_actor
from stockshop.services.stock import EntryRequest, LineRequest, PostedEntry
from stockshop.storage.session import Session

# The cross join keeps SQLite from walking all lines that were ever ordered.
_OPEN = (
    "SELECT o.id, COALESCE(v.name, ''), o.reference, o.opened_at_us, o.actor, n.id, p.id, p.sku, p.name, "
    "p.unit, n.quantity_milli - (SELECT COALESCE(SUM(m.quantity_milli), 0) FROM fulfilment f "
    "JOIN movement m ON m.id = f.movement_id WHERE f.order_line_id = n.id), "
    "s.lead_time_days, s.unit_cost_e4 FROM shop_order o CROSS JOIN order_line n "
    "JOIN product p ON p.id = n.product_id LEFT JOIN supplier v ON v.id = o.supplier_id "
    "LEFT JOIN product_supplier s ON s.product_id = p.id AND s.supplier_id = o.supplier_id "
    "WHERE n.order_id = o.id AND o.kind = 'purchase' AND o.closed_at_us IS NULL {only} "
    "ORDER BY o.opened_at_us, o.id, n.id"
)


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    """A product that is to come; thousandths of its unit."""

    line_id: int
    product_id: int
    sku: str
    name: str
    unit: str
    open_milli: int
    """Ordered less received; 0 or below: all of it has come."""
    unit_cost_e4: int | None
    """What the supplier asks for a unit, in 1/10,000."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A purchase order that is open."""

    order_id: int
    supplier: str
    reference: str
    opened_us: int
    actor: str
    lead_time_days: int | None
    """Until the slowest of its products is there; None where nobody knows."""
    lines: tuple[ExpectedLine, ...]

    @property
    def open_lines(self) -> tuple[ExpectedLine, ...]:
        """What has still to come."""
        return tuple(line for line in self.lines if line.open_milli > 0)


def expected(shop: Shop) -> tuple[Expected, ...]:
    """The open purchase orders, the oldest first."""
    with shop.store.reading() as session:
        return _expected(session)


def _expected(session: Session, order_id: int | None = None) -> tuple[Expected, ...]:
    only = "" if order_id is None else "AND o.id = ?"
    rows = session.rows(_OPEN.format(only=only), () if order_id is None else (order_id,))
    heads: dict[int, tuple[str, str, int, str]] = {}
    lines: dict[int, list[ExpectedLine]] = {}
    leads: dict[int, list[int]] = {}
    for row in rows:
        heads[row[0]] = row[1:5]
        lines.setdefault(row[0], []).append(
            ExpectedLine(row[5], row[6], row[7], row[8], row[9], int(row[10]), row[12])
        )
        if row[11] is not None:
            leads.setdefault(row[0], []).append(row[11])
    return tuple(
        Expected(key, *head, max(leads[key]) if key in leads else None, tuple(lines[key]))
        for key, head in heads.items()
    )


def receive_order(
    shop: Shop, actor: str, order_id: int, *, client_id: str | None = None
) -> PostedEntry | None:
    """All that is still to come of an order has come: received into its bins, and the order is closed.

    None when nothing was open any more. Repeating it with the same `client_id` receives nothing twice.
    Raises NotFound, and what a receipt raises: a product that is kept by lots has to be received with
    its lot first.
    """
    actor = clean_actor(actor)
    own_id = client_id if client_id is not None else new_id()

    def work(session: Session) -> PostedEntry | None:
        found = _expected(session, order_id)
        if not found:
            entry_id = session.value("SELECT id FROM entry WHERE client_id = ?", (own_id,))
            if entry_id is not None:
                return PostedEntry(own_id, entry_id, "already posted")
            raise NotFound(tr("That order is closed already, or was never opened."), field="order")
        posted = None
        if found[0].open_lines:
            posted = _receipt(shop, actor, found[0], own_id)(session)
        session.run(
            "UPDATE shop_order SET closed_at_us = ? WHERE id = ? AND closed_at_us IS NULL",
            (clock.now_us(), order_id),
        )
        return posted

    return shop.store.writing(work)


def _receipt(shop: Shop, actor: str, order: Expected, client_id: str) -> EntryRequest:
    lines = [
        LineRequest(
            line.sku, line.open_milli, unit_cost_e4=line.unit_cost_e4, product_id=line.product_id,
            order_line_id=line.line_id,
        )
        for line in order.open_lines
    ]  # fmt: skip
    return EntryRequest(shop, actor, "receive", lines, client_id=client_id, reference=order.reference)
