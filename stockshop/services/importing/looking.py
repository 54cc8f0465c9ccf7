"""A look at a file before it is imported: how it is written, and whether it holds products or stock."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from stockshop.errors import ShopError
from stockshop.language import mark, tr
from stockshop.services.exporting import columns as own
from stockshop.services.importing import mappings
from stockshop.services.importing.formats import ColumnsUnknown, recognise, recognise_stock
from stockshop.services.importing.headings import key
from stockshop.services.importing.tables import Table, open_table
from stockshop.services.shop import Shop

_OWN_STOCK = frozenset(key(column.name) for column in own.STOCK)
_DELIMITERS = {",": mark("commas"), ";": mark("semicolons"), "\t": mark("tabs"), "|": mark("bars")}


@dataclass(frozen=True, slots=True)
class FileLook:
    """What can be told of a file by its beginning."""

    is_stock: bool
    """It lists what lies where, and not products."""
    written: str
    """How it is written, in words for people: `CSV with semicolons between its cells, windows-1252`."""


def look_at(shop: Shop, path: Path) -> FileLook:
    """Look at a file. Raises what `open_table` raises for one that cannot be read."""
    table = open_table(path)
    return FileLook(_holds_stock(shop, table), _how_written(table))


def _holds_stock(shop: Shop, table: Table) -> bool:
    keys = {key(header) for header in table.headers}
    if "quantity" in keys and keys <= _OWN_STOCK and "price" not in keys and "bin" in keys:
        return True
    kept = mappings.kept(shop, table.headers)
    try:
        recognise(table, mapping=kept)
    except ColumnsUnknown:
        pass
    except ShopError:
        return False
    else:
        return False
    try:
        recognise_stock(table, mapping=kept)
    except ShopError:
        return False
    return True


def _how_written(table: Table) -> str:
    if table.kind != "csv":
        return {"json": "JSON", "xlsx": tr("Excel workbook")}.get(table.kind, table.kind)
    encoding = (table.encoding or "").upper() if (table.encoding or "").startswith("utf") else table.encoding
    between = tr(_DELIMITERS.get(table.delimiter or "", table.delimiter or ""))
    return tr("CSV with {delimiter} between its cells, {encoding}", delimiter=between, encoding=encoding)
