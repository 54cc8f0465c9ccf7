"""The year in which the codes of these tests are scanned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from stockshop import clock


@pytest.fixture(autouse=True)
def year_2026() -> Iterator[None]:
    """Two-digit years are read from this year on."""
    instant_us = clock.from_datetime(datetime(2026, 6, 1, tzinfo=UTC))
    with clock.using(lambda: instant_us):
        yield
