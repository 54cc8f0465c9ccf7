"""The app in German, French and Spanish: at 80x24 nothing that is read is cut, nor on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import pytest
from textual.widgets import Static

from stockshop import language
from stockshop.config import Station
from stockshop.language import tr
from stockshop.services import stock
from stockshop.services.printing import print_count_sheets
from stockshop.services.shop import Shop
from stockshop.services.stock import LineRequest
from stockshop.ui.app import StockshopApp
from stockshop.ui.counter.views import answered_by
from stockshop.ui.safe import plain
from stockshop.ui.screen_list import SCREENS
from stockshop.ui.screens.help import HelpScreen
from stockshop.ui.widgets.record_list import RecordList
from tests.catalogue import LANGUAGES
from tests.ui.at_work import on_sqlite
from tests.ui.counter_shop import MILK, Counter, fill, on_hand

each_language = pytest.mark.parametrize("code", LANGUAGES)


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    language.speak(language.ENGLISH)


def cut_headings(app: StockshopApp) -> list[str]:
    """Titles of columns that have less room than they need."""
    found = []
    for records in app.screen.query(RecordList):
        shown: RecordList[Any] = records
        if not shown.region:
            continue
        for column, width in zip(shown.columns, shown._widths(), strict=True):
            if width and plain(column.title).cell_length > width:
                found.append(f"{column.title} in {width}")
    return found


def cut_labels(app: StockshopApp) -> list[str]:
    """Labels before fields that do not fit on their line."""
    labels = [*app.screen.query(".form-label"), *app.screen.query(".setting-label")]
    return [
        str(label.render())
        for label in labels
        if isinstance(label, Static) and plain(str(label.render())).cell_length > label.size.width > 0
    ]


@pytest.mark.soak
@on_sqlite
@each_language
async def test_every_screen_fits_a_small_terminal(
    shop: Shop, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stockshop.ui.app.Station", lambda: Station(language=code))
    fill(shop)
    app = StockshopApp(shop=shop, actor="Ada")
    cut: list[str] = []
    async with app.run_test(size=(80, 24)) as pilot:
        desk = Counter(app, pilot)
        await desk.until(lambda: app.desk.shown.day is not None, "the day")
        assert language.spoken() == code
        for place in SCREENS:
            app.action_go(place.mode)
            await desk.settle()
            cut += [f"{place.mode}: {said}" for said in (*cut_headings(app), *cut_labels(app))]
            assert f"F1 {tr('Help')}" in desk.screen.splitlines()[-1]
        for keys in (("f3", "ctrl+n"), ("f4", "ctrl+n"), ("f10", "ctrl+f"), ("f6", "ctrl+o")):
            await desk.press(*keys)
            cut += [f"{keys}: {said}" for said in (*cut_headings(app), *cut_labels(app))]
            await desk.press("escape")
        await desk.press("f1")
        assert isinstance(app.screen, HelpScreen)
        desk.sees(tr("On this screen"))
        await desk.press("escape")
    assert cut == []


@on_sqlite
@pytest.mark.parametrize(
    ("code", "keys"), [("de", "jn"), ("fr", "on"), ("es", "sn"), ("en", "yn"), ("de", "yn")]
)
async def test_yes_is_the_letter_it_begins_with_and_y_goes_on_working(
    shop: Shop, code: str, keys: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stockshop.ui.app.Station", lambda: Station(language=code))
    fill(shop)
    stock.post_entry(shop, "Ada", "receive", [LineRequest("MILK", 2_000, lot="OLD", expiry="2026-05-01")])
    app = StockshopApp(shop=shop, actor="Ada")
    yes, no = tuple(keys)
    async with app.run_test(size=(80, 24)) as pilot:
        desk = Counter(app, pilot)
        await desk.until(lambda: app.desk.shown.day is not None, "the day")
        await desk.press("alt+s")
        for answer, left in ((no, 8), (yes, 7)):
            await desk.scan(f"]C101{MILK.zfill(14)}1726050110OLD")
            letter = tr("yes, sell it")[0].upper()
            desk.sees(tr("Sell it all the same?"), f"{letter} {tr('yes, sell it')}", f"N {tr('no, keep it')}")
            await desk.type(answer)
            assert on_hand(shop, "MILK") == left


def test_words_that_begin_alike_or_without_a_plain_letter_keep_their_keys() -> None:
    for yes, no in (("ναι", "όχι"), ("now", "no"), ("", "no"), ("niin", "ei")):
        assert [one.key for one in answered_by((("y", yes), ("n", no)))] == ["y", "n"]
    both = answered_by((("y", "tak"), ("n", "nie")))
    assert [(one.key, one.also) for one in both] == [("t", "y"), ("n", "")]
    assert [one.key for one in answered_by((("a", "zuordnen"), ("n", "neu")))] == ["a", "n"]


@on_sqlite
@each_language
def test_a_count_sheet_says_everything_in_the_language(shop: Shop, code: str, tmp_path: Path) -> None:
    fill(shop)
    language.speak(code)
    print_count_sheets(shop, tmp_path / "count.pdf", ["SHOP-A"], informed=True)
    with pypdfium2.PdfDocument(tmp_path / "count.pdf") as paper:
        text = " ".join(paper[0].get_textpage().get_text_range().split())
    for said in (
        "Counted at",
        "date",
        "time",
        "Counted by",
        "Checked by",
        "Product",
        "Book",
        "Found, not listed:",
    ):
        assert tr(said) != said or said in ("date", "Bin"), said
        assert " ".join(tr(said).split()) in text, tr(said)
    assert "…" not in text
