"""This computer's own settings, written into its file; what people wrote there beside them stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from stockshop import files
from stockshop.config import PLACES, Station, read_station, usable_value
from stockshop.errors import InvalidInput, NotWritten
from stockshop.language import tr


def change_station(path: Path, **changes: object) -> Station:
    """Change the named settings in the file and answer them all as they are now.

    A setting that is as without a file leaves it. Raises InvalidInput naming the field for a value it
    cannot have, NotWritten when the file cannot be read or written; then nothing is changed.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    before, _ = read_station(path)
    for name, value in changes.items():
        if usable_value(name, value) is None:
            raise InvalidInput(tr("'{value}' is nothing this setting can have.", value=value), field=name)
    after = replace(before, **changes)  # type: ignore[arg-type]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        document = tomlkit.parse(text)
    except (OSError, UnicodeDecodeError, TOMLKitError, RecursionError) as error:
        raise NotWritten(
            tr("The settings in {path} cannot be read; mend or remove that file, then try again.", path=path)
        ) from error
    for item in fields(Station):
        if item.name in changes:
            usual = getattr(Station(), item.name)
            _put(document, PLACES[item.name], getattr(after, item.name), usual)
    with files.replacing(path) as writing:
        writing.write(tomlkit.dumps(document).encode())
    return after


def _put(document: Any, place: tuple[str, ...], value: object, usual: object) -> None:
    import tomlkit

    *tables, key = place
    here = document
    for table in tables:
        if not isinstance(here.get(table), Mapping):
            if value == usual:
                return
            # Nonsense may stand in its place, and a table has to come behind single settings.
            here.pop(table, None)
            here[table] = tomlkit.table()
        here = here[table]
    if value == usual:
        here.pop(key, None)
    elif isinstance(value, Mapping):
        made = tomlkit.table()
        for name, said in value.items():
            made[name] = said
        here[key] = made
    else:
        here[key] = value
