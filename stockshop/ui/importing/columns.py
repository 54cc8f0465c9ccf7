"""Which column is which: our fields, and the headings of a file nobody recognised."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stockshop.errors import InvalidInput, ShopError
from stockshop.language import mark, tr
from stockshop.ui.safe import line
from stockshop.ui.screens.record_form import Field, RecordForm, Values

if TYPE_CHECKING:
    from pathlib import Path

    from stockshop.services.shop import Shop

_PRODUCT_FIELDS = (
    ("name", mark("Name *")),
    ("sku", mark("SKU")),
    ("price", mark("Price")),
    ("barcodes", mark("Barcode")),
    ("quantity", mark("On hand")),
    ("category", mark("Category")),
    ("unit", mark("Unit")),
    ("cost", mark("Cost")),
    ("tax_rate", mark("Tax rate")),
    ("supplier", mark("Supplier")),
    ("supplier_code", mark("Supplier's code")),
    ("preferred_bin", mark("Bin")),
    ("reorder_point", mark("Reorder point")),
    ("order_up_to", mark("Order up to")),
    ("net_content", mark("Content")),
    ("notes", mark("Notes")),
)
_STOCK_FIELDS = (
    ("sku", mark("SKU")),
    ("barcode", mark("Barcode")),
    ("quantity", mark("Quantity *")),
    ("bin", mark("Bin")),
    ("unit_cost", mark("Unit cost")),
    ("lot", mark("Lot")),
    ("expiry", mark("Expiry")),
)
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Headings:
    """The headings of a file, and what is known or guessed of them: our field to their heading."""

    headers: tuple[str, ...]
    guesses: dict[str, str]


@dataclass(frozen=True, slots=True)
class Mapped:
    """What a person said: our field to their heading; empty: there is none."""

    columns: dict[str, str]


def read_headings(shop: Shop, path: Path, *, is_stock: bool) -> Headings:
    """Look at a file's headings, in a thread. Raises what reading a file raises."""
    from stockshop.services.importing import mappings
    from stockshop.services.importing.formats import ColumnsUnknown, recognise, recognise_stock
    from stockshop.services.importing.tables import open_table

    table = open_table(path)
    kept = mappings.kept(shop, table.headers) or {}
    try:
        found = recognise_stock(table, mapping=kept) if is_stock else recognise(table, mapping=kept)
    except ColumnsUnknown as error:
        return Headings(error.headers, kept)
    except ShopError:
        return Headings(table.headers, kept)
    headers = found.table.headers
    return Headings(headers, {name: headers[index] for name, index in found.columns.items()})


class ColumnsForm(RecordForm[Mapped]):
    """For each field the column that holds it; left and right choose, a letter goes to one."""

    def __init__(self, headings: Headings, *, is_stock: bool) -> None:
        self._is_stock = is_stock
        self._headers = headings.headers
        # By number: two columns may have the same heading, and headings hold anything.
        choices = [("", tr("– not in the file –"))]
        choices += [(str(number), line(header)[:_SHOWN] or tr("column {number}", number=number + 1))
                    for number, header in enumerate(headings.headers)]  # fmt: skip
        fields = [
            Field(name, tr(label), self._number(headings.guesses.get(name)), choices=choices)
            for name, label in (_STOCK_FIELDS if is_stock else _PRODUCT_FIELDS)
        ]
        super().__init__(
            tr("Which column is which?"),
            fields,
            self._read,
            text=tr("← and → choose the column of the file. Kept for files with the same headings."),
            ok=tr("Look again"),
        )

    def _number(self, header: str | None) -> str:
        return str(self._headers.index(header)) if header in self._headers else ""

    def _read(self, values: Values) -> Mapped:
        seen: dict[str, str] = {}
        for name, number in values.items():
            if number and number in seen:
                raise InvalidInput(
                    tr("That column is given to '{field}' already.", field=seen[number]), field=name
                )
            seen[number] = name
        if self._is_stock:
            if not values["quantity"]:
                raise InvalidInput(tr("Say which column holds the quantity."), field="quantity")
            if not values["sku"] and not values["barcode"]:
                raise InvalidInput(tr("Say which column tells the product: SKU or barcode."), field="sku")
        elif not values["name"]:
            raise InvalidInput(tr("Say which column holds the product's name."), field="name")
        return Mapped({name: self._headers[int(number)] if number else "" for name, number in values.items()})
