"""XLSX as a table. The package is checked before a parser sees it: a few kilobytes can unpack to
gigabytes, and XML can multiply itself through entities."""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stockshop.errors import InvalidInput, NotFound, Refused
from stockshop.services.exporting.files import XLSX_MISSING

if TYPE_CHECKING:
    from openpyxl import Workbook

UNPACKED_LIMIT = 400 * 1024 * 1024
STRINGS_LIMIT = 100 * 1024 * 1024
ENTRY_LIMIT = 2_000
RATIO_LIMIT = 200
_RATIO_FROM = 20 * 1024 * 1024
_PROLOGUE = 65_536
_ROOT = re.compile(rb"<[A-Za-z_]")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DECIMALS = re.compile(r"0\.(0{1,9})")
_MAX_COLUMNS = 1_000
# What openpyxl and its parsers raise over a file that is not what it should be.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, AttributeError, IndexError, EOFError,
    SyntaxError, NotImplementedError, RuntimeError, AssertionError, OverflowError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a spreadsheet; see tables.Source."""

    path: Path
    title: str

    kind = "xlsx"
    encoding = None
    delimiter = None
    is_damaged = False

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """The rows that are not empty, as the sheet numbers them."""
        try:
            with closing(_load(self.path)) as book:
                yield from _records(book[self.title])
        except _BROKEN as error:
            raise _broken(self.path) from error


def open_sheet(path: Path, title: str | None = None) -> Sheet:
    """Check the package and choose the sheet called `title`, or the first visible one with rows.

    Raises InvalidInput for a bomb, another kind of package or a broken file, NotFound for the
    sheet, Refused when the extra `xlsx` is not installed.
    """
    try:
        check_package(path)
        with closing(_load(path)) as book:
            names = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
            if title is not None:
                if title not in names:
                    raise NotFound(
                        f"There is no sheet '{title}' in '{path.name}'; it has: {', '.join(names)}.",
                        field="sheet",
                    )
                return Sheet(path, title)
            for name in names:
                if next(_records(book[name]), None) is not None:
                    return Sheet(path, name)
    except _BROKEN as error:
        raise _broken(path) from error
    raise InvalidInput(f"'{path.name}' is empty: no sheet has a row.", field="file")


def check_package(path: Path) -> None:
    """Refuse what would unpack to far too much, declares entities or is no spreadsheet.

    Raises InvalidInput.
    """
    with zipfile.ZipFile(path) as package:
        entries = package.infolist()
        names = {entry.filename for entry in entries}
        if "xl/workbook.xml" not in names:
            raise InvalidInput(f"'{path.name}' is {_what_zip(names)}.", field="file")
        if len(entries) > ENTRY_LIMIT or len(names) != len(entries):
            raise InvalidInput(f"'{path.name}' holds {len(entries):,} parts: refused.", field="file")
        total = sum(entry.file_size for entry in entries)
        packed = max(sum(entry.compress_size for entry in entries), 1)
        strings = sum(entry.file_size for entry in entries if "sharedstrings" in entry.filename.lower())
        if (
            total > UNPACKED_LIMIT
            or strings > STRINGS_LIMIT
            or (total > _RATIO_FROM and total / packed > RATIO_LIMIT)
        ):
            raise InvalidInput(
                f"'{path.name}' is no ordinary list: this spreadsheet unpacks to {_size(total)}: refused. "
                "Save it as CSV if you trust it.",
                field="file",
            )
        for entry in entries:
            if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
                with package.open(entry) as part:
                    _check_prologue(path, part.read(_PROLOGUE))


def _check_prologue(path: Path, start: bytes) -> None:
    # UTF-16 would hide the declaration between zero bytes.
    bare = start.replace(b"\x00", b"")
    root = _ROOT.search(bare)
    before = bare[: root.start()] if root else bare
    if b"<!DOCTYPE" in before.upper() or b"<!ENTITY" in before.upper() or (root is None and bare.strip()):
        raise InvalidInput(
            f"'{path.name}' declares XML entities, which no list needs: refused.", field="file"
        )


def _what_zip(names: set[str]) -> str:
    if "content.xml" in names and "mimetype" in names:
        return "an OpenDocument file; save it as .xlsx or CSV"
    if "xl/workbook.bin" in names:
        return "a binary .xlsb file; save it as .xlsx or CSV"
    if any(name.startswith("word/") for name in names):
        return "a text document; save the table as .xlsx or CSV"
    return "a ZIP archive, not a spreadsheet; unpack it first"


def _size(count: float) -> str:
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1_000:
            return f"{count:.0f} {unit}" if unit in ("bytes", "kB") else f"{count:.1f} {unit}"
        count /= 1_000
    return f"{count:.1f} TB"


def _load(path: Path) -> Workbook:
    try:
        import defusedxml  # noqa: F401
        from openpyxl import load_workbook
    except ImportError as error:
        raise Refused(XLSX_MISSING, field="file") from error
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return load_workbook(path, read_only=True, data_only=True, keep_links=False)


def _records(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    # The size a file claims for its sheet is often wrong, sometimes absurd.
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        values = [_as_text(cell) for cell in cells[:_MAX_COLUMNS]]
        while values and not values[-1]:
            values.pop()
        if values:
            yield number, values


def _as_text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        if "_x" in value:
            value = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _number(value, cell.number_format)
    if isinstance(value, datetime):
        is_day = (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0)
        return value.date().isoformat() if is_day else value.isoformat(" ", "seconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value.total_seconds()) if isinstance(value, timedelta) else str(value)


def _number(value: int | float, number_format: str) -> str:
    """The digits a person sees: 4006381333931.0 is a barcode, and a `0.00` shows its zeros."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        whole = str(int(value))
        shown = _DECIMALS.fullmatch(number_format)
        return f"{whole}.{shown[1]}" if shown else whole
    if value != value or abs(value) >= 1e15:
        return repr(value).upper()
    shown = _DECIMALS.fullmatch(number_format)
    if shown and float(text := f"{value:.{len(shown[1])}f}") == value:
        return text
    # Twelve digits hide the tail of 0.1 + 0.2 and keep all a price or a weight has.
    return f"{Decimal(f'{value:.12g}'):f}"


def _broken(path: Path) -> InvalidInput:
    return InvalidInput(f"'{path.name}' is not a sound .xlsx file; save it again, or as CSV.", field="file")
