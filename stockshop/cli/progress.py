"""A line of progress on the standard error, where somebody is looking at it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_BAR = 24

Progress = Callable[[int, int], None]


@contextmanager
def counting(label: str) -> Iterator[Progress | None]:
    """What to tell (done, total) to; None where the standard error is not a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    last = ""

    def tell(done: int, total: int) -> None:
        nonlocal last
        if total > 0:
            share = min(done / total, 1.0)
            filled = int(share * _BAR)
            line = f"{label} [{'#' * filled}{' ' * (_BAR - filled)}] {share:4.0%}"
        else:
            line = f"{label} {done:,}"
        if line != last:
            last = line
            sys.stderr.write(f"\r{line}")
            sys.stderr.flush()

    try:
        yield tell
    finally:
        if last:
            sys.stderr.write("\r" + " " * len(last) + "\r")
            sys.stderr.flush()
