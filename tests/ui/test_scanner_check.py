"""The scanner check: what scans tell is said at once, a wrong layout is undone for scans and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.widgets import Input

from stockshop.barcodes.scanner_check import CODES
from stockshop.config import read_station
from stockshop.services import scanning
from stockshop.services.shop import Shop
from stockshop.ui.app import StockshopApp
from stockshop.ui.screens.scanner_check import ScannerCheckScreen
from tests.barcodes.test_scanner_check import AMERICAN, FRENCH, as_typed
from tests.ui.at_work import on_sqlite
from tests.ui.counter_shop import BOLT, Counter, fill
from tests.ui.test_hostile import ESCAPES, MARKUP, assert_harmless, screen_lines

LAYOUT = dict(zip(AMERICAN, FRENCH, strict=True))
SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])


@pytest.fixture(autouse=True)
def documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    monkeypatch.setattr("stockshop.ui.files.documents_folder", lambda: folder)
    return folder


@asynccontextmanager
async def checking(
    shop: Shop, station_file: Path | None, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Counter, ScannerCheckScreen]]:
    app = StockshopApp(shop=shop, actor="Ada", station_file=station_file)
    async with app.run_test(size=size) as pilot:
        desk = Counter(app, pilot)
        await desk.until(lambda: app.desk.shown.day is not None, "the day")
        await desk.press("alt+k")
        screen = app.screen
        assert isinstance(screen, ScannerCheckScreen)
        yield desk, screen


async def scan_page(desk: Counter, layout: dict[str, str] | None = None, *, gap_s: float = 0.008) -> None:
    for code in CODES:
        await desk.hands.scan(as_typed(code.text, layout or {}), gap_s=gap_s)
    await desk.pilot.pause()


@on_sqlite
@SIZES
async def test_what_to_do_first_is_said_and_the_page_is_written(
    shop: Shop, documents: Path, size: tuple[int, int]
) -> None:
    async with checking(shop, None, size) as (desk, _):
        desk.sees("Codes of the page", "Digits", "Line 8", "Ctrl+S writes a page of codes.")
        await desk.press("ctrl+s")
        await desk.until(lambda: "is written" in desk.screen, "the page")
        assert (documents / "scanner-check.pdf").read_bytes().startswith(b"%PDF")


@on_sqlite
@SIZES
async def test_a_good_scanner_is_told_so(shop: Shop, size: tuple[int, int]) -> None:
    async with checking(shop, None, size) as (desk, _):
        for code in CODES[:3]:
            await desk.hands.scan(code.text)
        desk.sees("So far all is well. Scan these too:", "GS1 separator")
        await scan_page(desk)
        desk.sees("✓ Keyboard", "as printed", "Enter (CR)", "arrives (GS)", "This scanner is set up well.")
        assert desk.screen.count("✗") == 0


@on_sqlite
async def test_a_wrong_layout_is_kept_and_undone_for_scans_only(shop: Shop, tmp_path: Path) -> None:
    fill(shop)
    file = tmp_path / "station.toml"
    file.write_text("# mine\n")
    async with checking(shop, file) as (desk, screen):
        await desk.hands.scan(as_typed(BOLT, LAYOUT))
        desk.sees("not on the page")
        await scan_page(desk, LAYOUT)
        desk.sees("another layout: ", "Ctrl+T keeps for this computer: the", "keyboard layout.", "✗ Digits")
        await desk.press("ctrl+t")
        await desk.until(lambda: "Kept for this computer" in desk.screen, "it")
        station, faults = read_station(file)
        assert not faults and station.keyboard["à"] == "0" and "# mine" in file.read_text()
        desk.sees("✓ Keyboard     another layout, which is", "✓ Digits")
        await desk.press("f2")
        await desk.scan(as_typed(BOLT, LAYOUT))
        desk.sees("M6 bolt zinc 40 mm")
        await desk.type("à")
        assert desk.app.screen.query_one("#scan-line", Input).value == "à", "typing is left as it is"
        await desk.press("backspace", "alt+k", "ctrl+b")
        await desk.until(lambda: "The keyboard layout is forgotten." in desk.screen, "it")
        assert read_station(file)[0].keyboard == {} and screen.is_current


@on_sqlite
async def test_a_slow_scanner_with_a_prefix_is_set_up_by_one_key(shop: Shop, tmp_path: Path) -> None:
    fill(shop)
    file = tmp_path / "station.toml"
    async with checking(shop, file, (120, 40)) as (desk, _):
        for code in CODES[:4]:
            await desk.hands.scan(f"~{code.text}", gap_s=0.11)
        await desk.pilot.pause()
        desk.sees("110 ms", "Ctrl+T keeps for this computer: the pause", "(160 ms), the prefix ~")
        await desk.press("ctrl+t")
        await desk.until(lambda: "Kept for this computer" in desk.screen, "it")
        assert (read_station(file)[0].scan_gap_ms, read_station(file)[0].scan_prefix) == (160, "~")
        await desk.press("f2")
        await desk.hands.scan(f"~{BOLT}", gap_s=0.12)
        await desk.settle()
        desk.sees("M6 bolt zinc 40 mm")


@on_sqlite
async def test_each_fault_has_a_sentence_that_says_what_to_set(shop: Shop) -> None:
    async with checking(shop, None, (120, 40)) as (desk, _):
        for code in CODES[:4]:
            await desk.hands.scan(code.text.replace("\x1d", ""), end="")
            await desk.pilot.pause(0.45)
        desk.sees("✗ Ends with", "send Enter (CR) behind each code", "is lost", "GS1 separator as GS")
        await desk.press("ctrl+n")
        for code in CODES[:4]:
            await desk.hands.scan(code.text.swapcase(), end="\t")
        await desk.pilot.pause()
        desk.sees("Caps Lock is on", "Switch Caps Lock off")
        await desk.press("ctrl+n")
        desk.sees("Ctrl+S writes a page of codes.")


@on_sqlite
async def test_without_a_settings_file_it_is_said_that_nothing_can_be_kept(shop: Shop) -> None:
    async with checking(shop, None) as (desk, _):
        await scan_page(desk, LAYOUT)
        desk.sees("It cannot be kept here: this computer has")


@on_sqlite
async def test_nothing_scanned_here_reaches_the_shop(shop: Shop) -> None:
    async with checking(shop, None) as (desk, screen):
        await desk.hands.scan("4006381333931")
        await desk.hands.paste("AaZzQqWwMmYyAa\r")
        await desk.type("AB12\r")
        assert scanning.unknown_scans(shop) == ()
        assert "letters" in screen.found.heard


@on_sqlite
async def test_hostile_codes_are_shown_literally(shop: Shop) -> None:
    async with checking(shop, None, (120, 40)) as (desk, _):
        for code in (*MARKUP, *ESCAPES):
            await desk.hands.paste(f"{code[:100]}1234\r")
            for row in screen_lines(desk.app):
                assert_harmless(row)
