"""One line of a file of entries: JSON, checked to the last key, into what `post_entry` takes.

Nothing is guessed: numbers are exact, an unknown key is refused by name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from stockshop import clock, money, quantity
from stockshop.errors import InvalidInput
from stockshop.language import tr
from stockshop.services.stock import KINDS, LineRequest
from stockshop.text import printable

LINE_LIMIT_BYTES = 16_000_000
"""An entry of a hundred thousand lines fits; more is a file without line ends."""
_ENTRY_KEYS = ("id", "kind", "at", "reference", "note", "reason", "lines")
_LINE_KEYS = (
    "product", "quantity", "from", "to", "unit_cost", "lot", "expiry", "price", "reason",
)  # fmt: skip
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
# Where goods come from or go to that the kind says already; naming it again does no harm.
_IMPLIED = {
    ("receive", "from"): "supplier",
    ("return", "from"): "customer",
    ("sell", "to"): "customer",
    ("scrap", "to"): "scrap",
}


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry as a file gives it."""

    client_id: str
    kind: str
    at_us: int | None
    reference: str
    note: str
    lines: tuple[LineRequest, ...]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InvalidInput(tr("The key '{key}' is there twice.", key=_shown(twice)), field=_shown(twice))
    return found


_DECODER = json.JSONDecoder(
    parse_float=Decimal, parse_int=Decimal, parse_constant=Decimal, object_pairs_hook=_once
)


def decode(raw: bytes) -> dict[str, Any]:
    """The JSON object of one line, its numbers as Decimal. Raises InvalidInput."""
    if len(raw) > LINE_LIMIT_BYTES:
        raise InvalidInput(tr("The line is too long: each entry stands on a line of its own."))
    try:
        content = _DECODER.decode(raw.decode("utf-8-sig").strip())
    except UnicodeDecodeError as error:
        raise InvalidInput(tr("The line is not UTF-8 text.")) from error
    except json.JSONDecodeError as error:
        raise InvalidInput(
            tr("The line is not JSON: {why} at column {column}.", why=error.msg, column=error.colno)
        ) from error
    except RecursionError as error:
        raise InvalidInput(tr("The line is nested too deeply.")) from error
    if not isinstance(content, dict):
        raise InvalidInput(
            tr("Each line is one entry: {example}.", example='{"id": …, "kind": …, "lines": […]}')
        )
    return content


def id_of(content: Mapping[str, Any]) -> str | None:
    """The id of an entry that may be refused for something else; None where it has none."""
    found = content.get("id")
    return found if isinstance(found, str) else None


def read_entry(content: Mapping[str, Any], currency: str, zone: ZoneInfo | None) -> EntryLine:
    """Check an entry. `currency` and `zone` are the shop's. Raises InvalidInput naming the field."""
    _known(content, _ENTRY_KEYS)
    client_id = _text(content, "id")
    if not client_id:
        raise InvalidInput(
            tr('Give each entry an "id" of your own: with it, posting the file again does no harm.'),
            field="id",
        )
    kind = _text(content, "kind")
    if kind not in KINDS:
        raise InvalidInput(
            tr(
                "'{kind}' is not a kind of entry; use one of: {kinds}.",
                kind=_shown(kind),
                kinds=", ".join(KINDS),
            ),
            field="kind",
        )
    lines = content.get("lines")
    if not isinstance(lines, list) or not lines:
        raise InvalidInput(tr('"lines" is a list with at least one line.'), field="lines")
    requests = []
    reasons = [_text(content, "reason")]
    for number, line in enumerate(lines, start=1):
        try:
            requests.append(_line(line, kind, currency))
            reasons.append(_text(line, "reason"))
        except InvalidInput as error:
            if len(lines) == 1:
                raise
            raise InvalidInput(
                tr("Line {number}: {why}", number=number, why=error.message), field=error.field
            ) from error
    if any(reasons) and kind != "adjust":
        raise InvalidInput(tr('Only an adjustment has a reason; use "note".'), field="reason")
    at = _text(content, "at")
    return EntryLine(
        client_id=client_id,
        kind=kind,
        at_us=clock.parse_instant(at, zone) if at else None,
        reference=_text(content, "reference"),
        note="; ".join(dict.fromkeys(word for word in (*reasons, _text(content, "note")) if word)),
        lines=tuple(requests),
    )


def _line(line: Any, kind: str, currency: str) -> LineRequest:
    if not isinstance(line, dict):
        raise InvalidInput(
            tr("A line is an object: {example}.", example='{"product": …, "quantity": …}'), field="lines"
        )
    _known(line, _LINE_KEYS)
    if line.get("quantity") is None:
        raise InvalidInput(tr('"{key}" is missing.', key="quantity"), field="quantity")
    unit_cost, price = line.get("unit_cost"), line.get("price")
    return LineRequest(
        product=_text(line, "product"),
        quantity_milli=quantity.to_milli(_number(line["quantity"], "quantity")),
        from_bin=_place(line, "from", kind),
        to_bin=_place(line, "to", kind),
        lot=_text(line, "lot"),
        expiry=_text(line, "expiry"),
        unit_cost_e4=None if unit_cost is None else _cost_e4(unit_cost),
        price_minor=None if price is None else money.to_minor(_number(price, "price"), currency),
    )


def _cost_e4(unit_cost: Any) -> int:
    return money.to_cost_e4(_number(unit_cost, "unit_cost"), field="unit_cost")


def _place(line: Mapping[str, Any], key: str, kind: str) -> str:
    place = _text(line, key)
    implied = _IMPLIED.get((kind, key))
    if place and implied is not None:
        if place.strip().casefold() != implied:
            other = "to" if key == "from" else "from"
            raise InvalidInput(
                tr(
                    'In a {kind} entry the bin stands under "{other}"; leave "{key}" out.',
                    kind=kind,
                    other=other,
                    key=key,
                ),
                field=key,
            )
        return ""
    return place


def _known(content: Mapping[str, Any], keys: Collection[str]) -> None:
    for key in content:
        if key not in keys:
            raise InvalidInput(
                tr("There is no key '{key}' here; known are: {keys}.", key=_shown(key), keys=", ".join(keys)),
                field=_shown(key),
            )


def _shown(text: str) -> str:
    return printable(text)[:40]


def _text(content: Mapping[str, Any], key: str) -> str:
    found = content.get(key)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise InvalidInput(tr('"{key}" is text; write it in quotes.', key=key), field=key)
    return found


def _number(found: Any, key: str) -> Decimal:
    if isinstance(found, Decimal):
        return found
    if isinstance(found, str) and len(found) <= 60 and _NUMBER.fullmatch(found.strip()):
        return Decimal(found.strip())
    raise InvalidInput(tr('"{key}" is a number with a plain dot, such as 1.5.', key=key), field=key)
