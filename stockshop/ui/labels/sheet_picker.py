"""Finding a label sheet among all that one can buy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from stockshop.errors import ShopError
from stockshop.language import mark, tr
from stockshop.ui.screens.dialogs import Question
from stockshop.ui.widgets.memory import InMemory, Item
from stockshop.ui.widgets.record_list import Column, RecordList

if TYPE_CHECKING:
    from stockshop.documents.sheets import LabelSheet

_MOST = 2_000
SheetItem = Item["LabelSheet"]


@dataclass(frozen=True, slots=True)
class PickedSheet:
    """A sheet, by the name under which it is found again."""

    name: str


def size_words(sheet: LabelSheet) -> str:
    """`63.5 × 38.1 mm`."""
    width, height = sheet.size_mm
    return f"{width:.4g} × {height:.4g} mm"


def _columns() -> tuple[Column[SheetItem], ...]:
    return (
        Column(tr("Sheet"), lambda item: item.value.name, least=18, weight=3),
        Column(
            tr("Labels"),
            lambda item: tr("roll") if item.value.is_roll else str(item.value.capacity),
            width=10,
            align="right",
        ),
        Column(tr("Size"), lambda item: size_words(item.value), width=17, align="right"),
        Column(tr("Paper"), lambda item: item.value.page_name, width=10, tone=lambda _: "quiet"),
        Column(
            tr("What for"),
            lambda item: item.value.description,
            weight=2,
            least=10,
            tone=lambda _: "quiet",
            from_width=66,
        ),
    )


class SheetPicker(Question[PickedSheet]):
    """Type a maker, a part or a size; arrows and Enter choose."""

    DEFAULT_CSS = """
    SheetPicker #question { width: 92; height: 86%; padding: 0 1; }
    SheetPicker #question-text { display: none; }
    SheetPicker #sheet-search { background: $background; }
    SheetPicker #sheets { height: 1fr; margin: 1 0 0 0; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "list(1)", mark("Down"), show=False, id="sheets.down", tooltip=mark("Next sheet")),
        Binding("up", "list(-1)", mark("Up"), show=False, id="sheets.up", tooltip=mark("Sheet before")),
        Binding(
            "pagedown",
            "page(1)",
            mark("Page down"),
            show=False,
            id="sheets.page-down",
            tooltip=mark("More sheets"),
        ),
        Binding(
            "pageup",
            "page(-1)",
            mark("Page up"),
            show=False,
            id="sheets.page-up",
            tooltip=mark("Sheets before"),
        ),
    ]
    AUTO_FOCUS = "#sheet-search"

    def __init__(self, current: str) -> None:
        super().__init__("", title=tr("Which sheet or roll?"))
        self._current = current

    def compose_answer(self) -> Iterable[Widget]:
        """A search line and what it finds."""
        yield Input(
            placeholder=tr("maker, part or size: avery 5160, dymo, 38x21"), id="sheet-search", compact=True
        )
        yield RecordList(
            _columns(), empty=tr("No sheet fits that. A roll of your own: its size, 57x32."), id="sheets"
        )

    @property
    def records(self) -> RecordList[SheetItem]:
        """What was found."""
        return self.query_one("#sheets", RecordList)

    def on_mount(self) -> None:
        """Everything, with the cursor on the present sheet."""
        self._find("")
        for number, item in enumerate(self._source.items):
            if item.value.name == self._current:
                self.call_after_refresh(self.records.go_to, number)
                break

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search as you type."""
        event.stop()
        self._find(event.value)

    def _find(self, text: str) -> None:
        from stockshop.documents.sheets import find_sheet, search_sheets

        found = search_sheets(text, limit=_MOST)
        if not found and text.strip():
            try:
                found = (find_sheet(text),)
            except ShopError:
                found = ()
        self._source = InMemory(found)
        self.records.set_source(self._source)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """The sheet under the cursor."""
        event.stop()
        self._choose()

    def on_record_list_chosen(self, event: RecordList.Chosen) -> None:
        """Enter or a double click."""
        event.stop()
        self._choose()

    def _choose(self) -> None:
        item = self.records.current
        if item is None:
            self.app.bell()
        else:
            sheet = item.value
            self.dismiss(PickedSheet(sheet.part if sheet.brand == "Roll" else sheet.name))

    def action_list(self, by: int) -> None:
        """Move from the search line."""
        self.records.action_step(by)

    def action_page(self, by: int) -> None:
        """A screen of sheets."""
        self.records.action_page(by)
