"""Questions: one dataclass comes back, or None when the person would rather not.

    answer = await self.app.push_screen_wait(Confirm("Sell the last one?", yes="Sell"))

All words may hold data: they are shown literally.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widget import Widget
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from stockshop.errors import InvalidInput
from stockshop.language import mark, tr
from stockshop.ui.dialog import Dialog
from stockshop.ui.messages import CodeScanned
from stockshop.ui.safe import phrase, plain

ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Yes."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """One of the choices, by its key."""

    key: str


@dataclass(frozen=True, slots=True)
class Answered:
    """What was typed, trimmed."""

    text: str


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing to choose: what comes back, what is shown, and a quieter remark."""

    key: str
    label: str
    remark: str = ""


class Question(Dialog[ResultT | None]):
    """A panel in the middle: title, text, body, and a line for hints."""

    DEFAULT_CSS = """
    Question {
        align: center middle;
        background: $background 60%;
    }

    #question {
        width: 64;
        max-width: 92%;
        height: auto;
        max-height: 90%;
        padding: 1 2;
        background: $surface;
        border: round $border;
        border-title-color: $foreground;
        border-title-style: bold;
    }

    #question-text {
        width: 1fr;
        height: auto;
        max-height: 40vh;
        scrollbar-size-vertical: 1;
    }

    #question-hint {
        width: 1fr;
        height: auto;
        margin: 1 0 0 0;
        color: $shop-quiet;
        &.-bad {
            color: $text-error;
        }
    }

    #question-answer {
        margin: 1 0 0 0;
        background: $background;
    }

    #question-options {
        margin: 1 0 0 0;
        height: auto;
        max-height: 40vh;
        border: none;
        padding: 0;
        background: $surface;
    }

    #question-buttons {
        height: auto;
        margin: 1 0 0 0;
        align-horizontal: right;
    }

    #question-buttons Button {
        margin: 0 0 0 2;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "decline", mark("Cancel"), id="question.cancel",
                tooltip=mark("Close without doing anything")),
    ]  # fmt: skip

    def __init__(self, text: str, *, title: str = "") -> None:
        super().__init__()
        self._text = text
        self._title = title

    def compose(self) -> ComposeResult:
        """The panel; what is asked for comes from `compose_answer`."""
        with Vertical(id="question") as panel:
            if self._title:
                panel.border_title = plain(self._title)
            with VerticalScroll(id="question-text", can_focus=False):
                yield Static(plain(self._text, multiline=True))
            yield from self.compose_answer()
            hint = Static("", id="question-hint")
            hint.display = False
            yield hint

    def compose_answer(self) -> Iterable[Widget]:
        """The fields and buttons."""
        return ()

    def hint(self, text: str, *, bad: bool = True) -> None:
        """Say what is wrong with the answer, below it."""
        hint = self.query_one("#question-hint", Static)
        hint.set_class(bad, "-bad")
        hint.update(plain(text))
        hint.display = bool(text)

    def action_decline(self) -> None:
        """No answer."""
        self.dismiss(None)

    def on_code_scanned(self, message: CodeScanned) -> None:
        """A question is not the place for a scan; it is not done, and that is said."""
        message.stop()
        self.app.bell()
        self.hint(tr("✗ Not scanned: answer this first (Esc closes it), then scan again."))


class Confirm(Question[Confirmed]):
    """Yes or no. With `danger` the focus begins on the safe answer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "app.focus_previous", mark("Left"), show=False, id="question.left",
                tooltip=mark("Button to the left")),
        Binding("right", "app.focus_next", mark("Right"), show=False, id="question.right",
                tooltip=mark("Button to the right")),
    ]  # fmt: skip

    def __init__(
        self, text: str, *, title: str = "", yes: str = "", no: str = "", danger: bool = False
    ) -> None:
        super().__init__(text, title=title)
        self._yes, self._no, self._danger = yes or tr("Yes"), no or tr("Cancel"), danger

    def compose_answer(self) -> Iterable[Widget]:
        """Two buttons."""
        yield Horizontal(
            Button(plain(self._no), id="no", compact=True),
            Button(plain(self._yes), id="yes", compact=True, variant="error" if self._danger else "primary"),
            id="question-buttons",
        )

    def on_mount(self) -> None:
        """Enter must not do what cannot be undone."""
        self.query_one("#no" if self._danger else "#yes", Button).focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer."""
        event.stop()
        self.dismiss(Confirmed() if event.button.id == "yes" else None)


class Notice(Question[Confirmed]):
    """Something longer that is to be read, such as a list of refusals."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "read_on(1)", mark("Down"), show=False, id="notice.down", tooltip=mark("Read on")),
        Binding("up", "read_on(-1)", mark("Up"), show=False, id="notice.up", tooltip=mark("Read back")),
    ]

    def compose_answer(self) -> Iterable[Widget]:
        """One button."""
        understood = Button(plain(tr("Understood")), id="yes", compact=True, variant="primary")
        yield Horizontal(understood, id="question-buttons")

    def on_mount(self) -> None:
        """Enter closes it."""
        self.query_one("#yes", Button).focus()

    def action_read_on(self, by: int) -> None:
        """What does not fit is a few keys away."""
        self.query_one("#question-text").scroll_relative(y=3 * by, animate=False)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """It was read."""
        event.stop()
        self.dismiss(Confirmed())


class Choice(Question[Chosen]):
    """One of several. Arrow keys and Enter, or a click."""

    AUTO_FOCUS = "#question-options"

    def __init__(self, text: str, offers: Sequence[Offer], *, title: str = "", now: str = "") -> None:
        """`now`: the key of the offer that stands already, where the cursor begins."""
        super().__init__(text, title=title)
        self._offers = tuple(offers)
        self._now = now

    def compose_answer(self) -> Iterable[Widget]:
        """The offers."""
        yield OptionList(
            *(
                Option(phrase("$label  [$text-muted]$remark[/]", label=offer.label, remark=offer.remark))
                for offer in self._offers
            ),
            id="question-options",
        )

    def on_mount(self) -> None:
        """The cursor begins on what stands."""
        keys = [offer.key for offer in self._offers]
        self.query_one(OptionList).highlighted = keys.index(self._now) if self._now in keys else 0

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Answer."""
        event.stop()
        self.dismiss(Chosen(self._offers[event.option_index].key))


class Ask(Question[Answered]):
    """A line of text, such as a reason. With `takes_scan` a scan fills it."""

    AUTO_FOCUS = "#question-answer"

    def __init__(
        self,
        text: str,
        *,
        title: str = "",
        value: str = "",
        placeholder: str = "",
        required: str = "",
        takes_scan: bool = False,
        limit: int = 200,
    ) -> None:
        super().__init__(text, title=title)
        self._value, self._placeholder, self._limit = value, placeholder, limit
        self._required = required
        """What to say when nothing was typed; "" allows it."""
        self._takes_scan = takes_scan

    def compose_answer(self) -> Iterable[Widget]:
        """One field."""
        yield Input(
            plain(self._value).plain,
            placeholder=plain(self._placeholder).plain,
            max_length=self._limit,
            id="question-answer",
            compact=True,
        )

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer, or say what is missing."""
        event.stop()
        text = event.value.strip()
        if self._required and not text:
            self.app.bell()
            self.hint(InvalidInput(self._required).message)
            return
        self.dismiss(Answered(text))

    def on_code_scanned(self, message: CodeScanned) -> None:
        """Take the code as the answer, where that makes sense."""
        if not self._takes_scan:
            return
        message.stop()
        # Else the handler of every question would say that it was not scanned.
        message.prevent_default()
        self.query_one("#question-answer", Input).value = plain(message.code).plain
