"""Scans that nobody knew: listed with what they may be, answered, and never lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from stockshop.errors import ShopError
from stockshop.services import catalogue, scanning, unknown_scans
from stockshop.services.shop import Shop
from stockshop.ui.products.product_screen import ProductScreen
from stockshop.ui.screens.unknown_scans import UnknownScansScreen
from tests.ui.at_work import on_sqlite
from tests.ui.counter_shop import BOLT, GLUE, UNKNOWN, Counter, at_the_counter, bin_barcode, fill
from tests.ui.test_hostile import ESCAPES, MARKUP, assert_harmless, screen_lines

MISREAD = GLUE[:-1] + "0"
SUPPLIERS = "AB-4711"


@pytest.fixture(autouse=True)
def filled(shop: Shop) -> None:
    fill(shop)


@asynccontextmanager
async def at_the_scans(
    shop: Shop, *codes: str, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Counter, UnknownScansScreen]]:
    for code in codes:
        scanning.keep_unknown(shop, "Kim", code, "Counter, sell")
    async with at_the_counter(shop, size) as desk:
        await desk.press("alt+u")
        screen = desk.app.screen
        assert isinstance(screen, UnknownScansScreen)
        await desk.until(lambda: screen.records.counted, "the list")
        yield desk, screen


def still_open(shop: Shop) -> set[str]:
    return {one.code for one in scanning.unknown_scans(shop)}


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_each_code_is_listed_once_with_what_it_may_be(shop: Shop, size: tuple[int, int]) -> None:
    async with at_the_scans(shop, MISREAD, SUPPLIERS, UNKNOWN, MISREAD, size=size) as (desk, screen):
        desk.sees("3 codes that nobody knows", "Times", "What it may be", "One digit off Wood glue 250 g")
        rows = [screen.records.row_at(number) for number in range(screen.records.count)]
        assert [row.value.times for row in rows if row is not None] == [2, 1, 1]
        desk.sees("Scanned 2 times, first", "Counter, sell, by")
        await desk.press("down")
        desk.sees("A real trade number: a book")
        if size[0] == 120:
            desk.sees("Where", "By", "Kim")


@on_sqlite
async def test_an_empty_list_says_what_it_is_for(shop: Shop) -> None:
    async with at_the_scans(shop) as (desk, _):
        desk.sees("No code that nobody knows", "No open scans. A code that nobody knows is kept here")
        await desk.press("enter", "ctrl+n", "delete")
        assert isinstance(desk.app.screen, UnknownScansScreen)


async def test_a_code_is_put_on_a_product_found_by_name(shop: Shop) -> None:
    async with at_the_scans(shop, SUPPLIERS, UNKNOWN) as (desk, screen):
        await desk.press("down", "enter")
        desk.sees("Which product has the code AB-4711?")
        await desk.type("glue")
        await desk.press("enter", "backspace")
        await desk.type("6\r")
        await desk.until(
            lambda: "AB-4711 is on Wood glue 250 g now." in desk.screen or screen.is_current, "it"
        )
        assert still_open(shop) == {UNKNOWN}
        assert scanning.read_scan(shop, SUPPLIERS).quantity_milli == 6_000
        [settled] = unknown_scans.resolved_codes(shop)
        assert (settled.resolution, settled.product, settled.resolved_by) == (
            "attached to Wood glue 250 g", "Wood glue 250 g", "Ada",
        )  # fmt: skip


@on_sqlite
async def test_the_product_is_scanned_onto_the_code_under_the_cursor(shop: Shop) -> None:
    async with at_the_scans(shop, SUPPLIERS) as (desk, _):
        await desk.scan(BOLT)
        desk.sees("Which product has the code AB-4711?", "M6 bolt zinc 40 mm: say how much")
        await desk.press("enter")
        assert scanning.read_scan(shop, SUPPLIERS).product.sku == "M6X40"  # type: ignore[union-attr]
        assert still_open(shop) == set()


@on_sqlite
async def test_inside_the_search_the_product_may_be_scanned_too(shop: Shop) -> None:
    async with at_the_scans(shop, SUPPLIERS) as (desk, _):
        await desk.press("enter")
        await desk.type("glu")
        await desk.scan(UNKNOWN)
        desk.sees(f"Nobody knows {UNKNOWN} either")
        await desk.scan(BOLT)
        desk.sees("M6 bolt zinc 40 mm: say how much")
        await desk.press("enter")
        assert scanning.read_scan(shop, SUPPLIERS).product.sku == "M6X40"  # type: ignore[union-attr]


@on_sqlite
async def test_a_name_typed_on_the_scan_line_searches_for_the_product(shop: Shop) -> None:
    async with at_the_scans(shop, SUPPLIERS) as (desk, _):
        await desk.type("wood\r")
        desk.sees("Which product has the code AB-4711?", "Wood glue 250 g")


@on_sqlite
async def test_a_code_that_is_scanned_here_and_unknown_joins_the_list(shop: Shop) -> None:
    async with at_the_scans(shop, SUPPLIERS) as (desk, screen):
        await desk.scan(UNKNOWN)
        await desk.until(lambda: screen.records.count == 2, "the second code")
        assert still_open(shop) == {SUPPLIERS, UNKNOWN}


async def test_a_product_is_made_of_a_code(shop: Shop) -> None:
    async with at_the_scans(shop, UNKNOWN) as (desk, _):
        await desk.press("ctrl+n")
        await desk.type("Field guide [birds]\r")
        await desk.press("ctrl+s")
        assert catalogue.find_product(shop, UNKNOWN).name == "Field guide [birds]"
        assert still_open(shop) == set()


async def test_a_dismissed_code_keeps_its_reason_and_can_be_taken_up_again(shop: Shop) -> None:
    async with at_the_scans(shop, UNKNOWN, UNKNOWN) as (desk, screen):
        await desk.press("delete", "enter")
        assert still_open(shop) == set()
        await desk.press("ctrl+t")
        await desk.until(lambda: screen.records.count == 1, "the settled one")
        desk.sees("1 settled code", "dismissed: not ours", "Ada")
        await desk.press("ctrl+r", "ctrl+t")
        await desk.until(lambda: "1 code that nobody knows" in desk.screen, "the open one")
        desk.sees("taken up again; was: dismissed: not ours")
        assert still_open(shop) == {UNKNOWN}
        assert len(unknown_scans.resolved_codes(shop)) == 1


@on_sqlite
async def test_what_has_become_known_is_settled_by_enter(shop: Shop) -> None:
    async with at_the_scans(shop, SUPPLIERS) as (desk, screen):
        catalogue.add_barcode(shop, "Ada", catalogue.find_product(shop, "GLUE").id, SUPPLIERS)
        screen.look_again()
        await desk.until(lambda: "Known by now: Wood glue 250 g" in desk.screen, "the hint")
        await desk.press("enter")
        await desk.until(lambda: not still_open(shop), "an empty tray")
        await desk.press("ctrl+t")
        await desk.until(lambda: "known by now" in desk.screen, "the settled one")
        await desk.press("enter")
        assert isinstance(desk.app.screen, ProductScreen)


@on_sqlite
async def test_of_a_code_with_lot_and_date_only_the_number_goes_onto_the_product(shop: Shop) -> None:
    scanned = f"010950600013435210LOT7{chr(29)}17261231"
    async with at_the_counter(shop) as desk:
        await desk.scan(scanned)
        await desk.press("alt+u")
        desk.sees("A GS1 code of the trade number 9506000134352", "LOT7␝17261231")
        await desk.press("enter")
        desk.sees("Which product has the code 9506000134352?")
        await desk.type("milk")
        await desk.press("enter", "enter")
        found = scanning.read_scan(shop, scanned.replace("LOT7", "LOT8"))
        assert (found.product and found.product.sku, found.lot) == ("MILK", "LOT8")


@on_sqlite
async def test_a_bins_label_opens_the_bin(shop: Shop) -> None:
    async with at_the_scans(shop) as (desk, _):
        await desk.scan(bin_barcode(shop, "B-01"))
        await desk.until(lambda: desk.app.current_mode == "bins", "the bins")
        await desk.until(lambda: "M6 bolt zinc 40 mm" in desk.screen, "what lies in the bin")


@on_sqlite
async def test_hostile_codes_and_names_are_shown_literally(shop: Shop) -> None:
    codes = [code for code in (*MARKUP, *ESCAPES) if code.strip() and len(code) < 150]
    kept = 0
    for number, code in enumerate(codes):
        try:
            scanning.keep_unknown(shop, code[:40], code, code)
        except ShopError:
            continue
        kept += 1
        scanning.resolve_unknown(shop, code[:40], scanning.unknown_scans(shop)[0].id, code)
        scanning.keep_unknown(shop, code[:40], code, f"{number} {code}"[:100])
    assert kept > 20
    async with at_the_scans(shop, size=(120, 40)) as (desk, screen):
        desk.sees("Bolt [M6]", "[/]")
        for _ in range(2):
            await desk.press(*["down"] * 12)
            for row in screen_lines(desk.app):
                assert_harmless(row)
            await desk.press("enter")
            for row in screen_lines(desk.app):
                assert_harmless(row)
            await desk.press("escape", "ctrl+t")
            await desk.until(lambda: screen.records.counted, "the other view")


@on_sqlite
async def test_a_scan_on_another_screen_is_kept_with_the_name_of_the_screen(shop: Shop) -> None:
    async with at_the_counter(shop) as desk:
        await desk.press("f5")
        await desk.scan(UNKNOWN)
        await desk.until(lambda: still_open(shop) == {UNKNOWN}, "the tray")
        assert scanning.unknown_scans(shop)[0].place == "Low"
