"""The walk past zones and bins, and codes for new places."""

from __future__ import annotations

import pytest

from stockshop.errors import Refused
from stockshop.services import locations, walking
from stockshop.services.locations import (
    add_place,
    archive_place,
    bins_within,
    find_place,
    places,
    restore_place,
)
from stockshop.services.place_codes import next_code
from stockshop.services.shop import Shop


def walk(shop: Shop, code: str, by: int) -> walking.Step:
    return walking.walk(shop, "Ada", find_place(shop, code).id, by)


def codes(shop: Shop, zone: str) -> list[str]:
    return [place.code for place in bins_within(shop, zone)]


def test_a_bin_is_walked_past_its_neighbour_and_only_these_two_change(shop: Shop) -> None:
    before = {place.code: place.walk_order for place in places(shop)}
    walk(shop, "A-02", -1)
    assert codes(shop, "SHOP-A")[:3] == ["A-02", "A-01", "A-03"]
    after = {place.code: place.walk_order for place in places(shop)}
    assert {code for code in after if after[code] != before[code]} == {"A-01", "A-02"}


def test_past_the_end_of_a_zone_a_bin_comes_into_the_next_one_and_back(shop: Shop) -> None:
    step = walk(shop, "A-06", 1)
    assert step.zone is not None and step.zone.code == "SHOP-B"
    assert codes(shop, "SHOP-B")[:2] == ["A-06", "B-01"]
    step = walk(shop, "A-06", -1)
    assert step.zone is not None and step.zone.code == "SHOP-A"
    assert codes(shop, "SHOP-A")[-2:] == ["A-05", "A-06"]
    with shop.store.reading() as session:
        moved = session.value("SELECT COUNT(*) FROM change WHERE noun = 'location' AND field = 'parent_id'")
    assert moved == 2


def test_the_first_and_the_last_stay_where_they_are(shop: Shop) -> None:
    with pytest.raises(Refused, match="A-01 is the first"):
        walk(shop, "A-01", -1)
    with pytest.raises(Refused, match="RECEIVING is the last"):
        walk(shop, "RECEIVING", 1)
    with pytest.raises(Refused, match="SHOP is the first"):
        walk(shop, "SHOP", -1)


def test_bins_with_the_same_number_are_told_apart_by_the_first_step(shop: Shop) -> None:
    for code in ("A-01", "A-02", "A-03"):
        locations.change_place(shop, "Ada", code, walk_order=7)
    walk(shop, "A-03", -1)
    assert codes(shop, "SHOP-A")[:3] == ["A-01", "A-03", "A-02"]


def test_a_walk_that_is_numbered_anew_passes_one_zone_after_the_other(shop: Shop) -> None:
    add_place(shop, "Ada", "zone", "SHOP-C", "Cellar", parent="SHOP")
    add_place(shop, "Ada", "bin", "C-01", parent="SHOP-C", walk_order=15)
    locations.change_place(shop, "Ada", "SHOP-C", walk_order=0)
    assert walking.renumber(shop, "Ada") > 0
    assert [one.code for one in bins_within(shop, "SHOP")][:3] == ["C-01", "A-01", "A-02"]
    assert walking.renumber(shop, "Ada") == 0
    numbers = [one.walk_order for one in bins_within(shop, "SHOP")]
    assert numbers == sorted(set(numbers))


def test_a_new_bin_comes_last_in_its_own_zone(shop: Shop) -> None:
    made = add_place(shop, "Ada", "bin", "A-07", parent="SHOP-A")
    assert made.walk_order < find_place(shop, "B-01").walk_order


@pytest.mark.parametrize(
    ("kind", "parent", "code"),
    [("bin", "SHOP-A", "A-07"), ("bin", "SHOP-R", "RECEIVING-2"), ("zone", "SHOP", "SHOP-C"),
     ("site", "", "SHOP-2")],
)  # fmt: skip
def test_a_new_place_is_offered_the_next_free_code(shop: Shop, kind: str, parent: str, code: str) -> None:
    everything = places(shop, archived=True)
    above = find_place(shop, parent) if parent else None
    assert next_code(everything, kind, above) == code


def test_codes_of_places_out_of_use_and_of_other_zones_are_not_offered(shop: Shop) -> None:
    add_place(shop, "Ada", "bin", "a-07", parent="SHOP-B")
    add_place(shop, "Ada", "bin", "A-08", parent="SHOP-A")
    archive_place(shop, "Ada", "A-08")
    assert next_code(places(shop, archived=True), "bin", find_place(shop, "SHOP-A")) == "A-09"
    cellar = add_place(shop, "Ada", "zone", "SHOP-C", parent="SHOP")
    assert next_code(places(shop, archived=True), "bin", cellar) == "C-01"
    market = add_place(shop, "Ada", "site", "MARKET")
    assert next_code(places(shop, archived=True), "zone", market) == "MARKET-A"


def test_a_place_out_of_use_comes_back_after_what_it_lies_in(shop: Shop) -> None:
    add_place(shop, "Ada", "zone", "SHOP-C", parent="SHOP")
    add_place(shop, "Ada", "bin", "C-01", parent="SHOP-C")
    archive_place(shop, "Ada", "C-01")
    archive_place(shop, "Ada", "SHOP-C")
    with pytest.raises(Refused, match="SHOP-C is out of use"):
        restore_place(shop, "Ada", "C-01")
    restore_place(shop, "Ada", "SHOP-C")
    assert not restore_place(shop, "Ada", "C-01").archived
    assert [one.code for one in bins_within(shop, "SHOP-C")] == ["C-01"]
