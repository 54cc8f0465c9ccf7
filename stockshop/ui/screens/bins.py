"""Where things lie: sites, zones and bins as a tree, and what is in the one that is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input, Static

from stockshop import text as texts
from stockshop.language import mark, tr
from stockshop.ui.places.moving_out import MovingOut
from stockshop.ui.places.pane import PlacePane
from stockshop.ui.places.tree import Branch, BranchItem, branches, tree_columns
from stockshop.ui.places.tree_keys import TreeKeys
from stockshop.ui.widgets.inputs import ScanLine
from stockshop.ui.widgets.memory import InMemory
from stockshop.ui.widgets.progress import ProgressLine
from stockshop.ui.widgets.record_list import RecordList

if TYPE_CHECKING:
    from stockshop.services.bins import BinListing, BinRow, Fill, Totals, Whereabouts
    from stockshop.services.locations import Place
    from stockshop.services.scanning import Scan


_MANY = 300
"""With more places than this, a person begins with the zones."""


class BinsScreen(TreeKeys, MovingOut):
    """The tree at the left, the contents at the right."""

    CSS_PATH: ClassVar[Path] = Path(__file__).parents[1] / "styles" / "bins.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "fold(False)", mark("Close"), show=False, id="bins.close",
                tooltip=mark("Close what is in it")),
        Binding("right", "fold(True)", mark("Open"), show=False, id="bins.open",
                tooltip=mark("Open what is in it")),
        Binding("down", "list(1)", mark("Down"), show=False, id="bins.down", tooltip=mark("Next place")),
        Binding("up", "list(-1)", mark("Up"), show=False, id="bins.up", tooltip=mark("Place before")),
        Binding("space", "take", mark("Mark"), show=False, id="bins.take",
                tooltip=mark("Mark this place for labels; while moving: this line goes, or stays")),
    ]  # fmt: skip
    AUTO_FOCUS = "#places"
    scan_placeholder = mark("scan or type a bin or a product")

    def __init__(self) -> None:
        super().__init__()
        self._folded: set[int] = set()
        self._text = ""
        self._source: InMemory[Branch] = InMemory(())
        self._looked_at: Place | None = None
        self._to_go_to: Place | None = None
        self._totals: tuple[int, Totals] | None = None

    def compose_body(self) -> Iterable[Widget]:
        """A line for what is being moved, and two lists."""
        moving = Static("", id="moving")
        moving.display = False
        yield moving
        yield Horizontal(
            RecordList(tree_columns(self.words, self.known), empty=tr("Looking …"), id="places"),
            PlacePane(self.words, self.moved_of),
            id="bins",
        )
        yield ProgressLine()

    @property
    def tree_list(self) -> RecordList[BranchItem]:
        """The tree."""
        return self.query_one("#places", RecordList)

    def begin(self) -> None:
        """Read the places."""
        self.look_again()

    def look_again(self) -> None:
        """Places and contents may have changed."""
        from stockshop.services import bins, locations

        shop = self.shop
        self.look(
            lambda: locations.places(shop, archived=True),
            self._show,
            group="places",
            doing=tr("reading the places"),
        )
        self.look(
            lambda: bins.fills(shop), self._show_fills, group="fills", doing=tr("counting what lies there")
        )
        if self._looked_at is not None:
            self._totals = None
            self._read_place(self._looked_at)

    def _show(self, everything: tuple[Place, ...]) -> None:
        self.everything = everything
        places = everything if self.shows_archived else self.in_use()
        if not self.places and len(places) > _MANY:
            self._folded = {place.id for place in places if place.kind == "zone"}
        self.places = places
        self.by_id = {place.id: place for place in places}
        self.known.marked &= self.by_id.keys()
        wanted, self._to_go_to = self._to_go_to, None
        if wanted is not None:
            self.go_to_place(wanted)
        else:
            self.list_places()

    def _show_fills(self, fills: Mapping[int, Fill]) -> None:
        self.known.fills = fills
        self.tree_list.refresh()
        if self._looked_at is not None and self._looked_at.kind != "bin":
            self._show_group(self._looked_at)

    def list_places(self, wanted_id: int | None = None) -> None:
        """The tree as it is now, with the cursor where it was or on the place that is wanted."""
        records = self.tree_list
        here = records.current
        if wanted_id is None and here is not None:
            wanted_id = here.value.place.id
        elif wanted_id is None and self._looked_at is not None:
            wanted_id = self._looked_at.id
        self._source = InMemory(
            branches(self.places, self._folded, self._text), lambda branch: branch.place.id
        )
        records.empty = (
            tr("No place is called so; Enter looks for a product, Esc shows all places.")
            if self._text
            else tr("No places yet. Ctrl+N adds a site, then a zone in it, then bins.")
        )
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
        wanted = event.value.strip()
        # `12*` waits for its scan: it is no name of a place.
        wanted = "" if "*" in wanted else wanted
        if wanted != self._text:
            self._text = wanted
            self.list_places()

    @on(RecordList.Highlighted, "#places")
    def _look_at(self, event: RecordList.Highlighted) -> None:
        event.stop()
        item = self.tree_list.current
        if item is not None and self.transfer is None:
            if self._looked_at is None or self._looked_at.id != item.value.place.id:
                self._totals = None
            self._looked_at = item.value.place
            self._read_place(item.value.place)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """On a narrow screen the room goes to the list that is worked in."""
        for both in self.query("#bins"):
            if event.widget.id in ("places", "contents"):
                both.set_class(event.widget.id == "contents", "-inside")

    def _read_place(self, place: Place) -> None:
        from stockshop.services import bins

        shop = self.shop
        if place.kind == "bin":
            self.look(
                lambda: _contents(shop, place.id),
                lambda rows: self._show_bin(place, rows),
                group="bin",
                doing=tr("reading the bin"),
            )
            return
        self._show_group(place)
        self.look(
            lambda: bins.totals(shop, place.id),
            lambda totals: self._show_totals(place, totals),
            group="totals",
            doing=tr("adding up"),
        )

    def _show_totals(self, place: Place, totals: Totals) -> None:
        self._totals = (place.id, totals)
        self._show_group(place)

    def _show_group(self, place: Place) -> None:
        from stockshop.ui.places.pane import inside_of

        if self._is_looked_at(place) and self.transfer is None:
            known = self._totals[1] if self._totals is not None and self._totals[0] == place.id else None
            fills = self.known.fills
            inside = inside_of(place, self.places, fills)
            self.pane.show_group(place, inside, known, is_known=fills is not None)

    def _show_bin(self, place: Place, rows: tuple[BinRow, ...] | BinListing) -> None:
        if self._is_looked_at(place):
            self.pane.show_bin(place, self._path(place), rows, is_moving=self.transfer is not None)

    def _is_looked_at(self, place: Place) -> bool:
        return self._looked_at is not None and self._looked_at.id == place.id

    def _path(self, place: Place) -> str:
        from stockshop.services.locations import site_of

        zone, site = self.by_id.get(place.parent_id or 0), site_of(self.places, place.id)
        names = [one.name for one in (zone, site) if one is not None and one.id != place.id]
        return " · ".join(dict.fromkeys(names))

    def bin_here(self) -> Place | None:
        """The bin that is looked at."""
        place = self._looked_at
        return place if place is not None and place.kind == "bin" else None

    def show_here(self) -> None:
        """Show the place under the cursor, or the bin that something is moved out of."""
        item = self.tree_list.current
        place = self.transfer.origin if self.transfer is not None else item.value.place if item else None
        if place is not None:
            self._looked_at = place
            self._read_place(place)

    # -- going somewhere -------------------------------------------------------------------------------

    def place_scanned(self, place: Place) -> None:
        """Go to it; while something is being moved, that is where it goes."""
        if self.transfer is not None:
            self.move_to(place)
        else:
            self.go_to_place(place)

    def go_to_place(self, place: Place) -> None:
        """Put the cursor of the tree on it, opening what it lies in."""
        landing = self.scan_line()
        self._text = ""
        if landing is not None:
            landing.value = ""
        above = self.by_id.get(place.parent_id or 0)
        while above is not None:
            self._folded.discard(above.id)
            above = self.by_id.get(above.parent_id or 0)
        if self._looked_at is not None and self._looked_at.id == place.id:
            # The cursor does not move, but the pane may show something else.
            self._read_place(place)
        self.list_places(place.id)
        self.tree_list.focus()

    def product_scanned(self, scan: Scan) -> None:
        """In which bins it lies."""
        from stockshop.services import bins

        product = scan.product
        assert product is not None
        shop = self.shop
        self.look(
            lambda: bins.where_lies(shop, product.id), self._show_where, group="bin",
            doing=tr("looking where it lies"),
        )  # fmt: skip

    def _show_where(self, where: Whereabouts) -> None:
        landing = self.scan_line()
        if landing is not None:
            landing.value = ""
        self._looked_at = None
        self.pane.show_product(where, self.by_id)
        self.pane.records.focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter on the search line: the place with this code, else the one under the cursor."""
        typed = event.value.strip()
        if not isinstance(event.input, ScanLine) or not typed:
            return
        event.stop()
        event.prevent_default()
        exact = texts.fold(typed)
        found = next((place for place in self.places if texts.fold(place.code) == exact), None)
        item = self.tree_list.current
        if found is None and self._text and item is not None and self._matches(item.value.place):
            found = item.value.place
        if found is None:
            event.input.value = ""
            self.read_code(typed, typed=True)
        else:
            event.input.value = ""
            self.place_scanned(found)

    @on(RecordList.Chosen, "#places")
    def _chosen(self, event: RecordList.Chosen) -> None:
        event.stop()
        item = self.tree_list.current
        if item is None:
            return
        if item.value.place.kind != "bin":
            self.action_fold(not item.value.is_open)
        elif self.transfer is not None:
            self.move_to(item.value.place)
        else:
            self.pane.records.focus()

    @on(RecordList.Chosen, "#contents")
    def _open_line(self, event: RecordList.Chosen) -> None:
        event.stop()
        row, view = self.pane.records.current, self.pane.view
        if row is None:
            return
        if view in ("group", "product"):
            self.go_to_place(row.value.place)
        elif self.transfer is not None:
            self.ask_quantity(row)
        else:
            from stockshop.ui.products.product_screen import ProductScreen

            self.app.push_screen(ProductScreen(row.line.product_id))

    # -- keys ----------------------------------------------------------------------------------------

    def action_list(self, by: int) -> None:
        """Move in the tree from the search line."""
        self.tree_list.action_step(by)

    def action_take(self) -> None:
        """Mark a place; while moving, take the line."""
        if self.transfer is not None:
            self.take_line()
            return
        item = self.tree_list.current
        if item is not None:
            self.known.marked ^= {item.value.place.id}
            self.tree_list.refresh()
            self.tree_list.action_step(1)

    def action_fold(self, wide: bool) -> None:
        """Open or close a site or zone; from a bin, left goes to its zone."""
        item = self.tree_list.current
        if item is None:
            return
        place = item.value.place
        if self.pane.records.has_focus or (place.kind == "bin" and wide):
            (self.pane.records if wide else self.tree_list).focus()
            return
        if place.kind == "bin":
            self.list_places(place.parent_id)
            return
        if wide:
            self._folded.discard(place.id)
        else:
            self._folded.add(place.id)
        self.list_places(place.id)

    def action_leave_scan_line(self) -> None:
        """Stop moving; else as on every screen."""
        landing = self.scan_line()
        if self.transfer is not None and self.job is None and landing is not None and not landing.value:
            self.leave_moving()
        else:
            super().action_leave_scan_line()

    def after_saving(self, place: Place) -> None:
        """Go to a place once it has been read."""
        self._to_go_to = place
        self.look_again()


def _contents(shop: object, bin_id: int) -> tuple[BinRow, ...] | BinListing:
    from stockshop.services import bins
    from stockshop.services.shop import Shop

    assert isinstance(shop, Shop)
    rows = bins.bin_rows(shop, bin_id)
    return bins.BinListing(shop, bin_id) if rows is None else rows
