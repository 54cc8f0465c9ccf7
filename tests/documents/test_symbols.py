"""Data and its symbol: what is chosen, and what is refused before a single bar is drawn."""

from __future__ import annotations

import pytest

from stockshop.documents.symbols import Symbology, choose, encode, find_symbology
from stockshop.errors import InvalidInput


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("4006381333931", Symbology.EAN13),
        ("0012345678905", Symbology.EAN13),
        ("012345678905", Symbology.UPCA),
        ("96385074", Symbology.EAN8),
        ("15400141288763", Symbology.ITF14),
        ("04006381333931", Symbology.EAN13),
        ("00000096385074", Symbology.EAN8),
        ("4006381333930", Symbology.CODE128),
        ("SKU-0001", Symbology.CODE128),
        ("٤٠٠٦٣٨١٣٣٣٩٣١", Symbology.QR),
        ("käse", Symbology.QR),
        ("https://example.com/01/04006381333931", Symbology.QR),
        ("A" * 49, Symbology.QR),
    ],
)
def test_the_symbology_is_chosen_from_the_data(code: str, kind: Symbology) -> None:
    assert choose(code) is kind
    assert encode(code).symbology is kind


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (Symbology.EAN13, "4006381333932"),
        (Symbology.EAN13, "40063813339310"),
        (Symbology.EAN13, "400638133393"),
        (Symbology.EAN13, "٤٠٠٦٣٨١٣٣٣٩٣١"),
        (Symbology.EAN8, "96385075"),
        (Symbology.EAN8, "9638507"),
        (Symbology.UPCA, "012345678906"),
        (Symbology.UPCE, "21234565"),
        (Symbology.UPCE, "01234566"),
        (Symbology.ITF14, "15400141288764"),
        (Symbology.CODE128, "käse"),
        (Symbology.CODE128, "A" * 49),
        (Symbology.CODE39, "abc"),
        (Symbology.CODE39, "A_B"),
        (Symbology.CODE39, "A%B"),
        (Symbology.QR, "x" * 501),
        (Symbology.CODE128, ""),
        (Symbology.CODE128, "a\tb"),
        (Symbology.QR, "a\ud800b"),
        (Symbology.QR, "a\u202eb"),
    ],
)
def test_what_is_not_valid_for_a_symbology_is_refused_and_never_mended(kind: Symbology, code: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        encode(code, kind)
    assert refusal.value.field == "code"


def test_an_isbn_an_issn_and_hyphens_become_the_ean_13_of_the_book() -> None:
    assert encode("3-16-148410-X", Symbology.EAN13).content == "9783161484100"
    assert encode("978-3-16-148410-0", Symbology.EAN13).content == "9783161484100"
    assert encode("0317-8471", Symbology.EAN13).content == "9770317847001"


def test_upc_e_takes_six_digits_or_eight() -> None:
    assert encode("123456", Symbology.UPCE).content == "01234565"
    assert encode("01234565", Symbology.UPCE).rows == encode("123456", Symbology.UPCE).rows
    assert len(encode("123456", Symbology.UPCE).rows[0]) == 51


@pytest.mark.parametrize(
    ("code", "kind", "modules"),
    [
        ("4006381333931", Symbology.EAN13, 113),
        ("012345678905", Symbology.UPCA, 113),
        ("01234565", Symbology.UPCE, 67),
        ("96385074", Symbology.EAN8, 81),
        ("15400141288763", Symbology.ITF14, 155),
    ],
)
def test_symbols_have_the_standards_width_with_their_quiet_zones(
    code: str, kind: Symbology, modules: int
) -> None:
    assert encode(code, kind).modules == modules


@pytest.mark.parametrize("said", ["EAN-13", "ean13", "Ean 13"])
def test_a_symbology_is_found_however_it_is_written(said: str) -> None:
    assert find_symbology(said) is Symbology.EAN13
    with pytest.raises(InvalidInput, match="Code 128"):
        find_symbology("PDF417")
