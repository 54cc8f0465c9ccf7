"""A row in every table, written as SQL: what tests of the store itself work on."""

from __future__ import annotations

from stockshop.storage.session import Session

APPEND_ONLY = ("entry", "movement", "price", "change", "dip", "count_line", "fulfilment")

_ROWS = (
    "INSERT INTO setting VALUES ('name', 'Corner shop'), ('currency', 'EUR'), ('locale', 'de_DE')",
    "INSERT INTO category (id, name) VALUES (1, 'Tools')",
    "INSERT INTO supplier (id, name) VALUES (1, 'Müller & Söhne')",
    "INSERT INTO location (id, parent_id, kind, code, name, walk_order, barcode_key) VALUES "
    "(9, NULL, 'site', 'S', 'Shop', 1, 'S'), (10, 9, 'bin', 'A1', 'Shelf', 2, 'A1')",
    "INSERT INTO product (id, sku, sku_fold, name, label_name, sort_name, search_text, category_id, unit, "
    "price_minor, price_includes_tax, tracking, notes, created_at_us, updated_at_us) VALUES "
    "(1, 'B6', 'b6', 'Bolt [M6]', '', 'bolt [m6]', 'bolt [m6]\nb6\n4006381333931', 1, 'each', 250, 1, 'lot', "
    "'', 1, 1), (2, 'B8', 'b8', 'Bolt M8', '', 'bolt m8', 'bolt m8\nb8', NULL, 'each', NULL, NULL, 'none', "
    "'', 1, 1)",
    "INSERT INTO barcode (product_id, code, lookup_key, quantity_milli, kind) VALUES "
    "(1, '4006381333931', '04006381333931', 1000, 'gtin')",
    "INSERT INTO product_supplier VALUES (1, 1, 'MS-1', 12000, 0, 10000, 3)",
    "INSERT INTO reorder_rule (product_id, site_id, reorder_point_milli, order_up_to_milli) VALUES "
    "(1, NULL, 1000, 5000), (1, 9, 1000, 5000)",
    "INSERT INTO price (product_id, price_minor, valid_from_us, actor, reason) VALUES (1, 250, 1, 'Ann', '')",
    "INSERT INTO change (noun, noun_id, field, old_value, new_value, changed_at_us, actor) VALUES "
    "('product', 1, 'name', NULL, 'Bolt [M6]', 1, 'Ann')",
    "INSERT INTO lot (id, product_id, code, expiry) VALUES (1, 1, 'L1', '2027-01-31')",
    "INSERT INTO entry VALUES (1, 'e-1', 'receive', 5, 5, 'Ann', '', '', 'x', NULL)",
    "INSERT INTO movement (id, entry_id, line, product_id, lot_id, from_id, to_id, quantity_milli, value_e4, "
    "occurred_at_us) VALUES (1, 1, 1, 1, 1, 1, 10, 3000, 30000, 5)",
    "INSERT INTO level VALUES (1, 1, 1, -3000), (1, 10, 1, 3000)",
    "INSERT INTO product_cost VALUES (1, 3000, 30000, 10000)",
    "INSERT INTO cost_layer VALUES (1, 1, 3000, 30000)",
    "INSERT INTO dip VALUES (1, 1, 10, 1, -500, 5)",
    "INSERT INTO count_line (client_id, line, product_id, location_id, lot_id, counted_milli, book_milli, "
    "book_entry_id, observed_at_us, recorded_at_us, actor) VALUES ('c-1', 1, 1, 10, 1, 3000, 3000, 1, 6, 6, "
    "'Ann')",
    "INSERT INTO shop_order (id, client_id, kind, supplier_id, reference, opened_at_us, actor) VALUES "
    "(1, 'o-1', 'purchase', 1, '', 1, 'Ann')",
    "INSERT INTO order_line (id, order_id, product_id, quantity_milli) VALUES (1, 1, 1, 3000)",
    "INSERT INTO allocation (client_id, order_line_id, product_id, quantity_milli, allocated_at_us, actor) "
    "VALUES ('a-1', 1, 1, 1000, 1, 'Ann')",
    "INSERT INTO fulfilment VALUES (1, 1)",
    "INSERT INTO unknown_scan (client_id, code, place, scanned_at_us, actor) VALUES "
    "('u-1', '999', 'counter', 1, 'Ann')",
    "INSERT INTO column_mapping VALUES ('a|b', '{}', 1, 'Ann')",
    "INSERT INTO draft VALUES ('product.new', '{}', 1, 'Ann')",
    "INSERT INTO near_duplicate_pass VALUES (1, 2, 'Ann', 1)",
)


def fill(session: Session) -> None:
    """Give every table a row. The numbers fit the columns, not the ledger's rules."""
    for sql in _ROWS:
        session.run(sql)
