"""What the screens of the shop share: early and late shops, overtaken looks, writes nobody waits for."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from textual.binding import Binding

from stockshop.errors import Refused
from stockshop.services.shop import Shop
from stockshop.ui.at_work import WorkScreen
from stockshop.ui.labels.cells import CellGrid
from stockshop.ui.labels.sheet_picker import SheetPicker
from stockshop.ui.products.history import EntryDialog, HistoryScreen
from stockshop.ui.products.product_screen import ProductScreen
from stockshop.ui.screens.bins import BinsScreen
from stockshop.ui.screens.count_sheets import CountSheetsScreen
from stockshop.ui.screens.import_screen import ImportScreen
from stockshop.ui.screens.labels import LabelsScreen
from stockshop.ui.screens.low_stock import LowStockScreen
from stockshop.ui.screens.movements import MovementsScreen
from stockshop.ui.screens.products import ProductsScreen
from stockshop.ui.screens.record_form import RecordForm
from stockshop.ui.widgets.cycle import Cycle
from stockshop.ui.widgets.frame import TopLine
from stockshop.ui.widgets.inputs import ScanLine
from stockshop.ui.widgets.progress import Job, ProgressLine
from tests.ui.at_work import Desk, WorkApp, on_sqlite, stocked

SCREENS: tuple[Callable[[], WorkScreen], ...] = (
    ProductsScreen, LowStockScreen, LabelsScreen, CountSheetsScreen, BinsScreen, ImportScreen,
    MovementsScreen,
)  # fmt: skip


@on_sqlite
@pytest.mark.parametrize("make", SCREENS)
async def test_a_screen_asked_for_before_the_shop_is_open_fills_when_it_is(
    shop: Shop, make: Callable[[], WorkScreen]
) -> None:
    stocked(shop)
    app = WorkApp(shop, make)
    app.opened = None
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        desk = Desk(app, pilot)
        await desk.settle()
        screen = app.screen
        assert isinstance(screen, WorkScreen) and not screen.has_begun
        app.opened = shop
        await screen.on_stock_changed()
        await desk.settle()
        assert screen.has_begun
        words = {
            ProductsScreen: "€4.50", LowStockScreen: "to order", LabelsScreen: "Wood glue",
            CountSheetsScreen: "Shop floor", BinsScreen: "SHOP-A", ImportScreen: "Enter opens a folder",
            MovementsScreen: "5 movements",
        }  # fmt: skip
        assert desk.shows(words[type(screen)])
        assert screen.query_one(TopLine).shop_name == shop.settings.name


@on_sqlite
async def test_what_was_typed_before_the_shop_was_open_is_searched_for(shop: Shop) -> None:
    stocked(shop)
    app = WorkApp(shop, ProductsScreen)
    app.opened = None
    async with app.run_test(size=(100, 30)) as pilot:
        desk = Desk(app, pilot)
        await desk.settle()
        await desk.key_in("glu")
        app.opened = shop
        await app.screen.on_stock_changed()  # type: ignore[attr-defined]
        await desk.settle()
        assert app.screen.query_one(ScanLine).value == "glu"
        assert desk.shows("Wood glue") and not desk.shows("Lamp oil")


@on_sqlite
@pytest.mark.parametrize("make", SCREENS)
async def test_every_size_is_survived_and_changed_in_the_middle(
    shop: Shop, make: Callable[[], WorkScreen]
) -> None:
    stocked(shop)
    app = WorkApp(shop, make)
    async with app.run_test(size=(80, 24)) as pilot:
        desk = Desk(app, pilot)
        await desk.settle()
        for width, height in ((40, 12), (160, 50), (60, 16), (120, 40)):
            await pilot.resize_terminal(width, height)
            await desk.settle()
            assert app.is_running and len(desk.text.splitlines()) == height


def test_every_key_has_an_id_of_its_own_and_a_tooltip() -> None:
    seen: set[str] = set()
    for owner in (
        *SCREENS,
        ProductScreen,
        HistoryScreen,
        EntryDialog,
        RecordForm,
        SheetPicker,
        CellGrid,
        Cycle,
    ):
        for binding in owner.BINDINGS:  # type: ignore[attr-defined]
            assert isinstance(binding, Binding)
            assert binding.id and binding.tooltip, (owner, binding)
            assert binding.id not in seen, binding.id
            seen.add(binding.id)


class Nothing(WorkScreen):
    """A screen with a line for work."""

    def compose_body(self) -> tuple[ProgressLine]:
        return (ProgressLine(),)


@on_sqlite
async def test_of_many_looks_only_the_newest_is_shown_and_one_thread_reads(shop: Shop) -> None:
    app = WorkApp(shop, Nothing)
    async with app.run_test() as pilot:
        desk = Desk(app, pilot)
        screen = app.screen
        assert isinstance(screen, WorkScreen)
        gate = threading.Event()
        read: list[int] = []
        shown: list[int] = []

        def look(number: int) -> int:
            gate.wait(5)
            read.append(number)
            return number

        for number in range(9):
            screen.look(lambda number=number: look(number), shown.append, group="x", doing="")  # type: ignore[misc]
        gate.set()
        await desk.settle()
        await desk.settle()
        assert read == [0, 8] and shown == [8]


@on_sqlite
async def test_a_write_is_told_even_when_its_screen_is_gone(shop: Shop) -> None:
    app = WorkApp(shop, Nothing)
    async with app.run_test(notifications=True) as pilot:
        desk = Desk(app, pilot)
        gate, told = threading.Event(), list[str]()
        page = Nothing()
        await app.push_screen(page)
        page.write(lambda: gate.wait(5) and "done", lambda done: told.append(str(done)), doing="")
        app.pop_screen()
        await pilot.pause()
        gate.set()
        await desk.settle()
        assert told == ["done"] and app.changes == 1


@on_sqlite
async def test_a_refused_write_is_one_sentence_and_changes_nothing(shop: Shop) -> None:
    def refuse() -> None:
        raise Refused("The period is closed.")

    app = WorkApp(shop, Nothing)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        desk = Desk(app, pilot)
        screen = app.screen
        assert isinstance(screen, WorkScreen)
        screen.write(refuse, lambda _: None, doing="")
        await desk.settle()
        assert desk.shows("Not allowed", "The period is closed.") and app.changes == 0


@on_sqlite
async def test_work_that_lasts_says_how_far_it_is_and_one_runs_at_a_time(shop: Shop) -> None:
    app = WorkApp(shop, Nothing)
    async with app.run_test(size=(90, 24), notifications=True) as pilot:
        desk = Desk(app, pilot)
        screen = app.screen
        assert isinstance(screen, WorkScreen)
        half, go_on = threading.Event(), threading.Event()

        def work(job: Job) -> int:
            job.progress(50, 100)
            half.set()
            go_on.wait(5)
            return 7

        done: list[int] = []
        screen.work_on("Counting sheep", work, done.append)
        while not half.is_set():
            await pilot.pause()
        screen.query_one(ProgressLine).refresh()
        await pilot.pause()
        assert desk.shows("Counting sheep", "50%", "Esc stops it")
        screen.work_on("Another", work, done.append)
        go_on.set()
        await desk.settle()
        assert done == [7] and screen.job is None and not desk.shows("Counting sheep")
