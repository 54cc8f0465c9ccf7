"""Looking into the ledger, and saving a product with its rule in one piece."""

from __future__ import annotations

import pytest

from stockshop.errors import Conflict, InvalidInput, NotFound
from stockshop.services import catalogue, entries, reports, stock
from stockshop.services.shop import Shop
from stockshop.services.stock import LineRequest
from tests.conftest import HandClock


def test_an_entry_tells_its_lines_and_what_undid_it(shop: Shop) -> None:
    catalogue.add_product(shop, "Ada", sku="A", name="Apples", price_minor=100)
    catalogue.add_product(shop, "Ada", sku="B", name="Bread", price_minor=250)
    lines = [
        LineRequest("A", 5_000, to_bin="A-01", unit_cost_e4=4_000),
        LineRequest("B", 2_000, to_bin="A-02", unit_cost_e4=10_000),
    ]
    posted = stock.post_entry(shop, "Ada", "receive", lines, reference="NF 7", note="morning").entry_id
    seen = entries.entry(shop, posted)
    assert (seen.kind, seen.actor, seen.reference, seen.note) == ("receive", "Ada", "NF 7", "morning")
    told = [(one.sku, one.from_place, one.to_place, one.quantity_milli, one.value_e4) for one in seen.lines]
    assert told == [("A", "supplier", "A-01", 5_000, 20_000), ("B", "supplier", "A-02", 2_000, 20_000)]
    assert seen.is_reversible
    undone = stock.reverse_entry(shop, "Bob", posted, "wrong shop").entry_id
    assert entries.entry(shop, posted).reversed_by_id == undone
    assert not entries.entry(shop, posted).is_reversible
    assert entries.entry(shop, undone).reverses_id == posted and not entries.entry(shop, undone).is_reversible


def test_a_large_entry_is_cut_and_says_so(shop: Shop) -> None:
    catalogue.add_product(shop, "Ada", sku="A", name="Apples")
    lines = [LineRequest("A", 1_000, to_bin="A-01")] * 12
    posted = stock.post_entry(shop, "Ada", "receive", lines).entry_id
    seen = entries.entry(shop, posted, limit=10)
    assert (len(seen.lines), seen.total_lines) == (10, 12)
    with pytest.raises(NotFound):
        entries.entry(shop, posted + 1)


def test_the_history_is_that_of_the_product_even_when_another_has_its_sku_as_a_code(shop: Shop) -> None:
    first = catalogue.add_product(shop, "Ada", sku="77", name="First")
    second = catalogue.add_product(shop, "Ada", sku="S", name="Second", barcodes=("77",))
    for number in range(5):
        line = LineRequest("", 1_000 * (number + 1), to_bin="A-01", product_id=first.id)
        stock.post_entry(shop, "Ada", "receive", [line])
    newest = entries.product_history(shop, first.id, limit=3)
    older = entries.product_history(shop, first.id, limit=3, before_id=newest[-1].movement_id)
    assert [row.quantity_milli for row in newest + older] == [5_000, 4_000, 3_000, 2_000, 1_000]
    assert entries.product_history(shop, second.id) == []


def test_a_product_its_rule_and_barcode_are_saved_together_or_not_at_all(shop: Shop) -> None:
    made = catalogue.save_product(
        shop,
        "Ada",
        None,
        {"name": "Honey", "price_minor": 690},
        rule=(5_000, 20_000),
        barcode="4006381333931",
    )
    assert [row.sku for row in reports.low(shop)] == [made.sku]
    with pytest.raises(InvalidInput):
        catalogue.save_product(shop, "Ada", made.id, {"name": "Honey 500 g"}, rule=(5_000, 1_000))
    with pytest.raises(Conflict):
        catalogue.save_product(shop, "Ada", None, {"name": "Jam"}, rule=None, barcode="4006381333931")
    kept = catalogue.product(shop, made.id)
    assert kept.product.name == "Honey" and catalogue.ProductListing(shop).count() == 1
    catalogue.save_product(shop, "Ada", made.id, {"name": "Honey 500 g"}, rule=None)
    assert catalogue.product(shop, made.id).rules == ()


def test_the_last_own_entry_is_the_newest_of_the_actor_that_still_stands(
    shop: Shop, hands: HandClock
) -> None:
    glue = catalogue.add_product(shop, "Ada", sku="GLUE", name="Glue", preferred_bin="A-01")
    assert entries.last_own(shop, "Ada") is None
    first = stock.post_entry(shop, "Ada", "receive", [LineRequest("GLUE", 5_000)]).entry_id
    second = stock.post_entry(shop, "Ada", "sell", [LineRequest("GLUE", 2_000)] * 2).entry_id
    stock.post_entry(shop, "Kim", "sell", [LineRequest("GLUE", 1_000)])
    last = entries.last_own(shop, "Ada")
    assert last is not None
    assert (last.entry_id, last.kind, last.product_id, last.name, last.quantity_milli, last.lines) == (
        second, "sell", glue.id, "Glue", 2_000, 2,
    )  # fmt: skip
    stock.reverse_entry(shop, "Ada", second, "wrong")
    last = entries.last_own(shop, "Ada")
    assert last is not None and last.entry_id == first
    hands.pass_time(86_401)
    assert entries.last_own(shop, "Ada") is None
