"""A form over one record: every fault stands beside its field, and nothing typed is lost by a slip."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Button, Input, Static, TextArea

from stockshop.errors import ShopError, StoreUnavailable
from stockshop.language import mark, tr
from stockshop.ui.base import shop_app
from stockshop.ui.drafting import DraftKeeper, has_shop
from stockshop.ui.messages import CodeScanned
from stockshop.ui.safe import plain
from stockshop.ui.screens.dialogs import Confirm, Confirmed, Question
from stockshop.ui.widgets.cycle import Cycle
from stockshop.ui.widgets.form_field import Field
from stockshop.ui.wording import Wording

if TYPE_CHECKING:
    from stockshop.services.drafts import Draft

__all__ = ["Field", "RecordForm", "Values"]

DoneT = TypeVar("DoneT")
_KEEP_AFTER_S = 0.8
"""What is typed is kept so long after the first key that is not kept yet."""


Values = Mapping[str, str]
"""What stands in each field, by its name, trimmed."""


class RecordForm(Question[DoneT], Generic[DoneT]):
    """Fields with a label each; Ctrl+S (or Enter in the last one) saves, Esc leaves.

    `save` gets the values, in a thread; what it answers is what the form closes with, and a
    ShopError it raises is shown at the field it names. `aliases` are other names a service has for
    a field. With a `draft_key` what is typed is kept in the store until it is saved or thrown away, and
    the next form with that key on this computer brings it back.
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
    RecordForm #form-draft { height: auto; color: $text-warning; display: none; }
    RecordForm #form-draft.-shown { display: block; }
    RecordForm #question-text { display: none; }
    RecordForm #question-hint { margin: 0; }
    RecordForm #question-buttons { margin: 1 0 0 0; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", mark("Save"), id="form.save", tooltip=mark("Save what the form says"),
                priority=True),
        Binding("ctrl+r", "forget_draft", mark("Forget"), id="form.forget",
                tooltip=mark("Forget what was brought back, and begin anew")),
        Binding("down", "app.focus_next", mark("Next field"), show=False, id="form.next",
                tooltip=mark("Next field")),
        Binding("up", "app.focus_previous", mark("Field before"), show=False, id="form.before",
                tooltip=mark("Back")),
    ]  # fmt: skip

    AUTO_FOCUS = ".form-row Input, .form-row Cycle"

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        save: Callable[[Values], DoneT],
        *,
        text: str = "",
        aliases: Mapping[str, str] | None = None,
        ok: str = "",
        draft_key: str = "",
    ) -> None:
        super().__init__(text, title=title)
        self.fields = tuple(fields)
        self._save = save
        self._aliases = dict(aliases or {})
        self._ok = ok or tr("Save")
        self._draft_key = draft_key
        self._keeper: DraftKeeper | None = None
        self._keep_soon: Timer | None = None
        self._kept: dict[str, str] = {}
        """What the draft says, as far as is known here."""
        self._begun_with: dict[str, str] = {}
        self._is_saving = False

    def compose_answer(self) -> Iterable[Widget]:
        """The fields with their faults, then the buttons."""
        yield Static(
            plain(self._text, multiline=True), id="form-text", classes="" if self._text else "-empty"
        )
        yield Static("", id="form-draft")
        rows: list[Widget] = []
        for field in self.fields:
            label = Static(plain(field.label), classes="form-label")
            rows.append(Horizontal(label, field.widget(), classes="form-row"))
            fault_id = f"fault-{field.name}"
            rows.append(Static("", id=fault_id, classes="form-fault"))
        yield VerticalScroll(*rows, id="form-fields", can_focus=False)
        yield Horizontal(
            Button(plain(tr("Cancel (Esc)")), id="form-cancel", compact=True),
            Button(
                plain(tr("{save} (Ctrl+S)", save=self._ok)), id="form-ok", variant="primary", compact=True
            ),
            id="question-buttons",
        )

    # -- values ----------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Remember what the fields show: not all that is stored can be shown as it is."""
        self._begun_with = {field.name: self._shown_in(field.name) for field in self.fields}
        if self._draft_key:
            self._look_for_draft()

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

    # -- what is kept of it ------------------------------------------------------------------------

    def _look_for_draft(self) -> None:
        app = shop_app(self.app)
        try:
            self._keeper = keeper = DraftKeeper(app, has_shop(app).shop, has_shop(app).actor, self._draft_key)
        except StoreUnavailable:
            return

        async def look() -> None:
            draft = await asyncio.to_thread(keeper.read)
            if draft is not None and self.is_attached and not self.is_changed:
                self._bring_back(draft)

        self.run_worker(look(), group="draft", exit_on_error=False, description="reading what was kept")

    def _bring_back(self, draft: Draft) -> None:
        known = {field.name for field in self.fields}
        self._kept = {name: value for name, value in draft.values.items() if name in known}
        for name, value in self._kept.items():
            self._show(name, value)
        if not self.is_changed:
            return
        shop = has_shop(self.app).shop
        words = Wording(shop.currency, shop.settings.locale, shop.zone)
        said = self.query_one("#form-draft", Static)
        said.update(
            plain(
                tr(
                    "Not saved ({time}, {person}): brought back; Ctrl+R forgets it.",
                    time=words.time(draft.saved_at_us),
                    person=draft.actor,
                )
            )
        )
        said.add_class("-shown")

    def _show(self, name: str, value: str) -> None:
        found = self.query_one(f"#field-{name}")
        if isinstance(found, Cycle):
            if value in [key for key, _ in found.choices]:
                found.value = value
        elif isinstance(found, TextArea):
            found.text = plain(value, multiline=True).plain
        elif isinstance(found, Input):
            found.value = plain(value).plain

    def action_forget_draft(self) -> None:
        """The fields as they were before what was kept came back."""
        said = self.query_one("#form-draft", Static)
        if not said.has_class("-shown"):
            return
        said.remove_class("-shown")
        for name, value in self._begun_with.items():
            self._show(name, value)
        if self._keeper is not None:
            self._kept = {}
            self._keeper.drop()

    def _typed(self) -> dict[str, str]:
        """What differs from what the form began with: the rest may change meanwhile without a loss."""
        now = {field.name: self._shown_in(field.name) for field in self.fields}
        return {name: value for name, value in now.items() if value != self._begun_with.get(name)}

    def on_input_changed(self, _: Input.Changed) -> None:
        """Something was typed."""
        self._keep_what_is_typed()

    def on_text_area_changed(self, _: TextArea.Changed) -> None:
        """A note was written on."""
        self._keep_what_is_typed()

    def on_cycle_changed(self, _: Cycle.Changed) -> None:
        """Another choice stands."""
        self._keep_what_is_typed()

    def _keep_what_is_typed(self) -> None:
        # Not anew with each key: somebody who types without a pause would never have it kept.
        if self._keeper is not None and self._keep_soon is None:
            self._keep_soon = self.set_timer(_KEEP_AFTER_S, self.keep_now)

    def keep_now(self) -> None:
        """Keep what is typed in the store, if it is not kept yet."""
        self._keep_soon = None
        typed = self._typed()
        if self._keeper is not None and typed != self._kept:
            self._kept = typed
            self._keeper.keep(typed)

    def _draft_is_over(self) -> None:
        if self._keep_soon is not None:
            self._keep_soon.stop()
        if self._keeper is not None:
            self._keeper.drop()
            self._keeper = None

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
            self._draft_is_over()
            self.dismiss(None)
            return
        question = Confirm(
            tr("What you have typed here is not saved yet."),
            title=self._title,
            yes=tr("Throw away"),
            no=tr("Go on typing"),
            danger=True,
        )
        self.app.push_screen(question, self._leave)

    def _leave(self, answer: Confirmed | None) -> None:
        if answer is not None:
            self._draft_is_over()
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
        self._draft_is_over()
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
