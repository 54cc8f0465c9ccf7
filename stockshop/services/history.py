"""The history of a number: every movement of a product with the balance it left."""

from __future__ import annotations

from dataclasses import dataclass

from stockshop.ledger import balances
from stockshop.services.finding import product_in
from stockshop.services.shop import Shop
from stockshop.storage.session import Session


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A movement of a product, in words."""

    entry_id: int
    movement_id: int
    kind: str
    occurred_at_us: int
    recorded_at_us: int
    actor: str
    reference: str
    note: str
    lot: str
    from_place: str
    to_place: str
    quantity_milli: int
    change_milli: int
    """What it changed on hand."""
    balance_milli: int
    """On hand after it."""
    value_e4: int
    reverses_id: int | None


def family(session: Session, product_id: int) -> list[int]:
    """A product and all that was merged into it: whose movements its history is made of."""
    ids = [product_id]
    for one in ids:
        ids += [row[0] for row in session.rows("SELECT id FROM product WHERE merged_into_id = ?", (one,))]
    return ids


def history(shop: Shop, code: str, *, limit: int = 100, before_id: int | None = None) -> list[HistoryRow]:
    """The ledger of a product (and of those merged into it), newest first, with running balance.

    `before_id`: a former answer's last `movement_id`, to go on. Raises NotFound.
    """
    with shop.store.reading(snapshot=True) as session:
        product = product_in(session, code)
        return history_in(session, product.id, limit, before_id)


def history_in(
    session: Session, product_id: int, limit: int, before_id: int | None = None
) -> list[HistoryRow]:
    """`history` by the product's id, inside a session."""
    ids = family(session, product_id)
    places: dict[int, str] = {}
    lots: dict[int, str] = {}
    rows = []
    for line in balances.history(session, ids, limit, before_id=before_id):
        for place_id in (line.from_id, line.to_id):
            if place_id not in places:
                code = session.value("SELECT code FROM location WHERE id = ?", (place_id,))
                places[place_id] = str(code).lstrip("~")
        if line.lot_id not in lots:
            lots[line.lot_id] = session.value("SELECT code FROM lot WHERE id = ?", (line.lot_id,))
        rows.append(
            HistoryRow(
                line.entry_id, line.movement_id, line.kind, line.occurred_at_us, line.recorded_at_us,
                line.actor, line.reference, line.note, lots[line.lot_id], places[line.from_id],
                places[line.to_id], line.quantity_milli, line.change_milli, line.balance_milli,
                line.value_e4, line.reverses_id,
            )
        )  # fmt: skip
    return rows
