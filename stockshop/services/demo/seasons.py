"""When the sample shop is open, and how the year and the week change what it sells."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from stockshop import clock

MINUTE_US = 60 * clock.SECOND_US
START_MINUTE = 7 * 60 + 30
OPEN_MINUTE = 9 * 60
CLOSE_MINUTE = 18 * 60
OPEN_DAYS_A_MONTH = 26
_SUNDAY = 6
# Monday to Saturday; they average one.
_WEEK = (0.74, 0.74, 0.83, 0.92, 1.15, 1.62, 0.0)
_HOLIDAYS = {(1, 1), (12, 25), (12, 26)}
_MID_MONTH = 15
# January to December; one is an ordinary month.
_YEAR: dict[str, tuple[float, ...]] = {
    "": (1.0,) * 12,
    "spring": (0.2, 0.5, 1.7, 2.7, 2.6, 1.4, 0.7, 0.5, 0.6, 0.5, 0.3, 0.2),
    "summer": (0.4, 0.4, 0.6, 0.9, 1.4, 1.9, 2.2, 1.9, 1.0, 0.5, 0.4, 0.5),
    "autumn": (0.2, 0.2, 0.2, 0.3, 0.4, 0.4, 0.5, 1.2, 2.9, 3.5, 1.8, 0.4),
    "winter": (1.9, 1.6, 1.2, 0.7, 0.4, 0.3, 0.3, 0.4, 0.8, 1.3, 1.7, 1.9),
    "frost": (2.7, 2.3, 1.0, 0.2, 0.1, 0.0, 0.0, 0.0, 0.1, 0.6, 1.8, 2.9),
    "christmas": (0.5, 0.5, 0.6, 0.7, 0.7, 0.7, 0.7, 0.7, 0.8, 1.0, 1.9, 3.3),
    "advent": (0.2, 0.1, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.2, 0.8, 4.0, 6.5),
    "easter": (0.1, 0.6, 4.5, 5.0, 0.6, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1),
    "barbecue": (0.1, 0.1, 0.4, 1.2, 2.0, 2.4, 2.4, 2.0, 0.9, 0.3, 0.1, 0.1),
    "school": (1.0, 0.7, 0.7, 0.7, 0.6, 0.6, 1.1, 3.1, 2.4, 0.9, 0.7, 0.5),
}


def season_weights(day: date) -> dict[str, float]:
    """How much of an ordinary day each season's goods sell; months pass into one another."""
    if day.day < _MID_MONTH:
        before, after = (day.month - 2) % 12, day.month - 1
        part = (day.day + _MID_MONTH) / (2 * _MID_MONTH)
    else:
        before, after = day.month - 1, day.month % 12
        part = (day.day - _MID_MONTH) / (2 * _MID_MONTH + 1)
    return {name: year[before] * (1 - part) + year[after] * part for name, year in _YEAR.items()}


class Calendar:
    """The sample shop's days, the last of which ends at the instant the story stops."""

    def __init__(self, first: date, last: date, until_us: int, zone: ZoneInfo | None) -> None:
        self.first = first
        self.last = last
        self._until_us = until_us
        self._zone = zone
        midnight_us = clock.day_start_us(last, zone)
        # Made in the small hours, the last day still has its sales: they are pushed together.
        self._from_us = min(midnight_us + START_MINUTE * MINUTE_US, (midnight_us + until_us) // 2)

    @property
    def at_founding_us(self) -> int:
        """The instant at which the shop is set up: the evening before the first day."""
        return self.at(self.first, 0) - clock.DAY_US // 4

    def days(self) -> list[date]:
        """Every day of the story."""
        return [self.first + timedelta(days=count) for count in range((self.last - self.first).days + 1)]

    def back(self, days: int) -> date:
        """The last open day that lies at least so many days before the end."""
        day = self.last - timedelta(days=days)
        while not self.is_open(day):
            day -= timedelta(days=1)
        return day

    def next_open(self, day: date) -> date:
        """The day, or the next one on which the shop is open."""
        while not self.is_open(day):
            day += timedelta(days=1)
        return day

    def is_open(self, day: date) -> bool:
        """Whether somebody is there; always on the last day, so that there is something to see."""
        return day == self.last or (day.weekday() != _SUNDAY and (day.month, day.day) not in _HOLIDAYS)

    def rush(self, day: date) -> float:
        """How busy the day is; one is the average."""
        return 1.0 if day == self.last else _WEEK[day.weekday()]

    def at(self, day: date, minute: float) -> int:
        """The instant of a minute of the day, between START_MINUTE and CLOSE_MINUTE."""
        if day != self.last:
            midnight = datetime(day.year, day.month, day.day)
            return clock.from_datetime(midnight + timedelta(minutes=round(minute, 2)), self._zone)
        part = (minute - START_MINUTE) / (CLOSE_MINUTE - START_MINUTE)
        return self._from_us + int((self._until_us - self._from_us) * part)
