"""From data to bar patterns: which symbology, whether the data is right for it, and its modules.

python-barcode and segno give the patterns and nothing else. Everything is checked before they are
called, because python-barcode silently mends a wrong check digit and trims what is too long.
Sizes are those of the GS1 General Specifications 5.12; ranges of our own codes (Code 128, Code 39,
QR on a shelf) begin at 0.25 mm, which hand scanners read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from stockshop.barcodes.gtin import expand_upce, has_check_digit, is_digits, isbn10_gtin, issn_gtin, shortest
from stockshop.errors import InvalidInput
from stockshop.language import tr
from stockshop.text import printable

CODE128_LIMIT = 48
QR_LIMIT = 500
_NO_WRITER = object()
"""Given to python-barcode, which would otherwise prepare a drawing for each pattern."""


class Symbology(StrEnum):
    """The symbols we print; the values are what a user may write."""

    EAN13 = "ean13"
    EAN8 = "ean8"
    UPCA = "upca"
    UPCE = "upce"
    ITF14 = "itf14"
    CODE128 = "code128"
    CODE39 = "code39"
    QR = "qr"

    @property
    def label(self) -> str:
        """The name people know: `EAN-13`."""
        return _LABELS[self]


_LABELS = {
    Symbology.EAN13: "EAN-13", Symbology.EAN8: "EAN-8", Symbology.UPCA: "UPC-A", Symbology.UPCE: "UPC-E",
    Symbology.ITF14: "ITF-14", Symbology.CODE128: "Code 128", Symbology.CODE39: "Code 39", Symbology.QR: "QR",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DigitPlace:
    """Where a group of EAN or UPC digits stands, in modules from the first bar."""

    start: int
    modules: int
    digits: int
    small: bool = False
    """The outer digits of UPC are smaller."""


@dataclass(frozen=True, slots=True)
class Ranges:
    """Sizes of a symbology in mm (X is the width of the narrowest bar), quiet zones in X."""

    x_min_mm: float
    x_target_mm: float
    x_max_mm: float
    bars_min_mm: float
    """Below this a hand scanner misses the bars; the height may be cut to it, quiet zones never."""
    bars_target_mm: float
    quiet_left: int
    quiet_right: int


# On-demand printing may go down to 75 % of 0.330 mm for EAN and UPC.
RANGES = {
    Symbology.EAN13: Ranges(0.249, 0.330, 0.660, 8.0, 22.85, 11, 7),
    Symbology.EAN8: Ranges(0.249, 0.330, 0.660, 8.0, 18.23, 7, 7),
    Symbology.UPCA: Ranges(0.249, 0.330, 0.660, 8.0, 22.85, 9, 9),
    Symbology.UPCE: Ranges(0.249, 0.330, 0.660, 8.0, 22.85, 9, 7),
    Symbology.ITF14: Ranges(0.495, 0.495, 1.016, 13.0, 31.75, 10, 10),
    Symbology.CODE128: Ranges(0.249, 0.330, 0.660, 8.0, 20.0, 10, 10),
    Symbology.CODE39: Ranges(0.249, 0.330, 0.660, 8.0, 20.0, 10, 10),
    Symbology.QR: Ranges(0.249, 0.400, 0.990, 0.0, 0.0, 4, 4),
}


CAPTION_PLACES = {
    Symbology.EAN13: (DigitPlace(-9, 7, 1), DigitPlace(3, 42, 6), DigitPlace(50, 42, 6)),
    Symbology.EAN8: (DigitPlace(3, 28, 4), DigitPlace(36, 28, 4)),
    Symbology.UPCA: (
        DigitPlace(-8, 6, 1, small=True),
        DigitPlace(10, 35, 5),
        DigitPlace(50, 35, 5),
        DigitPlace(97, 6, 1, small=True),
    ),
    Symbology.UPCE: (
        DigitPlace(-8, 6, 1, small=True),
        DigitPlace(3, 42, 6),
        DigitPlace(53, 6, 1, small=True),
    ),
}
"""Places of the digits where the standard fixes them; elsewhere the text stands in the middle."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol in modules, ready to be drawn at any size."""

    symbology: Symbology
    content: str
    """Exactly what a scanner gives back (a UPC-A may come as the EAN-13 with a 0 before it)."""
    rows: tuple[str, ...]
    """One row of "1" and "0" for bars; as many as it has columns for a matrix."""
    captions: tuple[str, ...] = ()
    """Groups of readable text under the bars."""
    guards: tuple[tuple[int, int], ...] = ()
    """Spans of modules whose bars reach 5X below the others."""
    bearers: bool = False
    """Bars along top and bottom, which keep a half-scanned ITF from reading as a shorter number."""

    @property
    def ranges(self) -> Ranges:
        """Allowed sizes and quiet zones."""
        return RANGES[self.symbology]

    @property
    def white_left(self) -> int:
        """Modules from the left edge to the first ink, which may be a digit in the quiet zone."""
        places = CAPTION_PLACES.get(self.symbology)
        return self.ranges.quiet_left + min(places[0].start if places else 0, 0)

    @property
    def is_matrix(self) -> bool:
        """Whether it is square rather than bars."""
        return len(self.rows) > 1

    @property
    def cuts(self) -> tuple[int, ...]:
        """Modules at which characters begin; no bar lies across one."""
        return _cuts(self.symbology, len(self.rows[0]))

    @property
    def modules(self) -> int:
        """Width in modules, quiet zones included."""
        return self.ranges.quiet_left + len(self.rows[0]) + self.ranges.quiet_right


@lru_cache(maxsize=256)
def _cuts(kind: Symbology, width: int) -> tuple[int, ...]:
    if kind in (Symbology.EAN13, Symbology.UPCA):
        return (0, *range(3, 45, 7), 45, *range(50, 92, 7), 92, 95)
    if kind is Symbology.EAN8:
        return (0, *range(3, 31, 7), 31, *range(36, 64, 7), 64, 67)
    if kind is Symbology.CODE128:
        return (*range(0, width - 13, 11), width - 13, width)
    return (0, width)


def choose(code: str) -> Symbology:
    """The symbology that fits the data.

    A valid GTIN gets its own, plain text Code 128, web addresses and text in other letters QR.
    """
    if is_digits(code) and len(code) in (8, 12, 13, 14) and has_check_digit(code):
        kinds = {8: Symbology.EAN8, 12: Symbology.UPCA, 13: Symbology.EAN13, 14: Symbology.ITF14}
        return kinds[len(shortest(code))] if len(code) == 14 else kinds[len(code)]
    if code.isascii() and code.isprintable() and len(code) <= CODE128_LIMIT and "://" not in code:
        return Symbology.CODE128
    return Symbology.QR


def find_symbology(text: str) -> Symbology:
    """The symbology called `text`, however it is written: "EAN-13", "code 128". Raises InvalidInput."""
    key = "".join(char for char in text.casefold() if char.isalnum())
    for symbology in Symbology:
        if symbology.value == key:
            return symbology
    known = ", ".join(kind.label for kind in Symbology)
    raise InvalidInput(
        tr("'{text}' is not a symbol I can print; use one of: {known}.", text=text[:20], known=known),
        field="symbology",
    )


@lru_cache(maxsize=2048)
def encode(code: str, symbology: Symbology | None = None) -> Symbol:
    """The symbol for `code`, in the symbology chosen from the data unless one is given.

    Raises InvalidInput when the data is not valid for it; nothing is ever mended or trimmed.
    """
    if not code:
        raise InvalidInput(tr("There is no code to print as bars."), field="code")
    if printable(code) != code:
        raise InvalidInput(tr("The code holds characters that cannot be seen; type it anew."), field="code")
    kind = symbology or choose(code)
    return _ENCODERS[kind](code)


def _article_number(code: str, length: int, kind: Symbology) -> str:
    """The `length` digits of a GTIN; hyphens, ISBN-10 and ISSN are understood for EAN-13."""
    if len(code) == length and is_digits(code) and has_check_digit(code):
        return code
    plain = code.replace("-", "").replace(" ", "")
    if len(plain) == 14 and length < 14 and is_digits(plain) and plain.startswith("0" * (14 - length)):
        plain = plain[14 - length :]
    if kind is Symbology.EAN13 and len(plain) in (8, 10):
        gtin = isbn10_gtin(plain) or issn_gtin(plain)
        plain = gtin[1:] if gtin else plain
    if not is_digits(plain) or len(plain) != length:
        raise InvalidInput(
            tr(
                "'{code}' is not a number for {symbol}, which has {count} digits; print it as Code 128 "
                "instead.",
                code=code[:40],
                symbol=kind.label,
                count=length,
            ),
            field="code",
        )
    if not has_check_digit(plain):
        raise InvalidInput(
            tr(
                "The last digit of {code} is not its check digit; correct the number or print it as Code "
                "128.",
                code=plain,
            ),
            field="code",
        )
    return plain


def _ean13(code: str) -> Symbol:
    from barcode.ean import EuropeanArticleNumber13

    digits = _article_number(code, 13, Symbology.EAN13)
    groups = (digits[0], digits[1:7], digits[7:])
    pattern = EuropeanArticleNumber13(digits, writer=_NO_WRITER).build()[0]
    return Symbol(Symbology.EAN13, digits, (pattern,), groups, ((0, 3), (45, 50), (92, 95)))


def _ean8(code: str) -> Symbol:
    from barcode.ean import EuropeanArticleNumber8

    digits = _article_number(code, 8, Symbology.EAN8)
    groups = (digits[:4], digits[4:])
    pattern = EuropeanArticleNumber8(digits, writer=_NO_WRITER).build()[0]
    return Symbol(Symbology.EAN8, digits, (pattern,), groups, ((0, 3), (31, 36), (64, 67)))


def _upca(code: str) -> Symbol:
    from barcode.upc import UniversalProductCodeA

    plain = code[1:] if len(code) == 13 and code[0] == "0" else code
    digits = _article_number(plain, 12, Symbology.UPCA)
    groups = (digits[0], digits[1:6], digits[6:11], digits[11])
    pattern = UniversalProductCodeA(digits, writer=_NO_WRITER).build()[0]
    # The first and the last digit's bars are as long as the guards.
    return Symbol(Symbology.UPCA, digits, (pattern,), groups, ((0, 10), (45, 50), (85, 95)))


_UPCE_PARITY = (
    "BBBAAA",
    "BBABAA",
    "BBAABA",
    "BBAAAB",
    "BABBAA",
    "BAABBA",
    "BAAABB",
    "BABABA",
    "BABAAB",
    "BAABAB",
)
"""Number sets of the six digits per check digit, for number system 0; system 1 has them exchanged
(General Specifications 5.2.2.2, set B even, A odd)."""


def _upce(code: str) -> Symbol:
    from barcode.charsets import ean

    full = expand_upce(code)
    if full is None:
        raise InvalidInput(
            tr(
                "'{code}' is not a UPC-E, which has 6 digits, or 8 with number system and check digit.",
                code=code[:40],
            ),
            field="code",
        )
    body = code if len(code) > 6 else "0" + code
    digits = body[:7] + full[-1]
    parity = _UPCE_PARITY[int(full[-1])]
    if digits[0] == "1":
        parity = parity.translate(str.maketrans("AB", "BA"))
    middle = "".join(ean.CODES[kind][int(digit)] for kind, digit in zip(parity, digits[1:7], strict=True))
    groups = (digits[0], digits[1:7], digits[7])
    return Symbol(Symbology.UPCE, digits, (f"101{middle}010101",), groups, ((0, 3), (45, 51)))


def _itf14(code: str) -> Symbol:
    from barcode.itf import ITF

    digits = _article_number(code.rjust(14, "0") if is_digits(code) else code, 14, Symbology.ITF14)
    # Wide bars of three modules: the one ratio in the standard's 2.25 to 3 that is whole dots at any X.
    pattern = ITF(digits, narrow=1, wide=3).build()[0]
    readable = f"{digits[0]} {digits[1:3]} {digits[3:8]} {digits[8:13]} {digits[13]}"
    return Symbol(Symbology.ITF14, digits, (pattern,), (readable,), bearers=True)


@lru_cache(maxsize=1)
def _code128_class() -> Any:
    from barcode.charsets import code128
    from barcode.codex import Code128

    class Mended(Code128):  # type: ignore[misc]
        """Keeps a leading pair 99, whose value is also that of the switch to set C."""

        def _try_to_optimize(self, encoded: list[int]) -> list[int]:
            if self.code[:2].isdigit() and len(self.code) > 1:
                return encoded
            if encoded[1] in code128.TO:
                encoded[:2] = [code128.TO[encoded[1]]]
            return encoded

    return Mended


def _code128(code: str) -> Symbol:
    if not (code.isascii() and code.isprintable()):
        raise InvalidInput(
            tr(
                "Code 128 holds plain letters, digits and signs only, not '{code}'; print it as QR.",
                code=code[:40],
            ),
            field="code",
        )
    if len(code) > CODE128_LIMIT:
        raise InvalidInput(
            tr(
                "Code 128 is printed up to {limit} characters, this has {count}; print it as QR.",
                limit=CODE128_LIMIT,
                count=len(code),
            ),
            field="code",
        )
    pattern = _code128_class()(code, writer=_NO_WRITER).build()[0]
    return Symbol(Symbology.CODE128, code, (pattern,), (code,))


_FULL_ASCII_PAIR = re.compile("[$/+%][A-Z]")


def _code39(code: str) -> Symbol:
    from barcode.charsets import code39
    from barcode.codex import Code39

    # Scanners set to "full ASCII" take a sign and the letter after it for one other character.
    if not set(code) <= set(code39.REF) or _FULL_ASCII_PAIR.search(code):
        raise InvalidInput(
            tr(
                "Code 39 holds capital letters, digits, space and -.$/+% only, the last four not before a "
                "letter: '{code}' is better printed as Code 128.",
                code=code[:40],
            ),
            field="code",
        )
    if len(code) > CODE128_LIMIT:
        raise InvalidInput(
            tr("Code 39 is printed up to {limit} characters; print it as QR.", limit=CODE128_LIMIT),
            field="code",
        )
    pattern = Code39(code, add_checksum=False).build()[0]
    return Symbol(Symbology.CODE39, code, (pattern,), (code,))


def _qr(code: str) -> Symbol:
    import segno

    if len(code.encode()) > QR_LIMIT:
        raise InvalidInput(
            tr("A QR on a label holds {limit} bytes; this text has more.", limit=QR_LIMIT), field="code"
        )
    if code.isascii():
        made = segno.make(code, error="m", micro=False, boost_error=False)
    else:
        # Announced as UTF-8: short accented text is otherwise taken for another encoding.
        made = segno.make(
            code, error="m", micro=False, boost_error=False, mode="byte", encoding="utf-8", eci=True
        )
    return Symbol(Symbology.QR, code, tuple("".join(map(str, row)) for row in made.matrix))


_ENCODERS: dict[Symbology, Callable[[str], Symbol]] = {
    Symbology.EAN13: _ean13,
    Symbology.EAN8: _ean8,
    Symbology.UPCA: _upca,
    Symbology.UPCE: _upce,
    Symbology.ITF14: _itf14,
    Symbology.CODE128: _code128,
    Symbology.CODE39: _code39,
    Symbology.QR: _qr,
}
