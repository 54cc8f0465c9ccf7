"""Every screen of the shop, and how it is reached."""

from __future__ import annotations

import importlib
from typing import NamedTuple

from textual.screen import Screen

from stockshop.language import mark


class Place(NamedTuple):
    """A screen, and how it is reached."""

    mode: str
    keys: str
    """The key, then its second way."""
    label: str
    """Looked up where it is shown, as is the tooltip."""
    module: str
    class_name: str
    tooltip: str

    def make(self) -> Screen[None]:
        """The screen, its module loaded now."""
        module = importlib.import_module(f"stockshop.ui.screens.{self.module}")
        made: Screen[None] = getattr(module, self.class_name)()
        return made


SCREENS = (
    Place("counter", "f2,alt+2", mark("Counter"), "counter", "CounterScreen",
          mark("Scan, sell, receive, move")),
    Place("products", "f3,alt+3", mark("Products"), "products", "ProductsScreen",
          mark("Search and look at all products")),
    Place("bins", "f4,alt+4", mark("Bins"), "bins", "BinsScreen",
          mark("Where things lie")),
    Place("low", "f5,alt+5", mark("Low"), "low_stock", "LowStockScreen",
          mark("What runs low, and what to order")),
    Place("labels", "f6,alt+6", mark("Labels"), "labels", "LabelsScreen",
          mark("Shelf labels and count sheets on paper")),
    Place("count-sheets", "f7,alt+7", mark("Count"), "count_sheets", "CountSheetsScreen",
          mark("Count sheets on paper")),
    Place("import", "f8,alt+8", mark("Import"), "import_screen", "ImportScreen",
          mark("Bring a catalogue in from a file")),
    Place("settings", "f9,alt+9", mark("Settings"), "settings", "SettingsScreen",
          mark("The shop, its rules, this station")),
    Place("movements", "f10,alt+0", mark("Movements"), "movements", "MovementsScreen",
          mark("The whole ledger, line by line")),
    Place("unknown-scans", "alt+u", mark("Unknown"), "unknown_scans", "UnknownScansScreen",
          mark("Scans that nobody knew")),
    Place("scanner-check", "alt+k", mark("Scanner"), "scanner_check", "ScannerCheckScreen",
          mark("Check and set up the scanner")),
)  # fmt: skip
"""Every screen, in one place: another one is another line."""
SERVICES = ("locations", "bins", "movements", "why", "series", "printing", "running_low", "unknown_scans")
"""What the screens ask first."""


def load_ahead() -> None:
    """Load every screen in the calling thread, so that no first visit waits for it."""
    for place in SCREENS:
        importlib.import_module(f"stockshop.ui.screens.{place.module}")
    for service in SERVICES:
        importlib.import_module(f"stockshop.services.{service}")
