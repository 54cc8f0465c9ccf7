"""Stock over time: what the chart is drawn from."""

from __future__ import annotations

import pytest

from stockshop import clock
from stockshop.errors import NotFound
from stockshop.services import catalogue, counting, series, stock
from stockshop.services.counting import Look
from stockshop.services.shop import Shop
from stockshop.services.stock import LineRequest
from tests.conftest import HandClock

DAY_S = 86_400


@pytest.fixture
def bolt(shop: Shop) -> int:
    product = catalogue.add_product(shop, "Ada", sku="M6", name="Bolt")
    catalogue.set_reorder_rule(shop, "Ada", product.id, 5_000, 20_000)
    return product.id


def post(shop: Shop, kind: str, many: int, at_us: int | None = None) -> None:
    line = LineRequest("M6", many * 1_000, **{"to_bin" if kind == "receive" else "from_bin": "A-01"})  # type: ignore[arg-type]
    stock.post_entry(shop, "Ada", kind, [line], at_us=at_us)


def test_each_step_ends_with_what_was_there_that_day(shop: Shop, bolt: int, hands: HandClock) -> None:
    post(shop, "receive", 10)
    for _ in range(3):
        hands.pass_time(DAY_S)
        post(shop, "sell", 2)
    found = series.stock_series(shop, bolt)
    assert len(found.levels_milli) == 84 and found.step_us == clock.DAY_US
    assert found.levels_milli[-5:] == (0, 10_000, 8_000, 6_000, 4_000)
    assert (
        found.from_us + 84 * clock.DAY_US
        == clock.day_start_us(clock.today(shop.zone), shop.zone) + clock.DAY_US
    )
    assert (found.reorder_point_milli, found.has_moved, found.unit) == (5_000, True, "each")


def test_it_goes_by_when_things_happened_and_ends_with_what_is_there(
    shop: Shop, bolt: int, hands: HandClock
) -> None:
    post(shop, "receive", 10)
    hands.pass_time(3 * DAY_S)
    post(shop, "sell", 4, clock.now_us() - 2 * clock.DAY_US)
    assert series.stock_series(shop, bolt).levels_milli[-4:] == (10_000, 6_000, 6_000, 6_000)


def test_receipts_and_counts_that_stand_are_marked(shop: Shop, bolt: int, hands: HandClock) -> None:
    post(shop, "receive", 10)
    hands.pass_time(DAY_S)
    counting.post_count(shop, "Ada", [Look("M6", "A-01", 9_000, clock.now_us())])
    hands.pass_time(DAY_S)
    done = counting.post_count(shop, "Ada", [Look("M6", "A-01", 3_000, clock.now_us())])
    stock.reverse_entry(shop, "Ada", done.entry_id or 0, "wrong shelf")
    found = series.stock_series(shop, bolt)
    assert [(mark.kind, mark.quantity_milli) for mark in found.marks] == [
        ("receive", 10_000),
        ("count", 9_000),
    ]
    assert found.levels_milli[-3:] == (10_000, 9_000, 9_000)


def test_the_number_of_steps_is_bounded_however_old_it_is(shop: Shop, bolt: int, hands: HandClock) -> None:
    post(shop, "receive", 10)
    hands.pass_time(4_000 * DAY_S)
    post(shop, "sell", 1)
    found = series.stock_series(shop, bolt, "all")
    assert len(found.levels_milli) <= series.MOST_POINTS
    assert found.levels_milli[0] == 10_000 and found.levels_milli[-1] == 9_000
    assert len(series.stock_series(shop, bolt, "1y").levels_milli) == 365


def test_what_is_outside_the_range_is_in_the_first_level(shop: Shop, bolt: int, hands: HandClock) -> None:
    post(shop, "receive", 10)
    hands.pass_time(200 * DAY_S)
    found = series.stock_series(shop, bolt)
    assert set(found.levels_milli) == {10_000} and found.marks == ()


def test_a_product_that_never_moved_says_so(shop: Shop, bolt: int) -> None:
    for span in series.RANGES:
        found = series.stock_series(shop, bolt, span)
        assert not found.has_moved and set(found.levels_milli) == {0} and found.marks == ()
    with pytest.raises(NotFound):
        series.stock_series(shop, 999)
