"""How a page of a count sheet looks: head, table, foot. Lengths are millimetres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stockshop.documents.fonts import BOLD, REGULAR, FontBook
from stockshop.documents.page import CENTER, RIGHT, Page
from stockshop.documents.pdf import PdfFile
from stockshop.documents.symbols import Symbology, encode
from stockshop.language import mark, tr
from stockshop.quantity import plain, unit_sign

if TYPE_CHECKING:
    from stockshop.documents.count_sheets import CountSheet, CountSheetLine

LINE_MM = 8.0
"""Lines are at least this high, for writing by hand."""
LINES = 25
_MARGIN = 12.0
_HEAD = 31.0
_COLUMNS = 7.0
_FOOT = 13.0
_TEXT = 8.5
_SMALL = 6.5
_GAP = 2.0
_BOX = 14.0
"""Width of a box for a number."""


_TITLES = {
    "number": mark("No."),
    "bin": mark("Bin"),
    "sku": mark("SKU"),
    "name": mark("Product"),
    "unit": mark("Unit"),
    "book": mark("Book"),
}


@dataclass(frozen=True, slots=True)
class PageNumber:
    """The bars' text, and "page 2 of 7" of a sheet."""

    code: str
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class _Column:
    title: str
    x: float
    w: float
    align: float = 0.0


class CountDrawing:
    """Draws the pages of one sheet, whose columns fit its longest bin and SKU."""

    def __init__(self, pdf: PdfFile, book: FontBook, sheet: CountSheet, *, shows_book: bool) -> None:
        self._pdf, self._book, self._sheet = pdf, book, sheet
        self._shows_book = shows_book
        blank = Page(pdf, book)
        self._w = blank.w_mm - 2 * _MARGIN
        room = blank.h_mm - 2 * _MARGIN - _HEAD - _COLUMNS - _FOOT
        self.lines_per_page = min(LINES, int(room / LINE_MM))
        self._row = room / self.lines_per_page
        self._packs = any(line.pack_milli for line in sheet.lines)
        self._columns = self._layout(blank)

    def draw(self, rows: Sequence[CountSheetLine | None], number: PageNumber) -> tuple[list[str], list[str]]:
        """The operators of a page of rows (None is a blank line), and the SKUs of lines cut to fit."""
        page = Page(self._pdf, self._book)
        self._head(page, number)
        self._titles(page)
        cut = []
        y = _MARGIN + _HEAD + _COLUMNS
        first_blank = True
        for index, row in enumerate(rows):
            if index % 2:
                page.shade(_MARGIN, y, self._w, self._row)
            if row is None:
                self._blank(page, y, first_blank)
                first_blank = False
            elif self._line(page, y, row):
                cut.append(row.sku)
            y += self._row
        page.rule(_MARGIN, y, self._w, weight_pt=0.8)
        self._foot(page, number)
        return page.operators(), cut

    def _layout(self, page: Page) -> dict[str, _Column]:
        lines = self._sheet.lines

        def natural(texts: list[str], least: float, most: float) -> float:
            return min(max([least, *(page.width_mm(text, _TEXT) + 0.5 for text in texts)]), most)

        widths = {
            "number": natural([str(line.number) for line in lines[-1:]], 7, 14),
            "bin": natural([line.bin for line in lines], 12, 30),
            "sku": natural([line.sku for line in lines], 14, 32),
            "name": 0.0,
            "unit": natural([unit_sign(line.unit) for line in lines], 8, 16),
            "book": 16.0 if self._shows_book else 0.0,
            "counted": 2 * _BOX + 17 if self._packs else 26.0,
        }
        shown = [key for key, width in widths.items() if width or key == "name"]
        widths["name"] = self._w - 2 - sum(widths.values()) - _GAP * (len(shown) - 1)
        counted = tr("Counted: packs × content + singles") if self._packs else tr("Counted")
        titles = {**{key: tr(title) for key, title in _TITLES.items()}, "counted": counted}
        columns, x = {}, _MARGIN + 1
        for key in shown:
            align = RIGHT if key in ("number", "book") else 0.0
            columns[key] = _Column(titles[key], x, widths[key], align)
            x += widths[key] + _GAP
        return columns

    def _head(self, page: Page, number: PageNumber) -> None:
        sheet, x, y = self._sheet, _MARGIN, _MARGIN
        # ASCII up to 48 characters; whatever else a code may hold goes into a QR.
        kind = Symbology.CODE128 if number.code.isascii() and len(number.code) <= 30 else Symbology.QR
        page.symbol(encode(number.code, kind), x + self._w + 2, y, widest=80, bars_mm=9.5)
        left = self._w - 78
        page.text(sheet.shop, x, y, left, size_pt=9)
        page.text(sheet.zone, x, y + 5, left, size_pt=18, weight=BOLD)
        said = tr("Count {code} · printed {when}", code=sheet.count_code, when=sheet.printed_at)
        page.text(said, x, y + 14, left, size_pt=9)
        wide, top = 76.0, y + _HEAD - 13.5
        page.box(x + self._w - wide, top, wide, 10.5)
        page.text(tr("Counted at"), x + self._w - wide + 2, top + 1.6, 24, size_pt=_SMALL)
        page.text(tr("date"), x + self._w - wide + 28, top + 1.6, 20, size_pt=_SMALL)
        page.text(tr("time"), x + self._w - wide + 54, top + 1.6, 20, size_pt=_SMALL)
        said = tr("Count what is there, packs and loose pieces, and write 0 where there is nothing.")
        page.text(said, x, y + 21.5, self._w - wide - 6, size_pt=8, lines=2)

    def _titles(self, page: Page) -> None:
        y = _MARGIN + _HEAD
        for column in self._columns.values():
            page.text(column.title, column.x, y + 2.4, column.w, size_pt=7.5, weight=BOLD, align=column.align)
        page.rule(_MARGIN, y + _COLUMNS, self._w, weight_pt=1.2)

    def _line(self, page: Page, y: float, line: CountSheetLine) -> bool:
        """One product; tells whether some of its text was cut."""
        middle, columns = y + self._row / 2, self._columns
        cut = False
        texts = {"number": str(line.number), "bin": line.bin, "sku": line.sku, "unit": unit_sign(line.unit)}
        if self._shows_book and line.book_milli is not None:
            texts["book"] = plain(line.book_milli)
        for key, text in texts.items():
            column = columns[key]
            weight = BOLD if key == "bin" else REGULAR
            cut |= page.text(
                text,
                column.x,
                middle,
                column.w,
                size_pt=_TEXT,
                weight=weight,
                align=column.align,
                middle=True,
            )
        name = columns["name"]
        said = [tr("Lot {lot}", lot=line.lot)] if line.lot else []
        if line.expiry:
            said.append(tr("best before {date}", date=line.expiry))
        lot = " · ".join(said)
        if lot:
            cut |= page.text(line.name, name.x, middle - 1.6, name.w, size_pt=_TEXT, middle=True)
            cut |= page.text(lot, name.x, middle + 2.1, name.w, size_pt=_SMALL, middle=True)
        else:
            cut |= page.text(line.name, name.x, middle, name.w, size_pt=_TEXT, lines=2, middle=True)
        self._boxes(page, y, line.pack_milli)
        return cut

    def _boxes(self, page: Page, y: float, pack_milli: int | None) -> None:
        column = self._columns["counted"]
        top, high = y + 1, self._row - 2
        right = column.x + column.w
        if not self._packs:
            page.box(column.x, top, column.w, high)
            return
        if not pack_milli:
            page.box(right - 2 * _BOX, top, 2 * _BOX, high)
            return
        page.box(right - _BOX, top, _BOX, high)
        page.box(column.x, top, _BOX, high)
        page.text(
            f"× {plain(pack_milli)} +", column.x + _BOX + 0.5, y + self._row / 2, column.w - 2 * _BOX - 1,
            size_pt=_TEXT, align=CENTER, middle=True,
        )  # fmt: skip

    def _blank(self, page: Page, y: float, first: bool) -> None:
        """A line for what was found but is not listed."""
        for key in ("bin", "sku", "name", "unit"):
            column = self._columns[key]
            page.rule(column.x, y + self._row - 1.8, column.w, weight_pt=0.4)
        if first:
            column = self._columns["bin"]
            page.text(tr("Found, not listed:"), column.x, y + 1, 40, size_pt=_SMALL)
        self._boxes(page, y, None)

    def _foot(self, page: Page, number: PageNumber) -> None:
        y = page.h_mm - _MARGIN
        for said, x in ((tr("Counted by"), _MARGIN), (tr("Checked by"), _MARGIN + 71)):
            wide = min(page.width_mm(said, 8) + 2, 32)
            page.text(said, x, y - 2.2, wide, size_pt=8)
            page.rule(x + wide, y, 65 - wide)
        said = tr("Page {page} of {pages}", page=number.page, pages=number.pages)
        page.text(said, _MARGIN + self._w - 40, y - 2.2, 40, size_pt=8, align=RIGHT)
