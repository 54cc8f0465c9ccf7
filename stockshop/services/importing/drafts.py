"""What an import hands on: checked products and stock, and everything wrong with the file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row cannot be taken, or what about it is to be known."""

    row: int
    column: str
    """The heading as the file has it."""
    value: str
    """What stands there, shortened."""
    why: str


@dataclass(frozen=True, slots=True)
class BarcodeDraft:
    """A code and the quantity it stands for, in thousandths of the unit."""

    code: str
    quantity_milli: int = 1_000


@dataclass(frozen=True, slots=True)
class OnHandDraft:
    """A quantity found in the file, in thousandths; `place` is a bin or a site as the file calls it."""

    quantity_milli: int
    place: str | None = None


@dataclass(frozen=True, slots=True)
class ProductDraft:
    """One product as a file describes it, cleaned and checked.

    None means that the file does not say. Where the reading's `speaks_for` names the field, the
    file is our own and None means empty.
    """

    row: int
    sku: str
    is_sku_made: bool
    """The file has no SKU for it; the same file always gives the same one."""
    name: str
    label_name: str | None
    category: str | None
    unit: str | None
    """A code of quantity.UNITS."""
    price_minor: int | None
    """In minor units of the shop's currency."""
    cost_e4: int | None
    """In 1/10,000 of the currency unit."""
    tax_rate_milli: int | None
    """In thousandths of a percent: 19 % is 19000."""
    price_includes_tax: bool | None
    net_content_milli: int | None
    """In thousandths of `net_content_unit`."""
    net_content_unit: str | None
    barcodes: tuple[BarcodeDraft, ...]
    weight_g: int | None
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    tracking: str | None
    """`none` or `lot`."""
    reorder_point_milli: int | None
    order_up_to_milli: int | None
    preferred_bin: str | None
    supplier: str | None
    supplier_code: str | None
    supplier_pack_milli: int | None
    minimum_order_milli: int | None
    notes: str | None
    archived: bool | None
    on_hand: tuple[OnHandDraft, ...]


@dataclass(frozen=True, slots=True)
class StockDraft:
    """A quantity of a product in a bin, as a file of opening stock gives it."""

    row: int
    sku: str | None
    barcode: str | None
    """At least one of the two is there."""
    bin: str | None
    lot: str | None
    expiry: str | None
    """ISO date."""
    quantity_milli: int
    unit_cost_e4: int | None
