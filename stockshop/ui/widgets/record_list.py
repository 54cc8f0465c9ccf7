"""A list of any length that paints as fast with a million rows as with a thousand.

Only the lines on screen are drawn, from pages of 256 rows that are read by key. The keys of the
page starts are read once, in a thread; with them a jump anywhere is one keyset query. Until they
are there, neighbouring pages follow from the last row read, and only far jumps count rows.

A paint waits a moment, and not longer, for a page that the source says is quick and that can be
reached by key; other pages are read in threads, and so are all pages of a source that turns out
slow. Old lines stay until the new page is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Generic, TypeVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.worker import Worker, WorkerState

from stockshop.language import mark, tr
from stockshop.ui.counter.lines import wrap
from stockshop.ui.messages import WorkFailed
from stockshop.ui.safe import fit
from stockshop.ui.widgets.record_lines import GUTTER, Looks, paint_line
from stockshop.ui.widgets.record_pages import (
    Cells,
    Column,
    Key,
    PageCache,
    PageSource,
    Row,
    column_widths,
)

__all__ = ["Cells", "Column", "Key", "PageSource", "RecordList", "Row"]

RowT = TypeVar("RowT", bound=Row)


class RecordList(ScrollView, Generic[RowT], can_focus=True):
    """A virtual list of records with a header line and a cursor.

    Give it columns, and a source with `set_source`. It posts `Highlighted` when the cursor comes to
    another row, and `Chosen` for Enter or a double click.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", mark("Up"), show=False, id="list.up",
                tooltip=mark("One row up")),
        Binding("down", "step(1)", mark("Down"), show=False, id="list.down",
                tooltip=mark("One row down")),
        Binding("pageup", "page(-1)", mark("Page up"), show=False, id="list.page-up",
                tooltip=mark("A screen up")),
        Binding("pagedown", "page(1)", mark("Page down"), show=False, id="list.page-down",
                tooltip=mark("A screen down")),
        Binding("home,ctrl+home", "first", mark("First"), show=False, id="list.first",
                tooltip=mark("To the first row")),
        Binding("end,ctrl+end", "last", mark("Last"), show=False, id="list.last",
                tooltip=mark("To the last row")),
        Binding("enter", "choose", mark("Open"), show=False, id="list.open",
                tooltip=mark("Open this row")),
    ]  # fmt: skip

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "record-list--line",
        "record-list--striped",
        "record-list--cursor",
        "record-list--header",
        "record-list--quiet",
        "record-list--good",
        "record-list--warn",
        "record-list--bad",
    }

    DEFAULT_CSS = """
    RecordList {
        height: 1fr;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
        & > .record-list--line { color: $foreground; }
        & > .record-list--striped { color: $foreground; background: $foreground 3%; }
        & > .record-list--cursor {
            color: $block-cursor-blurred-foreground;
            background: $block-cursor-blurred-background;
        }
        &:focus > .record-list--cursor {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
            text-style: bold;
        }
        & > .record-list--header { color: $text-muted; text-style: bold; }
        & > .record-list--quiet { color: $text-muted; }
        & > .record-list--good { color: $text-success; }
        & > .record-list--warn { color: $text-warning; }
        & > .record-list--bad { color: $text-error; text-style: bold; }
    }
    """

    cursor: reactive[int] = reactive(0, repaint=False)
    """The index of the row under the cursor, from 0; it stays inside the list."""

    class Highlighted(Message):
        """The cursor has come to a row (or to another record at the same place)."""

        def __init__(self, record_list: RecordList[Any], index: int, row: Row) -> None:
            super().__init__()
            self.record_list = record_list
            self.index = index
            self.row = row

        @property
        def key(self) -> Key:
            """The record's key."""
            return self.row.key

        @property
        def control(self) -> RecordList[Any]:
            """The list, for `@on` selectors."""
            return self.record_list

    class Chosen(Highlighted):
        """A row was opened, by Enter or a double click."""

    class HeadingClicked(Message):
        """The heading of a column was clicked."""

        def __init__(self, record_list: RecordList[Any], column: int) -> None:
            super().__init__()
            self.record_list = record_list
            self.column = column
            """Its number among the columns, from 0."""

        @property
        def control(self) -> RecordList[Any]:
            """The list, for `@on` selectors."""
            return self.record_list

    class Counted(Message):
        """The number of rows is known, or has changed."""

        def __init__(self, record_list: RecordList[Any], count: int) -> None:
            super().__init__()
            self.record_list = record_list
            self.count = count

        @property
        def control(self) -> RecordList[Any]:
            """The list, for `@on` selectors."""
            return self.record_list

    def __init__(
        self,
        columns: Sequence[Column[RowT]],
        source: PageSource[RowT] | None = None,
        *,
        empty: str | None = None,
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.columns = tuple(columns)
        self.empty = tr("Nothing here yet.") if empty is None else empty
        """The sentence shown instead of rows: what to do next."""
        self._cache: PageCache[RowT] = PageCache(self)
        self._first_source = source
        self._laid_out: tuple[int, tuple[int, ...]] = (-1, ())
        self._styles: Looks | None = None
        self._told: tuple[int, Key | None] | None = None

    # -- the caller's side -----------------------------------------------------------------

    @property
    def count(self) -> int:
        """Rows known so far; exact when `counted`."""
        return self._cache.count

    @property
    def counted(self) -> bool:
        """Whether `count` is the whole list."""
        return self._cache.counted

    @property
    def source(self) -> PageSource[RowT] | None:
        """Where the rows come from that are shown; another one may be on its way."""
        return self._cache.source

    @property
    def current(self) -> RowT | None:
        """The row under the cursor; None while it is not read yet or the list is empty."""
        return self._cache.row(self.cursor)

    def row_at(self, index: int) -> RowT | None:
        """A row that has been read; None for any other."""
        return self._cache.row(index)

    def set_source(self, source: PageSource[RowT], *, keep_cursor: bool = False) -> None:
        """Show other records: another search, order or filter. Old lines stay until the new are there.

        The cursor goes to the first row, or with `keep_cursor` stays at its place.
        """
        self._cache.change_source(source, top=self.scroll_offset.y if keep_cursor else 0, keep=keep_cursor)

    def reload(self) -> None:
        """The store has changed: read again what is on screen, keep the place."""
        if self._cache.source is not None:
            self.set_source(self._cache.source, keep_cursor=True)

    def set_columns(self, columns: Sequence[Column[RowT]]) -> None:
        """Show other columns of the same records."""
        self.columns = tuple(columns)
        self._laid_out = (-1, ())
        self.refresh()

    def go_to(self, index: int) -> None:
        """Put the cursor on a row and bring it into view."""
        self.cursor = index

    # -- what the pages tell ----------------------------------------------------------------

    def pages_changed(self, *, restarted: bool) -> None:
        """Called by the page cache: rows or their number are there. `restarted` for a new source."""
        self.virtual_size = Size(0, self.count + 1)
        if restarted:
            self.cursor = 0
            self.scroll_to(y=0, animate=False, force=True)
        else:
            self.cursor = min(self.cursor, max(0, self.count - 1))
        self._cache.want(self._visible())
        self.refresh()
        self._tell()
        if self.counted:
            self.post_message(self.Counted(self, self.count))

    def _tell(self) -> None:
        row = self.current
        if row is None:
            return
        told = (self.cursor, row.key)
        if told != self._told:
            self._told = told
            self.post_message(self.Highlighted(self, self.cursor, row))

    # -- life -------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Begin with the source given at construction."""
        if self._first_source is not None:
            self.set_source(self._first_source)

    def on_unmount(self) -> None:
        """No page is wanted any more."""
        self._cache.close()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A read in a thread that failed is told to the app; the list stays as it is."""
        event.stop()
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self._cache.failed()
            self.post_message(WorkFailed(event.worker.error, "reading the list"))

    def on_resize(self) -> None:
        """Read what has come into view; the cursor stays in it."""
        self._cache.want(self._visible())
        self._bring_into_view()
        self.refresh()

    def notify_style_update(self) -> None:
        """The theme or the focus has changed the looks."""
        super().notify_style_update()
        self._styles = None

    def _widths(self) -> tuple[int, ...]:
        """Cells of each column, worked out once per width: a line may be painted before Resize comes."""
        width = self.scrollable_content_region.width - GUTTER - 1
        if self._laid_out[0] != width:
            self._laid_out = (width, column_widths(self.columns, width))
        return self._laid_out[1]

    def validate_cursor(self, index: int) -> int:
        """The cursor stays inside the list."""
        return max(0, min(index, self.count - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        """Repaint the two lines and bring the new one into view."""
        if old != new:
            self.refresh_line(old + 1)
            self.refresh_line(new + 1)
            self._bring_into_view()
            self._cache.want(self._visible())
        self._tell()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Read what comes into view before it is painted."""
        if round(old_value) != round(new_value):
            self._cache.want(self._visible())
        super().watch_scroll_y(old_value, new_value)

    @property
    def _rows_shown(self) -> int:
        return max(1, self.scrollable_content_region.height - 1)

    def _visible(self) -> range:
        top = max(0, round(self.scroll_y))
        return range(top, top + self._rows_shown)

    def _bring_into_view(self) -> None:
        top = round(self.scroll_target_y)
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, force=True)
        elif self.cursor >= top + self._rows_shown:
            self.scroll_to(y=self.cursor - self._rows_shown + 1, animate=False, force=True)

    # -- painting ---------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """The header, or the row that is at this line."""
        styles = self._resolved()
        width = self.size.width
        if y == 0:
            titles = [column.title for column in self.columns]
            return paint_line(self.columns, self._widths(), titles, "  ", styles.header, {}, width)
        index = self.scroll_offset.y + y - 1
        if index >= self.count:
            return self._paint_beyond(y, styles, width)
        base = styles.striped if index % 2 else styles.line
        row = self._cache.row(index)
        under_cursor = index == self.cursor
        mark = "▌ " if under_cursor else "  "
        if under_cursor:
            base = styles.cursor
        if row is None:
            return Strip([Segment(f"{mark}…".ljust(width), base + styles.quiet)], width)
        looks = {}
        if not under_cursor:
            for number, column in enumerate(self.columns):
                tone = column.tone(row) if column.tone else ""
                if tone:
                    looks[number] = base + styles.tones[tone]
        texts = [column.text(row) for column in self.columns]
        return paint_line(self.columns, self._widths(), texts, mark, base, looks, width)

    def _paint_beyond(self, y: int, styles: Looks, width: int) -> Strip:
        text = ""
        if self.count == 0 and y >= 2:
            said = wrap(self.empty if self.counted else tr("Reading…"), max(10, width - 4), 4)
            text = "  " + said[y - 2] if y - 2 < len(said) else ""
        return Strip([Segment(fit(text, width), styles.quiet)], width)

    def _resolved(self) -> Looks:
        if self._styles is None:
            self._styles = Looks.of(self)
        return self._styles

    # -- keys and mouse ---------------------------------------------------------------------

    def action_step(self, by: int) -> None:
        """Move the cursor."""
        self.cursor += by

    def action_page(self, screens: int) -> None:
        """Move the cursor by a screenful."""
        self.cursor += screens * max(1, self._rows_shown - 1)

    def action_first(self) -> None:
        """To the first row."""
        self.cursor = 0

    def action_last(self) -> None:
        """To the last row known."""
        self.cursor = self.count - 1

    def action_choose(self) -> None:
        """Open the row under the cursor."""
        row = self.current
        if row is not None:
            self.post_message(self.Chosen(self, self.cursor, row))

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor, a double click opens."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        if offset.y == 0:
            self._click_heading(offset.x)
            return
        index = self.scroll_offset.y + offset.y - 1
        if index < self.count:
            self.cursor = index
            if event.chain == 2:
                self.action_choose()

    def _click_heading(self, x: int) -> None:
        start = GUTTER
        for number, size in enumerate(self._widths()):
            if size and start <= x < start + size:
                self.post_message(self.HeadingClicked(self, number))
            start += size + 2 if size else 0
