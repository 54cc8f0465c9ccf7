"""What reading a code ends in: a `Reading`, or a `Gs1Error`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from stockshop.errors import InvalidInput
from stockshop.language import mark

GS = "\x1d"
"""The separator (FNC1) as scanners send it."""

SEPARATOR_MISSING = mark("The separator is missing in this code, it seems: set the scanner to send GS.")

Elements = tuple[tuple[str, str], ...]
"""Pairs of identifier and value, in the order of the message."""


class Gs1Error(InvalidInput):
    """A text that claims to be GS1 and is not well formed."""

    title = mark("This GS1 code cannot be read")


class Gs1TooLong(Gs1Error):
    """A value longer than it may be: mostly two that ran together."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing a scanned text may mean."""

    kind: str
    """code, gtin, isbn, issn, pack (the piece in a case), rcn (a scale's code), gs1, digital-link."""
    text: str
    """The number as a person reads it."""
    keys: tuple[str, ...]
    """What to look up, in order: each as a barcode's key, and for code, gtin and rcn as a SKU too."""
    gtin: str | None = None
    """14 digits."""
    lot: str | None = None
    expiry: str | None = None
    """ISO date: use by (17), else with time (7003), else best before (15), else sell by (16)."""
    produced: str | None = None
    """ISO date of production (11), else of packing (13)."""
    serial: str | None = None
    sscc: str | None = None
    """18 digits of a pallet or parcel."""
    quantity_milli: int | None = None
    """Thousandths of `unit`: a count (30, 37) or a net measure (310n …); None: not in the code."""
    unit: str | None = None
    weight_milli: int | None = None
    """Net weight in thousandths of a kilogram."""
    price: Decimal | None = None
    """What this piece costs, in `currency`, or in the shop's when that is None."""
    currency: str | None = None
    elements: Elements = ()
    """All identifiers and values of a GS1 message."""
    warnings: tuple[str, ...] = ()
    """Sentences for the person at the counter."""
    ambiguous: bool = False
    """Whether a product found by this reading needs a person's yes."""
