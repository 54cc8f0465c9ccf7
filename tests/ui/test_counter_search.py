"""What the counter offers while somebody types, and that it never comes in a scanner's way."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from stockshop.services import catalogue, scanning, stock
from stockshop.services.shop import Shop
from stockshop.services.stock import LineRequest
from stockshop.ui.counter.card import Card
from tests.ui.at_work import on_sqlite
from tests.ui.counter_shop import BOLT, GLUE, Counter, at_the_counter, fill, kinds, on_hand
from tests.ui.test_hostile import ESCAPES, MARKUP

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])


@pytest.fixture(autouse=True)
def filled(shop: Shop) -> None:
    fill(shop)


async def offered(counter: Counter, *texts: str) -> None:
    """Wait until all of this is offered."""
    card = counter.app.screen.query_one("#card")
    await counter.until(lambda: getattr(card, "suggested") is not None, "an offer")  # noqa: B009
    await counter.settle()
    counter.sees(*texts)


def offers(counter: Counter) -> list[str]:
    suggested = getattr(counter.app.screen.query_one("#card"), "suggested")  # noqa: B009
    return [] if suggested is None else [offer.name for offer in suggested.offers]


@SIZES
async def test_two_letters_are_enough_to_be_offered_a_product(shop: Shop, size: tuple[int, int]) -> None:
    async with at_the_counter(shop, size) as counter:
        await counter.type("g")
        assert offers(counter) == []
        await counter.type("l")
        await offered(counter, "Wood glue 250 g", "€4.99", "↓ and Enter choose")
        await counter.press("down", "enter")
        counter.sees("GLUE · 5901234123457", "on hand")
        assert offers(counter) == [] and counter.app.scan_line().value == ""  # type: ignore[union-attr]
        assert counter.app.focused is counter.app.scan_line()


@SIZES
async def test_goods_sold_by_weight_say_so_wherever_they_are_found(shop: Shop, size: tuple[int, int]) -> None:
    stock.post_entry(shop, "Ada", "receive", [LineRequest("APPLES", 2_500)])
    catalogue.add_product(shop, "Ada", name="Apple juice", price_minor=220)
    async with at_the_counter(shop, size) as counter:
        await counter.type("app")
        await offered(counter, "Apples", "2.5 kg", "€2.99/kg")
        await counter.press("enter")
        await counter.until(lambda: "On hand" in counter.screen, "the list")
        counter.sees("2.5 kg", "€2.99/kg")
        await counter.press("down", "enter")
        counter.sees("APPLES", "Apples · €2.99/kg", "2.5 kg")
        assert counter.screen.count("/kg") == 3


@on_sqlite
async def test_down_before_anything_is_offered_waits_for_it(shop: Shop) -> None:
    async with at_the_counter(shop, (80, 24)) as counter:
        await counter.type("gl")
        await counter.press("down")
        await counter.until(lambda: counter.app.screen.query_one(Card).chosen is not None, "it")
        assert counter.app.focused is counter.app.scan_line()
        await counter.press("enter")
        counter.sees("GLUE · 5901234123457", "on hand")


@on_sqlite
async def test_what_needs_somebody_is_not_chosen_from_behind_an_offer(shop: Shop) -> None:
    async with at_the_counter(shop, (80, 24)) as counter:
        await counter.type("gl")
        await offered(counter, "Wood glue 250 g")
        await counter.press("alt+n")
        assert offers(counter) == []
        counter.sees("Needs you")


@on_sqlite
async def test_up_goes_back_to_the_words_and_escape_clears(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.scan(BOLT)
        await counter.type("mi")
        await offered(counter, "Fresh milk 1 l")
        assert "available" not in counter.screen
        await counter.press("down", "up", "up")
        await counter.press("escape")
        assert offers(counter) == []
        counter.sees("M6 bolt zinc 40 mm", "available")
        await counter.type("zzz")
        await offered(counter, "Nothing is called so.")


@on_sqlite
async def test_the_words_alone_still_look_for_everything(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.type("40")
        await offered(counter, "Fresh milk 1 l", "M6 bolt zinc 40 mm")
        await counter.press("enter")
        counter.sees("Product", "Fresh milk 1 l", "M6 bolt zinc 40 mm")
        assert counter.app.screen.query(".results") and offers(counter) == []
        await counter.type("gl")
        await offered(counter, "Wood glue 250 g")
        assert not counter.app.screen.query(".results")


async def test_what_is_chosen_is_done_in_the_mode_and_as_often_as_was_typed(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+s")
        await counter.type("3*glue")
        await offered(counter, "Wood glue 250 g")
        await counter.press("down", "enter")
        assert on_hand(shop, "GLUE") == 5 and kinds(shop, "GLUE") == ["sell", "receive"]


@on_sqlite
async def test_a_click_chooses(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.type("milk")
        await offered(counter, "Fresh milk 1 l")
        await counter.pilot.click("#card", offset=(6, 0))
        await counter.settle()
        counter.sees("MILK · 4012345678901")


@on_sqlite
async def test_while_counting_the_book_is_not_told_by_an_offer(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+c")
        await counter.type("glue")
        await offered(counter, "Wood glue 250 g", "€4.99")
        row = next(row for row in counter.screen.splitlines() if "Wood glue" in row)
        assert " 8 " not in row


@on_sqlite
async def test_a_burst_is_no_typing_and_is_answered_at_once(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.press("alt+s")
        await counter.type("gl")
        await offered(counter, "Wood glue 250 g")
        await counter.press("escape")
        await counter.hands.scan(GLUE)
        await counter.hands.scan(BOLT, gap_s=0.03)
        await counter.settle()
        assert (on_hand(shop, "GLUE"), on_hand(shop, "M6X40")) == (7, 95)
        await counter.pilot.pause(0.15)
        assert offers(counter) == [] and counter.app.screen.query_one("#scan-line", Input).value == ""
        assert scanning.unknown_scans(shop) == ()


@on_sqlite
async def test_hostile_names_are_offered_literally(shop: Shop) -> None:
    made = 0
    for name in (*MARKUP, *ESCAPES):
        if name.strip() and len(name) < 150:
            made += 1
            catalogue.add_product(shop, "Ada", sku=f"HOST{made}", name=name)
    async with at_the_counter(shop, (120, 40)) as counter:
        await counter.type("host")
        await offered(counter, "Bolt [M6]", "50% [sale]", "[[]]")
        assert "\x1b" not in counter.screen and "\u202e" not in counter.screen
        assert all(len(row) == 120 for row in counter.screen.splitlines() if row.isascii())
