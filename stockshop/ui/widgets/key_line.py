"""The line of keys at the foot of every screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.widget import Widget

from stockshop.language import tr
from stockshop.ui.safe import line, plain

# Styles by theme variable: cheaper at start than component classes, each of which is matched on its own.
_KEY = "bold $shop-key"
_GAP = 2
_LEFT_OUT_FIRST = ("command_palette", "quit")
"""They come last, where there is room: help names them, and so does the palette."""


@dataclass(frozen=True, slots=True)
class Hint:
    """A key as the line shows it."""

    key: str
    label: str
    press: str
    """What a click presses."""
    action: str
    tooltip: str
    is_of_app: bool

    @property
    def cells(self) -> int:
        """Its width with the gap behind it."""
        return plain(f"{self.key} {self.label}").cell_length + _GAP


@dataclass(frozen=True, slots=True)
class _Placed:
    hint: Hint
    row: int
    start: int


class KeyLine(Widget):
    """The keys of the screen that is shown; a click on one does what the key does, a pause over it says more.

    On one row keys that do not fit are left out from the right, those of the app before those of the
    screen; the one for help stays, because it names the others. On a large terminal the screen's keys
    have a row of their own.
    """

    DEFAULT_CSS = """
    KeyLine {
        height: 1;
        padding: 0 1;
        background: $panel;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._placed: list[_Placed] = []

    def on_mount(self) -> None:
        """Follow the bindings of the screen and of what has the focus."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _screen: self.refresh())

    def hints(self) -> list[Hint]:
        """What is pressed now, in the order in which it is declared."""
        shown: dict[str, Hint] = {}
        for active in self.screen.active_bindings.values():
            binding = active.binding
            if binding.show and active.enabled and binding.action not in shown:
                shown[binding.action] = Hint(
                    line(self.app.get_key_display(binding)),
                    line(tr(binding.description)),
                    binding.key,
                    binding.action,
                    tr(binding.tooltip),
                    active.node is self.app,
                )
        return list(shown.values())

    def render(self) -> Content:
        """`F2 Counter  F3 Products …`, the screen's own keys at the right or above."""
        hints = self.hints()
        own = [hint for hint in hints if not hint.is_of_app]
        everywhere = [hint for hint in hints if hint.is_of_app]
        helps = [hint for hint in everywhere if hint.action == "help"]
        ends = [hint for name in _LEFT_OUT_FIRST for hint in everywhere if hint.action == name]
        places = [hint for hint in everywhere if hint not in (*helps, *ends)]
        self._placed = []
        if self.size.height > 1:
            kept = _fitting([*own, *ends], self.size.width)
            top = self._row(0, [h for h in own if h in kept], [h for h in ends if h in kept])
            kept = _fitting([*helps, *places], self.size.width)
            below = self._row(1, [h for h in places if h in kept], helps)
            return Content("\n").join((top, below))
        kept = _fitting([*helps, *own, *places, *ends], self.size.width)
        own, places, ends = ([hint for hint in group if hint in kept] for group in (own, places, ends))
        if self.size.width < 98:
            return self._row(0, [*own, *places, *helps, *ends], ())
        return self._row(0, places, [*own, *helps, *ends])

    def _row(self, row: int, left: Sequence[Hint], right: Sequence[Hint]) -> Content:
        parts: list[tuple[str, str]] = []
        used = 0
        gap = self.size.width + _GAP - sum(hint.cells for hint in (*left, *right))
        for number, hint in enumerate((*left, *right)):
            if number == len(left) and right:
                parts.append((" " * max(0, gap), ""))
                used += max(0, gap)
            self._placed.append(_Placed(hint, row, used))
            parts += [(hint.key, _KEY), (f" {hint.label}{' ' * _GAP}", "")]
            used += hint.cells
        return Content.assemble(*parts)

    def _at(self, event: events.MouseEvent) -> Hint | None:
        offset = event.get_content_offset(self)
        if offset is None:
            return None
        for placed in self._placed:
            if placed.row == offset.y and placed.start <= offset.x < placed.start + placed.hint.cells - _GAP:
                return placed.hint
        return None

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """What the key under the pointer does, in a sentence."""
        hint = self._at(event)
        said = plain(hint.tooltip) if hint is not None and hint.tooltip else None
        if self.tooltip != said:
            self.tooltip = said

    async def on_click(self, event: events.Click) -> None:
        """Press the key that is written there."""
        hint = self._at(event)
        if hint is not None:
            self.app.simulate_key(hint.press)


def _fitting(hints: Sequence[Hint], width: int) -> list[Hint]:
    """As many as there is room for, from the first on; a long one makes room for shorter ones."""
    room = width + _GAP
    kept = []
    for hint in hints:
        if hint.cells <= room:
            room -= hint.cells
            kept.append(hint)
    return kept
