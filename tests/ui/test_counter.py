"""The counter's jobs, as a person with a scanner does them, on both stores."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from stockshop.services import catalogue, locations, reports, scanning, stock
from stockshop.services.rules import set_negative_policy
from stockshop.services.shop import Shop
from stockshop.services.stock import LineRequest
from stockshop.ui.counter.panels import Notice
from stockshop.ui.counter.views import Answer, Asking, Mode, Told
from tests.ui.counter_shop import (
    BOLT,
    BOLT_CASE,
    GLUE,
    MILK,
    UNKNOWN,
    at_the_counter,
    bin_barcode,
    fill,
    kinds,
    on_hand,
)
from tests.ui.test_hostile import ESCAPES, MARKUP


@pytest.fixture(autouse=True)
def filled(shop: Shop) -> None:
    fill(shop)


# -- looking up --------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_a_scan_shows_name_price_and_where_it_lies(shop: Shop, size: tuple[int, int]) -> None:
    async with at_the_counter(shop, size) as counter:
        await counter.scan(BOLT)
        counter.sees("M6 bolt zinc 40 mm", "M6X40 · 4006381333931 · Fixings", "€0.35", "LOOK UP")
        rows = counter.screen.splitlines()
        places = [row.split() for row in rows if row.strip().startswith(("★ A-01", "B-01"))]
        assert places[0][:3] == ["★", "A-01", "60"]
        assert places[1][:2] == ["B-01", "36"]
        titles = next(row for row in rows if "on hand" in row)
        numbers = rows[rows.index(titles) + 1]
        # Right-aligned under their names.
        assert numbers[: titles.index("on hand") + len("on hand")].endswith(" 96")
        assert all(len(row) == size[0] for row in rows) and len(rows) == size[1]
        assert on_hand(shop, "M6X40") == 96 and kinds(shop, "M6X40") == ["receive", "receive"]


async def test_a_name_typed_lists_what_is_called_so(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.type("l\r")
        counter.sees("Product", "Apples", "Fresh milk 1 l", "Wood glue 250 g", "M6 bolt zinc 40 mm")
        await counter.press("down", "enter")
        counter.sees("MILK · 4012345678901", "until 1 Jul 2026")
        await counter.type("glue\r")
        counter.sees("GLUE · 5901234123457")


async def test_a_name_that_nothing_has_is_no_unknown_scan(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.type("zzz\r")
        counter.sees("Nothing is called 'zzz'")
        assert scanning.unknown_scans(shop) == ()


async def test_a_bin_scanned_shows_its_contents(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.scan(bin_barcode(shop, "A-01"))
        counter.sees("Bin A-01", "60", "M6 bolt zinc 40 mm")
        await counter.scan(bin_barcode(shop, "A-06"))
        counter.sees("Nothing lies here")


# -- selling -----------------------------------------------------------------------------------


async def test_three_scans_sell_three(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+s")
        await counter.scan(BOLT, BOLT, BOLT)
        assert on_hand(shop, "M6X40", "A-01") == 57
        assert kinds(shop, "M6X40")[:3] == ["sell"] * 3
        counter.sees("SELL", "✓ sold 1 M6 bolt zinc 40 mm · €0.35 · 93 on hand", "sold 3 today")


async def test_twelve_typed_before_a_scan_sells_twelve(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+s")
        await counter.type("12*")
        await counter.scan(BOLT)
        counter.sees("✓ sold 12 M6 bolt zinc 40 mm · €4.20")
        await counter.scan(f"2*{BOLT}")
        assert on_hand(shop, "M6X40") == 96 - 14
        assert kinds(shop, "M6X40")[:2] == ["sell", "sell"]


async def test_a_case_sells_what_is_in_it(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+s")
        await counter.scan(BOLT_CASE)
        assert on_hand(shop, "M6X40") == 84
        counter.sees("sold 12 M6 bolt zinc 40 mm")


async def test_one_and_a_half_kilograms_of_a_name_chosen(shop: Shop) -> None:
    stock.post_entry(shop, "Ada", "receive", [LineRequest("APPLES", 5_000)])
    async with at_the_counter(shop) as counter:
        await counter.press("alt+s")
        await counter.type("1,5*apple\r")
        counter.sees("Apples", "€2.99")
        await counter.press("enter")
        counter.sees("sold 1.5 kg Apples", "3.5 kg on hand")
        [row] = reports.stock_rows(shop, "APPLES")
        assert row.on_hand_milli == 3_500


async def test_a_bin_scanned_before_is_where_it_is_sold_from(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+s")
        await counter.scan(bin_barcode(shop, "B-01"))
        counter.sees("→ out of B-01")
        await counter.scan(BOLT)
        assert (on_hand(shop, "M6X40", "A-01"), on_hand(shop, "M6X40", "B-01")) == (60, 35)
        await counter.press("escape")
        await counter.scan(BOLT)
        assert on_hand(shop, "M6X40", "A-01") == 59


async def test_a_burst_of_twenty_scans_is_sold_to_the_last(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+s")
        for number in range(20):
            await counter.hands.scan(BOLT if number % 2 else GLUE)
        await counter.settle()
        assert (on_hand(shop, "M6X40"), on_hand(shop, "GLUE")) == (86, -2)
        assert kinds(shop, "GLUE")[:10] == ["sell"] * 10


async def test_a_trembling_scanner_is_asked_and_not_doubled(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+s")
        await counter.scan(f"{BOLT}\r{BOLT}")
        assert on_hand(shop, "M6X40") == 95
        counter.sees("The same code came twice", "O once is right", "T take it twice")
        await counter.type("t")
        assert on_hand(shop, "M6X40") == 94


@pytest.mark.parametrize("times", [3, 5])
async def test_a_scanner_that_trembles_more_than_once_is_asked_how_often(shop: Shop, times: int) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+s")
        await counter.scan("\r".join([BOLT] * times))
        assert on_hand(shop, "M6X40") == 95
        counter.sees(f"The same code came {times} times", f"T take it {times} times")
        await counter.type("t")
        assert on_hand(shop, "M6X40") == 96 - times
        await counter.scan(f"{BOLT}\r{BOLT}")
        await counter.type("o")
        assert on_hand(shop, "M6X40") == 95 - times


async def test_goods_past_their_date_are_asked_about(shop: Shop) -> None:
    stock.post_entry(shop, "Ada", "receive", [LineRequest("MILK", 2_000, lot="OLD", expiry="2026-05-01")])
    async with at_the_counter(shop) as counter:
        await counter.press("alt+s")
        await counter.scan(f"]C101{MILK.zfill(14)}1726050110OLD")
        counter.sees("past its date", "Sell it all the same?")
        assert on_hand(shop, "MILK") == 8
        await counter.type("y")
        assert on_hand(shop, "MILK") == 7
        assert reports.history(shop, "MILK")[0].lot == "OLD"


async def test_a_lot_nobody_has_received_is_not_sold_silently_from_another(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+s")
        await counter.scan(f"]C101{MILK.zfill(14)}1726090110NEW")
        counter.sees("There is no lot 'NEW'", "out of the oldest lot")
        assert on_hand(shop, "MILK") == 6
        await counter.type("y")
        assert on_hand(shop, "MILK") == 5


async def test_below_zero_is_sold_and_said(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+s")
        await counter.scan(f"10*{GLUE}")
        counter.sees("below zero now (−2): count it", "1 below zero", "−2")
        assert on_hand(shop, "GLUE") == -2


async def test_a_refusal_is_one_sentence_and_changes_nothing(shop: Shop) -> None:
    set_negative_policy(shop, "Ada", "never")
    async with at_the_counter(shop) as counter:
        await counter.press("alt+s")
        await counter.scan(f"10*{GLUE}")
        assert on_hand(shop, "GLUE") == 8 and kinds(shop, "GLUE") == ["receive"]
        told = counter.app.desk.shown.told
        assert told is not None and not told.good and "Wood glue" in told.text
        counter.sees(f"✗ {told.title}")
        await counter.scan(GLUE)
        assert on_hand(shop, "GLUE") == 7


# -- undo --------------------------------------------------------------------------------------


async def test_undo_goes_back_one_entry_at_a_time(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+s")
        await counter.scan(BOLT, GLUE)
        await counter.press("ctrl+z")
        counter.sees("✓ undone: sold 1 Wood glue 250 g")
        assert (on_hand(shop, "M6X40"), on_hand(shop, "GLUE")) == (95, 8)
        await counter.press("alt+z")
        counter.sees("✓ undone: sold 1 M6 bolt zinc 40 mm")
        assert (on_hand(shop, "M6X40"), on_hand(shop, "GLUE")) == (96, 8)
        await counter.press("ctrl+z")
        counter.sees("Nothing of this session is left to undo")
        assert kinds(shop, "GLUE") == ["reversal", "sell", "receive"]


async def test_what_somebody_else_has_undone_does_not_stop_the_undoing(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+s")
        await counter.scan(BOLT, GLUE)
        stock.reverse_entry(shop, "Kim", reports.history(shop, "GLUE")[0].entry_id, "wrong")
        await counter.press("ctrl+z")
        counter.sees("undone already")
        await counter.press("ctrl+z")
        assert on_hand(shop, "M6X40") == 96


# -- unknown codes -----------------------------------------------------------------------------


async def test_an_unknown_code_is_kept_at_once_and_does_not_stop_the_next_scan(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+s")
        await counter.scan(UNKNOWN)
        [kept] = scanning.unknown_scans(shop)
        assert (kept.code, kept.place, kept.actor) == (UNKNOWN, "Counter, sell", "Ada")
        counter.sees("NOBODY KNOWS THIS CODE", "A attach to a product", "N new product", "1 unknown scan")
        await counter.scan(BOLT)
        assert on_hand(shop, "M6X40") == 95
        assert "attach to a product" not in counter.screen
        assert len(scanning.unknown_scans(shop)) == 1


async def test_an_unknown_code_is_attached_and_then_sold(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+s")
        await counter.scan(UNKNOWN)
        await counter.type("a")
        counter.sees("Attach an unknown code", UNKNOWN)
        await counter.type("glue")
        await counter.press("enter", "backspace")
        await counter.type("2\r")
        assert scanning.unknown_scans(shop) == ()
        assert scanning.read_scan(shop, UNKNOWN).quantity_milli == 2_000
        assert on_hand(shop, "GLUE") == 6


async def test_an_unknown_code_becomes_a_product(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.scan(UNKNOWN)
        await counter.type("n")
        await counter.press("ctrl+s")
        counter.sees("A product needs a name.")
        await counter.type("Field guide [birds]\r")
        await counter.type("12,50\r")
        await counter.press("enter")
        await counter.type("Books\r")
        found = catalogue.find_product(shop, UNKNOWN)
        assert (found.name, found.price_minor, found.category) == ("Field guide [birds]", 1_250, "Books")
        counter.sees("Field guide [birds]", "Books")
        assert scanning.unknown_scans(shop) == ()


async def test_an_unknown_code_is_dismissed_with_the_reason(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.scan(UNKNOWN)
        await counter.type("d")
        await counter.press("enter")
        assert scanning.unknown_scans(shop) == ()
        counter.sees("dismissed 9780201379624: not ours")


async def test_the_way_to_the_unknown_scans_is_shown_and_leads_to_them(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        for code in (GLUE[:-1] + "0", UNKNOWN, "[/]4711", UNKNOWN):
            scanning.keep_unknown(shop, "Ada", code, "Counter, sell")
        counter.app.stock_changed()
        await counter.until(lambda: "3 unknown scans" in counter.screen, "the unknown scans")
        counter.sees("Alt+U")
        await counter.press("alt+u")
        counter.sees("3 codes that nobody knows", UNKNOWN, "[/]4711")


# -- any text ----------------------------------------------------------------------------------


async def test_hostile_names_are_shown_literally_everywhere(shop: Shop) -> None:
    names = [name for name in (*MARKUP, *ESCAPES) if name.strip() and len(name) < 150]
    made = [
        catalogue.add_product(shop, "Ada", sku=f"H{number}", name=name, preferred_bin="A-06")
        for number, name in enumerate(names)
    ]
    stock.post_entry(
        shop, "Ada", "receive", [LineRequest(product.sku, 1_000) for product in made], note="[/] note [b]"
    )
    async with at_the_counter(shop, (120, 40)) as counter:
        for product in made:
            await counter.scan(product.sku)
            view = counter.app.desk.shown.view
            assert getattr(view, "card").name == product.name  # noqa: B009
            assert "\x1b" not in counter.screen and "\u202e" not in counter.screen
        counter_name = locations.add_place(shop, "Ada", "bin", "[X]", "[/] bin", parent="SHOP-A")
        await counter.scan(counter_name.barcode)
        counter.sees("Bin [X]", "[/] bin")
        await counter.scan(bin_barcode(shop, "A-06"))
        counter.sees("[@click=app.quit]x[/]", "Bolt [M6]")
        await counter.scan("[/]nothing[b]")
        counter.sees("[/]nothing[b]")


# -- modes -------------------------------------------------------------------------------------


async def test_modes_have_a_key_a_letter_and_a_place_for_the_mouse(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        desk = counter.app.desk
        for key, mode in zip("lrsmac", Mode, strict=True):
            await counter.press(f"alt+{key}")
            assert desk.shown.mode is mode
        await counter.press("escape")
        await counter.type("s")
        assert desk.shown.mode.value == "sell"
        assert counter.app.focused is counter.app.scan_line()
        await counter.pilot.click("#modes", offset=(5, 0))
        await counter.settle()
        assert desk.shown.mode.value == "look"
        assert counter.app.screen.query_one("#scan-line", Input).value == ""


async def test_a_scan_keeps_the_mode_it_was_scanned_in(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+s")
        await counter.hands.scan(BOLT)
        counter.app.desk.set_mode(Mode.RECEIVE)
        await counter.settle()
        assert on_hand(shop, "M6X40") == 95


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_home_tells_what_needs_somebody_and_what_happened(shop: Shop, size: tuple[int, int]) -> None:
    catalogue.set_reorder_rule(shop, "Ada", catalogue.find_product(shop, "GLUE").id, 9_000, 20_000)
    stock.post_entry(shop, "Ada", "sell", [LineRequest("GLUE", 2_000)])
    stock.post_entry(shop, "Ada", "sell", [LineRequest("MILK", 9_000)])
    async with at_the_counter(shop, size) as counter:
        counter.sees("Corner Shop", "1 low · 1 below zero", "Needs you", "Just now", "2 sold · ", "€21.59")
        counter.sees("Wood glue 250 g", "6 of 9", "−3 in A-03: count", "sold 9 Fresh milk 1 l")
        assert all(len(row) == size[0] for row in counter.screen.splitlines())


@pytest.mark.parametrize("columns", [80, 100, 120])
async def test_all_modes_can_be_read_at_any_width(shop: Shop, columns: int) -> None:
    async with at_the_counter(shop, (columns, 30)) as counter:
        counter.sees("LOOK UP", "Receive", "Sell", "Move", "Adjust", "Count one")


async def test_a_long_question_under_a_long_sentence_keeps_its_end_and_its_answers(shop: Shop) -> None:
    async with at_the_counter(shop, size=(80, 24)) as counter:
        shown = counter.app.desk.shown
        shown.told = Told(
            "Nothing was taken back, " + "for it is long ago, " * 3 + "and so it stays.", good=False
        )
        shown.asking = Asking(
            "Shall that " + "which was done before " * 3 + "be undone?", (Answer("y", "yes", "yes"),)
        )
        counter.app.screen.query_one(Notice).update_shown(shown)
        await counter.settle()
        counter.sees("and so it stays.", "be undone?", "Y yes")
