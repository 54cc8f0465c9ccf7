"""What runs low: why, how many, from whom."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from stockshop.services import catalogue, ordering
from stockshop.services.shop import Shop
from stockshop.services.stock import LineRequest
from stockshop.ui.products.history import HistoryScreen
from stockshop.ui.products.product_screen import ProductScreen
from stockshop.ui.screens.labels import LabelsScreen
from stockshop.ui.screens.low_stock import LowStockScreen
from stockshop.ui.widgets.record_list import RecordList
from tests.ui.at_work import Desk, WorkApp, on_sqlite, post, stocked
from tests.ui.test_hostile import ESCAPES, MARKUP, assert_harmless, screen_lines


@asynccontextmanager
async def at_low_stock(shop: Shop, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Desk]:
    app = WorkApp(shop, LowStockScreen)
    async with app.run_test(size=size) as pilot:
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
