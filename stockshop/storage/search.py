"""Finding products by any part of a name, SKU, barcode or supplier code, on both engines.

The text searched is kept folded in `product.search_text`; SQLite looks it up in a trigram FTS5
index, PostgreSQL in a pg_trgm one. Nothing is ranked: ranking a short term costs a hundred times
the search itself.
"""

from __future__ import annotations

from stockshop import text
from stockshop.storage.session import Session

_SHORTEST = 3
_LONGEST_QUERY = 200


def search_text(name: str, sku: str, codes: list[str] | tuple[str, ...]) -> str:
    """What a product is found by: its name, label name, SKU, barcodes and supplier codes, folded."""
    return text.fold("\n".join([name, sku, *codes]))


def terms(query: str) -> list[str]:
    """The words of a query, folded, each of which must be found."""
    return text.fold(text.printable(query[:_LONGEST_QUERY])).split()


def find(session: Session, query: str, limit: int, *, after_id: int = 0) -> list[int]:
    """Ids of products that contain every word of the query, in id order, at most `limit`.

    Archived products are among them. `after_id` continues a former answer.
    """
    words = terms(query)
    if not words:
        return []
    if session.engine == "sqlite":
        return _find_sqlite(session, words, limit, after_id)
    conditions = " AND ".join(["search_text LIKE ?"] * len(words))
    rows = session.rows(
        f"SELECT id FROM product WHERE {conditions} AND id > ? ORDER BY id LIMIT ?",
        [*(_like(word) for word in words), after_id, limit],
    )
    return [row[0] for row in rows]


def _find_sqlite(session: Session, words: list[str], limit: int, after_id: int) -> list[int]:
    long_words = [word for word in words if len(word) >= _SHORTEST]
    short_words = [word for word in words if len(word) < _SHORTEST]
    if not long_words:
        conditions = " AND ".join(["search_text LIKE ? ESCAPE '\\'"] * len(short_words))
        rows = session.rows(
            f"SELECT id FROM product WHERE {conditions} AND id > ? ORDER BY id LIMIT ?",
            [*(_like(word) for word in short_words), after_id, limit],
        )
        return [row[0] for row in rows]
    match = " AND ".join('"' + word.replace('"', '""') + '"' for word in long_words)
    if not short_words:
        rows = session.rows(
            "SELECT rowid FROM product_search WHERE product_search MATCH ? AND rowid > ? "
            "ORDER BY rowid LIMIT ?",
            (match, after_id, limit),
        )
        return [row[0] for row in rows]
    conditions = " AND ".join(["product.search_text LIKE ? ESCAPE '\\'"] * len(short_words))
    rows = session.rows(
        "SELECT product_search.rowid FROM product_search JOIN product ON product.id = product_search.rowid "
        f"WHERE product_search MATCH ? AND {conditions} AND product_search.rowid > ? "
        "ORDER BY product_search.rowid LIMIT ?",
        [match, *(_like(word) for word in short_words), after_id, limit],
    )
    return [row[0] for row in rows]


def by_index(engine: str, query: str) -> tuple[str, list[str]]:
    """A condition on `product p` that asks the index, and its parameters: for few matches of many rows.

    No words, no condition: the text is empty.
    """
    words = terms(query)
    long_words = [word for word in words if len(word) >= _SHORTEST] if engine == "sqlite" else []
    conditions, params = _scanned([word for word in words if word not in long_words])
    if long_words:
        conditions.append("p.id IN (SELECT rowid FROM product_search WHERE product_search MATCH ?)")
        params.append(" AND ".join('"' + word.replace('"', '""') + '"' for word in long_words))
    return " AND ".join(conditions), params


def by_scan(query: str) -> tuple[str, list[str]]:
    """The same as a test of one row after the other: for many matches, read in an order of their own."""
    conditions, params = _scanned(terms(query))
    return " AND ".join(conditions), params


def _scanned(words: list[str]) -> tuple[list[str], list[str]]:
    return ["p.search_text LIKE ? ESCAPE '\\'"] * len(words), [_like(word) for word in words]


def _like(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
