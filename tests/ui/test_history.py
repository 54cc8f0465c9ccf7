"""Why is it 7? Its ledger with counts as anchors, doubts in words, and undoing with a reason."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from stockshop import clock
from stockshop.services import catalogue, counting, reports, stock
from stockshop.services.counting import Look
from stockshop.services.shop import Shop
from stockshop.services.stock import LineRequest
from stockshop.ui.movements.entry_dialog import EntryDialog
from stockshop.ui.products.history import HistoryScreen, open_why
from stockshop.ui.products.product_screen import ProductScreen
from stockshop.ui.screens.bins import BinsScreen
from stockshop.ui.screens.counter import CounterScreen
from stockshop.ui.screens.dialogs import Ask
from stockshop.ui.screens.labels import LabelsScreen
from stockshop.ui.screens.products import ProductsScreen
from stockshop.ui.widgets.chart import Chart
from stockshop.ui.widgets.record_list import RecordList
from tests.conftest import HandClock
from tests.ui.at_work import Desk, WorkApp, hostile_products, on_sqlite, post, stocked
from tests.ui.counter_shop import GLUE, at_the_counter, fill
from tests.ui.test_hostile import ESCAPES, MARKUP, assert_harmless, screen_lines


@asynccontextmanager
async def why(shop: Shop, product_id: int, size: tuple[int, int] = (100, 30)) -> AsyncIterator[Desk]:
    app = WorkApp(shop, lambda: HistoryScreen(product_id))
    async with app.run_test(size=size, notifications=True) as pilot:
        desk = Desk(app, pilot)
        await desk.settle()
        yield desk


def count(shop: Shop, sku: str, place: str, many: int) -> None:
    counting.post_count(shop, "Ben", [Look(sku, place, many * 1_000, clock.now_us())])


async def test_the_last_count_is_the_anchor_and_what_has_moved_since_is_told(
    shop: Shop, hands: HandClock
) -> None:
    ids = stocked(shop)
    hands.pass_time(60)
    count(shop, "GLUE", "A-02", 2)
    hands.pass_time(60)
    post(shop, "receive", LineRequest("GLUE", 12_000, to_bin="A-02"))
    post(shop, "sell", LineRequest("GLUE", 5_000, from_bin="A-02"))
    async with why(shop, ids["GLUE"], (120, 40)) as desk:
        assert desk.shows(
            "Wood glue 250 g", "9 on hand. Counted 1 minute ago; since then 12 came in and 5 went out."
        )
        assert desk.shows("= 2", "counted 2 in A-02 by Ben: certain from here")
        assert desk.shows("the count found 1 fewer than the books said")
        await desk.press("c")
        assert desk.get("#history", RecordList).cursor == 2


async def test_doubts_are_said_in_words_and_one_key_goes_from_one_to_the_next(
    shop: Shop, hands: HandClock
) -> None:
    ids = stocked(shop)
    hands.pass_time(60)
    for _ in range(2):
        post(shop, "receive", LineRequest("LAMP", 6_000, to_bin="A-03"))
    post(shop, "sell", LineRequest("LAMP", 1_000))
    hands.pass_time(2 * 86_400)
    stock.post_entry(shop, "Ada", "sell", [LineRequest("LAMP", 1_000)], at_us=clock.now_us() - clock.DAY_US)
    async with why(shop, ids["LAMP"], (140, 40)) as desk:
        assert desk.shows("recorded 1 day after it happened")
        assert desk.shows("came in when A-03 stood at −2: was it booked late?")
        assert desk.shows("A-03 went below zero, to −2", "was it booked twice?")
        records = desk.get("#history", RecordList)
        await desk.press("g")
        places = [records.cursor]
        for _ in range(3):
            await desk.press("g")
            places.append(records.cursor)
        assert places == [2, 3, 4, 0]


@on_sqlite
async def test_at_eighty_columns_the_line_under_the_cursor_is_told_in_full(shop: Shop) -> None:
    ids = stocked(shop)
    reason = "sold to the school for the summer fair, to be paid by Friday"
    post(shop, "sell", LineRequest("BOLT", 2_000, from_bin="A-01"), note=reason)
    async with why(shop, ids["BOLT"], (80, 24)) as desk:
        assert desk.shows(reason, "A-01 → customer", "by Ada", "94 on hand")


async def test_a_bin_has_its_own_ledger_by_one_key(shop: Shop) -> None:
    ids = stocked(shop)
    async with why(shop, ids["BOLT"]) as desk:
        assert desk.shows("96 on hand")
        await desk.press("ctrl+t")
        assert desk.shows("in A-01", "60 on hand")
        await desk.press("ctrl+t")
        assert desk.shows("in B-01", "36 on hand")
        await desk.press("ctrl+t")
        assert desk.shows("96 on hand")


@on_sqlite
async def test_any_screen_opens_it_with_one_line(shop: Shop) -> None:
    ids = stocked(shop)
    with shop.store.reading() as session:
        back = session.value("SELECT id FROM location WHERE code = 'B-01'")
    async with why(shop, ids["GLUE"]) as desk:
        open_why(desk.app, ids["BOLT"], location_id=back)
        await desk.settle()
        assert desk.shows("Bolt [M6] zinc 40 mm in B-01", "36 on hand")


async def test_an_entry_is_undone_by_one_key_and_a_reason_and_not_twice(shop: Shop) -> None:
    ids = stocked(shop)
    async with why(shop, ids["GLUE"], (120, 40)) as desk:
        await desk.press("u")
        assert isinstance(desk.app.screen, Ask)
        assert desk.shows("sold 1 Wood glue 250 g", "stays in the books")
        await desk.key_in("rung up twice")
        await desk.press("enter")
        assert desk.shows("4 on hand", "rung up twice", "undone by entry")
        await desk.press("down", "u")
        assert isinstance(desk.app.screen, EntryDialog)
        await desk.press("u")
        assert desk.shows("cannot be undone", "has undone it already")
        await desk.press("escape", "up", "u", "u")
        assert desk.shows("cannot be undone: it undoes entry")
    assert [row.kind for row in reports.history(shop, "GLUE")] == ["reversal", "sell", "receive"]


@on_sqlite
async def test_a_count_at_which_everything_matched_has_no_entry_to_open(shop: Shop, hands: HandClock) -> None:
    ids = stocked(shop)
    hands.pass_time(60)
    count(shop, "GLUE", "A-02", 3)
    async with why(shop, ids["GLUE"]) as desk:
        await desk.press("enter")
        assert desk.shows("Everything matched at this count") and isinstance(desk.app.screen, HistoryScreen)


@on_sqlite
@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_product_that_never_moved_says_so(shop: Shop, size: tuple[int, int]) -> None:
    ids = stocked(shop)
    async with why(shop, ids["ROPE"], size) as desk:
        assert desk.shows("0 on hand.", "Nothing has ever moved of it.")
        await desk.press("g", "c", "u", "enter")
        assert isinstance(desk.app.screen, HistoryScreen)


@on_sqlite
async def test_hostile_names_references_and_lots_are_letters(shop: Shop) -> None:
    many = hostile_products(shop, [*MARKUP, *ESCAPES])
    with shop.store.reading() as session:
        first = session.value("SELECT MIN(id) FROM product")
    async with why(shop, first, (120, 40)) as desk:
        for number in range(1, many, 7):
            open_why(desk.app, number)
            for keys in ((), ("enter",), ("u",)):
                await desk.press(*keys)
                for text in screen_lines(desk.app):
                    assert_harmless(text)
            while len(desk.app.screen_stack) > 1:
                desk.app.pop_screen()


# -- the product's own page ----------------------------------------------------------------------------


@asynccontextmanager
async def at_product(shop: Shop, product_id: int, size: tuple[int, int]) -> AsyncIterator[Desk]:
    app = WorkApp(shop, lambda: ProductScreen(product_id))
    async with app.run_test(size=size, notifications=True) as pilot:
        desk = Desk(app, pilot)
        await desk.settle()
        yield desk


async def test_the_product_shows_its_stock_over_time_beside_its_movements(
    shop: Shop, hands: HandClock
) -> None:
    ids = stocked(shop)
    hands.pass_time(9 * 86_400)
    post(shop, "receive", LineRequest("GLUE", 9_000, to_bin="A-02"))
    async with at_product(shop, ids["GLUE"], (120, 40)) as desk:
        assert desk.shows(
            "Stock over time", "12 weeks · r: 1 year", "▲ received", "reorder point 5", "╌", "█"
        )
        await desk.press("r")
        assert desk.shows("1 year · r: all time")
        await desk.press("r")
        assert desk.shows("all time · r: 12 weeks")


@on_sqlite
async def test_at_eighty_columns_the_chart_stands_below_and_one_key_goes_there(shop: Shop) -> None:
    ids = stocked(shop)
    async with at_product(shop, ids["GLUE"], (80, 24)) as desk:
        assert not desk.shows("Stock over time")
        await desk.press("r")
        assert desk.shows("Stock over time", "12 weeks · r: 1 year")
        await desk.press("r")
        assert desk.shows("1 year · r: all time")


@on_sqlite
async def test_a_product_that_never_moved_has_no_chart_and_says_why(shop: Shop) -> None:
    ids = stocked(shop)
    async with at_product(shop, ids["ROPE"], (120, 40)) as desk:
        assert desk.shows("Nothing has moved yet: there is nothing to draw.", "Nothing moved yet.")
        assert desk.get("#chart-beside", Chart).data is None


@on_sqlite
async def test_a_product_in_many_bins_and_lots_shows_each_with_its_expiry(shop: Shop) -> None:
    milk = catalogue.add_product(shop, "Ada", sku="MILK", name="Milk", tracking="lot", price_minor=100)
    for number in range(1, 7):
        for lot in range(1, 4):
            line = LineRequest(
                "MILK",
                number * 1_000,
                to_bin=f"A-0{number}",
                lot=f"L{number}{lot}",
                expiry=f"2026-0{lot + 4}-28",
            )
            post(shop, "receive", line)
    catalogue.change_product(shop, "Ada", milk.id, price_minor=125)
    async with at_product(shop, milk.id, (120, 50)) as desk:
        assert desk.shows("until 28 May 2026 · lot L11", "until 28 Jul 2026 · lot L63", "▲ 25%", "last cost")
        assert sum("A-06" in row for row in desk.text.splitlines()) >= 3


# -- from other screens --------------------------------------------------------------------------------


@on_sqlite
async def test_the_same_key_opens_it_at_the_bins_and_at_the_labels(shop: Shop) -> None:
    ids = stocked(shop)
    app = WorkApp(shop, BinsScreen)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        desk = Desk(app, pilot)
        await desk.settle()
        await desk.scan("BIN-B-01")
        await desk.press("ctrl+y")
        assert desk.shows("Bolt [M6] zinc 40 mm in B-01", "36 on hand")
        screen = desk.app.screen
        assert isinstance(screen, HistoryScreen) and screen.product_id == ids["BOLT"]
        await desk.press("escape")
        await desk.scan("4006381333931")
        await desk.press("ctrl+y")
        assert desk.shows("Bolt [M6] zinc 40 mm in A-01", "60 on hand")
    app = WorkApp(shop, LabelsScreen)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        desk = Desk(app, pilot)
        await desk.settle()
        await desk.press("ctrl+y")
        screen = desk.app.screen
        assert isinstance(screen, HistoryScreen) and screen.product_id in ids.values()


async def test_the_same_key_opens_it_at_the_counter_but_not_while_it_is_counted_blind(shop: Shop) -> None:
    fill(shop)
    async with at_the_counter(shop) as counter:
        await counter.press("ctrl+y")
        assert isinstance(counter.app.screen, CounterScreen)
        await counter.scan(GLUE)
        await counter.press("ctrl+y")
        counter.sees("Wood glue 250 g", "8 on hand. Never counted.")
        await counter.press("escape", "alt+c")
        await counter.scan(GLUE)
        await counter.press("ctrl+y")
        assert not isinstance(counter.app.screen, HistoryScreen)
        await counter.press("escape", "escape")


@on_sqlite
async def test_the_key_of_the_screen_below_goes_back_to_it(shop: Shop) -> None:
    fill(shop)
    async with at_the_counter(shop) as counter:
        await counter.press("f3")
        await counter.settle()
        await counter.press("ctrl+y")
        await counter.settle()
        assert isinstance(counter.app.screen, HistoryScreen)
        await counter.press("f3")
        assert isinstance(counter.app.screen, ProductsScreen)
