"""Shopify's product export: one row a variant, the product's own words only on its first row, and
rows that hold nothing but another picture."""

from __future__ import annotations

from html import unescape

from stockshop.language import tr
from stockshop.services.importing.markup import html_to_text
from stockshop.services.importing.raw import AT, Raw, ShopReader, cell

_OWN_WORDS = ("name", "category", "supplier", "notes", "archived")


class ShopifyReader(ShopReader):
    """Carries title, type, vendor, description and option names on to a product's variants."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._handle = self.index("Handle")
        self._tags = self.index("Tags")
        self._gift = self.index("Gift Card")
        self._type = self.index("Type")
        self._custom_type = self.index("Custom Product Type")
        self._options = [
            (self.index(f"Option{number} Name"), self.index(f"Option{number} Value")) for number in (1, 2, 3)
        ]
        self._products: dict[str, tuple[list[str], list[str]]] = {}

    def survey(self, row: int, values: list[str]) -> None:
        """Remember the product's own words, wherever in the file its first row stands."""
        handle = cell(values, self._handle)
        if not handle or not values[self.recognised.columns["name"]].strip():
            return
        if handle not in self._products:
            texts = self.pick(values)
            words = [texts[AT[name]] for name in _OWN_WORDS]
            words[1] = self._category(values, words[1])
            names = [cell(values, name).casefold() for name, _ in self._options]
            self._products[handle] = (words, names)

    def read(self, row: int, values: list[str]) -> Raw | None:
        """One variant; None for a picture's row and for a gift card."""
        handle = cell(values, self._handle)
        texts = list(self.pick(values))
        options = [cell(values, value) for _, value in self._options]
        has_title = bool(texts[AT["name"]].strip())
        said = ("sku", "price", "barcodes")
        if not has_title and not any(options) and not any(texts[AT[name]].strip() for name in said):
            return None
        if cell(values, self._gift).casefold() == "true":
            self.leave_out(row, "Gift Card", handle, tr("A gift card is not stock; left out."))
            return None
        words, names = self._products.get(handle, (["", "", "", "", ""], ["", "", ""]))
        for name, word in zip(_OWN_WORDS, words, strict=True):
            texts[AT[name]] = word
        is_single = names[0] == "title" and options[0] == "Default Title"
        meant = [] if is_single else [option for option in options if option]
        title = unescape(texts[AT["name"]].strip())
        texts[AT["name"]] = f"{title} - {' / '.join(meant)}" if meant and title else title
        texts[AT["notes"]] = html_to_text(texts[AT["notes"]])
        texts[AT["archived"]] = _archived(texts[AT["archived"]])
        texts[AT["tax_rate"]] = "0" if texts[AT["tax_rate"]].strip().casefold() == "false" else ""
        return Raw(texts, stem=" ".join((handle, *meant)))

    def _category(self, values: list[str], category: str) -> str:
        """The type; where there is none, the end of Shopify's own path of categories, or the first tag."""
        found = cell(values, self._type) or cell(values, self._custom_type)
        if not found and category.strip():
            found = category.rpartition(">")[2].strip()
        return unescape(found or cell(values, self._tags).partition(",")[0].strip())


def _archived(status: str) -> str:
    status = status.strip().casefold()
    return "" if not status else "true" if status == "archived" else "false"
