"""The first start: guessed, step by step and back again, and nothing made before the end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.widgets import Input, OptionList

from stockshop import language
from stockshop.config import Station
from stockshop.services.shop import ShopSettings, create_shop, opened
from stockshop.ui.app import StockshopApp
from stockshop.ui.first import guessing
from stockshop.ui.screens.first_start import FirstStart
from stockshop.ui.screens.import_screen import ImportScreen
from tests.ui.counter_shop import Counter
from tests.ui.test_hostile import MARKUP, assert_harmless, screen_lines


@pytest.fixture(autouse=True)
def computer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A computer in Germany, whose language is not translated for these tests."""
    for name in ("LC_ALL", "LC_MONETARY", "LC_NUMERIC", "LC_TIME", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_IE.UTF-8")


@asynccontextmanager
async def at_the_welcome(path: Path, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Counter]:
    app = StockshopApp(str(path), "Ada", may_begin=True)
    async with app.run_test(size=size, notifications=True) as pilot:
        counter = Counter(app, pilot)
        await counter.until(lambda: bool(app.screen.query("#first #name")), "the welcome")
        await pilot.pause()
        yield counter
    app.close_shop()


async def step(counter: Counter, number: int) -> None:
    await counter.until(lambda: f"step {number} of 3" in counter.screen, f"step {number}")
    await counter.pilot.pause()


async def name_it(counter: Counter, name: str) -> None:
    counter.app.screen.query_one("#name", Input).value = name
    await counter.hands.press("ctrl+s")
    await step(counter, 2)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_shop_is_made_at_the_end_of_three_steps(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "data" / "my.shop"
    async with at_the_welcome(path, size) as counter:
        app, hands = counter.app, counter.hands
        counter.sees(
            "Your shop needs a name", "en_IE", "EUR", "€1,999.50", "step 1 of 3", "It will be kept in"
        )
        await hands.press("enter", "enter", "enter")
        await counter.until(lambda: "✗ The shop needs a name." in counter.screen, "what is missing")
        app.screen.query_one("#currency", Input).value = "SEK"
        app.screen.query_one("#locale", Input).value = "sv_SE"
        app.screen.query_one("#name", Input).focus()
        await hands.type("Järnhandeln [1]")
        counter.sees("1 999,50 kr".replace(" ", "\xa0"))
        await hands.press("enter", "enter", "enter")
        await step(counter, 2)
        counter.sees("Bring in a list of products", "Begin with an empty shop", "Look at the demo shop first")
        await hands.press("down", "enter")
        await step(counter, 3)
        counter.sees("This will be made", "Järnhandeln [1]", "SEK", "sv_SE", "a receiving table", "Kept in")
        assert not path.exists()
        await hands.press("enter")
        await counter.until(lambda: "is ready." in counter.screen, "the end")
        counter.sees("What to do next", "F2", "F8", "F9")
        assert path.exists()
        await hands.press("enter")
        await counter.until(lambda: app.desk.shown.day is not None, "the shop")
        await counter.settle()
        counter.sees("Järnhandeln [1]")
    with opened(path) as made:
        assert (made.settings.currency, made.settings.locale) == ("SEK", "sv_SE")


async def test_each_step_can_be_taken_back_and_keeps_what_was_typed(tmp_path: Path) -> None:
    path = tmp_path / "my.shop"
    async with at_the_welcome(path) as counter:
        app, hands = counter.app, counter.hands
        await name_it(counter, "Corner")
        await hands.press("down", "down", "enter")
        await step(counter, 3)
        counter.sees("The demo shop is a shop of its own", "Open the demo")
        await hands.press("escape")
        await step(counter, 2)
        assert app.screen.query_one("#ways", OptionList).highlighted == 2
        await hands.press("escape")
        await step(counter, 1)
        assert app.screen.query_one("#name", Input).value == "Corner"
        await hands.press("escape")
        await counter.until(lambda: app.return_code is not None, "the end")
    assert list(tmp_path.iterdir()) == []


async def test_the_demo_is_opened_and_the_own_shop_is_left_for_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def quick_demo(folder: Path, *, on_progress: Callable[[int, int], None]) -> Path:
        on_progress(1, 2)
        path = folder / "demo.shop"
        create_shop(path, "Ada", ShopSettings("The sample", "EUR", "en_IE")).close()
        return path

    monkeypatch.setattr("stockshop.services.demo.ensure_demo_shop", quick_demo)
    async with at_the_welcome(tmp_path / "my.shop") as counter:
        app, hands = counter.app, counter.hands
        await name_it(counter, "Corner")
        await hands.press("down", "down", "enter")
        await step(counter, 3)
        await hands.press("enter")
        await counter.until(lambda: "The demo shop is ready." in counter.screen, "the end")
        counter.sees("Alt+T", "a tour of the ten commonest jobs")
        await hands.press("enter")
        await counter.until(lambda: app.desk.shown.day is not None, "the demo")
        counter.sees("The sample")
    assert not (tmp_path / "my.shop").exists()


async def test_escape_stops_the_making_of_the_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_the_welcome(tmp_path / "my.shop") as counter:
        app, hands = counter.app, counter.hands
        welcome = app.screen
        assert isinstance(welcome, FirstStart)

        def slow_demo(folder: Path, *, on_progress: Callable[[int, int], None]) -> Path:
            app.call_from_thread(welcome.action_back)
            on_progress(1, 2)
            return folder / "demo.shop"

        monkeypatch.setattr("stockshop.services.demo.ensure_demo_shop", slow_demo)
        await name_it(counter, "Corner")
        await hands.press("down", "down", "enter")
        await step(counter, 3)
        await hands.press("enter")
        await counter.until(lambda: "Stopped; nothing was made." in counter.screen, "the stop")
        await hands.press("escape")
        await step(counter, 2)


async def test_who_wants_to_import_is_led_to_it(tmp_path: Path) -> None:
    async with at_the_welcome(tmp_path / "my.shop") as counter:
        app, hands = counter.app, counter.hands
        await name_it(counter, "Corner")
        await hands.press("enter")
        await step(counter, 3)
        await hands.press("enter")
        await counter.until(lambda: "Choose the file" in counter.screen, "what to do next")
        await hands.press("enter")
        await counter.until(
            lambda: isinstance(app.screen, ImportScreen) and app.screen.has_begun, "the import"
        )


async def test_a_locale_or_currency_nobody_knows_is_told_beside_its_field(tmp_path: Path) -> None:
    async with at_the_welcome(tmp_path / "my.shop") as counter:
        screen = counter.app.screen
        for field, wrong, said in (
            ("currency", "XXQ", "not a currency"),
            ("locale", "xx_QQ", "not a locale"),
        ):
            right = screen.query_one(f"#{field}", Input).value
            screen.query_one("#name", Input).value = "Corner"
            screen.query_one(f"#{field}", Input).value = wrong
            await counter.hands.press("ctrl+s")
            await counter.until(lambda said=said: said in counter.screen, said)  # type: ignore[misc]
            assert counter.app.focused is screen.query_one(f"#{field}")
            screen.query_one(f"#{field}", Input).value = right
        await counter.hands.scan("4006381333931")
        await counter.until(lambda: "There is no shop yet" in counter.screen, "why not")
        assert screen.query_one("#name", Input).value == "Corner"
    assert list(tmp_path.iterdir()) == []


async def test_a_folder_that_cannot_be_written_is_told_and_can_be_tried_again(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, no folder")
    async with at_the_welcome(tmp_path / "taken" / "my.shop") as counter:
        await name_it(counter, "Corner")
        await counter.hands.press("down", "enter")
        await step(counter, 3)
        await counter.hands.press("enter")
        await counter.until(lambda: "✗" in counter.screen, "why not")
        assert isinstance(counter.app.screen, FirstStart) and "step 3" in counter.screen


async def test_hostile_names_are_letters_on_every_step(tmp_path: Path) -> None:
    async with at_the_welcome(tmp_path / "my.shop") as counter:
        for name in MARKUP[:6]:
            await name_it(counter, name)
            await counter.hands.press("down", "enter")
            await step(counter, 3)
            counter.sees(name)
            for text in screen_lines(counter.app):
                assert_harmless(text)
            await counter.hands.press("escape")
            await step(counter, 2)
            await counter.hands.press("up", "escape")
            await step(counter, 1)


# -- guessing ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "zone", "guess"),
    [
        ({"LANG": "de_AT.UTF-8"}, "", "de_AT"),
        ({"LANG": "en_US.UTF-8", "LC_MONETARY": "de_DE.UTF-8"}, "", "de_DE"),
        ({"LANG": "C.UTF-8"}, "Europe/Stockholm", "sv_SE"),
        ({"LANG": "POSIX"}, "America/New_York", "en_US"),
        ({"LANG": "de"}, "Europe/Zurich", "de_CH"),
        ({"LANG": "../../etc"}, "Etc/UTC", "en_GB"),
        ({}, "", "en_GB"),
    ],
)
def test_the_computer_says_where_it_is(
    said: dict[str, str], zone: str, guess: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LANG")
    for name, value in said.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(guessing, "_zone", lambda: zone)
    assert guessing.guessed_locale() == guess


def test_windows_says_it_in_its_own_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LANG")
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setattr(guessing, "_windows_locale", lambda: "fr-CA")
    assert guessing.guessed_locale() == "fr_CA"


async def test_the_welcome_speaks_the_guessed_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    monkeypatch.setattr("stockshop.ui.app.Station", Station)
    heard: list[str] = []

    def hear(locale: str) -> str:
        heard.append(locale)
        return language.spoken()

    monkeypatch.setattr("stockshop.ui.screens.first_start.speak", hear)
    async with at_the_welcome(tmp_path / "my.shop") as counter:
        assert heard == ["fr_FR"]
        counter.app.screen.query_one("#locale", Input).value = "es_ES"
        await name_it(counter, "Corner")
        assert heard == ["fr_FR", "es_ES"]
