"""Writing many products in one transaction.

Behind a trigger, FTS5 writes out what it has gathered for every single row (each such statement opens
a savepoint), which is ten times the work. So the triggers step aside inside the transaction, and what
is new or different is indexed in one go at its end.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from stockshop.storage.session import Session

_TRIGGERS = ("product_search_insert", "product_search_update")
_TRIGGER_SQL = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = ?"
_BEGIN = (
    "CREATE TEMP TABLE search_before (id INTEGER PRIMARY KEY, search_text TEXT)",
    "CREATE TEMP TRIGGER search_before_update AFTER UPDATE OF search_text ON main.product "
    "WHEN old.search_text IS NOT new.search_text AND old.id <= (SELECT id FROM search_last) BEGIN "
    "INSERT OR IGNORE INTO search_before VALUES (old.id, old.search_text); END",
)
_END = (
    "INSERT INTO product_search (product_search, rowid, search_text) "
    "SELECT 'delete', id, search_text FROM search_before ORDER BY id",
    "INSERT INTO product_search (rowid, search_text) "
    "SELECT p.id, p.search_text FROM product p WHERE p.id IN (SELECT id FROM search_before) ORDER BY p.id",
    "INSERT INTO product_search (rowid, search_text) "
    "SELECT id, search_text FROM product WHERE id > (SELECT id FROM search_last) ORDER BY id",
    "DROP TRIGGER temp.search_before_update",
    "DROP TABLE temp.search_before",
    "DROP TABLE temp.search_last",
)


@contextmanager
def searchable_at_end(session: Session) -> Iterator[None]:
    """Products written in the block are found by their texts from its end on.

    Inside a transaction; a block that raises must take the transaction with it. Products are not
    removed in the block.
    """
    if session.engine != "sqlite":
        yield
        return
    triggers = [(name, session.value(_TRIGGER_SQL, (name,))) for name in _TRIGGERS]
    last = session.value("SELECT COALESCE(MAX(id), 0) FROM product")
    session.run("CREATE TEMP TABLE search_last (id INTEGER PRIMARY KEY)")
    session.run("INSERT INTO search_last VALUES (?)", (last,))
    for statement in _BEGIN:
        session.run(statement)
    for name, _ in triggers:
        session.run(f"DROP TRIGGER {name}")
    yield
    for statement in _END:
        session.run(statement)
    for _, sql in triggers:
        session.run(sql)
