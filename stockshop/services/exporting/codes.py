"""The `barcodes` cell of our own files: `4006381333931; 14006381333938 x12`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from stockshop.errors import InvalidInput
from stockshop.language import tr
from stockshop.quantity import plain, to_milli
from stockshop.text import clean_code

_PLAIN = re.compile(r"[0-9A-Za-z_\-]+")
_SHORTENED = re.compile(r"[0-9]E[0-9]+", re.IGNORECASE)
_ITEM = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^;"]*?))(?:\s+x([0-9]{1,9}(?:\.[0-9]{1,3})?))?\s*(?:;|$)')


def format_barcodes(codes: Iterable[tuple[str, int]]) -> str:
    """Codes with the thousandths of the unit each stands for; one that could be misread is quoted."""
    parts = []
    for code, quantity_milli in codes:
        shown = code
        if not _PLAIN.fullmatch(code) or _SHORTENED.fullmatch(code):
            shown = '"' + code.replace('"', '""') + '"'
        parts.append(shown if quantity_milli == 1_000 else f"{shown} x{plain(quantity_milli)}")
    return "; ".join(parts)


def parse_barcodes(text: str) -> list[tuple[str, int, bool]]:
    """What `format_barcodes` wrote, or a person in the same way: code, thousandths, whether it was quoted.

    Raises InvalidInput naming `barcodes`.
    """
    found = []
    position = 0
    while position < len(text):
        match = _ITEM.match(text, position)
        if match is None or match.end() == position:
            raise InvalidInput(
                tr(
                    "'{text}' is no list of barcodes; write them as {example}.",
                    text=text[position : position + 30],
                    example="'4006381333931; 14006381333938 x12'",
                ),
                field="barcodes",
            )
        position = match.end()
        quantity_milli = to_milli(Decimal(match[3]), field="barcodes") if match[3] else 1_000
        if quantity_milli <= 0:
            raise InvalidInput(tr("A barcode stands for more than nothing."), field="barcodes")
        is_quoted = match[1] is not None
        code = clean_code(match[1].replace('""', '"') if is_quoted else match[2], field="barcodes")
        if code:
            found.append((code, quantity_milli, is_quoted))
    return found
