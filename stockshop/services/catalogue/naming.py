"""By what a product is found and sorted: the columns that follow from its names and codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from stockshop import text
from stockshop.storage import search
from stockshop.storage.session import Session

_SEPARATORS = re.compile(r"[\W_]+")

_NAMES = "SELECT name, label_name, sku, sort_name, search_text, sku_fold FROM product WHERE id = ?"
_CODES = (
    "SELECT code FROM barcode WHERE product_id = ? "
    "UNION ALL SELECT lookup_key FROM barcode WHERE product_id = ? AND lookup_key <> code "
    "UNION ALL SELECT supplier_code FROM product_supplier WHERE product_id = ? AND supplier_code <> '' "
    "UNION ALL SELECT sku FROM product WHERE merged_into_id = ?"
)
_SAVE = "UPDATE product SET sort_name = ?, search_text = ?, sku_fold = ? WHERE id = ?"


def sort_name(name: str) -> str:
    """What products are sorted by: the name without case and accents, then without punctuation in front."""
    folded = text.fold(name)
    return folded.lstrip(" \"'([{<*#-_.") or folded


def sku_fold(sku: str) -> str:
    """The SKU as it is found by when its case does not matter."""
    return text.fold(sku)


def look_alike(sku: str) -> str:
    """The SKU without case, spaces, hyphens and other punctuation, with every O read as a zero.

    Two SKUs with the same answer are easily taken for each other.
    """
    return _SEPARATORS.sub("", text.fold(sku)).replace("o", "0")


def look_alike_mark(sku: str) -> str:
    """What stands in the search text of a product whose SKU is not its own look-alike form."""
    return f"={look_alike(sku)}="


def search_text(name: str, label_name: str, sku: str, codes: Iterable[str]) -> str:
    """What a product is found by."""
    parts = [label_name] if label_name and label_name != name else []
    alike = look_alike(sku)
    if alike != sku_fold(sku) and alike:
        parts.append(look_alike_mark(sku))
    parts += sorted({code for code in codes if code != sku})
    return search.search_text(name, sku, parts)


def barcode_texts(barcodes: Sequence[tuple[str, str]]) -> list[str]:
    """The texts a barcode (code, lookup key) is found by."""
    return [part for code, key in barcodes for part in ((code,) if code == key else (code, key))]


def refresh_in(session: Session, product_id: int) -> None:
    """Bring the columns by which a product is found in line with its names and codes."""
    row = session.row(_NAMES, (product_id,))
    assert row is not None
    name, label_name, sku, *before = row
    codes = [found[0] for found in session.rows(_CODES, (product_id,) * 4)]
    after = [sort_name(name), search_text(name, label_name, sku, codes), sku_fold(sku)]
    if before != after:
        session.run(_SAVE, (*after, product_id))
