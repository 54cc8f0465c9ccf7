"""Files that appear under their name only when they are complete and on the disk."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from stockshop.errors import NotWritten
from stockshop.language import tr


@contextmanager
def replacing(path: Path | str) -> Iterator[BinaryIO]:
    """A stream to a new file beside `path` that takes its place when the block ends well.

    Raises NotWritten with what to do when the folder or the disk refuses; then nothing remains.
    """
    target = Path(path)
    beside = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}.part")
    try:
        if target.exists() and not target.is_file():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with beside.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise NotWritten(_why(target, error), field="out") from error
    finally:
        beside.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make sure a rename in the folder is on the disk (not possible, nor needed, on Windows)."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some network drives keep their folders in their own way; the file itself is safe already.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(descriptor)


def _why(target: Path, error: OSError) -> str:
    if not target.parent.is_dir():
        return tr(
            "There is no folder '{folder}'; make it first, or choose another place.", folder=target.parent
        )
    if target.exists() and not target.is_file():
        return tr("'{path}' is not a file that can be replaced; give the name of a file.", path=target)
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return tr("The disk is full: '{name}' was not written; make room and try again.", name=target.name)
    if isinstance(error, PermissionError):
        return tr(
            "'{path}' may not be written; close it where it is open, or choose another place.", path=target
        )
    return tr(
        "'{path}' cannot be written ({why}); choose another place.", path=target, why=error.strerror or error
    )
