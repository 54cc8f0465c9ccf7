"""The schema of a store as plain values, so that two stores can be compared part by part."""

from __future__ import annotations

import re
from typing import Any

from stockshop.storage.session import Session

Schema = dict[str, dict[str, Any]]
"""Table: {part: value}, for the parts columns, keys, references, checks and indexes."""
_KEPT_APART = ("schema_migration", "product_search")


def read(session: Session) -> Schema:
    """What the store's tables are, without their triggers and the search index."""
    return _sqlite(session) if session.engine == "sqlite" else _postgres(session)


def squeeze(condition: str) -> str:
    """A condition without what may differ in writing alone: quotes, brackets' and spaces' number, case."""
    bare = re.sub(r"::\w+( varying)?(\[\])?|\"|\s+", " ", condition)
    bare = re.sub(r"= ANY \(ARRAY\[([^]]*)\]\)", r"IN (\1)", bare)
    return re.sub(r"[()\s]+", " ", bare).strip().lower()


def _brackets(sql: str, start: int) -> str:
    """The text inside the bracket that opens at `start`."""
    depth = 0
    for position in range(start, len(sql)):
        depth += {"(": 1, ")": -1}.get(sql[position], 0)
        if depth == 0:
            return sql[start + 1 : position]
    raise AssertionError("a bracket is not closed")


def _sqlite(session: Session) -> Schema:
    schema: Schema = {}
    for name, sql in session.rows("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name"):
        if name.startswith(("sqlite_", *_KEPT_APART)):
            continue
        columns = session.rows(f"PRAGMA table_xinfo({name})")
        strict, without_rowid = session.rows(
            f"SELECT strict, wr FROM pragma_table_list('{name}') WHERE schema = 'main'"
        )[0]
        indexes = []
        for _, index, unique, _, partial in session.rows(f"PRAGMA index_list({name})"):
            text = session.value("SELECT sql FROM sqlite_master WHERE name = ?", (index,)) or ""
            where = squeeze(text.partition(" WHERE ")[2]) if partial else ""
            parts = [row[2] for row in session.rows(f"PRAGMA index_info({index})")]
            indexes.append((parts, bool(unique), where))
        schema[name] = {
            "columns": sorted((row[1], row[2].upper(), bool(row[3]), row[4]) for row in columns),
            "keys": [row[1] for row in sorted(columns, key=lambda row: row[5]) if row[5]],
            "references": sorted(
                (row[3], row[2], row[4] or "id", row[5], row[6])
                for row in session.rows(f"PRAGMA foreign_key_list({name})")
            ),
            "checks": sorted(
                squeeze(_brackets(sql, found.end() - 1)) for found in re.finditer(r"\bCHECK\s*\(", sql)
            ),
            "indexes": sorted(indexes),
            "options": (bool(strict), bool(without_rowid)),
        }
    return schema


def _postgres(session: Session) -> Schema:
    schema: Schema = {}
    for (name,) in session.rows(
        "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
    ):
        if name.startswith(_KEPT_APART):
            continue
        constraints = session.rows(
            "SELECT contype::text, pg_get_constraintdef(oid), convalidated FROM pg_constraint "
            "WHERE conrelid = CAST(? AS regclass) AND contype IN ('c', 'f', 'p')",
            (name,),
        )
        assert all(valid for _, _, valid in constraints)
        schema[name] = {
            "columns": sorted(
                session.rows(
                    "SELECT column_name::text, data_type::text, is_nullable = 'NO', "
                    "column_default IS NOT NULL FROM information_schema.columns "
                    "WHERE table_schema = current_schema() AND table_name = ?",
                    (name,),
                )
            ),
            "keys": sorted(text for kind, text, _ in constraints if kind == "p"),
            "references": sorted(text for kind, text, _ in constraints if kind == "f"),
            "checks": sorted(
                squeeze(text.removeprefix("CHECK ")) for kind, text, _ in constraints if kind == "c"
            ),
            "indexes": sorted(
                re.sub(r"^CREATE (UNIQUE )?INDEX \S+ ON \S+", r"\1", text).replace('COLLATE "C"', "").strip()
                for (text,) in session.rows(
                    "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = ? "
                    "AND indexname <> 'product_search'",
                    (name,),
                )
            ),
        }
    return schema
