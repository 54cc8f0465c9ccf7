"""The app round its screens: opening, beginning anew, keys and help, the palette, leaving."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from gettext import NullTranslations
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.widgets import Input

from stockshop.config import Station
from stockshop.errors import NotFound
from stockshop.language import use
from stockshop.services.shop import Shop, ShopSettings, furnish
from stockshop.storage.database import open_store
from stockshop.ui.app import SCREENS, StockshopApp, run
from stockshop.ui.base import ShopScreen
from stockshop.ui.screens.counter import CounterScreen
from stockshop.ui.screens.dialogs import Confirm
from stockshop.ui.screens.first_start import FirstStart, guessed_currency
from stockshop.ui.screens.help import HelpScreen, bindings_of
from tests.bare_texts import Marked, marked
from tests.ui.counter_shop import BOLT, Counter, at_the_counter, fill, on_hand
from tests.ui.hands import Hands

on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


# -- opening -----------------------------------------------------------------------------------


def test_a_shop_that_is_not_there_is_refused_before_the_terminal_is_touched(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There is no shop at"):
        run(str(tmp_path / "none.shop"), "Ada")


async def test_a_file_of_another_program_ends_the_app_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "other.shop"
    path.write_bytes(b"not a shop at all" * 100)
    app = StockshopApp(str(path), "Ada")
    async with app.run_test() as pilot:
        for _ in range(1_000):
            if app.return_code is not None:
                break
            await pilot.pause(0.005)
    assert app.return_code == 1
    assert app.failure is not None and "not a stockshop file" in app.failure.message
    assert path.read_bytes() == b"not a shop at all" * 100


@on_sqlite
async def test_a_scan_before_the_shop_is_open_waits_for_it(shop: Shop) -> None:
    fill(shop)
    path = str(shop.store.path)
    app = StockshopApp(path, "Ada")
    async with app.run_test() as pilot:
        hands = Hands(pilot)
        await hands.press("alt+s")
        await hands.scan(BOLT)
        counter = Counter(app, pilot)
        await counter.until(lambda: app.desk.shown.day is not None and not app.desk.waiting, "the sale")
        await counter.settle()
        assert on_hand(shop, "M6X40") == 95
        counter.sees("Corner Shop", "sold 1 M6 bolt")
    app.close_shop()


def test_nothing_of_the_store_is_loaded_before_the_first_paint() -> None:
    code = (
        "import sys; import stockshop.ui.app, stockshop.ui.screens.counter; "
        "heavy = ('peewee', 'apsw', 'psycopg', 'babel', 'biip', 'stockshop.services', 'stockshop.storage', "
        "'stockshop.ui.counter.forms'); "
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# -- beginning anew ----------------------------------------------------------------------------


async def test_the_welcome_is_not_lost_by_the_keys_of_screens_that_have_no_shop(tmp_path: Path) -> None:
    app = StockshopApp(str(tmp_path / "my.shop"), "Ada", may_begin=True)
    async with app.run_test(size=(80, 24)) as pilot:
        counter = Counter(app, pilot)
        await counter.until(lambda: isinstance(app.screen, FirstStart), "the welcome")
        await counter.hands.press("f3", "f8", "ctrl+p")
        await pilot.pause()
        counter.sees("Your shop needs a name")
        await counter.hands.press("f1")
        await pilot.pause()
        counter.sees("without making a shop")
        assert "Everywhere" not in counter.screen
        await counter.hands.press("escape", "enter", "enter", "enter")
        await counter.until(lambda: "The shop needs a name." in counter.screen, "what is missing")
        app.screen.query_one("#name", Input).value = "Corner"
        await counter.hands.press("ctrl+s")
        await counter.until(lambda: "step 2" in counter.screen, "how to begin")
        await counter.hands.press("down", "enter")
        await counter.until(lambda: "step 3" in counter.screen, "what is made")
        await counter.hands.press("enter")
        await counter.until(lambda: "is ready." in counter.screen, "the end")
        await counter.hands.press("enter")
        await counter.until(lambda: app.desk.shown.day is not None, "the shop")
        await counter.hands.press("f3")
        await counter.settle()
        counter.sees("No products yet")
    app.close_shop()


async def test_leaving_the_first_start_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "my.shop"
    app = StockshopApp(str(path), "Ada", may_begin=True)
    async with app.run_test() as pilot:
        counter = Counter(app, pilot)
        await counter.until(lambda: isinstance(app.screen, FirstStart), "the welcome")
        await counter.hands.press("escape")
        await counter.until(lambda: app.return_code is not None, "the end")
    assert list(tmp_path.iterdir()) == []


def test_the_currency_is_that_of_the_country() -> None:
    assert [guessed_currency(code) for code in ("de_DE", "en_GB", "ja_JP", "en", "sv_SE")] == [
        "EUR", "GBP", "JPY", "EUR", "SEK",
    ]  # fmt: skip


# -- screens, keys, help -----------------------------------------------------------------------


@on_sqlite
@pytest.mark.parametrize("way", [0, 1], ids=["first key", "second key"])
async def test_every_screen_is_one_key_away_by_two_ways(shop: Shop, way: int) -> None:
    fill(shop)
    async with at_the_counter(shop) as counter:
        for place in [*SCREENS[1:], SCREENS[0]]:
            keys = place.keys.split(",")
            # What has a key that no terminal keeps needs no other.
            await counter.press(keys[way] if way < len(keys) else keys[0])
            assert counter.app.current_mode == place.mode
            assert isinstance(counter.app.screen, ShopScreen)
            assert "Corner Shop" in counter.screen.splitlines()[0]


@on_sqlite
async def test_every_binding_has_an_id_a_tooltip_and_a_line_in_the_help(shop: Shop) -> None:
    async with at_the_counter(shop, (120, 60)) as counter:
        app = counter.app
        for binding in (*CounterScreen.BINDINGS, *StockshopApp.BINDINGS):
            assert isinstance(binding, Binding) and binding.id and binding.tooltip, binding
        rows = bindings_of(app.screen)
        await counter.press("f1")
        assert isinstance(app.screen, HelpScreen)
        text = " ".join(counter.screen.split())
        for keys, label, _, _ in rows:
            assert all(key in text for key in keys) and label in text, (keys, label)


@on_sqlite
async def test_a_question_mark_is_help_until_something_is_typed(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        await counter.type("?")
        assert isinstance(counter.app.screen, HelpScreen)
        await counter.press("escape")
        await counter.type("a?")
        assert isinstance(counter.app.screen, CounterScreen)
        assert counter.app.screen.query_one("#scan-line", Input).value == "a?"


@on_sqlite
async def test_a_scan_while_help_is_open_goes_to_the_screen_below(shop: Shop) -> None:
    fill(shop)
    async with at_the_counter(shop) as counter:
        await counter.press("alt+s", "f1")
        await counter.scan(BOLT)
        await counter.settle()
        assert on_hand(shop, "M6X40") == 95
        assert isinstance(counter.app.screen, CounterScreen)


# -- windows over a screen -----------------------------------------------------------------------


@on_sqlite
async def test_a_dialog_that_ends_behind_another_screen_closes_itself_and_nothing_else(shop: Shop) -> None:
    fill(shop)
    async with at_the_counter(shop) as counter:
        app = counter.app
        answers: list[object] = []
        await app.push_screen(Confirm("Really?"), answers.append)
        dialog = app.screen
        await counter.press("f3")
        dialog.dismiss(None)
        await counter.settle()
        assert app.current_mode == "products" and answers == [None]
        await counter.press("f2")
        assert isinstance(app.screen, CounterScreen)
        dialog.dismiss(None)
        await counter.settle()
        assert isinstance(app.screen, CounterScreen)


# -- what no screen wants, and leaving ---------------------------------------------------------


@on_sqlite
async def test_a_scan_on_a_screen_that_does_not_want_it_is_looked_up_and_never_sold(shop: Shop) -> None:
    fill(shop)

    class Deaf(ShopScreen):
        pass

    async with at_the_counter(shop) as counter:
        await counter.press("alt+s")
        counter.app.add_mode("deaf", Deaf)
        counter.app.switch_mode("deaf")
        await counter.pilot.pause()
        await counter.scan(BOLT)
        assert counter.app.current_mode == "counter"
        counter.sees("M6 bolt zinc 40 mm", "LOOK UP")
        assert on_hand(shop, "M6X40") == 96


async def test_leaving_waits_for_what_is_being_written(shop: Shop) -> None:
    fill(shop)
    app = StockshopApp(shop=shop, actor="Ada")
    async with app.run_test() as pilot:
        counter = Counter(app, pilot)
        await counter.until(lambda: app.desk.shown.day is not None, "the day")
        await counter.press("alt+s")
        for _ in range(10):
            await counter.hands.scan(BOLT)
            await counter.hands.scan("GLUE")
        await counter.hands.press("ctrl+q")
        await counter.until(lambda: app.return_code is not None, "the end")
    assert (on_hand(shop, "M6X40"), on_hand(shop, "GLUE")) == (86, -2)


@on_sqlite
async def test_the_look_at_the_whole_file_waits_for_no_key(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[Path] = []

    def check(session: object, path: Path) -> None:
        checked.append(path)

    monkeypatch.setattr("stockshop.storage.sqlite.QUICK_CHECK_LIMIT_BYTES", 0)
    monkeypatch.setattr("stockshop.storage.sqlite.quick_check", check)
    async with at_the_counter(shop) as counter:
        await counter.settle()
        assert checked == [shop.store.path]


def test_every_screen_named_is_a_screen_of_the_shop() -> None:
    for place in SCREENS:
        assert isinstance(place.make(), ShopScreen), place
    keys = [key for place in SCREENS for key in place.keys.split(",")]
    assert len(set(keys)) == len(keys)
    # Terminals keep function keys for themselves: each has a second way.
    assert all("alt+" in place.keys for place in SCREENS)


# -- languages ---------------------------------------------------------------------------------


async def test_the_app_speaks_the_shops_language_from_the_moment_it_knows_it(
    make_sqlite: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_sqlite()
    furnish(open_store(path), "Ada", ShopSettings("Γωνία", "EUR", "el_GR")).close()
    monkeypatch.setattr("stockshop.ui.app.Station", Station)

    def speak(locale: str) -> str:
        use(Marked() if locale == "el_GR" else NullTranslations(), locale)
        return locale

    monkeypatch.setattr("stockshop.ui.settled_app.speak", speak)
    app = StockshopApp(path, "Ada")
    async with app.run_test(size=(100, 24)) as pilot:
        counter = Counter(app, pilot)
        await counter.until(lambda: app.desk.shown.day is not None, "the day")
        await counter.settle()
        counter.sees(marked("scan or type a code or a name"), marked("Undo scan"), marked("Products"))
    app.close_shop()


@on_sqlite
async def test_another_language_on_this_computer_is_spoken_at_once(shop: Shop) -> None:
    async with at_the_counter(shop, (100, 24)) as counter:
        counter.sees("scan or type a code or a name", "Undo scan")
        use(Marked(), "el")
        counter.app.screen_stack[0].retell()  # type: ignore[attr-defined]
        await counter.settle()
        counter.sees(marked("scan or type a code or a name"), marked("Undo scan"))


async def test_a_shop_without_products_says_what_to_do_first(shop: Shop) -> None:
    async with at_the_counter(shop) as counter:
        counter.sees("press F8 to import a file", "press N: it is made on the spot")
    fill(shop)
    async with at_the_counter(shop) as counter:
        assert "F8 to import" not in counter.screen
