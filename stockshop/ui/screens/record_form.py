"""A form over one record: every fault stands beside its field, and nothing typed is lost by a slip."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Button, Input, Static, TextArea

from stockshop.errors import ShopError
from stockshop.ui.messages import CodeScanned
from stockshop.ui.safe import plain
from stockshop.ui.screens.dialogs import Confirm, Confirmed, Question
from stockshop.ui.widgets.cycle import Cycle
from stockshop.ui.widgets.inputs import NumberInput

DoneT = TypeVar("DoneT")


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
                self.value, decimals=self.decimals, whole_digits=self.whole_digits, placeholder=self.hint,
                id=ident, compact=True,
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


Values = Mapping[str, str]
"""What stands in each field, by its name, trimmed."""


class RecordForm(Question[DoneT], Generic[DoneT]):
    """Fields with a label each; Ctrl+S (or Enter in the last one) saves, Esc leaves.

    `save` gets the values, in a thread; what it answers is what the form closes with, and a
    ShopError it raises is shown at the field it names. `aliases` are other names a service has for
    a field.
    """

    DEFAULT_CSS = """
    RecordForm #question { width: 78; max-width: 96%; max-height: 96%; padding: 0 2; }
    RecordForm #form-fields { height: auto; max-height: 70vh; scrollbar-size-vertical: 1; }
    RecordForm .form-row { height: auto; }
    RecordForm .form-label { width: 17; color: $shop-quiet; }
    RecordForm .form-row Input, RecordForm .form-row Cycle { width: 1fr; }
    RecordForm .form-row Input { background: $background; }
    RecordForm .form-row Input:focus { background: $foreground 8%; }
    RecordForm .form-row TextArea { width: 1fr; height: 3; background: $background; }
    RecordForm .form-row:focus-within .form-label { color: $foreground; text-style: bold; }
    RecordForm .form-fault { color: $text-error; height: auto; padding: 0 0 0 17; display: none; }
    RecordForm .form-fault.-shown { display: block; }
    RecordForm #form-text { height: auto; }
    RecordForm #form-text.-empty { display: none; }
    RecordForm #question-text { display: none; }
    RecordForm #question-hint { margin: 0; }
    RecordForm #question-buttons { margin: 1 0 0 0; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", id="form.save", tooltip="Save what the form says", priority=True),
        Binding("down", "app.focus_next", "Next field", show=False, id="form.next", tooltip="Next field"),
        Binding("up", "app.focus_previous", "Field before", show=False, id="form.before", tooltip="Back"),
    ]

    AUTO_FOCUS = ".form-row Input, .form-row Cycle"

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        save: Callable[[Values], DoneT],
        *,
        text: str = "",
        aliases: Mapping[str, str] | None = None,
        ok: str = "Save",
    ) -> None:
        super().__init__(text, title=title)
        self.fields = tuple(fields)
        self._save = save
        self._aliases = dict(aliases or {})
        self._ok = ok
        self._begun_with: dict[str, str] = {}
        self._is_saving = False

    def compose_answer(self) -> Iterable[Widget]:
        """The fields with their faults, then the buttons."""
        yield Static(
            plain(self._text, multiline=True), id="form-text", classes="" if self._text else "-empty"
        )
        rows: list[Widget] = []
        for field in self.fields:
            label = Static(plain(field.label), classes="form-label")
            rows.append(Horizontal(label, field.widget(), classes="form-row"))
            fault_id = f"fault-{field.name}"
            rows.append(Static("", id=fault_id, classes="form-fault"))
        yield VerticalScroll(*rows, id="form-fields", can_focus=False)
        yield Horizontal(
            Button(plain("Cancel (Esc)"), id="form-cancel", compact=True),
            Button(plain(f"{self._ok} (Ctrl+S)"), id="form-ok", variant="primary", compact=True),
            id="question-buttons",
        )

    # -- values ----------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Remember what the fields show: not all that is stored can be shown as it is."""
        self._begun_with = {field.name: self._shown_in(field.name) for field in self.fields}

    def value_of(self, name: str) -> str:
        """What stands in a field, trimmed; as it was given where nobody changed it."""
        shown = self._shown_in(name)
        if shown == self._begun_with.get(name):
            field = next(field for field in self.fields if field.name == name)
            return shown if field.choices else field.value
        return shown

    def _shown_in(self, name: str) -> str:
        found = self.query_one(f"#field-{name}")
        if isinstance(found, Cycle):
            return found.value
        if isinstance(found, TextArea):
            return found.text.strip()
        assert isinstance(found, Input)
        return found.value.strip()

    def values(self) -> dict[str, str]:
        """What stands in all fields."""
        return {field.name: self.value_of(field.name) for field in self.fields}

    @property
    def is_changed(self) -> bool:
        """Whether anything was typed that would be lost."""
        return any(
            self.value_of(field.name)
            != (field.value or (field.choices[0][0] if field.choices else "")).strip()
            for field in self.fields
        )

    def put(self, name: str, value: str) -> None:
        """Fill a field and go there."""
        found = self.query_one(f"#field-{name}", Input)
        found.value = plain(value).plain
        found.focus()

    # -- going on --------------------------------------------------------------------------------

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """To the next field; from the last one, save."""
        event.stop()
        self._go_on(event.input)

    def on_cycle_accepted(self, event: Cycle.Accepted) -> None:
        """A choice is made: to the next field."""
        event.stop()
        self._go_on(event.cycle)

    def _go_on(self, widget: Widget) -> None:
        if widget.id == f"field-{self.fields[-1].name}":
            self.action_save()
        else:
            self.focus_next()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Save, or leave."""
        event.stop()
        if event.button.id == "form-ok":
            self.action_save()
        else:
            self.action_decline()

    def action_decline(self) -> None:
        """Leave; what was typed is thrown away only when a person says so."""
        if self._is_saving:
            return
        if not self.is_changed:
            self.dismiss(None)
            return
        question = Confirm(
            "What you have typed here is not saved yet.",
            title=self._title,
            yes="Throw away",
            no="Go on typing",
            danger=True,
        )
        self.app.push_screen(question, self._leave)

    def _leave(self, answer: Confirmed | None) -> None:
        if answer is not None:
            self.dismiss(None)

    def action_save(self) -> None:
        """Save in a thread; the form stays until it is done."""
        if self._is_saving:
            return
        for fault in self.query(".form-fault"):
            fault.remove_class("-shown")
        self.hint("")
        values = self.values()
        self._is_saving = True
        self.query_one("#form-fields").disabled = True
        self.run_worker(self._saving(values), group="form", exit_on_error=False, description="saving")

    async def _saving(self, values: Values) -> None:
        try:
            done = await asyncio.to_thread(self._save, values)
        except ShopError as error:
            self.refuse(error)
            return
        finally:
            self._is_saving = False
            self.query_one("#form-fields").disabled = False
        self.dismiss(done)

    def refuse(self, error: ShopError) -> None:
        """Say what is wrong beside the field at fault, and go there; else below the form."""
        self.app.bell()
        name = self._aliases.get(error.field or "", error.field or "")
        if name not in {field.name for field in self.fields}:
            self.hint(f"✗ {error.message}")
            return
        fault = self.query_one(f"#fault-{name}", Static)
        fault.update(plain(f"✗ {error.message}"))
        fault.add_class("-shown")
        # Only when the fields are enabled again.
        self.call_after_refresh(self.query_one(f"#field-{name}").focus)

    def on_code_scanned(self, message: CodeScanned) -> None:
        """A scan fills the field that is meant for it."""
        field = next((field for field in self.fields if field.takes_scan), None)
        if field is not None:
            message.stop()
            message.prevent_default()
            self.put(field.name, message.code)
