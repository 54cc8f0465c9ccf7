"""Drawing on a page of paper in millimetres from its top left corner: text, rules, boxes and bars."""

from __future__ import annotations

from stockshop.documents.fonts import REGULAR, FontBook
from stockshop.documents.pdf import PdfFile, number
from stockshop.documents.sheets import MM
from stockshop.documents.symbol_shapes import at_size, draw, sizes
from stockshop.documents.symbols import Symbol
from stockshop.documents.typesetting import CAP_HEIGHT, LINE_HEIGHT, fit, width_of

LEFT, CENTER, RIGHT = 0.0, 0.5, 1.0
_POINT_MM = 1 / MM


class Page:
    """Collects one page's operators; black only, with at most a light grey behind."""

    def __init__(self, pdf: PdfFile, book: FontBook) -> None:
        self._pdf, self._book = pdf, book
        self._per_mm = pdf.dots_per_pt * MM
        self.w_mm = pdf.w_dots / self._per_mm
        self.h_mm = pdf.h_dots / self._per_mm
        self._behind: list[str] = []
        self._lines: list[str] = []
        self._text: list[str] = []
        self._symbols: list[str] = []

    def operators(self) -> list[str]:
        """Everything drawn, in an order in which nothing hides anything."""
        text = f"BT {' '.join(self._text)} ET" if self._text else ""
        return [*self._behind, *self._lines, text, *self._symbols]

    def shade(self, x: float, y: float, w: float, h: float, *, grey: float = 0.92) -> None:
        """A filled rectangle behind everything."""
        self._behind.append(f"{grey} g {self._rect(x, y, w, h)} f 0 g")

    def box(self, x: float, y: float, w: float, h: float, *, weight_pt: float = 0.6) -> None:
        """An empty white box to write in."""
        self._lines.append(f"1 g {weight_pt * self._pdf.dots_per_pt:.1f} w {self._rect(x, y, w, h)} B 0 g")

    def rule(self, x: float, y: float, w: float, *, weight_pt: float = 0.5) -> None:
        """A horizontal line."""
        left, right, at = self._x(x), self._x(x + w), self._y(y)
        self._lines.append(
            f"{weight_pt * self._pdf.dots_per_pt:.1f} w {left:.1f} {at:.1f} m {right:.1f} {at:.1f} l S"
        )

    def text(
        self,
        text: str,
        x: float,
        y: float,
        width: float,
        *,
        size_pt: float,
        weight: str = REGULAR,
        align: float = LEFT,
        lines: int = 1,
        middle: bool = False,
    ) -> bool:
        """Text in a column from `x` on, its first line's capitals beginning at `y`, or centred on it.

        It shrinks to 70 %, takes `lines` lines, and is cut in the middle at last; returns whether it was.
        """
        if not text:
            return False
        size = size_pt * self._pdf.dots_per_pt
        fitted = fit(text, size=size, width=width * self._per_mm, book=self._book, lines=lines, weight=weight)
        step = fitted.size * LINE_HEIGHT
        top = self._y(y)
        if middle:
            top += (CAP_HEIGHT * fitted.size + (len(fitted.lines) - 1) * step) / 2
        baseline = top - CAP_HEIGHT * fitted.size
        side = RIGHT if fitted.rtl and align == LEFT else align
        for line in fitted.lines:
            spare = width * self._per_mm - width_of(line, fitted.size, self._book, weight)
            place = f"1 0 0 1 {number(self._x(x) + spare * side)} {number(baseline)} Tm"
            self._text.append(f"{place} {self._pdf.pen.show(line, number(fitted.size), weight)}")
            baseline -= step
        return fitted.cut

    def width_mm(self, text: str, size_pt: float, weight: str = REGULAR) -> float:
        """How wide a text would be."""
        return width_of(text, size_pt, self._book, weight) * _POINT_MM

    def symbol(
        self, symbol: Symbol, at: float, y: float, *, widest: float, bars_mm: float, align: float = RIGHT
    ) -> None:
        """Bars ending (with their quiet zone) at `at`, their upper end at `y`, at most `widest` wide.

        With another `align` they begin there, or have their middle there.
        """
        fitting = [
            x
            for x in sizes(symbol, self._per_mm, widest_x_mm=0.40)
            if symbol.modules * x <= widest * self._per_mm
        ]
        x = fitting[-1] if fitting else sizes(symbol, self._per_mm)[0]
        sized = at_size(symbol, x, round(bars_mm * self._per_mm), self._per_mm, self._book)
        left = round(self._x(at) - sized.width * align)
        bottom = round(self._y(y)) - sized.height
        self._symbols.append(draw(sized, left, bottom, self._pdf.pen, self._book))

    def _x(self, x_mm: float) -> float:
        return x_mm * self._per_mm

    def _y(self, y_mm: float) -> float:
        return self._pdf.h_dots - y_mm * self._per_mm

    def _rect(self, x: float, y: float, w: float, h: float) -> str:
        return f"{self._x(x):.1f} {self._y(y + h):.1f} {w * self._per_mm:.1f} {h * self._per_mm:.1f} re"
