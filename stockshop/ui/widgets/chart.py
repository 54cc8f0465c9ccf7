"""A curve over time in a terminal: columns of block characters over an axis with dates and quantities.

It is painted from plain numbers at any size; how numbers and days are written is given with them. A
level line (a reorder point) runs through it, and marks stand on the axis.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

from stockshop.ui.counter.lines import BAD, KEY, QUIET, WARN, Line, Part, content, heading, part, wrap

_UP = " ▁▂▃▄▅▆▇█"
_DOWN = " ▀█"
_BAR = "$shop-key"
_LOW_BAR = "$text-warning"
_NICE = (10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100)
LEAST_HEIGHT = 4
LEAST_WIDTH = 20


@dataclass(frozen=True, slots=True)
class ChartMark:
    """A mark on the axis: where (as a share of the whole time, 0 to 1), and with which character."""

    at: float
    symbol: str


@dataclass(frozen=True, slots=True)
class ChartData:
    """What is drawn; the values at the ends of equal steps of time, the oldest first."""

    values: tuple[int, ...]
    line: int | None
    """The level at which a line runs through; None for none."""
    marks: tuple[ChartMark, ...]
    number: Callable[[int], str]
    """How a value is written."""
    day: Callable[[float], str]
    """How the day at a share of the whole time is written."""
    legend: str = ""


def nice_top(most: int) -> int:
    """The least round number that is not below: 1, 1.2, 1.5, 2 … 10 times a power of ten, and whole."""
    power = 1
    while power * 10 < most:
        power *= 10
    return next(step * power // 10 for step in _NICE if step * power >= most * 10 and step * power % 10 == 0)


def columns_of(values: Sequence[int], width: int) -> list[tuple[int, int]]:
    """(the value at its end, the lowest in it) of each of `width` columns."""
    found = []
    for column in range(width):
        start = column * len(values) // width
        stop = max(start + 1, (column + 1) * len(values) // width)
        piece = values[start:stop]
        found.append((piece[-1], min(piece)))
    return found


@dataclass(frozen=True, slots=True)
class _Scale:
    up: int
    """Rows above the axis."""
    down: int
    step: float
    """Of one row."""
    top: int
    bottom: int


def _scale(data: ChartData, rows: int) -> _Scale:
    most = max(*data.values, data.line or 0, 0) or 1_000
    least = min(*data.values, 0)
    top = nice_top(most) if most < 1_000 else nice_top(-(-most // 1_000)) * 1_000
    if least >= 0:
        return _Scale(rows, 0, top / rows, top, 0)
    bottom = -nice_top(-least) if least > -1_000 else -nice_top(-(least // 1_000)) * 1_000
    down = min(rows - 1, max(1, round(rows * -bottom / (top - bottom))))
    up = rows - down
    return _Scale(up, down, max(top / up, -bottom / down), top, bottom)


def paint(data: ChartData, width: int, height: int) -> list[Line]:
    """The chart in exactly so many cells: columns, the axis with its marks, days, and the legend."""
    with_legend = bool(data.legend) and height > LEAST_HEIGHT + 1
    rows = height - 2 - with_legend
    if rows < 2 or width < LEAST_WIDTH or not data.values:
        return []
    scale = _scale(data, rows)
    line_row = None
    if data.line is not None:
        line_row = min(scale.up - 1, int(data.line / scale.step))
    labels = {min(scale.up, -int(-scale.top // scale.step)) - 1: (data.number(scale.top), QUIET)}
    if scale.down:
        labels[max(-scale.down, int(scale.bottom // scale.step))] = (data.number(scale.bottom), QUIET)
    if line_row is not None:
        labels[line_row] = (data.number(data.line or 0), WARN)
    gutter = max(cell_len(text) for text, _ in [*labels.values(), (data.number(0), "")]) + 1
    room = width - gutter
    bars = columns_of(data.values, room)
    drawn: list[Line] = []
    for row in range(scale.up - 1, -1, -1):
        drawn.append([_label(labels, row, gutter), *_row_up(data, bars, scale, row, row == line_row)])
    drawn.append([part(f"{data.number(0)}┤", gutter, QUIET, "right"), *_axis(data, room)])
    for row in range(-1, -scale.down - 1, -1):
        drawn.append([_label(labels, row, gutter), *_row_down(bars, scale, row)])
    drawn.append([part("", gutter), *_days(data, room)])
    if with_legend:
        drawn.append([part("", gutter), part(data.legend, room, QUIET)])
    return drawn


def _label(labels: dict[int, tuple[str, str]], row: int, gutter: int) -> Part:
    text, style = labels.get(row, ("", QUIET))
    return part(f"{text}│", gutter, style, "right")


def _row_up(
    data: ChartData, bars: Sequence[tuple[int, int]], scale: _Scale, row: int, on_line: bool
) -> list[Part]:
    parts: list[Part] = []
    for value, _ in bars:
        eighths = max(1, round(value / scale.step * 8)) if value > 0 else 0
        fill = max(0, min(8, eighths - 8 * row))
        style = _LOW_BAR if data.line is not None and value <= data.line else _BAR
        if on_line and fill < 4:
            _join(parts, "╌", WARN)
        elif on_line:
            _join(parts, "╌", f"{WARN} on {_BAR} 40%")
        else:
            _join(parts, _UP[fill], style)
    return parts


def _row_down(bars: Sequence[tuple[int, int]], scale: _Scale, row: int) -> list[Part]:
    parts: list[Part] = []
    for _, lowest in bars:
        halves = max(1, round(-lowest / scale.step * 2)) if lowest < 0 else 0
        _join(parts, _DOWN[max(0, min(2, halves - 2 * (-row - 1)))], BAD)
    return parts


def _axis(data: ChartData, room: int) -> list[Part]:
    cells = ["─"] * room
    for mark in data.marks:
        cells[max(0, min(room - 1, int(mark.at * room)))] = mark.symbol
    parts: list[Part] = []
    for cell in cells:
        _join(parts, cell, QUIET if cell == "─" else KEY)
    return parts


def _days(data: ChartData, room: int) -> list[Part]:
    """Days below the axis: the last one at the right end, the others where they begin."""
    last = data.day(1.0)
    widest = max(cell_len(last), cell_len(data.day(0.0)), cell_len(data.day(0.5)))
    many = max(1, min(6, (room - cell_len(last)) // (widest + 4)))
    text = ""
    for number in range(many):
        column = number * (room - cell_len(last)) // many
        shown = data.day(column / room)
        if column >= cell_len(text) and column + cell_len(shown) + 1 < room - cell_len(last):
            text += " " * (column - cell_len(text)) + shown + " "
    return [part(text, room - cell_len(last), QUIET), part(last, cell_len(last), QUIET)]


def _join(parts: list[Part], text: str, style: str) -> None:
    if parts and parts[-1][1] == style:
        parts[-1] = (parts[-1][0] + text, style)
    else:
        parts.append((text, style))


class Chart(Widget):
    """A chart under its title; as wide and high as its place."""

    DEFAULT_CSS = """
    Chart { height: 12; padding: 0 1; }
    """

    def __init__(self, title: str, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.title = title
        self.remark = ""
        """Beside the title."""
        self.empty = ""
        """What is said when there is nothing to draw."""
        self.data: ChartData | None = None

    def show(self, data: ChartData | None, *, remark: str = "", empty: str = "") -> None:
        """Other numbers, or none."""
        self.data, self.remark, self.empty = data, remark, empty
        self.refresh()

    def render(self) -> Content:
        """The title, then the chart, or why there is none."""
        width, height = self.size
        rows: list[Line] = [heading(self.title, width, self.remark)]
        if self.data is None:
            rows += [[part(f"  {row}", width, QUIET)] for row in wrap(self.empty, max(8, width - 2), 3)]
        else:
            rows += paint(self.data, width, height - 1)
        return content(rows, height)
