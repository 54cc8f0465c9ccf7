"""What screens that write a PDF have in common: showing it, and leaving a page over another screen."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from stockshop.errors import InvalidInput
from stockshop.language import tr
from stockshop.ui import files
from stockshop.ui.at_work import WorkScreen


class PaperScreen(WorkScreen):
    """Subclasses write a PDF and keep where it lies in `written`."""

    nothing_written: ClassVar[str] = ""
    """What is said when there is no PDF to show yet."""

    def __init__(self, *, is_page: bool = False) -> None:
        """`is_page`: opened over another screen, so that Esc goes back."""
        super().__init__()
        self.is_page = is_page
        self.written: Path | None = None

    def action_open(self) -> None:
        """Show the PDF with the system's own program."""
        if self.written is None:
            raise InvalidInput(tr(self.nothing_written))
        if not files.open_with_system(self.written):
            self.say(tr("There is no program here to show it; it lies at {path}.", path=self.written))

    def action_leave_scan_line(self) -> None:
        """Stop the job; on a page over another screen go back; else as everywhere."""
        landing = self.scan_line()
        if self.is_page and self.job is None and landing is not None and not landing.value:
            self.app.pop_screen()
        else:
            super().action_leave_scan_line()
