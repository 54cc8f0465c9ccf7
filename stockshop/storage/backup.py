"""Copies of a live store: checked, then renamed into place.

Copying the file itself would lose whatever still lies in the write-ahead log.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import apsw

from stockshop.errors import StoreCorrupt, StoreUnavailable
from stockshop.files import sync_folder
from stockshop.language import tr
from stockshop.storage.session import Session, SqliteSession

_PAGES_A_STEP = 2_000
Step = Callable[[int, int], None]
"""Told (done, total) after each step; what it raises ends the work and leaves nothing behind."""


def copy_to(session: Session, target: Path, *, on_step: Step | None = None) -> None:
    """Write a checked copy of the session's store to `target`, replacing what is there at the end.

    Inside a snapshot the copy is of that instant, however busy the shop is. Raises StoreUnavailable
    when it cannot be written, StoreCorrupt when the copy is not sound.
    """
    assert isinstance(session, SqliteSession)
    with replacing(target) as part:
        copy = apsw.Connection(str(part))
        try:
            # Alone with the file no shared memory is asked for, which a network drive does not give.
            copy.execute("PRAGMA locking_mode = exclusive").fetchall()
            with copy.backup("main", session.connection, "main") as backup:
                while not backup.done:
                    backup.step(_PAGES_A_STEP)
                    if on_step is not None:
                        on_step(backup.page_count - backup.remaining, backup.page_count)
            copy.execute("PRAGMA journal_mode = delete").fetchall()
            check(copy, target)
        finally:
            copy.close(True)


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A path to write to beside `target`; it takes the target's place at the end, or is removed.

    Raises StoreUnavailable when the disk or the folder does not let it.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        remove(part)
        try:
            yield part
            sync(part)
            os.replace(part, target)
            sync_folder(target.parent)
        finally:
            remove(part)
    except (apsw.IOError, apsw.CantOpenError, apsw.FullError, apsw.ReadOnlyError, OSError) as error:
        said = error.strerror if isinstance(error, OSError) else error
        raise StoreUnavailable(
            tr("The copy could not be written to {target}: {said}.", target=target, said=said)
        ) from error


def remove(path: Path) -> None:
    """Remove a store's file with its log, where they are."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def check(connection: Any, path: Path) -> None:
    """Raise StoreCorrupt unless every page, index and reference of the copy is sound."""
    found = connection.execute("PRAGMA integrity_check(1)").fetchall()
    dangling = connection.execute("PRAGMA foreign_key_check").fetchall()
    if found != [("ok",)] or dangling:
        raise StoreCorrupt(
            tr(
                "The copy {name} would be damaged, as its source is; nothing was replaced.",
                name=path.name,
            )
        )


def copy_before_migration(session: Session, path: Path, version: int) -> Path:
    """Keep the store as it was beside it, before a newer stockshop changes its tables."""
    target = path.with_name(f"{path.name}.before-update-{version}")
    copy_to(session, target)
    return target


def sync(path: Path) -> None:
    """Make sure the file's content is on the disk and not only on its way there."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
