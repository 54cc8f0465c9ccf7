"""What the store itself refuses, whoever asks: wrong types, wrong values, changes to the past."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from stockshop.errors import Conflict, InvalidInput, StoreError
from stockshop.quantity import LIMIT_MILLI
from stockshop.storage.database import Store, create_store, open_store
from stockshop.storage.models import TABLES, Entry, Movement, Product
from stockshop.storage.session import Session
from tests.conftest import database_url
from tests.storage.samples import APPEND_ONLY, fill


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with a row in every table; the same for all tests, as none of them may change it."""
    if request.param == "sqlite":
        store = create_store(tmp_path_factory.mktemp("guards") / "main.shop")
        store.writing(fill)
        yield store
        store.close()
        return
    server, template = (request.getfixturevalue(name) for name in ("postgres_server", "postgres_template"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE guards TEMPLATE "{template}"')
        store = open_store(database_url(server, "guards"))
        store.writing(fill)
        yield store
        store.close()
        connection.execute("DROP DATABASE guards WITH (FORCE)")


on_sqlite = pytest.mark.parametrize("filled", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("filled", ["postgres"], indirect=True)


def refused(store: Store, sql: str, params: tuple[Any, ...] = ()) -> str:
    """What the store says when it does not do it; nothing is changed."""
    with pytest.raises(StoreError) as caught:
        store.writing(lambda session: session.run(sql, params))
    return str(caught.value)


def test_the_sample_has_a_row_in_every_table(filled: Store) -> None:
    with filled.reading() as session:
        empty = [
            table._meta.table_name
            for table in TABLES
            if not session.value(f"SELECT COUNT(*) FROM {table._meta.table_name}")
        ]
    assert empty == []


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_the_past_is_neither_changed_nor_removed(filled: Store, table: str) -> None:
    column = {"movement": "line", "dip": "recorded_at_us", "fulfilment": "order_line_id"}.get(table)
    column = column or ("book_entry_id" if table == "count_line" else "actor")
    column = "field" if table == "change" else column
    with filled.reading() as session:
        before = session.rows(f"SELECT * FROM {table}")
    assert "append-only" in refused(filled, f"UPDATE {table} SET {column} = {column}")
    assert "append-only" in refused(filled, f"DELETE FROM {table}")
    with filled.reading() as session:
        assert session.rows(f"SELECT * FROM {table}") == before


@on_sqlite
@pytest.mark.parametrize("table", APPEND_ONLY)
def test_insert_or_replace_does_not_slip_past_the_guard(filled: Store, table: str) -> None:
    assert "append-only" in refused(filled, f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
    assert "append-only" in refused(filled, f"REPLACE INTO {table} SELECT * FROM {table}")


@on_postgres
@pytest.mark.parametrize("table", APPEND_ONLY)
def test_the_past_is_not_emptied_at_once(filled: Store, table: str) -> None:
    assert "append-only" in refused(filled, f"TRUNCATE {table} CASCADE")


def test_an_upsert_cannot_change_an_entry(filled: Store) -> None:
    said = refused(
        filled,
        "INSERT INTO entry SELECT * FROM entry WHERE true ON CONFLICT (id) DO UPDATE SET note = 'x'",
    )
    assert "append-only" in said


WHOLE_COLUMNS = [
    ("ledger_head", "recorded_at_us"),
    ("product", "price_minor"),
    ("level", "quantity_milli"),
    ("product_cost", "value_e4"),
    ("reorder_rule", "order_up_to_milli"),
]


@pytest.mark.parametrize(("table", "column"), WHOLE_COLUMNS)
def test_text_does_not_pass_for_a_number(filled: Store, table: str, column: str) -> None:
    refused(filled, f"UPDATE {table} SET {column} = ?", ("many",))


@on_sqlite
@pytest.mark.parametrize(("table", "column"), WHOLE_COLUMNS)
def test_a_fraction_does_not_pass_for_a_whole_number(filled: Store, table: str, column: str) -> None:
    refused(filled, f"UPDATE {table} SET {column} = ?", (1.5,))
    refused(filled, f"UPDATE {table} SET {column} = ?", (b"5",))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger_head SET id = 2",
        "UPDATE ledger_head SET costing = 'lifo'",
        "UPDATE ledger_head SET negative_policy = 'whatever'",
        "UPDATE ledger_head SET entry_sequence = -1",
        "UPDATE product SET sku = ''",
        "UPDATE product SET name = ''",
        "UPDATE product SET name = NULL",
        "UPDATE product SET price_minor = -1",
        "UPDATE product SET price_includes_tax = 2",
        "UPDATE product SET tracking = 'serial'",
        "UPDATE product SET net_content_milli = 500, net_content_unit = NULL",
        "UPDATE product SET category_id = 4711",
        "UPDATE product SET merged_into_id = 4711",
        "UPDATE barcode SET quantity_milli = 0",
        "UPDATE barcode SET kind = 'qr'",
        "UPDATE location SET kind = 'shelf' WHERE id > 8",
        "UPDATE location SET parent_id = NULL WHERE kind = 'bin'",
        "UPDATE reorder_rule SET order_up_to_milli = reorder_point_milli - 1",
        "UPDATE lot SET product_id = NULL WHERE id <> 0",
        "UPDATE order_line SET quantity_milli = 0",
        "UPDATE allocation SET quantity_milli = -5",
        "INSERT INTO level VALUES (1, 4711, 0, 1000)",
        "UPDATE product_cost SET last_cost_e4 = -1",
        "DELETE FROM product",
        "DELETE FROM location WHERE id = 1",
    ],
)
def test_what_cannot_be_is_refused(filled: Store, sql: str) -> None:
    refused(filled, sql)


def test_the_session_passes_a_repeated_barcode_on_as_a_conflict(filled: Store) -> None:
    def again(session: Session) -> None:
        session.run(
            "INSERT INTO barcode (product_id, code, lookup_key, quantity_milli, kind) "
            "SELECT product_id, code, lookup_key, quantity_milli, kind FROM barcode"
        )

    with pytest.raises(Conflict):
        filled.writing(again)


def field(model: Any, name: str) -> Any:
    return model._meta.fields[name]


@pytest.mark.parametrize(
    "value", [1.5, 1.0, True, False, "7", Decimal("1"), Decimal("1.5"), 2**70, -(2**70), b"1"]
)
def test_whole_fields_take_whole_numbers_only(value: object) -> None:
    for name in ("price_minor", "created_at_us", "weight_g"):
        with pytest.raises(InvalidInput) as caught:
            field(Product, name).adapt(value)
        assert caught.value.field == name


def test_whole_fields_take_what_fits() -> None:
    for value in (0, -1, 2**62, None):
        assert field(Product, "price_minor").adapt(value) == value


def test_a_quantity_ends_at_a_billion() -> None:
    quantity = field(Movement, "quantity_milli")
    assert quantity.adapt(LIMIT_MILLI) == LIMIT_MILLI
    for value in (LIMIT_MILLI + 1, -LIMIT_MILLI - 1, 2.0, True):
        with pytest.raises(InvalidInput):
            quantity.adapt(value)


@pytest.mark.parametrize("value", [2, -1, "yes", 0.5, "1"])
def test_a_flag_is_yes_or_no(value: object) -> None:
    with pytest.raises(InvalidInput):
        field(Product, "price_includes_tax").adapt(value)


def test_a_flag_is_kept_as_a_number() -> None:
    flag = field(Product, "price_includes_tax")
    kept = [flag.adapt(value) for value in (True, False, 1, 0, None)]
    assert kept == [1, 0, 1, 0, None]
    assert [type(value) for value in kept[:2]] == [int, int]


@pytest.mark.parametrize("value", ["2026-02-30", "31.01.2026", "", 20260131, "soon"])
def test_a_date_is_a_day_of_the_calendar(value: object) -> None:
    from stockshop.storage.models import Lot

    with pytest.raises(InvalidInput):
        field(Lot, "expiry").adapt(value)
    assert field(Lot, "expiry").adapt("2026-01-31") == "2026-01-31"


def test_a_peewee_query_is_held_to_the_field_types(store: Store) -> None:
    with pytest.raises(InvalidInput), store.reading() as session:
        session.query(Entry.select(Entry.id).where(Entry.id == 1.5))


@on_postgres
def test_the_server_keeps_its_guards_for_other_programs_too(filled: Store) -> None:
    with (
        psycopg.connect(filled.url, autocommit=True) as connection,
        pytest.raises(psycopg.errors.RaiseException, match="movement is append-only"),
    ):
        connection.execute("DELETE FROM movement")


def test_none_of_these_attempts_has_left_a_trace(filled: Store) -> None:
    with filled.reading() as session:
        assert session.rows("SELECT id, sku, price_minor FROM product ORDER BY id") == [
            (1, "B6", 250),
            (2, "B8", None),
        ]
        assert session.rows("SELECT quantity_milli, value_e4 FROM movement") == [(3000, 30000)]
        assert session.value("SELECT costing FROM ledger_head") == "average"
