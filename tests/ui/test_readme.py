"""The README promises keys; the app keeps them."""

from __future__ import annotations

import re
from pathlib import Path

from textual.binding import Binding

from stockshop.ui.app import StockshopApp
from stockshop.ui.screens.count_sheets import CountSheetsScreen
from stockshop.ui.screens.counter import CounterScreen
from stockshop.ui.screens.labels import LabelsScreen
from stockshop.ui.screens.products import ProductsScreen

ROOT = Path(__file__).resolve().parents[2]
_SCREENS = (StockshopApp, CounterScreen, ProductsScreen, LabelsScreen, CountSheetsScreen)


def test_every_key_of_the_readme_is_a_key_of_the_app() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    promised = {key.lower() for key in re.findall(r"\*\*((?:Ctrl\+|Alt\+|F)[A-Z0-9]{1,2})\*\*", text)}
    bound: set[str] = set()
    for screen in _SCREENS:
        for binding in screen.BINDINGS:
            keys = binding.key if isinstance(binding, Binding) else binding[0]
            bound |= set(keys.split(","))
    assert len(promised) >= 12
    assert promised <= bound


def test_the_picture_in_the_readme_is_there() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (path,) = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert (ROOT / path).read_bytes().startswith(b"\x89PNG")
