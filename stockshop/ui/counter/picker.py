"""Choosing a product by name, for a code that is to be put on it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from stockshop import quantity
from stockshop.errors import InvalidInput, ShopError
from stockshop.language import mark, tr
from stockshop.quantity import MILLI
from stockshop.ui.counter.forms import Form, row
from stockshop.ui.messages import CodeScanned
from stockshop.ui.widgets.inputs import NumberInput
from stockshop.ui.widgets.memory import Item
from stockshop.ui.widgets.record_list import Column, PageSource, RecordList
from stockshop.ui.wording import Wording

if TYPE_CHECKING:
    from stockshop.services.catalogue.listing import ProductListing, ProductRow
    from stockshop.services.finding import FoundProduct
    from stockshop.services.shop import Shop
    from stockshop.services.suggesting import Offer

    OfferItem = Item[Offer]


@dataclass(frozen=True, slots=True)
class PickedProduct:
    """Which product, and how much of it the code stands for."""

    product_id: int
    name: str
    quantity_milli: int


def product_columns(*, with_stock: bool = True) -> tuple[Column[ProductRow], ...]:
    """A product in a list to choose from; while it is counted, the book does not tell the answer."""

    def words(row: ProductRow) -> Wording:
        return Wording(row.currency, row.locale)

    stock: Column[ProductRow] = Column(
        tr("On hand"), lambda row: words(row).quantity(row.on_hand_milli, row.unit), width=10, align="right"
    )
    return (
        Column(tr("Product"), lambda row: row.name, least=18, cut="middle"),
        Column(tr("SKU"), lambda row: row.sku, width=12, tone=lambda row: "quiet", from_width=56),
        *((stock,) if with_stock else ()),
        Column(tr("Price"), lambda row: words(row).price(row.price_minor, row.unit), width=13, align="right"),
    )


def offer_columns(words: Wording) -> tuple[Column[OfferItem], ...]:
    """One of the products that a code may stand for, and how much of it."""
    return (
        Column(tr("Product"), lambda item: item.value.name, least=18, cut="middle"),
        Column(tr("SKU"), lambda item: item.value.sku, width=12, tone=lambda item: "quiet", from_width=56),
        Column(tr("Stands for"), lambda item: words.quantity(item.value.pack_milli, item.value.unit),
               width=10, align="right"),
        Column(tr("Price"), lambda item: words.price(item.value.price_minor, item.value.unit), width=13,
               align="right"),
    )  # fmt: skip


def source_of(listing: ProductListing) -> PageSource[ProductRow]:
    """The listing as what a list reads: it only ever gets keys of its own rows."""
    return cast("PageSource[ProductRow]", listing)


class ProductPicker(Form[PickedProduct, PickedProduct]):
    """Type a part of the name; arrows choose; Enter goes on to how many pieces the code stands for."""

    DEFAULT_CSS = """
    ProductPicker #question { width: 86; }
    ProductPicker RecordList { height: 8; margin: 0 0 1 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "down",
            "to_list",
            mark("Down"),
            show=False,
            id="picker.down",
            tooltip=mark("To the products found"),
        ),
    ]
    AUTO_FOCUS = "#search"
    ok = mark("Attach")

    def __init__(
        self,
        shop: Shop,
        code: str,
        send: Callable[[PickedProduct], Awaitable[PickedProduct]],
        *,
        search: str = "",
        scanned: FoundProduct | None = None,
    ) -> None:
        """`search`: words typed already; `scanned`: the product that was scanned for it."""
        super().__init__(
            tr("Which product has the code {code}?", code=code), send, title=tr("Attach an unknown code")
        )
        self._shop = shop
        self._first_words = search
        self._scanned = scanned

    def fields(self) -> Iterable[Widget]:
        """Search, list, quantity."""
        yield row(tr("Search"), Input(compact=True, id="search", placeholder=tr("part of the name or SKU")))
        yield RecordList(product_columns(), empty=tr("Nothing is called so."), id="picked")
        yield row(
            tr("Stands for"), NumberInput("1", compact=True, id="quantity"), tr("12 for a case of twelve")
        )

    def on_mount(self) -> None:
        """All products to begin with, or what is known already."""
        if self._scanned is not None:
            self._take(self._scanned)
        elif self._first_words:
            self.query_one("#search", Input).value = self._first_words
        else:
            self._search("")

    @on(Input.Changed, "#search")
    def search_changed(self, event: Input.Changed) -> None:
        """Search as it is typed."""
        event.stop()
        # As it is now: what a scan had typed into it may be told late.
        words = event.input.value
        if self._scanned is None or words != self._scanned.sku:
            self._scanned = None
            self.hint("")
            self._search(words)

    def on_code_scanned(self, message: CodeScanned) -> None:
        """The product may be scanned instead of typed."""
        message.stop()
        message.prevent_default()
        self.run_worker(self._read(message.code), group="picking", exit_on_error=False)

    async def _read(self, code: str) -> None:
        from stockshop.services.scanning import read_scan

        try:
            scan = await asyncio.to_thread(read_scan, self._shop, code)
        except ShopError as error:
            self.refuse(error)
            return
        if scan.product is None:
            self.app.bell()
            said = tr("Nobody knows {code} either; scan another, or type.", code=scan.code)
            self.hint(f"✗ {said}")
        else:
            self._take(scan.product)

    def _take(self, product: FoundProduct) -> None:
        """This one was scanned: only how much the code stands for is left to say."""
        self._scanned = product
        self.query_one("#search", Input).value = product.sku
        self._search(product.sku)
        self.hint(tr("{product}: say how much of it the code stands for.", product=product.name), bad=False)
        self.query_one("#quantity").focus()

    def _search(self, text: str) -> None:
        from stockshop.services.catalogue.listing import ProductListing

        self._products().set_source(source_of(ProductListing(self._shop, text=text)))

    def _products(self) -> RecordList[ProductRow]:
        return self.query_one("#picked", RecordList)

    def on_record_list_chosen(self, event: RecordList.Chosen) -> None:
        """The product is clear; on to the quantity."""
        event.stop()
        self.query_one("#quantity").focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in the search takes the product that is marked."""
        if event.input.id == "search":
            event.stop()
            event.prevent_default()
            self.query_one("#quantity").focus()

    def action_to_list(self) -> None:
        """From the search down into the list."""
        self._products().focus()

    def values(self) -> PickedProduct:
        """The product under the cursor. Raises InvalidInput when there is none."""
        product = self._scanned or self._products().current
        if product is None:
            raise InvalidInput(tr("Nothing is called so; type less, or another part."), field="search")
        number = self.query_one("#quantity", NumberInput).number(field="quantity")
        milli = MILLI if number is None else quantity.to_milli(number, field="quantity")
        quantity.check_decimals(milli, product.unit, field="quantity")
        if milli <= 0:
            raise InvalidInput(tr("A code stands for more than nothing."), field="quantity")
        return PickedProduct(product.id, product.name, milli)
