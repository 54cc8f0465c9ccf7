"""CSV in whatever encoding and with whatever delimiter a program or a country prefers."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from io import StringIO
from itertools import chain
from pathlib import Path

from stockshop.errors import InvalidInput
from stockshop.language import tr
from stockshop.services.exporting.guard import unguard

DELIMITERS = ",;\t|"
CELL_LIMIT = 1_000_000
_CHUNK = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16-be"),
)
_LONG_RUN = re.compile(rb"[\x80-\xff]{4,}")
# What Windows-1252 leaves undefined.
_NOT_WINDOWS = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_SEQUENCE = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")
_BINARY = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_SEPARATOR_LINE = re.compile(r"\"?sep=(.)\"?[\r\n]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the bytes of a file become text."""

    name: str
    """For people: utf-8, utf-16-le, utf-16-be, utf-32, windows-1252 or latin-1."""
    codec: str
    is_damaged: bool = False
    """It is UTF-8, but some characters are broken and read as U+FFFD."""

    @property
    def errors(self) -> str:
        return "replace" if self.is_damaged else "strict"

    def decode_head(self, head: bytes) -> str:
        """The beginning of a file as text; a character cut in half at the end is left out."""
        decoder = codecs.getincrementaldecoder(self.codec)(errors=self.errors)
        return decoder.decode(head)


@dataclass(frozen=True, slots=True)
class Delimited:
    """A text file with a delimiter; see tables.Source."""

    path: Path
    text: Encoding
    delimiter: str
    has_separator_line: bool

    kind = "csv"

    @property
    def encoding(self) -> str:
        return self.text.name

    @property
    def is_damaged(self) -> bool:
        return self.text.is_damaged

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """The rows that are not empty, with what the guard against formulas added taken away."""
        if csv.field_size_limit() < CELL_LIMIT:
            csv.field_size_limit(CELL_LIMIT)
        number = 0
        with self.path.open(encoding=self.text.codec, errors=self.text.errors, newline="") as stream:
            if self.has_separator_line:
                stream.readline()
            reader = csv.reader(stream, delimiter=self.delimiter, strict=True)
            try:
                for number, values in enumerate(reader, start=1):
                    joined = "".join(values)
                    if not joined or joined.isspace():
                        continue
                    if "'" in joined:
                        values = [unguard(value) for value in values]
                    yield number, values
            except csv.Error as error:
                raise _unreadable(self.path.name, number + 1, str(error)) from error
            except UnicodeDecodeError as error:
                raise InvalidInput(
                    tr("'{name}' changed while it was read; try again.", name=self.path.name), field="file"
                ) from error


def _unreadable(name: str, row: int, said: str) -> InvalidInput:
    if "field larger" in said or "end of data" in said:
        what = tr("a quotation mark is opened there and never closed")
    elif "expected after" in said:
        what = tr('a quotation mark stands inside a quoted text; write it twice ("")')
    else:
        what = said
    return InvalidInput(
        tr("'{name}' cannot be read at row {row}: {what}. Correct it there.", name=name, row=row, what=what),
        field="file",
    )


def detect_encoding(path: Path, head: bytes) -> Encoding:
    """Find the encoding by its mark, by the zeros of UTF-16, or by trying the whole file.

    Raises InvalidInput for what is no text at all.
    """
    for mark, codec, name in _BOMS:
        if head.startswith(mark) and _decodes(path, codec):
            return Encoding(name, codec)
    zeros = head.count(0)
    if zeros:
        for codec, offset in (("utf-16-le", 1), ("utf-16-be", 0)):
            # Headings, delimiters and digits have a zero byte; even Greek prose keeps its spaces.
            if head[offset::2].count(0) > 0.9 * zeros and zeros > len(head) // 50 and _decodes(path, codec):
                return Encoding(codec, codec)
    if zeros > len(head) // 4 or len(_BINARY.findall(head)) > len(head) // 50 + 40:
        raise InvalidInput(
            tr("'{name}' is not a text file; choose a CSV, Excel or JSON file.", name=path.name), field="file"
        )
    if _decodes(path, "utf-8"):
        return Encoding("utf-8", "utf-8")
    return _fallback(path)


def _decodes(path: Path, codec: str) -> bool:
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _fallback(path: Path) -> Encoding:
    high = sequences = undefined = runs = in_runs = 0
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            found = _SEQUENCE.findall(chunk)
            sequences += sum(map(len, found))
            high += len(_HIGH.findall(chunk))
            undefined += len(_NOT_WINDOWS.findall(chunk))
            long = [run for run in _LONG_RUN.findall(chunk) if len(set(run)) > 2]
            runs += len(long)
            in_runs += sum(map(len, long))
    # Nearly all of it reads as UTF-8: a broken copy, where Windows-1252 would garble every accent.
    if sequences > 9 * (high - sequences):
        return Encoding("utf-8", "utf-8", is_damaged=True)
    # Western words have an accent here and there; whole words of them are another script's.
    if runs > 2 and 2 * in_runs > high:
        raise InvalidInput(
            tr(
                "'{name}' is in an encoding that cannot be told; save it again as UTF-8 or as .xlsx.",
                name=path.name,
            ),
            field="file",
        )
    return Encoding("latin-1", "latin-1") if undefined else Encoding("windows-1252", "cp1252")


def open_delimited(path: Path, text: Encoding, start: str) -> Delimited:
    """Find the delimiter from the beginning of the file, already decoded."""
    start = start.lstrip("\ufeff")
    line = _SEPARATOR_LINE.match(start)
    if line is not None:
        return Delimited(path, text, line[1], True)
    return Delimited(path, text, detect_delimiter(start), False)


def detect_delimiter(start: str) -> str:
    """The delimiter that cuts the first rows into most columns, as many in each as in the first.

    What stands in quotes does not count. A text without any delimiter is one column: a comma.
    """
    complete = len(start) < 60_000
    best, best_score = ",", 1.0
    for delimiter in DELIMITERS:
        widths = _widths(start, delimiter, complete)
        if not widths:
            continue
        width = max(set(widths), key=lambda wide: (widths.count(wide), wide))
        if width == 1:
            width = max(widths)
        score = width * widths.count(width) / len(widths)
        if widths[0] != width:
            score *= 0.1 if widths[0] == 1 else 0.5
        if width > 1 and score > best_score:
            best, best_score = delimiter, score
        elif best_score == 1.0 and widths[0] > 1:
            best = delimiter
    return best


def _widths(start: str, delimiter: str, complete: bool) -> list[int]:
    widths: list[int] = []
    with closing(StringIO(start, newline="")) as stream:
        reader = csv.reader(chain(stream), delimiter=delimiter)
        try:
            for values in reader:
                if any(values):
                    widths.append(len(values))
                if len(widths) > 100:
                    break
        except csv.Error:
            # Told about when the file is read properly.
            return widths
    return widths if complete or len(widths) < 2 else widths[:-1]
