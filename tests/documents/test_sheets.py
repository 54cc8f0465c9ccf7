"""The library of label sheets: found however people write them, mended where the data is not sound."""

from __future__ import annotations

import pytest

from stockshop.documents.sheets import (
    MM,
    SLIGHT_OVERRUN_PT,
    all_sheets,
    custom_roll,
    equivalents,
    find_sheet,
    search_sheets,
)
from stockshop.errors import InvalidInput, NotFound, Refused


@pytest.mark.parametrize("asked", ["Avery 5160", "5160", " avery  5160 ", "AVERY5160", "avery-5160"])
def test_a_sheet_is_found_however_it_is_written(asked: str) -> None:
    sheet = find_sheet(asked)
    assert sheet.name == "Avery 5160"
    assert sheet.capacity == 30
    assert sheet.size_mm == pytest.approx((66.675, 25.4))


def test_cells_are_in_reading_order_from_the_top_left() -> None:
    cells = find_sheet("L7160").cells
    assert cells[0] == pytest.approx((21.2, 43.9))
    assert cells[1] == pytest.approx((208.4, 43.9))
    assert cells[3] == pytest.approx((21.2, 151.9))
    assert len(cells) == 21


def test_every_part_of_the_library_can_be_loaded_and_has_room_to_print_on() -> None:
    sheets = all_sheets()
    assert len(sheets) >= 1457
    assert len({sheet.name for sheet in sheets}) == len(sheets)
    for sheet in sheets:
        area = sheet.usable
        assert len(sheet.cells) == sheet.capacity > 0
        assert 0 < area.w_pt <= sheet.label_w_pt and 0 < area.h_pt <= sheet.label_h_pt


def test_every_sheet_but_the_refused_ones_lies_on_its_page() -> None:
    refused = []
    for sheet in all_sheets():
        if sheet.overrun_pt > SLIGHT_OVERRUN_PT:
            refused.append(sheet.name)
            continue
        for x, y in sheet.cells:
            assert x > -0.1 and y > -0.1
            assert x + sheet.label_w_pt < sheet.page_w_pt + 0.1, sheet.name
            assert y + sheet.label_h_pt < sheet.page_h_pt + 0.1, sheet.name
    assert sorted(refused) == [
        "Endisch B200147A5",
        "Hisago ELM024",
        "Hisago GB865",
        "Hisago OP3005",
        "Hisago OP3010",
        "Rayfilm 7001",
    ]


def test_a_sheet_that_overruns_its_page_is_refused_with_the_way_out() -> None:
    with pytest.raises(Refused, match=r"Hisago GB865 puts labels 11 mm past the edge .* '57x32 mm'"):
        find_sheet("Hisago GB865").check()


def test_a_slight_overrun_is_mended_with_a_message() -> None:
    sheet = find_sheet("Herma 4464")
    sheet.check()
    assert "0.6 mm past the page" in sheet.note
    assert sheet.cells[2][0] + sheet.label_w_pt == pytest.approx(sheet.page_w_pt)


def test_labels_that_overlap_in_the_makers_data_are_kept_apart() -> None:
    sheet = find_sheet("Hisago OP3015")
    assert "overlap" in sheet.note
    assert sheet.label_h_pt == sheet.blocks[0].pitch_y_pt


def test_several_layouts_of_one_sheet_are_its_cells() -> None:
    sheet = find_sheet("Rayfilm CD06 (box)")
    assert sheet.capacity == 12
    assert [round(x) for x, _ in sheet.cells[:6]] == [44, 64, 84, 492, 512, 531]


@pytest.mark.parametrize(
    ("asked", "size_mm", "dpi"),
    [
        ("Dymo 99010", (28, 89), 300),
        ("30252", (28, 89), 300),
        ("Dymo 11354", (57, 32), 300),
        ("99012", (36, 89), 300),
        ("DK-11201", (29, 90), 300),
        ("brother dk11204", (17, 54), 300),
        ("DK-11202", (62, 100), 300),
        ("Zebra 57x32", (57, 32), 203),
        ("Zebra 102 x 152", (102, 152), 203),
        ("40x25.5 mm", (40, 25.5), 203),
        ("40,5 x 25", (40.5, 25), 203),
    ],
)
def test_rolls_have_the_label_as_their_page(asked: str, size_mm: tuple[float, float], dpi: int) -> None:
    roll = find_sheet(asked)
    assert roll.is_roll and roll.dpi == dpi
    assert roll.size_mm == pytest.approx(size_mm, abs=0.05)
    assert (roll.page_w_pt, roll.page_h_pt) == pytest.approx((roll.label_w_pt, roll.label_h_pt))


def test_a_number_of_two_makers_asks_which() -> None:
    with pytest.raises(InvalidInput, match="'Avery 5096', 'Herma 5096'"):
        find_sheet("5096")
    assert find_sheet("Herma 5096").brand == "Herma"


def test_zweckform_parts_are_found_under_avery_too() -> None:
    assert find_sheet("Avery 3475").name == "Zweckform 3475"


def test_an_unknown_sheet_names_near_ones() -> None:
    with pytest.raises(NotFound, match=r"did you mean .*'Avery 5160'"):
        find_sheet("Avery 51601")
    with pytest.raises(NotFound, match="57x32 mm"):
        find_sheet("§")


@pytest.mark.parametrize("size", [(9, 50), (50, 1300), (0, 0)])
def test_an_absurd_roll_is_refused(size: tuple[float, float]) -> None:
    with pytest.raises(InvalidInput):
        custom_roll(*size)


def test_equivalents_have_the_same_geometry() -> None:
    sheet = find_sheet("8160")
    others = equivalents(sheet)
    assert "Avery 5160" in {other.name for other in others} and len(others) > 20
    assert all(other.cells == sheet.cells for other in others)


def test_sheets_are_searched_by_words_and_by_size() -> None:
    assert "Avery L7651" in {sheet.name for sheet in search_sheets("38x21")}
    assert {sheet.brand for sheet in search_sheets("dymo address")} == {"Dymo"}
    assert len(search_sheets("avery", limit=7)) == 7
    assert search_sheets("no such thing") == ()


@pytest.mark.parametrize(("asked", "shape"), [("Avery 5293", "round"), ("Avery L6015", "cd")])
def test_the_usable_part_of_a_curved_label_lies_on_it(asked: str, shape: str) -> None:
    sheet = find_sheet(asked)
    assert sheet.shape == shape
    radius = sheet.label_w_pt / 2
    area = sheet.usable
    for x in (area.x_pt, area.x_pt + area.w_pt):
        for y in (area.y_pt, area.y_pt + area.h_pt):
            assert ((x - radius) ** 2 + (y - radius) ** 2) ** 0.5 <= radius + 0.01
    if shape == "cd":
        assert area.y_pt + area.h_pt < radius - 22 * MM
