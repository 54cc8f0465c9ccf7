"""Column mappings kept for the next file with the same headings."""

from __future__ import annotations

import json
from collections.abc import Sequence

from stockshop import clock
from stockshop.services.importing.formats import fingerprint
from stockshop.services.shop import Shop
from stockshop.storage.session import Session


def kept(shop: Shop, headers: Sequence[str]) -> dict[str, str] | None:
    """The mapping (our field > their heading) kept for these headings, or None."""
    with shop.store.reading() as session:
        found = session.value(
            "SELECT mapping FROM column_mapping WHERE headers_key = ?", (fingerprint(headers),)
        )
    return None if found is None else dict(json.loads(found))


def keep_in(session: Session, headers_key: str, mapping: dict[str, str], actor: str) -> None:
    """Keep a mapping for the next time, in place of a former one."""
    session.run(
        "INSERT INTO column_mapping (headers_key, mapping, saved_at_us, actor) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (headers_key) DO UPDATE SET mapping = excluded.mapping, "
        "saved_at_us = excluded.saved_at_us, actor = excluded.actor",
        (headers_key, json.dumps(mapping, ensure_ascii=False, sort_keys=True), clock.now_us(), actor),
    )
