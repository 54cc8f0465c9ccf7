"""What stands round the card: the modes, the state, the sentence, and what needs somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from stockshop.ui.counter.lines import (
    BAD,
    GOOD,
    KEY,
    QUIET,
    STRONG,
    WARN,
    Line,
    Part,
    content,
    heading,
    part,
    wrap,
)
from stockshop.ui.counter.views import MODES, Asking, Mode, Shown
from stockshop.ui.safe import line
from stockshop.ui.wording import DONE, Wording

if TYPE_CHECKING:
    from stockshop.services.counter import Day


class ModeRow(Widget, can_focus=True):
    """The modes in a row; when it has the focus, a letter or the arrows choose one."""

    DEFAULT_CSS = """
    ModeRow { height: 1; padding: 0 1; &:focus { background: $panel; } }
    """

    class Picked(Message):
        """A mode was chosen by mouse, letter or arrow."""

        def __init__(self, mode: Mode, *, done: bool) -> None:
            super().__init__()
            self.mode = mode
            self.done = done
            """Whether the focus may go back to the scan line."""

    def __init__(self) -> None:
        super().__init__(id="modes")
        self.shown = Shown()
        self._spans: list[tuple[int, int, Mode]] = []

    def render(self) -> Content:
        """The present mode in capitals between marks; the letter of each is underlined."""
        parts: list[Part] = []
        self._spans = []
        used = 0
        cells = sum(len(facts.label) + 2 for facts in MODES.values())
        gap = 2 if cells + 2 * (len(MODES) - 1) <= self.size.width else 1
        for mode, facts in MODES.items():
            current = mode is self.shown.mode
            label = facts.label.upper() if current else facts.label
            text = f" {label} "
            style = "reverse bold $primary" if current else QUIET
            self._spans.append((used, used + len(text), mode))
            at = text.lower().index(facts.letter)
            parts += [(text[:at], style), (text[at], f"{style} underline"), (text[at + 1 :], style)]
            parts.append((" " * gap, ""))
            used += len(text) + gap
        if self.size.width - used >= 18:
            parts.append(part("Alt+letter", self.size.width - used, QUIET, "right"))
        return Content.assemble(*parts)

    def on_click(self, event: events.Click) -> None:
        """A click chooses."""
        offset = event.get_content_offset(self)
        if offset is not None:
            for start, stop, mode in self._spans:
                if start <= offset.x < stop:
                    self.post_message(self.Picked(mode, done=True))

    def on_key(self, event: events.Key) -> None:
        """Letters choose, arrows go on, Enter goes back to scanning."""
        modes = list(MODES)
        here = modes.index(self.shown.mode)
        if event.key in ("left", "right"):
            step = 1 if event.key == "right" else -1
            self.post_message(self.Picked(modes[(here + step) % len(modes)], done=False))
        elif event.key in ("enter", "space", "down"):
            self.post_message(self.Picked(self.shown.mode, done=True))
        else:
            found = next((mode for mode, facts in MODES.items() if facts.letter == event.key.lower()), None)
            if found is None:
                return
            self.post_message(self.Picked(found, done=True))
        event.stop()
        event.prevent_default()


class Notice(Widget, can_focus=False):
    """Where things go, one sentence about the last scan, and a question where one has to be asked.

    A question takes single keys; scans go on being taken meanwhile, whatever has the focus.
    """

    DEFAULT_CSS = """
    Notice { height: auto; min-height: 2; max-height: 5; padding: 0 1; }
    """

    class Answered(Message):
        """One of the answers was chosen."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    class Left(Message):
        """None of the answers: the question is left as it is."""

    def __init__(self) -> None:
        super().__init__(id="notice")
        self.shown = Shown()
        self.cursor = 0
        self._asking: Asking | None = None
        self._spans: list[tuple[int, int, int, str]] = []

    @property
    def is_asking(self) -> bool:
        """Whether a question is shown."""
        return self._asking is not None

    def update_shown(self, shown: Shown) -> None:
        """Another sentence or question: the height may change."""
        if shown.asking is not self._asking:
            self.cursor = 0
        self.shown = shown
        self._asking = shown.asking
        self.can_focus = shown.asking is not None
        width, height = self.size
        self.refresh(layout=height != max(2, len(self._rows(width))))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the sentence and the answers need."""
        return max(2, len(self._rows(width)))

    def _state(self, width: int) -> Line:
        shown = self.shown
        waiting = f"  {shown.busy} waiting" if shown.busy > 1 else ""
        room = width - len(waiting)
        if shown.status:
            return [part(f"→ {shown.status}", room, STRONG), (waiting, WARN)]
        return [part(MODES[shown.mode].waits, room, QUIET), (waiting, WARN)]

    def _rows(self, width: int) -> list[Line]:
        shown = self.shown
        rows: list[Line] = [self._state(width)]
        if shown.told is not None:
            told = shown.told
            mark = "✓ " if told.good else "✗ "
            text = f"{told.title}: {told.text}" if told.title else told.text
            for number, row in enumerate(wrap(text, max(1, width - 2), 2)):
                rows.append([((mark if not number else "  ") + row, GOOD if told.good else BAD)])
        if shown.asking is not None:
            rows += self._question(shown.asking, width, len(rows))
        return rows

    def _question(self, asking: Asking, width: int, above: int) -> list[Line]:
        rows: list[Line] = []
        if asking.text:
            rows = [[("? ", KEY), (row, STRONG)] for row in wrap(asking.text, max(1, width - 2), 1)]
        answers: Line = [("  ", "")]
        used = 2
        self._spans = []
        for number, answer in enumerate(asking.answers):
            text = f" {answer.key.upper()} {line(answer.label)} "
            if used + len(text) > width:
                break
            style = "reverse" if number == self.cursor and self.has_focus else ""
            answers += [(f" {answer.key.upper()}", f"{KEY} {style}"), (f" {line(answer.label)} ", style)]
            answers.append((" ", ""))
            self._spans.append((above + len(rows), used, used + len(text), answer.name))
            used += len(text) + 1
        return [*rows, answers]

    def render(self) -> Content:
        """State, sentence and answers."""
        return content(self._rows(self.size.width), self.size.height)

    def on_key(self, event: events.Key) -> None:
        """A key of an answer, or the arrows and Enter; Escape leaves it."""
        asking = self.shown.asking
        if asking is None:
            return
        name = None
        if event.key in ("left", "right"):
            self.cursor = (self.cursor + (1 if event.key == "right" else -1)) % len(asking.answers)
            self.refresh()
        elif event.key == "enter":
            name = asking.answers[self.cursor].name
        elif event.key == "escape":
            self.post_message(self.Left())
        else:
            name = next((answer.name for answer in asking.answers if answer.key == event.key.lower()), None)
            if name is None:
                return
        event.stop()
        event.prevent_default()
        if name is not None:
            self.post_message(self.Answered(name))

    def on_click(self, event: events.Click) -> None:
        """A click on an answer."""
        offset = event.get_content_offset(self)
        if offset is None or self.shown.asking is None:
            return
        for row, start, stop, name in self._spans:
            if offset.y == row and start <= offset.x < stop:
                self.post_message(self.Answered(name))


def needs(day: Day, wording: Wording, width: int, height: int) -> list[Line]:
    """What needs somebody: what is below zero, then what is low."""
    rows: list[Line] = [heading("Needs you", width)]
    room = max(1, height - 1)
    lines: list[Line] = []
    for row in day.below_zero:
        number = wording.quantity(row.quantity_milli, row.unit)
        text = f"{number} in {row.bin}: count"
        lines.append(_need(row.name, text, width, BAD))
    counted = {row.product_id for row in day.below_zero}
    for low in day.low:
        if low.product_id in counted:
            # It has to be counted before anybody knows whether it is low.
            continue
        number = wording.number(low.projected_milli, low.unit)
        text = f"{number} of {wording.quantity(low.reorder_point_milli, low.unit)}"
        lines.append(_need(low.name, text, width, WARN))
    unknown = day.attention.unknown_scans
    if unknown:
        many = "1 unknown scan" if unknown == 1 else f"{unknown} unknown scans"
        lines.insert(0, [part(f"  {many} in the tray", width - 6, WARN), ("Alt+U", KEY)])
    if not lines:
        return [*rows, [part("  Nothing. All is well.", width, QUIET)]]
    beyond = (day.attention.low - len(day.low)) + (day.attention.below_zero - len(day.below_zero))
    total = len(lines) + beyond
    if total > room:
        lines = [*lines[: max(0, room - 1)], [part(f"  … and {total - max(0, room - 1)} more", width, QUIET)]]
    return [*rows, *lines]


def _need(name: str, text: str, width: int, style: str) -> Line:
    cells = min(len(text) + 1, width * 3 // 5)
    return [("  ", ""), part(name, width - cells - 3), (" ", ""), part(text, cells, style, "right")]


def just_now(day: Day, wording: Wording, width: int, height: int) -> list[Line]:
    """Today's totals, and the newest entries."""
    totals = day.totals
    sold = wording.price(totals.sold_minor)
    remark = f"{totals.sold_entries} sold · {sold}" if totals.sold_entries else "nothing sold today"
    rows: list[Line] = [heading("Just now", width, remark)]
    if not day.entries:
        return [*rows, [part("  Nothing yet. The first scan will stand here.", width, QUIET)]]
    for entry in day.entries[: max(0, height - 1)]:
        more = f"  +{entry.lines - 1}" if entry.lines > 1 else ""
        word = DONE.get(entry.kind, entry.kind)
        number = wording.number(entry.first_quantity_milli)
        rows.append(
            [
                part(wording.time(entry.occurred_at_us), 8, QUIET, "right"),
                part(f"  {word} {number}  {entry.first_name}", width - 8 - len(more)),
                (more, QUIET),
            ]
        )
    return rows


class SidePanel(Widget):
    """What needs somebody, and what has just happened; beside the card where there is room."""

    DEFAULT_CSS = """
    SidePanel { dock: right; width: 40; height: 100%; padding: 0 1; border-left: solid $shop-rule; }
    """

    def __init__(self) -> None:
        super().__init__(id="side")
        self.shown = Shown()
        self.wording = Wording()

    def render(self) -> Content:
        """Two lists, one above the other."""
        width, height = self.size
        day = self.shown.day
        if day is None:
            return Content("")
        upper = needs(day, self.wording, width, max(4, height // 2))
        lower = just_now(day, self.wording, width, max(2, height - len(upper) - 1))
        return content([*upper, [], *lower], height)
