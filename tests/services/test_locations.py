"""Sites, zones and bins."""

from __future__ import annotations

import pytest

from stockshop.errors import Conflict, InvalidInput, NotFound, Refused, ShopError
from stockshop.services import catalogue, locations
from stockshop.services.locations import (
    add_place,
    archive_place,
    bins_within,
    change_place,
    find_place,
    places,
)
from stockshop.services.shop import Shop


def test_a_new_shop_starts_with_a_floor_a_back_room_and_receiving(shop: Shop) -> None:
    codes = [place.code for place in places(shop)]
    assert codes[:4] == ["SHOP", "SHOP-A", "SHOP-B", "SHOP-R"]
    assert codes[4:] == [*(f"A-0{n}" for n in range(1, 7)), *(f"B-0{n}" for n in range(1, 5)), "RECEIVING"]


def test_bins_are_walked_in_their_order_and_a_new_one_comes_last(shop: Shop) -> None:
    add_place(shop, "Ada", "bin", "A-00", "Window", parent="SHOP-A")
    assert bins_within(shop, "SHOP-A")[-1].code == "A-00"
    change_place(shop, "Ada", "A-00", walk_order=5)
    assert bins_within(shop, "SHOP-A")[0].code == "A-00"


def test_a_second_site_has_zones_and_bins_of_its_own(shop: Shop) -> None:
    add_place(shop, "Ada", "site", "MARKET", "Market stall")
    add_place(shop, "Ada", "zone", "MARKET-A", parent="MARKET")
    add_place(shop, "Ada", "bin", "M-1", parent="MARKET-A")
    assert [place.code for place in bins_within(shop, "MARKET")] == ["M-1"]
    everything = places(shop, archived=True)
    site = locations.site_of(everything, find_place(shop, "M-1").id)
    assert site is not None and site.code == "MARKET"


@pytest.mark.parametrize(
    ("kind", "code", "parent", "error"),
    [
        ("bin", "A-01", "SHOP-A", Conflict),
        ("bin", "a-01", "SHOP-A", Conflict),
        ("bin", "NEW", "SHOP", NotFound),
        ("bin", "NEW", "", NotFound),
        ("zone", "NEW", "SHOP-A", NotFound),
        ("site", "NEW", "SHOP", InvalidInput),
        ("shelf", "NEW", "SHOP", InvalidInput),
        ("bin", "", "SHOP-A", InvalidInput),
        ("bin", "~supplier", "SHOP-A", InvalidInput),
        ("bin", "X" * 41, "SHOP-A", InvalidInput),
    ],
)
def test_a_place_that_cannot_be_is_refused(
    shop: Shop, kind: str, code: str, parent: str, error: type[ShopError]
) -> None:
    before = places(shop)
    with pytest.raises(error):
        add_place(shop, "Ada", kind, code, parent=parent)
    assert places(shop) == before


def test_a_bins_barcode_follows_its_code_and_is_never_a_products(shop: Shop) -> None:
    catalogue.add_product(shop, "Ada", name="Bolt", barcodes=("BIN-C-01",))
    with pytest.raises(Conflict, match="Bolt"):
        add_place(shop, "Ada", "bin", "C-01", parent="SHOP-A")
    renamed = change_place(shop, "Ada", "A-01", new_code="A-1", name="By the door")
    assert (renamed.code, renamed.barcode, renamed.name) == ("A-1", "BIN-A-1", "By the door")
    assert find_place(shop, "bin-a-1").id == renamed.id
    with pytest.raises(NotFound):
        find_place(shop, "A-01")


def test_changes_of_places_are_kept_with_who_made_them(shop: Shop) -> None:
    change_place(shop, "Ben", "A-01", walk_order=99)
    with shop.store.reading() as session:
        row = session.row("SELECT field, old_value, new_value, actor FROM change WHERE noun = 'location'")
    assert row == ("walk_order", "10", "99", "Ben")


def test_what_is_in_use_is_not_archived(shop: Shop) -> None:
    with pytest.raises(Refused, match="goods arrive"):
        archive_place(shop, "Ada", "RECEIVING")
    with pytest.raises(Refused, match="places in it"):
        archive_place(shop, "Ada", "SHOP-A")
    archive_place(shop, "Ada", "A-06")
    assert "A-06" not in [place.code for place in places(shop)]
    assert "A-06" in [place.code for place in places(shop, archived=True)]
