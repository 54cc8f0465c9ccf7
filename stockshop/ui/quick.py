"""What Textual does more slowly than a key can wait for."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from textual.app import App
from textual.screen import Screen

if TYPE_CHECKING:
    from textual.driver import Driver
    from textual.geometry import Size

ResultT = TypeVar("ResultT")
SETTLE_S = 0.005
"""Another screen is painted this long after it was chosen; Textual waits ten times as long."""


SWITCH_S = 0.0005
"""A thread that reckons gives way to a key after so long; Python lets it go on ten times as long."""
_POLITENESS = 10


def keys_first() -> None:
    """Threads that read the store give way at once when a key has come."""
    sys.setswitchinterval(SWITCH_S)


def stand_back() -> None:
    """The calling thread has the processor when nothing else wants it (Linux; elsewhere as before)."""
    if sys.platform == "linux":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _POLITENESS)


class QuickApp(App[None]):
    """An app whose keys are answered within 50 ms, and that ends with its terminal."""

    def get_driver_class(self) -> type[Driver]:
        """On Unix a driver that reads Esc at once and notices the end of the terminal."""
        chosen = super().get_driver_class()
        if sys.platform != "win32":
            from textual.drivers.linux_driver import LinuxDriver

            if chosen is LinuxDriver:
                from stockshop.ui.terminal_driver import ShopDriver

                return ShopDriver
        return chosen

    def delay_update(self, delay: float = SETTLE_S) -> None:
        """Paint nothing for a moment, while one screen gives way to another."""
        super().delay_update(min(delay, SETTLE_S))

    async def terminal_lost(self) -> None:
        """Nobody sees or types anything any more."""
        self.exit(return_code=1)


class FittingScreen(Screen[ResultT]):
    """A screen that knows one size only: the window's.

    Each screen that lies under another is laid out again for every size it hears of, and hears of that
    one again by it: two sizes of a window that is being pulled would chase one another for good.
    """

    def _screen_resized(self, size: Size) -> None:
        if size == self.app.size:
            super()._screen_resized(size)


class QuickScreen(FittingScreen[None]):
    """A screen that is not rendered while nothing of it may be painted."""

    def _compositor_refresh(self) -> None:
        if not self.app._batch_count:
            super()._compositor_refresh()
