"""What stands above the card: the modes, the state, the sentence, and a question."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from stockshop.language import tr, trn
from stockshop.ui.counter.lines import (
    BAD,
    GOOD,
    KEY,
    QUIET,
    STRONG,
    WARN,
    Line,
    Part,
    part,
    wrap,
)
from stockshop.ui.counter.painted import Painted
from stockshop.ui.counter.views import MODES, Asking, Mode, Shown
from stockshop.ui.safe import line


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
        labels = _labels(self.size.width)
        cells = sum(len(label) + 2 for label in labels)
        gap = 2 if cells + 2 * (len(MODES) - 1) <= self.size.width else 1
        for (mode, facts), label in zip(MODES.items(), labels, strict=True):
            current = mode is self.shown.mode
            text = f" {label.upper() if current else label} "
            style = "reverse bold $primary" if current else QUIET
            self._spans.append((used, used + len(text), mode))
            at = text.lower().index(facts.letter)
            parts += [(text[:at], style), (text[at], f"{style} underline"), (text[at + 1 :], style)]
            parts.append((" " * gap, ""))
            used += len(text) + gap
        if self.size.width - used >= 18:
            parts.append(part(tr("Alt+letter"), self.size.width - used, QUIET, "right"))
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


def _labels(width: int) -> list[str]:
    """The names of the modes with their letters in them; shortened where they would not all fit."""
    names = [(line(tr(facts.label)), facts.letter) for facts in MODES.values()]
    longest = max(len(name) for name, _ in names)
    labels = [_label(name, letter, longest) for name, letter in names]
    while sum(len(label) + 3 for label in labels) > width + 1 and longest > 5:
        longest -= 1
        labels = [_label(name, letter, longest) for name, letter in names]
    return labels


def _label(name: str, letter: str, longest: int) -> str:
    """A name of at most so many letters; where it has not the letter that chooses it, that stands behind."""
    shown = name if len(name) <= longest else f"{name[: longest - 1]}…"
    return shown if letter in shown.lower() else f"{shown} {letter.upper()}"


class Notice(Painted, can_focus=False):
    """Where things go, one sentence about the last scan, and a question where one has to be asked.

    A question takes single keys; scans go on being taken meanwhile, whatever has the focus.
    """

    DEFAULT_CSS = """
    Notice { height: auto; min-height: 2; max-height: 6; padding: 0 1; }
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
        if height != max(2, len(self._rows(width))):
            self.refresh(layout=True)
        self.repaint()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the sentence and the answers need."""
        return max(2, len(self._rows(width)))

    def _state(self, width: int) -> Line:
        shown = self.shown
        waiting = "  " + trn("{count} waiting", "{count} waiting", shown.busy) if shown.busy > 1 else ""
        room = width - len(waiting)
        if shown.status:
            return [part(f"→ {shown.status}", room, STRONG), (waiting, WARN)]
        return [part(tr(MODES[shown.mode].waits), room, QUIET), (waiting, WARN)]

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
            for number, row in enumerate(wrap(asking.text, max(1, width - 2), 2)):
                rows.append([("  " if number else "? ", KEY), (row, STRONG)])
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

    def lines(self, width: int, height: int) -> list[Line]:
        """State, sentence and answers."""
        return self._rows(width)

    def on_focus(self) -> None:
        """An answer stands out."""
        self.repaint()

    def on_blur(self) -> None:
        """No answer stands out any more."""
        self.repaint()

    def on_key(self, event: events.Key) -> None:
        """A key of an answer, or the arrows and Enter; Escape leaves it."""
        asking = self.shown.asking
        if asking is None:
            return
        name = None
        if event.key in ("left", "right"):
            self.cursor = (self.cursor + (1 if event.key == "right" else -1)) % len(asking.answers)
            self.repaint()
        elif event.key == "enter":
            name = asking.answers[self.cursor].name
        elif event.key == "escape":
            self.post_message(self.Left())
        else:
            key = event.key.lower()
            name = next((one.name for one in asking.answers if key in (one.key, one.also)), None)
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
