"""Keys of one's own: by the id of the binding, told where they cannot be, shown wherever keys are shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockshop.services.shop import Shop
from stockshop.services.station import change_station
from stockshop.ui.app import StockshopApp
from stockshop.ui.commands import ShopCommands
from stockshop.ui.key_names import key_name
from stockshop.ui.keys import GROUPS, all_keys, faults, ways
from stockshop.ui.screens.counter import CounterScreen
from stockshop.ui.screens.help import HelpScreen
from stockshop.ui.topics import KEYS
from tests.ui.at_work import on_sqlite
from tests.ui.counter_shop import BOLT, Counter, fill, on_hand

# Terminals keep these for themselves, or use them for their own menus.
KEPT_BY_TERMINALS = ("f1", "f10", "f11")


def test_every_key_belongs_to_a_group_that_the_help_can_name() -> None:
    assert {key.prefix for key in all_keys()} <= set(GROUPS)


def test_every_key_has_an_id_of_its_own_a_label_and_a_sentence() -> None:
    for key in all_keys():
        assert key.id.count(".") == 1 and key.label and key.tooltip, key
        same = {(other.label, other.keys) for other in all_keys() if other.id == key.id}
        assert len(same) == 1, (key.id, same)


def test_what_terminals_keep_has_a_second_way() -> None:
    alone = [key.id for key in all_keys() if set(key.keys) and set(key.keys) <= set(KEPT_BY_TERMINALS)]
    assert alone == []


def test_the_topics_name_the_keys_that_the_screens_have() -> None:
    usual = {key.id: key.keys[0] for key in all_keys()}
    assert {binding: key for binding, key in KEYS.values()} == {
        binding: usual[binding] for binding, _ in KEYS.values()
    }


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("f2", "F2"),
        ("ctrl+z", "Ctrl+Z"),
        ("question_mark", "?"),
        ("delete", "Del"),
        ("s", "s"),
        ("down", "↓"),
    ],
)
def test_keys_are_called_as_they_stand_on_the_keyboard(key: str, said: str) -> None:
    assert key_name(key) == said
    assert ways([key, key]) == [said]


def test_wishes_that_cannot_be_met_are_told() -> None:
    assert faults({"counter.undo": "f12", "app.help": "f12,alt+h"}) != ()
    assert faults({"counter.undo": "ctrl+z,f12"}) == ()
    (unknown,) = faults({"counter.fly": "f12"})
    assert "'counter.fly'" in unknown
    (no_key,) = faults({"counter.undo": "hyperspace"})
    assert "hyperspace" in no_key
    (clash,) = faults({"counter.undo": "f3"})
    assert all(part in clash for part in ("F3", "Products", "app.products", "Undo scan", "counter.undo"))
    (clash,) = faults({"counter.sell": "alt+r"})
    assert "Alt+R" in clash and "counter.receive" in clash


@on_sqlite
async def test_a_wished_key_works_and_is_shown_everywhere(shop: Shop, tmp_path: Path) -> None:
    fill(shop)
    station = tmp_path / "station.toml"
    change_station(station, language="en", keys={"counter.undo": "f12", "app.products": "ctrl+d,alt+3"})
    app = StockshopApp(shop=shop, actor="Ada", station_file=station)
    async with app.run_test(size=(100, 40), notifications=True) as pilot:
        counter = Counter(app, pilot)
        await counter.until(lambda: app.desk.shown.day is not None, "the day")
        await counter.press("alt+s")
        await counter.scan(BOLT)
        assert on_hand(shop, "M6X40") == 95
        counter.sees("F12 Undo scan", "Ctrl+D Products")
        await counter.press("ctrl+z")
        assert on_hand(shop, "M6X40") == 95
        await counter.press("f12")
        assert on_hand(shop, "M6X40") == 96
        hits = {str(hit.text): str(hit.prompt) async for hit in ShopCommands(app.screen).search("scan: undo")}
        assert hits["Scan: Undo the last"].endswith("F12")
        await counter.press("f1")
        assert isinstance(app.screen, HelpScreen)
        counter.sees("F12", "Ctrl+D or Alt+3")
        await counter.type("undo")
        counter.sees("F12 takes back the last scan")
        await counter.press("escape", "escape", "ctrl+d")
        assert app.current_mode == "products"


@on_sqlite
async def test_two_things_on_one_key_are_told_when_the_shop_opens(shop: Shop, tmp_path: Path) -> None:
    station = tmp_path / "station.toml"
    change_station(station, language="en", keys={"counter.undo": "f3", "nobody.knows": "f4"})
    app = StockshopApp(shop=shop, actor="Ada", station_file=station)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        counter = Counter(app, pilot)
        await counter.until(lambda: "nobody.knows" in counter.screen, "the unknown key")
        await counter.until(lambda: "F3 is wished for two" in counter.screen, "the key with two wishes")
        counter.sees("F3 Products")
        assert "F3 Undo" not in counter.screen
        await counter.press("f3")
        assert not isinstance(app.screen, CounterScreen)
