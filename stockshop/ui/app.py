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
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen
from textual.worker import WorkerFailed

from stockshop.config import Station, read_station
from stockshop.errors import NotFound, ShopError
from stockshop.language import speak
from stockshop.ui import files
from stockshop.ui.counter.desk import Desk
from stockshop.ui.counter.scanned import scan_now
from stockshop.ui.counter.views import Mode
from stockshop.ui.messages import CodeScanned
from stockshop.ui.scanning import ScanSettings
from stockshop.ui.store_app import StoreApp
from stockshop.ui.widgets.inputs import ScanLine
from stockshop.ui.wording import Wording

if TYPE_CHECKING:
    from textual.command import Provider

    from stockshop.services.counter import Day
    from stockshop.services.shop import Shop


class Place(NamedTuple):
    """A screen, and how it is reached."""

    mode: str
    keys: str
    """The key, then its second way."""
    label: str
    module: str
    class_name: str
    tooltip: str

    @property
    def is_there(self) -> bool:
        """Whether this stockshop has the screen."""
        return (Path(__file__).with_name("screens") / f"{self.module}.py").exists()

    def make(self) -> Screen[None]:
        """The screen, its module loaded now."""
        module = importlib.import_module(f"stockshop.ui.screens.{self.module}")
        made: Screen[None] = getattr(module, self.class_name)()
        return made


SCREENS = (
    Place("counter", "f2,alt+2", "Counter", "counter", "CounterScreen", "Scan, sell, receive, move"),
    Place(
        "products", "f3,alt+3", "Products", "products", "ProductsScreen", "Search and look at all products"
    ),
    Place("bins", "f4,alt+4", "Bins", "bins", "BinsScreen", "Where things lie"),
    Place("low", "f5,alt+5", "Low", "low_stock", "LowStockScreen", "What runs low, and what to order"),
    Place("labels", "f6,alt+6", "Labels", "labels", "LabelsScreen", "Shelf labels and count sheets on paper"),
    Place("count-sheets", "f7,alt+7", "Count", "count_sheets", "CountSheetsScreen", "Count sheets on paper"),
    Place(
        "import", "f8,alt+8", "Import", "import_screen", "ImportScreen", "Bring a catalogue in from a file"
    ),
    Place(
        "settings", "f9,alt+9", "Settings", "settings", "SettingsScreen", "The shop, its rules, this station"
    ),
    Place(
        "movements",
        "f10,alt+0",
        "Movements",
        "movements",
        "MovementsScreen",
        "The whole ledger, line by line",
    ),
    Place(
        "unknown-scans", "alt+u", "Unknown", "unknown_scans", "UnknownScansScreen", "Scans that nobody knew"
    ),
    Place(
        "scanner-check",
        "alt+k",
        "Scanner",
        "scanner_check",
        "ScannerCheckScreen",
        "Check and set up the scanner",
    ),
)
"""Every screen, in one place: another one is another line."""
_THERE = tuple(place for place in SCREENS if place.is_there)


def _commands() -> type[Provider]:
    from stockshop.ui.commands import ShopCommands

    return ShopCommands


class StockshopApp(StoreApp):
    """The whole app on one shop."""

    TITLE = "stockshop"
    MODES: ClassVar[dict[str, Any]] = {place.mode: place.make for place in _THERE}
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
            for place in _THERE
        ),
        Binding("f1,alt+h", "help", "Help", priority=True, id="app.help", tooltip="Every key of this screen"),
        Binding(
            "question_mark",
            "help",
            "Help",
            show=False,
            id="app.help-mark",
            tooltip="Every key of this screen, while nothing is typed",
        ),
        Binding("ctrl+p,alt+p", "command_palette", "Find", show=False, id="app.palette", priority=True,
                tooltip="Every command and every product, by a few letters"),
        Binding("ctrl+q", "quit", "Quit", show=False, id="app.quit", priority=True,
                tooltip="Finish what is being written, and close"),
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
    ) -> None:
        self.station_file = station_file
        """Where this computer's own settings are kept; None: nowhere."""
        self.station, self._station_faults = (
            (Station(), ()) if station_file is None else read_station(station_file)
        )
        self.speak(self.station.language)
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
        self._is_beginning = False
        """Whether a new shop is being asked for: there is no screen to go to yet."""

    def speak(self, locale: str) -> None:
        """Show texts in the language of this locale from now on."""
        speak(locale)

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
            self.run_worker(self._open(), group="open", exit_on_error=False, description="opening the shop")

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
        self.run_worker(self._open(), group="open", exit_on_error=False, description="opening the shop")

    def _opened(self, shop: Shop) -> None:
        self._shop = shop
        self.actor = self.actor or "counter"
        self.take_settings()
        for fault in self._station_faults:
            self.say(fault, severity="warning")
        self._is_open.set()
        self.post_message(self.Opened())
        self.counter_changed()
        self.stock_changed()
        self.set_interval(60, self.stock_changed)
        self.watch_store()
        self.run_worker(
            _check_big_store(shop),
            thread=True,
            group="check",
            exit_on_error=False,
            description="checking the file",
        )

    def take_settings(self) -> None:
        """The shop's settings hold from now on, in the frame and on every screen."""
        settings = self.shop.settings
        self.wording = Wording(self.shop.currency, settings.locale, self.shop.zone)
        self.speak(self.station.language or settings.locale)
        self._take_scanner()
        self.show_in_frame(shop_name=settings.name, locale=settings.locale, zone=self.shop.zone)
        self.forget_screens()

    def take_station(self, station: Station) -> None:
        """The settings of this computer hold from now on."""
        before = self.station
        super().take_station(station)
        self._take_scanner()
        if station.language != before.language:
            self.speak(station.language or ("" if self._shop is None else self._shop.settings.locale))
            self.forget_screens()

    def _take_scanner(self) -> None:
        prefix = self.station.scan_prefix or ("" if self._shop is None else self._shop.settings.scan_prefix)
        self.scan_settings = ScanSettings(
            prefix=prefix, gap_ms=self.station.scan_gap_ms, keyboard=self.station.keyboard
        )

    def forget_screens(self) -> None:
        """Screens that nobody looks at are made anew when they are: their words have changed."""
        for mode, stack in list(self._screen_stacks.items()):
            # Not one with a form over it, nor one at work.
            if mode != self.current_mode and len(stack) == 1 and getattr(stack[0], "job", None) is None:
                made = self._modes[mode]
                self.remove_mode(mode)
                self.add_mode(mode, made)

    def day_read(self, day: Day) -> None:
        """What needs somebody is known anew."""
        self.desk.shown.day = day
        self.counter_changed()

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
        """Another screen."""
        if self.screen.has_class("--textual-command-palette"):
            # There can only be one: it must not be left behind, out of sight.
            self.workers.cancel_node(self.screen)
            self.pop_screen()
        if mode != self.current_mode:
            self.switch_mode(mode)

    def action_help(self) -> None:
        """Every key of the screen that is shown."""
        from stockshop.ui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))

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
            self.say("Finishing what is being written …")
        await self.desk.finished()
        self.exit()

    async def _quit_offline(self) -> None:
        from stockshop.ui.screens.dialogs import Confirm

        many = self.desk.waiting
        question = Confirm(
            f"{many} {'entry is' if many == 1 else 'entries are'} not written yet, and the store does not "
            "answer. Close and forget them?",
            title="No connection",
            yes="Close",
            no="Wait",
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
        from stockshop.services.shop import check_big_store

        check_big_store(shop)

    return check


def run(url: str, actor: str, *, station_file: Path | None = None, may_begin: bool = False) -> int:
    """Open the app on the shop at a path or URL and answer its exit code when it has been closed.

    With `may_begin`, a shop that is not there yet is made with the person's help. Raises what
    `open_shop` raises, with the terminal as it was before.
    """
    if "://" not in url:
        url = str(Path(url).expanduser())
        if not may_begin and not Path(url).exists():
            raise NotFound(
                f"There is no shop at {url}. Make one with 'stockshop new', or try 'stockshop demo'."
            )
    # What is made while the app starts stays until it ends: nothing of it is garbage to look for.
    gc.disable()
    app = StockshopApp(url, actor, station_file=station_file, may_begin=may_begin)
    try:
        app.run()
    finally:
        gc.enable()
        app.close_shop()
    if app.failure is not None:
        raise app.failure
    return app.return_code or 0
