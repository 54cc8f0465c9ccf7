"""What is bought and what is promised."""

from __future__ import annotations

import pytest

from stockshop.errors import Conflict, InvalidInput, NotFound, Refused
from stockshop.ledger.audit import audit
from stockshop.services import catalogue, ordering, stock
from stockshop.services.reports import stock_rows
from stockshop.services.shop import Shop
from stockshop.services.stock import LineRequest


@pytest.fixture
def bolts(shop: Shop) -> Shop:
    catalogue.add_product(shop, "Ada", sku="M6", name="M6 bolt")
    stock.post_entry(shop, "Ada", "receive", [LineRequest("M6", 10_000)])
    return shop


def figures(shop: Shop) -> tuple[int, int, int, int]:
    """On hand, allocated, available, on order, in whole units."""
    rows = stock_rows(shop, "M6")
    return (
        sum(row.on_hand_milli for row in rows) // 1000,
        sum(row.allocated_milli for row in rows) // 1000,
        sum(row.available_milli for row in rows) // 1000,
        sum(row.on_order_milli for row in rows) // 1000,
    )


def test_what_is_bought_is_on_order_until_it_is_received(bolts: Shop) -> None:
    order = ordering.open_order(bolts, "Ada", "purchase", [("M6", 50_000)])
    assert figures(bolts) == (10, 0, 10, 50)
    line = order.lines[0].id
    stock.post_entry(bolts, "Ada", "receive", [LineRequest("M6", 20_000, order_line_id=line)])
    assert figures(bolts) == (30, 0, 30, 30)
    ordering.close_order(bolts, "Ada", order.id)
    assert figures(bolts) == (30, 0, 30, 0)


def test_what_is_set_aside_is_not_available(bolts: Shop) -> None:
    order = ordering.open_order(bolts, "Ada", "sales", [("M6", 6_000)])
    allocation = ordering.allocate(bolts, "Ada", order.lines[0].id, 4_000)
    assert figures(bolts) == (10, 4, 6, 0)
    ordering.release(bolts, "Ada", allocation)
    ordering.release(bolts, "Ada", allocation)
    assert figures(bolts) == (10, 0, 10, 0)


def test_no_more_is_set_aside_than_is_promised_or_there(bolts: Shop) -> None:
    order = ordering.open_order(bolts, "Ada", "sales", [("M6", 30_000)])
    line = order.lines[0].id
    with pytest.raises(Refused, match="Only 10 are available"):
        ordering.allocate(bolts, "Ada", line, 11_000)
    ordering.allocate(bolts, "Ada", line, 10_000)
    small = ordering.open_order(bolts, "Ada", "sales", [("M6", 1_000)])
    with pytest.raises(Refused, match="promised"):
        ordering.allocate(bolts, "Ada", small.lines[0].id, 2_000)
    with bolts.store.reading() as session:
        assert audit(session) == []


def test_repeating_is_harmless_and_another_content_is_an_error(bolts: Shop) -> None:
    first = ordering.open_order(bolts, "Ada", "sales", [("M6", 3_000)], client_id="o-1")
    assert ordering.open_order(bolts, "Ada", "sales", [("M6", 3_000)], client_id="o-1").id == first.id
    line = first.lines[0].id
    one = ordering.allocate(bolts, "Ada", line, 2_000, client_id="a-1")
    assert ordering.allocate(bolts, "Ada", line, 2_000, client_id="a-1") == one
    with pytest.raises(Conflict):
        ordering.allocate(bolts, "Ada", line, 1_000, client_id="a-1")


def test_closing_an_order_gives_back_what_it_set_aside(bolts: Shop) -> None:
    order = ordering.open_order(bolts, "Ada", "sales", [("M6", 6_000)])
    ordering.allocate(bolts, "Ada", order.lines[0].id, 4_000)
    ordering.close_order(bolts, "Ada", order.id)
    assert figures(bolts) == (10, 0, 10, 0)
    with pytest.raises(Refused, match="open sales orders"):
        ordering.allocate(bolts, "Ada", order.lines[0].id, 1_000)


def test_nonsense_is_refused(bolts: Shop) -> None:
    with pytest.raises(InvalidInput):
        ordering.open_order(bolts, "Ada", "gift", [("M6", 1_000)])
    with pytest.raises(InvalidInput):
        ordering.open_order(bolts, "Ada", "sales", [])
    with pytest.raises(NotFound):
        ordering.open_order(bolts, "Ada", "purchase", [("M6", 1_000)], supplier="Nobody")
    with pytest.raises(NotFound):
        ordering.order(bolts, 99)
    purchase = ordering.open_order(bolts, "Ada", "purchase", [("M6", 1_000)])
    with pytest.raises(Refused):
        ordering.allocate(bolts, "Ada", purchase.lines[0].id, 1_000)
    sales = ordering.open_order(bolts, "Ada", "sales", [("M6", 1_000)])
    with pytest.raises(InvalidInput, match="not ordered"):
        stock.post_entry(bolts, "Ada", "receive", [LineRequest("M6", 1_000, order_line_id=sales.lines[0].id)])
