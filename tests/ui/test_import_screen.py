"""Import: what would happen is shown first, what is bad is named, and stopping leaves no trace."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Input

from stockshop.services import catalogue, reports
from stockshop.services.importing import storing_products
from stockshop.services.shop import Shop
from stockshop.ui.files import typed_path
from stockshop.ui.importing.columns import ColumnsForm
from stockshop.ui.screens.dialogs import Confirm
from stockshop.ui.screens.import_screen import ImportScreen
from stockshop.ui.widgets.cycle import Cycle
from stockshop.ui.widgets.record_list import RecordList
from tests.ui.at_work import Desk, WorkApp, on_sqlite, stocked
from tests.ui.test_hostile import MARKUP, assert_harmless, screen_lines

GOOD = "name,sku,price,quantity\nHoney 500 g,HON,6.90,12\nTea,TEA,3.20,4\n"
MIXED = "name,sku,price\nHoney 500 g,HON,6.90\nTea,TEA,cheap\n,X,1.00\n"


@pytest.fixture(autouse=True)
def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The person's documents folder, with files in it."""
    folder = tmp_path / "documents"
    (folder / "lists").mkdir(parents=True)
    (folder / "good.csv").write_text(GOOD, encoding="utf-8")
    (folder / "mixed.csv").write_text(MIXED, encoding="utf-8")
    (folder / "photo.png").write_bytes(b"no")
    (folder / "lists" / "inner.csv").write_text(GOOD, encoding="utf-8")
    monkeypatch.setattr("stockshop.ui.files.documents_folder", lambda: folder)
    return folder


@asynccontextmanager
async def at_import(
    shop: Shop, size: tuple[int, int] = (80, 24), station: Path | None = None
) -> AsyncIterator[Desk]:
    app = WorkApp(shop, ImportScreen)
    app.station_file = station
    async with app.run_test(size=size, notifications=True) as pilot:
        desk = Desk(app, pilot)
        await desk.settle()
        yield desk


async def choose(desk: Desk, path: Path) -> None:
    """Type a path and press Enter."""
    field = desk.get("#path", Input)
    field.value = str(path)
    field.focus()
    await desk.settle()
    await desk.press("enter")


def files(desk: Desk) -> list[str]:
    records = desk.get("#files", RecordList)
    rows: list[Any] = [records.row_at(number) for number in range(records.count)]
    return [row.value.name for row in rows]


@on_sqlite
async def test_a_file_is_found_by_typing_and_folders_are_gone_into(shop: Shop, documents: Path) -> None:
    async with at_import(shop) as desk:
        assert files(desk) == ["lists", "good.csv", "mixed.csv"]
        await desk.key_in("go")
        assert files(desk) == ["good.csv"]
        await desk.press("tab")
        assert desk.get("#path", Input).value == str(documents / "good.csv")
        await choose(desk, documents / "lis")
        assert files(desk) == ["inner.csv"]
        await desk.press("enter")
        assert desk.shows("inner.csv: a list", "2 new")
        await choose(desk, documents / "nothing.csv")
        assert desk.shows("is not there")


@on_sqlite
async def test_a_whole_path_typed_behind_the_folder_that_stands_there_counts_alone(
    shop: Shop, documents: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "my list.csv").write_text(GOOD, encoding="utf-8")
    async with at_import(shop) as desk:
        await desk.key_in(f"{other}/my")
        assert files(desk) == ["my list.csv"]
        desk.get("#path", Input).value = f"{documents}/'{other}/my list.csv' "
        await desk.press("enter")
        assert desk.shows("my list.csv", "2 new")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/srv/ada//tmp/list.csv", "/tmp/list.csv"),
        ("/srv/ada/it's/x's.csv", "/srv/ada/it's/x's.csv"),
        ("/srv/ada/~$list.csv", "/srv/ada/~$list.csv"),
        ("'/tmp/my list.csv'", "/tmp/my list.csv"),
        ("/srv/ada/file:///tmp/my%20list.csv", "/tmp/my list.csv"),
        ("file://localhost/tmp/a%5B1%5D.csv", "/tmp/a[1].csv"),
        ("'file:///tmp/b.csv'", "/tmp/b.csv"),
    ],
)
def test_a_path_is_what_was_meant(typed: str, meant: str) -> None:
    assert typed_path(typed) == Path(meant)


def test_a_path_dragged_in_with_its_spaces_marked_is_the_file_there(tmp_path: Path) -> None:
    path = tmp_path / "my list (1).csv"
    path.write_text(GOOD, encoding="utf-8")
    assert typed_path(str(path).replace(" ", "\\ ").replace("(", "\\(").replace(")", "\\)")) == path


async def test_the_preview_changes_nothing_and_the_import_does_what_it_said(
    shop: Shop, documents: Path
) -> None:
    async with at_import(shop) as desk:
        await choose(desk, documents / "good.csv")
        assert desk.shows("good.csv", "2 rows", "2 new", "0 changed", "Nothing is changed yet")
        assert catalogue.ProductListing(shop).count() == 0
        await desk.press("ctrl+s")
        assert desk.shows("Done.", "2 new") and desk.app.changes == 1
        assert {row.sku: row.on_hand_milli for row in reports.stock_rows(shop)} == {
            "HON": 12_000,
            "TEA": 4_000,
        }
        await desk.press("ctrl+b")
        await choose(desk, documents / "good.csv")
        assert desk.shows("2 as before", "Nothing to do")


async def test_bad_rows_are_named_and_the_good_ones_taken_only_when_said_so(
    shop: Shop, documents: Path
) -> None:
    async with at_import(shop, (100, 30)) as desk:
        await choose(desk, documents / "mixed.csv")
        assert desk.shows("1 new", "✗ 2 cannot be taken", "price", "cheap", "'cheap' is not a price")
        await desk.press("ctrl+s")
        assert isinstance(desk.app.screen, Confirm)
        await desk.press("enter")
        assert catalogue.ProductListing(shop).count() == 0
        await desk.press("ctrl+s", "right", "enter")
        assert desk.shows("Done.")
    assert [row.sku for row in catalogue.ProductListing(shop).page_from(None, 9)] == ["HON"]


async def test_unknown_columns_are_asked_for_and_kept(shop: Shop, documents: Path) -> None:
    path = documents / "strange.csv"
    path.write_text("Foo;Bar;Baz\nHonig;6,90;H-1\n", encoding="utf-8")
    async with at_import(shop) as desk:
        await choose(desk, path)
        assert isinstance(desk.app.screen, ColumnsForm)
        await desk.press("ctrl+s")
        assert desk.shows("Say which column holds the product's name.")
        desk.get("#field-name", Cycle).value = "0"
        desk.get("#field-price", Cycle).value = "0"
        await desk.press("ctrl+s")
        assert desk.shows("given to 'name' already")
        desk.get("#field-price", Cycle).value = "1"
        desk.get("#field-sku", Cycle).value = "2"
        await desk.press("ctrl+s")
        assert desk.shows("1 new")
        await desk.press("ctrl+s")
        assert catalogue.find_product(shop, "H-1").price_minor == 690
        path.write_text("Foo;Bar;Baz\nSalz;1,10;S-1\n", encoding="utf-8")
        await desk.press("ctrl+b")
        await choose(desk, path)
        assert desk.shows("1 new")
        await desk.press("ctrl+o")
        assert desk.get("#field-name", Cycle).value == "0"


async def test_opening_stock_comes_in_too(shop: Shop, documents: Path) -> None:
    stocked(shop)
    path = documents / "stock.csv"
    path.write_text("sku,bin,quantity\nROPE,B-02,55\n", encoding="utf-8")
    async with at_import(shop) as desk:
        await desk.press("ctrl+t")
        await choose(desk, path)
        assert desk.shows("a list of stock", "1 new")
        await desk.press("ctrl+s")
    assert [(row.bin, row.on_hand_milli) for row in reports.stock_rows(shop, "ROPE")] == [("B-02", 55_000)]


async def test_stock_is_told_from_products_by_its_headings(shop: Shop, documents: Path) -> None:
    stocked(shop)
    path = documents / "stock.csv"
    path.write_text("sku;bin;quantity\nROPE;B-02;55\nNONE;B-02;1\n", encoding="utf-8")
    async with at_import(shop, (120, 40)) as desk:
        await choose(desk, path)
        assert desk.shows(
            "a list of stock", "semicolons", "1 new", "Rope, braided 8 mm  ROPE", "on hand 55", "NONE"
        )
        await desk.press("ctrl+s", "right", "enter")
        assert desk.shows("Done.")
        await desk.press("ctrl+b")
        await choose(desk, documents / "good.csv")
        assert desk.shows("its columns told by their names", "2 new")
    assert [(row.bin, row.on_hand_milli) for row in reports.stock_rows(shop, "ROPE")] == [("B-02", 55_000)]


@on_sqlite
async def test_the_first_rows_of_each_kind_can_be_looked_at(shop: Shop, documents: Path) -> None:
    async with at_import(shop, (100, 30)) as desk:
        await choose(desk, documents / "good.csv")
        await desk.press("ctrl+s")
        (documents / "next.csv").write_text(
            "name,sku,price\nHoney 500 g,HON,7.50\nTea,TEA,3.20\nSalt,SAL,1.10\n,X,1\n", encoding="utf-8"
        )
        await desk.press("ctrl+b")
        await choose(desk, documents / "next.csv")
        assert desk.shows(
            "1 new", "1 changed", "1 as before", "✗ 1 cannot be taken", "The product has no name."
        )
        seen = []
        for _ in range(4):
            await desk.press("ctrl+g")
            rows = desk.get("#rows", RecordList)
            seen.append([rows.row_at(number).value.what for number in range(rows.count)])  # type: ignore[union-attr]
        assert seen == [["name"], ["Salt  SAL"], ["Honey 500 g  HON"], ["Tea  TEA"]]
        assert desk.shows("= ", "as before", "€3.20", "Row 3, Tea  TEA")


@on_sqlite
async def test_the_bad_rows_are_saved_for_whoever_mends_the_file(shop: Shop, documents: Path) -> None:
    (documents / "mixed.csv").write_text("name,sku,price\nTea,TEA,=1+1\n,X,1\n", encoding="utf-8")
    async with at_import(shop, (100, 30)) as desk:
        await choose(desk, documents / "mixed.csv")
        await desk.press("ctrl+l")
        assert desk.shows("The bad rows are saved", "2 lines in")
        await choose(desk, documents / "good.csv")
        await desk.press("ctrl+l")
        assert desk.shows("There is no row to be told about")
    with (documents / "mixed - bad rows.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["row"], row["taken"], row["column"]) for row in rows] == [
        ("2", "no", "price"),
        ("3", "no", "name"),
    ]
    # Nothing that a spreadsheet would run.
    assert rows[0]["value"] == "'=1+1"


@on_sqlite
async def test_a_file_that_is_dragged_in_stands_alone(shop: Shop, documents: Path, tmp_path: Path) -> None:
    far = tmp_path / "far away"
    far.mkdir()
    (far / "list.csv").write_text(GOOD, encoding="utf-8")
    async with at_import(shop) as desk:
        desk.get("#path", Input).value = str(documents / "mixed.csv")
        await desk.hands.paste(f"'{far}/list.csv' ")
        await desk.settle()
        assert desk.get("#path", Input).value == f"'{far}/list.csv'"
        await desk.press("enter")
        assert desk.shows("list.csv", "2 new")
        # Typed by the terminal, as fast as a scanner.
        await desk.scan(str(documents / "lists" / "inner.csv"))
        assert desk.shows("inner.csv: a list", "2 new")
        assert desk.get("#path", Input).value == str(documents / "lists" / "inner.csv")


@on_sqlite
async def test_files_used_last_come_first_the_next_time(shop: Shop, documents: Path, tmp_path: Path) -> None:
    station = tmp_path / "station.toml"
    far = tmp_path / "far"
    far.mkdir()
    (far / "supplier [1].csv").write_text(GOOD, encoding="utf-8")
    async with at_import(shop, station=station) as desk:
        await choose(desk, far / "supplier [1].csv")
        assert desk.shows("2 new")
        await desk.press("ctrl+b")
    async with at_import(shop, station=station) as desk:
        assert files(desk)[0] == "supplier [1].csv" and desk.shows("used last")
        await desk.press("enter")
        assert desk.shows("supplier [1].csv", "2 new")
    (far / "supplier [1].csv").unlink()
    async with at_import(shop, station=station) as desk:
        assert files(desk) == ["lists", "good.csv", "mixed.csv"]
    station.with_name("recent-imports.json").write_text('{"no": "list"', encoding="utf-8")
    async with at_import(shop, station=station) as desk:
        assert files(desk) == ["lists", "good.csv", "mixed.csv"]


@on_sqlite
async def test_escape_stops_an_import_and_nothing_of_it_stays(
    shop: Shop, documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f"Product {number},P{number},1.00,1\n" for number in range(900))
    (documents / "big.csv").write_text("name,sku,price,quantity\n" + rows, encoding="utf-8")
    async with at_import(shop) as desk:
        await choose(desk, documents / "big.csv")
        screen = desk.app.screen
        assert isinstance(screen, ImportScreen) and screen.result is not None and screen.result.created == 900
        step = storing_products.ProductWork.step

        def stopped_in_the_middle(work: Any, done: int, total: int) -> None:
            if done == 400:
                # Escape comes while the rows are being written.
                desk.app.call_from_thread(screen.action_leave_scan_line)
            step(work, done, total)

        monkeypatch.setattr(storing_products.ProductWork, "step", stopped_in_the_middle)
        await desk.press("ctrl+s")
        assert desk.shows("Stopped. Nothing was changed.")
        assert screen.job is None
    assert catalogue.ProductListing(shop).count() == 0


@on_sqlite
async def test_a_file_that_is_no_list_is_refused_in_one_sentence(shop: Shop, documents: Path) -> None:
    (documents / "empty.csv").write_bytes(b"")
    async with at_import(shop) as desk:
        await choose(desk, documents / "empty.csv")
        assert desk.shows("✗")
        screen = desk.app.screen
        assert isinstance(screen, ImportScreen) and screen.job is None
        await choose(desk, documents / "good.csv")
        assert desk.shows("2 new")


@on_sqlite
async def test_an_error_nobody_foresaw_ends_the_job_too(
    shop: Shop, documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(storing_products, "import_products", broken)
    monkeypatch.setattr("stockshop.ui.trouble.write_down", lambda *_: None)
    async with at_import(shop) as desk:
        field = desk.get("#path", Input)
        field.value = str(documents / "good.csv")
        await desk.pilot.pause()
        await desk.hands.press("enter")
        await desk.pilot.pause()
        screen = desk.app.screen
        assert isinstance(screen, ImportScreen)
        for _ in range(50):
            await desk.pilot.pause()
            if screen.job is None:
                break
        assert screen.job is None


@on_sqlite
async def test_hostile_cells_and_headings_are_letters(shop: Shop, documents: Path) -> None:
    lines = "".join(f'"{name}",{number},{name}\n' for number, name in enumerate(MARKUP) if '"' not in name)
    (documents / "[b]x[M6].csv").write_text(f"[red]a,b[/],price[M6]\n{lines}", encoding="utf-8")
    (documents / "bad.csv").write_text(f"name,sku,price\n{lines}", encoding="utf-8")
    async with at_import(shop, (120, 40)) as desk:
        await choose(desk, documents / "[b]x[M6].csv")
        assert desk.shows("[red]a") or isinstance(desk.app.screen, ColumnsForm)
        for keys in ((), ("right",), ("escape",), ("right", "enter")):
            await desk.press(*keys)
            for text in screen_lines(desk.app):
                assert_harmless(text)
        await choose(desk, documents / "bad.csv")
        assert desk.shows("50% [sale]", "cannot be taken")
        for text in screen_lines(desk.app):
            assert_harmless(text)
