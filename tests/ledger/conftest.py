"""Books with a little stock, on each engine."""

from __future__ import annotations

import pytest

from stockshop.storage.database import Store
from tests.conftest import HandClock
from tests.ledger.books import Books


@pytest.fixture
def books(store: Store, hands: HandClock) -> Books:
    """A furnished shop: moving average, and only the till may go below zero."""
    return Books(store)
