"""The doctor names whatever is wrong in a shop, and nothing in a shop where all is well."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import apsw
import psycopg
import pytest

from stockshop.services import care, care_doctor
from stockshop.services.shop import Shop, furnish, open_shop
from stockshop.storage.database import Store
from stockshop.storage.session import Session
from stockshop.storage.soundness import rebuild_search
from stockshop.storage.sqlite import SqliteEngine
from stockshop.storage.transfer import fingerprints
from tests.conftest import database_url
from tests.services import lively_shop


@pytest.fixture(params=["average", "fifo"])
def shop(store: Store, request: pytest.FixtureRequest) -> Shop:
    return lively_shop.make(store, costing=request.param)


@pytest.mark.parametrize("deep", [True, False])
def test_a_shop_that_has_lived_has_no_troubles(shop: Shop, deep: bool) -> None:
    report = care.doctor(shop, deep=deep)
    assert report.troubles == ()
    assert report.healthy
    assert report.checked == care.Counts(products=4, barcodes=3, places=15, entries=8, movements=10)


def test_an_empty_shop_has_no_troubles(store: Store) -> None:
    assert care.doctor(furnish(store, "Kim", lively_shop.SETTINGS)).troubles == ()


def test_the_doctor_changes_nothing(shop: Shop) -> None:
    with shop.store.reading() as session:
        before = fingerprints(session)
    care.doctor(shop)
    with shop.store.reading() as session:
        assert fingerprints(session) == before


class _Undo(Exception):
    """Ends a transaction without keeping it."""


def switch_guards_off(session: Session) -> None:
    """Let a transaction change whatever it likes, as a stranger's tool would."""
    if session.engine == "postgres":
        session.run("SET LOCAL session_replication_role = replica")
        return
    session.run("PRAGMA defer_foreign_keys = 1")
    for (name,) in session.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        if name.endswith(("_no_update", "_no_delete")):
            session.run(f"DROP TRIGGER {name}")


def seen_after(shop: Shop, statement: str, *, guarded: bool = False) -> list[care.Trouble]:
    """What the doctor sees after an edit behind the shop's back, which is then undone."""
    seen: list[care.Trouble] = []

    def work(session: Session) -> None:
        if not guarded:
            switch_guards_off(session)
        session.run(statement)
        seen.extend(care.examine(session))
        raise _Undo

    with pytest.raises(_Undo):
        shop.store.writing(work)
    # The guards that had to go are seen to be gone; that is another test's matter.
    return [trouble for trouble in seen if guarded or "append-only is missing" not in trouble.message]


EDITS = {
    "a level": (
        "UPDATE level SET quantity_milli = quantity_milli + 1000 WHERE product_id = 1 AND location_id > 8",
        "I2", "COF-1",
    ),
    "a level that appears": ("INSERT INTO level VALUES (4, 12, 0, 5000)", "I2", "BOLT"),
    "a level that vanishes": ("DELETE FROM level WHERE product_id = 3 AND location_id > 8", "I2", "MILK"),
    "two levels, balanced": (
        "UPDATE level SET quantity_milli = quantity_milli + CASE WHEN location_id > 8 THEN 500 ELSE -500 END "
        "WHERE product_id = 3 AND location_id IN (1, 14)", "I2", "MILK",
    ),
    "a movement's quantity": ("UPDATE movement SET quantity_milli = 23000 WHERE id = 1", "I2", "COF-1"),
    "a movement's value": ("UPDATE movement SET value_e4 = value_e4 + 1 WHERE id = 1", "I9", "COF-1"),
    "a movement's place": (
        "UPDATE movement SET to_id = (SELECT id FROM location WHERE code = 'B-02') WHERE id = 1",
        "I2", "B-02",
    ),
    "a movement's lot": ("UPDATE movement SET lot_id = 0 WHERE product_id = 3 AND from_id = 1", "I2", "MILK"),
    "a movement of the future": (
        "UPDATE movement SET occurred_at_us = occurred_at_us + 99000000000 WHERE id = 2",
        "I7", "after it was recorded",
    ),
    "a movement that is gone": ("DELETE FROM movement WHERE id = 3", "I6", "lost lines"),
    "an entry's kind": ("UPDATE entry SET kind = 'scrap' WHERE kind = 'sell'", "I6", "is a 'scrap'"),
    "an entry's id": ("UPDATE entry SET id = 4711 WHERE id = 2", "I6", "4711"),
    "an entry that is gone": ("DELETE FROM entry WHERE id = 8", "I6", "8 entries have been posted"),
    "an entry before its time": (
        "UPDATE entry SET recorded_at_us = recorded_at_us - 99000000, occurred_at_us = 1 WHERE id = 5",
        "I7", "Entry 5",
    ),
    "the head": (
        "UPDATE ledger_head SET entry_sequence = 5",
        "I6", "5 entries have been posted, 8 are there",
    ),
    "a dip that is gone": ("DELETE FROM dip", "I3", "no evidence"),
    "a dip that never was": ("INSERT INTO dip VALUES (1, 1, 12, 0, -1000, 5)", "I3", "does not fit"),
    "a dip's depth": ("UPDATE dip SET level_milli = -1", "I3", "does not fit"),
    "a lot's product": ("UPDATE lot SET product_id = 4 WHERE id <> 0", "I8", "does not belong"),
    "a lot's date": ("UPDATE lot SET expiry = 'soon' WHERE id <> 0", "catalogue", "which is no date"),
    "a cost": ("UPDATE product_cost SET value_e4 = value_e4 - 1 WHERE product_id = 2", "I9", "TEA_2"),
    "a held quantity": ("UPDATE product_cost SET quantity_milli = 1 WHERE product_id = 1", "I9", "COF-1"),
    "an allocation": ("UPDATE allocation SET quantity_milli = 6000", "I8", "promises 5"),
    "a count's book": ("UPDATE count_line SET book_milli = book_milli + 1000", "I5", "count line"),
    "a closed period": (
        "UPDATE ledger_head SET closed_through_us = recorded_at_us, closed_entry_id = 7",
        "I7", "closed up to",
    ),
    "a reversal": ("UPDATE entry SET reverses_id = 1 WHERE reverses_id IS NOT NULL", "I6", "does not undo"),
    "a price": (
        "UPDATE product SET price_minor = 1 WHERE id = 1",
        "catalogue", "the last one recorded is 599",
    ),
    "a recorded price": ("UPDATE price SET price_minor = 1 WHERE product_id = 2", "catalogue", "TEA_2"),
    "a barcode's key": ("UPDATE barcode SET lookup_key = '123' WHERE id = 1", "catalogue", "filed under 123"),
    "a barcode's code": (
        "UPDATE barcode SET code = '9780306406157' WHERE id = 1",
        "catalogue", "filed under",
    ),
    "a barcode's kind": ("UPDATE barcode SET kind = 'code' WHERE id = 1", "catalogue", "not of the kind"),
    "a bin with a product's barcode": (
        "UPDATE location SET barcode_key = '4006381333931' WHERE code = 'A-01'",
        "catalogue", "label of the bin A-01",
    ),
    "a name": ("UPDATE product SET name = 'Zucker' WHERE id = 1", "catalogue", "not found by"),
    "a hidden character": ("UPDATE product SET name = 'Caf' || '\u202e' WHERE id = 4", "catalogue", "hidden"),
    "what is searched": ("UPDATE product SET search_text = 'x' WHERE id = 4", "catalogue", "BOLT"),
    "the sorting": ("UPDATE product SET sort_name = 'aaa' WHERE id = 4", "catalogue", "sorted by 'aaa'"),
    "a SKU": ("UPDATE product SET sku = 'NEW' WHERE id = 4", "catalogue", "NEW"),
    "the tree": (
        "UPDATE location SET parent_id = (SELECT id FROM location WHERE code = 'SHOP') WHERE code = 'A-01'",
        "places", "does not lie in a zone",
    ),
    "a preferred bin": ("UPDATE product SET preferred_bin_id = 2 WHERE id = 1", "places", "is not a bin"),
    "a virtual place": ("UPDATE location SET kind = 'site' WHERE id = 5", "places", "only 7"),
    "a reference": ("UPDATE product SET category_id = 4711 WHERE id = 1", "store", "category"),
    "a setting": ("UPDATE setting SET value = 'Gold' WHERE key = 'currency'", "settings", "Gold"),
    "a setting that is no number": (
        "UPDATE setting SET value = 'x' WHERE key = 'tax_rate_milli'",
        "settings", "settings",
    ),
    "the shop's name": ("DELETE FROM setting WHERE key = 'name'", "settings", "'name' is missing"),
    "the shop's country": ("UPDATE setting SET value = 'xx_YY' WHERE key = 'locale'", "settings", "xx_YY"),
    "a setting that is neither yes nor no": (
        "UPDATE setting SET value = 'maybe' WHERE key = 'price_includes_tax'",
        "settings", "'maybe'",
    ),
    "a hidden character in the shop's name": (
        "UPDATE setting SET value = 'Shop' || '\u202e' WHERE key = 'name'",
        "settings", "The setting 'name'",
    ),
    "where goods arrive": (
        "UPDATE setting SET value = 'NOWHERE' WHERE key = 'receiving_bin'",
        "settings", "'NOWHERE', which is no bin",
    ),
    "an archived bin with goods in it": (
        "UPDATE location SET archived_at_us = 1 WHERE kind = 'bin' AND id IN "
        "(SELECT location_id FROM level WHERE quantity_milli > 0)",
        "places", "which is archived",
    ),
    "a unit": ("UPDATE product SET unit = 'furlong' WHERE id = 1", "catalogue", "which is no unit"),
    "when a line happened": (
        "UPDATE movement SET occurred_at_us = occurred_at_us - 1 WHERE id = 1",
        "I7", "did not happen when the entry did",
    ),
    "when the head was written": ("UPDATE ledger_head SET recorded_at_us = 5", "I7", "head of the ledger"),
}  # fmt: skip


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def patient(request: pytest.FixtureRequest) -> Iterator[Shop]:
    """The lively shop that edits are made in and undone again."""
    if request.param == "sqlite":
        shop = open_shop(request.getfixturevalue("lively_file"))
        yield shop
        shop.close()
        return
    server, template = request.getfixturevalue("postgres_server"), request.getfixturevalue("lively_database")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE patient TEMPLATE "{template}"')
        shop = open_shop(database_url(server, "patient"))
        yield shop
        shop.close()
        connection.execute("DROP DATABASE patient WITH (FORCE)")


def test_the_patient_is_healthy_to_begin_with(patient: Shop) -> None:
    assert seen_after(patient, "UPDATE product SET notes = 'x'") == []


@pytest.mark.parametrize("what", EDITS)
def test_what_was_edited_behind_its_back_is_named(patient: Shop, what: str) -> None:
    statement, check, words = EDITS[what]
    troubles = seen_after(patient, statement)
    assert any(trouble.check == check and words in trouble.message for trouble in troubles), troubles
    for trouble in troubles:
        assert trouble.message.endswith("."), trouble
        assert trouble.message == trouble.message.strip() and "\n" not in trouble.message


@pytest.mark.parametrize("table", ["price", "cost_layer"])
def test_a_fifo_shop_is_held_to_its_layers(store: Store, table: str) -> None:
    shop = lively_shop.make(store, costing="fifo")
    if table == "cost_layer":
        seen = seen_after(shop, "UPDATE cost_layer SET value_e4 = value_e4 + 5 WHERE product_id = 1")
        assert any("layers" in trouble.message for trouble in seen)
    else:
        seen = seen_after(shop, "DELETE FROM price WHERE product_id = 2")
        assert any("TEA_2" in trouble.message for trouble in seen)


def found(shop: Shop) -> str:
    return "\n".join(trouble.message for trouble in care.doctor(shop).troubles)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DROP TRIGGER movement_no_update", "movement UPDATE"),
        ("DROP TRIGGER entry_no_delete", "entry DELETE"),
        ("DROP TRIGGER product_search_update", "'product_search_update' is gone"),
        ("DROP INDEX movement_product_id_id", "'movement_product_id_id' is gone"),
        ("DROP TABLE near_duplicate_pass", "table 'near_duplicate_pass'"),
        ("ALTER TABLE column_mapping DROP COLUMN actor", "column 'actor'"),
        ("DROP TABLE product_search", "search index"),
        ("DELETE FROM ledger_head", "head of the ledger"),
        ("INSERT INTO product_search (product_search) VALUES ('delete-all')", "search index"),
        (
            "INSERT INTO product_search (product_search, rowid, search_text) "
            "SELECT 'delete', id, search_text FROM product WHERE id = 1",
            "search index",
        ),
        ("INSERT INTO product_search (rowid, search_text) VALUES (1, 'tequila')", "search index"),
    ],
)
def test_what_is_missing_in_a_file_is_named(file_shop: Shop, statement: str, words: str) -> None:
    stranger = apsw.Connection(file_shop.store.url)
    stranger.execute("PRAGMA foreign_keys = 0")
    stranger.execute(statement)
    stranger.close()
    assert words in found(file_shop)


def test_a_guard_that_was_made_toothless_is_named(file_shop: Shop) -> None:
    stranger = apsw.Connection(file_shop.store.url)
    stranger.execute("DROP TRIGGER price_no_update")
    stranger.execute("CREATE TRIGGER price_no_update BEFORE UPDATE ON price BEGIN SELECT 1; END")
    stranger.close()
    assert "guard 'price_no_update' is not what it should be" in found(file_shop)


def test_a_damaged_page_is_named(file_shop: Shop) -> None:
    url = file_shop.store.url
    with file_shop.store.reading() as session:
        root = session.value("SELECT rootpage FROM sqlite_master WHERE name = 'product'")
        size = session.value("PRAGMA page_size")
    file_shop.close()
    raw = bytearray(Path(url).read_bytes())
    raw[root * size - 60 : root * size] = b"\x77" * 60
    Path(url).write_bytes(raw)
    again = Shop(Store(SqliteEngine(Path(url))), lively_shop.SETTINGS)
    assert "damaged" in found(again)
    again.close()


@pytest.mark.parametrize("limit", [0, 50_000])
def test_the_search_index_can_be_made_anew(
    file_shop: Shop, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(care_doctor, "_LOCKING_LIMIT", limit)
    assert care.doctor(file_shop).healthy
    file_shop.store.writing(
        lambda session: session.run("INSERT INTO product_search (product_search) VALUES ('delete-all')")
    )
    assert [trouble.check for trouble in care.doctor(file_shop).troubles] == ["search"]
    assert file_shop.store.path is not None
    assert not list(file_shop.store.path.parent.glob(".checking*"))
    file_shop.store.writing(rebuild_search)
    assert care.doctor(file_shop).healthy


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("ALTER TABLE movement DISABLE TRIGGER movement_append_only", "movement UPDATE"),
        ("DROP TRIGGER entry_append_only ON entry", "entry DELETE"),
        ("ALTER TABLE level DISABLE TRIGGER ALL", "references of the table 'level'"),
        ("DROP INDEX product_search", "'product_search' is gone"),
        (
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'entry_occurred_at_us'::regclass",
            "REINDEX",
        ),
        ("DROP TABLE near_duplicate_pass", "table 'near_duplicate_pass'"),
        ("ALTER TABLE column_mapping DROP COLUMN actor", "column 'actor'"),
        (
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RETURN NULL; END $$",
            "'refuse_change' is not what it should be",
        ),
        (
            "ALTER TABLE lot ADD CONSTRAINT long CHECK (code <> 'L1') NOT VALID",
            "'long' of the table 'lot' was never checked",
        ),
    ],
)
@pytest.mark.parametrize("patient", ["postgres"], indirect=True)
def test_what_is_missing_on_a_server_is_named(patient: Shop, statement: str, words: str) -> None:
    seen = seen_after(patient, statement, guarded=True)
    assert any(words in trouble.message for trouble in seen), seen


def test_the_doctor_looks_at_one_instant_while_selling_goes_on(lively: Shop) -> None:
    url = lively.store.url
    with lively.store.reading(snapshot=True) as session:
        before = session.value("SELECT COUNT(*) FROM entry")
        other = open_shop(url)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(lively_shop.receive_coffee, other, "late").result()
        other.close()
        report = care.doctor(lively, deep=False)
    assert report.healthy
    assert report.checked.entries == before
    assert care.doctor(lively).checked.entries == before + 1
