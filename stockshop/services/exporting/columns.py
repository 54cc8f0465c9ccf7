"""The columns of our own files, in order. They are a public interface: added to, never renamed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an export: the heading, and whether its cells are numbers, or instants in ISO 8601."""

    name: str
    is_number: bool = False
    is_instant: bool = False
    """A spreadsheet shows it as its owner writes dates, in the shop's own time."""


def _columns(names: str, numbers: str, instants: str = "") -> tuple[Column, ...]:
    numeric, timely = frozenset(numbers.split()), frozenset(instants.split())
    return tuple(Column(name, name in numeric, name in timely) for name in names.split())


PRODUCTS = _columns(
    "sku name label_name category unit price price_includes_tax tax_rate net_content net_content_unit "
    "barcodes weight_g length_mm width_mm height_mm tracking preferred_bin reorder_point order_up_to "
    "supplier supplier_code supplier_pack minimum_order notes archived",
    "price tax_rate net_content weight_g length_mm width_mm height_mm reorder_point order_up_to "
    "supplier_pack minimum_order",
)
"""`tax_rate` is in percent, `barcodes` as in `format_barcodes`, yes and no are `true` and `false`."""

STOCK = _columns("sku barcode name bin lot expiry quantity unit_cost", "quantity unit_cost")

MOVEMENTS = _columns(
    "entry line at recorded_at kind sku name lot quantity from to value price reference note actor reverses",
    "line quantity value price",
    "at recorded_at",
)
