"""The whole ledger, line by line: who moved what, when, whence and where to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from stockshop import money
from stockshop.errors import NotFound, ShopError
from stockshop.language import mark, tr, trn
from stockshop.ui.at_work import WorkScreen
from stockshop.ui.movements.asked import Asked
from stockshop.ui.movements.columns import WIDE, Growing, movement_columns
from stockshop.ui.movements.entry_dialog import open_entry
from stockshop.ui.movements.wording import done
from stockshop.ui.safe import line
from stockshop.ui.screens.dialogs import Choice, Chosen, Offer
from stockshop.ui.widgets.progress import ProgressLine
from stockshop.ui.widgets.record_list import Column, RecordList

if TYPE_CHECKING:
    from stockshop.services.locations import Place
    from stockshop.services.movements import Found, MovementListing, MovementRow, MovementSearch
    from stockshop.services.scanning import Scan

PAGE = 300
_NEAR_END = 60


class MovementsScreen(WorkScreen):
    """Everything that happened, the newest first, or what a person asks for of it."""

    CSS_PATH: ClassVar[Path] = Path(__file__).parents[1] / "styles" / "lists.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+f", "ask", mark("Filter"), id="movements.filter", priority=True,
                tooltip=mark("Of one product, bin, kind, person or period")),
        Binding("ctrl+t", "next_period", mark("Period"), id="movements.period",
                tooltip=mark("Any time, today, yesterday, this week, this month")),
        Binding("ctrl+o", "only", mark("Like this"), id="movements.only",
                tooltip=mark("Only of this product, bin, kind or person")),
        Binding("ctrl+r", "clear", mark("All"), id="movements.all",
                tooltip=mark("Everything that happened, without a filter")),
        Binding("ctrl+y", "why", mark("Why"), id="movements.why",
                tooltip=mark("The whole ledger of this product")),
        Binding("ctrl+s", "export", mark("Export"), id="movements.export",
                tooltip=mark("Write exactly what is shown into a file")),
        Binding("ctrl+g", "look_on", mark("Look on"), show=False, id="movements.look-on",
                tooltip=mark("Go on looking after it was stopped")),
        Binding("escape", "leave_scan_line", mark("Stop"), show=False, id="movements.stop",
                tooltip=mark("Stop what runs, or clear the scan line")),
    ]  # fmt: skip
    AUTO_FOCUS = "#movements"
    scan_placeholder = mark("scan or type a product or a bin")

    def __init__(self) -> None:
        super().__init__()
        self.asked = Asked()
        """What is shown."""
        self._listing: MovementListing | None = None
        self._search: MovementSearch | None = None
        self._found = Growing()
        self._want_rows = PAGE
        self._is_looking = False
        self._is_stopped = False
        self._looked_to_us: int | None = None

    def compose_body(self) -> Iterable[Widget]:
        """What is shown, the movements, and a line for work that lasts."""
        yield Static("", id="movements-head")
        yield RecordList(self._columns(), empty=tr("Looking …"), id="movements")
        yield ProgressLine()

    def on_resize(self) -> None:
        """A narrow list says less."""
        self.records.set_columns(self._columns())

    def _columns(self) -> tuple[Column[MovementRow], ...]:
        return movement_columns(self.words, wide=self.app.size.width >= WIDE)

    @property
    def records(self) -> RecordList[MovementRow]:
        """The list."""
        return self.query_one("#movements", RecordList)

    def begin(self) -> None:
        """Show everything."""
        self.show_asked(self.asked)

    # -- what is shown -------------------------------------------------------------------------------

    def show_asked(self, asked: Asked) -> None:
        """Show other movements."""
        from stockshop.services.movements import MovementListing, MovementSearch

        self.asked = asked
        self._found, self._want_rows = Growing(), PAGE
        self._is_stopped, self._looked_to_us = False, None
        if asked.is_everything:
            self._search = None
            self._listing = MovementListing(self.shop, self._listing)
            self.records.empty = tr("Nothing has happened yet. Receive something at the counter (F2).")
            self.records.set_source(self._listing)
        else:
            self._search = MovementSearch(self.shop, asked.filter(self.words))
            self.records.empty = tr("Looking …")
            self.records.set_source(self._found)
            self._look_further()
        self._tell()

    def look_again(self) -> None:
        """What has come since stands on top; somebody who looks further down is left there."""
        if self.asked.is_everything:
            self._look_at_everything_again()
        elif self._search is not None and not self._is_looking:
            from stockshop.services.movements import MovementSearch

            top = max(self._search.top, self._found.rows[0].movement_id if self._found.rows else 0)
            search, newer = self._search, MovementSearch(self.shop, self._search.asked, after_id=top)
            self.look(
                lambda: newer.more(PAGE),
                lambda found: self._came_since(search, found),
                group="newer",
                doing=tr("reading the ledger"),
            )

    def _look_at_everything_again(self) -> None:
        from stockshop.services.movements import MovementListing

        if self.records.cursor == 0:
            self._listing = MovementListing(self.shop, self._listing)
            self.records.set_source(self._listing, keep_cursor=True)
        else:
            self.records.reload()

    def _came_since(self, search: MovementSearch, found: Found) -> None:
        # Anew also where a period such as today has become another one.
        if self._search is search and (found.rows or self.asked.filter(self.words) != search.asked):
            self.show_asked(self.asked)

    def _look_further(self) -> None:
        search = self._search
        if search is None or self._is_looking:
            return
        self._is_looking = True
        want = max(1, self._want_rows - len(self._found.rows))
        self.look(
            lambda: search.more(want, lambda: self._is_stopped or self._search is not search),
            partial(self._show_found, search),
            group="movements",
            doing=tr("reading the ledger"),
        )

    def _show_found(self, search: MovementSearch, found: Found) -> None:
        self._is_looking = False
        if self._search is not search:
            self._look_further()
            return
        self._found.extend(found.rows)
        self._looked_to_us = found.looked_to_us
        records = self.records
        if found.is_whole:
            records.empty = tr("Nothing of this kind has happened. Ctrl+R shows everything.")
        elif self._is_stopped:
            records.empty = tr("Nothing found as far as it was looked. Ctrl+G looks on.")
        if found.rows or found.is_whole or self._is_stopped:
            records.set_source(self._found, keep_cursor=True)
        if not found.is_whole and not self._is_stopped and len(self._found.rows) < self._want_rows:
            self._look_further()
        self._tell()

    def on_record_list_counted(self, event: RecordList.Counted) -> None:
        """How many there are is known."""
        event.stop()
        self._tell()

    def on_record_list_highlighted(self, event: RecordList.Highlighted) -> None:
        """Near the end more is looked for."""
        event.stop()
        if self._search is not None and event.index >= len(self._found.rows) - _NEAR_END:
            self.action_look_on()

    # -- the head line ---------------------------------------------------------------------------------

    def _number(self, many: int) -> str:
        return money.format_quantity(many * 1_000, 0, self.words.locale)

    def _tell(self) -> None:
        records, words = self.records, self.words
        if self.asked.is_everything:
            title = tr("Everything that happened, the newest first")
            many = records.count
            said = trn("{number} movement", "{number} movements", many, number=self._number(many))
            rest = said if records.counted else tr("counting …")
        else:
            title = " · ".join(self.asked.parts(words))
            rest = self._found_words()
        self.query_one("#movements-head", Static).update(
            Content.assemble((line(title), "bold"), "\n", (line(rest), "$shop-quiet"))
        )

    def _found_words(self) -> str:
        many = len(self._found.rows)
        values = {"number": self._number(many)}
        search = self._search
        if search is not None and search.is_whole and not self._is_looking:
            said = trn("{number} movement", "{number} movements", many, **values)
            return " · ".join((said, tr("Ctrl+R shows everything")))
        if self._looked_to_us is None:
            return tr("Stopped, Ctrl+G looks on") if self._is_stopped else tr("Looking …")
        day = words_of_day(self._looked_to_us, self)
        if self._is_stopped:
            return trn("{number} movement back to {day}; stopped, Ctrl+G looks on",
                       "{number} movements back to {day}; stopped, Ctrl+G looks on", many, day=day,
                       **values)  # fmt: skip
        if self._is_looking:
            return trn("{number} movement; looking, now at {day} · Esc stops it",
                       "{number} movements; looking, now at {day} · Esc stops it", many, day=day,
                       **values)  # fmt: skip
        return trn("{number} movement back to {day}, more below",
                   "{number} movements back to {day}, more below", many, day=day, **values)  # fmt: skip

    # -- scans -----------------------------------------------------------------------------------------

    def product_scanned(self, scan: Scan) -> None:
        """Only what became of this product."""
        if scan.product is not None:
            self.show_asked(replace(self.asked, product_id=scan.product.id, product=scan.product.name))

    def place_scanned(self, place: Place) -> None:
        """Only what moved in this bin, zone or site."""
        self.show_asked(replace(self.asked, place_id=place.id, place=place.code))

    def read_code(self, code: str, *, typed: bool = False) -> None:
        """A code; what was typed may be a part of a product's name."""
        if not typed:
            super().read_code(code)
            return
        from stockshop.services.scanning import read_scan
        from stockshop.ui.movements.filter_form import find_product

        shop = self.shop

        def read() -> Scan | tuple[int, str] | ShopError:
            scan = read_scan(shop, code)
            if scan.product is not None or scan.place is not None:
                return scan
            try:
                return find_product(shop, code)
            except NotFound:
                return NotFound(tr("No product is called '{text}', and no bin.", text=code[:40]))
            except ShopError as error:
                return error

        def show(found: Scan | tuple[int, str] | ShopError) -> None:
            if isinstance(found, ShopError):
                self.told_by.show_error(found)
            elif isinstance(found, tuple):
                self.show_asked(replace(self.asked, product_id=found[0], product=found[1]))
            else:
                self._code_read(found, typed)

        self.look(read, show, group="scan", doing=tr("looking the product up"))

    # -- keys ------------------------------------------------------------------------------------------

    def on_record_list_chosen(self, event: RecordList.Chosen) -> None:
        """The whole entry."""
        event.stop()
        row = self.records.current
        if row is not None:
            open_entry(self, row.entry_id)

    def action_ask(self) -> None:
        """The form with all conditions."""
        from stockshop.services import movements
        from stockshop.ui.movements.filter_form import filter_form

        shop, words = self.shop, self.words

        def answered(asked: Asked | None) -> None:
            if asked is not None and asked != self.asked:
                self.show_asked(asked)

        def show(people: tuple[str, ...]) -> None:
            self.app.push_screen(filter_form(shop, self.asked, people, words), answered)

        self.look(lambda: movements.people(shop), show, group="people", doing=tr("reading the ledger"))

    def action_next_period(self) -> None:
        """Any time, today, yesterday, this week, this month."""
        self.show_asked(self.asked.next_period())

    def action_only(self) -> None:
        """Narrow it by what the row under the cursor has."""
        row = self.records.current
        if row is None:
            self.app.bell()
            return
        offers = [Offer("product", tr("only this product"), row.name)]
        offers += [
            Offer(f"place {code}", tr("only this bin"), code)
            for code, is_bin in (
                (row.from_place, row.change_milli <= 0),
                (row.to_place, row.change_milli >= 0),
            )
            if is_bin
        ]
        offers.append(Offer("kind", tr("only this kind"), done(row.kind)))
        offers.append(Offer("actor", tr("only this person"), row.actor))

        def answered(answer: Chosen | None) -> None:
            if answer is None:
                return
            what, _, code = answer.key.partition(" ")
            if what == "product":
                self.show_asked(replace(self.asked, product_id=row.product_id, product=row.name))
            elif what == "kind":
                self.show_asked(replace(self.asked, kind=row.kind))
            elif what == "actor":
                self.show_asked(replace(self.asked, actor=row.actor))
            else:
                self._only_in(code)

        self.app.push_screen(Choice("", offers, title=tr("Show only …")), answered)

    def _only_in(self, code: str) -> None:
        from stockshop.services import movements

        shop = self.shop

        def show(found: tuple[int, str]) -> None:
            self.show_asked(replace(self.asked, place_id=found[0], place=found[1]))

        self.look(
            lambda: movements.place_named(shop, code), show, group="scan", doing=tr("looking the bin up")
        )

    def action_clear(self) -> None:
        """Everything that happened."""
        self.show_asked(Asked())

    def action_why(self) -> None:
        """The ledger of the product under the cursor."""
        from stockshop.ui.products.history import open_why

        row = self.records.current
        if row is not None:
            open_why(self.app, row.product_id)

    def action_leave_scan_line(self) -> None:
        """Stop looking; else as on every screen."""
        if self._is_looking and self.job is None:
            self._is_stopped = True
        else:
            super().action_leave_scan_line()

    def action_look_on(self) -> None:
        """Look for more."""
        search = self._search
        if search is not None and not search.is_whole:
            self._is_stopped = False
            self._want_rows = max(self._want_rows, len(self._found.rows) + PAGE)
            self._look_further()
            self._tell()

    def action_export(self) -> None:
        """Choose what kind of file, and write it."""
        from stockshop.ui.movements.to_file import ask_and_write

        ask_and_write(self, self.asked)


def words_of_day(instant_us: int, screen: WorkScreen) -> str:
    """The day of an instant, as the shop writes it."""
    from stockshop import clock
    from stockshop.ui.movements.periods import day_words

    return day_words(clock.to_datetime(instant_us, screen.words.zone).date(), screen.words)
