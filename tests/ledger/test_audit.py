"""The audit is silent on honest books and finds what was changed behind their back."""

from __future__ import annotations

import pytest

from stockshop.ledger import audit
from stockshop.ledger.posting import Line
from stockshop.storage.database import Store
from stockshop.storage.models.locations import CUSTOMER, LOSS, SUPPLIER
from stockshop.storage.session import Session
from tests.conftest import NOON_US, HandClock
from tests.ledger.books import BACK, COFFEE, FRIDAY, MILK, MONDAY, SHELF, UNIT, Books

COUNTED = (
    "INSERT INTO count_line (client_id, line, entry_id, product_id, location_id, lot_id, counted_milli, "
    "book_milli, book_entry_id, observed_at_us, recorded_at_us, actor) "
    f"VALUES ('count', {{line}}, {{entry}}, {COFFEE}, {SHELF}, 0, {{counted}}, {{book}}, 4, {NOON_US}, "
    f"{NOON_US}, 'anna')"
)


@pytest.fixture
def busy(engine: str, store: Store, hands: HandClock) -> Books:
    """Books with a bit of everything, entries 1 to 7; FIFO on one engine, the average on the other."""
    books = Books(store, costing="fifo" if engine == "sqlite" else "average")
    books.receive(5, 2)
    books.sell(2)
    books.sell(4)
    books.receive(6, 3)
    hands.pass_time(60)
    books.post("count", Line(COFFEE, 2 * UNIT, SHELF, LOSS, occurred_at_us=NOON_US))
    books.post("receive", Line(MILK, 3 * UNIT, SUPPLIER, SHELF, MONDAY, unit_cost_e4=5_000))
    books.post("reversal", Line(MILK, 3 * UNIT, SHELF, SUPPLIER, MONDAY, value_e4=15_000), reverses_id=6)

    def work(session: Session) -> None:
        session.run(COUNTED.format(line=1, entry=5, counted=3 * UNIT, book=5 * UNIT))
        session.run(COUNTED.format(line=2, entry="NULL", counted=5 * UNIT, book=5 * UNIT))

    store.writing(work)
    assert books.troubles() == []
    return books


TAMPERED = {
    "a level was set": (
        f"UPDATE level SET quantity_milli = 9000 WHERE product_id = {COFFEE} AND location_id = {SHELF}",
        ["I1 COFFEE: all places together hold 6 instead of 0.",
         "I2 COFFEE in SHELF: the level says 9, the movements say 3.",
         "I9 COFFEE: the costs stand at 3 worth 90000/10000, the movements at 9 worth 90000/10000."],
    ),
    "goods were carried to another bin by hand": (
        f"UPDATE level SET location_id = {BACK} WHERE product_id = {COFFEE} AND location_id = {SHELF}",
        ["I2 COFFEE in SHELF: the level says 0, the movements say 3.",
         "I2 COFFEE in BACK: the level says 3, the movements say 0."],
    ),
    "a level of a lot was set": (
        f"UPDATE level SET quantity_milli = 1000 WHERE product_id = {MILK} AND location_id = {SHELF}",
        ["I1 MILK: all places together hold 1 instead of 0.",
         "I2 MILK in SHELF, lot MON: the level says 1, the movements say 0.",
         "I9 MILK: the costs stand at 0 worth 0/10000, the movements at 1 worth 0/10000."],
    ),
    "a movement turned round by a negative quantity": (
        "UPDATE movement SET quantity_milli = -1000 WHERE id = 1",
        ["I1 COFFEE: movement 1 has the quantity -1."],
    ),
    "a sale of nothing": (
        "UPDATE movement SET quantity_milli = 0 WHERE id = 2",
        ["I1 COFFEE: movement 2 has the quantity 0.",
         "I2 COFFEE in SHELF: the level says 3, the movements say 5."],
    ),
    "evidence was thrown away": (
        "DELETE FROM dip",
        ["I3 COFFEE in SHELF: movement 3 took it to -1 and no evidence was kept."],
    ),
    "evidence was touched up": (
        "UPDATE dip SET level_milli = -3000",
        ["I3 COFFEE in SHELF: the evidence of a dip to -3 does not fit movement 3."],
    ),
    "evidence was pinned on another lot": (
        f"UPDATE dip SET lot_id = {FRIDAY}",
        ["I3 COFFEE in SHELF: the evidence of a dip to -1 does not fit movement 3."],
    ),
    "evidence of something that never was": (
        f"INSERT INTO dip VALUES (2, {COFFEE}, {BACK}, 0, -1000, 0)",
        ["I3 COFFEE in BACK: the evidence of a dip to -1 does not fit movement 2."],
    ),
    "a count against another book": (
        "UPDATE count_line SET book_milli = 4000 WHERE line = 2",
        ["I5 COFFEE in SHELF: count line 2 was taken against 4, the book of that instant is 5."],
    ),
    "a count posted as it was typed": (
        "UPDATE count_line SET counted_milli = 4000 WHERE line = 1",
        ["I5 COFFEE in SHELF: entry 5 posted -2 for a variance of -1."],
    ),
    "an entry vanished with its movements": (
        "DELETE FROM movement WHERE entry_id = 2; DELETE FROM entry WHERE id = 2",
        ["I6 7 entries have been posted, 6 are there and the newest is number 7.",
         "I2 COFFEE in SHELF: the level says 3, the movements say 5."],
    ),
    "an entry lost its only line": (
        "DELETE FROM movement WHERE entry_id = 2",
        ["I6 Entry 2 has lost lines."],
    ),
    "an entry lost a line in the middle": (
        "DELETE FROM movement WHERE entry_id = 4 AND line = 1",
        ["I6 Entry 4 has lost lines."],
    ),
    "the newest entries were cut off": (
        "DELETE FROM movement WHERE entry_id = 7; DELETE FROM entry WHERE id = 7",
        ["I6 7 entries have been posted, 6 are there and the newest is number 6."],
    ),
    "an entry slipped in past the ledger": (
        f"INSERT INTO entry VALUES (8, 'x', 'sell', {NOON_US}, {NOON_US + 10**8}, 'eve', '', '', '', NULL)",
        ["I6 7 entries have been posted, 8 are there and the newest is number 8.",
         "I6 Entry 8 has lost lines."],
    ),
    "a reversal that undoes something else": (
        "UPDATE entry SET reverses_id = 1 WHERE id = 7",
        ["I6 Entry 7 does not undo what entry 1 did."],
    ),
    "an entry recorded before the one before it": (
        f"UPDATE entry SET recorded_at_us = {NOON_US - 5}, occurred_at_us = {NOON_US - 5} WHERE id = 4",
        ["I7 Entry 4 was recorded before the one before it, or before it happened.",
         "I7 Entry 4 has a line that happened after it was recorded."],
    ),
    "an entry of tomorrow": (
        f"UPDATE entry SET occurred_at_us = {NOON_US + 10**12} WHERE id = 7",
        ["I7 Entry 7 was recorded before the one before it, or before it happened."],
    ),
    "a line of tomorrow": (
        f"UPDATE movement SET occurred_at_us = {NOON_US + 10**12} WHERE entry_id = 7",
        ["I7 Entry 7 has a line that happened after it was recorded."],
    ),
    "an entry in a period that was closed before it": (
        f"UPDATE ledger_head SET closed_through_us = {NOON_US}, closed_entry_id = 4",
        ["I7 Entry 5 lies in the period closed up to 2026-05-28."],
    ),
    "a lot of another product": (
        f"UPDATE level SET lot_id = {MONDAY} WHERE product_id = {COFFEE} AND location_id = {SHELF}",
        ["I8 COFFEE in SHELF: lot MON does not belong there."],
    ),
    "a part without a lot": (
        f"UPDATE product SET tracking = 'lot' WHERE id = {COFFEE}",
        ["I8 COFFEE in SHELF: a part without a lot does not belong there."],
    ),
    "value out of thin air": (
        f"UPDATE product_cost SET value_e4 = value_e4 + 1 WHERE product_id = {COFFEE}",
        ["I9 COFFEE: the costs stand at 3 worth 90001/10000, the movements at 3 worth 90000/10000."],
    ),
    "a movement made dearer": (
        "UPDATE movement SET value_e4 = value_e4 + 1 WHERE id = 1",
        ["I9 COFFEE: the costs stand at 3 worth 90000/10000, the movements at 3 worth 90001/10000."],
    ),
    "the costs of a product were deleted": (
        f"DELETE FROM product_cost WHERE product_id = {COFFEE}",
        ["I9 COFFEE: the costs stand at 0 worth 0/10000, the movements at 3 worth 90000/10000."],
    ),
}  # fmt: skip


@pytest.mark.parametrize("deed", TAMPERED)
def test_the_audit_finds(busy: Books, deed: str) -> None:
    statements, expected = TAMPERED[deed]
    busy.behind_the_back(*statements.split("; "))
    found = busy.troubles()
    assert set(expected) <= set(found)
    assert not [line for line in found if "guard" in line]


def test_nothing_left_but_a_worth_is_trouble(busy: Books) -> None:
    busy.behind_the_back("INSERT INTO product_cost VALUES (2, 0, 900, 0)")
    found = busy.troubles()
    assert "I9 TEA: the costs stand at 0 worth 900/10000, the movements at 0 worth 0/10000." in found


def test_fifo_layers_must_sum_to_what_is_held(store: Store, hands: HandClock) -> None:
    books = Books(store, costing="fifo")
    books.receive(5, 2)
    books.behind_the_back("UPDATE cost_layer SET value_e4 = value_e4 - 1")
    assert books.troubles() == ["I9 COFFEE: the cost layers do not sum to what is held."]


def test_an_id_posted_twice_is_found(busy: Books, store: Store) -> None:
    """With the unique index gone, as after a careless conversion of the file."""
    if store.path is None:
        busy.behind_the_back(
            "ALTER TABLE entry DROP CONSTRAINT entry_client_id_key",
            "UPDATE entry SET client_id = 'twin' WHERE id > 5",
        )
    else:
        busy.behind_the_back(
            "PRAGMA legacy_alter_table = 1",
            "CREATE TABLE plain AS SELECT * FROM entry",
            "DROP TABLE entry",
            "ALTER TABLE plain RENAME TO entry",
            "UPDATE entry SET client_id = 'twin' WHERE id > 5",
        )
    assert "I4 The id 'twin' was posted 2 times." in busy.troubles()


@pytest.mark.parametrize("table", ["entry", "movement", "price", "change", "dip", "count_line", "fulfilment"])
def test_a_missing_guard_is_found(books: Books, store: Store, table: str) -> None:
    if store.path is None:
        books.behind_the_back(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only")
        missing = {f"{table} DELETE", f"{table} UPDATE"}
    else:
        with store.reading() as session:
            session.run(f"DROP TRIGGER {table}_no_update")
        missing = {f"{table} UPDATE"}
    assert set(books.troubles()) == {
        f"I6 The guard '{guard}' that keeps the books append-only is missing." for guard in missing
    }


def _promise(session: Session, *, kind: str = "sales", product_id: int = COFFEE, pieces: int = 3) -> None:
    session.run(
        "INSERT INTO shop_order (id, client_id, kind, reference, opened_at_us, actor) "
        f"VALUES (1, 'o', '{kind}', '', 0, 'anna')"
    )
    session.run(
        f"INSERT INTO order_line (id, order_id, product_id, quantity_milli) VALUES (1, 1, {COFFEE}, 5000)"
    )
    session.run(
        "INSERT INTO allocation (id, client_id, order_line_id, product_id, quantity_milli, allocated_at_us, "
        "actor) VALUES (1, 'a', 1, ?, ?, 0, 'anna')",
        (product_id, pieces * UNIT),
    )


def test_allocations_may_not_exceed_what_an_order_promises(books: Books, store: Store) -> None:
    store.writing(_promise)
    books.receive(9, 1)
    shipped = books.post("sell", Line(COFFEE, 2 * UNIT, SHELF, CUSTOMER, order_line_id=1))
    assert books.troubles() == []
    books.post("sell", Line(COFFEE, UNIT, SHELF, CUSTOMER, order_line_id=1))
    assert books.troubles() == ["I8 COFFEE: 6 are allocated or shipped for order line 1, which promises 5."]
    books.post("reversal", Line(COFFEE, 2 * UNIT, CUSTOMER, SHELF), reverses_id=shipped.entry_id)
    assert books.troubles() == []


@pytest.mark.parametrize("wrong", [{"kind": "purchase"}, {"product_id": MILK}])
def test_an_allocation_is_of_the_product_a_customer_ordered(
    books: Books, store: Store, wrong: dict[str, object]
) -> None:
    store.writing(lambda session: _promise(session, **wrong))  # type: ignore[arg-type]
    assert books.troubles() == ["I8 Allocation 1 is not for what its order line promises."]


def test_the_audit_says_when_there_is_more_of_the_same(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "MOST_PER_CHECK", 2)
    books.receive(5, 1)
    books.move(1)
    books.sell(1)
    books.behind_the_back("UPDATE level SET quantity_milli = quantity_milli + 1000")
    levels = [line for line in books.troubles() if line.startswith("I2")]
    assert len(levels) == 3
    assert levels[-1] == "I2 … and more of the same kind."


def test_the_audit_changes_nothing(busy: Books) -> None:
    tables = ("entry", "movement", "level", "product_cost", "dip", "count_line", "ledger_head")
    before = [busy.rows(f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in tables]
    assert busy.troubles() == []
    assert [busy.rows(f"SELECT * FROM {table} ORDER BY 1, 2, 3") for table in tables] == before


@pytest.mark.parametrize("table", ["entry", "movement", "dip", "count_line"])
def test_the_store_itself_refuses_to_change_or_forget(busy: Books, store: Store, table: str) -> None:
    columns = {"entry": "note = 'x'", "dip": "level_milli = -1"}
    for statement in (f"UPDATE {table} SET {columns.get(table, 'line = 1')}", f"DELETE FROM {table}"):
        with pytest.raises(Exception, match="append-only"):
            store.writing(lambda session, sql=statement: session.run(sql))  # type: ignore[misc]
    assert busy.troubles() == []
