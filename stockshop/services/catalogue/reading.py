"""Looking products up."""

from __future__ import annotations

from stockshop import text
from stockshop.services import finding
from stockshop.services.catalogue.records import (
    ChangeLine,
    Product,
    ProductDetail,
    changes_in,
    detail_in,
    product_in,
)
from stockshop.services.shop import Shop


def find_product(shop: Shop, wanted: str) -> Product:
    """The product with this barcode, else this SKU, else the only one with it but for case.

    What was merged is found as what it was merged into. Raises NotFound, InvalidInput.
    """
    with shop.store.reading() as session:
        return product_in(session, finding.product_in(session, wanted).id)


def product(shop: Shop, product_id: int) -> ProductDetail:
    """Everything that is kept about a product. Raises NotFound."""
    with shop.store.reading() as session:
        return detail_in(session, product_id)


def changes(shop: Shop, product_id: int, limit: int = 200) -> tuple[ChangeLine, ...]:
    """Who changed what about a product, the newest first."""
    with shop.store.reading() as session:
        return changes_in(session, product_id, limit)


def categories(shop: Shop) -> tuple[str, ...]:
    """The names of all categories, sorted."""
    with shop.store.reading() as session:
        rows = session.rows("SELECT name FROM category")
    return tuple(sorted((row[0] for row in rows), key=text.fold))
