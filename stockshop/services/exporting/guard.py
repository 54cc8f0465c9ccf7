"""Cells that a spreadsheet would run as a formula, made harmless in a way that can be undone.

An apostrophe goes before what would start a formula: at the start of a cell, and after a
semicolon, tab or line end inside it, because a spreadsheet set to another delimiter cuts the line
there. Apostrophes already standing there are doubled up in the same way, so that taking exactly
one away gives the cell back, whatever it was.
"""

from __future__ import annotations

import re

_STARTERS = "=+\\-@＝＋－＠"
_RUN = "[\\s\"']*"
_DANGER = re.compile(f"[{_STARTERS}\t\r\n]")
_HERE = re.compile(f"^(?='*[\t\r\n]|{_RUN}[{_STARTERS}])|(?<=[;\t\r\n])(?={_RUN}[{_STARTERS}])")
_THERE = re.compile(f"^'(?='*[\t\r\n]|{_RUN}[{_STARTERS}])|(?<=[;\t\r\n])'(?={_RUN}[{_STARTERS}])")
_NUMBER = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,9})?")


def guard(cell: str) -> str:
    """The cell with an apostrophe wherever a formula could start; most cells come back as they are."""
    return _HERE.sub("'", cell) if _DANGER.search(cell) else cell


def unguard(cell: str) -> str:
    """What `guard` was given: `unguard(guard(x)) == x` for every text."""
    return _THERE.sub("", cell) if "'" in cell else cell


def is_plain_number(cell: str) -> bool:
    """Whether the cell is a number to every spreadsheet, such as `-5` or `3.50`, and needs no guard."""
    return _NUMBER.fullmatch(cell) is not None
