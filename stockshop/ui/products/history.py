"""Why is it 7? Every movement of a product with the balance it left, and what is doubtful about it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from stockshop.language import mark, tr, trc
from stockshop.ui.at_work import PageScreen
from stockshop.ui.counter.lines import QUIET, WARN, Line, content, part, wrap
from stockshop.ui.movements.entry_dialog import EntryDialog, open_entry
from stockshop.ui.movements.wording import days, done, finding_words, look_words, place, signed, way
from stockshop.ui.products.moments import full_moment, short_moment
from stockshop.ui.safe import line
from stockshop.ui.widgets.memory import InMemory, Item
from stockshop.ui.widgets.record_list import Column, RecordList
from stockshop.ui.wording import Wording

if TYPE_CHECKING:
    from textual.app import App

    from stockshop.services.why import Finding, Ledger, LedgerLine

__all__ = ["EntryDialog", "HistoryScreen", "history_columns", "open_why"]

PAGE = 400
_NEAR_END = 50
_ABOUT_LINES = 4
LedgerItem = Item["LedgerLine"]


def open_why(
    app: App[Any], product_id: int, *, location_id: int | None = None, lot_id: int | None = None
) -> None:
    """Open the ledger of a product, or of what of it is in one bin, or of one lot: behind any quantity."""
    app.push_screen(HistoryScreen(product_id, location_id=location_id, lot_id=lot_id))


def history_columns(words: Wording, unit: str) -> tuple[Column[LedgerItem], ...]:
    """When, what, how many, and what was left."""

    def what(item: LedgerItem) -> str:
        shown = tr("a count") if item.value.kind == "look" else done(item.value.kind)
        return f"! {shown}" if item.value.findings else shown

    def change(item: LedgerItem) -> str:
        if item.value.kind == "look":
            return f"= {words.number(item.value.quantity_milli, unit)}"
        return signed(item.value.change_milli, unit, words)

    def tone(item: LedgerItem) -> str:
        if item.value.kind == "look" or item.value.change_milli > 0:
            return "good"
        return "bad" if item.value.kind == "scrap" else ""

    def why(item: LedgerItem) -> str:
        return why_words(item.value, unit, words)

    def why_tone(item: LedgerItem) -> str:
        return "good" if item.value.is_certain else "warn" if item.value.findings else ""

    return (
        Column(tr("When"), lambda item: short_moment(item.value.occurred_at_us, words), width=15,
               tone=lambda _: "quiet"),
        Column(tr("What"), what, width=12, tone=lambda item: "warn" if item.value.findings
               or item.value.kind in ("count", "reversal") else ""),
        Column(trc("how many more or fewer", "Change"), change, width=8, align="right", tone=tone),
        Column(tr("On hand"), lambda item: words.number(item.value.balance_milli, unit), width=8,
               align="right", tone=lambda item: "bad" if item.value.balance_milli < 0 else ""),
        Column(tr("From → to"), lambda item: _way(item.value), width=20, from_width=150),
        Column(tr("Why"), why, weight=6, least=8, tone=why_tone, from_width=56),
        Column(tr("Who"), lambda item: item.value.actor, width=10, tone=lambda _: "quiet", from_width=112),
    )  # fmt: skip


def _way(row: LedgerLine) -> str:
    return place(row.to_place) if row.kind == "look" else way(row.from_place, row.to_place)


def why_words(row: LedgerLine, unit: str, words: Wording) -> str:
    """What is doubtful about the line first, then what was noted with it."""
    if row.kind == "look":
        return look_words(row, unit, words)
    said = [finding_words(found, unit, words) for found in row.findings]
    if row.undone_by_id is not None:
        said.append(tr("undone by entry {entry}", entry=row.undone_by_id))
    if row.reverses_id is not None:
        said.append(tr("undoes entry {entry}", entry=row.reverses_id))
    said += [row.reference, row.note, tr("lot {lot}", lot=row.lot) if row.lot else ""]
    return " · ".join(filter(None, said))


class HistoryScreen(PageScreen):
    """The ledger of one number, the newest first: of a product, or of one bin or lot of it."""

    CSS_PATH: ClassVar[Path] = Path(__file__).parents[1] / "styles" / "lists.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open_entry", mark("Entry"), id="history.entry",
                tooltip=mark("All of this entry, and undo it")),
        Binding("u", "undo", mark("Undo"), id="history.undo",
                tooltip=mark("Undo this entry by another one, with a reason")),
        Binding("g", "next_doubt", mark("Next doubt"), id="history.doubt",
                tooltip=mark("To the next line that deserves a second look")),
        Binding("c", "anchor", mark("Last count"), id="history.anchor",
                tooltip=mark("To the last count: from there on it is certain")),
        Binding("ctrl+t", "next_place", mark("Bin"), id="history.place",
                tooltip=mark("Of all bins, or of one after the other")),
    ]  # fmt: skip
    AUTO_FOCUS = "#history"

    def __init__(
        self,
        product_id: int,
        name: str = "",
        unit: str = "each",
        *,
        location_id: int | None = None,
        lot_id: int | None = None,
    ) -> None:
        """The name and unit, where they are known, are shown until everything has been read."""
        super().__init__()
        self.product_id, self._product_name, self._unit = product_id, name, unit
        self.location_id, self.lot_id = location_id, lot_id
        self._limit = PAGE
        self.ledger: Ledger | None = None
        """What is shown; None until it has been read."""

    def compose_body(self) -> Iterable[Widget]:
        """A sentence, the movements, and all about the one under the cursor."""
        yield Static("", id="history-head")
        yield RecordList(
            history_columns(self.words, self._unit), empty=tr("Nothing has ever moved of it."), id="history"
        )
        yield Static("", id="history-about")

    @property
    def records(self) -> RecordList[LedgerItem]:
        """The list."""
        return self.query_one("#history", RecordList)

    def begin(self) -> None:
        """Read the newest movements."""
        self.look_again()

    def look_again(self) -> None:
        """Read anew as much as is there already."""
        from stockshop.services import why

        shop, product_id, limit = self.shop, self.product_id, self._limit
        location_id, lot_id = self.location_id, self.lot_id
        self.look(
            lambda: why.ledger(shop, product_id, location_id=location_id, lot_id=lot_id, limit=limit),
            self._show,
            group="history",
            doing=tr("reading the history"),
        )

    def _show(self, ledger: Ledger) -> None:
        before, self.ledger = self.ledger, ledger
        records = self.records
        if ledger.unit != self._unit:
            self._unit = ledger.unit
            records.set_columns(history_columns(self.words, ledger.unit))
        self._product_name = ledger.name
        same = before is not None and (before.place, before.lot) == (ledger.place, ledger.lot)
        records.set_source(InMemory(ledger.lines, lambda row: row.key), keep_cursor=same)
        self.query_one("#history-head", Static).update(self._sentence(ledger))
        self._tell_about()

    # -- what is said about it -------------------------------------------------------------------------

    def _sentence(self, ledger: Ledger) -> Content:
        title = ledger.name
        if ledger.place:
            title = tr("{product} in {place}", product=ledger.name, place=ledger.place)
        if ledger.lot:
            title = tr("{product}, lot {lot}", product=title, lot=ledger.lot)
        said = [tr("{quantity} on hand.", quantity=self.words.quantity(ledger.on_hand_milli, ledger.unit))]
        if ledger.lines:
            said.append(self._since_the_count(ledger))
        if ledger.quiet is not None:
            said.append(self._quiet(ledger.quiet))
        return Content.assemble((line(title), "bold"), "\n", (line(" ".join(said)), "$shop-quiet"))

    def _quiet(self, quiet: Finding) -> str:
        time = days(quiet.days, self.words)
        if quiet.usual_days == 1:
            return tr("Nothing sold for {time}, and usually some is sold every day.", time=time)
        return tr("Nothing sold for {time}, and usually a sale comes every {usual}.", time=time,
                  usual=days(quiet.usual_days, self.words))  # fmt: skip

    def _since_the_count(self, ledger: Ledger) -> str:
        anchor, words, unit = ledger.anchor, self.words, ledger.unit
        if anchor is None:
            if ledger.counted_us is None:
                return tr("Never counted.")
            return tr("Counted {time}, further down.", time=words.ago(ledger.counted_us))
        time = words.ago(anchor.occurred_at_us)
        since = [
            row.change_milli
            for row in ledger.lines
            if row.recorded_at_us > anchor.recorded_at_us and row.kind not in ("count", "look")
        ]
        came, went = sum(c for c in since if c > 0), -sum(c for c in since if c < 0)
        values = {
            "time": time, "came": words.quantity(came, unit), "went": words.quantity(went, unit),
        }  # fmt: skip
        if came and went:
            return tr("Counted {time}; since then {came} came in and {went} went out.", **values)
        if came:
            return tr("Counted {time}; since then {came} came in.", **values)
        if went:
            return tr("Counted {time}; since then {went} went out.", **values)
        return tr("Counted {time}; since then nothing moved.", **values)

    def _tell_about(self) -> None:
        item = self.records.current
        about = self.query_one("#history-about", Static)
        about.display = item is not None
        if item is not None:
            about.update(content(self._about(item.value, max(20, self.size.width - 4)), _ABOUT_LINES))

    def _about(self, row: LedgerLine, width: int) -> list[Line]:
        """The whole of one line, since the list cuts it."""
        happened = full_moment(row.occurred_at_us, self.words)
        if row.kind == "look":
            first = tr("{time} · {way}", time=happened, way=_way(row))
        else:
            first = tr("Entry {entry} · {time} · {way} · by {who}", entry=row.entry_id, time=happened,
                       way=_way(row), who=row.actor)  # fmt: skip
        said = why_words(row, self._unit, self.words)
        look = WARN if row.findings else ""
        return [
            [part(first, width, QUIET)],
            *([part(text, width, look)] for text in (wrap(said, width, _ABOUT_LINES - 1) if said else ())),
        ]

    # -- keys and rows ---------------------------------------------------------------------------------

    def on_record_list_highlighted(self, event: RecordList.Highlighted) -> None:
        """Near the end more is read."""
        event.stop()
        self._tell_about()
        ledger = self.ledger
        if ledger is None or ledger.is_whole or event.index < len(ledger.lines) - _NEAR_END:
            return
        wanted = len(ledger.lines) * 2
        if wanted > self._limit:
            self._limit = wanted
            self.look_again()

    def on_resize(self) -> None:
        """The line under the cursor is told at another width."""
        if self.has_begun:
            self._tell_about()

    def on_record_list_chosen(self, event: RecordList.Chosen) -> None:
        """Open the entry."""
        event.stop()
        self.action_open_entry()

    def action_open_entry(self) -> None:
        """All lines of the entry under the cursor."""
        self._open(undo=False)

    def action_undo(self) -> None:
        """Undo the entry under the cursor; ask why first."""
        self._open(undo=True)

    def _open(self, *, undo: bool) -> None:
        item = self.records.current
        if item is None:
            return
        if item.value.entry_id is None:
            self.say(tr("Everything matched at this count, so nothing was posted."))
        else:
            open_entry(self, item.value.entry_id, undo=undo)

    def action_next_doubt(self) -> None:
        """To the next line below with a finding, round the end."""
        self._go_to(lambda row: bool(row.findings), tr("Nothing here looks doubtful."))

    def action_anchor(self) -> None:
        """To the last count."""
        self._go_to(lambda row: row.is_certain, tr("It has not been counted for as far as is shown."))

    def _go_to(self, wanted: Any, otherwise: str) -> None:
        rows = () if self.ledger is None else self.ledger.lines
        start = self.records.cursor
        for step in range(1, len(rows) + 1):
            index = (start + step) % len(rows)
            if wanted(rows[index]):
                self.records.go_to(index)
                return
        self.app.bell()
        self.say(otherwise)

    def action_next_place(self) -> None:
        """All bins, then one after the other."""
        if self.ledger is None:
            return
        wheel: list[int | None] = [None, *(place_id for place_id, _ in self.ledger.places)]
        at = wheel.index(self.location_id) if self.location_id in wheel else 0
        self.location_id = wheel[(at + 1) % len(wheel)]
        self.lot_id = None
        self._limit = PAGE
        self.look_again()
