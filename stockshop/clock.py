"""Time for the whole shop: instants are integer microseconds since 1970 UTC.

Nothing else reads the system clock, so that tests can hold it still.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from stockshop.errors import InvalidInput
from stockshop.language import tr

SECOND_US = 1_000_000
DAY_US = 86_400 * SECOND_US
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Years 1900 to 2200: what a shop can mean; anything beyond is a typing error.
EARLIEST_US = -70 * 366 * DAY_US
LATEST_US = 230 * 366 * DAY_US


def _system_us() -> int:
    return time.time_ns() // 1_000


_source: Callable[[], int] = _system_us


def now_us() -> int:
    """The present instant, in microseconds since 1970 UTC."""
    return _source()


@contextmanager
def using(source: Callable[[], int]) -> Iterator[None]:
    """Let `source` tell the time inside the block (demo shop, tests)."""
    global _source
    previous, _source = _source, source
    try:
        yield
    finally:
        _source = previous


def local_zone(name: str | None = None) -> ZoneInfo | None:
    """The time zone called `name`; None means the computer's own.

    Raises InvalidInput for a name the system does not know.
    """
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise InvalidInput(tr("'{name}' is not a time zone I know.", name=name), field="timezone") from error


def to_datetime(instant_us: int, zone: ZoneInfo | None = None) -> datetime:
    """The instant as an aware datetime in `zone` (None: the computer's own zone)."""
    moment = EPOCH + timedelta(microseconds=instant_us)
    return moment.astimezone(zone)


def from_datetime(moment: datetime, zone: ZoneInfo | None = None) -> int:
    """Microseconds since 1970 UTC; a naive datetime is read in `zone` (None: the computer's)."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone) if zone is not None else moment.astimezone()
    return (moment - EPOCH) // timedelta(microseconds=1)


def parse_instant(text: str, zone: ZoneInfo | None = None, *, field: str = "at") -> int:
    """Read an ISO 8601 date or date and time; without an offset it is in `zone`.

    Returns microseconds since 1970 UTC. Raises InvalidInput naming `field`.
    """
    cleaned = text.strip()
    try:
        moment = datetime.fromisoformat(cleaned)
        instant_us = from_datetime(moment, zone)
    except (ValueError, OverflowError) as error:
        raise InvalidInput(
            tr(
                "'{cleaned}' is not a date and time; write it as 2026-01-31 or 2026-01-31 17:05.",
                cleaned=cleaned[:40],
            ),
            field=field,
        ) from error
    if not EARLIEST_US <= instant_us <= LATEST_US:
        raise InvalidInput(
            tr("'{cleaned}' lies too far away to be meant.", cleaned=cleaned[:40]), field=field
        )
    return instant_us


def parse_date(text: str, *, field: str = "date") -> str:
    """Read an ISO date and give it back as ISO text. Raises InvalidInput naming `field`."""
    cleaned = text.strip()
    try:
        return date.fromisoformat(cleaned).isoformat()
    except ValueError as error:
        raise InvalidInput(
            tr("'{cleaned}' is not a date; write it as 2026-01-31.", cleaned=cleaned[:40]), field=field
        ) from error


def iso(instant_us: int, zone: ZoneInfo | None = None) -> str:
    """ISO 8601 text for machines, in UTC unless a zone is given, to the microsecond when needed."""
    return to_datetime(instant_us, zone or ZoneInfo("UTC")).isoformat()


def today(zone: ZoneInfo | None = None) -> date:
    """The present day in `zone` (None: the computer's own zone)."""
    return to_datetime(now_us(), zone).date()


def day_start_us(day: date, zone: ZoneInfo | None = None) -> int:
    """The instant at which `day` begins in `zone`."""
    return from_datetime(datetime(day.year, day.month, day.day), zone)
