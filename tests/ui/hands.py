"""Hands for tests: keys with times of their own, so that nobody has to sleep.

Pilot presses a key every 40 ms, as fast as a scanner: words typed with it would be scans. These
hands type as people do (150 ms a key), and scan as scanners do, by the times written on the events.
"""

from __future__ import annotations

from typing import Any

from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

NAMES = {
    "\r": "enter",
    "\n": "ctrl+j",
    "\t": "tab",
    "\x02": "ctrl+b",
    "\x03": "ctrl+c",
    "\x04": "ctrl+d",
    "\x11": "ctrl+q",
    "\x1d": "ctrl+right_square_bracket",
    "\x1e": "ctrl+circumflex_accent",
    " ": "space",
}


def key(char: str) -> events.Key:
    """The key event a terminal sends for one character."""
    name = NAMES.get(char) or (char if char.isalnum() else _character_to_key(char))
    return events.Key(name, char)


class Hands:
    """Types and scans into an app under test."""

    def __init__(self, pilot: Pilot[Any]) -> None:
        self.pilot = pilot
        self.at = events.Key("a", "a").time

    async def send(self, *keys: events.Key, gap_s: float) -> None:
        """Deliver keys `gap_s` apart, by their own times, in one go."""
        self.at = max(self.at + 1.0, events.Key("a", "a").time)
        for event in keys:
            event.time = self.at
            self.at += gap_s
            event.set_sender(self.pilot.app)
            self.pilot.app.post_message(event)
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        """As a person: 150 ms a key."""
        for char in text:
            await self.send(key(char), gap_s=0.15)

    async def press(self, *names: str) -> None:
        """Keys by name, slowly."""
        for name in names:
            await self.send(events.Key(name, None), gap_s=0.15)

    async def scan(self, code: str, *, end: str = "\r", gap_s: float = 0.0) -> None:
        """As a scanner: all keys in one burst."""
        await self.send(*(key(char) for char in code + end), gap_s=gap_s)

    async def paste(self, text: str) -> None:
        """As one bracketed paste."""
        self.pilot.app.post_message(events.Paste(text))
        await self.pilot.pause()
