"""What runs low and what is below zero, known after each change as if everything were read again."""

from __future__ import annotations

from stockshop.services import attention, catalogue, counter, locations, ordering, reports, stock
from stockshop.services.shop import Shop, open_shop
from stockshop.services.stock import LineRequest


def fresh(shop: Shop) -> attention.Standing:
    """As somebody sees it who opens the shop now."""
    other = open_shop(shop.store.url)
    try:
        return attention.standing(other, 20)
    finally:
        other.close()


def check(shop: Shop, low: int, below_zero: int) -> None:
    known = attention.standing(shop, 20)
    assert (known.low, known.below_zero) == (low, below_zero)
    assert known == fresh(shop)
    assert known.low == len(reports.low(shop))


def sell(shop: Shop, sku: str, units: int) -> None:
    stock.post_entry(shop, "Ada", "sell", [LineRequest(sku, units * 1_000)])


def receive(shop: Shop, sku: str, units: int, place: str = "A-01") -> None:
    line = LineRequest(sku, units * 1_000, to_bin=place, unit_cost_e4=10_000)
    stock.post_entry(shop, "Ada", "receive", [line])


def test_each_sale_and_each_receipt_is_seen_at_once(shop: Shop) -> None:
    bolt = catalogue.add_product(shop, "Ada", sku="M6", name="M6 bolt")
    catalogue.set_reorder_rule(shop, "Ada", bolt.id, 5_000, 20_000)
    catalogue.add_product(shop, "Ada", sku="GLUE", name="Glue")
    check(shop, low=1, below_zero=0)
    receive(shop, "M6", 6)
    check(shop, low=0, below_zero=0)
    sell(shop, "M6", 1)
    check(shop, low=1, below_zero=0)
    sell(shop, "GLUE", 2)
    check(shop, low=1, below_zero=1)
    sell(shop, "M6", 9)
    check(shop, low=1, below_zero=2)
    receive(shop, "GLUE", 2, reports.stock_rows(shop, "GLUE")[0].bin)
    receive(shop, "M6", 60)
    check(shop, low=0, below_zero=0)


def test_rules_made_changed_and_taken_away_are_seen(shop: Shop) -> None:
    bolt = catalogue.add_product(shop, "Ada", sku="M6", name="M6 bolt")
    receive(shop, "M6", 6)
    check(shop, low=0, below_zero=0)
    catalogue.set_reorder_rule(shop, "Ada", bolt.id, 6_000, 20_000)
    check(shop, low=1, below_zero=0)
    catalogue.set_reorder_rule(shop, "Ada", bolt.id, 6_000, 20_000, site="SHOP")
    check(shop, low=2, below_zero=0)
    catalogue.set_reorder_rule(shop, "Ada", bolt.id, 5_000, 20_000)
    check(shop, low=1, below_zero=0)
    catalogue.remove_reorder_rule(shop, "Ada", bolt.id, site="SHOP")
    check(shop, low=0, below_zero=0)


def test_what_is_ordered_and_what_is_archived_is_seen(shop: Shop) -> None:
    bolt = catalogue.add_product(shop, "Ada", sku="M6", name="M6 bolt")
    catalogue.set_reorder_rule(shop, "Ada", bolt.id, 5_000, 20_000)
    check(shop, low=1, below_zero=0)
    order = ordering.open_order(shop, "Ada", "purchase", [("M6", 50_000)])
    check(shop, low=0, below_zero=0)
    ordering.close_order(shop, "Ada", order.id)
    check(shop, low=1, below_zero=0)
    catalogue.archive(shop, "Ada", bolt.id)
    check(shop, low=0, below_zero=0)


def test_a_rule_of_a_site_looks_at_the_bins_of_that_site(shop: Shop) -> None:
    bolt = catalogue.add_product(shop, "Ada", sku="M6", name="M6 bolt")
    for kind, code, parent in (
        ("site", "BARN", ""),
        ("zone", "BARN-A", "BARN"),
        ("bin", "BARN-A-1", "BARN-A"),
    ):
        locations.add_place(shop, "Ada", kind, code, parent=parent)
    catalogue.set_reorder_rule(shop, "Ada", bolt.id, 2_000, 4_000, site="BARN")
    receive(shop, "M6", 30, "A-01")
    check(shop, low=1, below_zero=0)
    stock.post_entry(shop, "Ada", "move", [LineRequest("M6", 3_000, from_bin="A-01", to_bin="BARN-A-1")])
    check(shop, low=0, below_zero=0)


def test_many_movements_at_once_are_read_from_the_beginning(shop: Shop) -> None:
    check(shop, low=0, below_zero=0)
    for number in range(30):
        product = catalogue.add_product(shop, "Ada", sku=f"P{number}", name=f"Product {number}")
        catalogue.set_reorder_rule(shop, "Ada", product.id, 1_000, 2_000)
    many = [LineRequest(f"P{number % 30}", 1_000, to_bin="A-01", unit_cost_e4=1) for number in range(5_100)]
    stock.post_entry(shop, "Ada", "receive", many)
    check(shop, low=0, below_zero=0)


def test_the_home_screen_names_what_needs_somebody_most(shop: Shop) -> None:
    for number in range(1, 6):
        product = catalogue.add_product(shop, "Ada", sku=f"P{number}", name=f"Product {number}")
        catalogue.set_reorder_rule(shop, "Ada", product.id, number * 1_000, 9_000)
        sell(shop, f"P{number}", 6 - number)
    day = counter.day(shop, limit=2)
    assert (day.attention.low, day.attention.below_zero) == (5, 5)
    assert [row.sku for row in day.below_zero] == ["P1", "P2"]
    # Of what is low twice as many: what is below zero too is told as that alone.
    assert [row.projected_milli - row.reorder_point_milli for row in day.low] == [-6_000] * 4
