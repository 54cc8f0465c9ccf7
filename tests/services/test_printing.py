"""Labels and count sheets out of the shop's own facts."""

from __future__ import annotations

from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest
import zxingcpp

from stockshop.documents.labels import LabelsRefused
from stockshop.errors import InvalidInput, NotFound
from stockshop.services import catalogue, printing, stock
from stockshop.services.shop import Shop
from stockshop.services.stock import LineRequest


@pytest.fixture
def bolts(shop: Shop) -> Shop:
    catalogue.add_product(
        shop, "Ada", sku="M6", name="M6 bolt [zinc]", price_minor=35, preferred_bin="A-01",
        barcodes=("4006381333931", ("14006381333938", 12_000)),
    )  # fmt: skip
    catalogue.add_product(shop, "Ada", sku="OWN-7", name="Hinge", price_minor=450, preferred_bin="A-02")
    stock.post_entry(shop, "Ada", "receive", [LineRequest("M6", 3_000), LineRequest("OWN-7", 1_000)])
    return shop


def codes_on(path: Path) -> list[str]:
    """What a scanner reads on all pages."""
    document = pypdfium2.PdfDocument(path)
    found = []
    for page in document:
        image = page.render(scale=300 / 72).to_pil().convert("L")
        found += [symbol.text for symbol in zxingcpp.read_barcodes(image)]
    return found


def words_on(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_a_label_scans_as_the_piece_and_not_as_the_case(bolts: Shop, tmp_path: Path) -> None:
    out = tmp_path / "labels.pdf"
    report = printing.print_labels(bolts, out, codes=["M6", "OWN-7"], sheet="Avery L7160")
    assert report.printed == 2
    assert sorted(codes_on(out)) == ["4006381333931", "OWN-7"]


def test_a_zone_is_printed_in_walking_order_with_a_label_for_each_piece(bolts: Shop, tmp_path: Path) -> None:
    out = tmp_path / "labels.pdf"
    report = printing.print_labels(bolts, out, zone="SHOP-A", sheet="Avery L7160", copies=printing.ON_HAND)
    assert report.printed == 4
    assert codes_on(out).count("4006381333931") == 3


@pytest.mark.parametrize("symbol", ["qr", "code128"])
def test_a_number_is_printed_as_the_symbol_asked_for(bolts: Shop, tmp_path: Path, symbol: str) -> None:
    out = tmp_path / "labels.pdf"
    printing.print_labels(bolts, out, codes=["M6"], sheet="Avery L7160", symbol=symbol)
    (found,) = zxingcpp.read_barcodes(
        pypdfium2.PdfDocument(out)[0].render(scale=300 / 72).to_pil().convert("L")
    )
    assert (found.text, found.format.name.lower()) == (
        "4006381333931",
        "qrcode" if symbol == "qr" else symbol,
    )


def test_where_bars_do_not_fit_the_digits_alone_do(bolts: Shop, tmp_path: Path) -> None:
    out = tmp_path / "labels.pdf"
    with pytest.raises(LabelsRefused, match="print it as QR, or print the number without bars"):
        printing.print_labels(bolts, out, codes=["M6"], sheet="Avery L4730")
    report = printing.print_labels(bolts, out, codes=["M6"], sheet="Avery L4730", symbol="none")
    assert (report.printed, codes_on(out)) == (1, [])
    with pytest.raises(InvalidInput, match="one of"):
        printing.print_labels(bolts, out, codes=["M6"], symbol="aztec")


def test_what_cannot_be_printed_is_refused(bolts: Shop, tmp_path: Path) -> None:
    out = tmp_path / "labels.pdf"
    for options in ({}, {"codes": ["M6"], "zone": "SHOP-A"}, {"codes": ["M6"], "copies": 0}):
        with pytest.raises(InvalidInput):
            printing.print_labels(bolts, out, **options)
    with pytest.raises(NotFound):
        printing.print_labels(bolts, out, zone="SHOP-B")
    with pytest.raises(NotFound):
        printing.print_labels(bolts, out, codes=["M6"], sheet="Nobody 123")
    assert not out.exists()


def test_a_count_sheet_is_blind_unless_it_is_asked_to_inform(bolts: Shop, tmp_path: Path) -> None:
    stock.post_entry(bolts, "Ada", "receive", [LineRequest("M6", 7_770_000, to_bin="A-01")])
    blind, informed = tmp_path / "blind.pdf", tmp_path / "informed.pdf"
    report = printing.print_count_sheets(bolts, blind, ["SHOP-A"])
    printing.print_count_sheets(bolts, informed, ["SHOP-A"], informed=True)
    assert report.lines == 2
    assert "7773" not in words_on(blind) and "M6 bolt [zinc]" in words_on(blind)
    assert "7773" in words_on(informed)
    assert list(report.page_codes) == codes_on(blind)


def test_a_product_that_belongs_to_a_bin_is_counted_there_though_none_is_left(
    bolts: Shop, tmp_path: Path
) -> None:
    out = tmp_path / "sheet.pdf"
    assert printing.print_count_sheets(bolts, out, ["A-02"]).lines == 1
    with pytest.raises(NotFound):
        printing.print_count_sheets(bolts, out, ["NOWHERE"])
