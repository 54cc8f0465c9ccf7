"""Posting: what entries are worth, and the limits of what the books can hold."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from stockshop.errors import InvalidInput, Refused, ShopError
from stockshop.ledger.drafts import LIMIT_VALUE_E4, MAX_LINES
from stockshop.ledger.posting import Line
from stockshop.quantity import LIMIT_MILLI
from stockshop.storage.database import Store, open_store
from stockshop.storage.models.locations import (
    CUSTOMER,
    PRODUCTION,
    REVALUATION,
    SUPPLIER,
)
from tests.conftest import HandClock
from tests.ledger.books import (
    COFFEE,
    EURO,
    MILK,
    MONDAY,
    SHELF,
    TEA,
    UNIT,
    Books,
)


def test_what_comes_without_a_cost_comes_at_the_last_known_one(books: Books) -> None:
    books.receive(2, 3)
    books.sell(2)
    books.post("return", Line(COFFEE, UNIT, CUSTOMER, SHELF))
    assert books.worth() == (UNIT, 3 * EURO)


def test_the_receipt_that_fills_a_hole_books_the_difference_as_a_movement_of_value(books: Books) -> None:
    books.receive(1, 10)
    books.sell(3)
    posted = books.receive(5, 12)
    assert books.values(posted.entry_id) == [
        (SUPPLIER, SHELF, 5 * UNIT, 60 * EURO),
        (SHELF, REVALUATION, 0, 4 * EURO),
    ]
    assert books.worth() == (3 * UNIT, 36 * EURO)
    books.sell(5)
    posted = books.receive(2, 11)
    assert books.values(posted.entry_id)[1] == (REVALUATION, SHELF, 0, 2 * EURO)
    assert books.worth() == (0, 0)
    assert books.troubles() == []


def test_fifo_shops_keep_a_layer_for_each_receipt(store: Store, hands: HandClock) -> None:
    books = Books(store, costing="fifo")
    for euros in (1, 2, 3):
        books.receive(2, euros)
    assert books.values(books.sell(3).entry_id) == [(SHELF, CUSTOMER, 3 * UNIT, 4 * EURO)]
    layers = "SELECT quantity_milli, value_e4 FROM cost_layer WHERE product_id = ? ORDER BY position"
    assert books.rows(layers, COFFEE) == [(UNIT, 2 * EURO), (2 * UNIT, 6 * EURO)]
    books.sell(4)
    assert books.rows(layers, COFFEE) == [(-UNIT, -3 * EURO)]
    books.receive(1, 5)
    assert books.rows(layers, COFFEE) == []
    assert books.worth() == (0, 0)
    assert books.troubles() == []


def test_fifo_layers_are_kept_though_an_entry_leaves_the_sums_as_they_were(
    store: Store, hands: HandClock
) -> None:
    books = Books(store, costing="fifo")
    for euros in (1, 3, 1):
        books.receive(2, euros)
    # Out go the two old ones at 1, in come two at 1: the sums are the same, the order is not.
    books.post(
        "build",
        Line(COFFEE, 2 * UNIT, SHELF, PRODUCTION),
        Line(COFFEE, 2 * UNIT, PRODUCTION, SHELF, unit_cost_e4=EURO),
    )
    assert books.rows("SELECT value_e4 FROM cost_layer ORDER BY position") == [
        (6 * EURO,),
        (2 * EURO,),
        (2 * EURO,),
    ]
    assert books.troubles() == []


def test_a_reversal_takes_back_exactly_the_value_of_the_receipt(books: Books) -> None:
    books.receive(10, 2)
    mistake = books.receive(10, 4)
    undo = Line(COFFEE, 10 * UNIT, SHELF, SUPPLIER, value_e4=40 * EURO)
    books.post("reversal", undo, reverses_id=mistake.entry_id)
    assert books.worth() == (10 * UNIT, 20 * EURO)
    assert books.troubles() == []


@pytest.mark.parametrize("costing", ["average", "fifo"])
def test_a_sale_undone_brings_back_the_value_it_took(store: Store, hands: HandClock, costing: str) -> None:
    books = Books(store, costing=costing)
    books.receive(3, 1)
    sale = books.sell(2)
    books.receive(1, 9)
    books.post(
        "reversal", Line(COFFEE, 2 * UNIT, CUSTOMER, SHELF, value_e4=2 * EURO), reverses_id=sale.entry_id
    )
    assert books.worth() == (4 * UNIT, 12 * EURO)
    assert books.troubles() == []


@pytest.mark.parametrize("costing", ["average", "fifo"])
def test_a_receipt_undone_after_its_goods_were_sold_books_the_difference(
    store: Store, hands: HandClock, costing: str
) -> None:
    books = Books(store, costing=costing)
    receipt = books.receive(2, 5)
    books.sell(2)
    books.receive(2, 8)
    undo = Line(COFFEE, 2 * UNIT, SHELF, SUPPLIER, value_e4=10 * EURO)
    posted = books.post("reversal", undo, reverses_id=receipt.entry_id)
    assert books.values(posted.entry_id) == [
        (SHELF, SUPPLIER, 2 * UNIT, 10 * EURO),
        (SHELF, REVALUATION, 0, 6 * EURO),
    ]
    assert books.worth() == (0, 0)
    assert books.troubles() == []


def test_an_entry_can_be_undone_once(books: Books) -> None:
    receipt = books.receive(2, 5)
    undo = Line(COFFEE, 2 * UNIT, SHELF, SUPPLIER, value_e4=10 * EURO)
    books.post("reversal", undo, reverses_id=receipt.entry_id)
    with pytest.raises(ShopError):
        books.post("reversal", undo, reverses_id=receipt.entry_id)
    assert books.worth() == (0, 0)


@pytest.mark.parametrize("costing", ["average", "fifo"])
def test_what_was_built_is_worth_its_parts(store: Store, hands: HandClock, costing: str) -> None:
    books = Books(store, costing=costing)
    books.receive(3, 1.3333)
    books.post("receive", Line(TEA, 5 * UNIT, SUPPLIER, SHELF, value_e4=7))
    built = books.post(
        "build",
        Line(COFFEE, 2 * UNIT, SHELF, PRODUCTION),
        Line(TEA, UNIT, SHELF, PRODUCTION),
        Line(MILK, UNIT, PRODUCTION, SHELF, MONDAY, value_from_lines=(0, 1)),
    )
    parts = sum(value for _, _, _, value in books.values(built.entry_id)[:2])
    assert books.worth(MILK) == (UNIT, parts)
    assert parts == 2 * 13_333 + 1
    assert books.troubles() == []


def test_a_merged_product_hands_over_its_value_and_leaves_nothing(books: Books, store: Store) -> None:
    books.receive(3, 2)
    store.writing(lambda session: session.run("UPDATE product SET merged_into_id = 2 WHERE id = 1"))
    books.post(
        "merge",
        Line(COFFEE, 3 * UNIT, SHELF, PRODUCTION),
        Line(TEA, 3 * UNIT, PRODUCTION, SHELF, value_from_lines=(0,)),
    )
    assert books.worth(COFFEE) == (0, 0)
    assert books.worth(TEA) == (3 * UNIT, 6 * EURO)
    assert books.troubles() == []


def test_an_entry_without_lines_is_refused(books: Books) -> None:
    with pytest.raises(InvalidInput, match="nothing to post"):
        books.post("sell")


def test_ten_thousand_lines_fit_into_an_entry_and_not_one_more(make_sqlite: Callable[[], str]) -> None:
    books = Books(open_store(make_sqlite()))
    line = Line(COFFEE, UNIT, SUPPLIER, SHELF, unit_cost_e4=1)
    with pytest.raises(InvalidInput, match="10000 lines"):
        books.post("receive", *[line] * (MAX_LINES + 1))
    books.post("receive", *[line] * MAX_LINES)
    assert books.level() == MAX_LINES * UNIT
    assert books.worth() == (MAX_LINES * UNIT, MAX_LINES)
    books.store.close()


@pytest.mark.parametrize("quantity", [0, -1, LIMIT_MILLI + 1, 2**70])
def test_a_quantity_lies_above_zero_and_within_a_billion(books: Books, quantity: int) -> None:
    with pytest.raises(InvalidInput) as refusal:
        books.post("receive", Line(COFFEE, quantity, SUPPLIER, SHELF))
    assert refusal.value.field == "quantity"


@pytest.mark.parametrize(
    "line",
    [
        Line(COFFEE, UNIT, SUPPLIER, SHELF, unit_cost_e4=-1),
        Line(COFFEE, UNIT, SUPPLIER, SHELF, unit_cost_e4=2**70),
        Line(COFFEE, LIMIT_MILLI, SUPPLIER, SHELF, unit_cost_e4=10**12),
        Line(COFFEE, UNIT, SUPPLIER, SHELF, value_e4=-1),
        Line(COFFEE, UNIT, SUPPLIER, SHELF, value_e4=2**63),
        Line(COFFEE, UNIT, SUPPLIER, SHELF, price_minor=-1),
        Line(COFFEE, UNIT, SUPPLIER, SHELF, price_minor=2**63),
        Line(COFFEE, UNIT, SUPPLIER, SHELF, value_from_lines=(0,)),
        Line(COFFEE, UNIT, SUPPLIER, SHELF, value_from_lines=(-1,)),
    ],
)
def test_costs_values_and_prices_that_cannot_be_meant_are_refused(books: Books, line: Line) -> None:
    with pytest.raises(InvalidInput):
        books.post("receive", line)
    assert books.rows("SELECT COUNT(*) FROM entry") == [(0,)]


def test_books_are_refused_before_they_overflow_64_bits(books: Books) -> None:
    dear = Line(COFFEE, LIMIT_MILLI, SUPPLIER, SHELF, value_e4=LIMIT_VALUE_E4)
    books.post("receive", dear)
    with pytest.raises(Refused, match="more than the books can hold"):
        books.post("receive", dear)
    with pytest.raises(Refused, match="more than the books can hold"):
        books.post("receive", Line(TEA, 1, SUPPLIER, SHELF, value_e4=LIMIT_VALUE_E4))
    free = Line(TEA, LIMIT_MILLI, SUPPLIER, SHELF, value_e4=0)
    books.post("receive", *[free] * 1_000)
    with pytest.raises(Refused, match="more than the books can hold"):
        books.post("receive", free)
    assert books.troubles() == []
