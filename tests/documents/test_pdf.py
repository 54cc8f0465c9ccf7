"""Files that are complete or not there, pages of whole dots, and settings that keep viewers from scaling."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest

from stockshop.barcodes.gtin import check_digit
from stockshop.documents.fonts import FontBook
from stockshop.documents.labels import ShelfLabel, write_labels
from stockshop.documents.pdf import PdfFile, true_dpi
from stockshop.documents.sheets import MM, find_sheet
from stockshop.errors import InvalidInput, NotWritten

LABEL = ShelfLabel("Olive oil", "A1", "4006381333931", 349, "EUR", "de_DE")


@pytest.mark.parametrize("dpi", [203, 300, 600, 1200])
@pytest.mark.parametrize("name", ["Avery 5160", "L7160", "57x32 mm", "Dymo 99010"])
def test_the_page_is_the_stock_in_whole_dots(name: str, dpi: int, tmp_path: Path) -> None:
    sheet = find_sheet(name)
    write_labels(tmp_path / "a.pdf", [LABEL], sheet, dpi=dpi)
    page = pypdfium2.PdfDocument(tmp_path / "a.pdf")[0]
    scale = true_dpi(dpi) / 72
    for side, wanted in zip(page.get_size(), (sheet.page_w_pt, sheet.page_h_pt), strict=True):
        assert abs(side - wanted) < 0.5 / scale + 0.001
        assert side * scale == pytest.approx(round(side * scale), abs=0.02)
        assert side * scale < round(side * scale), "a viewer that rounds up must not add a dot"


def test_203_dpi_stands_for_eight_dots_a_millimetre() -> None:
    assert true_dpi(203) / 72 * MM == pytest.approx(8)
    for dpi in (0, 72, 99, 2401, -300):
        with pytest.raises(InvalidInput):
            true_dpi(dpi)


def test_viewers_are_told_not_to_scale_and_every_font_is_embedded(tmp_path: Path) -> None:
    write_labels(
        tmp_path / "a.pdf", [LABEL], find_sheet("5160"), title="Labels of Tuesday", author="Corner Shop"
    )
    data = (tmp_path / "a.pdf").read_bytes()
    assert re.search(rb"/PrintScaling\s*/None", data)
    assert b"Helvetica" not in data
    assert data.count(b"/FontFile2") == data.count(b"/Subtype /TrueType") > 0
    meta = pypdfium2.PdfDocument(tmp_path / "a.pdf").get_metadata_dict()
    assert meta["Title"] == "Labels of Tuesday"
    assert meta["Author"] == "Corner Shop"
    assert "Avery 5160" in meta["Subject"]
    assert meta["Creator"] == "stockshop"


def test_the_same_labels_give_the_same_file(tmp_path: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        write_labels(tmp_path / name, [LABEL], find_sheet("5160"))
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotWritten, match="There is no folder"):
        write_labels(tmp_path / "no" / "a.pdf", [LABEL], find_sheet("5160"))
    assert list(tmp_path.iterdir()) == []


def test_pages_are_compressed_as_they_are_added() -> None:
    pdf = PdfFile(200, 200, dpi=300, title="x", book=FontBook([]))
    for _ in range(3):
        pdf.add_page(["0 0 10 10 re f " * 2000])
    stored = [page.Contents.content for page in pdf._canvas._doc.Pages.pages]
    assert pdf.pages == 3 and max(map(len, stored)) < 1000
    assert all(page.stream is None for page in pdf._canvas._doc.Pages.pages)


def test_a_label_adds_few_bytes_to_the_file(tmp_path: Path) -> None:
    """At most 300 beside its text; compressed it is far less."""
    chance = random.Random(3)
    bodies = [f"{chance.randrange(10**12):012}" for _ in range(480)]
    labels = [ShelfLabel("", "", f"{body}{check_digit(body)}") for body in bodies]
    sheet = find_sheet("Zweckform 3474")
    sizes = []
    for count in (1, 480):
        report = write_labels(tmp_path / "a.pdf", labels[:count], sheet)
        sizes.append((tmp_path / "a.pdf").stat().st_size - 600 * report.pages)
    assert sizes[1] - sizes[0] < 479 * 200
