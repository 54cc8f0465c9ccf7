"""Help is searched by typing, names every key of every screen, and is read at any width."""

from __future__ import annotations

import re

import pytest

from stockshop.language import tr
from stockshop.services.shop import Shop
from stockshop.ui.keys import all_keys, ways
from stockshop.ui.screens.counter import CounterScreen
from stockshop.ui.screens.help import HelpScreen
from stockshop.ui.topics import JOBS, TOPICS, said
from stockshop.ui.widgets.record_list import RecordList
from tests.ui.at_work import on_sqlite
from tests.ui.counter_shop import Counter, at_the_counter
from tests.ui.test_hostile import MARKUP, assert_harmless, screen_lines


def help_of(counter: Counter) -> HelpScreen:
    screen = counter.app.screen
    assert isinstance(screen, HelpScreen)
    return screen


async def gathered(counter: Counter) -> None:
    await counter.press("f1")
    await counter.until(lambda: bool(help_of(counter)._every), "all keys")


@on_sqlite
async def test_every_key_of_every_screen_is_found_by_its_words(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await gathered(counter)
        screen = help_of(counter)
        for key in all_keys():
            screen._asked = key.id
            rows = [row for group in screen.found() for row in group.rows]
            assert any(row.label == key.label and set(ways(key.keys)) <= set(row.keys) for row in rows), key


@on_sqlite
async def test_typing_finds_keys_of_screens_that_are_not_shown(shop: Shop) -> None:
    async with at_the_counter(shop, (100, 40)) as counter:
        await gathered(counter)
        await counter.type("walk")
        counter.sees("Bins", "bins.earlier")
        await counter.press("escape")
        counter.sees("On this screen")
        await counter.type("xyzzy")
        counter.sees("Nothing is called so.")
        await counter.press("escape", "escape")
        assert isinstance(counter.app.screen, CounterScreen)
        await counter.press("f1")
        assert isinstance(counter.app.screen, HelpScreen)
        await counter.press("f1")
        assert isinstance(counter.app.screen, CounterScreen)


@on_sqlite
@pytest.mark.parametrize(("key", "own"), [("f3", "New"), ("f4", "New"), ("f10", "Filter")])
async def test_what_a_list_screen_does_stands_before_the_keys_of_its_list(
    shop: Shop, key: str, own: str
) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press(key)
        await counter.settle()
        counter.app.screen.query_one(RecordList).focus()
        await counter.settle()
        await counter.press("f1")
        labels = [row.label for row in help_of(counter).found()[0].rows]
        assert labels.index(own) < labels.index("Down") < labels.index("Page down")


@on_sqlite
async def test_every_topic_is_found_by_a_word_of_its_title(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("f1")
        for topic in (*JOBS, *TOPICS):
            help_of(counter)._asked = topic.title
            assert topic.title in {row.label for group in help_of(counter).found() for row in group.rows}


def test_no_answer_leaves_a_place_for_a_key_empty() -> None:
    for topic in (*JOBS, *TOPICS):
        assert not re.search(r"[{}]", said(topic, {})), topic.id
        assert tr(topic.title) == topic.title


@on_sqlite
async def test_the_help_is_wrapped_anew_when_the_window_changes(shop: Shop) -> None:
    async with at_the_counter(shop, (120, 40)) as counter:
        await counter.press("f1")
        wide = max(map(len, (line.rstrip(" │") for line in counter.screen.splitlines())))
        await counter.pilot.resize_terminal(50, 20)
        await counter.settle()
        for line in screen_lines(counter.app):
            assert_harmless(line)
        inside = [line[line.index("│") + 1 : line.rindex("│")] for line in screen_lines(counter.app)
                  if line.count("│") >= 2]  # fmt: skip
        assert wide > 60 and inside and not any(line.rstrip().endswith("…") for line in inside)
        assert help_of(counter)


@on_sqlite
async def test_hostile_words_are_searched_for_as_letters(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await gathered(counter)
        for name in MARKUP:
            help_of(counter).query_one("#help-search").value = name  # type: ignore[attr-defined]
            await counter.pilot.pause()
            for line in screen_lines(counter.app):
                assert_harmless(line)
