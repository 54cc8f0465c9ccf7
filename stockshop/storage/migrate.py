"""Bringing a store up to date with the files in `migrations/`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from stockshop.resources import migrations_folder

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


def up(database: Database) -> list[str]:
    """Apply what is pending, each file in a transaction of its own; answers their names."""
    # Loading the runner costs more than opening a store, and hardly any opening needs it.
    from playhouse.migrations import Runner

    names: list[str] = Runner(database, str(migrations_folder()), table_name=HISTORY_TABLE).up()
    return names
