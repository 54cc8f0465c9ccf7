"""Something of the shop to try the commonest jobs with."""

from __future__ import annotations

from dataclasses import dataclass

from stockshop.services.shop import Shop

_MOST_LOOKED_AT = 5_000
# Among the first levels only: a large shop is not looked through for an example.
_CANDIDATE = (
    "SELECT p.id, p.sku, c.code, b.code FROM "
    "(SELECT product_id, location_id, lot_id, quantity_milli FROM level ORDER BY product_id LIMIT ?) l "
    "JOIN product p ON p.id = l.product_id JOIN location b ON b.id = l.location_id AND b.kind = 'bin' "
    "LEFT JOIN barcode c ON c.product_id = p.id AND c.quantity_milli > 1000 "
    "WHERE l.quantity_milli >= 8000 AND p.unit = 'each' AND p.tracking = 'none' AND p.archived_at_us IS NULL "
    # With a case, and in one bin only, so that nothing has to be asked.
    "ORDER BY CASE WHEN c.code IS NULL THEN 1 ELSE 0 END, (SELECT COUNT(*) FROM level o "
    "WHERE o.product_id = p.id AND o.quantity_milli <> 0), p.id LIMIT 1"
)
_OTHER_BIN = (
    "SELECT code FROM location WHERE kind = 'bin' AND archived_at_us IS NULL AND code <> ? "
    "ORDER BY walk_order, code LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Example:
    """A product that lies somewhere, sold by the piece and without lots."""

    product_id: int
    sku: str
    case_code: str
    """The barcode of a case of it; empty without one."""
    bin: str
    """Where it lies."""
    other_bin: str
    """Where it could be moved to."""


def something_to_try(shop: Shop) -> Example | None:
    """An example among the shop's first products; None where there is none."""
    with shop.store.reading() as session:
        found = session.row(_CANDIDATE, (_MOST_LOOKED_AT,))
        if found is None:
            return None
        product_id, sku, case_code, bin_code = found
        other = session.value(_OTHER_BIN, (bin_code,))
    return Example(product_id, sku, case_code or "", bin_code, other or bin_code)
