"""A real terminal for tests: the program runs in a pseudo-terminal, pyte is the screen.

Nothing sleeps: every wait reads what the program writes, until something is on the screen or a
deadline has passed.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

import pyte

PATIENCE_S = 20.0
# pyte prints the ends of private sequences it does not know.
_UNKNOWN = re.compile(rb"\x1b\[[<>=][0-9;:]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p|\x1bP[^\x1b]*\x1b\\")


class Terminal:
    """Runs `python -m MODULE ARGS` on a screen of `columns` by `rows`."""

    def __init__(self, module: str, *args: str, columns: int = 100, rows: int = 30) -> None:
        self.screen: Any = pyte.Screen(columns, rows)
        self._stream: Any = pyte.ByteStream(self.screen)
        self.written = b""
        """Every byte the program has sent to the terminal."""
        self.pid, self._fd = pty.fork()
        if self.pid == 0:  # pragma: no cover - the child becomes the program
            os.chdir(Path(__file__).resolve().parents[2])
            environment = {
                # A runner's own idea of the screen's size must not reach the app.
                **{name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")},
                "TERM": "xterm-256color",
                "COLORTERM": "truecolor",
                "LC_ALL": "C.UTF-8",
            }
            os.execve(sys.executable, [sys.executable, "-m", module, *args], environment)
        self._size(columns, rows)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._fd)

    def _size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, columns: int, rows: int) -> None:
        """Pull the window to another size."""
        self.screen.resize(rows, columns)
        self._size(columns, rows)

    def send(self, data: bytes) -> None:
        """Bytes as the keyboard, the scanner or the mouse would send them, in one write."""
        os.write(self._fd, data)

    @property
    def text(self) -> str:
        """The screen as it stands."""
        return "\n".join(self.screen.display)

    def read(self, seconds: float, done: Callable[[], bool] = lambda: False) -> bool:
        """Take in what the program writes for that long, or until `done`."""
        end = time.monotonic() + seconds
        while not done():
            left = end - time.monotonic()
            if left <= 0:
                return False
            if select.select([self._fd], [], [], left)[0]:
                try:
                    data = os.read(self._fd, 65_536)
                except OSError:
                    return done()
                if not data:
                    return done()
                self.written += data
                self._stream.feed(_UNKNOWN.sub(b"", data))
        return True

    def until(self, *texts: str) -> None:
        """Wait until all of these are on the screen; fails with the screen if they never are."""
        __tracebackhide__ = True
        if not self.read(PATIENCE_S, lambda: all(text in self.text for text in texts)):
            raise AssertionError(f"never saw {texts} on the screen:\n{self.text}")

    def type(self, text: str, *, gap_s: float = 0.1) -> None:
        """As a person: one key at a time, the screen read in between."""
        for char in text:
            self.send(char.encode())
            self.read(gap_s)
