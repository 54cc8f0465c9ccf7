"""The folder behind a half-typed path: what may be meant."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from stockshop.errors import NotFound
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
    path = files.typed_path(text)
    if text.endswith(("/", os.sep)) or text in ("~", "..", "."):
        return path, ""
    return path.parent, path.name


def listing(typed: str) -> Listing:
    """Folders, then readable files, whose names begin as typed. Never raises for the file system."""
    folder, start = split(typed)
    begins = start.casefold()
    found: list[Entry] = []
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
        return Listing(
            str(folder), (), f"{folder} cannot be looked into: {error.strerror or 'no reason given'}."
        )
    found.sort(key=lambda entry: (not entry.is_folder, entry.name.casefold()))
    remark = "" if len(found) <= _MOST else f"The first {_MOST}; type more of the name."
    return Listing(str(folder), tuple(found[:_MOST]), remark)


def file_at(typed: str) -> Path:
    """The file that was typed. Raises NotFound for a folder or nothing at all."""
    path = files.typed_path(typed)
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "is not there"
        raise NotFound(f"{path} {what}; choose a file of products or stock.", field="file")
    return path
