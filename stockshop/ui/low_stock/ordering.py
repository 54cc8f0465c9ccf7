"""Marking what is low as ordered: one product with its quantity, or all that is listed of a supplier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from stockshop.errors import InvalidInput
from stockshop.ids import new_id
from stockshop.language import tr, trn
from stockshop.quantity import check_decimals
from stockshop.ui.products.product_form import read_quantity, typed_milli
from stockshop.ui.screens.record_form import Field, RecordForm, Values
from stockshop.ui.wording import Wording

if TYPE_CHECKING:
    from stockshop.services.ordering import Order
    from stockshop.services.reports import LowRow
    from stockshop.services.shop import Shop

_NAMED = 4


class OrderForm(RecordForm["Order"]):
    """Saving opens a purchase order with what is suggested; of a single product so many as are typed."""

    def __init__(self, shop: Shop, actor: str, rows: Sequence[LowRow], words: Wording) -> None:
        self._shop, self._actor, self._rows = shop, actor, tuple(rows)
        self._own_id = new_id()
        fields = [Field("reference", tr("Reference"), "", tr("the number of your order, or nothing"))]
        if len(rows) == 1:
            suggested = rows[0].suggested_milli
            fields.insert(
                0, Field("quantity", tr("Quantity"), typed_milli(suggested or None, words.locale), decimals=3)
            )
        goods = [
            tr(
                "{quantity} {product}",
                quantity=words.quantity(row.suggested_milli, row.unit),
                product=row.name,
            )
            for row in rows[:_NAMED]
        ]
        if len(rows) > _NAMED:
            goods.append(trn("{count} more", "{count} more", len(rows) - _NAMED,
                             count=words.whole(len(rows) - _NAMED)))  # fmt: skip
        said = rows[0].name if len(rows) == 1 else ", ".join(goods)
        text = tr("{goods}. From then on it counts as on order, until it has come (Ctrl+R lists what is "
                  "expected).", goods=said)  # fmt: skip
        supplier = rows[0].supplier
        title = tr("Ordered from {supplier}", supplier=supplier) if supplier else tr("Ordered")
        super().__init__(title, fields, self._store, text=text, ok=tr("Mark as ordered"))

    def _store(self, values: Values) -> Order:
        from stockshop.services import ordering

        lines: list[tuple[str | int, int]] = [(row.product_id, row.suggested_milli) for row in self._rows]
        if len(self._rows) == 1:
            row = self._rows[0]
            quantity_milli = read_quantity(values["quantity"], "quantity")
            if not quantity_milli:
                raise InvalidInput(tr("Type how many were ordered."), field="quantity")
            check_decimals(quantity_milli, row.unit)
            lines = [(row.product_id, quantity_milli)]
        return ordering.open_order(
            self._shop, self._actor, "purchase", lines, supplier=self._rows[0].supplier,
            reference=values["reference"], client_id=self._own_id,
        )  # fmt: skip
