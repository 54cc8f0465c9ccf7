"""How a line of a RecordList is painted: the looks, and the cells between the gutter and the edge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from stockshop.ui.safe import fit
from stockshop.ui.widgets.record_pages import Column

GUTTER = 2
"""Cells before the first column: the cursor's mark and a space."""


@dataclass(frozen=True, slots=True)
class Looks:
    """The styles of the list, resolved once per change of theme or focus."""

    line: Style
    striped: Style
    cursor: Style
    header: Style
    quiet: Style
    tones: dict[str, Style]

    @classmethod
    def of(cls, widget: Widget) -> Looks:
        """The styles as the theme has them now."""
        get = widget.get_component_rich_style
        tones = {tone: get(f"record-list--{tone}") for tone in ("quiet", "good", "warn", "bad")}
        return cls(
            line=get("record-list--line"),
            striped=get("record-list--striped"),
            cursor=get("record-list--cursor"),
            header=get("record-list--header"),
            quiet=tones["quiet"],
            # Without background: a tone lies on a plain or a striped line.
            tones={tone: Style(color=style.color, bold=style.bold) for tone, style in tones.items()},
        )


def paint_line(
    columns: Sequence[Column[Any]],
    widths: Sequence[int],
    texts: Sequence[str],
    mark: str,
    base: Style,
    looks: Mapping[int, Style],
    width: int,
) -> Strip:
    """One line `width` cells wide; `looks` are the styles of single columns that differ from `base`."""
    segments = [Segment(mark, base)]
    used = GUTTER
    for number, (column, size) in enumerate(zip(columns, widths, strict=True)):
        if not size:
            continue
        if used > GUTTER:
            segments.append(Segment("  ", base))
            used += 2
        segments.append(Segment(fit(texts[number], size, column.align, column.cut), looks.get(number, base)))
        used += size
    segments.append(Segment(" " * max(0, width - used), base))
    return Strip(segments).crop(0, width)
