"""Which bin and which lot: the preferred bin first, lots by earliest expiry."""

from __future__ import annotations

from dataclasses import dataclass

from stockshop import clock, text
from stockshop.errors import Conflict, InvalidInput, NotFound
from stockshop.language import tr
from stockshop.services.finding import FoundProduct
from stockshop.storage.session import Session

UNKNOWN_LOT = "UNKNOWN"
"""The lot of goods sold although no lot of them was in the books."""

_LEVELS = (
    "SELECT l.location_id, l.lot_id, l.quantity_milli FROM level l "
    "JOIN location b ON b.id = l.location_id AND b.kind = 'bin' JOIN lot ON lot.id = l.lot_id "
    "WHERE l.product_id = ? AND l.quantity_milli > 0 "
    "ORDER BY CASE WHEN l.location_id = ? THEN 0 ELSE 1 END, COALESCE(lot.expiry, '9999-12-31'), "
    "b.walk_order, b.code, l.lot_id"
)


@dataclass(frozen=True, slots=True)
class Part:
    """What to take from one bin and lot."""

    location_id: int
    lot_id: int
    quantity_milli: int


def pick(
    session: Session,
    product: FoundProduct,
    quantity_milli: int,
    from_id: int | None,
    lot_id: int | None,
    fallback_id: int,
    taken: dict[tuple[int, int, int], int],
) -> list[Part]:
    """Split a quantity over bins and lots: named ones only, else the preferred bin first.

    `taken` holds what earlier lines of the same entry take, by (product, bin, lot), and is added
    to. What is nowhere in the books is taken from the named or preferred bin, else from one that
    had some, else from `fallback_id`: whether it may go below zero is the ledger's to say.
    """
    if from_id is not None and (lot_id is not None or product.tracking == "none"):
        return [Part(from_id, lot_id or 0, quantity_milli)]
    parts: list[Part] = []
    left_milli = quantity_milli
    rows = session.rows(_LEVELS, (product.id, product.preferred_bin_id or 0))
    for location_id, found_lot_id, level_milli in rows:
        key = (product.id, location_id, found_lot_id)
        free_milli = level_milli - taken.get(key, 0)
        if free_milli <= 0 or from_id not in (None, location_id) or lot_id not in (None, found_lot_id):
            continue
        part_milli = min(free_milli, left_milli)
        parts.append(Part(location_id, found_lot_id, part_milli))
        taken[key] = taken.get(key, 0) + part_milli
        left_milli -= part_milli
        if not left_milli:
            return parts
    return _with_rest(session, product, parts, left_milli, from_id, lot_id, fallback_id)


def _with_rest(
    session: Session,
    product: FoundProduct,
    parts: list[Part],
    left_milli: int,
    from_id: int | None,
    lot_id: int | None,
    fallback_id: int,
) -> list[Part]:
    place_id = from_id or product.preferred_bin_id or (parts[0].location_id if parts else fallback_id)
    if lot_id is None:
        same_bin = next((part.lot_id for part in reversed(parts) if part.location_id == place_id), None)
        lot_id = same_bin if same_bin is not None else _last_lot(session, product)
    for index, part in enumerate(parts):
        if (part.location_id, part.lot_id) == (place_id, lot_id):
            parts[index] = Part(place_id, lot_id, part.quantity_milli + left_milli)
            return parts
    return [*parts, Part(place_id, lot_id, left_milli)]


def _last_lot(session: Session, product: FoundProduct) -> int:
    """The newest lot known of a product kept by lots; 0 for one that is not."""
    if product.tracking == "none":
        return 0
    newest: int | None = session.value("SELECT MAX(id) FROM lot WHERE product_id = ?", (product.id,))
    return newest if newest is not None else _add_lot(session, product.id, UNKNOWN_LOT, None)


def _add_lot(session: Session, product_id: int, code: str, expiry: str | None) -> int:
    added: int = session.value(
        "INSERT INTO lot (product_id, code, expiry) VALUES (?, ?, ?) RETURNING id", (product_id, code, expiry)
    )
    return added


def lot_in(session: Session, product: FoundProduct, code: str, expiry: str, *, arriving: bool) -> int:
    """The id of a product's lot; an arriving one is added where it is new.

    Answers 0 for a product without lots. Raises InvalidInput when a lot is missing or not wanted,
    NotFound for an unknown one that should leave, Conflict for another expiry than before.
    """
    code = text.clean_code(code, limit=60, field="lot")
    day = clock.parse_date(expiry, field="expiry") if expiry else None
    if product.tracking == "none":
        if code or day:
            raise InvalidInput(
                tr("{product} is not kept by lots; leave the lot out.", product=product.name), field="lot"
            )
        return 0
    if not code:
        if day is None:
            raise InvalidInput(
                tr("{product} is kept by lots; name the lot.", product=product.name), field="lot"
            )
        # Goods that carry a date and no number are told apart by the date.
        code = day
    row = session.row("SELECT id, expiry FROM lot WHERE product_id = ? AND code = ?", (product.id, code))
    if row is None:
        if not arriving:
            raise NotFound(
                tr("There is no lot '{lot}' of {product}.", lot=code, product=product.name), field="lot"
            )
        return _add_lot(session, product.id, code, day)
    lot_id: int = row[0]
    if day is not None and row[1] != day:
        if row[1] is not None:
            raise Conflict(
                tr("Lot {lot} of {product} expires on {known}, not {date}.", lot=code, product=product.name,
                   known=row[1], date=day),
                field="expiry",
            )  # fmt: skip
        session.run("UPDATE lot SET expiry = ? WHERE id = ?", (day, lot_id))
    return lot_id
