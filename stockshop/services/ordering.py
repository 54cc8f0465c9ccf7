"""What is bought and what is promised: orders, and the stock set aside for them.

A total is never stored: on order, allocated and open quantities are summed when they are asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stockshop import clock, text
from stockshop.errors import Conflict, InvalidInput, NotFound, Refused
from stockshop.ids import new_id
from stockshop.language import tr
from stockshop.ledger import balances, posting
from stockshop.quantity import check_decimals, plain
from stockshop.services.finding import known_or_found, product_in
from stockshop.services.shop import Shop, clean_actor
from stockshop.storage.session import Session


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A product on an order; quantities in thousandths of its unit."""

    id: int
    product_id: int
    sku: str
    quantity_milli: int
    fulfilled_milli: int
    """Received (purchase) or shipped (sales)."""
    allocated_milli: int


@dataclass(frozen=True, slots=True)
class Order:
    """A purchase from a supplier or a promise to a customer."""

    id: int
    client_id: str
    kind: str
    """`purchase` or `sales`."""
    reference: str
    closed: bool
    lines: tuple[OrderLine, ...]


_FULFILLED = (
    "SELECT COALESCE(SUM(m.quantity_milli), 0) FROM fulfilment f JOIN movement m ON m.id = f.movement_id "
    "WHERE f.order_line_id = ?"
)
_ALLOCATED = (
    "SELECT COALESCE(SUM(quantity_milli), 0) FROM allocation "
    "WHERE order_line_id = ? AND released_at_us IS NULL"
)


def open_order(
    shop: Shop,
    actor: str,
    kind: str,
    lines: Sequence[tuple[str | int, int]],
    *,
    supplier: str = "",
    reference: str = "",
    client_id: str | None = None,
) -> Order:
    """Open a purchase or sales order over (SKU, barcode or product id, thousandths).

    A repeated id answers the first.

    Raises InvalidInput, NotFound.
    """
    actor = clean_actor(actor)
    if kind not in ("purchase", "sales"):
        raise InvalidInput(tr("An order is 'purchase' or 'sales'."), field="kind")
    if not lines:
        raise InvalidInput(tr("The order has no lines."), field="lines")
    own_id = text.clean_code(client_id, field="id") if client_id is not None else new_id()
    reference = text.clean(reference, field="reference")

    def work(session: Session) -> int:
        found: int | None = session.value("SELECT id FROM shop_order WHERE client_id = ?", (own_id,))
        if found is not None:
            return found
        supplier_id = _supplier_id(session, supplier)
        order_id: int = session.value(
            "INSERT INTO shop_order (client_id, kind, supplier_id, reference, opened_at_us, actor) "
            "VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
            (own_id, kind, supplier_id, reference, clock.now_us(), actor),
        )
        for code, quantity_milli in lines:
            product = (
                known_or_found(session, code, "") if isinstance(code, int) else product_in(session, code)
            )
            wanted_milli = quantity_milli * product.pack_milli // 1_000
            if wanted_milli <= 0:
                raise InvalidInput(tr("A quantity must be above zero."), field="quantity")
            check_decimals(wanted_milli, product.unit)
            session.run(
                "INSERT INTO order_line (order_id, product_id, quantity_milli) VALUES (?, ?, ?)",
                (order_id, product.id, wanted_milli),
            )
        return order_id

    return order(shop, shop.store.writing(work))


def _supplier_id(session: Session, supplier: str) -> int | None:
    if not supplier:
        return None
    found: int | None = session.value(
        "SELECT id FROM supplier WHERE name = ?", (text.clean(supplier, field="supplier"),)
    )
    if found is None:
        raise NotFound(
            tr("There is no supplier '{supplier}'.", supplier=text.printable(supplier)[:40]), field="supplier"
        )
    return found


def order(shop: Shop, order_id: int) -> Order:
    """An order with what has been done about it. Raises NotFound."""
    with shop.store.reading() as session:
        row = session.row(
            "SELECT id, client_id, kind, reference, closed_at_us FROM shop_order WHERE id = ?", (order_id,)
        )
        if row is None:
            raise NotFound(tr("There is no order {number}.", number=order_id), field="order")
        lines = tuple(
            OrderLine(
                line[0],
                line[1],
                line[2],
                line[3],
                int(session.value(_FULFILLED, line[:1])),
                int(session.value(_ALLOCATED, line[:1])),
            )
            for line in session.rows(
                "SELECT n.id, n.product_id, p.sku, n.quantity_milli FROM order_line n "
                "JOIN product p ON p.id = n.product_id WHERE n.order_id = ? ORDER BY n.id",
                (order_id,),
            )
        )
    return Order(row[0], row[1], row[2], row[3], row[4] is not None, lines)


def allocate(
    shop: Shop, actor: str, order_line_id: int, quantity_milli: int, *, client_id: str | None = None
) -> int:
    """Set stock aside for a line of a sales order; answers the id of the allocation.

    Raises Refused for more than is promised or more than is available, NotFound, Conflict for a
    repeated id with another content.
    """
    actor = clean_actor(actor)
    own_id = text.clean_code(client_id, field="id") if client_id is not None else new_id()
    if quantity_milli <= 0:
        raise InvalidInput(tr("A quantity must be above zero."), field="quantity")

    def work(session: Session) -> int:
        posting.lock(session)
        row = session.row(
            "SELECT id, order_line_id, quantity_milli FROM allocation WHERE client_id = ?", (own_id,)
        )
        if row is not None:
            if row[1:] != (order_line_id, quantity_milli):
                raise Conflict(tr("Under this id something else was allocated already."), field="id")
            return int(row[0])
        line = session.row(
            "SELECT n.product_id, n.quantity_milli, o.kind, o.closed_at_us FROM order_line n "
            "JOIN shop_order o ON o.id = n.order_id WHERE n.id = ?",
            (order_line_id,),
        )
        if line is None:
            raise NotFound(tr("There is no order line {number}.", number=order_line_id), field="order_line")
        product_id, promised_milli, kind, closed_at_us = line
        if kind != "sales" or closed_at_us is not None:
            raise Refused(tr("Stock is set aside for open sales orders only."), field="order_line")
        bound_milli = int(session.value(_FULFILLED, (order_line_id,)))
        bound_milli += int(session.value(_ALLOCATED, (order_line_id,)))
        if bound_milli + quantity_milli > promised_milli:
            raise Refused(
                tr(
                    "Only {quantity} more are promised on this line.",
                    quantity=plain(promised_milli - bound_milli),
                ),
                field="quantity",
            )
        free_milli = balances.on_hand(session, product_id) - balances.allocated(session, product_id)
        if quantity_milli > free_milli:
            raise Refused(
                tr("Only {quantity} are available.", quantity=plain(max(free_milli, 0))), field="quantity"
            )
        return int(
            session.value(
                "INSERT INTO allocation (client_id, order_line_id, product_id, quantity_milli, "
                "allocated_at_us, "
                "actor) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
                (own_id, order_line_id, product_id, quantity_milli, clock.now_us(), actor),
            )
        )

    return shop.store.writing(work)


def release(shop: Shop, actor: str, allocation_id: int) -> None:
    """Give back what was set aside. Releasing twice is releasing once. Raises NotFound."""
    clean_actor(actor)

    def work(session: Session) -> None:
        posting.lock(session)
        if not session.value("SELECT 1 FROM allocation WHERE id = ?", (allocation_id,)):
            raise NotFound(tr("There is no allocation {number}.", number=allocation_id))
        session.run(
            "UPDATE allocation SET released_at_us = ? WHERE id = ? AND released_at_us IS NULL",
            (clock.now_us(), allocation_id),
        )

    shop.store.writing(work)


def close_order(shop: Shop, actor: str, order_id: int) -> None:
    """Nothing more is expected of it: what it set aside is released. Raises NotFound."""
    clean_actor(actor)

    def work(session: Session) -> None:
        posting.lock(session)
        now = clock.now_us()
        if not session.value("SELECT 1 FROM shop_order WHERE id = ?", (order_id,)):
            raise NotFound(tr("There is no order {number}.", number=order_id), field="order")
        session.run(
            "UPDATE shop_order SET closed_at_us = ? WHERE id = ? AND closed_at_us IS NULL", (now, order_id)
        )
        session.run(
            "UPDATE allocation SET released_at_us = ? WHERE released_at_us IS NULL AND order_line_id IN "
            "(SELECT id FROM order_line WHERE order_id = ?)",
            (now, order_id),
        )

    shop.store.writing(work)
