"""Count sheets: what to count, in walking order, with boxes to write in; blind unless told otherwise.

A blind sheet holds no book quantity anywhere in its file. Every page carries a bar code that opens it
on the entry screen, and its lines have the numbers they have there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from stockshop.documents import fonts
from stockshop.documents.count_drawing import CountDrawing, PageNumber
from stockshop.documents.fonts import FontBook, describe
from stockshop.documents.pdf import PdfFile, Progress, check_not_stopped
from stockshop.documents.typesetting import replace_missing as printed_instead
from stockshop.documents.typesetting import tidy
from stockshop.errors import InvalidInput
from stockshop.language import mark, tr, trn

PAPERS_PT = {"A4": (595.2756, 841.8898), "Letter": (612.0, 792.0)}
_DPI = 300
_TEXT_FIELDS = ("bin", "sku", "name", "unit", "lot", "expiry")
_HEAD_FIELDS = ("shop", "count_code", "zone", "printed_at", "sheet_code")


@dataclass(frozen=True, slots=True)
class CountSheetLine:
    """One product in one bin, to be counted."""

    number: int
    """As on the entry screen."""
    bin: str
    sku: str
    name: str
    unit: str = "each"
    pack_milli: int | None = None
    """Content of a full pack in thousandths of the unit; gives boxes for packs and for single pieces."""
    lot: str = ""
    expiry: str = ""
    book_milli: int | None = None
    """The book quantity; printed only when the sheet is not blind."""


@dataclass(frozen=True, slots=True)
class CountSheet:
    """The lines of one zone, in walking order."""

    shop: str
    count_code: str
    zone: str
    printed_at: str
    lines: tuple[CountSheetLine, ...]
    sheet_code: str = ""
    """The prenumbered code of this sheet; empty uses the count's."""


@dataclass(frozen=True, slots=True)
class CountSheetReport:
    """What became of the sheets."""

    pages: int
    lines: int
    page_codes: tuple[str, ...]
    """The code on each page, in order, so that every issued page can be accounted for."""
    cut: tuple[str, ...]
    """SKUs of lines whose text was shortened in the middle."""
    replaced: tuple[str, ...]
    """SKUs of lines in which "?" stands for characters no font has."""


class UnprintableLines(InvalidInput):
    """Lines hold characters no font can print; `skus` names them."""

    title = mark("Some names cannot be printed")

    def __init__(self, skus: Sequence[str], chars: str) -> None:
        what = describe(chars)
        if skus:
            said = trn(
                "{count} line ({skus}): no font on this computer can print {what}; install a font that has "
                "it, or let '?' be printed instead.",
                "{count} lines ({skus}): no font on this computer can print {what}; install a font that has "
                "it, or let '?' be printed instead.",
                len(skus), skus=", ".join(skus[:5]), what=what,
            )  # fmt: skip
        else:
            said = tr(
                "The head of the sheet: no font on this computer can print {what}; install a font that has "
                "it, or let '?' be printed instead.",
                what=what,
            )
        super().__init__(said)
        self.skus = tuple(skus)


def page_code(code: str, page: int) -> str:
    """What the bars on a page say: the sheet's code, a dot, the page's number under that code."""
    return f"{code}.{page}"


def write_count_sheets(
    path: Path | str,
    sheets: Sequence[CountSheet],
    *,
    paper: str = "A4",
    blind: bool = True,
    found_lines: int = 5,
    replace_missing: bool = False,
    book: FontBook | None = None,
    on_progress: Progress | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> CountSheetReport:
    """Write one PDF with the sheets of all zones, each beginning on a page of its own.

    `found_lines` blank lines at each sheet's end are for what was found but is not listed. Raises
    UnprintableLines (unless `replace_missing`), Stopped, NotWritten and InvalidInput.
    """
    if paper not in PAPERS_PT:
        raise InvalidInput(tr("Count sheets are printed on A4 or Letter paper."), field="paper")
    if not any(sheet.lines for sheet in sheets):
        raise InvalidInput(tr("There is nothing to count; choose a zone with products in it."), field="zone")
    typeface = book or fonts.book()
    cleaned, replaced = _printable(sheets, typeface, replace_missing, blind)
    pdf = PdfFile(
        *PAPERS_PT[paper],
        dpi=_DPI,
        title=tr("Count {code}", code=cleaned[0].count_code),
        subject=tr("Count sheets"),
        author=cleaned[0].shop,
        book=typeface,
    )
    total = sum(len(sheet.lines) for sheet in cleaned)
    done = 0
    numbers: Counter[str] = Counter()
    codes: list[str] = []
    cut: list[str] = []
    for sheet in cleaned:
        drawing = CountDrawing(pdf, typeface, sheet, shows_book=not blind)
        rows = [*sheet.lines, *[None] * _blanks(len(sheet.lines), drawing.lines_per_page, found_lines)]
        pages = range(0, len(rows), drawing.lines_per_page)
        for page, start in enumerate(pages, start=1):
            check_not_stopped(should_stop)
            code = sheet.sheet_code or sheet.count_code
            numbers[code] += 1
            codes.append(page_code(code, numbers[code]))
            shown = rows[start : start + drawing.lines_per_page]
            operators, shortened = drawing.draw(shown, PageNumber(codes[-1], page, len(pages)))
            pdf.add_page(operators)
            cut += shortened
            done += sum(row is not None for row in shown)
            if on_progress is not None:
                on_progress(done, total)
    pdf.save(path)
    return CountSheetReport(pdf.pages, total, tuple(codes), tuple(cut), replaced)


def _blanks(lines: int, per_page: int, wanted: int) -> int:
    """Blank lines: as many as wanted, but no page for the sake of a few more."""
    room = -lines % per_page
    return min(room, wanted) if room >= min(3, wanted) else wanted


def _printable(
    sheets: Sequence[CountSheet], book: FontBook, may_replace: bool, blind: bool
) -> tuple[list[CountSheet], tuple[str, ...]]:
    """The sheets with every text fit to print, and the SKUs whose text had to change for it.

    From a blind sheet the book quantities go here, before anything is drawn.
    """
    missing = ""
    changed: list[str] = []

    def clean(text: str) -> str:
        nonlocal missing
        tidied = tidy(text)
        if tidied.isascii():
            return tidied
        missing += book.missing(tidied)
        return printed_instead(tidied, book)

    cleaned = []
    for sheet in sheets:
        lines = []
        for line in sheet.lines:
            known = len(missing)
            fields: dict[str, Any] = {name: clean(getattr(line, name)) for name in _TEXT_FIELDS}
            if len(missing) > known:
                changed.append(fields["sku"])
            lines.append(replace(line, **fields, book_milli=None if blind else line.book_milli))
        head: dict[str, Any] = {name: clean(getattr(sheet, name)) for name in _HEAD_FIELDS}
        cleaned.append(replace(sheet, **head, lines=tuple(lines)))
    if missing and not may_replace:
        raise UnprintableLines(changed, "".join(dict.fromkeys(missing)))
    return cleaned, tuple(changed)
