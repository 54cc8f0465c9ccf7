"""Settings: each says what it means, is changed on the spot, and says why when it cannot be."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.widgets import Input

from stockshop import clock
from stockshop.config import Station, read_station
from stockshop.services import rules
from stockshop.services.shop import Shop, change_settings, reread_settings
from stockshop.storage.database import open_store
from stockshop.ui.screens.counter import CounterScreen
from stockshop.ui.screens.dialogs import Choice, Confirm
from stockshop.ui.screens.settings import SettingsScreen
from stockshop.ui.settings.dialogs import Findings, PressKey, SettingForm
from stockshop.ui.settings.examples import in_locale, of_scale, of_tax
from stockshop.ui.settings.keys import listed_keys, why_not
from stockshop.ui.widgets.record_list import RecordList
from stockshop.ui.wording import Wording
from tests.ui.at_work import Desk, WorkApp, on_sqlite, stocked
from tests.ui.counter_shop import Counter
from tests.ui.test_hostile import MARKUP, assert_harmless, screen_lines

WORDS = Wording("EUR", "de_DE")


@asynccontextmanager
async def at_settings(
    shop: Shop, station: Path | None = None, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Desk]:
    app = WorkApp(shop, SettingsScreen)
    app.station_file = station
    async with app.run_test(size=size, notifications=True) as pilot:
        desk = Desk(app, pilot)
        await desk.settle()
        yield desk


async def find(desk: Desk, words: str) -> None:
    """Search for a setting, and leave the search line."""
    line = desk.get("#scan-line", Input)
    line.value = words
    await desk.settle()
    desk.get("#settings", RecordList).focus()
    await desk.settle()


def shown(desk: Desk) -> list[str]:
    records = desk.get("#settings", RecordList)
    rows = [records.row_at(number) for number in range(records.count)]
    return [row.value.id for row in rows if row is not None]


# -- the shop ------------------------------------------------------------------------------------


async def test_the_name_is_changed_in_a_form_and_kept_with_who_did_it(shop: Shop) -> None:
    async with at_settings(shop) as desk:
        assert desk.shows("The shop", "Name", "Currency", "Rules", "Costing")
        await desk.press("enter")
        assert isinstance(desk.app.screen, SettingForm)
        await desk.fill("name", "  ")
        await desk.press("ctrl+s")
        assert desk.shows("✗ The shop needs a name.")
        await desk.fill("name", "Järnhandeln [1]")
        await desk.press("ctrl+s")
        assert desk.shows("Järnhandeln [1]")
    assert reread_settings(shop).name == "Järnhandeln [1]"
    with shop.store.reading() as session:
        assert session.value(
            "SELECT actor FROM change WHERE noun = 'setting' AND field = 'name' ORDER BY id DESC LIMIT 1"
        ) == "Ada"  # fmt: skip


@on_sqlite
async def test_the_locale_shows_what_it_does_while_it_is_typed(shop: Shop) -> None:
    async with at_settings(shop) as desk:
        await find(desk, "country numbers")
        await desk.press("enter")
        await desk.fill("locale", "de_CH")
        assert desk.shows("1’234.5", "1’999.50")
        await desk.fill("locale", "xx_YY")
        await desk.press("ctrl+s")
        assert desk.shows("✗ 'xx_YY' is not a locale")
        await desk.fill("locale", "de_DE")
        await desk.press("ctrl+s")
        assert desk.shows("de_DE")
    assert shop.settings.locale == "de_DE"


async def test_what_is_fixed_says_why_and_stays(shop: Shop) -> None:
    async with at_settings(shop) as desk:
        await find(desk, "currency")
        await desk.press("enter")
        assert isinstance(desk.app.screen, SettingForm)
        await desk.fill("currency", "sek")
        await desk.press("ctrl+s")
        assert shop.settings.currency == "SEK"
        stocked(shop)
        desk.app.screen.look_again()  # type: ignore[attr-defined]
        await desk.settle()
        for words in ("currency", "costing"):
            await find(desk, words)
            await desk.press("enter")
            assert isinstance(desk.app.screen, SettingsScreen)
        assert desk.shows("chosen before the first entry")


async def test_the_rules_are_chosen_with_what_they_mean(shop: Shop) -> None:
    async with at_settings(shop) as desk:
        await find(desk, "costing")
        await desk.press("enter")
        assert isinstance(desk.app.screen, Choice) and desk.shows("the oldest goods leave first")
        await desk.press("down", "enter")
        await find(desk, "below zero")
        await desk.press("enter", "down", "down", "enter")
        assert desk.shows("never")
        await desk.press("enter", "enter")
        ledger = rules.ledger_rules(shop)
        assert (ledger.costing, ledger.negative_policy) == ("fifo", "never")
        await desk.press("delete")
        assert rules.ledger_rules(shop).negative_policy == "till"


async def test_a_period_is_closed_to_the_end_of_a_day(shop: Shop) -> None:
    async with at_settings(shop) as desk:
        await find(desk, "closed")
        await desk.press("enter")
        for wrong, said in (
            ("", "Say up to which day"),
            ("2026-99-01", "is not a date"),
            ("2030-01-01", "over"),
        ):
            await desk.fill("close", wrong)
            await desk.press("ctrl+s")
            assert desk.shows(said)
        await desk.fill("close", "2026-04-30")
        await desk.press("ctrl+s")
        assert desk.shows("up to the end of")
    closed_us = rules.ledger_rules(shop).closed_through_us
    assert (
        closed_us is not None and clock.to_datetime(closed_us + 1, shop.zone).isoformat()[:10] == "2026-05-01"
    )


async def test_goods_arrive_only_in_a_bin_there_is(shop: Shop) -> None:
    async with at_settings(shop) as desk:
        await find(desk, "goods arrive")
        await desk.press("enter")
        await desk.fill("receiving_bin", "NOWHERE")
        await desk.press("ctrl+s")
        assert desk.shows("✗ There is no bin 'NOWHERE'")
        await desk.scan("B-01")
        await desk.press("ctrl+s")
    assert shop.settings.receiving_bin == "B-01"


async def test_two_tills_do_not_undo_each_others_settings(shop: Shop) -> None:
    other = Shop(open_store(shop.store.url), shop.settings)
    try:
        change_settings(other, "Bob", name="Other name")
        change_settings(shop, "Ada", timezone="Europe/Berlin")
        assert (shop.settings.name, shop.settings.timezone) == ("Other name", "Europe/Berlin")
    finally:
        other.close()


@on_sqlite
async def test_the_scale_shows_what_its_codes_say(shop: Shop) -> None:
    async with at_settings(shop, size=(120, 40)) as desk:
        await find(desk, "layout")
        await desk.press("enter")
        await desk.fill("rcn_pattern", "21IIIIIWWWWWC")
        assert desk.shows("is item 12345, 1.25 kg")
        await desk.fill("rcn_pattern", "99IIIIIWWWWWC")
        await desk.press("ctrl+s")
        assert desk.shows("✗", "free for a shop's own use")
        await desk.fill("rcn_pattern", "21iiiiiwwwwwc")
        await desk.press("ctrl+s")
    assert shop.settings.rcn_pattern == "21IIIIIWWWWWC"


def test_examples_are_in_the_shops_own_way() -> None:
    assert in_locale("de_DE", "EUR").startswith("1.234,5 · 1.999,50\xa0€ · ")
    assert of_tax(19_000, True, WORDS) == "A price of 10,00\xa0€ holds 1,60\xa0€ of tax."
    assert of_tax(19_000, False, WORDS).endswith("pays 11,90\xa0€.")
    assert of_scale("de", "", WORDS).splitlines()[0] == "2212347012501 is item 1234, 12,50\xa0€"
    assert of_scale("", "", WORDS) == "No weight or price is read out of codes."


# -- this computer ---------------------------------------------------------------------------------


@on_sqlite
async def test_the_look_changes_at_once_and_is_kept_on_this_computer(shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "station.toml"
    async with at_settings(shop, file) as desk:
        await find(desk, "look slate")
        assert "dark" in desk.app.theme
        await desk.press("right")
        assert "light" in desk.app.theme and desk.shows("light")
        assert read_station(file)[0].look == "light"
        await desk.press("delete")
        assert "dark" in desk.app.theme
    assert read_station(file)[0] == Station()


@on_sqlite
async def test_a_folder_must_be_there_and_papers_go_into_it(shop: Shop, tmp_path: Path) -> None:
    from stockshop.ui import files

    file, folder = tmp_path / "station.toml", tmp_path / "papers [b]"
    folder.mkdir()
    async with at_settings(shop, file, (120, 40)) as desk:
        await find(desk, "folder papers")
        await desk.press("enter")
        for wrong, said in (("papers", "whole path"), (str(tmp_path / "none"), "There is no folder")):
            await desk.fill("papers_folder", wrong)
            await desk.press("ctrl+s")
            assert desk.shows(said)
        await desk.fill("papers_folder", str(folder))
        await desk.press("ctrl+s")
        assert files.free_path("labels", ".pdf").parent == folder
        await desk.press("delete")
        assert files.free_path("labels", ".pdf").parent != folder


@on_sqlite
async def test_without_a_file_this_computers_settings_say_so(shop: Shop) -> None:
    async with at_settings(shop) as desk:
        await find(desk, "look slate")
        assert desk.shows("without a file for this computer's settings")
        before = desk.app.theme
        await desk.press("right", "enter", "delete")
        assert isinstance(desk.app.screen, SettingsScreen) and desk.app.theme == before


@on_sqlite
async def test_the_gap_of_the_scanner_has_bounds(shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "station.toml"
    async with at_settings(shop, file) as desk:
        await find(desk, "gap")
        await desk.press("enter")
        for wrong in ("fast", "500", "-3"):
            await desk.fill("scan_gap_ms", wrong)
            await desk.press("ctrl+s")
            assert desk.shows("✗") and isinstance(desk.app.screen, SettingForm)
        await desk.fill("scan_gap_ms", "90")
        await desk.press("ctrl+s")
        assert desk.shows("90 ms")
    assert read_station(file)[0].scan_gap_ms == 90


@on_sqlite
async def test_the_keyboard_map_is_shown_and_can_be_forgotten(shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "station.toml"
    file.write_text('[scanner.keyboard]\n"à" = "0"\n"&" = "1"\n', encoding="utf-8")
    async with at_settings(shop, file) as desk:
        desk.app.take_station(read_station(file)[0])
        desk.app.screen.look_again()  # type: ignore[attr-defined]
        await desk.settle()
        await find(desk, "keyboard map")
        assert desk.shows("set: 2 characters")
        await desk.press("delete")
        assert desk.shows("not needed so far")
    assert read_station(file)[0].keyboard == {}


# -- keys ------------------------------------------------------------------------------------------


def test_every_key_of_the_program_is_listed_once() -> None:
    known = {one.id: one for one in listed_keys()}
    for binding in (*CounterScreen.BINDINGS, *SettingsScreen.BINDINGS):
        assert isinstance(binding, Binding) and binding.id in known
    assert known["list.down"].usual == ("down",)
    assert all(one.label and one.usual for one in known.values())


def test_a_key_that_is_taken_or_typed_is_refused_with_its_reason() -> None:
    known = {one.id: one for one in listed_keys()}
    backup = known["settings.backup"]
    here = Station()
    assert "is the key of 'Check' (settings.doctor)" in why_not("ctrl+g", "\x07", backup, here)
    assert "is the key of 'Counter'" in why_not("f2", None, backup, here)
    assert "typed as text" in why_not("b", "b", backup, here)
    assert "needed as it is" in why_not("escape", None, backup, here)
    assert why_not("f12", None, backup, here) == ""
    # Free again, once the other one has moved.
    moved = Station(keys={"settings.doctor": "f12"})
    assert why_not("ctrl+g", "\x07", backup, moved) == ""
    # Screens that are never there together may share a key.
    assert why_not("ctrl+o", "\x0f", backup, here) == ""


@on_sqlite
async def test_a_key_is_given_by_pressing_it_and_works_at_once(shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "station.toml"
    async with at_settings(shop, file, (120, 40)) as desk:
        await find(desk, "settings.section")
        await desk.press("enter")
        assert isinstance(desk.app.screen, PressKey)
        await desk.press("ctrl+g")
        assert desk.shows("is the key of 'Check'")
        await desk.press("f12")
        assert isinstance(desk.app.screen, SettingsScreen) and desk.shows("F12")
        assert read_station(file)[0].keys == {"settings.section": "f12"}
        await find(desk, "")
        desk.get("#settings", RecordList).go_to(0)
        await desk.press("f12")
        assert desk.get("#settings", RecordList).current.value.id == "rules.costing"  # type: ignore[union-attr]
        await find(desk, "settings.section")
        await desk.press("delete")
        assert read_station(file)[0].keys == {}


@on_sqlite
async def test_all_keys_go_back_when_a_person_says_so(shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "station.toml"
    file.write_text('[keys]\n"app.help" = "f12"\n', encoding="utf-8")
    async with at_settings(shop, file) as desk:
        desk.app.take_station(read_station(file)[0])
        desk.app.screen.look_again()  # type: ignore[attr-defined]
        await desk.settle()
        await find(desk, "all keys")
        assert desk.shows("1 of your own")
        await desk.press("enter")
        assert isinstance(desk.app.screen, Confirm)
        await desk.press("right", "enter")
        assert desk.shows("as usual")
    assert read_station(file)[0].keys == {}


@on_sqlite
async def test_a_remapped_key_of_the_app_is_caught_in_the_dialog(shop: Shop, tmp_path: Path) -> None:
    from stockshop.ui.app import StockshopApp

    app = StockshopApp(shop=shop, actor="Ada", station_file=tmp_path / "station.toml")
    async with app.run_test(size=(120, 40)) as pilot:
        counter = Counter(app, pilot)
        await counter.until(lambda: app.desk.shown.day is not None, "the day")
        await counter.settle()
        await counter.press("f9")
        screen = app.screen
        assert isinstance(screen, SettingsScreen)
        await counter.until(lambda: len(shown(Desk(app, pilot))) > 50, "the keys")  # type: ignore[arg-type]
        screen.query_one("#scan-line", Input).value = "app.bins"
        await counter.settle()
        await counter.press("enter", "f3")
        counter.sees("is the key of 'Products'")
        await counter.press("f12")
        await counter.settle()
        await counter.press("f2", "f12")
        assert app.current_mode == "bins"


@on_sqlite
async def test_what_makes_no_sense_in_the_file_is_told_once_when_the_app_opens(
    shop: Shop, tmp_path: Path
) -> None:
    from stockshop.ui.app import StockshopApp

    file = tmp_path / "station.toml"
    file.write_text('look = "purple"\nlanguage = "en"\n', encoding="utf-8")
    app = StockshopApp(shop=shop, actor="Ada", station_file=file)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        counter = Counter(app, pilot)
        await counter.until(lambda: app.desk.shown.day is not None, "the day")
        await counter.settle()
        counter.sees("The setting 'look'", "makes no sense")
        assert len(app._notifications) == 1


# -- safety ------------------------------------------------------------------------------------------


async def test_the_shop_is_copied_and_remembers_when(shop: Shop, tmp_path: Path) -> None:
    file, folder = tmp_path / "station.toml", tmp_path / "copies"
    folder.mkdir()
    file.write_text(f"[folders]\nbackups = '{folder}'\n", encoding="utf-8")
    async with at_settings(shop, file, (120, 40)) as desk:
        desk.app.take_station(read_station(file)[0])
        desk.app.screen.look_again()  # type: ignore[attr-defined]
        await desk.settle()
        await find(desk, "last backup")
        assert desk.shows("none that this shop knows of")
        await desk.press("enter")
        assert desk.shows("The shop is copied") and not desk.shows("none that this shop knows of")
    (copy,) = folder.glob("*.shop")
    found = rules.shop_rules(shop)
    assert found.backup_path == str(copy) and found.backup_at_us is not None


async def test_checking_everything_says_that_all_adds_up_or_what_does_not(shop: Shop) -> None:
    stocked(shop)
    async with at_settings(shop, size=(120, 40)) as desk:
        await desk.press("ctrl+g")
        assert desk.shows("Everything is as it must be", "4 products")
        shop.store.writing(
            lambda session: session.run("UPDATE level SET quantity_milli = quantity_milli + 1000")
        )
        await desk.press("ctrl+g")
        assert isinstance(desk.app.screen, Findings)
        assert desk.shows("not as", "I2")
        await desk.press("enter")
        assert isinstance(desk.app.screen, SettingsScreen)


# -- finding, and whatever stands there ------------------------------------------------------------


@on_sqlite
async def test_typing_finds_settings_by_what_they_are_about(shop: Shop) -> None:
    async with at_settings(shop) as desk:
        await desk.key_in("tax")
        assert shown(desk)[:2] == ["shop.tax_rate_milli", "shop.price_includes_tax"]
        await desk.press("down", "enter")
        assert isinstance(desk.app.screen, Choice)
        await desk.press("escape")
        await desk.key_in("qqq")
        assert shown(desk) == [] and desk.shows("No setting is called so.")
        await desk.press("enter", "escape")
        assert len(shown(desk)) > 40
        for words in ("Theme", "colour", "bright shop"):
            line = desk.get("#scan-line", Input)
            line.value = words
            await desk.settle()
            assert shown(desk)[0] == "station.look", words
        assert not desk.shows("appearance")


@on_sqlite
@pytest.mark.parametrize("size", [(80, 24), pytest.param((120, 40), marks=pytest.mark.soak)])
async def test_hostile_names_in_settings_are_letters(shop: Shop, size: tuple[int, int]) -> None:
    async with at_settings(shop, size=size) as desk:
        for name in MARKUP:
            change_settings(shop, "Ada", name=name)
            desk.app.screen.look_again()  # type: ignore[attr-defined]
            await desk.settle()
            assert desk.shows(name)
            await desk.press("enter")
            for text in screen_lines(desk.app):
                assert_harmless(text)
            await desk.press("escape")
