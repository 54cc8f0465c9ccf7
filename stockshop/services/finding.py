"""Finding one product by what a person types or a file says: a barcode, or a SKU."""

from __future__ import annotations

from dataclasses import dataclass

from stockshop import text
from stockshop.barcodes import lookup_key
from stockshop.errors import InvalidInput, NotFound
from stockshop.language import tr
from stockshop.quantity import MILLI
from stockshop.storage.session import Row, Session


@dataclass(frozen=True, slots=True)
class FoundProduct:
    """What a posting or a scan needs to know of a product."""

    id: int
    sku: str
    name: str
    unit: str
    tracking: str
    """`none` or `lot`."""
    price_minor: int | None
    preferred_bin_id: int | None
    archived: bool
    pack_milli: int = MILLI
    """How much the code stands for: 12000 for a case of twelve, 1000 for a SKU."""


_PRODUCT = "p.id, p.sku, p.name, p.unit, p.tracking, p.price_minor, p.preferred_bin_id, p.archived_at_us"
_BY_BARCODE = (
    f"SELECT {_PRODUCT}, b.quantity_milli FROM barcode b JOIN product p ON p.id = b.product_id "
    "WHERE b.lookup_key = ?"
)
_BY_SKU = f"SELECT {_PRODUCT}, 1000 FROM product p WHERE p.sku = ? AND p.merged_into_id IS NULL"
_BY_SKU_FOLD = (
    f"SELECT {_PRODUCT}, 1000 FROM product p WHERE p.sku_fold = ? AND p.merged_into_id IS NULL LIMIT 2"
)
_MERGED = f"SELECT {_PRODUCT}, 1000 FROM product o JOIN product p ON p.id = o.merged_into_id WHERE o.sku = ?"
_BY_ID = f"SELECT {_PRODUCT}, 1000 FROM product p WHERE p.id = ?"


def _found(row: Row) -> FoundProduct:
    return FoundProduct(
        row[0], row[1], row[2], row[3], row[4], row[5], row[6], archived=row[7] is not None, pack_milli=row[8]
    )


def by_barcode_key(session: Session, key: str) -> FoundProduct | None:
    """The product with this `barcodes.lookup_key`, or None."""
    row = session.row(_BY_BARCODE, (key,))
    return None if row is None else _found(row)


def by_sku(session: Session, sku: str) -> FoundProduct | None:
    """The product with this SKU: exactly, else the only one but for case, else what it was merged into."""
    row = session.row(_BY_SKU, (sku,))
    if row is None:
        rows = session.rows(_BY_SKU_FOLD, (text.fold(sku),))
        row = rows[0] if len(rows) == 1 else session.row(_MERGED, (sku,))
    return None if row is None else _found(row)


def by_id(session: Session, product_id: int) -> FoundProduct | None:
    """The product with this id, or None."""
    row = session.row(_BY_ID, (product_id,))
    return None if row is None else _found(row)


def product_in(session: Session, wanted: str, *, field: str = "product") -> FoundProduct:
    """The product with this barcode, else SKU. Raises NotFound, InvalidInput for an empty text."""
    code = text.clean_code(wanted, field=field)
    if not code:
        raise InvalidInput(tr("Say which product: its SKU or a barcode."), field=field)
    found = (
        by_barcode_key(session, lookup_key(code)) or by_barcode_key(session, code) or by_sku(session, code)
    )
    if found is None:
        raise NotFound(tr("There is no product with the code '{code}'.", code=code[:40]), field=field)
    return found


def known_or_found(session: Session, product_id: int | None, wanted: str) -> FoundProduct:
    """The product with this id; without one, `product_in`. Raises NotFound, InvalidInput."""
    if product_id is None:
        return product_in(session, wanted)
    found = by_id(session, product_id)
    if found is None:
        raise NotFound(tr("There is no such product any more."), field="product")
    return found


def supplier_in(session: Session, wanted: str) -> str:
    """The name of a supplier as it is kept; case does not matter. Raises NotFound."""
    name: str | None = session.value(
        "SELECT name FROM supplier WHERE name = ? OR UPPER(name) = UPPER(?) ORDER BY name = ? DESC LIMIT 1",
        (wanted, wanted.strip(), wanted),
    )
    if name is None:
        shown = text.printable(wanted)[:40]
        raise NotFound(tr("There is no supplier '{shown}'; check the name.", shown=shown), field="supplier")
    return name
