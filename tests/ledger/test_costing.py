"""What stock is worth, against an independent model in exact fractions."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockshop.ledger.costing import Stock, unit_cost_e4

UNIT = 1_000
"""One piece, in thousandths."""
EURO = 10_000
"""One unit of currency, in 1/10,000."""

methods = pytest.mark.parametrize("fifo", [False, True], ids=["average", "fifo"])
quantities = st.one_of(st.integers(1, 9), st.integers(1, 20_000), st.sampled_from([UNIT, 12 * UNIT]))
values = st.one_of(st.just(0), st.integers(0, 50), st.integers(0, 5_000_000))
steps = st.lists(
    st.tuples(st.sampled_from(["receive", "issue", "issue", "withdraw"]), quantities, values), max_size=40
)


def stock_of(fifo: bool, *receipts: tuple[int, int]) -> Stock:
    """A stock after receipts of (pieces, currency units for all of them)."""
    stock = Stock(fifo)
    for pieces, euros in receipts:
        stock.receive(pieces * UNIT, euros * EURO)
    return stock


def sound(stock: Stock) -> None:
    """What holds of any stock after anything."""
    if stock.quantity_milli == 0:
        assert stock.value_e4 == 0 and stock.layers == []
    for quantity, value in stock.layers:
        assert quantity != 0
        assert value * quantity >= 0, "what is there is worth something, what is owed costs something"
    if not stock.fifo or any(quantity < 0 for quantity, _ in stock.layers):
        assert len(stock.layers) <= 1
    assert stock.last_cost_e4 >= 0


@given(fifo=st.booleans(), sequence=steps)
def test_value_that_left_and_value_that_stays_is_value_that_came(
    fifo: bool, sequence: list[tuple[str, int, int]]
) -> None:
    stock = Stock(fifo)
    came = left = 0
    held = 0
    for step, quantity, value in sequence:
        if step == "receive":
            left += stock.receive(quantity, value)
            came += value
            held += quantity
        elif step == "issue":
            left += stock.issue(quantity)
            held -= quantity
        else:
            left += stock.withdraw(quantity, value)
            left += value
            held -= quantity
        assert stock.value_e4 == came - left
        assert stock.quantity_milli == held
        sound(stock)


class Exact:
    """Layers in fractions, for a stock that never goes below zero. No code in common with costing."""

    def __init__(self, fifo: bool) -> None:
        self.fifo = fifo
        self.parts: list[tuple[int, Fraction]] = []
        """(quantity, cost of one thousandth)."""

    def receive(self, quantity: int, value: int) -> None:
        self.parts.append((quantity, Fraction(value, quantity)))
        if not self.fifo:
            held = sum(part for part, _ in self.parts)
            self.parts = [(held, sum((part * cost for part, cost in self.parts), Fraction()) / held)]

    def issue(self, quantity: int) -> Fraction:
        taken = Fraction()
        while quantity:
            part, cost = self.parts.pop(0)
            used = min(part, quantity)
            taken += used * cost
            quantity -= used
            if part > used:
                self.parts.insert(0, (part - used, cost))
        return taken

    @property
    def value(self) -> Fraction:
        return sum((part * cost for part, cost in self.parts), Fraction())


@given(fifo=st.booleans(), sequence=st.lists(st.tuples(st.booleans(), quantities, values), max_size=40))
def test_costs_follow_the_exact_model_to_one_ten_thousandth_an_issue(
    fifo: bool, sequence: list[tuple[bool, int, int]]
) -> None:
    stock, exact = Stock(fifo), Exact(fifo)
    roundings = 0
    for receives, quantity, value in sequence:
        if receives or not stock.quantity_milli:
            assert stock.receive(quantity, value) == 0
            exact.receive(quantity, value)
        else:
            quantity = min(quantity, stock.quantity_milli)
            issued, model = stock.issue(quantity), exact.issue(quantity)
            roundings += 1
            assert abs(issued - model) <= roundings
        assert abs(stock.value_e4 - exact.value) <= roundings


@methods
def test_an_empty_stock_is_worth_nothing_whatever_it_cost(fifo: bool) -> None:
    stock = Stock(fifo)
    stock.receive(3 * UNIT, 10)
    issued = [stock.issue(UNIT) for _ in range(3)]
    assert issued == [3, 3, 4], "the remainder of the division leaves with the last unit"
    assert (stock.quantity_milli, stock.value_e4, stock.layers) == (0, 0, [])


@methods
def test_stock_oversold_and_refilled_does_not_end_as_nothing_worth_900(fifo: bool) -> None:
    stock = stock_of(fifo, (10, 100))
    assert stock.issue(10 * UNIT) == 100 * EURO
    assert stock.issue(9 * UNIT) == 90 * EURO, "sold from an empty shelf at the last known cost"
    revaluation = stock.receive(9 * UNIT, 990 * EURO)
    assert revaluation == 900 * EURO, "the difference to what the sold pieces had been booked at"
    assert (stock.quantity_milli, stock.value_e4) == (0, 0)


@methods
def test_a_receipt_that_fills_a_hole_books_only_the_part_that_was_owed(fifo: bool) -> None:
    stock = stock_of(fifo, (1, 10))
    stock.issue(4 * UNIT)
    assert (stock.quantity_milli, stock.value_e4) == (-3 * UNIT, -30 * EURO)
    assert stock.receive(5 * UNIT, 60 * EURO) == 6 * EURO
    assert stock.layers == [(2 * UNIT, 24 * EURO)]


@methods
def test_a_receipt_too_small_for_the_hole_leaves_the_rest_of_it_as_it_was_booked(fifo: bool) -> None:
    stock = stock_of(fifo, (1, 10))
    stock.issue(6 * UNIT)
    assert stock.receive(2 * UNIT, 14 * EURO) == -6 * EURO, "cheaper than booked: value enters"
    assert stock.layers == [(-3 * UNIT, -30 * EURO)]
    assert stock.last_cost_e4 == 7 * EURO
    assert stock.issue(UNIT) == 7 * EURO


@methods
def test_goods_sold_before_anything_ever_came_cost_nothing_until_they_do(fifo: bool) -> None:
    stock = Stock(fifo)
    assert stock.issue(2 * UNIT) == 0
    assert stock.receive(2 * UNIT, 8 * EURO) == 8 * EURO
    assert stock.layers == []


def test_fifo_gives_out_the_oldest_receipt_first() -> None:
    stock = stock_of(True, (2, 10), (3, 30), (1, 99))
    assert stock.issue(3 * UNIT) == 20 * EURO
    assert stock.layers == [(2 * UNIT, 20 * EURO), (UNIT, 99 * EURO)]
    assert stock.issue(3 * UNIT) == 119 * EURO


def test_the_average_is_one_layer_and_every_piece_costs_the_same() -> None:
    stock = stock_of(False, (2, 10), (3, 30))
    assert stock.layers == [(5 * UNIT, 40 * EURO)]
    assert stock.issue(UNIT) == 8 * EURO
    assert stock.last_cost_e4 == 8 * EURO


def test_the_last_known_cost_is_the_average_or_the_newest_receipt() -> None:
    assert stock_of(False, (2, 10), (2, 30)).last_cost_e4 == 10 * EURO
    assert stock_of(True, (2, 10), (2, 30)).last_cost_e4 == 15 * EURO


@given(
    fifo=st.booleans(),
    receipts=st.lists(st.tuples(quantities, values), min_size=1, max_size=6),
    taken_back=st.integers(0, 5),
)
def test_a_receipt_taken_back_at_once_leaves_no_trace_in_the_value(
    fifo: bool, receipts: list[tuple[int, int]], taken_back: int
) -> None:
    stock = Stock(fifo)
    for quantity, value in receipts:
        stock.receive(quantity, value)
    quantity, value = receipts[taken_back % len(receipts)]
    before = stock.value_e4
    assert stock.withdraw(quantity, value) == 0
    assert stock.value_e4 == before - value
    sound(stock)


def test_a_receipt_taken_back_after_its_goods_were_sold_is_revalued() -> None:
    stock = stock_of(True, (2, 10), (2, 40))
    stock.issue(3 * UNIT)
    assert stock.withdraw(2 * UNIT, 10 * EURO) == 30 * EURO, "a piece at 20 and one at the last cost of 20"
    assert stock.layers == [(-UNIT, -20 * EURO)]


def test_a_dear_receipt_taken_back_never_leaves_goods_of_negative_worth() -> None:
    stock = stock_of(False, (1, 100), (9, 9))
    stock.issue(8 * UNIT)
    assert stock.value_e4 == 109 * EURO - 109 * EURO * 8 // 10
    revaluation = stock.withdraw(UNIT, 100 * EURO)
    sound(stock)
    assert revaluation < 0, "value enters: the goods had been averaged away"


@given(fifo=st.booleans(), sequence=steps, quantity=quantities)
def test_asking_for_the_worth_takes_nothing(
    fifo: bool, sequence: list[tuple[str, int, int]], quantity: int
) -> None:
    stock = Stock(fifo)
    for step, amount, value in sequence:
        stock.receive(amount, value) if step == "receive" else stock.issue(amount)
    before = (list(stock.layers), stock.last_cost_e4)
    assert stock.value_of(quantity) >= 0
    assert (stock.layers, stock.last_cost_e4) == before
    if stock.quantity_milli > 0:
        assert stock.value_of(stock.quantity_milli) == stock.value_e4


@given(quantity=quantities, value=values)
def test_the_cost_of_a_unit_is_rounded_to_the_nearest_ten_thousandth(quantity: int, value: int) -> None:
    assert abs(unit_cost_e4(quantity, value) - Fraction(value * UNIT, quantity)) <= Fraction(1, 2)
