"""The scanner check page: on paper, every code reads as the app expects it."""

from __future__ import annotations

from pathlib import Path

import pytest
import zxingcpp

from stockshop.barcodes import GS
from stockshop.barcodes.scanner_check import CODES, RawScan, diagnose
from stockshop.documents.scanner_check import gs1_128, symbol_of, write_scanner_check
from stockshop.errors import InvalidInput
from tests.documents.rendering import page_texts, pages


def read_plainly(image: object) -> dict[str, str]:
    """Every code's text as a scanner sends it, and its symbology identifier."""
    found = zxingcpp.read_barcodes(image, try_downscale=False, text_mode=zxingcpp.TextMode.Plain)
    return {one.text: one.symbology_identifier for one in found}


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_every_code_on_the_page_is_read_as_it_is_expected(tmp_path: Path, paper: str) -> None:
    out = tmp_path / "check.pdf"
    write_scanner_check(out, paper=paper)
    [image] = pages(out, 300)
    read = read_plainly(image)
    assert set(read) == {code.text for code in CODES}
    assert read[next(code.text for code in CODES if code.name == "gs1")] == "]C1"
    found = diagnose([RawScan(identifier + text, "CR", 5.0) for text, identifier in read.items()])
    assert len(found.heard) == len(CODES) and found.identifiers and found.separator == GS
    assert not found.layout_is_wrong


def test_every_code_has_its_name_and_its_text_beside_it(tmp_path: Path) -> None:
    out = tmp_path / "check.pdf"
    write_scanner_check(out)
    [text] = page_texts(out)
    for code in CODES:
        assert code.label in text
    assert "(01)09506000134352(10)Lot-7b(21)99" in text and "AaZzQqWwMmYyAa" in text


def test_no_bar_is_too_wide_for_a_hand_scanner() -> None:
    # At the target size of 0.33 mm most hand scanners read 80 mm at arm's length.
    for code in CODES:
        assert symbol_of(code).modules * 0.33 < 100


@pytest.mark.parametrize("text", [f"10A1{GS}21B", "010950600013435217261231", f"10{'7' * 9}{GS}3712"])
def test_a_gs1_code_switches_between_digits_and_letters(text: str) -> None:
    symbol = gs1_128(text)
    width = len(symbol.rows[0])
    # Start, data, check: eleven modules each; the stop has thirteen.
    assert (width - 13) % 11 == 0 and symbol.content == text


def test_what_is_no_gs1_code_and_other_paper_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        gs1_128("M6X40")
    with pytest.raises(InvalidInput, match="A4 or Letter"):
        write_scanner_check(tmp_path / "check.pdf", paper="A5")
