"""The scanner check: a page of known codes to print, and what their scans tell about the scanner."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from stockshop.barcodes.scanner_check import Diagnosis, RawScan, diagnose
from stockshop.errors import InvalidInput
from stockshop.language import mark, tr
from stockshop.ui import files
from stockshop.ui.counter.lines import GOOD, Line, content, part, wrap
from stockshop.ui.labels.paper_screen import PaperScreen
from stockshop.ui.messages import CodeScanned
from stockshop.ui.scanner.report import Findings, codes_heard, findings, painted, shown

if TYPE_CHECKING:
    from stockshop.config import Station
    from stockshop.ui.app import StockshopApp

_MOST_SCANS = 60
_MOST_LINES = 200


class Lines(Widget):
    """Lines of cells that are made for the width there is."""

    DEFAULT_CSS = "Lines { height: auto; width: 1fr; }"

    def __init__(self, make: Callable[[int], list[Line]]) -> None:
        super().__init__()
        self._make = make

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many as there are."""
        return len(self._make(max(20, width)))

    def render(self) -> Content:
        """All of them."""
        return content(self._make(max(20, self.size.width)), _MOST_LINES)


class ScannerCheckScreen(PaperScreen):
    """Every scan here is looked at as it came, and none is looked up."""

    CSS_PATH: ClassVar[Path] = Path(__file__).parents[1] / "styles" / "scanner.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "write", mark("Write"), id="scanner.write",
                tooltip=mark("Write the page of codes to a PDF")),
        Binding("ctrl+g", "open", mark("Open PDF"), id="scanner.open",
                tooltip=mark("Show the PDF that was written")),
        Binding("ctrl+t", "keep", mark("Keep"), id="scanner.keep",
                tooltip=mark("Keep for this computer what the scans have told")),
        Binding("ctrl+b", "forget", mark("Forget"), id="scanner.forget",
                tooltip=mark("Forget the keyboard layout that is kept for this computer")),
        Binding("ctrl+n", "begin_again", mark("Again"), id="scanner.again",
                tooltip=mark("Forget the scans made here, and begin again")),
        Binding("down", "read_on(1)", mark("Down"), show=False, id="scanner.down",
                tooltip=mark("Scroll what was found down")),
        Binding("up", "read_on(-1)", mark("Up"), show=False, id="scanner.up",
                tooltip=mark("Scroll what was found up")),
    ]  # fmt: skip
    scan_placeholder = mark("scan a code of the check page")
    nothing_written = mark("No page has been written here yet; Ctrl+S writes it.")

    checks_scanner = True
    """The app hears scanners of any speed here, and undoes no layout."""

    def __init__(self, *, is_page: bool = False) -> None:
        super().__init__(is_page=is_page)
        self.scans: list[RawScan] = []
        self.found = Diagnosis()
        self._remark = ""
        """What has become of the last key pressed."""

    def compose_body(self) -> Iterable[Widget]:
        """The codes at the left, what they tell at the right."""
        yield Horizontal(
            VerticalScroll(
                Lines(lambda width: codes_heard(self.found, width, self.station.keyboard)),
                id="check-left",
                can_focus=False,
            ),
            VerticalScroll(Lines(self._told_lines), id="check-right", can_focus=False),
            id="check",
        )

    @property
    def _shop_app(self) -> StockshopApp:
        return cast("StockshopApp", self.app)

    @property
    def station(self) -> Station:
        """The settings of this computer."""
        return self.told_by.station

    @property
    def told(self) -> Findings:
        """What the scans tell so far."""
        return findings(self.found, self.station, can_keep=self.told_by.station_file is not None)

    def begin(self) -> None:
        """Say what to do first."""
        self._show()

    def look_again(self) -> None:
        """The settings may have changed."""
        self._show()

    def _told_lines(self, width: int) -> list[Line]:
        rows = painted(self.told, width)
        if self._remark:
            rows += [[], *([part(f"  {row}", width, GOOD)] for row in wrap(self._remark, width - 2, 4))]
        return rows

    def _show(self) -> None:
        if self.is_attached:
            for lines in self.query(Lines):
                lines.refresh(layout=True)

    # -- scans -----------------------------------------------------------------------------------

    def on_code_scanned(self, message: CodeScanned) -> None:
        """Keep it as it came, and say what is known now."""
        message.stop()
        message.prevent_default()
        scan = message.scan
        if scan is None:
            self.app.bell()
            self.note_scan(tr("That was typed: scan it."), good=False)
            return
        raw = RawScan(scan.code, scan.end, scan.slowest_gap_ms)
        self.scans = [*self.scans[1 - _MOST_SCANS :], raw]
        self.found = diagnose(self.scans)
        self._remark = ""
        known = next((one for one in self.found.heard.values() if one.scan is raw), None)
        if known is None:
            self.app.bell()
            self.note_scan(tr("not on the page: {code}", code=shown(scan.code)), good=False)
        else:
            self.note_scan(f"{tr(known.code.label)} · {shown(scan.code)}")
        self._show()

    def action_begin_again(self) -> None:
        """As if nothing had been scanned."""
        self.scans, self.found, self._remark = [], Diagnosis(), ""
        self._show()

    def action_read_on(self, by: int) -> None:
        """The words may be more than fit."""
        self.query_one("#check-right").scroll_relative(y=by, animate=False)

    # -- what is kept ----------------------------------------------------------------------------

    def action_keep(self) -> None:
        """Write what was found into the settings of this computer; it holds at once."""
        keep = dict(self.told.keep)
        if not keep:
            raise InvalidInput(tr("There is nothing to keep: scan the page first, or all is well already."))
        self._change(keep, tr("Kept for this computer; scans are read so from now on."))

    def action_forget(self) -> None:
        """Forget the keyboard layout."""
        if not self.station.keyboard:
            raise InvalidInput(tr("No keyboard layout is kept for this computer."))
        self._change({"keyboard": {}}, tr("The keyboard layout is forgotten."))

    def _change(self, changes: dict[str, object], said: str) -> None:
        from stockshop.services.station import change_station

        path = self.told_by.station_file
        if path is None:
            raise InvalidInput(tr("It cannot be kept here: this computer has no settings file."))

        def done(station: Station) -> None:
            self._shop_app.take_station(station)
            self._remark = f"✓ {said}"
            self._show()

        self.write(lambda: change_station(path, **changes), done, doing="keeping the settings", changes=False)

    # -- the page --------------------------------------------------------------------------------

    def action_write(self) -> None:
        """Write the page where papers go."""
        from stockshop.services import scanning

        shop, paper = self.shop, self.station.paper
        path = self.written or files.free_path("scanner-check", ".pdf")

        def done(_: None) -> None:
            self.written = path
            self._remark = "✓ " + tr(
                "{path} is written. Print it at 100 %; Ctrl+G shows it. Then scan its codes here.", path=path
            )
            if self.is_attached:
                self._show()
            if not self.is_current:
                self.told_by.say(tr("The scanner check is written: {path}", path=path))

        self.write(
            lambda: scanning.print_check_page(shop, path, paper=paper), done,
            doing="writing the scanner check", changes=False,
        )  # fmt: skip
