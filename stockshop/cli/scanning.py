"""What a scanned text means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from stockshop.cli import output
from stockshop.cli.base import Choices, command
from stockshop.language import tr

if TYPE_CHECKING:
    from stockshop.services.scanning import Scan
    from stockshop.services.shop import Shop


# A scanned text may begin with a hyphen and is still no option.
@command("scan", context_settings={"ignore_unknown_options": True})
@click.argument("code", help="The text as the scanner sends it.")
def scan(choices: Choices, code: str) -> None:
    """Say what a scanned or typed code means.

    A barcode of any kind, a weight or price code of the scale, a GS1 code with lot and expiry, a
    SKU, a bin. It looks and changes nothing.

    \b
    Examples:
      stockshop scan 4006381333931
      stockshop scan "12*4006381333931"
      stockshop scan 2112345006253
    """
    from stockshop.services.scanning import read_scan

    with choices.open() as shop:
        found = read_scan(shop, code)
        if choices.json:
            output.emit(_as_data(found, shop))
        else:
            _show(found, shop)


def _as_data(found: Scan, shop: Shop) -> dict[str, Any]:
    from stockshop.money import plain_price
    from stockshop.quantity import plain

    product = found.product
    known = product is not None
    return {
        "kind": found.kind,
        "sku": product.sku if product is not None else None,
        "name": product.name if product is not None else None,
        "quantity": plain(found.quantity_milli) if known else None,
        "gtin": found.gtin,
        "lot": found.lot,
        "expiry": found.expiry,
        "price": None if found.price_minor is None else plain_price(found.price_minor, shop.currency),
        "on_hand": None if found.on_hand_milli is None else plain(found.on_hand_milli),
        "unit": product.unit if product is not None else None,
        "bin": found.place.code if found.place is not None else None,
        "code": found.code,
        "ambiguous": found.ambiguous,
        "warnings": list(found.warnings),
    }


def _show(found: Scan, shop: Shop) -> None:
    product = found.product
    if product is not None:
        output.say(f"{product.name}  ({product.sku})")
        amount = output.quantity(found.quantity_milli, product.unit, shop)
        rows = [(tr("read as"), found.kind), (tr("stands for"), f"{amount} {product.unit}")]
        if found.price_minor is not None:
            said = tr("price in the code") if found.price_in_code else tr("price")
            rows.append((said, output.price(found.price_minor, shop)))
        rows.append((tr("on hand"), output.quantity(found.on_hand_milli or 0, product.unit, shop)))
    elif found.place is not None:
        output.say(f"{output.heading(found.place.kind)} {found.place.code}  {found.place.name}")
        rows = [(tr("read as"), found.kind)]
    else:
        output.say(tr("Nobody knows {code}: no product, no bin.", code=found.code))
        rows = []
    rows += [("GTIN", found.gtin or ""), (tr("lot"), found.lot or ""), (tr("expiry"), found.expiry or "")]
    for label, shown in rows:
        if shown:
            output.say(f"  {label:<18}{shown}")
    if found.ambiguous:
        output.say("  " + tr("Another reading is possible: check that this is the product."))
    for warning in found.warnings:
        output.say(f"  {warning}")


COMMANDS = {"scan": scan}
