"""Whether the store itself is whole: its pages, references, tables, guards and indexes."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from pathlib import Path

from stockshop.language import tr
from stockshop.storage import migrate
from stockshop.storage.models import TABLES
from stockshop.storage.session import Session, SqliteSession

_MOST = 20


def store_troubles(session: Session, *, deep: bool = True) -> list[str]:
    """A line per trouble of a store with nothing missing, the worst first."""
    checks = _sqlite if session.engine == "sqlite" else _postgres
    return list(islice(checks(session, deep), _MOST))


def search_trouble(session: Session) -> str | None:
    """What is wrong with the search index of a SQLite store; to be asked inside a transaction."""
    import apsw

    try:
        session.run("INSERT INTO product_search (product_search, rank) VALUES ('integrity-check', 1)")
    except apsw.CorruptError:
        return tr("The search index does not fit the products: some are not found. Rebuild it.")
    return None


def search_trouble_of_copy(session: Session, folder: Path) -> str | None:
    """As `search_trouble`, on a passing copy in `folder`: nobody waits, however large the shop is."""
    import apsw

    assert isinstance(session, SqliteSession)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".checking-") as name:
        copy = apsw.Connection(str(Path(name) / "copy"))
        try:
            with copy.backup("main", session.connection, "main") as backup:
                backup.step(-1)
            return search_trouble(SqliteSession(session.database, copy))
        finally:
            copy.close(True)


def rebuild_search(session: Session) -> None:
    """Make the search index of a SQLite store anew from what products are found by."""
    if session.engine == "sqlite":
        session.run("INSERT INTO product_search (product_search) VALUES ('rebuild')")


def missing_parts(session: Session) -> Iterator[str]:
    if session.engine == "sqlite":
        rows = session.rows(
            "SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c "
            "WHERE t.type = 'table' AND t.name NOT LIKE 'product_search%'"
        )
    else:
        rows = session.rows(
            "SELECT table_name, column_name FROM information_schema.columns "
            "WHERE table_schema = current_schema()"
        )
    there = set(rows)
    tables = {table for table, _ in there}
    for model in TABLES:
        name = model._meta.table_name
        if name not in tables:
            yield tr("Missing: the table '{name}'. Bring back the last backup.", name=name)
            continue
        for field in model._meta.sorted_fields:
            if (name, field.column_name) not in there:
                yield tr(
                    "Missing: the column '{column_name}' of the table '{name}'.",
                    column_name=field.column_name,
                    name=name,
                )
    if session.engine == "sqlite" and not session.value(
        "SELECT 1 FROM sqlite_master WHERE name = 'product_search'"
    ):
        yield tr("Missing: the search index.")
    if "ledger_head" in tables and session.value("SELECT COUNT(*) FROM ledger_head") != 1:
        yield tr("Missing: the head of the ledger. Bring back the last backup.")


@lru_cache(maxsize=1)
def _fresh() -> dict[str, str]:
    """Name and text of every index and trigger that a new SQLite store has."""
    from stockshop.storage.sqlite import ShopDatabase

    database = ShopDatabase(Path(":memory:"))
    database.connect()
    try:
        migrate.up(database)
        found = database.execute_sql(
            "SELECT name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
        ).fetchall()
    finally:
        database.close()
    return {name: _plain(sql) for name, sql in found}


def _plain(sql: str) -> str:
    return re.sub(r"\s+", " ", sql).strip().lower()


def _sqlite(session: Session, deep: bool) -> Iterator[str]:
    if deep:
        for (line,) in session.rows(f"PRAGMA integrity_check({_MOST})"):
            if line != "ok":
                yield tr("The file is damaged: {line}.", line=line)
        for table, row_id, parent, _ in islice(session.stream("PRAGMA foreign_key_check"), _MOST):
            yield tr(
                "Row {row_id} of the table '{table}' refers to what is not in '{parent}'.",
                row_id=row_id,
                table=table,
                parent=parent,
            )
    there: dict[str, str | None] = dict(
        session.rows("SELECT name, sql FROM sqlite_master WHERE type IN ('index', 'trigger')")
    )
    for name, sql in _fresh().items():
        kind = "guard" if sql.startswith("create trigger") else "index"
        if name not in there:
            # The audit names the append-only guards that are gone.
            if not re.search(r"_no_(update|delete)$", name):
                yield tr("The {kind} '{name}' is gone.", kind=kind, name=name)
        elif _plain(there[name] or "") != sql:
            yield tr("The {kind} '{name}' is not what it should be.", kind=kind, name=name)


def _postgres(session: Session, deep: bool) -> Iterator[str]:
    for (name,) in session.rows(
        "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
        "JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema() "
        "WHERE NOT (i.indisvalid AND i.indisready AND i.indislive)"
    ):
        yield tr("The index '{name}' is not valid; rebuild it with REINDEX.", name=name)
    for name, table in session.rows(
        "SELECT conname, conrelid::regclass::text FROM pg_constraint "
        "WHERE connamespace = current_schema()::regnamespace AND NOT convalidated"
    ):
        yield tr("The rule '{name}' of the table '{table}' was never checked.", name=name, table=table)
    for name, table in session.rows(
        "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema() "
        "WHERE t.tgenabled = 'D' AND t.tgisinternal"
    ):
        yield tr("The references of the table '{table}' are switched off ({name}).", table=table, name=name)
    body = session.value(
        "SELECT prosrc FROM pg_proc WHERE proname = 'refuse_change' "
        "AND pronamespace = current_schema()::regnamespace"
    )
    if body is None or "RAISE EXCEPTION" not in body:
        yield tr("The guard 'refuse_change' is not what it should be.")
    if not session.value(
        "SELECT 1 FROM pg_indexes WHERE schemaname = current_schema() AND indexname = 'product_search'"
    ):
        yield tr("The index 'product_search' is gone.")
    if deep:
        yield from _dangling(session)


def _dangling(session: Session) -> Iterator[str]:
    """References to rows that are not there: a server keeps them whole unless it was told not to."""
    for model in TABLES:
        table = model._meta.table_name
        for field in model._meta.refs:
            parent, key = field.rel_model._meta.table_name, field.rel_field.column_name
            column = field.column_name
            count = session.value(
                f"SELECT COUNT(*) FROM {table} c LEFT JOIN {parent} p ON p.{key} = c.{column} "
                f"WHERE c.{column} IS NOT NULL AND p.{key} IS NULL"
            )
            if count:
                yield tr(
                    "{count} rows of the table '{table}' refer to what is not in '{parent}'.",
                    count=count,
                    table=table,
                    parent=parent,
                )
