"""The catalogue: every product in one list that answers each key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input

from stockshop import money
from stockshop.ui.at_work import WorkScreen
from stockshop.ui.products.sheet import Facts, ProductSheet, read_facts
from stockshop.ui.widgets.inputs import ScanLine
from stockshop.ui.widgets.record_list import Column, RecordList

if TYPE_CHECKING:
    from stockshop.services.catalogue import Product, ProductRow
    from stockshop.services.scanning import Scan

EMPTY = "No products yet: press F8 to import a file, or Ctrl+N to add one."
NOTHING = "Nothing matches. Fewer letters find more; Ctrl+T looks at other products, Ctrl+N adds one."
_PAUSE_S = 0.06
"""A store that is not quick is asked when the keys pause so long."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A part of the catalogue."""

    label: str
    asks: dict[str, Any]
    nothing: str
    """What is said when there is none."""


FILTERS = (
    Filter("all", {}, ""),
    Filter("low", {"low": True}, "Nothing is low."),
    Filter("out", {"out": True}, "Nothing is out of stock."),
    Filter("below zero", {"below_zero": True}, "Nothing is below zero."),
    Filter("no barcode", {"no_barcode": True}, "Every product has a barcode."),
    Filter("archived", {"archived": True}, "Nothing is archived."),
)


def _stock_tone(row: ProductRow) -> str:
    if row.is_below_zero or row.on_hand_milli < 0:
        return "bad"
    return "warn" if row.is_low else "quiet" if row.is_out else ""


def _on_hand(row: ProductRow) -> str:
    mark = (
        "✗ " if row.is_archived else "▼ " if row.is_below_zero or row.is_low else "○ " if row.is_out else ""
    )
    return mark + row.on_hand


def _bins(row: ProductRow) -> str:
    others = f" +{len(row.held) - 1}" if len(row.held) > 1 else ""
    return f"{row.held[0][0]}{others}" if row.held else ""


def columns(order: str) -> tuple[Column[ProductRow], ...]:
    """The list's columns; the one it is sorted by has a mark."""
    by = {"name": "", "sku": "", order: " ▲"}
    return (
        Column(f"Product{by['name']}", lambda row: row.name, weight=3, least=16, cut="middle",
               tone=lambda row: "quiet" if row.is_archived else ""),
        Column(f"SKU{by['sku']}", lambda row: row.sku, width=13, cut="middle", tone=lambda _: "quiet"),
        Column("Price", lambda row: row.price, width=9, align="right"),
        Column("On hand", _on_hand, width=9, align="right", tone=_stock_tone),
        Column("Avail.", lambda row: row.available, width=8, align="right", from_width=88),
        Column("Bins", _bins, width=9, tone=lambda _: "quiet", from_width=74),
    )  # fmt: skip


class FilterRow(Widget):
    """The parts of the catalogue; a click chooses one."""

    class Picked(Message):
        """Another part is wanted."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self) -> None:
        super().__init__(id="filters")
        self.chosen = 0
        self.right = ""
        """How many there are."""
        self._spans: list[tuple[int, int]] = []

    def render(self) -> Content:
        """The present part stands out by weight and marks."""
        parts: list[tuple[str, str]] = []
        self._spans = []
        used = 0
        for number, part in enumerate(FILTERS):
            text = f"[{part.label}]" if number == self.chosen else f" {part.label} "
            self._spans.append((used, used + len(text)))
            parts.append((text, "bold $shop-key" if number == self.chosen else "$shop-quiet"))
            used += len(text)
        room = self.size.width - used - len(self.right) - 1
        if room >= 0:
            parts.append((" " * room + self.right, "$shop-quiet"))
        return Content.assemble(*parts)

    def on_click(self, event: events.Click) -> None:
        """A click chooses."""
        offset = event.get_content_offset(self)
        if offset is not None:
            for number, (start, stop) in enumerate(self._spans):
                if start <= offset.x < stop:
                    self.post_message(self.Picked(number))


class ProductsScreen(WorkScreen):
    """Search as you type; arrows and Enter work from the search line too."""

    CSS_PATH: ClassVar[Path] = Path(__file__).parents[1] / "styles" / "products.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+n,insert", "add", "New", id="products.add", tooltip="Add a product"),
        Binding("ctrl+t", "next_filter", "Filter", id="products.filter",
                tooltip="All, low, out, below zero, no barcode, archived"),
        Binding("ctrl+o", "next_order", "Order", id="products.order", tooltip="Sort by name or by SKU"),
        Binding("ctrl+y", "why", "Why", id="products.why", tooltip="Why there are so many: its whole ledger"),
        Binding("ctrl+l", "label", "Label", id="products.label", tooltip="Print the shelf label"),
        Binding("down", "list('step', 1)", "Down", show=False, id="products.down", tooltip="Next product"),
        Binding("up", "list('step', -1)", "Up", show=False, id="products.up", tooltip="Product before"),
        Binding("pagedown", "list('page', 1)", "Page down", show=False, id="products.page-down",
                tooltip="A screen of products down"),
        Binding("pageup", "list('page', -1)", "Page up", show=False, id="products.page-up",
                tooltip="A screen of products up"),
        Binding("ctrl+home", "list('first', 0)", "First", show=False, id="products.first",
                tooltip="To the first product"),
        Binding("ctrl+end", "list('last', 0)", "Last", show=False, id="products.last",
                tooltip="To the last product"),
    ]  # fmt: skip
    scan_placeholder = "scan, or type part of a name"

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self._filter = 0
        self._order = "name"
        self._pause: Timer | None = None
        self._shown_id = 0

    def compose_body(self) -> Iterable[Widget]:
        """The list, and the product beside it where there is room."""
        sheet = ProductSheet(self.words, id="sheet")
        sheet.hints = {"why": "Ctrl+Y: why is it so?"}
        yield Horizontal(
            Vertical(
                FilterRow(), RecordList(columns(self._order), empty=EMPTY, id="list"), id="catalogue-left"
            ),
            VerticalScroll(sheet, id="beside", can_focus=False),
            id="catalogue",
        )

    @property
    def records(self) -> RecordList[ProductRow]:
        """The list."""
        return self.query_one("#list", RecordList)

    def begin(self) -> None:
        """Show everything."""
        self._ask()

    def look_again(self) -> None:
        """Stock or catalogue may have changed: read anew what is on screen."""
        if self.records.counted or self.records.count:
            self.records.reload()
        else:
            self._ask()
        if self._shown_id:
            self._read_beside(self._shown_id)

    # -- what is listed ----------------------------------------------------------------------------

    @on(Input.Changed, "#scan-line")
    def _search(self, event: Input.Changed) -> None:
        event.stop()
        text = event.value.strip()
        if text == self._text:
            return
        self._text = text
        if self._pause is not None:
            self._pause.stop()
            self._pause = None
        listing = self._listing()
        if listing.quick:
            self._list(listing)
        else:
            self._pause = self.set_timer(_PAUSE_S, self._ask)

    def _listing(self) -> Any:
        from stockshop.services.catalogue import ProductListing

        asks = FILTERS[self._filter].asks
        return ProductListing(self.shop, text=self._text, order=self._order, **asks)

    @property
    def is_pausing(self) -> bool:
        """Whether a search waits for the keys to pause."""
        return self._pause is not None

    def _ask(self) -> None:
        self._pause = None
        self._list(self._listing())

    def _list(self, listing: Any) -> None:
        part = FILTERS[self._filter]
        self.records.empty = NOTHING if self._text else part.nothing or EMPTY
        self.records.set_source(listing)

    def on_record_list_counted(self, event: RecordList.Counted) -> None:
        """Say how many there are."""
        event.stop()
        row = self.query_one(FilterRow)
        row.right = money.format_quantity(event.count * 1_000, 0, self.words.locale)
        row.refresh()
        if not event.count:
            self._shown_id = 0
            self.query_one("#sheet", ProductSheet).show(None)

    def on_filter_row_picked(self, event: FilterRow.Picked) -> None:
        """A part of the catalogue was clicked."""
        self._filter = event.number
        self._filter_changed()

    def action_next_filter(self) -> None:
        """The next part of the catalogue."""
        self._filter = (self._filter + 1) % len(FILTERS)
        self._filter_changed()

    def _filter_changed(self) -> None:
        row = self.query_one(FilterRow)
        row.chosen, row.right = self._filter, "…"
        row.refresh()
        self._ask()

    def action_next_order(self) -> None:
        """By name, or by SKU."""
        self._order = "sku" if self._order == "name" else "name"
        self.records.set_columns(columns(self._order))
        self._ask()

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
            doing="reading the product",
        )

    def _show_beside(self, facts: Facts) -> None:
        self.query_one("#sheet", ProductSheet).show(facts)
        if facts.card.product_id != self._shown_id:
            return

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

        self.look(lambda: read_scan(shop, text), read, group="scan", doing="looking the product up")

    def _open_current(self) -> None:
        row = self.records.current
        if row is not None:
            self._open(row.id)
        elif self._text:
            self.app.bell()
            self.note_scan(f"Nothing is called {self._text}", good=False)

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

    def action_label(self) -> None:
        """The label of the product under the cursor."""
        row = self.records.current
        if row is not None:
            from stockshop.ui.labels.choice import LabelChoice
            from stockshop.ui.screens.labels import LabelsScreen

            self.app.push_screen(LabelsScreen((LabelChoice(row.id, row.sku, row.name),)))

    def action_add(self) -> None:
        """A new product."""
        self._add("")

    def _add(self, barcode: str) -> None:
        from stockshop.ui.products.product_form import ProductForm

        def added(product: Product | None) -> None:
            if product is not None:
                self.say(f"{product.name} is in the catalogue, as {product.sku}.")
                self.tell_stock_changed()
                self.look_again()
                self._open(product.id)

        self.app.push_screen(ProductForm(self.shop, self.actor, barcode=barcode), added)

    def unknown_scanned(self, code: str) -> None:
        """A code nobody knows: kept in the tray, and a new product is offered with it."""
        from stockshop.ui.screens.dialogs import Confirm, Confirmed

        super().unknown_scanned(code)

        def answered(answer: Confirmed | None) -> None:
            if answer is not None:
                self._add(code)

        question = Confirm(
            f"Nobody knows {code}. To put it on a product that is there, open that one and scan again.",
            title="Unknown code",
            yes="New product",
            no="Not now",
            danger=True,
        )
        self.app.push_screen(question, answered)
