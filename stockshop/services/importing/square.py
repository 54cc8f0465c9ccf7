"""Square's catalogue export (a row a variation, quantities by location) and its report of item sales."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from stockshop.errors import InvalidInput
from stockshop.language import tr
from stockshop.quantity import parse_decimal
from stockshop.services.importing.raw import AT, Raw, ShopReader, cell

_QUANTITY = re.compile(r"current quantity\s*(.*)", re.IGNORECASE)
_ALERT = re.compile(r"stock alert count\b", re.IGNORECASE)
_TAX = re.compile(r"tax\s*-.*?\(([0-9.,]+)\s*%\)\s*", re.IGNORECASE)
_REGULAR = frozenset(("", "regular", "normal", "standard"))
_NOT_ON_A_SHELF = ("digital", "service", "event", "donation", "membership", "gift card", "class")


class SquareReader(ShopReader):
    """Names variations, adds up the taxes that apply, and takes the quantity of every location."""

    def __post_init__(self) -> None:
        super().__post_init__()
        headers = self.recognised.table.headers
        self._variation = self.index("Variation Name")
        self._type = self.index("Item Type")
        self._places = [
            (index, found[1].strip())
            for index, header in enumerate(headers)
            if (found := _QUANTITY.match(header))
        ]
        self._alerts = [index for index, header in enumerate(headers) if _ALERT.match(header)]
        self._taxes = [
            (index, found[1]) for index, header in enumerate(headers) if (found := _TAX.fullmatch(header))
        ]

    def read(self, row: int, values: list[str]) -> Raw | None:
        """One variation; None for what is no goods."""
        kind = cell(values, self._type).casefold()
        if any(word in kind for word in _NOT_ON_A_SHELF):
            name = cell(values, self.recognised.columns["name"])
            self.leave_out(
                row, "Item Type", name, tr("'{kind}' is not on any shelf; left out.", kind=kind[:30])
            )
            return None
        texts = list(self.pick(values))
        variation = cell(values, self._variation)
        name = texts[AT["name"]].strip()
        stem = name
        if variation.casefold() not in _REGULAR and name:
            texts[AT["name"]] = f"{name} - {variation}"
            stem = f"{name} {variation}"
        if texts[AT["price"]].strip().casefold() == "variable":
            texts[AT["price"]] = ""
        texts[AT["tax_rate"]] = self._tax(values)
        texts[AT["category"]] = texts[AT["category"]].partition(",")[0]
        texts[AT["reorder_point"]] = next(
            (count for index in self._alerts if (count := cell(values, index))), ""
        )
        is_single = len(self._places) == 1
        quantities = [
            (values[index], None if is_single else place)
            for index, place in self._places
            if cell(values, index)
        ]
        return Raw(texts, stem=stem, quantities=quantities)

    def _tax(self, values: list[str]) -> str:
        applied = [rate for index, rate in self._taxes if cell(values, index).casefold() in ("y", "yes")]
        if not applied:
            return ""
        return f"{sum((parse_decimal(rate, field='tax_rate') for rate in applied), Decimal(0)):f}"


class SquareSalesReader(ShopReader):
    """A report of sales holds every item sold: each becomes a product, at its latest full price.

    Refunds tell nothing new; a quantity sold is not a quantity on hand.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        self._quantity = self.index("Qty")
        self._point = self.index("Price Point Name")
        self._when = (self.index("Date"), self.index("Time"))
        self._event = self.index("Event Type")
        self._latest: dict[tuple[str, str], tuple[str, int, list[str]]] = {}

    def survey(self, row: int, values: list[str]) -> None:
        """Keep the latest sale of each item."""
        name = cell(values, self.recognised.columns["name"])
        if not name or cell(values, self._event).casefold() == "refund":
            return
        gross = cell(values, self.recognised.columns["price"])
        if gross.startswith(("-", "(", "\u2212")) or cell(values, self._quantity).startswith("-"):
            return
        sku_at = self.recognised.columns.get("sku", -1)
        point = cell(values, self._point)
        what = ("sku", cell(values, sku_at)) if cell(values, sku_at) else (name, point)
        when = " ".join(cell(values, index) for index in self._when)
        known = self._latest.get(what)
        if known is None or when > known[0]:
            first = known[1] if known else row
            self._latest[what] = (when, first, values)

    def read(self, row: int, values: list[str]) -> Raw | None:
        """Nothing row by row; see `rest`."""
        return None

    def rest(self) -> Iterator[tuple[int, Raw]]:
        """Each item once, under the row where it is first sold."""
        for _, row, values in sorted(self._latest.values(), key=lambda sale: sale[1]):
            texts = list(self.pick(values))
            name, point = texts[AT["name"]].strip(), cell(values, self._point)
            stem = name
            if point.casefold() not in _REGULAR:
                texts[AT["name"]] = f"{name} - {point}"
                stem = f"{name} {point}"
            texts[AT["price"]] = _each(texts[AT["price"]], cell(values, self._quantity))
            yield row, Raw(texts, stem=stem)


def _each(gross: str, quantity: str) -> str:
    """The price of one, written with the sign of the total; what cannot be divided stays as it is."""
    try:
        count = parse_decimal(quantity) if quantity else Decimal(1)
        total = parse_decimal(gross)
    except InvalidInput:
        return gross
    if count in (0, 1):
        return gross
    sign = "".join(char for char in gross if not (char.isdigit() or char in ".,'-+() "))
    return f"{sign}{(total / count).quantize(Decimal('0.01')):f}"
