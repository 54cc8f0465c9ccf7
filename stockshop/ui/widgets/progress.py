"""Work that lasts: how far it is, what remains, and how it is stopped."""

from __future__ import annotations

from time import monotonic

from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget

from stockshop.language import tr
from stockshop.ui.safe import fit

_EVERY_S = 0.1
_SURE_AFTER_S = 1.5
"""Before that nobody knows how long it takes."""


class Job:
    """One piece of work in a thread; it writes how far it is here, and looks whether to stop."""

    def __init__(self, words: str) -> None:
        self.words = words
        self.done = 0
        self.total = 0
        self.started = monotonic()
        self.is_stopping = False

    def progress(self, done: int, total: int) -> None:
        """Called by the work, in its thread."""
        self.done, self.total = done, total

    def stop(self) -> None:
        """Ask it to stop at the next step."""
        self.is_stopping = True

    def should_stop(self) -> bool:
        """Asked by the work, in its thread."""
        return self.is_stopping

    def remaining_s(self) -> float | None:
        """Seconds left at the present pace; None while that is a guess."""
        gone = monotonic() - self.started
        if not self.done or not self.total or gone < _SURE_AFTER_S:
            return None
        return max(0.0, gone * (self.total - self.done) / self.done)


class ProgressLine(Widget):
    """One line for the job that runs; nothing otherwise."""

    DEFAULT_CSS = """
    ProgressLine { height: 1; padding: 0 2; display: none; }
    ProgressLine.-running { display: block; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self.job: Job | None = None
        self._timer: Timer | None = None

    def follow(self, job: Job | None) -> None:
        """Show this job from now on; None: none."""
        self.job = job
        self.set_class(job is not None, "-running")
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if job is not None:
            self._timer = self.set_interval(_EVERY_S, self.refresh)

    def render(self) -> Content:
        """Words, bar, share, what remains, and the key that stops it."""
        job = self.job
        if job is None:
            return Content("")
        width = self.size.width
        share = min(1.0, job.done / job.total) if job.total else 0.0
        left = job.remaining_s()
        rest = f" · {_left(left)}" if left is not None else ""
        many = f" {share:4.0%}{rest}" if job.total else " …"
        tail = "  " + (tr("stopping …") if job.is_stopping else tr("Esc stops it"))
        words = f"{job.words} "
        cells = max(4, min(30, width - len(words) - len(many) - len(tail)))
        full = round(cells * share)
        return Content.assemble(
            (words, "bold"),
            ("━" * full, "$success"),
            ("━" * (cells - full), "$shop-rule"),
            many,
            (fit(tail, max(0, width - len(words) - cells - len(many))), "$shop-quiet"),
        )


def _left(seconds: float) -> str:
    if seconds < 90:
        return tr("about {seconds} s left", seconds=max(1, round(seconds)))
    return tr("about {minutes} min left", minutes=round(seconds / 60))
