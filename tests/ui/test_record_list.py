"""The virtual list: any length, at once, with any name in it."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual import on
from textual.app import App, ComposeResult
from textual.worker import WorkerFailed

from stockshop.errors import StoreUnavailable
from stockshop.ui.messages import WorkFailed
from stockshop.ui.safe import fit
from stockshop.ui.widgets.record_list import RecordList
from stockshop.ui.widgets.record_pages import CACHED_PAGES, Cells, Column, Key, column_widths
from tests.ui.demo import COLUMNS, MadeUp


class Shelf(App[None]):
    """Nothing but a list, and what it says."""

    def __init__(self, source: Any, columns: Sequence[Column[Cells]] = COLUMNS) -> None:
        super().__init__()
        self.list: RecordList[Cells] = RecordList(columns, source, empty="No product yet.")
        self.highlighted: list[Key] = []
        self.chosen: list[Key] = []
        self.failures: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.list

    @on(RecordList.Highlighted)
    def _highlighted(self, message: RecordList.Highlighted) -> None:
        if not isinstance(message, RecordList.Chosen):
            self.highlighted.append(message.key)

    @on(RecordList.Chosen)
    def _chosen(self, message: RecordList.Chosen) -> None:
        self.chosen.append(message.key)

    def on_work_failed(self, message: WorkFailed) -> None:
        self.failures.append(str(message.error))

    def lines(self) -> list[str]:
        """What the list shows, line by line."""
        height = self.list.size.height
        return [self.list.render_line(y).text for y in range(height)]


@asynccontextmanager
async def shelf(source: Any, size: tuple[int, int] = (100, 20)) -> AsyncIterator[tuple[Shelf, Any]]:
    app = Shelf(source)
    async with app.run_test(size=size) as pilot:
        await settle(app, pilot)
        app.list.focus()
        yield app, pilot


async def settle(app: Shelf, pilot: Any) -> None:
    for _ in range(3):
        with suppress(WorkerFailed):
            await app.workers.wait_for_complete()
        await pilot.pause()


@pytest.mark.parametrize("quick", [True, False])
async def test_a_million_rows_show_their_first_and_their_last(quick: bool) -> None:
    async with shelf(MadeUp(1_000_000, quick=quick)) as (app, pilot):
        assert app.list.count == 1_000_000 and app.list.counted
        assert "SKU-0000000" in app.lines()[1]
        await pilot.press("end")
        await settle(app, pilot)
        assert app.lines()[-1].startswith("▌ SKU-0999999")
        assert app.highlighted[-1] == 999_999
        await pilot.press("home")
        await settle(app, pilot)
        assert app.lines()[1].startswith("▌ SKU-0000000")


async def test_keys_and_pages_move_the_cursor_and_stay_inside() -> None:
    async with shelf(MadeUp(100)) as (app, pilot):
        await pilot.press("up")
        assert app.list.cursor == 0
        await pilot.press("down", "down", "enter")
        assert app.chosen == [2]
        await pilot.press("pagedown")
        assert app.list.cursor == 20
        assert any(line.startswith("▌ SKU-0000020") for line in app.lines())
        await pilot.press("end", "down", "pagedown")
        assert app.list.cursor == 99
        await pilot.press("pageup")
        assert app.list.cursor == 81


async def test_every_row_comes_by_in_order_while_scrolling_over_page_borders() -> None:
    source = MadeUp(2_000)
    async with shelf(source) as (app, pilot):
        for index in range(0, 2_000, 19):
            app.list.go_to(index)
            app.list.scroll_to(y=index, animate=False, immediate=True)
            await pilot.pause(0)
            top = app.list.scroll_offset.y
            shown = [line[2:13] for line in app.lines()[1:]]
            assert shown == [f"SKU-{row:07}" for row in range(top, top + 19)]
        assert not [asked for asked in source.asked if asked.startswith("at ")], "pages are read by key"


async def test_neighbouring_pages_follow_by_key_before_the_page_keys_are_known() -> None:
    class NoKeys(MadeUp):
        def first_keys(self, every: int) -> Sequence[Key]:
            return ()

    source = NoKeys(5_000)
    async with shelf(source) as (app, pilot):
        for index in range(0, 1_400, 16):
            app.list.go_to(index)
        await pilot.pause()
        assert f"SKU-{app.list.cursor:07}" in "".join(app.lines())
        assert "from 255" in source.asked and "from 511" in source.asked
        await pilot.press("end")
        await settle(app, pilot)
        assert "SKU-0004999" in app.lines()[-1]
        assert "at 4864" in source.asked


async def test_the_cache_stays_small() -> None:
    async with shelf(MadeUp(100_000)) as (app, pilot):
        for index in range(0, 100_000, 1_000):
            app.list.go_to(index)
        await pilot.pause()
        assert len(app.list._cache._pages) <= CACHED_PAGES


class Held(MadeUp):
    """Says that it is quick, and then is not: a large file is written beside it."""

    def __init__(self, total: int, names: tuple[str, ...]) -> None:
        super().__init__(total, names=names)
        self.may_answer = threading.Event()

    def page_from(self, key: Key | None, limit: int) -> Sequence[Cells]:
        assert self.may_answer.wait(30)
        return super().page_from(key, limit)


async def test_no_key_waits_for_a_store_that_is_not_as_quick_as_it_says() -> None:
    async with shelf(MadeUp(500)) as (app, pilot):
        before = app.lines()
        held = Held(3_000, names=("held",))
        app.list.set_source(held)
        await pilot.press("down", "down")
        assert [line[2:] for line in app.lines()] == [line[2:] for line in before]
        assert app.list.cursor == 2
        held.may_answer.set()
        await settle(app, pilot)
        assert app.lines()[1][15:19] == "held"
        held.may_answer.clear()
        await pilot.press("end")
        assert "…" in app.lines()[-1]
        await pilot.press("home")
        assert app.lines()[1][15:19] == "held"
        held.may_answer.set()
        await pilot.press("end")
        await settle(app, pilot)
        assert app.lines()[-1][15:19] == "held"


async def test_another_search_keeps_the_old_lines_until_the_new_ones_are_there() -> None:
    async with shelf(MadeUp(500)) as (app, pilot):
        await pilot.press("down", "down")
        before = app.lines()
        app.list.set_source(MadeUp(3, quick=False, names=("found",)))
        assert app.lines() == before
        await settle(app, pilot)
        assert [line[15:20] for line in app.lines()[1:4]] == ["found"] * 3
        assert app.list.cursor == 0 and app.list.count == 3


async def test_only_the_last_of_several_searches_is_shown() -> None:
    async with shelf(MadeUp(10)) as (app, pilot):
        for name in ("first", "second", "third"):
            app.list.set_source(MadeUp(300, quick=False, names=(name,)))
        await settle(app, pilot)
        assert "third" in app.lines()[1]
        assert app.list.count == 300


async def test_a_change_in_the_store_is_read_again_and_the_place_is_kept() -> None:
    source = MadeUp(1_000)
    async with shelf(source) as (app, pilot):
        app.list.go_to(700)
        await pilot.pause()
        source.names = ("changed",)
        app.list.reload()
        await settle(app, pilot)
        assert app.list.cursor == 700
        assert all("changed" in line for line in app.lines()[1:])


async def test_rows_that_vanish_take_the_cursor_along() -> None:
    source = MadeUp(1_000)
    async with shelf(source) as (app, pilot):
        await pilot.press("end")
        await settle(app, pilot)
        source.length = 40
        app.list.reload()
        await settle(app, pilot)
        assert app.list.count == 40 and app.list.cursor == 39
        assert any(line.startswith("▌ SKU-0000039") for line in app.lines())


async def test_an_empty_list_says_what_to_do() -> None:
    async with shelf(MadeUp(0)) as (app, pilot):
        assert "No product yet." in "".join(app.lines())
        await pilot.press("end", "enter", "down")
        assert app.chosen == [] and app.list.current is None


async def test_what_an_empty_list_says_is_never_cut() -> None:
    async with shelf(MadeUp(0), size=(40, 20)) as (app, pilot):
        app.list.empty = "Nothing matches. Fewer letters find more; Ctrl+T looks at other products."
        app.list.refresh()
        await pilot.pause()
        said = " ".join(" ".join(app.lines()).split())
        assert app.list.empty in said


@pytest.mark.parametrize("quick", [True, False])
async def test_a_store_that_cannot_be_reached_is_told_and_the_lines_stay(quick: bool) -> None:
    class Gone(MadeUp):
        def page_from(self, key: Key | None, limit: int) -> Sequence[Cells]:
            raise StoreUnavailable("The server does not answer.")

    async with shelf(MadeUp(30)) as (app, pilot):
        before = app.lines()
        app.list.set_source(Gone(30, quick=quick))
        await settle(app, pilot)
        assert app.failures == ["The server does not answer."]
        assert app.lines() == before


async def test_a_click_moves_and_a_double_click_opens() -> None:
    async with shelf(MadeUp(100)) as (app, pilot):
        await pilot.click(RecordList, offset=(10, 5))
        assert app.list.cursor == 4 and app.chosen == []
        await pilot.click(RecordList, offset=(10, 7), times=2)
        assert app.chosen == [6]
        await pilot.click(RecordList, offset=(10, 0))
        assert app.list.cursor == 6


async def test_numbers_stand_under_one_another_and_columns_step_aside() -> None:
    async with shelf(MadeUp(300, names=("Wood glue",)), size=(100, 20)) as (app, pilot):
        header = app.lines()[0]
        end = header.index("On hand") + len("On hand")
        assert all(line[end - 1].isdigit() and line[end] == " " for line in app.lines()[1:])
        assert "Bin" in header
        await pilot.resize_terminal(60, 20)
        await settle(app, pilot)
        assert "Bin" not in app.lines()[0] and "Price" in app.lines()[0]
        assert all(cell_len(line) == 60 for line in app.lines())


async def test_resizing_keeps_the_cursor_in_view() -> None:
    async with shelf(MadeUp(1_000), size=(100, 40)) as (app, pilot):
        app.list.go_to(38)
        await pilot.resize_terminal(80, 12)
        await settle(app, pilot)
        assert any(line.startswith("▌ SKU-0000038") for line in app.lines())


def test_shared_columns_take_what_is_left() -> None:
    columns = [
        Column[Cells]("a", str, width=10),
        Column[Cells]("b", str, weight=2),
        Column[Cells]("c", str, weight=1),
        Column[Cells]("d", str, width=8, from_width=90),
    ]
    assert column_widths(columns, 74) == (10, 38, 22, 0)
    assert sum(column_widths(columns, 100)) == 100 - 6
    assert column_widths(columns, 5) == (10, 6, 6, 0)


@given(
    st.text(max_size=60),
    st.integers(0, 50),
    st.sampled_from(["left", "right"]),
    st.sampled_from(["end", "middle"]),
)
def test_any_text_fills_exactly_its_column(text: str, width: int, align: Any, cut: Any) -> None:
    shown = fit(text, width, align, cut)
    assert cell_len(shown) == width
    assert not [char for char in shown if unicodedata.category(char) in ("Cc", "Cf") and char != "\u200c"]


def test_a_name_cut_in_the_middle_keeps_its_size() -> None:
    assert fit("Rope, braided, polypropylene 8 mm", 24, "left", "middle") == "Rope, braided, p…ne 8 mm"


def test_a_wide_letter_is_never_halved() -> None:
    assert fit("蜂蜜はちみつ", 6) == "蜂蜜 …"
    assert fit("蜂蜜はちみつ", 7) == "蜂蜜は…"
    assert fit("蜂蜜", 5, "right") == " 蜂蜜"
