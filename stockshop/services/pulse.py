"""Has anybody written meanwhile? Asked every other second, so it costs four looks along an index."""

from __future__ import annotations

from typing import Any

from stockshop.services.shop import Shop

Pulse = tuple[Any, ...]
"""Equal as long as nothing was posted, changed, scanned without being known, or settled."""

_PULSE = (
    "SELECT (SELECT entry_sequence FROM ledger_head WHERE id = 1), (SELECT MAX(id) FROM change), "
    "(SELECT MAX(id) FROM unknown_scan), (SELECT COUNT(*) FROM unknown_scan WHERE resolved_at_us IS NULL)"
)


def pulse(shop: Shop) -> Pulse:
    """What the shop has come to. Raises StoreError."""
    with shop.store.reading() as session:
        found = session.row(_PULSE)
    assert found is not None
    return found


def be_patient(shop: Shop, seconds: float) -> None:
    """Let writes of this program wait that long while another (an import, a second till) is writing."""
    shop.store.engine.patience_s = seconds
