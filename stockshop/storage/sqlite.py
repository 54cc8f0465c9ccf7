"""SQLite through apsw: one file, one shop, nothing lost when the plug is pulled."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path
from typing import Any

import apsw
from playhouse.apsw_ext import APSWDatabase

from stockshop.errors import (
    Conflict,
    NotFound,
    StoreCorrupt,
    StoreError,
    StoreForeign,
    StoreFull,
    StoreLocked,
    StoreNewer,
    StoreUnavailable,
)
from stockshop.language import tr
from stockshop.storage import migrate
from stockshop.storage.session import Session, SqliteSession

APPLICATION_ID = 0x53544B53  # "STKS"
BUSY_TIMEOUT_S = 5.0
_NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smbfs", "smb3", "9p", "afs", "fuse.sshfs", "davfs", "ncpfs"}
# Up to this size `quick_check` takes a few hundredths of a second; above it runs apart from opening.
QUICK_CHECK_LIMIT_BYTES = 24 * 1024 * 1024

_MISSING = re.compile(r"no such (table|column)|has no column|integer overflow")
_BROKEN_INDEX = re.compile(r"fts5|malformed")
_DUPLICATES = (
    apsw.SQLITE_CONSTRAINT_UNIQUE,
    apsw.SQLITE_CONSTRAINT_PRIMARYKEY,
    apsw.SQLITE_CONSTRAINT_ROWID,
)

PRAGMAS = (
    ("busy_timeout", 5000),
    ("journal_mode", "wal"),
    ("synchronous", "full"),
    *((("fullfsync", 1), ("checkpoint_fullfsync", 1)) if sys.platform == "darwin" else ()),
    ("foreign_keys", 1),
    ("trusted_schema", 0),
    ("cell_size_check", 1),
    # Else INSERT OR REPLACE would slip past the append-only triggers.
    ("recursive_triggers", 1),
    # Every thread that looks has a connection of its own; the system's cache is behind them all.
    ("cache_size", -500),
)
_WRITING_CACHE = -16000
"""Kibibytes (negative) for connections that write: a long import need not spill in the middle."""


def _text_binding(_cursor: Any, _number: int, value: Any) -> Any:
    # Only the history of migrations binds a datetime; the store's own tables hold integers.
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _busy_ms() -> int:
    return int(dict(PRAGMAS)["busy_timeout"])


class _Turn:
    """Waits for the turn to write, asking every 2 ms.

    SQLite's own waits grow to 100 ms, and a till that posts without pause would starve the others.
    """

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._until = 0.0

    def __call__(self, attempts: int) -> bool:
        now = time.monotonic()
        if attempts == 0:
            self._until = now + self._limit_s
        time.sleep(0.002)
        return now < self._until


class ShopDatabase(APSWDatabase):  # type: ignore[misc]
    """Peewee's view of the file, with our pragmas on every connection."""

    def __init__(self, path: Path, *, vfs: str | None = None) -> None:
        options = {"vfs": vfs} if vfs else {}
        super().__init__(str(path), autoconnect=False, timeout=BUSY_TIMEOUT_S, **options)

    def _add_conn_hooks(self, conn: Any) -> None:
        conn.convert_binding = _text_binding
        for name, value in PRAGMAS:
            conn.execute(f"PRAGMA {name} = {value}").fetchall()


def _header(path: Path) -> tuple[int, int]:
    """(application id, user version) out of the file's header, without opening it as a database."""
    with path.open("rb") as file:
        header = file.read(100)
    if len(header) < 100 or not header.startswith(b"SQLite format 3\x00"):
        raise StoreForeign(tr("{name} is not a stockshop file; nothing was changed in it.", name=path.name))
    return int.from_bytes(header[68:72], "big"), int.from_bytes(header[60:64], "big")


def check_file(path: Path) -> int:
    """Whose file it is, by its header; answers its schema version and touches nothing.

    Raises NotFound, StoreForeign, StoreNewer or StoreUnavailable.
    """
    if path.is_dir():
        raise StoreForeign(tr("{path} is a folder; name the shop's file in it.", path=path))
    if not path.exists():
        raise NotFound(
            tr(
                "There is no shop at {path}. Make one with 'stockshop new', or try 'stockshop demo'.",
                path=path,
            )
        )
    try:
        application_id, version = _header(path)
    except OSError as error:
        raise StoreUnavailable(
            tr("{path} cannot be read: {why}.", path=path, why=error.strerror or error)
        ) from error
    # A version of 0 under our id is a store whose creation was cut short; its tables may lie in the log.
    if application_id != APPLICATION_ID:
        raise StoreForeign(
            tr("{name} belongs to another program; nothing was changed in it.", name=path.name)
        )
    return _known(path, version)


def _known(path: Path, version: int) -> int:
    if version > migrate.latest():
        raise StoreNewer(
            tr(
                "{name} was written by a newer stockshop (version {version} of the store, this "
                "one knows {latest}). Update stockshop; nothing was changed.",
                name=path.name,
                version=version,
                latest=migrate.latest(),
            )
        )
    return version


def network_file_system(path: Path, mounts: str = "/proc/mounts") -> str | None:
    """The kind of network drive the path lies on (Linux, Windows), else None.

    SQLite's write-ahead log needs shared memory, which network drives do not give.
    """
    if sys.platform == "win32":
        import ctypes

        kind = ctypes.windll.kernel32.GetDriveTypeW(str(path.resolve().anchor))
        return "network drive" if kind == 4 else None
    try:
        lines = Path(mounts).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    best, found = -1, None
    target = str(path.resolve())
    for line in lines:
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = fields[1].replace("\\040", " ").rstrip("/") or "/"
        inside = target == point or target.startswith(point if point == "/" else point + "/")
        if inside and len(point) >= best:
            best, found = len(point), fields[2]
    return found if found in _NETWORK_FILE_SYSTEMS else None


class SqliteEngine:
    """The file of one shop."""

    name = "sqlite"
    driver_errors: tuple[type[BaseException], ...] = (apsw.Error,)

    def __init__(self, path: Path, *, vfs: str | None = None) -> None:
        self.file = path
        self.url = str(path)
        self.vfs = vfs
        self.patience_s = _busy_ms() / 1_000
        self.database = ShopDatabase(path, vfs=vfs)

    @classmethod
    def open(cls, path: Path, *, vfs: str | None = None) -> SqliteEngine:
        """Check, quick-check and migrate the file at `path`. Raises as `open_store` says."""
        check_file(path)
        kind = network_file_system(path)
        if kind is not None:
            raise StoreUnavailable(
                tr(
                    "{path} lies on a network drive ({kind}), where data gets lost. Copy it to "
                    "this computer, or use PostgreSQL when several tills share a shop.",
                    path=path,
                    kind=kind,
                )
            )
        engine = cls(path, vfs=vfs)
        try:
            session = engine.connect()
            try:
                if path.stat().st_size <= QUICK_CHECK_LIMIT_BYTES:
                    quick_check(session, path)
                # The header may be older than the log beside it.
                version = _known(path, int(session.value("PRAGMA user_version")))
                if version < migrate.latest():
                    engine._migrate(session, version)
            finally:
                engine.close(session)
        except apsw.Error as error:
            raise engine.translate(error) from error
        return engine

    @classmethod
    def create(cls, path: Path, *, vfs: str | None = None) -> SqliteEngine:
        """A new store at `path`, complete or not there at all. Raises Conflict, StoreUnavailable."""
        if path.exists():
            raise Conflict(tr("There is a file at {path} already; choose another name.", path=path))
        kind = network_file_system(path.parent)
        if kind is not None:
            raise StoreUnavailable(
                tr(
                    "{parent} is a network drive ({kind}), where data gets lost; choose a folder "
                    "of this computer, or PostgreSQL when several tills share a shop.",
                    parent=path.parent,
                    kind=kind,
                )
            )
        engine = cls(path, vfs=vfs)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            session = engine.connect()
            try:
                session.run(f"PRAGMA application_id = {APPLICATION_ID}")
                engine._migrate(session, 0)
            finally:
                engine.close(session)
        except (apsw.Error, OSError) as error:
            for suffix in ("", "-wal", "-shm"):
                Path(f"{path}{suffix}").unlink(missing_ok=True)
            raise engine.translate(error) from error
        return engine

    def _migrate(self, session: SqliteSession, version: int) -> None:
        """Migrate all the way or not at all, after a copy of a store that holds something."""
        from peewee import PeeweeException

        from stockshop.storage.backup import copy_before_migration

        database = ShopDatabase(self.file, vfs=self.vfs)
        database.connect()

        def keep_copy() -> None:
            # Under the write lock, so that it is surely the store as it was before anybody migrated it.
            copy_before_migration(session, self.file, version)

        def finish() -> None:
            dangling = database.execute_sql("PRAGMA foreign_key_check").fetchone()
            if dangling is not None:
                raise migrate.not_updated(ValueError(f"table {dangling[0]} refers to what is not there"))
            database.execute_sql(f"PRAGMA user_version = {migrate.latest()}")

        try:
            # A table that is rebuilt would else take along what refers to it; checked before the commit.
            database.execute_sql("PRAGMA foreign_keys = 0")
            migrate.up(
                database, begin=("IMMEDIATE",), before=keep_copy if version > 0 else None, after=finish
            )
        except PeeweeException as error:
            raise migrate.not_updated(error) from error
        except apsw.Error as error:
            if isinstance(error, apsw.SQLError):
                raise migrate.not_updated(error) from error
            raise
        finally:
            database.close()

    def connect(self) -> SqliteSession:
        connection = self.database._connect()
        return SqliteSession(self.database, connection)

    def usable(self, session: Session) -> bool:
        return True

    def close(self, session: Session) -> None:
        assert isinstance(session, SqliteSession)
        session.connection.close(True)

    def begin(self, session: Session) -> None:
        # A deferred transaction that reads and then writes fails at once under contention.
        assert isinstance(session, SqliteSession)
        if not session.has_written:
            session.run(f"PRAGMA cache_size = {_WRITING_CACHE}")
            session.has_written = True
        session.connection.set_busy_handler(_Turn(self.patience_s))
        try:
            session.run("BEGIN IMMEDIATE")
        finally:
            session.connection.set_busy_timeout(_busy_ms())

    def begin_reading(self, session: Session) -> None:
        session.run("BEGIN")

    def end(self, session: Session, *, commit: bool) -> None:
        assert isinstance(session, SqliteSession)
        if commit:
            session.run("COMMIT")
        elif not session.connection.getautocommit():
            # After a full disk SQLite has rolled back by itself, and a ROLLBACK would hide the cause.
            session.run("ROLLBACK")

    def wants_retry(self, error: BaseException) -> bool:
        return False

    def translate(self, error: BaseException) -> BaseException:
        """See Engine.translate."""
        name = self.file.name
        if isinstance(error, apsw.BusyError | apsw.LockedError):
            return StoreLocked(
                tr(
                    "Another program is writing to {name} for too long. Try again in a moment.",
                    name=name,
                )
            )
        if isinstance(error, apsw.FullError):
            return StoreFull(
                tr(
                    "The disk with {name} is full. Nothing was changed; make room and try again.",
                    name=name,
                )
            )
        # Its header has said that it is ours, so what is not a database any more is damaged.
        if isinstance(error, apsw.CorruptError | apsw.NotADBError):
            return damaged(self.file)
        if isinstance(error, apsw.SQLError) and _BROKEN_INDEX.search(str(error)):
            return damaged(self.file)
        if isinstance(error, apsw.SQLError) and _MISSING.search(str(error)):
            return incomplete(name, error)
        if isinstance(error, apsw.ReadOnlyError) or (
            isinstance(error, apsw.CantOpenError | PermissionError) and self.file.exists()
        ):
            return StoreUnavailable(
                tr(
                    "{file} may not be written. Allow writing to the file and its folder, or copy the shop.",
                    file=self.file,
                )
            )
        if isinstance(error, apsw.CantOpenError | apsw.IOError | OSError):
            return StoreUnavailable(tr("{file} cannot be used: {error}.", file=self.file, error=error))
        if isinstance(error, apsw.ConstraintError) and getattr(error, "extendedresult", 0) in _DUPLICATES:
            return Conflict(tr("The same is there already; look again."))
        if isinstance(error, apsw.ConstraintError | apsw.MismatchError):
            return StoreError(
                tr(
                    "The store refused a change that would break its rules ({error}).",
                    error=error,
                )
            )
        return error


def damaged(path: Path, what: str = "") -> StoreCorrupt:
    """What is said of a damaged file; `what` as SQLite names it."""
    named = f" ({what})" if what else ""
    return StoreCorrupt(
        tr(
            "{name} is damaged{named}. Nothing was changed. Bring back the last backup with "
            "'stockshop restore'.",
            name=path.name,
            named=named,
        )
    )


def incomplete(name: str, error: BaseException) -> StoreCorrupt:
    """What is said of a store that lacks a table or a column."""
    return StoreCorrupt(
        tr(
            "{name} is not complete: {error}. Bring back the last backup with 'stockshop restore'.",
            name=name,
            error=error,
        )
    )


def quick_check(session: Session, path: Path) -> None:
    """Raise StoreCorrupt when SQLite finds the file damaged."""
    said = session.value("PRAGMA quick_check(1)")
    if said != "ok":
        raise damaged(path, " ".join(str(said).split())[:100])
