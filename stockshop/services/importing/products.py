"""A list of products, checked to the last row: drafts for what can be taken, reasons for what cannot.

The file is read twice. The first pass learns what a single row cannot tell: how the columns write
decimals, which product a variant belongs to, which SKUs are taken. The second gives the drafts, one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from stockshop.barcodes import lookup_key
from stockshop.errors import InvalidInput
from stockshop.language import tr
from stockshop.money import minor_digits
from stockshop.quantity import check_decimals
from stockshop.services.importing import cells
from stockshop.services.importing.decimals import Marks, decide_marks, remembering
from stockshop.services.importing.drafts import BarcodeDraft, OnHandDraft, ProductDraft, RowProblem
from stockshop.services.importing.formats import Recognised
from stockshop.services.importing.headings import FIELDS
from stockshop.services.importing.raw import AT, PlainReader, Raw, Reader
from stockshop.services.importing.shopify import ShopifyReader
from stockshop.services.importing.skus import SkuMaker
from stockshop.services.importing.square import SquareReader, SquareSalesReader
from stockshop.services.importing.woocommerce import WooReader

Progress = Callable[[int, int], None]
"""Rows done, and rows to do in both passes together; 0 while that is unknown."""
_READERS: dict[str, type[PlainReader]] = {
    "shopify": ShopifyReader,
    "woocommerce": WooReader,
    "square": SquareReader,
    "square-sales": SquareSalesReader,
}
_NUMBERS = (
    "price", "cost", "tax_rate", "net_content", "weight", "length", "width", "height",
    "reorder_point", "order_up_to", "supplier_pack", "minimum_order", "quantity",
)  # fmt: skip
_SPOKEN = {
    "price": "price_minor", "cost": "cost_e4", "tax_rate": "tax_rate_milli", "weight": "weight_g",
    "length": "length_mm", "width": "width_mm", "height": "height_mm", "net_content": "net_content_milli",
    "reorder_point": "reorder_point_milli", "order_up_to": "order_up_to_milli",
    "supplier_pack": "supplier_pack_milli", "minimum_order": "minimum_order_milli", "quantity": "on_hand",
}  # fmt: skip
_PROGRESS_STEP = 500
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class CheckedProducts:
    """Everything a file says about products."""

    rows: int
    """Rows below the headings that are not empty."""
    drafts: tuple[ProductDraft, ...]
    problems: tuple[RowProblem, ...]
    """Rows that cannot be taken, every fault of each; in the order of the rows."""
    notices: tuple[RowProblem, ...]
    """What is left out although the file is fine: downloads, texts too long, quantities below zero."""
    speaks_for: frozenset[str]
    """Fields of ProductDraft where None means empty, because the file is our own."""


class ProductReading:
    """One file on its way to drafts. Make it, go through `drafts()` once, then read the lists."""

    def __init__(self, recognised: Recognised, *, currency: str, progress: Progress | None = None) -> None:
        """Make the first pass. `currency` is the shop's. Raises InvalidInput when the file cannot be read."""
        self.recognised = recognised
        self.currency = currency
        self.problems: list[RowProblem] = []
        self.rows = 0
        self._progress = progress
        self._reader: Reader = _READERS.get(recognised.format, PlainReader)(recognised)
        self._is_ours = recognised.format == "stockshop"
        self._width = len(recognised.table.headers)
        self._readers: dict[str, cells.CellReader] = {}
        self._skus = SkuMaker()
        self._sku_rows: dict[str, int] = {}
        self._code_rows: dict[str, int] = {}
        self._survey()
        # A web shop's reader fills in fields that have no column of their own.
        used = FIELDS if recognised.format in _READERS else recognised.columns
        self._active = [(AT[name], self._readers[name]) for name in used]

    @property
    def notices(self) -> list[RowProblem]:
        """What is left out without making a row unusable."""
        return self._reader.notices

    @property
    def speaks_for(self) -> frozenset[str]:
        """The fields of ProductDraft whose None means empty; none unless the file is our own."""
        if not self._is_ours:
            return frozenset()
        return frozenset(_SPOKEN.get(name, name) for name in self.recognised.columns)

    def drafts(self) -> Iterator[ProductDraft]:
        """The second pass: every product that can be taken, while `problems` and `notices` fill up."""
        read = self._reader.read
        for count, (row, values) in enumerate(self.recognised.table.rows()):
            if self._progress is not None and count % _PROGRESS_STEP == 0:
                self._progress(self.rows + count, 2 * self.rows)
            if len(values) > self._width:
                self._report_width(row, values)
                continue
            raw = read(row, values)
            if raw is not None and (draft := self._draft(row, raw)) is not None:
                yield draft
        for row, raw in self._reader.rest():
            if (draft := self._draft(row, raw)) is not None:
                yield draft
        self._check_heading_currency()
        for told in (self.problems, self.notices):
            told.sort(key=lambda problem: problem.row)
        if self._progress is not None:
            self._progress(2 * self.rows, 2 * self.rows)

    # The first pass.

    def _survey(self) -> None:
        columns = self.recognised.columns
        numeric = [name for name in _NUMBERS if name in columns]
        distinct: list[set[str]] = [set() for _ in numeric]
        looked = [(columns[name], seen.add) for name, seen in zip(numeric, distinct, strict=True)]
        sku_at = columns.get("sku")
        survey = self._reader.survey
        for row, values in self.recognised.table.rows():
            if self._progress is not None and self.rows % _PROGRESS_STEP == 0:
                self._progress(self.rows, 0)
            self.rows += 1
            for index, add in looked:
                add(values[index])
            if sku_at is not None and not self._is_ours:
                self._skus.take(values[sku_at])
            survey(row, values)
        limits = {"price": minor_digits(self.currency)}
        default = "," if self.recognised.table.delimiter == ";" else "."
        known = decide_marks(distinct, default=default, decimals=[limits.get(name) for name in numeric])
        self._make_readers(dict(zip(numeric, known, strict=True)), dict(zip(numeric, distinct, strict=True)))

    def _make_readers(self, marks: dict[str, Marks], distinct: dict[str, set[str]]) -> None:
        plain = Marks(".")
        ours = self._is_ours

        def marks_of(name: str) -> Marks:
            return marks.get(name, plain)

        make = self._readers
        make["sku"] = cells.code_reader("sku", ours=ours)
        for name in ("name", "label_name"):
            make[name] = cells.words_reader(name)
        for name in ("category", "supplier"):
            make[name] = cells.words_reader(name, remember=True)
        for name in ("preferred_bin", "supplier_code"):
            make[name] = cells.code_reader(name, ours=ours)
        make["unit"] = remembering(self._unit)
        make["price"] = cells.price_reader(marks_of("price"), self.currency)
        make["cost"] = cells.cost_reader(marks_of("cost"), self.currency)
        rates = distinct.get("tax_rate", set())
        make["tax_rate"] = cells.tax_reader(
            marks_of("tax_rate"), not ours and _is_fraction(rates, marks_of("tax_rate"))
        )
        for name in ("price_includes_tax", "archived"):
            make[name] = cells.flag_reader(name)
        make["barcodes"] = cells.read_own_barcodes if ours else cells.read_foreign_barcodes
        if "net_content_unit" in self.recognised.columns:
            make["net_content"] = cells.quantity_reader(marks_of("net_content"), "net_content")
        else:
            make["net_content"] = cells.content_reader()
        make["net_content_unit"] = remembering(self._content_unit)
        for name in ("weight", "length", "width", "height"):
            unit = self.recognised.units.get(name)
            make[name] = cells.measure_reader(marks_of(name), name, unit, keep_zero=ours)
        for name in ("reorder_point", "order_up_to", "supplier_pack", "minimum_order"):
            make[name] = cells.quantity_reader(marks_of(name), name)
        make["quantity"] = cells.on_hand_reader(marks_of("quantity"))
        make["tracking"] = cells.read_tracking
        make["notes"] = cells.notes_reader(shorten=not ours)

    def _unit(self, text: str) -> str | None:
        if not text.strip():
            return None
        try:
            return cells.read_unit(text)
        except InvalidInput as error:
            if self.recognised.format.startswith("square"):
                raise cells.LeftOut(
                    tr("{message} Taken as 'each'.", message=error.message), field="unit"
                ) from error
            raise

    def _content_unit(self, text: str) -> str | None:
        return cells.read_unit(text) if text.strip() else None

    # The second pass.

    def _draft(self, row: int, raw: Raw) -> ProductDraft | None:
        texts = raw.texts
        found: list[Any] = [None] * len(FIELDS)
        try:
            for position, read in self._active:
                text = texts[position]
                if text:
                    found[position] = read(text)
        except InvalidInput:
            if not self._read_carefully(row, texts, found):
                return None
        if self.recognised.table.is_damaged and not self._is_legible(row, texts):
            return None
        try:
            return self._assemble(row, raw, found)
        except InvalidInput as error:
            name = error.field or "name"
            self._problem(row, name, texts[AT[name]] if name in AT else "", error.message)
            return None

    def _assemble(self, row: int, raw: Raw, found: list[Any]) -> ProductDraft:
        (sku, name, label_name, category, unit, price, cost, tax_rate, includes_tax, barcodes, content,
         content_unit, weight, length, width, height, tracking, preferred_bin, reorder_point, order_up_to,
         supplier, supplier_code, supplier_pack, minimum_order, notes, archived,
         quantity) = found  # fmt: skip
        if not name:
            raise InvalidInput(tr("The product has no name."), field="name")
        if raw.codes:
            for text in raw.codes:
                barcodes = (barcodes or ()) + cells.read_foreign_barcodes(text)
        if content_unit is None and isinstance(content, tuple):
            content, content_unit = content
        _check_content(content, content_unit)
        if order_up_to is not None and order_up_to < (reorder_point or 0):
            raise InvalidInput(tr("The order-up-to level lies below the reorder point."), field="order_up_to")
        if supplier_pack == 0:
            raise InvalidInput(tr("A pack holds more than nothing."), field="supplier_pack")
        on_hand = self._on_hand(row, raw, quantity, preferred_bin, unit)
        is_made = not sku
        if is_made:
            sku = self._skus.make(raw.stem, barcodes[0].code if barcodes else "", name)
        codes = self._check_barcodes(row, barcodes) if barcodes else {}
        self._check_unique(row, sku, is_made)
        self._sku_rows[sku] = row
        for code in codes:
            self._code_rows[code] = row
        if includes_tax is None and price is not None:
            includes_tax = self.recognised.price_includes_tax
        return ProductDraft(
            row, sku, is_made, name, label_name, category, unit, price, cost, tax_rate, includes_tax, content,
            content_unit, tuple(codes.values()), weight, length, width, height, tracking, reorder_point,
            order_up_to, preferred_bin, supplier, supplier_code, supplier_pack, minimum_order, notes,
            archived, on_hand,
        )  # fmt: skip

    def _on_hand(
        self, row: int, raw: Raw, quantity: int | None, place: str | None, unit: str | None
    ) -> tuple[OnHandDraft, ...]:
        if quantity is None and not raw.quantities:
            return ()
        if quantity is not None:
            found = [OnHandDraft(quantity, place)]
        else:
            found = [OnHandDraft(self._quantity_there(row, *one), one[1]) for one in raw.quantities]
        if unit is not None:
            for one in found:
                check_decimals(one.quantity_milli, unit)
        return tuple(found)

    def _quantity_there(self, row: int, text: str, where: str | None) -> int:
        try:
            return self._readers["quantity"](text) or 0
        except cells.LeftOut as error:
            shown = text if where is None else f"{where}: {text}"
            self.notices.append(self._told(row, "quantity", shown, error.message))
            return 0

    def _check_unique(self, row: int, sku: str, is_made: bool) -> None:
        other = self._sku_rows.get(sku)
        if other is None:
            return
        if is_made:
            raise InvalidInput(
                tr(
                    "Rows {other} and {row} are the same product as far as the file tells; give each a SKU.",
                    other=other,
                    row=row,
                ),
                field="name",
            )
        raise InvalidInput(
            tr("Rows {other} and {row} have the same SKU '{sku}'.", other=other, row=row, sku=sku[:40]),
            field="sku",
        )

    def _check_barcodes(self, row: int, barcodes: tuple[BarcodeDraft, ...]) -> dict[str, BarcodeDraft]:
        kept: dict[str, BarcodeDraft] = {}
        for barcode in barcodes:
            key = lookup_key(barcode.code)
            other = self._code_rows.get(key)
            if other is not None:
                raise InvalidInput(
                    tr(
                        "Rows {other} and {row} have the same barcode '{code}'.",
                        other=other,
                        row=row,
                        code=barcode.code[:40],
                    ),
                    field="barcodes",
                )
            if kept.setdefault(key, barcode).quantity_milli != barcode.quantity_milli:
                raise InvalidInput(
                    tr("The barcode '{code}' stands for two quantities.", code=barcode.code[:40]),
                    field="barcodes",
                )
        return kept

    # What is wrong.

    def _read_carefully(self, row: int, texts: Any, found: list[Any]) -> bool:
        """Cell by cell, so that every fault of the row is told; whether the row can be taken."""
        is_fine = True
        for position, read in self._active:
            text = texts[position]
            if not text:
                continue
            try:
                found[position] = read(text)
            except cells.LeftOut as error:
                found[position] = error.instead
                self.notices.append(self._told(row, FIELDS[position], text, error.message))
            except InvalidInput as error:
                is_fine = False
                self._problem(row, FIELDS[position], text, error.message)
        return is_fine

    def _is_legible(self, row: int, texts: Any) -> bool:
        for name, text in zip(FIELDS, texts, strict=True):
            if "\ufffd" in text:
                self._problem(
                    row, name, text, tr("A character in it is broken and cannot be read; correct it.")
                )
                return False
        return True

    def _report_width(self, row: int, values: list[str]) -> None:
        self.problems.append(
            RowProblem(
                row,
                "",
                next((value for value in reversed(values) if value.strip()), "")[:_SHOWN],
                tr(
                    "The row has {values} cells, the headings are {width}; a text with the delimiter in "
                    "it must stand in quotation marks.",
                    values=len(values),
                    width=self._width,
                ),
            )
        )

    def _check_heading_currency(self) -> None:
        said = self.recognised.currency
        if said is None:
            return
        try:
            cells.check_sign(said, self.currency, "price")
        except InvalidInput:
            heading = self.recognised.heading("price")
            row = self.recognised.table.header_row
            why = tr(
                "The heading says that prices are not in {currency}, the currency of the shop.",
                currency=self.currency,
            )
            self.problems.append(RowProblem(row, heading, said, why))

    def _problem(self, row: int, name: str, value: str, why: str) -> None:
        self.problems.append(self._told(row, name, value, why))

    def _told(self, row: int, name: str, value: str, why: str) -> RowProblem:
        return RowProblem(row, self.recognised.heading(name), value.strip()[:_SHOWN], why)


def check_products(
    recognised: Recognised, *, currency: str, progress: Progress | None = None
) -> CheckedProducts:
    """Read the whole file and keep the drafts: for files that fit into memory, which is nearly all.

    Raises InvalidInput when the file cannot be read to its end.
    """
    reading = ProductReading(recognised, currency=currency, progress=progress)
    drafts = tuple(reading.drafts())
    return CheckedProducts(
        reading.rows, drafts, tuple(reading.problems), tuple(reading.notices), reading.speaks_for
    )


def _is_fraction(rates: set[str], marks: Marks) -> bool:
    """Whether a column of tax rates writes 0.19 for 19 %: nothing in it reaches 1, something exceeds 0."""
    highest = 0
    for text in rates:
        if not text.strip():
            continue
        try:
            if "%" in text or (value := marks.parse(text, "tax_rate")) >= 1:
                return False
        except InvalidInput:
            return False
        highest = max(highest, value > 0)
    return bool(highest)


def _check_content(content: int | None, unit: str | None) -> None:
    if content is not None and content <= 0:
        raise InvalidInput(tr("A net content is more than nothing; leave it empty."), field="net_content")
    if (content is None) != (unit is None):
        raise InvalidInput(tr("A net content needs both its number and its unit."), field="net_content")
