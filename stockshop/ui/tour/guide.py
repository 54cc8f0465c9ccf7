"""Leads through the commonest jobs: says the next, notices by itself when it was done, blocks no key.

It looks at what the app shows a few times a second, and at the newest entries whenever the app has
read the day; the shop is asked once for something to do the jobs with.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from textual.screen import Screen
from textual.timer import Timer

from stockshop.errors import ShopError
from stockshop.language import tr
from stockshop.ui.base import ShopScreen
from stockshop.ui.topics import keys_for
from stockshop.ui.tour.panel import TourPanel
from stockshop.ui.tour.steps import STEPS, Goods, Seen

if TYPE_CHECKING:
    from stockshop.ui.app import StockshopApp

EVERY_S = 0.25
ANY_GOODS = Goods("SKU", "12*SKU", "A-01", "A-02")


class Guide:
    """The tour of one app."""

    def __init__(self, app: StockshopApp) -> None:
        self.app = app
        self.step = 0
        """Which of STEPS is to be done; their number when all are."""
        self.is_shown = False
        self.goods = ANY_GOODS
        self._timer: Timer | None = None
        self._after_entry = 0
        self._view: object = None
        self._written: dict[str, Path] = {}
        self._is_fresh = False
        """Whether what was there before the step is known."""

    # -- beginning and leaving -----------------------------------------------------------------------

    def begin(self) -> None:
        """From the first job on."""
        self.step = 0
        self._resume()

    def turn(self) -> None:
        """Leave it, or take it up where it was left; when it is through, begin anew."""
        if self.is_shown:
            self.leave()
        elif self.step >= len(STEPS):
            self.begin()
        else:
            self._resume()

    def leave(self) -> None:
        """Not now."""
        self.is_shown = False
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        for screen in self._screens():
            for panel in screen.query(TourPanel):
                panel.remove()

    def skip(self) -> None:
        """On to the next job."""
        if not self.is_shown:
            self._resume()
        self._next()

    def _resume(self) -> None:
        self.is_shown = True
        if self._timer is None:
            self._timer = self.app.set_interval(EVERY_S, self.look)
        if self.goods is ANY_GOODS:
            self.app.run_worker(self._find_goods(), group="tour", exit_on_error=False,
                                description=tr("preparing the tour"))  # fmt: skip
        self._begin_step()

    async def _find_goods(self) -> None:
        from stockshop.services import touring

        shop = self.app.shop
        try:
            found = await self.app.in_store(lambda: touring.something_to_try(shop))
        except ShopError:
            # It only makes the examples less telling.
            return
        if found is not None:
            self.goods = Goods(found.sku, found.case_code or f"12*{found.sku}", found.other_bin, found.bin)
            self._paint()

    # -- looking -------------------------------------------------------------------------------------

    def _begin_step(self) -> None:
        day = self.app.desk.shown.day
        self._is_fresh = day is not None
        self._after_entry = max((entry.entry_id for entry in day.entries), default=0) if day else 0
        self._view = self.app.desk.shown.view
        self._written = self._papers()
        self._paint()

    def look(self) -> None:
        """See whether the job is done; called whenever something may have changed."""
        if not self.is_shown or not self.app._has_screen():
            # The last look may come when the app is closing already.
            return
        if self.step < len(STEPS):
            if not self._is_fresh:
                self._begin_step()
            elif STEPS[self.step].is_done(self.seen()):
                self._next()
                return
        self._paint()

    def seen(self) -> Seen:
        """What has been done since the job was begun."""
        from stockshop.ui.counter.views import ShowProduct
        from stockshop.ui.products.history import HistoryScreen

        shown = self.app.desk.shown
        entries = shown.day.entries if shown.day is not None else ()
        view = shown.view
        return Seen(
            entries=[entry for entry in entries if entry.entry_id > self._after_entry],
            product_shown=isinstance(view, ShowProduct) and view is not self._view,
            ledger_shown=any(isinstance(screen, HistoryScreen) for screen in self.app.screen_stack),
            written={
                name: path for name, path in self._papers().items() if path is not self._written.get(name)
            },
        )

    def _papers(self) -> dict[str, Path]:
        found = {}
        for screen in self._screens():
            path = getattr(screen, "written", None)
            if isinstance(path, Path):
                found[type(screen).__name__] = path
        # What is shown now goes before what lies behind it.
        for screen in self.app.screen_stack:
            path = getattr(screen, "written", None)
            if isinstance(path, Path):
                found[type(screen).__name__] = path
        return found

    def _screens(self) -> list[Screen[object]]:
        return [screen for stack in self.app._screen_stacks.values() for screen in stack]

    def _next(self) -> None:
        self.step = min(self.step + 1, len(STEPS))
        if self.step < len(STEPS):
            self._begin_step()
        else:
            self.app.bell()
            self._paint()

    # -- showing -------------------------------------------------------------------------------------

    def words(self) -> tuple[str, str]:
        """(where in the tour, what to do), in the language that is spoken."""
        if self.step >= len(STEPS):
            return tr("Tour · all ten done"), tr(
                "You know the ten commonest jobs now. {help} shows every key, {tour} closes this.",
                **self._values(),
            )
        step = STEPS[self.step]
        head = tr(
            "Tour {number} of {count} · {job}", number=self.step + 1, count=len(STEPS), job=tr(step.title)
        )
        return head, tr(step.todo, **self._values())

    def _values(self) -> dict[str, str]:
        return {**keys_for(self.app.station.keys), **self.goods._asdict()}

    def _paint(self) -> None:
        screen = self.app.screen
        if not self.is_shown or not isinstance(screen, ShopScreen) or not screen.is_mounted:
            return
        said = (*self.words(), tr("{tour} leaves it", **self._values()))
        for panel in screen.query(TourPanel):
            panel.tell(*said)
            return
        panel = TourPanel()
        panel.tell(*said)
        screen.mount(panel, before="KeyLine")
