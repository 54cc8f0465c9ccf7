"""What of a shop can still be changed, and when it was copied last."""

from __future__ import annotations

import pytest

from stockshop.errors import InvalidInput
from stockshop.services import catalogue, rules, stock
from stockshop.services.shop import Shop, change_settings, reread_settings
from stockshop.services.stock import LineRequest
from stockshop.storage.database import open_store


def test_a_new_shop_may_change_everything(shop: Shop) -> None:
    found = rules.shop_rules(shop)
    assert (found.has_entries, found.currency_is_fixed, found.backup_at_us, found.backup_path) == (
        False, False, None, "",
    )  # fmt: skip
    assert found.ledger == rules.ledger_rules(shop)


def test_a_price_fixes_the_currency_and_an_entry_the_costing(shop: Shop) -> None:
    catalogue.add_product(shop, "Ada", sku="TEA", name="Tea", price_minor=320)
    found = rules.shop_rules(shop)
    assert found.currency_is_fixed and not found.has_entries
    stock.post_entry(shop, "Ada", "receive", [LineRequest("TEA", 1_000)])
    assert rules.shop_rules(shop).has_entries


def test_a_backup_is_remembered_with_its_path_and_the_last_one_counts(shop: Shop) -> None:
    rules.note_backup(shop, "/safe/one two.shop")
    first = rules.shop_rules(shop)
    rules.note_backup(shop, "E:\\safe\\three.shop")
    last = rules.shop_rules(shop)
    assert (first.backup_path, last.backup_path) == ("/safe/one two.shop", "E:\\safe\\three.shop")
    assert first.backup_at_us is not None and last.backup_at_us is not None
    assert last.backup_at_us >= first.backup_at_us


def test_settings_of_another_till_are_read_again(shop: Shop) -> None:
    other = Shop(open_store(shop.store.url), shop.settings)
    try:
        change_settings(other, "Bob", name="Renamed")
    finally:
        other.close()
    assert shop.settings.name != "Renamed"
    assert reread_settings(shop).name == "Renamed" and shop.settings.name == "Renamed"


@pytest.mark.parametrize("code", ["", "NOWHERE", "SHOP-A"])
def test_goods_can_only_arrive_in_a_bin(shop: Shop, code: str) -> None:
    before = shop.settings
    with pytest.raises(InvalidInput) as caught:
        change_settings(shop, "Ada", receiving_bin=code)
    assert caught.value.field == "receiving_bin" and shop.settings == before
