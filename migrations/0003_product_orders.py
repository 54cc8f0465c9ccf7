"""Products are read along their category, their price and, once archived, their name, without sorting."""

from typing import Any

INDEXES = """
CREATE INDEX product_by_category ON product (category_id, sort_name, id) WHERE archived_at_us IS NULL;
CREATE INDEX product_by_price ON product (price_minor, sort_name, id) WHERE archived_at_us IS NULL;
CREATE INDEX product_archived ON product (sort_name, id) WHERE archived_at_us IS NOT NULL
"""


def up(migrator: Any, db: Any) -> None:
    for statement in INDEXES.split(";"):
        db.execute_sql(statement.strip())
