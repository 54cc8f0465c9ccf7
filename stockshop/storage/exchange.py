"""Taking the file of a shop out of use and putting another in its place, without a moment of danger."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import apsw

from stockshop.errors import StoreCorrupt, StoreForeign, StoreLocked, StoreUnavailable
from stockshop.files import sync_folder
from stockshop.language import tr
from stockshop.storage import backup
from stockshop.storage.session import Session, SqliteSession
from stockshop.storage.sqlite import APPLICATION_ID, ShopDatabase, check_file

T = TypeVar("T")
_WAIT_MS = 500


def look(path: Path, work: Callable[[Session], T]) -> T:
    """Run `work` on a file that is only read, after checking whose it is.

    Raises NotFound, StoreForeign, StoreNewer, StoreUnavailable, and StoreCorrupt when it is damaged.
    """
    check_file(path)
    # On a medium that cannot be written nobody else writes either, and a log cannot be made there.
    sealed = not os.access(path.parent, os.W_OK) and not Path(f"{path}-wal").exists()
    uri = f"{path.resolve().as_uri()}?mode=ro{'&immutable=1' if sealed else ''}"
    try:
        connection = apsw.Connection(uri, flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI)
        try:
            connection.setbusytimeout(5_000)
            session = SqliteSession(ShopDatabase(path), connection)
            session.rows("BEGIN")
            return work(session)
        finally:
            connection.close(True)
    except (apsw.CorruptError, apsw.NotADBError, apsw.SQLError) as error:
        # A file that has been cut off makes SQLite stop without an error of its own.
        said = tr("it breaks off") if str(error) == "not an error" else error
        raise StoreCorrupt(
            tr("{name} is damaged ({said}); nothing was changed.", name=path.name, said=said)
        ) from error
    except apsw.Error as error:
        raise StoreUnavailable(tr("{path} cannot be read: {error}.", path=path, error=error)) from error


def make_single_file(path: Path) -> None:
    """Bring everything that lies in the log into the file. Raises StoreLocked when it is in use."""
    try:
        connection = apsw.Connection(str(path))
        try:
            _leave_log(connection, path)
        finally:
            connection.close(True)
    except (apsw.CorruptError, apsw.NotADBError) as error:
        raise StoreCorrupt(tr("{name} is damaged ({error}).", name=path.name, error=error)) from error
    except apsw.Error as error:
        raise StoreUnavailable(tr("{path} may not be written: {error}.", path=path, error=error)) from error


def _leave_log(connection: Any, path: Path) -> None:
    """A store can leave its log only when nobody else has it open: the surest way to know."""
    connection.setbusytimeout(_WAIT_MS)
    try:
        mode = connection.execute("PRAGMA journal_mode = delete").fetchall()[0][0]
        if mode == "delete":
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
            return
    except (apsw.BusyError, apsw.LockedError):
        pass
    raise StoreLocked(
        tr(
            "Somebody has {name} open. Close stockshop everywhere else, then try again.",
            name=path.name,
        )
    )


def check_replaceable(path: Path) -> None:
    """Raise StoreForeign when the database of another program lies there; garbage may be replaced."""
    if not path.is_file() or path.stat().st_size < 100:
        return
    with path.open("rb") as file:
        is_database = file.read(16) == b"SQLite format 3\x00"
        owner = int.from_bytes(file.read(84)[52:56], "big")
    # A newer or a damaged shop is no reason to refuse: it is only kept aside.
    if is_database and owner != APPLICATION_ID:
        raise StoreForeign(tr("{name} belongs to another program; name the shop's own file.", name=path.name))


def put_in_place(ready: Path, path: Path, aside: Path) -> Path:
    """Let `ready` be the shop at `path`, after a safe copy of what is there to `aside`.

    Raises StoreLocked while somebody has the shop open. Answers `aside`.
    """
    backup.sync(ready)
    connection = None
    try:
        connection = apsw.Connection(str(path))
        _leave_log(connection, path)
        connection.execute("BEGIN EXCLUSIVE")
        # A second name first, so that there is a shop at every moment; a copy where there are no links.
        try:
            os.link(path, aside)
        except OSError:
            backup.copy_to(SqliteSession(ShopDatabase(path), connection), aside)
        if os.name != "nt":
            os.replace(ready, path)
    except (apsw.CorruptError, apsw.NotADBError):
        _rename_all(path, aside)
        os.replace(ready, path)
    except apsw.Error as error:
        raise StoreUnavailable(tr("{path} cannot be replaced: {error}.", path=path, error=error)) from error
    except StoreCorrupt:
        _rename_all(path, aside)
    finally:
        if connection is not None:
            connection.close(True)
    if ready.exists():
        os.replace(ready, path)
    sync_folder(path.parent)
    return aside


def put_in_empty_place(ready: Path, path: Path) -> None:
    """Let `ready` be the shop at `path`, where there is none."""
    backup.sync(ready)
    for suffix in ("-wal", "-shm"):
        # The log of a shop that is gone would be read into this one.
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    os.replace(ready, path)
    sync_folder(path.parent)


def _rename_all(path: Path, aside: Path) -> None:
    """Put a damaged store aside with whatever lies beside it: somebody may still rescue a part."""
    for suffix in ("-wal", "-shm", ""):
        if Path(f"{path}{suffix}").exists():
            os.replace(f"{path}{suffix}", f"{aside}{suffix}")
