"""The Counter: scan or type, see it large; receive, sell, move, adjust, count one, undo."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from stockshop.ui.base import Frame, ShopScreen
from stockshop.ui.counter.card import Card
from stockshop.ui.counter.panels import ModeRow, Notice, SidePanel
from stockshop.ui.counter.scanned import Scanned, scan_now
from stockshop.ui.counter.views import MODES, Mode, ShowResults
from stockshop.ui.messages import CodeScanned

if TYPE_CHECKING:
    from stockshop.services.counter import Day
    from stockshop.ui.app import StockshopApp
    from stockshop.ui.counter.desk import Desk
    from stockshop.ui.widgets.record_list import RecordList

WIDE_SIDE = 100


def _mode_bindings() -> Iterable[Binding]:
    for mode, facts in MODES.items():
        yield Binding(
            f"alt+{facts.letter}",
            f"mode('{mode.value}')",
            facts.label,
            show=False,
            # Before the scan line, which would take the letter.
            priority=True,
            id=f"counter.{mode.value}",
            tooltip=facts.tooltip,
        )


class CounterScreen(ShopScreen):
    """The home screen. What it shows is the desk's; it only paints and passes on."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+z,alt+z",
            "undo",
            "Undo scan",
            priority=True,
            id="counter.undo",
            tooltip="Undo the last entry of this session by a counter-entry; again: the one before",
        ),
        *_mode_bindings(),
        Binding(
            "alt+u",
            "tray",
            "Unknown scans",
            show=False,
            priority=True,
            id="counter.tray",
            tooltip="The codes nobody knew: put them on a product, make one, or dismiss them",
        ),
        Binding(
            "escape",
            "step_back",
            "Back",
            show=False,
            id="counter.back",
            tooltip="Clear the scan line, the question, the bin, the card; then go to the row of modes",
        ),
        Binding(
            "down", "into_results", "List", show=False, id="counter.list", tooltip="To the products found"
        ),
    ]

    DEFAULT_CSS = """
    CounterScreen #body { padding: 0; }
    CounterScreen.-narrow SidePanel { display: none; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._results_of: ShowResults | None = None
        """The results whose list is on screen."""
        self._was_left = False
        self._shown_mode: Mode | None = None
        self._shown_day: Day | None = None
        """What is painted already: the answer to a scan does not wait for the rest of the screen."""
        self._modes, self._notice, self._card, self._side = ModeRow(), Notice(), Card(), SidePanel()

    def compose_body(self) -> Iterable[Widget]:
        """Modes, state, sentence and card; beside them what needs somebody."""
        # Side by side by docking: containers in between would each be styled at the start.
        return self._modes, self._notice, self._card, self._side

    @property
    def shop_app(self) -> StockshopApp:
        """The app, with its desk."""
        from stockshop.ui.app import StockshopApp

        app = self.app
        assert isinstance(app, StockshopApp)
        return app

    @property
    def desk(self) -> Desk:
        """Where the work is done."""
        return self.shop_app.desk

    def on_screen_suspend(self) -> None:
        """Another screen is shown."""
        self._was_left = True

    def on_screen_resume(self) -> None:
        """The desk may have changed while another screen was shown."""
        if self._was_left:
            self._was_left = False
            self._card.refresh()
            self.show()

    def on_resize(self) -> None:
        """With no panel beside it, the card tells what needs somebody."""
        card = self._card
        alone = self.app.size.width < WIDE_SIDE
        if alone != card.alone:
            card.alone = alone
            card.update_shown(card.shown)

    def apply_frame(self, frame: Frame) -> None:
        """The frame, and the way numbers are written."""
        super().apply_frame(frame)
        wording = self.shop_app.wording
        if self._card.wording is not wording:
            self._card.wording = self._side.wording = wording
            self._card.update_shown(self._card.shown)
            self._side.refresh()

    # -- what the desk shows ---------------------------------------------------------------------

    def show(self) -> None:
        """Paint the desk's state; called whenever it changes."""
        if not self.is_mounted:
            return
        shown = self.desk.shown
        if self._shown_mode is not shown.mode:
            self._shown_mode = shown.mode
            self._modes.shown = shown
            self._modes.refresh()
        if self._shown_day != shown.day:
            self._shown_day = shown.day
            self._side.shown = shown
            self._side.refresh()
        notice = self._notice
        was_asking = notice.is_asking
        notice.update_shown(shown)
        self._card.update_shown(shown)
        self._show_results(shown.view if isinstance(shown.view, ShowResults) else None)
        if notice.is_asking and not was_asking:
            notice.focus()
        elif was_asking and not notice.is_asking and notice.has_focus:
            self.focus_scan_line()

    def _show_results(self, view: ShowResults | None) -> None:
        if view is None and self._results_of is None:
            return
        found = self.query(".results")
        self._card.display = view is None
        if view is None:
            self._results_of = None
            if found:
                had_focus = found.first().has_focus
                found.remove()
                if had_focus:
                    self.focus_scan_line()
            return
        if found:
            if self._results_of is view:
                return
            found.remove()
        self._mount_results(view)

    def _mount_results(self, view: ShowResults) -> None:
        from stockshop.ui.counter.picker import product_columns, source_of
        from stockshop.ui.widgets.record_list import RecordList

        self._results_of = view
        results = RecordList(product_columns(), source_of(view.listing), classes="results")
        results.styles.margin = (1, 1, 0, 1)
        self.query_one("#body").mount(results)
        results.focus()

    def focus_scan_line(self) -> None:
        """Ready for the next code."""
        landing = self.scan_line()
        if landing is not None:
            landing.focus()

    # -- what comes in ---------------------------------------------------------------------------

    def on_code_scanned(self, message: CodeScanned) -> None:
        """A scan, or what was typed on the scan line."""
        message.stop()
        desk = self.desk
        scanned = scan_now(message.code, desk.shown.mode, multiplier=message.multiplier, typed=message.typed)
        desk.take(scanned, repeats=message.repeats)

    def on_record_list_chosen(self, event: RecordList.Chosen) -> None:
        """A product was chosen from what was found."""
        event.stop()
        view = self.desk.shown.view
        if isinstance(view, ShowResults):
            self.focus_scan_line()
            self.desk.take(self.chosen(event.row, view.scanned))

    @staticmethod
    def chosen(row: object, scanned: Scanned) -> Scanned:
        """The scan that the choice stands for: the words that were typed, now with a product."""
        fresh = scan_now(getattr(row, "sku", ""), scanned.mode, multiplier=scanned.multiplier, typed=True)
        return fresh.of_product(int(getattr(row, "id", 0)))

    def on_mode_row_picked(self, event: ModeRow.Picked) -> None:
        """A mode from the row."""
        event.stop()
        self.desk.set_mode(event.mode)
        if event.done:
            self.focus_scan_line()

    def on_notice_answered(self, event: Notice.Answered) -> None:
        """The question was answered."""
        event.stop()
        self.focus_scan_line()
        self.desk.answer(event.name)

    def on_notice_left(self, event: Notice.Left) -> None:
        """The question was left."""
        event.stop()
        self.focus_scan_line()
        self.desk.leave_question()

    # -- keys ------------------------------------------------------------------------------------

    def action_mode(self, word: str) -> None:
        """What the next scans do."""
        self.desk.set_mode(Mode(word))
        self.focus_scan_line()

    def action_undo(self) -> None:
        """Undo the last entry of this session."""
        self.desk.undo()

    def action_tray(self) -> None:
        """The codes nobody knew."""
        from stockshop.ui.counter import tray

        tray.open_tray(self.desk)

    def action_step_back(self) -> None:
        """Escape: one step back at a time."""
        landing = self.scan_line()
        if landing is not None and landing.value:
            landing.value = ""
        elif not self.desk.clear():
            if landing is not None and landing.has_focus:
                self.query_one(ModeRow).focus()
            else:
                self.focus_scan_line()
        elif landing is not None and not landing.has_focus:
            self.focus_scan_line()

    def action_into_results(self) -> None:
        """Down from the scan line into what was found, or to the answers of a question."""
        if self.query(".results"):
            self.query_one(".results").focus()
        elif self.query_one(Notice).is_asking:
            self.query_one(Notice).focus()
