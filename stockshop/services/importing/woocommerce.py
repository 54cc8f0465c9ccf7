"""WooCommerce's product export: variations name their parent by id or SKU, and what is not on
a shelf is left out."""

from __future__ import annotations

import re
from html import unescape

from stockshop.language import mark, tr
from stockshop.services.importing.markup import html_to_text
from stockshop.services.importing.raw import AT, Raw, ShopReader, cell

_ATTRIBUTE = re.compile(r"attribute(\d+)value")
_COMMA = re.compile(r"(?<!\\),")
_NOT_ON_A_SHELF = {
    "virtual": mark("A virtual product is not on any shelf; left out."),
    "downloadable": mark("A download is not on any shelf; left out."),
    "grouped": mark("A group only points to other products; left out."),
    "external": mark("It is sold on another site; left out."),
}


class WooReader(ShopReader):
    """Gives variations the name and category of their parent, which is itself not stock."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._id = self.index("ID")
        self._type = self.index("Type")
        self._parent = self.index("Parent")
        self._short = self.index("Short description")
        self._sku = self.recognised.columns["sku"]
        self._attributes = [
            index for word, index in sorted(self._by_key.items()) if _ATTRIBUTE.match(word) and index >= 0
        ]
        self._parents: dict[str, tuple[str, ...]] = {}
        self._has_variation: set[str] = set()

    def survey(self, row: int, values: list[str]) -> None:
        """Remember the parents, which may stand below their variations."""
        kinds = self._kinds(values)
        if "variable" in kinds:
            texts = self.pick(values)
            for reference in self._references(values):
                self._parents[reference] = texts
        elif "variation" in kinds:
            self._has_variation.add(cell(values, self._parent))

    def read(self, row: int, values: list[str]) -> Raw | None:
        """A product or a variation; None for a parent and for what cannot be stocked."""
        kinds = self._kinds(values)
        name = cell(values, self.recognised.columns["name"])
        for kind, why in _NOT_ON_A_SHELF.items():
            if kind in kinds:
                self.leave_out(row, "Type", name, tr(why))
                return None
        if "variable" in kinds:
            if not self._has_variation.intersection(self._references(values)):
                self.leave_out(row, "Type", name, tr("Its variations are not in the file; left out."))
            return None
        texts = list(self.pick(values))
        stem = ""
        if "variation" in kinds:
            stem = self._inherit(texts, values)
        elif not texts[AT["notes"]].strip():
            texts[AT["notes"]] = cell(values, self._short)
        texts[AT["name"]] = unescape(texts[AT["name"]])
        texts[AT["category"]] = _first_category(texts[AT["category"]])
        texts[AT["notes"]] = html_to_text(texts[AT["notes"]].replace("\\n", "\n"))
        texts[AT["tax_rate"]] = "0" if texts[AT["tax_rate"]].strip() == "none" else ""
        return Raw(texts, stem=stem)

    def _kinds(self, values: list[str]) -> set[str]:
        return {kind.strip().casefold() for kind in cell(values, self._type).split(",")}

    def _references(self, values: list[str]) -> list[str]:
        number, sku = cell(values, self._id), cell(values, self._sku)
        return [reference for reference in (f"id:{number}" if number else "", sku) if reference]

    def _inherit(self, texts: list[str], values: list[str]) -> str:
        """Fill in what the parent says; return what a SKU can be made of."""
        reference = cell(values, self._parent)
        options = [option for index in self._attributes if (option := cell(values, index))]
        parent = self._parents.get(reference)
        if parent is None:
            return " ".join((texts[AT["name"]], *options)) if options else ""
        title = parent[AT["name"]].strip()
        if texts[AT["name"]].strip() in ("", title) and options:
            texts[AT["name"]] = f"{title} - {', '.join(options)}"
        for name in ("name", "category", "price", "notes", "weight", "length", "width", "height"):
            if not texts[AT[name]].strip():
                texts[AT[name]] = parent[AT[name]]
        return " ".join((parent[AT["sku"]].strip() or title, *options))


def _first_category(categories: str) -> str:
    """`Clothing > Tshirts, Sale` stands in two; the first is where the shop shows it."""
    return unescape(_COMMA.split(categories, maxsplit=1)[0].replace("\\,", ",").strip())
