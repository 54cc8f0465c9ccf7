"""What belongs to this computer and not to the shop: how it looks, its scanner, its keys, its folders.

Kept in a TOML file that people may edit; `services/station.py` writes it and leaves their comments.

    language = "de"
    look = "light"
    [folders]
    papers = "~/Printed"
    backups = "/media/safe"
    [printing]
    paper = "A4"
    sheet = "Avery L7160"
    dpi = 203
    [scanner]
    prefix = "~"
    gap_ms = 60
    [scanner.keyboard]
    "à" = "0"
    [keys]
    "counter.undo" = "ctrl+z,f12"
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

from stockshop.language import tr

LOOKS = ("dark", "light")
PAPERS = ("", "A4", "Letter")
DPIS = (0, 203, 300, 600, 1200)
GAP_RANGE_MS = (20, 200)


def _none() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Station:
    """The settings of one computer. Empty text and 0 mean "not set"."""

    language: str = ""
    """Language of the app; empty: that of the shop's locale."""
    look: str = "dark"
    """One of LOOKS."""
    papers_folder: str = ""
    """Where PDFs are written; empty: the person's documents."""
    backups_folder: str = ""
    """Where copies of the shop are put; empty: a folder beside the shop."""
    paper: str = ""
    """One of PAPERS; empty: what is usual in the shop's country."""
    sheet: str = ""
    """The label sheet used last here; empty: the shop's."""
    dpi: int = 0
    """Dots per inch of the label printer; 0: the sheet's own."""
    scan_prefix: str = ""
    """What this station's scanner sends before each code; empty: the shop's setting."""
    scan_gap_ms: int = 60
    """The longest time between two characters of one code."""
    keyboard: Mapping[str, str] = field(default_factory=_none)
    """Characters as they arrive from the scanner, and what was printed: its keyboard layout, undone."""
    keys: Mapping[str, str] = field(default_factory=_none)
    """Keys by the id of the binding: `{"counter.undo": "ctrl+z,f12"}`."""


PLACES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "language": ("language",),
        "look": ("look",),
        "papers_folder": ("folders", "papers"),
        "backups_folder": ("folders", "backups"),
        "paper": ("printing", "paper"),
        "sheet": ("printing", "sheet"),
        "dpi": ("printing", "dpi"),
        "scan_prefix": ("scanner", "prefix"),
        "scan_gap_ms": ("scanner", "gap_ms"),
        "keyboard": ("scanner", "keyboard"),
        "keys": ("keys",),
    }
)
"""Where each setting stands in the file."""


def read_station(path: Path) -> tuple[Station, tuple[str, ...]]:
    """The settings in the file, and a sentence for each that was passed over; without a file the usual ones.

    A fault in the file never keeps the shop closed: what cannot be used is as if it were not there.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Station(), ()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        said = tr("The settings of this computer in {path} cannot be read ({why}); the usual ones are used.",
                  path=path, why=str(error).splitlines()[0])  # fmt: skip
        return Station(), (said,)
    values: dict[str, Any] = {}
    faults: list[str] = []
    for item in fields(Station):
        value = _at(found, PLACES[item.name])
        if value is None:
            continue
        usable = usable_value(item.name, value)
        if usable is None:
            faults.append(
                tr("The setting '{name}' in {path} makes no sense and is passed over.",
                   name=".".join(PLACES[item.name]), path=path)
            )  # fmt: skip
        else:
            values[item.name] = usable
    return Station(**values), tuple(faults)


def _at(found: object, place: tuple[str, ...]) -> object:
    for part in place:
        if not isinstance(found, dict):
            return None
        found = found.get(part)
    return found


def usable_value(name: str, value: object) -> object:
    """The value as a Station keeps it, or None where the setting cannot have it."""
    if name in ("keyboard", "keys"):
        if not isinstance(value, Mapping):
            return None
        if not all(isinstance(key, str) and isinstance(said, str) for key, said in value.items()):
            return None
        if name == "keyboard" and not all(len(key) == len(said) == 1 for key, said in value.items()):
            return None
        return MappingProxyType(dict(value))
    if name in ("dpi", "scan_gap_ms"):
        if not isinstance(value, int) or isinstance(value, bool):
            return None
        low, high = GAP_RANGE_MS
        return value if (value in DPIS if name == "dpi" else low <= value <= high) else None
    if not isinstance(value, str):
        return None
    choices = {"look": LOOKS, "paper": PAPERS}.get(name)
    return value if choices is None or value in choices else None
