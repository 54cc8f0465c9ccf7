"""Money: prices in minor units of the shop's currency, costs and values in 1/10,000 of its unit.

Both are integers inside and `Decimal` at the edge. Formatting for people is babel's and is
imported only when something is shown.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache

from stockshop.errors import InvalidInput
from stockshop.language import tr
from stockshop.quantity import MILLI, is_finer, parse_decimal

COST_SCALE = 10_000
# A hundred million of the currency unit for one piece: beyond it is a barcode in a price field.
LIMIT_UNITS = 100_000_000
_MINOR_DIGITS = {
    "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
    "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0,
    "RWF": 0, "UGX": 0, "UYI": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
}  # fmt: skip
"""ISO 4217 minor units that are not 2."""


def minor_digits(currency: str) -> int:
    """How many decimals the currency has (ISO 4217)."""
    return _MINOR_DIGITS.get(currency, 2)


_CURRENT = """
    AED ALL AMD ANG AOA ARS AUD AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF
    CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ETB EUR FJD GBP GEL GHS GIP GMD GNF GTQ GYD HKD
    HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KRW KWD KYD KZT LAK LBP LKR LSL LYD
    MAD MDL MGA MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR
    PLN PYG QAR RON RSD RUB RWF SAR SCR SDG SEK SGD SOS SRD THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX
    USD UYU UZS VND VUV WST XAF XCD XOF XPF YER ZAR ZMW
"""
"""The usual codes, so that opening a shop need not load the tables of all there ever were."""


def is_currency(code: str) -> bool:
    """Whether ISO 4217 knows the code, which is in capitals."""
    if code in _CURRENT.split():
        return True
    from babel.numbers import is_currency as is_known

    return bool(is_known(code))


def check_currency(code: str, *, field: str = "currency") -> str:
    """The code in capitals. Raises InvalidInput when ISO 4217 does not know it."""
    wanted = code.strip().upper()
    if not is_currency(wanted):
        raise InvalidInput(
            tr("'{code}' is not a currency; write EUR, USD, GBP…", code=code[:10]), field=field
        )
    return wanted


def to_minor(value: Decimal, currency: str, *, field: str = "price") -> int:
    """Minor units (cents). Raises InvalidInput for a finer, negative or absurd price."""
    if not value.is_finite() or value < 0:
        raise InvalidInput(tr("A price cannot be negative."), field=field)
    if value > LIMIT_UNITS:
        raise InvalidInput(
            tr("That price is too large to be meant; was a barcode scanned into the field?"),
            field=field,
        )
    digits = minor_digits(currency)
    if is_finer(value, digits):
        raise InvalidInput(
            tr("A price in {currency} has {digits} decimals at the most.", currency=currency, digits=digits),
            field=field,
        )
    return int(value.scaleb(digits))


def from_minor(price_minor: int, currency: str) -> Decimal:
    """The price in currency units, with the currency's decimals (`Decimal("3.50")`)."""
    return Decimal(price_minor).scaleb(-minor_digits(currency))


def parse_price(text: str, currency: str, *, mark: str | None = None, field: str = "price") -> int:
    """Read a typed price as minor units. Raises InvalidInput naming `field`."""
    return to_minor(parse_decimal(text, mark=mark, field=field), currency, field=field)


def to_cost_e4(value: Decimal, *, field: str = "unit cost") -> int:
    """A unit cost in 1/10,000 of the currency unit, rounded half-even where it is finer.

    Raises InvalidInput for a negative or absurd cost.
    """
    if not value.is_finite() or value < 0:
        raise InvalidInput(tr("A cost cannot be negative."), field=field)
    if value > LIMIT_UNITS:
        raise InvalidInput(tr("That cost is too large to be meant."), field=field)
    return int((value * COST_SCALE).to_integral_value(ROUND_HALF_EVEN))


def from_e4(value_e4: int) -> Decimal:
    """A cost or value in currency units, with four decimals."""
    return Decimal(value_e4).scaleb(-4)


def value_at_cost_e4(quantity_milli: int, unit_cost_e4: int) -> int:
    """Quantity times unit cost in 1/10,000, rounded half-even."""
    product = quantity_milli * unit_cost_e4
    whole, rest = divmod(product, MILLI)
    if rest * 2 > MILLI or (rest * 2 == MILLI and whole % 2):
        whole += 1
    return whole


def plain_price(price_minor: int, currency: str) -> str:
    """For machines: `3.50`, a dot and the currency's decimals."""
    return f"{from_minor(price_minor, currency):f}"


def plain_value(value_e4: int) -> str:
    """For machines: four decimals and a dot."""
    return f"{from_e4(value_e4):f}"


@lru_cache(maxsize=4096)
def format_price(price_minor: int, currency: str, locale: str) -> str:
    """The price for people, with its sign and marks as the locale writes them."""
    from babel.numbers import format_currency

    return format_currency(from_minor(price_minor, currency), currency, locale=locale)


@lru_cache(maxsize=4096)
def format_value(value_e4: int, currency: str, locale: str) -> str:
    """A value for people, rounded to the currency's decimals."""
    from babel.numbers import format_currency

    return format_currency(from_e4(value_e4), currency, locale=locale)


@lru_cache(maxsize=4096)
def format_quantity(quantity_milli: int, decimals: int, locale: str) -> str:
    """A quantity for people: at least the digits it needs, grouped by locale, no trailing zeros."""
    from babel.numbers import format_decimal

    pattern = "#,##0." + "#" * max(decimals, 3) if quantity_milli % MILLI else "#,##0"
    return format_decimal(Decimal(quantity_milli) / MILLI, format=pattern, locale=locale)
