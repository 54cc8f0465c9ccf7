"""What a file would do, tried on a copy of the part of the shop that it speaks of.

A trial run in the shop itself would hold up every sale while it lasts. The copy lies in a file of its
own, knows the products that the file could mean with all that an import looks at, and is thrown away.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from stockshop import text
from stockshop.barcodes import lookup_key
from stockshop.services.importing.drafts import ProductDraft, StockDraft
from stockshop.services.shop import Shop
from stockshop.storage.bulk import searchable_at_end
from stockshop.storage.database import create_store
from stockshop.storage.models.base import Table
from stockshop.storage.models.ledger import CostLayer, LedgerHead, Level, Lot, Movement, ProductCost
from stockshop.storage.models.locations import OPENING, Location
from stockshop.storage.models.orders import OrderLine
from stockshop.storage.models.products import (
    Barcode,
    Category,
    Product,
    ProductSupplier,
    ReorderRule,
    Supplier,
)
from stockshop.storage.models.shop import Setting
from stockshop.storage.session import Row, Session

_WHOLE: tuple[type[Table], ...] = (Setting, Category, Supplier, Location, LedgerHead)
_OF_PRODUCTS: tuple[type[Table], ...] = (
    Barcode, ProductSupplier, ReorderRule, ProductCost, CostLayer, Lot, Level,
)  # fmt: skip
_AT_ONCE = 400
"""Values in one question: below what either engine takes."""
_BY_SKU = "SELECT id, merged_into_id FROM product WHERE sku IN ({})"
_BY_FOLD = "SELECT id, merged_into_id FROM product WHERE sku_fold IN ({})"
_BY_CODE = "SELECT product_id, NULL FROM barcode WHERE lookup_key IN ({})"
_OPENED = f"product_id IN ({{}}) AND (from_id = {OPENING} OR to_id = {OPENING})"
_FIRST = "id IN (SELECT MIN(id) FROM {table} WHERE product_id IN ({{}}) GROUP BY product_id)"


@contextmanager
def products_trial(shop: Shop, drafts: Sequence[ProductDraft]) -> Iterator[Shop]:
    """A shop to try these drafts on."""
    skus = {draft.sku for draft in drafts}
    codes = {lookup_key(barcode.code) for draft in drafts for barcode in draft.barcodes}

    def copy(source: Session, copied: _Copy) -> None:
        ids = _with_kept(source, [*_asked(source, _BY_SKU, skus), *_asked(source, _BY_CODE, codes)])
        copied.products(ids)
        copied.rows(Movement, _FIRST.format(table="movement"), ids)

    with _trial(shop, copy) as stage:
        yield stage


@contextmanager
def stock_trial(shop: Shop, drafts: Sequence[StockDraft]) -> Iterator[Shop]:
    """A shop to try these drafts on."""
    names = {name for draft in drafts for name in (draft.sku, draft.barcode) if name}
    codes = names | {lookup_key(name) for name in names}

    def copy(source: Session, copied: _Copy) -> None:
        found = [*_asked(source, _BY_SKU, names), *_asked(source, _BY_CODE, codes)]
        ids = _with_kept(source, [*found, *_asked(source, _BY_FOLD, {text.fold(name) for name in names})])
        copied.products(ids)
        copied.rows(Movement, _OPENED, ids)

    with _trial(shop, copy) as stage:
        yield stage


@contextmanager
def _trial(shop: Shop, copy: Callable[[Session, _Copy], None]) -> Iterator[Shop]:
    with tempfile.TemporaryDirectory(prefix="stockshop-trial-") as folder:
        store = create_store(Path(folder) / "trial.shop")
        try:
            with store.reading() as session:
                # Only some of what the rows refer to is there, and nothing has to last.
                session.run("PRAGMA foreign_keys = 0")
                session.rows("PRAGMA synchronous = 0")
            with shop.store.reading(snapshot=True) as source:
                store.writing(lambda session: _fill(source, session, copy))
            yield Shop(store, shop.settings)
        finally:
            store.close()


def _fill(source: Session, session: Session, copy: Callable[[Session, _Copy], None]) -> None:
    copied = _Copy(source, session)
    with searchable_at_end(session):
        for table in _WHOLE:
            session.run(f"DELETE FROM {table._meta.table_name}")
            copied.whole(table)
        copy(source, copied)


class _Copy:
    """Rows on their way out of the shop into the copy of it."""

    def __init__(self, source: Session, session: Session) -> None:
        self.source = source
        self.session = session

    def whole(self, table: type[Table]) -> None:
        """All rows of a small table."""
        names = _columns(table)
        rows = self.source.rows(f"SELECT {', '.join(names)} FROM {table._meta.table_name}")
        self.session.load(table._meta.table_name, names, rows)

    def products(self, ids: Sequence[int]) -> None:
        """Products, with what hangs on them."""
        self.rows(Product, "id IN ({})", ids)
        for table in _OF_PRODUCTS:
            self.rows(table, "product_id IN ({})", ids)
        self.rows(OrderLine, _FIRST.format(table="order_line"), ids)

    def rows(self, table: type[Table], condition: str, ids: Sequence[int]) -> None:
        """The rows of a table that belong to these products; `{}` in the condition is their list."""
        names = _columns(table)
        question = f"SELECT {', '.join(names)} FROM {table._meta.table_name} WHERE {condition}"
        self.session.load(table._meta.table_name, names, _asked(self.source, question, ids))


def _columns(table: type[Table]) -> list[str]:
    return [field.column_name for field in table._meta.sorted_fields]


def _asked(session: Session, question: str, values: Iterable[object]) -> Iterator[Row]:
    """The rows of a question with a list in it, asked in parts."""
    ordered = list(values)
    for start in range(0, len(ordered), _AT_ONCE):
        part = ordered[start : start + _AT_ONCE]
        yield from session.rows(question.format(", ".join("?" * len(part))), part)


def _with_kept(session: Session, found: Iterable[Row]) -> list[int]:
    """The ids of the products found, and of those that they were merged into."""
    ids: set[int] = set()
    new = {found_id for row in found for found_id in row if found_id is not None}
    while new:
        ids |= new
        kept = _asked(session, "SELECT merged_into_id FROM product WHERE id IN ({})", new)
        new = {row[0] for row in kept if row[0] is not None} - ids
    return sorted(ids)
