"""Numbers as a whole column writes them: `1,234` means one thing in a column that also has `3,50`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from stockshop.errors import InvalidInput
from stockshop.language import tr
from stockshop.quantity import parse_decimal

T = TypeVar("T")
MEMO_LIMIT = 50_000
_PARTS = re.compile(r"[\d.,]+")
_AMBIGUOUS = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_OTHER_MARKS = str.maketrans({"٫": ".", "٬": None})
_SHORTENED = re.compile(r"([0-9])(?:[.,]([0-9]+))?E\+?([0-9]{1,2})", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Marks:
    """How a column writes decimals."""

    decimal: str | None
    """The mark of values that could mean either; None where nothing tells."""
    is_mixed: bool = False
    """Some values prove a comma and others a dot."""
    three_is_group: bool = False
    """Three digits behind a single mark are thousands, whichever mark it is."""

    def parse(self, text: str, field: str) -> Decimal:
        """The value, by its own evidence first. Raises InvalidInput naming `field`."""
        own = _evidence(text)
        if own is None and self.three_is_group and _is_ambiguous(text):
            return parse_decimal(text, mark="." if "," in text else ",", field=field)
        if own is None and self.is_mixed and _is_ambiguous(text):
            raise InvalidInput(
                tr(
                    "'{value}' can be read two ways, and the column uses both commas and dots for "
                    "decimals; write it without a thousands mark.",
                    value=text.strip()[:30],
                ),
                field=field,
            )
        return parse_decimal(text, mark=own or self.decimal, field=field)


def _compact(text: str) -> str:
    found = _PARTS.findall(text if text.isascii() else text.translate(_OTHER_MARKS))
    return "".join(found).strip(".,") if found else ""


def _evidence(text: str) -> str | None:
    """The decimal mark this value proves by itself, or None."""
    digits = _compact(text)
    comma, dot = digits.rfind(","), digits.rfind(".")
    if comma < 0 and dot < 0:
        return None
    if comma >= 0 and dot >= 0:
        return "," if comma > dot else "."
    mark = "," if comma >= 0 else "."
    if digits.count(mark) > 1:
        return "." if mark == "," else ","
    return None if _AMBIGUOUS.fullmatch(digits) else mark


def _is_ambiguous(text: str) -> bool:
    return _AMBIGUOUS.fullmatch(_compact(text)) is not None


def decide_marks(
    columns: Iterable[Iterable[str]],
    *,
    default: str | None = None,
    decimals: Iterable[int | None] = (),
) -> list[Marks]:
    """The marks of each column, from all its distinct values.

    A column without evidence follows the others of the file, then `default`. `decimals` says for
    each column how many are possible at most: `1.234` cannot be a price in a currency with two.
    """
    seen = [{mark for text in values if (mark := _evidence(text))} for values in columns]
    everywhere = set().union(*seen)
    limits = list(decimals) or [None] * len(seen)
    shared = next(iter(everywhere)) if len(everywhere) == 1 else default
    found = []
    for marks, limit in zip(seen, limits, strict=True):
        if len(marks) == 1:
            found.append(Marks(next(iter(marks))))
        elif marks:
            found.append(Marks(default, is_mixed=True))
        elif limit is not None and limit < 3:
            # Three digits behind a mark can only be a group here, whichever the mark.
            found.append(Marks(None, three_is_group=True))
        else:
            found.append(Marks(shared))
    return found


def remembering(read: Callable[[str], T]) -> Callable[[str], T]:
    """`read`, asked only once for each text, within bounds: columns repeat themselves."""
    memo: dict[str, T] = {}

    def remembered(text: str) -> T:
        try:
            return memo[text]
        except KeyError:
            value = read(text)
            if len(memo) < MEMO_LIMIT:
                memo[text] = value
            return value

    return remembered


def is_shortened(code: str) -> bool:
    """Whether a spreadsheet wrote this long number in its short form, digits lost or not."""
    code = code.strip()
    found = _SHORTENED.fullmatch(code)
    return (found is not None and int(found[3]) >= 11) or _is_fraction_of_nothing(code)


def _is_fraction_of_nothing(code: str) -> bool:
    return code.endswith((".0", ",0")) and code[:-2].isdigit() and len(code) > 7


def restore_digits(code: str) -> str:
    """Undo what a spreadsheet does to a long number: `4006381333931.0`, `4.006381333931E+12`.

    Raises InvalidInput when digits are lost (`4.00638E+12`).
    """
    if _is_fraction_of_nothing(code):
        return code[:-2]
    found = _SHORTENED.fullmatch(code)
    if found is None or int(found[3]) < 11:
        return code
    digits, exponent = found[1] + (found[2] or ""), int(found[3])
    if len(digits) == exponent + 1:
        return digits
    raise InvalidInput(
        tr(
            "The spreadsheet has shortened this number and its last digits are lost; format the "
            "column as text and export it again."
        ),
        field="barcodes",
    )
