"""What is offered while somebody types, and all that a code may stand for."""

from __future__ import annotations

import pytest

from stockshop.errors import InvalidInput
from stockshop.services import catalogue, stock, suggesting
from stockshop.services.shop import Shop
from stockshop.services.stock import LineRequest


def product(shop: Shop, sku: str, name: str, **more: object) -> int:
    return catalogue.add_product(shop, "Ada", sku=sku, name=name, **more).id  # type: ignore[arg-type]


def names(shop: Shop, typed: str, limit: int = 10) -> list[str]:
    return [row.name for row in suggesting.suggest(shop, typed, limit)]


def test_names_that_begin_so_come_first_then_what_holds_the_words(shop: Shop) -> None:
    product(shop, "W", "Wood glue 250 g", price_minor=499)
    product(shop, "G", "Glue stick")
    product(shop, "X", "Écrou [M6]", barcodes=("4006381333931",))
    stock.post_entry(shop, "Ada", "receive", [LineRequest("W", 8_000, to_bin="A-01")])
    assert names(shop, "glue") == ["Glue stick", "Wood glue 250 g"]
    assert names(shop, "glue 250") == ["Wood glue 250 g"]
    assert names(shop, "ec") == ["Écrou [M6]"]
    assert names(shop, "3813339") == ["Écrou [M6]"]
    assert names(shop, "GLUE", limit=1) == ["Glue stick"]
    product(shop, "GLX-9", "Nozzle")
    assert names(shop, "gl") == ["Glue stick", "Nozzle", "Wood glue 250 g"]
    [wood] = suggesting.suggest(shop, "wood")
    assert (wood.sku, wood.unit, wood.price_minor, wood.on_hand_milli) == ("W", "each", 499, 8_000)


@pytest.mark.parametrize("typed", ["", " ", "g", "%", "' OR 1=1 --", "\x00", "[/]"])
def test_nothing_is_offered_for_too_little_or_for_nonsense(shop: Shop, typed: str) -> None:
    product(shop, "G", "Glue stick")
    assert names(shop, typed) == []


def test_what_is_archived_or_merged_is_not_offered(shop: Shop) -> None:
    product(shop, "G1", "Glue one")
    product(shop, "G2", "Glue two")
    product(shop, "G3", "Glue three")
    catalogue.archive(shop, "Ada", "G1")
    catalogue.merge_products(shop, "Ada", "G3", "G2")
    assert names(shop, "glue") == ["Glue three"]


def test_a_code_that_can_be_read_in_several_ways_names_all_its_products(shop: Shop) -> None:
    # The eight digits are an EAN-8, and they are the UPC-E of 012345000065.
    small = product(shop, "SMALL", "Small", barcodes=("01234565",))
    large = product(shop, "LARGE", "Large", barcodes=("012345000065",))
    assert [row.id for row in suggesting.meanings(shop, "01234565")] == [small, large]
    assert suggesting.meanings(shop, "4006381333931") == ()
    one = product(shop, "abc", "Lower")
    two = product(shop, "ABC", "Upper")
    assert {row.id for row in suggesting.meanings(shop, "Abc")} == {one, two}
    with pytest.raises(InvalidInput):
        suggesting.meanings(shop, "  ")
