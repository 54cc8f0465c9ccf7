"""A program in a pseudo-terminal, watched by the bytes it writes: when was this on the screen?

No terminal is emulated, because that would cost more than what is measured. Texts that are waited
for are painted in one piece (a SKU, a shop's name), so their bytes stand together.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType

PATIENCE_S = 30.0
CAN_WATCH = os.name == "posix"
"""Whether this system has pseudo-terminals."""
_HOUSE = Path(__file__).resolve().parents[2]


class Watched:
    """Runs `python -m MODULE ARGS` on a screen of `columns` by `rows`; times are of `perf_counter`."""

    def __init__(
        self,
        module: str,
        *args: str,
        columns: int = 100,
        rows: int = 30,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        import pty
        import termios

        self.columns, self.rows = columns, rows
        self._fd, theirs = pty.openpty()
        termios.tcsetwinsize(theirs, (rows, columns))
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *args],
            cwd=_HOUSE,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            env={
                # A runner's own idea of the screen's size must not reach the app.
                **{name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")},
                "TERM": "xterm-256color",
                "COLORTERM": "truecolor",
                "LC_ALL": "C.UTF-8",
                **(environment or {}),
            },
        )
        os.close(theirs)
        self.seen = b""
        """What was written since `forget`."""

    def __enter__(self) -> Watched:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        if self._fd >= 0:
            os.close(self._fd)

    def kill(self) -> None:
        """As when the plug is pulled."""
        self._process.kill()
        self._process.wait()

    def hang_up(self) -> None:
        """The terminal is gone, and tells nobody."""
        os.close(self._fd)
        self._fd = -1

    def ended_within(self, seconds: float) -> bool:
        """Whether the program ends by itself in that time."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    @property
    def pid(self) -> int:
        """Of the program."""
        return self._process.pid

    def forget(self) -> None:
        """From now on only what comes is looked at."""
        self.seen = b""

    def send(self, data: bytes) -> float:
        """Bytes as a keyboard or a scanner sends them, in one write; answers when."""
        at = time.perf_counter()
        os.write(self._fd, data)
        return at

    def scan(self, code: str, gap_s: float = 0.02) -> float:
        """As a scanner types, Enter last; answers when Enter was sent."""
        self.send(code.encode())
        self.read(gap_s)
        return self.send(b"\r")

    def read(self, seconds: float, wanted: bytes = b"") -> bool:
        """Take in what is written for that long, or until `wanted` has come (then True)."""
        end = time.perf_counter() + seconds
        while not (wanted and wanted in self.seen):
            left = end - time.perf_counter()
            if left <= 0:
                return False
            if select.select([self._fd], [], [], left)[0]:
                try:
                    data = os.read(self._fd, 65_536)
                except OSError:
                    data = b""
                if not data:
                    return bool(wanted) and wanted in self.seen
                self.seen += data
        return True

    def read_some(self, seconds: float) -> bool:
        """Take in the next piece that is written; False when none has come for so long."""
        if not select.select([self._fd], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._fd, 65_536)
        except OSError:
            return False
        self.seen += data
        return bool(data)

    def until(self, text: str) -> float:
        """Wait until this has been written since `forget`; answers when. Fails with what was seen."""
        if not self.read(PATIENCE_S, text.encode()):
            raise AssertionError(f"never saw {text!r}; the last that came was {self.seen[-2_000:]!r}")
        return time.perf_counter()

    def until_quiet(self, seconds: float = 0.06) -> None:
        """Wait until nothing has been written for that long; a cursor may blink twice a second."""
        assert seconds < 0.4, "the blinking would never let it be quiet"
        while True:
            before = len(self.seen)
            self.read(seconds)
            if len(self.seen) == before:
                return

    @property
    def kept_waiting_ms(self) -> float:
        """How long its main thread was ready while other programs had the processor (Linux; else 0)."""
        with suppress(OSError):
            told = Path(f"/proc/{self.pid}/task/{self.pid}/schedstat").read_text(encoding="ascii")
            return int(told.split()[1]) / 1e6
        return 0.0

    @property
    def has_children(self) -> bool:
        """Whether it runs another process at the moment (Linux; elsewhere never)."""
        lists = Path(f"/proc/{self.pid}/task").glob("*/children")
        with suppress(OSError):
            return any(path.read_text(encoding="ascii").strip() for path in lists)
        return False

    @property
    def memory_mb(self) -> float | None:
        """What it holds of the computer's memory now (resident); None where the system does not tell."""
        try:
            lines = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii").splitlines()
        except OSError:
            return None
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))
