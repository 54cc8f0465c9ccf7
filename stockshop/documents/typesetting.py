"""Text that fits its place: measured, wrapped, cut in the middle, shaped and ordered for its script.

Sizes and widths share one unit, whatever it is (dots on labels); widths of the fonts are in
thousandths of the size.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from stockshop import text as gate
from stockshop.documents import fonts
from stockshop.documents.fonts import BOLD, REGULAR, FontBook

CAP_HEIGHT = 0.729
"""Height of capitals and digits in DejaVu Sans, as a part of the size."""
DESCENT = 0.236
LINE_HEIGHT = 1.16
SMALLEST = 0.7
"""Text is shrunk to this part of its size before it is wrapped harder or cut."""
_LINE_LIMIT = 400
_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_ESCAPED = str.maketrans({"(": "\\(", ")": "\\)", "\\": "\\\\"})
_NOT_SHOWN = {0x200C: None, 0x200D: None, 0xFE0E: None, 0xFE0F: None}


@dataclass(frozen=True, slots=True)
class Fitted:
    """Text as it will be printed: lines in visual order, their size, and whether some was cut away."""

    lines: tuple[str, ...]
    size: float
    cut: bool
    rtl: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of text in visual order, by its left end and baseline."""

    x: float
    y: float
    size: float
    weight: str
    line: str


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    width: float
    spaced: bool


def tidy(text: str) -> str:
    """One line of NFC without anything hidden, and of bounded length: whatever comes, it can be set."""
    if text.isascii() and text.isprintable():
        return text[:_LINE_LIMIT].strip()
    return unicodedata.normalize("NFC", gate.printable(text[:_LINE_LIMIT])).strip()


def replace_missing(text: str, book: FontBook) -> str:
    """`text` with "?" for each character no font can print."""
    missing = book.missing(text)
    return text.translate({ord(char): "?" for char in missing}) if missing else text


def is_rtl(text: str) -> bool:
    """Whether the first letter with a direction runs from right to left."""
    for char in text:
        direction = unicodedata.bidirectional(char)
        if direction == "L":
            return False
        if direction in ("R", "AL"):
            return True
    return False


def _has_rtl(text: str) -> bool:
    return not text.isascii() and _RTL.search(text) is not None


@lru_cache(maxsize=1)
def _reshaper() -> Any:
    from arabic_reshaper import ArabicReshaper

    return ArabicReshaper({"delete_harakat": False, "support_ligatures": True})


def _joined(text: str, book: FontBook) -> str:
    """Arabic letters in their joined forms where the fonts have those; still in logical order."""
    shaped: str = _reshaper().reshape(text)
    return shaped if not book.missing(shaped) else text


def _ordered(text: str, rtl: bool) -> str:
    """The line from left to right as it is printed (Unicode Standard Annex 9)."""
    from bidi import get_display

    return str(get_display(text, base_dir="R" if rtl else "L"))


def visual(text: str, book: FontBook) -> str:
    """One line as it is printed, from left to right, joined and without joiners."""
    if text.isascii():
        return text
    if _has_rtl(text):
        text = _ordered(_joined(text, book), is_rtl(text))
    return text.translate(_NOT_SHOWN)


def width_of(line: str, size: float, book: FontBook, weight: str = REGULAR) -> float:
    """Width of a line in visual order."""
    return sum(map(book.widths[weight].__getitem__, line)) * size / 1000


def fit(
    text: str,
    *,
    size: float,
    width: float,
    book: FontBook,
    lines: int = 1,
    height: float | None = None,
    weight: str = REGULAR,
    least: float = SMALLEST,
) -> Fitted:
    """Set `text` in at most `lines` lines of `width`, of which only as many as `height` holds at their size.

    Full size on one line if it fits or nearly so; then more lines, shrinking to `least` of the size;
    at last it is cut in the middle, so that the size at the end of a product's name stays.
    """
    if text.isascii() and width_of(text, size, book, weight) <= width:
        return Fitted((text,), size, False, False)
    rtl = _has_rtl(text)
    base_rtl = rtl and is_rtl(text)
    logical = (_joined(text, book) if rtl else text).translate(_NOT_SHOWN)

    def done(parts: list[str], at: float, cut: bool) -> Fitted:
        shown = tuple(_ordered(part, base_rtl) for part in parts) if rtl else tuple(parts)
        return Fitted(shown, at, cut, base_rtl)

    def allowed(ratio: float) -> int:
        return (
            lines if height is None else max(1, min(lines, int(height / (size * ratio * LINE_HEIGHT) + 0.02)))
        )

    natural = width_of(logical, size, book, weight)
    enough = least if allowed(least) == 1 else max(least, 0.85)
    if natural * enough <= width:
        return done([logical], size * min(1.0, width / natural) if natural else size, False)
    measure = book.widths[weight].__getitem__
    words = _words(logical, width * 1000 / size, measure)
    if allowed(least) > 1:
        steps = [1.0 - (1.0 - least) * step / 4 for step in range(5)]
        for ratio in steps:
            limit = width * 1000 / (size * ratio)
            if wrapped := _wrap(words, limit, allowed(ratio), measure):
                return done(_balance(words, limit, wrapped, measure), size * ratio, False)
    limit = width * 1000 / (size * least)
    return done(_cut(logical, limit, allowed(least), measure), size * least, True)


def _words(text: str, limit: float, measure: Callable[[str], float]) -> list[_Word]:
    """Pieces between which a line may end: words, or characters where there are no spaces."""
    words = []
    for token in text.split(" "):
        width = sum(map(measure, token))
        if width > limit or _breaks_anywhere(token):
            pieces = _clusters(token)
            words += [
                _Word(piece, sum(map(measure, piece)), spaced=not number)
                for number, piece in enumerate(pieces)
            ]
        else:
            words.append(_Word(token, width, spaced=True))
    return words


def _breaks_anywhere(token: str) -> bool:
    return not token.isascii() and any(
        "\u0e00" <= char <= "\u0eff"
        or "\u2e80" <= char <= "\u9fff"
        or "\uac00" <= char <= "\ud7ff"
        or char >= "\U00020000"
        for char in token
    )


def _clusters(token: str) -> list[str]:
    """Characters with the marks that belong to them."""
    pieces: list[str] = []
    for char in token:
        if pieces and unicodedata.category(char) in ("Mn", "Mc", "Me"):
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def _wrap(words: list[_Word], limit: float, lines: int, measure: Callable[[str], float]) -> list[str] | None:
    """The words in lines of `limit`, or None when they need more than `lines`."""
    space = measure(" ")
    done: list[str] = []
    line, used = "", 0.0
    for word in words:
        gap = space if word.spaced and line else 0.0
        if line and used + gap + word.width > limit:
            done.append(line)
            if len(done) == lines:
                return None
            line, used, gap = "", 0.0, 0.0
        if word.width > limit:
            return None
        line += (" " if gap else "") + word.text
        used += gap + word.width
    return [*done, line]


def _balance(
    words: list[_Word], limit: float, wrapped: list[str], measure: Callable[[str], float]
) -> list[str]:
    """As many lines as before, but of like length."""
    low, high = limit * 0.4, limit
    for _ in range(6 if len(wrapped) > 1 else 0):
        middle = (low + high) / 2
        tighter = _wrap(words, middle, len(wrapped), measure)
        if tighter is None:
            low = middle
        else:
            high, wrapped = middle, tighter
    return wrapped


def _cut(text: str, limit: float, lines: int, measure: Callable[[str], float]) -> list[str]:
    """The longest middle-cut form of `text` that fits."""
    low, high, best = 1, len(text), ["…"]
    while low <= high:
        keep = (low + high) // 2
        shortened = gate.shorten(text, keep)
        wrapped = _wrap(_words(shortened, limit, measure), limit, lines, measure)
        if wrapped is None:
            high = keep - 1
        else:
            best, low = wrapped, keep + 1
    return best


class Pen:
    """Writes text as content-stream operators for one PDF, its characters encoded for its fonts."""

    def __init__(self, canvas: Any, book: FontBook) -> None:
        self._pdf = canvas._doc
        self._book = book
        self._ascii: dict[str, str] = {}
        self._codes: dict[str, dict[str, tuple[str, str]]] = {REGULAR: {}, BOLD: {}}

    def show(self, line: str, size: str, weight: str = REGULAR) -> str:
        """Operators that print `line` (in visual order) at the text position; `size` as PDF text."""
        if line.isascii():
            # ReportLab keeps ASCII as it is, in the first subset of a font.
            return f"{self._plain(weight)} {size} Tf ({line.translate(_ESCAPED)}) Tj"
        codes = self._codes[weight]
        parts: list[str] = []
        font = ""
        run: list[str] = []
        for char in line:
            entry = codes.get(char)
            if entry is None:
                entry = codes[char] = self._encode(char, weight)
            if entry[0] != font:
                if run:
                    parts.append(f"{font} {size} Tf ({''.join(run)}) Tj")
                font, run = entry[0], []
            run.append(entry[1])
        if run:
            parts.append(f"{font} {size} Tf ({''.join(run)}) Tj")
        return " ".join(parts)

    def _plain(self, weight: str) -> str:
        if weight not in self._ascii:
            self._ascii[weight] = self._encode("0", weight)[0]
        return self._ascii[weight]

    def _encode(self, char: str, weight: str) -> tuple[str, str]:
        face = self._book.faces[weight][char]
        subset, code = face.font.splitString(char, self._pdf)[0]
        name: str = face.font.getSubsetInternalName(subset, self._pdf)
        byte = code[0]
        if char in "()\\":
            return name, "\\" + char
        return name, chr(byte) if 32 <= byte < 127 and chr(byte) not in "()\\" else f"\\{byte:03o}"


def unprintable(text: str, book: FontBook | None = None) -> str:
    """The characters of `text` that no font of this computer can print, each once."""
    tidied = tidy(text).translate(_NOT_SHOWN)
    return "" if tidied.isascii() else (book or fonts.book()).missing(tidied)
