"""Is this .xlsx safe to open? A few kilobytes can unpack to gigabytes, and XML can multiply itself
through entities; both are looked for before any parser sees the file."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from stockshop.errors import InvalidInput
from stockshop.language import tr

UNPACKED_LIMIT = 400 * 1024 * 1024
STRINGS_LIMIT = 100 * 1024 * 1024
ENTRY_LIMIT = 2_000
RATIO_LIMIT = 200
_RATIO_FROM = 20 * 1024 * 1024
_PROLOGUE = 65_536
_ROOT = re.compile(rb"<[A-Za-z_]")


def check_package(path: Path) -> None:
    """Refuse what would unpack to far too much, declares entities or is no spreadsheet.

    Raises InvalidInput, or what zipfile raises over a broken archive.
    """
    with zipfile.ZipFile(path) as package:
        entries = package.infolist()
        names = {entry.filename for entry in entries}
        if "xl/workbook.xml" not in names:
            raise InvalidInput(tr("'{name}' is {what}.", name=path.name, what=_what_zip(names)), field="file")
        if len(entries) > ENTRY_LIMIT or len(names) != len(entries):
            raise InvalidInput(
                tr(
                    "'{name}' holds {entries} parts: refused.",
                    name=path.name,
                    entries=format(len(entries), ","),
                ),
                field="file",
            )
        total = sum(entry.file_size for entry in entries)
        packed = max(sum(entry.compress_size for entry in entries), 1)
        strings = sum(entry.file_size for entry in entries if "sharedstrings" in entry.filename.lower())
        is_dense = total > _RATIO_FROM and total / packed > RATIO_LIMIT
        if total > UNPACKED_LIMIT or strings > STRINGS_LIMIT or is_dense:
            raise InvalidInput(
                tr(
                    "'{name}' is no ordinary list: this spreadsheet unpacks to {total}: refused. Save it "
                    "as CSV if you trust it.",
                    name=path.name,
                    total=_size(total),
                ),
                field="file",
            )
        for entry in entries:
            if entry.filename.lower().endswith((".xml", ".rels", ".vml")):
                with package.open(entry) as part:
                    _check_prologue(path, part.read(_PROLOGUE))


def entities_refused(name: str) -> InvalidInput:
    """The refusal of a part that declares a document type."""
    return InvalidInput(
        tr("'{name}' declares XML entities, which no list needs: refused.", name=name), field="file"
    )


def _check_prologue(path: Path, start: bytes) -> None:
    # UTF-16 would hide the declaration between zero bytes.
    bare = start.replace(b"\x00", b"")
    root = _ROOT.search(bare)
    before = (bare[: root.start()] if root else bare).upper()
    if b"<!DOCTYPE" in before or b"<!ENTITY" in before or (root is None and bare.strip()):
        raise entities_refused(path.name)


def _what_zip(names: set[str]) -> str:
    if "content.xml" in names and "mimetype" in names:
        return tr("an OpenDocument file; save it as .xlsx or CSV")
    if "xl/workbook.bin" in names:
        return tr("a binary .xlsb file; save it as .xlsx or CSV")
    if any(name.startswith("word/") for name in names):
        return tr("a text document; save the table as .xlsx or CSV")
    return tr("a ZIP archive, not a spreadsheet; unpack it first")


def _size(count: float) -> str:
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1_000:
            return f"{count:.0f} {unit}" if unit in ("bytes", "kB") else f"{count:.1f} {unit}"
        count /= 1_000
    return f"{count:.1f} TB"
