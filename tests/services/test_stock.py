"""Receiving, selling, moving, adjusting: what a till, a scanner or a file asks of the shop."""

from __future__ import annotations

from threading import Thread

import pytest

from stockshop.errors import Conflict, InvalidInput, NotFound, Refused, ShopError
from stockshop.ledger.audit import audit
from stockshop.services import catalogue, locations, rules, stock
from stockshop.services.reports import StockRow, history, stock_rows
from stockshop.services.shop import Shop
from stockshop.services.stock import LineRequest
from tests.conftest import HandClock

EAN = "4006381333931"
CASE = "14006381333938"


def bolts(shop: Shop, **fields: object) -> catalogue.Product:
    """M6 bolts at 0.35, sold by the piece, with a case of twelve."""
    return catalogue.add_product(
        shop,
        "Ada",
        sku="M6X40",
        name="M6 bolt",
        price_minor=35,
        barcodes=(EAN, (CASE, 12_000)),
        **fields,  # type: ignore[arg-type]
    )


def milk(shop: Shop) -> catalogue.Product:
    """Milk, kept by lots."""
    return catalogue.add_product(shop, "Ada", sku="MILK", name="Milk 1 l", price_minor=129, tracking="lot")


def post(shop: Shop, kind: str, *lines: LineRequest, **options: object) -> stock.PostedEntry:
    return stock.post_entry(shop, "Ada", kind, lines, **options)  # type: ignore[arg-type]


def held(shop: Shop, code: str) -> dict[tuple[str, str], int]:
    """(bin, lot) > whole units."""
    return {(row.bin, row.lot): row.on_hand_milli // 1000 for row in stock_rows(shop, code) if row.bin}


def sound(shop: Shop) -> bool:
    with shop.store.reading() as session:
        return audit(session) == []


def test_a_receipt_goes_to_the_preferred_bin_else_to_receiving(shop: Shop) -> None:
    bolts(shop)
    catalogue.add_product(shop, "Ada", sku="NAIL", name="Nail", preferred_bin="A-02")
    post(shop, "receive", LineRequest("M6X40", 10_000), LineRequest("NAIL", 5_000))
    assert held(shop, "M6X40") == {("RECEIVING", ""): 10}
    assert held(shop, "NAIL") == {("A-02", ""): 5}


def test_a_case_barcode_counts_twelve(shop: Shop) -> None:
    bolts(shop)
    post(shop, "receive", LineRequest(CASE, 2_000))
    post(shop, "sell", LineRequest(EAN, 1_000))
    assert held(shop, "M6X40") == {("RECEIVING", ""): 23}


def test_a_sale_takes_from_the_preferred_bin_first_and_then_from_the_others(shop: Shop) -> None:
    bolts(shop, preferred_bin="A-01")
    post(shop, "receive", LineRequest("M6X40", 3_000, to_bin="A-01"))
    post(shop, "receive", LineRequest("M6X40", 9_000, to_bin="B-01"))
    post(shop, "sell", LineRequest("M6X40", 5_000))
    assert held(shop, "M6X40") == {("B-01", ""): 7}


def test_a_sale_takes_the_lot_that_expires_first(shop: Shop) -> None:
    milk(shop)
    post(
        shop,
        "receive",
        LineRequest("MILK", 4_000, lot="L2", expiry="2026-07-01"),
        LineRequest("MILK", 4_000, lot="L1", expiry="2026-06-01"),
    )
    post(shop, "sell", LineRequest("MILK", 5_000))
    assert held(shop, "MILK") == {("RECEIVING", "L2"): 3}


def test_two_lines_of_one_sale_do_not_take_the_same_piece(shop: Shop) -> None:
    milk(shop)
    post(
        shop,
        "receive",
        LineRequest("MILK", 2_000, lot="L1", expiry="2026-06-01"),
        LineRequest("MILK", 2_000, lot="L2", expiry="2026-07-01"),
    )
    post(shop, "sell", LineRequest("MILK", 2_000), LineRequest("MILK", 2_000))
    assert held(shop, "MILK") == {}


def test_the_till_is_never_stopped_and_the_dip_is_evidence(shop: Shop) -> None:
    bolts(shop)
    sold = post(shop, "sell", LineRequest(EAN, 2_000))
    assert [dip.level_milli for dip in sold.dips] == [-2_000]
    assert held(shop, "M6X40") == {("RECEIVING", ""): -2}
    assert sound(shop)


def test_milk_that_was_never_received_is_sold_from_an_unknown_lot(shop: Shop) -> None:
    milk(shop)
    post(shop, "sell", LineRequest("MILK", 1_000))
    assert held(shop, "MILK") == {("RECEIVING", "UNKNOWN"): -1}
    assert sound(shop)


def test_a_move_cannot_take_what_is_not_there(shop: Shop) -> None:
    bolts(shop)
    post(shop, "receive", LineRequest("M6X40", 3_000))
    with pytest.raises(Refused, match="RECEIVING holds 3 of M6 bolt, not 5"):
        post(shop, "move", LineRequest("M6X40", 5_000, to_bin="A-01"))
    assert held(shop, "M6X40") == {("RECEIVING", ""): 3}


def test_a_move_without_from_finds_the_only_bin_and_asks_when_there_are_two(shop: Shop) -> None:
    bolts(shop)
    post(shop, "receive", LineRequest("M6X40", 3_000))
    post(shop, "move", LineRequest("M6X40", 1_000, to_bin="A-01"))
    with pytest.raises(InvalidInput, match=r"A-01, RECEIVING"):
        post(shop, "move", LineRequest("M6X40", 1_000, to_bin="B-01"))


def test_an_adjustment_is_signed_and_needs_a_reason(shop: Shop) -> None:
    bolts(shop)
    with pytest.raises(InvalidInput, match="reason"):
        post(shop, "adjust", LineRequest("M6X40", 3_000))
    post(shop, "adjust", LineRequest("M6X40", 3_000), note="found behind the shelf")
    post(shop, "adjust", LineRequest("M6X40", -1_000), note="broken")
    assert held(shop, "M6X40") == {("RECEIVING", ""): 2}


def test_a_return_and_scrap_go_their_ways(shop: Shop) -> None:
    bolts(shop)
    post(shop, "return", LineRequest("M6X40", 2_000, to_bin="A-01"))
    post(shop, "scrap", LineRequest("M6X40", 1_000))
    assert held(shop, "M6X40") == {("A-01", ""): 1}
    assert [(row.kind, row.from_place, row.to_place) for row in history(shop, "M6X40")] == [
        ("scrap", "A-01", "scrap"),
        ("return", "customer", "A-01"),
    ]


def test_repeating_a_posting_does_nothing_and_another_content_is_an_error(shop: Shop) -> None:
    bolts(shop)
    first = post(shop, "receive", LineRequest("M6X40", 3_000), client_id="r-1")
    again = post(shop, "receive", LineRequest("M6X40", 3_000), client_id="r-1")
    assert (first.status, again.status) == ("posted", "already posted")
    assert first.entry_id == again.entry_id
    with pytest.raises(Conflict):
        post(shop, "receive", LineRequest("M6X40", 4_000), client_id="r-1")
    assert held(shop, "M6X40") == {("RECEIVING", ""): 3}


def test_a_retried_sale_is_harmless_though_the_stock_has_moved_since(shop: Shop) -> None:
    bolts(shop, preferred_bin="A-01")
    post(shop, "receive", LineRequest("M6X40", 3_000, to_bin="B-01"))
    post(shop, "sell", LineRequest("M6X40", 1_000), client_id="till-1")
    post(shop, "move", LineRequest("M6X40", 2_000, from_bin="B-01", to_bin="A-01"))
    assert post(shop, "sell", LineRequest("M6X40", 1_000), client_id="till-1").status == "already posted"


def test_one_bad_line_refuses_the_whole_entry_and_is_named(shop: Shop) -> None:
    bolts(shop)
    with pytest.raises(NotFound, match=r"Line 2: .*NOPE"):
        post(shop, "receive", LineRequest("M6X40", 3_000), LineRequest("NOPE", 1_000))
    assert held(shop, "M6X40") == {}


@pytest.mark.parametrize(
    ("kind", "line", "options", "why"),
    [
        ("receive", LineRequest("M6X40", 500), {}, "whole numbers"),
        ("receive", LineRequest("M6X40", 0), {}, "above zero"),
        ("sell", LineRequest("M6X40", -1_000), {}, "above zero"),
        ("receive", LineRequest("M6X40", 1_000, to_bin="SHOP-A"), {}, "only bins hold stock"),
        ("receive", LineRequest("M6X40", 1_000, to_bin="NOWHERE"), {}, "no bin"),
        ("receive", LineRequest("M6X40", 1_000, lot="L1"), {}, "not kept by lots"),
        ("receive", LineRequest("MILK", 1_000), {}, "name the lot"),
        ("receive", LineRequest("MILK", 1_000, lot="L1", expiry="soon"), {}, "not a date"),
        ("sell", LineRequest("MILK", 1_000, lot="L9"), {}, "no lot 'L9'"),
        ("move", LineRequest("M6X40", 1_000), {}, "which bin it goes to"),
        ("juggle", LineRequest("M6X40", 1_000), {}, "not one of"),
        ("receive", LineRequest("", 1_000), {}, "which product"),
        ("receive", LineRequest("M6X40", 1_000), {"client_id": "\x00"}, "id is empty"),
        ("receive", LineRequest("M6X40", 10**15), {}, "a billion"),
        ("receive", LineRequest("M6X40", 1_000), {"at_us": 1_900_000_000_000_000}, "future"),
    ],
)
def test_nonsense_is_refused_with_its_reason(
    shop: Shop, kind: str, line: LineRequest, options: dict[str, object], why: str
) -> None:
    bolts(shop)
    milk(shop)
    with pytest.raises(ShopError, match=why):
        post(shop, kind, line, **options)
    assert stock_rows(shop) == []


def test_undoing_puts_everything_back_at_its_value(shop: Shop) -> None:
    bolts(shop)
    post(shop, "receive", LineRequest("M6X40", 10_000, unit_cost_e4=1_000))
    dear = post(shop, "receive", LineRequest("M6X40", 10_000, unit_cost_e4=3_000))
    stock.reverse_entry(shop, "Ada", dear.entry_id, "wrong delivery")
    (row,) = stock_rows(shop, "M6X40")
    assert (row.on_hand_milli, row.value_e4) == (10_000, 10_000)
    assert sound(shop)


def test_an_entry_is_undone_once_and_an_undoing_never(shop: Shop) -> None:
    bolts(shop)
    entry = post(shop, "receive", LineRequest("M6X40", 1_000))
    undone = stock.reverse_entry(shop, "Ada", entry.entry_id, "oops", client_id="u-1")
    assert (
        stock.reverse_entry(shop, "Ada", entry.entry_id, "oops", client_id="u-1").status == "already posted"
    )
    with pytest.raises(Refused, match="already"):
        stock.reverse_entry(shop, "Ada", entry.entry_id, "again")
    with pytest.raises(Refused, match="undoes another"):
        stock.reverse_entry(shop, "Ada", undone.entry_id, "undo the undo")
    with pytest.raises(NotFound):
        stock.reverse_entry(shop, "Ada", 999, "no such thing")
    with pytest.raises(InvalidInput, match="why"):
        stock.reverse_entry(shop, "Ada", entry.entry_id, " ")


def test_what_was_merged_cannot_be_undone_into_the_merged_product(shop: Shop) -> None:
    kept = bolts(shop)
    other = catalogue.add_product(shop, "Ada", sku="M6-OLD", name="M6 bolt old")
    receipt = post(shop, "receive", LineRequest("M6-OLD", 2_000))
    merged = catalogue.merge_products(shop, "Ada", kept.id, other.id)
    assert merged.entry_id is not None
    for entry_id, why in ((receipt.entry_id, "merged into M6 bolt"), (merged.entry_id, "stay one")):
        with pytest.raises(Refused, match=why):
            stock.reverse_entry(shop, "Ada", entry_id, "oops")
    assert held(shop, "M6-OLD") == {("RECEIVING", ""): 2}
    assert sound(shop)


def test_a_receipt_that_was_sold_can_still_be_undone(shop: Shop) -> None:
    bolts(shop)
    receipt = post(shop, "receive", LineRequest("M6X40", 10_000, unit_cost_e4=2_000))
    post(shop, "sell", LineRequest("M6X40", 4_000))
    stock.reverse_entry(shop, "Ada", receipt.entry_id, "never arrived")
    assert held(shop, "M6X40") == {("RECEIVING", ""): -4}
    assert sound(shop)


def test_yesterdays_sale_counts_for_yesterday(shop: Shop, hands: HandClock) -> None:
    bolts(shop)
    post(shop, "receive", LineRequest("M6X40", 10_000), at_us=hands.instant_us - 3 * 86_400_000_000)
    post(shop, "sell", LineRequest("M6X40", 4_000), at_us=hands.instant_us - 86_400_000_000)
    before = hands.instant_us - 2 * 86_400_000_000

    def on_hand(rows: list[StockRow]) -> list[int]:
        return [row.on_hand_milli for row in rows]

    assert on_hand(stock_rows(shop, "M6X40", at_us=before)) == [10_000]
    assert on_hand(stock_rows(shop, "M6X40")) == [6_000]


def test_a_closed_period_takes_no_entries(shop: Shop, hands: HandClock) -> None:
    bolts(shop)
    rules.close_period(shop, "Ada", hands.instant_us - 1)
    with pytest.raises(Refused, match="closed up to"):
        post(shop, "receive", LineRequest("M6X40", 1_000), at_us=hands.instant_us - 2)
    post(shop, "receive", LineRequest("M6X40", 1_000))
    with pytest.raises(Refused, match="stays closed"):
        rules.close_period(shop, "Ada", hands.instant_us - 5_000_000)
    assert sound(shop)


def test_an_archived_product_can_be_sold_out_but_not_received(shop: Shop) -> None:
    product = bolts(shop)
    post(shop, "receive", LineRequest("M6X40", 2_000))
    catalogue.archive(shop, "Ada", product.id)
    post(shop, "sell", LineRequest("M6X40", 2_000))
    with pytest.raises(Refused, match="archived"):
        post(shop, "receive", LineRequest("M6X40", 2_000))


def test_a_lot_keeps_its_expiry(shop: Shop) -> None:
    milk(shop)
    post(shop, "receive", LineRequest("MILK", 1_000, lot="L1", expiry="2026-07-01"))
    with pytest.raises(Conflict, match="expires on 2026-07-01"):
        post(shop, "receive", LineRequest("MILK", 1_000, lot="L1", expiry="2026-08-01"))


def test_a_bin_in_use_cannot_be_archived(shop: Shop) -> None:
    bolts(shop)
    post(shop, "receive", LineRequest("M6X40", 1_000, to_bin="A-03"))
    with pytest.raises(Refused, match="still holds stock"):
        locations.archive_place(shop, "Ada", "A-03")
    post(shop, "sell", LineRequest("M6X40", 1_000))
    locations.archive_place(shop, "Ada", "A-03")
    with pytest.raises(Refused, match="archived"):
        post(shop, "receive", LineRequest("M6X40", 1_000, to_bin="A-03"))


def test_tills_selling_at_once_sell_each_piece_once(shop: Shop) -> None:
    bolts(shop)
    post(shop, "receive", LineRequest("M6X40", 100_000, unit_cost_e4=1_234))
    troubles: list[BaseException] = []

    def till(number: int) -> None:
        try:
            for sale in range(10):
                post(shop, "sell", LineRequest(EAN, 1_000), client_id=f"till-{number}-{sale}")
        except BaseException as error:
            troubles.append(error)

    threads = [Thread(target=till, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    assert held(shop, "M6X40") == {("RECEIVING", ""): 40}
    assert sound(shop)
