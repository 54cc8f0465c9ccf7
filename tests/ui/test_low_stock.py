"""What runs low: why, how many, from whom."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from stockshop.services import catalogue, ordering
from stockshop.services.shop import Shop
from stockshop.services.stock import LineRequest
from stockshop.ui import files
from stockshop.ui.products.history import HistoryScreen
from stockshop.ui.products.product_screen import ProductScreen
from stockshop.ui.screens import low_stock
from stockshop.ui.screens.dialogs import Choice
from stockshop.ui.screens.labels import LabelsScreen
from stockshop.ui.screens.low_stock import LowStockScreen
from stockshop.ui.widgets.record_list import RecordList
from tests.ui.at_work import Desk, WorkApp, on_sqlite, post, stocked
from tests.ui.test_hostile import ESCAPES, MARKUP, assert_harmless, screen_lines


@asynccontextmanager
async def at_low_stock(shop: Shop, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Desk]:
    app = WorkApp(shop, LowStockScreen)
    async with app.run_test(size=size, notifications=True) as pilot:
        desk = Desk(app, pilot)
        await desk.settle()
        yield desk


def names(desk: Desk) -> list[str]:
    records = desk.get("#low", RecordList)
    rows: list[Any] = [records.row_at(number) for number in range(records.count)]
    return [row.value.name for row in rows]


async def test_each_line_says_why_how_many_and_from_whom(shop: Shop) -> None:
    stocked(shop)
    async with at_low_stock(shop, (120, 40)) as desk:
        assert names(desk) == ["Lamp oil 1 l", "Wood glue 250 g"]
        assert desk.shows("2 to order · 1 of them out")
        assert desk.shows("−2 in the books, point 2", "3 left, point 5", "18", "Acme & Sons", "A-77")
        assert desk.shows("1 to count first", "count", "Count it first")


async def test_what_is_on_order_counts_and_is_said(shop: Shop) -> None:
    stocked(shop)
    post(shop, "receive", LineRequest("LAMP", 9_000, to_bin="A-03"))
    ordering.open_order(shop, "Ada", "purchase", [("GLUE", 1_000)], supplier="Acme & Sons")
    async with at_low_stock(shop) as desk:
        assert names(desk) == ["Wood glue 250 g"]
        assert desk.shows("3 left, point 5, 1 on order")


@on_sqlite
async def test_one_supplier_after_the_other_and_all_again(shop: Shop) -> None:
    stocked(shop)
    async with at_low_stock(shop) as desk:
        await desk.press("ctrl+t")
        assert names(desk) == ["Wood glue 250 g"] and desk.shows("from Acme & Sons")
        await desk.press("ctrl+t")
        assert names(desk) == ["Lamp oil 1 l"] and desk.shows("from no supplier")
        await desk.press("ctrl+t")
        assert len(names(desk)) == 2


@on_sqlite
async def test_the_product_its_ledger_and_labels_are_one_key_away(shop: Shop) -> None:
    ids = stocked(shop)
    async with at_low_stock(shop) as desk:
        await desk.press("down", "enter")
        screen = desk.app.screen
        assert isinstance(screen, ProductScreen) and screen.product_id == ids["GLUE"]
        await desk.press("escape", "ctrl+y")
        assert isinstance(desk.app.screen, HistoryScreen)
        await desk.press("escape", "ctrl+l")
        labels = desk.app.screen
        assert isinstance(labels, LabelsScreen) and set(labels.chosen) == {ids["GLUE"], ids["LAMP"]}


@on_sqlite
async def test_what_is_received_leaves_the_list_when_the_app_says_so(shop: Shop) -> None:
    stocked(shop)
    async with at_low_stock(shop) as desk:
        await desk.press("down")
        post(shop, "receive", LineRequest("LAMP", 9_000, to_bin="A-03"))
        screen = desk.app.screen
        assert isinstance(screen, LowStockScreen)
        await screen.on_stock_changed()
        await desk.settle()
        assert names(desk) == ["Wood glue 250 g"]


@on_sqlite
async def test_nothing_low_says_how_products_come_here(shop: Shop) -> None:
    async with at_low_stock(shop) as desk:
        assert desk.shows("Nothing is low", "reorder point")


@on_sqlite
async def test_hostile_names_of_products_and_suppliers_are_letters(shop: Shop) -> None:
    for number, name in enumerate([*MARKUP, *ESCAPES[:6]]):
        made = catalogue.add_product(shop, "Ada", sku=f"H{number}", name=name)
        catalogue.set_supplier(shop, "Ada", made.id, name, supplier_code=f"x{name}"[:20])
        catalogue.set_reorder_rule(shop, "Ada", made.id, 1_000, 2_000)
    async with at_low_stock(shop, (120, 40)) as desk:
        assert desk.shows("50% [sale]", "[@click=app.quit]x[/]")
        for _ in range(6):
            for text in screen_lines(desk.app):
                assert_harmless(text)
            await desk.press("ctrl+t")


async def test_the_line_under_the_cursor_says_all_that_is_known(shop: Shop) -> None:
    ids = stocked(shop)
    catalogue.set_supplier(shop, "Ada", ids["GLUE"], "Acme & Sons", pack_milli=6_000, lead_time_days=5)
    async with at_low_stock(shop) as desk:
        await desk.press("down")
        assert desk.shows("3 left; ordered at 5, filled up to 20.", "Sells about 1 a week:")
        assert desk.shows("Acme & Sons delivers in 5 days", "Order 18: it lacks 17, they sell packs of 6.")


@on_sqlite
async def test_a_click_on_the_filter_is_the_same_as_its_key(shop: Shop) -> None:
    stocked(shop)
    async with at_low_stock(shop) as desk:
        assert desk.shows("from all 2 suppliers")
        await desk.pilot.click("#low-supplier")
        await desk.settle()
        assert names(desk) == ["Wood glue 250 g"] and desk.shows("from Acme & Sons")


@on_sqlite
async def test_sites_are_looked_at_one_by_one(shop: Shop) -> None:
    ids = stocked(shop)
    async with at_low_stock(shop) as desk:
        await desk.press("ctrl+b")
        assert desk.shows("watched for the same site")
    catalogue.set_reorder_rule(shop, "Ada", ids["ROPE"], 3_000, 9_000, site="SHOP")
    async with at_low_stock(shop) as desk:
        assert desk.shows("all sites") and len(names(desk)) == 3
        await desk.press("ctrl+b", "ctrl+b")
        assert names(desk) == ["Rope, braided 8 mm"] and desk.shows("in SHOP")
        await desk.press("ctrl+t")
        assert desk.shows("Nothing here is low", "Nothing to order")


@on_sqlite
async def test_many_suppliers_are_chosen_from_a_list(shop: Shop) -> None:
    for number in range(8):
        made = catalogue.add_product(shop, "Ada", sku=f"S{number}", name=f"Nail {number}")
        catalogue.set_supplier(shop, "Ada", made.id, f"Supplier {number}")
        catalogue.set_reorder_rule(shop, "Ada", made.id, 1_000, 2_000)
    async with at_low_stock(shop) as desk:
        await desk.press("ctrl+t")
        assert isinstance(desk.app.screen, Choice)
        await desk.press("down", "down", "down", "enter")
        assert names(desk) == ["Nail 2"] and desk.shows("from Supplier 2")


@on_sqlite
async def test_the_order_list_is_written_where_papers_go(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stocked(shop)
    monkeypatch.setattr(files, "papers_folder", lambda: tmp_path)
    async with at_low_stock(shop) as desk:
        await desk.press("ctrl+s")
        await desk.settle()
        assert desk.shows("The order list is written")
    assert "GLUE" in (tmp_path / "order.csv").read_text(encoding="utf-8-sig")


@on_sqlite
async def test_what_is_read_behind_the_first_lines_is_everything_there_is(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    stocked(shop)
    monkeypatch.setattr(low_stock, "_FIRST", 1)
    async with at_low_stock(shop) as desk:
        assert len(names(desk)) == 2 and not desk.shows("the emptiest of")


async def test_what_was_ordered_is_no_longer_low_and_is_expected_until_it_comes(shop: Shop) -> None:
    stocked(shop)
    async with at_low_stock(shop) as desk:
        await desk.press("down", "ctrl+o")
        assert desk.shows("Ordered from Acme & Sons", "Wood glue 250 g")
        await desk.fill("quantity", "24")
        await desk.fill("reference", "PO 12")
        await desk.press("ctrl+s")
        await desk.settle()
        assert names(desk) == ["Lamp oil 1 l"] and desk.shows("counts as on order now")
        await desk.press("ctrl+r")
        await desk.settle()
        assert desk.shows("1 order is open", "Acme & Sons", "PO 12", "24", "Wood glue 250 g")
        await desk.press("ctrl+y")
        assert desk.shows("Wood glue 250 g", "3 on hand")
        await desk.press("escape")
        await desk.press("enter", "enter")
        await desk.settle()
        assert desk.shows("Nothing is on order")
        await desk.press("escape")
    with shop.store.reading() as session:
        assert (
            session.value("SELECT SUM(quantity_milli) FROM level WHERE location_id > 8")
            == (96 + 3 + 24 - 2) * 1_000
        )


@on_sqlite
async def test_all_of_one_supplier_is_ordered_at_once_but_what_is_below_zero(shop: Shop) -> None:
    ids = stocked(shop)
    catalogue.set_supplier(shop, "Ada", ids["LAMP"], "Acme & Sons")
    catalogue.set_supplier(shop, "Ada", ids["ROPE"], "Acme & Sons")
    catalogue.set_reorder_rule(shop, "Ada", ids["ROPE"], 3_000, 9_000)
    async with at_low_stock(shop) as desk:
        await desk.press("ctrl+o")
        assert desk.shows("What is below zero is counted first")
        await desk.press("ctrl+t", "ctrl+o")
        assert desk.shows("18 Wood glue 250 g", "9 Rope") and not desk.shows("Lamp oil 1 l.")
        await desk.press("ctrl+s")
        await desk.settle()
        assert names(desk) == ["Lamp oil 1 l"]
        await desk.press("ctrl+r", "delete", "right", "enter")
        await desk.settle()
        assert desk.shows("Nothing is on order")
        await desk.press("escape")
        await desk.settle()
        assert len(names(desk)) == 3


@on_sqlite
async def test_hostile_names_on_order_are_letters(shop: Shop) -> None:
    for number, name in enumerate([*MARKUP, *ESCAPES[:6]]):
        made = catalogue.add_product(shop, "Ada", sku=f"H{number}", name=name)
        catalogue.set_supplier(shop, "Ada", made.id, name)
        catalogue.set_reorder_rule(shop, "Ada", made.id, 1_000, 2_000)
        ordering.open_order(shop, "Ada", "purchase", [(made.id, 1_000)], supplier="", reference=name)
    async with at_low_stock(shop, (120, 40)) as desk:
        for keys in (("ctrl+o",), ("escape", "ctrl+r"), ("down", "down"), ("enter",)):
            await desk.press(*keys)
            for text in screen_lines(desk.app):
                assert_harmless(text)
