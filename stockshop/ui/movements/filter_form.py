"""The form in which several conditions are given at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from stockshop.errors import InvalidInput, NotFound
from stockshop.language import tr
from stockshop.ui.movements.asked import Asked
from stockshop.ui.movements.periods import CHOSEN, PERIODS, example_day, read_day, write_day
from stockshop.ui.movements.wording import done
from stockshop.ui.screens.record_form import Field, RecordForm, Values
from stockshop.ui.wording import Wording

if TYPE_CHECKING:
    from stockshop.services.shop import Shop


def find_product(shop: Shop, typed: str) -> tuple[int, str]:
    """Id and name of the product with this code, else of the only one whose name has these letters.

    Raises NotFound, or InvalidInput when there are several.
    """
    from stockshop.services import catalogue

    try:
        found = catalogue.find_product(shop, typed)
    except NotFound:
        rows = catalogue.ProductListing(shop, text=typed).page_from(None, 3)
        if not rows:
            raise
        if len(rows) > 1:
            raise InvalidInput(
                tr(
                    "Several products match '{text}': {one}, {other} … Type more of the name, its SKU, or "
                    "scan it.", text=typed[:40], one=rows[0].name, other=rows[1].name,
                ),
                field="product",
            ) from None  # fmt: skip
        return rows[0].id, rows[0].name
    return found.id, found.name


def filter_form(shop: Shop, asked: Asked, people: Sequence[str], words: Wording) -> RecordForm[Asked]:
    """Product, place, kind, person and period; answers what is asked for from now on."""
    from stockshop.services import movements

    def save(values: Values) -> Asked:
        product_id, product = asked.product_id, asked.product
        if values["product"] != asked.product:
            product_id, product = None, ""
            if values["product"]:
                product_id, product = find_product(shop, values["product"])
        place_id, place = None, ""
        if values["place"]:
            place_id, place = movements.place_named(shop, values["place"])
        first = read_day(values["first"], words, field="first")
        last = read_day(values["last"], words, field="last")
        period = values["period"]
        if first is not None or last is not None:
            period = "chosen"
        elif period == "chosen":
            period = ""
        if first is not None and last is not None and last < first:
            raise InvalidInput(tr("The last day lies before the first one."), field="last")
        return Asked(product_id, product, place_id, place, values["kind"], values["person"], period, first,
                     last)  # fmt: skip

    example = example_day(words)
    shown = replace(asked) if asked.period == "chosen" else replace(asked, first=None, last=None)
    kinds = [("", tr("any")), *((kind, done(kind)) for kind in movements.KINDS)]
    periods = [(key, tr(said)) for key, said in (*PERIODS, CHOSEN)]
    fields = [
        Field("product", tr("Product"), asked.product, hint=tr("scan it, or type its SKU or name"),
              takes_scan=True),
        Field("place", tr("Bin or zone"), asked.place, hint=tr("code of a bin, a zone or a site")),
        Field("kind", tr("What"), asked.kind, choices=kinds),
        Field("person", tr("Who"), asked.actor, hint=tr("name of the person"), offers=people),
        Field("period", tr("Period"), asked.period, choices=periods),
        Field("first", tr("From"), write_day(shown.first, words), hint=example),
        Field("last", tr("To"), write_day(shown.last, words), hint=example),
    ]  # fmt: skip
    return RecordForm(tr("Which movements?"), fields, save, aliases={"bin": "place"}, ok=tr("Show"))
