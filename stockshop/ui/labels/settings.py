"""Lines of settings: what each is, and its field."""

from __future__ import annotations

from collections.abc import Iterable

from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from stockshop.language import mark, tr
from stockshop.ui.labels.cells import CellGrid
from stockshop.ui.safe import plain
from stockshop.ui.widgets.cycle import Cycle
from stockshop.ui.widgets.inputs import NumberInput

DPI_CHOICES = (("", mark("as the sheet's")), *((str(dpi), f"{dpi} dpi") for dpi in (203, 300, 600, 1200)))
"""Resolutions of printers."""
SYMBOL_CHOICES = (
    ("auto", mark("as bars that suit it")),
    ("qr", mark("as a QR code")),
    ("code128", mark("as Code 128")),
    ("none", mark("as digits alone")),
)
"""How the product's number is printed."""


def said(choices: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Choices (value, words) with the words in the language that is spoken."""
    return tuple((value, tr(words)) for value, words in choices)


def setting(label: str, widget: Widget) -> Horizontal:
    """One line; its look is in styles/labels.tcss."""
    return Horizontal(Static(plain(label), classes="setting-label"), widget, classes="setting")


def label_settings() -> Iterable[Widget]:
    """How labels are printed, one line for each thing that is chosen."""
    yield setting(tr("Labels of"), Cycle((("", tr("chosen products")),), id="what"))
    yield setting(tr("Sheet"), Button(plain("…"), id="sheet", compact=True))
    yield Static("", id="sheet-remark", classes="remark")
    yield CellGrid(id="cells")
    yield setting(tr("Copies"), NumberInput("1", decimals=0, whole_digits=4, id="copies", compact=True))
    yield setting(
        tr("How many"),
        Cycle((("", tr("copies of each")), ("on-hand", tr("one per piece on hand"))), id="many"),
    )
    yield setting(tr("Number"), Cycle(said(SYMBOL_CHOICES), id="symbol"))
    yield setting(tr("Printer"), Cycle(said(DPI_CHOICES), id="dpi"))
    yield setting(
        tr("Troubles"),
        Cycle((("refuse", tr("write nothing")), ("skip", tr("leave those out"))), id="bad"),
    )
    yield setting(tr("File"), Input(id="out", compact=True))
    yield Button(plain(tr("Write the PDF (Ctrl+S)")), id="labels-do", variant="primary", compact=True)
    yield Static("", id="report")  # fmt: skip
