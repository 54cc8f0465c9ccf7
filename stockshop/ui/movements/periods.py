"""Periods of the ledger as people name them, in the shop's own days."""

from __future__ import annotations

import re
from datetime import date, timedelta

from stockshop import clock
from stockshop.errors import InvalidInput
from stockshop.language import mark, tr
from stockshop.ui.wording import Wording

PERIODS = (
    ("", mark("any time")),
    ("today", mark("today")),
    ("yesterday", mark("yesterday")),
    ("week", mark("this week")),
    ("month", mark("this month")),
)
CHOSEN = ("chosen", mark("from … to …"))


def days_of(period: str, today: date, words: Wording) -> tuple[date, date]:
    """The first and the last day of a named period."""
    from babel import Locale

    if period == "yesterday":
        return today - timedelta(days=1), today - timedelta(days=1)
    if period == "week":
        first = Locale.parse(words.locale.replace("-", "_")).first_week_day
        return today - timedelta(days=(today.weekday() - first) % 7), today
    if period == "month":
        return today.replace(day=1), today
    return today, today


def bounds(first: date | None, last: date | None, words: Wording) -> tuple[int | None, int | None]:
    """From the midnight before the first day to the one after the last; None where it is open."""
    from_us = None if first is None else clock.day_start_us(first, words.zone)
    until_us = None if last is None else clock.day_start_us(last + timedelta(days=1), words.zone)
    return from_us, until_us


def write_day(day: date | None, words: Wording) -> str:
    """A day as it can be typed; nothing for none."""
    from babel.dates import format_date

    return "" if day is None else str(format_date(day, "short", locale=words.locale))


def example_day(words: Wording) -> str:
    """Today, as this shop writes days in short."""
    return write_day(clock.today(words.zone), words)


def read_day(text: str, words: Wording, *, field: str) -> date | None:
    """A day in the shop's own way of writing, or as 2026-01-31; None for nothing.

    The year may be left out. Raises InvalidInput naming `field`.
    """
    from babel.dates import get_date_format

    typed = text.strip()
    if not typed:
        return None
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", typed):
        order = "ymd"
    else:
        pattern = get_date_format("short", locale=words.locale).pattern.lower()
        order = "".join(sorted("ymd", key=pattern.index))
    numbers = [int(found) for found in re.findall(r"\d+", typed)]
    today = clock.today(words.zone)
    if len(numbers) == 2 and order != "ymd":
        order = order.replace("y", "") + "y"
        numbers.append(today.year)
    elif len(numbers) == 2:
        numbers.insert(0, today.year)
    try:
        if len(numbers) != 3 or re.search(r"[^\d\s./\-年月日]", typed):
            raise ValueError(typed)
        parts = dict(zip(order, numbers, strict=True))
        year = parts["y"] + 2_000 if parts["y"] < 100 else parts["y"]
        found = date(year, parts["m"], parts["d"])
        if not 1900 <= found.year <= 2200:
            raise ValueError(typed)
    except ValueError as error:
        raise InvalidInput(
            tr("'{text}' is not a day; write it as {example}.", text=typed[:40], example=example_day(words)),
            field=field,
        ) from error
    return found


def day_words(day: date, words: Wording) -> str:
    """`21 Nov 2026`, as the locale writes it."""
    return words.date(day.isoformat())
