"""The floor: catalogue, places, ledger, orders, prices, search."""

from typing import Any

VIRTUAL_LOCATIONS = (
    (1, "supplier", "Suppliers"),
    (2, "customer", "Customers"),
    (3, "loss", "Losses and finds"),
    (4, "scrap", "Scrap"),
    (5, "production", "Production"),
    (6, "transit", "In transit"),
    (7, "opening", "Opening stock"),
    (8, "revaluation", "Revaluation"),
)

# INT, ID, KEYTEXT and STRICT are replaced for each engine; KEYTEXT sorts by code point on both.
TABLES = """
CREATE TABLE setting (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE ledger_head (
    id INT NOT NULL PRIMARY KEY CHECK (id = 1),
    entry_sequence INT NOT NULL CHECK (entry_sequence >= 0),
    recorded_at_us INT NOT NULL,
    closed_through_us INT,
    closed_entry_id INT,
    costing TEXT NOT NULL CHECK (costing IN ('average', 'fifo')),
    negative_policy TEXT NOT NULL CHECK (negative_policy IN ('till', 'always', 'never'))
) STRICT;

CREATE TABLE category (
    id ID,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE supplier (
    id ID,
    name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE location (
    id ID,
    parent_id INT REFERENCES location (id),
    kind TEXT NOT NULL CHECK (kind IN ('site', 'zone', 'bin', 'virtual')),
    code KEYTEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    walk_order INT NOT NULL,
    barcode_key TEXT NOT NULL UNIQUE,
    archived_at_us INT,
    CHECK ((parent_id IS NULL) = (kind IN ('site', 'virtual')))
) STRICT;
CREATE INDEX location_parent_id ON location (parent_id);

CREATE TABLE product (
    id ID,
    sku KEYTEXT NOT NULL UNIQUE CHECK (sku <> ''),
    sku_fold KEYTEXT NOT NULL,
    name TEXT NOT NULL CHECK (name <> ''),
    label_name TEXT NOT NULL,
    sort_name KEYTEXT NOT NULL,
    search_text TEXT NOT NULL,
    category_id INT REFERENCES category (id),
    unit TEXT NOT NULL,
    net_content_milli INT CHECK (net_content_milli > 0),
    net_content_unit TEXT,
    price_minor INT CHECK (price_minor >= 0),
    tax_rate_milli INT CHECK (tax_rate_milli >= 0),
    price_includes_tax INT CHECK (price_includes_tax IN (0, 1)),
    weight_g INT CHECK (weight_g >= 0),
    length_mm INT CHECK (length_mm >= 0),
    width_mm INT CHECK (width_mm >= 0),
    height_mm INT CHECK (height_mm >= 0),
    tracking TEXT NOT NULL CHECK (tracking IN ('none', 'lot')),
    preferred_bin_id INT REFERENCES location (id),
    notes TEXT NOT NULL,
    archived_at_us INT,
    merged_into_id INT REFERENCES product (id),
    created_at_us INT NOT NULL,
    updated_at_us INT NOT NULL,
    CHECK ((net_content_milli IS NULL) = (net_content_unit IS NULL))
) STRICT;
CREATE INDEX product_sku_fold ON product (sku_fold);
CREATE INDEX product_listed ON product (sort_name, id) WHERE archived_at_us IS NULL;
CREATE INDEX product_category_id ON product (category_id);
CREATE INDEX product_merged_into_id ON product (merged_into_id);

CREATE TABLE barcode (
    id ID,
    product_id INT NOT NULL REFERENCES product (id),
    code TEXT NOT NULL CHECK (code <> ''),
    lookup_key TEXT NOT NULL UNIQUE,
    quantity_milli INT NOT NULL CHECK (quantity_milli > 0),
    kind TEXT NOT NULL CHECK (kind IN ('gtin', 'in-store', 'code'))
) STRICT;
CREATE INDEX barcode_product_id ON barcode (product_id);

CREATE TABLE product_supplier (
    product_id INT NOT NULL REFERENCES product (id),
    supplier_id INT NOT NULL REFERENCES supplier (id),
    supplier_code TEXT NOT NULL,
    pack_milli INT NOT NULL CHECK (pack_milli > 0),
    minimum_milli INT NOT NULL CHECK (minimum_milli >= 0),
    unit_cost_e4 INT CHECK (unit_cost_e4 >= 0),
    lead_time_days INT CHECK (lead_time_days >= 0),
    PRIMARY KEY (product_id, supplier_id)
) STRICT;
CREATE INDEX product_supplier_supplier_id ON product_supplier (supplier_id);

CREATE TABLE reorder_rule (
    id ID,
    product_id INT NOT NULL REFERENCES product (id),
    site_id INT REFERENCES location (id),
    reorder_point_milli INT NOT NULL CHECK (reorder_point_milli >= 0),
    order_up_to_milli INT NOT NULL,
    CHECK (order_up_to_milli >= reorder_point_milli)
) STRICT;
CREATE UNIQUE INDEX reorder_rule_shop ON reorder_rule (product_id) WHERE site_id IS NULL;
CREATE UNIQUE INDEX reorder_rule_site ON reorder_rule (product_id, site_id) WHERE site_id IS NOT NULL;

CREATE TABLE price (
    id ID,
    product_id INT NOT NULL REFERENCES product (id),
    price_minor INT CHECK (price_minor >= 0),
    valid_from_us INT NOT NULL,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;
CREATE INDEX price_product_id_id ON price (product_id, id);

CREATE TABLE change (
    id ID,
    noun TEXT NOT NULL,
    noun_id INT NOT NULL,
    field TEXT NOT NULL,
    old_value TEXT,
    new_value TEXT,
    changed_at_us INT NOT NULL,
    actor TEXT NOT NULL
) STRICT;
CREATE INDEX change_noun ON change (noun, noun_id, id);

CREATE TABLE lot (
    id ID,
    product_id INT REFERENCES product (id),
    code TEXT NOT NULL,
    expiry TEXT,
    CHECK ((id = 0) = (product_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX lot_product_id_code ON lot (product_id, code);

CREATE TABLE entry (
    id INT NOT NULL PRIMARY KEY,
    client_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('opening', 'receive', 'sell', 'return', 'return-to-supplier', 'move',
        'adjust', 'scrap', 'count', 'build', 'merge', 'reversal')),
    occurred_at_us INT NOT NULL,
    recorded_at_us INT NOT NULL,
    actor TEXT NOT NULL,
    reference TEXT NOT NULL,
    note TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    reverses_id INT UNIQUE REFERENCES entry (id),
    CHECK (occurred_at_us <= recorded_at_us)
) STRICT;
CREATE INDEX entry_occurred_at_us ON entry (occurred_at_us);

CREATE TABLE movement (
    id ID,
    entry_id INT NOT NULL REFERENCES entry (id),
    line INT NOT NULL,
    product_id INT NOT NULL REFERENCES product (id),
    lot_id INT NOT NULL REFERENCES lot (id),
    from_id INT NOT NULL REFERENCES location (id),
    to_id INT NOT NULL REFERENCES location (id),
    quantity_milli INT NOT NULL CHECK (quantity_milli >= 0),
    value_e4 INT NOT NULL CHECK (value_e4 >= 0),
    price_minor INT,
    occurred_at_us INT NOT NULL,
    CHECK (from_id <> to_id),
    CHECK (quantity_milli > 0 OR from_id = 8 OR to_id = 8)
) STRICT;
CREATE UNIQUE INDEX movement_entry_id_line ON movement (entry_id, line);
CREATE INDEX movement_product_id_id ON movement (product_id, id);
CREATE INDEX movement_product_id_occurred_at_us ON movement (product_id, occurred_at_us);

CREATE TABLE level (
    product_id INT NOT NULL REFERENCES product (id),
    location_id INT NOT NULL REFERENCES location (id),
    lot_id INT NOT NULL REFERENCES lot (id),
    quantity_milli INT NOT NULL,
    PRIMARY KEY (product_id, location_id, lot_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX level_location_id ON level (location_id);

CREATE TABLE product_cost (
    product_id INT NOT NULL PRIMARY KEY REFERENCES product (id),
    quantity_milli INT NOT NULL,
    value_e4 INT NOT NULL,
    last_cost_e4 INT NOT NULL CHECK (last_cost_e4 >= 0)
) STRICT;

CREATE TABLE cost_layer (
    product_id INT NOT NULL REFERENCES product (id),
    position INT NOT NULL,
    quantity_milli INT NOT NULL CHECK (quantity_milli <> 0),
    value_e4 INT NOT NULL,
    PRIMARY KEY (product_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE dip (
    movement_id INT NOT NULL PRIMARY KEY REFERENCES movement (id),
    product_id INT NOT NULL REFERENCES product (id),
    location_id INT NOT NULL REFERENCES location (id),
    lot_id INT NOT NULL REFERENCES lot (id),
    level_milli INT NOT NULL CHECK (level_milli < 0),
    recorded_at_us INT NOT NULL
) STRICT;
CREATE INDEX dip_product_id ON dip (product_id);

CREATE TABLE count_line (
    id ID,
    client_id TEXT NOT NULL,
    line INT NOT NULL,
    entry_id INT REFERENCES entry (id),
    product_id INT NOT NULL REFERENCES product (id),
    location_id INT NOT NULL REFERENCES location (id),
    lot_id INT NOT NULL REFERENCES lot (id),
    counted_milli INT NOT NULL CHECK (counted_milli >= 0),
    book_milli INT NOT NULL,
    book_entry_id INT NOT NULL,
    observed_at_us INT NOT NULL,
    recorded_at_us INT NOT NULL,
    actor TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX count_line_client_id_line ON count_line (client_id, line);
CREATE INDEX count_line_product_id ON count_line (product_id, location_id);

CREATE TABLE shop_order (
    id ID,
    client_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('purchase', 'sales')),
    supplier_id INT REFERENCES supplier (id),
    reference TEXT NOT NULL,
    opened_at_us INT NOT NULL,
    closed_at_us INT,
    actor TEXT NOT NULL
) STRICT;

CREATE TABLE order_line (
    id ID,
    order_id INT NOT NULL REFERENCES shop_order (id),
    product_id INT NOT NULL REFERENCES product (id),
    quantity_milli INT NOT NULL CHECK (quantity_milli > 0)
) STRICT;
CREATE INDEX order_line_order_id ON order_line (order_id);
CREATE INDEX order_line_product_id ON order_line (product_id);

CREATE TABLE allocation (
    id ID,
    client_id TEXT NOT NULL UNIQUE,
    order_line_id INT NOT NULL REFERENCES order_line (id),
    product_id INT NOT NULL REFERENCES product (id),
    quantity_milli INT NOT NULL CHECK (quantity_milli > 0),
    allocated_at_us INT NOT NULL,
    released_at_us INT,
    actor TEXT NOT NULL
) STRICT;
CREATE INDEX allocation_order_line_id ON allocation (order_line_id);
CREATE INDEX allocation_open ON allocation (product_id) WHERE released_at_us IS NULL;

CREATE TABLE fulfilment (
    movement_id INT NOT NULL PRIMARY KEY REFERENCES movement (id),
    order_line_id INT NOT NULL REFERENCES order_line (id)
) STRICT;
CREATE INDEX fulfilment_order_line_id ON fulfilment (order_line_id);

CREATE TABLE unknown_scan (
    id ID,
    client_id TEXT NOT NULL UNIQUE,
    code TEXT NOT NULL,
    place TEXT NOT NULL,
    scanned_at_us INT NOT NULL,
    actor TEXT NOT NULL,
    resolved_at_us INT,
    resolved_by TEXT,
    resolution TEXT,
    product_id INT REFERENCES product (id)
) STRICT;
CREATE INDEX unknown_scan_open ON unknown_scan (id) WHERE resolved_at_us IS NULL;

CREATE TABLE column_mapping (
    headers_key TEXT NOT NULL PRIMARY KEY,
    mapping TEXT NOT NULL,
    saved_at_us INT NOT NULL,
    actor TEXT NOT NULL
) STRICT;

CREATE TABLE near_duplicate_pass (
    product_id INT NOT NULL REFERENCES product (id),
    other_id INT NOT NULL REFERENCES product (id),
    actor TEXT NOT NULL,
    decided_at_us INT NOT NULL,
    PRIMARY KEY (product_id, other_id)
) STRICT
"""

APPEND_ONLY = ("entry", "movement", "price", "change", "dip", "count_line", "fulfilment")


def _statements(db: Any, text: str) -> list[str]:
    replacements = (
        {" INT": " INTEGER", " ID,": " INTEGER NOT NULL PRIMARY KEY,", "KEYTEXT": "TEXT"}
        if _is_sqlite(db)
        else {
            " ID,": " BIGSERIAL NOT NULL PRIMARY KEY,",
            " INT": " BIGINT",
            "KEYTEXT": 'TEXT COLLATE "C"',
            " STRICT, WITHOUT ROWID": "",
            " STRICT": "",
        }
    )
    for old, new in replacements.items():
        text = text.replace(old, new)
    return [statement.strip() for statement in text.split(";") if statement.strip()]


def _is_sqlite(db: Any) -> bool:
    return bool(db.param == "?")


def _sqlite_triggers(db: Any) -> None:
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            db.execute_sql(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    db.execute_sql(
        "CREATE VIRTUAL TABLE product_search USING fts5("
        "search_text, content='product', content_rowid='id', tokenize='trigram case_sensitive 1')"
    )
    db.execute_sql(
        "CREATE TRIGGER product_search_insert AFTER INSERT ON product BEGIN "
        "INSERT INTO product_search (rowid, search_text) VALUES (new.id, new.search_text); END"
    )
    db.execute_sql(
        "CREATE TRIGGER product_search_update AFTER UPDATE OF search_text ON product "
        "WHEN old.search_text IS NOT new.search_text BEGIN "
        "INSERT INTO product_search (product_search, rowid, search_text) "
        "VALUES ('delete', old.id, old.search_text); "
        "INSERT INTO product_search (rowid, search_text) VALUES (new.id, new.search_text); END"
    )
    db.execute_sql(
        "CREATE TRIGGER product_search_delete AFTER DELETE ON product BEGIN "
        "INSERT INTO product_search (product_search, rowid, search_text) "
        "VALUES ('delete', old.id, old.search_text); END"
    )


def _postgres_triggers(db: Any) -> None:
    db.execute_sql(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$"
    )
    for table in APPEND_ONLY:
        db.execute_sql(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    db.execute_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    db.execute_sql("CREATE INDEX product_search ON product USING gin (search_text gin_trgm_ops)")


def up(migrator: Any, db: Any) -> None:
    for statement in _statements(db, TABLES):
        db.execute_sql(statement)
    if _is_sqlite(db):
        _sqlite_triggers(db)
    else:
        _postgres_triggers(db)
    for location_id, code, name in VIRTUAL_LOCATIONS:
        db.execute_sql(
            "INSERT INTO location (id, parent_id, kind, code, name, walk_order, barcode_key) "
            f"VALUES ({location_id}, NULL, 'virtual', '~{code}', '{name}', 0, '~{code}')"
        )
    db.execute_sql("INSERT INTO lot (id, product_id, code, expiry) VALUES (0, NULL, '', NULL)")
    db.execute_sql(
        "INSERT INTO ledger_head (id, entry_sequence, recorded_at_us, costing, negative_policy) "
        "VALUES (1, 0, 0, 'average', 'till')"
    )
    if not _is_sqlite(db):
        db.execute_sql(f"SELECT setval('location_id_seq', {len(VIRTUAL_LOCATIONS)})")
