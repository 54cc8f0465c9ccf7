"""Text fits its place, in every script, and never as an empty box."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockshop.documents.fonts import BOLD, REGULAR, FontBook, describe
from stockshop.documents.typesetting import fit, replace_missing, tidy, unprintable, visual, width_of
from tests.documents.forged_font import forge

LONG = "Extra virgin olive oil from Kalamata in a tall dark bottle 500 ml"


@pytest.fixture(scope="module")
def book() -> FontBook:
    """The shipped fonts and no others."""
    return FontBook([])


def test_a_short_name_keeps_its_size(book: FontBook) -> None:
    fitted = fit("Milk", size=10, width=100, book=book)
    assert (fitted.lines, fitted.size, fitted.cut) == (("Milk",), 10, False)


def test_a_name_shrinks_to_seventy_percent_then_is_cut_in_the_middle(book: FontBook) -> None:
    natural = width_of(LONG, 10, book)
    shrunk = fit(LONG, size=10, width=0.75 * natural, book=book)
    assert shrunk.lines == (LONG,) and 7 <= shrunk.size < 7.6 and not shrunk.cut
    cut = fit(LONG, size=10, width=0.5 * natural, book=book)
    assert cut.cut and cut.size == pytest.approx(7)
    assert cut.lines[0].startswith("Extra virgin") and cut.lines[0].endswith("500 ml") and "…" in cut.lines[0]


def test_two_lines_come_before_cutting_and_are_of_like_length(book: FontBook) -> None:
    natural = width_of(LONG, 10, book)
    fitted = fit(LONG, size=10, width=0.6 * natural, book=book, lines=2)
    assert len(fitted.lines) == 2 and fitted.size == 10 and " ".join(fitted.lines) == LONG
    first, second = (width_of(line, 10, book) for line in fitted.lines)
    assert abs(first - second) < 0.2 * natural


def test_only_as_many_lines_as_the_height_holds(book: FontBook) -> None:
    natural = width_of(LONG, 10, book)
    low = fit(LONG, size=10, width=0.55 * natural, book=book, lines=2, height=12)
    assert len(low.lines) == 1 and low.cut
    higher = fit(LONG, size=10, width=0.55 * natural, book=book, lines=2, height=17)
    assert len(higher.lines) == 2 and higher.size <= 7.5 and not higher.cut


@pytest.mark.parametrize("weight", [REGULAR, BOLD])
@pytest.mark.parametrize("width", [1, 8, 30, 77, 200])
@pytest.mark.parametrize(
    "text",
    [
        LONG,
        "W" * 300,
        "a b " * 60,
        "زيت زيتون بكر ممتاز ٥٠٠ مل طبيعي",
        "Ελαιόλαδο " * 5,
        "e\u0301" * 40,
        "-",
        "",
    ],
)
def test_no_line_is_ever_wider_than_its_place(book: FontBook, text: str, width: int, weight: str) -> None:
    for lines in (1, 2, 3):
        fitted = fit(tidy(text), size=10, width=width, book=book, lines=lines, weight=weight)
        assert len(fitted.lines) <= lines
        for line in fitted.lines:
            assert line == "…" or width_of(line, fitted.size, book, weight) <= width * 1.0001


def test_arabic_is_joined_and_runs_from_right_to_left(book: FontBook) -> None:
    shown = visual("زيت 500", book)
    assert shown.startswith("500")
    assert all("\ufe70" <= char <= "\ufefc" for char in shown[4:])


def test_hebrew_runs_from_right_to_left_and_keeps_its_numbers(book: FontBook) -> None:
    assert visual("שוקולד 70%", book) == "70% דלוקוש"[0:4] + "דלוקוש"
    assert visual("Tea שי", book) == "Tea יש"


def test_vietnamese_greek_and_cyrillic_are_printable_with_the_shipped_fonts(book: FontBook) -> None:
    assert book.missing("Phở bò Ελαιόλαδο Молоко żółć İıŞş ₺₴₦฿ ½ № € – “”") == ""


def test_what_no_font_has_is_named_once_each_and_in_order(book: FontBook) -> None:
    assert unprintable("あいあ A", book) == "あい"
    assert describe("あい") == '"あ" (HIRAGANA LETTER A), "い" (HIRAGANA LETTER I)'
    assert "and 3 more" in describe("あいうえおかきく")


def test_scripts_that_need_shaping_count_as_unprintable_rather_than_misspelt(tmp_path: Path) -> None:
    forge(tmp_path / "deva.ttf", 0x0900, 0x0910)
    assert FontBook([tmp_path]).missing("अ") == "अ"


def test_replacing_keeps_everything_else(book: FontBook) -> None:
    assert replace_missing("茶 Tea 50 g", book) == "? Tea 50 g"


def test_a_font_of_the_system_serves_what_ours_has_not(tmp_path: Path) -> None:
    forge(tmp_path / "cjk.ttf", 0x4E00, 0x4E10)
    with_system = FontBook([tmp_path])
    assert with_system.missing("一丁") == ""
    assert with_system.missing("一龍") == "龍"
    assert with_system.find("A") is with_system.shipped(REGULAR)


def test_damaged_and_foreign_font_files_are_passed_over(tmp_path: Path) -> None:
    whole = forge(tmp_path / "a.ttf", 0x4E00, 0x4E10).read_bytes()
    for name, content in {
        "empty.ttf": b"",
        "text.otf": b"hello",
        "short.ttf": whole[:40],
        "half.ttf": whole[: len(whole) // 2],
        "postscript.otf": b"OTTO" + whole[4:],
        "collection.ttc": b"ttcf\x00\x01\x00\x00\xff\xff\xff\xff" + whole,
    }.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "a.ttf").rename(tmp_path / "z.ttf")
    assert FontBook([tmp_path]).missing("一") == ""
    assert FontBook([tmp_path / "no such folder"]).missing("一") == "一"


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("a\tb\nc", "a b c"),
        ("a\u202eb", "ab"),
        ("\ud800x", "x"),
        ("e\u0301", "é"),
        ("  x ", "x"),
        ("x" * 999, "x" * 400),
    ],
)
def test_whatever_comes_can_be_set(text: str, tidied: str) -> None:
    assert tidy(text) == tidied
