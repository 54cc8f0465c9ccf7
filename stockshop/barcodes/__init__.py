"""Reading barcodes: what a scanned text may mean, and the numbers a shop gives itself.

Knows no database: `interpret` gives the candidate readings in order, and the keys to look up.
"""

from __future__ import annotations

from stockshop.barcodes.gtin import check_digit, expand_upce, gtin14, is_restricted, lookup_key, shortest
from stockshop.barcodes.model import GS, Elements, Reading
from stockshop.barcodes.reading import (
    DEFAULT,
    SCAN_LIMIT,
    ScanSettings,
    in_store_number,
    interpret,
    split_multiplier,
)
from stockshop.barcodes.scale import REGIONS, Region, compile_pattern

__all__ = [
    "DEFAULT",
    "GS",
    "REGIONS",
    "SCAN_LIMIT",
    "Elements",
    "Reading",
    "Region",
    "ScanSettings",
    "check_digit",
    "compile_pattern",
    "expand_upce",
    "gtin14",
    "in_store_number",
    "interpret",
    "is_restricted",
    "lookup_key",
    "shortest",
    "split_multiplier",
]
