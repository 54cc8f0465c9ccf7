"""One product: everything about it, and everything that can be done with it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget

from stockshop.ui.at_work import PageScreen
from stockshop.ui.products.history import history_columns
from stockshop.ui.products.sheet import Facts, ProductSheet, read_facts
from stockshop.ui.screens.dialogs import Choice, Chosen, Confirm, Confirmed, Offer
from stockshop.ui.widgets.memory import InMemory
from stockshop.ui.widgets.record_list import RecordList

if TYPE_CHECKING:
    from stockshop.services.catalogue import Product, ProductBarcode
    from stockshop.services.scanning import Scan

_MOVEMENTS = 60


class ProductScreen(PageScreen):
    """A product by its id. Letters act, since there is nothing to search here."""

    CSS_PATH: ClassVar[Path] = Path(__file__).parents[1] / "styles" / "products.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "edit", "Edit", id="product.edit", tooltip="Change name, price, bin and all the rest"),
        Binding("b", "barcode", "Barcode", id="product.barcode", tooltip="Put a barcode on it by scanning"),
        Binding("w", "why", "Why", id="product.why", tooltip="Why there are so many: the whole ledger of it"),
        Binding("l", "label", "Label", id="product.label", tooltip="Print its shelf label"),
        Binding("a", "archive", "Archive", id="product.archive", tooltip="Out of use, or back again"),
        Binding(
            "delete", "remove_barcode", "Take off a barcode", show=False, id="product.remove-barcode",
            tooltip="Take a barcode off this product",
        ),
    ]  # fmt: skip
    AUTO_FOCUS = "#product-page"

    def __init__(self, product_id: int) -> None:
        super().__init__()
        self.product_id = product_id
        self.facts: Facts | None = None

    def compose_body(self) -> Iterable[Widget]:
        """The sheet, and the movements beside it where there is room."""
        sheet = ProductSheet(self.words, id="sheet")
        sheet.empty = "Looking …"
        sheet.hints = {"barcode": ": press b and scan", "why": "w: why is it so?"}
        yield Horizontal(
            VerticalScroll(sheet, id="product-page"),
            RecordList(history_columns(self.words, "each"), id="product-history", empty="Nothing moved yet."),
            id="product",
        )

    def begin(self) -> None:
        """Read it."""
        self.look_again()

    def on_resize(self) -> None:
        """The movements stand beside the sheet, or in it."""
        self._place_movements()

    def _place_movements(self) -> None:
        beside = self.app.size.width >= 100
        self.query_one("#product-history").display = beside
        sheet = self.query_one("#sheet", ProductSheet)
        if sheet.with_movements == beside:
            sheet.with_movements = not beside
            sheet.refresh(layout=True)

    def look_again(self) -> None:
        """Read everything anew."""
        shop, product_id = self.shop, self.product_id
        self.look(
            lambda: read_facts(shop, product_id, _MOVEMENTS),
            self._show,
            group="product",
            doing="reading the product",
        )

    def _show(self, facts: Facts) -> None:
        before, self.facts = self.facts, facts
        self.query_one("#sheet", ProductSheet).show(facts)
        records = self.query_one("#product-history", RecordList)
        if before is None or before.card.unit != facts.card.unit:
            records.set_columns(history_columns(self.words, facts.card.unit))
        records.set_source(
            InMemory(facts.past.movements, lambda row: row.movement_id), keep_cursor=before is not None
        )

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
            self.changed(f"{product.name} is saved.")

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
                self.changed(f"{barcode.code} is on it now.")

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
                    lambda _: self.told_by.say(f"{answer.key} is off."),
                    doing="taking off a barcode",
                )

        offers = [
            Offer(code.code, code.code, self.words.quantity(code.quantity_milli, facts.card.unit))
            for code in facts.detail.barcodes
        ]
        self.app.push_screen(Choice("", offers, title="Take off which barcode?"), chosen)

    def action_why(self) -> None:
        """The whole ledger of it."""
        if self.facts is not None:
            from stockshop.ui.products.history import HistoryScreen

            card = self.facts.card
            self.app.push_screen(HistoryScreen(card.product_id, card.name, card.unit))

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
            f"{product.name} is not for sale any more. Its history, SKU and barcodes stay, "
            "and it can be brought back.",
            title="Archive it?",
            yes="Archive",
        )
        self.app.push_screen(question, answered)

    def _set_archived(self, product: Product, archived: bool) -> None:
        from stockshop.services import catalogue

        shop, actor = self.shop, self.actor
        work = catalogue.archive if archived else catalogue.unarchive
        said = "archived" if archived else "back in use"
        self.write(
            lambda: work(shop, actor, product.id),
            lambda done: self.told_by.say(f"{done.name} is {said}."),
            doing="archiving a product",
        )
