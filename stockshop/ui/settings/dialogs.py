"""The dialogs of the settings: one value, one key, and what the doctor found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, Static

from stockshop.config import Station
from stockshop.errors import ShopError
from stockshop.language import mark, tr, trn
from stockshop.ui.key_names import key_name
from stockshop.ui.messages import CodeScanned
from stockshop.ui.safe import plain
from stockshop.ui.screens.dialogs import Question
from stockshop.ui.screens.record_form import Field, RecordForm, Values
from stockshop.ui.settings.keys import shown_keys, why_not
from stockshop.ui.settings.model import KeyFacts, Setting
from stockshop.ui.widgets.memory import InMemory, Item
from stockshop.ui.widgets.record_list import Column, RecordList

if TYPE_CHECKING:
    from stockshop.services.care import DoctorReport
    from stockshop.services.care_doctor import Trouble


@dataclass(frozen=True, slots=True)
class Saved:
    """A setting was changed; with those of this computer, when it was one of them."""

    station: Station | None


class SettingForm(RecordForm[Saved]):
    """One value, with what it would look like below it."""

    def __init__(self, setting: Setting, save: Callable[[str], Saved]) -> None:
        field = Field(
            setting.field, setting.label, setting.raw, setting.hint, offers=setting.offers,
            takes_scan=setting.field in ("receiving_bin", "scan_prefix"),
        )  # fmt: skip
        self.setting = setting

        def saved(values: Values) -> Saved:
            return save(values[setting.field])

        super().__init__(setting.label, [field], saved, text=setting.meaning.partition("\n")[0],
                         ok=tr("Close for good") if setting.id == "rules.close" else "")  # fmt: skip

    def on_mount(self) -> None:
        """Show what stands there."""
        self._show_example(self.setting.raw)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show what would be."""
        self._show_example(event.value)

    def _show_example(self, text: str) -> None:
        shows = self.setting.example
        if shows is None:
            return
        if not text.strip():
            self.hint("")
            return
        try:
            said = shows(text)
        except ShopError:
            # It is being typed still; what is wrong is said when it is saved.
            self.hint("…", bad=False)
            return
        hint = self.query_one("#question-hint", Static)
        hint.set_class(False, "-bad")
        hint.update(plain(said, multiline=True))
        hint.display = True


@dataclass(frozen=True, slots=True)
class NewKey:
    """The key that was pressed."""

    key: str


class PressKey(Question[NewKey]):
    """Waits for one key, which is then the binding's; Esc leaves it as it is."""

    takes_every_key: ClassVar[bool] = True

    def __init__(self, one: KeyFacts, now: tuple[str, ...], station: Station) -> None:
        text = tr(
            "{tooltip}\nNow: {keys}\n\nPress the key that is to do this; Esc leaves it as it is.",
            tooltip=tr(one.tooltip), keys=shown_keys(now),
        )  # fmt: skip
        super().__init__(text, title=tr("A key for '{what}'", what=tr(one.label)))
        self._one, self._station = one, station

    def compose(self) -> Any:
        """The words keep their lines."""
        yield from super().compose()
        self.call_after_refresh(self._as_lines)

    def _as_lines(self) -> None:
        self.query_one("#question-text > Static", Static).update(plain(self._text, multiline=True))

    def on_key(self, event: events.Key) -> None:
        """Take it, or say why not."""
        event.stop()
        event.prevent_default()
        if event.key == "escape":
            self.dismiss(None)
            return
        fault = why_not(event.key, event.character, self._one, self._station)
        if fault:
            self.app.bell()
            self.hint(tr("✗ {message}", message=fault))
        else:
            self.dismiss(NewKey(event.key))

    def on_code_scanned(self, message: CodeScanned) -> None:
        """A scan is no key."""
        message.stop()
        self.app.bell()
        self.hint(tr("✗ That was a scan; press a single key."))


TroubleItem = Item["Trouble"]


class Findings(Question[None]):
    """What the doctor found, one line each, the whole of it below."""

    DEFAULT_CSS = """
    Findings #question { width: 92; max-width: 96%; height: 86%; padding: 0 1; }
    Findings #question-text { height: auto; }
    Findings #troubles { height: 1fr; margin: 1 0 0 0; }
    Findings #trouble { height: auto; max-height: 6; margin: 1 0 0 0; padding: 0 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape,enter",
            "decline",
            mark("Close"),
            id="findings.close",
            tooltip=mark("Back to the settings"),
        ),
    ]
    AUTO_FOCUS = "#troubles"

    def __init__(self, report: DoctorReport) -> None:
        many = len(report.troubles)
        said = trn(
            "{count} thing is not as it must be. Make a copy of the shop before anything else.",
            "{count} things are not as they must be. Make a copy of the shop before anything else.",
            many,
        )  # fmt: skip
        super().__init__(said, title=tr("What was found"))
        self._troubles: Sequence[Trouble] = report.troubles

    def compose_answer(self) -> Iterable[Widget]:
        """The list, and the whole of the line under the cursor."""
        columns: tuple[Column[TroubleItem], ...] = (
            Column(tr("Where"), lambda item: item.value.check, width=10, tone=lambda _: "quiet"),
            Column(tr("What"), lambda item: item.value.message, least=20),
        )
        yield RecordList(columns, empty="", id="troubles")
        yield Static("", id="trouble")

    def on_mount(self) -> None:
        """Fill the list."""
        self.query_one("#troubles", RecordList).set_source(InMemory(self._troubles))

    def on_record_list_highlighted(self, event: RecordList.Highlighted) -> None:
        """The whole sentence."""
        event.stop()
        self.query_one("#trouble", Static).update(plain(self._troubles[event.index].message))

    def on_record_list_chosen(self, event: RecordList.Chosen) -> None:
        """Enter closes."""
        event.stop()
        self.dismiss(None)


def said_of_key(one: KeyFacts, key: str) -> str:
    """What is told when a key was given."""
    return tr("{key} is now: {what}", key=key_name(key), what=tr(one.label))
