"""Where things lie: the tree, the contents, and changing both."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from stockshop.services import bins, catalogue, locations
from stockshop.services.shop import Shop
from stockshop.services.stock import LineRequest
from stockshop.ui.places.place_form import PlaceForm
from stockshop.ui.places.tree import branches
from stockshop.ui.products.product_screen import ProductScreen
from stockshop.ui.screens.bins import BinsScreen
from stockshop.ui.screens.count_sheets import CountSheetsScreen
from stockshop.ui.widgets.record_list import RecordList
from tests.ui.at_work import Desk, WorkApp, hostile_products, on_sqlite, post, stocked
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
        await desk.press("ctrl+k")
        assert "A-05" in codes(desk) and desk.shows("out of use")
        await desk.scan("BIN-A-05")
        await desk.press("delete", "ctrl+k")
        assert "A-05" in codes(desk)


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
        for keys in ((), ("enter",), ("end",), ("ctrl+l",), ("escape", "left", "end", "up", "up", "ctrl+r")):
            await desk.press(*keys)
            for text in screen_lines(desk.app):
                assert_harmless(text)
        assert isinstance(desk.app.screen, PlaceForm)


async def test_a_scanned_product_shows_in_which_bins_it_lies(shop: Shop) -> None:
    stocked(shop)
    async with at_bins(shop) as desk:
        await desk.scan("4006381333931")
        await desk.settle()
        assert desk.shows("Bolt [M6] zinc 40 mm", "96 in 2 bins", "A-01", "60", "B-01", "36")
        await desk.press("down", "enter")
        assert here(desk) == "B-01" and desk.shows("1 line")


async def test_a_zone_says_what_it_adds_up_to(shop: Shop) -> None:
    stocked(shop)
    async with at_bins(shop, (120, 40)) as desk:
        await desk.press("down")
        await desk.settle()
        assert desk.shows("6 bins, 3 of them empty", "3 products", "61 pieces", "worth")
        assert desk.shows("60 Bolt [M6] zinc 40 mm", "empty")
        await desk.press("tab", "down", "enter")
        assert here(desk) == "A-02"


@on_sqlite
async def test_a_new_place_is_offered_the_next_code_whatever_it_is(shop: Shop) -> None:
    locations.add_place(shop, "Ada", "bin", "A-07", parent="SHOP-A")
    locations.archive_place(shop, "Ada", "A-07")
    async with at_bins(shop) as desk:
        await desk.scan("BIN-A-03")
        await desk.press("ctrl+n")
        form = desk.app.screen
        assert isinstance(form, PlaceForm) and form.values()["code"] == "A-08"
        await desk.press("right")
        assert (form.values()["code"], form.values()["parent"]) == ("SHOP-C", "SHOP")
        await desk.press("right")
        assert (form.values()["code"], form.values()["parent"]) == ("SHOP-2", "")
        await desk.press("left", "ctrl+s")
    assert locations.find_place(shop, "SHOP-C").kind == "zone"


@on_sqlite
async def test_past_the_end_of_its_zone_a_bin_goes_on_into_the_next(shop: Shop) -> None:
    async with at_bins(shop) as desk:
        await desk.scan("BIN-A-06")
        await desk.press("ctrl+down")
        await desk.settle()
        assert desk.shows("A-06 lies in Back room now") and here(desk) == "A-06"
        assert codes(desk)[codes(desk).index("SHOP-B") :][:3] == ["SHOP-B", "A-06", "B-01"]
        await desk.press("ctrl+t", "enter")
        await desk.settle()
        assert desk.shows("another number in the walk")
    assert [one.code for one in locations.bins_within(shop, "SHOP")][5:7] == ["A-06", "B-01"]


@on_sqlite
async def test_labels_of_the_marked_bins_are_written_as_a_pdf(shop: Shop, tmp_path: Path) -> None:
    out = tmp_path / "bins.pdf"
    async with at_bins(shop) as desk:
        await desk.scan("BIN-A-02")
        await desk.press("space", "space", "ctrl+l")
        assert desk.shows("those marked (2)", "2 labels on 1 page", "Shelf 2", "BIN-A-02")
        await desk.fill("path", str(out))
        await desk.fill("start", "99")
        await desk.press("ctrl+s")
        assert desk.shows("has labels 1 to 21")
        await desk.fill("start", "20")
        await desk.fill("copies", "2")
        assert desk.shows("4 labels on 2 pages")
        await desk.press("ctrl+s")
        await desk.settle()
        screen = desk.app.screen
        assert isinstance(screen, BinsScreen) and screen.written == out
    assert out.read_bytes().startswith(b"%PDF")


@on_sqlite
async def test_a_zone_is_counted_from_here(shop: Shop) -> None:
    async with at_bins(shop) as desk:
        await desk.scan("BIN-B-02")
        await desk.press("alt+c")
        sheets = desk.app.screen
        assert isinstance(sheets, CountSheetsScreen) and sheets.chosen == {"SHOP-B"}
        await desk.press("escape")
        assert isinstance(desk.app.screen, BinsScreen)


@on_sqlite
async def test_an_empty_shop_says_what_to_do_next(shop: Shop) -> None:
    for code in [*(one.code for one in locations.bins_within(shop, "SHOP") if one.code != "RECEIVING")]:
        locations.archive_place(shop, "Ada", code)
    async with at_bins(shop) as desk:
        await desk.press("down")
        assert desk.shows("Nothing in it yet. Ctrl+N")
        await desk.key_in("nowhere")
        assert desk.shows("No place is called so")


@on_sqlite
async def test_a_very_full_bin_is_read_by_pages(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    stocked(shop)
    post(shop, "receive", LineRequest("GLUE", 5_000, to_bin="A-01"))
    monkeypatch.setattr(bins, "FEW", 1)
    async with at_bins(shop) as desk:
        await desk.scan("BIN-A-01")
        await desk.settle()
        assert desk.shows("very many lines", "Bolt", "Wood glue")
        await desk.press("enter", "down", "enter")
        assert isinstance(desk.app.screen, ProductScreen)


@on_sqlite
async def test_lots_that_are_over_say_so(shop: Shop) -> None:
    catalogue.add_product(shop, "Ada", sku="MILK", name="Milk 1 l", tracking="lot")
    for lot, expiry in (("L1", "2001-02-01"), ("L2", "2199-02-01")):
        post(shop, "receive", LineRequest("MILK", 4_000, to_bin="A-01", lot=lot, expiry=expiry))
    async with at_bins(shop, (120, 40)) as desk:
        await desk.scan("BIN-A-01")
        await desk.settle()
        assert desk.text.count("✗") == 1 and "2199" in desk.text
