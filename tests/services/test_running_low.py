"""What runs low, and the facts that say why."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from stockshop import clock
from stockshop.planning.running_out import days_left, weekly_milli
from stockshop.services import catalogue, ordering, running_low, stock
from stockshop.services.reports import low
from stockshop.services.running_low import LowFacts, low_facts, low_list, write_order_list
from stockshop.services.shop import Shop
from stockshop.services.stock import LineRequest
from tests.conftest import HandClock


@pytest.fixture
def glue(shop: Shop) -> Shop:
    """Glue with a rule and a supplier; it was received, and nothing sold yet."""
    made = catalogue.add_product(shop, "Ada", sku="GLUE", name="Glue")
    catalogue.set_supplier(
        shop, "Ada", made.id, "Acme", supplier_code="A-7", pack_milli=6_000, minimum_milli=12_000,
        lead_time_days=5,
    )  # fmt: skip
    catalogue.set_reorder_rule(shop, "Ada", made.id, 10_000, 20_000)
    stock.post_entry(shop, "Ada", "receive", [LineRequest("GLUE", 12_000, to_bin="A-01")])
    return shop


def sell(shop: Shop, units: int) -> int:
    return stock.post_entry(shop, "Ada", "sell", [LineRequest("GLUE", units * 1_000)]).entry_id


def facts(shop: Shop) -> LowFacts:
    rows = low(shop)
    found = low_facts(shop, rows)
    return found[rows[0].product_id, rows[0].site]


def test_the_list_is_what_is_low_the_emptiest_first_and_says_when_it_is_cut(glue: Shop) -> None:
    assert low_list(glue).rows == ()
    sell(glue, 4)
    for number in range(3):
        made = catalogue.add_product(glue, "Ada", sku=f"N{number}", name=f"Nail {number}")
        catalogue.set_reorder_rule(glue, "Ada", made.id, (number + 3) * 1_000, 9_000)
    assert list(low_list(glue).rows) == low(glue)
    cut = low_list(glue, 2)
    assert ([row.sku for row in cut.rows], cut.total) == (["N2", "N1"], 4)


def test_a_rhythm_is_what_left_the_shop_less_what_came_back(glue: Shop, hands: HandClock) -> None:
    hands.pass_time(14 * 86_400)
    sell(glue, 3)
    undone = sell(glue, 2)
    stock.reverse_entry(glue, "Ada", undone, "wrong product")
    known = facts(glue)
    assert (known.sold_milli, known.days) == (3_000, 14)
    hands.pass_time(200 * 86_400)
    later = facts(glue)
    assert (later.sold_milli, later.days) == (0, running_low.DAYS)


def test_the_terms_are_those_of_the_supplier_that_is_named(glue: Shop) -> None:
    sell(glue, 4)
    known = facts(glue)
    assert known.terms is not None
    assert (known.terms.pack_milli, known.terms.minimum_milli, known.lead_time_days) == (6_000, 12_000, 5)
    assert known.ordered_us is None


def test_an_order_is_known_until_it_has_come(glue: Shop, hands: HandClock) -> None:
    sell(glue, 8)
    opened_us = clock.now_us()
    order = ordering.open_order(glue, "Ada", "purchase", [("GLUE", 2_000)], supplier="Acme")
    known = facts(glue)
    assert known.ordered_us is not None and abs(known.ordered_us - opened_us) < clock.DAY_US
    stock.post_entry(glue, "Ada", "receive", [LineRequest("GLUE", 2_000, order_line_id=order.lines[0].id)])
    assert facts(glue).ordered_us is None


def test_a_rule_for_a_site_looks_at_what_that_site_sells(glue: Shop) -> None:
    from stockshop.services import locations

    locations.add_place(glue, "Ada", "site", "MARKET")
    locations.add_place(glue, "Ada", "zone", "M-A", parent="MARKET")
    locations.add_place(glue, "Ada", "bin", "M-1", parent="M-A")
    stock.post_entry(glue, "Ada", "receive", [LineRequest("GLUE", 5_000, to_bin="M-1")])
    stock.post_entry(glue, "Ada", "sell", [LineRequest("GLUE", 2_000, from_bin="M-1")])
    stock.post_entry(glue, "Ada", "sell", [LineRequest("GLUE", 9_000, from_bin="A-01")])
    catalogue.set_reorder_rule(glue, "Ada", low(glue)[0].product_id, 9_000, 20_000, site="MARKET")
    rows = low(glue)
    found = {site: one.sold_milli for (_, site), one in low_facts(glue, rows).items()}
    assert found == {"": 11_000, "MARKET": 2_000}


def test_the_order_list_leaves_out_what_has_to_be_counted_first(glue: Shop, tmp_path: Path) -> None:
    sell(glue, 4)
    made = catalogue.add_product(glue, "Ada", sku="LAMP", name="=Lamp")
    catalogue.set_reorder_rule(glue, "Ada", made.id, 1_000, 5_000)
    stock.post_entry(glue, "Ada", "sell", [LineRequest("LAMP", 1_000, from_bin="A-02")])
    out = tmp_path / "order.csv"
    assert write_order_list(low(glue), out) == 1
    rows = list(csv.DictReader(out.read_text(encoding="utf-8-sig").splitlines()))
    assert [(row["supplier"], row["sku"], row["quantity"]) for row in rows] == [("Acme", "GLUE", "12")]


@pytest.mark.parametrize(
    ("available", "sold", "days", "left"),
    [(10_000, 7_000, 7, 10), (0, 7_000, 7, 0), (-3_000, 7_000, 7, 0), (5_000, 0, 84, None), (1, 1_000, 7, 0)],
)
def test_what_is_there_lasts_as_long_as_the_rhythm_says(
    available: int, sold: int, days: int, left: int | None
) -> None:
    assert days_left(available, sold, days) == left


def test_what_came_back_more_than_it_left_sells_nothing() -> None:
    assert weekly_milli(-3_000, 84) == 0
    assert weekly_milli(24_000, 84) == 2_000
