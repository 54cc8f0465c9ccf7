"""The catalogue: every product in one list that answers each key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input

from stockshop.language import mark, tr
from stockshop.ui.products.filters import FILTERS, Asked, FilterRow
from stockshop.ui.products.list_columns import COLUMN_SORTS, columns
from stockshop.ui.products.marking import MarkingScreen
from stockshop.ui.products.marks import Marks
from stockshop.ui.products.sheet import Facts, ProductSheet, read_facts
from stockshop.ui.widgets.inputs import ScanLine
from stockshop.ui.widgets.progress import ProgressLine
from stockshop.ui.widgets.record_list import RecordList

if TYPE_CHECKING:
    from stockshop.services.catalogue import Product, ProductListing, ProductRow
    from stockshop.services.scanning import Scan

__all__ = ["FILTERS", "FilterRow", "ProductsScreen"]

EMPTY = mark("No products yet: press F8 to import a file, or Ctrl+N to add one.")
NOTHING = mark("Nothing matches. Fewer letters find more; Ctrl+T looks at other products, Ctrl+N adds one.")
NARROWED = mark("Nothing matches here. Ctrl+R takes all filters off, Ctrl+N adds a product.")
_PAUSE_S = 0.06
"""A store that is not quick is asked when the keys pause so long."""


class ProductsScreen(MarkingScreen):
    """Search as you type; arrows and Enter work from the search line too."""

    CSS_PATH: ClassVar[Path] = Path(__file__).parents[1] / "styles" / "products.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+n,insert", "add", mark("New"), id="products.add", tooltip=mark("Add a product")),
        Binding("ctrl+t", "next_filter", mark("Filter"), id="products.filter",
                tooltip=mark("All, low, out, below zero, no barcode, archived")),
        Binding("ctrl+g", "pick_category", mark("Category"), id="products.category",
                tooltip=mark("Only products of one category")),
        Binding("ctrl+b", "pick_place", mark("Bin"), id="products.place",
                tooltip=mark("Only products that lie in one bin, zone or site")),
        Binding("ctrl+o", "pick_order", mark("Order"), id="products.order",
                tooltip=mark("Sort by another column; the same one again turns the order round")),
        Binding("ctrl+r", "no_filters", mark("All again"), show=False, id="products.all",
                tooltip=mark("Take all filters off")),
        Binding("ctrl+y", "why", mark("Why"), id="products.why",
                tooltip=mark("Why there are so many: its whole ledger")),
        Binding("down", "list('step', 1)", mark("Down"), show=False, id="products.down",
                tooltip=mark("Next product")),
        Binding("up", "list('step', -1)", mark("Up"), show=False, id="products.up",
                tooltip=mark("Product before")),
        Binding("pagedown", "list('page', 1)", mark("Page down"), show=False, id="products.page-down",
                tooltip=mark("A screen of products down")),
        Binding("pageup", "list('page', -1)", mark("Page up"), show=False, id="products.page-up",
                tooltip=mark("A screen of products up")),
        Binding("ctrl+home", "list('first', 0)", mark("First"), show=False, id="products.first",
                tooltip=mark("To the first product")),
        Binding("ctrl+end", "list('last', 0)", mark("Last"), show=False, id="products.last",
                tooltip=mark("To the last product")),
    ]  # fmt: skip
    scan_placeholder = mark("scan, or type part of a name")

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self._asked = Asked()
        self._order, self._descending = "name", False
        self._pause: Timer | None = None
        self._shown_id = 0
        self._listing: ProductListing | None = None
        self.marks = Marks()

    def compose_body(self) -> Iterable[Widget]:
        """The list, and the product beside it where there is room."""
        sheet = ProductSheet(self.words, id="sheet")
        sheet.hints = {"why": tr("Ctrl+Y: why is it so?")}
        yield Horizontal(
            Vertical(
                FilterRow(),
                RecordList(columns(self._order), empty=tr(EMPTY), id="list"),
                ProgressLine(),
                id="catalogue-left",
            ),
            VerticalScroll(sheet, id="beside", can_focus=False),
            id="catalogue",
        )

    @property
    def records(self) -> RecordList[ProductRow]:
        """The list."""
        return self.query_one("#list", RecordList)

    @property
    def listing(self) -> ProductListing | None:
        """What is listed, or about to be."""
        return self._listing

    def begin(self) -> None:
        """Show everything."""
        self._ask()

    def look_again(self) -> None:
        """Stock or catalogue may have changed: read anew what is on screen."""
        shown: object = self.records.source
        if self._listing is not None and shown is self._listing:
            self.records.reload()
        else:
            # What was asked last is still on its way: it is not given up for what is shown.
            self._ask()
        if self._shown_id:
            self._read_beside(self._shown_id)

    # -- what is listed ----------------------------------------------------------------------------

    @on(Input.Changed, "#scan-line")
    def _search(self, event: Input.Changed) -> None:
        event.stop()
        text = event.value.strip()
        if text == self._text:
            if not text:
                self.is_only_space(event)
            return
        self._text = text
        if self._pause is not None:
            self._pause.stop()
            self._pause = None
        listing = self._asked_listing()
        if listing.quick:
            self._list(listing)
        else:
            self._pause = self.set_timer(_PAUSE_S, self._ask)

    def _asked_listing(self) -> ProductListing:
        from stockshop.services.catalogue import ProductListing

        return ProductListing(
            self.shop, text=self._text, order=self._order, descending=self._descending, **self._asked.asks()
        )

    @property
    def is_pausing(self) -> bool:
        """Whether a search waits for the keys to pause."""
        return self._pause is not None

    def _ask(self) -> None:
        self._pause = None
        self._list(self._asked_listing())

    def _list(self, listing: ProductListing) -> None:
        before, self._listing = self._listing, listing
        if before is not None:
            before.close()
            self.marks.listing_changed(listing, same_products=before.filters == listing.filters)
        part = FILTERS[self._asked.state]
        if self._asked.category is not None or self._asked.place is not None:
            empty = NARROWED
        else:
            empty = NOTHING if self._text else part.nothing or EMPTY
        self.records.empty = tr(empty)
        self.query_one(FilterRow).show(
            asked=self._asked, right="…" if listing.quick else tr("looking …"), marked=self.marked_words()
        )
        self.show_marks()
        source: Any = listing
        self.records.set_source(source)

    def on_record_list_counted(self, event: RecordList.Counted) -> None:
        """Say how many there are."""
        event.stop()
        self.query_one(FilterRow).show(
            right=self.words.number(event.count * 1_000), marked=self.marked_words()
        )
        if not event.count:
            self._shown_id = 0
            self.query_one("#sheet", ProductSheet).show(None)

    # -- filters and order -----------------------------------------------------------------------------

    def on_filter_row_picked(self, event: FilterRow.Picked) -> None:
        """A part of the catalogue was clicked."""
        self._want(replace(self._asked, state=event.number))

    def on_filter_row_wanted(self, event: FilterRow.Wanted) -> None:
        """A word of the filter lines was clicked."""
        if event.what == "category":
            self.action_pick_category()
        elif event.what == "place":
            self.action_pick_place()
        elif event.what == "no-category":
            self._want(replace(self._asked, category=None))
        elif event.what == "no-place":
            self._want(replace(self._asked, place=None))
        else:
            self.action_mark_none()

    def action_next_filter(self) -> None:
        """The next part of the catalogue."""
        self._want(replace(self._asked, state=(self._asked.state + 1) % len(FILTERS)))

    def action_no_filters(self) -> None:
        """The whole catalogue again."""
        self._want(Asked())

    def _want(self, asked: Asked) -> None:
        if asked != self._asked:
            self._asked = asked
            self._ask()

    def action_pick_category(self) -> None:
        """Choose a category by a part of its name."""
        from stockshop.ui.products.choosing import choose_category

        choose_category(
            self, self._asked.category, lambda name: self._want(replace(self._asked, category=name))
        )

    def action_pick_place(self) -> None:
        """Choose a bin, a zone or a site."""
        from stockshop.ui.products.choosing import choose_place

        choose_place(self, self._asked.place, lambda code: self._want(replace(self._asked, place=code)))

    def action_pick_order(self) -> None:
        """Choose the column that it is sorted by."""
        from stockshop.ui.products.choosing import choose_order

        choose_order(self, self._order, descending=self._descending, chosen=self.sort_by)

    def sort_by(self, order: str) -> None:
        """Sort by a column; by the same one again, the other way round."""
        self._descending = order == self._order and not self._descending
        self._order = order
        self._ask()

    def on_record_list_heading_clicked(self, event: RecordList.HeadingClicked) -> None:
        """A heading was clicked."""
        event.stop()
        order = COLUMN_SORTS[event.column]
        if order:
            self.sort_by(order)

    def show_marks(self) -> None:
        """The columns, with ticks where anything is marked."""
        self.records.set_columns(
            columns(
                self._order,
                descending=self._descending,
                is_marked=self.marks.has if self.marks else None,
            )
        )

    # -- the product beside -------------------------------------------------------------------------

    def on_record_list_highlighted(self, event: RecordList.Highlighted) -> None:
        """Another product is looked at."""
        event.stop()
        row = self.records.current
        if row is not None:
            self._shown_id = row.id
            self._read_beside(row.id)

    def on_resize(self) -> None:
        """The product beside comes into view when the window grows."""
        if self._shown_id:
            self._read_beside(self._shown_id)

    def _read_beside(self, product_id: int) -> None:
        if self.app.size.width < 100:
            return
        shop = self.shop
        self.look(
            lambda: read_facts(shop, product_id),
            self._show_beside,
            group="beside",
            doing=tr("reading the product"),
        )

    def _show_beside(self, facts: Facts) -> None:
        self.query_one("#sheet", ProductSheet).show(facts)

    # -- keys ----------------------------------------------------------------------------------------

    def action_list(self, what: str, by: int) -> None:
        """Move in the list from the search line."""
        records = self.records
        if what == "step":
            records.action_step(by)
        elif what == "page":
            records.action_page(by)
        elif what == "first":
            records.action_first()
        else:
            records.action_last()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter on the search line: the product with exactly this code, else the one under the cursor."""
        if not isinstance(event.input, ScanLine):
            return
        event.stop()
        event.prevent_default()
        text = event.value.strip()
        if not text:
            self._open_current()
            return
        from stockshop.services.scanning import read_scan

        shop = self.shop

        def read(scan: Scan) -> None:
            if scan.product is not None and not scan.ambiguous:
                self.product_scanned(scan)
            else:
                self._open_current()

        self.look(lambda: read_scan(shop, text), read, group="scan", doing=tr("looking the product up"))

    def _open_current(self) -> None:
        row = self.records.current
        if row is not None:
            self._open(row.id)
        elif self._text:
            self.app.bell()
            self.note_scan(tr("Nothing is called {text}", text=self._text), good=False)

    def on_record_list_chosen(self, event: RecordList.Chosen) -> None:
        """Enter or a double click opens."""
        event.stop()
        self._open_current()

    def _open(self, product_id: int) -> None:
        from stockshop.ui.products.product_screen import ProductScreen

        self.app.push_screen(ProductScreen(product_id))

    def action_why(self) -> None:
        """The ledger of the product under the cursor."""
        row = self.records.current
        if row is not None:
            from stockshop.ui.products.history import HistoryScreen

            self.app.push_screen(HistoryScreen(row.id, row.name, row.unit))

    def action_add(self) -> None:
        """A new product."""
        self._add("")

    def _add(self, barcode: str) -> None:
        from stockshop.ui.products.product_form import ProductForm

        def added(product: Product | None) -> None:
            if product is not None:
                self.say(
                    tr("{product} is in the catalogue, as {sku}.", product=product.name, sku=product.sku)
                )
                self.tell_stock_changed()
                self.look_again()
                self._open(product.id)

        self.app.push_screen(ProductForm(self.shop, self.actor, barcode=barcode), added)

    def unknown_scanned(self, code: str) -> None:
        """A code nobody knows: kept in the tray, and a new product is offered with it."""
        from stockshop.ui.products.choosing import ask_for_new_product

        super().unknown_scanned(code)
        ask_for_new_product(self, code, self._add)
