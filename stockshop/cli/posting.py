"""Posting entries from a file or from another program, one JSON line each."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from stockshop.cli import output
from stockshop.cli.base import REFUSED, Choices, command
from stockshop.errors import Conflict, InvalidInput, NotFound, Refused, ShopError
from stockshop.language import ENGLISH, speak, tr
from stockshop.text import printable

if TYPE_CHECKING:
    from stockshop.services.shop import Shop


@command("post")
@click.argument("file", help="A file with one entry a line; '-' reads the standard input.")
@click.pass_context
def post(context: click.Context, choices: Choices, file: str) -> None:
    """Post entries: what arrived, was sold, moved, thrown away…

    Each line is one entry in JSON:

    \b
      {"id": "till1-0001", "kind": "sell", "at": "2026-05-28 17:05",
       "lines": [{"product": "4006381333931", "quantity": 2}]}

    Kinds are receive, sell, return, move, adjust and scrap. A product is a SKU or any barcode; a
    pack's barcode counts packs. A line may name "from", "to", "lot", "expiry", "unit_cost" and
    "price". Without bins, goods arrive in the product's own bin and leave from there first, the
    earliest expiry first. An adjustment has a quantity above or below zero and a "reason".

    The id is yours: posting the same entry again does no harm. Each line is answered in JSON as
    soon as its entry is safe on the disk. A refused entry changes nothing, the others are posted,
    and the exit code is 1.

    \b
    Examples:
      stockshop post sales.jsonl
      my-till-export | stockshop post -
    """
    # Its answers are JSON for programs, which read the same words everywhere.
    choices.language = ENGLISH
    speak(ENGLISH)
    counts = {"posted": 0, "already posted": 0, "refused": 0}
    with choices.open() as shop, _opened(file) as stream:
        for number, raw in enumerate(_raw_lines(stream), start=1):
            if raw.strip():
                counts[_post_line(shop, choices.who, number, raw)] += 1
    output.note(
        ", ".join(f"{count} {status}" for status, count in counts.items() if count) or "Nothing to post"
    )
    if counts["refused"]:
        context.exit(REFUSED)


@contextmanager
def _opened(file: str) -> Iterator[IO[bytes]]:
    if file == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = Path(file).open("rb")  # noqa: SIM115 - closed below; only its opening may fail so
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no file can be called so"
        raise NotFound(
            tr("'{path}' cannot be read: {why}.", path=printable(file), why=reason), field="file"
        ) from error
    with stream:
        yield stream


def _raw_lines(stream: IO[bytes]) -> Iterator[bytes]:
    """The lines, none of them much longer than can be meant; the rest of such a line is passed over."""
    from stockshop.cli.entry_lines import LINE_LIMIT_BYTES

    while raw := stream.readline(LINE_LIMIT_BYTES + 1):
        yield raw
        while len(raw) > LINE_LIMIT_BYTES and not raw.endswith(b"\n"):
            raw = stream.readline(LINE_LIMIT_BYTES + 1)


def _post_line(shop: Shop, actor: str, number: int, raw: bytes) -> str:
    """Post one line and say at once what became of it; answers the status."""
    from stockshop.cli.entry_lines import decode, id_of, read_entry
    from stockshop.services.stock import post_entry

    client_id: str | None = None
    try:
        content = decode(raw)
        client_id = id_of(content)
        entry = read_entry(content, shop.currency, shop.zone)
        done = post_entry(
            shop, actor, entry.kind, entry.lines,
            client_id=entry.client_id, at_us=entry.at_us, reference=entry.reference, note=entry.note,
        )  # fmt: skip
    except (InvalidInput, NotFound, Refused, Conflict) as error:
        return _refuse(number, client_id, error)
    _answer({"id": done.client_id, "entry": done.entry_id, "status": done.status})
    return done.status


def _refuse(number: int, client_id: str | None, error: ShopError) -> str:
    _answer(
        {"id": client_id, "entry": None, "status": "refused", "why": error.message, "field": error.field,
         "line": number}
    )  # fmt: skip
    output.note(f"Line {number} of the file: {error.message}")
    return "refused"


def _answer(said: dict[str, Any]) -> None:
    # Flushed: who reads it may rely on it, even if this process is ended the next moment.
    print(output.as_json(said), flush=True)


COMMANDS = {"post": post}
