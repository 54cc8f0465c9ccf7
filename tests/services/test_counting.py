"""A count while the shop goes on selling."""

from __future__ import annotations

import pytest

from stockshop.errors import InvalidInput
from stockshop.ledger.audit import audit
from stockshop.services import catalogue, counting, stock
from stockshop.services.counting import Look
from stockshop.services.reports import stock_rows
from stockshop.services.shop import Shop
from stockshop.services.stock import LineRequest
from tests.conftest import HandClock


@pytest.fixture
def bolts(shop: Shop) -> Shop:
    catalogue.add_product(shop, "Ada", sku="M6", name="M6 bolt")
    stock.post_entry(shop, "Ada", "receive", [LineRequest("M6", 10_000, to_bin="A-01")])
    return shop


def sell(shop: Shop, units: int) -> None:
    stock.post_entry(shop, "Ada", "sell", [LineRequest("M6", units * 1000)])


def on_hand(shop: Shop) -> int:
    return sum(row.on_hand_milli for row in stock_rows(shop, "M6")) // 1000


def look(hands: HandClock, units: int) -> Look:
    return Look("M6", "A-01", units * 1000, hands.instant_us)


def test_a_sale_between_the_look_and_the_posting_changes_nothing(bolts: Shop, hands: HandClock) -> None:
    hands.pass_time(60)
    seen = look(hands, 10)
    hands.pass_time(60)
    sell(bolts, 1)
    count = counting.post_count(bolts, "Ben", [seen])
    assert on_hand(bolts) == 9
    assert (count.entry_id, count.lines[0].variance_milli, count.lines[0].moved_since_milli) == (
        None,
        0,
        -1000,
    )


def test_what_was_stolen_is_posted_as_loss_and_what_was_found_as_find(bolts: Shop, hands: HandClock) -> None:
    hands.pass_time(60)
    counting.post_count(bolts, "Ben", [look(hands, 7)])
    assert on_hand(bolts) == 7
    hands.pass_time(60)
    counting.post_count(bolts, "Ben", [look(hands, 12)])
    assert on_hand(bolts) == 12
    with bolts.store.reading() as session:
        assert audit(session) == []


def test_zero_is_a_count(bolts: Shop, hands: HandClock) -> None:
    hands.pass_time(1)
    counting.post_count(bolts, "Ben", [look(hands, 0)])
    assert on_hand(bolts) == 0


def test_a_matching_count_is_kept_as_evidence(bolts: Shop, hands: HandClock) -> None:
    hands.pass_time(1)
    counting.post_count(bolts, "Ben", [look(hands, 10)], client_id="c-1")
    with bolts.store.reading() as session:
        assert session.value("SELECT COUNT(*) FROM count_line WHERE counted_milli = book_milli") == 1


def test_a_count_posts_once(bolts: Shop, hands: HandClock) -> None:
    hands.pass_time(1)
    for _ in range(2):
        counting.post_count(bolts, "Ben", [look(hands, 4)], client_id="c-1")
    again = counting.post_count(bolts, "Ben", [look(hands, 4)], client_id="c-1")
    assert (again.status, on_hand(bolts)) == ("already posted", 4)


def test_a_negative_bin_is_put_right_by_a_count(bolts: Shop, hands: HandClock) -> None:
    sell(bolts, 12)
    assert on_hand(bolts) == -2
    hands.pass_time(1)
    counting.post_count(bolts, "Ben", [look(hands, 3)])
    assert on_hand(bolts) == 3


def test_a_barcode_in_the_quantity_and_a_line_twice_are_refused(bolts: Shop, hands: HandClock) -> None:
    hands.pass_time(1)
    with pytest.raises(InvalidInput, match="barcode scanned"):
        counting.post_count(bolts, "Ben", [look(hands, 4006381333931)])
    with pytest.raises(InvalidInput, match="twice"):
        counting.post_count(bolts, "Ben", [look(hands, 1), look(hands, 2)])
    with pytest.raises(InvalidInput, match="Nothing was counted"):
        counting.post_count(bolts, "Ben", [])
