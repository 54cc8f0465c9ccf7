"""What hangs on a product: barcodes, reorder levels, suppliers."""

from __future__ import annotations

import click

from stockshop.cli import output
from stockshop.cli.base import Choices, ShopGroup, group, subcommand
from stockshop.language import tr


@group("barcode")
def barcode() -> None:
    """Barcodes of a product, each with the quantity it stands for."""


@subcommand(barcode, "add")
@click.argument("product", help="A SKU or any barcode it has already.")
@click.argument("code", required=False, help="The new barcode; without it, one of the shop's own is made.")
@click.option(
    "--quantity", default="1", metavar="NUMBER", help="What it stands for: a case of twelve has 12."
)
def add_barcode(choices: Choices, product: str, code: str | None, quantity: str) -> None:
    """Put a barcode on a product.

    \b
    Examples:
      stockshop product barcode add TEA-100 4006381333931
      stockshop product barcode add TEA-100 14006381333938 --quantity 12
      stockshop product barcode add TEA-100
    """
    from stockshop.quantity import parse_quantity, plain
    from stockshop.services import catalogue

    quantity_milli = parse_quantity(quantity)
    with choices.open() as shop:
        one = catalogue.find_product(shop, product)
        made = (
            catalogue.make_in_store_barcode(shop, choices.who, one.id, quantity_milli)
            if code is None
            else catalogue.add_barcode(shop, choices.who, one.id, code, quantity_milli)
        )
    if choices.json:
        output.emit(
            {"sku": one.sku, "code": made.code, "quantity": plain(made.quantity_milli), "kind": made.kind}
        )
    else:
        output.say(
            tr("{code} stands for {quantity} of {product} ({sku}).", code=made.code,
               quantity=plain(made.quantity_milli), product=one.name, sku=one.sku)
        )  # fmt: skip


@subcommand(barcode, "remove")
@click.argument("code", help="The barcode.")
def remove_barcode(choices: Choices, code: str) -> None:
    """Take a barcode off its product.

    \b
    Example:
      stockshop product barcode remove 14006381333938
    """
    from stockshop.services import catalogue

    with choices.open() as shop:
        catalogue.remove_barcode(shop, choices.who, code)
    if choices.json:
        output.emit({"code": code, "removed": True})
    else:
        output.say(tr("{code} is on no product any more.", code=code))


@group("reorder")
def reorder() -> None:
    """When a product has to be ordered, and up to where."""


@subcommand(reorder, "set")
@click.argument("product", help="A SKU or any barcode.")
@click.argument("reorder_point", help="Order when this many or fewer are left, what is on order counted in.")
@click.argument("order_up_to", help="Order as many as fill up to this.")
@click.option("--site", metavar="CODE", help="Only for this site (else for the whole shop).")
def set_rule(choices: Choices, product: str, reorder_point: str, order_up_to: str, site: str | None) -> None:
    """Set the reorder point and the order-up-to level.

    \b
    Example:
      stockshop product reorder set TEA-100 6 24
    """
    from stockshop.quantity import parse_quantity, plain
    from stockshop.services import catalogue

    point_milli = parse_quantity(reorder_point, field="reorder_point")
    up_to_milli = parse_quantity(order_up_to, field="order_up_to")
    with choices.open() as shop:
        one = catalogue.find_product(shop, product)
        catalogue.set_reorder_rule(shop, choices.who, one.id, point_milli, up_to_milli, site=site)
    if choices.json:
        output.emit(
            {
                "sku": one.sku,
                "site": site,
                "reorder_point": plain(point_milli),
                "order_up_to": plain(up_to_milli),
            }
        )
    else:
        output.say(
            tr("{product} is ordered at {point}, up to {level}.", product=one.name,
               point=plain(point_milli), level=plain(up_to_milli))
        )  # fmt: skip


@subcommand(reorder, "remove")
@click.argument("product", help="A SKU or any barcode.")
@click.option("--site", metavar="CODE", help="The rule of this site (else that of the whole shop).")
def remove_rule(choices: Choices, product: str, site: str | None) -> None:
    """No longer watch a product.

    \b
    Example:
      stockshop product reorder remove TEA-100
    """
    from stockshop.services import catalogue

    with choices.open() as shop:
        one = catalogue.find_product(shop, product)
        catalogue.remove_reorder_rule(shop, choices.who, one.id, site=site)
    _done(choices, one.sku, tr("{product} is not watched any more.", product=one.name))


@group("supplier")
def supplier() -> None:
    """From whom a product is bought, and how."""


@subcommand(supplier, "set")
@click.argument("product", help="A SKU or any barcode.")
@click.argument("name", help="The supplier; made when it is new.")
@click.option("--code", default="", help="What the supplier calls the product.")
@click.option("--pack", default="1", metavar="NUMBER", help="Only whole packs of so many can be ordered.")
@click.option("--minimum", default="0", metavar="NUMBER", help="The least that can be ordered.")
@click.option("--cost", metavar="PRICE", help="What one unit costs.")
@click.option("--days", type=click.IntRange(min=0), help="How long a delivery takes.")
def set_supplier(
    choices: Choices,
    product: str,
    name: str,
    code: str,
    pack: str,
    minimum: str,
    cost: str | None,
    days: int | None,
) -> None:
    """Say how a product is bought from a supplier.

    \b
    Example:
      stockshop product supplier set TEA-100 "Wholesale Ltd" --pack 12 --cost 1.80 --days 3
    """
    from stockshop.money import to_cost_e4
    from stockshop.quantity import parse_decimal, parse_quantity
    from stockshop.services import catalogue

    cost_e4 = None if cost is None else to_cost_e4(parse_decimal(cost, field="cost"), field="cost")
    with choices.open() as shop:
        one = catalogue.find_product(shop, product)
        catalogue.set_supplier(
            shop, choices.who, one.id, name,
            supplier_code=code,
            pack_milli=parse_quantity(pack, field="pack"),
            minimum_milli=parse_quantity(minimum, field="minimum"),
            unit_cost_e4=cost_e4,
            lead_time_days=days,
        )  # fmt: skip
    _done(choices, one.sku, tr("{product} is bought from {supplier}.", product=one.name, supplier=name))


@subcommand(supplier, "remove")
@click.argument("product", help="A SKU or any barcode.")
@click.argument("name", help="The supplier.")
def remove_supplier(choices: Choices, product: str, name: str) -> None:
    """Say that a product is no longer bought from a supplier.

    \b
    Example:
      stockshop product supplier remove TEA-100 "Wholesale Ltd"
    """
    from stockshop.services import catalogue

    with choices.open() as shop:
        one = catalogue.find_product(shop, product)
        catalogue.remove_supplier(shop, choices.who, one.id, name)
    _done(
        choices,
        one.sku,
        tr("{product} is not bought from {supplier} any more.", product=one.name, supplier=name),
    )


def _done(choices: Choices, sku: str, said: str) -> None:
    if choices.json:
        output.emit({"sku": sku, "done": True})
    else:
        output.say(said)


GROUPS: tuple[ShopGroup, ...] = (barcode, reorder, supplier)
