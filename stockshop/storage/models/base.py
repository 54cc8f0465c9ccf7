"""What every table has in common."""

from __future__ import annotations

from typing import Any

from peewee import Model


class Table(Model):
    """A STRICT table, bound to no database: a session compiles and runs its queries."""

    class Meta:
        legacy_table_names = False
        strict_tables = True


def check(condition: str) -> Any:
    """A table constraint written as SQL."""
    from peewee import SQL

    return SQL(f"CHECK ({condition})")
