"""The sheet as a small picture, on which the first free label is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from stockshop.language import mark

_MOST_ROWS = 15
_MOST_ROWS_LOW = 6
_LOW = 30
"""Lines of the terminal below which the picture is smaller."""


class CellGrid(Widget, can_focus=True):
    """Arrows or a click choose the label to begin with; those before it are used up."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "left", "step(-1)", mark("Left"), show=False, id="cells.left", tooltip=mark("The label before")
        ),
        Binding(
            "right", "step(1)", mark("Right"), show=False, id="cells.right", tooltip=mark("The next label")
        ),
        Binding("up", "row(-1)", mark("Up"), show=False, id="cells.up", tooltip=mark("A row of labels up")),
        Binding(
            "down", "row(1)", mark("Down"), show=False, id="cells.down", tooltip=mark("A row of labels down")
        ),
        Binding("home", "first", mark("First"), show=False, id="cells.first", tooltip=mark("A fresh sheet")),
    ]

    DEFAULT_CSS = """
    CellGrid { height: auto; width: 1fr; }
    CellGrid:focus { background: $foreground 6%; }
    """

    start: reactive[int] = reactive(1, layout=True)
    """The label to begin with, from 1 in reading order."""

    class Moved(Message):
        """Another label is the first."""

        def __init__(self, start: int) -> None:
            super().__init__()
            self.start = start

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._rows: tuple[int, ...] = (1,)

    def lay_out(self, cells: Sequence[tuple[float, float]]) -> None:
        """Another sheet: the corners of its labels, in reading order."""
        rows: list[int] = []
        last_y: float | None = None
        for _, y in cells:
            if last_y is None or abs(y - last_y) > 1:
                rows.append(0)
                last_y = y
            rows[-1] += 1
        self._rows = tuple(rows) or (1,)
        self.start = min(self.start, self.capacity)
        self.refresh(layout=True)

    @property
    def capacity(self) -> int:
        """Labels on the sheet."""
        return sum(self._rows)

    def validate_start(self, start: int) -> int:
        """Some label of the sheet."""
        return max(1, min(start, self.capacity))

    def watch_start(self, old: int, new: int) -> None:
        """Tell the screen."""
        if old != new:
            self.post_message(self.Moved(new))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """A line for each row, as many as are shown."""
        return min(len(self._rows), self._most)

    @property
    def _most(self) -> int:
        return _MOST_ROWS if self.app.size.height >= _LOW else _MOST_ROWS_LOW

    def _place(self) -> tuple[int, int]:
        """Row and column of the first label."""
        left = self.start - 1
        for number, count in enumerate(self._rows):
            if left < count:
                return number, left
            left -= count
        return len(self._rows) - 1, 0

    def _top(self) -> int:
        here, _ = self._place()
        return max(0, min(here - self._most // 2, len(self._rows) - self._most))

    def render(self) -> Content:
        """Used labels are dots, free ones boxes, the first one is marked."""
        parts: list[tuple[str, str]] = []
        top = self._top()
        number = sum(self._rows[:top])
        widest = max(self._rows)
        each = 3 if widest * 3 <= self.size.width else 2 if widest * 2 <= self.size.width else 1
        for row in range(top, min(len(self._rows), top + self._most)):
            if parts:
                parts.append(("\n", ""))
            for _ in range(self._rows[row]):
                number += 1
                mark, style = ("■", "") if number > self.start else ("·", "$shop-quiet")
                if number == self.start:
                    mark, style = "▶", "bold $shop-key"
                parts.append((mark + " " * (each - 1), style))
        return Content.assemble(*parts)

    def action_step(self, by: int) -> None:
        """A neighbour in reading order."""
        self.start += by

    def action_row(self, by: int) -> None:
        """The label above or below; past the edge the focus goes on."""
        row, column = self._place()
        if not 0 <= row + by < len(self._rows):
            if by > 0:
                self.screen.focus_next()
            else:
                self.screen.focus_previous()
            return
        self.start = sum(self._rows[: row + by]) + min(column, self._rows[row + by] - 1) + 1

    def action_first(self) -> None:
        """A fresh sheet."""
        self.start = 1

    def on_click(self, event: events.Click) -> None:
        """The label that was clicked."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        row = self._top() + offset.y
        widest = max(self._rows)
        each = 3 if widest * 3 <= self.size.width else 2 if widest * 2 <= self.size.width else 1
        if row < len(self._rows) and offset.x // each < self._rows[row]:
            self.start = sum(self._rows[:row]) + offset.x // each + 1
