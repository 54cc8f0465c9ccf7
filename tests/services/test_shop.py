"""Opening, making and setting up a shop."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockshop.errors import Conflict, InvalidInput, Refused, ShopError, StoreCorrupt, StoreForeign
from stockshop.services import catalogue, rules, stock
from stockshop.services import shop as shops
from stockshop.services.shop import (
    Shop,
    ShopSettings,
    change_settings,
    create_shop,
    furnish,
    open_shop,
    read_settings,
)
from stockshop.services.stock import LineRequest
from stockshop.storage.database import Store, create_store

SETTINGS = ShopSettings("Corner Hardware", "eur", "de-DE", tax_rate_milli=19_000)


def test_a_new_shop_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "corner.shop"
    create_shop(path, "Ada", SETTINGS).close()
    with shops.opened(path) as shop:
        assert shop.settings == ShopSettings(
            "Corner Hardware", "EUR", "de_DE", tax_rate_milli=19_000, receiving_bin="RECEIVING"
        )
        assert rules.ledger_rules(shop).costing == "average"


def test_a_shop_is_not_made_over_another(tmp_path: Path) -> None:
    path = tmp_path / "corner.shop"
    create_shop(path, "Ada", SETTINGS).close()
    with pytest.raises(Conflict):
        create_shop(path, "Ada", SETTINGS)


@pytest.mark.parametrize(
    "settings",
    [
        ShopSettings("", "EUR", "de_DE"),
        ShopSettings("X", "EURO", "de_DE"),
        ShopSettings("X", "EUR", "klingon"),
        ShopSettings("X", "EUR", "de_DE", timezone="Mars/Olympus"),
        ShopSettings("X", "EUR", "de_DE", tax_rate_milli=100_001),
    ],
)
def test_settings_that_cannot_be_leave_no_file_behind(tmp_path: Path, settings: ShopSettings) -> None:
    with pytest.raises(InvalidInput):
        create_shop(tmp_path / "corner.shop", "Ada", settings)
    assert list(tmp_path.iterdir()) == []


def test_a_store_without_a_shop_is_not_opened(tmp_path: Path) -> None:
    create_store(tmp_path / "half.shop").close()
    with pytest.raises(StoreForeign, match="cut short"):
        open_shop(tmp_path / "half.shop")


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        ("UPDATE setting SET value = 'abc' WHERE key = 'tax_rate_milli'", "'tax_rate_milli' is 'abc'"),
        ("UPDATE setting SET value = 'maybe' WHERE key = 'price_includes_tax'", "neither 1 nor 0"),
        ("UPDATE setting SET value = 'xx_YY' WHERE key = 'locale'", "'xx_YY' is not a locale"),
        ("UPDATE setting SET value = '' WHERE key = 'locale'", "'' is not a locale"),
        ("UPDATE setting SET value = 'ZZZ' WHERE key = 'currency'", "'ZZZ' is not a currency"),
        ("DELETE FROM setting WHERE key = 'currency'", "'currency' is missing"),
        ("DELETE FROM setting WHERE key = 'locale'", "'locale' is missing"),
        ("DELETE FROM setting WHERE key = 'name'", "'name' is missing"),
    ],
)
def test_a_shop_whose_settings_were_spoilt_says_which_and_what_to_do(
    store: Store, edit: str, says: str
) -> None:
    furnish(store, "Ada", SETTINGS)
    store.writing(lambda session: session.run(edit))
    with pytest.raises(StoreCorrupt, match=f"{says}.*stockshop restore"), store.reading() as session:
        read_settings(session)


@pytest.mark.parametrize("locale", ["de_CH", "ja_JP", "zh_Hant_TW", "ar_KW", "es_419"])
def test_a_shop_anywhere_opens_again(tmp_path: Path, locale: str) -> None:
    create_shop(tmp_path / "a.shop", "Ada", ShopSettings("Shop", "KWD", locale)).close()
    with shops.opened(tmp_path / "a.shop") as shop:
        assert shop.settings.locale == locale


def test_settings_are_changed_with_who_did_it(shop: Shop) -> None:
    change_settings(shop, "Ben", name="Corner & Co", tax_rate_milli=21_000)
    with shop.store.reading() as session:
        rows = session.rows("SELECT field, new_value FROM change WHERE actor = 'Ben' ORDER BY field")
    assert rows == [("name", "Corner & Co"), ("tax_rate_milli", "21000")]


def test_the_currency_stays_once_there_are_prices(shop: Shop) -> None:
    change_settings(shop, "Ada", currency="GBP")
    catalogue.add_product(shop, "Ada", name="Bolt", price_minor=35)
    with pytest.raises(Refused):
        change_settings(shop, "Ada", currency="USD")


def test_costing_is_chosen_before_the_first_entry(shop: Shop) -> None:
    rules.set_costing(shop, "Ada", "fifo")
    catalogue.add_product(shop, "Ada", sku="B", name="Bolt")
    stock.post_entry(shop, "Ada", "receive", [LineRequest("B", 1_000)])
    with pytest.raises(Refused):
        rules.set_costing(shop, "Ada", "average")


def test_the_owner_may_stop_the_till_or_let_everything_through(shop: Shop) -> None:
    catalogue.add_product(shop, "Ada", sku="B", name="Bolt")
    rules.set_negative_policy(shop, "Ada", "never")
    with pytest.raises(Refused):
        stock.post_entry(shop, "Ada", "sell", [LineRequest("B", 1_000)])
    rules.set_negative_policy(shop, "Ada", "always")
    stock.post_entry(shop, "Ada", "scrap", [LineRequest("B", 1_000)])
    with pytest.raises(InvalidInput):
        rules.set_negative_policy(shop, "Ada", "sometimes")


def test_nobody_acts_without_a_name(shop: Shop) -> None:
    with pytest.raises(ShopError, match="who does it"):
        catalogue.add_product(shop, " \x07", name="Bolt")
