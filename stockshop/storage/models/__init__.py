"""The tables, one module per noun."""

from __future__ import annotations

from stockshop.storage.models.base import Table
from stockshop.storage.models.ledger import (
    CostLayer,
    CountLine,
    Dip,
    Entry,
    LedgerHead,
    Level,
    Lot,
    Movement,
    ProductCost,
)
from stockshop.storage.models.locations import Location
from stockshop.storage.models.orders import Allocation, Fulfilment, OrderLine, ShopOrder
from stockshop.storage.models.products import (
    Barcode,
    Category,
    Change,
    NearDuplicatePass,
    Price,
    Product,
    ProductSupplier,
    ReorderRule,
    Supplier,
)
from stockshop.storage.models.shop import ColumnMapping, Draft, Setting, UnknownScan

TABLES: tuple[type[Table], ...] = (
    Setting, LedgerHead, Category, Supplier, Location, Product, Barcode, ProductSupplier, ReorderRule,
    Price, Change, Lot, Entry, Movement, Level, ProductCost, CostLayer, Dip, CountLine, ShopOrder,
    OrderLine, Allocation, Fulfilment, UnknownScan, ColumnMapping, NearDuplicatePass,
    Draft,
)  # fmt: skip
"""Every table, parents before children: the order in which a shop is copied."""

__all__ = [
    "TABLES", "Allocation", "Barcode", "Category", "Change", "ColumnMapping", "CostLayer", "CountLine",
    "Dip", "Draft", "Entry", "Fulfilment", "LedgerHead", "Level", "Location", "Lot", "Movement",
    "NearDuplicatePass", "OrderLine", "Price", "Product", "ProductCost", "ProductSupplier", "ReorderRule",
    "Setting", "ShopOrder", "Supplier", "Table", "UnknownScan",
]  # fmt: skip
