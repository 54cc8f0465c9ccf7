"""The columns of what runs low."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from stockshop.language import tr
from stockshop.ui.low_stock.words import until, why
from stockshop.ui.widgets.memory import Item
from stockshop.ui.widgets.record_list import Column
from stockshop.ui.wording import Wording

if TYPE_CHECKING:
    from stockshop.services.reports import LowRow
    from stockshop.services.running_low import LowFacts

LowItem = Item["LowRow"]
Facts = Callable[["LowRow"], "LowFacts | None"]


def columns(words: Wording, facts: Facts) -> tuple[Column[LowItem], ...]:
    """What is low, why, until when it lasts, and what to order."""

    def tone(item: LowItem) -> str:
        return "bad" if item.value.available_milli <= 0 else "warn"

    def order(item: LowItem) -> str:
        row = item.value
        # What the books do not know cannot be filled up.
        return tr("count") if row.on_hand_milli < 0 else words.quantity(row.suggested_milli, row.unit)

    return (
        Column(tr("Product"), lambda item: item.value.name, least=20, weight=3, cut="middle"),
        Column(tr("Why"), lambda item: why(item.value, words, facts(item.value)), least=30, weight=2,
               tone=tone),
        Column(tr("Until"), lambda item: until(item.value, facts(item.value), words), width=8, align="right"),
        Column(tr("Order"), order, width=8, align="right",
               tone=lambda item: "bad" if item.value.on_hand_milli < 0 else ""),
        Column(tr("Supplier"), lambda item: item.value.supplier or "–", least=10, weight=2,
               tone=lambda _: "quiet", from_width=92),
        Column(tr("Their code"), lambda item: item.value.supplier_code, width=12, tone=lambda _: "quiet",
               from_width=110),
        Column(tr("SKU"), lambda item: item.value.sku, width=12, tone=lambda _: "quiet", from_width=124),
    )  # fmt: skip
