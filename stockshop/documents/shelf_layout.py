"""Where everything stands on a shelf label, whatever its size.

Wide labels have the name above, the symbol at the left and the price at the right; low strips have
name and price together beside the symbol; others are stacked, symbol below. The price dominates. All
numbers are dots from the label's lower left corner.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from stockshop.documents.fonts import BOLD, REGULAR, FontBook
from stockshop.documents.price_shape import PriceShape
from stockshop.documents.symbol_shapes import Sized, at_size, least_height, sizes, too_low, too_wide
from stockshop.documents.symbols import Symbol
from stockshop.documents.typesetting import (
    CAP_HEIGHT,
    DESCENT,
    LINE_HEIGHT,
    SMALLEST,
    Fitted,
    Piece,
    fit,
    width_of,
)
from stockshop.errors import Refused

_PRICE_DUE = 0.33
"""Beside a symbol, the price has at least this part of its height as size; else it goes above it."""
_SHARED_DROP = 0.6
"""The gap under a row holds the rest of its comma."""
_PRICE_LEAST = 0.1
"""Where it cannot go above, this much must do."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a label says, already put into words; `symbol` None prints no bars."""

    name: str
    price: PriceShape | None
    unit_price: str
    details: tuple[str, ...]
    """Small print, the dispensable first."""
    symbol: Symbol | None


@dataclass(slots=True)
class Layout:
    """A finished label: its text, its symbol and where that stands."""

    pieces: list[Piece] = field(default_factory=list)
    symbol: Sized | None = None
    symbol_x: int = 0
    symbol_y: int = 0
    cut: list[str] = field(default_factory=list)
    """Names of the fields that were cut to fit."""


@dataclass(frozen=True, slots=True)
class _Box:
    x: float
    y: float
    w: float
    h: float

    @property
    def top(self) -> float:
        return self.y + self.h


class Composer:
    """Lays out labels of one size, for one printer."""

    def __init__(self, w: float, h: float, dots_per_mm: float, book: FontBook) -> None:
        self._w, self._h, self._mm, self._book = w, h, dots_per_mm, book
        self._pt = dots_per_mm * 25.4 / 72
        w_mm, h_mm = w / dots_per_mm, h / dots_per_mm
        pad = min(max(0.06 * min(w_mm, h_mm), 1.1), 4.0) * dots_per_mm
        self._pad = min(pad, 0.1 * min(w, h))
        self._known: dict[tuple[str, float, float, float], Sized] = {}
        self._gap = 0.6 * self._pad
        self._inner = _Box(self._pad, self._pad, w - 2 * self._pad, h - 2 * self._pad)
        # Reading sizes grow with the label, but slower: 6.5 pt on 21 mm, 8 on 25, 12 on 38.
        base = min(0.31 * h_mm, 0.2 * w_mm + 0.5)
        self._name_size = min(max(base, 5.0 if h_mm < 18 else 6.5), 24.0) * self._pt
        self._unit_size = min(max(0.72 * self._name_size, 5.2 * self._pt), 20 * self._pt)
        self._small_size = min(max(0.58 * self._name_size, 4.6 * self._pt), 14 * self._pt)
        # Nobody reads less than 4.5 points on a shelf.
        self._least_ratio = min(max(SMALLEST, 4.5 * self._pt / self._name_size), 1.0)

    def compose(self, facts: Facts) -> Layout:
        """The label. Raises Refused when its symbol does not fit."""
        if facts.symbol is None:
            return self._stacked(facts, None)
        symbol = facts.symbol
        attempts: list[Callable[[], Layout]] = [lambda: self._stack(facts, symbol)]
        if self._w >= 1.25 * self._h:
            attempts = [
                lambda: self._side(facts, symbol, _PRICE_DUE),
                lambda: self._strip(facts, symbol, _PRICE_DUE),
                *attempts,
                lambda: self._side(facts, symbol, _PRICE_LEAST),
                lambda: self._strip(facts, symbol, _PRICE_LEAST),
            ]
        for attempt in attempts:
            with suppress(Refused):
                return attempt()
        # What a stack needs is what any label needs: its reason is the one to tell.
        return self._stack(facts, symbol)

    # The three arrangements.

    def _side(self, facts: Facts, symbol: Symbol, due: float) -> Layout:
        """Name above, symbol left, price right."""
        least = self._least_bars(symbol)
        inner = self._inner
        name = self._name(facts, inner.w, inner.h - self._gap - least)
        zone = _Box(inner.x, inner.y, inner.w, inner.h - self._block(name) - self._gap)
        if zone.h < least or zone.h < 0.42 * inner.h:
            raise too_low(symbol, self._mm, least, zone.h)
        sized = self._beside(facts, symbol, zone.h, due)
        layout = Layout()
        self._put_name(layout, name, inner, "left")
        self._beside_symbol(layout, facts, sized, zone)
        return layout

    def _strip(self, facts: Facts, symbol: Symbol, due: float) -> Layout:
        """Symbol over the whole height at the left, name and price beside it."""
        inner = self._inner
        if inner.h < self._least_bars(symbol):
            raise too_low(symbol, self._mm, self._least_bars(symbol) + 2 * self._pad, self._h)
        sized = self._beside(facts, symbol, inner.h, due)
        left = self._symbol_left(sized) + sized.width + 0.3 * self._gap
        column = _Box(left, inner.y, inner.x + inner.w - left, inner.h)
        layout = Layout()
        name = self._name(facts, column.w, 0.4 * inner.h)
        self._put_name(layout, name, column, "right")
        self._beside_symbol(
            layout,
            facts,
            sized,
            _Box(inner.x, inner.y, inner.w, inner.h),
            top=self._block(name) + 0.5 * self._gap,
        )
        return layout

    def _stack(self, facts: Facts, symbol: Symbol) -> Layout:
        """Name, price, symbol, one above the other."""
        # Quiet zones are white like the margin: they may share it, but not the label's very edge.
        room = self._w - 0.4 * self._mm
        fitting = [
            x
            for x in sizes(symbol, self._mm, widest_x_mm=self._widest_x_mm(facts, symbol))
            if symbol.modules * x <= room
        ]
        if not fitting:
            raise too_wide(symbol, self._mm, self._w)
        share = 0.5 if facts.price is not None else 0.75
        for x in reversed(fitting):
            need = least_height(symbol, x, self._mm, self._book)
            if symbol.is_matrix and x > fitting[0] and need > share * self._inner.h:
                continue
            if need <= self._inner.h - self._least_text(facts):
                return self._stacked(facts, self._grown(symbol, x, share))
        need = least_height(symbol, fitting[0], self._mm, self._book)
        raise too_low(symbol, self._mm, need + self._least_text(facts) + 2 * self._pad, self._h)

    def _stacked(self, facts: Facts, sized: Sized | None) -> Layout:
        inner, layout = self._inner, Layout()
        foot = sized.height + self._gap if sized else 0
        room = inner.h - foot
        price_room = (0.0 if facts.price is None else max(0.4 * room, self._least_price)) + self._gap
        name = self._name(facts, inner.w, room - price_room)
        self._put_name(layout, name, inner, "center")
        row = _Box(inner.x, inner.y + foot, inner.w, room - self._block(name) - self._gap)
        if sized is not None:
            layout.symbol = sized
            layout.symbol_x = round((self._w - sized.width) / 2)
            layout.symbol_y = round(inner.y)
        if facts.price is None:
            self._put_small_print(layout, self._small_print(facts, row.w), row, "center")
        elif self._size_above(facts, facts.price, row) >= self._size_beside(facts, facts.price, row):
            self._price_above_lines(layout, facts, facts.price, row)
        else:
            self._price_beside_lines(layout, facts, facts.price, row)
        return layout

    # Parts of an arrangement.

    def _beside_symbol(self, layout: Layout, facts: Facts, sized: Sized, zone: _Box, top: float = 0) -> None:
        """The symbol in the lower left of the zone; price and lines in what is right of it."""
        layout.symbol = sized
        layout.symbol_x, layout.symbol_y = self._symbol_left(sized), round(zone.y)
        left = layout.symbol_x + sized.width + 0.3 * self._gap
        column = _Box(left, zone.y, zone.x + zone.w - left, zone.h - top)
        baseline = column.y
        for said, line in reversed(self._small_print(facts, column.w)):
            if column.top - baseline - line.size * LINE_HEIGHT < (self._least_price if facts.price else 0):
                layout.cut.append(said)
                continue
            self._put_lines(layout, line, column.x, baseline + line.size, column.w, "right", REGULAR)
            baseline += line.size * LINE_HEIGHT
        if facts.price is not None:
            if baseline > column.y:
                baseline += 0.12 * self._unit_size
            room = column.top - baseline
            by_height = room / facts.price.height * 0.94
            size = min(by_height, facts.price.size_for(column.w), 0.62 * self._h)
            baseline += facts.price.drop * size
            lift = (column.top - baseline - CAP_HEIGHT * size) / 2
            left = column.x + column.w - facts.price.width * size
            layout.pieces += facts.price.at(size, left, baseline + lift)

    def _size_above(self, facts: Facts, price: PriceShape, row: _Box) -> float:
        """The price's size when the small print is under it."""
        foot = sum(line.size for _, line in self._small_print(facts, row.w)) * LINE_HEIGHT
        room = row.h - foot - self._gap
        return min(0.85 * room / price.height, price.size_for(0.92 * row.w), 0.5 * self._h)

    def _size_beside(self, facts: Facts, price: PriceShape, row: _Box) -> float:
        """The price's size when the small print is left of it."""
        by_height = row.h / (CAP_HEIGHT + _SHARED_DROP * price.drop) * 0.97
        share = 0.6 if facts.unit_price or facts.details else 1.0
        return min(by_height, price.size_for(share * row.w), 0.5 * self._h)

    def _price_above_lines(self, layout: Layout, facts: Facts, price: PriceShape, row: _Box) -> None:
        lines = self._small_print(facts, row.w)
        foot = sum(line.size for _, line in lines) * LINE_HEIGHT
        size = self._size_above(facts, price, row)
        spare = max(row.h - foot - price.height * size, 0)
        baseline = row.y + foot + 0.5 * spare + price.drop * size
        wide = price.width * size
        layout.pieces += price.at(size, row.x + (row.w - wide) / 2, baseline)
        self._put_small_print(layout, lines, _Box(row.x, row.y + 0.2 * spare, row.w, foot), "center")

    def _price_beside_lines(self, layout: Layout, facts: Facts, price: PriceShape, row: _Box) -> None:
        some = bool(facts.unit_price or facts.details)
        drop = _SHARED_DROP * price.drop
        size = self._size_beside(facts, price, row)
        wide = price.width * size
        lift = drop * size + (row.h - (CAP_HEIGHT + drop) * size) / 2
        layout.pieces += price.at(size, row.x + (row.w - wide) * (1.0 if some else 0.5), row.y + lift)
        room = row.w - wide - self._gap
        lines = self._small_print(facts, room)
        while lines and sum(line.size for _, line in lines) * (1.05 if len(lines) > 1 else 0.9) > row.h:
            layout.cut.append(lines.pop()[0])
        tall = sum(line.size for _, line in lines) * LINE_HEIGHT
        self._put_small_print(layout, lines, _Box(row.x, row.y + (row.h - tall) / 2, room, tall), "left")

    def _put_small_print(
        self, layout: Layout, lines: list[tuple[str, Fitted]], box: _Box, align: str
    ) -> None:
        """The lines from the top of the box; those that do not fit it are left out and noted."""
        top = box.top
        for said, line in lines:
            if top - 0.9 * line.size < box.y - 0.2 * line.size:
                layout.cut.append(said)
                continue
            self._put_lines(layout, line, box.x, top, box.w, align, REGULAR)
            top -= line.size * LINE_HEIGHT

    # Sizes.

    def _widest_x_mm(self, facts: Facts, symbol: Symbol) -> float:
        if symbol.is_matrix:
            return 0.5 if facts.price is not None else 0.8
        return 0.40 if self._w < 80 * self._mm else 0.52

    @property
    def _least_price(self) -> float:
        return min(3.1 * self._mm, 0.25 * self._inner.h)

    def _least_text(self, facts: Facts) -> float:
        name = self._name_size * LINE_HEIGHT * 0.85 if facts.name else 0
        return name + self._gap + (self._least_price + self._gap if facts.price is not None else 0)

    def _least_bars(self, symbol: Symbol) -> float:
        return least_height(symbol, sizes(symbol, self._mm)[0], self._mm, self._book)

    def _beside(self, facts: Facts, symbol: Symbol, height: float, due: float) -> Sized:
        """The symbol as large as leaves the price its due; raises Refused when it takes too much."""
        if not symbol.guards:
            return self._fitted(facts, symbol, height, due)
        # All EAN-13 are alike but for their bars: most labels of a job ask the same question.
        key = (symbol.symbology, height, due, facts.price.width if facts.price else 0.0)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._fitted(facts, symbol, height, due)
        return replace(known, symbol=symbol)

    def _fitted(self, facts: Facts, symbol: Symbol, height: float, due: float) -> Sized:
        share = 0.62 if facts.price is not None and due > _PRICE_LEAST else 0.78
        chosen: Sized | None = None
        possible = 0.0
        for x in reversed(sizes(symbol, self._mm, widest_x_mm=self._widest_x_mm(facts, symbol))):
            width = symbol.modules * x
            if width > share * self._w or least_height(symbol, x, self._mm, self._book) > height:
                continue
            chosen = self._filled(symbol, x, height)
            if facts.price is None:
                return chosen
            column = self._inner.x + self._inner.w - self._symbol_left(chosen) - width - 0.3 * self._gap
            possible = facts.price.size_for(column)
            if possible >= 0.55 * min(height, 25 * self._mm):
                return chosen
        if chosen is None or possible < due * min(height, 12 * self._mm):
            raise too_wide(symbol, self._mm, self._w)
        return chosen

    def _filled(self, symbol: Symbol, x: int, height: float) -> Sized:
        below = at_size(symbol, x, 0, self._mm, self._book).below
        bars = min(height - below, symbol.ranges.bars_target_mm * self._mm)
        return at_size(symbol, x, int(bars), self._mm, self._book)

    def _grown(self, symbol: Symbol, x: int, share: float) -> Sized:
        least = least_height(symbol, x, self._mm, self._book)
        return self._filled(symbol, x, max(least, share * self._inner.h))

    def _symbol_left(self, sized: Sized) -> int:
        """The symbol begins where its first ink stands in line with the text, but inside the label."""
        return round(max(self._pad - sized.symbol.white_left * sized.x, 0.4 * self._mm))

    def _name(self, facts: Facts, width: float, height: float) -> Fitted:
        """The name in as many lines as `height` allows, at the most three on large labels."""
        return fit(
            facts.name,
            size=self._name_size,
            width=width,
            height=height,
            book=self._book,
            lines=3 if self._h > 45 * self._mm else 2,
            weight=BOLD,
            least=self._least_ratio,
        )

    def _small_print(self, facts: Facts, width: float) -> list[tuple[str, Fitted]]:
        """The price per unit and as many of the details as have room, each with its field's name."""
        lines = []
        if facts.unit_price:
            lines.append(
                ("unit price", fit(facts.unit_price, size=self._unit_size, width=width, book=self._book))
            )
        for first in range(len(facts.details)):
            line = fit(" · ".join(facts.details[first:]), size=self._small_size, width=width, book=self._book)
            if not line.cut or first == len(facts.details) - 1:
                lines.append(("details", line))
                break
        return lines

    def _block(self, lines: Fitted) -> float:
        return len([line for line in lines.lines if line]) * lines.size * LINE_HEIGHT

    # Ink.

    def _put_name(self, layout: Layout, name: Fitted, box: _Box, align: str) -> None:
        if name.cut:
            layout.cut.append("name")
        self._put_lines(layout, name, box.x, box.top, box.w, align, BOLD)

    def _put_lines(
        self, layout: Layout, block: Fitted, x: float, top: float, width: float, align: str, weight: str
    ) -> None:
        """Lines of text below `top`; a name that runs from right to left hangs on the right."""
        baseline = top - (1 - DESCENT) * block.size
        side = "right" if block.rtl and align == "left" else align
        for line in block.lines:
            if line:
                spare = width - width_of(line, block.size, self._book, weight)
                left = x + spare * {"left": 0.0, "center": 0.5, "right": 1.0}[side]
                layout.pieces.append(Piece(left, baseline, block.size, weight, line))
            baseline -= block.size * LINE_HEIGHT
