"""The app's side of the store: one thread that asks it, a connection that may be lost, what it tells.

A lost connection is a state of the app: it is said in the top line, writes wait or are refused, and
it ends by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import ExitStack, suppress
from time import perf_counter
from typing import TYPE_CHECKING, TypeVar

from textual.message import Message
from textual.worker import get_current_worker

from stockshop import clock
from stockshop.errors import ShopError, StoreLocked, StoreUnavailable
from stockshop.language import tr, trn
from stockshop.ui.base import Frame, ShopApp
from stockshop.ui.widgets.frame import LastScan
from stockshop.ui.wording import Wording

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

    from stockshop.services.counter import Day
    from stockshop.services.pulse import Pulse
    from stockshop.services.shop import Shop

Answer = TypeVar("Answer")
PALETTE_ID = "--command-palette"
PATIENCE_S = 60.0
"""How long a form's write waits while another program is writing."""
BUSY_AFTER_S = 0.7
"""A write that waits longer for another program's is told as waiting."""
LOOK_EVERY_S = 1.5
"""How often it is asked whether another till has written."""
HOLD_S = 0.05
"""How long a paint may be put off, so that one paint shows a scan and its answer."""


class StockChanged(Message):
    """Something was posted or changed; told to the screen that is shown, which may read again."""


class StoreApp(ShopApp):
    """The frame on a shop: subclasses open it and say what its day looks like."""

    def __init__(self, shop: Shop | None, *, look: str) -> None:
        super().__init__(look=look, frame=Frame())
        self.retry_s = 2.0
        """How often a lost connection is tried again."""
        self.wording = Wording()
        self.is_offline = False
        self._shop = shop
        self._clerk: ThreadPoolExecutor | None = None
        """One thread, so that what is asked of the store is done in the order it was asked."""
        self._is_open = asyncio.Event()
        self._back = asyncio.Event()
        self._alerts: tuple[str, ...] = ()
        self._is_reading_day = False
        self._day_is_stale = False
        self.is_busy = False
        """Whether writes wait for another program's: they are kept, and written in their order."""
        self._pulse: Pulse | None = None
        self._held: ExitStack | None = None

    @property
    def shop(self) -> Shop:
        """The open shop. Raises StoreUnavailable before it is open."""
        if self._shop is None:
            raise StoreUnavailable(tr("The shop is not open yet; try again in a moment."))
        return self._shop

    def day_read(self, day: Day) -> None:
        """What needs somebody is known anew."""

    # -- the palette -------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing is laid over the palette: it names its own keys, and one below another cannot be seen."""
        if self._has_screen() and self.screen.id == PALETTE_ID:
            # It cannot be left before it stands either.
            refused = ("help",) if self.screen.is_mounted else ("help", "go")
            if action in refused:
                return False
        return super().check_action(action, parameters)

    def action_command_palette(self) -> None:
        """Find; while one is still closing, another cannot open."""
        if any(screen.id == PALETTE_ID for screen in self.children):
            self.bell()
        elif self._has_screen() and self.screen.id != PALETTE_ID:
            from stockshop.ui.commands import Palette

            self.push_screen(Palette(id=PALETTE_ID))

    # -- the store ---------------------------------------------------------------------------------

    async def until_open(self) -> None:
        """Scans that come early wait here."""
        await self._is_open.wait()

    async def in_store(self, work: Callable[[], Answer]) -> Answer:
        """Do this with the store, after everything asked before; the screen goes on meanwhile.

        `work` must be harmless to repeat (a write has its own id): when the connection is lost, it
        is done again once the store answers; while another program writes (an import does for some
        seconds), it waits for its turn. Raises ShopError; StoreUnavailable when the store answers
        and still refuses.
        """
        await self.until_open()
        for _ in range(2):
            try:
                return await self._in_turn(work)
            except StoreUnavailable as error:
                self._connection_lost(error)
                await self._back.wait()
        return await self._in_turn(work)

    async def _in_turn(self, work: Callable[[], Answer]) -> Answer:
        loop = asyncio.get_running_loop()
        try:
            while True:
                asked = loop.run_in_executor(self._clerk, work)
                try:
                    await asyncio.wait((asked,), timeout=BUSY_AFTER_S)
                    if not asked.done():
                        self._show_busy(True)
                    return await asked
                except StoreLocked:
                    self._show_busy(True)
                    await asyncio.sleep(self.retry_s)
        finally:
            self._show_busy(False)

    def _show_busy(self, is_busy: bool) -> None:
        if self.is_busy != is_busy:
            self.is_busy = is_busy
            self._show_alerts()

    def watch_store(self) -> None:
        """From now on another till's writes are seen as well."""
        from stockshop.services.pulse import be_patient

        be_patient(self.shop, PATIENCE_S)
        self.set_interval(LOOK_EVERY_S, self._look_for_others)

    def _look_for_others(self) -> None:
        if not (self.is_offline or self.is_busy or self._is_reading_day):
            self.run_worker(self._look_whether_changed(), group="others", exclusive=True, exit_on_error=False)

    async def _look_whether_changed(self) -> None:
        from stockshop.services.pulse import pulse

        shop, before = self.shop, self._pulse
        try:
            now = await asyncio.get_running_loop().run_in_executor(self._clerk, pulse, shop)
        except StoreUnavailable as error:
            # Told as what it is before somebody scans, whatever screen is shown.
            self._connection_lost(error)
        except ShopError:
            return
        else:
            if before is not None and before == self._pulse and now != before:
                self.stock_changed()

    def _connection_lost(self, error: ShopError) -> None:
        if self.is_offline:
            return
        self.is_offline = True
        self._back.clear()
        self.bell()
        self._show_alerts()
        self.note_scan(error.message, good=False)
        self.set_timer(self.retry_s, self._try_again)

    def _try_again(self) -> None:
        self.run_worker(self._look_for_store(), group="connection", exit_on_error=False)

    async def _look_for_store(self) -> None:
        from stockshop.services import counter

        shop = self.shop
        try:
            # Not the clerk's thread: it may be waiting for the server itself.
            await asyncio.to_thread(counter.check_connection, shop)
        except (StoreUnavailable, StoreLocked):
            self.set_timer(self.retry_s, self._try_again)
            return
        except ShopError:
            # It answers, if only with bad news: what has been waiting will hear it.
            pass
        self.is_offline = False
        self._back.set()
        self._show_alerts()
        self.note_scan(tr("the connection is back"))
        self.stock_changed()

    # -- when it is painted --------------------------------------------------------------------------

    def hold_paint(self) -> None:
        """Paint nothing until `release_paint`, for a moment at the most."""
        if self._held is None:
            self._held = ExitStack()
            self._held.enter_context(self.batch_update())
            self.set_timer(HOLD_S, self.release_paint)

    def release_paint(self) -> None:
        """What has been held back may be painted now."""
        if self._held is not None:
            held, self._held = self._held, None
            # Behind what the widgets have to say about their changes.
            self.screen.call_later(held.close)

    async def painted(self) -> None:
        """Wait until the screen shows what was changed last, for a moment at the most."""
        shown = asyncio.Event()
        self.screen.call_after_refresh(shown.set)
        with suppress(TimeoutError):
            await asyncio.wait_for(shown.wait(), HOLD_S)

    # -- what the frame says -----------------------------------------------------------------------

    def _show_alerts(self) -> None:
        if self.is_busy and not self.is_offline:
            self.show_in_frame(alerts=(tr("the store is busy – nothing is lost, it is written next"),))
            return
        lost = (tr("no connection – trying again"),) if self.is_offline else ()
        self.show_in_frame(alerts=lost or self._alerts)

    def note_scan(self, text: str, *, good: bool = True) -> None:
        """What the last scan was and did, on every screen."""
        self.show_in_frame(last_scan=LastScan(text, good=good, time=self.wording.time(clock.now_us())))

    def stock_changed(self) -> None:
        """Call after every write: alerts and totals are read again, and the screen is told."""
        if self._shop is None or self.is_offline:
            return
        if self._is_reading_day:
            self._day_is_stale = True
            return
        self._is_reading_day = True
        self.run_worker(
            self._read_day, thread=True, group="day", exit_on_error=False, description=tr("reading the day")
        )

    def _read_day(self) -> None:
        from stockshop.services import counter
        from stockshop.services.pulse import pulse

        worker = get_current_worker()
        started = perf_counter()
        day: Day | ShopError
        try:
            self._pulse = pulse(self.shop)
            day = counter.day(self.shop)
        except ShopError as error:
            day = error
        if not worker.is_cancelled:
            self.call_from_thread(self._day_read, day, perf_counter() - started)

    def _day_read(self, day: Day | ShopError, took_s: float) -> None:
        self._is_reading_day = False
        if isinstance(day, StoreLocked):
            self.set_timer(self.retry_s, self.stock_changed)
            return
        if isinstance(day, StoreUnavailable):
            self._connection_lost(day)
            return
        if isinstance(day, ShopError):
            self.show_error(day)
            return
        attention = day.attention
        number = self.wording.whole
        self._alerts = tuple(
            words
            for count, words in (
                (attention.low, tr("{count} low", count=number(attention.low))),
                (attention.below_zero, tr("{count} below zero", count=number(attention.below_zero))),
                (attention.unknown_scans, _scans(attention.unknown_scans, number)),
            )
            if count
        )
        self._show_alerts()
        self.day_read(day)
        self.screen.post_message(StockChanged())
        if self._day_is_stale:
            self._day_is_stale = False
            # A large shop takes a while to look through: not again and again behind every scan.
            if took_s < 0.05:
                self.stock_changed()
            else:
                self.set_timer(min(30.0, 20 * took_s), self.stock_changed)


def _scans(many: int, number: Callable[[int], str]) -> str:
    return trn("{count} unknown scan", "{count} unknown scans", many, count=number(many))
