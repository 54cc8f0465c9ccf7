"""Every mode with every kind of code: cases, multipliers, weights, prices, lots, doubts; and each undone."""

from __future__ import annotations

import pytest

from stockshop.services import catalogue, reports, stock
from stockshop.services.shop import Shop, change_settings
from stockshop.services.stock import LineRequest
from tests.ui.at_work import on_sqlite
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


def with_check_digit(digits: str) -> str:
    total = sum(int(digit) * (3 if number % 2 else 1) for number, digit in enumerate(digits))
    return digits + str(-total % 10)


def held(shop: Shop, sku: str, **where: str) -> int:
    """Thousandths on hand, of all bins and lots or of those named."""
    rows = reports.stock_rows(shop, sku)
    return sum(
        row.on_hand_milli for row in rows if all(getattr(row, name) == value for name, value in where.items())
    )


async def test_a_case_counts_its_pieces_in_every_mode(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.scan(f"2*{BOLT_CASE}")
        counter.sees("24 × M6 bolt zinc 40 mm")
        await counter.press("alt+s")
        await counter.scan(f"2*{BOLT_CASE}")
        assert on_hand(shop, "M6X40") == 72
        await counter.press("alt+r")
        await counter.type("3*")
        await counter.scan(BOLT_CASE)
        assert on_hand(shop, "M6X40") == 108
        await counter.press("alt+m")
        await counter.scan(bin_barcode(shop, "A-01"), f"2*{BOLT_CASE}", bin_barcode(shop, "B-03"))
        assert on_hand(shop, "M6X40", "B-03") == 24
        for left in (108, 72, 96):
            await counter.press("ctrl+z")
            assert on_hand(shop, "M6X40") == left
        assert on_hand(shop, "M6X40", "B-03") == 0
        assert kinds(shop, "M6X40")[:6] == ["reversal"] * 3 + ["move", "receive", "sell"]


async def test_the_weight_in_a_code_of_the_scale_is_sold_received_and_moved(shop: Shop) -> None:
    change_settings(shop, "Ada", rcn_pattern="21IIIIIWWWWWC")
    code = with_check_digit("210471101234")
    catalogue.add_barcode(
        shop, "Ada", catalogue.find_product(shop, "APPLES").id, with_check_digit("210471100000")
    )
    stock.post_entry(shop, "Ada", "receive", [LineRequest("APPLES", 5_000, to_bin="A-04")])
    async with at_the_counter(shop) as counter:
        await counter.scan(code)
        counter.sees("1.234 kg × Apples")
        await counter.press("alt+s")
        await counter.scan(code)
        counter.sees("sold 1.234 kg Apples · €3.69", "3.766 kg on hand")
        await counter.press("alt+r")
        await counter.scan(code)
        assert held(shop, "APPLES") == 5_000
        await counter.press("alt+m")
        await counter.scan(code, bin_barcode(shop, "B-02"))
        assert held(shop, "APPLES", bin="B-02") == 1_234
        await counter.press("ctrl+z", "ctrl+z", "ctrl+z")
        assert held(shop, "APPLES", bin="A-04") == 5_000


@on_sqlite
async def test_the_price_in_a_code_is_what_is_charged(shop: Shop) -> None:
    change_settings(shop, "Ada", rcn_pattern="23IIIIIPPPPPC")
    catalogue.add_barcode(
        shop, "Ada", catalogue.find_product(shop, "APPLES").id, with_check_digit("230471100000")
    )
    async with at_the_counter(shop) as counter:
        await counter.press("alt+s")
        await counter.scan(with_check_digit("230471100598"))
        counter.sees("sold 2 kg Apples · €5.98")


async def test_a_lot_in_the_code_is_received_sold_and_moved_as_that_lot(shop: Shop) -> None:
    code = f"]C101{MILK.zfill(14)}1726090110L9"
    async with at_the_counter(shop) as counter:
        await counter.scan(code)
        counter.sees("Fresh milk 1 l · €1.29 · lot L9 · until 1 Sept 2026")
        await counter.press("alt+r")
        await counter.scan(f"4*{code}")
        assert held(shop, "MILK", lot="L9") == 4_000
        await counter.press("alt+s")
        await counter.scan(code)
        assert (held(shop, "MILK", lot="L9"), held(shop, "MILK", lot="L1")) == (3_000, 6_000)
        await counter.press("alt+m")
        await counter.scan(code, bin_barcode(shop, "B-01"))
        assert held(shop, "MILK", lot="L9", bin="B-01") == 1_000
        await counter.press("ctrl+z", "ctrl+z", "ctrl+z")
        assert held(shop, "MILK", lot="L9") == 0 and held(shop, "MILK", lot="L1") == 6_000


async def test_a_code_with_two_meanings_is_chosen_from_a_list(shop: Shop) -> None:
    # These eight digits are the short form of the one number, and the number of the magazine.
    catalogue.add_product(
        shop, "Ada", sku="SODA", name="Soda [/]", preferred_bin="A-05", barcodes=("012000000003",)
    )
    catalogue.add_product(
        shop, "Ada", sku="MAG", name="Magazine", preferred_bin="A-06", barcodes=("9770120000006",)
    )
    async with at_the_counter(shop) as counter:
        await counter.press("alt+r")
        await counter.scan("3*01200003")
        counter.sees("01200003 can be read in several ways. Which one is it?", "Soda [/]", "Magazine")
        assert (on_hand(shop, "SODA"), on_hand(shop, "MAG")) == (0, 0)
        await counter.press("enter")
        assert (on_hand(shop, "SODA"), on_hand(shop, "MAG")) == (3, 0)
        await counter.scan("01200003")
        await counter.press("down", "enter")
        assert (on_hand(shop, "SODA"), on_hand(shop, "MAG")) == (3, 1)
        assert counter.app.focused is counter.app.scan_line()


@on_sqlite
async def test_a_code_that_needs_a_yes_is_asked_for(shop: Shop) -> None:
    catalogue.add_product(
        shop, "Ada", sku="SODA", name="Soda [/]", preferred_bin="A-05", barcodes=("012000000003",)
    )
    async with at_the_counter(shop) as counter:
        await counter.press("alt+r")
        await counter.scan("01200003")
        counter.sees("01200003 can be read in several ways. Is it Soda [/]?", "Y yes")
        assert on_hand(shop, "SODA") == 0
        await counter.type("y")
        assert on_hand(shop, "SODA") == 1


@on_sqlite
async def test_skus_that_differ_by_case_alone_are_chosen_from_a_list(shop: Shop) -> None:
    catalogue.add_product(shop, "Ada", sku="kit-a", name="Small kit [b]", preferred_bin="A-05")
    catalogue.add_product(shop, "Ada", sku="KIT-A", name="Large kit", preferred_bin="A-06")
    async with at_the_counter(shop) as counter:
        await counter.press("alt+r")
        await counter.scan("2*Kit-A")
        counter.sees("Kit-A means several products. Which one is it?", "Small kit [b]", "Large kit")
        await counter.press("down", "enter")
        assert (on_hand(shop, "kit-a"), on_hand(shop, "KIT-A")) == (0, 2)


# -- what it costs -----------------------------------------------------------------------------


def value(shop: Shop, sku: str) -> int:
    return sum(row.value_e4 for row in reports.stock_rows(shop, sku))


async def test_the_cost_of_the_last_receipt_is_put_right_by_one_key(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+r")
        await counter.scan(f"10*{GLUE}")
        assert value(shop, "GLUE") == 18 * 20_000
        await counter.press("alt+o")
        counter.sees("What does one cost?", "received 10 Wood glue 250 g, so far at €2.00 each", "EUR")
        await counter.press("enter")
        counter.sees("Type what one costs")
        await counter.type("3,5\r")
        await counter.until(
            lambda: "received 10 Wood glue 250 g: now at €3.50 each" in counter.screen, "the other cost"
        )
        assert value(shop, "GLUE") == 8 * 20_000 + 10 * 35_000
        await counter.press("ctrl+z")
        assert on_hand(shop, "GLUE") == 8


@on_sqlite
async def test_the_cost_said_before_is_that_of_the_next_receipt_alone(shop: Shop) -> None:
    async with at_the_counter(shop, (120, 40)) as counter:
        await counter.press("alt+o")
        counter.sees("A cost belongs to what comes in")
        await counter.press("alt+r", "alt+o")
        counter.sees("It is taken for what you scan next.")
        await counter.type("3\r")
        await counter.until(lambda: "→ the next at €3.00 each" in counter.screen, "the cost")
        await counter.scan(GLUE)
        counter.sees("received 1 Wood glue 250 g at €3.00 each · 9 on hand")
        assert value(shop, "GLUE") == 8 * 20_000 + 30_000
        assert "the next at" not in counter.screen
        await counter.press("alt+s")
        await counter.scan(GLUE)
        await counter.press("alt+r", "alt+o")
        counter.sees("It is taken for what you scan next.")
        await counter.press("escape")


# -- undoing after a start ---------------------------------------------------------------------


async def test_after_a_start_the_last_own_entry_is_named_before_it_is_undone(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+s")
        await counter.scan(GLUE, BOLT)
    async with at_the_counter(shop, (120, 40)) as counter:
        await counter.press("ctrl+z")
        counter.sees("Nothing of this session is left to undo", "Ada: sold 1 M6 bolt zinc 40 mm. Undo that?")
        assert on_hand(shop, "M6X40") == 95
        await counter.type("y")
        counter.sees("undone: sold 1 M6 bolt zinc 40 mm")
        assert on_hand(shop, "M6X40") == 96
        await counter.press("ctrl+z")
        counter.sees("Ada: sold 1 Wood glue 250 g. Undo that?")
        await counter.type("n")
        assert on_hand(shop, "GLUE") == 7
        await counter.press("ctrl+z")
        await counter.type("y")
        assert on_hand(shop, "GLUE") == 8


@on_sqlite
async def test_an_adjustment_and_a_count_are_undone_like_a_sale(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+a")
        await counter.scan(GLUE)
        await counter.type("-3\r")
        await counter.press("enter", "enter")
        await counter.press("alt+c")
        await counter.scan(GLUE)
        await counter.type("9\r")
        assert on_hand(shop, "GLUE") == 9
        await counter.press("ctrl+z")
        assert on_hand(shop, "GLUE") == 5
        await counter.press("ctrl+z")
        assert on_hand(shop, "GLUE") == 8
        assert kinds(shop, "GLUE") == ["reversal", "reversal", "count", "adjust", "receive"]
