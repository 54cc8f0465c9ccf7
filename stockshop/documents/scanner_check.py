"""The scanner check page: known codes to scan, so that the app can tell how the scanner is set up."""

from __future__ import annotations

from pathlib import Path

from stockshop.barcodes import GS
from stockshop.barcodes.scanner_check import CODES, CheckCode
from stockshop.documents import fonts
from stockshop.documents.fonts import BOLD, FontBook
from stockshop.documents.page import LEFT, Page
from stockshop.documents.pdf import PdfFile
from stockshop.documents.symbols import Symbol, Symbology, encode
from stockshop.errors import InvalidInput
from stockshop.language import tr

PAPERS_PT = {"A4": (595.2756, 841.8898), "Letter": (612.0, 792.0)}
_DPI = 300
_MARGIN = 15.0
_COLUMN_GAP = 10.0
_STEP = 28.0
"""From one row of bars to the next, in mm."""
_BARS = 12.0
_QR = 30.0

_START_B, _START_C, _TO_B, _TO_C, _FNC1, _STOP = 104, 105, 100, 99, 102, 106


def gs1_128(text: str) -> Symbol:
    """A GS1-128 for an element string, with GS where a separator is needed (General Specifications 5.4).

    Raises InvalidInput (a Gs1Error) for what is no element string.
    """
    from barcode.charsets import code128

    from stockshop.barcodes.gs1 import parse

    in_digits = _begins_with_digits(text, 0)
    values = [_START_C if in_digits else _START_B, _FNC1]
    at = 0
    while at < len(text):
        if text[at] == GS:
            values.append(_FNC1)
            at += 1
            continue
        if in_digits != _begins_with_digits(text, at, 2 if in_digits else 4):
            in_digits = not in_digits
            values.append(_TO_C if in_digits else _TO_B)
        if in_digits:
            values.append(int(text[at : at + 2]))
            at += 2
        else:
            values.append(ord(text[at]) - 32)
            at += 1
    check = values[0] + sum(place * value for place, value in enumerate(values[1:], 1))
    patterns = [code128.CODES[value] for value in (*values, check % 103)]
    readable = "".join(f"({name}){value}" for name, value in parse(text))
    return Symbol(Symbology.CODE128, text, ("".join(patterns) + code128.STOP + "11",), (readable,))


def _begins_with_digits(text: str, at: int, many: int = 4) -> bool:
    part = text[at : at + many]
    return len(part) == many and part.isascii() and part.isdigit()


def symbol_of(code: CheckCode) -> Symbol:
    """The bars of a code of the page."""
    if code.symbology == "gs1-128":
        return gs1_128(code.text)
    return encode(code.text, Symbology(code.symbology))


def write_scanner_check(path: Path | str, *, paper: str = "A4", book: FontBook | None = None) -> None:
    """Write the page. Raises InvalidInput for other paper than A4 and Letter, NotWritten."""
    if paper not in PAPERS_PT:
        raise InvalidInput(tr("The scanner check is printed on A4 or Letter paper."), field="paper")
    typeface = book or fonts.book()
    title = tr("Scanner check")
    pdf = PdfFile(*PAPERS_PT[paper], dpi=_DPI, title=title, book=typeface)
    page = Page(pdf, typeface)
    width = page.w_mm - 2 * _MARGIN
    page.text(title, _MARGIN, _MARGIN, width, size_pt=18, weight=BOLD)
    said = tr(
        "Open the scanner check in stockshop (Alt+K) and scan the codes, in any order. "
        "It says how the scanner is set up, and what to change."
    )
    page.text(said, _MARGIN, _MARGIN + 10, width, size_pt=10, lines=2)
    y = _MARGIN + 24
    y = _heading(page, y, tr("1  How the scanner types"))
    basic = [code for code in CODES if not code.is_line]
    y = _grid(page, y, basic)
    y = _heading(page, y + 2, tr("2  Every character: where the keyboard layout is wrong"))
    _grid(page, y, [code for code in CODES if code.is_line])
    pdf.add_page(page.operators())
    pdf.save(path)


def _heading(page: Page, y: float, text: str) -> float:
    width = page.w_mm - 2 * _MARGIN
    page.rule(_MARGIN, y, width)
    page.text(text, _MARGIN, y + 3, width, size_pt=12, weight=BOLD)
    return y + 12


def _grid(page: Page, y: float, codes: list[CheckCode]) -> float:
    """Codes in two columns, each with its name above it; the place below the last."""
    column = (page.w_mm - 2 * _MARGIN - _COLUMN_GAP) / 2
    for number, code in enumerate(codes):
        x = _MARGIN + number % 2 * (column + _COLUMN_GAP)
        top = y + number // 2 * _STEP
        symbol = symbol_of(code)
        page.text(tr(code.label), x, top, column, size_pt=9)
        if symbol.is_matrix:
            page.symbol(symbol, x, top + 3, widest=_QR, bars_mm=_BARS, align=LEFT)
        else:
            page.symbol(symbol, x, top + 4, widest=column, bars_mm=_BARS, align=LEFT)
    return y + (len(codes) + 1) // 2 * _STEP
