"""The app's side of scanning: every key is seen here first, whatever has the focus.

Fields that a code has begun to land in get their value back through their own queue, so that it
happens after the keys that were passed on to them; only then is `CodeScanned` posted.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, TypeGuard, TypeVar, cast

from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.app import App
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input

from stockshop.config import GAP_RANGE_MS
from stockshop.ui.messages import CodeScanned
from stockshop.ui.safe import line
from stockshop.ui.scanning import (
    Detector,
    Outcome,
    Scan,
    ScanSettings,
    character_of,
    code_lines,
    split_multiplier,
)

Result = TypeVar("Result")

MOST_PASTED = 500
"""Lines of a paste that are taken as scans: what a scanner with a memory sends at once is less."""

for _digit in "0123456789":
    # Alt with a digit goes to a screen; Textual takes what terminals send for it for `™` and the like.
    cast("dict[str, object]", ANSI_SEQUENCES_KEYS).pop(f"\x1b{_digit}", None)


@dataclass(slots=True)
class _Remembered:
    """What a run of quick keys may have to put back."""

    focused: Widget | None
    landing: Widget | None
    """The field the keys land in: the one with the focus, else the scan line."""
    value: str = ""
    selection: Any = None
    taken: bool = False

    def take(self) -> None:
        """Look at the field as it is."""
        landing = self.landing
        if isinstance(landing, Input):
            self.value = landing.value
        elif _is_editor(landing):
            self.value = landing.text
        else:
            return
        self.selection = landing.selection
        self.taken = True

    def put_back(self) -> None:
        """Make the field what it was."""
        landing = self.landing
        if not self.taken:
            return
        if isinstance(landing, Input):
            landing.value = self.value
            landing.selection = self.selection
        elif _is_editor(landing):
            landing.load_text(self.value)
            landing.selection = self.selection


def _is_editor(widget: Any) -> TypeGuard[Any]:
    """A field of several lines; its class is not loaded for the sake of asking."""
    return widget is not None and not isinstance(widget, Input) and hasattr(widget, "document")


class ScanningApp(App[Result]):
    """An app that recognises scans anywhere and posts `CodeScanned` to the current screen."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._everyday: Detector[events.Key] = Detector()
        # The scanner check hears scanners of any speed and layout, as they type.
        self._checker: Detector[events.Key] = Detector(ScanSettings(gap_ms=GAP_RANGE_MS[1], is_checking=True))
        self._detector = self._everyday
        self._remembered = _Remembered(None, None)
        self._timer: asyncio.TimerHandle | None = None

    @property
    def scan_settings(self) -> ScanSettings:
        """How this station's scanner types; set it when the shop's settings are known."""
        return self._everyday.settings

    @scan_settings.setter
    def scan_settings(self, settings: ScanSettings) -> None:
        # The detector stays: a code may be coming in just now.
        self._everyday.settings = settings

    def scan_line(self) -> Input | None:
        """The current screen's scan line: where text goes that no other field takes."""
        finder = getattr(self.screen, "scan_line", None)
        found = finder() if callable(finder) else None
        return found if isinstance(found, Input) else None

    # -- keys ------------------------------------------------------------------------------

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and not event.is_forwarded and self._has_screen():
            await self._collect(event)
        elif isinstance(event, events.Paste) and not event.is_forwarded and self._has_screen():
            await self._collect_paste(event)
        else:
            await super().on_event(event)

    def _has_screen(self) -> bool:
        try:
            return bool(self.screen_stack)
        except KeyError:
            return False

    async def _collect(self, event: events.Key) -> None:
        char = character_of(event.key, event.character)
        focused = self.focused
        is_field = isinstance(focused, Input) or _is_editor(focused)
        is_checked = getattr(self.screen, "checks_scanner", False)
        checking = is_checked and (not is_field or focused is self.scan_line())
        detector = self._checker if checking else self._everyday
        if detector is not self._detector:
            before, self._detector = self._detector, detector
            await self._act_on(before.give_up())
        # In a field keys are text; elsewhere a single one may already sell something.
        hold_from = 3 if is_field else 1
        await self._act_on(self._detector.feed(char, event.time, event, hold_from=hold_from))

    async def _act_on(self, outcome: Outcome[events.Key]) -> None:
        # A scan that a later key brought to light comes before that key.
        if outcome.scan is not None:
            self._put_back(outcome.scan)
        if outcome.begun:
            self._remember()
        for key in outcome.passed:
            await super().on_event(key)
        if self._detector.is_keeping_back:
            self.code_may_come()
        self._schedule()

    def too_many_pasted(self, lines: int) -> None:
        """So many lines are a list and no scans; none of them was taken."""

    def code_may_come(self) -> None:
        """Quick keys are kept back: most likely a code is being read."""

    def _schedule(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        deadline = self._detector.deadline
        if deadline is None:
            return
        # Counted from now: the events of tests and of slow terminals carry times of their own.
        wait = max(0.0, min(deadline - self._detector.last_at, 1.0))
        self._timer = asyncio.get_running_loop().call_later(wait, self._deadline_came, deadline)

    def _deadline_came(self, deadline: float) -> None:
        self._timer = None
        # Keys that were read before the deadline are still on their way through the loop.
        loop = asyncio.get_running_loop()
        loop.call_soon(loop.call_soon, loop.call_soon, self.call_later, self._expire, deadline)

    async def _expire(self, deadline: float) -> None:
        if self._detector.deadline == deadline:
            await self._act_on(self._detector.expire(deadline))

    # -- fields ----------------------------------------------------------------------------

    def _remember(self) -> None:
        focused = self.focused
        is_field = isinstance(focused, Input) or _is_editor(focused)
        landing = focused if is_field else self.scan_line()
        self._remembered = remembered = _Remembered(focused, landing)
        if landing is not None:
            # Through the field's queue: keys typed before may still wait in it.
            landing.call_later(remembered.take)

    def _put_back(self, scan: Scan) -> None:
        remembered = self._remembered
        screen = self.screen
        if scan.landed == 0:
            remembered = _Remembered(self.focused, None)

        def put_back() -> None:
            remembered.put_back()
            if remembered.focused is not None and self.focused is not remembered.focused:
                screen.set_focus(remembered.focused, scroll_visible=False)
            self._deliver(scan, remembered.focused, screen)

        queue: Widget = remembered.landing or remembered.focused or screen
        if not queue.call_later(put_back):
            self._deliver(scan, None, screen)

    def _deliver(self, scan: Scan, focused: Widget | None, screen: Screen[object]) -> None:
        multiplier, code = split_multiplier(scan.code)
        landing = self.scan_line()
        if landing is not None and not multiplier:
            before, rest = split_multiplier(landing.value)
            if before and not rest:
                multiplier = before
                landing.value = ""
            elif landing.value and _is_second_piece(landing.value, code):
                # On a busy computer a code may arrive in two pieces: together they check, alone not.
                code = landing.value + code
                landing.value = ""
        message = CodeScanned(
            code,
            repeats=scan.repeats,
            focused_id=focused.id if focused is not None else None,
            multiplier=multiplier,
            scan=scan,
        )
        if not screen.post_message(message):
            self.post_message(message)

    # -- pastes ----------------------------------------------------------------------------

    async def _collect_paste(self, event: events.Paste) -> None:
        focused = self.focused
        takes_text = isinstance(focused, Input) and not getattr(focused, "takes_only_numbers", False)
        on_scan_line = focused is not None and focused is self.scan_line()
        codes = code_lines(event.text, in_text_field=(takes_text and not on_scan_line) or _is_editor(focused))
        if not codes:
            if isinstance(focused, Input):
                event.text = line(event.text.strip("\r\n")) if event.text.strip() else ""
            await super().on_event(event)
            return
        if len(codes) > MOST_PASTED:
            self.too_many_pasted(len(codes))
            return
        ended = "\r" if event.text[-1:] in "\r\n\t" else ""
        for number, code in enumerate(codes):
            scan = self._detector.pasted(code + ended, event.time)
            if number:
                scan = Scan(code=scan.code, at=scan.at, end=scan.end)
            self._put_back(scan)


def _is_second_piece(first: str, code: str) -> bool:
    # Only here: nothing else needs the codes before the first paint.
    from stockshop.barcodes import gtin14

    return gtin14(code) is None and gtin14(first + code) is not None
