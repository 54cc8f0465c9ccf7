"""Fields for numbers, which a scanner cannot fill by accident.

The classic accident is a quantity of 5901234123457. A burst never gets here, because the app puts
the field's value back; this is the second wall, for scanners too slow to be told from a person and
for pastes.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.reactive import Reactive
from textual.widgets import Input

from stockshop.errors import InvalidInput
from stockshop.language import tr
from stockshop.ui.messages import NumberRefused

BARCODE_DIGITS = 8
"""So many digits on end are a code, not a quantity."""
_PAUSE_S = 0.4
"""After this pause a new number is being typed, not the rest of a code."""


class NumberInput(Input):
    """A quantity or an amount of money; the decimal mark may be a comma or a point.

    `whole_digits` bounds the digits before the mark. When one more is typed, the whole run of digits
    was a code: the field goes back to what it held before and is deaf until the keys pause.
    """

    takes_only_numbers = True

    def __init__(
        self,
        value: str = "",
        *,
        decimals: int = 3,
        whole_digits: int = BARCODE_DIGITS - 1,
        signed: bool = False,
        placeholder: str = "",
        id: str | None = None,  # noqa: A002
        classes: str | None = None,
        disabled: bool = False,
        compact: bool = False,
    ) -> None:
        sign = "[-+\u2212]?" if signed else ""
        fraction = rf"(?:[.,]\d{{0,{decimals}}})?" if decimals else ""
        super().__init__(
            value,
            placeholder=placeholder,
            restrict=rf"{sign}\d{{0,{whole_digits}}}{fraction}",
            id=id,
            classes=classes,
            disabled=disabled,
            compact=compact,
        )
        self.whole_digits = whole_digits
        self._settled = value
        """What the field held when the present run of keys began."""
        self._run = ""
        self._last_key = 0.0
        self._deaf = False

    def number(self, *, field: str | None = None) -> Decimal | None:
        """What was typed, exactly; None for an empty field (a blank is never zero).

        Raises InvalidInput naming `field` (by default the widget's id) for a lone sign or mark.
        """
        text = self.value.strip().replace("\u2212", "-").replace(",", ".")
        if not text:
            return None
        try:
            return Decimal(text)
        except InvalidOperation as error:
            raise InvalidInput(tr("'{text}' is not a number.", text=text), field=field or self.id) from error

    def on_key(self, event: events.Key) -> None:
        """Watch the run of digits before the field itself takes the key."""
        if event.time - self._last_key > _PAUSE_S:
            self._settled, self._run, self._deaf = self.value, "", False
        self._last_key = event.time
        if self._deaf:
            # Also the Enter behind the code, which would accept what is left.
            event.stop()
            event.prevent_default()
            return
        digit = event.character if event.character and event.character.isdigit() else ""
        self._run = self._run + digit if digit else ""
        if len(self._run) > max(self.whole_digits, BARCODE_DIGITS - 1):
            event.stop()
            event.prevent_default()
            self._refuse(self._run)
            self._deaf = True

    def on_paste(self, event: events.Paste) -> None:
        """A pasted number loses its grouping and its currency; a pasted code is refused."""
        event.stop()
        event.prevent_default()
        text = event.text.strip()
        if len(re.sub(r"\D", "", text)) >= BARCODE_DIGITS:
            self._settled = self.value
            self._refuse(text)
            return
        start, end = sorted(self.selection)
        self.replace(re.sub(r"[^\d.,+\u2212-]", "", text), start, end)

    def _refuse(self, text: str) -> None:
        self.value = self._settled
        self.cursor_position = len(self.value)
        self._run = ""
        self.restricted()
        self.post_message(NumberRefused(self.id, text))


class ScanLine(Input):
    """Where scans and search words go: always on screen, and takes what no other field wants."""

    # Its place does not depend on what is in it: no scan has to wait for the screen to be laid out.
    virtual_size = Reactive(Size(0, 0), layout=False)

    def __init__(self, *, placeholder: str = "", id: str = "scan-line") -> None:  # noqa: A002
        super().__init__(placeholder=placeholder, id=id, compact=True, select_on_focus=False)

    class HelpWanted(Message):
        """`?` on the empty line: nothing is searched for, somebody asks."""

    def on_key(self, event: events.Key) -> None:
        """A lone question mark asks for help."""
        if event.character == "?" and not self.value:
            event.stop()
            event.prevent_default()
            self.post_message(self.HelpWanted())

    def take(self, text: str) -> None:
        """Go on typing here: the focus comes along."""
        self.focus()
        self.insert_text_at_cursor(text)
