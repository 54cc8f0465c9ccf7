"""Scans in the running app: recognised wherever the focus is, and the field gets its value back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.widgets import Input, TextArea

from stockshop.ui.scanning import ScanSettings
from stockshop.ui.scanning_app import MOST_PASTED
from stockshop.ui.widgets.inputs import NumberInput
from tests.ui.demo import DemoApp, MadeUp
from tests.ui.hands import Hands, key

EAN = "4006381333931"


@asynccontextmanager
async def shop(focus: str = "#scan-line", rows: int = 50) -> AsyncIterator[tuple[DemoApp, Hands]]:
    app = DemoApp(MadeUp(rows))
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await pilot.pause()
        app.screen.query_one(focus).focus()
        await pilot.pause()
        yield app, Hands(pilot)


def value(app: DemoApp, selector: str) -> str:
    return app.screen.query_one(selector, Input).value


@pytest.mark.parametrize("focus", ["#scan-line", "#list", "#name", "#quantity", "#price"])
@pytest.mark.parametrize("end", ["\r", "\n", "\t", "\r\n"])
async def test_a_scan_is_heard_wherever_the_focus_is(focus: str, end: str) -> None:
    async with shop(focus) as (app, hands):
        focused = app.screen.focused
        await hands.scan(EAN, end=end)
        assert [scan.code for scan in app.scans] == [EAN]
        assert app.scans[0].focused_id == focus.removeprefix("#")
        assert app.screen.focused is focused, "TAB must not move the focus"
        assert [value(app, field) for field in ("#scan-line", "#name", "#quantity", "#price")] == [""] * 4


async def test_the_field_gets_back_what_was_in_it_and_the_cursor_too() -> None:
    async with shop("#name") as (app, hands):
        await hands.type("Bolt zinc")
        await hands.press("left", "left")
        await hands.scan(EAN, gap_s=0.03)
        assert value(app, "#name") == "Bolt zinc"
        assert app.screen.query_one("#name", Input).cursor_position == 7
        await hands.type("!")
        assert value(app, "#name") == "Bolt zi!nc"


async def test_a_quantity_typed_before_the_scan_stays() -> None:
    async with shop("#quantity") as (app, hands):
        await hands.type("12")
        await hands.scan(EAN, gap_s=0.02)
        assert value(app, "#quantity") == "12"
        assert app.scans[0].code == EAN


async def test_typing_in_a_field_arrives_unharmed() -> None:
    async with shop("#name") as (app, hands):
        await hands.type("Bolt [M6] 40 mm, DIN 933")
        await hands.press("enter")
        assert value(app, "#name") == "Bolt [M6] 40 mm, DIN 933"
        assert app.scans == []


async def test_a_fast_short_number_and_enter_is_typing() -> None:
    async with shop("#quantity") as (app, hands):
        await hands.scan("12", gap_s=0.01)
        assert app.scans == []
        assert value(app, "#quantity") == "12"


async def test_a_letter_that_is_a_command_does_not_act_inside_a_scan() -> None:
    async with shop("#list") as (app, hands):
        await hands.scan("ss4s-ss")
        assert app.notes == []
        assert app.scans[0].code == "ss4s-ss"
        await hands.type("s")
        await app.workers.wait_for_complete()
        await hands.pilot.pause(0.05)
        assert app.notes == ["sold"]


async def test_control_keys_inside_a_scan_do_not_quit_or_copy() -> None:
    async with shop("#list") as (app, hands):
        await hands.scan(f"\x02]C101{EAN}0\x1d10AB\x11\x03\x04")
        assert app.is_running
        assert app.scans[0].code == f"]C101{EAN}0\x1d10AB"


async def test_the_separator_survives_a_scan_into_a_text_field() -> None:
    async with shop("#name") as (app, hands):
        await hands.scan("0104006381333931" + "10AB\x1d17261231")
        assert app.scans[0].code == "010400638133393110AB\x1d17261231"
        assert value(app, "#name") == ""


async def test_twelve_times_before_a_scan_means_twelve_wherever_it_is_typed() -> None:
    for focus in ("#scan-line", "#list"):
        async with shop(focus) as (app, hands):
            await hands.type("12*")
            await hands.pilot.pause(0.05)
            assert value(app, "#scan-line") == "12*"
            await hands.scan(EAN)
            assert (app.scans[0].code, app.scans[0].multiplier) == (EAN, "12")
            assert value(app, "#scan-line") == ""


async def test_a_half_typed_search_word_does_not_mix_with_a_scan() -> None:
    async with shop() as (app, hands):
        await hands.type("glu")
        await hands.scan(EAN)
        assert app.scans[0].code == EAN
        assert value(app, "#scan-line") == "glu"


async def test_a_code_typed_slowly_on_the_scan_line_is_a_scan_too() -> None:
    async with shop() as (app, hands):
        await hands.type("3*M6X40")
        await hands.press("enter")
        assert [(s.code, s.multiplier, s.typed) for s in app.scans] == [("M6X40", "3", True)]
        assert value(app, "#scan-line") == ""


async def test_what_no_field_takes_is_typed_on_the_scan_line() -> None:
    async with shop("#list") as (app, hands):
        await hands.type("glue")
        await hands.pilot.pause(0.05)
        assert value(app, "#scan-line") == "glue"


async def test_a_stutter_is_reported_and_left_to_the_screen() -> None:
    async with shop() as (app, hands):
        await hands.scan(EAN + "\r" + EAN)
        assert [(scan.code, scan.stutter) for scan in app.scans] == [(EAN, False), (EAN, True)]


async def test_a_scan_without_an_end_key_is_heard_after_a_silence() -> None:
    async with shop("#quantity") as (app, hands):
        await hands.scan(EAN, end="")
        await hands.pilot.pause(0.2)
        assert [scan.code for scan in app.scans] == [EAN]
        assert value(app, "#quantity") == ""


@pytest.mark.parametrize("focus", ["#scan-line", "#list", "#name", "#quantity"])
async def test_a_pasted_code_is_a_scan(focus: str) -> None:
    async with shop(focus) as (app, hands):
        await hands.paste(EAN + "\r")
        assert [scan.code for scan in app.scans] == [EAN]
        assert [value(app, field) for field in ("#scan-line", "#name", "#quantity")] == [""] * 3


async def test_a_pasted_list_is_no_scan_and_is_told() -> None:
    async with shop() as (app, hands):
        await hands.paste("\n".join(f"40063813{number:05}" for number in range(MOST_PASTED + 1)))
        assert app.scans == []
        assert value(app, "#scan-line") == ""
        assert "501 lines were pasted" in next(iter(app._notifications)).message
        await hands.paste("\n".join(f"40063813{number:05}" for number in range(3)))
        assert len(app.scans) == 3


async def test_pasted_words_stay_words_and_lose_what_is_hidden_in_them() -> None:
    async with shop("#name") as (app, hands):
        await hands.paste("Wood\x1b[2J glue \u202e250 g")
        assert app.scans == []
        assert value(app, "#name") == "Wood[2J glue 250 g"


@pytest.mark.parametrize("gap_s", [0.005, 0.03, 0.055])
@pytest.mark.parametrize("end", ["\r", "\t", ""])
async def test_a_scan_into_a_note_of_several_lines_leaves_the_note(gap_s: float, end: str) -> None:
    async with shop() as (app, hands):
        await app.screen.mount(TextArea("Stand it\nupright", id="note"))
        note = app.screen.query_one("#note", TextArea)
        note.focus()
        note.move_cursor((0, 5))
        await hands.pilot.pause()
        await hands.scan(EAN, end=end, gap_s=gap_s)
        await hands.pilot.pause(0.15)
        assert [scan.code for scan in app.scans] == [EAN]
        assert note.text == "Stand it\nupright" and note.cursor_location == (0, 5)
        await hands.type("!")
        assert note.text == "Stand! it\nupright"


async def test_the_settings_may_change_while_a_code_comes_in() -> None:
    async with shop("#list") as (app, hands):
        await hands.send(*(key(char) for char in EAN[:6]), gap_s=0.005)
        app.scan_settings = ScanSettings(gap_ms=100)
        hands.at -= 0.9
        for event in (key(char) for char in f"{EAN[6:]}\r"):
            event.time = hands.at - 0.1
            event.set_sender(app)
            app.post_message(event)
        await hands.pilot.pause()
        assert [scan.code for scan in app.scans] == [EAN]


# -- numbers ------------------------------------------------------------------------------------


async def test_a_code_typed_too_slowly_to_be_a_scan_does_not_become_a_quantity() -> None:
    async with shop("#quantity") as (app, hands):
        await hands.type("12")
        await hands.pilot.pause()
        # 100 ms a key: slower than the station's setting, so nothing tells it from a person.
        await hands.scan(EAN, gap_s=0.1)
        assert app.scans == []
        assert value(app, "#quantity") == "12"
        assert any("barcode" in toast.message for toast in app._notifications)
        await hands.type("3")
        assert value(app, "#quantity") == "123"


@pytest.mark.parametrize(
    ("typed", "shown", "number"),
    [
        ("1,5", "1,5", "1.5"),
        ("1.5", "1.5", "1.5"),
        ("007", "007", "7"),
        (",5", ",5", "0.5"),
        ("1x2", "12", "12"),
    ],
)
async def test_a_number_takes_comma_or_point(typed: str, shown: str, number: str) -> None:
    async with shop("#quantity") as (app, hands):
        await hands.type(typed)
        field = app.screen.query_one("#quantity", NumberInput)
        assert field.value == shown
        assert str(field.number()) == number


async def test_a_price_takes_two_decimals_and_an_empty_one_is_not_zero() -> None:
    async with shop("#price") as (app, hands):
        field = app.screen.query_one("#price", NumberInput)
        assert field.number() is None
        await hands.type("3,999")
        assert str(field.number()) == "3.99"


async def test_a_pasted_price_loses_its_currency() -> None:
    async with shop("#price") as (app, hands):
        await hands.paste("€ 3,20")
        assert value(app, "#price") == "3,20"
        assert app.scans == []


async def test_a_code_that_a_busy_computer_reads_in_two_pieces_is_one_code() -> None:
    async with shop() as (app, hands):
        await hands.type(EAN[:4])
        await hands.scan(EAN[4:])
        assert [scan.code for scan in app.scans] == [EAN]
        assert value(app, "#scan-line") == ""


async def test_what_was_typed_before_a_whole_code_is_not_taken_for_a_piece_of_it() -> None:
    async with shop() as (app, hands):
        await hands.type("4711")
        await hands.scan(EAN)
        assert [scan.code for scan in app.scans] == [EAN]
        assert value(app, "#scan-line") == "4711"
