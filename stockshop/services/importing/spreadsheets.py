"""XLSX as a table, read straight from the package: a row at a time, through the standard parser.

openpyxl reads safely only through a parser written in Python, some ten times slower than this, and
keeps a person with 100,000 rows waiting for minutes. A document type, the only door to entities, is
refused by the parser itself as well. Source of the format: ECMA-376 part 1, 18.3 and 18.8.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from xml.parsers import expat

from stockshop.errors import InvalidInput, NotFound
from stockshop.language import tr
from stockshop.services.importing.packages import check_package, entities_refused
from stockshop.services.importing.sheet_cells import Style, Styles, cell_text, unescape_text

_CHUNK = 1 << 16
_MAX_COLUMNS = 1_000
_TEXT_LIMIT = 1_000_000
_DIGITS = "0123456789"
_PLAIN = Style()
# What the archive and the parser raise over a file that is not what it should be.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, expat.ExpatError, KeyError, ValueError, IndexError, EOFError,
    NotImplementedError, RuntimeError,
)  # fmt: skip

Start = Callable[[str, dict[str, str]], None]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a spreadsheet; see tables.Source."""

    path: Path
    title: str
    part: str
    """The name of the sheet's XML in the package."""
    strings: tuple[str, ...]
    styles: Styles

    kind = "xlsx"
    encoding = None
    delimiter = None
    is_damaged = False

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """The rows that are not empty, as the sheet numbers them."""
        try:
            with zipfile.ZipFile(self.path) as package, package.open(self.part) as stream:
                reader = _RowReader(self.strings, self.styles)
                for _ in _parsed(self.path.name, stream, reader.start, reader.text, reader.end):
                    yield from reader.rows
                    reader.rows.clear()
        except _BROKEN as error:
            raise _broken(self.path) from error


def open_sheet(path: Path, title: str | None = None) -> Sheet:
    """Check the package and choose the sheet called `title`, or the first visible one with rows.

    Raises InvalidInput for a bomb, another kind of package or a broken file, NotFound for the sheet.
    """
    try:
        check_package(path)
        with zipfile.ZipFile(path) as package:
            book = _read_book(path.name, package)
    except _BROKEN as error:
        raise _broken(path) from error
    names = [name for name, _ in book.sheets]
    if title is not None and title not in names:
        raise NotFound(
            tr(
                "There is no sheet '{title}' in '{name}'; it has: {names}.",
                title=title,
                name=path.name,
                names=", ".join(names),
            ),
            field="sheet",
        )
    for name, part in book.sheets:
        sheet = Sheet(path, name, part, tuple(book.strings), book.styles)
        if name == title:
            return sheet
        if title is None:
            with closing(_first(sheet)) as rows:
                if next(rows, None) is not None:
                    return sheet
    raise InvalidInput(tr("'{name}' is empty: no sheet has a row.", name=path.name), field="file")


def _first(sheet: Sheet) -> Generator[tuple[int, list[str]], None, None]:
    yield from sheet.records()


@dataclass(slots=True)
class _Book:
    sheets: list[tuple[str, str]] = field(default_factory=list)
    """Titles and parts of the visible sheets, in order."""
    strings: list[str] = field(default_factory=list)
    styles: Styles = field(default_factory=Styles)


def _read_book(name: str, package: zipfile.ZipFile) -> _Book:
    book = _Book()
    parts: dict[str, str] = {}
    kinds: dict[str, str] = {}
    found: list[tuple[str, str]] = []

    def relation(tag: str, attributes: dict[str, str]) -> None:
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes["Target"]
            part = target[1:] if target.startswith("/") else f"xl/{target}"
            parts[attributes["Id"]] = part
            kinds[attributes["Type"].rpartition("/")[2]] = part

    def workbook(tag: str, attributes: dict[str, str]) -> None:
        if tag == "workbookPr":
            book.styles.is_1904 = attributes.get("date1904") in ("1", "true")
        elif tag == "sheet" and attributes.get("state", "visible") == "visible":
            reference = next(value for key, value in attributes.items() if key.rpartition(":")[2] == "id")
            found.append((attributes["name"], reference))

    _read_part(name, package, "xl/_rels/workbook.xml.rels", relation)
    _read_part(name, package, "xl/workbook.xml", workbook)
    known = set(package.namelist())
    book.sheets = [(title, parts[reference]) for title, reference in found if parts[reference] in known]
    if "styles" in kinds and kinds["styles"] in known:
        _read_part(name, package, kinds["styles"], book.styles.start, end=book.styles.end)
    if "sharedStrings" in kinds and kinds["sharedStrings"] in known:
        reader = _StringReader(book.strings)
        _read_part(name, package, kinds["sharedStrings"], reader.start, reader.text, reader.end)
    return book


def _ignore(_: str) -> None:
    """A handler for what does not matter."""


def _read_part(
    name: str,
    package: zipfile.ZipFile,
    part: str,
    start: Start,
    text: Callable[[str], None] = _ignore,
    end: Callable[[str], None] = _ignore,
) -> None:
    with package.open(part) as stream:
        for _ in _parsed(name, stream, start, text, end):
            pass


def _parsed(
    name: str, stream: IO[bytes], start: Start, text: Callable[[str], None], end: Callable[[str], None]
) -> Iterator[None]:
    """Feed a part to the parser; control comes back after every piece. Names come without prefix."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    bare: dict[str, str] = {}

    def bare_name(tag: str) -> str:
        found = bare.get(tag)
        if found is None:
            found = bare[tag] = tag.rpartition(":")[2]
        return found

    def refuse(*_: object) -> None:
        raise entities_refused(name)

    def begin(tag: str, attributes: dict[str, str]) -> None:
        # Nearly no program writes prefixes; without them the handlers need no help.
        has_prefix = ":" in tag
        parser.StartElementHandler = (
            (lambda tag, found: start(bare_name(tag), found)) if has_prefix else start
        )
        parser.EndElementHandler = (lambda tag: end(bare_name(tag))) if has_prefix else end
        start(bare_name(tag), attributes)

    parser.StartElementHandler = begin
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    while chunk := stream.read(_CHUNK):
        parser.Parse(chunk, False)
        yield
    parser.Parse(b"", True)
    yield


class _StringReader:
    """The shared strings: runs of rich text joined, reading aids for Japanese left out."""

    def __init__(self, strings: list[str]) -> None:
        self._strings = strings
        self._parts: list[str] = []
        self._is_text = False
        self._in_aid = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "t":
            self._is_text = not self._in_aid
        elif tag == "si":
            self._parts = []
        elif tag == "rPh":
            self._in_aid = True

    def text(self, data: str) -> None:
        if self._is_text:
            self._parts.append(data)

    def end(self, tag: str) -> None:
        if tag == "t":
            self._is_text = False
        elif tag == "rPh":
            self._in_aid = False
        elif tag == "si":
            self._strings.append(unescape_text("".join(self._parts)))


class _RowReader:
    """Collects the rows of a sheet as the parser passes them."""

    def __init__(self, strings: tuple[str, ...], styles: Styles) -> None:
        self.rows: list[tuple[int, list[str]]] = []
        self._strings = strings
        self._styles = styles
        self._row = 0
        self._values: list[str] = []
        self._column = -1
        self._kind = "n"
        self._style = _PLAIN
        self._parts: list[str] = []
        self._is_text = False
        self._in_aid = False
        self._columns: dict[str, int] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            reference = attributes.get("r")
            self._column = self._column + 1 if reference is None else self._index(reference)
            self._kind = attributes.get("t", "n")
            style = attributes.get("s")
            self._style = self._styles.of(int(style)) if style else _PLAIN
            self._parts = []
        elif tag == "v" or tag == "t":
            self._is_text = not self._in_aid
        elif tag == "row":
            number = attributes.get("r")
            self._row = int(number) if number else self._row + 1
            self._values = []
            self._column = -1
        elif tag == "rPh":
            self._in_aid = True

    def text(self, data: str) -> None:
        if self._is_text:
            self._parts.append(data)

    def end(self, tag: str) -> None:
        if tag == "v" or tag == "t":
            self._is_text = False
        elif tag == "c":
            self._end_cell()
        elif tag == "row":
            values = self._values
            while values and not values[-1]:
                values.pop()
            if values and not "".join(values).isspace():
                self.rows.append((self._row, values))
        elif tag == "rPh":
            self._in_aid = False

    def _end_cell(self) -> None:
        if not self._parts or self._column >= _MAX_COLUMNS:
            return
        raw = "".join(self._parts)
        if len(raw) > _TEXT_LIMIT:
            raise ValueError("a cell of more than a million characters")
        value = self._strings[int(raw)] if self._kind == "s" else cell_text(raw, self._kind, self._style)
        values = self._values
        if self._column >= len(values):
            values.extend([""] * (self._column - len(values) + 1))
        values[self._column] = value

    def _index(self, reference: str) -> int:
        letters = reference.rstrip(_DIGITS)
        found = self._columns.get(letters)
        if found is None:
            found = 0
            for letter in letters.upper():
                if not "A" <= letter <= "Z" or len(letters) > 3:
                    raise ValueError(f"no cell is called {reference!r}")
                found = found * 26 + ord(letter) - 64
            found -= 1
            self._columns[letters] = found
        return found


def _broken(path: Path) -> InvalidInput:
    return InvalidInput(
        tr("'{name}' is not a sound .xlsx file; save it again, or as CSV.", name=path.name), field="file"
    )
