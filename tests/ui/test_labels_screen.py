"""Labels and count sheets: chosen on the screen, written to a PDF that can be read back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest
from textual.widgets import Input, Static

from stockshop.documents.sheets import find_sheet
from stockshop.services import catalogue
from stockshop.services.shop import Shop, change_settings, open_shop
from stockshop.ui.at_work import WorkScreen
from stockshop.ui.labels.cells import CellGrid
from stockshop.ui.labels.sheet_picker import SheetPicker
from stockshop.ui.screens.count_sheets import CountSheetsScreen
from stockshop.ui.screens.dialogs import Confirm
from stockshop.ui.screens.labels import LabelsScreen
from stockshop.ui.widgets.cycle import Cycle
from tests.ui.at_work import Desk, WorkApp, hostile_products, on_sqlite, stocked
from tests.ui.test_hostile import ESCAPES, MARKUP, assert_harmless, screen_lines


@pytest.fixture(autouse=True)
def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The person's documents folder."""
    folder = tmp_path / "documents"
    folder.mkdir()
    monkeypatch.setattr("stockshop.ui.files.documents_folder", lambda: folder)
    return folder


@asynccontextmanager
async def at(
    shop: Shop, make: Callable[[], WorkScreen] = LabelsScreen, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Desk]:
    app = WorkApp(shop, make)
    async with app.run_test(size=size, notifications=True) as pilot:
        desk = Desk(app, pilot)
        await desk.settle()
        yield desk


def text_of(path: Path) -> str:
    """What the PDF says."""
    pdf = pypdfium2.PdfDocument(path)
    try:
        return "\n".join(pdf[number].get_textpage().get_text_range() for number in range(len(pdf)))
    finally:
        pdf.close()


async def test_products_are_found_chosen_and_written(shop: Shop, documents: Path) -> None:
    stocked(shop)
    async with at(shop) as desk:
        assert desk.shows("Avery L7160", "21 labels on A4")
        assert desk.get("#out", Input).value == str(documents / "labels.pdf")
        await desk.key_in("glue")
        await desk.press("enter")
        await desk.scan("4006381333931")
        assert desk.shows("2 chosen")
        await desk.press("ctrl+s")
        assert desk.shows("✓ 2 labels on 1 page")
        assert desk.get(CellGrid.__name__, CellGrid).start == 3
    said = text_of(documents / "labels.pdf")
    assert "Wood glue" in said and "€4.50" in said and "4006381333931" in said.replace(" ", "")


@on_sqlite
async def test_space_chooses_and_takes_back(shop: Shop) -> None:
    stocked(shop)
    async with at(shop) as desk:
        await desk.press("tab", "space", "space", "up", "space")
        screen = desk.app.screen
        assert isinstance(screen, LabelsScreen)
        assert [one.sku for one in screen.chosen.values()] == ["BOLT"]
        await desk.press("ctrl+t")
        assert desk.shows("1 chosen · showing chosen") and not desk.shows("Lamp oil")
        await desk.press("ctrl+b")
        assert not screen.chosen


@on_sqlite
async def test_space_chooses_from_the_empty_scan_line_too(shop: Shop) -> None:
    stocked(shop)
    async with at(shop) as desk:
        await desk.key_in(" ")
        screen = desk.app.screen
        assert isinstance(screen, LabelsScreen)
        assert len(screen.chosen) == 1
        assert desk.get("#scan-line", Input).value == ""
        await desk.key_in("w ")
        assert desk.get("#scan-line", Input).value == "w "
        assert len(screen.chosen) == 1


async def test_a_whole_zone_on_another_sheet_which_is_remembered(
    shop: Shop, shop_url: str, documents: Path
) -> None:
    stocked(shop)
    async with at(shop) as desk:
        desk.get("#what", Cycle).value = "SHOP-A"
        await desk.settle()
        head = desk.get("#labels-head", Static)
        assert "all of" in str(head.content) and "chosen" not in str(head.content)
        await desk.press("ctrl+o")
        assert isinstance(desk.app.screen, SheetPicker)
        await desk.key_in("avery 5160")
        await desk.press("enter")
        assert desk.shows("Avery 5160", "30 labels")
        desk.get("#copies", Input).value = "2"
        await desk.press("ctrl+s")
        assert desk.shows("✓ 6 labels on 1 page")
    assert text_of(documents / "labels.pdf").count("Lamp oil") == 2
    again = open_shop(shop_url)
    assert again.settings.sheet == "Avery 5160"
    again.close()


@on_sqlite
async def test_a_used_sheet_begins_where_the_person_says(shop: Shop) -> None:
    stocked(shop)
    async with at(shop) as desk:
        desk.get("CellGrid", CellGrid).focus()
        await desk.press("right", "down", "down")
        grid = desk.get("CellGrid", CellGrid)
        assert grid.start == 8 and desk.shows("from label 8 of 21")
        await desk.press("home")
        assert grid.start == 1


@on_sqlite
async def test_nothing_chosen_and_a_file_in_the_way_are_said(shop: Shop, documents: Path) -> None:
    stocked(shop)
    (documents / "labels.pdf").write_bytes(b"mine")
    async with at(shop) as desk:
        assert desk.get("#out", Input).value.endswith("labels 2.pdf")
        await desk.press("ctrl+s")
        assert desk.shows("Choose at least one product")
        await desk.key_in("glue")
        await desk.press("enter")
        desk.get("#out", Input).value = "labels.pdf"
        await desk.press("ctrl+s")
        assert isinstance(desk.app.screen, Confirm)
        await desk.press("enter")
        assert (documents / "labels.pdf").read_bytes() == b"mine"
        desk.get("#out", Input).value = str(documents / "no folder" / "x.pdf")
        await desk.press("ctrl+s")
        assert desk.shows("✗")


@on_sqlite
async def test_a_label_that_cannot_be_printed_is_named_and_may_be_left_out(
    shop: Shop, documents: Path
) -> None:
    stocked(shop)
    change_settings(shop, "Ada", sheet="Dymo 11353")
    catalogue.add_product(shop, "Ada", sku="X" * 60, name="Endless", price_minor=100)
    async with at(shop) as desk:
        await desk.key_in("endless")
        await desk.press("enter")
        await desk.key_in("glue")
        await desk.press("enter", "ctrl+s")
        assert desk.shows("cannot be printed", "Wood glue 250 g: Code")
        assert not (documents / "labels.pdf").exists()
        desk.get("#bad", Cycle).value = "skip"
        await desk.press("ctrl+s")
        assert desk.shows("✓ 1 label on", "1 left out")
        desk.get("#symbol", Cycle).value = "qr"
        await desk.press("ctrl+s")
        assert desk.shows("✓ 2 labels on 2 pages") and not desk.shows("left out")


@on_sqlite
async def test_the_grid_knows_every_sheet(shop: Shop) -> None:
    async with at(shop) as desk:
        grid = desk.get("CellGrid", CellGrid)
        for name in ("Avery L7160", "Avery 5160", "Dymo 99012", "Avery L7651", "57x32"):
            sheet = find_sheet(name)
            grid.lay_out(sheet.cells)
            grid.start = 10_000
            await desk.pilot.pause()
            assert grid.capacity == sheet.capacity == grid.start
            grid.start = 1


@on_sqlite
async def test_an_empty_shop_says_what_to_do(shop: Shop) -> None:
    async with at(shop) as desk:
        assert desk.shows("No products yet: press F8")


async def test_count_sheets_of_two_zones_are_written_blind(shop: Shop, documents: Path) -> None:
    stocked(shop)
    async with at(shop, CountSheetsScreen) as desk:
        assert desk.shows("Shop floor", "Back room", "Receiving")
        await desk.press("space", "down", "space")
        assert desk.shows("2 chosen")
        await desk.press("ctrl+s")
        assert desk.shows("✓ 4 lines on 2 pages")
    said = text_of(documents / "count sheets.pdf")
    assert "Wood glue" in said and "B-01" in said
    assert "36" not in said.replace("4006381333931", "").replace("SHOP", "").split()


@on_sqlite
async def test_an_informed_sheet_shows_the_book_and_a_scanned_bin_is_enough(
    shop: Shop, documents: Path
) -> None:
    stocked(shop)
    async with at(shop, CountSheetsScreen) as desk:
        await desk.press("ctrl+s")
        assert desk.shows("Choose at least one zone")
        await desk.scan("BIN-B-01")
        desk.get("#shows", Cycle).value = "informed"
        await desk.press("ctrl+s")
        assert desk.shows("✓ 1 line on 1 page")
    assert "36" in text_of(documents / "count sheets.pdf").split()


@on_sqlite
async def test_hostile_names_on_the_screens_and_in_their_reports_are_letters(shop: Shop) -> None:
    hostile_products(shop, [*MARKUP, *ESCAPES])
    async with at(shop, size=(120, 40)) as desk:
        desk.get("#what", Cycle).value = "SHOP-A"
        for keys in ((), ("ctrl+s",), ("ctrl+o",), ("escape",)):
            await desk.press(*keys)
            for text in screen_lines(desk.app):
                assert_harmless(text)
