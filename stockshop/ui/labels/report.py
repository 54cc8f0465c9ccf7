"""What became of a PDF, in lines for the side of the screen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content

from stockshop.errors import ShopError
from stockshop.language import tr, trn
from stockshop.ui.counter.lines import BAD, GOOD, QUIET, STRONG, WARN, Line, content, part, wrap

if TYPE_CHECKING:
    from stockshop.documents.count_sheets import CountSheetReport
    from stockshop.documents.labels import LabelReport

_TOLD = 6
_MOST_LINES = 200


def _done(said: str, path: Path, hint: str, width: int) -> list[Line]:
    rows: list[Line] = [[part(f"✓ {said}", width, GOOD)]]
    rows += [[part(text, width, STRONG)] for text in wrap(str(path), width, 3)]
    rows += [[part(text, width, QUIET)] for text in wrap(hint, width, 2)]
    return rows


def labels_said(report: LabelReport) -> str:
    """`24 labels on 2 pages`."""
    labels = trn("{count} label", "{count} labels", report.printed)
    return trn("{things} on {count} page", "{things} on {count} pages", report.pages, things=labels)


def labels_written(report: LabelReport, path: Path, width: int) -> Content:
    """How many, where, and every label that did not come out as it is in the shop."""
    rows = _done(labels_said(report), path, tr("Print it at 100 %; Ctrl+G shows it."), width)
    out, cut, replaced = len(report.refused), len(report.cut), len(report.replaced)
    for said, look, troubles in (
        (trn("{count} left out", "{count} left out", out), BAD, report.refused),
        (trn("{count} shortened", "{count} shortened", cut), WARN, report.cut),
        (trn("{count} printed with '?'", "{count} printed with '?'", replaced), WARN, report.replaced),
    ):
        if troubles:
            rows.append([part(said, width, look)])
        for one in troubles[:_TOLD]:
            why = f"{one.name or one.sku}: {one.why}"
            rows += [[part(f"  {text}", width, QUIET)] for text in wrap(why, width - 2, 2)]
    return content(rows, _MOST_LINES)


def sheets_said(report: CountSheetReport) -> str:
    """`40 lines on 2 pages`."""
    lines = trn("{count} line", "{count} lines", report.lines)
    return trn("{things} on {count} page", "{things} on {count} pages", report.pages, things=lines)


def sheets_written(report: CountSheetReport, path: Path, width: int) -> Content:
    """How many, where, and how many names did not come out whole."""
    rows = _done(sheets_said(report), path, tr("Ctrl+G shows it."), width)
    if report.cut:
        rows.append(
            [part(trn("{count} name shortened", "{count} names shortened", len(report.cut)), width, WARN)]
        )
    if report.replaced:
        said = trn("{count} printed with '?'", "{count} printed with '?'", len(report.replaced))
        rows.append([part(said, width, WARN)])
    return content(rows, _MOST_LINES)


def refused(error: ShopError, width: int, hint: str = "") -> Content:
    """Why nothing was written, label by label where that is known."""
    rows: list[Line] = [[part(f"✗ {error.title}", width, BAD)]]
    troubles = getattr(error, "troubles", ())
    for one in troubles[: 2 * _TOLD]:
        rows += [[part(text, width)] for text in wrap(f"{one.name or one.sku}: {one.why}", width, 5)]
    if not troubles:
        rows += [[part(text, width)] for text in wrap(error.message, width, 8)]
    elif hint:
        rows += [[part(text, width, QUIET)] for text in wrap(hint, width, 2)]
    return content(rows, _MOST_LINES)
