"""GS1 element strings: application identifiers with their values, read and written.

The table of identifiers is a data file derived from the GS1 Barcode Syntax Dictionary; it is read
at the first GS1 code, not at import. A message is read whole or not at all: a lot without its
GTIN, or a date cut short, would be wrong data on a product.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from stockshop import clock
from stockshop.barcodes.gtin import has_check_digit, is_digits
from stockshop.barcodes.model import GS, Elements, Gs1Error, Gs1TooLong
from stockshop.language import tr
from stockshop.resources import asset

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CHARACTERS: dict[str, frozenset[str]] = {
    "N": frozenset("0123456789"),
    "X": frozenset("0123456789" + _LETTERS + _LETTERS.lower() + "!\"%&'()*+,-./:;<=>?_"),
    "Y": frozenset("0123456789" + _LETTERS + "#-/"),
    "Z": frozenset("0123456789" + _LETTERS + _LETTERS.lower() + "-_="),
}
_COMPONENT = re.compile(r"(\[?)([NXYZ])(\.\.)?([0-9]+)\]?((?:,[a-z0-9]+)*)")
_BRACKETED = re.compile(r"\(([^()]*)\)((?:[^(\\]|\\.)*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a value: its set of characters, its length, the checks on it."""

    characters: frozenset[str]
    shortest: int
    longest: int
    optional: bool
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Identifier:
    """One application identifier."""

    code: str
    title: str
    components: tuple[Component, ...]
    fixed_length: int | None
    """The length of a value that needs no separator behind it; None: up to the separator."""
    qualifiers: tuple[tuple[str, ...], ...] | None
    """For a key of Digital Links, the sequences of qualifiers allowed behind it; None: no key."""


@lru_cache(maxsize=1)
def identifiers() -> dict[str, Identifier]:
    """All application identifiers by their two to four digits."""
    table: dict[str, Identifier] = {}
    text = asset("gs1", "application_identifiers.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        span, fixed, spec, link, title = line.split("|")
        components = tuple(map(_component, spec.split()))
        length = sum(each.longest for each in components) if fixed else None
        qualifiers = None
        if link:
            sequences = link.removeprefix("key").removeprefix("=").split("/")
            qualifiers = tuple(tuple(each.split(",")) if each else () for each in sequences)
        first, _, last = span.partition("-")
        for number in range(int(first), int(last or first) + 1):
            code = str(number).zfill(len(first))
            table[code] = Identifier(code, title, components, length, qualifiers)
    return table


def _component(token: str) -> Component:
    match = _COMPONENT.fullmatch(token)
    if match is None:
        raise ValueError(f"unknown component {token!r} in the table of identifiers")
    optional, kind, variable, length, checks = match.groups()
    longest = int(length)
    names = tuple(checks.split(",")[1:])
    return Component(_CHARACTERS[kind], 1 if variable else longest, longest, bool(optional), names)


def check_value(code: str, value: str) -> None:
    """Raise Gs1Error unless `value` is what the identifier `code` asks for."""
    known = identifiers().get(code)
    if known is None:
        raise Gs1Error(tr("({code}) is no GS1 identifier.", code=code[:4]))
    rest = value
    for part in known.components:
        if part.optional and not rest:
            break
        piece, rest = rest[: part.longest], rest[part.longest :]
        if len(piece) < part.shortest:
            raise Gs1Error(tr("({code}) {title} is too short.", code=code, title=known.title))
        if not part.characters.issuperset(piece):
            raise Gs1Error(
                tr(
                    "({code}) {title} holds a character that does not belong there.",
                    code=code,
                    title=known.title,
                )
            )
        for check in part.checks:
            if not _CHECKS[check](piece):
                raise Gs1Error(
                    tr(
                        "({code}) {title} is wrong: a digit was misread or mistyped.",
                        code=code,
                        title=known.title,
                    )
                )
    if rest:
        raise Gs1TooLong(tr("({code}) {title} is too long.", code=code, title=known.title))


def parse(message: str) -> Elements:
    """Read an element string with GS as separator, as a scanner sends it.

    A separator behind a value of fixed length, or at the end, is tolerated, as the General
    Specifications ask (7.8.5). Raises Gs1Error, naming the field, if anything is not right.
    """
    table = identifiers()
    elements: list[tuple[str, str]] = []
    position = 0
    while position < len(message):
        known = next(
            (table[message[position : position + size]] for size in (2, 3, 4)
             if message[position : position + size] in table), None
        )  # fmt: skip
        if known is None:
            raise Gs1Error(tr("'{code}' is no GS1 identifier.", code=message[position : position + 4]))
        position += len(known.code)
        if known.fixed_length is not None:
            end = position + known.fixed_length
        else:
            end = message.find(GS, position)
            end = len(message) if end < 0 else end
        value = message[position:end]
        check_value(known.code, value)
        elements.append((known.code, value))
        position = end + 1 if message[end : end + 1] == GS else end
    return _checked(elements)


def parse_bracketed(text: str) -> Elements:
    """Read the form people write and labels print: `(01)04006381333931(10)AB-1`.

    An opening bracket inside a value is written `\\(`. Spaces around values are ignored. Raises
    Gs1Error if anything is not right.
    """
    elements: list[tuple[str, str]] = []
    position = 0
    while position < len(text):
        match = _BRACKETED.match(text, position)
        if match is None:
            raise Gs1Error(tr("Every value needs its identifier in brackets before it, as in (01) or (10)."))
        code = match[1].strip()
        value = match[2].strip().replace("\\(", "(")
        if code not in identifiers():
            raise Gs1Error(tr("({code}) is no GS1 identifier.", code=code[:10]))
        check_value(code, value)
        elements.append((code, value))
        position = match.end()
    return _checked(elements)


def _checked(elements: list[tuple[str, str]]) -> Elements:
    if not elements:
        raise Gs1Error(tr("The GS1 code is empty."))
    seen: dict[str, str] = {}
    for code, value in elements:
        if seen.setdefault(code, value) != value:
            raise Gs1Error(tr("({code}) stands there twice with different values.", code=code))
    return tuple(elements)


def join(elements: Iterable[tuple[str, str]], separator: str = GS) -> str:
    """The element string to encode, without the FNC1 in front; `separator` only where one is needed.

    Raises Gs1Error for a value that does not fit its identifier.
    """
    message = ""
    open_ended = False
    for code, value in elements:
        check_value(code, value)
        message += f"{separator if open_ended else ''}{code}{value}"
        open_ended = identifiers()[code].fixed_length is None
    return message


def read_date(yymmdd: str) -> str | None:
    """The ISO date of six digits; day 00 is the last of the month. None if there is no such day.

    The century is the one that puts the year less than 51 years back and at most 50 ahead
    (General Specifications 7.12).
    """
    if len(yymmdd) != 6 or not is_digits(yymmdd):
        return None
    short, month, day = int(yymmdd[:2]), int(yymmdd[2:4]), int(yymmdd[4:])
    this_year = clock.today().year
    year = this_year - this_year % 100 + short
    if short - this_year % 100 >= 51:
        year -= 100
    elif short - this_year % 100 <= -50:
        year += 100
    if not 1 <= month <= 12:
        return None
    last = monthrange(year, month)[1]
    return f"{year:04d}-{month:02d}-{day or last:02d}" if day <= last else None


def _is_day(text: str) -> bool:
    return text[4:] != "00" and read_date(text) is not None


def _is_birthday(text: str) -> bool:
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    return year > 0 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def _is_piece_of_total(text: str) -> bool:
    half = len(text) // 2
    return 0 < int(text[:half]) <= int(text[half:])


_CHECKS: dict[str, Callable[[str], bool]] = {
    "csum": has_check_digit,
    "hh": lambda text: int(text) < 24,
    "hhmi": lambda text: int(text[:2]) < 24 and int(text[2:]) < 60,
    "hyphen": lambda text: text == "-",
    "iso5218": lambda text: text in "0129",
    "mi": lambda text: int(text) < 60,
    "nonzero": lambda text: int(text) > 0,
    "nozeroprefix": lambda text: text == "0" or text[0] != "0",
    "pieceoftotal": _is_piece_of_total,
    "ss": lambda text: int(text) < 60,
    "winding": lambda text: text in "019",
    "yesno": lambda text: text in "01",
    "yymmd0": lambda text: read_date(text) is not None,
    "yymmdd": _is_day,
    "yyyymmdd": _is_birthday,
    "zero": lambda text: int(text) == 0,
}
