"""What is printed: tables for people, JSON for programs.

JSON holds quantities and money as exact strings with a plain dot. Whatever a terminal might obey or
hide is escaped in it, and left out for people.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stockshop import clock
from stockshop.language import mark, tr, trn
from stockshop.text import printable, shorten

if TYPE_CHECKING:
    from stockshop.services.shop import Shop

_GAP = 2
_LEAST_CELLS = 12
_HIDDEN = re.compile(r"[^ -~]")
_encode = json.JSONEncoder(ensure_ascii=False).encode


def as_json(data: Any) -> str:
    """One line of JSON without any character that a terminal might obey."""
    encoded = _encode(data)
    if encoded.isprintable() and (encoded.isascii() or _is_unicode()):
        return encoded
    return _HIDDEN.sub(_escaped, encoded)


def _is_unicode() -> bool:
    return (sys.stdout.encoding or "").lower().startswith("utf")


def _escaped(match: re.Match[str]) -> str:
    char = match.group()
    if char.isprintable() and _is_unicode():
        return char
    return json.dumps(char)[1:-1]


def emit(data: Any) -> None:
    """Print one object as a line of JSON."""
    print(as_json(data))


def emit_rows(rows: Iterable[dict[str, Any]]) -> None:
    """Print a JSON list with one object a line, as they come."""
    write = sys.stdout.write
    write("[")
    separator = "\n "
    for row in rows:
        write(separator)
        write(as_json(row))
        separator = ",\n "
    write("]\n" if separator == "\n " else "\n]\n")


def say(line: str) -> None:
    """Print a line for people."""
    print(printable(line))


def note(line: str) -> None:
    """Print a line for people that is not part of the answer."""
    print(printable(line), file=sys.stderr)


def counted(number: int, nouns: str) -> str:
    """`1 entry`, `2 entries`: the number with its noun, by the English word for many of them."""
    shown = f"{number:,}"
    said = {
        "products": trn("{count} product", "{count} products", number, count=shown),
        "barcodes": trn("{count} barcode", "{count} barcodes", number, count=shown),
        "places": trn("{count} place", "{count} places", number, count=shown),
        "entries": trn("{count} entry", "{count} entries", number, count=shown),
        "movements": trn("{count} movement", "{count} movements", number, count=shown),
        "troubles": trn("{count} trouble", "{count} troubles", number, count=shown),
        "rows": trn("{count} row", "{count} rows", number, count=shown),
        "labels": trn("{count} label", "{count} labels", number, count=shown),
        "lines": trn("{count} line", "{count} lines", number, count=shown),
        "pages": trn("{count} page", "{count} pages", number, count=shown),
    }
    return said[nouns]


_HEADINGS = (
    mark("sku"), mark("name"), mark("category"), mark("price"), mark("on hand"), mark("unit"), mark("bins"),
    mark("code"), mark("kind"), mark("in"), mark("barcode"), mark("sheet"), mark("labels"), mark("width mm"),
    mark("height mm"), mark("paper"), mark("description"), mark("setting"), mark("value"), mark("bin"),
    mark("lot"), mark("available"), mark("on order"), mark("entry"), mark("when"), mark("from"), mark("to"),
    mark("change"), mark("by"), mark("why"), mark("projected"), mark("reorder at"), mark("suggested"),
    mark("supplier"), mark("site"), mark("zone"), mark("label name"), mark("price includes tax"),
    mark("tax rate"), mark("net content"), mark("net content unit"), mark("weight g"), mark("length mm"),
    mark("tracking"), mark("preferred bin"), mark("notes"), mark("archived"), mark("barcodes"),
    mark("quantity"), mark("suppliers"), mark("pack"), mark("minimum"), mark("unit cost"),
    mark("lead time days"), mark("reorder"), mark("reorder point"), mark("order up to"), mark("prices"),
    mark("actor"), mark("reason"), mark("merged"), mark("currency"), mark("locale"), mark("timezone"),
    mark("prices include tax"), mark("receiving bin"), mark("scale country"), mark("scale pattern"),
    mark("scan prefix"), mark("costing"), mark("below zero"), mark("closed through"),
)  # fmt: skip
"""The words of `heading`."""


def heading(word: str) -> str:
    """A field's name for people; `_` stands for a space."""
    return tr(word.replace("_", " "))


def cells(text: str) -> int:
    """How many cells of a terminal the text takes: wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(map(_char_cells, text))


def _char_cells(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table for people."""

    heading: str
    is_number: bool = False
    gives_way: bool = False
    """It is shortened when the table is wider than the terminal."""


def columns(words: str) -> tuple[Column, ...]:
    """Columns from their headings: `>` before a heading for numbers, `~` for what may be shortened.

    `_` stands for a space; the headings are looked up.
    """
    return tuple(
        Column(heading(word.lstrip("~>")), word.startswith(">"), word.startswith("~"))
        for word in words.split()
    )


def table(layout: Sequence[Column], rows: Iterable[Sequence[str]], *, empty: str = "") -> None:
    """Print rows under headings, numbers to the right; `empty` is said when there are none."""
    body = [[printable(cell) for cell in row] for row in rows]
    if not body:
        say(empty)
        return
    widths = [
        max(cells(column.heading), *(cells(row[index]) for row in body))
        for index, column in enumerate(layout)
    ]
    _give_way(layout, widths)
    print(_line([column.heading for column in layout], layout, widths))
    for row in body:
        print(_line(row, layout, widths))


def _give_way(layout: Sequence[Column], widths: list[int]) -> None:
    """On a terminal, make the yielding columns narrower until a row fits a line."""
    if not sys.stdout.isatty():
        return
    excess = sum(widths) + _GAP * (len(widths) - 1) - shutil.get_terminal_size().columns
    for index, column in enumerate(layout):
        if column.gives_way and excess > 0:
            narrower = max(widths[index] - excess, min(widths[index], _LEAST_CELLS))
            excess -= widths[index] - narrower
            widths[index] = narrower


def _line(row: Sequence[str], layout: Sequence[Column], widths: Sequence[int]) -> str:
    parts = []
    for cell, column, width in zip(row, layout, widths, strict=True):
        shown = _fitted(cell, width)
        padding = " " * (width - cells(shown))
        parts.append(padding + shown if column.is_number else shown + padding)
    return (" " * _GAP).join(parts).rstrip()


def _fitted(text: str, width: int) -> str:
    shown, length = text, width
    while cells(shown) > width:
        shown = shorten(text, length)
        length -= 1
    return shown


def when(instant_us: int, shop: Shop) -> str:
    """An instant as people read it, in the shop's time zone, to the minute."""
    return clock.to_datetime(instant_us, shop.zone).strftime("%Y-%m-%d %H:%M")


def quantity(quantity_milli: int, unit: str, shop: Shop) -> str:
    """A quantity as the shop's country writes it."""
    from stockshop.money import format_quantity
    from stockshop.quantity import UNITS

    known = UNITS.get(unit)
    return format_quantity(quantity_milli, known.decimals if known is not None else 3, shop.settings.locale)


def price(price_minor: int | None, shop: Shop) -> str:
    """A price as the shop's country writes it; nothing for none."""
    from stockshop.money import format_price

    return "" if price_minor is None else format_price(price_minor, shop.currency, shop.settings.locale)


def value(value_e4: int, shop: Shop) -> str:
    """A value as the shop's country writes it."""
    from stockshop.money import format_value

    return format_value(value_e4, shop.currency, shop.settings.locale)
