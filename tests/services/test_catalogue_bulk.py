"""One change to many products: all or none, with the history that single changes leave."""

from __future__ import annotations

import pytest

from stockshop.errors import InvalidInput, NotFound, Stopped
from stockshop.services import catalogue
from stockshop.services.catalogue import BulkChange, BulkRefused, ProductListing, change_many, new_price
from stockshop.services.shop import Shop
from stockshop.storage.database import Store
from tests.services.catalogue_shop import make_shop


@pytest.fixture
def shop(store: Store) -> Shop:
    return make_shop(store)


def add(shop: Shop, sku: str, **fields: object) -> int:
    return catalogue.add_product(shop, "Kim", sku=sku, name=sku.title(), **fields).id  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("price", "percent_milli", "ending", "after"),
    [
        (1_000, 5_000, "", 1_050),
        (333, 5_000, "", 350),  # 349.65
        (999, -10_000, "", 899),  # 899.1
        (1, -50_000, "", 1),
        (0, 50_000, "9", 0),
        (473, 0, "9", 469),
        (474, 0, "9", 479),  # equally near: the higher
        (479, 0, "9", 479),
        (3, 0, "9", 9),
        (452, 0, "5", 455),
        (449, 0, "5", 445),
        (452, 0, "fives", 450),
        (453, 0, "fives", 455),
        (1, 0, "fives", 5),
        (1_240, 0, "99", 1_199),
        (1_260, 0, "99", 1_299),
        (40, 0, "99", 99),
        (200, 2_500, "", 205),
    ],
)
def test_a_price_rises_by_percent_and_ends_as_asked(
    price: int, percent_milli: int, ending: str, after: int
) -> None:
    assert new_price(price, percent_milli, ending) == after


def test_prices_of_many_change_together_and_each_keeps_its_history(shop: Shop) -> None:
    ids = [add(shop, f"P{number}", price_minor=100 * number) for number in range(1, 4)]
    bare = add(shop, "BARE")
    done = change_many(
        shop, "Ada", [*ids, bare], BulkChange(percent_milli=5_000, ending="9"), reason="spring"
    )
    assert (done.changed, done.unchanged) == (3, 1)
    assert [catalogue.product(shop, one).product.price_minor for one in ids] == [109, 209, 319]
    detail = catalogue.product(shop, ids[0])
    assert [(point.price_minor, point.actor, point.reason) for point in detail.prices] == [
        (109, "Ada", "spring"), (100, "Kim", ""),
    ]  # fmt: skip
    change = catalogue.changes(shop, ids[0])[0]
    assert (change.field, change.old_value, change.new_value, change.actor) == (
        "price_minor", "100", "109", "Ada",
    )  # fmt: skip
    assert catalogue.product(shop, bare).product.price_minor is None


def test_a_bulk_change_leaves_the_same_traces_as_single_ones(shop: Shop) -> None:
    one, many = add(shop, "ONE", price_minor=200), add(shop, "MANY", price_minor=200)
    catalogue.change_product(shop, "Ada", one, category="Paint", preferred_bin="A-01", price_minor=210)
    catalogue.set_reorder_rule(shop, "Ada", one, 3_000, 9_000)
    catalogue.archive(shop, "Ada", one)
    change_many(
        shop, "Ada", [many],
        BulkChange(percent_milli=5_000, category=" Paint ", preferred_bin="a-01", rule=(3_000, 9_000),
                   archived=True),
    )  # fmt: skip
    details = [catalogue.product(shop, each) for each in (one, many)]
    for field in ("category", "preferred_bin", "price_minor", "is_archived"):
        assert getattr(details[0].product, field) == getattr(details[1].product, field)
    assert [(rule.reorder_point_milli, rule.order_up_to_milli) for rule in details[1].rules] == [
        (3_000, 9_000)
    ]
    traces = [
        sorted(
            (line.field, line.old_value, line.new_value, line.actor)
            for line in catalogue.changes(shop, each)
            if line.field != "added"
        )
        for each in (one, many)
    ]
    assert traces[0] == traces[1]


def test_what_was_set_can_be_taken_off_again(shop: Shop) -> None:
    ids = [add(shop, sku, category="Paint", preferred_bin="A-01") for sku in ("A", "B")]
    change_many(shop, "Ada", ids, BulkChange(rule=(1_000, 2_000)))
    change_many(shop, "Ada", ids, BulkChange(rule=(2_000, 4_000)))
    done = change_many(
        shop, "Ada", ids, BulkChange(category="", preferred_bin="", no_rule=True, archived=True)
    )
    assert done.changed == 2
    detail = catalogue.product(shop, ids[0])
    assert (detail.product.category, detail.product.preferred_bin, detail.rules) == (None, None, ())
    assert change_many(shop, "Ada", ids, BulkChange(archived=False)).changed == 2
    assert change_many(shop, "Ada", ids, BulkChange(archived=False)).changed == 0


def test_one_refusal_keeps_all_as_they_are_and_every_one_is_named(shop: Shop) -> None:
    fine = [add(shop, "PIECES", unit="each"), add(shop, "LATER", unit="each")]
    cheese = add(shop, "CHEESE", unit="kg")
    with pytest.raises(BulkRefused) as caught:
        change_many(shop, "Ada", [cheese, *fine], BulkChange(rule=(1_500, 2_500), category="New one"))
    assert caught.value.count == 2
    assert [refusal.sku for refusal in caught.value.refusals] == ["PIECES", "LATER"]
    assert catalogue.product(shop, cheese).rules == ()
    assert catalogue.categories(shop) == ()


def test_what_was_merged_is_refused(shop: Shop) -> None:
    keep, gone = add(shop, "KEEP", price_minor=5), add(shop, "GONE", price_minor=5)
    catalogue.merge_products(shop, "Kim", keep, gone)
    with pytest.raises(BulkRefused) as caught:
        change_many(shop, "Ada", [keep, gone], BulkChange(archived=True))
    assert [refusal.sku for refusal in caught.value.refusals] == ["GONE"]
    assert not catalogue.product(shop, keep).product.is_archived


def test_it_can_be_stopped_in_the_middle_without_a_trace(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stockshop.services.catalogue.bulk._AT_ONCE", 2)
    ids = [add(shop, f"P{number}", price_minor=100) for number in range(6)]
    told: list[tuple[int, int]] = []
    with pytest.raises(Stopped):
        change_many(
            shop, "Ada", ids, BulkChange(percent_milli=10_000),
            progress=lambda done, total: told.append((done, total)), should_stop=lambda: len(told) == 2,
        )  # fmt: skip
    assert told == [(2, 6), (4, 6)]
    assert {row.price_minor for row in ProductListing(shop).page_from(None, 9)} == {100}


def test_what_cannot_be_meant_is_refused_before_anything_is_read(shop: Shop) -> None:
    ids = [add(shop, "ONE", price_minor=5)]
    for change, field in (
        (BulkChange(), None),
        (BulkChange(ending="9"), None),
        (BulkChange(percent_milli=-100_000), "percent"),
        (BulkChange(rule=(5_000, 1_000)), "order_up_to"),
        (BulkChange(percent_milli=1_000, ending="7"), "ending"),
    ):
        with pytest.raises(InvalidInput) as caught:
            change_many(shop, "Ada", ids, change)
        assert caught.value.field == field
    with pytest.raises(NotFound):
        change_many(shop, "Ada", ids, BulkChange(preferred_bin="NOWHERE"))


def test_the_preview_shows_the_first_that_would_change(shop: Shop) -> None:
    ids = [add(shop, "BARE"), *(add(shop, f"P{number}", price_minor=1_000) for number in range(5))]
    lines = catalogue.preview_bulk(shop, ids, BulkChange(percent_milli=5_000, ending="9"), limit=2)
    assert [(line.sku, line.changes[0].before, line.changes[0].after) for line in lines] == [
        ("P0", 1_000, 1_049), ("P1", 1_000, 1_049),
    ]  # fmt: skip
    assert catalogue.product(shop, ids[1]).product.price_minor == 1_000
