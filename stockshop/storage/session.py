"""A session runs SQL on one thread's connection, with the same text on both engines.

SQL is written with `?`. Statements of the hot path are constants, so that each engine keeps them
prepared; the rest may be Peewee queries, compiled when they are run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from peewee import Database, Query

Row = tuple[Any, ...]
Params = Sequence[Any]


class Session(Protocol):
    """What services, ledger and search may do inside `reading()` and `writing()`."""

    engine: str
    """`sqlite` or `postgres`."""

    def rows(self, sql: str, params: Params = ()) -> list[Row]:
        """All rows."""

    def stream(self, sql: str, params: Params = ()) -> Iterator[Row]:
        """Rows one by one, without holding them all."""

    def row(self, sql: str, params: Params = ()) -> Row | None:
        """The first row, or None."""

    def value(self, sql: str, params: Params = ()) -> Any:
        """The first column of the first row, or None."""

    def run(self, sql: str, params: Params = ()) -> int:
        """Execute and return how many rows were changed."""

    def many(self, sql: str, params: Iterable[Params]) -> None:
        """Execute once per parameter set."""

    def load(self, table: str, columns: Sequence[str], rows: Iterable[Params]) -> None:
        """Insert many rows into a table, as fast as the engine can."""

    def query(self, query: Query) -> list[Row]:
        """Compile and run a Peewee query; the rows as plain tuples."""


class _Compiling:
    """Peewee queries on top of `rows`."""

    database: Database

    def rows(self, sql: str, params: Params = ()) -> list[Row]:
        raise NotImplementedError

    def query(self, query: Query) -> list[Row]:
        compiling: Any = self.database.get_sql_context()
        sql, params = compiling.sql(query).query()
        return self._compiled(sql, params)

    def _compiled(self, sql: str, params: Params) -> list[Row]:
        """Run what Peewee has written for this engine."""
        return self.rows(sql, params)


class SqliteSession(_Compiling):
    """Straight on the apsw connection, which keeps statements prepared by their text."""

    engine = "sqlite"

    def __init__(self, database: Database, connection: Any) -> None:
        self.database = database
        self.connection = connection
        self.has_written = False
        """Whether a transaction that may write was ever begun."""

    def rows(self, sql: str, params: Params = ()) -> list[Row]:
        return self.connection.execute(sql, params).fetchall()  # type: ignore[no-any-return]

    def stream(self, sql: str, params: Params = ()) -> Iterator[Row]:
        return iter(self.connection.execute(sql, params))

    def row(self, sql: str, params: Params = ()) -> Row | None:
        cursor = self.connection.execute(sql, params)
        found: Row | None = cursor.fetchone()
        # An unfinished cursor would keep its read open.
        cursor.close()
        return found

    def value(self, sql: str, params: Params = ()) -> Any:
        found = self.row(sql, params)
        return None if found is None else found[0]

    def run(self, sql: str, params: Params = ()) -> int:
        self.connection.execute(sql, params)
        return int(self.connection.changes())

    def many(self, sql: str, params: Iterable[Params]) -> None:
        self.connection.executemany(sql, params).close()

    def load(self, table: str, columns: Sequence[str], rows: Iterable[Params]) -> None:
        marks = ", ".join("?" * len(columns))
        self.many(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)


_STREAM_PAGE = 5_000
_IN_ERROR = 3
"""libpq's PQTRANS_INERROR: the server ignores everything until the transaction ends."""


@lru_cache(maxsize=1024)
def _percent(sql: str) -> str:
    """Our `?` as psycopg wants it; a percent sign in the text stays one."""
    return sql.replace("%", "%%").replace("?", "%s")


class PostgresSession(_Compiling):
    """On a psycopg connection, which prepares a statement after its fifth use."""

    engine = "postgres"

    def __init__(self, database: Database, connection: Any) -> None:
        self.database = database
        self.connection = connection
        self._streams = 0

    def rows(self, sql: str, params: Params = ()) -> list[Row]:
        return self._compiled(_percent(sql), params)

    def _compiled(self, sql: str, params: Params) -> list[Row]:
        cursor = self.connection.execute(sql, params)
        return cursor.fetchall() if cursor.description is not None else []

    def stream(self, sql: str, params: Params = ()) -> Iterator[Row]:
        # A name of its own: two streams may be open at once.
        self._streams += 1
        name = f"stream_{self._streams}"
        self.connection.execute(f"DECLARE {name} CURSOR WITH HOLD FOR {_percent(sql)}", params)
        try:
            while page := self.connection.execute(f"FETCH {_STREAM_PAGE} FROM {name}").fetchall():
                yield from page
        finally:
            # Left early, its transaction may be over and the cursor with it.
            if not self.connection.closed and self.connection.info.transaction_status != _IN_ERROR:
                open_still = self.connection.execute("SELECT 1 FROM pg_cursors WHERE name = %s", (name,))
                if open_still.fetchone() is not None:
                    self.connection.execute(f"CLOSE {name}")

    def row(self, sql: str, params: Params = ()) -> Row | None:
        found: Row | None = self.connection.execute(_percent(sql), params).fetchone()
        return found

    def value(self, sql: str, params: Params = ()) -> Any:
        found = self.row(sql, params)
        return None if found is None else found[0]

    def run(self, sql: str, params: Params = ()) -> int:
        return int(self.connection.execute(_percent(sql), params).rowcount)

    def many(self, sql: str, params: Iterable[Params]) -> None:
        with self.connection.cursor() as cursor:
            cursor.executemany(_percent(sql), params)

    def load(self, table: str, columns: Sequence[str], rows: Iterable[Params]) -> None:
        with (
            self.connection.cursor() as cursor,
            cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)
