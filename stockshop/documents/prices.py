"""Prices as a shelf label writes them: the parts of an amount, and the price per kilogram or litre."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from stockshop.errors import InvalidInput
from stockshop.language import tr, tr_in
from stockshop.money import format_price, minor_digits
from stockshop.quantity import MILLI, UNITS, find_unit, unit_sign

_RAISED = frozenset(
    ("US", "CA", "MX", "BR", "DE", "AT", "LU", "NL", "BE", "FR", "SE", "NO", "DK", "FI", "PL", "CZ", "SK",
     "HU", "RO", "IT", "ES", "PT", "AU", "NZ")
)  # fmt: skip
"""Countries whose shops set the cents smaller and raised."""
_FORMAT_MARKS = re.compile("[\u200e\u200f\u061c\u2066-\u2069\u202a-\u202e]")
_WIDE_SIGNS = str.maketrans({"\uffe5": "¥", "\uffe6": "₩"})
"""Full-width currency signs, which few fonts have."""
_IMPERIAL = {"lb": ("lb", Decimal(1)), "oz": ("lb", Decimal(16)), "fl oz": ("fl oz", Decimal(1))}
"""Shops in the United States compare by pound and fluid ounce: unit, and how many make one."""


@dataclass(frozen=True, slots=True)
class PriceParts:
    """An amount in the order it is read; only `fraction` (and the currency) may be small and raised."""

    before: str
    whole: str
    mark: str
    fraction: str
    after: str
    raised: bool

    @property
    def text(self) -> str:
        """The whole amount on one level."""
        return f"{self.before}{self.whole}{self.mark}{self.fraction}{self.after}"


@lru_cache(maxsize=64)
def _manners(locale: str) -> tuple[bool, str]:
    """Whether cents are raised there, and the decimal mark."""
    from babel import Locale, UnknownLocaleError
    from babel.core import get_global
    from babel.numbers import get_decimal_symbol

    try:
        known = Locale.parse(locale)
    except (UnknownLocaleError, ValueError, TypeError) as error:
        raise InvalidInput(
            tr(
                "'{code}' is not a language and country I know; write it as de_DE or en_US.",
                code=str(locale)[:20],
            ),
            field="locale",
        ) from error
    likely = get_global("likely_subtags").get(known.language, "")
    territory = known.territory or likely.rpartition("_")[2]
    return territory in _RAISED, get_decimal_symbol(known)


def formatted(price_minor: int, currency: str, locale: str) -> str:
    """The amount for people, without the invisible direction marks some locales add."""
    _manners(locale)
    text = format_price(price_minor, currency, locale).translate(_WIDE_SIGNS)
    return _FORMAT_MARKS.sub("", text).strip()


@lru_cache(maxsize=4096)
def price_parts(price_minor: int, currency: str, locale: str) -> PriceParts:
    """The parts of a price in minor units, as the locale writes it. Raises InvalidInput."""
    raised, mark = _manners(locale)
    text = formatted(price_minor, currency, locale)
    digits = [index for index, char in enumerate(text) if char.isdigit()]
    first, last = digits[0], digits[-1] + 1
    number, after = text[first:last], text[last:]
    before = text[:first]
    whole, found, fraction = number.rpartition(mark) if minor_digits(currency) else (number, "", "")
    if not found:
        return PriceParts(before, number, "", "", after, False)
    return PriceParts(before, whole, found, fraction, after, raised)


@lru_cache(maxsize=4096)
def unit_price(
    price_minor: int,
    currency: str,
    locale: str,
    unit: str,
    net_content_milli: int | None,
    net_content_unit: str,
) -> str:
    """What to print as price per unit, or "" where there is nothing to say.

    Goods sold by measure get "per kg"; packed goods with a net content get the price for a kilogram,
    litre, metre, square or cubic metre (EU directive 98/6/EC), except where it is the same as the
    price. Rounded half up to the currency's decimals. Raises InvalidInput for an unknown unit.
    """
    sold = find_unit(unit)
    if sold.base not in ("each", "hour") and not net_content_milli:
        said = tr_in(locale, "per {unit}", unit=unit_sign(sold.code, locale))
        if sold.per_base == 1 or (sold.code in _IMPERIAL and locale.endswith("US")):
            return said
        return f"{said} · {_per_base(price_minor, currency, locale, MILLI, sold.code)}"
    if not net_content_milli or net_content_milli < 0 or not net_content_unit:
        return ""
    return _per_base(price_minor, currency, locale, net_content_milli, find_unit(net_content_unit).code)


def _per_base(price_minor: int, currency: str, locale: str, content_milli: int, unit: str) -> str:
    base, per_base = UNITS[unit].base, UNITS[unit].per_base
    if locale.endswith("US") and unit in _IMPERIAL:
        base, per_base = _IMPERIAL[unit]
    in_base = Decimal(content_milli) / MILLI / per_base
    each = (Decimal(price_minor) / in_base).quantize(Decimal(1), ROUND_HALF_UP)
    if in_base == 1:
        return ""
    amount = formatted(int(each), currency, locale)
    if base == "each":
        return tr_in(locale, "{price} each", price=amount)
    return f"{amount} / {unit_sign(base, locale)}"
