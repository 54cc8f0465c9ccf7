"""Levels, history, what runs low."""

from __future__ import annotations

import pytest

from stockshop import clock
from stockshop.errors import NotFound
from stockshop.services import catalogue, counting, ordering, reports, scanning, stock
from stockshop.services.shop import Shop
from stockshop.services.stock import LineRequest
from tests.conftest import HandClock


@pytest.fixture
def hardware(shop: Shop) -> Shop:
    bolt = catalogue.add_product(shop, "Ada", sku="M6", name="M6 bolt", price_minor=35)
    catalogue.set_reorder_rule(shop, "Ada", bolt.id, 5_000, 20_000)
    catalogue.set_supplier(
        shop, "Ada", bolt.id, "Bolt & Co", supplier_code="B6", pack_milli=12_000, minimum_milli=24_000
    )
    catalogue.add_product(shop, "Ada", sku="GLUE", name="Glue", price_minor=450)
    return shop


def receive(shop: Shop, sku: str, units: int, place: str, cost_e4: int = 10_000) -> None:
    line = LineRequest(sku, units * 1000, to_bin=place, unit_cost_e4=cost_e4)
    stock.post_entry(shop, "Ada", "receive", [line])


def test_values_of_the_bins_add_up_to_the_products_value(hardware: Shop) -> None:
    receive(hardware, "M6", 3, "A-01", 3_333)
    receive(hardware, "M6", 7, "B-01", 7_777)
    stock.post_entry(hardware, "Ada", "sell", [LineRequest("M6", 1_000)])
    rows = reports.stock_rows(hardware, "M6")
    with hardware.store.reading() as session:
        value_e4 = session.value("SELECT value_e4 FROM product_cost")
    assert [(row.bin, row.on_hand_milli) for row in rows] == [("A-01", 2_000), ("B-01", 7_000)]
    assert sum(row.value_e4 for row in rows) == value_e4 > 0


def test_one_bin_one_zone_or_one_product_can_be_asked_for(hardware: Shop) -> None:
    receive(hardware, "M6", 3, "A-01")
    receive(hardware, "GLUE", 4, "A-02")
    receive(hardware, "GLUE", 5, "B-01")

    def seen(code: str | None = None, bin_code: str | None = None) -> list[tuple[str, str]]:
        return [(row.sku, row.bin) for row in reports.stock_rows(hardware, code, bin_code=bin_code)]

    assert seen(bin_code="A-02") == [("GLUE", "A-02")]
    assert seen(bin_code="SHOP-A") == [("GLUE", "A-02"), ("M6", "A-01")]
    assert seen(code="GLUE", bin_code="B-01") == [("GLUE", "B-01")]
    with pytest.raises(NotFound):
        seen(bin_code="NOWHERE")
    with pytest.raises(NotFound):
        seen(code="NOTHING")


def test_a_product_without_stock_answers_with_what_is_coming(hardware: Shop) -> None:
    ordering.open_order(hardware, "Ada", "purchase", [("M6", 50_000)])
    (row,) = reports.stock_rows(hardware, "M6")
    assert (row.bin, row.on_hand_milli, row.on_order_milli) == ("", 0, 50_000)


def test_the_history_walks_the_balance_back(hardware: Shop, hands: HandClock) -> None:
    receive(hardware, "M6", 10, "A-01")
    hands.pass_time(60)
    stock.post_entry(hardware, "Ben", "sell", [LineRequest("M6", 3_000)], note="to Mr Smith")
    stock.post_entry(hardware, "Ada", "move", [LineRequest("M6", 2_000, to_bin="B-01")])
    rows = reports.history(hardware, "M6")
    assert [(row.kind, row.change_milli, row.balance_milli) for row in rows] == [
        ("move", 0, 7_000),
        ("sell", -3_000, 7_000),
        ("receive", 10_000, 10_000),
    ]
    older = reports.history(hardware, "M6", before_id=rows[0].movement_id)
    assert older == rows[1:]


def test_low_fires_at_the_point_and_not_above_it(hardware: Shop) -> None:
    receive(hardware, "M6", 6, "A-01")
    assert reports.low(hardware) == []
    stock.post_entry(hardware, "Ada", "sell", [LineRequest("M6", 1_000)])
    (row,) = reports.low(hardware)
    # 15 are missing, 24 the least the supplier sells, and that is two packs.
    assert (row.sku, row.projected_milli, row.suggested_milli, row.supplier) == (
        "M6",
        5_000,
        24_000,
        "Bolt & Co",
    )


def test_what_is_on_order_is_not_low_again(hardware: Shop) -> None:
    ordering.open_order(hardware, "Ada", "purchase", [("M6", 24_000)])
    assert reports.low(hardware) == []


def test_low_can_be_asked_by_supplier(hardware: Shop) -> None:
    assert [row.sku for row in reports.low(hardware, supplier="Bolt & Co")] == ["M6"]
    assert [row.sku for row in reports.low(hardware, supplier="bolt & co ")] == ["M6"]


def test_low_of_a_supplier_or_site_that_is_not_there_is_refused_and_not_empty(hardware: Shop) -> None:
    with pytest.raises(NotFound, match="no supplier 'Nobody'"):
        reports.low(hardware, supplier="Nobody")
    for wanted in ("NOWHERE", "SHOP-A"):
        with pytest.raises(NotFound, match=f"no site '{wanted}'"):
            reports.low(hardware, site=wanted)
    assert reports.low(hardware, site="shop") == []


def test_a_rule_of_a_site_looks_at_that_site(hardware: Shop) -> None:
    glue = catalogue.find_product(hardware, "GLUE")
    catalogue.set_reorder_rule(hardware, "Ada", glue.id, 2_000, 4_000, site="SHOP")
    assert [(row.sku, row.site) for row in reports.low(hardware, site="SHOP")] == [("GLUE", "SHOP")]
    receive(hardware, "GLUE", 3, "A-01")
    assert reports.low(hardware, site="SHOP") == []


def test_the_home_screen_is_told_what_needs_a_person(hardware: Shop) -> None:
    stock.post_entry(hardware, "Ada", "sell", [LineRequest("GLUE", 1_000)])
    scanning.keep_unknown(hardware, "Ada", "123", "Counter")
    scanning.keep_unknown(hardware, "Ada", "123", "Counter")
    assert reports.attention(hardware) == reports.Attention(low=1, below_zero=1, unknown_scans=1)


def test_the_day_counts_what_was_sold_and_not_undone(hardware: Shop, hands: HandClock) -> None:
    receive(hardware, "GLUE", 10, "A-01")
    stock.post_entry(hardware, "Ada", "sell", [LineRequest("GLUE", 2_000)])
    oops = stock.post_entry(hardware, "Ada", "sell", [LineRequest("GLUE", 5_000)])
    stock.reverse_entry(hardware, "Ada", oops.entry_id, "wrong customer")
    stock.post_entry(hardware, "Ada", "return", [LineRequest("GLUE", 1_000)])
    assert reports.day_totals(hardware) == reports.DayTotals(1, 450, 1)
    hands.pass_time(86_400)
    assert reports.day_totals(hardware) == reports.DayTotals(0, 0, 0)


def test_the_latest_entries_come_first(hardware: Shop) -> None:
    receive(hardware, "GLUE", 10, "A-01")
    stock.post_entry(hardware, "Ben", "sell", [LineRequest("GLUE", 2_000)])
    assert [(row.kind, row.first_name, row.lines, row.actor) for row in reports.latest_entries(hardware)] == [
        ("sell", "Glue", 1, "Ben"),
        ("receive", "Glue", 1, "Ada"),
    ]


def test_a_correction_is_listed_with_the_change_it_made(hardware: Shop) -> None:
    receive(hardware, "GLUE", 10, "A-01")
    counting.post_count(hardware, "Ada", [counting.Look("GLUE", "A-01", 7_000, clock.now_us())])
    counting.post_count(hardware, "Ada", [counting.Look("GLUE", "A-01", 9_000, clock.now_us())])
    assert [row.first_quantity_milli for row in reports.latest_entries(hardware)] == [2_000, -3_000, 10_000]
