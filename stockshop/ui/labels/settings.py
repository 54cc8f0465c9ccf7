"""A line of settings: what it is, and the field."""

from __future__ import annotations

from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Static

from stockshop.ui.safe import plain


def setting(label: str, widget: Widget) -> Horizontal:
    """One line; its look is in styles/labels.tcss."""
    return Horizontal(Static(plain(label), classes="setting-label"), widget, classes="setting")
