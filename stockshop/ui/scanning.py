"""Telling a scanner from a person, by nothing but characters and their times.

A scanner in keyboard mode types a whole code faster than anybody can, and ends it with a key. It
types as keys into whatever has the focus, so the keys that are certain to be a person's pass on at
once, those that may be a scanner's wait a moment, and a code that had begun to land in a field is
reported with the number of characters to take back.

Speed can prove a scan; slowness proves nothing. This module knows no screen: `Detector` is fed
(character, time, token) and answers with the tokens to pass on and the scan, if one is complete.
Times are in seconds of any steady clock, as the events carry them; settings are in milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Generic, TypeVar

from stockshop.config import GAP_RANGE_MS

Token = TypeVar("Token")

GS = "\x1d"
"""What separates the fields of a GS1 code (FNC1 inside the symbol)."""
ENDS = {"\r": "CR", "\n": "LF", "\t": "TAB"}
"""Keys that end a code, as they arrive, and their names on the scanner's settings sheet."""
_CONTROLS = {"\x02": "STX", "\x03": "ETX", "\x04": "EOT", "\x11": "DC1", GS: "GS", "\x1e": "RS"}
_BY_NAME = {
    "enter": "\r",
    "ctrl+m": "\r",
    "ctrl+j": "\n",
    "tab": "\t",
    "ctrl+i": "\t",
    "ctrl+b": "\x02",
    "ctrl+c": "\x03",
    "ctrl+d": "\x04",
    "ctrl+q": "\x11",
    "ctrl+right_square_bracket": GS,
    "ctrl+]": GS,
    "ctrl+circumflex_accent": "\x1e",
    "ctrl+^": "\x1e",
    "ctrl+shift+circumflex_accent": "\x1e",
}
LONGEST = 4_300
"""The longest text any printed symbol holds is a QR code of 4,296 characters."""
LONE_HOLD_MS = 25
"""How long a first key that would act at once is kept back; a scanner's second comes within 20."""
_PREFIXED_REACH_MS = 500
_SLACK = 1e-6


def character_of(key: str, character: str | None) -> str:
    """The one character a key stands for in a code, or "" for a key that no scanner sends.

    By name first, because terminals with the kitty protocol send no character with control keys;
    then by the character itself.
    """
    named = _BY_NAME.get(key)
    if named is not None:
        return named
    if key.startswith("alt+"):
        return ""
    if character and len(character) == 1 and (character.isprintable() or character in _CONTROLS):
        return character
    return ""


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """How this station's scanner types. Out-of-range values are brought into range."""

    gap_ms: int = 60
    """The longest time between two characters of one code (20 to 200)."""
    prefix: str = ""
    """What the scanner is set to send first; it removes the guessing and is taken off."""
    shortest: int = 4
    """Characters of the shortest code that ends with CR, LF or TAB."""
    shortest_unended: int = 6
    """Characters of the shortest code that ends by silence."""
    stutter_ms: int = 500
    """The same code again within this time is the scanner's trembling, not a second piece."""
    keyboard: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Characters as they arrive, and what was printed: a wrong keyboard layout, undone for scans only."""
    is_checking: bool = False
    """Nobody types here: at any speed allowed whatever ends as a code is one."""

    def __post_init__(self) -> None:
        low, high = GAP_RANGE_MS
        object.__setattr__(self, "gap_ms", min(max(self.gap_ms, low), high))

    @property
    def silence_ms(self) -> int:
        """The pause that ends a code without an end key."""
        return max(120, 2 * self.gap_ms)

    @property
    def overlaps_typing(self) -> bool:
        """Whether a quick typist is as fast as the slowest scanner allowed."""
        return self.gap_ms > 70 and not self.is_checking


@dataclass(frozen=True, slots=True)
class Scan:
    """One code as the scanner typed it."""

    code: str
    """Without prefix and end key; GS inside is kept, other control characters are gone."""
    at: float
    """When its last key arrived, in seconds."""
    landed: int = 0
    """How many of its keys had been passed on before it was recognised."""
    repeats: int = 0
    """How many times it has come just before, each time too soon to be another piece."""
    end: str = ""
    """CR, LF, TAB, or "" when silence ended it."""
    slowest_gap_ms: float = 0.0
    controls: tuple[str, ...] = ()
    """Names of the control characters seen, in order of arrival."""

    @property
    def stutter(self) -> bool:
        """Whether it may be the scanner's trembling."""
        return self.repeats > 0


@dataclass(slots=True)
class Outcome(Generic[Token]):
    """What to do after a key: pass these tokens on, in order; then deal with the scan."""

    passed: list[Token] = field(default_factory=list)
    scan: Scan | None = None
    begun: bool = False
    """The first token passed on may begin a code: remember the field's value before passing it."""


class Detector(Generic[Token]):
    """Keeps the run of quick characters that may become a code.

    `feed` takes each key, `expire` tells that `deadline` has come without another key. Every token
    fed is either given back once, in order, or belongs to a scan and is not given back.
    """

    def __init__(self, settings: ScanSettings | None = None) -> None:
        self.settings = settings or ScanSettings()
        self._last_scan: Scan | None = None
        self._swallow_lf_until = 0.0
        self._clear()

    def _clear(self) -> None:
        self._run: list[tuple[str, float]] = []
        self._held: list[Token] = []
        self._controls: list[str] = []
        self._landed = 0
        self._slowest = 0.0
        self._last = 0.0
        self._alike = True

    @property
    def deadline(self) -> float | None:
        """When `expire` wants to be called, unless a key comes before; None for not at all."""
        if not self._run and not self._held:
            return None
        if self._prefix_seen():
            return self._last + _PREFIXED_REACH_MS / 1000
        if self._is_certain():
            return self._last + self.settings.silence_ms / 1000
        if not self._held:
            return None
        single = len(self._run) < 2 or self._alike
        wait_ms = min(LONE_HOLD_MS, self.settings.gap_ms) if single else self.settings.gap_ms
        return self._last + wait_ms / 1000

    @property
    def is_keeping_back(self) -> bool:
        """Whether keys of a run that may become a code wait to be passed on."""
        return bool(self._held) and len(self._run) > 1

    @property
    def last_at(self) -> float:
        """When the last key of the present run came."""
        return self._last

    def feed(self, char: str, at: float, token: Token, *, hold_from: int = 3) -> Outcome[Token]:
        """Take one key: its `character_of`, its time, and whatever stands for it.

        `hold_from` is the first character of a run that is kept back until it is known whose it
        is: 3 where keys are text in a field, 1 where a single key already acts.
        """
        outcome: Outcome[Token] = Outcome()
        if (self._run or self._held) and at - self._last > self._reach_s() + _SLACK:
            self._settle(outcome)
        if char in ENDS:
            self._feed_end(char, at, token, outcome)
        elif char in _CONTROLS:
            self._feed_control(char, at, token)
        elif char:
            self._feed_character(char, at, token, hold_from, outcome)
        else:
            self._release(outcome)
            self._clear()
            outcome.passed.append(token)
        return outcome

    def expire(self, at: float) -> Outcome[Token]:
        """Nothing came until `at`: give back what was kept, or report the code that has ended."""
        outcome: Outcome[Token] = Outcome()
        deadline = self.deadline
        if deadline is None or at < deadline - _SLACK:
            return outcome
        if at - self._last >= self.settings.silence_ms / 1000 - _SLACK and self._is_code(ended=False):
            self._finish("", outcome)
        else:
            self._release(outcome)
            # A short run goes on: a key that was sent in time may still be on its way.
            if self._is_certain() or self._prefix_seen():
                self._clear()
        return outcome

    def give_up(self) -> Outcome[Token]:
        """Give back what was kept: somebody else watches the keys from now on."""
        outcome: Outcome[Token] = Outcome()
        self._release(outcome)
        self._clear()
        return outcome

    def pasted(self, text: str, at: float) -> Scan:
        """A code that came as one paste instead of as keys."""
        end = next((ENDS[char] for char in text[::-1][:1] if char in ENDS), "")
        code = without_controls(text.strip("\r\n\t "))
        if self.settings.prefix and code.startswith(self.settings.prefix):
            code = code[len(self.settings.prefix) :]
        return self._note(Scan(code=code, at=at, end=end))

    # -- one key ---------------------------------------------------------------------------

    def _feed_end(self, char: str, at: float, token: Token, outcome: Outcome[Token]) -> None:
        if char == "\n" and at <= self._swallow_lf_until:
            self._swallow_lf_until = 0.0
            return
        in_time = at - self._last <= self.settings.gap_ms / 1000 + _SLACK
        in_time = in_time or self._is_certain() or self._prefix_seen()
        if self._run and in_time and self._is_code(ended=True):
            self._last = at
            self._finish(ENDS[char], outcome)
            if char == "\r":
                self._swallow_lf_until = at + self.settings.gap_ms / 1000
            return
        self._release(outcome)
        self._clear()
        outcome.passed.append(token)

    def _feed_control(self, char: str, at: float, token: Token) -> None:
        self._touch(at)
        self._controls.append(_CONTROLS[char])
        self._held.append(token)
        if char == GS and self._run:
            self._run.append((char, at))

    def _feed_character(
        self, char: str, at: float, token: Token, hold_from: int, outcome: Outcome[Token]
    ) -> None:
        self._touch(at)
        self._alike = self._alike and (not self._run or self._run[-1][0] == char)
        self._run.append((char, at))
        if len(self._run) > LONGEST:
            self._release(outcome)
            self._clear()
            outcome.passed.append(token)
            return
        number = len(self._run)
        # A key held down repeats as fast as a scanner types, but always the same character.
        repeats = self._alike and number > 1 and hold_from > 1
        wait = number >= hold_from and not repeats
        if self._held or wait or self._prefix_seen():
            self._held.append(token)
            return
        outcome.begun = self._landed == 0
        self._landed += 1
        outcome.passed.append(token)

    # -- the run ---------------------------------------------------------------------------

    def _touch(self, at: float) -> None:
        if self._run or self._held:
            self._slowest = max(self._slowest, at - self._last)
        self._last = at

    def _reach_s(self) -> float:
        """How long after the last key the next one still belongs to the run, in seconds."""
        if self._prefix_seen():
            return _PREFIXED_REACH_MS / 1000
        # A scanner that falters in the middle must not leave half a code.
        reach_ms = self.settings.silence_ms if self._is_certain() else self.settings.gap_ms
        return reach_ms / 1000

    def _is_certain(self) -> bool:
        """Nobody types so many different keys so quickly: only silence or an end key ends it."""
        return len(self._run) >= self.settings.shortest_unended and not self._alike

    def _text(self) -> str:
        """What was printed, as far as the keyboard's layout is known."""
        keyboard = self.settings.keyboard
        return "".join(keyboard.get(char, char) for char, _ in self._run)

    def _prefix_seen(self) -> bool:
        prefix = self.settings.prefix
        return bool(prefix) and len(self._run) >= len(prefix) and self._text().startswith(prefix)

    def _is_code(self, *, ended: bool) -> bool:
        text = self._text()
        if self._prefix_seen():
            return len(text) > len(self.settings.prefix)
        if ended:
            if len(text) < self.settings.shortest:
                return False
        elif len(text) < self.settings.shortest_unended or self._alike:
            return False
        if text.isspace():
            return False
        return not self.settings.overlaps_typing or any(char.isdigit() for char in text)

    def _settle(self, outcome: Outcome[Token]) -> None:
        """The next key comes too late for the run: it was a code ended by silence, or typing."""
        if self._is_code(ended=False):
            self._finish("", outcome)
        else:
            self._release(outcome)
            self._clear()

    def _release(self, outcome: Outcome[Token]) -> None:
        if self._held:
            outcome.begun = outcome.begun or self._landed == 0
            self._landed += len(self._held)
            outcome.passed.extend(self._held)
            self._held = []

    def _finish(self, end: str, outcome: Outcome[Token]) -> None:
        code = self._text()
        if self._prefix_seen():
            code = code[len(self.settings.prefix) :]
        scan = Scan(
            code=code.strip(" "),
            at=self._last,
            landed=self._landed,
            end=end,
            slowest_gap_ms=self._slowest * 1000,
            controls=tuple(self._controls),
        )
        outcome.scan = self._note(scan)
        self._clear()

    def _note(self, scan: Scan) -> Scan:
        before = self._last_scan
        again = before is not None and before.code == scan.code
        if again and before is not None and scan.at - before.at <= self.settings.stutter_ms / 1000 + _SLACK:
            scan = replace(scan, repeats=before.repeats + 1)
        self._last_scan = scan
        return scan


def without_controls(text: str) -> str:
    """The text of a code: GS stays, every other control character goes."""
    return "".join(char for char in text if char == GS or char.isprintable())


# Twelve of them, or one and a half: `12*` and `1,5*` before a code.
_MULTIPLIER = re.compile(r"\s*(\d{1,6}(?:[.,]\d{1,3})?)\s*\*\s*(.*)", re.DOTALL)


def split_multiplier(text: str) -> tuple[str, str]:
    """`12*4006381333931` as ("12", "4006381333931"); without one as ("", text)."""
    match = _MULTIPLIER.fullmatch(text)
    return (match[1], match[2]) if match else ("", text)


_CODE_LIKE = re.compile(r"[\x1d\x20-\x7e]+")


def code_lines(text: str, *, in_text_field: bool) -> list[str]:
    """The codes in a paste, or nothing when it is text for the field that has the focus.

    Outside text fields any line of four or more printable characters is a code. In a field that
    takes text only what no person pastes as text is one: it ends with an end key, is all digits
    as a GTIN is, or has a GS1 separator or symbology identifier.
    """
    body = text.strip("\r\n\t ")
    lines = [part.strip("\t ") for part in re.split(r"[\r\n]+", body)]
    if not body or any(not _CODE_LIKE.fullmatch(part) or len(part) < 4 for part in lines):
        return []
    if in_text_field:
        if len(lines) > 1:
            return []
        certain = text[-1:] in ENDS or (body.isdigit() and len(body) >= 8) or GS in body
        if not certain and not re.match(r"\][A-Za-z]\d", body):
            return []
    elif len(lines) == 1 and " " in body and not any(char.isdigit() for char in body):
        return []
    return lines
