"""What is told of a file that was looked at: how many rows become what, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockshop.language import tr, trn
from stockshop.ui.counter.lines import BAD, GOOD, KEY, QUIET, STRONG, WARN, Line, part, wrap
from stockshop.ui.importing.lists import FORMATS, REFUSED, Told
from stockshop.ui.wording import Wording

if TYPE_CHECKING:
    from stockshop.services.importing.storing import ImportResult


def head_of(
    result: ImportResult, name: str, written: str, words: Wording, width: int, *, is_done: bool
) -> list[Line]:
    """The file, what it is, how it is `written`, what becomes of its rows, and what to do next."""
    what = tr(FORMATS.get(result.format, result.format))
    read = words.number(result.read * 1_000)
    rows: list[Line] = [
        [part(tr("{file}: {what}, {count} rows", file=name, what=what, count=read), width, STRONG)]
    ]
    if written:
        rows.append([part(written, width, QUIET)])
    if result.unused:
        left = tr("columns left out: {columns}", columns=", ".join(result.unused))
        rows.append([part(left, width, QUIET)])
    return [*rows, _counts(result, words, is_done), _what_next(result, is_done)]


def _counts(result: ImportResult, words: Wording, is_done: bool) -> Line:
    refused = len({one.row for one in result.refused})
    counts: Line = [("✓ ", GOOD)] if is_done or not refused else []
    new, changed, same, bad, notes = (
        words.number(many * 1_000)
        for many in (result.created, result.updated, result.unchanged, refused, len(result.notices))
    )
    for said in (
        trn("{count} new", "{count} new", result.created, count=new),
        trn("{count} changed", "{count} changed", result.updated, count=changed),
        trn("{count} as before", "{count} as before", result.unchanged, count=same),
    ):
        counts += [(said, STRONG), ("   ", "")]
    if refused:
        said = trn("✗ {count} cannot be taken", "✗ {count} cannot be taken", refused, count=bad)
        counts += [(said, BAD), ("   ", "")]
    if result.notices:
        counts.append((trn("{count} note", "{count} notes", len(result.notices), count=notes), QUIET))
    return counts


def _what_next(result: ImportResult, is_done: bool) -> Line:
    if is_done:
        later = tr("F3 shows the products; Ctrl+B takes another file.")
        return [(tr("Done."), GOOD), (" ", ""), (later, QUIET)]
    if result.refused and not result.created and not result.updated:
        return [(tr("Nothing new can be taken: mend the bad rows; Ctrl+L saves a list of them."), WARN)]
    if result.refused:
        return [(tr("Ctrl+S takes the good rows; Ctrl+L saves a list of the bad ones."), WARN)]
    if not result.created and not result.updated:
        return [(tr("Nothing to do: everything in it is in the shop already."), QUIET)]
    return [(tr("Ctrl+S takes it over. Nothing is changed yet."), KEY)]


def detail_of(told: Told, words: Wording, width: int) -> list[Line]:
    """The whole of the row under the cursor, in three lines."""
    row = words.number(told.row * 1_000)
    rows: list[Line] = [
        [(text, STRONG)] for text in wrap(tr("Row {row}, {what}", row=row, what=told.what), width, 1)
    ]
    return rows + [[(text, BAD if told.kind == REFUSED else "")] for text in wrap(told.why, width, 2)]
