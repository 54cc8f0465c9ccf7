"""The frame, the questions, the looks, and what is said when something goes wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.color import Color
from textual.geometry import Size
from textual.screen import Screen
from textual.theme import Theme

from stockshop import clock
from stockshop.errors import Refused
from stockshop.ui import theme, trouble
from stockshop.ui.app import StockshopApp
from stockshop.ui.messages import WorkFailed
from stockshop.ui.screens.dialogs import Answered, Ask, Choice, Chosen, Confirm, Confirmed, Offer
from stockshop.ui.screens.help import bindings_of
from stockshop.ui.widgets.frame import LastScan
from stockshop.ui.widgets.key_line import KeyLine
from stockshop.ui.wording import Wording
from tests.ui.demo import DemoApp, MadeUp
from tests.ui.hands import Hands
from tests.ui.test_hostile import screen_lines

SIZES = [(80, 24), (120, 40)]
NOON_US = 1_763_750_520 * clock.SECOND_US


def lines(app: DemoApp) -> list[str]:
    return list(screen_lines(app))


@pytest.mark.parametrize("size", SIZES)
async def test_shop_alerts_scan_line_last_scan_and_keys_are_always_on_screen(size: tuple[int, int]) -> None:
    app = DemoApp(MadeUp(500))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await Hands(pilot).scan("4006381333931")
        shown = lines(app)
        assert shown[0].startswith(" Corner Hardware ")
        assert "3 low · 1 below zero · 2 unknown scans" in shown[0]
        assert "✓ Wood glue 250 g · 40063" in shown[1] and shown[1].rstrip().endswith("18:41")
        keys = " ".join(shown[-2:])
        assert "F2 Counter" in keys and "Ctrl+Z Undo scan" in keys
        assert all(len(text) == size[0] for text in (shown[0], shown[1], shown[-1]))


async def test_the_clock_speaks_the_shops_language() -> None:
    app = DemoApp(MadeUp(5))
    with clock.using(lambda: NOON_US):
        async with app.run_test(size=(100, 24)) as pilot:
            app.show_in_frame(locale="de")
            await pilot.pause()
            assert re.search(r"[FS][ra]\.? 2[12] Nov", lines(app)[0].replace(".", "")), lines(app)[0]


def test_many_things_are_counted_in_the_shops_own_figures() -> None:
    assert (Wording(locale="de").whole(12_044), Wording(locale="en").whole(12_044)) == ("12.044", "12,044")
    assert Wording(locale="fr").whole(7) == "7"


async def test_a_bad_scan_has_a_cross_not_only_a_colour() -> None:
    app = DemoApp(MadeUp(5))
    async with app.run_test(size=(80, 24)) as pilot:
        app.show_in_frame(last_scan=LastScan("Unknown code 123", good=False))
        await pilot.pause()
        assert "✗ Unknown code 123" in lines(app)[1]


async def test_a_narrow_terminal_drops_words_before_it_drops_the_alerts() -> None:
    app = DemoApp(MadeUp(5))
    async with app.run_test(size=(50, 16)) as pilot:
        await pilot.pause()
        assert "3 low" in lines(app)[0]
        assert len(lines(app)) == 16


async def test_the_key_for_help_stays_when_others_do_not_fit() -> None:
    app = StockshopApp("", "Ada")
    async with app.run_test(size=(50, 16)) as pilot:
        await pilot.pause()
        shown = list(screen_lines(app))[-1]
        assert "F1 Help" in shown and "F2" in shown and "F8" not in shown


async def test_a_key_has_all_its_ways_in_the_help() -> None:
    app = StockshopApp("", "Ada")
    async with app.run_test(size=(80, 50)) as pilot:
        await pilot.pause()
        assert (("F1", "Alt+H"), "Help") in [row[:2] for row in bindings_of(app.screen)]


@pytest.mark.parametrize("size", [(120, 40), (180, 50)])
async def test_a_large_terminal_shows_the_screens_keys_above_those_of_the_app(size: tuple[int, int]) -> None:
    app = StockshopApp("", "Ada")
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        *_, own, everywhere = screen_lines(app)
        assert "Ctrl+Z Undo scan" in own and "F2" not in own
        assert everywhere.index("F2 Counter") < everywhere.index("F8 Import") < everywhere.index("F1 Help")
        assert own.rstrip().endswith("Ctrl+P Find  Ctrl+Q Quit")


async def test_a_wide_line_of_keys_has_those_of_the_screen_at_its_right() -> None:
    app = StockshopApp("", "Ada")
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.pause()
        shown = list(screen_lines(app))[-1]
        assert shown.index("F2 Counter") < shown.index("F5 Low") < shown.index("Ctrl+Z Undo scan")
        assert "F1 Help" in shown


async def test_the_pointer_over_a_key_says_what_it_does() -> None:
    app = DemoApp(MadeUp(5))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        line = app.screen.query_one(KeyLine)
        await pilot.hover(line, offset=(lines(app)[-1].index("F5"), 0))
        assert str(line.tooltip) == "What runs low"
        await pilot.hover(line, offset=(79, 0))
        assert line.tooltip is None


async def test_a_click_on_a_key_presses_it() -> None:
    app = DemoApp(MadeUp(5))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.click(KeyLine, offset=(lines(app)[-1].index("F5"), 0))
        await pilot.pause()
        assert app.notes == ["low"]


async def test_escape_clears_the_scan_line_then_leaves_it() -> None:
    app = DemoApp(MadeUp(5))
    async with app.run_test(size=(80, 24)) as pilot:
        hands = Hands(pilot)
        await hands.type("glue")
        await hands.press("escape")
        assert app.screen.query_one("#scan-line").value == ""  # type: ignore[attr-defined]
        await hands.press("escape")
        assert app.records.has_focus


# -- questions ------------------------------------------------------------------------------------


async def ask(question: Screen[Any], *keys: str, scan: str = "", size: tuple[int, int] = (80, 24)) -> Any:
    app = DemoApp(MadeUp(5))
    answers: list[Any] = []
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await app.push_screen(question, answers.append)
        await pilot.pause()
        hands = Hands(pilot)
        if scan:
            await hands.scan(scan)
        for key in keys:
            await (hands.press(key) if len(key) > 1 else hands.type(key))
        await pilot.pause()
        if not answers:
            return "\n".join(lines(app))
        return answers[0]


async def test_yes_and_no() -> None:
    assert await ask(Confirm("Sell the last one?", yes="Sell"), "enter") == Confirmed()
    assert await ask(Confirm("Sell the last one?", yes="Sell"), "left", "enter") is None
    assert await ask(Confirm("Sell the last one?", yes="Sell"), "escape") is None


async def test_enter_does_not_do_what_cannot_be_undone() -> None:
    assert await ask(Confirm("Archive 40 products?", danger=True), "enter") is None
    assert await ask(Confirm("Archive 40 products?", danger=True), "right", "enter") == Confirmed()


async def test_a_choice_comes_back_by_its_key() -> None:
    offers = [Offer("upc", "UPC-E 01234565", "lamp oil"), Offer("ean8", "EAN-8 01234565", "[M6] bolt")]
    assert await ask(Choice("Which one?", offers), "down", "enter") == Chosen("ean8")
    assert await ask(Choice("Which one?", offers), "escape") is None
    assert "[M6] bolt" in await ask(Choice("Which one?", offers))


async def test_a_reason_is_asked_until_there_is_one() -> None:
    question = Ask("Why?", required="Write why, for those who read the ledger.")
    assert "Write why, for those who read the ledger." in await ask(question, "enter")
    assert await ask(Ask("Why?", required="Write why."), *"broken", "enter") == Answered("broken")


async def test_a_scan_does_not_answer_a_question() -> None:
    assert "Not scanned" in await ask(Confirm("Sell?"), scan="4006381333931")
    assert "Not scanned" in await ask(Ask("Why?"), scan="4006381333931")
    answered = await ask(Ask("New barcode", takes_scan=True), "enter", scan="4006381333931")
    assert answered == Answered("4006381333931")


async def test_a_long_question_fits_a_small_terminal() -> None:
    shown = await ask(Confirm("Really?\n" * 40, title="A long one"), size=(50, 16))
    assert "Yes" in shown and "Cancel" in shown


# -- trouble --------------------------------------------------------------------------------------


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "log" / "stockshop.log"
    monkeypatch.setattr(trouble, "log_path", lambda: path)
    return path


async def test_a_refusal_is_one_sentence_with_its_title(log: Path) -> None:
    app = DemoApp(MadeUp(5))
    async with app.run_test(size=(100, 24), notifications=True) as pilot:
        with app.told():
            raise Refused("Bin A-01 holds 3; sell 3 or fewer, or count it.")
        await pilot.pause()
        shown = "\n".join(lines(app))
        assert "Not allowed" in shown and "Bin A-01 holds 3" in shown
        assert not log.exists()


async def test_an_error_nobody_foresaw_names_the_log_and_the_app_goes_on(log: Path) -> None:
    app = DemoApp(MadeUp(5))
    app.survives_errors = True
    async with app.run_test(size=(100, 24), notifications=True) as pilot:
        app.post_message(WorkFailed(ValueError("inner secret"), "reading the list"))
        await pilot.pause()
        shown = "\n".join(lines(app))
        assert "Something unexpected happened" in shown and "stockshop.log" in re.sub(r"\s", "", shown)
        assert "inner secret" not in shown and "Traceback" not in shown
        assert "ValueError: inner secret" in log.read_text(encoding="utf-8")
        await Hands(pilot).scan("4006381333931")
        assert len(app.scans) == 1


async def test_a_handler_that_fails_does_not_end_its_screen(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = DemoApp(MadeUp(5))
    app.survives_errors = True
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.pause()
        hands = Hands(pilot)

        def broken(**_: Any) -> None:
            raise ZeroDivisionError("in a handler")

        monkeypatch.setattr(app, "show_in_frame", broken)
        await hands.scan("4006381333931")
        monkeypatch.undo()
        await hands.scan("4006381333948")
        assert [scan.code for scan in app.scans] == ["4006381333931", "4006381333948"]


def test_a_log_folder_that_cannot_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    monkeypatch.setattr(trouble, "log_path", lambda: tmp_path / "file" / "stockshop.log")
    _, message = trouble.sentence(ValueError("x"))
    assert "could not be written" in message


def test_the_log_begins_anew_when_it_is_large(log: Path) -> None:
    log.parent.mkdir()
    log.write_text("x" * (trouble.LOG_LIMIT_BYTES + 1), encoding="utf-8")
    trouble.write_down(ValueError("small"))
    assert log.stat().st_size < 10_000
    assert log.with_suffix(".old.log").stat().st_size > trouble.LOG_LIMIT_BYTES


# -- looks ----------------------------------------------------------------------------------------


def contrast(one: Color, other: Color) -> float:
    """WCAG 2 contrast ratio."""

    def luminance(color: Color) -> float:
        parts = [value / 255 for value in color.rgb]
        linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("look", [theme.DARK, theme.LIGHT], ids=lambda look: look.name)
def test_every_word_can_be_read(look: Theme) -> None:
    colors = {**look.to_color_system().generate(), **look.variables}
    for ground in ("background", "surface", "panel"):
        for ink in ("foreground", "text-warning", "text-error", "text-success", "shop-quiet", "shop-key"):
            ratio = contrast(Color.parse(colors[ink]), Color.parse(colors[ground]))
            assert ratio >= 4.5, f"{ink} on {ground}: {ratio:.1f}"
    cursor = contrast(
        Color.parse(colors["block-cursor-foreground"]), Color.parse(colors["block-cursor-background"])
    )
    assert cursor >= 4.5


def test_styles_use_theme_variables_only() -> None:
    folder = Path(__file__).resolve().parents[2] / "stockshop" / "ui"
    for path in folder.rglob("*.tcss"):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.search(
            r":\s*[^;{]*(#[0-9a-fA-F]{3,8}\b|rgb\(|\b(red|green|blue|white|black)\b)", text
        ), path


async def test_sizes_of_a_window_that_is_pulled_do_not_chase_one_another_under_a_dialog() -> None:
    app = DemoApp(MadeUp(500))
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(Confirm("Really?"))
        await pilot.pause()
        below = app.screen_stack[-2]
        laid_out: list[Size] = []
        below._size_updated = _noting(below._size_updated, laid_out)  # type: ignore[method-assign]
        for size in (Size(100, 30), Size(90, 25), Size(80, 24)) * 2:
            below.post_message(events.Resize(size, size))
            # Sizes that follow one another at once are taken as one.
            below.call_later(lambda: None)
        await pilot.pause()
        assert set(laid_out) <= {app.size}
        await pilot.resize_terminal(100, 30)
        await pilot.pause()
        assert below.size == app.screen.size == (100, 30)
        assert below.message_queue_size == 0


async def test_a_trouble_that_still_stands_in_the_corner_is_not_said_again() -> None:
    app = DemoApp(MadeUp(5))
    async with app.run_test(size=(80, 24)) as pilot:
        for _ in range(5):
            app.show_error(Refused("The server does not answer."))
            await pilot.pause()
        app.show_error(Refused("The bin is full."))
        await pilot.pause()
        said = [note.message for note in app._notifications]
        assert said == ["The server does not answer.", "The bin is full."]


def _noting(known: Callable[..., bool], sizes: list[Size]) -> Callable[..., bool]:
    def noted(size: Size, *rest: Any, **named: Any) -> bool:
        sizes.append(size)
        return known(size, *rest, **named)

    return noted
