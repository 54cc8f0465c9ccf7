"""JSON as a table: a list of objects, or one object a line, as our own export writes it.

Numbers keep the digits they are written with. A row's number is the object's place in the list.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from json.decoder import JSONDecodeError
from pathlib import Path

from stockshop.errors import InvalidInput
from stockshop.language import tr
from stockshop.services.importing.delimited import Encoding

_CHUNK = 1 << 18
OBJECT_LIMIT = 1_000_000
_SKIP = " \t\r\n,\ufeff"


@dataclass(frozen=True, slots=True)
class Objects:
    """A file of JSON objects; see tables.Source. The first record holds the names of the fields."""

    path: Path
    text: Encoding
    names: tuple[str, ...]

    kind = "json"
    delimiter = None

    @property
    def encoding(self) -> str:
        return self.text.name

    @property
    def is_damaged(self) -> bool:
        return self.text.is_damaged

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """The names as row 0, then each object's values under them."""
        yield 0, list(self.names)
        for number, found in enumerate(_objects(self.path, self.text), start=1):
            yield number, [_as_text(found.get(name)) for name in self.names]


def open_objects(path: Path, text: Encoding) -> Objects:
    """Read all names first: an object may have fields the first one lacks."""
    names: dict[str, None] = {}
    for found in _objects(path, text):
        if not names.keys() >= found.keys():
            names.update(dict.fromkeys(found))
    if not names:
        raise InvalidInput(
            tr("'{name}' is empty: there is no object in the list.", name=path.name), field="file"
        )
    return Objects(path, text, tuple(names))


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "; ".join(_as_text(item) for item in value)
    return json.dumps(value, ensure_ascii=False)


def _objects(path: Path, text: Encoding) -> Iterator[dict[str, object]]:
    # Numbers stay text: a float would change 0.1 and lose the end of a long barcode.
    decode = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str).raw_decode
    count = 0
    buffer = ""
    with path.open(encoding=text.codec, errors=text.errors, newline="") as stream:
        started = False
        while True:
            chunk = stream.read(_CHUNK)
            buffer += chunk
            if not started:
                buffer = buffer.lstrip(_SKIP)
                if buffer.startswith("["):
                    buffer = buffer[1:]
                started = bool(buffer) or not chunk
            position = 0
            while True:
                position = _skip(buffer, position)
                if position == len(buffer) or buffer[position] == "]":
                    break
                try:
                    found, position = decode(buffer, position)
                except (JSONDecodeError, RecursionError) as error:
                    if chunk and len(buffer) - position < OBJECT_LIMIT and isinstance(error, JSONDecodeError):
                        break
                    raise _broken(path, count + 1) from error
                count += 1
                if not isinstance(found, dict):
                    raise InvalidInput(
                        tr(
                            "'{name}' is not a list of objects: item {count} is none.",
                            name=path.name,
                            count=count,
                        ),
                        field="file",
                    )
                yield found
            buffer = buffer[position:]
            if not chunk:
                break
    if buffer.strip(_SKIP) not in ("", "]"):
        raise _broken(path, count + 1)


def _skip(buffer: str, position: int) -> int:
    while position < len(buffer) and buffer[position] in _SKIP:
        position += 1
    return position


def _broken(path: Path, item: int) -> InvalidInput:
    return InvalidInput(
        tr("'{name}' is not valid JSON: it breaks off in item {item}.", name=path.name, item=item),
        field="file",
    )
