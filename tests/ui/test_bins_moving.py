"""Moving stock from bin to bin: by scan, by choice, everything; and taking it back."""

from __future__ import annotations

from stockshop.services import catalogue
from stockshop.services.reports import stock_rows
from stockshop.services.shop import Shop
from stockshop.services.stock import LineRequest
from stockshop.ui.places.free_screen import FreeBinsScreen
from stockshop.ui.screens.bins import BinsScreen
from stockshop.ui.screens.dialogs import Ask, Choice, Confirm
from tests.ui.at_work import Desk, hostile_products, on_sqlite, post, stocked
from tests.ui.test_bins import at_bins, here
from tests.ui.test_hostile import ESCAPES, MARKUP, assert_harmless, screen_lines

BOLT, CASE = "4006381333931", "4006381333948"


def held(shop: Shop, bin_code: str) -> dict[str, int]:
    return {row.sku + row.lot: row.on_hand_milli // 1000 for row in stock_rows(shop, bin_code=bin_code)}


def screen(desk: Desk) -> BinsScreen:
    shown = desk.app.screen
    assert isinstance(shown, BinsScreen)
    return shown


async def test_products_are_scanned_out_of_one_bin_and_into_another_and_back(shop: Shop) -> None:
    stocked(shop)
    async with at_bins(shop) as desk:
        await desk.scan("BIN-A-01")
        await desk.press("ctrl+o")
        assert desk.shows("Moving out of A-01")
        await desk.key_in("3*")
        await desk.scan(BOLT)
        await desk.scan(CASE)
        assert desk.shows("15 Bolt [M6] zinc 40 mm. Now scan")
        await desk.scan("BIN-B-02")
        await desk.settle()
        assert held(shop, "A-01") == {"BOLT": 45} and held(shop, "B-02") == {"BOLT": 15}
        assert desk.shows("Moved 15 Bolt") and here(desk) == "A-01"
        assert screen(desk).transfer is None
        await desk.press("ctrl+z")
        await desk.settle()
        assert held(shop, "A-01") == {"BOLT": 60} and held(shop, "B-02") == {}


async def test_codes_that_come_at_once_are_taken_each_in_its_turn(shop: Shop) -> None:
    stocked(shop)
    async with at_bins(shop) as desk:
        await desk.scan("BIN-A-01")
        await desk.press("ctrl+o")
        for code in (BOLT, CASE, BOLT, "BIN-B-02"):
            screen(desk).read_code(code)
        for _ in range(8):
            await desk.settle()
        assert held(shop, "B-02") == {"BOLT": 14}


@on_sqlite
async def test_no_more_goes_than_the_books_know_and_it_says_so(shop: Shop) -> None:
    stocked(shop)
    async with at_bins(shop) as desk:
        await desk.scan("BIN-A-02")
        await desk.press("ctrl+o")
        await desk.scan(BOLT)
        assert desk.shows("A-02 has no more Bolt") and not screen(desk).transfer
        await desk.scan("GLUE")
        await desk.key_in("5*")
        await desk.scan("GLUE")
        assert desk.shows("Only 2 of that lie in A-02", "3 Wood glue 250 g")
        await desk.scan("BIN-A-02")
        assert desk.app.is_running and held(shop, "A-02") == {"GLUE": 3}


@on_sqlite
async def test_lines_are_chosen_by_key_and_the_bin_in_the_tree(shop: Shop) -> None:
    stocked(shop)
    post(shop, "receive", LineRequest("GLUE", 5_000, to_bin="A-01"))
    async with at_bins(shop) as desk:
        await desk.scan("BIN-A-01")
        await desk.press("ctrl+o", "enter")
        assert isinstance(desk.app.screen, Ask)
        await desk.key_in("7")
        await desk.press("enter")
        assert desk.shows("7 Bolt")
        await desk.press("down", "space")
        assert desk.shows("7 Bolt [M6] zinc 40 mm, 5 Wood glue 250 g")
        await desk.press("shift+tab", "down", "down", "enter")
        await desk.settle()
        assert held(shop, "A-03") == {"BOLT": 7, "GLUE": 5, "LAMP": -2}


@on_sqlite
async def test_all_lines_are_taken_and_left_and_esc_leaves_everything_where_it_is(shop: Shop) -> None:
    stocked(shop)
    async with at_bins(shop) as desk:
        await desk.scan("BIN-A-01")
        await desk.press("ctrl+o", "ctrl+a")
        assert desk.shows("60 Bolt")
        await desk.press("ctrl+a")
        assert not desk.shows("60 Bolt [M6] zinc 40 mm.")
        await desk.press("ctrl+a", "escape")
        assert screen(desk).transfer is None and not desk.shows("Moving out")
        assert held(shop, "A-01") == {"BOLT": 60}


@on_sqlite
async def test_another_bin_scanned_at_once_moves_everything_when_confirmed(shop: Shop) -> None:
    stocked(shop)
    post(shop, "receive", LineRequest("GLUE", 5_000, to_bin="A-01"))
    async with at_bins(shop) as desk:
        await desk.scan("BIN-A-01")
        await desk.press("ctrl+o")
        await desk.scan("BIN-A-05")
        assert isinstance(desk.app.screen, Confirm) and desk.shows("Everything that lies in A-01")
        await desk.press("enter")
        await desk.settle()
        assert held(shop, "A-05") == {"BOLT": 60, "GLUE": 5} and held(shop, "A-01") == {}
        await desk.press("ctrl+z")
        await desk.settle()
        assert held(shop, "A-01") == {"BOLT": 60, "GLUE": 5}
        await desk.press("ctrl+z")
        assert desk.shows("Nothing has been moved here")


@on_sqlite
async def test_lots_go_by_expiry_and_are_shown_with_it(shop: Shop) -> None:
    catalogue.add_product(shop, "Ada", sku="MILK", name="Milk 1 l", tracking="lot")
    post(shop, "receive", LineRequest("MILK", 4_000, to_bin="A-01", lot="L2", expiry="2026-03-01"))
    post(shop, "receive", LineRequest("MILK", 6_000, to_bin="A-01", lot="L1", expiry="2026-02-01"))
    async with at_bins(shop) as desk:
        await desk.scan("BIN-A-01")
        await desk.press("ctrl+o")
        assert desk.shows("L1", "2026")
        await desk.key_in("8*")
        await desk.scan("MILK")
        await desk.scan("BIN-A-02")
        await desk.settle()
        assert held(shop, "A-02") == {"MILKL1": 6, "MILKL2": 2}


@on_sqlite
async def test_a_free_bin_is_found_per_zone_and_moved_to(shop: Shop) -> None:
    stocked(shop)
    async with at_bins(shop) as desk:
        await desk.scan("BIN-A-01")
        await desk.press("ctrl+o", "ctrl+a", "ctrl+b")
        assert isinstance(desk.app.screen, FreeBinsScreen)
        assert desk.shows("Shop floor", "A-02", "3 Wood glue 250 g", "A-04", "empty")
        assert not desk.shows("B-02")
        await desk.press("ctrl+t")
        assert desk.shows("B-02") and not desk.shows("A-04")
        await desk.press("down", "enter")
        await desk.settle()
        assert held(shop, "B-03") == {"BOLT": 60}


@on_sqlite
async def test_nothing_is_moved_out_of_a_zone(shop: Shop) -> None:
    async with at_bins(shop) as desk:
        await desk.press("ctrl+o")
        assert desk.shows("Go to the bin") and screen(desk).transfer is None


@on_sqlite
async def test_hostile_names_on_their_way_are_letters(shop: Shop) -> None:
    hostile_products(shop, [*MARKUP, *ESCAPES])
    async with at_bins(shop, (120, 40)) as desk:
        await desk.scan("BIN-A-01")
        for keys in (("ctrl+o",), ("space", "space", "space"), ("enter",), ("escape", "ctrl+b")):
            await desk.press(*keys)
            for text in screen_lines(desk.app):
                assert_harmless(text)
        await desk.press("escape", "ctrl+a")
        await desk.scan("BIN-A-02")
        await desk.settle()
        for text in screen_lines(desk.app):
            assert_harmless(text)
        assert held(shop, "A-01") == {}


@on_sqlite
async def test_a_part_of_a_name_is_typed_where_nothing_can_be_scanned(shop: Shop) -> None:
    stocked(shop)
    async with at_bins(shop) as desk:
        await desk.scan("BIN-A-01")
        await desk.press("ctrl+o")
        await desk.key_in("4*zinc")
        await desk.press("enter")
        assert isinstance(desk.app.screen, Choice) and desk.shows("Bolt [M6] zinc 40 mm", "96 on hand")
        await desk.press("enter")
        await desk.settle()
        assert desk.shows("Moving out of A-01: 4 Bolt")
        await desk.press("escape", "escape")
        await desk.key_in("wood")
        await desk.press("enter", "enter")
        await desk.settle()
        assert desk.shows("in 1 bin", "A-02")


@on_sqlite
async def test_keys_that_change_places_rest_while_something_is_moved(shop: Shop) -> None:
    stocked(shop)
    async with at_bins(shop) as desk:
        await desk.scan("BIN-A-05")
        await desk.press("ctrl+o", "delete", "ctrl+n")
        assert isinstance(desk.app.screen, BinsScreen) and not desk.shows("Ctrl+N")
        await desk.press("escape")
        assert desk.shows("Ctrl+N")
