"""Choosing a file: a path that is typed, pasted or dragged, with its folder below it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual import events, on
from textual.widgets import Input, Static

from stockshop.language import tr
from stockshop.ui import files
from stockshop.ui.at_work import WorkScreen
from stockshop.ui.counter.lines import QUIET, Line, content, part
from stockshop.ui.importing import picking
from stockshop.ui.importing.lists import EntryItem
from stockshop.ui.importing.recent import recent_files
from stockshop.ui.messages import CodeScanned
from stockshop.ui.safe import line
from stockshop.ui.widgets.inputs import ScanLine
from stockshop.ui.widgets.memory import InMemory
from stockshop.ui.widgets.record_list import RecordList


class PathInput(Input):
    """A path. A whole one that is pasted or dragged here stands alone, whatever stood there before."""

    def on_paste(self, event: events.Paste) -> None:
        """Replace what stands there by a whole path; a part of one is put in."""
        text = event.text.strip()
        if files.is_whole_path(text):
            event.stop()
            event.prevent_default()
            self.value = line(text)
            self.cursor_position = len(self.value)


class ChoosingScreen(WorkScreen):
    """A screen with an Input `#path`, the lists `#files` and `#rows`, and `#import-head`."""

    def __init__(self) -> None:
        super().__init__()
        self.file: Path | None = None
        """What was chosen; None while somebody chooses."""
        self.folder = ""
        """What is listed."""

    def file_chosen(self, path: Path) -> None:
        """Look at this file."""
        raise NotImplementedError

    def file_forgotten(self) -> None:
        """Somebody chooses another one."""
        raise NotImplementedError

    @property
    def entries(self) -> RecordList[EntryItem]:
        """The folder."""
        return self.query_one("#files", RecordList)

    def on_code_scanned(self, message: CodeScanned) -> None:
        """Some terminals type what is dragged into them as fast as a scanner does."""
        path = files.typed_path(message.code, files.documents_folder())
        if not message.typed and files.is_whole_path(message.code) and path.is_file():
            message.stop()
            message.prevent_default()
            # Behind what the field says when it gets its text back.
            self.call_after_refresh(self._take, path)

    # -- choosing a file -----------------------------------------------------------------------------

    @on(Input.Changed, "#path")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        now = self.query_one("#path", Input).value
        if event.value != now or (self.file is not None and now == str(self.file)):
            # News of a value that is gone, or of the one that was put there.
            return
        self._forget()
        typed, station_file = event.value, self.told_by.station_file
        self.look(
            lambda: picking.listing(typed, recent_files(station_file)),
            self._show_folder,
            group="folder",
            doing=tr("looking into the folder"),
        )

    def _forget(self) -> None:
        self.file = None
        self.file_forgotten()

    def _show_folder(self, found: picking.Listing) -> None:
        if self.file is not None:
            return
        self.folder = found.folder
        self.entries.empty = found.remark or tr(
            "Nothing here that could be imported: CSV, TSV, XLSX or JSON."
        )
        self.entries.set_source(InMemory(found.entries))
        hint = tr("Enter opens a folder, or looks at a file; nothing is changed yet.")
        # Without a list the remark stands where the list would be.
        said = found.remark if found.entries and found.remark else hint
        self.head([] if found.remark and not found.entries else [[part(said, 200, QUIET)]])

    def head(self, rows: list[Line]) -> None:
        """What is known of the folder or the file, above the list."""
        self.query_one("#import-head", Static).update(content(rows, 5))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in the path: what was typed if it is a file, else what the cursor is on."""
        if isinstance(event.input, ScanLine):
            return
        event.stop()
        if files.typed_path(event.value, files.documents_folder()).is_file():
            self.file_chosen(files.typed_path(event.value, files.documents_folder()))
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
            self._take(Path(item.value.path))

    def _take(self, path: Path) -> None:
        self._put_path(str(path))
        self.file_chosen(path)

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
        if path.has_focus and item is not None and self.file is None and path.value != item.value.path:
            self._put_path(item.value.path + ("/" if item.value.is_folder else ""))
        else:
            self.focus_next()

    def action_list(self, by: int) -> None:
        """Move in the list that is shown."""
        self.shown_list().action_step(by)

    def action_list_page(self, by: int) -> None:
        """A screen of what is shown."""
        self.shown_list().action_page(by)

    def shown_list(self) -> RecordList[Any]:
        """The list that the arrow keys move in."""
        return self.query_one("#files" if self.file is None else "#rows", RecordList)

    def action_choose_file(self) -> None:
        """Back to choosing."""
        if self.job is None:
            path = self.query_one("#path", Input)
            self._put_path(f"{self.folder or files.documents_folder()}/")
            path.focus()
