"""Shelf labels: in their place on the sheet, readable, and refused before a sheet is spoiled."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from stockshop.documents.fonts import FontBook
from stockshop.documents.labels import LabelsRefused, ShelfLabel, check_labels, write_labels
from stockshop.documents.pdf import true_dpi
from stockshop.documents.sheets import MM, SLIGHT_OVERRUN_PT, all_sheets, find_sheet
from stockshop.documents.symbols import Symbology
from stockshop.errors import InvalidInput, Refused, Stopped
from tests.documents.rendering import page_texts, pages, read

OIL = ShelfLabel(
    name="Olive oil extra virgin Kalamata 500 ml",
    sku="OIL-500",
    code="4006381333931",
    price_minor=349,
    currency="EUR",
    locale="de_DE",
    net_content_milli=500_000,
    net_content_unit="ml",
    tax_note="incl. VAT",
)


@pytest.mark.parametrize(
    "name", ["L7651", "Avery 5160", "L7160", "57x32 mm", "Dymo 99012", "102x152", "60x15 mm"]
)
def test_a_label_says_name_price_unit_price_and_sku_and_scans(name: str, tmp_path: Path) -> None:
    sheet = find_sheet(name)
    report = write_labels(tmp_path / "a.pdf", [OIL], sheet, frames=True)
    assert (report.printed, report.pages, report.refused) == (1, 1, ())
    text = " ".join(page_texts(tmp_path / "a.pdf")[0].split())
    for said in ("Olive oil", "500 ml", "6,98 € / l", "4", "006381", "333931"):
        assert said in text
    assert "3," in text and "49" in text
    assert read(next(pages(tmp_path / "a.pdf", sheet.dpi))) == ["4006381333931"]


def test_labels_begin_on_the_first_free_cell_and_fill_in_reading_order(tmp_path: Path) -> None:
    sheet = find_sheet("5160")
    labels = [ShelfLabel(f"Product {number:02}", "", f"P{number:02}") for number in range(25)]
    report = write_labels(tmp_path / "a.pdf", labels, sheet, start=8)
    assert (report.printed, report.pages, report.next_start) == (25, 2, 3)
    dots = true_dpi(sheet.dpi) / 72
    images = list(pages(tmp_path / "a.pdf", sheet.dpi))
    places = [(0, cell) for cell in range(7, 30)] + [(1, 0), (1, 1)]
    for label, (page, cell) in zip(labels, places, strict=True):
        x, y = (round(side * dots) for side in sheet.cells[cell])
        spot = images[page].crop((x, y, x + int(sheet.label_w_pt * dots), y + int(sheet.label_h_pt * dots)))
        assert read(spot) == [label.code]
    x, y = (round(side * dots) for side in sheet.cells[6])
    used = images[0].crop((x, y, x + int(sheet.label_w_pt * dots), y + int(sheet.label_h_pt * dots)))
    assert used.getextrema() == (255, 255), "the cells before the start stay white"


@pytest.mark.parametrize("start", [0, 31, -1])
def test_a_start_outside_the_sheet_is_refused(start: int, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="labels 1 to 30"):
        write_labels(tmp_path / "a.pdf", [OIL], find_sheet("5160"), start=start)


def test_copies_are_for_all_or_for_each(tmp_path: Path) -> None:
    other = ShelfLabel("Milk", "M", "96385074")
    sheet = find_sheet("L7160")
    assert write_labels(tmp_path / "a.pdf", [OIL, other], sheet, copies=3).printed == 6
    assert write_labels(tmp_path / "a.pdf", [OIL, other], sheet, copies=[0, 21]).pages == 1
    assert sorted(read(next(pages(tmp_path / "a.pdf", 300)))) == ["96385074"] * 21
    for copies in ([1], [1, -1], 0, [0, 0]):
        with pytest.raises(InvalidInput):
            write_labels(tmp_path / "a.pdf", [OIL, other], sheet, copies=copies)
    with pytest.raises(InvalidInput):
        write_labels(tmp_path / "a.pdf", [], sheet)


def test_what_does_not_fit_is_refused_with_the_reason_and_the_way_out(tmp_path: Path) -> None:
    roll = find_sheet("25x25 mm")
    with pytest.raises(LabelsRefused) as refusal:
        write_labels(tmp_path / "a.pdf", [OIL], roll, dpi=203)
    assert (
        "EAN-13 needs 28.2 mm at this printer; this label has 25.0: use a larger sheet, print it as QR, "
        "or print the number without bars." in refusal.value.message
    )
    assert not list(tmp_path.iterdir()), "nothing is written"
    low = check_labels([OIL], find_sheet("60x10 mm"), dpi=203)
    assert "mm of height" in low[0].why


def test_the_number_can_be_printed_without_bars(tmp_path: Path) -> None:
    plain = ShelfLabel("Olive oil", "OIL", "4006381333931", 349, "EUR", "de_DE", bars=False)
    write_labels(tmp_path / "a.pdf", [plain], find_sheet("25x25 mm"), dpi=203)
    assert "4006381333931" in page_texts(tmp_path / "a.pdf")[0]
    assert read(next(pages(tmp_path / "a.pdf", 203))) == []


def test_a_label_too_narrow_for_its_bars_is_turned(tmp_path: Path) -> None:
    roll = find_sheet("25x60 mm")
    write_labels(tmp_path / "a.pdf", [OIL], roll, dpi=203, frames=True)
    assert read(next(pages(tmp_path / "a.pdf", 203))) == ["4006381333931"]


def test_refused_labels_can_be_left_out_and_are_reported(tmp_path: Path) -> None:
    wrong = ShelfLabel("Wrong", "W", "4006381333930", symbology=Symbology.EAN13)
    with pytest.raises(LabelsRefused) as refusal:
        write_labels(tmp_path / "a.pdf", [OIL, wrong], find_sheet("5160"))
    assert [trouble.sku for trouble in refusal.value.troubles] == ["W"]
    assert "1 of 2 labels cannot be printed. Wrong: The last digit" in refusal.value.message
    report = write_labels(tmp_path / "a.pdf", [OIL, wrong], find_sheet("5160"), skip_refused=True)
    assert report.printed == 1 and report.refused[0].index == 1
    with pytest.raises(LabelsRefused):
        write_labels(tmp_path / "b.pdf", [wrong], find_sheet("5160"), skip_refused=True)


def test_a_case_number_falls_back_to_narrower_bars_unless_its_symbology_was_chosen(tmp_path: Path) -> None:
    case = ShelfLabel("Case of 12", "C", "15400141288763")
    write_labels(tmp_path / "a.pdf", [case], find_sheet("5160"))
    assert read(next(pages(tmp_path / "a.pdf", 300))) == ["15400141288763"]
    chosen = ShelfLabel("Case of 12", "C", "15400141288763", symbology=Symbology.ITF14)
    assert "ITF-14 needs 78" in check_labels([chosen], find_sheet("5160"))[0].why


def test_unprintable_names_are_reported_before_printing_and_replaced_only_if_told_to(tmp_path: Path) -> None:
    book = FontBook([])
    tea = ShelfLabel("烏龍茶 Oolong 50 g", "T-1", "4006381333931", 350, "EUR", "en_IE")
    with pytest.raises(LabelsRefused, match="烏"):
        write_labels(tmp_path / "a.pdf", [tea], find_sheet("5160"), book=book)
    assert not (tmp_path / "a.pdf").exists()
    report = write_labels(tmp_path / "a.pdf", [tea], find_sheet("5160"), book=book, replace_missing=True)
    assert [(item.sku, item.field) for item in report.replaced] == [("T-1", "name")]
    assert "??? Oolong 50 g" in page_texts(tmp_path / "a.pdf")[0]


def test_a_name_cut_to_fit_is_reported(tmp_path: Path) -> None:
    long = ShelfLabel(
        "Slowly dried bronze drawn wholegrain spelt spaghetti from the south " * 2 + "500 g", "S", "96385074"
    )
    report = write_labels(tmp_path / "a.pdf", [OIL, long], find_sheet("L7651"))
    assert [(item.index, item.field) for item in report.cut if item.field == "name"] == [(1, "name")]
    text = page_texts(tmp_path / "a.pdf")[0]
    assert "…" in text and "500 g" in text


def test_a_label_without_price_or_code_is_a_label_all_the_same(tmp_path: Path) -> None:
    labels = [ShelfLabel("Only a name", ""), ShelfLabel("", "", "96385074"), ShelfLabel("", "")]
    for name in ("L7651", "102x152", "23x23 mm", "Avery L6015"):
        assert write_labels(tmp_path / "a.pdf", labels, find_sheet(name), dpi=600).printed == 3


def test_a_currency_without_a_printable_sign_is_written_in_letters(tmp_path: Path) -> None:
    label = ShelfLabel("Rice", "R", "96385074", 45050, "BDT", "bn_BD", "each", 500_000, "g")
    write_labels(tmp_path / "a.pdf", [label], find_sheet("5160"), book=FontBook([]))
    text = page_texts(tmp_path / "a.pdf")[0]
    assert "BDT" in text or "৳" in text


def test_progress_is_told_and_stopping_writes_nothing(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    write_labels(
        tmp_path / "a.pdf",
        [OIL] * 130,
        find_sheet("5160"),
        on_progress=lambda done, of: told.append((done, of)),
    )
    assert told[0] == (0, 130) and told[-1] == (130, 130) and told == sorted(told)
    with pytest.raises(Stopped):
        write_labels(tmp_path / "b.pdf", [OIL] * 130, find_sheet("5160"), should_stop=lambda: len(told) > 0)
    assert not (tmp_path / "b.pdf").exists()


def test_sheets_that_overrun_their_page_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="past the edge"):
        write_labels(tmp_path / "a.pdf", [OIL], find_sheet("Rayfilm 7001"))


def test_labels_of_sheets_chosen_at_random_lie_within_a_tenth_of_a_millimetre(tmp_path: Path) -> None:
    chance = random.Random(4)
    sound = [
        sheet
        for sheet in all_sheets()
        if sheet.overrun_pt <= SLIGHT_OVERRUN_PT and sheet.page_w_pt < 900 and sheet.shape == "rectangle"
    ]
    for sheet in chance.sample(sound, 12):
        empty = [ShelfLabel("", "")] * sheet.capacity
        write_labels(tmp_path / "a.pdf", empty, sheet, dpi=600, frames=True)
        (image,) = pages(tmp_path / "a.pdf", 600)
        dots = 600 / 72
        for x, y in sheet.cells:
            # Half a cell around the wanted corner: its frame's two edges must cross within 0.1 mm of it.
            left, top = round(x * dots), round(y * dots)
            wide, high = int(sheet.label_w_pt * dots), int(sheet.label_h_pt * dots)
            inside = image.crop((left + 12, top + 12, left + wide - 12, top + high - 12))
            assert inside.getextrema() == (255, 255), (sheet.name, x, y)
            near = 0.1 * MM * dots
            column = image.crop(
                (left - 12 if left > 12 else 0, top + high // 2, left + 12, top + high // 2 + 1)
            )
            row = image.crop((left + wide // 2, top - 12 if top > 12 else 0, left + wide // 2 + 1, top + 12))
            black = [index for index, level in enumerate(column.tobytes()) if level == 0]
            assert any(abs(index + max(left - 12, 0) - x * dots) <= near for index in black), (sheet.name, x)
            black = [index for index, level in enumerate(row.tobytes()) if level == 0]
            assert any(abs(index + max(top - 12, 0) - y * dots) <= near for index in black), (sheet.name, y)
