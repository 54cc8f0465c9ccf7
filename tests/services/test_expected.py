"""What was ordered and has not come yet."""

from __future__ import annotations

import pytest

from stockshop.errors import InvalidInput, NotFound
from stockshop.ledger.audit import audit
from stockshop.services import catalogue, ordering, stock
from stockshop.services.expected import expected, receive_order
from stockshop.services.reports import stock_rows
from stockshop.services.shop import Shop
from stockshop.services.stock import LineRequest


@pytest.fixture
def ordered(shop: Shop) -> Shop:
    """Bolts and glue from Acme, ordered together."""
    for sku in ("BOLT", "GLUE"):
        made = catalogue.add_product(shop, "Ada", sku=sku, name=sku.title())
        catalogue.set_supplier(
            shop, "Ada", made.id, "Acme", unit_cost_e4=25_000, lead_time_days=3 if sku == "BOLT" else 8
        )
    ordering.open_order(
        shop, "Ada", "purchase", [("BOLT", 50_000), ("GLUE", 6_000)], supplier="Acme", reference="PO 7"
    )
    return shop


def on_hand(shop: Shop, sku: str) -> int:
    return sum(row.on_hand_milli for row in stock_rows(shop, sku)) // 1_000


def test_open_orders_say_what_is_still_to_come_and_how_long_it_takes(ordered: Shop) -> None:
    (order,) = expected(ordered)
    assert (order.supplier, order.reference, order.lead_time_days) == ("Acme", "PO 7", 8)
    bolts = order.lines[0]
    stock.post_entry(ordered, "Ada", "receive", [LineRequest("BOLT", 50_000, order_line_id=bolts.line_id)])
    (order,) = expected(ordered)
    assert [line.sku for line in order.open_lines] == ["GLUE"]


def test_an_order_that_has_come_is_received_once_at_its_price_and_closed(ordered: Shop) -> None:
    (order,) = expected(ordered)
    posted = receive_order(ordered, "Ada", order.order_id, client_id="r-1")
    assert posted is not None and posted.status == "posted"
    assert (on_hand(ordered, "BOLT"), on_hand(ordered, "GLUE")) == (50, 6)
    assert [row.value_e4 for row in stock_rows(ordered, "GLUE")] == [150_000]
    assert expected(ordered) == ()
    again = receive_order(ordered, "Ada", order.order_id, client_id="r-1")
    assert again is not None and again.status == "already posted"
    with pytest.raises(NotFound):
        receive_order(ordered, "Ada", order.order_id)
    assert on_hand(ordered, "BOLT") == 50
    with ordered.store.reading() as session:
        assert audit(session) == []


def test_what_is_kept_by_lots_is_not_received_without_one(ordered: Shop) -> None:
    made = catalogue.add_product(ordered, "Ada", sku="MILK", name="Milk", tracking="lot")
    order = ordering.open_order(ordered, "Ada", "purchase", [(made.id, 5_000), ("BOLT", 1_000)])
    with pytest.raises(InvalidInput, match="lot"):
        receive_order(ordered, "Ada", order.id)
    assert len(expected(ordered)) == 2 and on_hand(ordered, "BOLT") == 0
