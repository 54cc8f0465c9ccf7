"""What the counter shows: a product, a bin, the day; on both stores."""

from __future__ import annotations

import pytest

from stockshop.errors import NotFound
from stockshop.services import catalogue, counter, counting, locations, ordering, reports, scanning, stock
from stockshop.services.counting import Look
from stockshop.services.shop import Shop
from stockshop.services.stock import LineRequest
from tests.conftest import HandClock

WEEK_S = 7 * 86_400


def product(shop: Shop, sku: str, **fields: object) -> int:
    return catalogue.add_product(shop, "Ada", sku=sku, name=f"Product {sku}", **fields).id  # type: ignore[arg-type]


def post(shop: Shop, kind: str, sku: str, units: int, **more: str) -> int:
    line = LineRequest(sku, units * 1_000, **more)  # type: ignore[arg-type]
    note = "because" if kind == "adjust" else ""
    return stock.post_entry(shop, "Ada", kind, [line], note=note).entry_id


def test_a_card_says_where_it_lies_in_walking_order_and_what_is_coming(shop: Shop) -> None:
    glue = product(
        shop, "GLUE", preferred_bin="B-02", price_minor=499, category="Glues", barcodes=("5901234123457",)
    )
    catalogue.set_reorder_rule(shop, "Ada", glue, 9_000, 20_000)
    post(shop, "receive", "GLUE", 5, to_bin="B-02")
    post(shop, "receive", "GLUE", 2, to_bin="A-04")
    card = counter.product_card(shop, glue)
    assert (card.name, card.barcode, card.category, card.price_minor) == (
        "Product GLUE", "5901234123457", "Glues", 499,
    )  # fmt: skip
    assert [(level.bin, level.quantity_milli, level.preferred) for level in card.levels] == [
        ("A-04", 2_000, False),
        ("B-02", 5_000, True),
    ]
    assert (card.on_hand_milli, card.available_milli, card.projected_milli) == (7_000, 7_000, 7_000)
    assert card.is_low and (card.reorder_point_milli, card.order_up_to_milli) == (9_000, 20_000)
    post(shop, "receive", "GLUE", 3)
    assert not counter.product_card(shop, glue).is_low


def test_a_card_of_nothing_is_refused(shop: Shop) -> None:
    with pytest.raises(NotFound):
        counter.product_card(shop, 99)
    with pytest.raises(NotFound):
        counter.bin_card(shop, 99)


def test_weeks_count_what_was_sold_less_what_came_back(shop: Shop, hands: HandClock) -> None:
    glue = product(shop, "GLUE", preferred_bin="A-01")
    post(shop, "receive", "GLUE", 50)
    post(shop, "sell", "GLUE", 9)
    hands.pass_time(12 * WEEK_S + 60)
    post(shop, "sell", "GLUE", 4)
    hands.pass_time(5 * WEEK_S + 60)
    post(shop, "sell", "GLUE", 3)
    wrong = post(shop, "sell", "GLUE", 7)
    stock.reverse_entry(shop, "Ada", wrong, "not that one")
    post(shop, "return", "GLUE", 1)
    past = counter.product_past(shop, glue, limit=3)
    assert past.sold_by_week_milli == (0,) * 6 + (4_000,) + (0,) * 4 + (2_000,)
    assert past.sold_today_milli == 2_000
    assert [row.kind for row in past.movements] == ["return", "reversal", "sell"]
    assert past.last_counted_us is None
    count = counting.post_count(shop, "Ada", [Look("GLUE", "A-01", 30_000, hands())])
    assert counter.product_past(shop, glue).last_counted_us == hands()
    assert count.entry_id is not None
    stock.reverse_entry(shop, "Ada", count.entry_id, "the wrong shelf")
    assert counter.product_past(shop, glue).last_counted_us is None


def test_a_bin_lists_its_products_by_name_and_says_how_many_more(shop: Shop) -> None:
    for sku in ("C", "A", "B"):
        product(shop, sku, preferred_bin="A-05")
        post(shop, "receive", sku, 1)
    place = locations.find_place(shop, "A-05")
    card = counter.bin_card(shop, place.id, limit=2)
    assert (card.code, card.zone, card.total_lines) == ("A-05", "Shop floor", 3)
    assert [line.sku for line in card.lines] == ["A", "B"]
    post(shop, "sell", "A", 1)
    assert [line.sku for line in counter.bin_card(shop, place.id).lines] == ["B", "C"]


def test_the_day_tells_what_needs_somebody_as_the_reports_do(shop: Shop) -> None:
    glue = product(shop, "GLUE", preferred_bin="A-01", price_minor=100)
    product(shop, "ROPE", preferred_bin="A-02", price_minor=250)
    catalogue.set_reorder_rule(shop, "Ada", glue, 5_000, 9_000)
    post(shop, "receive", "GLUE", 4)
    post(shop, "sell", "ROPE", 2)
    scanning.keep_unknown(shop, "Ada", "12345670", "Counter")
    day = counter.day(shop)
    assert day.attention == reports.attention(shop)
    assert (day.attention.low, day.attention.below_zero, day.attention.unknown_scans) == (1, 1, 1)
    assert [(row.sku, row.bin, row.quantity_milli) for row in day.below_zero] == [("ROPE", "A-02", -2_000)]
    assert [row.sku for row in day.low] == ["GLUE"]
    assert (day.totals.sold_entries, day.totals.sold_minor) == (1, 500)
    assert [entry.kind for entry in day.entries] == ["sell", "receive"]


def test_lots_about_to_expire_are_named_the_first_to_end_first(shop: Shop, hands: HandClock) -> None:
    product(shop, "MILK", tracking="lot", preferred_bin="A-01")
    product(shop, "GLUE", preferred_bin="A-02")
    for lot, expiry, units in (("L1", "2026-06-05", 3), ("L2", "2026-05-20", 1), ("L3", "2026-06-12", 5)):
        post(shop, "receive", "MILK", units, lot=lot, expiry=expiry)
    day = counter.day(shop)
    assert [(row.lot, row.bin, row.expiry, row.quantity_milli) for row in day.expiring] == [
        ("L2", "A-01", "2026-05-20", 1_000),
        ("L1", "A-01", "2026-06-05", 3_000),
    ]
    assert day.expiring_total == 2 and counter.day(shop, limit=1).expiring[0].lot == "L2"
    post(shop, "sell", "MILK", 2)
    assert [(row.lot, row.quantity_milli) for row in counter.day(shop).expiring] == [("L1", 2_000)]
    hands.pass_time(86_400)
    assert [row.lot for row in counter.day(shop).expiring] == ["L1", "L3"]


def test_orders_are_overdue_by_the_suppliers_own_lead_time(shop: Shop, hands: HandClock) -> None:
    glue, rope = product(shop, "GLUE"), product(shop, "ROPE")
    catalogue.set_supplier(shop, "Ada", glue, "Acme", lead_time_days=3)
    catalogue.set_supplier(shop, "Ada", rope, "Slow")
    lines = [("GLUE", 6_000), ("ROPE", 2_000)]
    order = ordering.open_order(shop, "Ada", "purchase", lines, supplier="Acme", reference="PO-1")
    ordering.open_order(shop, "Ada", "purchase", lines, supplier="Slow", reference="PO-2")
    hands.pass_time(2 * 86_400)
    assert counter.day(shop).overdue == ()
    hands.pass_time(2 * 86_400)
    [late] = counter.day(shop).overdue
    assert (late.order.reference, late.order.supplier, len(late.order.open_lines)) == ("PO-1", "Acme", 2)
    assert hands() - late.due_us == 86_400_000_000
    for line in order.lines:
        request = LineRequest(line.sku, line.quantity_milli, to_bin="A-01", order_line_id=line.id)
        stock.post_entry(shop, "Ada", "receive", [request])
    assert counter.day(shop).overdue == ()


def test_pieces_sold_today_leave_out_weights_and_what_was_undone(shop: Shop) -> None:
    product(shop, "GLUE", preferred_bin="A-01")
    product(shop, "APPLES", unit="kg", preferred_bin="A-02")
    post(shop, "sell", "GLUE", 5)
    post(shop, "sell", "APPLES", 2)
    post(shop, "return", "GLUE", 1)
    stock.reverse_entry(shop, "Ada", post(shop, "sell", "GLUE", 9), "not that")
    day = counter.day(shop)
    assert day.sold_pieces_milli == 4_000
    assert day.entries[-2].first_unit == "kg"


def test_a_product_chosen_from_a_list_is_meant_by_its_id(shop: Shop) -> None:
    code = "5901234123457"
    other = product(shop, "OTHER", barcodes=(code,), preferred_bin="A-02")
    named = product(shop, code, preferred_bin="A-01")
    scan = scanning.scan_of(shop, named, 2_000)
    assert scan.product is not None and (scan.product.id, scan.quantity_milli) == (named, 2_000)
    line = LineRequest(scan.product.sku, 2_000, product_id=named)
    stock.post_entry(shop, "Ada", "receive", [line])
    counting.post_count(shop, "Ada", [Look(code, "A-01", 3_000, hands_now(shop), product_id=named)])
    assert counter.product_card(shop, named).on_hand_milli == 3_000
    assert counter.product_card(shop, other).on_hand_milli == 0
    with pytest.raises(NotFound):
        scanning.scan_of(shop, 99)


def hands_now(shop: Shop) -> int:
    return reports.latest_entries(shop, 1)[0].recorded_at_us


def test_the_connection_answers_while_the_store_is_there(shop: Shop) -> None:
    counter.check_connection(shop)
