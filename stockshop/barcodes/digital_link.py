"""GS1 Digital Link: a web address that carries a GTIN, and often the lot and the date, in itself."""

from __future__ import annotations

import re

from stockshop.barcodes.gs1 import check_value, identifiers
from stockshop.barcodes.gtin import is_digits
from stockshop.barcodes.model import Elements, Gs1Error
from stockshop.language import tr

_WEB = re.compile(r"https?://([^/?#\s]+)(/[^?#]*)(?:\?([^#]*))?(?:#.*)?", re.IGNORECASE | re.DOTALL)
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})")
_NAMES = {"gtin": "01", "itip": "8006", "cpv": "22", "lot": "10", "ser": "21", "sscc": "00"}
"""The words early links used for identifiers."""


def parse(text: str) -> Elements | None:
    """The identifiers and values of a Digital Link address, the key first; None if it holds no key.

    Raises Gs1Error when there is a key and something is not right: a wrong check digit, qualifiers
    that do not belong to it. Query parameters that are no identifiers are passed over.
    """
    match = _WEB.fullmatch(text)
    elements = _path(match[2]) if match else None
    if match is None or elements is None:
        return None
    elements += _query(match[3] or "")
    seen: dict[str, str] = {}
    for code, value in elements:
        check_value(code, value)
        if seen.setdefault(code, value) != value:
            raise Gs1Error(tr("({code}) stands there twice with different values.", code=code))
    return tuple(elements)


def _path(path: str) -> list[tuple[str, str]] | None:
    """The key and its qualifiers: the last key in the path behind which everything fits it."""
    parts = [part for part in path.rstrip("/").split("/")[1:] if part]
    table = identifiers()
    for index in range(len(parts) - 2, -1, -1):
        if (len(parts) - index) % 2:
            continue
        pairs = [
            (_NAMES.get(name.lower(), name), _decode(value))
            for name, value in zip(parts[index::2], parts[index + 1 :: 2], strict=True)
        ]
        key = table.get(pairs[0][0])
        if key is None or key.qualifiers is None:
            continue
        if not any(_in_order([name for name, _ in pairs[1:]], allowed) for allowed in key.qualifiers):
            raise Gs1Error(
                tr("What follows ({code}) in the web address does not belong to it.", code=key.code)
            )
        return [(key.code, _padded(key.code, pairs[0][1])), *pairs[1:]]
    return None


def _in_order(names: list[str], allowed: tuple[str, ...]) -> bool:
    remaining = iter(allowed)
    return all(name in remaining for name in names)


def _query(query: str) -> list[tuple[str, str]]:
    elements = []
    for parameter in query.replace(";", "&").split("&"):
        name, _, value = parameter.partition("=")
        code = _NAMES.get(name.lower(), name)
        if code in identifiers():
            elements.append((code, _decode(value)))
    return elements


def _padded(code: str, value: str) -> str:
    """Early links wrote a GTIN with 8, 12 or 13 digits."""
    return value.zfill(14) if code == "01" and len(value) in (8, 12, 13) and is_digits(value) else value


def _decode(value: str) -> str:
    """Percent signs resolved byte by byte; only ASCII can be valid behind them."""
    return _PERCENT.sub(lambda match: chr(int(match[1], 16)), value)
