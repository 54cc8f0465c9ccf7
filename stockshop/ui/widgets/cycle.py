"""One of a few choices on a single line: `‹ blind ›`."""

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
from stockshop.ui.safe import plain


class Cycle(Widget, can_focus=True):
    """Arrows, space or a click go from one choice to the next; a letter goes to one beginning with it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "left",
            "turn(-1)",
            mark("Before"),
            show=False,
            id="choice.before",
            tooltip=mark("The choice before"),
        ),
        Binding(
            "right,space",
            "turn(1)",
            mark("Next"),
            show=False,
            id="choice.next",
            tooltip=mark("The next choice"),
        ),
        Binding(
            "enter",
            "accept",
            mark("Accept"),
            show=False,
            id="choice.accept",
            tooltip=mark("Keep it and go on"),
        ),
    ]

    DEFAULT_CSS = """
    Cycle { height: 1; width: 1fr; color: $foreground; }
    Cycle:focus { background: $block-cursor-background; color: $block-cursor-foreground; }
    """

    index: reactive[int] = reactive(0)
    """The choice that stands, from 0."""

    class Changed(Message):
        """Another choice stands."""

        def __init__(self, cycle: Cycle, key: str) -> None:
            super().__init__()
            self.cycle = cycle
            self.key = key

        @property
        def control(self) -> Cycle:
            """The widget, for `@on` selectors."""
            return self.cycle

    class Accepted(Changed):
        """Enter: go on with what stands."""

    def __init__(
        self,
        choices: Sequence[tuple[str, str]],
        value: str | None = None,
        *,
        id: str | None = None,  # noqa: A002
    ) -> None:
        """`choices` are (key, words); `value` is the key to begin with."""
        super().__init__(id=id)
        self.choices = tuple(choices)
        keys = [key for key, _ in self.choices]
        self.set_reactive(Cycle.index, keys.index(value) if value in keys else 0)

    @property
    def value(self) -> str:
        """The key of the choice that stands."""
        return self.choices[self.index][0]

    @value.setter
    def value(self, key: str) -> None:
        self.index = [one for one, _ in self.choices].index(key)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """Room for the longest choice."""
        return max(plain(words).cell_length for _, words in self.choices) + 4

    def render(self) -> Content:
        """The choice between the marks that say there are others."""
        return Content.assemble(("‹ ", "$shop-key"), plain(self.choices[self.index][1]), (" ›", "$shop-key"))

    def watch_index(self, old: int, new: int) -> None:
        """Tell the screen."""
        if old != new:
            self.post_message(self.Changed(self, self.value))

    def action_turn(self, by: int) -> None:
        """To a neighbour, round the end."""
        self.index = (self.index + by) % len(self.choices)

    def action_accept(self) -> None:
        """Go on."""
        self.post_message(self.Accepted(self, self.value))

    def on_key(self, event: events.Key) -> None:
        """A letter or digit chooses the next choice that begins with it."""
        if not event.character or not event.character.isalnum():
            return
        event.stop()
        event.prevent_default()
        letter = event.character.casefold()
        number = len(self.choices)
        for step in range(1, number + 1):
            place = (self.index + step) % number
            if self.choices[place][1].casefold().startswith(letter):
                self.index = place
                return

    def on_click(self) -> None:
        """A click turns."""
        self.action_turn(1)
