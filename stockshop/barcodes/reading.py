"""What a scanned or typed text may mean: the candidate readings, in the order they are to be tried.

Nothing here knows the catalogue. A service walks the readings and asks the store for each key;
the first answer is the product. The order is: the code as it stands (a barcode of ours, then a
SKU), without its symbology identifier, in its other written forms (UPC-E, ISBN), as a scale's
code, as a GS1 element string, as a Digital Link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from stockshop.barcodes.gtin import (
    case_unit,
    compress_upca,
    expand_upce,
    gtin14,
    is_digits,
    isbn10_gtin,
    isbn10_of,
    issn_base,
    issn_gtin,
    lookup_key,
    shortest,
)
from stockshop.barcodes.model import GS, SEPARATOR_MISSING, Elements, Gs1Error, Gs1TooLong, Reading
from stockshop.barcodes.scale import in_store_number as _in_store_number
from stockshop.barcodes.scale import layouts, read_scale_code
from stockshop.errors import InvalidInput
from stockshop.language import mark, tr
from stockshop.quantity import to_milli
from stockshop.text import CODE_LIMIT, clean_code

SCAN_LIMIT = 500
"""Longer than any code on a product: GS1 element strings and links stay well below."""

_SYMBOLOGY = re.compile(r"\]([A-HIJK-PRSTdeQXz])([0-9a-fA-F])", re.ASCII)
_GS1_SYMBOLOGIES = frozenset({"]C1", "]e0", "]e1", "]e2", "]d2", "]Q3", "]J1", "]z1", "]L2"})
_BARE_GS1 = ("01", "02", "00", "8006")
_MULTIPLIER = re.compile(
    r"\s*([0-9]{1,6}(?:[.,][0-9]{1,3})?)\s*(?:[*×]|(?<=\s)[xX](?=\s|$))\s*(.*)", re.DOTALL
)
_ENDS = "\r\n\t "
_CONTRADICTED = {
    "weight": mark("The weight in this code contradicts its check digit; type the weight."),
    "price": mark("The price in this code contradicts its check digit; type the price."),
    "count": mark("The count in this code contradicts its check digit; type the count."),
}


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """How this shop's scanners and scales speak."""

    region: str | None = None
    """The country whose scale codes are read (`REGIONS`); None reads none."""
    scale_patterns: tuple[str, ...] = ()
    """The shop's own scale patterns, instead of the region's."""
    in_store_prefix: str | None = None
    """The prefix of the shop's own numbers; None takes one the scale does not use."""
    prefix: str = ""
    """What the scanner is set to send before each code, taken off."""
    suffix: str = ""
    """What it sends behind, besides Enter and Tab, taken off."""
    separators: tuple[str, ...] = ()
    """Texts the scanner sends in place of the GS1 separator, such as `^` or `{GS}`."""


DEFAULT = ScanSettings()


def split_multiplier(text: str) -> tuple[int, str] | None:
    """`12*4006381333931` as (12000, "4006381333931"): thousandths, and the code behind.

    Also `12 x CODE` (with spaces: `12x34` may be a SKU), `2.5*` and `2,5*` (comma and point both
    mark decimals here). The code is empty when only the multiplier was typed. None when there is
    none. Raises InvalidInput (field `quantity`) for zero.
    """
    match = _MULTIPLIER.fullmatch(text)
    if match is None:
        return None
    quantity_milli = to_milli(Decimal(match[1].replace(",", ".")))
    if quantity_milli == 0:
        raise InvalidInput(tr("Zero times a product is nothing; type the quantity again."), field="quantity")
    return quantity_milli, match[2].strip()


def in_store_number(sequence: int, settings: ScanSettings = DEFAULT) -> str:
    """The shop's own EAN-13 number `sequence`, outside the scale's ranges.

    Raises InvalidInput for an unusable prefix and Refused when the range is used up.
    """
    return _in_store_number(
        sequence, layouts(settings.region, settings.scale_patterns), settings.in_store_prefix
    )


def interpret(text: str, settings: ScanSettings = DEFAULT) -> tuple[Reading, ...]:
    """All that `text` may mean, likeliest first; at least one reading.

    The first reading is the code as it stands. A product found by the keys of a reading marked
    `ambiguous` needs a person's yes. Raises InvalidInput (field `code`) for an empty scan, for
    more than 500 characters, and for settings that name an unknown region or a bad pattern.
    """
    if len(text) > SCAN_LIMIT:
        raise InvalidInput(
            tr(
                "This is too long for a barcode: {count} characters, {most} fit.",
                count=len(text),
                most=SCAN_LIMIT,
            ),
            field="code",
        )
    raw = _without_frame(text, settings)
    code = clean_code(raw, limit=SCAN_LIMIT, field="code")
    if not code:
        raise InvalidInput(tr("The scan was empty; scan again."), field="code")
    readings: list[Reading] = [_plain(code)]
    try:
        for reading in _more(code, raw, settings):
            readings.append(reading)
    except Gs1Error as error:
        readings[0] = replace(readings[0], warnings=(error.message,))
    return tuple(readings)


def _without_frame(text: str, settings: ScanSettings) -> str:
    raw = text.strip(_ENDS)
    if settings.prefix and raw.startswith(settings.prefix):
        raw = raw[len(settings.prefix) :]
    if settings.suffix and raw.endswith(settings.suffix):
        raw = raw[: -len(settings.suffix)]
    for separator in settings.separators:
        if separator:
            raw = raw.replace(separator, GS)
    return "".join(char for char in raw if char >= " " or char == GS).strip(_ENDS)


def _plain(code: str) -> Reading:
    """The code as it stands: its key as a barcode, then its text as a SKU."""
    if len(code) > CODE_LIMIT:
        return Reading("code", code, ())
    key = lookup_key(code)
    gtin = gtin14(key)
    keys = (key,) if key == code else (key, code)
    return Reading("gtin" if gtin else "code", code, keys, gtin=gtin)


def _more(code: str, raw: str, settings: ScanSettings) -> Iterator[Reading]:
    """What else it may mean. Raises Gs1Error when it says it is GS1 and cannot be read."""
    match = _SYMBOLOGY.match(raw)
    if match is None:
        yield from _other_numbers(code, settings)
        yield from _gs1(raw, claimed=False)
        return
    symbology, content = match[0], raw[3:]
    content, _, composite = content.partition("|]e0")
    inner = clean_code(content, limit=SCAN_LIMIT)
    if not inner:
        raise Gs1Error(tr("The code is empty behind its symbology identifier; scan again."))
    if symbology[1] == "E":
        yield from _retail(symbology, inner, composite, settings)
    elif symbology in _GS1_SYMBOLOGIES:
        yield _plain(inner)
        yield from _gs1(content, claimed=True)
    else:
        yield _plain(inner)
        yield from _other_numbers(inner, settings)
        yield from _gs1(content, claimed=False)


def _retail(symbology: str, code: str, composite: str, settings: ScanSettings) -> Iterator[Reading]:
    """EAN and UPC: `]E4` is an EAN-8, the others an EAN-13, UPC-A or UPC-E, perhaps with an add-on."""
    if symbology == "]E3" and is_digits(code) and len(code) in (15, 18):
        code = code[:13]
    first = _plain(code)
    upc = expand_upce(code) if symbology != "]E4" else None
    if upc is not None:
        yield Reading("gtin", upc, (f"00{upc}",), gtin=f"00{upc}")
    if len(code) not in ((8,) if symbology == "]E4" else (12, 13)):
        first = replace(first, kind="code", gtin=None)
    yield first
    if first.gtin is None:
        return
    yield from _relatives(first.gtin)
    yield from _scale(first.gtin, settings)
    if composite:
        from stockshop.barcodes import contents, gs1

        yield contents.from_elements((("01", first.gtin), *gs1.parse(composite)), "gs1")


def _other_numbers(code: str, settings: ScanSettings) -> Iterator[Reading]:
    """The other forms of a plain number, and what a scale may have put into it."""
    if not code.isascii() or len(code) > 18:
        return
    gtin = gtin14(code)
    upc = expand_upce(code) if len(code) == 8 else None
    if upc is not None:
        yield Reading("gtin", upc, (f"00{upc}",), gtin=f"00{upc}", ambiguous=gtin is not None)
    book = isbn10_gtin(code) or issn_gtin(code)
    if book is not None:
        kind = "isbn" if len(code) == 10 else "issn"
        # Eight digits pass for an ISSN one time in eleven: a UPC-E or a shop's own number does too.
        yield Reading(kind, shortest(book), (book,), gtin=book, ambiguous=kind == "issn" and is_digits(code))
    if len(code) in (15, 18) and code[:3] in ("977", "978", "979"):
        gtin = gtin14(code[:13])
        if gtin is not None:
            yield Reading("gtin", code[:13], (gtin,), gtin=gtin)
    if gtin is not None:
        yield from _relatives(gtin)
        yield from _scale(gtin, settings)


def _relatives(gtin: str) -> Iterator[Reading]:
    """Numbers under which the same article may be kept: UPC-E, ISBN-10, a magazine's title, a case's unit."""
    short = compress_upca(gtin)
    if short is not None:
        yield Reading("gtin", short, (lookup_key(short),), gtin=gtin, ambiguous=gtin14(short) is not None)
    unit = case_unit(gtin)
    if unit is not None:
        yield Reading(
            "pack", shortest(unit), (unit,), gtin=unit, ambiguous=True, warnings=_case_warning(gtin)
        )
    isbn = isbn10_of(gtin)
    if isbn is not None:
        yield Reading("isbn", isbn, (isbn,), gtin=gtin)
    title = issn_base(gtin)
    if title is not None:
        yield Reading("issn", shortest(title), (title,), gtin=gtin)


def _scale(gtin: str, settings: ScanSettings) -> Iterator[Reading]:
    known = layouts(settings.region, settings.scale_patterns)
    found = read_scale_code(gtin, known) if known else None
    if found is None:
        return
    bare = found.item.lstrip("0")
    keys = (found.gtin, found.item) if bare in ("", found.item) else (found.gtin, found.item, bare)
    if not found.verified:
        warning = tr(_CONTRADICTED[found.kind])
        yield Reading("rcn", found.item, keys, warnings=(warning,))
    elif found.kind == "price":
        yield Reading("rcn", found.item, keys, price=found.value)
    elif found.kind == "weight":
        weight_milli = int(found.value * 1000)
        yield Reading(
            "rcn", found.item, keys, quantity_milli=weight_milli, unit="kg", weight_milli=weight_milli
        )
    else:
        yield Reading("rcn", found.item, keys, quantity_milli=int(found.value) * 1000, unit="each")


def _gs1(raw: str, *, claimed: bool) -> Iterator[Reading]:
    """Element string or Digital Link. Without a GS1 symbology only what cannot be a plain number is taken."""
    message = raw[1:] if raw.startswith(GS) else raw
    if raw[:8].lower().startswith(("http://", "https://")):
        elements, kind = _link(raw), "digital-link"
    elif raw.startswith("("):
        elements, kind = _bracketed(raw), "gs1"
    elif claimed or GS in raw or (message.startswith(_BARE_GS1) and len(message) >= 16):
        elements, kind = _message(message, certain=claimed or GS in raw, separated=GS in raw), "gs1"
    else:
        return
    if elements is not None:
        from stockshop.barcodes.contents import from_elements

        separated = kind == "digital-link" or raw.startswith("(") or GS in raw
        yield from _with_unit(from_elements(elements, kind, separated=separated))


# The table of GS1 identifiers and all that reads it is loaded at the first GS1 code, not at the start.


def _link(raw: str) -> Elements | None:
    from stockshop.barcodes import digital_link

    return digital_link.parse(raw)


def _bracketed(raw: str) -> Elements | None:
    """A person's `(01)…(10)…`; other text in brackets is no fault. Raises Gs1Error for a faulty one."""
    from stockshop.barcodes import gs1

    try:
        return gs1.parse_bracketed(raw)
    except Gs1Error:
        if raw[1:].split(")", 1)[0] in gs1.identifiers():
            raise
        return None


def _message(message: str, *, certain: bool, separated: bool) -> Elements | None:
    """An element string; a faulty one is only worth a word (Gs1Error) if it is certain to be one."""
    from stockshop.barcodes import gs1

    try:
        return gs1.parse(message)
    except Gs1TooLong as error:
        if separated:
            raise
        raise Gs1Error(f"{error.message} {tr(SEPARATOR_MISSING)}") from error
    except Gs1Error:
        if certain:
            raise
        return None


def _with_unit(reading: Reading) -> Iterator[Reading]:
    """A message about a case says the same about the pieces in it, if those are what the shop keeps."""
    yield reading
    unit = case_unit(reading.gtin) if reading.gtin else None
    if unit is not None and reading.gtin:
        warnings = (*reading.warnings, *_case_warning(reading.gtin))
        yield replace(
            reading,
            kind="pack",
            text=shortest(unit),
            keys=(unit,),
            gtin=unit,
            ambiguous=True,
            warnings=warnings,
        )


def _case_warning(gtin: str) -> tuple[str, ...]:
    """Indicator 9 is a piece of variable measure, not a case."""
    return () if gtin[0] == "9" else (tr("This is the code of a case; say how many pieces it holds."),)
