"""What a cell of a spreadsheet shows: its digits, its date, its text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DECIMALS = re.compile(r"0\.(0{1,9})")
_NOT_SHOWN = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
# ECMA-376 part 1, 18.8.30: the formats every program has; the rest are written in the file.
_DATE_FORMATS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_LAST_SERIAL = 2_958_466
_EXACT = 1e15


@dataclass(frozen=True, slots=True)
class Style:
    """What matters of a cell's number format."""

    is_date: bool = False
    decimals: int | None = None
    """As many are always shown; None where the format does not fix it."""
    is_1904: bool = False


@dataclass(slots=True)
class Styles:
    """The number formats of a workbook, filled from its styles as the parser passes them."""

    is_1904: bool = False
    _codes: dict[int, str] = field(default_factory=dict)
    _cells: list[Style] = field(default_factory=list)
    _in_cells: bool = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if tag == "numFmt" and "numFmtId" in attributes:
            self._codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif tag == "cellXfs":
            self._in_cells = True
        elif tag == "xf" and self._in_cells:
            self._cells.append(self._read(int(attributes.get("numFmtId", "0"))))

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag == "cellXfs":
            self._in_cells = False

    def of(self, index: int) -> Style:
        """The style with this number; a plain one where the file lacks it."""
        return self._cells[index] if 0 <= index < len(self._cells) else Style()

    def _read(self, number: int) -> Style:
        code = {2: "0.00"}.get(number, self._codes.get(number, ""))
        shown = _DECIMALS.fullmatch(code)
        if shown:
            return Style(decimals=len(shown[1]))
        bare = _NOT_SHOWN.sub("", code).lower()
        is_date = number in _DATE_FORMATS or (bare != "general" and any(char in "dmyhs" for char in bare))
        return Style(is_date, None, self.is_1904)


def unescape_text(text: str) -> str:
    """Undo `_x000D_` and its like (ECMA-376 part 1, 22.9.2.19)."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def cell_text(raw: str, kind: str, style: Style) -> str:
    """The text of a cell from its XML: `kind` is its type (n, b, e, str, inlineStr, d).

    Raises ValueError for a number that is none.
    """
    if kind == "n":
        if style.is_date:
            return _date(float(raw), style)
        return _number(raw, style.decimals)
    if kind == "b":
        return "true" if raw.strip() in ("1", "true") else "false"
    if kind == "d":
        return raw.removesuffix("Z").removesuffix("T00:00:00").replace("T", " ")
    return unescape_text(raw)


def _number(raw: str, decimals: int | None) -> str:
    """The digits a person sees: 4006381333931.0 is a barcode, and a `0.00` shows its zeros."""
    if raw.isdigit() and len(raw) <= 15:
        return f"{raw}.{'0' * decimals}" if decimals else raw
    value = float(raw)
    if not abs(value) < _EXACT:
        return raw.upper()
    if decimals and float(text := f"{value:.{decimals}f}") == value:
        return text
    if value.is_integer():
        return str(int(value))
    # Twelve digits hide the tail of 0.1 + 0.2 and keep all a price or a weight has.
    return f"{Decimal(f'{value:.12g}'):f}"


def _date(serial: float, style: Style) -> str:
    """A day count as ISO text: from 1904, or from 1900 with the leap day that never was."""
    if not 0 <= serial < _LAST_SERIAL:
        raise ValueError("no date")
    start = datetime(1904, 1, 1) if style.is_1904 else datetime(1899, 12, 30 if serial >= 60 else 31)
    moment = start + timedelta(seconds=round(serial * 86_400))
    if serial < 1 and not style.is_1904:
        return moment.time().isoformat()
    if (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return moment.date().isoformat()
    return moment.isoformat(" ", "seconds")
