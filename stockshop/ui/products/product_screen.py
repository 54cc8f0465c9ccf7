"""One product: everything about it, and everything that can be done with it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widget import Widget

from stockshop.language import mark, tr
from stockshop.ui.at_work import PageScreen
from stockshop.ui.products.history import history_columns, open_why
from stockshop.ui.products.sheet import Facts, ProductSheet, read_facts
from stockshop.ui.products.stock_chart import chart_of, next_span, span_words
from stockshop.ui.screens.dialogs import Choice, Chosen, Confirm, Confirmed, Offer
from stockshop.ui.widgets.chart import Chart
from stockshop.ui.widgets.memory import InMemory
from stockshop.ui.widgets.record_list import RecordList

if TYPE_CHECKING:
    from stockshop.services.catalogue import Product, ProductBarcode
    from stockshop.services.scanning import Scan
    from stockshop.services.series import StockSeries
    from stockshop.services.why import Ledger

_MOVEMENTS = 60


class ProductScreen(PageScreen):
    """A product by its id. Letters act, since there is nothing to search here."""

    CSS_PATH: ClassVar[Path] = Path(__file__).parents[1] / "styles" / "products.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "edit", mark("Edit"), id="product.edit",
                tooltip=mark("Change name, price, bin and all the rest")),
        Binding("b", "barcode", mark("Barcode"), id="product.barcode",
                tooltip=mark("Put a barcode on it by scanning")),
        Binding("w,ctrl+y", "why", mark("Why"), id="product.why",
                tooltip=mark("Why there are so many: the whole ledger of it")),
        Binding("r", "next_span", mark("Range"), id="product.range",
                tooltip=mark("The chart over 12 weeks, a year, or all time")),
        Binding("l", "label", mark("Label"), id="product.label", tooltip=mark("Print its shelf label")),
        Binding("a", "archive", mark("Archive"), id="product.archive",
                tooltip=mark("Out of use, or back again")),
        Binding("delete", "remove_barcode", mark("Take off a barcode"), show=False,
                id="product.remove-barcode", tooltip=mark("Take a barcode off this product")),
    ]  # fmt: skip
    AUTO_FOCUS = "#product-page"

    def __init__(self, product_id: int) -> None:
        super().__init__()
        self.product_id = product_id
        self.facts: Facts | None = None
        self.span = "12w"
        """How far back the chart goes."""
        self._listed_id = 0

    def compose_body(self) -> Iterable[Widget]:
        """The sheet with the chart in it, or beside it over the movements where there is room."""
        top = ProductSheet(self.words, part="top", id="sheet")
        top.empty = tr("Looking …")
        top.hints = {"barcode": tr(": press b and scan")}
        rest = ProductSheet(self.words, part="rest", id="sheet-rest")
        rest.hints = {"why": tr("w: why is it so?")}
        title = tr("Stock over time")
        records = RecordList(
            history_columns(self.words, "each"), id="product-history", empty=tr("Nothing moved yet.")
        )
        yield Horizontal(
            VerticalScroll(top, rest, Chart(title, id="chart"), id="product-page"),
            Vertical(Chart(title, id="chart-beside"), records, id="product-beside"),
            id="product",
        )

    def begin(self) -> None:
        """Read it."""
        self._place_movements()
        self.look_again()

    def on_resize(self) -> None:
        """The chart and the movements stand beside the sheet, or in it."""
        self._place_movements()

    def _place_movements(self) -> None:
        beside = self.app.size.width >= 100
        self.query_one("#product-beside").display = beside
        self.query_one("#chart").display = not beside
        sheet = self.query_one("#sheet-rest", ProductSheet)
        if sheet.with_movements == beside:
            sheet.with_movements = not beside
            sheet.refresh(layout=True)

    def look_again(self) -> None:
        """Read everything anew."""
        from stockshop.services import why

        shop, product_id = self.shop, self.product_id
        self.look(
            lambda: read_facts(shop, product_id), self._show, group="product", doing=tr("reading the product")
        )
        self.look(
            lambda: why.ledger(shop, product_id, limit=_MOVEMENTS),
            self._show_movements,
            group="movements",
            doing=tr("reading the history"),
        )
        self._read_series()

    def _show(self, facts: Facts) -> None:
        self.facts = facts
        for sheet in self.query(ProductSheet):
            sheet.show(facts)

    def _show_movements(self, ledger: Ledger) -> None:
        records = self.query_one("#product-history", RecordList)
        same = records.count > 0 and ledger.product_id == self._listed_id
        if not same:
            records.set_columns(history_columns(self.words, ledger.unit))
        self._listed_id = ledger.product_id
        records.set_source(InMemory(ledger.lines, lambda row: row.key), keep_cursor=same)

    def _read_series(self) -> None:
        from stockshop.services.series import stock_series

        shop, product_id, span = self.shop, self.product_id, self.span
        self.look(
            lambda: stock_series(shop, product_id, span),
            self._show_series,
            group="series",
            doing=tr("reading the stock over time"),
        )

    def _show_series(self, series: StockSeries) -> None:
        remark = tr("{span} · r: {next}", span=span_words(self.span), next=span_words(next_span(self.span)))
        data = chart_of(series, self.words)
        empty = tr("Nothing has moved yet: there is nothing to draw.")
        for chart in self.query(Chart):
            chart.show(data, remark=remark, empty=empty)

    def action_next_span(self) -> None:
        """To the chart; when it is in view, over 12 weeks, a year, all time."""
        below = self.query_one("#chart", Chart)
        page = self.query_one("#product-page", VerticalScroll)
        if below.display and not page.region.contains_region(below.region):
            page.scroll_to_widget(below, animate=False)
            return
        self.span = next_span(self.span)
        self._read_series()

    def product_scanned(self, scan: Scan) -> None:
        """Another product takes the place of this one."""
        if scan.product is not None:
            self.product_id, self.facts = scan.product.id, None
            self.look_again()

    def on_record_list_chosen(self, event: RecordList.Chosen) -> None:
        """A movement: in the whole ledger there is more about it."""
        event.stop()
        self.action_why()

    # -- actions -----------------------------------------------------------------------------------

    def action_edit(self) -> None:
        """The form."""
        if self.facts is not None:
            from stockshop.ui.products.product_form import ProductForm

            self.app.push_screen(ProductForm(self.shop, self.actor, self.facts.detail), self._edited)

    def _edited(self, product: Product | None) -> None:
        if product is not None:
            self.changed(tr("{product} is saved.", product=product.name))

    def changed(self, said: str) -> None:
        """Tell what was done, and read anew."""
        self.say(said)
        self.tell_stock_changed()
        self.look_again()

    def action_barcode(self) -> None:
        """Ask for a barcode."""
        self._ask_barcode("")

    def _ask_barcode(self, code: str) -> None:
        if self.facts is None:
            return
        from stockshop.ui.products.product_form import BarcodeForm

        def added(barcode: ProductBarcode | None) -> None:
            if barcode is not None:
                self.changed(tr("{code} is on it now.", code=barcode.code))

        self.app.push_screen(BarcodeForm(self.shop, self.actor, self.facts.detail, code=code), added)

    def unknown_scanned(self, code: str) -> None:
        """A code that nobody knows is offered to this product."""
        self._ask_barcode(code)

    def action_remove_barcode(self) -> None:
        """Choose the barcode to take off."""
        facts = self.facts
        if facts is None or not facts.detail.barcodes:
            self.app.bell()
            return
        from stockshop.services import catalogue

        shop, actor = self.shop, self.actor

        def chosen(answer: Chosen | None) -> None:
            if answer is not None:
                self.write(
                    partial(catalogue.remove_barcode, shop, actor, answer.key),
                    lambda _: self.told_by.say(tr("{code} is off.", code=answer.key)),
                    doing=tr("taking off a barcode"),
                )

        offers = [
            Offer(code.code, code.code, self.words.quantity(code.quantity_milli, facts.card.unit))
            for code in facts.detail.barcodes
        ]
        self.app.push_screen(Choice("", offers, title=tr("Take off which barcode?")), chosen)

    def action_why(self) -> None:
        """The whole ledger of it."""
        if self.facts is not None:
            open_why(self.app, self.facts.card.product_id)

    def action_label(self) -> None:
        """Its label."""
        if self.facts is not None:
            from stockshop.ui.labels.choice import LabelChoice
            from stockshop.ui.screens.labels import LabelsScreen

            product = self.facts.detail.product
            self.app.push_screen(LabelsScreen((LabelChoice(product.id, product.sku, product.name),)))

    def action_archive(self) -> None:
        """Out of use, or back."""
        if self.facts is None:
            return
        product = self.facts.detail.product
        if product.is_archived:
            self._set_archived(product, False)
            return

        def answered(answer: Confirmed | None) -> None:
            if answer is not None:
                self._set_archived(product, True)

        question = Confirm(
            tr(
                "{product} is not for sale any more. Its history, SKU and barcodes stay, "
                "and it can be brought back.",
                product=product.name,
            ),
            title=tr("Archive it?"),
            yes=tr("Archive"),
        )
        self.app.push_screen(question, answered)

    def _set_archived(self, product: Product, archived: bool) -> None:
        from stockshop.services import catalogue

        shop, actor = self.shop, self.actor
        work = catalogue.archive if archived else catalogue.unarchive

        def said(done: Product) -> None:
            if archived:
                self.told_by.say(tr("{product} is archived.", product=done.name))
            else:
                self.told_by.say(tr("{product} is back in use.", product=done.name))

        self.write(
            lambda: work(shop, actor, product.id),
            said,
            doing=tr("archiving a product"),
        )
