"""Products offered while somebody types on the scan line: read in a thread, the newest wins.

A scanner types the first characters of a code into the same line. Nothing is asked until the keys
have paused for longer than a scanner's do, and nothing while a code may still be on its way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.timer import Timer

from stockshop.errors import ShopError
from stockshop.ui.counter.views import Suggested
from stockshop.ui.scanning import split_multiplier

if TYPE_CHECKING:
    from stockshop.services.suggesting import Offer
    from stockshop.ui.app import StockshopApp

PAUSE_S = 0.1
SHORTEST = 2
MOST = 12


class Suggesting:
    """What is typed now, and what is offered for it."""

    def __init__(self, app: StockshopApp, show: Callable[[Suggested | None], None]) -> None:
        self.app = app
        self._show = show
        self._wanted = ""
        self._timer: Timer | None = None
        self._is_reading = False

    @property
    def is_looking(self) -> bool:
        """Whether what fits the words is still to come."""
        return bool(self._wanted) and (self._timer is not None or self._is_reading)

    def typed(self, text: str) -> None:
        """The line holds this now."""
        words = split_multiplier(text)[1].strip()
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if len(words) < SHORTEST:
            self._wanted = ""
            self._show(None)
            return
        self._wanted = words
        self._timer = self.app.set_timer(PAUSE_S, self._pause_came)

    def stop(self) -> None:
        """Nothing is typed any more: something was scanned or chosen."""
        self.typed("")

    def _pause_came(self) -> None:
        self._timer = None
        if self._wanted and not self._is_reading and not self.app.is_offline:
            self._read()

    def _read(self) -> None:
        self._is_reading = True
        wanted = self._wanted
        found: list[tuple[Offer, ...]] = []

        def work() -> None:
            from stockshop.services import suggesting

            try:
                found.append(suggesting.suggest(self.app.shop, wanted, MOST))
            except ShopError:
                # Without the store nothing is offered; the top line says what is wrong.
                pass
            finally:
                self.app.call_later(self._have_read, wanted, found)

        self.app.run_worker(
            work, thread=True, group="suggesting", exit_on_error=False, description="looking for a name"
        )

    def _have_read(self, wanted: str, found: list[tuple[Offer, ...]]) -> None:
        self._is_reading = False
        if wanted == self._wanted:
            # So little need not have been looked for everywhere: then nothing is said of it.
            is_told = bool(found) and (bool(found[0]) or len(wanted) > SHORTEST)
            self._show(Suggested(found[0]) if is_told else None)
        elif self._wanted and self._timer is None:
            self._read()
