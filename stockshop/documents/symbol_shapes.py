"""Symbols on the printer's grid: how large, and the one path that paints the bars.

X is a whole number of dots and the first bar begins on a dot. Every bar is drawn INSET dots narrower
on each side: rasterisers that paint each dot a path touches would otherwise thicken it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from stockshop.documents.fonts import REGULAR, FontBook
from stockshop.documents.pdf import number
from stockshop.documents.symbols import CAPTION_PLACES, RANGES, Symbol, Symbology
from stockshop.documents.typesetting import CAP_HEIGHT, SMALLEST, Pen, width_of
from stockshop.errors import Refused
from stockshop.language import tr

INSET = 0.15
GUARD_X = 5
DIGIT_EM_X = 10.0
"""Size of the digits of EAN and UPC in X: 7.3 X high and 6.4 X wide, in their 7 X."""
_TEXT_MM = 2.2
_TEXT_MOST_MM = 4.0
_TEXT_EM_X = 9.0
"""Size of the text under Code 128 and the like: in X, and within so many mm."""
_BEARER_X = 2
_RUN = re.compile("1+")


@dataclass(frozen=True, slots=True)
class Sized:
    """A symbol at a definite size, in dots; quiet zones are part of its width."""

    symbol: Symbol
    x: int
    bars: int
    """Height of the bars, guards not counted; the side of a matrix."""
    below: int
    """Room under the bars for guards and text."""
    text_size: float

    @property
    def width(self) -> int:
        """Quiet zones included."""
        return self.symbol.modules * self.x

    @property
    def height(self) -> int:
        """Text included; a matrix has its quiet zone above and below too."""
        if self.symbol.is_matrix:
            return self.symbol.modules * self.x
        return self.bars + self.below


def sizes(symbol: Symbol, dots_per_mm: float, *, widest_x_mm: float | None = None) -> tuple[int, ...]:
    """The allowed X in dots, smallest first, up to `widest_x_mm`; never empty."""
    return _sizes(symbol.symbology, dots_per_mm, widest_x_mm)


@lru_cache(maxsize=64)
def _sizes(kind: Symbology, dots_per_mm: float, widest_x_mm: float | None) -> tuple[int, ...]:
    ranges = RANGES[kind]
    least = math.ceil(ranges.x_min_mm * dots_per_mm - 1e-6)
    most = math.floor(min(ranges.x_max_mm, widest_x_mm or ranges.x_max_mm) * dots_per_mm + 1e-6)
    return tuple(range(least, max(most, least) + 1))


def at_size(symbol: Symbol, x: int, bars: int, dots_per_mm: float, book: FontBook) -> Sized:
    """The symbol with modules of `x` dots and bars of `bars` dots."""
    if symbol.is_matrix or not symbol.captions:
        return Sized(symbol, x, bars, 0, 0)
    if symbol.guards:
        return Sized(symbol, x, bars, math.ceil((0.7 + CAP_HEIGHT * DIGIT_EM_X + 0.3) * x), DIGIT_EM_X * x)
    size = min(max(_TEXT_MM * dots_per_mm, _TEXT_EM_X * x), _TEXT_MOST_MM * dots_per_mm)
    room = len(symbol.rows[0]) * x
    natural = width_of(symbol.captions[0], size, book)
    size *= min(1.0, max(SMALLEST, room / natural))
    if natural * SMALLEST > room:
        # Long data in few bars: the quiet zones may hold text, though not bars.
        size *= min(1.0, symbol.modules * x / (natural * SMALLEST))
    return Sized(symbol, x, bars, math.ceil(size * 1.25), size)


def least_height(symbol: Symbol, x: int, dots_per_mm: float, book: FontBook) -> int:
    """Dots of height the symbol needs at this X."""
    if symbol.is_matrix:
        return symbol.modules * x
    bars = math.ceil(symbol.ranges.bars_min_mm * dots_per_mm)
    return at_size(symbol, x, bars, dots_per_mm, book).height


def too_wide(symbol: Symbol, dots_per_mm: float, have_dots: float) -> Refused:
    """What to tell a person when the label is too narrow."""
    need = symbol.modules * sizes(symbol, dots_per_mm)[0] / dots_per_mm
    values = {
        "symbol": symbol.symbology.label,
        "need": f"{need:.1f}",
        "have": f"{have_dots / dots_per_mm:.1f}",
    }
    if symbol.is_matrix:
        said = tr(
            "{symbol} needs {need} mm at this printer; this label has {have}: use a larger sheet, or print "
            "the number without bars.",
            **values,
        )
    else:
        said = tr(
            "{symbol} needs {need} mm at this printer; this label has {have}: use a larger sheet, print it "
            "as QR, or print the number without bars.",
            **values,
        )
    return Refused(said, field="sheet")


def too_low(symbol: Symbol, dots_per_mm: float, need_dots: float, have_dots: float) -> Refused:
    """What to tell a person when the label is not high enough."""
    said = tr(
        "{symbol} needs {need} mm of height at this printer; this label has {have}: use a larger sheet, or "
        "print the number without bars.",
        symbol=symbol.symbology.label,
        need=f"{need_dots / dots_per_mm:.1f}",
        have=f"{have_dots / dots_per_mm:.1f}",
    )
    return Refused(said, field="sheet")


def draw(sized: Sized, x: int, y: int, pen: Pen, book: FontBook) -> str:
    """Operators for the symbol with its lower left corner (quiet zone included) on dot `x`, `y`."""
    ranges = sized.symbol.ranges
    if sized.symbol.is_matrix:
        corner = f"1 0 0 1 {x + ranges.quiet_left * sized.x} {y + ranges.quiet_left * sized.x} cm"
        return f"q {corner}\n{' '.join(_matrix(sized))} f Q"
    corner = f"1 0 0 1 {x + ranges.quiet_left * sized.x} {y} cm"
    return f"q {corner}\n{_bars(sized)} f\n{_captions(sized, pen, book)}Q"


def _bars(sized: Sized) -> str:
    symbol, x = sized.symbol, sized.x
    strokes = _strokes(x, sized.below, sized.bars, symbol.guards)
    row, cuts = symbol.rows[0], symbol.cuts
    parts = [strokes[start, row[start:end]] for start, end in pairwise(cuts)]
    if symbol.bearers:
        whole, thick = len(row) * x - 2 * INSET, _BEARER_X * x - 2 * INSET
        for y in (sized.below, sized.below + sized.bars - _BEARER_X * x):
            parts.append(f"{INSET} {y + INSET} {whole:.2f} {thick:.2f} re")
    return "\n".join(parts)


class _Strokes(dict[tuple[int, str], str]):
    """The path of each character's bars by the module it begins on, for one size of symbol.

    Most labels of a job have the same size, so a character is put into words once.
    """

    def __init__(self, x: int, low: int, high: int, guards: tuple[tuple[int, int], ...]) -> None:
        super().__init__()
        self._x, self._guards = x, guards
        self._short, self._tall = (low, high), (low - GUARD_X * x, high + GUARD_X * x)

    def __missing__(self, key: tuple[int, str]) -> str:
        begin, modules = key
        parts = []
        for run in _RUN.finditer(modules):
            start, end = begin + run.start(), begin + run.end()
            guard = any(first <= start < last for first, last in self._guards)
            y, height = self._tall if guard else self._short
            left, wide = start * self._x + INSET, (end - start) * self._x - 2 * INSET
            parts.append(f"{left:.2f} {y} {wide:.1f} {height} re")
        path = self[key] = " ".join(parts)
        return path


@lru_cache(maxsize=64)
def _strokes(x: int, low: int, high: int, guards: tuple[tuple[int, int], ...]) -> _Strokes:
    return _Strokes(x, low, high, guards)


def _matrix(sized: Sized) -> Iterator[str]:
    """Rows of dark modules, and the seams where a dark module lies under another."""
    x, rows = sized.x, sized.symbol.rows
    count = len(rows)
    above = "0" * count
    for index, row in enumerate(rows):
        y = (count - 1 - index) * x
        for run in _RUN.finditer(row):
            start, end = run.span()
            left, wide = start * x + INSET, (end - start) * x - 2 * INSET
            yield f"{left:.2f} {y + INSET:.2f} {wide:.1f} {x - 2 * INSET:.1f} re"
        both = "".join("1" if top == here == "1" else "0" for top, here in zip(above, row, strict=True))
        for run in _RUN.finditer(both):
            start, end = run.span()
            left, wide = start * x + INSET, (end - start) * x - 2 * INSET
            yield f"{left:.2f} {y + x - INSET:.2f} {wide:.1f} {2 * INSET:.1f} re"
        above = row


def _captions(sized: Sized, pen: Pen, book: FontBook) -> str:
    symbol, size = sized.symbol, sized.text_size
    if symbol.guards:
        places = _digit_places(symbol.symbology, sized.x, sized.below, size, book)
    else:
        left = (len(symbol.rows[0]) * sized.x - width_of(symbol.captions[0], size, book)) / 2
        places = ((f"1 0 0 1 {number(left)} {number(sized.below - 0.98 * size)} Tm", number(size)),)
    shown = [
        f"{place} {pen.show(caption, text_size, REGULAR)}"
        for caption, (place, text_size) in zip(symbol.captions, places, strict=True)
    ]
    return f"BT {' '.join(shown)} ET "


@lru_cache(maxsize=64)
def _digit_places(
    kind: Symbology, x: int, below: int, text_size: float, book: FontBook
) -> tuple[tuple[str, str], ...]:
    """Spacing and position of each group of digits, and its size; digits are all equally wide."""
    baseline = below - 0.7 * x - CAP_HEIGHT * text_size
    places = []
    for caption in CAPTION_PLACES[kind]:
        size = text_size * (0.75 if caption.small else 1)
        digit = width_of("0", size, book)
        pitch = caption.modules * x / caption.digits
        gap = pitch - digit if caption.digits > 1 else 0.0
        left = caption.start * x + (pitch - digit) / 2
        places.append((f"{gap:.2f} Tc 1 0 0 1 {number(left)} {number(baseline)} Tm", number(size)))
    return tuple(places)
