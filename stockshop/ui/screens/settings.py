"""Settings: the shop, its rules, this computer, the scanner, the keys; each with what it means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widget import Widget
from textual.widgets import Input, Static

from stockshop.config import Station
from stockshop.errors import ShopError
from stockshop.language import mark, tr
from stockshop.ui import files
from stockshop.ui.at_work import WorkScreen
from stockshop.ui.counter.lines import GOOD, KEY, QUIET, STRONG, WARN, Line, content, wrap
from stockshop.ui.safe import line
from stockshop.ui.screens.dialogs import Choice, Chosen, Confirm, Confirmed, Offer
from stockshop.ui.settings import model
from stockshop.ui.settings.changing import change, change_here, read_facts
from stockshop.ui.settings.dialogs import NewKey, PressKey, Saved, SettingForm, said_of_key
from stockshop.ui.settings.keys import listed_keys, with_first
from stockshop.ui.settings.model import SECTIONS, Facts, KeyFacts, Setting
from stockshop.ui.settings.rows import all_settings
from stockshop.ui.settings.safety import Safety
from stockshop.ui.widgets.inputs import ScanLine
from stockshop.ui.widgets.memory import InMemory, Item
from stockshop.ui.widgets.progress import ProgressLine
from stockshop.ui.widgets.record_list import Column, RecordList

SettingItem = Item[Setting]
_TONES = {"good": GOOD, "warn": WARN, "quiet": QUIET}


class SettingsScreen(WorkScreen):
    """A list of all settings; Enter changes one, typing finds one. Each is saved by itself."""

    CSS_PATH: ClassVar[Path] = Path(__file__).parents[1] / "styles" / "settings.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "turn(-1)", mark("Choice before"), show=False, id="settings.before",
                tooltip=mark("The choice before, at once")),
        Binding("right", "turn(1)", mark("Next choice"), show=False, id="settings.next",
                tooltip=mark("The next choice, at once")),
        Binding("delete", "reset", mark("As usual"), id="settings.reset",
                tooltip=mark("Set it back to what is usual")),
        Binding("ctrl+t", "section", mark("Next section"), id="settings.section",
                tooltip=mark("To the next group of settings")),
        Binding("ctrl+b", "backup", mark("Back up"), id="settings.backup",
                tooltip=mark("Copy the whole shop into one file")),
        Binding("ctrl+g", "doctor", mark("Check"), id="settings.doctor",
                tooltip=mark("Check everything in the shop")),
        Binding("down", "list(1)", mark("Down"), show=False, id="settings.down",
                tooltip=mark("Next setting")),
        Binding("up", "list(-1)", mark("Up"), show=False, id="settings.up", tooltip=mark("Setting before")),
        Binding("escape", "leave_scan_line", mark("Clear"), show=False, id="settings.clear",
                tooltip=mark("Stop what runs, or show all settings again")),
    ]  # fmt: skip
    AUTO_FOCUS = "#settings"
    scan_placeholder = mark("type to find a setting")

    def __init__(self) -> None:
        super().__init__()
        self.facts: Facts | None = None
        """What is shown; None until it is read."""
        self._settings: tuple[Setting, ...] = ()
        self._keys: tuple[KeyFacts, ...] = ()
        self._words: tuple[str, ...] = ()
        self._firsts: dict[str, str] = {}
        self._safety = Safety(self)

    # -- what is on it -----------------------------------------------------------------------------

    def compose_body(self) -> Iterable[Widget]:
        """The list, and what the setting under the cursor means."""
        yield Container(
            RecordList(self._columns(), empty=tr("No setting is called so."), id="settings"),
            Static("", id="meaning"),
            id="settings-body",
        )
        yield ProgressLine()

    def _columns(self) -> tuple[Column[SettingItem], ...]:
        return (
            Column("", lambda item: self._firsts.get(item.value.id, ""), width=14, tone=lambda _: "quiet"),
            Column(tr("Setting"), lambda item: item.value.label, least=16, weight=3),
            Column(tr("Now"), lambda item: item.value.value, least=20, weight=5, cut="middle",
                   tone=lambda item: item.value.tone),
        )  # fmt: skip

    @property
    def records(self) -> RecordList[SettingItem]:
        """The list."""
        return self.query_one("#settings", RecordList)

    def begin(self) -> None:
        """Read everything; the keys are known later, when every screen has been loaded."""
        self.look_again()
        self.look(listed_keys, self._show_keys, group="keys", doing=tr("reading the keys"))

    def _show_keys(self, keys: tuple[KeyFacts, ...]) -> None:
        self._keys = keys
        if self.facts is not None:
            self._show(self.facts)

    def look_again(self) -> None:
        """Another till may have changed the shop's settings."""
        app = self.told_by
        shop, station, file = self.shop, app.station, app.station_file
        path = shop.store.path
        # A shop on a server has no folder of its own.
        beside = files.documents_folder() if path is None else path.parent / "backups"
        self.look(
            lambda: read_facts(shop, station, file, beside), self._show, group="settings",
            doing=tr("reading the settings"),
        )  # fmt: skip

    def _show(self, facts: Facts) -> None:
        self.facts = facts = replace(facts, keys=self._keys)
        self._settings = tuple(all_settings(facts))
        self._list(keep=True)

    def _list(self, *, keep: bool) -> None:
        fits = {one.id: one.found_by(self._words) for one in self._settings}
        # The sort keeps the order of those that fit as well.
        found = sorted((one for one in self._settings if fits[one.id]), key=lambda one: -fits[one.id])
        names = dict(SECTIONS)
        self._firsts = {
            one.id: tr(names[one.section])
            for before, one in zip([None, *found], found, strict=False)
            if before is None or before.section != one.section
        }
        self.records.set_source(InMemory(found, lambda one: one.id), keep_cursor=keep)
        if not found:
            self.query_one("#meaning", Static).update("")
        elif (item := self.records.current) is not None:
            self._explain(item.value)

    @on(RecordList.Highlighted, "#settings")
    def _highlighted(self, event: RecordList.Highlighted) -> None:
        event.stop()
        item = self.records.current
        if item is not None:
            self._explain(item.value)

    def on_resize(self) -> None:
        """The words are wrapped anew."""
        # It may come while everything is composed anew, because the shop is open now.
        for records in self.query("#settings").results(RecordList):
            if records.current is not None:
                self.call_after_refresh(self._explain, records.current.value)

    def _explain(self, setting: Setting) -> None:
        panel = self.query_one("#meaning", Static)
        width = max(20, panel.content_size.width or 36)
        hints = [] if setting.fixed else _hints(setting)
        keys: Line = [piece for key, words in hints for piece in ((key, KEY), (f" {words}   ", QUIET))]
        # On a low screen nothing of the keys may be cut: beside the label, where there is room.
        beside = len(setting.label) + sum(len(text) for text, _ in keys) + 3 <= width
        rows: list[Line] = [
            [(line(setting.label), STRONG), ("   ", ""), *keys] if beside else [(line(setting.label), STRONG)]
        ]
        rows += [[(text, _TONES.get(setting.tone, ""))] for text in wrap(setting.value, width, 3)]
        for paragraph in setting.meaning.split("\n"):
            rows += [[(text, "")] for text in wrap(paragraph, width, 8)]
        if setting.fixed:
            rows += [[(text, WARN)] for text in wrap(setting.fixed, width, 4)]
        if not beside:
            rows += [[], *([(key, KEY), (f" {words}", QUIET)] for key, words in hints)]
        panel.update(content(rows, 40))

    # -- finding ---------------------------------------------------------------------------------------

    @on(Input.Changed, "#scan-line")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        words = tuple(event.value.casefold().split())
        if words != self._words:
            self._words = words
            self._list(keep=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter on the search line opens what is under the cursor."""
        if isinstance(event.input, ScanLine):
            event.stop()
            event.prevent_default()
            self._open()

    def action_list(self, by: int) -> None:
        """Move from the search line."""
        self.records.action_step(by)

    def action_section(self) -> None:
        """The first setting of the next group."""
        records = self.records
        places = [number for number in range(records.count) if self._is_first(number)]
        if places:
            records.go_to(next((place for place in places if place > records.cursor), places[0]))
            records.focus()

    def _is_first(self, number: int) -> bool:
        row = self.records.row_at(number)
        return row is not None and row.value.id in self._firsts

    # -- changing --------------------------------------------------------------------------------------

    @on(RecordList.Chosen, "#settings")
    def _chosen(self, event: RecordList.Chosen) -> None:
        event.stop()
        self._open()

    def _open(self) -> None:
        item, facts = self.records.current, self.facts
        if item is None or facts is None:
            self.app.bell()
            return
        setting: Setting = item.value
        if setting.fixed:
            self.app.bell()
            self.told_by.say(setting.fixed, title=setting.label, severity="warning")
        elif setting.kind == model.ACTION:
            self._act(setting, facts)
        elif setting.kind == model.KEY:
            self._ask_key(next(one for one in facts.keys if f"keys.{one.id}" == setting.id), facts)
        elif setting.kind == model.CHOICE:
            self._ask_choice(setting, facts)
        else:
            shop, actor = self.shop, self.actor

            def save(text: str) -> Saved:
                return Saved(change(shop, actor, facts, setting, text))

            self.app.push_screen(SettingForm(setting, save), self._saved)

    def _ask_choice(self, setting: Setting, facts: Facts) -> None:
        remarks: Sequence[str] = setting.remarks or [""] * len(setting.choices)
        offers = [
            Offer(key, f"● {words}" if key == setting.raw else f"  {words}", remark)
            for (key, words), remark in zip(setting.choices, remarks, strict=True)
        ]

        def answered(answer: Chosen | None) -> None:
            if answer is not None and answer.key != setting.raw:
                self._put(setting, facts, answer.key)

        self.app.push_screen(
            Choice(setting.meaning.partition("\n")[0], offers, title=setting.label, now=setting.raw), answered
        )

    def _put(self, setting: Setting, facts: Facts, text: str) -> None:
        shop, actor = self.shop, self.actor
        is_shops = not setting.id.startswith("station.")
        self.write(
            lambda: Saved(change(shop, actor, facts, setting, text)), self._saved, changes=is_shops,
            doing=tr("changing a setting"),
        )  # fmt: skip

    def _saved(self, saved: Saved | None) -> None:
        if saved is None:
            return
        app = self.told_by
        if saved.station is not None:
            app.take_station(saved.station)
        else:
            app.take_settings()
            self.tell_stock_changed()
        if self.is_attached:
            self.refresh_words()

    def refresh_words(self) -> None:
        """The list and its headings, in the language that is spoken now."""
        self.records.set_columns(self._columns())
        self.records.empty = tr("No setting is called so.")
        self.look_again()
        self.refresh_bindings()

    def action_turn(self, by: int) -> None:
        """The neighbour of the choice that stands, at once."""
        item, facts = self.records.current, self.facts
        if item is None or facts is None or not item.value.is_quick or item.value.fixed:
            return
        setting: Setting = item.value
        keys = [key for key, _ in setting.choices]
        now = keys.index(setting.raw) if setting.raw in keys else 0
        self._put(setting, facts, keys[(now + by) % len(keys)])

    def action_reset(self) -> None:
        """Set it back to what is usual."""
        item, facts = self.records.current, self.facts
        if item is None or facts is None or item.value.usual is None or item.value.fixed:
            self.app.bell()
            return
        setting: Setting = item.value
        if setting.kind == model.KEY:
            kept = {name: keys for name, keys in facts.station.keys.items() if f"keys.{name}" != setting.id}
            self._keep_keys(facts, kept, tr("{what} has its usual key again.", what=setting.label))
        elif setting.raw != setting.usual:
            self._put(setting, facts, setting.usual or "")

    # -- keys --------------------------------------------------------------------------------------------

    def _ask_key(self, one: KeyFacts, facts: Facts) -> None:
        now = one.now(facts.station)

        def pressed(answer: NewKey | None) -> None:
            if answer is not None:
                keys = {**facts.station.keys, one.id: with_first(now, answer.key)}
                self._keep_keys(facts, keys, said_of_key(one, answer.key))

        self.app.push_screen(PressKey(one, now, facts.station), pressed)

    def _keep_keys(self, facts: Facts, keys: dict[str, str], said: str) -> None:
        def saved(station: Station) -> None:
            self._saved(Saved(station))
            self.told_by.say(said, title=tr("Keys"))

        self.write(
            partial(change_here, facts, keys=keys), saved, changes=False, doing=tr("changing a key")
        )  # fmt: skip

    # -- doing -------------------------------------------------------------------------------------------

    def _act(self, setting: Setting, facts: Facts) -> None:
        if setting.id == "safety.backup":
            self._safety.backup(facts)
        elif setting.id == "safety.doctor":
            self._safety.check()
        elif setting.id == "keys.all":
            self._forget_keys(facts)
        elif setting.id == "station.sheet":
            self._pick_sheet(setting, facts)
        else:
            self._scanner_check()

    def _forget_keys(self, facts: Facts) -> None:
        def answered(answer: Confirmed | None) -> None:
            if answer is not None:
                self._keep_keys(facts, {}, tr("Every key is as it came."))

        self.app.push_screen(
            Confirm(
                tr("Every key becomes what it was when stockshop was new."), title=tr("Set all keys back?"),
                yes=tr("Set back"), danger=True,
            ),
            answered,
        )  # fmt: skip

    def _pick_sheet(self, setting: Setting, facts: Facts) -> None:
        from stockshop.ui.labels.sheet_picker import PickedSheet, SheetPicker

        def picked(answer: PickedSheet | None) -> None:
            if answer is not None:
                self._put(setting, facts, answer.name)

        self.app.push_screen(SheetPicker(setting.raw or facts.settings.sheet), picked)

    def _scanner_check(self) -> None:
        if "scanner-check" in self.app.MODES:
            self.app.switch_mode("scanner-check")
        else:
            self.app.bell()
            self.say(tr("This app has no scanner check."))

    def action_backup(self) -> None:
        """Copy the shop."""
        if self.facts is not None:
            self._safety.backup(self.facts)

    def action_doctor(self) -> None:
        """Check the shop."""
        self._safety.check()

    def tell(self, error: ShopError) -> None:
        """A refusal, in one sentence."""
        self.told_by.show_error(error)


def _hints(setting: Setting) -> list[tuple[str, str]]:
    """(key, what it does) for the setting."""
    hints = []
    if setting.kind == model.KEY:
        hints.append((tr("Enter"), tr("gives it another key")))
    elif setting.kind != model.ACTION:
        hints.append((tr("Enter"), tr("changes it")))
    if setting.is_quick:
        hints.append(("← →", tr("the neighbours, at once")))
    if setting.usual is not None and setting.raw != setting.usual:
        hints.append((tr("Del"), tr("as usual")))
    return hints
