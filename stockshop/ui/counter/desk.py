"""The counter's desk: takes scans one after another and carries each through to the end.

Scans come faster than a store writes. They wait here in order, each with the mode it was scanned in,
the instant and the id its entry will have, so that a repetition after a lost connection posts
nothing twice. Nothing is said to be done before the store has it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from stockshop.errors import Refused, ShopError, StoreUnavailable
from stockshop.language import mark, tr
from stockshop.ui.counter.moving import Moving
from stockshop.ui.counter.phrases import facts
from stockshop.ui.counter.scanned import Scanned, Undoable
from stockshop.ui.counter.views import (
    Asking,
    Home,
    Mode,
    ShowBin,
    Shown,
    ShowProduct,
    Told,
    answered_by,
)

if TYPE_CHECKING:
    from stockshop.services.counter import ProductCard
    from stockshop.services.locations import Place
    from stockshop.services.scanning import Scan
    from stockshop.ui.app import StockshopApp

Job = Callable[[], Awaitable[None]]
MOVEMENTS = 24
"""So many movements of a product are shown where there is room."""
_IN = mark("in {bin}   (Esc: no bin)")
_WHERE = {Mode.RECEIVE: mark("into {bin}   (Esc: no bin)"), Mode.SELL: mark("out of {bin}   (Esc: no bin)")}


class Desk:
    """The state of the counter, and the queue before it."""

    def __init__(self, app: StockshopApp) -> None:
        self.app = app
        self.shown = Shown()
        self.target: Place | None = None
        """The bin that was scanned before: where things go to, or come from."""
        self.moving = Moving()
        self._queue: deque[Job] = deque()
        self._last_mode: Mode | None = None
        self._trembled: list[Scanned] = []
        self._is_running = False
        self._idle = asyncio.Event()
        self._idle.set()
        self.undoable: list[Undoable] = []
        """Entries of this station since the start, the newest last."""
        self.next_cost_e4: int | None = None
        """What one of the next receipt costs, when it has been said before."""
        self._answers: dict[str, Callable[[], None]] = {}
        self._is_fresh = False
        """Whether the card was read after all that is written by now."""
        self._read_card: ProductCard | None = None
        """What was read together with a scan that only looks, until it is shown."""

    # -- what comes in (called on the screen's side) -------------------------------------------

    @property
    def waiting(self) -> int:
        """Scans and undoings that are not done yet."""
        return len(self._queue)

    def take(self, scanned: Scanned, *, repeats: int = 0) -> None:
        """A scan: at the end of the queue. `repeats`: how often it came just before, too soon to be meant."""
        self.leave_question()
        if self.app.is_offline:
            self._refuse_offline(
                tr("{code} was not taken; scan it again when it is back.", code=scanned.code)
            )
            return
        # The same code in another mode is meant: looked up, then sold.
        trembled = repeats > 0 and scanned.mode is self._last_mode is not Mode.LOOK
        self._last_mode = scanned.mode
        if trembled:
            self._trembled = [*self._trembled[: repeats - 1], scanned]
            self._ask_how_often(self._trembled)
            return
        self._trembled = []
        self.put(partial(self.scan_again, scanned))

    def _ask_how_often(self, again: list[Scanned]) -> None:
        """The same code came so quickly that the scanner may have trembled."""

        def take_all() -> None:
            for scanned in again:
                self.put(partial(self.scan_again, scanned))

        self.app.bell()
        said = tr("The same code came twice within half a second; it was taken once.")
        how = tr("take it twice")
        if len(again) > 1:
            said = tr(
                "The same code came {count} times very quickly; it was taken once.", count=len(again) + 1
            )
            how = tr("take it {count} times", count=len(again) + 1)
        self.ask(said, ("o", tr("once is right"), None), ("t", how, take_all))

    def undo(self) -> None:
        """Undo this station's last entry that is not undone yet."""
        from stockshop.ids import new_id
        from stockshop.ui.counter import undoing

        self.leave_question()
        if self.app.is_offline:
            self._refuse_offline(tr("Nothing was undone; try again when it is back."))
            return
        self.put(partial(undoing.undo, self, new_id()))

    def say_cost(self) -> None:
        """Ask what one costs of what came in last, or comes in next."""
        from stockshop.ui.counter import costs

        self.leave_question()
        self.put(partial(costs.ask_cost, self))

    def _refuse_offline(self, text: str) -> None:
        self.refuse(StoreUnavailable(text, title=tr("No connection")))

    def set_mode(self, mode: Mode) -> None:
        """What the next scans do."""
        if mode is not self.shown.mode:
            self._forget()
            self.leave_question()
            self.shown.told = None
            self.shown.mode = mode
        self.show()

    def clear(self) -> bool:
        """Step back: the question, then what was begun, then the view. False when there was nothing."""
        if self.shown.asking is not None:
            self.leave_question()
        elif self.target is not None or self.moving.is_begun or self.next_cost_e4 is not None:
            self._forget()
            self.shown.told = None
        elif not isinstance(self.shown.view, Home) or self.shown.told is not None:
            self.shown.view = Home()
            self.shown.told = None
        else:
            return False
        self.show()
        return True

    def _forget(self) -> None:
        """What was said for the scans to come."""
        self.target = None
        self.next_cost_e4 = None
        self.moving.clear()

    def answer(self, name: str) -> None:
        """The question was answered."""
        chosen = self._answers.get(name)
        self.leave_question()
        if chosen is not None:
            chosen()

    def leave_question(self) -> None:
        """Nobody answers: nothing more is done."""
        if self.shown.asking is not None:
            self.shown.asking = None
            self._answers = {}
            self.show()

    # -- the queue ------------------------------------------------------------------------------

    def put(self, job: Job) -> None:
        """Do it when everything before it is done."""
        self._queue.append(job)
        if self._is_running:
            self.show()
        else:
            self._is_running = True
            # A paint of the question would make the answer's wait for the next frame.
            self.app.hold_paint()
            self._idle.clear()
            # A worker of the app: it outlives whatever screen is shown.
            self.app.run_worker(self._run(), group="desk", exit_on_error=False, description="at the counter")

    async def _run(self) -> None:
        try:
            await self.app.until_open()
            while self._queue:
                await self._do(self._queue[0])
                if not self._queue:
                    await self.app.painted()
                if not self._queue:
                    await self._settle()
        finally:
            self._is_running = False
            self._idle.set()
        self._is_fresh = True
        self.app.stock_changed()

    async def finished(self) -> None:
        """Wait until nothing is left to do."""
        await self._idle.wait()

    async def _do(self, job: Job) -> None:
        try:
            with self.app.told():
                try:
                    await job()
                except ShopError as error:
                    self.refuse(error)
        finally:
            self._queue.popleft()
            self.show()
            self.app.release_paint()

    async def _settle(self) -> None:
        """When nothing waits: what has become of the product on the card."""
        from stockshop.services import counter

        view = self.shown.view
        if isinstance(view, ShowProduct) and view.past is None and not view.hidden:
            shop = self.app.shop
            try:
                past = await self.app.in_store(
                    lambda: counter.product_past(shop, view.card.product_id, MOVEMENTS)
                )
            except ShopError as error:
                self.refuse(error)
                return
            if self.shown.view is view:
                self.shown.view = view._replace(past=past)
                self.show()

    # -- what is shown --------------------------------------------------------------------------

    def show(self) -> None:
        """Everything as it stands now."""
        self.shown.busy = len(self._queue)
        self.shown.status = self._status()
        self.app.counter_changed()

    def _status(self) -> str:
        mode = self.shown.mode
        if mode is Mode.MOVE:
            return self.moving.words(self.app.wording)
        where = cost = ""
        if self.target is not None:
            where = tr(_WHERE.get(mode, _IN), bin=self.target.code)
        if self.next_cost_e4 is not None:
            cost = tr("the next at {cost} each", cost=self.app.wording.cost(self.next_cost_e4))
        return facts(where, cost)

    def tell(self, text: str, *, good: bool = True, title: str = "") -> None:
        """One sentence about the last scan, here and in the frame."""
        self.shown.told = Told(text, good, title)
        self.app.note_scan(f"{title}: {text}" if title else text, good=good)

    def refuse(self, error: ShopError) -> None:
        """Why it was not done, and the bell."""
        self.app.bell()
        self.tell(error.message, good=False, title=error.title)
        self.show()

    def warn(self, text: str) -> None:
        """It was done, but somebody should look."""
        self.app.bell()
        self.tell(text, good=False)

    def ask(self, text: str, *answers: tuple[str, str, Callable[[], None] | None]) -> None:
        """Ask without a window; the next scan means that nobody answered."""
        self._answers = {label: then for _, label, then in answers if then is not None}
        self.shown.asking = Asking(text, answered_by((key, label) for key, label, _ in answers))
        self.show()

    async def show_product(self, product_id: int, *, hidden: bool = False) -> None:
        """Put the product on the card, as it is now."""
        from stockshop.services import counter

        shop = self.app.shop
        card, self._read_card = self._read_card, None
        if card is None or card.product_id != product_id:
            card = await self.app.in_store(lambda: counter.product_card(shop, product_id))
        self.shown.view = ShowProduct(card, hidden=hidden)

    async def show_bin(self, place: Place) -> None:
        """Put a bin's contents on the card."""
        from stockshop.services import counter

        shop = self.app.shop
        self.shown.view = ShowBin(await self.app.in_store(lambda: counter.bin_card(shop, place.id)))

    def look_again(self) -> None:
        """Something was written, perhaps elsewhere: what is on the card may be old."""
        view = self.shown.view
        if self._is_fresh:
            self._is_fresh = False
        elif not self._is_running and isinstance(view, ShowProduct) and not view.hidden:
            self.app.run_worker(
                self._look_again(view), group="card", exclusive=True, exit_on_error=False,
                description=tr("reading the day"),
            )  # fmt: skip

    async def _look_again(self, view: ShowProduct) -> None:
        from stockshop.services import counter

        shop, product_id = self.app.shop, view.card.product_id

        def read() -> ShowProduct:
            past = counter.product_past(shop, product_id, MOVEMENTS)
            return ShowProduct(counter.product_card(shop, product_id), past)

        with suppress(ShopError):
            fresh = await self.app.in_store(read)
            if self.shown.view is view and fresh != view:
                self.shown.view = fresh
                self.show()

    # -- one scan --------------------------------------------------------------------------------

    async def scan_again(self, scanned: Scanned) -> None:
        """Read what it means, and do what its mode says."""
        from stockshop.services import counter, scanning

        shop = self.app.shop

        def read() -> tuple[Scan, ProductCard | None]:
            if scanned.product_id is not None:
                scan = scanning.scan_of(shop, scanned.product_id, scanned.chosen_milli)
            else:
                scan = scanning.read_scan(shop, scanned.text)
            # Only where nothing is written in between: one way to the store and back instead of two.
            if scanned.mode is not Mode.LOOK or scan.product is None or scan.place is not None:
                return scan, None
            return scan, counter.product_card(shop, scan.product.id)

        scan, self._read_card = await self.app.in_store(read)
        await self._act(scanned, scan)

    async def _act(self, scanned: Scanned, scan: Scan) -> None:
        from stockshop.ui.counter import meaning, verbs

        if scan.product is None and scan.place is None:
            await meaning.nothing_known(self, scanned, scan)
            return
        if scan.place is not None:
            await self._take_place(scan.place, scanned.mode)
            return
        if scan.ambiguous and "ambiguous" not in scanned.settled:
            await meaning.ask_which(self, scanned, scan)
            return
        await verbs.VERBS[scanned.mode](self, scanned, scan)
        told = self.shown.told
        if scan.warnings and told is not None and self.shown.asking is None:
            self.warn(f"{told.text}. {' '.join(scan.warnings)}")

    async def _take_place(self, place: Place, mode: Mode) -> None:
        from stockshop.ui.counter import moves

        if place.kind != "bin":
            said = (
                tr("{place} is a site; scan one of its bins.", place=place.code)
                if place.kind == "site"
                else tr("{place} is a zone; scan one of its bins.", place=place.code)
            )
            raise Refused(said, title=tr("Not a bin"))
        if mode is Mode.LOOK:
            await self.show_bin(place)
            self.tell(tr("bin {bin}", bin=place.code))
        elif mode is Mode.MOVE:
            await moves.move_to_or_from(self, place)
        else:
            self.target = place
            self.tell(tr("bin {bin}: now scan a product", bin=place.code))

    def offer_for(self, unknown_id: int, scanned: Scanned) -> None:
        """What can be done about a code nobody knows."""
        from stockshop.ui.counter import meaning

        meaning.offer_for(self, unknown_id, scanned)

    def done(self, undoable: Undoable) -> None:
        """An entry of this station: it can be undone."""
        self.undoable.append(undoable)
