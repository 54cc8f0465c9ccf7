"""A price as it is drawn: whole units large, cents smaller and raised where the country does so."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from stockshop.documents.fonts import BOLD, FontBook
from stockshop.documents.prices import PriceParts
from stockshop.documents.typesetting import CAP_HEIGHT, Piece, visual, width_of

_RAISED_SIZE = 0.52
_CURRENCY_SIZE = 0.36
_WORD_CURRENCY_SIZE = 0.5
_COMMA_DROP = 0.17
"""How far a comma hangs below the line, as a part of the size."""


@dataclass(frozen=True, slots=True)
class PriceShape:
    """A price at size 1, from its left end and baseline."""

    pieces: tuple[Piece, ...]
    width: float
    drop: float
    """How far it hangs below the baseline."""

    @property
    def height(self) -> float:
        """From the lowest ink to the top of the digits."""
        return CAP_HEIGHT + self.drop

    def size_for(self, width: float) -> float:
        """The size at which it fills `width`."""
        return max(width, 0.0) / self.width

    def at(self, size: float, left: float, baseline: float) -> list[Piece]:
        """Its parts at a size and place."""
        return [
            Piece(
                left + piece.x * size, baseline + piece.y * size, piece.size * size, piece.weight, piece.line
            )
            for piece in self.pieces
        ]


@lru_cache(maxsize=4096)
def shape_price(price: PriceParts, book: FontBook) -> PriceShape:
    """The drawing of a price."""
    pieces: list[Piece] = []

    def put(text: str, x: float, part: float, lift: float = 0.0) -> float:
        line = visual(text, book)
        pieces.append(Piece(x, lift, part, BOLD, line))
        return x + width_of(line, part, book, BOLD)

    x = 0.0
    lift = CAP_HEIGHT * (1 - _RAISED_SIZE)
    before, after = price.before.strip(), price.after.strip()
    if before and price.raised:
        x = put(before, x, _RAISED_SIZE, lift) + 0.04
    elif before:
        sign = len(before) == 1
        x = put(before, x, 1.0 if sign else _WORD_CURRENCY_SIZE) + (0.04 if sign else 0.12)
    if price.raised:
        x = put(price.whole + price.mark, x, 1.0)
        end = put(price.fraction, x, _RAISED_SIZE, lift)
        # The currency stands under the cents.
        end = max(end, put(after, x, _CURRENCY_SIZE)) if after else end
    else:
        end = put(price.whole + price.mark + price.fraction, x, 1.0)
        end = put(after, end + 0.12, _WORD_CURRENCY_SIZE) if after else end
    return PriceShape(tuple(pieces), end, _COMMA_DROP if "," in price.text else 0.0)


def shape_word(word: str, book: FontBook) -> PriceShape:
    """A word that stands where a price would, in the same weight."""
    line = visual(word, book)
    return PriceShape((Piece(0.0, 0.0, 1.0, BOLD, line),), width_of(line, 1.0, book, BOLD), 0.0)
