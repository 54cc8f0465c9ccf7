"""What the catalogue answers with, and the reading of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stockshop.errors import NotFound, Refused
from stockshop.language import tr
from stockshop.storage.session import Session


@dataclass(frozen=True, slots=True)
class Product:
    """A product as it stands."""

    id: int
    sku: str
    name: str
    label_name: str
    """Empty: the name is short enough."""
    category: str | None
    unit: str
    """A code of quantity.UNITS."""
    net_content_milli: int | None
    """Thousandths of `net_content_unit`."""
    net_content_unit: str | None
    price_minor: int | None
    """The selling price of one unit, in minor units of the shop's currency."""
    tax_rate_milli: int | None
    """Thousandths of a percent; None: the shop's."""
    price_includes_tax: bool | None
    """None: as the shop's prices."""
    weight_g: int | None
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    tracking: str
    """`none` or `lot`."""
    preferred_bin: str | None
    """The code of the bin."""
    preferred_bin_id: int | None
    notes: str
    archived_at_us: int | None
    merged_into_id: int | None
    created_at_us: int
    updated_at_us: int

    @property
    def is_archived(self) -> bool:
        return self.archived_at_us is not None


@dataclass(frozen=True, slots=True)
class ProductBarcode:
    """A code and the quantity it stands for."""

    id: int
    product_id: int
    code: str
    """As it was written or printed."""
    lookup_key: str
    quantity_milli: int
    """Thousandths of the product's unit: a case of twelve has 12000."""
    kind: str
    """`gtin`, `in-store` (restricted circulation) or `code`."""


@dataclass(frozen=True, slots=True)
class SupplierTerms:
    """How a product is bought from one supplier."""

    supplier: str
    supplier_id: int
    supplier_code: str
    pack_milli: int
    """Only whole packs can be ordered."""
    minimum_milli: int
    unit_cost_e4: int | None
    """Of one unit, in 1/10,000 of the currency unit."""
    lead_time_days: int | None


@dataclass(frozen=True, slots=True)
class ReorderLevels:
    """When to order, and up to where."""

    site: str | None
    """The code of the site; None: for the whole shop."""
    site_id: int | None
    reorder_point_milli: int
    order_up_to_milli: int


@dataclass(frozen=True, slots=True)
class PricePoint:
    """The selling price from an instant on; None: it had none."""

    price_minor: int | None
    valid_from_us: int
    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """Who changed which field, from what to what, and when."""

    field: str
    old_value: str | None
    new_value: str | None
    changed_at_us: int
    actor: str


@dataclass(frozen=True, slots=True)
class ProductDetail:
    """Everything that is kept about a product, beside its stock."""

    product: Product
    barcodes: tuple[ProductBarcode, ...]
    suppliers: tuple[SupplierTerms, ...]
    rules: tuple[ReorderLevels, ...]
    """The shop's rule first, then those of sites."""
    prices: tuple[PricePoint, ...]
    """The newest first."""
    merged_skus: tuple[str, ...]
    """SKUs of products that were merged into this one."""


_PRODUCT = (
    "SELECT p.id, p.sku, p.name, p.label_name, c.name, p.unit, p.net_content_milli, p.net_content_unit, "
    "p.price_minor, p.tax_rate_milli, p.price_includes_tax, p.weight_g, p.length_mm, p.width_mm, "
    "p.height_mm, p.tracking, b.code, p.preferred_bin_id, p.notes, p.archived_at_us, p.merged_into_id, "
    "p.created_at_us, p.updated_at_us FROM product p LEFT JOIN category c ON c.id = p.category_id "
    "LEFT JOIN location b ON b.id = p.preferred_bin_id WHERE p.id = ?"
)
# A posting refers to the product at the same time; that must not wait for this lock.
_PRODUCT_LOCKED = _PRODUCT + " FOR NO KEY UPDATE OF p"
# In two parts, since the rules of the shop and those of sites have an index each.
_RULES = (
    "SELECT NULL, NULL, reorder_point_milli, order_up_to_milli, 0 FROM reorder_rule "
    "WHERE product_id = ? AND site_id IS NULL "
    "UNION ALL SELECT b.code, r.site_id, r.reorder_point_milli, r.order_up_to_milli, r.site_id "
    "FROM reorder_rule r JOIN location b ON b.id = r.site_id WHERE r.product_id = ? "
    "AND r.site_id IS NOT NULL ORDER BY 5"
)
_INCLUDES_TAX = 10


def product_in(session: Session, product_id: int, *, lock: bool = False) -> Product:
    """The product with this id; with `lock`, nobody else changes it until the transaction ends.

    Raises NotFound.
    """
    sql = _PRODUCT_LOCKED if lock and session.engine == "postgres" else _PRODUCT
    row: Any = session.row(sql, (product_id,))
    if row is None:
        raise NotFound(tr("There is no such product."), field="product")
    includes = row[_INCLUDES_TAX]
    if includes is not None:
        row = (*row[:_INCLUDES_TAX], bool(includes), *row[_INCLUDES_TAX + 1 :])
    return Product(*row)


def changeable_in(session: Session, product_id: int) -> Product:
    """The product, locked. Raises NotFound, and Refused for one that was merged into another."""
    product = product_in(session, product_id, lock=True)
    if product.merged_into_id is not None:
        kept = session.value("SELECT sku FROM product WHERE id = ?", (product.merged_into_id,))
        raise Refused(
            tr("{sku} was merged into {kept}; change that one.", sku=product.sku, kept=kept), field="product"
        )
    return product


def barcodes_in(session: Session, product_id: int) -> tuple[ProductBarcode, ...]:
    """The product's barcodes, single pieces before packs."""
    rows = session.rows(
        "SELECT id, product_id, code, lookup_key, quantity_milli, kind FROM barcode WHERE product_id = ? "
        "ORDER BY quantity_milli, id",
        (product_id,),
    )
    return tuple(ProductBarcode(*row) for row in rows)


def suppliers_in(session: Session, product_id: int) -> tuple[SupplierTerms, ...]:
    """From whom the product is bought, in the order they were added to the shop."""
    rows = session.rows(
        "SELECT s.name, s.id, t.supplier_code, t.pack_milli, t.minimum_milli, t.unit_cost_e4, "
        "t.lead_time_days FROM product_supplier t JOIN supplier s ON s.id = t.supplier_id "
        "WHERE t.product_id = ? ORDER BY s.id",
        (product_id,),
    )
    return tuple(SupplierTerms(*row) for row in rows)


def rules_in(session: Session, product_id: int) -> tuple[ReorderLevels, ...]:
    """The product's reorder rules, the shop's first."""
    return tuple(ReorderLevels(*row[:4]) for row in session.rows(_RULES, (product_id, product_id)))


def prices_in(session: Session, product_id: int) -> tuple[PricePoint, ...]:
    """The history of the selling price, the newest first."""
    rows = session.rows(
        "SELECT price_minor, valid_from_us, actor, reason FROM price WHERE product_id = ? ORDER BY id DESC",
        (product_id,),
    )
    return tuple(PricePoint(*row) for row in rows)


def changes_in(session: Session, product_id: int, limit: int) -> tuple[ChangeLine, ...]:
    """What was changed about a product, the newest first."""
    rows = session.rows(
        "SELECT field, old_value, new_value, changed_at_us, actor FROM change "
        "WHERE noun = 'product' AND noun_id = ? ORDER BY id DESC LIMIT ?",
        (product_id, limit),
    )
    return tuple(ChangeLine(*row) for row in rows)


def family_ids(session: Session, product_id: int) -> tuple[int, ...]:
    """The product and those merged into it: whose movements its history is made of."""
    rows = session.rows("SELECT id FROM product WHERE merged_into_id = ? ORDER BY id", (product_id,))
    return (product_id, *(row[0] for row in rows))


def detail_in(session: Session, product_id: int) -> ProductDetail:
    """Everything about a product. Raises NotFound."""
    merged = session.rows("SELECT sku FROM product WHERE merged_into_id = ? ORDER BY id", (product_id,))
    return ProductDetail(
        product=product_in(session, product_id),
        barcodes=barcodes_in(session, product_id),
        suppliers=suppliers_in(session, product_id),
        rules=rules_in(session, product_id),
        prices=prices_in(session, product_id),
        merged_skus=tuple(row[0] for row in merged),
    )
