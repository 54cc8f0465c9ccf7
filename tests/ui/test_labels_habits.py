"""What this computer prints with comes first, then what the shop prints with."""

from __future__ import annotations

import asyncio
from pathlib import Path

from textual.widgets import Button

from stockshop.config import read_station
from stockshop.services.shop import Shop, change_settings, reread_settings
from stockshop.ui.labels.habits import remember_labels, usual_sheet
from stockshop.ui.screens.count_sheets import CountSheetsScreen
from stockshop.ui.screens.labels import LabelsScreen
from stockshop.ui.widgets.cycle import Cycle
from tests.ui.at_work import Desk, WorkApp, on_sqlite, stocked


@on_sqlite
async def test_labels_are_remembered_on_this_computer_and_proposed_again(shop: Shop, tmp_path: Path) -> None:
    stocked(shop)
    change_settings(shop, "Bob", sheet="Avery L7160")
    file = tmp_path / "station.toml"
    app = WorkApp(shop, LabelsScreen)
    app.station_file = file
    async with app.run_test(size=(120, 40)) as pilot:
        desk = Desk(app, pilot)
        await desk.settle()
        assert "L7160" in str(desk.get("#sheet", Button).label)
        await asyncio.to_thread(remember_labels, app, shop, "Ada", "Avery 5160", 203)
        assert usual_sheet(app, shop) == "Avery 5160"
    station, _ = read_station(file)
    assert (station.sheet, station.dpi) == ("Avery 5160", 203)
    # Other computers keep what they print on.
    assert reread_settings(shop).sheet == "Avery L7160"
    again = WorkApp(shop, LabelsScreen)
    again.station = station
    async with again.run_test(size=(120, 40)) as pilot:
        desk = Desk(again, pilot)
        await desk.settle()
        assert "5160" in str(desk.get("#sheet", Button).label)
        assert desk.get("#dpi", Cycle).value == "203"


@on_sqlite
async def test_without_a_file_for_this_computer_the_shop_remembers(shop: Shop) -> None:
    app = WorkApp(shop, LabelsScreen)
    async with app.run_test(size=(80, 24)) as pilot:
        await Desk(app, pilot).settle()
        await asyncio.to_thread(remember_labels, app, shop, "Ada", "Avery 5160", 0)
        assert usual_sheet(app, shop) == "Avery 5160"
    assert reread_settings(shop).sheet == "Avery 5160"


@on_sqlite
async def test_a_file_that_cannot_be_written_stands_in_nobodys_way(shop: Shop, tmp_path: Path) -> None:
    app = WorkApp(shop, LabelsScreen)
    (tmp_path / "taken").write_text("a file")
    app.station_file = tmp_path / "taken" / "station.toml"
    async with app.run_test(size=(80, 24)) as pilot:
        await Desk(app, pilot).settle()
        await asyncio.to_thread(remember_labels, app, shop, "Ada", "Avery 5160", 0)
        assert app.station.sheet == ""


@on_sqlite
async def test_count_sheets_come_on_this_computers_paper(shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "station.toml"
    file.write_text('[printing]\npaper = "Letter"\n', encoding="utf-8")
    app = WorkApp(shop, CountSheetsScreen)
    app.station, _ = read_station(file)
    async with app.run_test(size=(80, 24)) as pilot:
        desk = Desk(app, pilot)
        await desk.settle()
        assert desk.get("#paper", Cycle).value == "Letter"
