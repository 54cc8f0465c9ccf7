"""The only way in which the shop's data reaches a widget.

Product names hold `Bolt [M6]`, `[/]` and worse. Markup would crash on them, hide them or make
actions of them, and escape sequences would go through to the terminal. What comes out of here is
literal, one line unless asked otherwise, and holds nothing hidden.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from stockshop.text import printable

if TYPE_CHECKING:
    from rich.text import Text

Align = Literal["left", "right"]
Cut = Literal["end", "middle"]

# Terminals disagree on the width of joined emoji and of variation selectors; a list that guesses
# wrong breaks its columns. Without them each part is drawn for itself, equally wide everywhere.
_UNEVEN = re.compile("[\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef\U0001f3fb-\U0001f3ff]")


def line(text: str) -> str:
    """One line of text as a terminal may show it, with the same width on every terminal."""
    if text.isascii() and text.isprintable():
        return text
    return _UNEVEN.sub("", printable(text))


def plain(text: str, *, multiline: bool = False) -> Content:
    """Data as literal content for Static, Label, Button, option and tab. Never an error."""
    if multiline:
        return Content("\n".join(line(part) for part in text.splitlines()))
    return Content(line(text))


def cell(text: str) -> Text:
    """Data as a literal rich text, for the few widgets that take no Content (table cells)."""
    from rich.text import Text

    return Text(line(text), no_wrap=True, end="")


def phrase(markup: str, **data: str) -> Content:
    """Our own markup with data in it: `phrase("[b]$name[/b] sold", name=product.name)`.

    The markup is a literal of the program; data enters only as `$variables`, never by formatting.
    """
    return Content.from_markup(markup, **{name: line(value) for name, value in data.items()})


@lru_cache(maxsize=8192)
def fit(text: str, width: int, align: Align = "left", cut: Cut = "end") -> str:
    """Exactly `width` terminal cells of `text`: padded, or cut with an ellipsis.

    `cut="middle"` keeps the end too, where names carry their size. A wide character that would be
    halved becomes a space.
    """
    shown = line(text)
    size = cell_len(shown)
    if width <= 0:
        return ""
    if size <= width:
        padding = " " * (width - size)
        return padding + shown if align == "right" else shown + padding
    if width == 1:
        return "…"
    if cut == "end" or width < 12:
        return set_cell_size(shown, width - 1) + "…"
    tail_width = (width - 1) // 3
    tail = _last_cells(shown, tail_width)
    return set_cell_size(shown, width - 1 - cell_len(tail)) + "…" + tail


def _last_cells(text: str, width: int) -> str:
    start = len(text)
    used = 0
    while start > 0:
        # Measured as a whole: a combining mark belongs to the letter before it.
        size = cell_len(text[start - 1 :])
        if size > width:
            break
        used = size
        start -= 1
    tail = text[start:]
    while tail and cell_len(tail[0]) == 0:
        tail = tail[1:]
    return tail if used else ""
