"""Whether the terminal is still there.

A window that is closed tells its programs so (SIGHUP), but not every one does: a terminal that is
killed, or a connection that breaks, leaves a program behind that reads an endless end of input.
"""

from __future__ import annotations

import os
import select
import sys
import threading

LOOK_EVERY_S = 1.0
_GRACE_S = 10.0


def is_gone() -> bool:
    """Whether nobody is at the other end of standard input any more (Unix; elsewhere never)."""
    stdin = sys.__stdin__
    if stdin is None or stdin.closed or not hasattr(select, "poll"):
        return False
    try:
        poll = select.poll()
        poll.register(stdin.fileno(), 0)
        return any(event & (select.POLLHUP | select.POLLERR | select.POLLNVAL) for _, event in poll.poll(0))
    except (OSError, ValueError):
        return False


def end_anyway(after_s: float = _GRACE_S) -> None:
    """End this program after a while even if something of it hangs on the terminal that is gone."""
    timer = threading.Timer(after_s, os._exit, (1,))
    timer.daemon = True
    timer.start()
