"""Count sheets on paper: choose zones, blind or with the book, and write the PDF."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from stockshop.errors import InvalidInput, ShopError
from stockshop.language import mark, tr, trn
from stockshop.ui import files
from stockshop.ui.labels.paper_screen import PaperScreen
from stockshop.ui.labels.report import refused, sheets_said, sheets_written
from stockshop.ui.labels.settings import said, setting
from stockshop.ui.safe import plain
from stockshop.ui.screens.dialogs import Confirm, Confirmed
from stockshop.ui.widgets.cycle import Cycle
from stockshop.ui.widgets.inputs import ScanLine
from stockshop.ui.widgets.memory import InMemory, Item
from stockshop.ui.widgets.progress import Job, ProgressLine
from stockshop.ui.widgets.record_list import Column, RecordList

if TYPE_CHECKING:
    from stockshop.documents.count_sheets import CountSheetReport
    from stockshop.services.locations import Place

PlaceItem = Item["Place"]
_SHOWS = (("blind", mark("no quantities (blind)")), ("informed", mark("the book's quantities")))
_PAPERS = (("", mark("as usual here")), ("A4", "A4"), ("Letter", "Letter"))
_NAMES = (("replace", mark("may hold '?'")), ("refuse", mark("must all be printable")))


class CountSheetsScreen(PaperScreen):
    """Space chooses zones, Ctrl+S writes a sheet for each."""

    CSS_PATH: ClassVar[Path] = Path(__file__).parents[1] / "styles" / "labels.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+s",
            "write",
            mark("Write"),
            id="sheets.write",
            tooltip=mark("Write the count sheets to a PDF"),
        ),
        Binding("space", "take", mark("Choose"), id="sheets.take", tooltip=mark("Count this zone, or not")),
        Binding(
            "ctrl+g",
            "open",
            mark("Open PDF"),
            id="sheets.open",
            tooltip=mark("Show the PDF that was written"),
        ),
    ]
    AUTO_FOCUS = "#list"
    scan_placeholder = mark("scan a zone or a bin")
    nothing_written = mark("No count sheet has been written here yet; Ctrl+S writes it.")

    def __init__(self, *, is_page: bool = False) -> None:
        super().__init__(is_page=is_page)
        self.chosen: set[str] = set()
        """Codes of the zones to count."""
        self._bins: dict[int, int] = {}

    def compose_body(self) -> Iterable[Widget]:
        """The zones, and the settings beside them."""
        yield Horizontal(
            Vertical(
                Static("", id="labels-head"),
                RecordList(self._columns(), empty=tr("No zones yet: F4 adds one."), id="list"),
                id="labels-left",
            ),
            VerticalScroll(
                setting(tr("Shows"), Cycle(said(_SHOWS), id="shows")),
                setting(tr("Paper"), Cycle(said(_PAPERS), id="paper")),
                setting(tr("Names"), Cycle(said(_NAMES), id="names")),
                setting(tr("File"), Input(id="out", compact=True)),
                Button(plain(tr("Write the PDF (Ctrl+S)")), id="labels-do", variant="primary", compact=True),
                Static("", id="report"),
                id="labels-right",
                can_focus=False,
            ),
            id="labels",
        )  # fmt: skip
        yield ProgressLine()

    def _columns(self) -> tuple[Column[PlaceItem], ...]:
        def chosen(item: PlaceItem) -> str:
            return "✓" if item.value.code in self.chosen else "·"

        return (
            Column(
                "", chosen, width=1, tone=lambda item: "good" if item.value.code in self.chosen else "quiet"
            ),
            Column(tr("Zone"), lambda item: item.value.name, least=12, weight=2),
            Column(tr("Code"), lambda item: item.value.code, width=12, tone=lambda _: "quiet"),
            Column(tr("Bins"), lambda item: str(self._bins.get(item.value.id, 0)), width=8, align="right"),
        )

    @property
    def records(self) -> RecordList[PlaceItem]:
        """The zones."""
        return self.query_one("#list", RecordList)

    def begin(self) -> None:
        """Read the zones, and propose a file."""
        out = self.query_one("#out", Input)
        out.value = str(files.free_path(tr("count sheets"), ".pdf"))
        out.cursor_position = len(out.value)
        self.query_one("#paper", Cycle).value = self.told_by.station.paper
        self.look_again()

    def look_again(self) -> None:
        """Zones may have changed."""
        from stockshop.services import locations

        shop = self.shop
        self.look(lambda: locations.places(shop), self._show, group="zones", doing="reading the zones")

    def _show(self, places: Sequence[Place]) -> None:
        self._bins = {}
        for place in places:
            if place.kind == "bin" and place.parent_id is not None:
                self._bins[place.parent_id] = self._bins.get(place.parent_id, 0) + 1
        zones = [place for place in places if place.kind == "zone"]
        # A bin that was scanned is counted by itself.
        zones += [place for place in places if place.kind != "zone" and place.code in self.chosen]
        self.chosen &= {place.code for place in zones}
        records = self.records
        records.set_source(InMemory(zones, lambda place: place.id), keep_cursor=records.count > 0)
        self._tell()

    def _tell(self) -> None:
        many = len(self.chosen)
        said = trn("{count} chosen", "{count} chosen", many) if many else tr("Space chooses what to count")
        self.query_one("#labels-head", Static).update(plain(said))

    def action_take(self) -> None:
        """Count the zone under the cursor, or not."""
        item = self.records.current
        if item is not None:
            self.chosen ^= {item.value.code}
            self.records.refresh()
            self._tell()

    def place_scanned(self, place: Place) -> None:
        """A zone or a bin by its barcode."""
        self.chosen.add(place.code)
        self.look_again()

    def on_record_list_chosen(self, event: RecordList.Chosen) -> None:
        """Enter or a double click chooses too."""
        event.stop()
        self.action_take()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in a field goes on."""
        if not isinstance(event.input, ScanLine):
            self.focus_next()

    def on_cycle_accepted(self) -> None:
        """On to the next setting."""
        self.focus_next()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Write."""
        event.stop()
        self.action_write()

    def action_write(self) -> None:
        """Check what is asked, and write."""
        if self.job is not None:
            self.app.bell()
            return
        if not self.chosen:
            raise InvalidInput(tr("Choose at least one zone to count: press space on it."))
        path = files.typed_path(self.query_one("#out", Input).value or tr("count sheets") + ".pdf")
        if path.exists() and path != self.written:

            def answered(answer: Confirmed | None) -> None:
                if answer is not None:
                    self._write(path)

            question = Confirm(
                tr("{path} is there already.", path=path),
                title=tr("Write over it?"),
                yes=tr("Write over"),
                danger=True,
            )
            self.app.push_screen(question, answered)
        else:
            self._write(path)

    def _write(self, path: Path) -> None:
        from stockshop.services import printing

        shop = self.shop
        zones = [item.code for item in self._in_order()]
        informed = self.query_one("#shows", Cycle).value == "informed"
        paper = self.query_one("#paper", Cycle).value
        replace = self.query_one("#names", Cycle).value == "replace"

        def work(job: Job) -> CountSheetReport:
            return printing.print_count_sheets(
                shop, path, zones, informed=informed, paper=paper, replace_missing=replace,
                on_progress=job.progress, should_stop=job.should_stop,
            )  # fmt: skip

        self.query_one("#report", Static).update("")
        self.work_on(tr("Writing count sheets"), work, lambda report: self._written(report, path),
                     refused=self._refused, changes=False)  # fmt: skip

    def _in_order(self) -> list[Place]:
        rows = (self.records.row_at(number) for number in range(self.records.count))
        return [row.value for row in rows if row is not None and row.value.code in self.chosen]

    def _written(self, report: CountSheetReport, path: Path) -> None:
        self.written = path
        if not self.is_current:
            self.told_by.say(f"{sheets_said(report)}: {path}")
        if self.is_attached:
            self._show_report(lambda width: sheets_written(report, path, width))

    def _refused(self, error: ShopError) -> None:
        if not self.is_attached:
            self.told_by.show_error(error)
            return
        self.app.bell()
        self._show_report(lambda width: refused(error, width))

    def _show_report(self, paint: Callable[[int], Content]) -> None:
        report = self.query_one("#report", Static)
        report.update(paint(max(20, report.size.width)))
        # Once it has its height.
        self.call_after_refresh(self.query_one("#labels-right").scroll_end, animate=False)
