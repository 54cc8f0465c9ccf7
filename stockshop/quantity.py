"""Quantities: integers in thousandths of the unit inside, `Decimal` at the edge."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from stockshop.errors import InvalidInput
from stockshop.language import mark, tr, tr_in, trn

MILLI = 1_000
# A billion units: anything larger is a barcode typed into a quantity field.
LIMIT_MILLI = 1_000_000_000 * MILLI
_SIGN_OR_CURRENCY = re.compile(r"[^\d.,'\-+]")


@dataclass(frozen=True, slots=True)
class Unit:
    """How a product is measured; `decimals` is what is shown and accepted, 0 to 3."""

    code: str
    decimals: int
    name: str
    base: str
    """The unit of which unit prices are given: kg, l, m, m2, m3 or each."""
    per_base: Decimal
    """How many of this unit make one `base`."""


UNITS: dict[str, Unit] = {
    unit.code: unit
    for unit in (
        Unit(mark("each"), 0, "each", "each", Decimal(1)),
        Unit(mark("pair"), 0, "pair", "each", Decimal(1)),
        Unit(mark("pack"), 0, "pack", "each", Decimal(1)),
        Unit("kg", 3, "kilogram", "kg", Decimal(1)),
        Unit("g", 0, "gram", "kg", Decimal(1000)),
        Unit("lb", 3, "pound", "kg", Decimal("2.20462262185")),
        Unit("oz", 2, "ounce", "kg", Decimal("35.27396195")),
        Unit("l", 3, "litre", "l", Decimal(1)),
        Unit("cl", 1, "centilitre", "l", Decimal(100)),
        Unit("ml", 0, "millilitre", "l", Decimal(1000)),
        Unit("fl oz", 2, "fluid ounce (US)", "l", Decimal("33.8140227018")),
        Unit("m", 2, "metre", "m", Decimal(1)),
        Unit("cm", 1, "centimetre", "m", Decimal(100)),
        Unit("mm", 0, "millimetre", "m", Decimal(1000)),
        Unit("m2", 2, "square metre", "m2", Decimal(1)),
        Unit("m3", 3, "cubic metre", "m3", Decimal(1)),
        Unit(mark("hour"), 2, "hour", "hour", Decimal(1)),
    )
}
_ALIASES = {
    "": "each", "ea": "each", "pc": "each", "pcs": "each", "piece": "each", "pieces": "each",
    "stk": "each", "stück": "each", "st": "each", "unit": "each", "units": "each", "item": "each",
    "per item": "each", "kilo": "kg", "kgs": "kg", "kilogram": "kg", "gr": "g", "gram": "g",
    "grams": "g", "lbs": "lb", "liter": "l", "litre": "l", "ltr": "l", "meter": "m",
    "metre": "m", "m²": "m2", "sqm": "m2", "m³": "m3", "floz": "fl oz", "hr": "hour", "h": "hour",
}  # fmt: skip


_SIGNS = {"m2": "m²", "m3": "m³"}


def unit_sign(code: str, locale: str = "") -> str:
    """The unit as people read it: `m²`; words in the language of the locale, else in that which is spoken."""
    return _SIGNS.get(code) or (tr_in(locale, code) if locale else tr(code))


def find_unit(code: str, *, field: str = "unit") -> Unit:
    """The unit called `code`, by its code, a usual other name or its name in the language spoken.

    Raises InvalidInput naming `field` for an unknown one.
    """
    key = code.strip().casefold()
    unit = UNITS.get(_ALIASES.get(key, key)) or next(
        (one for name, one in UNITS.items() if unit_sign(name).casefold() == key), None
    )
    if unit is None:
        known = ", ".join(UNITS)
        raise InvalidInput(
            tr("'{code}' is not a unit I know; use one of: {known}.", code=code[:20], known=known),
            field=field,
        )
    return unit


def parse_decimal(text: str, *, mark: str | None = None, field: str | None = None) -> Decimal:
    """Read a number as people write it: `1,234.50`, `1.234,50`, `€ 3,20`, `-5`, `(5)`.

    `mark` is the decimal mark where it is known; without it the last of two different marks is
    the decimal one, a repeated mark groups, and a single mark is decimal unless it is a comma
    with exactly three digits behind and one to three digits other than a lone 0 before it.
    Digits of other scripts count. Raises InvalidInput naming `field`.
    """
    compact = "".join(_digit(char) for char in text.strip())
    negative = compact.startswith("(") and compact.endswith(")")
    compact = compact.replace("\u2212", "-")
    letters = "".join(char for char in compact if char.isalpha())
    bare = _SIGN_OR_CURRENCY.sub("", compact).replace("'", "")
    if bare.endswith("-") and not bare.startswith("-"):
        bare = "-" + bare[:-1]
    bare = bare.strip(".,") if bare.endswith((".", ",")) else bare
    if mark is None:
        mark = _guess_mark(bare)
    group = "," if mark == "." else "."
    whole, _, _ = bare.partition(mark)
    plain = bare.replace(group, "").replace(mark, ".")
    try:
        if not any(char.isdigit() for char in bare) or len(letters) > 4 or group in bare[len(whole) :]:
            raise InvalidOperation
        value = Decimal(plain)
    except InvalidOperation as error:
        raise InvalidInput(tr("'{text}' is not a number.", text=text.strip()[:30]), field=field) from error
    return -value if negative else value


def _digit(char: str) -> str:
    if char.isascii():
        return char
    if unicodedata.category(char) == "Nd":
        return str(unicodedata.digit(char))
    return {"٫": ".", "٬": "", "’": "'", "，": ",", "．": "."}.get(char, char)


def _guess_mark(bare: str) -> str:
    comma, dot = bare.rfind(","), bare.rfind(".")
    if comma >= 0 and dot >= 0:
        return "," if comma > dot else "."
    if comma < 0:
        return "," if bare.count(".") > 1 else "."
    whole, _, fraction = bare.lstrip("+-").partition(",")
    groups = bare.count(",") > 1 or (len(fraction) == 3 and 1 <= len(whole) <= 3 and whole != "0")
    return "." if groups else ","


def is_finer(value: Decimal, decimals: int) -> bool:
    """Whether the number has more decimals than these, zeros aside; exact however long it is."""
    _, digits, exponent = value.as_tuple()
    return isinstance(exponent, int) and exponent < -decimals and any(digits[exponent + decimals :])


def to_milli(value: Decimal | int, *, field: str = "quantity") -> int:
    """Thousandths of the unit. Raises InvalidInput when it is not exact or beyond a billion."""
    exact = Decimal(value)
    if not exact.is_finite():
        raise InvalidInput(tr("That is not a quantity."), field=field)
    # Compared before it is multiplied: 1e999999 would not survive that.
    if not -LIMIT_MILLI // MILLI <= exact <= LIMIT_MILLI // MILLI:
        raise InvalidInput(
            tr("That quantity is too large to be meant; was a barcode scanned into the field?"),
            field=field,
        )
    if is_finer(exact, 3):
        raise InvalidInput(tr("A quantity has three decimals at the most."), field=field)
    return int(exact * MILLI)


def from_milli(quantity_milli: int) -> Decimal:
    """The quantity in units, exactly, without trailing zeros (`Decimal("1.5")`, `Decimal("10")`)."""
    value = Decimal(quantity_milli) / MILLI
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def parse_quantity(
    text: str,
    unit: str | None = None,
    *,
    mark: str | None = None,
    field: str = "quantity",
) -> int:
    """Read a typed quantity as thousandths; with `unit`, refuse more decimals than it has.

    Raises InvalidInput naming `field`.
    """
    quantity_milli = to_milli(parse_decimal(text, mark=mark, field=field), field=field)
    if unit is not None:
        check_decimals(quantity_milli, unit, field=field)
    return quantity_milli


def check_decimals(quantity_milli: int, unit: str, *, field: str = "quantity") -> None:
    """Raise InvalidInput when the quantity has more decimals than its unit (half a bolt)."""
    known = find_unit(unit)
    if quantity_milli % 10 ** (3 - known.decimals):
        said = (
            trn(
                "Counted in '{unit}', {count} decimal at the most makes sense.",
                "Counted in '{unit}', {count} decimals at the most make sense.",
                known.decimals,
                unit=known.code,
            )
            if known.decimals
            else tr("Counted in '{unit}', only whole numbers make sense.", unit=known.code)
        )
        raise InvalidInput(said, field=field)


def plain(quantity_milli: int) -> str:
    """For machines: dots, no grouping, no trailing zeros (`1.5`, `-3`, `0`)."""
    return f"{from_milli(quantity_milli):f}"
