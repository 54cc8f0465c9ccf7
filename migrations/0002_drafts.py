"""Unsaved input of forms, kept against a crash."""

from typing import Any

TABLE = """
CREATE TABLE draft (
    form_key TEXT NOT NULL PRIMARY KEY,
    content TEXT NOT NULL,
    saved_at_us INTEGER NOT NULL,
    actor TEXT NOT NULL
)
"""


def up(migrator: Any, db: Any) -> None:
    if db.param == "?":
        db.execute_sql(f"{TABLE.strip()} STRICT")
    else:
        db.execute_sql(TABLE.strip().replace("INTEGER", "BIGINT"))
