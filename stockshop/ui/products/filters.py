"""The parts of the catalogue, and the lines that say which part is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from stockshop.language import mark, tr
from stockshop.ui.safe import fit, line

_LONGEST = 28
"""Cells of a category's or a bin's name."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A part of the catalogue."""

    label: str
    asks: dict[str, Any]
    nothing: str
    """What is said when there is none."""


FILTERS = (
    Filter(mark("all"), {}, ""),
    Filter(mark("low"), {"low": True}, mark("Nothing is low.")),
    Filter(mark("out"), {"out": True}, mark("Nothing is out of stock.")),
    Filter(mark("below zero"), {"below_zero": True}, mark("Nothing is below zero.")),
    Filter(mark("no barcode"), {"no_barcode": True}, mark("Every product has a barcode.")),
    Filter(mark("archived"), {"archived": True}, mark("Nothing is archived.")),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What part of the catalogue is wanted."""

    state: int = 0
    """A number of FILTERS."""
    category: str | None = None
    place: str | None = None

    def asks(self) -> dict[str, Any]:
        """As ProductListing takes it."""
        asks = dict(FILTERS[self.state].asks)
        if self.category is not None:
            asks["category"] = self.category
        if self.place is not None:
            asks["place"] = self.place
        return asks


def shortened(text: str) -> str:
    """One line of a name, not too long."""
    shown = line(text)
    return shown if cell_len(shown) <= _LONGEST else fit(shown, _LONGEST)


class FilterRow(Widget):
    """The parts of the catalogue, and below them what else is asked and marked; all may be clicked."""

    DEFAULT_CSS = """
    FilterRow { height: 1; padding: 0 2; }
    FilterRow.-two { height: 2; }
    """

    class Picked(Message):
        """Another part is wanted."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    class Wanted(Message):
        """A word was clicked: `category`, `place`, `no-category`, `no-place`, `no-marks`."""

        def __init__(self, what: str) -> None:
            super().__init__()
            self.what = what

    def __init__(self) -> None:
        super().__init__(id="filters")
        self.asked = Asked()
        self.right = ""
        """How many there are."""
        self.marked = ("", "")
        """How many of them are marked, and the same in fewer words."""
        self._spans: list[tuple[int, int, int, int | str]] = []

    def show(
        self, *, asked: Asked | None = None, right: str | None = None, marked: tuple[str, str] | None = None
    ) -> None:
        """Say something else."""
        self.asked = self.asked if asked is None else asked
        self.right = self.right if right is None else right
        self.marked = self.marked if marked is None else marked
        self.set_class(
            bool(self.asked.category is not None or self.asked.place is not None or self.marked[0]), "-two"
        )
        self.refresh()

    def render(self) -> Content:
        """The present part stands out by weight and marks."""
        width = self.size.width
        self._spans = []
        first = self._first(width)
        if not self.has_class("-two"):
            return first
        return Content("\n").join([first, self._second(width)])

    def _first(self, width: int) -> Content:
        parts: list[tuple[str, str]] = []
        used = 0
        for number, part in enumerate(FILTERS):
            is_chosen = number == self.asked.state
            text = f"[{tr(part.label)}]" if is_chosen else f" {tr(part.label)} "
            if used + cell_len(text) > width and not is_chosen:
                continue
            self._spans.append((0, used, used + cell_len(text), number))
            parts.append((text, "bold $shop-key" if is_chosen else "$shop-quiet"))
            used += cell_len(text)
        right = line(self.right)
        for what, words in (("category", tr("category …")), ("place", tr("bin …"))):
            asked = self.asked.category if what == "category" else self.asked.place
            text = f"  {words}"
            if asked is None and used + cell_len(text) + len(right) + 2 <= width:
                self._spans.append((0, used + 2, used + cell_len(text), what))
                parts.append((text, "$shop-quiet"))
                used += cell_len(text)
        room = width - used - cell_len(right)
        if room >= 1:
            parts.append((" " * room + right, "$shop-quiet"))
        return Content.assemble(*parts)

    def _second(self, width: int) -> Content:
        parts: list[tuple[str, str]] = []
        used = 0
        chips = [
            ("no-category", tr("category {name} ✕", name=shortened(self.asked.category or ""))),
            ("no-place", tr("in {place} ✕", place=shortened(self.asked.place or ""))),
        ]
        wanted = (self.asked.category is not None, self.asked.place is not None)
        for is_there, (what, words) in zip(wanted, chips, strict=True):
            if is_there:
                text = f"[{words}]"
                self._spans.append((1, used, used + cell_len(text), what))
                parts += [(text, "bold $shop-key"), (" ", "")]
                used += cell_len(text) + 1
        if self.marked[0] and used < width:
            words = next((words for words in self.marked if cell_len(words) <= width - used), self.marked[1])
            text = fit(words, width - used, "right" if used else "left")
            self._spans.append((1, used, width, "no-marks"))
            parts.append((text, "bold $success"))
        return Content.assemble(*parts)

    def on_click(self, event: events.Click) -> None:
        """A click chooses, or takes off."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        for row, start, stop, what in self._spans:
            if row == offset.y and start <= offset.x < stop:
                self.post_message(self.Picked(what) if isinstance(what, int) else self.Wanted(what))
