"""The fields of a product: which there are, and the check that each value passes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypedDict

from stockshop import money, text
from stockshop.errors import InvalidInput
from stockshop.language import mark, tr
from stockshop.quantity import LIMIT_MILLI, find_unit

TRACKING = ("none", "lot")
# Fifty tonnes and a kilometre: beyond is a barcode in the field.
_LIMIT_G = 50_000_000
_LIMIT_MM = 1_000_000
_TAX_LIMIT_MILLI = 100_000


class ProductFields(TypedDict, total=False):
    """What can be said about a product; what is left out stays as it is, or is empty in a new one."""

    sku: str | None
    """None in a new product: one is made."""
    name: str
    label_name: str | None
    category: str | None
    """By name; made when it is new."""
    unit: str
    net_content_milli: int | None
    net_content_unit: str | None
    price_minor: int | None
    tax_rate_milli: int | None
    price_includes_tax: bool | None
    weight_g: int | None
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    tracking: str
    preferred_bin: str | None
    """The code of a bin."""
    notes: str | None


def _name(value: Any, field: str) -> str:
    name = text.clean(_text(value, field), field=field)
    if not name:
        raise InvalidInput(tr("A product needs a name."), field=field)
    return name


def _sku(value: Any, field: str) -> str | None:
    return text.clean_code(_text(value, field), field=field) or None


def _line(value: Any, field: str) -> str:
    return text.clean(_text(value, field), field=field)


def _choice_name(value: Any, field: str) -> str | None:
    return text.clean(_text(value, field), field=field) or None


def _notes(value: Any, field: str) -> str:
    return text.clean(_text(value, field), limit=text.NOTE_LIMIT, multiline=True, field=field)


def _bin(value: Any, field: str) -> str | None:
    return text.clean_code(_text(value, field), field=field) or None


def _text(value: Any, field: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InvalidInput(tr("'{value}' is not text.", value=repr(value)[:30]), field=field)
    return value


def _unit(value: Any, field: str) -> str:
    return find_unit(_text(value, field), field=field).code


def _unit_or_none(value: Any, field: str) -> str | None:
    return find_unit(value, field=field).code if _text(value, field).strip() else None


def _tracking(value: Any, field: str) -> str:
    if value not in TRACKING:
        raise InvalidInput(tr("A product is tracked by 'lot' or not at all ('none')."), field=field)
    return str(value)


def _flag(value: Any, field: str) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise InvalidInput(tr("That is neither yes nor no."), field=field)


def whole(value: Any, field: str, least: int, most: int, what: str) -> int:
    """The value if it is a whole number between both. Raises InvalidInput naming `field`.

    `what` is called by its English name, which is marked for the catalogue of texts.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise InvalidInput(tr("{what} is given as a whole number.", what=tr(what)), field=field)
    if value < least:
        raise InvalidInput(tr("{what} is too small; check the number.", what=tr(what)), field=field)
    if value > most:
        raise InvalidInput(
            tr("{what} is too large to be meant; check the number.", what=tr(what)), field=field
        )
    return value


def _number(what: str, least: int, most: int) -> Callable[[Any, str], int | None]:
    def check(value: Any, field: str) -> int | None:
        return None if value is None else whole(value, field, least, most, what)

    return check


CHECKS: Mapping[str, Callable[[Any, str], Any]] = {
    "sku": _sku,
    "name": _name,
    "label_name": _line,
    "category": _choice_name,
    "unit": _unit,
    "net_content_milli": _number(mark("The net content"), 1, LIMIT_MILLI),
    "net_content_unit": _unit_or_none,
    "price_minor": _number(mark("The price"), 0, money.LIMIT_UNITS * 1_000),
    "tax_rate_milli": _number(mark("The tax rate"), 0, _TAX_LIMIT_MILLI),
    "price_includes_tax": _flag,
    "weight_g": _number(mark("The weight"), 0, _LIMIT_G),
    "length_mm": _number(mark("The length"), 0, _LIMIT_MM),
    "width_mm": _number(mark("The width"), 0, _LIMIT_MM),
    "height_mm": _number(mark("The height"), 0, _LIMIT_MM),
    "tracking": _tracking,
    "preferred_bin": _bin,
    "notes": _notes,
}
"""Each field's check: the value as it is stored, or InvalidInput naming the field."""


def checked(values: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """The values as they are stored. Raises InvalidInput naming the field that cannot be."""
    clean: dict[str, Any] = {}
    for field, value in values.items():
        check = CHECKS.get(field)
        if check is None:
            raise InvalidInput(
                tr("A product has no field '{name}'.", name=text.printable(field)[:30]), field=field
            )
        clean[field] = check(value, field)
    price_minor = clean.get("price_minor")
    if price_minor is not None and price_minor > money.LIMIT_UNITS * 10 ** money.minor_digits(currency):
        raise InvalidInput(
            tr("That price is too large to be meant; was a barcode scanned into the field?"),
            field="price_minor",
        )
    return clean
