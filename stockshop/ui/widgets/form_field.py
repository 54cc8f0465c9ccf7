"""One field of a form: what it is called, and the widget in which it is typed or chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Input, TextArea

from stockshop.ui.safe import plain
from stockshop.ui.widgets.cycle import Cycle
from stockshop.ui.widgets.inputs import NumberInput


@dataclass(frozen=True, slots=True)
class Field:
    """One field: the name under which its value comes out and its faults come back, and its looks."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    """What may be typed, shown while the field is empty."""
    decimals: int | None = None
    """For a number: its decimals at the most."""
    whole_digits: int = 7
    signed: bool = False
    choices: Sequence[tuple[str, str]] = ()
    """(key, words) to choose from; the value is a key."""
    offers: Sequence[str] = ()
    """Words that are offered while typing."""
    is_note: bool = False
    """Several lines."""
    takes_scan: bool = False
    """A scan fills this field, whatever has the focus."""

    def widget(self) -> Widget:
        """The field itself."""
        ident = f"field-{self.name}"
        if self.choices:
            return Cycle(self.choices, self.value, id=ident)
        if self.is_note:
            area = TextArea(plain(self.value, multiline=True).plain, id=ident, compact=True, soft_wrap=True)
            area.tab_behavior = "focus"
            return area
        if self.decimals is not None:
            return NumberInput(
                self.value, decimals=self.decimals, whole_digits=self.whole_digits, signed=self.signed,
                placeholder=self.hint, id=ident, compact=True,
            )  # fmt: skip
        return Input(
            plain(self.value).plain,
            placeholder=plain(self.hint).plain,
            suggester=SuggestFromList([plain(word).plain for word in self.offers], case_sensitive=False)
            if self.offers
            else None,
            id=ident,
            compact=True,
        )
