"""Unsaved input, kept in the store while it is typed, so that a crash or a power cut loses none of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from stockshop import clock
from stockshop.services.shop import Shop, clean_actor
from stockshop.storage.session import Session

LIMIT_CHARS = 200_000
"""More than any form holds; what is longer is not kept."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody had typed and not saved."""

    values: Mapping[str, str]
    """By the names of the form's fields."""
    saved_at_us: int
    actor: str


def kept_draft(shop: Shop, form_key: str) -> Draft | None:
    """The draft of a form, or None."""
    with shop.store.reading() as session:
        found = session.row("SELECT content, saved_at_us, actor FROM draft WHERE form_key = ?", (form_key,))
    if found is None:
        return None
    content, saved_at_us, actor = found
    return Draft(MappingProxyType(dict(json.loads(content))), saved_at_us, actor)


def keep_draft(shop: Shop, actor: str, form_key: str, values: Mapping[str, str]) -> None:
    """Keep what is typed, in place of what was kept of the same form."""
    content = json.dumps(dict(values), ensure_ascii=False, sort_keys=True)
    if len(content) > LIMIT_CHARS:
        return
    who = clean_actor(actor)

    def work(session: Session) -> None:
        session.run(
            "INSERT INTO draft (form_key, content, saved_at_us, actor) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (form_key) DO UPDATE SET content = excluded.content, "
            "saved_at_us = excluded.saved_at_us, actor = excluded.actor",
            (form_key, content, clock.now_us(), who),
        )

    shop.store.writing(work)


def drop_draft(shop: Shop, form_key: str) -> None:
    """Forget the draft of a form: it was saved, or thrown away."""

    def work(session: Session) -> None:
        session.run("DELETE FROM draft WHERE form_key = ?", (form_key,))

    shop.store.writing(work)
