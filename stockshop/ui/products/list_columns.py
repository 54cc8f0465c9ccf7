"""The columns of the list of products, and the orders it can be sorted in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from rich.cells import cell_len

from stockshop.language import mark, tr
from stockshop.ui.widgets.record_list import Column
from stockshop.ui.wording import Wording

if TYPE_CHECKING:
    from stockshop.services.catalogue import ProductRow

SORTS = (
    ("name", mark("Product")),
    ("sku", mark("SKU")),
    ("price", mark("Price")),
    ("on_hand", mark("On hand")),
    ("category", mark("Category")),
)
"""(order, heading)."""
_ON_HAND_CELLS = 10


def _stock_tone(row: ProductRow) -> str:
    if row.is_below_zero or row.on_hand_milli < 0:
        return "bad"
    return "warn" if row.is_low else "quiet" if row.is_out else ""


def _on_hand(row: ProductRow) -> str:
    sign = (
        "✗ " if row.is_archived else "▼ " if row.is_below_zero or row.is_low else "○ " if row.is_out else ""
    )
    measured = sign + Wording(row.currency, row.locale).quantity(row.on_hand_milli, row.unit)
    # The number matters more than its unit: where both have no room, it is not cut.
    return measured if cell_len(measured) <= _ON_HAND_CELLS else sign + row.on_hand


def _bins(row: ProductRow) -> str:
    others = f" +{len(row.held) - 1}" if len(row.held) > 1 else ""
    return f"{row.main_bin}{others}"


def columns(
    order: str, *, descending: bool = False, is_marked: Callable[[int], bool] | None = None
) -> tuple[Column[ProductRow], ...]:
    """The list's columns; the one it is sorted by has an arrow. With `is_marked` names get ticks."""

    def head(name: str) -> str:
        arrow = (" ▼" if descending else " ▲") if name == order else ""
        return tr(dict(SORTS)[name]) + arrow

    def named(row: ProductRow) -> str:
        if is_marked is None:
            return row.name
        return ("✓ " if is_marked(row.id) else "  ") + row.name

    def tone(row: ProductRow) -> str:
        if is_marked is not None and is_marked(row.id):
            return "good"
        return "quiet" if row.is_archived else ""

    # Where it is sorted by category, the category matters more than the other places' number.
    by_category = order == "category"
    return (
        Column(head("name"), named, weight=3, least=16, cut="middle", tone=tone),
        Column(head("sku"), lambda row: row.sku, width=13, cut="middle", tone=lambda _: "quiet",
               from_width=84 if by_category else 0),
        Column(head("category"), lambda row: row.category or "", width=16, tone=lambda _: "quiet",
               from_width=60 if by_category else 104),
        Column(head("price"), lambda row: row.price, width=9, align="right"),
        Column(head("on_hand"), _on_hand, width=_ON_HAND_CELLS, align="right", tone=_stock_tone),
        Column(tr("Avail."), lambda row: row.available, width=8, align="right", from_width=88),
        Column(tr("Bins"), _bins, width=9, tone=lambda _: "quiet", from_width=90 if by_category else 74),
    )  # fmt: skip


COLUMN_SORTS = ("name", "sku", "category", "price", "on_hand", "", "")
"""The order of each column, for a click on its heading."""
