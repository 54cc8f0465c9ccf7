"""The codes of the scanner check page, and what their scans tell of the scanner and the keyboard.

A scanner types as a keyboard; on a computer with another layout `004HQ3` arrives as `àà'HA"`. The codes
are known, so what arrives tells the layout. A code is recognised by what no layout can change: which
of its characters are alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from stockshop.barcodes.model import GS
from stockshop.language import mark

_MOST_BEFORE, _MOST_BEHIND = 8, 4
_LIKE = 0.5
"""So much of a code has to arrive for it to be known again when characters were lost on the way."""
ALL_CHARACTERS = frozenset(map(chr, range(0x20, 0x7F)))
"""What the lines of the page hold together: all that a code of letters, digits and signs can hold."""


@dataclass(frozen=True, slots=True)
class CheckCode:
    """One code on the page."""

    name: str
    text: str
    """What a scanner that is set up well sends, without its end key."""
    symbology: str
    """ean13, code128, gs1-128 or qr."""
    label: str
    """Marked for translation."""
    is_line: bool = False
    """One of the lines that hold every character, wanted only where the layout is wrong."""


CODES = (
    CheckCode("digits", "1234567890128", "ean13", mark("Digits")),
    CheckCode("letters", "AaZzQqWwMmYyAa", "code128", mark("Letters")),
    CheckCode("signs", '-/@"#~:_-/', "code128", mark("Signs")),
    CheckCode("gs1", f"010950600013435210Lot-7b{GS}2199", "gs1-128", mark("GS1 separator")),
    CheckCode("qr", "Scanner check, QR: 100 % read!", "qr", mark("QR code")),
    CheckCode("line-1", 'e!E0a"#Fe', "code128", mark("Line 1"), is_line=True),
    CheckCode("line-2", "r$b1Z%D&cr", "code128", mark("Line 2"), is_line=True),
    CheckCode("line-3", "t'G2(dY)H*t", "code128", mark("Line 3"), is_line=True),
    CheckCode("line-4", "uf3+I,gX-C4u", "code128", mark("Line 4"), is_line=True),
    CheckCode("line-5", "i.h/J:j5W;K<i", "code128", mark("Line 5"), is_line=True),
    CheckCode("line-6", "ok=L6>lV?B@m7o", "code128", mark("Line 6"), is_line=True),
    CheckCode("line-7", "p[M\\nU]N8^q_O`vp", "code128", mark("Line 7"), is_line=True),
    CheckCode("line-8", "s9T{A|w} P~xSQyRzs", "code128", mark("Line 8"), is_line=True),
)
"""All codes of the page. A line begins and ends with the same character, the letters and signs with the
same two, and no two are equally long: so each is known again in any layout, with whatever the scanner
sends before and behind it."""
LINES = tuple(code.name for code in CODES if code.is_line)


@dataclass(frozen=True, slots=True)
class RawScan:
    """A scan as it came in, before anything was undone."""

    text: str
    end: str = ""
    """CR, LF, TAB, or "" for none."""
    slowest_gap_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Heard:
    """A code of the page that was recognised in a scan."""

    code: CheckCode
    scan: RawScan
    arrived: str
    """What stands for the code itself, without what is around it."""
    before: str = ""
    behind: str = ""
    separator: str = ""
    """What arrived in place of the GS1 separator."""
    is_whole: bool = True
    """Character for character; False where some were lost or joined."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What the scans tell, all together."""

    heard: Mapping[str, Heard] = field(default_factory=dict)
    """The newest of each code, by the code's name."""
    strange: tuple[str, ...] = ()
    """Scans that are none of the page's codes."""
    ends: tuple[str, ...] = ()
    """The end keys seen, each once; "" for none."""
    slowest_gap_ms: float | None = None
    prefix: str = ""
    """What came before every code, identifiers not counted, as it was printed."""
    suffix: str = ""
    identifiers: bool | None = None
    """Whether symbology identifiers such as `]C1` come; None: nothing that would have one was scanned."""
    separator: str | None = None
    """How the separator arrives; "" when it is lost, None when it was not scanned."""
    caps_lock: bool = False
    one_case: bool = False
    """Small and capital letters arrive alike: the scanner changes them."""
    keyboard: Mapping[str, str] = field(default_factory=dict)
    """Characters that arrive for others: received to printed. Empty: the layout is right, so far."""
    lost: tuple[str, ...] = ()
    """Printed characters that do not arrive, or not apart from others."""

    @property
    def layout_is_wrong(self) -> bool:
        """Whether another keyboard layout is at work."""
        return bool(self.keyboard or self.lost) and not self.caps_lock and not self.one_case

    @property
    def missing_lines(self) -> int:
        """Lines that were not scanned yet."""
        return sum(name not in self.heard for name in LINES)

    @property
    def map_is_complete(self) -> bool:
        """Whether every character is known, so that the layout can be undone."""
        return self.layout_is_wrong and bool(self.keyboard) and not self.missing_lines

    @property
    def gap_ms(self) -> int | None:
        """The setting this scanner needs (20 to 200); None: not known, or no setting is enough."""
        if self.slowest_gap_ms is None:
            return None
        wanted = int(-(-self.slowest_gap_ms * 1.4 // 10) * 10)
        return None if self.slowest_gap_ms > 180 else min(max(60, wanted), 200)


def recognise(scan: RawScan, keyboard: Mapping[str, str]) -> Heard | None:
    """Which code of the page a scan is. `keyboard`: what is known of the layout already."""
    for search in (_exactly, _by_likeness, _whatever_case, _nearly):
        found = search(scan, keyboard)
        if found is not None:
            return found
    return None


def diagnose(scans: Sequence[RawScan]) -> Diagnosis:
    """What all scans so far tell, in the order in which they came."""
    known: dict[str, str] = {}
    # Twice: what is learned from all of them helps to know those again that lost something.
    for _ in range(2):
        heard: dict[str, Heard] = {}
        strange = []
        for scan in scans:
            found = recognise(scan, known)
            if found is None:
                strange.append(scan.text)
            else:
                heard.pop(found.code.name, None)
                heard[found.code.name] = found
        known, lost = _layout(heard.values(), known)
    caps_lock = _is_swapped(known)
    separator = heard["gs1"].separator if "gs1" in heard else None
    frames = [_frame(one, {} if caps_lock else known) for one in heard.values()]
    return Diagnosis(
        heard=heard,
        strange=tuple(strange),
        ends=tuple(dict.fromkeys(one.scan.end for one in heard.values())),
        slowest_gap_ms=max((one.scan.slowest_gap_ms for one in heard.values()), default=None),
        prefix=_common([prefix for prefix, _, _ in frames]),
        suffix=_common([behind for _, _, behind in frames]),
        identifiers=any(identifier for _, identifier, _ in frames) if frames else None,
        separator=separator if separator is None or caps_lock else known.get(separator, separator),
        caps_lock=caps_lock,
        one_case=any(_is_one_case(one) for one in heard.values()),
        keyboard=known,
        lost=lost,
    )


# -- knowing a code again --------------------------------------------------------------------------


def _exactly(scan: RawScan, keyboard: Mapping[str, str]) -> Heard | None:
    for code in CODES:
        head, gs, tail = code.text.partition(GS)
        start = scan.text.find(head)
        if start < 0:
            continue
        end = scan.text.find(tail, start + len(head)) if gs else start + len(head)
        if end < 0 or (gs and end - start - len(head) > _MOST_BEHIND):
            continue
        between = scan.text[start + len(head) : end] if gs else ""
        stop = end + len(tail)
        return Heard(code, scan, head + tail, scan.text[:start], scan.text[stop:], between)
    return None


def _by_likeness(scan: RawScan, keyboard: Mapping[str, str]) -> Heard | None:
    """By which characters are alike: a layout puts one character for another, always the same."""
    best: tuple[tuple[int, int], Heard] | None = None
    for code in CODES:
        for found in _windows(code, scan):
            if not _alike(found.arrived, code.text.replace(GS, "")):
                continue
            extra = len(found.before) + len(found.behind) + len(found.separator.replace(GS, ""))
            same = sum(a == b for a, b in zip(found.arrived, code.text.replace(GS, ""), strict=True))
            worth = (-extra, same)
            if best is None or worth > best[0]:
                best = (worth, found)
    return None if best is None else best[1]


def _windows(code: CheckCode, scan: RawScan) -> Iterable[Heard]:
    """Every place in the scan where the code could stand, with a few characters around it."""
    head, gs, tail = code.text.partition(GS)
    text = scan.text
    spare = len(text) - len(head) - len(tail)
    if not 0 <= spare <= _MOST_BEFORE + _MOST_BEHIND:
        return
    for start in range(min(spare, _MOST_BEFORE) + 1):
        middle = start + len(head)
        for between in range(min(spare - start, _MOST_BEHIND) + 1) if gs else (0,):
            stop = middle + between + len(tail)
            arrived = text[start:middle] + text[middle + between : stop]
            if len(text) - stop <= _MOST_BEHIND:
                yield Heard(code, scan, arrived, text[:start], text[stop:], text[middle : middle + between])


def _alike(arrived: str, printed: str) -> bool:
    forth: dict[str, str] = {}
    back: dict[str, str] = {}
    for a, b in zip(arrived, printed, strict=True):
        if forth.setdefault(a, b) != b or back.setdefault(b, a) != a:
            return False
    return True


def _whatever_case(scan: RawScan, keyboard: Mapping[str, str]) -> Heard | None:
    """Scanners can be set to send capitals only."""
    for code in CODES:
        for found in _windows(code, scan):
            if found.arrived.casefold() == code.text.replace(GS, "").casefold():
                return found
    return None


def _nearly(scan: RawScan, keyboard: Mapping[str, str]) -> Heard | None:
    """By most of its characters: dead keys swallow some, or join two to one."""
    mended = "".join(keyboard.get(char, char) for char in scan.text)
    ranked = sorted(
        ((SequenceMatcher(None, mended, code.text, autojunk=False).ratio(), number)
         for number, code in enumerate(CODES)),
        reverse=True,
    )  # fmt: skip
    (best, number), (second, _) = ranked[:2]
    if best < _LIKE or best - second < 0.1:
        return None
    return Heard(CODES[number], scan, scan.text, separator=GS if GS in scan.text else "", is_whole=False)


# -- what they tell together -------------------------------------------------------------------------


def _layout(heard: Iterable[Heard], known: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The map of received to printed characters that differ, and what no map can bring back."""
    received: dict[str, Counter[str]] = {}
    printed: set[str] = set()
    for one in heard:
        text = one.code.text.replace(GS, "")
        printed |= set(text)
        pairs = zip(one.arrived, text, strict=True) if one.is_whole else _aligned(one, known)
        for arrived, meant in pairs:
            received.setdefault(arrived, Counter())[meant] += 1
    keyboard = {}
    found: set[str] = set()
    for arrived, meanings in received.items():
        if len(meanings) == 1:
            (meant,) = meanings
            found.add(meant)
            if meant != arrived:
                keyboard[arrived] = meant
    return keyboard, tuple(sorted(printed - found))


def _aligned(one: Heard, known: Mapping[str, str]) -> list[tuple[str, str]]:
    """Pairs of arrived and printed characters that are certain in a scan that lost something."""
    mended = "".join(known.get(char, char) for char in one.arrived)
    text = one.code.text
    return [
        (one.arrived[block.a + step], text[block.b + step])
        for block in SequenceMatcher(None, mended, text, autojunk=False).get_matching_blocks()
        for step in range(block.size)
        if text[block.b + step] != GS
    ]


def _is_swapped(keyboard: Mapping[str, str]) -> bool:
    """Whether capitals and small letters change places: Caps Lock, whatever else there is."""
    letters = [(a, b) for a, b in keyboard.items() if a.isalpha() and b.isalpha()]
    swapped = sum(a == b.swapcase() for a, b in letters)
    return swapped >= 6 and swapped * 4 >= len(letters) * 3


def _is_one_case(one: Heard) -> bool:
    text = one.code.text.replace(GS, "")
    if len(one.arrived) != len(text) or one.arrived == text or one.arrived.casefold() != text.casefold():
        return False
    return one.arrived in (text.upper(), text.lower()) and text not in (text.upper(), text.lower())


def _frame(one: Heard, keyboard: Mapping[str, str]) -> tuple[str, str, str]:
    """What stood before the code, its symbology identifier, and what stood behind."""
    before = "".join(keyboard.get(char, char) for char in one.before)
    behind = "".join(keyboard.get(char, char) for char in one.behind)
    if len(before) >= 3 and before[-3] == "]" and before[-2].isalpha() and before[-1].isalnum():
        return before[:-3], before[-3:], behind
    return before, "", behind


def _common(texts: Sequence[str]) -> str:
    """The text, when it is the same everywhere; one code alone proves nothing."""
    return texts[0] if len(texts) > 1 and len(set(texts)) == 1 else ""
