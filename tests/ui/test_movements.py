"""The whole ledger on a screen: filters by scan, key and form, explained, undone and exported."""

from __future__ import annotations

import csv
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path

import pytest

from stockshop import clock
from stockshop.errors import InvalidInput
from stockshop.services import reports, stock
from stockshop.services.movements import MovementRow
from stockshop.services.shop import Shop
from stockshop.services.stock import LineRequest
from stockshop.ui import files
from stockshop.ui.movements.asked import Asked
from stockshop.ui.movements.entry_dialog import EntryDialog
from stockshop.ui.movements.periods import days_of, example_day, read_day
from stockshop.ui.products.history import HistoryScreen
from stockshop.ui.screens import movements
from stockshop.ui.screens.dialogs import Choice
from stockshop.ui.screens.movements import MovementsScreen
from stockshop.ui.screens.record_form import RecordForm
from stockshop.ui.widgets.record_list import RecordList
from stockshop.ui.wording import Wording
from tests.conftest import HandClock
from tests.ui.at_work import Desk, WorkApp, hostile_products, on_sqlite, post, stocked
from tests.ui.test_hostile import ESCAPES, MARKUP, assert_harmless, screen_lines


@asynccontextmanager
async def at_movements(shop: Shop, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Desk]:
    app = WorkApp(shop, MovementsScreen)
    async with app.run_test(size=size, notifications=True) as pilot:
        desk = Desk(app, pilot)
        await desk.settle()
        yield desk


def listed(desk: Desk) -> RecordList[MovementRow]:
    return desk.get("#movements", RecordList)


async def test_everything_is_there_newest_first(shop: Shop) -> None:
    stocked(shop)
    async with at_movements(shop) as desk:
        assert desk.shows("Everything that happened, the newest first", "5 movements")
        rows = [line for line in desk.text.splitlines() if "→" in line and "From" not in line]
        assert "Lamp oil" in rows[0] and "A-03 → customer" in rows[0] and "−2" in rows[0]
        assert "supplier → A-01" in rows[-1] and "+60" in rows[-1] and "received" in rows[-1]


@on_sqlite
async def test_at_eighty_columns_the_bins_and_the_products_are_there(shop: Shop) -> None:
    stocked(shop)
    async with at_movements(shop, (80, 24)) as desk:
        assert desk.shows("Bolt [M6] zinc 40 mm", "→ A-01", "A-02 →", "+60", "Ctrl+F", "5 movements")


async def test_a_scan_shows_what_became_of_a_product_and_another_one_narrows_to_a_bin(shop: Shop) -> None:
    stocked(shop)
    async with at_movements(shop) as desk:
        await desk.scan("4006381333931")
        assert desk.shows("of Bolt [M6] zinc 40 mm", "2 movements", "Ctrl+R shows everything")
        await desk.scan("BIN-B-01")
        assert desk.shows("of Bolt [M6] zinc 40 mm · in B-01", "1 movement ")
        await desk.press("ctrl+r")
        assert desk.shows("Everything that happened", "5 movements")


@on_sqlite
async def test_a_part_of_a_name_that_is_typed_finds_the_product_and_a_wrong_one_says_so(shop: Shop) -> None:
    stocked(shop)
    async with at_movements(shop) as desk:
        await desk.key_in("wood gl")
        await desk.press("enter")
        assert desk.shows("of Wood glue 250 g", "2 movements")
        await desk.key_in("nothing such")
        await desk.press("enter")
        assert desk.shows("No product is called 'nothing such'", "of Wood glue 250 g")


@on_sqlite
async def test_a_name_that_several_have_is_not_guessed(shop: Shop) -> None:
    stocked(shop)
    async with at_movements(shop) as desk:
        await desk.key_in("o")
        await desk.press("enter")
        assert desk.shows("Several products match 'o'", "Everything that happened")


async def test_the_period_goes_round_by_one_key(shop: Shop, hands: HandClock) -> None:
    stocked(shop)
    hands.pass_time(86_400)
    post(shop, "sell", LineRequest("ROPE", 1_000))
    async with at_movements(shop) as desk:
        for said, many in (
            ("today", "1 movement "),
            ("yesterday", "5 movements"),
            ("this week", "6 movements"),
        ):
            await desk.press("ctrl+t")
            assert desk.shows(said, many), said
        await desk.press("ctrl+t", "ctrl+t")
        assert desk.shows("Everything that happened", "6 movements")


async def test_the_form_asks_for_several_things_at_once(shop: Shop, hands: HandClock) -> None:
    stocked(shop)
    stock.post_entry(shop, "Ben", "sell", [LineRequest("GLUE", 1_000, from_bin="A-02")])
    async with at_movements(shop) as desk:
        await desk.press("ctrl+f")
        assert isinstance(desk.app.screen, RecordForm)
        await desk.fill("product", "GLUE")
        await desk.fill("place", "shop-a")
        await desk.fill("kind", "sell")
        await desk.fill("person", "Ben")
        await desk.fill("first", example_day(Wording("EUR", "en_IE", shop.zone)))
        await desk.press("ctrl+s")
        assert desk.shows(
            "of Wood glue 250 g · in SHOP-A · only sold · by Ben · from 28 May 2026 on", "1 movement "
        )
        await desk.press("ctrl+f")
        await desk.fill("person", "")
        await desk.fill("product", "")
        await desk.press("ctrl+s")
        assert desk.shows("in SHOP-A · only sold · from 28 May 2026 on", "3 movements")


@on_sqlite
async def test_what_makes_no_sense_is_said_beside_its_field(shop: Shop) -> None:
    stocked(shop)
    async with at_movements(shop) as desk:
        await desk.press("ctrl+f")
        for field, text, said in (
            ("product", "NOTHING", "There is no product"),
            ("place", "NOWHERE", "There is no place"),
            ("first", "someday", "'someday' is not a day; write it as 28/05/2026."),
            ("last", "31/02/2026", "is not a day"),
        ):
            await desk.fill(field, text)
            await desk.press("ctrl+s")
            assert desk.shows(said), field
            await desk.fill(field, "")
        await desk.fill("first", "2026-05-28")
        await desk.fill("last", "27/5")
        await desk.press("ctrl+s")
        assert desk.shows("The last day lies before the first one.")


@on_sqlite
async def test_a_row_narrows_the_list_to_what_is_like_it(shop: Shop) -> None:
    stocked(shop)
    async with at_movements(shop) as desk:
        await desk.press("down", "ctrl+o")
        assert isinstance(desk.app.screen, Choice)
        assert desk.shows("only this product", "only this bin", "A-02", "sold", "Ada")
        await desk.press("down", "enter")
        assert desk.shows("in A-02", "2 movements")
        await desk.press("ctrl+o", "down", "down", "enter")
        assert desk.shows("in A-02 · only sold", "1 movement ")


async def test_an_entry_is_opened_undone_and_marked(shop: Shop) -> None:
    stocked(shop)
    async with at_movements(shop) as desk:
        await desk.press("down", "enter")
        assert isinstance(desk.app.screen, EntryDialog)
        assert desk.shows("happened", "by Ada", "A-02 → customer", "worth")
        await desk.press("u")
        await desk.key_in("wrong")
        await desk.press("enter")
        assert desk.shows("✗ sold") and reports.history(shop, "GLUE")[0].kind == "reversal"
        await desk.press("ctrl+home")
        desk.app.screen.look_again()  # type: ignore[attr-defined]
        await desk.settle()
        assert desk.shows("undid", "6 movements")


@on_sqlite
async def test_one_key_goes_to_the_ledger_of_the_product(shop: Shop) -> None:
    ids = stocked(shop)
    async with at_movements(shop) as desk:
        await desk.press("ctrl+y")
        screen = desk.app.screen
        assert isinstance(screen, HistoryScreen) and screen.product_id == ids["LAMP"]


async def test_what_comes_in_meanwhile_stands_on_top_and_nobody_is_moved(shop: Shop) -> None:
    stocked(shop)
    async with at_movements(shop) as desk:
        for start in ("ctrl+r", "ctrl+t"):
            await desk.press(start)
            post(shop, "receive", LineRequest("ROPE", 5_000, to_bin="A-05"))
            desk.app.screen.look_again()  # type: ignore[attr-defined]
            await desk.settle()
            assert "Rope" in next(line for line in desk.text.splitlines() if "received" in line)
        assert desk.shows("today", "7 movements")
        await desk.press("ctrl+r", "down", "down")
        before = listed(desk).current
        post(shop, "sell", LineRequest("ROPE", 1_000))
        desk.app.screen.look_again()  # type: ignore[attr-defined]
        await desk.settle()
        assert listed(desk).current == before


@on_sqlite
async def test_a_long_search_goes_on_near_the_end_and_says_how_far_it_is(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    stocked(shop)
    monkeypatch.setattr(movements, "PAGE", 30)
    monkeypatch.setattr(movements, "_NEAR_END", 10)
    post(shop, "receive", *(LineRequest("ROPE", 1_000, to_bin="A-01") for _ in range(100)))
    async with at_movements(shop) as desk:
        await desk.press("ctrl+t")
        assert desk.shows("30 movements back to 28 May 2026, more below") and listed(desk).count == 30
        for _ in range(4):
            await desk.press("end")
        assert listed(desk).count == 105 and desk.shows("105 movements · Ctrl+R shows everything")


@on_sqlite
async def test_a_search_that_was_stopped_says_so_and_goes_on_by_a_key(shop: Shop) -> None:
    stocked(shop)
    async with at_movements(shop) as desk:
        screen = desk.app.screen
        assert isinstance(screen, MovementsScreen)
        screen.show_asked(Asked(kind="scrap"))
        screen.action_leave_scan_line()
        await desk.settle()
        assert desk.shows(
            "only scrapped", "Stopped, Ctrl+G looks on", "Nothing found as far as it was looked"
        )
        await desk.press("ctrl+g")
        assert desk.shows("Nothing of this kind has happened.", "0 movements")


@pytest.fixture
def papers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where files for people go in this test."""
    monkeypatch.setattr(files, "papers_folder", lambda: tmp_path)
    return tmp_path


async def test_exactly_what_is_shown_is_written(shop: Shop, papers: Path) -> None:
    stocked(shop)
    async with at_movements(shop) as desk:
        await desk.scan("4006381333931")
        await desk.press("ctrl+s")
        assert isinstance(desk.app.screen, Choice) and desk.shows("Excel", "CSV", "JSON", "of Bolt [M6] zinc")
        await desk.press("down", "enter")
        assert desk.shows("2 movements are in")
        await desk.press("ctrl+r", "ctrl+s", "down", "down", "enter")
        assert desk.app.changes == 0
    with (papers / "movements.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["quantity"] for row in csv.DictReader(file)] == ["60", "36"]
    assert len(json.loads((papers / "movements.json").read_text(encoding="utf-8"))) == 5


@on_sqlite
async def test_an_empty_ledger_says_what_to_do(shop: Shop) -> None:
    async with at_movements(shop, (80, 24)) as desk:
        assert desk.shows("Nothing has happened yet. Receive something at the counter (F2).", "0 movements")
        await desk.press("enter", "ctrl+o", "ctrl+y")
        assert isinstance(desk.app.screen, MovementsScreen)


@on_sqlite
async def test_hostile_names_are_letters_on_the_list_the_choice_the_form_and_the_entry(shop: Shop) -> None:
    many = hostile_products(shop, [*MARKUP, *ESCAPES])
    async with at_movements(shop) as desk:
        for number in range(0, many, 8):
            listed(desk).go_to(number)
            for keys in (("enter",), ("escape", "ctrl+o"), ("enter",), ("ctrl+f",), ("escape", "ctrl+r")):
                await desk.press(*keys)
                for text in screen_lines(desk.app):
                    assert_harmless(text)
            assert isinstance(desk.app.screen, MovementsScreen)


GERMAN, AMERICAN, JAPANESE = Wording("EUR", "de_DE"), Wording("USD", "en_US"), Wording("JPY", "ja_JP")


@pytest.mark.parametrize(
    ("text", "words", "day"),
    [
        ("28.5.2026", GERMAN, date(2026, 5, 28)),
        ("28.05.26", GERMAN, date(2026, 5, 28)),
        ("5/28/2026", AMERICAN, date(2026, 5, 28)),
        ("2026/05/28", JAPANESE, date(2026, 5, 28)),
        ("2026-05-28", GERMAN, date(2026, 5, 28)),
        ("2026-05-28", AMERICAN, date(2026, 5, 28)),
        ("", GERMAN, None),
    ],
)
def test_a_day_is_read_as_the_shop_writes_it(text: str, words: Wording, day: date | None) -> None:
    assert read_day(text, words, field="first") == day


def test_a_day_without_a_year_is_of_this_year_and_nonsense_is_refused(hands: HandClock) -> None:
    assert read_day("3.2.", GERMAN, field="x") == date(2026, 2, 3)
    for text in ("x", "32.1.2026", "1.2.3.4", "2026", "1.1.99999"):
        with pytest.raises(InvalidInput, match=r"28\.05\.26"):
            read_day(text, GERMAN, field="x")


def test_weeks_begin_where_they_begin_in_the_country() -> None:
    thursday = date(2026, 5, 28)
    assert days_of("week", thursday, GERMAN) == (date(2026, 5, 25), thursday)
    assert days_of("week", thursday, AMERICAN) == (date(2026, 5, 24), thursday)
    assert days_of("month", thursday, GERMAN) == (date(2026, 5, 1), thursday)
    assert days_of("yesterday", thursday, GERMAN) == (date(2026, 5, 27),) * 2


def test_a_period_ends_at_the_shops_own_midnight(hands: HandClock) -> None:
    words = Wording("EUR", "en_IE", clock.local_zone("Europe/Dublin"))
    asked = Asked(period="today").filter(words)
    assert clock.to_datetime(asked.from_us or 0, words.zone).isoformat() == "2026-05-28T00:00:00+01:00"
    assert clock.to_datetime(asked.until_us or 0, words.zone).isoformat() == "2026-05-29T00:00:00+01:00"
