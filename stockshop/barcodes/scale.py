"""Restricted-circulation numbers: a shop's own numbers, and those with a weight or a price inside.

A scale prints an EAN-13 (or a UPC-A) that starts 02 or 20-29 and holds the item's number and what
this piece weighs or costs. The layout differs by country and even by scale, so a shop chooses a
region or writes its own patterns, one letter per digit:

    21IIIIIWWWWWC     I item, W weight in grams, P price, N count, V price verifier, C check digit
    24IIIIIIWWWWC:2   ":2" says how many decimals the value has (weight 3, price 2, count 0)

Thirteen places, or twelve for a UPC-A such as 2IIIIIVPPPPC. The digits in front are fixed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from stockshop.barcodes.gtin import check_digit, is_digits
from stockshop.errors import InvalidInput, Refused
from stockshop.language import mark, tr

_PATTERN = re.compile(r"([0-9]{1,6})([IV]*)(W+|P+|N+)([IV]*)C(?::([0-4]))?")
_DECIMALS = {"W": 3, "P": 2, "N": 0}
_KINDS = {"W": "weight", "P": "price", "N": "count"}
_IN_STORE_PREFIXES = ("20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "04")


@dataclass(frozen=True, slots=True)
class Region:
    """The layouts of a country; `published` False means a usual one, to be tried on one's own label."""

    code: str
    name: str
    patterns: tuple[str, ...]
    published: bool
    source: str


def _baltic_weights() -> tuple[str, ...]:
    return ("23IIIIIIWWWWC:3", "24IIIIIIWWWWC:2", "25IIIIIIWWWWC:1")


def _nordic_prices() -> tuple[str, ...]:
    return ("20IIIIIIPPPPC:2", "21IIIIIIPPPPC:1", "22IIIIIIPPPPC:0")


_BALTIC = "GS1 Latvia, Variable measure in Latvia (one scheme for the Baltic states)"
_USUAL = "the layout most tills and scales come set to; no national publication was found"
_USUAL_PATTERNS = ("21IIIIIWWWWWC", "23IIIIIPPPPPC")

REGIONS: dict[str, Region] = {
    region.code: region
    for region in (
        Region("at", mark("Austria"), ("22IIIIIPPPPPC", "23IIIIIPPPPPC", "28IIIIIWWWWWC", "29IIIIIWWWWWC"),
               False, "the German ranges without the verifier digit"),
        Region("be", mark("Belgium"), _USUAL_PATTERNS, False, _USUAL),
        Region("ca", mark("Canada"), ("2IIIIIVPPPPC",), False, "customary UPC number system 2, as in the US"),
        Region("ch", mark("Switzerland"), _USUAL_PATTERNS, False, _USUAL),
        Region("de", mark("Germany"),
               ("22IIIIVPPPPPC", "23IIIIVPPPPPC", "25IIIIVNNNNNC", "26IIIIVNNNNNC", "28IIIIVWWWWWC",
                "29IIIIVWWWWWC"), True, "GS1 Germany, GTIN in der Anwendung; SAN-4-Konzept"),
        Region("dk", mark("Denmark"),
               ("21IIIIPPPPPPC", "22IIIIPPPPPPC", "23IIIIPPPPPPC", "24IIIIPPPPPPC", "26IIIIWWWWWWC",
                "27IIIIIWWWWWC", "28IIIIWWWWWWC"), True, "GS1 Denmark, GTIN-13 pris and GTIN-13 vægt"),
        Region("ee", mark("Estonia"), _baltic_weights(), True, _BALTIC),
        Region("es", mark("Spain"), _USUAL_PATTERNS, False, _USUAL),
        Region("fi", mark("Finland"), _baltic_weights(), True, "GS1 Finland, How to identify a product"),
        Region("fr", mark("France"), _USUAL_PATTERNS, False, _USUAL),
        Region("gb", mark("United Kingdom"), ("20IIIIIVPPPPC", "28IIIIIVPPPPC", "02IIIIIVPPPPC"), True,
               "GS1 UK, How to barcode variable measure items (20, 28); 02 is customary"),
        Region("it", mark("Italy"), ("2IIIIIIPPPPPC",), False,
               "item and price behind any of 20-29, as customary"),
        Region("lt", mark("Lithuania"), _baltic_weights(), True, _BALTIC),
        Region("lv", mark("Latvia"), _baltic_weights(), True, _BALTIC),
        Region("nl", mark("Netherlands"), _USUAL_PATTERNS, False, _USUAL),
        Region("no", mark("Norway"), _nordic_prices() + _baltic_weights(), False,
               "no publication; labels seen follow the Swedish rules"),
        Region("pl", mark("Poland"), ("27IIIIIWWWWWC", "28IIIIIWWWWWC", "29IIIIIWWWWWC"), False,
               "what Polish scales are usually set to"),
        Region("pt", mark("Portugal"), _USUAL_PATTERNS, False, _USUAL),
        Region("se", mark("Sweden"), _nordic_prices() + _baltic_weights(), True,
               "GS1 Sweden, Viktvarunummer"),
        Region("us", mark("United States"), ("2IIIIIVPPPPC",), False, "customary UPC number system 2"),
    )
}  # fmt: skip
"""The regions a shop can choose, by ISO 3166 code in small letters.

The British (20, 28) and Swedish layouts were read in the publications named; the German, Danish,
Finnish and Baltic ones are those of the library biip, which names these publications.
"""


@dataclass(frozen=True, slots=True)
class Layout:
    """One compiled pattern; places are counted in the 13 digits."""

    pattern: str
    prefix: str
    items: tuple[int, ...]
    first: int
    last: int
    verifier: int | None
    kind: str
    decimals: int


@dataclass(frozen=True, slots=True)
class ScaleCode:
    """What a scale's code says: `kind` is weight (kg), price (the shop's currency) or count."""

    gtin: str
    """The code with its value zeroed and its check digit made right, 14 digits: one per item."""
    item: str
    kind: str
    value: Decimal
    verified: bool
    """False when the verifier digit contradicts the value, which is then not to be used."""


@lru_cache(maxsize=256)
def compile_pattern(pattern: str) -> Layout:
    """Read one pattern. Raises InvalidInput (field `scale_patterns`) saying what is wrong with it."""
    match = _PATTERN.fullmatch(pattern.strip().upper())
    if match is None:
        raise InvalidInput(
            tr(
                "'{pattern}' is no scale pattern; write one like 21IIIIIWWWWWC "
                "(I item, W weight or P price or N count, V verifier, C check digit).",
                pattern=pattern[:30],
            ),
            field="scale_patterns",
        )
    head, before, value, after, decimals = match.groups()
    places = f"{head}{before}{value}{after}C"
    if len(places) == 12:
        places, head = "0" + places, "0" + head
    verifiers = places.count("V")
    problem = ""
    if len(places) != 13:
        problem = mark("The scale pattern '{pattern}' has not 13 places (12 for a UPC-A).")
    elif not head.startswith(("02", "04", "2")):
        problem = mark(
            "The scale pattern '{pattern}' does not start with 02, 04 or 2, the numbers free for "
            "a shop's own use."
        )
    elif "I" not in places:
        problem = mark("The scale pattern '{pattern}' has no item number (I).")
    elif verifiers > 1 or (verifiers and len(value) not in (4, 5)):
        problem = mark(
            "The scale pattern '{pattern}' has a verifier (V) that does not fit: one, for a value "
            "of 4 or 5 digits."
        )
    if problem:
        raise InvalidInput(tr(problem, pattern=pattern[:30]), field="scale_patterns")
    first = places.index(value[0])
    return Layout(
        pattern=pattern,
        prefix=head,
        items=tuple(index for index, letter in enumerate(places) if letter == "I"),
        first=first,
        last=first + len(value),
        verifier=places.index("V") if verifiers else None,
        kind=_KINDS[value[0]],
        decimals=int(decimals) if decimals else _DECIMALS[value[0]],
    )


@lru_cache(maxsize=64)
def layouts(region: str | None, patterns: tuple[str, ...]) -> tuple[Layout, ...]:
    """The shop's own patterns if it has any, else those of its region, the longest prefix first.

    Raises InvalidInput for an unknown region or a bad pattern.
    """
    if not patterns and region:
        known = REGIONS.get(region.strip().lower())
        if known is None:
            choices = ", ".join(REGIONS)
            raise InvalidInput(
                tr(
                    "'{region}' is no region whose scale codes I know; choose one of {choices}, "
                    "or write the pattern of your scale.",
                    region=region[:10],
                    choices=choices,
                ),
                field="region",
            )
        patterns = known.patterns
    return tuple(sorted(map(compile_pattern, patterns), key=lambda each: -len(each.prefix)))


def verifier_digit(value: str) -> int:
    """The price or weight verifier of 4 or 5 digits (General Specifications 7.9.2 to 7.9.4).

    Weights: "2-" doubles and takes off the tens, "5+" and "5-" multiply by five and add or take
    off the tens, "3" multiplies by three. `2875` gives 9, `14685` gives 6.
    """
    digits = [int(digit) for digit in value]
    if len(digits) == 4:
        total = _two(digits[0]) + _two(digits[1]) + 3 * digits[2] + _five(digits[3], -1)
        return total * 3 % 10
    if len(digits) != 5:
        raise InvalidInput(tr("A verifier digit exists for 4 or 5 digits only."))
    total = (
        _five(digits[0], 1) + _two(digits[1]) + _five(digits[2], -1) + _five(digits[3], 1) + _two(digits[4])
    )
    wanted = -total % 10
    return next(digit for digit in range(10) if _five(digit, -1) == wanted)


def _two(digit: int) -> int:
    return (2 * digit - 2 * digit // 10) % 10


def _five(digit: int, sign: int) -> int:
    return (5 * digit + sign * (5 * digit // 10)) % 10


def read_scale_code(gtin: str, known: tuple[Layout, ...]) -> ScaleCode | None:
    """Read a valid 14-digit GTIN by the first layout whose fixed digits it has; None if none has."""
    if gtin[0] != "0" or gtin.startswith("000000"):
        return None
    digits = gtin[1:]
    for layout in known:
        if digits.startswith(layout.prefix):
            return _read(digits, layout)
    return None


def _read(digits: str, layout: Layout) -> ScaleCode:
    value = digits[layout.first : layout.last]
    zeroed = list(digits[:12])
    zeroed[layout.first : layout.last] = "0" * len(value)
    verified = True
    if layout.verifier is not None:
        verified = int(digits[layout.verifier]) == verifier_digit(value)
        zeroed[layout.verifier] = str(verifier_digit("0" * len(value)))
    body = "".join(zeroed)
    return ScaleCode(
        gtin=f"0{body}{check_digit(body)}",
        item="".join(digits[place] for place in layout.items),
        kind=layout.kind,
        value=Decimal(int(value)).scaleb(-layout.decimals),
        verified=verified,
    )


def in_store_number(sequence: int, known: tuple[Layout, ...], prefix: str | None = None) -> str:
    """The shop's own EAN-13 number `sequence` (0, 1, 2 …): prefix, ten digits, check digit.

    `prefix` is 04 or 20 to 29; None takes the first that no scale layout in `known` begins with.
    Raises InvalidInput for a prefix that is not free for shops or is the scale's, and Refused
    when the range is used up. Whether a number is already on a product is for the caller to ask.
    """
    if prefix is None:
        prefix = next(each for each in _IN_STORE_PREFIXES if not _is_scales(each, known) or each == "04")
    if prefix not in _IN_STORE_PREFIXES or not is_digits(prefix):
        raise InvalidInput(
            tr("'{prefix}' is not free for a shop's own numbers; choose 20 to 29 or 04.", prefix=prefix[:10]),
            field="in_store_prefix",
        )
    if _is_scales(prefix, known):
        raise InvalidInput(
            tr(
                "Numbers starting {prefix} are the scale's; choose another prefix for the shop's own "
                "numbers.",
                prefix=prefix,
            ),
            field="in_store_prefix",
        )
    if sequence < 0 or sequence >= 10 ** (12 - len(prefix)):
        raise Refused(
            tr(
                "All own numbers starting {prefix} are used up; choose another prefix in the settings.",
                prefix=prefix,
            ),
            field="in_store_prefix",
        )
    body = f"{prefix}{sequence:0{12 - len(prefix)}d}"
    return f"{body}{check_digit(body)}"


def _is_scales(prefix: str, known: tuple[Layout, ...]) -> bool:
    return any(prefix.startswith(each.prefix) or each.prefix.startswith(prefix) for each in known)
