"""An example to try the commonest jobs with is something that lies there, by the piece."""

from __future__ import annotations

from stockshop.services import catalogue, stock
from stockshop.services.shop import Shop
from stockshop.services.stock import LineRequest
from stockshop.services.touring import something_to_try


def test_an_empty_shop_has_nothing_to_try(shop: Shop) -> None:
    assert something_to_try(shop) is None


def test_what_has_a_case_is_taken_before_what_has_none(shop: Shop) -> None:
    catalogue.add_product(shop, "Ada", sku="PLAIN", name="Glue", barcodes=("4006381333931",))
    catalogue.add_product(shop, "Ada", sku="KILO", name="Apples", unit="kg")
    catalogue.add_product(
        shop, "Ada", sku="CASED", name="Bolt", barcodes=("5901234123457", ("15901234123454", 12_000))
    )
    lines = [LineRequest(sku, 20_000, to_bin="A-02", unit_cost_e4=1) for sku in ("PLAIN", "KILO")]
    stock.post_entry(shop, "Ada", "receive", lines)
    first = something_to_try(shop)
    assert first is not None and (first.sku, first.case_code, first.bin) == ("PLAIN", "", "A-02")
    stock.post_entry(shop, "Ada", "receive", [LineRequest("CASED", 12_000, to_bin="A-01", unit_cost_e4=1)])
    found = something_to_try(shop)
    assert found is not None
    assert (found.sku, found.case_code, found.bin) == ("CASED", "15901234123454", "A-01")
    assert found.other_bin not in ("", "A-01")
