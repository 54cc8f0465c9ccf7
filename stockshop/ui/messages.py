"""What widgets and the app tell each other: facts, in the past tense."""

from __future__ import annotations

from textual.message import Message

from stockshop.ui.scanning import Scan


class CodeScanned(Message):
    """A code was scanned, pasted, or typed on the scan line; posted to the screen that is shown.

    A screen that does not want it lets it bubble to the app.
    """

    def __init__(
        self,
        code: str,
        *,
        repeats: int = 0,
        focused_id: str | None = None,
        multiplier: str = "",
        typed: bool = False,
        scan: Scan | None = None,
    ) -> None:
        super().__init__()
        self.code = code
        """The text as the scanner sent it; GS inside is kept. Not yet cleaned for storing."""
        self.repeats = repeats
        """How often the same code came just before, each within half a second: ask, do not double."""
        self.focused_id = focused_id
        """The id of the widget that had the focus; its value has been put back."""
        self.multiplier = multiplier
        """`12` when `12*` stood on the scan line or before the code, as typed; else ""."""
        self.typed = typed
        """A person typed it on the scan line: it may be a word to search for."""
        self.scan = scan
        """How the scanner typed it, for the scanner check; None when it was typed by hand."""

    @property
    def stutter(self) -> bool:
        """Whether it may be the scanner's trembling."""
        return self.repeats > 0


class NumberRefused(Message):
    """A number field refused what looked like a barcode and kept its value."""

    def __init__(self, field_id: str | None, text: str) -> None:
        super().__init__()
        self.field_id = field_id
        self.text = text
        """The digits refused."""


class WorkFailed(Message):
    """Work in the background ended in an error; the app shows one sentence."""

    def __init__(self, error: BaseException, doing: str = "") -> None:
        super().__init__()
        self.error = error
        self.doing = doing
        """What was being done, for the sentence: "reading the list"."""
