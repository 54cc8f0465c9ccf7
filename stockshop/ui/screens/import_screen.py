"""Import: choose a file, see what would happen, do it; stopping leaves no trace."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, Static

from stockshop.errors import InvalidInput, ShopError, Stopped
from stockshop.language import mark, tr, trn
from stockshop.ui import files
from stockshop.ui.counter.lines import BAD, QUIET, WARN, Line, content, part, wrap
from stockshop.ui.importing.choosing import ChoosingScreen, PathInput
from stockshop.ui.importing.lists import Told, entry_columns, row_columns, rows_of, views_of
from stockshop.ui.importing.recent import keep_recent
from stockshop.ui.importing.telling import detail_of, head_of
from stockshop.ui.labels.settings import setting
from stockshop.ui.screens.dialogs import Confirm, Confirmed
from stockshop.ui.widgets.cycle import Cycle
from stockshop.ui.widgets.memory import InMemory
from stockshop.ui.widgets.progress import Job, ProgressLine
from stockshop.ui.widgets.record_list import RecordList

if TYPE_CHECKING:
    from stockshop.services.importing.looking import FileLook
    from stockshop.services.importing.storing import ImportResult
    from stockshop.ui.importing.columns import Headings, Mapped


class ImportScreen(ChoosingScreen):
    """A path with its folder below; then what the file would do, and what it cannot."""

    CSS_PATH: ClassVar[list[str | PurePath]] = [
        Path(__file__).parents[1] / "styles" / name for name in ("labels.tcss", "import.tcss")
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "import", mark("Import"), id="import.do",
                tooltip=mark("Take over what the preview says")),
        Binding("ctrl+b", "choose_file", mark("Other file"), id="import.file",
                tooltip=mark("Choose another file")),
        Binding("ctrl+o", "columns", mark("Columns"), id="import.columns",
                tooltip=mark("Say which column is which")),
        Binding("ctrl+g", "view", mark("Show"), id="import.view",
                tooltip=mark("What is refused, what is new, what changes")),
        Binding("ctrl+l", "save_rows", mark("Save bad rows"), id="import.save",
                tooltip=mark("Write what cannot be taken into a CSV file")),
        Binding("ctrl+t", "next_kind", mark("Products/stock"), id="import.kind",
                tooltip=mark("What the file holds")),
        Binding("tab", "complete", mark("Complete"), show=False, id="import.complete",
                tooltip=mark("Complete the path with what the cursor is on")),
        Binding("down", "list(1)", mark("Down"), show=False, id="import.down",
                tooltip=mark("Next file or row")),
        Binding("up", "list(-1)", mark("Up"), show=False, id="import.up",
                tooltip=mark("File or row before")),
        Binding("pagedown", "list_page(1)", mark("Page down"), show=False, id="import.page-down",
                tooltip=mark("A screen of files or rows down")),
        Binding("pageup", "list_page(-1)", mark("Page up"), show=False, id="import.page-up",
                tooltip=mark("A screen of files or rows up")),
        Binding("escape", "leave_scan_line", mark("Stop"), show=False, id="import.stop",
                tooltip=mark("Stop what runs; nothing of it stays")),
    ]  # fmt: skip
    AUTO_FOCUS = "#path"

    def __init__(self) -> None:
        super().__init__()
        self._mapping: dict[str, str] | None = None
        self.result: ImportResult | None = None
        """What the file would do, or has done."""
        self._file_look: FileLook | None = None

    # -- what is on it -----------------------------------------------------------------------------

    def compose_body(self) -> Iterable[Widget]:
        """The path, what it holds, and a list: of files, or of rows."""
        placeholder = tr("a path; ~ is your home folder; drag a file here")
        yield setting(tr("File"), PathInput(id="path", compact=True, placeholder=placeholder))
        kinds = (
            ("", tr("what the file tells")),
            ("stock", tr("opening stock")),
            ("products", tr("products")),
        )
        yield setting(tr("It holds"), Cycle(kinds, id="kind"))
        yield Static("", id="import-head")
        yield RecordList(entry_columns(self.words), empty=tr("Nothing to import lies here."), id="files")
        show = setting(tr("Show"), Cycle((("", tr("everything")),), id="view"))
        show.id = "show"
        yield show
        yield RecordList(row_columns(self.words), empty="", id="rows")
        yield Static("", id="row-detail")
        yield ProgressLine()

    def begin(self) -> None:
        """Begin in the documents folder."""
        self._show_part("files")
        path = self.query_one("#path", Input)
        path.value = f"{files.documents_folder()}/"
        path.cursor_position = len(path.value)

    def _show_part(self, which: str) -> None:
        self.query_one("#files").display = which == "files"
        for part_of_rows in ("#rows", "#show", "#row-detail"):
            self.query_one(part_of_rows).display = which == "rows"

    @property
    def is_stock(self) -> bool:
        """Whether the file is to hold opening stock: as a person says, else as the file tells."""
        said = self.query_one("#kind", Cycle).value
        return said == "stock" or (not said and self._file_look is not None and self._file_look.is_stock)

    def file_forgotten(self) -> None:
        """Somebody chooses another file."""
        self._mapping = self.result = self._file_look = None
        self._show_part("files")

    def action_next_kind(self) -> None:
        """Products, or opening stock."""
        self.query_one("#kind", Cycle).action_turn(1)

    @on(Cycle.Changed, "#kind")
    def _kind_changed(self, event: Cycle.Changed) -> None:
        event.stop()
        self._mapping = None
        if self.file is not None and self.job is None:
            self.file_chosen(self.file)

    # -- looking at it -------------------------------------------------------------------------------

    def _run(self, job: Job, path: Path, *, dry_run: bool, skip_bad: bool, is_stock: bool) -> ImportResult:
        from stockshop.services.importing.apart import import_file

        return import_file(
            self.shop, self.actor, path, is_stock=is_stock, mapping=self._mapping, dry_run=dry_run,
            skip_bad=skip_bad, on_progress=job.progress, should_stop=job.should_stop,
        )  # fmt: skip

    def file_chosen(self, path: Path) -> None:
        """Find out what it would do."""
        if self.job is not None:
            self.app.bell()
            return
        self.file, self.result = path, None
        self._show_part("rows")
        self._list_rows()
        self.head([[(tr("Looking through {file} …", file=path.name), QUIET)]])
        said, station_file = self.query_one("#kind", Cycle).value, self.told_by.station_file

        def work(job: Job) -> tuple[FileLook, ImportResult]:
            from stockshop.services.importing.looking import look_at

            looked = look_at(self.shop, path)
            # For the columns that have to be asked for, should nobody recognise them.
            self._file_look = looked
            is_stock = said == "stock" or (not said and looked.is_stock)
            # What the good rows would do is told beside what is wrong with the others.
            result = self._run(job, path, dry_run=True, skip_bad=True, is_stock=is_stock)
            keep_recent(station_file, path)
            return looked, result

        self.work_on(
            tr("Checking {file}", file=path.name), work, self._checked, refused=self._not_read, changes=False
        )

    def _not_read(self, error: ShopError) -> None:
        from stockshop.services.importing.formats import ColumnsUnknown

        if not self.is_attached:
            return
        if isinstance(error, ColumnsUnknown):
            self.action_columns()
            return
        self.file = None
        self._show_part("files")
        if isinstance(error, Stopped):
            self.head([[(tr("Stopped. Nothing was changed."), WARN)]])
        else:
            self.told_by.show_error(error)
            self._say_error(error)

    def _say_error(self, error: ShopError) -> None:
        width = max(20, self.query_one("#import-head").size.width)
        rows: list[Line] = [[(tr("✗ {message}", message=tr(error.title)), BAD)]]
        self.head(rows + [[part(text, width)] for text in wrap(error.message, width, 3)])

    def _checked(self, found: tuple[FileLook, ImportResult]) -> None:
        if not self.is_attached or self.file is None:
            # Another file is being chosen already.
            return
        self._file_look, self.result = found
        self._show_result(self.result, is_done=False)

    def _list_rows(self) -> None:
        view, result = self.query_one("#view", Cycle), self.result
        told = () if result is None else rows_of(result, view.value, self.words)
        rows = self.query_one("#rows", RecordList)
        for shown in (rows, self.query_one("#show"), self.query_one("#row-detail")):
            shown.display = bool(told)
        rows.set_source(InMemory(told))
        if told:
            self._tell_row(told[0])
        else:
            self.query_one("#row-detail", Static).update("")

    @on(Cycle.Changed, "#view")
    def _view_changed(self, event: Cycle.Changed) -> None:
        event.stop()
        self._list_rows()

    def action_view(self) -> None:
        """The next group of rows."""
        self.query_one("#view", Cycle).action_turn(1)

    @on(RecordList.Highlighted, "#rows")
    def _row_highlighted(self, event: RecordList.Highlighted) -> None:
        event.stop()
        item = self.query_one("#rows", RecordList).current
        if item is not None:
            self._tell_row(item.value)

    def _tell_row(self, told: Told) -> None:
        detail = self.query_one("#row-detail", Static)
        width = max(20, detail.content_size.width or 60)
        detail.update(content(detail_of(told, self.words, width), 3))

    def _show_result(self, result: ImportResult, *, is_done: bool) -> None:
        name = self.file.name if self.file is not None else ""
        width = max(40, self.query_one("#import-head").size.width)
        written = "" if self._file_look is None else self._file_look.written
        self.head(head_of(result, name, written, self.words, width, is_done=is_done))
        self.query_one("#view", Cycle).choices = views_of(result, self.words)
        self.query_one("#view", Cycle).index = 0
        self.query_one("#view", Cycle).refresh()
        self._show_part("rows")
        self._list_rows()

    def action_save_rows(self) -> None:
        """Write the list of what cannot be taken, for whoever mends the file."""
        result, file = self.result, self.file
        if result is None or file is None or not (result.refused or result.notices):
            raise InvalidInput(tr("There is no row to be told about; every row can be taken as it is."))
        path = files.free_path(tr("{file} - bad rows", file=file.stem), ".csv")

        def work() -> int:
            from stockshop.services.importing.bad_rows import write_bad_rows

            return write_bad_rows(path, result)

        def written(many: int) -> None:
            self.told_by.say(
                trn("{count} line in {path}.", "{count} lines in {path}.", many, path=path),
                title=tr("The bad rows are saved"),
            )

        self.write(work, written, doing=tr("saving the bad rows"), changes=False)

    # -- which column is which -------------------------------------------------------------------------

    def action_columns(self) -> None:
        """Ask which column is which."""
        path = self.file
        if path is None:
            raise InvalidInput(tr("Choose a file first; then its columns can be named."))
        from stockshop.ui.importing.columns import read_headings

        shop, is_stock = self.shop, self.is_stock
        self.look(
            lambda: read_headings(shop, path, is_stock=is_stock),
            lambda headings: self._ask_columns(path, headings),
            group="headings",
            doing=tr("reading the headings"),
        )

    def _ask_columns(self, path: Path, headings: Headings) -> None:
        from stockshop.ui.importing.columns import ColumnsForm

        def answered(answer: Mapped | None) -> None:
            if answer is not None:
                self._mapping = answer.columns
                self.file_chosen(path)
            elif self.result is None:
                self.action_choose_file()

        self.app.push_screen(ColumnsForm(headings, is_stock=self.is_stock), answered)

    # -- doing it ----------------------------------------------------------------------------------------

    def action_import(self) -> None:
        """Take the file over; bad rows are left out only when a person says so."""
        result, path = self.result, self.file
        if self.job is not None or result is None or path is None:
            self.app.bell()
            if self.job is None:
                raise InvalidInput(tr("Choose a file first: Enter looks at it."))
            return
        if result.written:
            self.say(tr("That file is in already."))
            return
        if not result.refused:
            self._import(path, skip_bad=False)
            return

        def answered(answer: Confirmed | None) -> None:
            if answer is not None:
                self._import(path, skip_bad=True)

        bad = len({one.row for one in result.refused})
        question = Confirm(
            trn(
                "{count} row cannot be taken and would be left out; "
                "the same file can be imported again when they are mended.",
                "{count} rows cannot be taken and would be left out; "
                "the same file can be imported again when they are mended.",
                bad,
                count=self.words.number(bad * 1_000),
            ),
            title=tr("Take the good rows?"),
            yes=tr("Take the good rows"),
            danger=True,
        )
        self.app.push_screen(question, answered)

    def _import(self, path: Path, *, skip_bad: bool) -> None:
        is_stock = self.is_stock
        self.work_on(
            tr("Importing {file}", file=path.name),
            lambda job: self._run(job, path, dry_run=False, skip_bad=skip_bad, is_stock=is_stock),
            self._imported,
            refused=self._not_imported,
        )

    def _imported(self, result: ImportResult) -> None:
        if result.written:
            new, changed = (self.words.number(many * 1_000) for many in (result.created, result.updated))
            said = tr("{new} new, {changed} changed.", new=new, changed=changed)
            self.told_by.say(said, title=tr("Imported"))
        if self.is_attached:
            self.result = result
            self._show_result(result, is_done=result.written)

    def _not_imported(self, error: ShopError) -> None:
        if isinstance(error, Stopped):
            self.told_by.say(tr("Stopped. Nothing was changed."), severity="warning")
        else:
            self.told_by.show_error(error)
        if self.is_attached and self.result is not None:
            self._show_result(self.result, is_done=False)
