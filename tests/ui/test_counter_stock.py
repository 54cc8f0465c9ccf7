"""Receiving, moving, adjusting and counting one, by scans and short forms, on both stores."""

from __future__ import annotations

import pytest
from textual.widgets import Input, OptionList

from stockshop.services import reports, stock
from stockshop.services.shop import Shop
from stockshop.services.stock import LineRequest
from tests.ui.counter_shop import (
    BOLT,
    BOLT_CASE,
    GLUE,
    MILK,
    at_the_counter,
    bin_barcode,
    fill,
    kinds,
    on_hand,
)


@pytest.fixture(autouse=True)
def filled(shop: Shop) -> None:
    fill(shop)


async def test_what_another_till_sells_is_seen_on_the_card_that_stands(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.scan(BOLT)
        counter.sees("available", "96")
        stock.post_entry(shop, "Ben", "sell", [LineRequest("M6X40", 5_000)])
        counter.app.stock_changed()
        await counter.until(lambda: "91" in counter.screen, "what is left")


# -- receiving ---------------------------------------------------------------------------------


async def test_a_receipt_goes_where_it_belongs_or_to_the_bin_scanned(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+r")
        await counter.scan(BOLT_CASE)
        assert on_hand(shop, "M6X40", "A-01") == 72
        await counter.scan(bin_barcode(shop, "B-02"), BOLT_CASE)
        assert on_hand(shop, "M6X40", "B-02") == 12
        counter.sees("→ into B-02", "received 12 M6 bolt zinc 40 mm into B-02")


async def test_a_lot_is_asked_for_when_the_code_does_not_say_it(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+r")
        await counter.scan(MILK)
        counter.sees("Which lot is it?")
        await counter.press("enter", "enter", "enter")
        counter.sees("Type the lot, or at least the date")
        assert on_hand(shop, "MILK") == 6
        await counter.type("L2\r")
        await counter.type("2026-08-15\r")
        await counter.type("0,95\r")
        assert on_hand(shop, "MILK") == 7
        [row] = [row for row in reports.stock_rows(shop, "MILK") if row.lot == "L2"]
        assert row.expiry == "2026-08-15"
        counter.sees("received 1 Fresh milk 1 l")


async def test_a_code_with_its_lot_is_received_at_once(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+r")
        await counter.scan(f"]C101{MILK.zfill(14)}1726090110L9")
        rows = {row.lot: row for row in reports.stock_rows(shop, "MILK")}
        assert rows["L9"].on_hand_milli == 1_000 and rows["L9"].expiry == "2026-09-01"


async def test_a_scan_while_a_form_is_open_is_told_not_swallowed(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+r")
        await counter.scan(MILK)
        await counter.scan(BOLT)
        counter.sees("Not scanned: say the lot first")
        await counter.scan("]C110LOT77")
        await counter.press("escape")
        assert on_hand(shop, "MILK") == 6 and on_hand(shop, "M6X40") == 96
        counter.sees("not received: Fresh milk 1 l")


async def test_another_date_for_a_known_lot_is_refused_in_the_form(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+r")
        await counter.scan(MILK)
        await counter.type("L1\r")
        await counter.type("2026-08-15\r\r")
        counter.sees("Which lot is it?", "expires on 2026-07-01, not")
        assert on_hand(shop, "MILK") == 6
        counter.app.screen.query_one("#expiry", Input).value = "2026-07-01"
        await counter.press("ctrl+s")
        assert on_hand(shop, "MILK") == 7


# -- moving ------------------------------------------------------------------------------------


async def test_bin_products_bin(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+m")
        await counter.scan(bin_barcode(shop, "B-01"))
        counter.sees("→ from B-01 · scan what is moved")
        await counter.scan(BOLT_CASE, BOLT)
        counter.sees("→ from B-01 · 13 M6 bolt zinc 40 mm · scan the bin it goes to")
        assert on_hand(shop, "M6X40", "B-01") == 36
        await counter.scan(bin_barcode(shop, "A-01"))
        assert (on_hand(shop, "M6X40", "A-01"), on_hand(shop, "M6X40", "B-01")) == (73, 23)
        counter.sees("✓ moved 13 M6 bolt zinc 40 mm to A-01")
        assert not counter.app.desk.moving.is_begun


async def test_product_then_bin_moves_it_out_of_the_only_bin_it_lies_in(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+m")
        await counter.scan(GLUE, bin_barcode(shop, "B-03"))
        assert (on_hand(shop, "GLUE", "A-02"), on_hand(shop, "GLUE", "B-03")) == (7, 1)


async def test_a_product_in_two_bins_asks_which_it_leaves(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+m")
        await counter.scan(BOLT, bin_barcode(shop, "A-05"))
        counter.sees("To A-05. Which bin does it come from?", "1 A-01", "2 B-01")
        await counter.type("2")
        assert (on_hand(shop, "M6X40", "B-01"), on_hand(shop, "M6X40", "A-05")) == (35, 1)


async def test_two_products_on_the_way_are_one_entry(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+m")
        await counter.scan(bin_barcode(shop, "A-01"), BOLT, GLUE)
        counter.sees("By the books no Wood glue 250 g lies in A-01")
        await counter.press("escape", "escape")
        assert not counter.app.desk.moving.is_begun
        await counter.scan(bin_barcode(shop, "A-01"), BOLT, bin_barcode(shop, "A-01"))
        counter.sees("It comes from A-01; scan the bin it goes to.")
        assert kinds(shop, "M6X40") == ["receive", "receive"]


# -- adjusting and counting --------------------------------------------------------------------


async def test_an_adjustment_takes_away_with_its_reason(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+a")
        await counter.scan(GLUE)
        counter.sees("Correct the quantity", "Wood glue 250 g", "Broken or spoiled", "Adjust")
        await counter.type("-3\r")
        await counter.press("down", "down", "enter")
        await counter.press("enter")
        assert on_hand(shop, "GLUE") == 5
        [row, _] = reports.history(shop, "GLUE")
        assert (row.kind, row.note) == ("adjust", "Stolen or missing")
        counter.sees("adjusted Wood glue 250 g −3 in A-02 (Stolen or missing)")
        counter.sees("adjusted −3  A-02 → loss")


async def test_an_adjustment_in_own_words_and_another_bin(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+a")
        await counter.scan(BOLT)
        await counter.type("2\r")
        assert counter.app.screen.query_one("#spot", OptionList).has_focus
        await counter.press("down", "enter", "enter")
        await counter.type("fell behind the rack\r")
        assert on_hand(shop, "M6X40", "B-01") == 38
        assert reports.history(shop, "M6X40")[0].note == "fell behind the rack"


async def test_half_a_tube_cannot_be_adjusted_and_a_blank_is_not_zero(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+a")
        await counter.scan(GLUE)
        await counter.press("ctrl+s")
        counter.sees("a blank is never zero")
        await counter.type("0.5")
        await counter.press("ctrl+s")
        counter.sees("only whole numbers")
        await counter.press("escape")
        assert on_hand(shop, "GLUE") == 8


async def test_one_count_posts_the_difference_and_hides_the_book(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+c")
        await counter.scan(GLUE)
        shown = counter.app.screen_stack[0]
        assert counter.app.desk.shown.view.hidden is True  # type: ignore[union-attr]
        assert "8" not in str(shown.query_one("#card").render()).split("A-02")[0].replace("5901234123457", "")
        await counter.type("6\r")
        assert on_hand(shop, "GLUE") == 6
        counter.sees("counted 6 Wood glue 250 g in A-02: the books said 8 (−2)")
        await counter.scan(GLUE)
        await counter.type("6\r")
        counter.sees("as in the books")
        await counter.press("ctrl+z")
        assert on_hand(shop, "GLUE") == 8


async def test_goods_sold_during_a_count_are_asked_about(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+c")
        await counter.scan(GLUE)
        stock.post_entry(shop, "Kim", "sell", [LineRequest("GLUE", 1_000)])
        await counter.type("7\r")
        counter.sees("1 went out while you counted", "Were there 7 after that?")
        assert kinds(shop, "GLUE") == ["sell", "receive"]
        await counter.type("y")
        counter.sees("counted 7 Wood glue 250 g in A-02: as in the books")
        assert on_hand(shop, "GLUE") == 7
