"""Copies of a live store: checked, then renamed into place.

Copying the file itself would lose whatever still lies in the write-ahead log.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import apsw

from stockshop.errors import StoreCorrupt, StoreUnavailable
from stockshop.storage.session import Session, SqliteSession


def copy_to(session: Session, target: Path) -> None:
    """Write a checked copy of the session's store to `target`, replacing what is there at the end.

    Raises StoreUnavailable when it cannot be written, StoreCorrupt when the copy is not sound.
    """
    assert isinstance(session, SqliteSession)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        copy = apsw.Connection(str(part))
        try:
            with copy.backup("main", session.connection, "main") as backup:
                while not backup.done:
                    backup.step(2_000)
            copy.execute("PRAGMA journal_mode = delete").fetchall()
            check(copy, part)
        finally:
            copy.close(True)
        sync(part)
        os.replace(part, target)
        sync_folder(target.parent)
    except (apsw.IOError, apsw.CantOpenError, apsw.FullError, OSError) as error:
        part.unlink(missing_ok=True)
        raise StoreUnavailable(f"The copy could not be written to {target}: {error}.") from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def check(connection: Any, path: Path) -> None:
    """Raise StoreCorrupt unless every page, index and reference of the copy is sound."""
    found = connection.execute("PRAGMA integrity_check(1)").fetchall()
    dangling = connection.execute("PRAGMA foreign_key_check").fetchall()
    if found != [("ok",)] or dangling:
        raise StoreCorrupt(f"{path.name} is damaged; nothing was replaced by it.")


def copy_before_migration(session: Session, path: Path, version: int) -> Path:
    """Keep the store as it was beside it, before a newer stockshop changes its tables."""
    target = path.with_name(f"{path.name}.before-update-{version}")
    copy_to(session, target)
    return target


def sync(path: Path) -> None:
    """Make sure the file's content is on the disk and not only on its way there."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make sure a rename in the folder is on the disk (not possible, nor needed, on Windows)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
