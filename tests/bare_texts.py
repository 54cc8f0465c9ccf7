"""Words on the app's screens that have not passed the catalogue.

The app speaks a language in which every Latin letter of a text has a mark of its own (Bins: Ḃïṅṡ), in a
shop whose data, dates and units are Greek. What is left in plain Latin letters was never looked up.
"""

from __future__ import annotations

import asyncio
import gettext
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stockshop import language
from stockshop.config import Station
from stockshop.services import catalogue, stock
from stockshop.services.shop import Shop, ShopSettings, create_shop
from stockshop.services.stock import LineRequest
from stockshop.ui.app import SCREENS, StockshopApp
from stockshop.ui.screens.help import HelpScreen
from tests.ui.hands import Hands
from tests.ui.test_hostile import screen_lines

_PLAIN = "abcdefghijklmnopqrstuvwxyz"
_MARKED = "ȧƀċḋėḟġḣïĵķŀṁṅȯṗɋṙṡṫŭṽẇẋẏż"
_LETTERS = str.maketrans(_PLAIN + _PLAIN.upper(), _MARKED + _MARKED.upper())
# What stands for a value, our own markup, and key names are no words of the text.
_KEPT = re.compile(
    r"\{[^}]*\}|\$\w+|\[/?[^\]\s]{0,40}\]|\b(?:Ctrl|Alt|Shift)\+\S+|\bF\d+\b|\bEsc\b|\bEnter\b"
)

NO_WORDS = frozenset(
    "ctrl alt shift esc enter tab space del pgup pgdn home end left right up down backspace "
    "eur each kg ml cm mm g l m ean upc gtin gs1 sku pdf csv xlsx json lf cr gs fnc1 dpi "
    "stockshop avery dymo zebra brother herma a4 letter".split()
)
"""Keys, units, codes and names of things: the same in every language."""
SIZE = (120, 40)


class Marked(gettext.NullTranslations):
    """The language of the marked letters."""

    def gettext(self, message: str) -> str:
        return marked(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return marked(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        return marked(message)


def marked(text: str) -> str:
    """The text with a mark on every letter that is one."""
    parts = []
    last = 0
    for kept in _KEPT.finditer(text):
        parts += [text[last : kept.start()].translate(_LETTERS), kept.group()]
        last = kept.end()
    return "".join(parts) + text[last:].translate(_LETTERS)


def bare_words(line: str) -> list[str]:
    """The words of a line that have no mark and are no key, unit or code."""
    found = re.findall(r"(?<![\w\d])[A-Za-z]{2,}(?![\w\d])", re.sub(r"\S*[/\\]\S*", " ", line))
    return [word for word in found if word.casefold() not in NO_WORDS]


@dataclass(frozen=True, slots=True)
class Bare:
    """Words that were never looked up, and where they stand."""

    where: str
    words: str
    line: str


def greek_shop(folder: Path) -> Shop:
    """A shop whose names have no Latin letters, with something for every list."""
    shop = create_shop(
        folder / "1.shop", "Άντα", ShopSettings("Γωνία", "EUR", "el_GR", timezone="Europe/Athens")
    )
    for sku, name, price in (
        ("10", "Κόλλα ξύλου 250", 450),
        ("20", "Βίδα [Μ6] 40", 35),
        ("30", "Λάδι 1", 799),
    ):
        made = catalogue.add_product(shop, "Άντα", sku=sku, name=name, price_minor=price, category="Χρώματα")
        catalogue.set_reorder_rule(shop, "Άντα", made.id, 5_000, 20_000)
        catalogue.add_barcode(shop, "Άντα", made.id, f"20000000{sku}00")
        stock.post_entry(shop, "Άντα", "receive", (LineRequest(sku, 9_000, to_bin="A-01"),))
    for many in (2_000, 8_000):
        stock.post_entry(shop, "Άντα", "sell", (LineRequest("10", many),))
    return shop


async def visit(app: StockshopApp, pilot: Any) -> AsyncIterator[str]:
    """Go to one screen after another, and to its help; the name of where it is now."""

    async def settle() -> None:
        for _ in range(3):
            await app.workers.wait_for_complete()
            await pilot.pause()

    hands = Hands(pilot)
    for _ in range(400):
        if app.desk.shown.day is not None:
            break
        await pilot.pause(0.005)
    for place in SCREENS:
        if not place.is_there:
            continue
        await app.run_action(f"go('{place.mode}')")
        await settle()
        yield place.mode
        await hands.press("f1")
        await settle()
        if isinstance(app.screen, HelpScreen):
            yield f"{place.mode}: help"
            await hands.press("escape")
            await settle()
        await hands.press("ctrl+p")
        await settle()
        yield f"{place.mode}: palette"
        await hands.press("escape", "escape")
        await settle()
    await app.run_action("go('counter')")
    await settle()
    for key in ("alt+s", "alt+r", "alt+m", "alt+c", "alt+a", "alt+l"):
        await hands.press(key)
        await settle()
        await hands.scan("200000001000")
        await settle()
        yield f"counter: {key}"
        await hands.press("escape", "escape")
        await settle()


async def bare_texts(folder: Path) -> list[Bare]:
    """Every word that was never looked up, once per screen."""
    language.use(Marked(), "xx")
    shop = greek_shop(folder)
    found: dict[tuple[str, str], Bare] = {}
    app = _Speechless(shop=shop, actor="Άντα")
    try:
        async with app.run_test(size=SIZE) as pilot:
            async for where in visit(app, pilot):
                for line in screen_lines(app):
                    if words := " ".join(bare_words(line)):
                        found.setdefault((where, words), Bare(where, words, line.strip()))
            await app.workers.wait_for_complete()
    finally:
        shop.close()
        language.speak(language.ENGLISH)
    return list(found.values())


class _Speechless(StockshopApp):
    """The app, which goes on speaking what it is spoken to in."""

    def speak(self, locale: str) -> None:
        """It has its language already."""
        language.use(Marked(), "xx")


def _lines(found: list[Bare]) -> Iterator[str]:
    seen = set()
    for one in found:
        if one.words not in seen:
            seen.add(one.words)
            yield f"{one.where:24} {one.words:50.50}  | {one.line:100.100}"


def show() -> None:
    """Print what was found."""
    folder = Path(tempfile.mkdtemp())
    try:
        print(*_lines(asyncio.run(bare_texts(folder))), sep="\n")
    finally:
        shutil.rmtree(folder)


__all__ = ["Bare", "Station", "bare_texts", "bare_words", "marked", "show"]
