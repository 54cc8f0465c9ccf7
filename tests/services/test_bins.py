"""What the bins hold, where is room, and emptying one."""

from __future__ import annotations

import pytest

from stockshop.errors import Conflict, NotFound, Refused
from stockshop.ledger.audit import audit
from stockshop.services import bins, catalogue, locations, moving, stock
from stockshop.services.reports import stock_rows
from stockshop.services.shop import Shop
from stockshop.services.stock import LineRequest


@pytest.fixture
def shelf(shop: Shop) -> Shop:
    """Ten bolts and three glues in A-01, two bolts in B-01, rope below zero in A-03; milk is kept by lots."""
    for sku, name, tracking in (
        ("BOLT", "Bolt", "none"), ("GLUE", "Glue", "none"), ("ROPE", "Rope", "none"), ("MILK", "Milk", "lot"),
    ):  # fmt: skip
        catalogue.add_product(shop, "Ada", sku=sku, name=name, tracking=tracking)
    receive(shop, LineRequest("BOLT", 10_000, to_bin="A-01", unit_cost_e4=10_000),
            LineRequest("GLUE", 3_000, to_bin="A-01", unit_cost_e4=20_000),
            LineRequest("BOLT", 2_000, to_bin="B-01", unit_cost_e4=10_000))  # fmt: skip
    stock.post_entry(shop, "Ada", "sell", [LineRequest("ROPE", 1_000, from_bin="A-03")])
    return shop


def receive(shop: Shop, *lines: LineRequest) -> None:
    stock.post_entry(shop, "Ada", "receive", lines)


def product_id(shop: Shop, sku: str) -> int:
    with shop.store.reading() as session:
        found: int = session.value("SELECT id FROM product WHERE sku = ?", (sku,))
    return found


def place_id(shop: Shop, code: str) -> int:
    return locations.find_place(shop, code).id


def held(shop: Shop, bin_code: str) -> dict[str, int]:
    return {row.sku: row.on_hand_milli for row in stock_rows(shop, bin_code=bin_code)}


def test_each_bin_says_how_much_lies_in_it(shelf: Shop) -> None:
    fills = bins.fills(shelf)
    assert fills[place_id(shelf, "A-01")].lines == 2
    lone = fills[place_id(shelf, "B-01")]
    assert (lone.name, lone.held_milli, lone.is_nearly_empty) == ("Bolt", 2_000, True)
    assert place_id(shelf, "A-02") not in fills


def test_room_is_in_empty_bins_and_in_those_with_a_little_of_one_product(shelf: Shop) -> None:
    catalogue.change_product(shelf, "Ada", product_id(shelf, "GLUE"), preferred_bin="A-04")
    free = {one.place.code: one for one in bins.free_bins(shelf, locations.places(shelf))}
    assert list(free)[:3] == ["A-02", "A-04", "A-05"], "in walking order"
    assert "A-01" not in free and "A-03" not in free, "two products, and one below zero"
    assert free["B-01"].fill is not None and free["A-02"].fill is None
    assert (free["A-04"].kept, free["A-04"].kept_name) == (1, "Glue")
    zone = free["B-01"].zone
    assert zone is not None and zone.code == "SHOP-B"


def test_a_zone_adds_up_its_products_pieces_and_value(shelf: Shop) -> None:
    floor = bins.totals(shelf, place_id(shelf, "SHOP-A"))
    assert (floor.products, floor.quantities) == (3, (("each", 12_000),))
    assert floor.value_e4 == 10 * 10_000 + 3 * 20_000, "the value of rope that is not there is nothing"
    site = bins.totals(shelf, place_id(shelf, "SHOP"))
    assert site.value_e4 - floor.value_e4 == 2 * 10_000
    empty = bins.totals(shelf, place_id(shelf, "SHOP-R"))
    assert (empty.products, empty.quantities, empty.value_e4) == (0, (), 0)


def test_a_bin_is_listed_by_name_and_a_very_full_one_by_pages(
    shelf: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    a01 = place_id(shelf, "A-01")
    rows = bins.bin_rows(shelf, a01)
    assert rows is not None and [row.line.name for row in rows] == ["Bolt", "Glue"]
    monkeypatch.setattr(bins, "FEW", 1)
    assert bins.bin_rows(shelf, a01) is None
    pages = bins.BinListing(shelf, a01)
    first = pages.page_from(None, 1)
    assert (pages.count(), [row.line.name for row in first]) == (2, ["Bolt"])
    rest = pages.page_from(first[0].key, 5)
    assert [row.line.name for row in rest] == ["Bolt", "Glue"]
    assert pages.first_keys(1) == [row.key for row in rest]
    assert [row.key for row in pages.page_at(1, 5)] == [rest[1].key]


def test_lots_of_a_product_in_a_bin_come_by_expiry_and_none_below_zero(shelf: Shop) -> None:
    receive(shelf, LineRequest("MILK", 4_000, to_bin="A-01", lot="L2", expiry="2026-03-01"),
            LineRequest("MILK", 6_000, to_bin="A-01", lot="L1", expiry="2026-02-01"))  # fmt: skip
    milk = product_id(shelf, "MILK")
    rows = bins.held_in(shelf, place_id(shelf, "A-01"), milk)
    assert [(row.line.lot, row.line.quantity_milli) for row in rows] == [("L1", 6_000), ("L2", 4_000)]
    rope = product_id(shelf, "ROPE")
    assert bins.held_in(shelf, place_id(shelf, "A-03"), rope) == ()


def test_a_product_is_found_in_its_bins_in_walking_order(shelf: Shop) -> None:
    where = bins.where_lies(shelf, product_id(shelf, "BOLT"))
    assert [(one.place_id, one.quantity_milli) for one in where.resting] == [
        (place_id(shelf, "A-01"), 10_000), (place_id(shelf, "B-01"), 2_000),
    ]  # fmt: skip
    with pytest.raises(NotFound):
        bins.where_lies(shelf, 10**9)


def test_a_bin_is_emptied_into_another_lots_and_all(shelf: Shop) -> None:
    receive(shelf, LineRequest("MILK", 4_000, to_bin="A-01", lot="L2", expiry="2026-03-01"))
    done = moving.empty_bin(shelf, "Ada", "A-01", "A-05", client_id="e-1")
    assert (done.lines, done.below_zero, done.left) == (3, 0, 0)
    assert held(shelf, "A-01") == {}
    assert held(shelf, "A-05") == {"BOLT": 10_000, "GLUE": 3_000, "MILK": 4_000}
    again = moving.empty_bin(shelf, "Ada", "A-01", "A-05", client_id="e-1")
    assert (again.entry_id, again.lines) == (done.entry_id, 3)
    with pytest.raises(Conflict):
        moving.empty_bin(shelf, "Ada", "A-01", "A-06", client_id="e-1")
    stock.reverse_entry(shelf, "Ada", done.entry_id, "by mistake")
    assert held(shelf, "A-01") == {"BOLT": 10_000, "GLUE": 3_000, "MILK": 4_000}
    with shelf.store.reading() as session:
        assert audit(session) == []


def test_what_is_below_zero_stays_to_be_counted_and_nothing_is_not_moved(shelf: Shop) -> None:
    with pytest.raises(Refused, match="Nothing lies in A-03"):
        moving.empty_bin(shelf, "Ada", "A-03", "A-05")
    receive(shelf, LineRequest("BOLT", 1_000, to_bin="A-03"))
    done = moving.empty_bin(shelf, "Ada", "A-03", "A-05")
    assert (done.lines, done.below_zero) == (1, 1)
    assert held(shelf, "A-03") == {"ROPE": -1_000}
