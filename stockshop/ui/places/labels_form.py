"""Labels for places: which, on which sheet, into which file; with a look at what comes out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input, Static

from stockshop.errors import Conflict, InvalidInput, ShopError
from stockshop.language import mark, tr, trn
from stockshop.ui import files
from stockshop.ui.counter.lines import QUIET, STRONG, Line, content, part
from stockshop.ui.labels.sheet_picker import PickedSheet, SheetPicker
from stockshop.ui.screens.record_form import Field, RecordForm, Values
from stockshop.ui.widgets.cycle import Cycle
from stockshop.ui.wording import Wording

if TYPE_CHECKING:
    from stockshop.documents.sheets import LabelSheet
    from stockshop.services.locations import Place
    from stockshop.services.shop import Shop

_PREVIEW = 30
_BARS = "█▌║█│▌║█ "


@dataclass(frozen=True, slots=True)
class BinLabels:
    """What is to be written."""

    codes: tuple[str, ...]
    sheet: str
    start: int
    copies: int
    path: Path


@dataclass(frozen=True, slots=True)
class Group:
    """Places that may get labels together."""

    words: str
    places: tuple[Place, ...]


class BinLabelsForm(RecordForm[BinLabels]):
    """Ctrl+S closes it with what is to be written; Ctrl+O chooses the sheet from a list."""

    DEFAULT_CSS = """
    BinLabelsForm #label-preview { height: 6; margin: 1 0 0 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+o", "sheet", mark("Sheet"), id="bin-labels.sheet",
                tooltip=mark("Choose the label sheet or roll from a list"), priority=True),
    ]  # fmt: skip

    def __init__(self, shop: Shop, words: Wording, groups: Sequence[Group], *, sheet: str = "") -> None:
        """`sheet`: the one that is proposed; empty: the shop's."""
        from stockshop.services import printing

        self._shop, self._words, self._groups = shop, words, tuple(groups)
        choices = tuple(
            (str(number), tr("{places} ({count})", places=group.words, count=self._count(len(group.places))))
            for number, group in enumerate(self._groups)
        )
        fields = [
            Field("what", tr("Labels for"), "0", choices=choices),
            Field(
                "sheet",
                tr("Sheet"),
                printing.sheet_for(shop, sheet).name,
                tr("brand and part; Ctrl+O lists them"),
            ),
            Field("start", tr("Begin on label"), "1", decimals=0),
            Field("copies", tr("Copies of each"), "1", decimals=0),
            Field("path", tr("File"), str(files.free_path("bin-labels", ".pdf"))),
        ]
        super().__init__(tr("Labels for bins"), fields, self._checked, ok=tr("Write"),
                         aliases={"bin": "what", "labels": "what"})  # fmt: skip

    def _count(self, number: int) -> str:
        return self._words.whole(number)

    def compose_answer(self) -> Iterable[Widget]:
        """The fields, and the first label between them and the buttons."""
        *above, buttons = super().compose_answer()
        yield from above
        yield Static("", id="label-preview")
        yield buttons

    def on_mount(self) -> None:
        """Show what comes out."""
        self._preview()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Another sheet or number."""
        self._preview()

    def on_cycle_changed(self, event: Cycle.Changed) -> None:
        """Other places."""
        self._preview()

    def _chosen(self) -> Group:
        return self._groups[int(self.value_of("what"))]

    def _sheet(self) -> LabelSheet:
        from stockshop.services import printing

        return printing.sheet_for(self._shop, self.value_of("sheet"))

    def _preview(self) -> None:
        if not self.is_mounted or not self.query("#label-preview"):
            return
        rows: list[Line]
        places = self._chosen().places
        first = places[0]
        name = first.name if first.name != first.code else ""
        rows = [
            [("┌" + "─" * _PREVIEW + "┐", QUIET)],
            [("│ ", QUIET), part(name, _PREVIEW - 2), (" │", QUIET)],
            [
                ("│ ", QUIET),
                (_BARS, ""),
                part(first.code, _PREVIEW - 2 - len(_BARS), STRONG, "right"),
                (" │", QUIET),
            ],
            [("│ ", QUIET), part(first.barcode, _PREVIEW - 2, QUIET), (" │", QUIET)],
            [("└" + "─" * _PREVIEW + "┘", QUIET)],
        ]  # fmt: skip
        try:
            said = self._pages(len(places))
        except ShopError as error:
            said = error.message
        rows.append([part(said, 72, QUIET)])
        self.query_one("#label-preview", Static).update(content(rows, 6))

    def _pages(self, many: int) -> str:
        sheet = self._sheet()
        start, copies = (int(self.value_of(name) or 1) for name in ("start", "copies"))
        labels = many * copies
        pages = -(-(labels + max(start, 1) - 1) // sheet.capacity)
        return tr(
            "{labels} on {pages} of {sheet}",
            labels=trn("{count} label", "{count} labels", labels, count=self._count(labels)),
            pages=trn("{count} page", "{count} pages", pages, count=self._count(pages)),
            sheet=sheet.name,
        )

    def action_sheet(self) -> None:
        """Choose the sheet from a list."""

        def picked(answer: PickedSheet | None) -> None:
            if answer is not None:
                self.put("sheet", answer.name)

        self.app.push_screen(SheetPicker(self.value_of("sheet")), picked)

    def _checked(self, values: Values) -> BinLabels:
        """In a thread: everything that can be wrong before the first label is drawn."""
        from stockshop.services import printing

        sheet = printing.sheet_for(self._shop, values["sheet"])
        start, copies = int(values["start"] or 1), int(values["copies"] or 1)
        if not 1 <= start <= sheet.capacity:
            raise InvalidInput(
                tr("{sheet} has labels 1 to {last}.", sheet=sheet.name, last=self._count(sheet.capacity)),
                field="start",
            )
        if not 1 <= copies <= 1_000:
            raise InvalidInput(tr("Between 1 and 1000 of each."), field="copies")
        path = files.typed_path(values["path"] or "bin-labels.pdf")
        if path.exists():
            raise Conflict(tr("{path} is there already; choose another name.", path=path), field="path")
        places = self._groups[int(values["what"])].places
        return BinLabels(tuple(place.code for place in places), values["sheet"], start, copies, path)
