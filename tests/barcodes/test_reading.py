"""What a scanned or typed text may mean, in the order it is to be tried."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockshop.barcodes import (
    DEFAULT,
    GS,
    REGIONS,
    SCAN_LIMIT,
    Reading,
    ScanSettings,
    interpret,
    split_multiplier,
)
from stockshop.errors import InvalidInput
from stockshop.text import printable
from tests.shared_data import shared

PENCIL = "04006381333931"


def kinds(text: str, settings: ScanSettings = DEFAULT) -> list[str]:
    return [reading.kind for reading in interpret(text, settings)]


def gs1_reading(text: str, settings: ScanSettings = DEFAULT) -> Reading:
    return next(reading for reading in interpret(text, settings) if reading.kind == "gs1")


def test_a_plain_ean_has_one_reading_its_key_first_then_its_text_as_a_sku() -> None:
    assert interpret("4006381333931") == (
        Reading("gtin", "4006381333931", (PENCIL, "4006381333931"), gtin=PENCIL),
    )


def test_a_plain_code_keeps_its_case() -> None:
    assert interpret("Shelf-7b") == (Reading("code", "Shelf-7b", ("Shelf-7b",)),)


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\t", " ", "\t\r\n"])
def test_what_a_scanner_sends_behind_a_code_is_taken_off(end: str) -> None:
    assert interpret(f"4006381333931{end}") == interpret("4006381333931")


def test_a_scanners_own_prefix_and_suffix_are_taken_off_when_set() -> None:
    settings = ScanSettings(prefix="\x02F", suffix="#")
    assert interpret("\x02F4006381333931#\r", settings) == interpret("4006381333931")
    assert interpret("4006381333931", settings) == interpret("4006381333931")
    assert interpret("F4006381333931#") == (Reading("code", "F4006381333931#", ("F4006381333931#",)),)


@pytest.mark.parametrize(
    "text",
    ["]E04006381333931", "]A04006381333931", "]C04006381333931", "]I104006381333931", "]d14006381333931",
     "]Q14006381333931", "]E3400638133393112", "]E3400638133393112345", "4006381333931"],
)  # fmt: skip
def test_a_symbology_identifier_is_no_part_of_the_number(text: str) -> None:
    assert any(reading.keys[:1] == (PENCIL,) for reading in interpret(text))


def test_a_code_of_ours_that_begins_like_a_symbology_identifier_is_found_first() -> None:
    first, second = interpret("]A0X-1")
    assert first.keys == ("]A0X-1",)
    assert second.keys == ("X-1",)


@pytest.mark.parametrize("text", ["]", "]X", "]XX", "]?0ABC", "]C", "]CGABC"])
def test_what_is_no_symbology_identifier_stays(text: str) -> None:
    assert interpret(text) == (Reading("code", text, (text,)),)


def test_the_same_upc_is_the_same_key_in_all_its_forms() -> None:
    long = interpret("012345000065")
    assert long[0].keys[0] == interpret("0012345000065")[0].keys[0] == "00012345000065"
    assert interpret("]E001234565")[1].keys == ("00012345000065",)
    assert interpret("]E0012345000065")[1].keys[0] == "00012345000065"


def test_eight_digits_that_are_an_ean8_and_a_upce_ask_unless_found_as_they_stand() -> None:
    exact, other = interpret("01234565")
    assert (exact.keys[0], exact.ambiguous) == ("00000001234565", False)
    assert (other.keys, other.ambiguous) == (("00012345000065",), True)


def test_a_scanner_that_says_which_it_was_settles_it() -> None:
    assert [each.gtin for each in interpret("]E401234565")] == [None, "00000001234565"]
    assert interpret("]E001234565")[1].gtin == "00012345000065"
    assert not any(each.ambiguous for each in interpret("]E001234565"))


@pytest.mark.parametrize("text", ["]E014006381333938", "]E44006381333931", "]E04006381333932", "]E496385075"])
def test_a_number_of_the_wrong_length_for_its_symbology_is_no_gtin(text: str) -> None:
    assert [each.gtin for each in interpret(text)] == [None, None]


def test_eight_digits_that_are_only_a_upce_need_no_question() -> None:
    first, second = interpret("04252614")
    assert first.kind == "code"
    assert (second.keys, second.ambiguous) == (("00042100005264",), False)


def test_a_product_kept_under_its_short_upc_is_found_by_the_long_one() -> None:
    assert ("04252614",) in [each.keys for each in interpret("042100005264")]


def test_a_book_is_found_by_its_old_number_and_by_its_new_one() -> None:
    assert [each.keys[0] for each in interpret("0306406152")] == ["0306406152", "09780306406157"]
    assert [each.keys[0] for each in interpret("9780306406157")] == ["09780306406157", "0306406152"]
    assert interpret("0-306-40615-2")[0].keys[0] == "09780306406157"
    assert interpret("978030640615751299")[1].keys == ("09780306406157",), "with the price add-on"


def test_any_issue_of_a_magazine_leads_to_its_title() -> None:
    assert [each.keys[0] for each in interpret("9770378595026")] == ["09770378595026", "09770378595002"]


def test_the_code_of_a_case_offers_the_piece_but_asks() -> None:
    case, piece = interpret("14006381333938")
    assert case.keys[0] == "14006381333938"
    assert (piece.kind, piece.keys, piece.ambiguous) == ("pack", (PENCIL,), True)
    assert "how many" in piece.warnings[0]


def test_a_case_with_a_lot_says_the_lot_of_the_piece_too() -> None:
    readings = interpret("0114006381333938" + "10L7")
    assert [(each.kind, each.lot) for each in readings] == [("code", None), ("gs1", "L7"), ("pack", "L7")]


def test_brackets_typed_by_a_person_are_read() -> None:
    reading = gs1_reading("(01) 04006381333931 (17) 270131 (10) AB-1")
    assert (reading.gtin, reading.lot, reading.expiry) == (PENCIL, "AB-1", "2027-01-31")


def test_a_name_in_brackets_is_no_gs1_code() -> None:
    assert interpret("(promo) pencils")[0].warnings == ()
    assert interpret("(01)4006381333932")[0].warnings != ()


@pytest.mark.parametrize(
    "text",
    ["9780306406157", "96385074", "9638507412", "10ABCDEFGHIJKLMNOP", "21-SERIAL-0000000001",
     "010400638133393", "0104006381333932", "0012345678901234567", "99TESTINGTESTINGTEST",
     "3103001250310300125"],
)  # fmt: skip
def test_a_plain_number_is_not_mistaken_for_an_element_string(text: str) -> None:
    readings = interpret(text)
    assert "gs1" not in [reading.kind for reading in readings]
    assert readings[0].warnings == ()


def test_a_leading_or_a_contained_separator_marks_an_element_string() -> None:
    assert gs1_reading(f"{GS}10AB").lot == "AB"
    assert gs1_reading(f"10AB{GS}17270131").expiry == "2027-01-31"


@pytest.mark.parametrize("sign", ["^", "<GS>", "{GS}", "~"])
def test_a_sign_stands_for_the_separator_only_when_the_shop_says_so(sign: str) -> None:
    text = f"01{PENCIL}10AB{sign}17270131"
    told = gs1_reading(text, ScanSettings(separators=(sign,)))
    assert (told.lot, told.expiry) == ("AB", "2027-01-31")
    untold = [reading for reading in interpret(text) if reading.kind == "gs1"]
    assert all(reading.expiry is None for reading in untold)


@pytest.mark.parametrize(
    "fields",
    ["10ABC12317270131", "10ABC12315270100", "21SER00110L7", "10L7172701313103001250", "10BATCH000121SER001"],
)
def test_a_lost_separator_is_noticed(fields: str) -> None:
    readings = interpret(f"01{PENCIL}{fields}")
    warned = any("set the scanner to send GS" in each for each in readings[1].warnings)
    assert warned == (fields != "21SER00110L7"), "a short serial may well hold 10"


def test_a_lot_that_is_too_long_hints_at_the_lost_separator() -> None:
    readings = interpret(f"01{PENCIL}10ABCDEFGHIJ17270131" + "21SERIAL0001")
    assert [reading.kind for reading in readings] == ["code"]
    assert "set the scanner to send GS" in readings[0].warnings[0]


@pytest.mark.parametrize(
    "fields", ["10ABC123", "17270131" + "10L2207", f"10ABC12317270131{GS}21X", "10L-1799"]
)
def test_an_ordinary_lot_raises_no_alarm(fields: str) -> None:
    assert gs1_reading(f"01{PENCIL}{fields}").warnings == ()


def test_a_damaged_gs1_code_says_what_is_wrong() -> None:
    readings = interpret("]C10104006381333932" + "10A")
    assert {reading.kind for reading in readings} == {"code"}
    assert "(01) GTIN is wrong" in readings[0].warnings[0]


def test_a_qr_code_with_a_digital_link_is_read_behind_its_identifier() -> None:
    for text in (
        "]Q1https://id.gs1.org/01/04006381333931/10/AB?17=270131",
        "HTTPS://ID.GS1.ORG/01/04006381333931/10/AB?17=270131",
    ):
        reading = interpret(text)[-1]
        assert reading.kind == "digital-link"
        assert (reading.keys, reading.lot, reading.expiry) == ((PENCIL,), "AB", "2027-01-31")


def test_an_ean_with_a_composite_part_brings_what_the_part_says() -> None:
    reading = gs1_reading(f"]E04006381333931|]e010L7{GS}17270131")
    assert (reading.gtin, reading.lot, reading.expiry) == (PENCIL, "L7", "2027-01-31")


@pytest.mark.parametrize(
    ("typed", "split"),
    [
        ("12*4006381333931", (12_000, "4006381333931")),
        ("12 * 4006381333931", (12_000, "4006381333931")),
        ("12 x 4006381333931", (12_000, "4006381333931")),
        ("12 X", (12_000, "")),
        ("3×ABC", (3_000, "ABC")),
        ("2.5*A", (2_500, "A")),
        ("2,5*A", (2_500, "A")),
        ("0.125*A", (125, "A")),
        ("12*", (12_000, "")),
        ("12*3*A", (12_000, "3*A")),
        ("999999*A", (999_999_000, "A")),
        ("12x34", None),
        ("12 x34", None),
        ("4006381333931", None),
        ("4006381333931*2", None),
        ("*A", None),
        ("-1*A", None),
        ("1.2345*A", None),
        ("A*12", None),
        ("١٢*A", None),
        ("", None),
    ],
)
def test_a_multiplier_before_a_code(typed: str, split: tuple[int, str] | None) -> None:
    assert split_multiplier(typed) == split


def test_zero_times_a_code_is_refused() -> None:
    with pytest.raises(InvalidInput, match="Zero") as caught:
        split_multiplier("0*ABC")
    assert caught.value.field == "quantity"


@pytest.mark.parametrize("text", ["", "  ", "\r\n", "\x00\x01", "\u200b\u202e", GS])
def test_an_empty_scan_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="empty"):
        interpret(text)


def test_a_text_longer_than_any_code_is_refused() -> None:
    with pytest.raises(InvalidInput, match="too long"):
        interpret("1" * (SCAN_LIMIT + 1))
    assert interpret("1" * SCAN_LIMIT)[0].keys == ()


SETTINGS = st.builds(
    ScanSettings,
    region=st.sampled_from([None, *REGIONS]),
    prefix=st.text(max_size=2),
    suffix=st.text(max_size=2),
    separators=st.lists(st.text(max_size=2), max_size=2).map(tuple),
)
ALMOST = st.lists(
    st.sampled_from(["]C1", "]E0", "]e0", "]Q1", "|]e0", "(", ")", "\\", "01", "02", "00", "8006", "10", "17",
                     "21", "30", "3103", "392", "393", "8003", "7007", PENCIL, "270200", "A", "9", "0", GS,
                     "\r", "^", "*", "https://a/", "/01/", "?", "=", "&", "%", "%2", "%FF", "٣", "²", "é",
                     "\u202e", "\ud800"]),
    max_size=14,
).map("".join)  # fmt: skip


@given(st.one_of(st.text(max_size=SCAN_LIMIT + 10), ALMOST), SETTINGS)
def test_no_text_breaks_the_reader(text: str, settings: ScanSettings) -> None:
    try:
        readings = interpret(text, settings)
    except InvalidInput:
        return
    assert readings[0].kind in ("code", "gtin")
    for reading in readings:
        assert reading.text and printable(reading.text) == reading.text and all(reading.keys)
        assert reading.gtin is None or (len(reading.gtin) == 14 and reading.gtin.isascii())
        json.dumps([reading.expiry, reading.lot, str(reading.price), reading.warnings])


@given(st.one_of(st.text(max_size=60), ALMOST))
def test_no_text_breaks_the_multiplier(text: str) -> None:
    try:
        split = split_multiplier(text)
    except InvalidInput:
        return
    assert split is None or split[0] > 0


def test_hostile_lines_are_plain_codes_or_refused() -> None:
    lines = shared("hostile", "blns.txt").read_text(encoding="utf-8").splitlines()
    assert len(lines) > 400
    for line in lines:
        try:
            readings = interpret(line)
        except InvalidInput:
            continue
        assert [reading.kind for reading in readings if reading.kind in ("gs1", "digital-link", "rcn")] == []
        assert printable(readings[0].text) == readings[0].text


def test_every_code_of_a_food_catalogue_is_found_as_it_stands() -> None:
    for name, column in (("openfoodfacts_gtin_5k.csv", "gtin"), ("openfoodfacts_bad_codes_400.csv", "code")):
        with shared("catalogues", name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                code = row[column]
                first = interpret(code, ScanSettings(region="fr"))[0]
                assert code in first.keys or code.zfill(14) in first.keys
                assert first.kind == ("gtin" if column == "gtin" else "code")
                assert "gs1" not in kinds(code) or len(code) >= 16


def test_a_real_message_that_lost_its_separator_is_not_trusted() -> None:
    glued = gs1_reading("010347676011037710817115191220")
    assert "set the scanner to send GS" in glued.warnings[0]
    torn = interpret("010360438025953810074303915131109910309000977")
    assert len(torn) == 1
    assert "set the scanner to send GS" in torn[0].warnings[0]


def test_eight_digits_that_pass_for_an_issn_ask_first() -> None:
    assert [(each.kind, each.ambiguous) for each in interpret("01414437")] == [
        ("code", False),
        ("issn", True),
    ]
    assert [(each.kind, each.ambiguous) for each in interpret("2434561X")][1:] == [("issn", False)]


@pytest.mark.parametrize("piece", ["(", "((01)", "\\(", "01", "]C1" + GS, "%2", "/01/", "1 ", "0.", "(01)\\"])
def test_the_longest_text_costs_no_more_than_its_length(piece: str) -> None:
    """Work is counted, not timed: each character is looked at a bounded number of times."""
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    for text in ((piece * SCAN_LIMIT)[:SCAN_LIMIT], f"https://a{(piece * SCAN_LIMIT)[:480]}"):
        sys.setprofile(count)
        try:
            interpret(text)
            split_multiplier(text)
        finally:
            sys.setprofile(None)
    assert calls < 40_000


def test_a_code_is_read_without_any_reader_library_being_loaded() -> None:
    script = (
        "import sys; from stockshop.barcodes import interpret; interpret('4006381333931');"
        "unwanted = ('biip', 'stdnum', 'babel', 'stockshop.barcodes.gs1');"
        "print([name for name in unwanted if name in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env={**os.environ}
    )
    assert result.stdout.strip() == "[]"
