"""A line of settings: what it is, and the field."""

from __future__ import annotations

from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Static

from stockshop.ui.safe import plain

DPI_CHOICES = (("", "as the sheet's"), *((str(dpi), f"{dpi} dpi") for dpi in (203, 300, 600, 1200)))
"""Resolutions of printers."""
SYMBOL_CHOICES = (
    ("auto", "as bars that suit it"),
    ("qr", "as a QR code"),
    ("code128", "as Code 128"),
    ("none", "as digits alone"),
)
"""How the product's number is printed."""


def setting(label: str, widget: Widget) -> Horizontal:
    """One line; its look is in styles/labels.tcss."""
    return Horizontal(Static(plain(label), classes="setting-label"), widget, classes="setting")
