"""A disk that runs full and whose power is cut, between SQLite and the real files.

Writes reach the real files at once, so the program sees what it wrote. Beside them the disk keeps what would
be on the platter: the content at the last sync, and the writes and truncates since. At a power cut each of
those survives or not by chance, each 512-byte sector of a write for itself, in no order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import apsw

SECTOR = 512


@dataclass
class Platter:
    """What one file is on the disk."""

    synced: bytearray
    since: list[tuple[int, bytes | None]] = field(default_factory=list)
    """(offset, data) of writes not synced; (size, None) of truncates."""

    def sync(self) -> None:
        for offset, data in self.since:
            _apply(self.synced, offset, data)
        self.since.clear()

    def after_a_cut(self, chance: Random) -> bytes:
        """One way in which the file may be found again."""
        content = bytearray(self.synced)
        share = chance.choice((0.0, 0.2, 0.5, 0.9, 1.0))
        for offset, data in self.since:
            if data is None:
                if chance.random() < share:
                    _apply(content, offset, None)
                continue
            start = 0
            while start < len(data):
                end = min(len(data), start + SECTOR - (offset + start) % SECTOR)
                if chance.random() < share:
                    _apply(content, offset + start, data[start:end])
                start = end
        return bytes(content)


def _apply(content: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        del content[offset:]
        return
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


class FaultyDisk(apsw.VFS):
    """Register it under `name` by making it; `close` it at the end."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.platters: dict[str, Platter] = {}
        self.writes = 0
        self.full_at: int | None = None
        """The number of the write (as `writes` counts) from which on the disk is full."""
        self.cut_at: int | None = None
        """The number of the write or sync at which the power goes."""
        self.found: dict[str, bytes] | None = None
        """After a cut: the files as they are found again."""
        self.chance = Random(0)
        super().__init__(name, "")

    def close(self) -> None:
        """Take the disk out of the machine."""
        self.unregister()

    def xOpen(self, name: Any, flags: list[int]) -> Any:
        return _File(self, name, flags)

    def before_write(self) -> None:
        """Raise what this write meets: nothing, a full disk, or no power."""
        self._power()
        self.writes += 1
        if self.full_at is not None and self.writes >= self.full_at:
            raise apsw.FullError("no room on the disk")

    def before_sync(self) -> None:
        """Raise when the power is gone."""
        self._power()
        self.writes += 1

    def _power(self) -> None:
        if self.found is None and self.cut_at is not None and self.writes + 1 >= self.cut_at:
            self.found = {path: platter.after_a_cut(self.chance) for path, platter in self.platters.items()}
        if self.found is not None and self.cut_at is not None:
            raise apsw.IOError("the power is gone")

    def mend(self) -> None:
        """From now on nothing fails (what was found after a cut stays found)."""
        self.full_at = self.cut_at = None

    def put_back(self, folder: Path) -> Path:
        """Write the files found after the cut into another folder; answers the store's path there."""
        assert self.found is not None
        store = None
        for path, content in self.found.items():
            target = folder / Path(path).name
            target.write_bytes(content)
            if not path.endswith("-wal"):
                store = target
        assert store is not None
        return store


class _File(apsw.VFSFile):
    """The store or its log (a shared-memory index is rebuilt after a cut and needs no platter)."""

    def __init__(self, disk: FaultyDisk, name: Any, flags: list[int]) -> None:
        self.disk = disk
        self.platter: Platter | None = None
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        if path is not None and flags[0] & (apsw.SQLITE_OPEN_MAIN_DB | apsw.SQLITE_OPEN_WAL):
            if path not in disk.platters:
                there = Path(path).read_bytes() if Path(path).exists() else b""
                disk.platters[path] = Platter(bytearray(there))
            self.platter = disk.platters[path]
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        if self.platter is not None:
            try:
                self.disk.before_write()
            except apsw.FullError:
                # The last of the room goes to a part of it.
                part = data[: len(data) // 2]
                self.platter.since.append((offset, bytes(part)))
                super().xWrite(part, offset)
                raise
            self.platter.since.append((offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:
        if self.platter is not None:
            self.disk.before_write()
            self.platter.since.append((size, None))
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:
        if self.platter is not None:
            self.disk.before_sync()
            self.platter.sync()
            return
        super().xSync(flags)
