"""What the elements of a GS1 message say about the goods: number, lot, dates, quantity, price."""

from __future__ import annotations

import re
from decimal import Decimal

from stockshop.barcodes import gs1
from stockshop.barcodes.gtin import shortest
from stockshop.barcodes.model import SEPARATOR_MISSING, Elements, Reading
from stockshop.language import tr
from stockshop.quantity import MILLI

_MEASURES = {
    "310": "kg", "311": "m", "314": "m2", "315": "l", "316": "m3", "320": "lb", "357": "fl oz",
}  # fmt: skip
"""Net measures of trade items by the first three digits of 310n and so on, and our unit for each."""
_CURRENCIES = {
    "036": "AUD", "124": "CAD", "156": "CNY", "203": "CZK", "208": "DKK", "344": "HKD", "348": "HUF",
    "352": "ISK", "356": "INR", "376": "ILS", "392": "JPY", "410": "KRW", "484": "MXN", "554": "NZD",
    "578": "NOK", "702": "SGD", "710": "ZAR", "752": "SEK", "756": "CHF", "826": "GBP", "840": "USD",
    "946": "RON", "949": "TRY", "941": "RSD", "975": "BGN", "978": "EUR", "980": "UAH", "985": "PLN",
    "986": "BRL",
}  # fmt: skip
"""ISO 4217 numbers a small shop may meet in 393n."""
_POUND_KG = Decimal("0.45359237")
_RUN_TOGETHER = re.compile(r"(?:1[12356]|17)([0-9]{6})|310[0-5][0-9]{6}")
"""What a lot does not usually hold: a date or a net weight with its identifier."""


def from_elements(elements: Elements, kind: str, *, separated: bool = True) -> Reading:
    """The reading of a valid GS1 message; `separated` False: no separator was seen in it."""
    values = dict(elements)
    warnings: list[str] = []
    gtin = values.get("01") or values.get("03") or values.get("02") or values.get("8006", "")[:14] or None
    quantity_milli, unit = _quantity(values, warnings)
    weight_milli = _weight(values)
    price, currency = _price(values)
    piece = values.get("8006", "")[14:]
    if piece:
        warnings.append(
            tr("This is piece {piece} of {all} of one product.", piece=int(piece[:2]), all=int(piece[2:]))
        )
    if not separated and _looks_run_together(elements):
        warnings.append(tr(SEPARATOR_MISSING))
    sscc = values.get("00")
    keys = ((gtin,) if gtin else ()) + ((sscc,) if sscc else ())
    return Reading(
        kind=kind,
        text=shortest(gtin) if gtin else sscc or elements[0][1],
        keys=keys,
        gtin=gtin,
        lot=values.get("10"),
        expiry=_date(values, "17", "7003", "15", "16"),
        produced=_date(values, "11", "13"),
        serial=values.get("21"),
        sscc=sscc,
        quantity_milli=quantity_milli,
        unit=unit,
        weight_milli=weight_milli,
        price=price,
        currency=currency,
        elements=elements,
        warnings=tuple(warnings),
    )


def _date(values: dict[str, str], *codes: str) -> str | None:
    return next((gs1.read_date(values[code][:6]) for code in codes if code in values), None)


def _decimal(code: str, digits: str) -> Decimal:
    """The last digit of the identifier says how many decimals the value has."""
    return Decimal(int(digits)).scaleb(-int(code[3]))


def _quantity(values: dict[str, str], warnings: list[str]) -> tuple[int | None, str | None]:
    """A count if there is one, else the first net measure, rounded to thousandths (with a warning)."""
    for code in ("30", "37"):
        if int(values.get(code, "0")):
            return int(values[code]) * MILLI, "each"
    for code, digits in values.items():
        unit = _MEASURES.get(code[:3]) if len(code) == 4 else None
        if unit is not None:
            exact = _decimal(code, digits) * MILLI
            if exact != exact.to_integral_value():
                warnings.append(tr("The measure in this code is finer than a thousandth and was rounded."))
            return int(exact.to_integral_value()), unit
    return None, None


def _weight(values: dict[str, str]) -> int | None:
    for code, digits in values.items():
        if len(code) == 4 and code[:3] in ("310", "320"):
            kilograms = _decimal(code, digits) * (1 if code[:3] == "310" else _POUND_KG)
            return int((kilograms * MILLI).to_integral_value())
    return None


def _price(values: dict[str, str]) -> tuple[Decimal | None, str | None]:
    """The amount for a piece of variable measure: 392n, or 393n with a currency we know."""
    for code, digits in values.items():
        if len(code) == 4 and code[:3] == "392":
            return _decimal(code, digits), None
        if len(code) == 4 and code[:3] == "393" and digits[:3] in _CURRENCIES:
            return _decimal(code, digits[3:]), _CURRENCIES[digits[:3]]
    return None, None


def _looks_run_together(elements: Elements) -> bool:
    """Whether a lot or serial holds what looks like the next element, as when the GS was lost."""
    present = {code for code, _ in elements}
    for code, value in elements:
        if code not in ("10", "21", "22", "240", "235"):
            continue
        for start in range(1, len(value) - 3):
            tail = value[start:]
            match = _RUN_TOGETHER.match(tail)
            if match and (match[1] is None or gs1.read_date(match[1]) is not None):
                return True
            other = tail[:2]
            if (
                other in ("10", "21")
                and other not in present
                and len(value) > 10
                and start > 2
                and len(tail) > 4
            ):
                return True
    return False
