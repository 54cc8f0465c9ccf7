"""Choosing one of many by typing a part of its name: a category, a bin, the column to sort by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from stockshop.language import mark, tr
from stockshop.text import fold
from stockshop.ui.safe import phrase, plain
from stockshop.ui.screens.dialogs import Chosen, Offer, Question

MOST_SHOWN = 200
"""So many are offered at once; letters find the others."""


class FindPicker(Question[Chosen]):
    """A line to type on and the offers that hold all its words; Enter takes the one that is marked."""

    AUTO_FOCUS = "#find-text"
    DEFAULT_CSS = """
    FindPicker #question { padding: 0 2; }
    FindPicker #question-text { display: none; }
    FindPicker #find-text { margin: 0; background: $background; }
    FindPicker OptionList {
        height: 1; border: none; padding: 0; background: $surface;
        scrollbar-size-vertical: 1;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", mark("Down"), show=False, id="find.down", tooltip=mark("The next one")),
        Binding("up", "move(-1)", mark("Up"), show=False, id="find.up", tooltip=mark("The one before")),
        Binding("pagedown", "move(10)", mark("Page down"), show=False, id="find.page-down",
                tooltip=mark("Ten further down")),
        Binding("pageup", "move(-10)", mark("Page up"), show=False, id="find.page-up",
                tooltip=mark("Ten further up")),
    ]  # fmt: skip

    def __init__(
        self, offers: Sequence[Offer], *, title: str, current: str | None = None, placeholder: str = ""
    ) -> None:
        super().__init__("", title=title)
        self._offers = tuple(offers)
        self._folded = [fold(f"{offer.label} {offer.remark}") for offer in offers]
        self._current = current
        self._placeholder = placeholder or tr("type a part of it")
        self._shown: list[Offer] = []

    def compose_answer(self) -> Iterable[Widget]:
        """The line and the offers."""
        yield Input(placeholder=plain(self._placeholder).plain, id="find-text", compact=True)
        yield OptionList(id="find-offers", compact=True)

    def on_mount(self) -> None:
        """Everything is offered until something is typed."""
        self._fill("")
        keys = [offer.key for offer in self._shown]
        if self._current in keys:
            self.query_one(OptionList).highlighted = keys.index(self._current)
        self.query_one(OptionList).can_focus = False

    def on_input_changed(self, event: Input.Changed) -> None:
        """Fewer letters, more offers."""
        event.stop()
        self._fill(event.value)

    def _fill(self, text: str) -> None:
        words = fold(text).split()
        found = [
            offer
            for offer, folded in zip(self._offers, self._folded, strict=True)
            if all(word in folded for word in words)
        ]
        self._shown = found[:MOST_SHOWN]
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(
            Option(phrase("$label  [$shop-quiet]$remark[/]", label=offer.label, remark=offer.remark))
            for offer in self._shown
        )
        options.highlighted = 0 if self._shown else None
        # By number: a panel round a list of its own height takes the room of all that is offered.
        options.styles.height = max(1, min(len(self._shown), self.app.size.height // 2))
        more = len(found) - len(self._shown)
        if not found:
            self.hint(tr("None is called so."))
        else:
            self.hint(tr("More letters find the others.") if more else "", bad=False)

    def action_move(self, by: int) -> None:
        """Mark another offer."""
        options = self.query_one(OptionList)
        if self._shown:
            options.highlighted = max(0, min((options.highlighted or 0) + by, len(self._shown) - 1))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take the one that is marked."""
        event.stop()
        place = self.query_one(OptionList).highlighted
        if place is None:
            self.app.bell()
        else:
            self.dismiss(Chosen(self._shown[place].key))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click takes one."""
        event.stop()
        self.dismiss(Chosen(self._shown[event.option_index].key))
