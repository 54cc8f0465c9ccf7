"""How this shop writes numbers, money, times and what has happened, in its own locale."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from stockshop import clock
from stockshop.language import mark, spoken, tr

DONE = {
    "opening": mark("opened with"),
    "receive": mark("received"),
    "sell": mark("sold"),
    "return": mark("taken back"),
    "return-to-supplier": mark("sent back"),
    "move": mark("moved"),
    "adjust": mark("adjusted"),
    "scrap": mark("scrapped"),
    "count": mark("counted"),
    "build": mark("built"),
    "merge": mark("merged"),
    "reversal": mark("undid"),
}
"""Kinds of entries in the past tense; looked up where they are shown."""


class Wording(NamedTuple):
    """The shop's way of writing. All texts are for people and pass ui/safe.py before they are shown."""

    currency: str = "EUR"
    locale: str = "en"
    zone: ZoneInfo | None = None

    def whole(self, count: int) -> str:
        """A number of things: `1,204`."""
        from babel.numbers import format_decimal

        return str(format_decimal(count, locale=self.locale)) if abs(count) > 999 else str(count)

    def number(self, quantity_milli: int, unit: str = "each") -> str:
        """The quantity alone, with the decimals it needs."""
        from stockshop import money
        from stockshop.quantity import UNITS

        known = UNITS.get(unit)
        shown = money.format_quantity(quantity_milli, known.decimals if known else 0, self.locale)
        return shown.replace("-", "\u2212")

    def quantity(self, quantity_milli: int, unit: str = "each") -> str:
        """The quantity and its unit; pieces need no word."""
        from stockshop.quantity import unit_sign

        shown = self.number(quantity_milli, unit)
        return shown if unit == "each" else f"{shown} {unit_sign(unit)}"

    def price(self, price_minor: int | None, unit: str = "each") -> str:
        """The price, of what is not sold by the piece with its unit: `€2.99/kg`; empty without one."""
        from stockshop import money
        from stockshop.quantity import unit_sign

        if price_minor is None:
            return ""
        shown = money.format_price(price_minor, self.currency, self.locale)
        return shown if unit == "each" else f"{shown}/{unit_sign(unit)}"

    def cost(self, cost_e4: int) -> str:
        """A cost or value, rounded to the currency's decimals."""
        from stockshop import money

        return money.format_value(cost_e4, self.currency, self.locale)

    def time(self, instant_us: int) -> str:
        """The time of day; of another day the day and month, of another year month and year."""
        from babel.dates import format_skeleton, format_time

        moment = clock.to_datetime(instant_us, self.zone)
        today = clock.today(self.zone)
        if moment.date() == today:
            return str(format_time(moment, "short", locale=self.locale, tzinfo=moment.tzinfo))
        if moment.year == today.year:
            return str(format_skeleton("MMMd", moment.date(), locale=self.locale))
        return str(format_skeleton("yMMM", moment.date(), locale=self.locale))

    def date(self, iso: str) -> str:
        """An ISO date as people write it."""
        from datetime import date

        from babel.dates import format_date

        return str(format_date(date.fromisoformat(iso), "medium", locale=self.locale))

    def ago(self, instant_us: int) -> str:
        """`3 weeks ago`, in the language that is spoken: it stands within sentences."""
        from babel.dates import format_timedelta

        gone_us = max(0, clock.now_us() - instant_us)
        if gone_us < 60 * clock.SECOND_US:
            return tr("just now")
        language = self.locale if self.locale.split("_")[0] == spoken() else spoken()
        gone = timedelta(microseconds=gone_us)
        return str(format_timedelta(-gone, granularity="minute", add_direction=True, locale=language))
