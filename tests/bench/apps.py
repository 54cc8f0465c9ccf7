"""The least that could be on the screen, and the product list alone: what the app is measured against.

python -m tests.bench.apps bare
python -m tests.bench.apps lookup FILE
python -m tests.bench.apps list FILE
"""

from __future__ import annotations

import sys
from typing import Any

from textual import events
from textual.app import App, ComposeResult
from textual.content import Content
from textual.widgets import Static

READY = "ready-to-go"
RAW_LOOKUP = (
    "SELECT p.sku, p.name, p.price_minor FROM barcode b JOIN product p ON p.id = b.product_id "
    "WHERE b.lookup_key = ?"
)


class BareApp(App[None]):
    """One widget."""

    def compose(self) -> ComposeResult:
        yield Static(READY)


class LookupApp(BareApp):
    """Collects keys; Enter looks the code up and repaints the widget, which fills the screen."""

    CSS = "Static { height: 100%; }"

    def __init__(self, path: str) -> None:
        import apsw

        super().__init__()
        self._connection = apsw.Connection(path, flags=apsw.SQLITE_OPEN_READONLY)
        self._typed = ""

    def on_key(self, event: events.Key) -> None:
        if event.key != "enter":
            self._typed += event.character or ""
            return
        row = self._connection.execute(RAW_LOOKUP, ("0" + self._typed,)).fetchone()
        self._typed = ""
        answer = f"{row[0]} {row[1]} {row[2]}" if row else "unknown"
        self.query_one(Static).update(Content("\n".join([answer] * self.size.height)))


class ListApp(App[None]):
    """The product list over a whole shop; `o` opens it anew."""

    def __init__(self, path: str) -> None:
        from stockshop.services.shop import open_shop

        super().__init__()
        self._shop = open_shop(path)

    def compose(self) -> ComposeResult:
        from stockshop.ui.widgets.record_list import Column, RecordList

        columns: tuple[Column[Any], ...] = (
            Column("SKU", lambda row: row.sku, width=13),
            Column("Product", lambda row: row.name, least=20, cut="middle"),
            Column("Bins", lambda row: row.bins, width=14),
            Column("On hand", lambda row: row.on_hand, width=9, align="right"),
            Column("Available", lambda row: row.available, width=9, align="right"),
            Column("Price", lambda row: row.price, width=10, align="right"),
        )
        yield RecordList(columns, empty=READY)

    def key_o(self) -> None:
        from stockshop.services.catalogue import ProductListing
        from stockshop.ui.widgets.record_list import RecordList

        found: RecordList[Any] = self.query_one(RecordList)
        found.set_source(ProductListing(self._shop))  # type: ignore[arg-type]


def main(which: str, *args: str) -> None:
    """Run one of them until it is ended."""
    apps = {"bare": BareApp, "lookup": LookupApp, "list": ListApp}
    apps[which](*args).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
