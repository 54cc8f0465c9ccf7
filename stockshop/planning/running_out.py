"""How long something lasts at the rhythm in which it sells: pure arithmetic over thousandths of a unit."""

from __future__ import annotations

WEEK_DAYS = 7


def weekly_milli(sold_milli: int, days: int) -> int:
    """What is sold in a week, from what was sold in so many days; nothing when more came back than left."""
    return max(0, round(sold_milli * WEEK_DAYS / max(days, 1)))


def days_left(available_milli: int, sold_milli: int, days: int) -> int | None:
    """Whole days until nothing is left, at the rhythm of the last `days`; None where nothing sells."""
    if sold_milli <= 0:
        return None
    return max(0, available_milli * max(days, 1) // sold_milli)
