"""Words on the app's screens that have not passed the catalogue.

The app speaks a language in which every Latin letter of a text has a mark of its own (Bins: Ḃïṅṡ), in a
shop whose data, dates and units are Greek. What is left in plain Latin letters was never looked up.
"""

from __future__ import annotations

import ast
import asyncio
import gettext
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textual.screen import ModalScreen

from stockshop import language
from stockshop.services import catalogue, stock
from stockshop.services.shop import Shop, ShopSettings, create_shop
from stockshop.services.stock import LineRequest
from stockshop.ui.app import SCREENS, StockshopApp
from stockshop.ui.screens.help import HelpScreen
from tests.catalogue import ROOT, sources
from tests.ui.counter_shop import Counter
from tests.ui.test_hostile import screen_lines

_PLAIN = "abcdefghijklmnopqrstuvwxyz"
_MARKED = "ȧƀċḋėḟġḣïĵķŀṁṅȯṗɋṙṡṫŭṽẇẋẏż"
_LETTERS = str.maketrans(_PLAIN + _PLAIN.upper(), _MARKED + _MARKED.upper())
# What stands for a value, our own markup, and key names are no words of the text.
_KEPT = re.compile(
    r"\{[^}]*\}|\$\w+|\[/?[^\]\s]{0,40}\]|\b(?:Ctrl|Alt|Shift)\+\S+|\bF\d+\b|\bEsc\b|\bEnter\b"
)

_SAME = (
    "ctrl alt shift esc enter tab space del pgup pgdn home end left right up down backspace "
    "eur each kg ml cm mm g l m ean upc gtin gs1 sku pdf csv xlsx json lf cr gs fnc1 dpi "
    "stockshop avery dymo zebra brother herma a4 letter tsv bin app "
    # The places of a new shop.
    "shop shelf floor back room rack receiving table"
)
NO_WORDS = frozenset(_SAME.split())
"""Keys, units, codes, names of things, and data: the same in every language."""
SIZE = (120, 40)
FURTHER = (
    ("f3", "down", "enter"),
    ("f3", "down", "ctrl+y"),
    ("f3", "down", "ctrl+y", "enter"),
    ("f3", "ctrl+n"),
    ("f3", "ctrl+n", "ctrl+s"),
    ("f4", "ctrl+n"),
    ("f4", "down", "down", "ctrl+r"),
    ("f6", "ctrl+s"),
    ("f9", "down", "enter"),
)
"""Keys to pages, forms and questions beyond the first look at a screen."""


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
    """The words of a line that have no mark and are no key, unit or code; paths and cut words left out."""
    found = re.findall(r"(?<![\w\d])[A-Za-z]{2,}(?![\w\d])", re.sub(r"\S*[/\\]\S*|\w+…", " ", line))
    return [word for word in found if not _is_same_everywhere(word.casefold())]


def _is_same_everywhere(word: str) -> bool:
    # A column may end in the middle of a code.
    return word in NO_WORDS or (len(word) > 4 and any(known.startswith(word) for known in NO_WORDS))


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

    person = Counter(app, pilot)
    hands, settle = person.hands, person.settle
    await person.until(lambda: app.desk.shown.day is not None, "the day")
    for place in SCREENS:
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
    for keys in FURTHER:
        await hands.press(keys[0])
        await settle()
        for key in keys[1:]:
            await hands.press(key)
            await settle()
        yield " ".join(keys)
        for _ in range(3):
            await hands.press("escape")
            await settle()
    await hands.press("f2", "alt+t")
    await settle()
    yield "tour"


def shown_lines(app: StockshopApp) -> list[str]:
    """What the screen says; of a window over it only the window."""
    lines = list(screen_lines(app))
    if not isinstance(app.screen, ModalScreen):
        return lines
    place = app.screen.children[0].region
    return [line[place.x : place.right] for line in lines[place.y : place.bottom]]


async def bare_texts(folder: Path) -> list[Bare]:
    """Every word that was never looked up, once per screen."""
    language.use(Marked(), "el")
    shop = greek_shop(folder)
    found: dict[tuple[str, str], Bare] = {}
    app = _Speechless(shop=shop, actor="Άντα")
    app.speak("")
    try:
        async with app.run_test(size=SIZE) as pilot:
            async for where in visit(app, pilot):
                for line in shown_lines(app):
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
        language.use(Marked(), "el")


def _lines(found: list[Bare]) -> Iterator[str]:
    seen = set()
    for one in found:
        if one.words not in seen:
            seen.add(one.words)
            yield f"{one.where:24} {one.words:50.50}  | {one.line:100.100}"


# -- the code ----------------------------------------------------------------------------------------

_SENTENCE = re.compile(r"^[A-Z][a-z]*[ ,'].*[.?!…]$|^[A-Z'{].* .* .*[.?!…]$", re.DOTALL)
_IS_SQL = re.compile(r"^(SELECT|UPDATE|DELETE|INSERT|WHERE|AND) |ORDER BY| = \?$|EUR, GBP|Scanner check, QR")
_LOOKED_UP = frozenset(("tr", "trn", "trc", "mark"))


def bare_sentences() -> list[str]:
    """Sentences in the code that do not pass the catalogue, with where they stand."""
    found = []
    for path in sources():
        tree = ast.parse(path.read_bytes())
        passed = {id(part) for node in ast.walk(tree) if _is_looked_up(node) for part in ast.walk(node)}
        documented = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if id(node) in passed or id(node) in documented:
                continue
            text = _text_of(node)
            if _SENTENCE.match(text) and not _IS_SQL.search(text):
                found.append(f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}: {text[:80]}")
    return found


def _is_looked_up(node: ast.AST) -> bool:
    """Whether what is in it passes the catalogue, or is the help of a command, which does."""
    if isinstance(node, ast.Call):
        return getattr(node.func, "id", getattr(node.func, "attr", "")) in _LOOKED_UP
    return isinstance(node, ast.keyword) and node.arg in ("help", "short_help", "description")


def _text_of(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return ""


def show() -> None:
    """Print what was found."""
    print(*bare_sentences(), sep="\n")
    folder = Path(tempfile.mkdtemp())
    try:
        print(*_lines(asyncio.run(bare_texts(folder))), sep="\n")
    finally:
        shutil.rmtree(folder)
