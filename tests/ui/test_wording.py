"""How the shop's numbers and times are said."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from stockshop import clock
from stockshop.language import speak
from stockshop.ui.counter.big_price import big
from stockshop.ui.wording import Wording

MINUTE_US = 60 * clock.SECOND_US


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    speak("en")


def test_a_price_says_what_it_is_for_unless_it_is_for_a_piece() -> None:
    assert Wording("EUR", "en").price(299) == "€2.99"
    assert Wording("EUR", "en").price(299, "kg") == "€2.99/kg"
    assert Wording("EUR", "de_DE").price(299, "m2") == "2,99\xa0€/m²"
    assert Wording("EUR", "en").price(None, "kg") == ""
    # The sign of a square is no figure, though it looks like one.
    assert big("€2.99/m²")[2].endswith(" /m²")


def test_what_has_just_been_is_not_told_in_minutes() -> None:
    assert Wording("EUR", "en").ago(clock.now_us()) == "just now"
    assert Wording("EUR", "en").ago(clock.now_us() + MINUTE_US) == "just now"
    assert Wording("EUR", "en").ago(clock.now_us() - MINUTE_US) == "1 minute ago"


def test_how_long_ago_is_said_in_the_language_of_the_sentence_round_it() -> None:
    ago_us = clock.now_us() - 180 * MINUTE_US
    assert Wording("EUR", "de_DE").ago(ago_us) == "3 hours ago"
    speak("de")
    assert Wording("EUR", "de_DE").ago(ago_us) == "vor 3 Stunden"
