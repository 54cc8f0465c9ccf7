"""Products: finding, adding, changing, archiving and merging them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

import click

from stockshop.cli import output
from stockshop.cli.base import Choices, group, subcommand
from stockshop.cli.catalogue_terms import GROUPS
from stockshop.language import mark, tr

if TYPE_CHECKING:
    from stockshop.services.catalogue import Product, ProductDetail, ProductRow
    from stockshop.services.shop import Shop

F = TypeVar("F", bound=Callable[..., Any])
_PAGE = 500


@group("product")
def product() -> None:
    """Products: find, add, change, price; barcodes, suppliers, reordering.

    \b
    Examples:
      stockshop product list tea
      stockshop product show 4006381333931
      stockshop product price TEA-100 3.49 --reason "New list of the supplier"
    """


for _commands in GROUPS:
    product.add_command(_commands)


@subcommand(product, "list")
@click.argument("words", nargs=-1, metavar="[WORD]...", help="Any part of name, SKU or barcode.")
@click.option("--category", metavar="NAME", help="Only this category.")
@click.option("--archived", is_flag=True, help="Only those out of use.")
@click.option("--limit", type=click.IntRange(min=1), help="At most so many (on a terminal 50).")
def list_products(
    choices: Choices, words: tuple[str, ...], category: str | None, archived: bool, limit: int | None
) -> None:
    """The catalogue, or what matches the words, by name.

    \b
    Examples:
      stockshop product list
      stockshop product list green tea
    """
    from itertools import islice

    with choices.open() as shop:
        rows = _listed(shop, " ".join(words), category, archived)
        if choices.json:
            output.emit_rows(_row_data(row, shop) for row in islice(rows, limit))
            return
        is_short = limit is None and sys.stdout.isatty()
        shown = list(islice(rows, 50 if is_short else limit))
        output.table(
            output.columns("sku ~name category >price >on_hand unit bins"),
            [
                (row.sku, row.name, row.category or "", row.price, row.on_hand, row.unit, row.bins)
                for row in shown
            ],
            empty=tr("No product matches."),
        )
        if is_short and len(shown) == 50:
            output.note(tr("These are the first 50; '--limit' shows more, a word fewer."))


def _listed(shop: Shop, text: str, category: str | None, archived: bool) -> Iterator[ProductRow]:
    from stockshop.services.catalogue import ProductListing

    listing = ProductListing(shop, text=text, category=category, archived=archived)
    page = listing.page_from(None, _PAGE)
    yield from page
    while len(page) == _PAGE:
        # The page begins with the row the last one ended with.
        page = listing.page_from(page[-1].key, _PAGE)
        yield from page[1:]


def _row_data(row: ProductRow, shop: Shop) -> dict[str, Any]:
    from stockshop.money import plain_price
    from stockshop.quantity import plain

    return {
        "sku": row.sku,
        "name": row.name,
        "category": row.category,
        "unit": row.unit,
        "price": None if row.price_minor is None else plain_price(row.price_minor, shop.currency),
        "on_hand": plain(row.on_hand_milli),
        "available": plain(row.available_milli),
        "on_order": plain(row.on_order_milli),
        "archived": row.is_archived,
    }


@subcommand(product, "show")
@click.argument("code", help="A SKU or any barcode.")
def show(choices: Choices, code: str) -> None:
    """Everything that is kept about a product.

    \b
    Example:
      stockshop product show TEA-100
    """
    from stockshop.services import catalogue

    with choices.open() as shop:
        found = catalogue.product(shop, catalogue.find_product(shop, code).id)
        data = _detail_data(found, shop)
        if choices.json:
            output.emit(data)
            return
        for key, value in data.items():
            if value not in (None, "", [], False):
                output.say(f"{output.heading(key):<20}{_detail_text(value)}")


def _detail_data(found: ProductDetail, shop: Shop) -> dict[str, Any]:
    from stockshop import clock
    from stockshop.money import plain_price, plain_value
    from stockshop.quantity import plain

    one = found.product

    def maybe(number: int | None) -> str | None:
        return None if number is None else plain(number)

    def price(minor: int | None) -> str | None:
        return None if minor is None else plain_price(minor, shop.currency)

    return {
        "sku": one.sku,
        "name": one.name,
        "label_name": one.label_name,
        "category": one.category,
        "unit": one.unit,
        "price": price(one.price_minor),
        "price_includes_tax": one.price_includes_tax,
        "tax_rate": maybe(one.tax_rate_milli),
        "net_content": maybe(one.net_content_milli),
        "net_content_unit": one.net_content_unit,
        "weight_g": one.weight_g,
        "length_mm": one.length_mm,
        "width_mm": one.width_mm,
        "height_mm": one.height_mm,
        "tracking": one.tracking,
        "preferred_bin": one.preferred_bin,
        "notes": one.notes,
        "archived": one.is_archived,
        "barcodes": [
            {"code": each.code, "quantity": plain(each.quantity_milli), "kind": each.kind}
            for each in found.barcodes
        ],
        "suppliers": [
            {
                "supplier": each.supplier,
                "code": each.supplier_code,
                "pack": plain(each.pack_milli),
                "minimum": plain(each.minimum_milli),
                "unit_cost": None if each.unit_cost_e4 is None else plain_value(each.unit_cost_e4),
                "lead_time_days": each.lead_time_days,
            }
            for each in found.suppliers
        ],
        "reorder": [
            {
                "site": each.site,
                "reorder_point": plain(each.reorder_point_milli),
                "order_up_to": plain(each.order_up_to_milli),
            }
            for each in found.rules
        ],
        "prices": [
            {
                "price": price(each.price_minor),
                "from": clock.iso(each.valid_from_us),
                "actor": each.actor,
                "reason": each.reason,
            }
            for each in found.prices
        ],
        "merged": list(found.merged_skus),
    }


def _detail_text(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(map(_detail_text, value))
    if isinstance(value, dict):
        return ", ".join(f"{output.heading(key)} {each}" for key, each in value.items() if each)
    return tr("yes") if value is True else str(value)


_FIELDS: tuple[tuple[str, str, str], ...] = (
    ("--label-name", "TEXT", mark("A shorter name for labels.")),
    ("--category", "NAME", mark("The category; made when it is new.")),
    ("--unit", "UNIT", mark("each, kg, g, l, ml, m…")),
    ("--price", "PRICE", mark("The selling price of one unit.")),
    ("--tax-rate", "PERCENT", mark("Its tax rate, where it differs from the shop's.")),
    ("--net-content", "CONTENT", mark("What one piece holds, such as '500 g', for the unit price.")),
    ("--tracking", "none|lot", mark("Whether it is kept by lots.")),
    ("--bin", "BIN", mark("The bin where it belongs.")),
    ("--notes", "TEXT", mark("Notes.")),
)


def _field_options(function: F) -> F:
    for flag, metavar, said in reversed(_FIELDS):
        name = flag[2:].replace("-", "_")
        function = click.option(flag, name, metavar=metavar, help=said)(function)
    return function


def _fields(shop: Shop, given: dict[str, str | None]) -> dict[str, Any]:
    """What the options say, as the catalogue takes it; what is left out is left out."""
    from stockshop.money import parse_price
    from stockshop.quantity import parse_quantity

    fields: dict[str, Any] = {}
    for name in ("sku", "name", "label_name", "category", "unit", "tracking", "notes"):
        if given.get(name) is not None:
            fields[name] = given[name]
    if given["bin"] is not None:
        fields["preferred_bin"] = given["bin"]
    if given["price"] is not None:
        fields["price_minor"] = parse_price(given["price"], shop.currency) if given["price"] else None
    if given["tax_rate"] is not None:
        rate = given["tax_rate"].replace("%", "")
        fields["tax_rate_milli"] = parse_quantity(rate, field="tax_rate") if rate else None
    if given["net_content"] is not None:
        amount, _, unit = given["net_content"].strip().partition(" ")
        fields["net_content_milli"] = parse_quantity(amount, field="net_content") if amount else None
        fields["net_content_unit"] = unit or None
    return fields


def _tell(choices: Choices, one: Product, done: str, **values: str) -> None:
    """`done` is a sentence about `{product}`, looked up already."""
    if choices.json:
        output.emit({"sku": one.sku, "name": one.name, "archived": one.is_archived})
    else:
        output.say(done.format(product=f"{one.name} ({one.sku})", **values))


@subcommand(product, "add")
@click.argument("name", help="What it is called.")
@click.option("--sku", help="Its SKU (else it gets a number).")
@click.option("--barcode", "barcodes", multiple=True, metavar="CODE", help="A barcode; repeat for more.")
@_field_options
def add(choices: Choices, barcodes: tuple[str, ...], **given: str | None) -> None:
    """Add a product.

    \b
    Examples:
      stockshop product add "Green tea 100 g" --sku TEA-100 --barcode 4006381333931 --price 3.49
      stockshop product add "Apples" --unit kg --price 2.99
    """
    from stockshop.services import catalogue

    with choices.open() as shop:
        made = catalogue.add_product(shop, choices.who, barcodes=tuple(barcodes), **_fields(shop, given))
    _tell(choices, made, tr("{product} is added."))


@subcommand(product, "change")
@click.argument("code", help="A SKU or any barcode.")
@click.option("--name", help="Another name.")
@click.option("--sku", help="Another SKU.")
@_field_options
@click.option("--reason", default="", help="Why the price changes; it is kept with it.")
def change(choices: Choices, code: str, reason: str, **given: str | None) -> None:
    """Change what is kept about a product; '' empties a field.

    \b
    Example:
      stockshop product change TEA-100 --name "Green tea, 100 g" --bin A-03
    """
    from stockshop.services import catalogue

    with choices.open() as shop:
        changed = catalogue.change_product(shop, choices.who, code, reason=reason, **_fields(shop, given))
    _tell(choices, changed, tr("{product} is as you said."))


@subcommand(product, "price")
@click.argument("code", help="A SKU or any barcode.")
@click.argument("price", help="The selling price of one unit, such as 3.49.")
@click.option("--reason", default="", help="Why; it is kept with the price.")
def price(choices: Choices, code: str, price: str, reason: str) -> None:
    """Set the selling price; the former ones are kept.

    \b
    Example:
      stockshop product price TEA-100 3.49 --reason "New list of the supplier"
    """
    from stockshop.money import format_price, parse_price
    from stockshop.services import catalogue

    with choices.open() as shop:
        minor = parse_price(price, shop.currency)
        changed = catalogue.change_product(shop, choices.who, code, reason=reason, price_minor=minor)
        shown = format_price(minor, shop.currency, shop.settings.locale)
    _tell(choices, changed, tr("{product} is sold at {price} now."), price=shown)


@subcommand(product, "archive")
@click.argument("code", help="A SKU or any barcode.")
@click.option("--back", is_flag=True, help="Bring it back instead.")
def archive(choices: Choices, code: str, back: bool) -> None:
    """Put a product out of use (nothing is deleted), or bring it back.

    \b
    Example:
      stockshop product archive TEA-100
    """
    from stockshop.services import catalogue

    with choices.open() as shop:
        work = catalogue.unarchive if back else catalogue.archive
        done = work(shop, choices.who, code)
    _tell(choices, done, tr("{product} is back.") if back else tr("{product} is out of use."))


@subcommand(product, "merge")
@click.argument("keep", help="The product that stays: a SKU or barcode.")
@click.argument("other", help="The product that goes into it.")
def merge(choices: Choices, keep: str, other: str) -> None:
    """Make one product of two that are the same.

    Stock, barcodes and history come together; the other's SKU finds the one that stays.

    \b
    Example:
      stockshop product merge TEA-100 TEA100
    """
    from stockshop.services.catalogue import merge_products

    with choices.open() as shop:
        merged = merge_products(shop, choices.who, keep, other)
    said = tr("{product} is one product already.") if merged.already else tr("{product} is one product now.")
    _tell(choices, merged.product, said)


COMMANDS = {"product": product}
