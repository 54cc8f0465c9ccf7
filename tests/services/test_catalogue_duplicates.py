"""Warnings of products that are probably there already, on both engines."""

from __future__ import annotations

import pytest

from stockshop.errors import Refused
from stockshop.services import catalogue
from stockshop.services.catalogue.likeness import why_same_name, why_same_sku
from stockshop.services.shop import Shop
from stockshop.storage.database import Store
from tests.services.catalogue_shop import make_shop

SHIRT = "Long-sleeved cotton shirt for gentlemen with a wide collar and two pockets"
BOLT = "Hexagon bolt stainless steel M6 x 40 mm"


@pytest.fixture
def shop(store: Store) -> Shop:
    return make_shop(store)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("M6 bolt 40 mm", "M6-bolt, 40mm"),
        ("M6 bolt 40 mm", "Bolt M6 40 mm"),
        ("Crème brûlée", "CREME BRULEE"),
        ("Hand soap 1,5 l", "Hand soap 1.5 l"),
        ("Handsoap lavender", "Hand soap lavender"),
        ("Schraubendreher Kreuzschlitz isoliert", "Schraubendreher Kreuzschlitz isolierte"),
        ("Stainless steel hexagon bolts 40 mm", "Stainless steel hexagon bolt 40 mm"),
        ("日本茶", "日本茶"),
    ],
)
def test_names_of_one_product_are_recognised(one: str, other: str) -> None:
    assert why_same_name(one, other) is not None
    assert why_same_name(other, one) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("M6 bolt 40 mm", "M6 bolt 45 mm"),
        ("M6 bolt 40 mm", "M8 bolt 40 mm"),
        (f"{SHIRT}, size S", f"{SHIRT}, size M"),
        (f"{SHIRT}, red", f"{SHIRT}, tan"),
        (f"{SHIRT}, green", f"{SHIRT}, white"),
        ("Tea", "Coffee"),
        ("Milk 1 l", "Milk"),
        ("!!!", "???"),
    ],
)
def test_names_of_two_sizes_or_colours_are_not(one: str, other: str) -> None:
    assert why_same_name(one, other) is None


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("AB-100", "ab-100", True),
        ("AB-100", "AB 1OO", True),
        ("AB-100", "AB100", True),
        ("AB-100", "AB-101", False),
        ("--", "..", False),
    ],
)
def test_skus_that_look_alike(one: str, other: str, alike: bool) -> None:
    assert (why_same_sku(one, other) is not None) is alike


def test_the_same_name_sku_or_number_in_another_form_is_found(shop: Shop) -> None:
    bolt = catalogue.add_product(shop, "Kim", name=BOLT, sku="HB-6O-40")
    soda = catalogue.add_product(shop, "Kim", name="Soda", sku="SODA", barcodes=("012345000065",))
    for number in range(30):
        catalogue.add_product(shop, "Kim", name=f"Hexagon bolt stainless steel M6 x {41 + number} mm")

    def found(
        name: str, sku: str = "", barcodes: tuple[str, ...] = (), product_id: int | None = None
    ) -> list[tuple[int, str]]:
        answer = catalogue.near_duplicates(shop, name, sku, barcodes, product_id=product_id)
        return [(one.product_id, one.why) for one in answer]

    assert found("Bolt, hexagon; stainless steel M6x40mm") == [(bolt.id, "the same words in another order")]
    assert found("Hexagon bolts stainless steel M6 x 40 mm") == [(bolt.id, "nearly the same name")]
    assert found("Hexagon bolt stainless steel M6 x 39 mm") == []
    assert found("Anything", "hb 60 40") == [(bolt.id, "a SKU easily taken for it")]
    assert found("Anything", "HB6040") == [(bolt.id, "a SKU easily taken for it")]
    assert found("Anything", "hb-6o-40") == [(bolt.id, "the same SKU but for case")]
    # 01234565 is the short form of 012345000065 (and, by its digits, a GTIN-8).
    assert found("Anything", "", ("01234565",)) == [(soda.id, "the same number in another form")]
    assert found("Anything", "", ("0012345000065",)) == [(soda.id, "the same barcode")]
    assert found(BOLT, "HB-6O-40", product_id=bolt.id) == []
    assert found("\x1b %' \"*", "'--", ("", "x" * 700)) == []


def test_what_was_found_to_differ_is_not_asked_again(shop: Shop) -> None:
    one = catalogue.add_product(shop, "Kim", name="Tea, green", sku="A")
    other = catalogue.add_product(shop, "Kim", name="Green tea", sku="B")
    assert [pair.why for pair in catalogue.duplicate_report(shop)] == ["the same words in another order"]
    catalogue.mark_different(shop, "Lou", "B", "A")
    catalogue.mark_different(shop, "Lou", one.id, other.id)
    assert catalogue.near_duplicates(shop, "Green tea", product_id=other.id) == ()
    assert catalogue.near_duplicates(shop, "Tea, green", product_id=one.id) == ()
    assert catalogue.duplicate_report(shop) == ()
    with pytest.raises(Refused):
        catalogue.mark_different(shop, "Lou", one.id, one.id)


def test_the_report_covers_the_whole_catalogue_but_what_is_archived(shop: Shop) -> None:
    catalogue.add_product(shop, "Kim", name="Stainless steel hexagon bolts 40 mm", sku="1")
    catalogue.add_product(shop, "Kim", name="Stainless steel hexagon bolt 40 mm", sku="2")
    catalogue.add_product(shop, "Kim", name="Stainless steel hexagon bolt 45 mm", sku="3")
    catalogue.add_product(shop, "Kim", name="Soap", sku="AB-1O")
    catalogue.add_product(shop, "Kim", name="Candle", sku="ab10")
    old = catalogue.add_product(shop, "Kim", name="Soap!", sku="4")
    catalogue.archive(shop, "Kim", old.id)
    pairs = [(pair.first.sku, pair.second.sku, pair.why) for pair in catalogue.duplicate_report(shop)]
    assert pairs == [
        ("1", "2", "nearly the same name"),
        ("AB-1O", "ab10", "a SKU easily taken for it"),
    ]
    assert len(catalogue.duplicate_report(shop, limit=1)) == 1
