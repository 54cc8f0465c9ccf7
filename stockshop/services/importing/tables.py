"""A file as rows of text with their numbers, whatever it is written in.

A row's number is the one a spreadsheet shows: the heading of a plain file is row 1, and empty rows
count. Rows are read again on every call of `rows()` and never kept.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Protocol

from stockshop.errors import InvalidInput, NotFound, ShopError
from stockshop.language import mark, tr
from stockshop.services.importing import delimited, objects, spreadsheets

Row = tuple[int, list[str]]
SIZE_LIMIT = 256 * 1024 * 1024
ROW_LIMIT = 2_000_000
COLUMN_LIMIT = 1_000
_PREVIEW = 25
_MAGIC = (
    (b"%PDF", mark("a PDF document; export the list itself as CSV or Excel")),
    (b"\x89PNG", mark("a picture; choose the file with the list")),
    (b"\xff\xd8\xff", mark("a picture; choose the file with the list")),
    (b"GIF8", mark("a picture; choose the file with the list")),
    (b"BM", mark("a picture; choose the file with the list")),
    (b"II*\x00", mark("a picture; choose the file with the list")),
    (b"MM\x00*", mark("a picture; choose the file with the list")),
    (b"RIFF", mark("a picture or a recording; choose the file with the list")),
    (
        b"\xd0\xcf\x11\xe0",
        mark("an old .xls or a password-protected file; save it as .xlsx or CSV without password"),
    ),
    (b"\x1f\x8b", mark("compressed; unpack it first")),
    (b"7z\xbc\xaf", mark("compressed; unpack it first")),
    (b"Rar!", mark("compressed; unpack it first")),
    (b"SQLite format 3\x00", mark("a database, not a list")),
    (b"{\\rtf", mark("a text document; save the table as CSV")),
)
_JSON_START = re.compile(r"\s*(?:\[\s*(?:[{\]]|$)|\{\s*(?:[\"}]|$))")
_MARKUP_START = re.compile(r"\s*<(?:!doctype|html|\?xml|table)", re.IGNORECASE)


class Source(Protocol):
    """One way of reading a file: gives the rows that are not empty, with their numbers."""

    @property
    def kind(self) -> str: ...

    @property
    def encoding(self) -> str | None: ...

    @property
    def delimiter(self) -> str | None: ...

    @property
    def is_damaged(self) -> bool: ...

    def records(self) -> Iterator[Row]: ...


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one file under its headings."""

    name: str
    """The file's name without its folder, for messages."""
    source: Source
    headers: tuple[str, ...]
    header_row: int
    preview: tuple[Row, ...]
    """The first rows as they are, the one with the headings among them."""

    @property
    def kind(self) -> str:
        """csv, json or xlsx."""
        return self.source.kind

    @property
    def encoding(self) -> str | None:
        """As detected, such as `utf-8` or `windows-1252`; None where the format has only one."""
        return self.source.encoding

    @property
    def delimiter(self) -> str | None:
        """As detected; None for anything but CSV."""
        return self.source.delimiter

    @property
    def is_damaged(self) -> bool:
        """Some characters could not be decoded; they read as U+FFFD."""
        return self.source.is_damaged

    def with_header(self, row: int) -> Table:
        """The same file with the headings in another of the previewed rows."""
        for number, values in self.preview:
            if number == row:
                return replace(self, headers=_headers(values), header_row=row)
        raise InvalidInput(
            tr("'{name}' has no headings in row {row}.", name=self.name, row=row), field="header row"
        )

    def rows(self) -> Iterator[Row]:
        """The rows below the headings, at least as wide as they are; wider only where cells are over.

        Raises InvalidInput when the file cannot be read to its end.
        """
        width = len(self.headers)
        for count, (number, values) in enumerate(self.source.records()):
            if number <= self.header_row:
                continue
            if count > ROW_LIMIT:
                raise InvalidInput(
                    tr(
                        "'{name}' has more than {row_limit} rows; split it.",
                        name=self.name,
                        row_limit=format(ROW_LIMIT, ","),
                    ),
                    field="file",
                )
            if len(values) != width:
                if len(values) < width:
                    values.extend([""] * (width - len(values)))
                else:
                    while len(values) > width and not values[-1].strip():
                        values.pop()
            yield number, values


def open_table(path: Path | str, *, sheet: str | None = None, size_limit: int = SIZE_LIMIT) -> Table:
    """Look at the file and find out how it is to be read.

    Raises NotFound, or InvalidInput for what is no table: a folder, an empty file, a picture, a
    PDF, an old .xls, a spreadsheet that unpacks to far too much, a quote that is never closed.
    """
    path = Path(path)
    source = _source(path, sheet, size_limit)
    with closing(_generator(source)) as records:
        preview = tuple(islice(records, _PREVIEW))
    if not preview:
        raise InvalidInput(tr("'{name}' is empty: there is no row in it.", name=path.name), field="file")
    number, values = preview[0]
    return Table(path.name, source, _headers(values), number, preview)


def _generator(source: Source) -> Generator[Row, None, None]:
    yield from source.records()


def _source(path: Path, sheet: str | None, size_limit: int) -> Source:
    try:
        head = _look_at(path, size_limit)
        if head.startswith(b"PK\x03\x04"):
            return spreadsheets.open_sheet(path, sheet)
        return _text_source(path, head)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ShopError(
            tr("'{name}' cannot be read ({reason}).", name=path.name, reason=reason), field="file"
        ) from error


def _look_at(path: Path, size_limit: int) -> bytes:
    name = path.name
    if path.is_dir():
        raise InvalidInput(tr("'{name}' is a folder; choose a file in it.", name=name), field="file")
    if not path.exists():
        raise NotFound(
            tr("There is no file '{path}'; check the name and the folder.", path=path), field="file"
        )
    if not path.is_file():
        raise InvalidInput(tr("'{name}' is a device, not a file.", name=name), field="file")
    size = path.stat().st_size
    if size > size_limit:
        raise InvalidInput(
            tr(
                "'{name}' has {size} MB, {size_limit} fit; split it.",
                name=name,
                size=format(size / 1000000.0, ",.0f"),
                size_limit=format(size_limit / 1000000.0, ",.0f"),
            ),
            field="file",
        )
    with path.open("rb") as stream:
        head = stream.read(65_536)
    if not head.strip():
        raise InvalidInput(tr("'{name}' is empty.", name=name), field="file")
    for magic, what in _MAGIC:
        if head.startswith(magic) and (magic != b"BM" or b"\x00" in head[:32]):
            raise InvalidInput(tr("'{name}' is {what}.", name=name, what=tr(what)), field="file")
    return head


def _text_source(path: Path, head: bytes) -> Source:
    text = delimited.detect_encoding(path, head)
    start = text.decode_head(head)
    if _MARKUP_START.match(start):
        raise InvalidInput(
            tr(
                "'{name}' is a web page or XML, whatever its name says; open it in a spreadsheet "
                "program and save it as .xlsx or CSV.",
                name=path.name,
            ),
            field="file",
        )
    if _JSON_START.match(start):
        return objects.open_objects(path, text)
    return delimited.open_delimited(path, text, start)


def _headers(values: list[str]) -> tuple[str, ...]:
    if len(values) > COLUMN_LIMIT:
        raise InvalidInput(
            tr(
                "More than {column_limit} columns: this is not a list of products.",
                column_limit=format(COLUMN_LIMIT, ","),
            ),
            field="file",
        )
    names = [" ".join(value.lstrip("\ufeff").split()) for value in values]
    while len(names) > 1 and not names[-1]:
        names.pop()
    return tuple(names)
