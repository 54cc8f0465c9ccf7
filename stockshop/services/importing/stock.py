"""A list of opening stock: what lies where, checked to the last row."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockshop import clock
from stockshop.errors import InvalidInput
from stockshop.language import tr
from stockshop.services.exporting.columns import STOCK
from stockshop.services.importing import cells
from stockshop.services.importing.decimals import decide_marks, remembering
from stockshop.services.importing.drafts import RowProblem, StockDraft
from stockshop.services.importing.formats import Recognised
from stockshop.services.importing.products import Progress

_DATE = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_PROGRESS_STEP = 500
_SHOWN = 60


class StockReading:
    """One list of stock on its way to drafts. Go through `drafts()` once, then read `problems`."""

    def __init__(self, recognised: Recognised, *, currency: str, progress: Progress | None = None) -> None:
        """Make the first pass. Raises InvalidInput when the file cannot be read."""
        self.recognised = recognised
        self.problems: list[RowProblem] = []
        self.notices: list[RowProblem] = []
        self.rows = 0
        self._progress = progress
        self._width = len(recognised.table.headers)
        self._seen: dict[tuple[str | None, ...], int] = {}
        self._survey(currency)

    def _survey(self, currency: str) -> None:
        columns = self.recognised.columns
        distinct: dict[str, set[str]] = {"quantity": set(), "unit_cost": set(), "expiry": set()}
        looked = [(columns[name], seen.add) for name, seen in distinct.items() if name in columns]
        for _, values in self.recognised.table.rows():
            self.rows += 1
            for index, add in looked:
                add(values[index])
        default = "," if self.recognised.table.delimiter == ";" else "."
        marks = decide_marks([distinct["quantity"], distinct["unit_cost"]], default=default)
        is_day_first = _is_day_first(distinct["expiry"])
        is_ours = tuple(self.recognised.table.headers) == tuple(column.name for column in STOCK)

        def read_expiry(text: str) -> str | None:
            return read_date(text, is_day_first)

        self._readers: dict[str, cells.CellReader] = {
            "sku": cells.code_reader("sku", ours=True),
            "barcode": read_barcode,
            "bin": cells.code_reader("bin", ours=True),
            "lot": cells.code_reader("lot", ours=True),
            "expiry": remembering(read_expiry),
            # Our own books may say that a bin was below zero; another system's debt is no stock.
            "quantity": cells.quantity_reader(marks[0], "quantity", signed=is_ours),
            "unit_cost": cells.cost_reader(marks[1], currency),
        }

    def drafts(self) -> Iterator[StockDraft]:
        """Every row that can be taken, while `problems` fills up."""
        columns = self.recognised.columns
        active = [(name, columns[name], read) for name, read in self._readers.items() if name in columns]
        for count, (row, values) in enumerate(self.recognised.table.rows()):
            if self._progress is not None and count % _PROGRESS_STEP == 0:
                self._progress(self.rows + count, 2 * self.rows)
            found: dict[str, str | int | None] = dict.fromkeys(self._readers)
            is_fine = len(values) == self._width
            if not is_fine:
                self._problem(row, "quantity", "", tr("The row has more cells than there are headings."))
            for name, index, read in active:
                try:
                    found[name] = read(values[index]) if values[index] else None
                except InvalidInput as error:
                    is_fine = False
                    self._problem(row, name, values[index], error.message)
            if is_fine and (draft := self._draft(row, found)) is not None:
                yield draft

    def _draft(self, row: int, found: dict[str, str | int | None]) -> StockDraft | None:
        try:
            return self._checked(row, found)
        except InvalidInput as error:
            name = error.field or "sku"
            self._problem(row, name, str(found.get(name) or ""), error.message)
            return None

    def _checked(self, row: int, found: dict[str, str | int | None]) -> StockDraft:
        sku, barcode, place, lot, expiry = (
            _text(found[name]) for name in ("sku", "barcode", "bin", "lot", "expiry")
        )
        if not sku and not barcode:
            field = "sku" if "sku" in self.recognised.columns else "barcode"
            raise InvalidInput(tr("The row names no product: it has neither SKU nor barcode."), field=field)
        if found["quantity"] is None:
            raise InvalidInput(tr("The quantity is empty; write 0 if there is none."), field="quantity")
        if expiry and not lot:
            raise InvalidInput(tr("An expiry date belongs to a lot; name the lot."), field="expiry")
        other = self._seen.setdefault((sku or barcode, place, lot), row)
        if other != row:
            raise InvalidInput(
                tr("Rows {other} and {row} give the same product, bin and lot.", other=other, row=row),
                field="sku",
            )
        cost = found["unit_cost"]
        return StockDraft(
            row, sku, barcode, place, lot, expiry, int(found["quantity"]), None if cost is None else int(cost)
        )

    def _problem(self, row: int, name: str, value: str, why: str) -> None:
        self.problems.append(RowProblem(row, self.recognised.heading(name), value.strip()[:_SHOWN], why))


def _text(value: str | int | None) -> str | None:
    return None if value is None else str(value)


def read_barcode(text: str) -> str | None:
    """The first barcode of a cell, with what a spreadsheet did to it undone. Raises InvalidInput."""
    found = cells.read_foreign_barcodes(text)
    return found[0].code if found else None


def _is_day_first(texts: set[str]) -> bool | None:
    """Whether 03/04/2026 is in April, from all dates of the column; None when nothing tells."""
    for text in texts:
        found = _DATE.fullmatch(text.strip())
        if found is None:
            continue
        if found[2] == "." or int(found[1]) > 12:
            return True
        if int(found[3]) > 12:
            return False
    return None


def read_date(text: str, is_day_first: bool | None) -> str | None:
    """A date as ISO text, from ISO or as countries write it. Raises InvalidInput naming `expiry`."""
    bare = text.strip()
    if not bare:
        return None
    found = _DATE.fullmatch(bare)
    if found is None:
        return clock.parse_date(bare.partition(" ")[0].partition("T")[0], field="expiry")
    if found[2] == ".":
        is_day_first = True
    if is_day_first is None and found[1] != found[3]:
        raise InvalidInput(
            tr(
                "'{bare}' can be read two ways, the day or the month first; write it as 2026-01-31.",
                bare=bare,
            ),
            field="expiry",
        )
    day, month = (found[1], found[3]) if is_day_first else (found[3], found[1])
    year = found[4] if len(found[4]) == 4 else f"20{found[4]}"
    return clock.parse_date(f"{year}-{month:0>2}-{day:0>2}", field="expiry")
