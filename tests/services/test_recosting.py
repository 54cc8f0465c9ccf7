"""A receipt with another cost: taken back and posted anew, in one piece."""

from __future__ import annotations

import pytest

from stockshop.errors import InvalidInput, NotFound, Refused
from stockshop.ledger.audit import audit
from stockshop.services import catalogue, ordering, recosting, reports, stock
from stockshop.services.shop import Shop
from stockshop.services.stock import LineRequest


@pytest.fixture
def glue(shop: Shop) -> int:
    return catalogue.add_product(shop, "Ada", sku="GLUE", name="Glue", preferred_bin="A-01").id


def receive(shop: Shop, units: int, cost_e4: int | None = None, **more: object) -> int:
    line = LineRequest("GLUE", units * 1_000, unit_cost_e4=cost_e4, **more)  # type: ignore[arg-type]
    return stock.post_entry(shop, "Ada", "receive", [line]).entry_id


def test_the_stock_stays_and_its_value_becomes_that_of_the_cost(shop: Shop, glue: int) -> None:
    receive(shop, 2, 10_000)
    wrong = receive(shop, 10)
    anew = recosting.recost_receipt(shop, "Ada", wrong, 25_000, client_id="cost-1")
    again = recosting.recost_receipt(shop, "Ada", wrong, 25_000, client_id="cost-1")
    assert (again.entry_id, again.status) == (anew.entry_id, "already posted")
    [row] = reports.stock_rows(shop, "GLUE")
    assert (row.on_hand_milli, row.value_e4) == (12_000, 2 * 10_000 + 10 * 25_000)
    assert [entry.kind for entry in reports.history(shop, "GLUE")][:3] == ["reversal", "receive", "receive"]
    with shop.store.reading() as session:
        assert audit(session) == []


def test_what_was_sold_meanwhile_does_not_stop_it(shop: Shop, glue: int) -> None:
    wrong = receive(shop, 5, 10_000)
    stock.post_entry(shop, "Ada", "sell", [LineRequest("GLUE", 4_000)])
    assert recosting.recost_receipt(shop, "Ada", wrong, 20_000).dips == ()
    [row] = reports.stock_rows(shop, "GLUE")
    assert row.on_hand_milli == 1_000
    with shop.store.reading() as session:
        assert audit(session) == []


def test_what_was_ordered_stays_received(shop: Shop, glue: int) -> None:
    order = ordering.open_order(shop, "Ada", "purchase", [("GLUE", 6_000)])
    wrong = receive(shop, 6, order_line_id=order.lines[0].id)
    recosting.recost_receipt(shop, "Ada", wrong, 20_000)
    assert ordering.order(shop, order.id).lines[0].fulfilled_milli == 6_000


def test_only_a_receipt_of_one_product_that_still_stands(shop: Shop, glue: int) -> None:
    two = stock.post_entry(shop, "Ada", "receive", [LineRequest("GLUE", 1_000), LineRequest("GLUE", 2_000)])
    sold = stock.post_entry(shop, "Ada", "sell", [LineRequest("GLUE", 1_000)])
    gone = receive(shop, 1)
    stock.reverse_entry(shop, "Ada", gone, "wrong")
    for entry_id in (two.entry_id, sold.entry_id, gone):
        with pytest.raises(Refused):
            recosting.recost_receipt(shop, "Ada", entry_id, 1)
    with pytest.raises(NotFound):
        recosting.recost_receipt(shop, "Ada", 999, 1)
    with pytest.raises(InvalidInput):
        recosting.recost_receipt(shop, "Ada", two.entry_id, -1)
