"""Shelf labels on a sheet or roll, as a PDF that prints to the dot.

What does not fit, or holds characters no font can print, is found before a file appears: the whole
job is refused with every reason, unless the caller says what to do about it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from stockshop.documents import fonts
from stockshop.documents.fonts import FontBook, describe
from stockshop.documents.pdf import PdfFile, Progress, check_not_stopped, number, true_dpi
from stockshop.documents.price_shape import PriceShape, shape_price, shape_word
from stockshop.documents.prices import price_parts, unit_price
from stockshop.documents.sheets import MM, LabelSheet
from stockshop.documents.shelf_layout import Composer, Facts, Layout
from stockshop.documents.symbol_shapes import draw
from stockshop.documents.symbols import Symbol, Symbology, encode
from stockshop.documents.typesetting import replace_missing, tidy
from stockshop.errors import InvalidInput, Refused, ShopError
from stockshop.language import mark, tr, trn

_NAMED_TROUBLES = 3


@dataclass(frozen=True, slots=True)
class ShelfLabel:
    """The facts of one label. Numbers are integers: minor units of the currency, thousandths of the unit."""

    name: str
    sku: str
    code: str = ""
    """What the symbol holds, normally a barcode of the product; empty prints no symbol."""
    price_minor: int | None = None
    currency: str = "EUR"
    locale: str = "en_GB"
    unit: str = "each"
    net_content_milli: int | None = None
    """How much is in one piece, for the price per kilogram or litre; None where that says nothing."""
    net_content_unit: str = ""
    tax_note: str = ""
    symbology: Symbology | None = None
    """None chooses from the code."""
    bars: bool = True
    """False prints the code as text only."""
    headline: str = ""
    """Printed in place of the price, as large: the code of a bin, to be read from afar."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One label that cannot be printed as it is, or was changed to be printed."""

    index: int
    """Position in the list of labels, from 0."""
    sku: str
    name: str
    field: str
    why: str


@dataclass(frozen=True, slots=True)
class LabelReport:
    """What became of a job."""

    printed: int
    """Labels in the file, copies included."""
    pages: int
    next_start: int
    """The first unused cell of the last page; 1 when that page is full."""
    cut: tuple[Trouble, ...] = ()
    """Names shortened in the middle."""
    replaced: tuple[Trouble, ...] = ()
    """Texts in which "?" stands for characters no font has."""
    refused: tuple[Trouble, ...] = ()
    """Labels left out."""


class LabelsRefused(Refused):
    """The job was refused as a whole; `troubles` names every label and its reason."""

    title = mark("These labels cannot be printed")

    def __init__(self, troubles: Sequence[Trouble], total: int) -> None:
        named = "; ".join(f"{item.name or item.sku}: {item.why}" for item in troubles[:_NAMED_TROUBLES])
        if len(troubles) > _NAMED_TROUBLES:
            named = tr("{named} (and {count} more)", named=named, count=len(troubles) - _NAMED_TROUBLES)
        said = trn(
            "{bad} of {count} label cannot be printed. {named}",
            "{bad} of {count} labels cannot be printed. {named}",
            total, bad=len(troubles), named=named,
        )  # fmt: skip
        super().__init__(said)
        self.troubles = tuple(troubles)


class LabelMaker:
    """Turns labels into operators for one cell of a sheet; cells begin on whole dots."""

    def __init__(self, sheet: LabelSheet, *, dpi: int, book: FontBook, replace_missing: bool = False) -> None:
        sheet.check()
        self._dots = true_dpi(dpi) / 72
        self._dots_per_mm = self._dots * MM
        self._book = book
        self._replace = replace_missing
        area = sheet.usable
        w, h = int(area.w_pt * self._dots), int(area.h_pt * self._dots)
        # A narrow roll runs along its labels: they are read with the roll turned.
        self._turned = h >= 1.6 * w and w < 45 * self._dots_per_mm
        self._composers = {
            False: Composer(w, h, self._dots_per_mm, book),
            True: Composer(h, w, self._dots_per_mm, book),
        }
        self._width = w

    def place(self, label: ShelfLabel) -> tuple[Layout, bool, tuple[str, str] | None]:
        """The layout, whether it is turned by 90 degrees, and (field, characters) that were replaced.

        Raises Refused or InvalidInput when the label cannot be printed.
        """
        facts, replaced = self._facts(label)
        try:
            return self._compose(facts), self._last_turned, replaced
        except Refused:
            substitute = self._substitute(label, facts)
            if substitute is None:
                raise
            return self._compose(substitute), self._last_turned, replaced

    _last_turned = False

    def _compose(self, facts: Facts) -> Layout:
        """The natural way round first, then turned; the natural way's reason is the one told."""
        reason: Refused | None = None
        for turned in (self._turned, not self._turned):
            try:
                layout = self._composers[turned].compose(facts)
            except Refused as refusal:
                reason = reason or refusal
            else:
                self._last_turned = turned
                return layout
        assert reason is not None
        raise reason

    @staticmethod
    def _substitute(label: ShelfLabel, facts: Facts) -> Facts | None:
        """A case number chosen by us, not by the user, may be narrower bars with the same digits."""
        if label.symbology is None and facts.symbol is not None and facts.symbol.symbology is Symbology.ITF14:
            return replace(facts, symbol=encode(facts.symbol.content, Symbology.CODE128))
        return None

    def _facts(self, label: ShelfLabel) -> tuple[Facts, tuple[str, str] | None]:
        name, name_missing = self._text(label.name)
        code = label.code
        symbol: Symbol | None = encode(code, label.symbology) if code and label.bars else None
        price, per_unit = _priced(label, self._book)
        if label.headline:
            price, per_unit = shape_word(self._text(label.headline)[0], self._book), ""
        details = [tidy(label.sku)] if label.sku and label.sku != code else []
        if code and symbol is None:
            details.append(tidy(code))
        if symbol is not None and symbol.is_matrix and len(code) <= 30 and not self._book.missing(tidy(code)):
            details.append(tidy(code))
        if label.tax_note:
            details.append(tidy(label.tax_note))
        said = [self._text(detail) for detail in dict.fromkeys(details)]
        missing = "".join(found for _, found in said)
        replaced = ("name", name_missing) if name_missing else ("sku", missing) if missing else None
        return Facts(name, price, per_unit, tuple(text for text, _ in said if text), symbol), replaced

    def _text(self, text: str) -> tuple[str, str]:
        """The text as it can be printed and the characters replaced in it. Raises InvalidInput."""
        tidied = tidy(text)
        if tidied.isascii():
            return tidied, ""
        missing = self._book.missing(tidied)
        if not missing:
            return tidied, ""
        if not self._replace:
            raise InvalidInput(
                tr(
                    "No font on this computer can print {what}; install a font that has it, give a short "
                    "label name, or let '?' be printed instead.",
                    what=describe(missing),
                ),
                field="name",
            )
        return replace_missing(tidied, self._book), missing


def _priced(label: ShelfLabel, book: FontBook) -> tuple[PriceShape | None, str]:
    """The price to draw and the price per unit to say."""
    if label.price_minor is None:
        return None, ""
    return _priced_once(
        label.price_minor,
        label.currency,
        label.locale,
        label.unit,
        label.net_content_milli,
        label.net_content_unit,
        book,
    )


@lru_cache(maxsize=4096)
def _priced_once(
    price_minor: int,
    currency: str,
    locale: str,
    unit: str,
    net_content_milli: int | None,
    net_content_unit: str,
    book: FontBook,
) -> tuple[PriceShape, str]:
    parts = price_parts(price_minor, currency, locale)
    per_unit = unit_price(price_minor, currency, locale, unit, net_content_milli, net_content_unit)
    if book.missing(parts.text):
        # A currency sign no font has: its three letters say the same.
        sign = (parts.before + parts.after).strip()
        parts = replace(parts, before="", after=f" {currency}", raised=False)
        per_unit = per_unit.replace(sign, currency)
    return shape_price(parts, book), per_unit


def write_labels(
    path: Path | str,
    labels: Sequence[ShelfLabel],
    sheet: LabelSheet,
    *,
    dpi: int | None = None,
    start: int = 1,
    copies: int | Sequence[int] = 1,
    title: str = "Shelf labels",
    author: str = "",
    skip_refused: bool = False,
    replace_missing: bool = False,
    frames: bool = False,
    book: FontBook | None = None,
    on_progress: Progress | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> LabelReport:
    """Write `labels` to a PDF, beginning on cell `start` (from 1, in reading order) of the first page.

    `dpi` is the printer's resolution (default: the sheet's). `copies` is a number for all or one per
    label. `skip_refused` leaves out what cannot be printed and `replace_missing` prints "?" for
    characters no font has; otherwise either raises LabelsRefused with all of them, and no file
    appears. `frames` draws the cells' edges. Raises Stopped, NotWritten, InvalidInput and Refused.
    """
    counts = _counts(labels, sheet, start, copies)
    resolution = dpi or sheet.dpi
    typeface = book or fonts.book()
    maker = LabelMaker(sheet, dpi=resolution, book=typeface, replace_missing=replace_missing)
    pdf = PdfFile(
        sheet.page_w_pt,
        sheet.page_h_pt,
        dpi=resolution,
        title=title,
        subject=f"{sheet.name}, {sheet.description}",
        author=author,
        book=typeface,
    )
    filler = _PageFiller(pdf, sheet, start, frames)
    cut: list[Trouble] = []
    replaced: list[Trouble] = []
    refused: list[Trouble] = []
    for index, label in enumerate(labels):
        try:
            layout, turned, changed = maker.place(label)
        except ShopError as error:
            refused.append(_trouble(index, label, error.field or "", error.message))
            continue
        cut += [_trouble(index, label, field, tr("shortened to fit the label")) for field in layout.cut]
        if changed:
            replaced.append(
                _trouble(index, label, changed[0], tr("no font has {what}", what=describe(changed[1])))
            )
        if not refused or skip_refused:
            drawn = _operators(layout, pdf, typeface)
            for _ in range(counts[index]):
                filler.add(drawn, turned)
        if index % 64 == 0:
            check_not_stopped(should_stop)
            if on_progress is not None:
                on_progress(index, len(labels))
    if refused and (not skip_refused or not filler.printed):
        raise LabelsRefused(refused, len(labels))
    next_start = filler.finish()
    check_not_stopped(should_stop)
    pdf.save(path)
    if on_progress is not None:
        on_progress(len(labels), len(labels))
    return LabelReport(filler.printed, pdf.pages, next_start, tuple(cut), tuple(replaced), tuple(refused))


def check_labels(
    labels: Iterable[ShelfLabel],
    sheet: LabelSheet,
    *,
    dpi: int | None = None,
    book: FontBook | None = None,
) -> tuple[Trouble, ...]:
    """Every label that could not be printed on this sheet, with its reason, without printing any."""
    maker = LabelMaker(sheet, dpi=dpi or sheet.dpi, book=book or fonts.book())
    troubles = []
    for index, label in enumerate(labels):
        try:
            maker.place(label)
        except ShopError as error:
            troubles.append(_trouble(index, label, error.field or "", error.message))
    return tuple(troubles)


def _counts(
    labels: Sequence[ShelfLabel], sheet: LabelSheet, start: int, copies: int | Sequence[int]
) -> Sequence[int]:
    """Copies of each label, after the checks that need no layout."""
    sheet.check()
    if not 1 <= start <= sheet.capacity:
        raise InvalidInput(
            tr(
                "{sheet} has labels 1 to {last}; begin on one of them, not on {start}.",
                sheet=sheet.name,
                last=sheet.capacity,
                start=start,
            ),
            field="start",
        )
    counts = [copies] * len(labels) if isinstance(copies, int) else list(copies)
    if len(counts) != len(labels) or any(count < 0 for count in counts):
        raise InvalidInput(tr("Give the number of copies once, or once for each label."), field="copies")
    if not sum(counts):
        raise InvalidInput(tr("There is no label to print; choose at least one product."), field="labels")
    return counts


def _trouble(index: int, label: ShelfLabel, field: str, why: str) -> Trouble:
    return Trouble(index, tidy(label.sku), tidy(label.name), field, why)


def _operators(layout: Layout, pdf: PdfFile, book: FontBook) -> str:
    """The label's ink, from its lower left corner."""
    show = pdf.pen.show
    text = [
        f"1 0 0 1 {number(piece.x)} {number(piece.y)} Tm {show(piece.line, number(piece.size), piece.weight)}"
        for piece in layout.pieces
    ]
    drawn = f"BT {' '.join(text)} ET" if text else ""
    if layout.symbol is not None:
        drawn += "\n" + draw(layout.symbol, layout.symbol_x, layout.symbol_y, pdf.pen, book)
    return drawn


class _PageFiller:
    """Fills the cells of one page after the other."""

    def __init__(self, pdf: PdfFile, sheet: LabelSheet, start: int, frames: bool) -> None:
        self._pdf, self._frames = pdf, frames
        self._next = start - 1
        self._content: list[str] = []
        self.printed = 0
        dots = pdf.dots_per_pt
        area = sheet.usable
        self._w, self._h = int(area.w_pt * dots), int(area.h_pt * dots)
        # Rounded from the label's own corner, so that no label is more than half a dot off its place.
        self._corners = [
            (round((x + area.x_pt) * dots), pdf.h_dots - round((y + area.y_pt) * dots) - self._h)
            for x, y in sheet.cells
        ]

    def add(self, drawn: str, turned: bool) -> None:
        if self._next == len(self._corners):
            self._turn_page()
        x, y = self._corners[self._next]
        place = f"0 1 -1 0 {x + self._w} {y}" if turned else f"1 0 0 1 {x} {y}"
        frame = f"q 1 w {x + 0.5} {y + 0.5} {self._w - 1} {self._h - 1} re S Q\n" if self._frames else ""
        self._content.append(f"{frame}q {place} cm\n{drawn}\nQ")
        self._next += 1
        self.printed += 1

    def finish(self) -> int:
        """End the last page; the cell on which the next job would begin."""
        free = self._next + 1 if self._next < len(self._corners) else 1
        self._turn_page()
        return free

    def _turn_page(self) -> None:
        self._pdf.add_page(self._content)
        self._content = []
        self._next = 0
