"""Peewee, without paying for drivers that are not used.

Importing Peewee imports every database driver that is installed, which costs a shop on SQLite more
than Peewee itself. They are kept out of its way, and psycopg is brought back when a server is opened.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from stockshop.language import tr

_DRIVERS = ("psycopg2", "psycopg2cffi", "psycopg", "pymysql", "MySQLdb", "pysqlite3")


def import_peewee() -> None:
    """Import Peewee without any driver that is not loaded already."""
    if "peewee" in sys.modules:
        return
    with _drivers_hidden():
        import peewee  # noqa: F401


def import_migrations() -> Any:
    """Peewee's runner of migrations, without any driver that is not loaded already."""
    with _drivers_hidden():
        return importlib.import_module("playhouse.migrations")


@contextmanager
def _drivers_hidden() -> Iterator[None]:
    hidden = [name for name in _DRIVERS if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


def import_psycopg() -> None:
    """Let Peewee know psycopg 3, whether or not Peewee came first.

    Raises StoreUnavailable when the extra `postgres` is not installed.
    """
    from stockshop.errors import StoreUnavailable

    try:
        import psycopg
        from psycopg.pq import TransactionStatus
        from psycopg.types.json import Json, Jsonb
    except ImportError as error:
        raise StoreUnavailable(
            tr(
                "A shop on PostgreSQL needs the extra 'postgres': pip install 'stockshop[postgres]'.",
            )
        ) from error
    import_peewee()
    loaded: Any = importlib.import_module("peewee")
    if loaded.psycopg is None:
        loaded.psycopg = psycopg
        loaded.Json_pg3, loaded.Jsonb_pg3 = Json, Jsonb
        adapter = loaded.Psycopg3Adapter
        adapter.txn_idle = TransactionStatus.IDLE
        adapter.txn_inerror = TransactionStatus.INERROR
        adapter.txn_unknown = TransactionStatus.UNKNOWN
