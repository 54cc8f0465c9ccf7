"""The fonts of every document: DejaVu Sans as shipped, then TrueType fonts found on the system.

A character is printed with the first font that has it; one that no font has is reported by
`FontBook.missing` before anything is printed, and never comes out as an empty box.
"""

from __future__ import annotations

import os
import struct
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from stockshop.language import tr
from stockshop.resources import asset

REGULAR = "regular"
BOLD = "bold"
_SHIPPED = {REGULAR: "DejaVuSans.ttf", BOLD: "DejaVuSans-Bold.ttf"}
_SYSTEM_LIMIT = 3_000
"""Font files looked at, at the most; a designer's computer has tens of thousands."""
_TRUETYPE = (b"\x00\x01\x00\x00", b"true")
_NEEDS_SHAPING = (
    (0x0700, 0x07FF), (0x0840, 0x086F), (0x0900, 0x0DFF), (0x0F00, 0x0FFF), (0x1000, 0x109F),
    (0x1700, 0x18AF), (0x1900, 0x1CFF), (0xA800, 0xA8FF), (0xA930, 0xA9FF), (0xAA00, 0xAADF),
    (0xABC0, 0xABFF), (0x11000, 0x11FFF),
)  # fmt: skip
"""Scripts whose letters join or change places; set one by one they would be misspelt, so they count
as unprintable rather than come out wrong."""


class Face:
    """One font file as ReportLab reads it, with its widths in thousandths of the size."""

    __slots__ = ("default_width", "font", "glyphs", "name", "widths")

    def __init__(self, name: str, path: Path, index: int = 0) -> None:
        from reportlab.pdfbase.ttfonts import TTFont

        self.font: Any = TTFont(name, str(path), subfontIndex=index)
        # Two files may hold fonts of one name, which one PDF could not.
        self.font.face.name = name.encode("ascii")
        self.name = name
        self.glyphs: dict[int, int] = self.font.face.charToGlyph
        self.widths: dict[int, float] = self.font.face.charWidths
        self.default_width: float = self.font.face.defaultWidth


class _Widths(dict[str, float]):
    """Width of each character in thousandths of the size, from the first face that has it."""

    def __init__(self, faces: _Faces) -> None:
        super().__init__()
        self._faces = faces

    def __missing__(self, char: str) -> float:
        face = self._faces[char]
        width = face.widths.get(ord(char), face.default_width)
        self[char] = width
        return width


class _Faces(dict[str, Face]):
    """The face that prints each character; an unprintable one gets the shipped face."""

    def __init__(self, book: FontBook, weight: str) -> None:
        super().__init__()
        self._book = book
        self._weight = weight

    def __missing__(self, char: str) -> Face:
        face = self._book.find(char, self._weight) or self._book.shipped(self._weight)
        self[char] = face
        return face


class FontBook:
    """The shipped faces and, as they are needed, those in `folders`, in order of preference."""

    def __init__(self, folders: Iterable[Path] | None = None) -> None:
        self._folders = tuple(system_folders() if folders is None else folders)
        self._shipped: dict[str, Face] = {}
        self._found: dict[_Candidate, Face] = {}
        self._candidates: list[_Candidate] | None = None
        self._nowhere: set[str] = set()
        self.faces = {weight: _Faces(self, weight) for weight in _SHIPPED}
        """Per weight: the face of each character."""
        self.widths = {weight: _Widths(self.faces[weight]) for weight in _SHIPPED}
        """Per weight: the width of each character in thousandths of the size."""

    def shipped(self, weight: str) -> Face:
        """The face that comes with stockshop in this weight."""
        if weight not in self._shipped:
            name = _SHIPPED[weight]
            self._shipped[weight] = Face(name.removesuffix(".ttf"), asset("fonts", name))
        return self._shipped[weight]

    def find(self, char: str, weight: str = REGULAR) -> Face | None:
        """The face that has `char`, or None when it cannot be printed."""
        code = ord(char)
        for shipped in (weight, REGULAR):
            if code in self.shipped(shipped).glyphs:
                return self.shipped(shipped)
        if char in self._nowhere or any(low <= code <= high for low, high in _NEEDS_SHAPING):
            return None
        for face in self._found.values():
            if code in face.glyphs:
                return face
        found = self._search(code)
        if found is None:
            self._nowhere.add(char)
        return found

    def missing(self, text: str) -> str:
        """The characters of `text` that no font can print, each once, in order."""
        faces = self.faces[REGULAR]
        shipped = self.shipped(REGULAR).glyphs
        suspects = dict.fromkeys(char for char in text if ord(char) not in shipped)
        return "".join(char for char in suspects if ord(char) not in faces[char].glyphs)

    def _search(self, code: int) -> Face | None:
        from reportlab.pdfbase.ttfonts import TTFError

        if self._candidates is None:
            self._candidates = list(_scan(self._folders))
        for candidate in self._candidates:
            if candidate in self._found or not candidate.covers(code):
                continue
            stem = "".join(char for char in candidate.path.stem if char.isascii() and char.isalnum())
            name = f"{stem}-{len(self._found) + 1}"
            try:
                face = Face(name, candidate.path, candidate.index)
            except (TTFError, OSError, struct.error, ValueError, KeyError, IndexError):
                continue  # A damaged font of somebody else's is no reason not to print.
            self._found[candidate] = face
            if code in face.glyphs:
                return face
        return None


@lru_cache(maxsize=1)
def book() -> FontBook:
    """The shipped fonts and this computer's, kept for the life of the program."""
    return FontBook()


def system_folders() -> list[Path]:
    """Where this kind of computer keeps its fonts."""
    home = Path.home()
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA", "")
        folders = [Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts"]
        return [*folders, Path(local) / "Microsoft/Windows/Fonts"] if local else folders
    if sys.platform == "darwin":
        return [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts"]
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local/share")
    return [data / "fonts", home / ".fonts", Path("/usr/local/share/fonts"), Path("/usr/share/fonts")]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A face in a font file of the system: its outlines are TrueType, so ReportLab can embed it."""

    path: Path
    index: int

    def covers(self, code: int) -> bool:
        return any(low <= code <= high for low, high in _ranges(self.path, self.index))


def _scan(folders: Iterable[Path]) -> Iterator[_Candidate]:
    files = [
        path
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in (".ttf", ".ttc", ".otf")
    ]
    files.sort(key=_oddness)
    for path in files[:_SYSTEM_LIMIT]:
        for index in range(_face_count(path)):
            yield _Candidate(path, index)


def _oddness(path: Path) -> tuple[int, str]:
    """Plain upright sans faces first, then by name."""
    name = path.stem.casefold()
    odd = sum(word in name for word in ("italic", "oblique", "bold", "light", "thin", "black", "condensed"))
    return 2 * odd + ("serif" in name) + ("mono" in name) + ("sans" not in name), name


def _face_count(path: Path) -> int:
    try:
        with path.open("rb") as file:
            head = file.read(12)
    except OSError:
        return 0
    if head[:4] == b"ttcf" and len(head) == 12:
        return min(int(struct.unpack(">L", head[8:12])[0]), 32)
    return 1 if head[:4] in _TRUETYPE else 0


@lru_cache(maxsize=_SYSTEM_LIMIT)
def _ranges(path: Path, index: int) -> tuple[tuple[int, int], ...]:
    """The code points a face claims to have (its `cmap`, OpenType 1.9), none without TrueType outlines."""
    try:
        with path.open("rb") as file:
            data = file.read()
        offset = struct.unpack_from(">L", data, 12 + 4 * index)[0] if data[:4] == b"ttcf" else 0
        count = struct.unpack_from(">H", data, offset + 4)[0]
        tables = {
            data[at : at + 4]: struct.unpack_from(">L", data, at + 8)[0]
            for at in range(offset + 12, offset + 12 + 16 * count, 16)
        }
        if data[offset : offset + 4] not in _TRUETYPE or b"glyf" not in tables:
            return ()
        return tuple(_cmap(data, tables[b"cmap"]))
    except (OSError, struct.error, KeyError):
        return ()


def _cmap(data: bytes, start: int) -> Iterator[tuple[int, int]]:
    for at in range(start + 4, start + 4 + 8 * struct.unpack_from(">H", data, start + 2)[0], 8):
        platform, _, offset = struct.unpack_from(">HHL", data, at)
        sub = start + offset
        kind = struct.unpack_from(">H", data, sub)[0]
        if kind == 12:
            for group in range(struct.unpack_from(">L", data, sub + 12)[0]):
                low, high, _ = struct.unpack_from(">LLL", data, sub + 16 + 12 * group)
                yield low, high
        elif kind == 4 and platform in (0, 3):
            segments = struct.unpack_from(">H", data, sub + 6)[0] // 2
            ends = struct.unpack_from(f">{segments}H", data, sub + 14)
            starts = struct.unpack_from(f">{segments}H", data, sub + 16 + 2 * segments)
            yield from zip(starts, ends, strict=True)


def describe(chars: str) -> str:
    """Unprintable characters for a person: `"あ" (HIRAGANA LETTER A)`, at most five."""
    shown = [f'"{char}" ({unicodedata.name(char, f"U+{ord(char):04X}")})' for char in chars[:5]]
    named = ", ".join(shown)
    return tr("{named} and {count} more", named=named, count=len(chars) - 5) if len(chars) > 5 else named
