"""Shelf labels: choose products, or a whole zone, and write them on any sheet one can buy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from stockshop.errors import InvalidInput, ShopError
from stockshop.language import mark, tr, trn
from stockshop.ui import files
from stockshop.ui.labels.cells import CellGrid
from stockshop.ui.labels.choice import LabelChoice
from stockshop.ui.labels.habits import remember_labels, usual_sheet
from stockshop.ui.labels.paper_screen import PaperScreen
from stockshop.ui.labels.report import labels_said, labels_written, refused
from stockshop.ui.labels.settings import label_settings
from stockshop.ui.labels.sheet_picker import PickedSheet, SheetPicker, size_words
from stockshop.ui.safe import plain
from stockshop.ui.screens.dialogs import Confirm, Confirmed
from stockshop.ui.widgets.cycle import Cycle
from stockshop.ui.widgets.inputs import NumberInput, ScanLine
from stockshop.ui.widgets.progress import Job, ProgressLine
from stockshop.ui.widgets.record_list import Column, RecordList

if TYPE_CHECKING:
    from stockshop.documents.labels import LabelReport
    from stockshop.documents.sheets import LabelSheet
    from stockshop.services.catalogue import ProductRow
    from stockshop.services.locations import Place
    from stockshop.services.scanning import Scan


class LabelsScreen(PaperScreen):
    """Search and choose with space; Ctrl+S writes the PDF."""

    CSS_PATH: ClassVar[Path] = Path(__file__).parents[1] / "styles" / "labels.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+s", "write", mark("Write"), id="labels.write", tooltip=mark("Write the labels to a PDF")
        ),
        Binding(
            "ctrl+t",
            "next_view",
            mark("Chosen"),
            id="labels.view",
            tooltip=mark("All products, or those chosen"),
        ),
        Binding(
            "ctrl+o",
            "sheet",
            mark("Sheet"),
            id="labels.sheet",
            tooltip=mark("Choose the label sheet or roll"),
        ),
        Binding("ctrl+b", "clear", mark("None"), id="labels.clear", tooltip=mark("Choose no product again")),
        Binding("alt+c", "count_sheets", mark("Count sheets"), id="labels.count-sheets",
                tooltip=mark("Count sheets on paper instead")),
        Binding("ctrl+y", "why", mark("Why"), show=False, id="labels.why",
                tooltip=mark("Why there are so many: the whole ledger of this product")),
        Binding("ctrl+g", "open", mark("Open PDF"), id="labels.open",
                tooltip=mark("Show the PDF that was written")),
        Binding("down", "list(1)", mark("Down"), show=False, id="labels.down", tooltip=mark("Next product")),
        Binding("up", "list(-1)", mark("Up"), show=False, id="labels.up", tooltip=mark("Product before")),
        Binding(
            "space", "take", mark("Choose"), show=False, id="labels.take", tooltip=mark("Choose it, or not")
        ),
    ]  # fmt: skip
    scan_placeholder = mark("scan for a label, or type a name")
    nothing_written = mark("No labels have been written here yet; Ctrl+S writes them.")

    def __init__(self, chosen: Sequence[LabelChoice] = ()) -> None:
        super().__init__(is_page=bool(chosen))
        self.chosen: dict[int, LabelChoice] = {one.product_id: one for one in chosen}
        """What gets a label, in the order in which it was chosen."""
        self._only_chosen = bool(chosen)
        self._text = ""
        self._sheet: LabelSheet | None = None

    # -- what is on it -----------------------------------------------------------------------------

    def compose_body(self) -> Iterable[Widget]:
        """The products, and the settings beside them."""
        yield Horizontal(
            Vertical(
                Static("", id="labels-head"),
                RecordList(self._columns(), empty="", id="list"),
                id="labels-left",
            ),
            VerticalScroll(*label_settings(), id="labels-right", can_focus=False),
            id="labels",
        )
        yield ProgressLine()

    def _columns(self) -> tuple[Column[Any], ...]:
        def chosen(row: ProductRow | Any) -> str:
            return "✓" if self._id_of(row) in self.chosen else "·"

        return (
            Column(
                "", chosen, width=1, tone=lambda row: "good" if self._id_of(row) in self.chosen else "quiet"
            ),
            Column(tr("Product"), lambda row: self._of(row).name, least=12, weight=3, cut="middle"),
            Column(tr("SKU"), lambda row: self._of(row).sku, width=12, tone=lambda _: "quiet", from_width=44),
            Column(tr("Price"), lambda row: getattr(row, "price", ""), width=9, align="right", from_width=40),
        )

    @staticmethod
    def _of(row: Any) -> Any:
        return getattr(row, "value", row)

    def _id_of(self, row: Any) -> int:
        of = self._of(row)
        return int(of.product_id if isinstance(of, LabelChoice) else of.id)

    @property
    def records(self) -> RecordList[Any]:
        """The products to choose from."""
        return self.query_one("#list", RecordList)

    def begin(self) -> None:
        """List products, find the sheet used last, and propose a file."""
        self._list()
        out = self.query_one("#out", Input)
        out.value = str(files.free_path(tr("labels"), ".pdf"))
        out.cursor_position = len(out.value)
        self._read_sheet(usual_sheet(self.told_by, self.shop))
        self.query_one("#dpi", Cycle).value = str(self.told_by.station.dpi or "")
        self.look_again()

    def look_again(self) -> None:
        """Zones and products may have changed."""
        from stockshop.services import locations

        shop = self.shop
        self.look(lambda: locations.places(shop), self._show_zones, group="zones", doing="reading the zones")
        if self.records.counted and not self._only_chosen:
            self.records.reload()

    def _show_zones(self, places: Sequence[Place]) -> None:
        what = self.query_one("#what", Cycle)
        before = what.value
        zones = [
            (place.code, tr("all of {place}", place=place.name)) for place in places if place.kind == "zone"
        ]
        what.choices = (("", tr("chosen products")), *zones)
        what.value = before if before in dict(what.choices) else ""
        what.refresh()

    # -- choosing products ---------------------------------------------------------------------------

    @on(Input.Changed, "#scan-line")
    def _search(self, event: Input.Changed) -> None:
        event.stop()
        if event.value.isspace() and not self._text:
            # Nothing is typed: a space chooses, here too.
            event.input.value = ""
            self.action_take()
        elif event.value.strip() != self._text:
            self._text = event.value.strip()
            self._only_chosen = False
            self._list()

    def _list(self) -> None:
        from stockshop.services.catalogue import ProductListing
        from stockshop.ui.widgets.memory import InMemory

        records = self.records
        if self._only_chosen:
            records.empty = tr("Nothing is chosen yet: scan it, or find it and press space.")
            records.set_source(InMemory(tuple(self.chosen.values())))
        else:
            records.empty = (
                tr("Nothing matches.") if self._text else tr("No products yet: press F8 to import a file.")
            )
            listing: Any = ProductListing(self.shop, text=self._text)
            records.set_source(listing)
        self._tell_chosen()

    @on(Cycle.Changed, "#what")
    def _other_goods(self, event: Cycle.Changed) -> None:
        event.stop()
        self._tell_chosen()

    def _tell_chosen(self) -> None:
        many = len(self.chosen)
        what = self.query_one("#what", Cycle)
        if what.value:
            # A zone is printed, whatever is chosen: said where people look for what they chose.
            self.query_one("#labels-head", Static).update(plain(dict(what.choices)[what.value]))
            return
        said = (
            trn("{count} chosen · showing chosen", "{count} chosen · showing chosen", many)
            if self._only_chosen
            else trn("{count} chosen · showing all products", "{count} chosen · showing all products", many)
        )
        self.query_one("#labels-head", Static).update(plain(said))

    def action_take(self) -> None:
        """Choose the product under the cursor, or not."""
        row = self.records.current
        if row is None:
            return
        of, product_id = self._of(row), self._id_of(row)
        if self.chosen.pop(product_id, None) is None:
            self.chosen[product_id] = LabelChoice(product_id, of.sku, of.name)
        self.query_one("#what", Cycle).value = ""
        self.records.refresh()
        self.records.action_step(1)
        self._tell_chosen()

    def product_scanned(self, scan: Scan) -> None:
        """What is scanned gets a label."""
        if scan.product is not None:
            self.chosen[scan.product.id] = LabelChoice(scan.product.id, scan.product.sku, scan.product.name)
            self.query_one("#what", Cycle).value = ""
            self._only_chosen = True
            self._list()

    def place_scanned(self, place: Place) -> None:
        """Everything in the zone (or bin) that was scanned."""
        what = self.query_one("#what", Cycle)
        if place.code not in dict(what.choices):
            what.choices = (*what.choices, (place.code, tr("all of {place}", place=place.name)))
        what.value = place.code

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter on the search line chooses what is under the cursor; in a field it goes on."""
        if not isinstance(event.input, ScanLine):
            self.focus_next()
        else:
            event.stop()
            event.prevent_default()
            self.action_take()
            event.input.value = ""

    def on_record_list_chosen(self, event: RecordList.Chosen) -> None:
        """Enter or a double click chooses too."""
        event.stop()
        self.action_take()

    def action_why(self) -> None:
        """The ledger of the product under the cursor."""
        from stockshop.ui.products.history import open_why

        row = self.records.current
        if row is not None:
            open_why(self.app, self._id_of(row))

    def action_list(self, by: int) -> None:
        """Move from the search line."""
        self.records.action_step(by)

    def action_next_view(self) -> None:
        """All products, or only the chosen ones."""
        self._only_chosen = not self._only_chosen
        self._list()

    def action_clear(self) -> None:
        """No product is chosen."""
        self.chosen.clear()
        self._list()

    # -- the sheet -------------------------------------------------------------------------------------

    def _read_sheet(self, name: str) -> None:
        from stockshop.services import printing

        shop = self.shop
        self.look(
            lambda: printing.sheet_for(shop, name),
            self._show_sheet,
            group="sheet",
            doing="looking for the sheet",
        )

    def _show_sheet(self, sheet: LabelSheet) -> None:
        self._sheet = sheet
        self.query_one("#sheet", Button).label = plain(sheet.name)
        self._remark(
            tr("a roll")
            if sheet.is_roll
            else trn(
                "{count} label on {paper}", "{count} labels on {paper}", sheet.capacity, paper=sheet.page_name
            )
        )
        grid = self.query_one(CellGrid)
        grid.lay_out(sheet.cells)
        grid.display = sheet.capacity > 1

    def _remark(self, said: str) -> None:
        sheet = self._sheet
        if sheet is not None:
            rows = filter(None, (size_words(sheet), said, sheet.note))
            self.query_one("#sheet-remark", Static).update(plain("\n".join(rows), multiline=True))

    def action_sheet(self) -> None:
        """Choose another."""

        def picked(answer: PickedSheet | None) -> None:
            if answer is not None:
                self.query_one(CellGrid).start = 1
                self._read_sheet(answer.name)

        self.app.push_screen(SheetPicker(self._sheet.name if self._sheet else ""), picked)

    def on_cell_grid_moved(self, event: CellGrid.Moved) -> None:
        """Say which label is the first."""
        event.stop()
        grid = self.query_one(CellGrid)
        if self._sheet is not None:
            self._remark(tr("from label {start} of {all}", start=event.start, all=grid.capacity))

    # -- writing ------------------------------------------------------------------------------------------

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """The sheet, or the writing."""
        event.stop()
        if event.button.id == "sheet":
            self.action_sheet()
        else:
            self.action_write()

    def on_cycle_accepted(self) -> None:
        """On to the next setting."""
        self.focus_next()

    def action_write(self) -> None:
        """Check what is asked, and write."""
        if self._sheet is None or self.job is not None:
            self.app.bell()
            return
        zone = self.query_one("#what", Cycle).value
        if not zone and not self.chosen:
            raise InvalidInput(tr("Choose at least one product (space), or a zone."))
        path = files.typed_path(self.query_one("#out", Input).value or tr("labels") + ".pdf")
        if path.exists() and path != self.written:

            def answered(answer: Confirmed | None) -> None:
                if answer is not None:
                    self._write(zone, path)

            question = Confirm(
                tr("{path} is there already.", path=path),
                title=tr("Write over it?"),
                yes=tr("Write over"),
                danger=True,
            )
            self.app.push_screen(question, answered)
        else:
            self._write(zone, path)

    def _write(self, zone: str, path: Path) -> None:
        from stockshop.services import printing

        sheet = self._sheet
        assert sheet is not None
        name = sheet.part if sheet.brand == "Roll" else sheet.name
        shop, actor, start = self.shop, self.actor, self.query_one(CellGrid).start
        copies: int | str = self.query_one("#many", Cycle).value
        if not copies:
            number = self.query_one("#copies", NumberInput).number()
            copies = int(number) if number is not None else 1
        dpi = self.query_one("#dpi", Cycle).value
        symbol = self.query_one("#symbol", Cycle).value
        skip = self.query_one("#bad", Cycle).value == "skip"
        ids = () if zone else tuple(self.chosen)
        app = self.told_by

        def work(job: Job) -> LabelReport:
            report = printing.print_labels(
                shop, path, product_ids=ids, zone=zone or None, sheet=name, dpi=int(dpi) if dpi else None,
                start=start, copies=copies, symbol=symbol, skip_refused=skip, replace_missing=skip,
                on_progress=job.progress, should_stop=job.should_stop,
            )  # fmt: skip
            remember_labels(app, shop, actor, name, int(dpi or 0))
            return report

        self.query_one("#report", Static).update("")
        self.work_on(tr("Writing labels"), work, lambda report: self._written(report, path),
                     refused=self._refused, changes=False)  # fmt: skip

    def _written(self, report: LabelReport, path: Path) -> None:
        self.written = path
        if not self.is_current:
            self.told_by.say(f"{labels_said(report)}: {path}")
        if self.is_attached:
            self._show_report(lambda width: labels_written(report, path, width))
            self.query_one(CellGrid).start = report.next_start

    def _refused(self, error: ShopError) -> None:
        if not self.is_attached:
            self.told_by.show_error(error)
            return
        self.app.bell()
        leaves_out = self.query_one("#bad", Cycle).value == "skip"
        hint = "" if leaves_out else tr("Troubles can be left out: see above.")
        self._show_report(lambda width: refused(error, width, hint))

    def _show_report(self, paint: Callable[[int], Content]) -> None:
        report = self.query_one("#report", Static)
        report.update(paint(max(20, report.size.width)))
        # Once it has its height.
        self.call_after_refresh(self.query_one("#labels-right").scroll_end, animate=False)

    def action_count_sheets(self) -> None:
        """The other paper of the shop."""
        from stockshop.ui.screens.count_sheets import CountSheetsScreen

        self.app.push_screen(CountSheetsScreen(is_page=True))
