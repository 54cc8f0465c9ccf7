"""A widget made of lines of cells, painted line by line.

What stands on screen is kept by line, so that the answer to a scan costs only the lines it changes:
no content is wrapped, formatted and cut again for the whole of the widget.
"""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from stockshop.ui.counter.lines import Line, content


class Painted(Widget):
    """Subclasses say their lines; a change is shown by `repaint`."""

    # The lines hold no offsets: the mouse opens them instead of marking text.
    ALLOW_SELECT = False

    _made: tuple[Line, ...] | None = None
    _made_for: tuple[int, int] = (0, 0)
    """The room for which the lines were made."""
    _strips: dict[int, tuple[Line, Strip]]
    _base: Style | None = None
    _styles: dict[str, RichStyle]

    def lines(self, width: int, height: int) -> list[Line]:
        """What is to be seen in so many cells and lines."""
        raise NotImplementedError

    def repaint(self) -> None:
        """Something may have changed: the lines that differ are painted."""
        width, height = self.size
        before = self._made
        if before is None or self._made_for != (width, height) or not self.display:
            # All of it is made when it is painted, for the room it has then.
            self._made = None
            self.refresh()
            return
        self._made = made = tuple(self.lines(width, height)[:height])
        longest = max(len(before), len(made))
        changed = [
            Region(0, y, width, 1)
            for y in range(longest)
            if y >= len(before) or y >= len(made) or before[y] != made[y]
        ]
        if changed:
            self.refresh(*changed)

    def made(self) -> tuple[Line, ...]:
        """The lines for the room there is now."""
        size = (self.size.width, self.size.height)
        if self._made is None or self._made_for != size:
            self._made, self._made_for = tuple(self.lines(*size)[: size[1]]), size
        return self._made

    def render(self) -> Content:
        """All lines as one content."""
        return content(self.made(), self.size.height)

    def render_line(self, y: int) -> Strip:
        """One line, made anew only where it differs from what stood there."""
        base = self.visual_style
        if base != self._base:
            self._base, self._strips, self._styles = base, {}, {}
        made = self.made()
        width = self.size.width
        row = made[y] if y < len(made) else []
        known = self._strips.get(y)
        if known is not None and known[0] == row and known[1].cell_length == width:
            return known[1]
        segments = [Segment(text, self._look(style)) for text, style in row if text]
        strip = Strip(segments).adjust_cell_length(width, self._look(""))
        self._strips[y] = (row, strip)
        return strip

    def _look(self, style: str) -> RichStyle:
        known = self._styles.get(style)
        if known is None:
            assert self._base is not None
            known = self._styles[style] = (self._base + self._get_style(style)).rich_style
        return known

    def notify_style_update(self) -> None:
        """Another look: the colours are found anew."""
        super().notify_style_update()
        self._base = None
