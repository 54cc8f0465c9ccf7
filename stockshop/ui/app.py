"""The app: its screens, the open shop, the connection to it, and what needs somebody.

The frame is painted before anything of the store is imported; scans that come before the shop is
open wait at the desk.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.worker import WorkerFailed

from stockshop.config import Station, read_station
from stockshop.errors import NotFound, ShopError
from stockshop.language import mark, speak, tr, trn
from stockshop.ui import files
from stockshop.ui.counter.desk import Desk
from stockshop.ui.counter.scanned import scan_now
from stockshop.ui.counter.views import Mode
from stockshop.ui.messages import CodeScanned
from stockshop.ui.quick import keys_first, stand_back
from stockshop.ui.screen_list import SCREENS, load_ahead
from stockshop.ui.settled_app import SettledApp
from stockshop.ui.widgets.inputs import ScanLine

if TYPE_CHECKING:
    from textual.command import Provider

    from stockshop.services.counter import Day
    from stockshop.services.shop import Shop
    from stockshop.ui.tour.guide import Guide

__all__ = ["SCREENS", "StockshopApp", "run"]


def _commands() -> type[Provider]:
    from stockshop.ui.commands import ShopCommands

    return ShopCommands


LOAD_AHEAD_S = 1.5
"""When the other screens are loaded: not while the first one still comes up."""


class StockshopApp(SettledApp):
    """The whole app on one shop."""

    TITLE = "stockshop"
    MODES: ClassVar[dict[str, Any]] = {place.mode: place.make for place in SCREENS}
    DEFAULT_MODE = "counter"

    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(
                place.keys,
                f"go('{place.mode}')",
                place.label,
                priority=True,
                id=f"app.{place.mode}",
                tooltip=place.tooltip,
            )
            for place in SCREENS
        ),
        Binding("f1,alt+h", "help", mark("Help"), priority=True, id="app.help",
                tooltip=mark("Every key of this screen, and how things are done")),
        Binding("question_mark", "help", mark("Help"), show=False, id="app.help-mark",
                tooltip=mark("Every key of this screen, while nothing is typed")),
        Binding("ctrl+p,alt+p", "command_palette", mark("Find"), id="app.palette", priority=True,
                tooltip=mark("Every command, product and bin, by a few letters")),
        Binding("alt+t", "tour", mark("Tour"), show=False, id="app.tour", priority=True,
                tooltip=mark("Begin the tour of the ten commonest jobs, leave it, or take it up again")),
        Binding("ctrl+q", "quit", mark("Quit"), id="app.quit", priority=True,
                tooltip=mark("Finish what is being written, and close")),
    ]  # fmt: skip

    COMMANDS: ClassVar[set[Any]] = {_commands}

    class Opened(Message):
        """The shop is open."""

    def __init__(
        self,
        url: str = "",
        actor: str = "",
        *,
        shop: Shop | None = None,
        station_file: Path | None = None,
        may_begin: bool = False,
        offers_tour: bool = False,
    ) -> None:
        self.station_file = station_file
        """Where this computer's own settings are kept; None: nowhere."""
        self.station, self._station_faults = (
            (Station(), ()) if station_file is None else read_station(station_file)
        )
        speak(self.station.language)
        super().__init__(shop, look=self.station.look)
        self.set_keymap(dict(self.station.keys))
        files.write_papers_in(self.station.papers_folder)
        self.url = url
        self.actor = actor
        self.may_begin = may_begin
        """Whether a shop that is not there yet is asked for, instead of refused."""
        self.failure: ShopError | None = None
        """Why the shop could not be opened."""
        self.desk = Desk(self)
        self.guide: Guide | None = None
        """The tour, once somebody has wanted it."""
        self.offers_tour = offers_tour
        self.recent_commands: list[str] = []
        """Ids of the palette's commands that were chosen, the last one first."""
        self._is_beginning = False
        """Whether a new shop is being asked for: there is no screen to go to yet."""

    # -- opening -----------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Open the shop once the frame is painted."""
        self.call_later(self.call_after_refresh, self._begin)

    def _begin(self) -> None:
        from concurrent.futures import ThreadPoolExecutor

        self._clerk = ThreadPoolExecutor(1, thread_name_prefix="counter")
        if not gc.isenabled():
            gc.freeze()
            gc.enable()
        if self._shop is not None:
            self._opened(self._shop)
        elif self.may_begin and "://" not in self.url and not Path(self.url).exists():
            self.begin_anew()
        else:
            self.run_worker(
                self._open(), group="open", exit_on_error=False, description=tr("opening the shop")
            )

    async def _open(self) -> None:
        try:
            loop = asyncio.get_running_loop()
            shop = await loop.run_in_executor(self._clerk, _open_shop, self.url)
            # Before whatever is asked of the store, while the shop is already shown.
            loop.run_in_executor(self._clerk, _load_services)
        except ShopError as error:
            self.failure = error
            self.exit(return_code=1)
            return
        self._opened(shop)

    def _load_ahead(self) -> None:
        self.run_worker(load_ahead, thread=True, group="load", exit_on_error=False,
                        description=tr("loading the screens"))  # fmt: skip

    def begin_anew(self) -> None:
        """There is no shop yet: ask for what a new one needs."""
        from stockshop.ui.screens.first_start import FirstStart

        self._is_beginning = True
        self.push_screen(FirstStart(Path(self.url)), self._chose_shop)

    def _chose_shop(self, url: str | None) -> None:
        self._is_beginning = False
        if url is None:
            self.exit()
            return
        self.url = url
        self.run_worker(self._open(), group="open", exit_on_error=False, description=tr("opening the shop"))

    def _opened(self, shop: Shop) -> None:
        self._shop = shop
        self.actor = self.actor or "counter"
        self.take_settings()
        for fault in self._station_faults:
            self.say(fault, severity="warning")
        self.check_keys()
        self._is_open.set()
        self.post_message(self.Opened())
        self.counter_changed()
        self.stock_changed()
        self.set_interval(60, self.stock_changed)
        self.watch_store()
        if not self.is_headless:
            self.set_timer(LOAD_AHEAD_S, self._load_ahead)
        if self.offers_tour:
            self.call_after_refresh(self.offer_tour)
        self.run_worker(
            _check_big_store(shop),
            thread=True,
            group="check",
            exit_on_error=False,
            description=tr("checking the file"),
        )

    def day_read(self, day: Day) -> None:
        """What needs somebody is known anew."""
        self.desk.shown.day = day
        self.desk.look_again()
        self.counter_changed()
        if self.guide is not None:
            self.guide.look()

    def counter_changed(self) -> None:
        """The desk has something else to show."""
        from stockshop.ui.screens.counter import CounterScreen

        for screen in self.screen_stack if self._has_screen() else ():
            if isinstance(screen, CounterScreen):
                screen.show()

    # -- scans that no screen wants ------------------------------------------------------------------

    def on_code_scanned(self, message: CodeScanned) -> None:
        """Looked up at the counter; nothing is sold by a scan on another screen."""
        self.action_go("counter")
        self.desk.set_mode(Mode.LOOK)
        self.desk.take(scan_now(message.code, Mode.LOOK, multiplier=message.multiplier, typed=message.typed))

    def code_may_come(self) -> None:
        """At the counter the answer's paint shall not wait behind one of the code's first characters."""
        if self.current_mode == self.DEFAULT_MODE and isinstance(self.screen.focused, ScanLine):
            self.hold_paint()

    def show_product(self, product_id: int) -> None:
        """Show a product on the counter."""
        self.action_go("counter")
        self.desk.set_mode(Mode.LOOK)
        self.desk.take(scan_now("", Mode.LOOK, typed=True).of_product(product_id))

    def show_bin(self, code: str) -> None:
        """Show a bin, and what lies in it."""
        self.action_go("bins")
        self.screen.post_message(CodeScanned(code, typed=True))

    def _handle_exception(self, error: Exception) -> None:
        """Work in the background that fails is told, whosever it was; the app stands."""
        if isinstance(error, WorkerFailed) and not self.is_headless:
            self.show_error(error)
        else:
            super()._handle_exception(error)

    # -- actions -------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """No screen of the shop can be gone to before there is a shop; some dialogs want every key."""
        if self._is_beginning and action in ("go", "command_palette"):
            return False
        if self._has_screen() and getattr(self.screen, "takes_every_key", False):
            return False
        return super().check_action(action, parameters)

    def action_go(self, mode: str) -> None:
        """Another screen; from a page over it, the screen itself."""
        if self.screen.has_class("--textual-command-palette"):
            # There can only be one: it must not be left behind, out of sight.
            self.workers.cancel_node(self.screen)
            self.pop_screen()
        if mode != self.current_mode:
            self.switch_mode(mode)
        else:
            self.leave_pages()

    def action_help(self) -> None:
        """Every key of the screen that is shown; once more: back to it."""
        from stockshop.ui.screens.help import HelpScreen

        if isinstance(self.screen, HelpScreen):
            self.screen.dismiss(None)
        else:
            self.push_screen(HelpScreen(self.screen))

    # -- the tour ------------------------------------------------------------------------------------

    def action_tour(self) -> None:
        """Begin the tour, leave it, or take it up where it was left."""
        self.tour().turn()

    def tour(self) -> Guide:
        """Who leads through the commonest jobs."""
        from stockshop.ui.tour.guide import Guide

        if self.guide is None:
            self.guide = Guide(self)
        return self.guide

    def offer_tour(self) -> None:
        """Ask whether somebody who is new here wants to be led round."""
        from stockshop.ui.tour.offer import TourOffer

        def answered(wanted: bool | None) -> None:
            if wanted:
                self.tour().begin()

        self.push_screen(TourOffer(), answered)

    def on_scan_line_help_wanted(self) -> None:
        """`?` on an empty scan line."""
        self.action_help()

    async def action_quit(self) -> None:
        """Finish what is being written, then close."""
        if (self.is_offline or self.is_busy) and self.desk.waiting:
            self.run_worker(self._quit_offline(), group="quit", exit_on_error=False)
        else:
            self.run_worker(self._quit_when_done(), group="quit", exit_on_error=False)

    async def terminal_lost(self) -> None:
        """What waits is written; then it is over."""
        await self._quit_when_done()

    async def _quit_when_done(self) -> None:
        if self.desk.waiting:
            self.say(tr("Finishing what is being written …"))
        await self.desk.finished()
        self.exit()

    async def _quit_offline(self) -> None:
        from stockshop.ui.screens.dialogs import Confirm

        many = self.desk.waiting
        question = Confirm(
            trn(
                "{count} entry is not written yet, and the store does not answer. Close and forget it?",
                "{count} entries are not written yet, and the store does not answer. Close and forget them?",
                many,
            ),
            title=tr("No connection"),
            yes=tr("Close"),
            no=tr("Wait"),
            danger=True,
        )
        if await self.push_screen_wait(question) is not None:
            self.exit()

    def close_shop(self) -> None:
        """End the connections of a shop that the app has opened."""
        if self._shop is not None:
            self._shop.close()

    def on_unmount(self) -> None:
        """Nothing more is asked of the store."""
        if self._clerk is not None:
            self._clerk.shutdown(wait=False, cancel_futures=True)


def _open_shop(url: str) -> Shop:
    from stockshop.services.shop import open_shop

    return open_shop(url)


def _load_services() -> None:
    """What the first scan needs is there before it comes."""
    importlib.import_module("stockshop.ui.counter.verbs")
    for service in ("counter", "scanning", "stock", "catalogue"):
        importlib.import_module(f"stockshop.services.{service}")


def _check_big_store(shop: Shop) -> Callable[[], None]:
    """Large files are looked through for damage while the counter works already."""

    def check() -> None:
        from concurrent.futures import ThreadPoolExecutor

        from stockshop.services.shop import check_big_store

        # A thread of its own: one that stands back does so to its end.
        with ThreadPoolExecutor(1, initializer=stand_back) as apart:
            apart.submit(check_big_store, shop).result()

    return check


def run(
    url: str,
    actor: str,
    *,
    station_file: Path | None = None,
    may_begin: bool = False,
    offers_tour: bool = False,
) -> int:
    """Open the app on the shop at a path or URL and answer its exit code when it has been closed.

    With `may_begin`, a shop that is not there yet is made with the person's help; `offers_tour` is for
    somebody who is new here. Raises what `open_shop` raises, with the terminal as it was before.
    """
    if "://" not in url:
        url = str(Path(url).expanduser())
        if not may_begin and not Path(url).exists():
            raise NotFound(
                tr(
                    "There is no shop at {url}. Make one with 'stockshop new', or try 'stockshop demo'.",
                    url=url,
                )
            )
    # What is made while the app starts stays until it ends: nothing of it is garbage to look for.
    gc.disable()
    keys_first()
    app = StockshopApp(url, actor, station_file=station_file, may_begin=may_begin, offers_tour=offers_tour)
    try:
        app.run()
    finally:
        gc.enable()
        app.close_shop()
    if app.failure is not None:
        raise app.failure
    return app.return_code or 0
