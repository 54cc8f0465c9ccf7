"""The frame round every screen: its top line and the last scan.

Each is one widget that paints one line, because the frame is on screen from the first moment on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from stockshop import clock
from stockshop.language import tr
from stockshop.ui.safe import fit, line, plain

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

# Styles by theme variable: cheaper at start than component classes, each of which is matched on its own.
_ALERT = "$text-warning"
_QUIET = "$shop-quiet"
_GOOD = "$text-success"
_BAD = "bold $text-error"


@dataclass(frozen=True, slots=True)
class LastScan:
    """What the last scan was and did, in words."""

    text: str
    good: bool = True
    """False is shown with a cross and the error colour."""
    time: str = ""


class TopLine(Widget):
    """The shop's name, what needs somebody, and the time."""

    DEFAULT_CSS = """
    TopLine {
        height: 1;
        padding: 0 1;
        color: $foreground;
        background: $panel;
    }
    """

    shop_name: reactive[str] = reactive("")
    alerts: reactive[tuple[str, ...]] = reactive(())
    """Short facts that ask for somebody: `3 low`, `1 below zero`."""
    locale: reactive[str] = reactive("en")
    zone: reactive[ZoneInfo | None] = reactive(None)
    """The shop's own time; None: the computer's."""
    moment_us: reactive[int] = reactive(0)
    """The instant shown, in microseconds."""

    def on_mount(self) -> None:
        """Show the time after the first paint, and again as each minute begins."""
        # Through the app's queue: while it starts, nothing is painted, but refreshes count as done.
        self.app.call_later(self.call_after_refresh, self._tick)

    def _tick(self) -> None:
        self.moment_us = clock.now_us()
        minute_us = 60 * clock.SECOND_US
        rest_us = minute_us - self.moment_us % minute_us
        self.set_timer(rest_us / clock.SECOND_US + 0.05, self._tick)

    def clock_text(self, *, short: bool) -> str:
        """Day and time as the locale writes them."""
        if not self.moment_us:
            return ""
        from babel.dates import format_datetime, format_time

        moment = clock.to_datetime(self.moment_us, self.zone)
        time = str(format_time(moment, "short", locale=self.locale, tzinfo=moment.tzinfo))
        return line(
            time
            if short
            else f"{format_datetime(moment, 'EEE d MMM', tzinfo=moment.tzinfo, locale=self.locale)}  {time}"
        )

    def render(self) -> Content:
        """Name left, alerts in the middle, time right; the name gives way first."""
        width = self.size.width
        right = self.clock_text(short=width < 60)
        alerts = plain(" · ".join(self.alerts))
        room = width - len(right) - 2
        alert_cells = min(alerts.cell_length, max(0, room - 12))
        name_cells = max(0, room - alert_cells - 2)
        return Content.assemble(
            (fit(self.shop_name, name_cells), "bold"),
            "  ",
            (fit(alerts.plain, alert_cells, "right"), _ALERT),
            "  ",
            (right, _QUIET),
        )


class LastScanLine(Widget):
    """What the last scan was: a mark, the words, the time. Always on screen."""

    DEFAULT_CSS = """
    LastScanLine {
        height: 1;
    }
    """

    last: reactive[LastScan | None] = reactive(None)

    def render(self) -> Content:
        """One line; a tick or a cross stands before the colour."""
        width = self.size.width
        if self.last is None:
            quiet = fit(tr("No scan yet"), width, "right")
            return Content.assemble((quiet, _QUIET))
        mark, look = ("✓ ", _GOOD) if self.last.good else ("✗ ", _BAD)
        time = f"  {line(self.last.time)}" if self.last.time else ""
        text = mark + line(self.last.text)
        room = max(0, width - len(time))
        return Content.assemble(
            (fit(fit(text, min(room, plain(text).cell_length)), room, "right"), look),
            (time, _QUIET),
        )
