"""Copying a shop from one store into another, table by table, whatever their engines."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from stockshop.errors import StoreError
from stockshop.language import tr
from stockshop.storage import backup
from stockshop.storage.backup import Step
from stockshop.storage.database import Store
from stockshop.storage.migrate import HISTORY_TABLE
from stockshop.storage.models import TABLES
from stockshop.storage.session import Row, Session

_ROWS_A_STEP = 5_000
# What a migration puts into a new store, and the copy brings along.
_SEEDED = ("ledger_head", "lot", "location")
_MODULUS = 1 << 256


@dataclass(frozen=True, slots=True)
class TableCopy:
    """A table as it was copied."""

    name: str
    rows: int
    fingerprint: str
    """The sum of the hashes of its rows, so that their order, which engines choose, does not matter."""


class _Tally:
    """Counts rows and sums their hashes while they pass."""

    def __init__(self) -> None:
        self.rows = 0
        self._sum = 0

    def passing(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            self.rows += 1
            digest = hashlib.sha256(repr(row).encode("utf-8", "surrogatepass")).digest()
            self._sum = (self._sum + int.from_bytes(digest, "big")) % _MODULUS
            yield row

    def table(self, name: str) -> TableCopy:
        return TableCopy(name, self.rows, f"{self._sum:064x}")


def columns(table: str) -> list[str]:
    """The names of a table's columns, as the models say."""
    for model in TABLES:
        if model._meta.table_name == table:
            return [field.column_name for field in model._meta.sorted_fields]
    raise ValueError(table)


def table_names() -> list[str]:
    """Every table of a shop, parents before children."""
    return [model._meta.table_name for model in TABLES]


def count_rows(session: Session) -> int:
    """Rows in all tables together."""
    return sum(int(session.value(f"SELECT COUNT(*) FROM {name}")) for name in table_names())


def is_unused(session: Session) -> bool:
    """Whether the store holds nothing but what its making put there."""
    rows = {name: session.value(f"SELECT COUNT(*) FROM {name}") for name in table_names()}
    virtual = session.value("SELECT COUNT(*) FROM location WHERE kind = 'virtual'")
    expected = {"ledger_head": 1, "lot": 1, "location": virtual}
    return all(count == expected.get(name, 0) for name, count in rows.items())


def fingerprints(session: Session) -> tuple[TableCopy, ...]:
    """What is in each table, in a form that is the same on both engines."""
    found = []
    for name in table_names():
        tally = _Tally()
        for _ in tally.passing(session.stream(f"SELECT {', '.join(columns(name))} FROM {name}")):
            pass
        found.append(tally.table(name))
    return tuple(found)


def copy_tables(source: Session, target: Session, *, on_step: Step | None = None) -> tuple[TableCopy, ...]:
    """Copy every row into the unused store behind `target`, and check what has arrived.

    `source` is a snapshot, `target` a transaction. Raises StoreError when the copy is not the same,
    and whatever `on_step` raises.
    """
    total = count_rows(source)
    done = 0

    def reporting(rows: Iterable[Row]) -> Iterator[Row]:
        nonlocal done
        for row in rows:
            if on_step is not None and done % _ROWS_A_STEP == 0:
                on_step(done, total)
            done += 1
            yield row

    if target.engine == "sqlite":
        # A row may refer to a later one of its own table; checked at the end of the transaction.
        target.run("PRAGMA defer_foreign_keys = 1")
    for name in _SEEDED:
        target.run(f"DELETE FROM {name}")
    sent = []
    for name in table_names():
        names = columns(name)
        tally = _Tally()
        rows = source.stream(f"SELECT {', '.join(names)} FROM {name}")
        target.load(name, names, reporting(tally.passing(rows)))
        sent.append(tally.table(name))
    _set_sequences(target)
    arrived = fingerprints(target)
    if arrived != tuple(sent):
        wrong = next(here.name for here, there in zip(arrived, sent, strict=True) if here != there)
        raise StoreError(
            tr(
                "The copy of the table '{wrong}' is not the same as the original; nothing was kept.",
                wrong=wrong,
            )
        )
    if on_step is not None:
        on_step(total, total)
    return arrived


def _set_sequences(session: Session) -> None:
    if session.engine != "postgres":
        return
    for table, column in session.rows(
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = current_schema() AND position('nextval(' IN column_default) = 1"
    ):
        if table in table_names():
            session.run(
                # The lot that stands for none has the id 0, which no sequence can be at.
                f"SELECT setval(pg_get_serial_sequence(?, ?), GREATEST(MAX({column}), 1), "
                f"COALESCE(MAX({column}), 0) > 0) FROM {table}",
                (table, column),
            )


def unmake(store: Store) -> None:
    """Close a store that was made a moment ago and take everything out of it again."""
    path = store.path
    if path is None:

        def work(session: Session) -> None:
            for name in [*table_names(), HISTORY_TABLE]:
                session.run(f"DROP TABLE IF EXISTS {name} CASCADE")
            session.run("DROP FUNCTION IF EXISTS refuse_change()")

        store.writing(work)
    store.close()
    if path is not None:
        backup.remove(path)
