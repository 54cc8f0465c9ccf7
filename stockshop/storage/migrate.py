"""Bringing a store up to date with the files in `migrations/`."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from stockshop.errors import StoreError
from stockshop.language import tr
from stockshop.resources import migrations_folder
from stockshop.storage.drivers import import_migrations

if TYPE_CHECKING:
    from peewee import Database

HISTORY_TABLE = "schema_migration"


@lru_cache(maxsize=1)
def latest() -> int:
    """The number of the newest migration: the version of the store this program knows."""
    numbers = [
        int(match.group())
        for file in migrations_folder().glob("[0-9]*.py")
        if (match := re.match(r"\d+", file.name))
    ]
    return max(numbers)


def up(
    database: Database,
    *,
    begin: tuple[str, ...] = (),
    before: Callable[[], None] | None = None,
    after: Callable[[], None] | None = None,
) -> list[str]:
    """Apply what is pending, all of it in one transaction or nothing; answers the files' names.

    `begin` holds what the engine's BEGIN takes. `before` runs inside the transaction when something
    is pending, `after` at its end.
    """
    # Loading the runner costs more than opening a store, and hardly any opening needs it.
    runner = import_migrations().Runner(database, str(migrations_folder()), table_name=HISTORY_TABLE)
    with database.transaction(*begin):
        pending = any(file.applied is None for file in runner.status())
        if pending and before is not None:
            before()
        names: list[str] = runner.up()
        if after is not None:
            after()
    return names


def not_updated(reason: BaseException) -> StoreError:
    """What is said when a migration fails: its transaction has been undone."""
    said = (str(reason).strip().splitlines() or [type(reason).__name__])[0].rstrip(".")
    return StoreError(
        tr(
            "This shop could not be brought up to date with this stockshop ({why}). It is as it was; "
            "use the stockshop that wrote it, and report this.",
            why=said[:200],
        )
    )
