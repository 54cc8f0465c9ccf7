"""The forms over a product: adding one, changing one, putting a barcode on it."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TYPE_CHECKING

from stockshop import money
from stockshop.errors import Conflict, InvalidInput
from stockshop.language import tr
from stockshop.quantity import UNITS, find_unit, from_milli, parse_decimal, to_milli, unit_sign
from stockshop.ui.screens.record_form import Field, RecordForm, Values

if TYPE_CHECKING:
    from stockshop.services.catalogue import Product, ProductBarcode, ProductDetail, ProductFields
    from stockshop.services.shop import Shop

_CONTENT = re.compile(r"\s*([\d.,\u2212-]+)\s*(\D.*)")
_ALIASES = {
    "price_minor": "price",
    "tax_rate_milli": "tax_rate",
    "price_includes_tax": "tax_in_price",
    "net_content_milli": "net_content",
    "net_content_unit": "net_content",
}


@lru_cache(maxsize=8)
def decimal_mark(locale: str) -> str:
    """What this locale writes before the decimals, where a number field takes it: comma or point."""
    from babel.numbers import get_decimal_symbol

    return "," if get_decimal_symbol(locale) == "," else "."


def typed(value: Decimal, locale: str) -> str:
    """A number as it stands in a field: no grouping, the locale's mark."""
    return f"{value:f}".replace(".", decimal_mark(locale))


def typed_milli(quantity_milli: int | None, locale: str) -> str:
    """Thousandths as they stand in a field."""
    return "" if quantity_milli is None else typed(from_milli(quantity_milli), locale)


def read_number(text: str, field: str) -> Decimal | None:
    """A field's number, with comma or point; None for an empty field. Raises InvalidInput."""
    if not text:
        return None
    try:
        return Decimal(text.replace("\u2212", "-").replace(",", "."))
    except InvalidOperation as error:
        raise InvalidInput(tr("'{text}' is not a number.", text=text[:30]), field=field) from error


def read_quantity(text: str, field: str) -> int | None:
    """A field's quantity in thousandths; None for an empty field. Raises InvalidInput."""
    value = read_number(text, field)
    return None if value is None else to_milli(value, field=field)


def _fields(shop: Shop, detail: ProductDetail | None, barcode: str) -> list[Field]:
    from stockshop.services import catalogue, locations

    product = detail.product if detail is not None else None
    locale, currency = shop.settings.locale, shop.currency
    rule = next((rule for rule in detail.rules if rule.site is None), None) if detail is not None else None
    point, up_to = (rule.reorder_point_milli, rule.order_up_to_milli) if rule is not None else (None, None)
    tax = product.tax_rate_milli if product is not None else None
    price = product.price_minor if product is not None else None
    net = ""
    if product is not None and product.net_content_milli is not None:
        net = f"{typed_milli(product.net_content_milli, locale)} {product.net_content_unit}"
    shops_tax = typed_milli(shop.settings.tax_rate_milli, locale)
    bins = [place.code for place in locations.places(shop) if place.kind == "bin"]
    includes = None if product is None else product.price_includes_tax
    digits = money.minor_digits(currency)
    price_text = "" if price is None else typed(money.from_minor(price, currency), locale)
    first = [
        Field("name", tr("Name"), product.name if product else "", tr("what it is called")),
        Field("price", tr("Price {currency}", currency=currency), price_text, tr("of one unit"),
              decimals=digits, whole_digits=9),
    ]  # fmt: skip
    if product is None:
        first.append(
            Field("barcode", tr("Barcode"), barcode, tr("scan it, or leave it empty"), takes_scan=True)
        )
    return [
        *first,
        Field("sku", tr("SKU"), product.sku if product else "", tr("empty: one is made")),
        Field("category", tr("Category"), (product.category or "") if product else "",
              tr("a group of products"), offers=catalogue.categories(shop)),
        Field("unit", tr("Unit"), unit_sign(product.unit if product else "each"), tr("each, kg, l, m …"),
              offers=tuple(unit_sign(unit) for unit in UNITS)),
        Field("preferred_bin", tr("Belongs in bin"), (product.preferred_bin or "") if product else "",
              tr("where it is put away"), offers=bins, takes_scan=product is not None),
        Field("reorder_point", tr("Reorder at"), typed_milli(point, locale),
              tr("when this few are left"), decimals=3),
        Field("order_up_to", tr("Order up to"), typed_milli(up_to, locale),
              tr("a full shelf"), decimals=3),
        Field("label_name", tr("Name on labels"), product.label_name if product else "",
              tr("when the name is long")),
        Field("net_content", tr("Content"), net, tr("500 g: for the price per kilo")),
        Field("tax_rate", tr("Tax %"), typed_milli(tax, locale),
              tr("empty: the shop's {rate}", rate=shops_tax), decimals=3, whole_digits=3),
        Field("tax_in_price", tr("Price is"), {None: "", True: "yes", False: "no"}[includes],
              choices=(("", tr("as in the whole shop")), ("yes", tr("with tax")), ("no", tr("without tax")))),
        Field("tracking", tr("Kept by"), product.tracking if product else "none",
              choices=(("none", tr("quantity alone")), ("lot", tr("lots with dates")))),
        Field("notes", tr("Notes"), product.notes if product else "", is_note=True),
    ]  # fmt: skip


def _read(shop: Shop, values: Values) -> tuple[ProductFields, tuple[int, int] | None]:
    content_milli, content_unit = _net_content(values["net_content"])
    price = read_number(values["price"], "price")
    tax_rate = read_quantity(values["tax_rate"], "tax_rate")
    fields: ProductFields = {
        "name": values["name"],
        "sku": values["sku"] or None,
        "label_name": values["label_name"],
        "category": values["category"] or None,
        "unit": find_unit(values["unit"]).code,
        "price_minor": None if price is None else money.to_minor(price, shop.currency, field="price"),
        "tax_rate_milli": tax_rate,
        "price_includes_tax": {"": None, "yes": True, "no": False}[values["tax_in_price"]],
        "net_content_milli": content_milli,
        "net_content_unit": content_unit,
        "preferred_bin": values["preferred_bin"] or None,
        "tracking": values["tracking"],
        "notes": values["notes"],
    }
    point = read_quantity(values["reorder_point"], "reorder_point")
    up_to = read_quantity(values["order_up_to"], "order_up_to")
    if point is None and up_to is None:
        return fields, None
    if point is None:
        raise InvalidInput(
            tr("Say at how many it is ordered again, or leave both empty."), field="reorder_point"
        )
    # A shelf full is twice what it is ordered at, where nobody says.
    return fields, (point, up_to if up_to is not None else 2 * point)


def _net_content(text: str) -> tuple[int | None, str | None]:
    if not text:
        return None, None
    found = _CONTENT.fullmatch(text)
    if found is None:
        raise InvalidInput(tr("A content is a number and its unit, such as 500 g."), field="net_content")
    value = parse_decimal(found[1], field="net_content")
    unit = find_unit(found[2], field="net_content")
    return to_milli(value, field="net_content"), unit.code


class ProductForm(RecordForm["Product"]):
    """A product's fields; a new product that is probably there already is asked about once."""

    def __init__(
        self, shop: Shop, actor: str, detail: ProductDetail | None = None, *, barcode: str = ""
    ) -> None:
        if detail is not None:
            title, draft_key = tr("Change {sku}", sku=detail.product.sku), f"product.{detail.product.id}"
        else:
            # Another code is another product: what was typed for one is not brought back for the next.
            title, draft_key = tr("A new product"), f"product.new.{barcode}".rstrip(".")
        super().__init__(
            title, _fields(shop, detail, barcode), self._store, aliases=_ALIASES, draft_key=draft_key
        )
        self._shop, self._actor, self._detail = shop, actor, detail
        self._warned_of = ""

    def _store(self, values: Values) -> Product:
        from stockshop.services import catalogue

        detail = self._detail
        fields, rule = _read(self._shop, values)
        if detail is not None:
            if fields["sku"] is None:
                fields["sku"] = detail.product.sku
            return catalogue.save_product(self._shop, self._actor, detail.product.id, fields, rule=rule)
        self._warn(values)
        return catalogue.save_product(
            self._shop, self._actor, None, fields, rule=rule, barcode=values["barcode"]
        )

    def _warn(self, values: Values) -> None:
        """The first time a likely double is told; saving again means that it is none."""
        from stockshop.services import catalogue

        asked = "\n".join((values["name"], values["sku"]))
        if asked == self._warned_of:
            return
        found = catalogue.near_duplicates(self._shop, values["name"], values["sku"])
        # The very same SKU is refused anyway, with better words.
        there = next((one for one in found if one.sku.casefold() != values["sku"].casefold()), None)
        if there is not None:
            self._warned_of = asked
            raise Conflict(
                tr(
                    "Probably there already: {name} ({sku}); {why}. Save again to add it anyway.",
                    name=there.name,
                    sku=there.sku,
                    why=there.why,
                ),
                field="name",
            )


class BarcodeForm(RecordForm["ProductBarcode"]):
    """A barcode for a product: scanned, typed, or a number of the shop's own."""

    def __init__(self, shop: Shop, actor: str, detail: ProductDetail, *, code: str = "") -> None:
        super().__init__(
            tr("A barcode for {product}", product=detail.product.name),
            (
                Field("barcode", tr("Barcode"), code, tr("scan it now; empty makes an own number"),
                      takes_scan=True),
                Field("quantity", tr("Stands for"), "1", tr("a case of twelve: 12"), decimals=3),
            ),
            self._store,
            text=tr("Scan the code on the product or on its box."),
            draft_key=f"product.{detail.product.id}.barcode.{code}".rstrip("."),
        )  # fmt: skip
        self._shop, self._actor, self._product_id = shop, actor, detail.product.id

    def _store(self, values: Values) -> ProductBarcode:
        from stockshop.services import catalogue

        quantity_milli = read_quantity(values["quantity"], "quantity")
        if quantity_milli is None:
            raise InvalidInput(tr("Say how many it stands for: 1 for a single piece."), field="quantity")
        if not values["barcode"]:
            return catalogue.make_in_store_barcode(self._shop, self._actor, self._product_id, quantity_milli)
        return catalogue.add_barcode(
            self._shop, self._actor, self._product_id, values["barcode"], quantity_milli
        )
