"""Lines of cells: the small language in which the counter's panels are painted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from textual.content import Content

from stockshop.ui.safe import Align, fit, line

QUIET = "$shop-quiet"
GOOD = "$text-success"
WARN = "$text-warning"
BAD = "bold $text-error"
STRONG = "bold"
KEY = "bold $shop-key"
RULE = "$shop-rule"
PRICE = "bold $accent"
CURSOR = "bold $block-cursor-foreground on $block-cursor-background"

Part = tuple[str, str]
"""A text of known cells, and its style."""
Line = list[Part]


def part(text: str, width: int, style: str = "", align: Align = "left") -> Part:
    """Exactly `width` cells of data."""
    return fit(text, max(0, width), align), style


def heading(text: str, width: int, remark: str = "") -> Line:
    """The title of a panel, with a quiet remark at the right."""
    right = line(remark)
    room = max(0, width - cell_len(right) - 2)
    return [("▌ ", KEY), part(text, room, STRONG), (right, QUIET)]


def chosen(row: Line) -> Line:
    """The line under the cursor: it stands out as a whole, as in every list."""
    return [(text, CURSOR) for text, _ in row]


def wrap(text: str, width: int, most: int) -> list[str]:
    """The text in at most `most` lines of `width` cells; what does not fit loses its middle."""
    words = line(text).split(" ")
    rows: list[str] = []
    row = ""
    for number, word in enumerate(words):
        longer = f"{row} {word}" if row else word
        if not row or cell_len(longer) <= width:
            row = longer
            continue
        if len(rows) == most - 1:
            row = " ".join((row, *words[number:]))
            break
        rows.append(row)
        row = word
    rows.append(row)
    return [row if cell_len(row) <= width else fit(row, width, cut="middle") for row in rows]


def content(rows: Iterable[Sequence[Part]], height: int) -> Content:
    """The lines as one content, never more than `height` of them."""
    parts: list[Part] = []
    for number, row in enumerate(rows):
        if number >= height:
            break
        if number:
            parts.append(("\n", ""))
        parts.extend(row)
    return Content.assemble(*parts) if parts else Content("")
