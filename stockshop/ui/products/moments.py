"""Moments of the ledger, as this shop writes dates and times."""

from __future__ import annotations

from stockshop import clock
from stockshop.ui.wording import Wording


def short_moment(instant_us: int, words: Wording) -> str:
    """The day, with the time for days of this year: for a column."""
    from babel.dates import format_date, format_skeleton, format_time

    moment = clock.to_datetime(instant_us, words.zone)
    if moment.year != clock.today(words.zone).year:
        return str(format_date(moment.date(), "medium", locale=words.locale))
    day = format_skeleton("MMMd", moment.date(), locale=words.locale)
    return f"{day} {format_time(moment, 'short', locale=words.locale, tzinfo=moment.tzinfo)}"


def full_moment(instant_us: int, words: Wording) -> str:
    """Day and time, whichever year."""
    from babel.dates import format_datetime

    moment = clock.to_datetime(instant_us, words.zone)
    return str(format_datetime(moment, "medium", locale=words.locale, tzinfo=moment.tzinfo))
