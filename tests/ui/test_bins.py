"""Where things lie: the tree, the contents, and changing both."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from stockshop.services import locations
from stockshop.services.shop import Shop
from stockshop.ui.places.place_form import PlaceForm
from stockshop.ui.places.tree import branches
from stockshop.ui.products.product_screen import ProductScreen
from stockshop.ui.screens.bins import BinsScreen
from stockshop.ui.widgets.record_list import RecordList
from tests.ui.at_work import Desk, WorkApp, hostile_products, on_sqlite, stocked
from tests.ui.test_hostile import ESCAPES, MARKUP, assert_harmless, screen_lines


@asynccontextmanager
async def at_bins(shop: Shop, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Desk]:
    app = WorkApp(shop, BinsScreen)
    async with app.run_test(size=size, notifications=True) as pilot:
        desk = Desk(app, pilot)
        await desk.settle()
        yield desk


def codes(desk: Desk) -> list[str]:
    """The places shown, in order."""
    records = desk.get("#places", RecordList)
    rows: list[Any] = [records.row_at(number) for number in range(records.count)]
    return [row.value.place.code for row in rows]


def here(desk: Desk) -> str:
    """The place under the cursor."""
    row: Any = desk.get("#places", RecordList).current
    return str(row.value.place.code)


async def test_a_scanned_bin_is_gone_to_and_its_contents_are_shown(shop: Shop) -> None:
    ids = stocked(shop)
    async with at_bins(shop) as desk:
        assert codes(desk)[:3] == ["SHOP", "SHOP-A", "A-01"]
        await desk.scan("BIN-B-01")
        assert here(desk) == "B-01"
        assert desk.shows("Rack 1", "1 line", "36", "Bolt")
        await desk.press("enter", "enter")
        screen = desk.app.screen
        assert isinstance(screen, ProductScreen) and screen.product_id == ids["BOLT"]


async def test_a_bin_is_added_in_the_zone_under_the_cursor(shop: Shop) -> None:
    async with at_bins(shop) as desk:
        await desk.scan("BIN-A-06")
        await desk.press("ctrl+n")
        assert isinstance(desk.app.screen, PlaceForm)
        await desk.fill("code", "A-01")
        await desk.press("ctrl+s")
        assert desk.shows("The code or barcode is taken by A-01")
        await desk.fill("code", "A-07")
        await desk.fill("name", "Window")
        await desk.press("ctrl+s")
        assert here(desk) == "A-07"
    made = locations.find_place(shop, "BIN-A-07")
    assert (made.kind, made.name) == ("bin", "Window")
    assert made.id in {place.id for place in locations.bins_within(shop, "SHOP-A")}


async def test_a_place_is_renamed_renumbered_and_its_label_follows(shop: Shop) -> None:
    async with at_bins(shop) as desk:
        await desk.scan("BIN-A-02")
        await desk.press("ctrl+r")
        await desk.fill("code", "A-99")
        await desk.fill("walk_order", "5")
        await desk.press("ctrl+s")
        assert codes(desk).index("A-99") < codes(desk).index("A-01")
    changed = locations.find_place(shop, "A-99")
    assert (changed.walk_order, changed.barcode) == (5, "BIN-A-99")


@on_sqlite
async def test_the_walk_is_changed_by_moving_a_bin_past_its_neighbour(shop: Shop) -> None:
    async with at_bins(shop) as desk:
        await desk.scan("BIN-A-02")
        await desk.press("ctrl+up")
        assert codes(desk)[2:5] == ["A-02", "A-01", "A-03"] and here(desk) == "A-02"
        await desk.press("ctrl+down", "ctrl+down")
        assert codes(desk)[2:5] == ["A-01", "A-03", "A-02"]


@on_sqlite
async def test_only_an_empty_place_goes_out_of_use(shop: Shop) -> None:
    stocked(shop)
    async with at_bins(shop) as desk:
        await desk.scan("BIN-A-01")
        await desk.press("delete", "right", "enter")
        assert "A-01" in codes(desk) and desk.shows("still holds stock")
        await desk.scan("BIN-A-05")
        await desk.press("delete", "right", "enter")
        assert "A-05" not in codes(desk)
    assert locations.find_place(shop, "A-05").archived


@on_sqlite
async def test_zones_close_and_open_and_typing_finds_places(shop: Shop) -> None:
    async with at_bins(shop) as desk:
        await desk.scan("BIN-A-03")
        await desk.press("left")
        assert here(desk) == "SHOP-A"
        await desk.press("left")
        assert "A-03" not in codes(desk) and "B-01" in codes(desk)
        await desk.key_in("shelf 3")
        assert codes(desk) == ["SHOP", "SHOP-A", "A-03"] and here(desk) == "A-03"
        await desk.press("enter")
        assert here(desk) == "A-03" and len(codes(desk)) > 3


@on_sqlite
async def test_ten_thousand_bins_are_a_tree_at_once(shop: Shop) -> None:
    place = locations.find_place(shop, "SHOP-A")
    many = [
        locations.Place(
            1_000 + number, place.id, "bin", f"X-{number:05}", "", number, f"x{number}", archived=False
        )
        for number in range(10_000)
    ]
    rows = branches([*locations.places(shop), *many], set())
    assert len(rows) == 10_000 + len(locations.places(shop))
    assert len(branches([*locations.places(shop), *many], {place.id})) < 20
    assert [row.place.code for row in branches([*locations.places(shop), *many], set(), "x-00077")] == [
        "SHOP", "SHOP-A", "X-00077",
    ]  # fmt: skip


@on_sqlite
async def test_hostile_names_of_places_and_products_are_letters(shop: Shop) -> None:
    hostile_products(shop, [*MARKUP, *ESCAPES])
    for number, name in enumerate(MARKUP):
        locations.add_place(shop, "Ada", "bin", f"Z{number}[/]", name, parent="SHOP-A")
    async with at_bins(shop, (120, 40)) as desk:
        await desk.scan("BIN-A-01")
        await desk.press("end")
        for keys in ((), ("enter",), ("end",), ("left", "end", "up", "up", "ctrl+r")):
            await desk.press(*keys)
            for text in screen_lines(desk.app):
                assert_harmless(text)
        assert isinstance(desk.app.screen, PlaceForm)
