"""Keeps what is typed into a form in the store, in threads and in the order in which it was typed."""

from __future__ import annotations

import asyncio
import platform
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol, cast

from textual.app import App

from stockshop.errors import ShopError

if TYPE_CHECKING:
    from stockshop.services.drafts import Draft
    from stockshop.services.shop import Shop


class HasShop(Protocol):
    """What an app with an open shop knows; `shop` raises StoreUnavailable before it is open."""

    @property
    def shop(self) -> Shop: ...

    @property
    def actor(self) -> str: ...


def has_shop(app: App[Any]) -> HasShop:
    """The app as one with a shop."""
    return cast(HasShop, app)


def station_key(draft_key: str) -> str:
    """The key of a draft on this computer: two tills that change the same thing do not mix."""
    return f"{platform.node()}/{draft_key}"


class DraftKeeper:
    """The draft of one form. It belongs to the app, so that it is dropped also when the form is gone."""

    def __init__(self, app: App[Any], shop: Shop, actor: str, draft_key: str) -> None:
        self._app, self._shop, self._actor = app, shop, actor
        self._key = station_key(draft_key)
        self._wanted: list[Mapping[str, str]] = []
        self._is_writing = False

    def read(self) -> Draft | None:
        """What was kept, if anything; called in a thread. Raises what a store raises."""
        from stockshop.services.drafts import kept_draft

        return kept_draft(self._shop, self._key)

    def keep(self, values: Mapping[str, str]) -> None:
        """Keep these in place of what was kept; nothing typed: nothing is kept."""
        # What was typed later replaces what has not been written yet.
        self._wanted = [values]
        if not self._is_writing:
            self._is_writing = True
            self._app.run_worker(self._write(), group="drafts", exit_on_error=False)

    def drop(self) -> None:
        """It was saved, or thrown away."""
        self.keep({})

    async def _write(self) -> None:
        try:
            while self._wanted:
                values = self._wanted.pop()
                # A store that cannot be written is told when the form is saved; typing goes on.
                with suppress(ShopError):
                    await asyncio.to_thread(self._write_one, values)
        finally:
            self._is_writing = False

    def _write_one(self, values: Mapping[str, str]) -> None:
        from stockshop.services.drafts import drop_draft, keep_draft

        if values:
            keep_draft(self._shop, self._actor, self._key, values)
        else:
            drop_draft(self._shop, self._key)
