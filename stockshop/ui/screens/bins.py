"""Where things lie: sites, zones and bins as a tree, and what is in the one that is looked at."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Input, Static

from stockshop import text as texts
from stockshop.ui.at_work import WorkScreen
from stockshop.ui.places.place_form import PlaceForm
from stockshop.ui.places.tree import (
    TREE_COLUMNS,
    Branch,
    BranchItem,
    LineItem,
    branches,
    contents_columns,
)
from stockshop.ui.safe import phrase
from stockshop.ui.screens.dialogs import Confirm, Confirmed
from stockshop.ui.widgets.inputs import ScanLine
from stockshop.ui.widgets.memory import InMemory
from stockshop.ui.widgets.record_list import RecordList

if TYPE_CHECKING:
    from stockshop.services.counter import BinCard, BinLine
    from stockshop.services.locations import Place

_MOST_LINES = 5_000


class BinsScreen(WorkScreen):
    """The tree at the left, the contents at the right."""

    CSS_PATH: ClassVar[Path] = Path(__file__).parents[1] / "styles" / "bins.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+n,insert", "add", "New", id="bins.add", tooltip="Add a bin, a zone or a site"),
        Binding("ctrl+r", "edit", "Change", id="bins.edit", tooltip="Rename it, renumber it, move it"),
        Binding("delete", "archive", "Archive", id="bins.archive", tooltip="Put an empty place out of use"),
        Binding("ctrl+up,shift+up", "walk(-1)", "Earlier", id="bins.earlier",
                tooltip="Walk past it before the one above"),
        Binding("ctrl+down,shift+down", "walk(1)", "Later", id="bins.later",
                tooltip="Walk past it after the one below"),
        Binding("left", "fold(False)", "Close", show=False, id="bins.close", tooltip="Close what is in it"),
        Binding("right", "fold(True)", "Open", show=False, id="bins.open", tooltip="Open what is in it"),
        Binding("down", "list(1)", "Down", show=False, id="bins.down", tooltip="Next place"),
        Binding("up", "list(-1)", "Up", show=False, id="bins.up", tooltip="Place before"),
    ]  # fmt: skip
    AUTO_FOCUS = "#places"
    scan_placeholder = "scan a bin, or type its code or name"

    def __init__(self) -> None:
        super().__init__()
        self._places: tuple[Place, ...] = ()
        self._folded: set[int] = set()
        self._text = ""
        self._source: InMemory[Branch] = InMemory(())
        self._looked_at: Place | None = None
        self._to_go_to: Place | None = None

    def compose_body(self) -> Iterable[Widget]:
        """Two lists."""
        yield Horizontal(
            RecordList(TREE_COLUMNS, empty="Looking …", id="places"),
            Vertical(
                Static("", id="bin-head"),
                RecordList(contents_columns(self.words), empty="", id="contents"),
                id="bin",
            ),
            id="bins",
        )

    @property
    def tree_list(self) -> RecordList[BranchItem]:
        """The tree."""
        return self.query_one("#places", RecordList)

    @property
    def contents(self) -> RecordList[LineItem]:
        """What lies in the bin."""
        return self.query_one("#contents", RecordList)

    def begin(self) -> None:
        """Read the places."""
        self.look_again()

    def look_again(self) -> None:
        """Places and contents may have changed."""
        from stockshop.services import locations

        shop = self.shop
        self.look(lambda: locations.places(shop), self._show, group="places", doing="reading the places")
        if self._looked_at is not None:
            self._read_bin(self._looked_at)

    def _show(self, places: tuple[Place, ...]) -> None:
        self._places = places
        wanted, self._to_go_to = self._to_go_to, None
        if wanted is not None:
            self.place_scanned(wanted)
        else:
            self._list()

    def _list(self, wanted_id: int | None = None) -> None:
        records = self.tree_list
        here = records.current
        if wanted_id is None and here is not None:
            wanted_id = here.value.place.id
        self._source = InMemory(
            branches(self._places, self._folded, self._text), lambda branch: branch.place.id
        )
        records.empty = "No place is called so; Esc shows them all." if self._text else "No places yet."
        records.set_source(self._source, keep_cursor=records.count > 0)
        place = self._source.place(wanted_id)
        if self._text and (place is None or not self._matches(self._source.items[place].value.place)):
            hits = (
                number for number, item in enumerate(self._source.items) if self._matches(item.value.place)
            )
            place = next(hits, None)
        if place is not None:
            records.go_to(place)

    def _matches(self, place: Place) -> bool:
        return texts.fold(self._text) in texts.fold(f"{place.code} {place.name}")

    # -- looking -------------------------------------------------------------------------------------

    @on(Input.Changed, "#scan-line")
    def _search(self, event: Input.Changed) -> None:
        event.stop()
        if event.value.strip() != self._text:
            self._text = event.value.strip()
            self._list()

    @on(RecordList.Highlighted, "#places")
    def _look_at(self, event: RecordList.Highlighted) -> None:
        event.stop()
        item = self.tree_list.current
        if item is not None:
            self._looked_at = item.value.place
            self._read_bin(item.value.place)

    def _read_bin(self, place: Place) -> None:
        if place.kind != "bin":
            self._show_group(place)
            return
        from stockshop.services import counter

        shop = self.shop
        self.look(
            lambda: counter.bin_card(shop, place.id, _MOST_LINES),
            lambda card: self._show_bin(place, card),
            group="bin",
            doing="reading the bin",
        )

    def _show_group(self, place: Place) -> None:
        inside = [other for other in self._places if other.parent_id == place.id]
        kind = "zones" if place.kind == "site" else "bins"
        self._head(place, f"{len(inside)} {kind}")
        self.contents.empty = "Choose a bin to see what lies in it."
        none: tuple[BinLine, ...] = ()
        self.contents.set_source(InMemory(none))

    def _show_bin(self, place: Place, card: BinCard) -> None:
        if self._looked_at is None or self._looked_at.id != place.id:
            return
        more = f" (the first {len(card.lines)})" if card.total_lines > len(card.lines) else ""
        many = "empty" if not card.total_lines else f"{card.total_lines} lines{more}"
        self._head(place, many)
        records = self.contents
        records.empty = "Nothing lies here by the books."
        records.set_source(
            InMemory(card.lines, lambda line: (line.product_id, line.lot)), keep_cursor=records.count > 0
        )

    def _head(self, place: Place, many: str) -> None:
        name = f" {place.name}" if place.name != place.code else ""
        self.query_one("#bin-head", Static).update(
            phrase("[b]$code[/b]$name · $many\n[$shop-quiet]label $barcode · walking order $walk[/]",
                   code=place.code, name=name, many=many, barcode=place.barcode, walk=str(place.walk_order))
        )  # fmt: skip

    def place_scanned(self, place: Place) -> None:
        """Go to it, opening what it lies in."""
        landing = self.scan_line()
        self._text = ""
        if landing is not None:
            landing.value = ""
        by_id = {other.id: other for other in self._places}
        above = by_id.get(place.parent_id or 0)
        while above is not None:
            self._folded.discard(above.id)
            above = by_id.get(above.parent_id or 0)
        self._list(place.id)
        self.tree_list.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter on the search line: the place with this code, else the one under the cursor."""
        if not isinstance(event.input, ScanLine) or not self._text:
            return
        event.stop()
        event.prevent_default()
        exact = texts.fold(self._text)
        found = next((place for place in self._places if texts.fold(place.code) == exact), None)
        item = self.tree_list.current
        if found is None and item is not None and self._matches(item.value.place):
            found = item.value.place
        if found is None:
            self.read_code(self._text, typed=True)
        else:
            self.place_scanned(found)

    @on(RecordList.Chosen, "#places")
    def _chosen(self, event: RecordList.Chosen) -> None:
        event.stop()
        item = self.tree_list.current
        if item is None:
            return
        if item.value.place.kind == "bin":
            self.contents.focus()
        else:
            self.action_fold(not item.value.is_open)

    @on(RecordList.Chosen, "#contents")
    def _open_product(self, event: RecordList.Chosen) -> None:
        event.stop()
        from stockshop.ui.products.product_screen import ProductScreen

        item = self.contents.current
        if item is not None:
            self.app.push_screen(ProductScreen(item.value.product_id))

    # -- keys ----------------------------------------------------------------------------------------

    def action_list(self, by: int) -> None:
        """Move in the tree from the search line."""
        self.tree_list.action_step(by)

    def action_fold(self, wide: bool) -> None:
        """Open or close a site or zone; from a bin, left goes to its zone."""
        item = self.tree_list.current
        if item is None:
            return
        place = item.value.place
        if place.kind == "bin":
            if wide:
                self.contents.focus()
            elif self.contents.has_focus:
                self.tree_list.focus()
            else:
                self._list(place.parent_id)
            return
        if wide:
            self._folded.discard(place.id)
        else:
            self._folded.add(place.id)
        self._list(place.id)

    def action_add(self) -> None:
        """A new place, by the one under the cursor."""
        item = self.tree_list.current
        here = item.value.place if item is not None else None
        self.app.push_screen(
            PlaceForm(self.shop, self.actor, self._places, here, is_new=True), self._place_saved
        )

    def action_edit(self) -> None:
        """Change the place under the cursor."""
        item = self.tree_list.current
        if item is not None:
            form = PlaceForm(self.shop, self.actor, self._places, item.value.place, is_new=False)
            self.app.push_screen(form, self._place_saved)

    def _place_saved(self, place: Place | None) -> None:
        if place is None:
            return
        self.say(f"{place.code} is saved.")
        self.tell_stock_changed()
        self._to_go_to = place
        self.look_again()

    def action_archive(self) -> None:
        """Put the place under the cursor out of use."""
        item = self.tree_list.current
        if item is None:
            return
        from stockshop.services import locations

        shop, actor, code = self.shop, self.actor, item.value.place.code

        def answered(answer: Confirmed | None) -> None:
            if answer is not None:
                self.write(
                    lambda: locations.archive_place(shop, actor, code),
                    lambda _: self.told_by.say(f"{code} is out of use."),
                    doing="archiving a place",
                )

        question = Confirm(
            f"Nothing is put into {code} any more. What happened there stays in the books.",
            title="Out of use?",
            yes="Archive",
            danger=True,
        )
        self.app.push_screen(question, answered)

    def action_walk(self, by: int) -> None:
        """Change places with the neighbour in the walk."""
        item = self.tree_list.current
        if item is None:
            return
        place = item.value.place
        row = [other for other in self._places if other.parent_id == place.parent_id]
        here = next(number for number, other in enumerate(row) if other.id == place.id)
        if not 0 <= here + by < len(row):
            self.app.bell()
            return
        from stockshop.services import locations

        shop, actor, other = self.shop, self.actor, row[here + by]
        target = other.walk_order if other.walk_order != place.walk_order else place.walk_order + by

        def work() -> None:
            locations.change_place(shop, actor, place.code, walk_order=target)
            if other.walk_order != place.walk_order:
                locations.change_place(shop, actor, other.code, walk_order=place.walk_order)

        self.write(work, lambda _: None, doing="changing the walking order")
