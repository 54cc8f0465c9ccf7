"""The catalogue and the product: found as one types, looked at, changed, explained."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.widgets import Input, Static

from stockshop.services import catalogue, reports, scanning
from stockshop.services.shop import Shop, change_settings
from stockshop.services.stock import LineRequest
from stockshop.ui.products.find_picker import FindPicker
from stockshop.ui.products.history import EntryDialog, HistoryScreen
from stockshop.ui.products.product_form import BarcodeForm, ProductForm
from stockshop.ui.products.product_screen import ProductScreen
from stockshop.ui.screens.dialogs import Ask, Confirm
from stockshop.ui.screens.labels import LabelsScreen
from stockshop.ui.screens.products import FILTERS, ProductsScreen
from stockshop.ui.widgets.record_list import RecordList
from tests.ui.at_work import Desk, WorkApp, hostile_products, on_sqlite, post, stocked
from tests.ui.test_hostile import ESCAPES, MARKUP, assert_harmless, screen_lines


@asynccontextmanager
async def at_products(shop: Shop, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Desk]:
    app = WorkApp(shop, ProductsScreen)
    async with app.run_test(size=size, notifications=True) as pilot:
        desk = Desk(app, pilot)
        await desk.settle()
        yield desk


def names(desk: Desk) -> list[str]:
    """The products listed, in order."""
    records = desk.get("#list", RecordList)
    rows: list[Any] = [records.row_at(number) for number in range(records.count)]
    return [row.name for row in rows]


async def test_the_whole_catalogue_is_listed_and_found_as_one_types(shop: Shop) -> None:
    stocked(shop)
    async with at_products(shop) as desk:
        assert names(desk) == [
            "Bolt [M6] zinc 40 mm", "Lamp oil 1 l", "Rope, braided 8 mm", "Wood glue 250 g",
        ]  # fmt: skip
        assert desk.shows("Bolt [M6] zinc 40 mm", "€0.35", "96", "A-01 +1")
        await desk.key_in("oil")
        assert names(desk) == ["Lamp oil 1 l"]
        await desk.press("escape")
        assert len(names(desk)) == 4
        await desk.key_in("6381333948")
        assert names(desk) == ["Bolt [M6] zinc 40 mm"]


@on_sqlite
async def test_an_empty_shop_says_what_to_do_next(shop: Shop) -> None:
    async with at_products(shop) as desk:
        assert desk.shows("No products yet: press F8 to import a file, or Ctrl+N to add one.")
        await desk.key_in("zzz")
        assert desk.shows("Nothing matches.")


async def test_the_filters_go_round_and_each_shows_its_part(shop: Shop) -> None:
    ids = stocked(shop)
    catalogue.archive(shop, "Ada", ids["ROPE"])
    expected = {
        "all": ["Bolt [M6] zinc 40 mm", "Lamp oil 1 l", "Wood glue 250 g"],
        "low": ["Lamp oil 1 l", "Wood glue 250 g"],
        "out": ["Lamp oil 1 l"],
        "below zero": ["Lamp oil 1 l"],
        "no barcode": ["Lamp oil 1 l", "Wood glue 250 g"],
        "archived": ["Rope, braided 8 mm"],
    }
    async with at_products(shop) as desk:
        for part in FILTERS:
            assert names(desk) == expected[part.label]
            assert desk.shows(f"[{part.label}]")
            await desk.press("ctrl+t")
        assert names(desk) == expected["all"]


async def choose(desk: Desk, key: str, typed: str) -> None:
    """Choose in a picker that opens with this key, and wait for the list that follows."""
    await desk.press(key)
    assert isinstance(desk.app.screen, FindPicker)
    await desk.key_in(typed)
    await desk.press("enter")
    await desk.settle()


async def test_any_column_sorts_up_and_then_down(shop: Shop) -> None:
    stocked(shop)
    bolt, glue, lamp, rope = "Bolt [M6] zinc 40 mm", "Wood glue 250 g", "Lamp oil 1 l", "Rope, braided 8 mm"
    ways = {
        "product": ([bolt, lamp, rope, glue], "Product ▲", "Product ▼"),
        "sku": ([bolt, glue, lamp, rope], "SKU ▲", "SKU ▼"),
        "price": ([bolt, rope, glue, lamp], "Price ▲", "Price ▼"),
        "on hand": ([lamp, rope, glue, bolt], "On hand ▲", "On hand ▼"),
        "category": ([bolt, lamp, rope, glue], "Category ▲", "Category ▼"),
    }
    async with at_products(shop) as desk:
        for typed, (expected, up, down) in ways.items():
            await choose(desk, "ctrl+o", typed)
            if typed == "product":
                # It was sorted by name already: now the other way.
                assert names(desk) == expected[::-1] and desk.shows(down)
                continue
            assert names(desk) == expected and desk.shows(up)
            await choose(desk, "ctrl+o", "")
            assert names(desk) == expected[::-1] and desk.shows(down)


@on_sqlite
async def test_a_click_on_a_heading_sorts(shop: Shop) -> None:
    stocked(shop)
    async with at_products(shop) as desk:
        row = next(number for number, line in enumerate(desk.text.splitlines()) if "Product ▲" in line)
        column = desk.text.splitlines()[row].index("Price")
        await desk.pilot.click(offset=(column, row))
        await desk.settle()
        assert desk.shows("Price ▲")
        await desk.pilot.click(offset=(column, row))
        await desk.settle()
        assert desk.shows("Price ▼") and names(desk)[0] == "Lamp oil 1 l"


async def test_a_category_and_a_bin_are_found_by_typing_and_go_with_the_other_filters(shop: Shop) -> None:
    stocked(shop)
    async with at_products(shop) as desk:
        await choose(desk, "ctrl+g", "gard")
        assert names(desk) == ["Lamp oil 1 l", "Rope, braided 8 mm"]
        assert desk.shows("[category Garden ✕]")
        await desk.press("ctrl+t", "ctrl+t")
        assert names(desk) == ["Lamp oil 1 l", "Rope, braided 8 mm"] and desk.shows("[out]")
        await choose(desk, "ctrl+b", "a-03")
        assert names(desk) == ["Lamp oil 1 l"] and desk.shows("[in A-03 ✕]")
        await desk.key_in("rope")
        assert names(desk) == [] and desk.shows("Nothing matches here", "Ctrl+R")
        await desk.press("escape", "ctrl+r")
        assert len(names(desk)) == 4 and not desk.shows("✕")
        await choose(desk, "ctrl+b", "b-01")
        assert names(desk) == ["Bolt [M6] zinc 40 mm"]
        await choose(desk, "ctrl+b", "anywhere")
        assert len(names(desk)) == 4


@on_sqlite
async def test_what_was_chosen_is_taken_off_by_a_click(shop: Shop) -> None:
    stocked(shop)
    async with at_products(shop) as desk:
        await choose(desk, "ctrl+g", "paint")
        assert names(desk) == ["Wood glue 250 g"]
        row = next(number for number, line in enumerate(desk.text.splitlines()) if "Paint ✕" in line)
        await desk.pilot.click(offset=(desk.text.splitlines()[row].index("✕"), row))
        await desk.settle()
        assert len(names(desk)) == 4


async def test_a_scan_opens_its_product_and_enter_the_one_under_the_cursor(shop: Shop) -> None:
    ids = stocked(shop)
    async with at_products(shop) as desk:
        await desk.scan("4006381333931")
        screen = desk.app.screen
        assert isinstance(screen, ProductScreen) and screen.product_id == ids["BOLT"]
        assert desk.shows("on hand", "96", "A-01", "60", "B-01", "36", "4006381333948", "12 of it")
        await desk.press("escape")
        await desk.key_in("glue")
        await desk.press("enter")
        screen = desk.app.screen
        assert isinstance(screen, ProductScreen) and screen.product_id == ids["GLUE"]
        assert desk.shows("at 5, up to 20", "Acme & Sons", "packs of 6", "low: at or below")


async def test_an_unknown_scan_is_kept_and_may_become_a_product(shop: Shop) -> None:
    stocked(shop)
    async with at_products(shop) as desk:
        await desk.scan("4012345678901")
        assert [one.code for one in scanning.unknown_scans(shop)] == ["4012345678901"]
        assert isinstance(desk.app.screen, Confirm)
        await desk.press("right", "enter")
        assert isinstance(desk.app.screen, ProductForm)
        await desk.fill("name", "Garden hose 20 m")
        await desk.press("ctrl+s")
        made = catalogue.find_product(shop, "4012345678901")
        assert made.name == "Garden hose 20 m"
        assert isinstance(desk.app.screen, ProductScreen)


@on_sqlite
async def test_words_that_match_nothing_are_no_unknown_scan(shop: Shop) -> None:
    stocked(shop)
    async with at_products(shop) as desk:
        await desk.key_in("unicorn")
        await desk.press("enter")
        assert scanning.unknown_scans(shop) == ()
        assert desk.shows("Nothing is called unicorn")


@on_sqlite
async def test_the_product_stands_beside_the_list_where_there_is_room(shop: Shop) -> None:
    stocked(shop)
    async with at_products(shop, (120, 40)) as desk:
        assert desk.shows("belongs", "Barcodes", "Prices") or desk.shows("Where", "Barcodes", "Prices")
        await desk.press("down")
        assert desk.shows("below zero in the books")


async def test_a_product_is_added_with_everything_at_once(shop: Shop) -> None:
    stocked(shop)
    async with at_products(shop) as desk:
        await desk.press("ctrl+n")
        for field, value in {
            "name": "Linseed oil", "price": "12,5", "category": "Paint", "unit": "l", "preferred_bin": "A-04",
            "reorder_point": "1.5", "order_up_to": "6", "net_content": "500 ml", "tax_rate": "19",
        }.items():  # fmt: skip
            await desk.fill(field, value)
        await desk.press("ctrl+s")
    product = catalogue.product(shop, _id_of(shop, "Linseed oil"))
    assert (product.product.price_minor, product.product.unit, product.product.preferred_bin) == (
        1250,
        "l",
        "A-04",
    )
    assert (product.product.net_content_milli, product.product.net_content_unit) == (500_000, "ml")
    assert product.product.tax_rate_milli == 19_000
    assert [(rule.reorder_point_milli, rule.order_up_to_milli) for rule in product.rules] == [(1_500, 6_000)]


def _id_of(shop: Shop, name: str) -> int:
    listing = catalogue.ProductListing(shop, text=name)
    return listing.page_from(None, 1)[0].id


@on_sqlite
async def test_a_likely_double_is_asked_about_once(shop: Shop) -> None:
    stocked(shop)
    async with at_products(shop) as desk:
        await desk.press("ctrl+n")
        await desk.fill("name", "wood glue 250g")
        await desk.press("ctrl+s")
        assert isinstance(desk.app.screen, ProductForm)
        assert desk.shows("Probably there already: Wood glue 250 g (GLUE)")
        await desk.press("ctrl+s")
        assert not isinstance(desk.app.screen, ProductForm)
    assert catalogue.ProductListing(shop, text="glue").count() == 2


FAULTS = (
    ("name", "", "name", "A product needs a name."),
    ("price", "-", "price", "'-' is not a number."),
    ("unit", "furlong", "unit", "'furlong' is not a unit"),
    ("preferred_bin", "Z-99", "preferred_bin", "There is no bin 'Z-99'."),
    ("net_content", "big", "net_content", "A content is a number and its unit"),
    ("order_up_to", "3", "reorder_point", "Say at how many"),
    ("sku", "BOLT", "sku", "The SKU BOLT belongs to"),
)


@on_sqlite
async def test_each_fault_stands_beside_its_field_and_nothing_is_written(shop: Shop) -> None:
    stocked(shop)
    async with at_products(shop) as desk:
        await desk.press("ctrl+n")
        await desk.fill("name", "Something new")
        for field, value, at, why in FAULTS:
            before = desk.get(f"#field-{field}", Input).value
            await desk.fill(field, value)
            await desk.press("ctrl+s")
            fault = desk.get(f"#fault-{at}", Static)
            assert fault.has_class("-shown") and why in str(fault.render()), field
            assert desk.app.focused is not None and desk.app.focused.id == f"field-{at}"
            await desk.fill(field, before)
    assert catalogue.ProductListing(shop).count() == 4


async def test_a_change_is_saved_with_its_price_kept_in_history(shop: Shop) -> None:
    ids = stocked(shop)
    async with at_products(shop) as desk:
        await desk.scan("4006381333931")
        await desk.press("e")
        await desk.fill("price", "0.40")
        await desk.fill("reorder_point", "50")
        await desk.press("ctrl+s")
        assert desk.app.changes
        assert desk.shows("€0.40", "€0.35", "at 50, up to 100")
    detail = catalogue.product(shop, ids["BOLT"])
    assert [point.price_minor for point in detail.prices] == [40, 35]


@on_sqlite
async def test_what_was_typed_is_not_thrown_away_by_a_slip(shop: Shop) -> None:
    stocked(shop)
    async with at_products(shop) as desk:
        await desk.scan("4006381333931")
        await desk.press("e", "escape")
        assert isinstance(desk.app.screen, ProductScreen)
        await desk.press("e")
        await desk.fill("name", "Half a")
        await desk.press("escape")
        assert isinstance(desk.app.screen, Confirm) and desk.shows("not saved yet")
        await desk.press("enter")
        assert isinstance(desk.app.screen, ProductForm)
        await desk.press("escape", "right", "enter")
        assert isinstance(desk.app.screen, ProductScreen)


async def test_a_barcode_is_added_by_scanning_and_taken_off_again(shop: Shop) -> None:
    ids = stocked(shop)
    async with at_products(shop) as desk:
        await desk.key_in("rope")
        await desk.press("enter", "b")
        assert isinstance(desk.app.screen, BarcodeForm)
        await desk.scan("5901234123457")
        await desk.fill("quantity", "6")
        await desk.press("ctrl+s")
        detail = catalogue.product(shop, ids["ROPE"])
        assert [(code.code, code.quantity_milli) for code in detail.barcodes] == [("5901234123457", 6_000)]
        await desk.press("b")
        await desk.scan("4006381333931")
        await desk.press("ctrl+s")
        assert desk.shows("on BOLT")
        await desk.press("escape", "right", "enter", "delete", "enter")
        assert catalogue.product(shop, ids["ROPE"]).barcodes == ()


@on_sqlite
async def test_a_name_that_cannot_be_shown_as_it_is_survives_another_change(shop: Shop) -> None:
    made = catalogue.add_product(shop, "Ada", sku="ASTRO", name="Sticker 👩‍🚀 ❤️", notes="two\nlines")
    async with at_products(shop) as desk:
        await desk.press("enter", "e", "escape")
        assert isinstance(desk.app.screen, ProductScreen)
        await desk.press("e")
        await desk.fill("price", "2")
        await desk.press("ctrl+s")
    kept = catalogue.product(shop, made.id).product
    assert (kept.name, kept.notes, kept.price_minor) == ("Sticker 👩‍🚀 ❤️", "two\nlines", 200)


@on_sqlite
async def test_archiving_is_asked_about_and_undone_without(shop: Shop) -> None:
    ids = stocked(shop)
    async with at_products(shop) as desk:
        await desk.key_in("rope")
        await desk.press("enter", "a", "enter")
        assert catalogue.product(shop, ids["ROPE"]).product.is_archived
        assert desk.shows("archived: not for sale")
        await desk.press("a")
        assert not catalogue.product(shop, ids["ROPE"]).product.is_archived


async def test_why_is_it_so_shows_every_movement_and_an_entry_is_undone_with_a_reason(shop: Shop) -> None:
    ids = stocked(shop)
    async with at_products(shop, (120, 40)) as desk:
        await desk.key_in("glue")
        await desk.press("ctrl+y")
        assert isinstance(desk.app.screen, HistoryScreen)
        assert desk.shows("Wood glue 250 g", "3 on hand. Never counted.", "received", "+4", "sold", "−1")
        await desk.press("enter")
        assert isinstance(desk.app.screen, EntryDialog)
        assert desk.shows("A-02 → customer", "worth")
        await desk.press("u")
        assert isinstance(desk.app.screen, Ask)
        await desk.press("enter")
        assert desk.shows("Say why it is undone")
        await desk.key_in("rung up twice")
        await desk.press("enter")
        assert desk.shows("4 on hand", "undid", "rung up twice")
        await desk.press("enter", "u")
        assert desk.shows("cannot be undone")
    newest = reports.history(shop, "GLUE", limit=1)[0]
    assert (newest.kind, newest.balance_milli, newest.note) == ("reversal", 4_000, "rung up twice")
    assert ids["GLUE"]


@on_sqlite
async def test_a_long_history_is_read_piece_by_piece(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = stocked(shop)
    monkeypatch.setattr("stockshop.ui.products.history.PAGE", 60)
    monkeypatch.setattr("stockshop.ui.products.history._NEAR_END", 10)
    post(shop, "receive", *(LineRequest("ROPE", 1_000, to_bin="A-01") for _ in range(150)))
    app = WorkApp(shop, lambda: HistoryScreen(ids["ROPE"], "Rope", "each"))
    async with app.run_test(size=(100, 30)) as pilot:
        desk = Desk(app, pilot)
        await desk.settle()
        records = desk.get("#history", RecordList)
        assert records.count == 60
        for _ in range(4):
            await desk.press("end")
        assert records.count == 150 and records.cursor == 149


@on_sqlite
async def test_a_label_can_be_printed_from_the_product(shop: Shop) -> None:
    ids = stocked(shop)
    async with at_products(shop) as desk:
        await desk.scan("4006381333931")
        await desk.press("l")
        screen = desk.app.screen
        assert isinstance(screen, LabelsScreen) and list(screen.chosen) == [ids["BOLT"]]
        await desk.press("escape")
        assert isinstance(desk.app.screen, ProductScreen)


@on_sqlite
async def test_a_list_that_was_left_shows_what_has_changed_meanwhile(shop: Shop) -> None:
    stocked(shop)
    async with at_products(shop) as desk:
        await desk.key_in("rope")
        await desk.press("enter")
        post(shop, "receive", LineRequest("ROPE", 77_000, to_bin="A-05"))
        await desk.press("escape")
        assert desk.shows("77", "A-05")


@on_sqlite
async def test_hostile_names_are_letters_on_the_list_the_sheet_the_form_and_the_ledger(shop: Shop) -> None:
    many = hostile_products(shop, [*MARKUP, *ESCAPES])
    assert many > 20
    async with at_products(shop, (120, 40)) as desk:
        for number in range(0, many, 9):
            desk.get("#list", RecordList).go_to(number)
            await desk.press("enter")
            for keys in ((), ("e",), ("escape", "w"), ("enter",)):
                await desk.press(*keys)
                for text in screen_lines(desk.app):
                    assert_harmless(text)
            await desk.press("escape", "escape", "escape")
            assert isinstance(desk.app.screen, ProductsScreen)


@on_sqlite
@pytest.mark.parametrize(("locale", "shown"), [("de_DE", "4,50"), ("fr_FR", "4,50"), ("en_IE", "4.50")])
async def test_numbers_stand_in_fields_with_the_mark_of_the_locale(
    shop: Shop, locale: str, shown: str
) -> None:
    ids = stocked(shop)
    change_settings(shop, "Ada", locale=locale)
    catalogue.set_reorder_rule(shop, "Ada", ids["GLUE"], 1_000, 2_000)
    async with at_products(shop) as desk:
        await desk.key_in("glue")
        await desk.press("ctrl+e")
        assert desk.get("#field-price", Input).value == shown
        await desk.fill("price", shown.replace("4", "1"))
        await desk.press("ctrl+s")
        assert catalogue.product(shop, ids["GLUE"]).product.price_minor == 150
