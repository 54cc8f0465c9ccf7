"""The files that were imported last on this computer."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from stockshop import files
from stockshop.errors import NotWritten

_MOST = 6
_NAME = "recent-imports.json"


def recent_files(station_file: Path | None) -> tuple[str, ...]:
    """Their paths, the last one first; only those that are still there. Never raises."""
    return tuple(path for path in _kept(station_file) if Path(path).is_file())


def keep_recent(station_file: Path | None, path: Path) -> None:
    """Remember a file; a list that cannot be written is no trouble to anybody."""
    if station_file is None:
        return
    paths = [str(path), *(one for one in _kept(station_file) if one != str(path))][:_MOST]
    with suppress(OSError, NotWritten):
        station_file.parent.mkdir(parents=True, exist_ok=True)
        with files.replacing(station_file.with_name(_NAME)) as stream:
            stream.write(json.dumps(paths, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def _kept(station_file: Path | None) -> list[str]:
    if station_file is None:
        return []
    try:
        found = json.loads(station_file.with_name(_NAME).read_bytes().decode("utf-8", "surrogatepass"))
    except (OSError, ValueError):
        return []
    return (
        [one for one in found if isinstance(one, str) and "\0" not in one] if isinstance(found, list) else []
    )
