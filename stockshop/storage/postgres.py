"""PostgreSQL through psycopg 3: several tills, one shop."""

from __future__ import annotations

import math
import re
from typing import Any

from stockshop.errors import (
    Conflict,
    InvalidInput,
    NotFound,
    StoreCorrupt,
    StoreError,
    StoreForeign,
    StoreFull,
    StoreNewer,
    StoreUnavailable,
)
from stockshop.language import tr
from stockshop.storage.drivers import import_psycopg
from stockshop.storage.session import PostgresSession, Session

import_psycopg()

import psycopg  # noqa: E402
from peewee import PeeweeException, PostgresqlDatabase  # noqa: E402
from psycopg.conninfo import conninfo_to_dict  # noqa: E402

from stockshop.storage import migrate  # noqa: E402

# A till must not hang on a dead server: ten seconds, then the person is told.
CONNECT_TIMEOUT_S = 10
_RETRY = ("40001", "40P01")
_OPTIONS: dict[str, Any] = {
    "connect_timeout": CONNECT_TIMEOUT_S,
    "keepalives_idle": 30,
    "application_name": "stockshop",
    "client_encoding": "utf8",
}


class PostgresEngine:
    """The database of one shop on a server."""

    name = "postgres"
    driver_errors: tuple[type[BaseException], ...] = (psycopg.Error,)

    def __init__(self, url: str) -> None:
        self.url = url
        try:
            parts = conninfo_to_dict(re.sub(r"^postgres://", "postgresql://", url))
        except psycopg.Error as error:
            raise InvalidInput(
                tr(
                    "That address of a server cannot be read ({error}); write it as "
                    "postgresql://user:password@host/database.",
                    error=_first_line(error),
                ),
                field="shop",
            ) from error
        host = str(parts.get("host") or "")
        # A path is a socket, which only this computer has.
        self._host = "this computer" if host.startswith("/") or not host else host
        self.patience_s = math.inf
        self.database = PostgresqlDatabase(
            re.sub(r"^postgres://", "postgresql://", url),
            autoconnect=False,
            prefer_psycopg3=True,
            **_OPTIONS,
        )

    @classmethod
    def open(cls, url: str) -> PostgresEngine:
        """Check and migrate the shop at `url`. Raises as `open_store` says."""
        engine = cls(url)
        version = engine._version()
        if version == 0:
            raise NotFound(
                tr(
                    "There is no shop in this database yet. Make one with 'stockshop new'.",
                )
            )
        if version > migrate.latest():
            raise StoreNewer(
                tr(
                    "This shop was written by a newer stockshop (version {version} of the store, "
                    "this one knows {latest}). Update stockshop; nothing was changed.",
                    version=version,
                    latest=migrate.latest(),
                )
            )
        if version < migrate.latest():
            engine._migrate()
        return engine

    @classmethod
    def create(cls, url: str) -> PostgresEngine:
        """An empty shop in the empty database at `url`. Raises Conflict, StoreForeign."""
        engine = cls(url)
        if engine._version() > 0:
            raise Conflict(tr("There is a shop in this database already."))
        engine._migrate()
        return engine

    def _version(self) -> int:
        """0 for an empty database. Raises StoreForeign when it holds another program's tables."""
        try:
            session = self.connect()
            try:
                tables = {
                    row[0]
                    for row in session.rows(
                        "SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = current_schema()"
                    )
                }
                if {"ledger_head", migrate.HISTORY_TABLE} <= tables:
                    names = session.rows(f"SELECT name FROM {migrate.HISTORY_TABLE}")
                    return max(int(re.match(r"\d+", name).group()) for (name,) in names)  # type: ignore[union-attr]
                if tables - {migrate.HISTORY_TABLE}:
                    raise StoreForeign(
                        tr(
                            "This database belongs to another program; nothing was changed in it."
                            " Make an empty database for the shop.",
                        )
                    )
                return 0
            finally:
                self.close(session)
        except psycopg.Error as error:
            raise self.translate(error) from error

    def _migrate(self) -> None:
        try:
            self.database.connect()
            try:
                # Two tills updating at once would both run the same file.
                database: Any = self.database
                database.execute_sql("SELECT pg_advisory_lock(1398033235)")
                migrate.up(self.database)
            except PeeweeException as error:
                cause = error.__cause__ or error.__context__ or error
                if isinstance(cause, psycopg.OperationalError):
                    raise
                raise migrate.not_updated(cause) from error
            finally:
                self.database.close()
        except PeeweeException as error:
            # Peewee wraps the driver's error; the cause is what can be explained.
            raise self.translate(error.__cause__ or error.__context__ or error) from error

    def connect(self) -> PostgresSession:
        connection = psycopg.connect(
            re.sub(r"^postgres://", "postgresql://", self.url), autocommit=True, **_OPTIONS
        )
        return PostgresSession(self.database, connection)

    def usable(self, session: Session) -> bool:
        assert isinstance(session, PostgresSession)
        return not (session.connection.closed or session.connection.broken)

    def close(self, session: Session) -> None:
        assert isinstance(session, PostgresSession)
        session.connection.close()

    def begin(self, session: Session) -> None:
        session.run("BEGIN")

    def begin_reading(self, session: Session) -> None:
        session.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def end(self, session: Session, *, commit: bool) -> None:
        if commit:
            session.run("COMMIT")
        elif self.usable(session):
            session.run("ROLLBACK")

    def wants_retry(self, error: BaseException) -> bool:
        return isinstance(error, psycopg.Error) and error.sqlstate in _RETRY

    def translate(self, error: BaseException) -> BaseException:
        """See Engine.translate."""
        where = self._host
        if isinstance(error, psycopg.errors.UniqueViolation):
            return Conflict(tr("Somebody else has just saved the same; look again."))
        if isinstance(error, psycopg.errors.InsufficientPrivilege):
            return StoreUnavailable(
                tr(
                    "The server on {where} does not allow this: {error}.",
                    where=where,
                    error=_first_line(error),
                )
            )
        if isinstance(error, psycopg.errors.DiskFull):
            return StoreFull(
                tr("The disk of the server on {where} is full. Nothing was changed.", where=where)
            )
        if isinstance(error, psycopg.OperationalError) and "FATAL" in str(error) and error.sqlstate is None:
            return StoreUnavailable(
                tr(
                    "The server on {where} does not let us in ({error}). Check the name, the "
                    "password and the database in the address.",
                    where=where,
                    error=_first_line(error),
                )
            )
        if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
            return StoreUnavailable(
                tr(
                    "The server on {where} does not answer ({error}). Nothing half-done was "
                    "saved; check the network and the server, then try again.",
                    where=where,
                    error=_first_line(error),
                )
            )
        if isinstance(error, psycopg.IntegrityError | psycopg.errors.RaiseException):
            return StoreError(
                tr(
                    "The store refused a change that would break its rules ({error}).",
                    error=_first_line(error),
                )
            )
        if isinstance(error, psycopg.DataError):
            return StoreError(tr("The store cannot hold this ({error}).", error=_first_line(error)))
        if isinstance(error, psycopg.errors.UndefinedTable | psycopg.errors.UndefinedColumn):
            return StoreCorrupt(
                tr(
                    "The database on {where} is not complete: {error}. Bring back its last backup.",
                    where=where,
                    error=_first_line(error),
                )
            )
        return error


def _first_line(error: BaseException) -> str:
    text = re.sub(r"password=\S+", "password=…", str(error))
    return (text.strip().splitlines() or ["no reason given"])[0].rstrip(".")[:200]
