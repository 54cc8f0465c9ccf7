"""What runs low: why, how many to order, and from whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Static

from stockshop.errors import InvalidInput
from stockshop.language import mark, tr, trn
from stockshop.ui import files
from stockshop.ui.at_work import WorkScreen
from stockshop.ui.counter.lines import QUIET, STRONG, Line, content, part, wrap
from stockshop.ui.low_stock.columns import LowItem, columns
from stockshop.ui.low_stock.words import whole_why
from stockshop.ui.safe import line, plain
from stockshop.ui.screens.dialogs import Choice, Chosen, Offer
from stockshop.ui.widgets.cycle import Cycle
from stockshop.ui.widgets.memory import InMemory
from stockshop.ui.widgets.record_list import RecordList

if TYPE_CHECKING:
    from stockshop.services.ordering import Order
    from stockshop.services.reports import LowRow
    from stockshop.services.running_low import LowFacts, LowList

_FIRST = 200
"""So many are read first, which takes a moment; then all."""
_FACTS_AT_ONCE = 200
_MANY_SUPPLIERS = 6
"""More of them are chosen from a list than one after the other."""
_ALL = "all"
_WIDEST = 36
"""Cells of a filter, as the style sheet bounds them."""


class LowStockScreen(WorkScreen):
    """Everything at or below its reorder point, the emptiest first."""

    CSS_PATH: ClassVar[Path] = Path(__file__).parents[1] / "styles" / "low_stock.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+t", "next_supplier", mark("Supplier"), id="low.supplier",
                tooltip=mark("Of all suppliers, or of one after the other")),
        Binding("ctrl+b", "next_site", mark("Site"), id="low.site",
                tooltip=mark("Of all sites, of rules for the whole shop, or of one site after the other")),
        Binding("ctrl+o", "ordered", mark("Ordered"), id="low.ordered",
                tooltip=mark("This product was ordered; with one supplier chosen, all that is listed")),
        Binding("ctrl+r", "expected", mark("Expected"), id="low.expected",
                tooltip=mark("What was ordered and has not come yet")),
        Binding("ctrl+y", "why", mark("Why"), id="low.why", tooltip=mark("The whole ledger of this product")),
        Binding("ctrl+l", "labels", mark("Labels"), id="low.labels",
                tooltip=mark("Shelf labels of what is listed")),
        Binding("ctrl+s", "write", mark("Order list"), id="low.write",
                tooltip=mark("Write what is listed as an order list, a CSV file")),
    ]  # fmt: skip
    AUTO_FOCUS = "#low"

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[LowRow, ...] = ()
        self._total = 0
        self._supplier: str | None = None
        self._site: str | None = None
        self._facts: dict[tuple[int, str], tuple[LowRow, LowFacts]] = {}

    def compose_body(self) -> Iterable[Widget]:
        """The filters, the list, and why."""
        yield Horizontal(
            Static("", id="low-said"),
            Horizontal(
                Cycle(((_ALL, tr("all suppliers")),), id="low-supplier"),
                Cycle(((_ALL, tr("all sites")),), id="low-site"),
                id="low-filters",
            ),
            id="low-head",
        )
        yield RecordList(columns(self.words, self._facts_of), empty=tr("Looking …"), id="low")
        yield Static("", id="low-why")

    @property
    def records(self) -> RecordList[LowItem]:
        """The list."""
        return self.query_one("#low", RecordList)

    # -- reading ------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Read the emptiest, then all."""
        from stockshop.services import running_low

        shop = self.shop
        self.look(
            lambda: running_low.low_list(shop, _FIRST), self._show_first, group="low",
            doing=tr("looking what is low"),
        )  # fmt: skip

    def _show_first(self, found: LowList) -> None:
        self._show(found)
        if found.total > len(found.rows):
            self.look_again()

    def look_again(self) -> None:
        """Read anew; the cursor stays on its product."""
        from stockshop.services import running_low

        shop = self.shop
        self.look(
            lambda: running_low.low_list(shop), self._show, group="low", doing=tr("looking what is low")
        )

    def _show(self, found: LowList) -> None:
        self._rows, self._total = found.rows, found.total
        if self._supplier is not None and self._supplier not in self._suppliers():
            self._supplier = None
        if self._site is not None and self._site not in self._sites():
            self._site = None
        self._list(keep=self.records.count > 0)
        self._look_for_facts()

    def _look_for_facts(self) -> None:
        """How the next few products sell that are not known yet, those that are listed first."""
        from stockshop.services import running_low

        wanted = [row for row in [*self.shown(), *self._rows] if not self._is_known(row)][:_FACTS_AT_ONCE]
        if not wanted:
            return
        shop = self.shop

        def show(found: dict[tuple[int, str], LowFacts]) -> None:
            for row in wanted:
                self._facts[row.product_id, row.site] = (row, found[row.product_id, row.site])
            self.records.refresh()
            self._show_why()
            self._look_for_facts()

        self.look(
            lambda: running_low.low_facts(shop, wanted), show, group="facts", doing=tr("looking how it sells")
        )

    def _is_known(self, row: LowRow) -> bool:
        known = self._facts.get((row.product_id, row.site))
        return known is not None and known[0] == row

    def _facts_of(self, row: LowRow) -> LowFacts | None:
        known = self._facts.get((row.product_id, row.site))
        return known[1] if known is not None else None

    # -- what is listed -----------------------------------------------------------------------------

    def _suppliers(self) -> list[str]:
        return sorted({row.supplier for row in self._rows}, key=lambda name: (not name, name.casefold()))

    def _sites(self) -> list[str]:
        return sorted({row.site for row in self._rows})

    def shown(self) -> list[LowRow]:
        """The rows of the supplier and the site that are looked at."""
        return [
            row
            for row in self._rows
            if self._supplier in (None, row.supplier) and self._site in (None, row.site)
        ]

    def _list(self, *, keep: bool) -> None:
        rows = self.shown()
        records = self.records
        before = records.current
        source = InMemory(rows, lambda row: (row.product_id, row.site))
        records.empty = (
            tr("Nothing here is low. Ctrl+T and Ctrl+B look at other suppliers and sites.")
            if self._rows
            else tr("Nothing is low. Products with a reorder point are watched here; set it with F3, Ctrl+E.")
        )
        records.set_source(source, keep_cursor=keep)
        place = source.place(before.key) if keep and before is not None else None
        if place is not None:
            records.go_to(place)
        self.query_one("#low-said", Static).update(plain(self._sentence(rows)))
        self._set_filters()
        self._show_why()

    def _set_filters(self) -> None:
        suppliers, sites = self._suppliers(), self._sites()
        every = trn("from {count} supplier", "from all {count} suppliers", len(suppliers),
                    count=self.words.whole(len(suppliers)))  # fmt: skip
        offers = [(_ALL, every), *((f"={name}", _from(name)) for name in suppliers)]
        _turn(self.query_one("#low-supplier", Cycle), offers, self._supplier, shown=bool(suppliers))
        offers = [(_ALL, tr("all sites")), *((f"={code}", code or tr("whole shop")) for code in sites)]
        _turn(self.query_one("#low-site", Cycle), offers, self._site, shown=len(sites) > 1)
        self._fold_head()

    def _fold_head(self) -> None:
        """Where the filters have no room beside the sentence, they stand under it."""
        shown = [cycle for cycle in self.query(Cycle) if cycle.display]
        wide = sum(min(_WIDEST, cycle.get_content_width(self.size, self.size)) + 1 for cycle in shown)
        said = plain(self._sentence(self.shown())).cell_length
        self.query_one("#low-head").set_class(said + wide + 6 > self.size.width, "-two")

    def _sentence(self, rows: Sequence[LowRow]) -> str:
        if not self._rows:
            return tr("Nothing is low")
        words = self.words
        to_count = sum(row.on_hand_milli < 0 for row in rows)
        out = sum(row.available_milli <= 0 for row in rows)
        parts = [tr("{count} to order", count=words.whole(len(rows))) if rows else tr("Nothing to order")]
        if out:
            parts.append(tr("{count} of them out", count=words.whole(out)))
        if to_count:
            parts.append(tr("{count} to count first", count=words.whole(to_count)))
        if self._total > len(self._rows):
            parts.append(tr("the emptiest of {total}", total=words.whole(self._total)))
        return " · ".join(parts)

    @on(RecordList.Highlighted, "#low")
    def _look_at(self, event: RecordList.Highlighted) -> None:
        event.stop()
        self._show_why()

    def _show_why(self) -> None:
        panel = self.query_one("#low-why", Static)
        item = self.records.current
        if item is None:
            panel.update("")
            return
        row = item.value
        width = max(20, panel.size.width - 4)
        head: Line = [part(" · ".join(filter(None, (row.name, row.sku, row.supplier))), width, STRONG)]
        rows: list[Line] = [head] if self.has_class("-wide") else []
        for number, text in enumerate(whole_why(row, self._facts_of(row), self.words)):
            rows += [[part(one, width, QUIET if number else "")] for one in wrap(text, width, 3)]
        panel.update(content(rows, 6))

    def on_resize(self) -> None:
        """The sentences have another width."""
        if self.has_begun:
            self._fold_head()
            self.call_after_refresh(self._show_why)

    # -- filters ------------------------------------------------------------------------------------

    def on_cycle_changed(self, event: Cycle.Changed) -> None:
        """Another supplier or site, by key or mouse."""
        event.stop()
        wanted = None if event.key == _ALL else event.key[1:]
        if event.cycle.id == "low-supplier" and wanted != self._supplier:
            self._supplier = wanted
        elif event.cycle.id == "low-site" and wanted != self._site:
            self._site = wanted
        else:
            return
        self._list(keep=False)

    def action_next_supplier(self) -> None:
        """All suppliers, then one after the other; many of them from a list."""
        suppliers = self._suppliers()
        if len(suppliers) <= _MANY_SUPPLIERS:
            self.query_one("#low-supplier", Cycle).action_turn(1)
            return

        def chosen(answer: Chosen | None) -> None:
            if answer is not None:
                self.query_one("#low-supplier", Cycle).value = answer.key

        many = {name: sum(row.supplier == name for row in self._rows) for name in suppliers}
        offers = [Offer(_ALL, tr("All suppliers"), self.words.whole(len(self._rows)))]
        offers += [
            Offer(f"={name}", name or tr("No supplier"), self.words.whole(many[name])) for name in suppliers
        ]
        self.app.push_screen(Choice(tr("Whose products?"), offers, title=tr("Supplier")), chosen)

    def action_next_site(self) -> None:
        """All sites, then one after the other."""
        if len(self._sites()) < 2:
            raise InvalidInput(tr("All that is low here is watched for the same site."))
        self.query_one("#low-site", Cycle).action_turn(1)

    # -- going on -----------------------------------------------------------------------------------

    def on_record_list_chosen(self, event: RecordList.Chosen) -> None:
        """Open the product."""
        event.stop()
        from stockshop.ui.products.product_screen import ProductScreen

        item = self.records.current
        if item is not None:
            self.app.push_screen(ProductScreen(item.value.product_id))

    def action_why(self) -> None:
        """The ledger of the product under the cursor."""
        item = self.records.current
        if item is not None:
            from stockshop.ui.products.history import HistoryScreen

            row = item.value
            self.app.push_screen(HistoryScreen(row.product_id, row.name, row.unit))

    def action_labels(self) -> None:
        """Labels of everything that is listed."""
        from stockshop.ui.labels.choice import LabelChoice
        from stockshop.ui.screens.labels import LabelsScreen

        rows = {row.product_id: LabelChoice(row.product_id, row.sku, row.name) for row in self.shown()}
        if rows:
            self.app.push_screen(LabelsScreen(tuple(rows.values())))

    def action_ordered(self) -> None:
        """Mark the product under the cursor as ordered, or all that is listed of one supplier."""
        from stockshop.ui.low_stock.ordering import OrderForm

        item = self.records.current
        if item is None:
            self.app.bell()
            return
        rows = [item.value]
        if self._supplier is not None:
            rows = [row for row in self.shown() if row.suggested_milli > 0 and row.on_hand_milli >= 0]
        if not rows or (len(rows) == 1 and rows[0].on_hand_milli < 0):
            raise InvalidInput(tr("What is below zero is counted first; then it is known how many to order."))
        self.app.push_screen(OrderForm(self.shop, self.actor, rows, self.words), self._is_ordered)

    def _is_ordered(self, order: Order | None) -> None:
        if order is None:
            return
        many = len(order.lines)
        self.say(
            trn("{count} product counts as on order now.", "{count} products count as on order now.", many,
                count=self.words.whole(many))
        )  # fmt: skip
        self.tell_stock_changed()
        self.look_again()

    def action_expected(self) -> None:
        """What has not come yet."""
        from stockshop.ui.low_stock.expected_screen import ExpectedScreen

        self.app.push_screen(ExpectedScreen())

    def action_write(self) -> None:
        """Write what is listed as an order list."""
        from stockshop.services import running_low

        rows = self.shown()
        if not rows:
            raise InvalidInput(tr("Nothing is listed that could be ordered."))
        path = files.free_path("order", ".csv")

        def written(lines: int) -> None:
            self.told_by.say(
                trn("{count} line: {path}", "{count} lines: {path}", lines, count=self.words.whole(lines),
                    path=path),
                title=tr("The order list is written"),
            )  # fmt: skip

        self.write(
            lambda: running_low.write_order_list(rows, path), written, doing=tr("writing the order list"),
            changes=False,
        )  # fmt: skip


def _from(supplier: str) -> str:
    return tr("from {supplier}", supplier=line(supplier)) if supplier else tr("from no supplier")


def _turn(cycle: Cycle, offers: Sequence[tuple[str, str]], wanted: str | None, *, shown: bool) -> None:
    """Put choices into a cycle that stands on one of them; nothing is told."""
    key = _ALL if wanted is None else f"={wanted}"
    cycle.choices = tuple(offers)
    cycle.set_reactive(Cycle.index, [one for one, _ in offers].index(key))
    cycle.display = shown
    cycle.refresh(layout=True)
