"""What comes from the terminal on Unix: read at once, to the last byte, and not beyond the end.

Textual's own reader looks only ten times a second whether Esc was a key or began a longer sequence,
goes round without end when the terminal has gone without a word, and dies of a byte that is no UTF-8.
"""

from __future__ import annotations

import os
import select
import threading
from codecs import getincrementaldecoder
from typing import Protocol, cast

from textual import constants
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

SEQUENCE_S = 0.025
"""How long the rest of a key's sequence may take: the terminal sends it in one piece."""
_IDLE_S = 0.1
_READ_BYTES = 4_096
_GRACE_S = 10.0


class _CanLose(Protocol):
    def terminal_lost(self) -> object: ...


class ShopDriver(LinuxDriver):
    """Textual's driver with a reader of our own."""

    def run_input_thread(self) -> None:
        """Read keys until the app ends, or the terminal."""
        if not os.environ.get("ESCDELAY"):
            constants.ESCAPE_DELAY = SEQUENCE_S  # type: ignore[misc]
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        is_midway = False
        while not self.exit_event.is_set():
            wait_s = constants.ESCAPE_DELAY if is_midway else _IDLE_S
            is_midway = bool(select.select([self.fileno], [], [], wait_s)[0])
            if is_midway:
                try:
                    data = os.read(self.fileno, _READ_BYTES)
                except OSError:
                    data = b""
                if not data:
                    self._lost()
                    return
                for event in parser.feed(decode(data)):
                    self.process_message(event)
            for event in parser.tick():
                self.process_message(event)

    def _lost(self) -> None:
        """Nobody types or sees anything any more: the app may finish what it writes, and ends."""
        ending = threading.Timer(_GRACE_S, os._exit, (1,))
        ending.daemon = True
        ending.start()
        self._app.call_later(cast(_CanLose, self._app).terminal_lost)
