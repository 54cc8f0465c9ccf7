"""Products to offer while somebody types, and all that an unclear scan may mean.

What is offered need not be everything: names and SKUs that begin so come first, then whatever holds the
words, as the search finds it. That takes a moment at a million products, where a list in full order may not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from stockshop import text
from stockshop.barcodes import interpret
from stockshop.quantity import MILLI
from stockshop.services import finding
from stockshop.services.shop import Shop
from stockshop.storage import search
from stockshop.storage.session import Session

SHORTEST = 2
"""Letters from which something is offered."""
_LAST = "\U0010ffff"
# Along the index of names in use; the bounds make the search a range of it.
_BEGINNING = (
    "SELECT id FROM product WHERE archived_at_us IS NULL AND sort_name >= ? AND sort_name < ? "
    "ORDER BY sort_name, id LIMIT ?"
)
_NUMBERED = (
    "SELECT id FROM product WHERE sku_fold >= ? AND sku_fold < ? AND archived_at_us IS NULL "
    "ORDER BY sku_fold LIMIT ?"
)
_NEWEST = 20_000
"""Two letters are looked for in so many products, the newest: no index finds so little among all."""


def _find_short(session: Session, typed: str, limit: int) -> list[int]:
    condition, params = search.by_scan(typed)
    newest: int = session.value("SELECT MAX(id) FROM product") or 0
    rows = session.rows(
        f"SELECT p.id FROM product p WHERE p.id > ? AND {condition} ORDER BY p.id LIMIT ?",
        [newest - _NEWEST, *params, limit],
    )
    return [row[0] for row in rows]


@dataclass(frozen=True, slots=True)
class Offer:
    """A product to choose; the quantity in thousandths of its unit."""

    id: int
    sku: str
    name: str
    unit: str
    price_minor: int | None
    is_archived: bool
    on_hand_milli: int
    pack_milli: int = MILLI
    """How much of it the code stands for by which it was found."""


def suggest(shop: Shop, typed: str, limit: int = 10) -> tuple[Offer, ...]:
    """Up to `limit` products in use that hold every word typed; none for fewer than SHORTEST letters."""
    words = search.terms(typed)
    begin = " ".join(words)
    if len(begin) < SHORTEST:
        return ()
    with shop.store.reading() as session:
        ids = [row[0] for row in session.rows(_BEGINNING, (begin, begin + _LAST, limit))]
        if len(ids) < limit:
            numbers = session.rows(_NUMBERED, (begin, begin + _LAST, limit))
            ids += [row[0] for row in numbers if row[0] not in ids]
        if len(ids) < limit:
            # Archived ones are among what is found, and are left out below.
            find = search.find if len(begin) > SHORTEST else _find_short
            ids += [one for one in find(session, typed, 3 * limit) if one not in ids]
        offers = _offers(session, ids)
    return tuple(offer for offer in offers if not offer.is_archived)[:limit]


def meanings(shop: Shop, scanned: str) -> tuple[Offer, ...]:
    """Every product that a code may stand for, the likeliest first. Raises InvalidInput as a scan does."""
    packs: dict[int, int] = {}
    with shop.store.reading() as session:
        for reading in interpret(scanned, shop.scan_settings):
            for key in reading.keys:
                product = finding.by_barcode_key(session, key)
                if product is not None:
                    packs.setdefault(product.id, product.pack_milli)
                for row in session.rows(_SKUS, (text.fold(key),)):
                    packs.setdefault(row[0], MILLI)
        offers = _offers(session, list(packs))
    return tuple(replace(offer, pack_milli=packs[offer.id]) for offer in offers)


_SKUS = "SELECT id FROM product WHERE sku_fold = ? AND merged_into_id IS NULL ORDER BY id LIMIT 20"
_OFFERS = (
    "SELECT p.id, p.sku, p.name, p.unit, p.price_minor, p.archived_at_us IS NOT NULL, "
    "(SELECT COALESCE(SUM(v.quantity_milli), 0) FROM level v JOIN location b ON b.id = v.location_id "
    "AND b.kind = 'bin' WHERE v.product_id = p.id) FROM product p "
    "WHERE p.id IN ({marks}) AND p.merged_into_id IS NULL"
)


def _offers(session: Session, ids: list[int]) -> list[Offer]:
    """These products, in this order; what was merged into another is left out."""
    if not ids:
        return []
    rows = session.rows(_OFFERS.format(marks=", ".join("?" * len(ids))), ids)
    places = {product_id: place for place, product_id in enumerate(ids)}
    return sorted(
        (Offer(row[0], row[1], row[2], row[3], row[4], bool(row[5]), int(row[6])) for row in rows),
        key=lambda offer: places[offer.id],
    )
