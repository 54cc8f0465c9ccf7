"""What runs low: why, how many to order, and from whom."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static

from stockshop.ui.at_work import WorkScreen
from stockshop.ui.safe import line, plain
from stockshop.ui.widgets.memory import InMemory, Item
from stockshop.ui.widgets.record_list import Column, RecordList
from stockshop.ui.wording import Wording

if TYPE_CHECKING:
    from stockshop.services.reports import LowRow

NO_SUPPLIER = "no supplier"
LowItem = Item["LowRow"]


def why(row: LowRow, words: Wording) -> str:
    """In words: `3 left, point 5, 10 on order`."""
    parts = [f"{words.quantity(row.available_milli, row.unit)} left"]
    if row.available_milli <= 0:
        parts = (
            ["none left"]
            if not row.available_milli
            else [f"{words.number(row.available_milli)} in the books"]
        )
    parts.append(f"point {words.quantity(row.reorder_point_milli, row.unit)}")
    if row.on_order_milli:
        parts.append(f"{words.quantity(row.on_order_milli, row.unit)} on order")
    promised = row.on_hand_milli - row.available_milli
    if promised:
        parts.append(f"{words.quantity(promised, row.unit)} promised")
    if row.site:
        parts.append(f"in {row.site}")
    return ", ".join(parts)


def _tone(item: LowItem) -> str:
    return "bad" if item.value.available_milli <= 0 else "warn"


def columns(words: Wording) -> tuple[Column[LowItem], ...]:
    """What is low, why, and what to order."""
    return (
        Column("Product", lambda item: item.value.name, least=22, weight=3, cut="middle"),
        Column("Why", lambda item: why(item.value, words), least=28, weight=1, tone=_tone),
        Column("Order", lambda item: words.quantity(item.value.suggested_milli, item.value.unit), width=6,
               align="right"),
        Column("Supplier", lambda item: item.value.supplier or "–", least=10, weight=2,
               tone=lambda _: "quiet"),
        Column("Their code", lambda item: item.value.supplier_code, width=12, tone=lambda _: "quiet",
               from_width=110),
        Column("SKU", lambda item: item.value.sku, width=12, tone=lambda _: "quiet", from_width=96),
    )  # fmt: skip


class LowStockScreen(WorkScreen):
    """Everything at or below its reorder point, the emptiest first."""

    CSS_PATH: ClassVar[Path] = Path(__file__).parents[1] / "styles" / "lists.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+t", "next_supplier", "Supplier", id="low.supplier",
                tooltip="Of all suppliers, or of one after the other"),
        Binding("ctrl+y", "why", "Why", id="low.why", tooltip="The whole ledger of this product"),
        Binding("ctrl+l", "labels", "Labels", id="low.labels", tooltip="Shelf labels of what is listed"),
    ]  # fmt: skip
    AUTO_FOCUS = "#low"

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[LowRow] = []
        self._supplier: str | None = None

    def compose_body(self) -> Iterable[Widget]:
        """A sentence, and the list."""
        yield Static("", id="list-head")
        yield RecordList(columns(self.words), empty="Looking …", id="low")

    @property
    def records(self) -> RecordList[LowItem]:
        """The list."""
        return self.query_one("#low", RecordList)

    def begin(self) -> None:
        """Read it."""
        self.look_again()

    def look_again(self) -> None:
        """Read anew; the cursor stays on its product."""
        from stockshop.services import reports

        shop = self.shop
        self.look(lambda: reports.low(shop), self._show, group="low", doing="looking what is low")

    def _show(self, rows: list[LowRow]) -> None:
        self._rows = rows
        if self._supplier is not None and self._supplier not in self._suppliers():
            self._supplier = None
        self._list(keep=self.records.count > 0)

    def _suppliers(self) -> list[str]:
        return sorted({row.supplier for row in self._rows}, key=lambda name: (not name, name.casefold()))

    def shown(self) -> list[LowRow]:
        """The rows of the supplier that is looked at."""
        return [row for row in self._rows if self._supplier is None or row.supplier == self._supplier]

    def _list(self, *, keep: bool) -> None:
        rows = self.shown()
        records = self.records
        before = records.current
        source = InMemory(rows, lambda row: (row.product_id, row.site))
        records.empty = "Nothing is low. Products with a reorder point are watched here; set it with F3, e."
        records.set_source(source, keep_cursor=keep)
        place = source.place(before.key) if keep and before is not None else None
        if place is not None:
            records.go_to(place)
        self.query_one("#list-head", Static).update(plain(self._sentence(rows)))

    def _sentence(self, rows: list[LowRow]) -> str:
        if not self._rows:
            return "Nothing is low"
        many = f"{len(rows)} to order" if rows else "Nothing to order"
        out = sum(row.available_milli <= 0 for row in rows)
        empty = f" · {out} of them out" if out else ""
        if self._supplier is None:
            return f"{many}{empty} · from all {len(self._suppliers())} suppliers"
        return f"{many}{empty} · from {line(self._supplier) or NO_SUPPLIER}"

    def action_next_supplier(self) -> None:
        """All suppliers, then one after the other."""
        wheel: list[str | None] = [None, *self._suppliers()]
        self._supplier = wheel[(wheel.index(self._supplier) + 1) % len(wheel)]
        self._list(keep=False)

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
