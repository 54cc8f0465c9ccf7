"""Reads one cell of each field: cleaned, checked, in the shop's own integers.

A reader takes the text of a cell that is not empty and gives the value, or None where nothing is
left of it. It raises InvalidInput for what makes the row unusable, LeftOut for what does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from stockshop.errors import InvalidInput
from stockshop.language import mark, tr
from stockshop.money import is_currency, minor_digits, to_cost_e4, to_minor
from stockshop.quantity import find_unit, parse_decimal, to_milli
from stockshop.services.exporting.codes import parse_barcodes
from stockshop.services.importing.decimals import Marks, is_shortened, remembering, restore_digits
from stockshop.services.importing.drafts import BarcodeDraft
from stockshop.services.importing.headings import words_of
from stockshop.text import NOTE_LIMIT, clean, clean_code

CellReader = Callable[[str], Any]
_LETTERS = re.compile(r"[^\W\d_]+\.?")
_NO_CENTS = re.compile("[.,]\\s*[-\u2013\u2014]+$")
_NUMERIC = re.compile(r"[\d.,'’٫٬\s()+\-\u2212\u2013\u2014]")
_PLAIN_PRICE = re.compile(r"([0-9]{1,7})(?:[.,]([0-9]{2}))?")
_CONTENT = re.compile(r"(?:(\d{1,4})\s*[x×*]\s*)?([\d.,]+)\s*([^\W\d_][\w ]{0,15})\.?", re.IGNORECASE)
_MEASURE = re.compile(r"([\d.,'\s\-]+)([a-z]*)\.?", re.IGNORECASE)
_FOREIGN_SPLIT = re.compile(r"[;,|\n]+")
_GRAMS = {"g": "1", "gr": "1", "kg": "1000", "lb": "453.59237", "lbs": "453.59237", "oz": "28.349523125"}
_MILLIMETRES = {"mm": "1", "cm": "10", "m": "1000", "in": "25.4"}
_MEASURE_LIMIT = 1_000_000_000
_TRUE = words_of("true yes y 1 x on ja j wahr oui o vrai si sí s vero sim waar")
_FALSE = words_of("false no n 0 off nein falsch non faux falso nee onwaar -")
_LOT = frozenset(("lot", "lots", "batch", "charge", "chargen", "lotto", "lote"))
_CURRENCY_SIGNS = {
    "$": "USD CAD AUD NZD MXN SGD HKD ARS CLP COP TWD", "us$": "USD", "ca$": "CAD", "c$": "CAD", "a$": "AUD",
    "au$": "AUD", "nz$": "NZD", "r$": "BRL", "hk$": "HKD", "€": "EUR", "euro": "EUR", "euros": "EUR",
    "£": "GBP GIP FKP SHP EGP", "¥": "JPY CNY", "円": "JPY", "元": "CNY", "₹": "INR", "rs": "INR PKR LKR NPR",
    "₩": "KRW", "₽": "RUB", "руб": "RUB", "₺": "TRY", "tl": "TRY", "₪": "ILS", "₫": "VND", "฿": "THB",
    "₴": "UAH", "₦": "NGN", "₱": "PHP", "zł": "PLN", "zl": "PLN", "kč": "CZK", "kc": "CZK", "ft": "HUF",
    "kr": "SEK NOK DKK ISK", "fr": "CHF", "sfr": "CHF", "лв": "BGN", "lei": "RON MDL", "r": "ZAR",
    "dh": "MAD AED",
}  # fmt: skip
UNIT_WORDS = {
    "stück": "each", "stueck": "each", "stuk": "each", "stuks": "each", "pz": "each", "pezzo": "each",
    "pezzi": "each", "ud": "each", "uds": "each", "unidad": "each", "unidades": "each", "pièce": "each",
    "pièces": "each", "pce": "each", "pces": "each", "stk.": "each", "st.": "each", "unité": "each",
    "flasche": "each", "fl": "each", "btl": "each", "bottle": "each", "dose": "each", "glas": "each",
    "each (whole)": "each", "per item": "each", "paar": "pair", "paire": "pair", "par": "pair",
    "paio": "pair",
    "packung": "pack", "paket": "pack", "pkg": "pack", "pck": "pack", "box": "pack", "karton": "pack",
    "carton": "pack", "paquet": "pack", "paquete": "pack", "doos": "pack", "confezione": "pack",
    "gramm": "g", "gramme": "g", "grammes": "g", "grammo": "g", "kilogramm": "kg", "kilogramme": "kg",
    "pound": "lb", "pounds": "lb", "ounce": "oz", "ounces": "oz", "lt": "l", "litro": "l", "litri": "l",
    "litros": "l", "mètre": "m", "metro": "m", "milliliter": "ml", "millilitre": "ml",
}  # fmt: skip


class LeftOut(InvalidInput):
    """The cell is not taken, or only `instead` of it; the product is, and the person is told."""

    def __init__(self, message: str, *, field: str, instead: object = None) -> None:
        super().__init__(message, field=field)
        self.instead = instead


def check_sign(text: str, currency: str, field: str) -> None:
    """Raise InvalidInput when the text names another currency than the shop's."""
    rest = _NUMERIC.sub("", text).casefold()
    if not rest or rest == currency.casefold():
        return
    known = _CURRENCY_SIGNS.get(rest) or _CURRENCY_SIGNS.get(rest[:3].upper() if len(rest) > 3 else rest)
    if known is None and len(rest) == 3 and is_currency(rest.upper()):
        known = rest.upper()
    if known is None:
        raise InvalidInput(tr("'{value}' is not a price.", value=text.strip()[:30]), field=field)
    if currency not in known.split():
        raise InvalidInput(
            tr(
                "'{value}' is not in {currency}, the currency of the shop; convert the prices and "
                "take the sign away.",
                value=text.strip()[:30],
                currency=currency,
            ),
            field=field,
        )


def _amount(text: str, marks: Marks, currency: str, field: str) -> Decimal | None:
    bare = text.strip()
    if not bare:
        return None
    if not bare.isascii() or not bare.replace(".", "").replace(",", "").isdigit():
        check_sign(bare, currency, field)
        # The dot of `Fr. 12.50` is no decimal mark.
        bare = _NO_CENTS.sub("", _LETTERS.sub("", bare))
    return marks.parse(bare, field)


def price_reader(marks: Marks, currency: str) -> CellReader:
    """Prices in minor units of `currency`."""
    has_cents = minor_digits(currency) == 2 and not marks.is_mixed

    def read(text: str) -> int | None:
        value = _amount(text, marks, currency, "price")
        return None if value is None else to_minor(value, currency, field="price")

    slow = remembering(read)

    def read_plain(text: str) -> int | None:
        # Two digits behind a mark are cents, whichever mark it is: nine prices in ten.
        found = _PLAIN_PRICE.fullmatch(text) if has_cents else None
        return slow(text) if found is None else int(found[1]) * 100 + int(found[2] or 0)

    return read_plain


def cost_reader(marks: Marks, currency: str) -> CellReader:
    """Costs in 1/10,000 of the currency unit."""

    def read(text: str) -> int | None:
        value = _amount(text, marks, currency, "cost")
        return None if value is None else to_cost_e4(value, field="cost")

    return remembering(read)


def quantity_reader(marks: Marks, name: str, *, signed: bool = False) -> CellReader:
    """Quantities in thousandths; below zero only where `signed`."""

    def read(text: str) -> int | None:
        if not text.strip():
            return None
        quantity_milli = to_milli(marks.parse(text, name), field=name)
        if quantity_milli < 0 and not signed:
            raise InvalidInput(tr("A quantity here cannot be below zero."), field=name)
        return quantity_milli

    return remembering(read)


def on_hand_reader(marks: Marks) -> CellReader:
    """Quantities on hand; what is below zero cannot be on a shelf and is left out."""

    def read(text: str) -> int | None:
        if not text.strip():
            return None
        quantity_milli = to_milli(marks.parse(text, "quantity"))
        if quantity_milli < 0:
            raise LeftOut(
                tr("Nothing can be on hand below zero: the product is taken, the quantity is not; count it."),
                field="quantity",
            )
        return quantity_milli

    return remembering(read)


def tax_reader(marks: Marks, is_fraction: bool) -> CellReader:
    """Tax rates in thousandths of a percent; `is_fraction` when the column writes 0.19 for 19 %."""

    def read(text: str) -> int | None:
        bare = text.strip().removesuffix("%").strip()
        if not bare:
            return None
        if any(char.isalpha() for char in bare):
            raise InvalidInput(
                tr("'{bare}' is not a tax rate; write a percentage.", bare=bare[:30]), field="tax_rate"
            )
        value = marks.parse(bare, "tax_rate")
        percent = value * 100 if is_fraction and "%" not in text else value
        rate = percent * 1000
        if not 0 <= percent <= 100 or rate != rate.to_integral_value():
            raise InvalidInput(
                tr("A tax rate is a percentage from 0 to 100 with three decimals at most."), field="tax_rate"
            )
        return int(rate)

    return remembering(read)


_MEASURES = {
    "weight": mark("weight"),
    "length": mark("length"),
    "width": mark("width"),
    "height": mark("height"),
}


def measure_reader(marks: Marks, name: str, unit: str | None, *, keep_zero: bool) -> CellReader:
    """Weights in grams, or lengths in millimetres, rounded; a unit in the cell beats the heading's."""
    factors = _GRAMS if name == "weight" else _MILLIMETRES
    measure = tr(_MEASURES[name])

    def read(text: str) -> int | None:
        found = _MEASURE.fullmatch(text.strip())
        if not text.strip():
            return None
        if found is None:
            raise InvalidInput(
                tr("'{value}' is not a {name}.", value=text.strip()[:30], name=measure), field=name
            )
        said = found[2].casefold() or unit
        value = marks.parse(found[1], name)
        if said is None:
            raise LeftOut(
                tr(
                    "A {name} without its unit cannot be used; name the column '{name} ({unit})'.",
                    name=name,
                    unit="g" if name == "weight" else "cm",
                ),
                field=name,
            )
        if said not in factors:
            raise InvalidInput(
                tr("'{said}' is not a unit of {name} I know.", said=said[:10], name=measure), field=name
            )
        exact = value * Decimal(factors[said])
        if not 0 <= exact <= _MEASURE_LIMIT:
            raise InvalidInput(
                tr("'{value}' cannot be a {name}.", value=text.strip()[:30], name=measure), field=name
            )
        rounded = int(exact.to_integral_value(ROUND_HALF_UP))
        return rounded if rounded or keep_zero else None

    return remembering(read)


def content_reader(name: str = "net_content") -> CellReader:
    """Net contents with their unit in one cell, such as `500 g` or `6 x 330 ml`: (thousandths, unit)."""

    def read(text: str) -> tuple[int, str] | None:
        if not text.strip():
            return None
        found = _CONTENT.fullmatch(text.strip())
        try:
            if found is None:
                raise InvalidInput("", field=name)
            unit = read_unit(found[3])
            return to_milli(parse_decimal(found[2]) * int(found[1] or 1), field=name) or None, unit  # type: ignore[return-value]
        except InvalidInput as error:
            raise LeftOut(
                tr(
                    "'{value}' does not say how much is in it (as '500 g' would); left out.",
                    value=text.strip()[:30],
                ),
                field=name,
            ) from error

    return remembering(read)


def read_unit(text: str) -> str:
    """The code of a unit, by its names in several languages. Raises InvalidInput."""
    word = text.strip().casefold()
    return find_unit(UNIT_WORDS.get(word, text)).code


def flag_reader(name: str) -> CellReader:
    """Yes and no, in several languages."""

    def read(text: str) -> bool | None:
        word = text.strip().casefold()
        if not word:
            return None
        if word in _TRUE or word in _FALSE:
            return word in _TRUE
        raise InvalidInput(tr("'{word}' is neither yes nor no.", word=word[:30]), field=name)

    return remembering(read)


def read_tracking(text: str) -> str | None:
    """`none` or `lot`."""
    word = text.strip().casefold()
    if not word or word == "none":
        return word or None
    if word in _LOT or word in _TRUE:
        return "lot"
    if word in _FALSE:
        return "none"
    raise InvalidInput(
        tr("'{word}' is no way to track; write none or lot.", word=word[:30]), field="tracking"
    )


def words_reader(name: str, *, remember: bool = False) -> CellReader:
    """One line of text; `remember` where the same few repeat."""

    def read(text: str) -> str | None:
        return clean(text, field=name) or None

    return remembering(read) if remember else read


def notes_reader(*, shorten: bool) -> CellReader:
    """Text of several lines; a shop's long description is cut with `shorten`, else refused."""

    def read(text: str) -> str | None:
        if not shorten:
            return clean(text, limit=NOTE_LIMIT, multiline=True, field="notes") or None
        cleaned = clean(text, limit=10 * len(text) + NOTE_LIMIT, multiline=True, field="notes")
        if len(cleaned) <= NOTE_LIMIT:
            return cleaned or None
        raise LeftOut(
            tr(
                "The text has {cleaned} characters; the first {note_limit} are taken.",
                cleaned=format(len(cleaned), ","),
                note_limit=format(NOTE_LIMIT, ","),
            ),
            field="notes",
            instead=cleaned[: NOTE_LIMIT - 1].rstrip() + "…",
        )

    return read


def code_reader(name: str, *, ours: bool) -> CellReader:
    """SKUs and other codes; what spreadsheets do to those of others is undone, or refused."""

    def read(text: str) -> str | None:
        code = clean_code(text, field=name)
        if not ours:
            code = code.lstrip("'") if code.startswith("'") else code
            if "." in code or "," in code:
                code = restore_digits(code)
        return code or None

    return read


def _barcode(text: str, quantity_milli: int = 1_000) -> BarcodeDraft | None:
    code = clean_code(text, field="barcodes")
    if code.startswith("'"):
        code = code.lstrip("'")
    if not code.isalnum():
        if is_shortened(code):
            code = restore_digits(code)
        elif code.replace(" ", "").isdigit():
            code = code.replace(" ", "")
    return BarcodeDraft(code, quantity_milli) if code else None


def read_foreign_barcodes(text: str) -> tuple[BarcodeDraft, ...]:
    """The codes of a cell, several separated by comma, semicolon, bar or line."""
    if text.isdigit() and text.isascii() and len(text) <= 14:
        return (BarcodeDraft(text),)
    # The comma of `4,006381333931E+12` does not separate two codes.
    parts = [text] if is_shortened(text) else _FOREIGN_SPLIT.split(text)
    return tuple(found for part in parts if (found := _barcode(part)) is not None)


def read_own_barcodes(text: str) -> tuple[BarcodeDraft, ...]:
    """A `barcodes` cell of our own files, where a spreadsheet may have had its way with a single code."""
    if text.isdigit() and text.isascii() and len(text) <= 14:
        return (BarcodeDraft(text),)
    found = []
    for code, quantity_milli, is_quoted in parse_barcodes(text):
        draft = BarcodeDraft(code, quantity_milli) if is_quoted else _barcode(code, quantity_milli)
        if draft is not None:
            found.append(draft)
    return tuple(found)
