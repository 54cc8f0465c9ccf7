"""The lists of the home screen: each line of "Needs you" and "Just now" leads to where it is done."""

from __future__ import annotations

import pytest

from stockshop.services import catalogue, ordering, scanning, stock
from stockshop.services.shop import Shop
from stockshop.services.stock import LineRequest
from stockshop.ui.counter.opening import UNKNOWN_SCANS
from stockshop.ui.theme import THEMES
from tests.conftest import HandClock
from tests.ui.at_work import on_sqlite
from tests.ui.counter_shop import UNKNOWN, Counter, at_the_counter, fill, kinds, on_hand
from tests.ui.test_hostile import MARKUP

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
LIST = {(80, 24): "#card", (120, 40): "#side"}


@pytest.fixture(autouse=True)
def filled(shop: Shop) -> None:
    fill(shop)


def sell(shop: Shop, sku: str, units: int) -> None:
    stock.post_entry(shop, "Kim", "sell", [LineRequest(sku, units * 1_000)])


def lines(counter: Counter) -> list[str]:
    """What stands under "Needs you", each line from its first word on."""
    shown = [row.partition("│")[2] or row for row in counter.screen.splitlines()]
    start = next(number for number, row in enumerate(shown) if "Needs you" in row)
    end = next(number for number, row in enumerate(shown) if "Just now" in row)
    return [" ".join(row.split()) for row in shown[start + 1 : end] if row.strip()]


@SIZES
async def test_what_needs_somebody_stands_in_order_of_urgency(
    shop: Shop, hands: HandClock, size: tuple[int, int]
) -> None:
    glue = catalogue.find_product(shop, "GLUE").id
    catalogue.set_reorder_rule(shop, "Ada", glue, 20_000, 30_000)
    catalogue.set_supplier(shop, "Ada", glue, "Acme", lead_time_days=2)
    ordering.open_order(shop, "Ada", "purchase", [("GLUE", 5_000)], supplier="Acme", reference="PO-7")
    for lot, expiry in (("OLD", "2026-05-30"), ("SOON", "2026-06-09")):
        line = LineRequest("MILK", 2_000, lot=lot, expiry=expiry)
        stock.post_entry(shop, "Ada", "receive", [line])
    sell(shop, "APPLES", 3)
    scanning.keep_unknown(shop, "Ada", UNKNOWN, "Counter, sell")
    hands.pass_time(3 * 86_400 + 60)
    async with at_the_counter(shop, size) as counter:
        assert lines(counter) == [
            "Fresh milk 1 l ✗ 2 past 30 May",
            "Apples −3 kg in A-04: count",
            "1 unknown scan in the tray Alt+U",
            "Acme · PO-7 1 day late",
            "Fresh milk 1 l ! 2 until 9 Jun",
            "Wood glue 250 g 13 of 20",
        ]


@SIZES
async def test_a_line_is_opened_by_arrows_and_enter_and_by_a_click(shop: Shop, size: tuple[int, int]) -> None:
    catalogue.set_reorder_rule(shop, "Ada", catalogue.find_product(shop, "GLUE").id, 9_000, 20_000)
    sell(shop, "APPLES", 1)
    async with at_the_counter(shop, size) as counter:
        assert lines(counter) == ["Apples −1 kg in A-04: count", "Wood glue 250 g 8 of 9"]
        await counter.press("down", "down", "enter")
        counter.sees("GLUE · 5901234123457", "low: at or below")
        assert counter.app.focused is counter.app.scan_line()
        await counter.press("alt+n", "enter")
        counter.sees("How many lie there?", "Apples")
        await counter.type("2\r")
        assert on_hand(shop, "APPLES", "A-04") == 2
        assert counter.app.desk.shown.mode.value == "look"
        await counter.until(lambda: "below zero" not in counter.screen.splitlines()[0], "the alert to go")
        await counter.press("escape", "escape")
        await counter.pilot.click(LIST[size], offset=(6, 1))
        await counter.settle()
        counter.sees("GLUE · 5901234123457")


@SIZES
async def test_escape_and_up_lead_back_to_the_scan_line(shop: Shop, size: tuple[int, int]) -> None:
    sell(shop, "GLUE", 9)
    async with at_the_counter(shop, size) as counter:
        await counter.press("alt+n")
        assert counter.app.focused is counter.app.screen.query_one(LIST[size])
        await counter.press("up")
        assert counter.app.focused is counter.app.scan_line()
        await counter.press("down")
        await counter.scan("M6X40")
        counter.sees("M6X40 · 4006381333931")
        await counter.press("alt+n")
        assert counter.app.focused is counter.app.screen.query_one(LIST[size])
        await counter.type("gl")
        assert counter.app.focused is counter.app.scan_line()


@on_sqlite
async def test_a_late_order_leads_to_what_is_expected(shop: Shop, hands: HandClock) -> None:
    glue = catalogue.find_product(shop, "GLUE").id
    catalogue.set_supplier(shop, "Ada", glue, "Acme [b]", lead_time_days=2)
    ordering.open_order(shop, "Ada", "purchase", [("GLUE", 6_000)], supplier="Acme [b]")
    hands.pass_time(5 * 86_400)
    async with at_the_counter(shop, (120, 40)) as counter:
        assert "Acme [b] 3 days late" in lines(counter)
        await counter.press("down", "enter")
        await counter.until(lambda: "Wood glue 250 g" in counter.screen, "the order")
        counter.sees("Acme [b]")
        assert type(counter.app.screen).__name__ == "ExpectedScreen"


@on_sqlite
async def test_the_tray_is_opened_from_its_line(shop: Shop) -> None:
    scanning.keep_unknown(shop, "Ada", UNKNOWN, "Counter, sell")
    async with at_the_counter(shop) as counter:
        await counter.press("down", "enter")
        assert counter.app.current_mode == UNKNOWN_SCANS
        counter.sees(UNKNOWN)


@on_sqlite
async def test_an_entry_is_opened_and_undone_with_a_reason(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+s")
        await counter.scan("GLUE")
        await counter.until(lambda: counter.app.desk.shown.day.entries[0].kind == "sell", "the sale")  # type: ignore[union-attr]
        await counter.press("escape", "down", "enter")
        counter.sees("Entry 2: sold", "Wood glue 250 g", "A-02 → customer")
        await counter.type("u")
        counter.sees("Why is it undone?")
        await counter.type("rung up twice\r")
        counter.sees("Entry 2 is undone by entry 3.")
        assert kinds(shop, "GLUE") == ["reversal", "sell", "receive"]
        await counter.press("ctrl+z")
        counter.sees("Nothing of this session is left to undo")


@SIZES
async def test_a_hundred_alerts_share_the_room_and_the_rest_is_counted(
    shop: Shop, size: tuple[int, int]
) -> None:
    for number in range(40):
        name = f"{MARKUP[number % len(MARKUP)] or 'x'} {number}"
        made = catalogue.add_product(shop, "Ada", sku=f"L{number}", name=name, preferred_bin="B-01")
        catalogue.set_reorder_rule(shop, "Ada", made.id, 5_000, 9_000)
        if number % 2:
            sell(shop, made.sku, 1)
    async with at_the_counter(shop, size) as counter:
        shown = lines(counter)
        assert any("in B-01: count" in line for line in shown) and any("0 of 5" in line for line in shown)
        assert shown[-1].startswith("… and ")
        hidden = int(shown[-1].split()[2])
        # Twenty are below zero, and the other twenty low.
        assert hidden + len(shown) - 1 == 40
        await counter.press(*["down"] * len(shown), "enter")
        assert counter.app.current_mode == "low"


@on_sqlite
async def test_the_lists_fold_and_unfold_as_the_window_is_resized(shop: Shop) -> None:
    sell(shop, "GLUE", 9)
    async with at_the_counter(shop, (120, 40)) as counter:
        await counter.press("alt+n")
        await counter.pilot.resize_terminal(80, 24)
        await counter.settle()
        assert counter.app.focused is counter.app.scan_line()
        counter.sees("Needs you", "Just now", "1 received")
        await counter.type("gl")
        await counter.pilot.resize_terminal(100, 30)
        await counter.settle()
        await counter.until(lambda: "↓ and Enter choose" in counter.screen, "the offer")
        counter.sees("Needs you", "Wood glue 250 g")


@on_sqlite
async def test_another_look_is_taken_over_at_once(shop: Shop) -> None:
    async with at_the_counter(shop, (120, 40)) as counter:
        await counter.scan("GLUE")
        card = counter.app.screen.query_one("#card")
        before = [segment.style for segment in card.render_line(0)]
        counter.app.theme = THEMES["light"]
        await counter.settle()
        after = [segment.style for segment in card.render_line(0)]
        assert len(before) == len(after)
        assert all(
            one is not None
            and other is not None
            and one.color != other.color
            and one.bgcolor != other.bgcolor
            for one, other in zip(before, after, strict=True)
        )
        counter.sees("GLUE · 5901234123457")


@on_sqlite
async def test_only_lines_that_differ_are_painted_anew(shop: Shop) -> None:
    async with at_the_counter(shop, (120, 40)) as counter:
        await counter.scan("GLUE")
        card = counter.app.screen.query_one("#card")
        before = [card.render_line(y) for y in range(card.size.height)]
        await counter.press("alt+s")
        await counter.scan("GLUE")
        after = [card.render_line(y) for y in range(card.size.height)]
        # The name, its codes and the titles stay as they stand; the numbers do not.
        assert before[0] is after[0] and before[1] is after[1]
        assert sum(one is not other for one, other in zip(before, after, strict=True)) >= 3
