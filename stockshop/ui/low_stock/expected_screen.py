"""What was ordered and has not come yet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static

from stockshop import clock
from stockshop.ids import new_id
from stockshop.language import mark, tr, trn
from stockshop.ui.at_work import PageScreen
from stockshop.ui.counter.lines import QUIET, STRONG, Line, content, part
from stockshop.ui.low_stock.words import day_words
from stockshop.ui.safe import plain
from stockshop.ui.screens.dialogs import Chosen, Confirm, Confirmed, Offer
from stockshop.ui.widgets.memory import InMemory, Item
from stockshop.ui.widgets.record_list import Column, RecordList

if TYPE_CHECKING:
    from stockshop.services.expected import Expected
    from stockshop.services.stock import PostedEntry

OrderItem = Item["Expected"]


class ExpectedScreen(PageScreen):
    """The open purchase orders; Enter says that one has come."""

    CSS_PATH: ClassVar[Path] = Path(__file__).parents[1] / "styles" / "low_stock.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "arrived", mark("Has come"), id="expected.arrived",
                tooltip=mark("All of this order has come: receive it into its bins")),
        Binding("delete", "close", mark("Comes no more"), id="expected.close",
                tooltip=mark("Nothing more is expected of this order")),
        Binding("ctrl+y", "why", mark("Why"), id="expected.why",
                tooltip=mark("The whole ledger of this product")),
    ]  # fmt: skip
    AUTO_FOCUS = "#expected"

    def compose_body(self) -> Iterable[Widget]:
        """A sentence, the orders, and what is in the one under the cursor."""
        yield Static("", id="expected-head")
        yield RecordList(self._columns(), empty=tr("Looking …"), id="expected")
        yield Static("", id="low-why")

    def _columns(self) -> tuple[Column[OrderItem], ...]:
        words = self.words

        def due(item: OrderItem) -> str:
            day = self._due(item.value)
            return "" if day is None else day_words(day, words, short=True)

        def late(item: OrderItem) -> str:
            day = self._due(item.value)
            return "bad" if day is not None and day < clock.today(words.zone) else ""

        def lines(item: OrderItem) -> str:
            many = len(item.value.open_lines)
            return trn("{count} product", "{count} products", many, count=words.whole(many))

        return (
            Column(tr("Supplier"), lambda item: item.value.supplier or "–", least=16, weight=2),
            Column(tr("To come"), lines, width=12, align="right"),
            Column(tr("Ordered"), lambda item: words.time(item.value.opened_us), width=9, align="right"),
            Column(tr("Due"), due, width=9, align="right", tone=late),
            Column(tr("Reference"), lambda item: item.value.reference, least=10, weight=1,
                   tone=lambda _: "quiet"),
        )  # fmt: skip

    def _due(self, order: Expected) -> date | None:
        if order.lead_time_days is None:
            return None
        opened = clock.to_datetime(order.opened_us, self.words.zone).date()
        return opened + timedelta(days=order.lead_time_days)

    @property
    def records(self) -> RecordList[OrderItem]:
        """The orders."""
        return self.query_one("#expected", RecordList)

    def begin(self) -> None:
        """Read them."""
        self.look_again()

    def look_again(self) -> None:
        """Something may have come."""
        from stockshop.services import expected

        shop = self.shop
        self.look(
            lambda: expected.expected(shop),
            self._show,
            group="expected",
            doing=tr("looking what is expected"),
        )

    def _show(self, found: tuple[Expected, ...]) -> None:
        words = self.words
        said = trn(
            "{count} order is open", "{count} orders are open", len(found), count=words.whole(len(found))
        )
        self.query_one("#expected-head", Static).update(plain(said))
        records = self.records
        records.empty = tr("Nothing is on order. On F5, Ctrl+O marks what is low as ordered.")
        records.set_source(InMemory(found, lambda order: order.order_id), keep_cursor=records.count > 0)
        self._show_lines()

    @on(RecordList.Highlighted, "#expected")
    def _look_at(self, event: RecordList.Highlighted) -> None:
        event.stop()
        self._show_lines()

    def _show_lines(self) -> None:
        panel = self.query_one("#low-why", Static)
        item = self.records.current
        width = max(20, panel.size.width - 4)
        rows: list[Line] = []
        for line in item.value.open_lines if item is not None else ():
            quantity = self.words.quantity(line.open_milli, line.unit)
            rows.append(
                [part(quantity, 10, STRONG, "right"), ("  ", ""), part(line.name, max(10, width - 26)),
                 ("  ", ""), part(line.sku, 12, QUIET)]
            )  # fmt: skip
        if len(rows) > 5:
            more = len(rows) - 4
            rows[4:] = [[part(trn("and {count} more", "and {count} more", more,
                                  count=self.words.whole(more)), width, QUIET)]]  # fmt: skip
        panel.update(content(rows, 5))

    def on_record_list_chosen(self, event: RecordList.Chosen) -> None:
        """Enter or a double click: it has come."""
        event.stop()
        self.action_arrived()

    def action_arrived(self) -> None:
        """All of the order under the cursor has come."""
        item = self.records.current
        if item is None:
            self.app.bell()
            return
        from stockshop.services import expected

        shop, actor, order, own_id = self.shop, self.actor, item.value, new_id()

        def done(posted: PostedEntry | None) -> None:
            self.told_by.say(
                tr("The order is received into its bins.") if posted else tr("The order is closed.")
            )

        def answered(answer: Confirmed | None) -> None:
            if answer is not None:
                self.write(
                    lambda: expected.receive_order(shop, actor, order.order_id, client_id=own_id), done,
                    doing=tr("receiving an order"),
                )  # fmt: skip

        many = len(order.open_lines)
        question = Confirm(
            trn("{count} product goes into the bin it belongs in, and the order is closed. What came in "
                "another quantity is received at the counter instead.",
                "{count} products go into the bins they belong in, and the order is closed. What came in "
                "another quantity is received at the counter instead.", many, count=self.words.whole(many)),
            title=tr("Has all of it come?"),
            yes=tr("Receive it"),
        )  # fmt: skip
        self.app.push_screen(question, answered)

    def action_why(self) -> None:
        """The ledger of what is in the order; of several products, of the one that is chosen."""
        from stockshop.ui.products.find_picker import FindPicker
        from stockshop.ui.products.history import open_why

        item = self.records.current
        lines = item.value.open_lines if item is not None else ()
        if not lines:
            self.app.bell()
        elif len(lines) == 1:
            open_why(self.app, lines[0].product_id)
        else:

            def answered(answer: Chosen | None) -> None:
                if answer is not None:
                    open_why(self.app, int(answer.key))

            offers = [Offer(str(line.product_id), line.name, line.sku) for line in lines]
            self.app.push_screen(FindPicker(offers, title=tr("Why")), answered)

    def action_close(self) -> None:
        """Nothing more comes."""
        item = self.records.current
        if item is None:
            self.app.bell()
            return
        from stockshop.services import ordering

        shop, actor, order_id = self.shop, self.actor, item.value.order_id

        def answered(answer: Confirmed | None) -> None:
            if answer is not None:
                self.write(
                    lambda: ordering.close_order(shop, actor, order_id),
                    lambda _: self.told_by.say(tr("The order is closed.")),
                    doing=tr("closing an order"),
                )

        question = Confirm(
            tr("Nothing more is expected of this order; what has come stays."),
            title=tr("Comes no more?"),
            yes=tr("Close the order"),
            danger=True,
        )
        self.app.push_screen(question, answered)
