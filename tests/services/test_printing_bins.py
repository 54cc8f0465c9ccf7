"""Labels for places that scan and can be read from afar."""

from __future__ import annotations

from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest
import zxingcpp

from stockshop.errors import InvalidInput, NotFound
from stockshop.services import locations
from stockshop.services.printing_bins import bin_labels, print_bin_labels
from stockshop.services.shop import Shop


def test_a_bins_label_scans_as_the_bin_and_shows_its_code_large(shop: Shop, tmp_path: Path) -> None:
    out = tmp_path / "bins.pdf"
    report = print_bin_labels(shop, ["A-03", "BIN-B-01", "RECEIVING"], out, sheet="Avery L7160")
    assert (report.printed, report.pages, report.refused) == (3, 1, ())
    with pypdfium2.PdfDocument(out) as pdf:
        page = pdf[0].render(scale=4).to_pil()
        text = pdf[0].get_textpage()
        said = text.get_text_range()
        text.close()
    assert {found.text for found in zxingcpp.read_barcodes(page)} == {"BIN-A-03", "BIN-B-01", "BIN-RECEIVING"}
    assert "A-03" in said and "Shelf 3" in said and "Rack 1" in said


def test_a_bin_without_a_name_of_its_own_has_that_of_its_zone(shop: Shop) -> None:
    locations.add_place(shop, "Ada", "bin", "A-07", parent="SHOP-A")
    label, site = bin_labels(shop, ["A-07", "SHOP"])
    assert (label.name, label.headline, label.code) == ("Shop floor", "A-07", "BIN-A-07")
    assert site.name == "Shop"


def test_nothing_is_written_for_a_bin_that_is_not_there(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="Z-9"):
        print_bin_labels(shop, ["A-01", "Z-9"], tmp_path / "a.pdf")
    with pytest.raises(InvalidInput):
        print_bin_labels(shop, [], tmp_path / "a.pdf")
    with pytest.raises(InvalidInput):
        print_bin_labels(shop, ["A-01"], tmp_path / "a.pdf", copies=0)
    assert list(tmp_path.glob("*.pdf")) == []
