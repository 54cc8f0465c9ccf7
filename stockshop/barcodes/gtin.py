"""Article numbers: GTIN, UPC-E, ISBN and ISSN, their check digits, and the key a code is stored under.

Every GTIN has one form here, fourteen digits, because scanners turn a UPC-A into an EAN-13 and back.
"""

from __future__ import annotations

import re

from stockshop.text import clean_code

_ODD_EVEN = str.maketrans("0123456789", "0369258147")
"""Each digit times three, modulo ten."""

_PREFIXED = re.compile(r"(?:ISBN|ISSN)(?:-1[03])?:?[ -]*", re.IGNORECASE | re.ASCII)
_ISSN = re.compile(r"[0-9]{4}-[0-9]{3}[0-9Xx]")


def is_digits(text: str) -> bool:
    """Whether the text is ASCII digits and nothing else (other scripts' digits are not)."""
    return text.isascii() and text.isdigit()


def check_digit(digits: str) -> int:
    """The GS1 mod-10 check digit that follows `digits` (General Specifications 7.9.1).

    `digits` are ASCII digits without their check digit, of any length.
    """
    total = sum(map(int, digits[-2::-2])) + sum(map(int, digits[::-2].translate(_ODD_EVEN)))
    return -total % 10


def has_check_digit(digits: str) -> bool:
    """Whether the last of these ASCII digits is the GS1 check digit of those before it."""
    return int(digits[-1]) == check_digit(digits[:-1])


def gtin14(text: str) -> str | None:
    """The 14-digit form of a valid GTIN-8, -12, -13 or -14; None for anything else."""
    if len(text) not in (8, 12, 13, 14) or not is_digits(text) or not has_check_digit(text):
        return None
    return text.rjust(14, "0")


def shortest(gtin: str) -> str:
    """A 14-digit GTIN as a person sees it: 8 or 13 digits, or 14 on a case."""
    if gtin[0] != "0":
        return gtin
    return gtin[6:] if gtin.startswith("000000") else gtin[1:]


def is_restricted(gtin: str) -> bool:
    """Whether a 14-digit GTIN is only valid inside a country or a company, not worldwide.

    EAN-13 starting 02, 04 or 20-29 and GTIN-8 starting 0 or 2 (General Specifications 1.4.2, 1.4.3).
    """
    if gtin.startswith("000000"):
        return gtin[6] in "02"
    return gtin[0] == "0" and (gtin[1] == "2" or gtin[1:3] in ("02", "04"))


def expand_upce(text: str) -> str | None:
    """A UPC-E of 6, 7 or 8 digits as the UPC-A of 12 it stands for; None if it is not one.

    Six digits have number system 0 and no check digit; seven begin with the number system (0 or
    1); eight end with the check digit too, which must be right. Source: General Specifications
    5.2.2.4.2 (zero suppression).
    """
    if not is_digits(text) or len(text) not in (6, 7, 8):
        return None
    body = text if len(text) > 6 else "0" + text
    if body[0] not in "01":
        return None
    maker, last = body[1:6], body[6]
    if last in "012":
        number = body[0] + maker[:2] + last + "0000" + maker[2:]
    elif last == "3":
        number = body[0] + maker[:3] + "00000" + maker[3:]
    elif last == "4":
        number = body[0] + maker[:4] + "00000" + maker[4:]
    else:
        number = body[0] + maker + "0000" + last
    full = f"{number}{check_digit(number)}"
    return full if len(text) < 8 or full[-1] == text[-1] else None


def compress_upca(gtin: str) -> str | None:
    """The 8-digit UPC-E that may be printed for a 14-digit GTIN, or None: `expand_upce` backwards."""
    if gtin[:2] != "00" or gtin[2] not in "01":
        return None
    number, maker, article = gtin[2:], gtin[3:8], gtin[8:13]
    if maker[2] in "012" and maker[3:] == "00" and article[:2] == "00":
        body = maker[:2] + article[2:] + maker[2]
    elif maker[3:] == "00" and article[:3] == "000":
        body = maker[:3] + article[3:] + "3"
    elif maker[4] == "0" and article[:4] == "0000":
        body = maker[:4] + article[4] + "4"
    elif article[:4] == "0000" and article[4] in "56789":
        body = maker + article[4]
    else:
        return None
    return f"{number[0]}{body}{number[-1]}"


def case_unit(gtin: str) -> str | None:
    """The 14-digit GTIN of the single piece in a case (its indicator 1-9 made 0), or None for a piece."""
    if gtin[0] == "0":
        return None
    body = f"0{gtin[1:13]}"
    return f"{body}{check_digit(body)}"


def isbn10_gtin(text: str) -> str | None:
    """The 14-digit GTIN of an ISBN-10 of ten plain characters, else None (ISO 2108)."""
    text = text.upper()
    if len(text) != 10 or not is_digits(text[:9]) or text[9] not in "0123456789X":
        return None
    values = [*map(int, text[:9]), 10 if text[9] == "X" else int(text[9])]
    if sum(weight * value for weight, value in zip(range(10, 0, -1), values, strict=True)) % 11:
        return None
    return f"0978{text[:9]}{check_digit('978' + text[:9])}"


def isbn10_of(gtin: str) -> str | None:
    """The ISBN-10 of a 14-digit GTIN of a book (0978…), else None."""
    if not gtin.startswith("0978"):
        return None
    body = gtin[4:13]
    check = -sum(weight * int(digit) for weight, digit in zip(range(10, 1, -1), body, strict=True)) % 11
    return body + ("X" if check == 10 else str(check))


def issn_gtin(text: str) -> str | None:
    """The 14-digit GTIN of an ISSN of eight plain characters, issue variant 00, else None (ISO 3297)."""
    text = text.upper()
    if len(text) != 8 or not is_digits(text[:7]) or text[7] not in "0123456789X":
        return None
    values = [*map(int, text[:7]), 10 if text[7] == "X" else int(text[7])]
    if sum(weight * value for weight, value in zip(range(8, 0, -1), values, strict=True)) % 11:
        return None
    return _serial_gtin(text[:7])


def issn_base(gtin: str) -> str | None:
    """A magazine's GTIN (0977…) with its issue variant set to 00, or None if it is no other number.

    The two digits before the check digit are the variant: a price change or a double issue.
    """
    if not gtin.startswith("0977"):
        return None
    base = _serial_gtin(gtin[4:11])
    return base if base != gtin else None


def _serial_gtin(seven: str) -> str:
    return f"0977{seven}00{check_digit(f'977{seven}00')}"


def lookup_key(code: str) -> str:
    """The unique key under which a barcode is stored and looked up.

    A valid GTIN gives its 14 digits; an ISBN or ISSN *written as one* (with its hyphens or the
    word before it) gives the GTIN printed on the book; anything else is itself, cleaned, its case
    kept. Eight or ten plain characters that merely happen to be a valid ISSN or ISBN-10 stay as
    they are, so that a supplier's own number is found exactly; `interpret` offers their other
    meaning as a later reading. Raises InvalidInput for more than 100 characters.
    """
    gtin = gtin14(code)
    if gtin is not None:
        return gtin
    code = clean_code(code, field="barcode")
    return gtin14(code) or _written_number(code) or code


def _written_number(code: str) -> str | None:
    """The GTIN of a hyphenated or announced ISBN-10, ISBN-13 or ISSN."""
    if not code.isascii():
        return None
    bare = _PREFIXED.sub("", code, count=1) if code[:2] in ("IS", "is", "Is") else code
    announced = bare != code
    groups = bare.replace(" ", "-").split("-")
    plain = "".join(groups)
    if _ISSN.fullmatch(bare) or (announced and len(plain) == 8):
        return issn_gtin(plain)
    if len(plain) == 10 and (len(groups) == 4 or announced):
        return isbn10_gtin(plain)
    if plain[:3] in ("978", "979") and len(plain) == 13 and (len(groups) in (2, 5) or announced):
        return gtin14(plain)
    return None
