"""Article numbers, their check digits, and the key under which a code is found again."""

from __future__ import annotations

import csv

import pytest
from biip.gtin import Gtin
from biip.upc import Upc
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum import isbn, issn

from stockshop.barcodes import check_digit, expand_upce, gtin14, is_restricted, lookup_key, shortest
from stockshop.barcodes.gtin import case_unit, compress_upca, isbn10_gtin, isbn10_of, issn_base, issn_gtin
from tests.shared_data import shared

DIGITS = st.text("0123456789", min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("printed", "key"),
    [
        ("96385074", "00000096385074"),
        ("036000291452", "00036000291452"),
        ("0036000291452", "00036000291452"),
        ("4006381333931", "04006381333931"),
        ("14006381333938", "14006381333938"),
    ],
)
def test_every_valid_gtin_has_one_form_of_fourteen_digits(printed: str, key: str) -> None:
    assert gtin14(printed) == key
    assert lookup_key(printed) == key


@pytest.mark.parametrize(
    "text",
    ["", "4006381333932", "400638133393", "40063813339310", "400638133393A", "４００６３８１３３３９３１",
     "²" * 8," 4006381333931", "٤٠٠٦٣٨١٣٣٣٩٣١"],
)  # fmt: skip
def test_what_is_no_gtin_is_none(text: str) -> None:
    assert gtin14(text) is None


@given(st.text("0123456789", min_size=7, max_size=13).filter(lambda body: len(body) in (7, 11, 12, 13)))
def test_a_number_is_valid_with_its_check_digit_and_with_no_other(body: str) -> None:
    right = check_digit(body)
    found = {digit for digit in range(10) if gtin14(f"{body}{digit}") is not None}
    assert found == {right}
    assert Gtin.parse(f"{body}{right}").as_gtin_14() == gtin14(f"{body}{right}")


@given(DIGITS)
def test_one_misread_digit_is_always_noticed(body: str) -> None:
    code = f"{body}{check_digit(body)}"
    for place, digit in enumerate(code):
        wrong = code[:place] + str((int(digit) + 1) % 10) + code[place + 1 :]
        assert int(wrong[-1]) != check_digit(wrong[:-1])


def test_the_real_gtins_of_a_food_catalogue_are_all_read() -> None:
    with shared("catalogues", "openfoodfacts_gtin_5k.csv").open(encoding="utf-8", newline="") as file:
        codes = [row["gtin"] for row in csv.DictReader(file)]
    assert len(codes) == 5_000
    refused = [code for code in codes if gtin14(code) != code.zfill(14)]
    assert refused == []
    assert len({lookup_key(code) for code in codes}) == len({code.zfill(14) for code in codes})
    shown = [code for code in codes if shortest(lookup_key(code)).zfill(14) != code.zfill(14)]
    assert shown == []


def test_codes_that_are_no_valid_gtin_are_kept_as_they_are() -> None:
    with shared("catalogues", "openfoodfacts_bad_codes_400.csv").open(encoding="utf-8", newline="") as file:
        codes = [row["code"] for row in csv.DictReader(file)]
    assert len(codes) == 400
    for code in codes:
        assert gtin14(code) is None
        assert lookup_key(code) == code


@given(st.sampled_from("01"), st.text("0123456789", min_size=6, max_size=6))
@example("0", "123456")
def test_a_upce_expands_as_the_standard_says(system: str, body: str) -> None:
    full = expand_upce(system + body)
    assert full == Upc.parse(system + body).as_upc_a()
    assert full is not None
    assert expand_upce(f"{system}{body}{full[-1]}") == full
    assert expand_upce(f"{system}{body}{(int(full[-1]) + 1) % 10}") is None
    if system == "0":
        assert expand_upce(body) == full


@given(st.sampled_from("01"), st.text("0123456789", min_size=6, max_size=6))
def test_a_short_upc_and_its_long_form_lead_to_each_other(system: str, body: str) -> None:
    full = expand_upce(system + body)
    assert full is not None
    short = compress_upca(f"00{full}")
    assert short is not None and len(short) == 8
    assert expand_upce(short) == full


@pytest.mark.parametrize(
    "text", ["", "12345", "21234565", "01234564", "ABCDEF", "123456789", "０１２３４５６５"]
)
def test_what_is_no_upce_is_not_expanded(text: str) -> None:
    assert expand_upce(text) is None


@given(st.text("0123456789", min_size=11, max_size=11))
def test_a_upca_is_only_shortened_when_the_short_form_means_it(body: str) -> None:
    full = f"{body}{check_digit(body)}"
    short = compress_upca(f"00{full}")
    assert short is None or expand_upce(short) == full


@given(st.text("0123456789", min_size=9, max_size=9), st.sampled_from("0123456789Xx"))
def test_an_isbn_of_ten_becomes_the_number_on_the_book_and_back(body: str, check: str) -> None:
    code = body + check
    gtin = isbn10_gtin(code)
    assert (gtin is not None) == isbn.is_valid(code)
    if gtin is not None:
        assert gtin == f"0{isbn.to_isbn13(code)}"
        assert isbn10_of(gtin) == code.upper()


@given(st.text("0123456789", min_size=7, max_size=7), st.sampled_from("0123456789Xx"))
def test_an_issn_becomes_the_number_on_the_magazine(body: str, check: str) -> None:
    code = body + check
    gtin = issn_gtin(code)
    assert (gtin is not None) == issn.is_valid(code)
    if gtin is not None:
        assert gtin == f"0{issn.to_ean(code)}"


def test_an_issue_of_a_magazine_leads_to_its_title() -> None:
    assert issn_base("09770378595026") == "09770378595002"
    assert issn_base("09770378595002") is None
    assert issn_base("09780306406157") is None


def test_a_case_leads_to_the_piece_in_it() -> None:
    assert case_unit("14006381333938") == "04006381333931"
    assert case_unit("04006381333931") is None


@pytest.mark.parametrize(
    ("body", "restricted"),
    [("201234567890", True), ("021234567890", True), ("041234567890", True), ("400638133393", False),
     ("0234567", True), ("2012345", True), ("9638507", False), ("001234567890", False),
     ("1201234567890", False)],
)  # fmt: skip
def test_numbers_for_use_inside_a_country_or_a_shop_are_known(body: str, restricted: bool) -> None:
    key = gtin14(f"{body}{check_digit(body)}")
    assert key is not None
    assert is_restricted(key) is restricted


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("0-306-40615-2", "09780306406157"),
        ("0 306 40615 2", "09780306406157"),
        ("ISBN 0-8044-2957-x", "09780804429573"),
        ("ISBN-10: 0306406152", "09780306406157"),
        ("ISBN 978-0-306-40615-7", "09780306406157"),
        ("978-0306406157", "09780306406157"),
        ("0378-5955", "09770378595002"),
        ("ISSN 0378-5955", "09770378595002"),
        ("ISSN 03785955", "09770378595002"),
    ],
)
def test_a_book_or_magazine_number_written_as_one_is_found_by_its_barcode(written: str, key: str) -> None:
    assert lookup_key(written) == key


@pytest.mark.parametrize(
    "code",
    ["0306406152", "080442957X", "03785955", "0-306-40615-3", "0378-5954", "SKU-0306406152", "abC-1", "ISBN",
     "IS-1", "12-34", "978-1", "٠٣٧٨-٥٩٥٥"],
)  # fmt: skip
def test_a_plain_code_keeps_its_characters_and_its_case(code: str) -> None:
    assert lookup_key(code) == code


@given(st.text(max_size=90))
def test_a_key_is_its_own_key(text: str) -> None:
    key = lookup_key(text)
    assert lookup_key(key) == key
