"""The Counter: scan or type, see it large; receive, sell, move, adjust, count one, undo."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Input

from stockshop.ui.base import Frame, ShopScreen
from stockshop.ui.counter.card import Card
from stockshop.ui.counter.keys import bindings
from stockshop.ui.counter.panels import ModeRow, Notice
from stockshop.ui.counter.scanned import Scanned, scan_now
from stockshop.ui.counter.suggesting import Suggesting
from stockshop.ui.counter.tasks import Lists, SidePanel
from stockshop.ui.counter.views import Mode, ShowMeanings, ShowProduct, ShowResults, Suggested
from stockshop.ui.messages import CodeScanned
from stockshop.ui.scanning import split_multiplier

if TYPE_CHECKING:
    from stockshop.services.counter import Day
    from stockshop.services.suggesting import Offer
    from stockshop.ui.app import StockshopApp
    from stockshop.ui.counter.desk import Desk
    from stockshop.ui.widgets.record_list import RecordList

WIDE_SIDE = 100


class CounterScreen(ShopScreen):
    """The home screen. What it shows is the desk's; it only paints and passes on."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings()]

    DEFAULT_CSS = """
    CounterScreen #body { padding: 0; }
    CounterScreen.-narrow SidePanel { display: none; }
    CounterScreen.-huge SidePanel { width: 56; }
    CounterScreen.-tall Card { padding: 1 1 0 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._results_of: ShowResults | ShowMeanings | None = None
        """The results whose list is on screen."""
        self._was_left = False
        self._shown_mode: Mode | None = None
        self._shown_day: Day | None = None
        """What is painted already: the answer to a scan does not wait for the rest of the screen."""
        self._modes, self._notice, self._card, self._side = ModeRow(), Notice(), Card(), SidePanel()
        self._suggesting: Suggesting | None = None
        self._steps_ahead = 0
        """How often Down was pressed before there was anything to go down to."""

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
            self._card.repaint()
            self.show()
        elif self.desk.shown.day is not None:
            # Made anew in another language, while the desk has long begun.
            self.call_after_refresh(self.show)

    def on_resize(self) -> None:
        """With no panel beside it, the card tells what needs somebody."""
        card = self._card
        alone = self.app.size.width < WIDE_SIDE
        if alone and self._side.has_focus:
            self.focus_scan_line()
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
            self._side.repaint()

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
            self._side.repaint()
        notice = self._notice
        was_asking = notice.is_asking
        notice.update_shown(shown)
        self._card.update_shown(shown)
        if self._card.has_focus and not self._card.is_list:
            self.focus_scan_line()
        self._show_results(shown.view if isinstance(shown.view, ShowResults | ShowMeanings) else None)
        if notice.is_asking and not was_asking:
            notice.focus()
        elif was_asking and not notice.is_asking and notice.has_focus:
            self.focus_scan_line()

    def _show_results(self, view: ShowResults | ShowMeanings | None) -> None:
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

    def _mount_results(self, view: ShowResults | ShowMeanings) -> None:
        from stockshop.ui.counter.picker import offer_columns, product_columns, source_of
        from stockshop.ui.widgets.memory import InMemory
        from stockshop.ui.widgets.record_list import RecordList

        self._results_of = view
        results: RecordList[Any]
        if isinstance(view, ShowMeanings):
            offers = InMemory(view.offers, lambda offer: offer.id)
            results = RecordList(offer_columns(self.shop_app.wording), offers, classes="results")
        else:
            with_stock = view.scanned.mode is not Mode.COUNT
            columns = product_columns(with_stock=with_stock)
            results = RecordList(columns, source_of(view.listing), classes="results")
        results.styles.margin = (1, 1, 0, 1)
        self.query_one("#body").mount(results)
        results.focus()

    def _show_suggested(self, suggested: Suggested | None) -> None:
        if suggested is not None and isinstance(self.desk.shown.view, ShowResults | ShowMeanings):
            # Something else is looked for now.
            self.desk.clear()
        self._card.suggest(suggested)
        if self._steps_ahead and suggested is not None:
            self._card.move_cursor(self._steps_ahead)
        self._steps_ahead = 0

    def focus_scan_line(self) -> None:
        """Ready for the next code."""
        landing = self.scan_line()
        if landing is not None:
            landing.focus()

    # -- what comes in ---------------------------------------------------------------------------

    def on_code_scanned(self, message: CodeScanned) -> None:
        """A scan, or what was typed on the scan line."""
        message.stop()
        self._stop_suggesting()
        desk = self.desk
        scanned = scan_now(message.code, desk.shown.mode, multiplier=message.multiplier, typed=message.typed)
        desk.take(scanned, repeats=message.repeats)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Offer what is called so, as it is typed."""
        if event.input is not self._scan_line:
            return
        event.stop()
        self._steps_ahead = 0
        if self._suggesting is None:
            if len(event.value) < 2:
                return
            self._suggesting = Suggesting(self.shop_app, self._show_suggested)
        self._suggesting.typed(event.value)

    def _stop_suggesting(self) -> None:
        if self._suggesting is not None:
            self._suggesting.stop()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter on something that is offered takes that instead of the words."""
        offer = self._card.chosen
        if offer is None or event.input is not self._scan_line:
            return
        event.stop()
        event.prevent_default()
        self._take_offer(offer)

    def on_card_picked(self, event: Card.Picked) -> None:
        """Something that is offered was clicked on."""
        event.stop()
        self._take_offer(event.offer)

    def _take_offer(self, offer: Offer) -> None:
        landing = self.scan_line()
        multiplier = split_multiplier(landing.value)[0] if landing is not None else ""
        if landing is not None:
            landing.value = ""
        self._stop_suggesting()
        self.focus_scan_line()
        fresh = scan_now(offer.sku, self.desk.shown.mode, multiplier=multiplier, typed=True)
        self.desk.take(fresh.of_product(offer.id))

    def on_record_list_chosen(self, event: RecordList.Chosen) -> None:
        """A product was chosen from what was found."""
        event.stop()
        view = self.desk.shown.view
        if isinstance(view, ShowResults):
            self.focus_scan_line()
            self.desk.take(self.chosen(event.row, view.scanned))
        elif isinstance(view, ShowMeanings):
            self.focus_scan_line()
            self._take_meaning(view, event.index)

    def _take_meaning(self, view: ShowMeanings, number: int) -> None:
        offer, scanned = view.offers[number], view.scanned
        if offer.id == view.likeliest:
            # As it was read: with whatever else the code says.
            self.desk.take(scanned.settle("ambiguous"))
        else:
            self.desk.take(scanned.of_product(offer.id, pack_milli=offer.pack_milli))

    @staticmethod
    def chosen(row: object, scanned: Scanned) -> Scanned:
        """The scan that the choice stands for: the words that were typed, now with a product."""
        fresh = scan_now(getattr(row, "sku", ""), scanned.mode, multiplier=scanned.multiplier, typed=True)
        return fresh.of_product(int(getattr(row, "id", 0)))

    def on_lists_opened(self, event: Lists.Opened) -> None:
        """A line of what needs somebody, or of what has just happened."""
        from stockshop.ui.counter.opening import open_target

        event.stop()
        self.focus_scan_line()
        open_target(self.desk, event.target)

    def on_lists_left(self, event: Lists.Left) -> None:
        """Up from the first line."""
        event.stop()
        self.focus_scan_line()

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

    def action_cost(self) -> None:
        """What one costs of what comes in."""
        self.desk.say_cost()

    def action_needs(self) -> None:
        """To what needs somebody; where it has no place of its own, the card makes room for it."""
        self._stop_suggesting()
        card = self._card
        if not card.alone:
            self._side.focus()
            return
        while not card.is_list and self.desk.clear():
            pass
        card.focus()

    def action_why(self) -> None:
        """The ledger of the product that is shown; not while it is counted blind."""
        from stockshop.ui.products.history import open_why

        view = self.desk.shown.view
        if isinstance(view, ShowProduct) and not view.hidden:
            open_why(self.app, view.card.product_id)
        else:
            self.app.bell()

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

    def action_step_down(self) -> None:
        """Down from the scan line: into what is offered or found, the answers of a question, the lists."""
        if self._suggesting is not None and self._suggesting.is_looking:
            self._steps_ahead += 1
        elif self._card.suggested is not None:
            self._card.move_cursor(1)
        elif self.query(".results"):
            self.query_one(".results").focus()
        elif self._notice.is_asking:
            self._notice.focus()
        elif not self._card.alone:
            self._side.focus()
        elif self._card.is_list:
            self._card.focus()

    def action_step_up(self) -> None:
        """Up through what is offered."""
        self._steps_ahead = max(0, self._steps_ahead - 1)
        self._card.move_cursor(-1)
