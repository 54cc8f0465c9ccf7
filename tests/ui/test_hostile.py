"""Any name on any part of the screen: literal, one line, nothing hidden, no crash."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Button, Static

from stockshop.errors import InvalidInput
from stockshop.ui.base import Frame, ShopApp
from stockshop.ui.safe import cell, line, phrase, plain
from stockshop.ui.screens.dialogs import Ask, Choice, Confirm, Offer
from stockshop.ui.widgets.frame import LastScan
from tests.shared_data import shared
from tests.ui.demo import DemoApp, MadeUp

MARKUP = (
    "Bolt [M6]",
    "50% [sale]",
    "[/]",
    "[@click=app.quit]x[/]",
    "[b]bold[/b] [red]",
    "\\[x]",
    "$name ${name}",
    "[link=https://example.com]x[/link]",
    ":smile:",
    "a[",
    "]",
    "[[]]",
)
ESCAPES = (
    "\x1b]52;c;ZWNobyBwd25lZA==\x07",
    "\x1b]0;owned title\x07",
    "\x1b[2J\x1b[H",
    "\x9b2J",
    "\x1bc",
    "price 9.99\rprice 0.01",
    "ABC\b\b\bXYZ",
    "a\x00b",
    "SKU\u202e321-CBA",
    "zero\u200bwidth",
    "two\nlines\u2028and more",
    "👩‍🚀👨‍👩‍👧‍👦 ❤️ 🏳️‍🌈",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢",
    "﷽ ‮ \U0001f468\U0001f3ff",
    "",
    " ",
    "x" * 5_000,
)


def naughty() -> list[str]:
    """Our own worst names, and the shared collections of naughty strings."""
    lines = shared("hostile", "blns.txt").read_text(encoding="utf-8").splitlines()
    samples: dict[str, list[str]] = json.loads(
        shared("hostile", "terminal_escape_samples.json").read_text(encoding="utf-8")
    )
    published = [text for text in lines if text and not text.startswith("#")]
    return [*MARKUP, *ESCAPES, *published, *(text for group in samples.values() for text in group)]


def assert_harmless(text: str) -> None:
    """Nothing in it makes a terminal do anything but draw letters."""
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\ufeff]", text), (
        repr(text)
    )


def screen_lines(app: ShopApp) -> Iterator[str]:
    """Every line of the screen as it would be drawn."""
    width, height = app.size
    for strip in app.screen._compositor.render_strips():
        yield strip.text
    assert width and height


def test_every_way_in_is_literal_and_harmless() -> None:
    for name in naughty():
        for shown in (line(name), plain(name).plain, cell(name).plain, phrase("[b]$n[/b]", n=name).plain):
            assert_harmless(shown)
    for name in MARKUP:
        assert plain(name).plain == name
        assert phrase("[b]$n[/b] sold", n=name).plain == f"{name} sold"
        assert not plain(name).spans


def test_a_note_of_several_lines_keeps_them() -> None:
    assert plain("one\ntwo\x1b[2J\r\nthree", multiline=True).plain == "one\ntwo[2J\nthree"


async def test_hostile_names_in_the_list_are_drawn_as_letters() -> None:
    names = naughty()
    app = DemoApp(MadeUp(len(names), names=names))
    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.pause()
        for top in range(0, len(names), 30):
            app.records.go_to(min(top + 30, len(names) - 1))
            await pilot.pause(0)
            for text in screen_lines(app):
                assert_harmless(text)
        assert app.is_running


async def test_hostile_names_in_questions_are_drawn_as_letters() -> None:
    app = DemoApp(MadeUp(3))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        for name in [*MARKUP, *ESCAPES, *naughty()[40:400:60]]:
            for question in _questions(name):
                await app.push_screen(question)
                await pilot.pause(0)
                for text in screen_lines(app):
                    assert_harmless(text)
                app.pop_screen()
        assert app.is_running


def _questions(name: str) -> list[Any]:
    return [
        Confirm(f"Sell {name}?", title=name, yes=name[:20], no=name[-20:]),
        Choice(f"Which {name}?", [Offer("a", name, name), Offer("b", name[::-1])], title=name),
        Ask(name, title=name, value=name, placeholder=name),
    ]


async def test_hostile_names_in_the_frame_notes_and_errors_are_drawn_as_letters() -> None:
    app = DemoApp(MadeUp(3))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.pause()
        for name in [*MARKUP, *ESCAPES]:
            app.show_in_frame(shop_name=name, alerts=(name, name), last_scan=LastScan(name, time=name[:5]))
            app.say(name, title=name)
            app.show_error(InvalidInput(name, title=name))
            await pilot.pause(0)
            for text in screen_lines(app):
                assert_harmless(text)
            app.clear_notifications()
        assert app.is_running


async def test_markup_in_a_button_or_a_label_is_not_an_action() -> None:
    class Buttons(ShopApp):
        def compose(self) -> Any:
            for name in MARKUP:
                yield Button(plain(name))
                yield Static(plain(name))

    app = Buttons(frame=Frame("x"))
    async with app.run_test(size=(60, 60)) as pilot:
        await pilot.pause()
        shown = "\n".join(screen_lines(app))
        assert all(shown.count(name) == 2 for name in ("Bolt [M6]", "50% [sale]", "[@click=app.quit]x[/]"))


UNSAFE = re.compile(
    r"\b(Static|Label|Button|Option|Tab|Collapsible|Checkbox|RadioButton)\(\s*"
    r"(f[\"'][^\"']*\{|[\"'][^\"']*[\"']\s*(\.format\b|%))|"
    r"\.update\(\s*f[\"']|border_(sub)?title\s*=\s*f?[\"'].*\{|"
    r"\bmarkup\.escape\b|from_markup\(\s*f[\"']|from_text\(|Text\.from_markup"
)


def test_no_screen_lets_data_in_by_another_door() -> None:
    folder = Path(__file__).resolve().parents[2] / "stockshop" / "ui"
    found = [
        f"{path.name}:{number}: {text.strip()}"
        for path in sorted(folder.rglob("*.py"))
        for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if UNSAFE.search(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    "bad",
    [
        'Static(f"{name}")',
        'Static("{}".format(name))',
        'Label("%s" % name)',
        'label.update(f"{name}")',
        'panel.border_title = f"{x}"',
        "markup.escape(name)",
    ],
)
def test_the_search_for_other_doors_finds_them(bad: str) -> None:
    assert UNSAFE.search(bad)
