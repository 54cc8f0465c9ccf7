"""The lines of the tour above the keys: what is to be done next."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from stockshop.ui.counter.lines import wrap
from stockshop.ui.safe import fit, line

_MOST_LINES = 3


class TourPanel(Widget):
    """A heading with what leaves the tour, and the job in a sentence. It takes no key."""

    DEFAULT_CSS = """
    TourPanel {
        height: auto;
        padding: 0 1;
        background: $surface;
        color: $foreground;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._told = ("", "", "")

    def tell(self, head: str, todo: str, leave: str) -> None:
        """Say another thing; nothing is painted for the same again."""
        if (told := (line(head), line(todo), line(leave))) != self._told:
            self._told = told
            if self.is_attached:
                self.refresh(layout=True)

    def _rows(self, width: int) -> list[str]:
        return wrap(self._told[1], max(10, width - 2), _MOST_LINES)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The heading and the lines of the job."""
        return 1 + len(self._rows(width))

    def render(self) -> Content:
        """`▌ Tour 3 of 10 · Sell three            Alt+T leaves it`, and below what to press."""
        head, _, leave = self._told
        width = self.size.width
        room = max(0, width - 2 - cell_len(leave) - 2)
        lines = [
            Content.assemble(("▌ ", "$shop-key"), (fit(head, room), "bold"), (f"  {leave}", "$shop-quiet"))
        ]
        lines += [Content.assemble(("▌ ", "$shop-key"), row) for row in self._rows(width)]
        return Content("\n").join(lines)
