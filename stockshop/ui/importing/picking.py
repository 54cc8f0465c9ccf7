"""The folder behind a half-typed path: what may be meant."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from stockshop.errors import NotFound
from stockshop.language import tr
from stockshop.ui import files

READABLE = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".json")
_MOST = 2_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A folder, or a file that could be imported."""

    name: str
    path: str
    is_folder: bool
    size: int
    changed_at_us: int
    is_recent: bool = False
    """It was imported lately, and is shown whatever the folder is."""

    @property
    def folder(self) -> str:
        """The folder it lies in."""
        return os.path.dirname(self.path)


@dataclass(frozen=True, slots=True)
class Listing:
    """What lies in a folder and begins as was typed."""

    folder: str
    entries: tuple[Entry, ...]
    remark: str = ""
    """Why there is nothing, or that there is more."""


def split(typed: str) -> tuple[Path, str]:
    """The folder that was typed so far, and the beginning of a name in it."""
    text = typed.strip()
    if not text:
        return files.documents_folder(), ""
    path = files.typed_path(text, files.documents_folder())
    if text.endswith(("/", os.sep)) or text in ("~", "..", "."):
        return path, ""
    return path.parent, path.name


def listing(typed: str, recent: Sequence[str] = ()) -> Listing:
    """Folders, then readable files, whose names begin as typed. Never raises for the file system.

    Before anything but the documents folder is typed, the files in `recent` come first.
    """
    folder, start = split(typed)
    begins = start.casefold()
    found: list[Entry] = []
    used = _entries(recent) if not start and folder == files.documents_folder() else ()
    try:
        with os.scandir(folder) as scan:
            for item in scan:
                name = item.name
                if not name.casefold().startswith(begins) or (name.startswith(".") and not start):
                    continue
                try:
                    is_folder = item.is_dir()
                    facts = item.stat()
                except OSError:
                    continue
                if is_folder or name.casefold().endswith(READABLE):
                    changed_us = facts.st_mtime_ns // 1_000
                    found.append(Entry(name, item.path, is_folder, facts.st_size, changed_us))
    except OSError as error:
        why = error.strerror or tr("no reason given")
        said = tr("{folder} cannot be looked into: {why}.", folder=folder, why=why)
        return Listing(str(folder), used, said)
    found.sort(key=lambda entry: (not entry.is_folder, entry.name.casefold()))
    remark = "" if len(found) <= _MOST else tr("The first {count}; type more of the name.", count=_MOST)
    return Listing(str(folder), (*used, *found[:_MOST]), remark)


def _entries(recent: Sequence[str]) -> tuple[Entry, ...]:
    found = []
    for path in recent:
        with suppress(OSError):
            facts = os.stat(path)
            changed_us = facts.st_mtime_ns // 1_000
            found.append(
                Entry(os.path.basename(path), path, False, facts.st_size, changed_us, is_recent=True)
            )
    return tuple(found)


def file_at(typed: str) -> Path:
    """The file that was typed. Raises NotFound for a folder or nothing at all."""
    path = files.typed_path(typed, files.documents_folder())
    if path.is_dir():
        raise NotFound(tr("{path} is a folder; choose a file of products or stock.", path=path), field="file")
    if not path.is_file():
        raise NotFound(
            tr("{path} is not there; choose a file of products or stock.", path=path), field="file"
        )
    return path
