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
from stockshop.ui import files
from stockshop.ui.at_work import WorkScreen
from stockshop.ui.counter.lines import BAD, GOOD, KEY, QUIET, STRONG, WARN, Line, content, part, wrap
from stockshop.ui.importing import picking
from stockshop.ui.importing.lists import FORMATS, PROBLEM_COLUMNS, EntryItem, Told, entry_columns
from stockshop.ui.labels.settings import setting
from stockshop.ui.screens.dialogs import Confirm, Confirmed
from stockshop.ui.widgets.cycle import Cycle
from stockshop.ui.widgets.inputs import ScanLine
from stockshop.ui.widgets.memory import InMemory
from stockshop.ui.widgets.progress import Job, ProgressLine
from stockshop.ui.widgets.record_list import RecordList

if TYPE_CHECKING:
    from stockshop.services.importing.storing import ImportResult
    from stockshop.ui.importing.columns import Headings, Mapped


class ImportScreen(WorkScreen):
    """A path with its folder below; then what the file would do, and what it cannot."""

    CSS_PATH: ClassVar[list[str | PurePath]] = [
        Path(__file__).parents[1] / "styles" / name for name in ("labels.tcss", "import.tcss")
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "import", "Import", id="import.do", tooltip="Take over what the preview says"),
        Binding("ctrl+t", "next_kind", "Products/stock", id="import.kind", tooltip="What the file holds"),
        Binding("ctrl+o", "columns", "Columns", id="import.columns", tooltip="Say which column is which"),
        Binding("ctrl+b", "choose_file", "Other file", id="import.file", tooltip="Choose another file"),
        Binding("tab", "complete", "Complete", show=False, id="import.complete",
                tooltip="Complete the path with what the cursor is on"),
        Binding("down", "list(1)", "Down", show=False, id="import.down", tooltip="Next file"),
        Binding("up", "list(-1)", "Up", show=False, id="import.up", tooltip="File before"),
        Binding("escape", "leave_scan_line", "Stop", show=False, id="import.stop",
                tooltip="Stop what runs; nothing of it stays"),
    ]  # fmt: skip
    AUTO_FOCUS = "#path"

    def __init__(self) -> None:
        super().__init__()
        self._file: Path | None = None
        self._mapping: dict[str, str] | None = None
        self.result: ImportResult | None = None
        """What the file would do, or has done."""
        self._folder = ""

    # -- what is on it -----------------------------------------------------------------------------

    def compose_body(self) -> Iterable[Widget]:
        """The path, what it holds, and a list: of files, or of rows."""
        yield setting("File", Input(id="path", compact=True, placeholder="a path; ~ is your home folder"))
        yield setting("It holds", Cycle((("products", "products"), ("stock", "opening stock")), id="kind"))
        yield Static("", id="import-head")
        yield RecordList(entry_columns(self.words), empty="Nothing to import lies here.", id="files")
        yield RecordList(PROBLEM_COLUMNS, empty="", id="rows")
        yield ProgressLine()

    def begin(self) -> None:
        """Begin in the documents folder."""
        self._show_part("files")
        path = self.query_one("#path", Input)
        path.value = f"{files.documents_folder()}/"
        path.cursor_position = len(path.value)

    def _show_part(self, which: str) -> None:
        self.query_one("#files").display = which == "files"
        self.query_one("#rows").display = which == "rows"

    @property
    def is_stock(self) -> bool:
        """Whether the file is to hold opening stock."""
        return self.query_one("#kind", Cycle).value == "stock"

    @property
    def entries(self) -> RecordList[EntryItem]:
        """The folder."""
        return self.query_one("#files", RecordList)

    # -- choosing a file -----------------------------------------------------------------------------

    @on(Input.Changed, "#path")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._forget()
        typed = event.value
        self.look(
            lambda: picking.listing(typed), self._show_folder, group="folder", doing="looking into the folder"
        )

    def _forget(self) -> None:
        self._file = self._mapping = self.result = None
        self._show_part("files")

    def _show_folder(self, found: picking.Listing) -> None:
        if self._file is not None:
            return
        self._folder = found.folder
        self.entries.empty = found.remark or "Nothing here that could be imported: CSV, TSV, XLSX or JSON."
        self.entries.set_source(InMemory(found.entries))
        hint = "Enter opens a folder, or looks at a file; nothing is changed yet."
        self._head(
            [[part(found.remark if found.entries else hint, 200, QUIET)]]
            if found.remark
            else [[(hint, QUIET)]]
        )

    def _head(self, rows: list[Line]) -> None:
        self.query_one("#import-head", Static).update(content(rows, 4))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in the path: what was typed if it is a file, else what the cursor is on."""
        if isinstance(event.input, ScanLine):
            return
        event.stop()
        if files.typed_path(event.value).is_file():
            self._check(files.typed_path(event.value))
        else:
            self._take_entry()

    @on(RecordList.Chosen, "#files")
    def _chosen(self, event: RecordList.Chosen) -> None:
        event.stop()
        self._take_entry()

    def _take_entry(self) -> None:
        item = self.entries.current
        if item is None:
            picking.file_at(self.query_one("#path", Input).value)
            return
        if item.value.is_folder:
            self._put_path(item.value.path + "/")
        else:
            self._put_path(item.value.path)
            self._check(Path(item.value.path))

    def _put_path(self, text: str) -> None:
        path = self.query_one("#path", Input)
        with self.prevent(Input.Changed):
            path.value = text
        path.cursor_position = len(text)
        if text.endswith("/"):
            self._typed(Input.Changed(path, text))
            path.focus()

    def action_complete(self) -> None:
        """Tab completes the path; elsewhere it goes on."""
        path = self.query_one("#path", Input)
        item = self.entries.current
        if path.has_focus and item is not None and self._file is None and path.value != item.value.path:
            self._put_path(item.value.path + ("/" if item.value.is_folder else ""))
        else:
            self.focus_next()

    def action_list(self, by: int) -> None:
        """Move in the list that is shown."""
        shown = "#files" if self._file is None else "#rows"
        self.query_one(shown, RecordList).action_step(by)

    def action_choose_file(self) -> None:
        """Back to choosing."""
        if self.job is None:
            path = self.query_one("#path", Input)
            self._put_path(f"{self._folder or files.documents_folder()}/")
            path.focus()

    def action_next_kind(self) -> None:
        """Products, or opening stock."""
        self.query_one("#kind", Cycle).action_turn(1)

    @on(Cycle.Changed, "#kind")
    def _kind_changed(self, event: Cycle.Changed) -> None:
        event.stop()
        self._mapping = None
        if self._file is not None and self.job is None:
            self._check(self._file)

    # -- looking at it -------------------------------------------------------------------------------

    def _run(self, job: Job, path: Path, *, dry_run: bool, skip_bad: bool) -> ImportResult:
        from stockshop.services.importing.apart import import_file

        return import_file(
            self.shop, self.actor, path, is_stock=self.is_stock, mapping=self._mapping, dry_run=dry_run,
            skip_bad=skip_bad, on_progress=job.progress, should_stop=job.should_stop,
        )  # fmt: skip

    def _check(self, path: Path) -> None:
        if self.job is not None:
            self.app.bell()
            return
        self._file, self.result = path, None
        self._show_part("rows")
        self._list_problems([])
        self._head([[(f"Looking through {path.name} …", QUIET)]])
        self.work_on(
            f"Checking {path.name}",
            # What the good rows would do is told beside what is wrong with the others.
            lambda job: self._run(job, path, dry_run=True, skip_bad=True),
            self._checked,
            refused=self._not_read,
            changes=False,
        )

    def _not_read(self, error: ShopError) -> None:
        from stockshop.services.importing.formats import ColumnsUnknown

        if not self.is_attached:
            return
        if isinstance(error, ColumnsUnknown):
            self.action_columns()
            return
        self._file = None
        self._show_part("files")
        if isinstance(error, Stopped):
            self._head([[("Stopped. Nothing was changed.", WARN)]])
        else:
            self.told_by.show_error(error)
            self._say_error(error)

    def _say_error(self, error: ShopError) -> None:
        width = max(20, self.query_one("#import-head").size.width)
        rows: list[Line] = [[(f"✗ {error.title}", BAD)]]
        self._head(rows + [[part(text, width)] for text in wrap(error.message, width, 3)])

    def _checked(self, result: ImportResult) -> None:
        if not self.is_attached:
            return
        self.result = result
        self._show_result(result, is_done=False)

    def _list_problems(self, told: list[Told]) -> None:
        rows = self.query_one("#rows", RecordList)
        rows.display = bool(told)
        rows.set_source(InMemory(told))

    def _show_result(self, result: ImportResult, *, is_done: bool) -> None:
        name = self._file.name if self._file is not None else ""
        width = max(40, self.query_one("#import-head").size.width)
        what = FORMATS.get(result.format, result.format)
        refused_rows = len({one.row for one in result.refused})
        counts: Line = [("✓ ", GOOD)] if is_done or not refused_rows else [("  ", "")]
        numbers = ((result.created, "new"), (result.updated, "changed"), (result.unchanged, "as before"))
        for number, word in numbers:
            counts += [(self.words.number(number * 1_000), STRONG), (f" {word}   ", "")]
        if refused_rows:
            counts += [("✗ ", BAD), (f"{self.words.number(refused_rows * 1_000)} cannot be taken   ", BAD)]
        if result.notices:
            counts += [(f"{self.words.number(len(result.notices) * 1_000)} notes   ", QUIET)]
        if result.unused:
            counts += [part(f"columns left out: {', '.join(result.unused)}", max(0, width - 60), QUIET)]
        read = self.words.number(result.read * 1_000)
        self._head(
            [[part(f"{name}: {what}, {read} rows", width, STRONG)], counts, self._what_next(result, is_done)]
        )
        self._list_problems(
            [*(Told(one, True) for one in result.refused), *(Told(one, False) for one in result.notices)]
        )

    @staticmethod
    def _what_next(result: ImportResult, is_done: bool) -> Line:
        if is_done:
            return [("Done. ", GOOD), ("F3 shows the products; Ctrl+B takes another file.", QUIET)]
        if result.refused:
            return [("Ctrl+S", KEY), (" takes the good rows and leaves the bad ones; or mend the file.", "")]
        if not result.created and not result.updated:
            return [("Nothing to do: everything in it is in the shop already.", QUIET)]
        return [("Ctrl+S", KEY), (" takes it over. Nothing is changed yet.", "")]

    # -- which column is which -------------------------------------------------------------------------

    def action_columns(self) -> None:
        """Ask which column is which."""
        path = self._file
        if path is None:
            raise InvalidInput("Choose a file first; then its columns can be named.")
        from stockshop.ui.importing.columns import read_headings

        shop, is_stock = self.shop, self.is_stock
        self.look(
            lambda: read_headings(shop, path, is_stock=is_stock),
            lambda headings: self._ask_columns(path, headings),
            group="headings",
            doing="reading the headings",
        )

    def _ask_columns(self, path: Path, headings: Headings) -> None:
        from stockshop.ui.importing.columns import ColumnsForm

        def answered(answer: Mapped | None) -> None:
            if answer is not None:
                self._mapping = answer.columns
                self._check(path)
            elif self.result is None:
                self.action_choose_file()

        self.app.push_screen(ColumnsForm(headings, is_stock=self.is_stock), answered)

    # -- doing it ----------------------------------------------------------------------------------------

    def action_import(self) -> None:
        """Take the file over; bad rows are left out only when a person says so."""
        result, path = self.result, self._file
        if self.job is not None or result is None or path is None:
            self.app.bell()
            if self.job is None:
                raise InvalidInput("Choose a file first: Enter looks at it.")
            return
        if result.written:
            self.say("That file is in already.")
            return
        if not result.refused:
            self._import(path, skip_bad=False)
            return

        def answered(answer: Confirmed | None) -> None:
            if answer is not None:
                self._import(path, skip_bad=True)

        bad = len({one.row for one in result.refused})
        question = Confirm(
            f"{bad} {'row' if bad == 1 else 'rows'} cannot be taken and would be left out; "
            "the same file can be imported again when they are mended.",
            title="Take the good rows?",
            yes="Take the good rows",
            danger=True,
        )
        self.app.push_screen(question, answered)

    def _import(self, path: Path, *, skip_bad: bool) -> None:
        self.work_on(
            f"Importing {path.name}",
            lambda job: self._run(job, path, dry_run=False, skip_bad=skip_bad),
            self._imported,
            refused=self._not_imported,
        )

    def _imported(self, result: ImportResult) -> None:
        if result.written:
            self.told_by.say(f"{result.created} new, {result.updated} changed.", title="Imported")
        if self.is_attached:
            self.result = result
            self._show_result(result, is_done=result.written)

    def _not_imported(self, error: ShopError) -> None:
        if isinstance(error, Stopped):
            self.told_by.say("Stopped. Nothing was changed.", severity="warning")
        else:
            self.told_by.show_error(error)
        if self.is_attached and self.result is not None:
            self._show_result(self.result, is_done=False)
