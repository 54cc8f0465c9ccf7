"""Balances: what there is, what there was at any instant, and how it came about."""

from __future__ import annotations

from itertools import accumulate, pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stockshop.ledger import balances
from stockshop.ledger.balances import Balance, BinLevel, HistoryLine
from stockshop.ledger.posting import Line
from stockshop.storage.database import Store
from stockshop.storage.models.locations import CUSTOMER, SUPPLIER
from stockshop.storage.session import Session
from tests.conftest import NOON_US, HandClock
from tests.ledger.books import BACK, COFFEE, FRIDAY, MILK, MONDAY, SHELF, TEA, UNIT, Books

MINUTE_US = 60_000_000


def test_levels_are_given_bin_by_bin_in_walking_order(books: Books, store: Store) -> None:
    books.receive(2, 1, bin_id=BACK)
    books.receive(5, 1)
    books.receive(1, 1, bin_id=BACK)
    books.sell(5)
    with store.reading() as session:
        assert balances.bin_levels(session, COFFEE) == [BinLevel(BACK, 0, 3 * UNIT)], (
            "an empty bin is no line"
        )
    books.receive(5, 1)
    with store.reading() as session:
        assert [found.location_id for found in balances.bin_levels(session, COFFEE)] == [SHELF, BACK]
        assert balances.bin_levels(session, TEA) == []
        assert balances.on_hand(session, COFFEE) == 8 * UNIT
        assert balances.level(session, COFFEE, BACK) == 3 * UNIT
        assert balances.level(session, TEA, BACK) == 0


def test_goods_outside_the_bins_are_not_on_hand(books: Books, store: Store) -> None:
    books.receive(5, 1)
    books.post("move", Line(COFFEE, 2 * UNIT, SHELF, 6))
    books.sell(1)
    with store.reading() as session:
        assert balances.on_hand(session, COFFEE) == 2 * UNIT


def test_each_lot_has_a_level_of_its_own(books: Books, store: Store) -> None:
    for lot_id, pieces in ((FRIDAY, 2), (MONDAY, 3)):
        books.post("receive", Line(MILK, pieces * UNIT, SUPPLIER, SHELF, lot_id))
    with store.reading() as session:
        assert balances.bin_levels(session, MILK) == [
            BinLevel(SHELF, MONDAY, 3 * UNIT),
            BinLevel(SHELF, FRIDAY, 2 * UNIT),
        ]
        assert balances.level_at(session, MILK, SHELF, FRIDAY, NOON_US) == 2 * UNIT
        assert balances.level_at(session, MILK, SHELF, FRIDAY, NOON_US - 1) == 0


def _order(session: Session, kind: str, pieces: int, *, closed: bool = False, order_id: int = 1) -> None:
    session.run(
        "INSERT INTO shop_order (id, client_id, kind, reference, opened_at_us, closed_at_us, actor) "
        "VALUES (?, ?, ?, '', 0, ?, 'anna')",
        (order_id, f"order-{order_id}", kind, 1 if closed else None),
    )
    session.run(
        "INSERT INTO order_line (id, order_id, product_id, quantity_milli) VALUES (?, ?, ?, ?)",
        (order_id, order_id, COFFEE, pieces * UNIT),
    )


def _balance(store: Store) -> Balance:
    with store.reading() as session:
        return balances.balance(session, COFFEE)


def test_on_order_is_what_was_bought_and_has_not_come(books: Books, store: Store) -> None:
    store.writing(lambda session: _order(session, "purchase", 10))
    store.writing(lambda session: _order(session, "purchase", 99, closed=True, order_id=2))
    store.writing(lambda session: _order(session, "sales", 50, order_id=3))
    assert _balance(store) == Balance(0, 0, 10 * UNIT)
    arrival = Line(COFFEE, 4 * UNIT, SUPPLIER, SHELF, order_line_id=1)
    first = books.post("receive", arrival)
    assert _balance(store) == Balance(4 * UNIT, 0, 6 * UNIT)
    assert _balance(store).projected_milli == 10 * UNIT
    books.post("reversal", Line(COFFEE, 4 * UNIT, SHELF, SUPPLIER), reverses_id=first.entry_id)
    assert _balance(store) == Balance(0, 0, 10 * UNIT), "a receipt undone has not come"
    books.post("receive", Line(COFFEE, 12 * UNIT, SUPPLIER, SHELF, order_line_id=1))
    assert _balance(store) == Balance(12 * UNIT, 0, 0), "more than was ordered is not owed back"
    assert books.troubles() == []


def test_allocations_are_summed_and_lower_what_is_available(books: Books, store: Store) -> None:
    def work(session: Session) -> None:
        _order(session, "sales", 7)
        for number, (pieces, released) in enumerate(((2, None), (3, None), (7, 5))):
            session.run(
                "INSERT INTO allocation (client_id, order_line_id, product_id, quantity_milli, "
                "allocated_at_us, released_at_us, actor) VALUES (?, 1, ?, ?, 0, ?, 'anna')",
                (f"a{number}", COFFEE, pieces * UNIT, released),
            )

    books.receive(8, 1)
    store.writing(work)
    found = _balance(store)
    assert found == Balance(8 * UNIT, 5 * UNIT, 0)
    assert (found.available_milli, found.projected_milli) == (3 * UNIT, 3 * UNIT)
    assert books.troubles() == []


def test_the_book_of_an_instant_includes_what_happened_at_it(books: Books, store: Store) -> None:
    books.receive(5, 1, at_us=NOON_US - 10)
    with store.reading() as session:
        assert balances.level_at(session, COFFEE, SHELF, 0, NOON_US - 11) == 0
        assert balances.level_at(session, COFFEE, SHELF, 0, NOON_US - 10) == 5 * UNIT
        assert balances.level_at(session, COFFEE, SHELF, 0, NOON_US + MINUTE_US) == 5 * UNIT


def test_a_back_dated_entry_changes_the_book_of_every_instant_after_it(books: Books, store: Store) -> None:
    books.receive(5, 1, at_us=NOON_US - 10 * MINUTE_US)
    books.sell(1, at_us=NOON_US - 2 * MINUTE_US)
    books.sell(2, at_us=NOON_US - 6 * MINUTE_US)
    books.move(1, at_us=NOON_US - 4 * MINUTE_US)
    book = {-11: 0, -10: 5, -7: 5, -6: 3, -4: 2, -2: 1, 0: 1}
    with store.reading() as session:
        for minute, pieces in book.items():
            instant = NOON_US + minute * MINUTE_US
            assert balances.level_at(session, COFFEE, SHELF, 0, instant) == pieces * UNIT
            back = [BinLevel(BACK, 0, UNIT)] if minute >= -4 else []
            shelf = [BinLevel(SHELF, 0, pieces * UNIT)] if pieces else []
            assert balances.bin_levels(session, COFFEE, at_us=instant) == shelf + back


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(
    events=st.lists(
        st.tuples(st.integers(-50, 0), st.sampled_from([SHELF, BACK]), st.integers(-4, 6).filter(bool)),
        min_size=1,
        max_size=8,
    )
)
def test_the_book_of_any_instant_is_the_sum_of_what_had_happened(
    store: Store, hands: HandClock, events: list[tuple[int, int, int]]
) -> None:
    product_id = _next_product(store)
    books = Books.reopened(store)
    for minute, bin_id, pieces in events:
        pair = (SUPPLIER, bin_id) if pieces > 0 else (bin_id, CUSTOMER)
        kind = "receive" if pieces > 0 else "sell"
        books.post(kind, Line(product_id, abs(pieces) * UNIT, *pair), at_us=NOON_US + minute * MINUTE_US)
    with store.reading() as session:
        for minute in range(-51, 2, 4):
            at_us = NOON_US + minute * MINUTE_US
            model = {
                bin_id: sum(n for m, b, n in events if b == bin_id and m <= minute) * UNIT
                for bin_id in (SHELF, BACK)
            }
            for bin_id, expected in model.items():
                assert balances.level_at(session, product_id, bin_id, 0, at_us) == expected
            assert balances.bin_levels(session, product_id, at_us=at_us) == [
                BinLevel(bin_id, 0, expected) for bin_id, expected in model.items() if expected
            ]
    assert books.troubles() == []


def _next_product(store: Store) -> int:
    """A product nobody has posted yet; furnishes the store at the first call."""
    with store.reading() as session:
        furnished = session.value("SELECT 1 FROM product LIMIT 1")
    if not furnished:
        Books(store)

    def work(session: Session) -> int:
        product_id = int(session.value("SELECT MAX(id) FROM product")) + 1
        columns = (
            "sku_fold, name, label_name, sort_name, search_text, unit, tracking, notes, "
            "created_at_us, updated_at_us"
        )
        session.run(
            f"INSERT INTO product (id, sku, {columns}) SELECT ?, ?, {columns} FROM product WHERE id = ?",
            (product_id, f"P{product_id}", COFFEE),
        )
        return product_id

    return store.writing(work)


def _pages(store: Store, product_ids: list[int], size: int, *, knows_balance: bool) -> list[HistoryLine]:
    found: list[HistoryLine] = []
    with store.reading(snapshot=True) as session:
        while True:
            last = found[-1] if found else None
            page = balances.history(
                session,
                product_ids,
                size,
                before_id=last.movement_id if last else None,
                balance_milli=last.balance_milli - last.change_milli if last and knows_balance else None,
            )
            if not page:
                return found
            found += page


def test_the_history_explains_the_number_movement_by_movement(books: Books, store: Store) -> None:
    books.receive(5, 2)
    books.sell(2, at_us=NOON_US - MINUTE_US)
    books.move(1)
    books.sell(4)
    books.receive(3, 3)
    with store.reading() as session:
        lines = balances.history(session, [COFFEE], 50)
    told = [(line.kind, line.change_milli, line.balance_milli) for line in reversed(lines)]
    assert told == [
        ("receive", 5 * UNIT, 5 * UNIT),
        ("sell", -2 * UNIT, 3 * UNIT),
        ("move", 0, 3 * UNIT),
        ("sell", -4 * UNIT, -UNIT),
        ("receive", 3 * UNIT, 2 * UNIT),
        ("receive", 0, 2 * UNIT),
    ], "the last line is the revaluation of what had been sold from an empty shelf"
    assert [line.change_milli for line in lines] == [
        after.balance_milli - before.balance_milli for after, before in pairwise(lines)
    ] + [5 * UNIT]
    newest = lines[1]
    assert (newest.client_id, newest.actor, newest.occurred_at_us) == ("entry-5", "anna", NOON_US)
    assert (newest.from_id, newest.to_id, newest.value_e4) == (SUPPLIER, SHELF, 90_000)


def test_the_history_can_be_turned_page_by_page(books: Books, store: Store) -> None:
    for pieces in (5, 1, 4, 2, 8, 3, 1):
        books.receive(pieces, 1)
        books.sell(1)
    whole = _pages(store, [COFFEE], 1_000, knows_balance=True)
    assert len(whole) == 14
    changes = [line.change_milli for line in reversed(whole)]
    assert [line.balance_milli for line in reversed(whole)] == list(accumulate(changes))
    for size in (1, 3, 14):
        for knows_balance in (True, False):
            assert _pages(store, [COFFEE], size, knows_balance=knows_balance) == whole


def test_the_history_of_a_merged_product_is_part_of_the_history(books: Books, store: Store) -> None:
    books.receive(5, 1)
    books.post("receive", Line(TEA, 2 * UNIT, SUPPLIER, SHELF))
    books.sell(1)
    lines = _pages(store, [COFFEE, TEA], 2, knows_balance=False)
    assert [line.balance_milli for line in lines] == [6 * UNIT, 7 * UNIT, 5 * UNIT]


@given(
    value=st.integers(-(10**12), 10**16),
    quantities=st.lists(st.integers(-(10**6), 10**9), max_size=12),
)
def test_a_value_shared_over_bins_sums_to_the_value(value: int, quantities: list[int]) -> None:
    shares = balances.apportion(value, quantities)
    assert len(shares) == len(quantities)
    if quantities:
        assert sum(shares) == value


def test_bins_share_a_value_by_what_they_hold() -> None:
    assert balances.apportion(100, [1, 2, 1]) == [25, 50, 25]
    assert balances.apportion(10, [1, 1, 1]) == [3, 3, 4]
    assert balances.apportion(30, [4, -1]) == [40, -10]
    assert balances.apportion(7, [2, -2]) == [7, 0]
    assert balances.apportion(0, []) == []
