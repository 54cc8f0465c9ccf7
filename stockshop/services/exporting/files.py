"""Writes a table as CSV, JSON or XLSX, whole or not at all.

The rows are taken one by one and never kept, so a million of them need no more memory than one.
CSV is UTF-8 with a byte order mark (Excel needs it), commas and CR LF (RFC 4180); JSON is a list
with one object a line; XLSX holds text as text, never as a formula. Only CSV needs the guard
against formulas: JSON is no spreadsheet, and a text cell of XLSX is told to stay one.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO

from stockshop.errors import InvalidInput, Refused
from stockshop.files import replacing
from stockshop.language import mark, tr
from stockshop.services.exporting.columns import Column
from stockshop.services.exporting.guard import guard, is_plain_number

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

Cell = str | int | Decimal | bool | None
Progress = Callable[[int], None]
FORMATS = ("csv", "json", "xlsx")
XLSX_ROWS = 1_048_576
XLSX_CELL = 32_767
# The built-in format that a spreadsheet replaces by the one of its own country.
_MOMENT_FORMAT = "m/d/yy h:mm"
_PROGRESS_STEP = 1_000
# What no file format carries; a store edited behind our back may hold it.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_EXCEL_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
XLSX_MISSING = mark(
    "Writing Excel files needs one more part: install it with 'pip install \"stockshop[xlsx]\"', or use CSV."
)


def write_table(
    path: Path | str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    *,
    file_format: str,
    progress: Progress | None = None,
) -> int:
    """Write `rows` under the headings of `columns` and return how many there were.

    An existing file is replaced only when the new one is complete and on the disk. `progress` is
    told the number of rows written now and then; what it raises ends the writing. Raises
    InvalidInput (format), Refused (too much for XLSX) and NotWritten.
    """
    if file_format not in FORMATS:
        raise InvalidInput(
            tr("'{name}' is not a format I write; use csv, json or xlsx.", name=file_format), field="format"
        )
    write = {"csv": _write_csv, "json": _write_json, "xlsx": _write_xlsx}[file_format]
    with replacing(path) as stream:
        return write(stream, columns, _counted(rows, progress))


def _counted(rows: Iterable[Sequence[Cell]], progress: Progress | None) -> Iterator[Sequence[Cell]]:
    for number, row in enumerate(rows):
        if progress is not None and number % _PROGRESS_STEP == 0:
            progress(number)
        yield row


def as_text(cell: Cell) -> str:
    """A cell as every format of ours spells it: no exponent, `true` and `false`, nothing for None."""
    if isinstance(cell, str):
        if cell.isascii() and cell.isprintable():
            return cell
        return _UNWRITABLE.sub("", cell)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


def _write_csv(stream: BinaryIO, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> int:
    numeric = [column.is_number for column in columns]
    count = 0
    with _text(stream, "utf-8-sig") as lines:
        writer = csv.writer(lines, lineterminator="\r\n")
        writer.writerow([guard(column.name) for column in columns])
        for row in rows:
            count += 1
            cells = [as_text(cell) for cell in row]
            writer.writerow(
                [
                    cell if number and is_plain_number(cell) else guard(cell)
                    for cell, number in zip(cells, numeric, strict=True)
                ]
            )
    return count


def _write_json(stream: BinaryIO, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> int:
    names = [column.name for column in columns]
    encode = json.JSONEncoder(ensure_ascii=False).encode
    count = 0
    with _text(stream, "utf-8") as lines:
        lines.write("[")
        for count, row in enumerate(rows, start=1):
            cells = [cell if cell is None or isinstance(cell, bool) else as_text(cell) for cell in row]
            lines.write(",\n " if count > 1 else "\n ")
            lines.write(encode(dict(zip(names, cells, strict=True))))
        lines.write("\n]\n")
    return count


@contextmanager
def _text(stream: BinaryIO, encoding: str) -> Iterator[TextIO]:
    from io import TextIOWrapper

    wrapper = TextIOWrapper(stream, encoding=encoding, newline="")
    try:
        yield wrapper
        wrapper.flush()
    finally:
        # The binary stream is closed by who opened it, after it has reached the disk.
        wrapper.detach()


def _write_xlsx(stream: BinaryIO, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> int:
    try:
        from openpyxl import Workbook
    except ImportError as error:
        raise Refused(tr(XLSX_MISSING), field="format") from error
    book = Workbook(write_only=True)
    sheet = book.create_sheet("stockshop")
    sheet.freeze_panes = "A2"
    kinds = [(column.is_number, column.is_instant) for column in columns]
    count = 0
    with ExitStack() as undo:
        sheet.append([column.name for column in columns])
        undo.callback(_discard, sheet)
        for count, row in enumerate(rows, start=1):
            if count >= XLSX_ROWS:
                raise Refused(
                    tr("An Excel sheet ends at 1,048,576 rows; export as CSV instead."), field="format"
                )
            sheet.append(
                [
                    _moment_cell(sheet, as_text(cell))
                    if instant
                    else _sheet_cell(sheet, as_text(cell), number)
                    for cell, (number, instant) in zip(row, kinds, strict=True)
                ]
            )
        undo.pop_all()
    book.save(stream)
    return count


def _discard(sheet: WriteOnlyWorksheet) -> None:
    """Close the half-written sheet and remove the temporary file openpyxl keeps it in."""
    sheet.close()
    sheet._writer.cleanup()


def _moment_cell(sheet: WriteOnlyWorksheet, text: str) -> object:
    """An instant as a date and time of the place its offset is of; a spreadsheet knows no offsets."""
    from openpyxl.cell import WriteOnlyCell

    if not text:
        return None
    cell = WriteOnlyCell(sheet, value=datetime.fromisoformat(text).replace(tzinfo=None))
    cell.number_format = _MOMENT_FORMAT
    return cell


def _sheet_cell(sheet: WriteOnlyWorksheet, text: str, is_number: bool) -> object:
    """What openpyxl should write for one cell: None, a number, a text, or a cell with a style."""
    from openpyxl.cell import WriteOnlyCell

    if not text:
        return None
    # Fifteen digits are what a spreadsheet's numbers hold; longer ones stay exact as text.
    if is_number and len(text) <= 15 and is_plain_number(text):
        if "." not in text and text == str(int(text)):
            return int(text)
        cell = WriteOnlyCell(sheet, value=float(text))
        cell.number_format = "0." + "0" * len(text.partition(".")[2])
        if "." in text and f"{float(text):.{len(cell.number_format) - 2}f}" == text:
            return cell
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    if "_x" in plain:
        plain = _EXCEL_ESCAPE.sub("_x005F_", plain)
    if len(plain) > XLSX_CELL:
        raise Refused(tr("A cell is too long for an Excel sheet; export as CSV instead."), field="format")
    is_risky = guard(plain) != plain
    if not is_risky and plain[0] != "#":
        return plain
    cell = WriteOnlyCell(sheet, value=plain)
    cell.data_type = "s"
    # Without it, Excel would read the text anew as soon as somebody edits the cell.
    cell.quotePrefix = is_risky
    return cell
