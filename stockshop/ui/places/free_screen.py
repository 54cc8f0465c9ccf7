"""Where is room: empty bins and nearly empty ones, in walking order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Static

from stockshop.language import mark, tr, trn
from stockshop.ui.at_work import PageScreen
from stockshop.ui.places.pane import fill_words
from stockshop.ui.safe import plain
from stockshop.ui.widgets.cycle import Cycle
from stockshop.ui.widgets.memory import InMemory, Item
from stockshop.ui.widgets.record_list import Column, RecordList

if TYPE_CHECKING:
    from stockshop.services.bins import FreeBin
    from stockshop.services.locations import Place

FreeItem = Item["FreeBin"]


class FreeBinsScreen(PageScreen):
    """Enter goes to a bin; Ctrl+T looks at one zone after the other."""

    CSS_PATH: ClassVar[Path] = Path(__file__).parents[1] / "styles" / "bins.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+t", "next_zone", mark("Zone"), id="free.zone",
                tooltip=mark("Of all zones, or of one after the other")),
    ]  # fmt: skip
    AUTO_FOCUS = "#free"
    scan_placeholder = mark("scan a bin")

    def __init__(
        self, places: Sequence[Place], chosen: Callable[[Place], None], zone: Place | None = None
    ) -> None:
        """`chosen` gets the bin that was chosen, after this screen is closed."""
        super().__init__()
        self._places = tuple(places)
        self._chosen = chosen
        self._zones = [place for place in places if place.kind == "zone"]
        self._zone_id = zone.id if zone in self._zones and zone is not None else 0
        self._bins: tuple[FreeBin, ...] = ()

    def compose_body(self) -> Iterable[Widget]:
        """How many, of which zone, and the list."""
        choices = [("0", tr("all zones")), *((str(zone.id), zone.name) for zone in self._zones)]
        yield Horizontal(
            Static("", id="free-head"), Cycle(choices, str(self._zone_id), id="free-zone"), id="free-line"
        )
        yield RecordList(self._columns(), empty=tr("Looking …"), id="free")

    def _columns(self) -> tuple[Column[FreeItem], ...]:
        words = self.words

        def kept(item: FreeItem) -> str:
            free = item.value
            if not free.kept:
                return ""
            if free.kept == 1:
                return free.kept_name
            return tr("{product} and {count} more", product=free.kept_name,
                      count=words.whole(free.kept - 1))  # fmt: skip

        return (
            Column(tr("Bin"), lambda item: item.value.place.code, least=10, weight=1),
            Column(tr("Holds"), lambda item: fill_words(words, item.value.fill), least=16, weight=2,
                   cut="middle", tone=lambda item: "good" if item.value.fill is None else ""),
            Column(tr("Kept for"), kept, least=14, weight=2, cut="middle", tone=lambda _: "warn"),
            Column(tr("Name"), lambda item: item.value.place.name, least=10, weight=2,
                   tone=lambda _: "quiet", from_width=70),
            Column(tr("Zone"), lambda item: item.value.zone.name if item.value.zone else "", least=10,
                   weight=1, tone=lambda _: "quiet"),
        )  # fmt: skip

    @property
    def records(self) -> RecordList[FreeItem]:
        """The list."""
        return self.query_one("#free", RecordList)

    def begin(self) -> None:
        """Look through the bins."""
        self.look_again()

    def look_again(self) -> None:
        """Something may lie there by now."""
        from stockshop.services import bins

        shop, places = self.shop, self._places
        self.look(
            lambda: bins.free_bins(shop, places), self._show, group="free", doing=tr("looking for room")
        )

    def _show(self, found: tuple[FreeBin, ...]) -> None:
        self._bins = found
        self._list()

    def _list(self) -> None:
        shown = [one for one in self._bins if not self._zone_id or one.place.parent_id == self._zone_id]
        words = self.words
        empty = sum(one.fill is None for one in shown)
        self.query_one("#free-head", Static).update(
            plain(
                tr("{empty}, {nearly} nearly so",
                   empty=trn("{count} bin is empty", "{count} bins are empty", empty, 
                             count=words.whole(empty)),
                   nearly=words.whole(len(shown) - empty))
            )
        )  # fmt: skip
        records = self.records
        records.empty = tr("No bin here is empty. Ctrl+T looks at other zones; F4, Ctrl+N adds a bin.")
        records.set_source(InMemory(shown, lambda one: one.place.id), keep_cursor=records.count > 0)

    def on_cycle_changed(self, event: Cycle.Changed) -> None:
        """Another zone."""
        event.stop()
        self._zone_id = int(event.key)
        self._list()

    def action_next_zone(self) -> None:
        """All zones, then one after the other."""
        self.query_one("#free-zone", Cycle).action_turn(1)

    def on_record_list_chosen(self, event: RecordList.Chosen) -> None:
        """Back, with the bin under the cursor."""
        event.stop()
        item = self.records.current
        if item is not None:
            self._close(item.value.place)

    def place_scanned(self, place: Place) -> None:
        """A bin that somebody stands before."""
        self._close(place)

    def _close(self, place: Place) -> None:
        self.app.pop_screen()
        self._chosen(place)
