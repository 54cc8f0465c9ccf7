"""Merging two products into one, on both engines and with both ways of costing."""

from __future__ import annotations

import pytest

from stockshop.errors import Conflict, NotFound, Refused
from stockshop.ledger import balances
from stockshop.ledger.posting import Line
from stockshop.services import catalogue, ordering
from stockshop.services.catalogue import Product
from stockshop.services.shop import Shop
from stockshop.storage.database import Store
from stockshop.storage.models.locations import TRANSIT
from tests.services.catalogue_shop import (
    add_lot,
    bin_id,
    levels,
    make_shop,
    post,
    receive,
    sell,
    troubles,
    value_e4,
)

EAN, OTHER_EAN = "4006381333931", "5012345678900"


@pytest.fixture(params=["average", "fifo"])
def shop(store: Store, request: pytest.FixtureRequest) -> Shop:
    return make_shop(store, costing=request.param)


def two(shop: Shop, tracking: str = "none", unit: str = "each") -> tuple[Product, Product]:
    keep = catalogue.add_product(
        shop, "Kim", name="Pen", sku="PEN", barcodes=(EAN,), tracking=tracking, unit=unit
    )
    other = catalogue.add_product(
        shop, "Kim", name="Ballpoint", sku="BALL", barcodes=(OTHER_EAN,), tracking=tracking, unit=unit
    )
    return keep, other


def worth(shop: Shop, *product_ids: int) -> int:
    return sum(value_e4(shop, product_id) for product_id in product_ids)


def test_stock_moves_bin_by_bin_with_its_value(shop: Shop) -> None:
    keep, other = two(shop)
    receive(shop, keep.id, 4, into="A-01", cost_e4=10_000)
    receive(shop, other.id, 3, into="A-01", cost_e4=33_333)
    receive(shop, other.id, 7, into="B-02", cost_e4=20_001)
    post(shop, "move", Line(other.id, 2_000, bin_id(shop, "B-02"), TRANSIT))
    before = worth(shop, keep.id, other.id)
    merged = catalogue.merge_products(shop, "Lou", "PEN", "BALL")
    assert not merged.already and merged.entry_id is not None
    assert levels(shop, keep.id) == {"A-01": 7, "B-02": 5}
    assert levels(shop, other.id) == {}
    assert (worth(shop, keep.id), worth(shop, other.id)) == (before, 0)
    with shop.store.reading() as session:
        assert balances.level(session, keep.id, TRANSIT) == 2_000
    assert troubles(shop) == []


def test_the_barcodes_and_the_sku_of_the_other_find_the_kept_one(shop: Shop) -> None:
    keep, other = two(shop)
    catalogue.merge_products(shop, "Lou", keep.id, other.id)
    for code in (EAN, OTHER_EAN, "PEN", "BALL"):
        assert catalogue.find_product(shop, code).id == keep.id
    gone = catalogue.product(shop, other.id).product
    assert gone.is_archived and gone.merged_into_id == keep.id
    assert catalogue.product(shop, keep.id).merged_skus == ("BALL",)
    with pytest.raises(Refused, match="PEN"):
        catalogue.unarchive(shop, "Lou", other.id)
    with pytest.raises(Refused, match="merged into PEN"):
        catalogue.change_product(shop, "Lou", other.id, name="Back again")
    with pytest.raises(Conflict, match="merged into PEN"):
        catalogue.add_product(shop, "Lou", name="New", sku="BALL")
    assert ("merged", "BALL", "Lou") in [
        (line.field, line.new_value, line.actor) for line in catalogue.changes(shop, keep.id)
    ]


def test_the_history_of_the_kept_one_has_both_and_its_balance_runs_through(shop: Shop) -> None:
    keep, other = two(shop)
    receive(shop, keep.id, 5)
    receive(shop, other.id, 8)
    sell(shop, other.id, 2)
    catalogue.merge_products(shop, "Lou", keep.id, other.id)
    sell(shop, keep.id, 1)
    with shop.store.reading() as session:
        family = catalogue.family_ids(session, keep.id)
        lines = balances.history(session, family, 100)
    assert family == (keep.id, other.id)
    assert [(line.kind, line.balance_milli) for line in lines if line.quantity_milli] == [
        ("sell", 10_000),
        ("merge", 11_000),
        ("merge", 5_000),
        ("sell", 11_000),
        ("receive", 13_000),
        ("receive", 5_000),
    ]


def test_a_merge_is_done_once_whatever_is_repeated(shop: Shop) -> None:
    keep, other = two(shop)
    receive(shop, other.id, 3)
    first = catalogue.merge_products(shop, "Lou", keep.id, other.id, client_id="merge-1")
    again = catalogue.merge_products(shop, "Lou", keep.id, other.id, client_id="merge-1")
    anew = catalogue.merge_products(shop, "Lou", keep.id, "BALL")
    assert (first.already, again.already, anew.already) == (False, True, True)
    assert again.entry_id == first.entry_id
    assert levels(shop, keep.id) == {"A-01": 3}
    third = catalogue.add_product(shop, "Kim", name="Third")
    with pytest.raises(Conflict):
        catalogue.merge_products(shop, "Lou", keep.id, third.id, client_id="merge-1")
    with pytest.raises(Refused, match="merged"):
        catalogue.merge_products(shop, "Lou", third.id, other.id)
    with pytest.raises(Refused, match="merged"):
        catalogue.merge_products(shop, "Lou", other.id, third.id)
    with pytest.raises(Refused, match="one and the same"):
        catalogue.merge_products(shop, "Lou", keep.id, keep.id)
    with pytest.raises(NotFound):
        catalogue.merge_products(shop, "Lou", keep.id, "nobody")


def test_what_was_merged_before_comes_along(shop: Shop) -> None:
    keep, other = two(shop)
    third = catalogue.add_product(shop, "Kim", name="Biro", sku="BIRO")
    receive(shop, third.id, 2)
    catalogue.merge_products(shop, "Lou", other.id, third.id)
    catalogue.merge_products(shop, "Lou", keep.id, other.id)
    assert catalogue.find_product(shop, "BIRO").id == keep.id
    with shop.store.reading() as session:
        assert catalogue.family_ids(session, keep.id) == (keep.id, other.id, third.id)
    assert levels(shop, keep.id) == {"A-01": 2}
    assert troubles(shop) == []


@pytest.mark.parametrize(
    "trade",
    [
        "sell other 3",
        "receive keep 5, sell other 3",
        "receive other 5, sell keep 8",
        "receive other 5 B-01, sell other 3, sell keep 2 B-01",
        "receive other 2, sell other 3, sell keep 1",
        "receive keep 2, receive other 2, sell keep 5, sell other 1 B-02",
    ],
)
def test_bins_below_zero_stay_what_they_are(shop: Shop, trade: str) -> None:
    keep, other = two(shop)
    ids = {"keep": keep.id, "other": other.id}
    for step in trade.split(", "):
        verb, which, units, place = (*step.split(), "A-01")[:4]
        if verb == "receive":
            receive(shop, ids[which], int(units), into=place, cost_e4=77_777 if which == "other" else 10_000)
        else:
            sell(shop, ids[which], int(units), out_of=place)
    wanted = dict(levels(shop, keep.id))
    for place, held in levels(shop, other.id).items():
        wanted[place] = wanted.get(place, 0) + held
    catalogue.merge_products(shop, "Lou", keep.id, other.id)
    assert levels(shop, keep.id) == {place: units for place, units in wanted.items() if units}
    assert levels(shop, other.id) == {}
    assert worth(shop, other.id) == 0
    assert troubles(shop) == []


def test_lots_are_carried_over_by_code_and_date(shop: Shop) -> None:
    keep, other = two(shop, tracking="lot")
    receive(shop, keep.id, 1, lot_id=add_lot(shop, keep.id, "L1", "2026-09-01"))
    receive(shop, keep.id, 1, lot_id=add_lot(shop, keep.id, "L2", "2026-10-01"))
    receive(shop, other.id, 2, lot_id=add_lot(shop, other.id, "L1", "2026-09-01"))
    receive(shop, other.id, 3, lot_id=add_lot(shop, other.id, "L2", "2026-11-11"))
    receive(shop, other.id, 4, lot_id=add_lot(shop, other.id, "L3"))
    catalogue.merge_products(shop, "Lou", keep.id, other.id)
    assert levels(shop, keep.id) == {"A-01 L1": 3, "A-01 L2": 1, "A-01 L2 2026-11-11": 3, "A-01 L3": 4}
    with shop.store.reading() as session:
        expiry = session.value(
            "SELECT expiry FROM lot WHERE product_id = ? AND code = 'L2 2026-11-11'", (keep.id,)
        )
    assert expiry == "2026-11-11"
    assert troubles(shop) == []


def test_suppliers_and_rules_are_taken_over_where_the_kept_one_has_none(shop: Shop) -> None:
    keep, other = two(shop)
    catalogue.set_supplier(shop, "Kim", keep.id, "Acme", supplier_code="K-1")
    catalogue.set_supplier(shop, "Kim", other.id, "Acme", supplier_code="O-1")
    catalogue.set_supplier(shop, "Kim", other.id, "Zeta", supplier_code="O-2")
    catalogue.set_reorder_rule(shop, "Kim", keep.id, 1_000, 2_000)
    catalogue.set_reorder_rule(shop, "Kim", other.id, 5_000, 6_000)
    catalogue.set_reorder_rule(shop, "Kim", other.id, 3_000, 4_000, site="SHOP")
    catalogue.change_product(shop, "Kim", other.id, preferred_bin="B-01")
    catalogue.merge_products(shop, "Lou", keep.id, other.id)
    detail = catalogue.product(shop, keep.id)
    assert [(terms.supplier, terms.supplier_code) for terms in detail.suppliers] == [
        ("Acme", "K-1"),
        ("Zeta", "O-2"),
    ]
    assert [(rule.site, rule.reorder_point_milli) for rule in detail.rules] == [
        (None, 1_000),
        ("SHOP", 3_000),
    ]
    assert detail.product.preferred_bin == "B-01"
    gone = catalogue.product(shop, other.id)
    assert not (gone.suppliers or gone.rules or gone.barcodes)


def test_open_orders_and_what_is_set_aside_are_for_the_kept_one_then(shop: Shop) -> None:
    keep, other = two(shop)
    receive(shop, other.id, 9)
    sale = ordering.open_order(shop, "Kim", "sales", [("BALL", 4_000)])
    ordering.allocate(shop, "Kim", sale.lines[0].id, 4_000)
    catalogue.merge_products(shop, "Lou", keep.id, other.id)
    with shop.store.reading() as session:
        assert balances.allocated(session, keep.id) == 4_000
        assert balances.allocated(session, other.id) == 0
    assert troubles(shop) == []


def test_products_of_another_kind_are_not_merged(shop: Shop) -> None:
    keep, _ = two(shop)
    cheese = catalogue.add_product(shop, "Kim", name="Cheese", unit="kg")
    milk = catalogue.add_product(shop, "Kim", name="Milk", tracking="lot")
    with pytest.raises(Refused, match="unit"):
        catalogue.merge_products(shop, "Lou", keep.id, cheese.id)
    with pytest.raises(Refused, match="tracking"):
        catalogue.merge_products(shop, "Lou", keep.id, milk.id)
    catalogue.archive(shop, "Kim", keep.id)
    with pytest.raises(Refused, match="archived"):
        catalogue.merge_products(shop, "Lou", keep.id, "BALL")
    assert catalogue.product(shop, milk.id).product.merged_into_id is None
