"""Count sheets: blind, complete, in walking order, and known by their bars."""

from __future__ import annotations

import zlib
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest

from stockshop.documents.count_sheets import (
    CountSheet,
    CountSheetLine,
    UnprintableLines,
    page_code,
    write_count_sheets,
)
from stockshop.documents.fonts import FontBook
from stockshop.documents.sheets import MM
from stockshop.errors import InvalidInput, Stopped
from tests.documents.rendering import page_texts, pages, read

BOOK_MILLI = 987_654_321


def lines(count: int) -> tuple[CountSheetLine, ...]:
    names = ("Olive oil 500 ml", "Ελαιόλαδο", "זית", "زيت زيتون", "Dinkelvollkornspaghetti, lang getrocknet")
    return tuple(
        CountSheetLine(
            number=number,
            bin=f"A-{number // 10:02}-{number % 10}",
            sku=f"SKU-{number:05}",
            name=f"{names[number % 5]} {number}",
            unit="each",
            pack_milli=12_000 if number % 3 == 0 else None,
            lot="L77" if number % 7 == 0 else "",
            expiry="2027-01-31" if number % 7 == 0 else "",
            book_milli=BOOK_MILLI,
        )
        for number in range(1, count + 1)
    )


def sheet(count: int, zone: str = "Dry goods") -> CountSheet:
    return CountSheet("Corner Shop", "C-2026-014", zone, "24 Nov 2026, 10:05", lines(count))


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_every_page_has_its_lines_its_head_and_its_bars(paper: str, tmp_path: Path) -> None:
    report = write_count_sheets(tmp_path / "a.pdf", [sheet(60)], paper=paper)
    assert report.lines == 60 and report.pages == 3
    texts = page_texts(tmp_path / "a.pdf")
    for number, text in enumerate(texts, start=1):
        for said in ("Corner Shop", "Dry goods", "C-2026-014", "24 Nov 2026", "Counted at", "Counted by",
                     "Checked by", "Product", f"Page {number} of 3"):  # fmt: skip
            assert said in text
    joined = "\n".join(texts)
    assert [joined.count(f"SKU-{number:05}") for number in range(1, 61)] == [1] * 60
    assert joined.index("SKU-00001") < joined.index("SKU-00030") < joined.index("SKU-00060")
    assert "× 12 +" in joined and "Lot L77 · best before 2027-01-31" in joined
    codes = [read(image) for image in pages(tmp_path / "a.pdf", 300)]
    assert codes == [[code] for code in report.page_codes]
    assert report.page_codes[1] == page_code("C-2026-014", 2) == "C-2026-014.2"


def everything_in(path: Path) -> bytes:
    """The file with every stream unpacked."""
    data = path.read_bytes()
    parts = [data]
    for piece in data.split(b"stream\n")[1:]:
        try:
            parts.append(zlib.decompressobj().decompress(piece))
        except zlib.error:
            continue
    return b"\n".join(parts)


def test_a_blind_sheet_holds_no_book_quantity_anywhere(tmp_path: Path) -> None:
    write_count_sheets(tmp_path / "blind.pdf", [sheet(30)])
    write_count_sheets(tmp_path / "open.pdf", [sheet(30)], blind=False)
    assert b"987654" not in everything_in(tmp_path / "blind.pdf")
    assert b"987654.321" in everything_in(tmp_path / "open.pdf")
    assert "Book" not in "".join(page_texts(tmp_path / "blind.pdf"))


def test_lines_are_high_enough_to_write_on(tmp_path: Path) -> None:
    for paper in ("A4", "Letter"):
        write_count_sheets(tmp_path / "a.pdf", [sheet(25)], paper=paper, found_lines=0)
        text = pypdfium2.PdfDocument(tmp_path / "a.pdf")[0].get_textpage()
        places = []
        for number in (1, 2, 25):
            search = text.search(f"SKU-{number:05}")
            index, _ = search.get_next()
            places.append(text.get_charbox(index)[1])
        assert (places[0] - places[1]) / MM >= 8
        assert (places[0] - places[2]) / MM == pytest.approx(24 * (places[0] - places[1]) / MM, abs=0.2)


def test_zones_begin_on_their_own_page_and_codes_never_repeat(tmp_path: Path) -> None:
    report = write_count_sheets(tmp_path / "a.pdf", [sheet(30), sheet(3, "Cold room")])
    assert report.pages == 3 and len(set(report.page_codes)) == 3
    texts = page_texts(tmp_path / "a.pdf")
    assert "Cold room" in texts[2] and "Page 1 of 1" in texts[2]
    own = CountSheet("Shop", "C1", "Zone", "now", lines(3), sheet_code="S-0007")
    assert write_count_sheets(tmp_path / "a.pdf", [own]).page_codes == ("S-0007.1",)


def test_there_are_blank_lines_for_what_is_found_but_not_listed(tmp_path: Path) -> None:
    write_count_sheets(tmp_path / "a.pdf", [sheet(10)])
    assert "Found, not listed" in page_texts(tmp_path / "a.pdf")[0]
    write_count_sheets(tmp_path / "a.pdf", [sheet(10)], found_lines=0)
    assert "Found, not listed" not in page_texts(tmp_path / "a.pdf")[0]
    assert write_count_sheets(tmp_path / "a.pdf", [sheet(22)]).pages == 1, "no page for two more blank lines"
    assert write_count_sheets(tmp_path / "a.pdf", [sheet(25)]).pages == 2


def test_names_no_font_has_are_reported_before_printing(tmp_path: Path) -> None:
    tea = CountSheetLine(1, "A-1", "TEA-1", "烏龍茶 Oolong")
    one = CountSheet("Shop", "C1", "Zone", "now", (tea,))
    book = FontBook([])
    with pytest.raises(UnprintableLines, match="TEA-1") as refusal:
        write_count_sheets(tmp_path / "a.pdf", [one], book=book)
    assert refusal.value.skus == ("TEA-1",) and not (tmp_path / "a.pdf").exists()
    report = write_count_sheets(tmp_path / "a.pdf", [one], book=book, replace_missing=True)
    assert report.replaced == ("TEA-1",)
    assert "??? Oolong" in page_texts(tmp_path / "a.pdf")[0]


def test_nothing_to_count_and_unknown_paper_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        write_count_sheets(tmp_path / "a.pdf", [])
    with pytest.raises(InvalidInput):
        write_count_sheets(tmp_path / "a.pdf", [sheet(0)])
    with pytest.raises(InvalidInput):
        write_count_sheets(tmp_path / "a.pdf", [sheet(1)], paper="A3")


def test_thousands_of_lines_tell_progress_and_can_be_stopped(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    report = write_count_sheets(
        tmp_path / "a.pdf", [sheet(2_000)], on_progress=lambda *said: told.append(said)
    )
    assert report.pages == 81 and told[-1] == (2_000, 2_000)
    with pytest.raises(Stopped):
        write_count_sheets(tmp_path / "b.pdf", [sheet(50)], should_stop=lambda: True)
    assert not (tmp_path / "b.pdf").exists()


def test_a_long_or_foreign_count_code_becomes_a_qr(tmp_path: Path) -> None:
    for code in ("Inventur-Zählung-2026", "COUNT-" * 8):
        one = CountSheet("Shop", code, "Zone", "now", lines(3))
        report = write_count_sheets(tmp_path / "a.pdf", [one])
        assert read(next(pages(tmp_path / "a.pdf", 300))) == [report.page_codes[0]]
