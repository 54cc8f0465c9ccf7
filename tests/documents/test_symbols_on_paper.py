"""Every symbology, printed at the printers' resolutions and read back: exact data, whole dots."""

from __future__ import annotations

import random
import re
import string
from collections.abc import Callable
from pathlib import Path

import pytest

from stockshop.barcodes.gtin import check_digit, expand_upce
from stockshop.documents.labels import ShelfLabel, write_labels
from stockshop.documents.pdf import true_dpi
from stockshop.documents.sheets import LabelSheet, find_sheet
from stockshop.documents.symbols import Symbology
from tests.documents.rendering import pages, read, runs

DPIS = (203, 300, 600)


def digits(chance: random.Random, count: int) -> str:
    return "".join(chance.choices(string.digits, k=count))


def with_check(body: str) -> str:
    return f"{body}{check_digit(body)}"


def upce(chance: random.Random) -> str:
    body = chance.choice("01") + digits(chance, 6)
    full = expand_upce(body)
    assert full is not None
    return body + full[-1]


def code128(chance: random.Random) -> str:
    """Text of letters and runs of digits, as SKUs are; one in three starts with 99."""
    printable = string.ascii_letters + string.digits + string.punctuation + " "
    parts = [
        digits(chance, chance.randrange(1, 9))
        if chance.random() < 0.5
        else "".join(chance.choices(printable, k=3))
        for _ in range(chance.randrange(1, 4))
    ]
    text = ("99" if chance.random() < 0.33 else "") + "".join(parts)
    return text.strip()[:20] or "7"


def code39(chance: random.Random) -> str:
    known = string.ascii_uppercase + string.digits + "-.$/+%"
    # Six characters may be taken for an Italian medicine's number, which is written in the same bars.
    text = "".join(chance.choices(known, k=chance.choice((1, 2, 3, 4, 5, 7, 8, 9, 10, 11))))
    # A sign before a letter means another character to many scanners, and is refused.
    return re.sub("[$/+%](?=[A-Z])", "-", text)


def qr(chance: random.Random) -> str:
    letters = "abcXYZ 0189äßéñ中文字ひらがなאבגعربيабвγδ€/:?=&"
    return "".join(chance.choices(letters, k=chance.randrange(2, 40))).strip() or "中"


VALUES: dict[Symbology, Callable[[random.Random], str]] = {
    Symbology.EAN13: lambda chance: with_check(digits(chance, 12)),
    Symbology.EAN8: lambda chance: with_check(digits(chance, 7)),
    Symbology.UPCA: lambda chance: with_check(digits(chance, 11)),
    Symbology.UPCE: upce,
    Symbology.ITF14: lambda chance: with_check(chance.choice("12345678") + digits(chance, 12)),
    Symbology.CODE128: code128,
    Symbology.CODE39: code39,
    Symbology.QR: qr,
}


def as_read(kind: Symbology, value: str) -> set[str]:
    """What a scanner may give back for a value: UPC comes as the EAN-13 with zeros before it."""
    if kind is Symbology.UPCA:
        return {value, "0" + value}
    if kind is Symbology.UPCE:
        full = expand_upce(value)
        return {value, f"{full}", f"0{full}"}
    return {value}


def print_and_read(
    folder: Path, kind: Symbology, values: list[str], dpi: int, sheet: LabelSheet
) -> list[tuple[str, list[str]]]:
    """Each value with what was read inside the frame of its own cell."""
    file = folder / "symbols.pdf"
    labels = [ShelfLabel("", "", value, symbology=kind) for value in values]
    write_labels(file, labels, sheet, dpi=dpi, frames=True)
    dots = true_dpi(dpi) / 72
    found = []
    waiting = iter(values)
    for image in pages(file, dpi):
        for x, y in sheet.cells:
            value = next(waiting, None)
            if value is None:
                break
            left, top = round(x * dots), round(y * dots)
            cell = image.crop(
                (left, top, left + int(sheet.label_w_pt * dots), top + int(sheet.label_h_pt * dots))
            )
            found.append((value, read(cell)))
    assert len(found) == len(values)
    return found


def check_values(folder: Path, kind: Symbology, values: list[str], dpi: int) -> None:
    sheet = find_sheet("L7163" if kind in (Symbology.CODE128, Symbology.CODE39, Symbology.ITF14) else "L7160")
    for value, got in print_and_read(folder, kind, values, dpi, sheet):
        assert len(got) == 1 and got[0] in as_read(kind, value), (kind, value, got)


@pytest.mark.parametrize("dpi", DPIS)
@pytest.mark.parametrize("kind", list(Symbology))
def test_random_values_read_back_exactly_inside_a_frame(kind: Symbology, dpi: int, tmp_path: Path) -> None:
    chance = random.Random(f"{kind} {dpi}")
    count = 21 if dpi < 600 else 14
    check_values(tmp_path, kind, [VALUES[kind](chance) for _ in range(count)], dpi)


@pytest.mark.soak
@pytest.mark.parametrize("dpi", DPIS)
@pytest.mark.parametrize("kind", list(Symbology))
def test_thousands_of_random_values_read_back_exactly(kind: Symbology, dpi: int, tmp_path: Path) -> None:
    chance = random.Random(f"soak {kind} {dpi}")
    for _ in range(10):
        check_values(tmp_path, kind, [VALUES[kind](chance) for _ in range(210)], dpi)


def test_code_128_keeps_numbers_that_begin_with_99(tmp_path: Path) -> None:
    values = ["99", "999999", "9912345", "99A", "9", "99 99", "1", "A99", "990", "0099"]
    check_values(tmp_path, Symbology.CODE128, values, 203)


@pytest.mark.parametrize("dpi", DPIS)
def test_every_element_is_a_whole_number_of_modules_wide(dpi: int, tmp_path: Path) -> None:
    chance = random.Random(dpi)
    sheet = find_sheet("L7163")
    file = tmp_path / "bars.pdf"
    for kind in (Symbology.EAN13, Symbology.UPCA, Symbology.EAN8, Symbology.CODE128, Symbology.ITF14):
        labels = [ShelfLabel("", "", VALUES[kind](chance), symbology=kind) for _ in range(14)]
        write_labels(file, labels, sheet, dpi=dpi)
        image = next(pages(file, dpi))
        dots = true_dpi(dpi) / 72
        for x, y in sheet.cells:
            left, top = round(x * dots), round(y * dots)
            wide, high = int(sheet.label_w_pt * dots), int(sheet.label_h_pt * dots)
            cell = image.crop((left, top, left + wide, top + high))
            elements = [length for _, length in runs(cell, round(0.55 * cell.height))][1:-1]
            narrow = min(elements)
            assert narrow >= 2 and len(elements) > 20
            assert {length % narrow for length in elements} == {0}, (kind, sorted(set(elements)))


@pytest.mark.parametrize("dpi", DPIS)
def test_quiet_zones_are_kept_clear_up_to_the_frame(dpi: int, tmp_path: Path) -> None:
    """The tightest label an EAN-13 fits on: its quiet zones reach the frame, and no further."""
    roll = find_sheet({203: "29x25 mm", 300: "29.5x25 mm", 600: "29.5x25 mm"}[dpi])
    file = tmp_path / "tight.pdf"
    write_labels(file, [ShelfLabel("", "", "4006381333931")], roll, dpi=dpi, frames=True)
    image = next(pages(file, dpi))
    assert read(image) == ["4006381333931"]
    cell = image.crop((0, 0, int(roll.label_w_pt * true_dpi(dpi) / 72), image.height))
    row = [length for _, length in runs(cell, round(0.5 * cell.height))]
    assert row[0] == row[-1] == 1, "the frame"
    module = min(row[2:-2])
    assert row[1] >= 11 * module and row[-2] >= 7 * module


def test_guard_bars_reach_five_modules_below_the_others(tmp_path: Path) -> None:
    file = tmp_path / "guards.pdf"
    write_labels(file, [ShelfLabel("", "", "4006381333931")], find_sheet("57x32 mm"), dpi=203)
    image = next(pages(file, 203))
    columns = [x for x in range(image.width) if image.getpixel((x, image.height // 2)) == 0]
    depth = {}
    for x in columns:
        y = image.height // 2
        while image.getpixel((x, y)) == 0:
            y += 1
        depth[x] = y
    module = min(length for _, length in runs(image, image.height // 2)[1:-1])
    assert max(depth.values()) - min(depth.values()) == 5 * module
    assert depth[columns[0]] == depth[columns[-1]] == max(depth.values())
