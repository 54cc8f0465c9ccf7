"""How the shop's numbers and times are said."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from stockshop import clock
from stockshop.language import speak
from stockshop.ui.wording import Wording

MINUTE_US = 60 * clock.SECOND_US


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    speak("en")


def test_what_has_just_been_is_not_told_in_minutes() -> None:
    assert Wording("EUR", "en").ago(clock.now_us()) == "just now"
    assert Wording("EUR", "en").ago(clock.now_us() + MINUTE_US) == "just now"
    assert Wording("EUR", "en").ago(clock.now_us() - MINUTE_US) == "1 minute ago"


def test_how_long_ago_is_said_in_the_language_of_the_sentence_round_it() -> None:
    ago_us = clock.now_us() - 180 * MINUTE_US
    assert Wording("EUR", "de_DE").ago(ago_us) == "3 hours ago"
    speak("de")
    assert Wording("EUR", "de_DE").ago(ago_us) == "vor 3 Stunden"
