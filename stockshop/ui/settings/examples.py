"""What a setting would look like in use, while it is being typed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from stockshop import clock
from stockshop.errors import InvalidInput
from stockshop.language import tr
from stockshop.ui.wording import Wording

if TYPE_CHECKING:
    from stockshop.barcodes.scale import Layout

_SAMPLE_QUANTITY_MILLI = 1_234_500
_SAMPLE_PRICE_MINOR = 199_950


def in_locale(locale: str, currency: str) -> str:
    """A number, a price and a day in a locale. Raises InvalidInput for one that nobody knows."""
    from babel import Locale, UnknownLocaleError
    from babel.dates import format_date

    try:
        known = Locale.parse(locale.strip().replace("-", "_"))
    except (ValueError, UnknownLocaleError) as error:
        raise InvalidInput(
            tr("'{code}' is not a locale; write de_DE, en_GB, fr_FR…", code=locale[:20]), field="locale"
        ) from error
    words = Wording(currency, str(known))
    day = format_date(clock.today(), "long", locale=known)
    return tr(
        "{number} · {price} · {day}",
        number=words.number(_SAMPLE_QUANTITY_MILLI),
        price=words.price(_SAMPLE_PRICE_MINOR),
        day=day,
    )


def in_zone(name: str, locale: str) -> str:
    """The time there now. Raises InvalidInput for a zone that nobody knows."""
    from babel.dates import format_time

    moment = clock.to_datetime(clock.now_us(), clock.local_zone(name.strip()))
    return tr("It is {time} there.", time=format_time(moment, "short", locale=locale, tzinfo=moment.tzinfo))


def of_tax(rate_milli: int, included: bool, words: Wording) -> str:
    """A price of ten units with its tax."""
    rate = Decimal(rate_milli) / 100_000
    ten = Decimal(10)
    net = ten / (1 + rate) if included else ten
    gross = net * (1 + rate)

    def shown(value: Decimal) -> str:
        return words.cost(int((value * 10_000).to_integral_value()))

    if included:
        return tr("A price of {gross} holds {tax} of tax.", gross=shown(gross), tax=shown(gross - net))
    return tr("For a price of {net} the customer pays {gross}.", net=shown(net), gross=shown(gross))


def of_scale(region: str, pattern: str, words: Wording) -> str:
    """What codes of a scale would be read as. Raises InvalidInput for a pattern that makes no sense."""
    from stockshop.barcodes.scale import layouts

    known = layouts(region or None, (pattern,) if pattern else ())
    if not known:
        return tr("No weight or price is read out of codes.")
    seen: dict[str, str] = {}
    for layout in known:
        seen.setdefault(layout.kind, _reading(layout, known, words))
    return "\n".join(seen.values())


def _reading(layout: Layout, known: tuple[Layout, ...], words: Wording) -> str:
    from stockshop.barcodes.gtin import check_digit
    from stockshop.barcodes.scale import read_scale_code, verifier_digit

    digits = list("0" * 12)
    digits[: len(layout.prefix)] = layout.prefix
    for number, place in enumerate(layout.items):
        digits[place] = str((number + 1) % 10)
    length = layout.last - layout.first
    value = "1250".zfill(length)[-length:]
    digits[layout.first : layout.last] = value
    if layout.verifier is not None:
        digits[layout.verifier] = str(verifier_digit(value))
    body = "".join(digits)
    code = f"{body}{check_digit(body)}"
    found = read_scale_code(f"0{code}", known)
    if found is None:
        return code
    return tr(
        "{code} is item {item}, {value}",
        code=code,
        item=found.item,
        value=_value(found.kind, found.value, words),
    )


def _value(kind: str, value: Decimal, words: Wording) -> str:
    from stockshop.money import minor_digits

    if kind == "weight":
        return words.quantity(int(value * 1_000), "kg")
    if kind == "price":
        return words.price(int(value.scaleb(minor_digits(words.currency))))
    return tr("{count} pieces", count=words.number(int(value * 1_000)))
