"""Weights and prices inside a code, country by country, and the shop's own numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from biip import ParseConfig, ParseError
from biip.gtin import Gtin
from biip.rcn import Rcn, RcnRegion
from hypothesis import given
from hypothesis import strategies as st

from stockshop.barcodes import (
    REGIONS,
    Reading,
    ScanSettings,
    check_digit,
    compile_pattern,
    gtin14,
    in_store_number,
    interpret,
)
from stockshop.barcodes.scale import layouts, read_scale_code, verifier_digit
from stockshop.errors import InvalidInput, Refused


def code(body: str) -> str:
    return f"{body}{check_digit(body)}"


def scale_reading(text: str, settings: ScanSettings) -> Reading | None:
    return next((reading for reading in interpret(text, settings) if reading.kind == "rcn"), None)


@pytest.mark.parametrize(
    ("value", "digit"), [("2875", 9), ("14685", 6), ("0000", 0), ("00000", 0), ("1099", 0), ("12345", 8)]
)
def test_the_verifier_digit_is_that_of_the_standard(value: str, digit: int) -> None:
    assert verifier_digit(value) == digit


@pytest.mark.parametrize(
    ("region", "body", "item", "kind", "value"),
    [
        ("at", "281234501234", "12345", "weight", "1.234"),
        ("be", "231234500250", "12345", "price", "2.50"),
        ("ca", "021234501099", "12345", "price", "10.99"),
        ("ch", "231234500250", "12345", "price", "2.50"),
        ("de", "281234614685", "1234", "weight", "14.685"),
        ("de", "221234614685", "1234", "price", "146.85"),
        ("de", "251234614685", "1234", "count", "14685"),
        ("dk", "231234000250", "1234", "price", "2.50"),
        ("dk", "271234501234", "12345", "weight", "1.234"),
        ("ee", "241234561234", "123456", "weight", "12.34"),
        ("es", "211234501234", "12345", "weight", "1.234"),
        ("fi", "231234561234", "123456", "weight", "1.234"),
        ("fr", "231234500250", "12345", "price", "2.50"),
        ("gb", "201234592875", "12345", "price", "28.75"),
        ("gb", "021234592875", "12345", "price", "28.75"),
        ("it", "212345600250", "123456", "price", "2.50"),
        ("lt", "251234561234", "123456", "weight", "123.4"),
        ("lv", "231234561234", "123456", "weight", "1.234"),
        ("nl", "211234501234", "12345", "weight", "1.234"),
        ("no", "211234561234", "123456", "price", "123.4"),
        ("pl", "291234501234", "12345", "weight", "1.234"),
        ("pt", "211234501234", "12345", "weight", "1.234"),
        ("se", "201234561234", "123456", "price", "12.34"),
        ("se", "221234561234", "123456", "price", "1234"),
        ("se", "231234561234", "123456", "weight", "1.234"),
        ("us", "021234592875", "12345", "price", "28.75"),
    ],
)
def test_each_region_reads_its_example(region: str, body: str, item: str, kind: str, value: str) -> None:
    key = gtin14(code(body))
    assert key is not None
    found = read_scale_code(key, layouts(region, ()))
    assert found is not None
    assert (found.item, found.kind, found.value) == (item, kind, Decimal(value))
    assert found.verified


def test_every_region_says_where_its_layout_comes_from() -> None:
    for region in REGIONS.values():
        assert region.source
        assert layouts(region.code, ())
        prefixes = [layout.prefix for layout in layouts(region.code, ())]
        assert len(prefixes) == len(set(prefixes))


@given(
    st.sampled_from(list(RcnRegion)),
    st.sampled_from("0123456789"),
    st.text("0123456789", min_size=10, max_size=10),
)
def test_the_published_layouts_agree_with_an_independent_reader(
    region: RcnRegion, digit: str, rest: str
) -> None:
    text = code(f"2{digit}{rest}")
    key = gtin14(text)
    assert key is not None
    found = read_scale_code(key, layouts(region.value, ()))
    try:
        other = Gtin.parse(text, config=ParseConfig(rcn_region=region, rcn_verify_variable_measure=True))
    except ParseError:
        assert found is not None and not found.verified
        return
    assert isinstance(other, Rcn)
    measures = {"weight": other.weight, "price": other.price, "count": other.count}
    known = {kind: value for kind, value in measures.items() if value is not None}
    if found is not None and known:
        assert known == {found.kind: found.value}
        assert other.without_variable_measure().as_gtin_14() == found.gtin
        assert other.item_reference == found.item
    elif found is not None:
        assert (region, text[:2]) == (RcnRegion.GREAT_BRITAIN, "28"), "newer than that reader"
    else:
        assert known == {}


@given(
    st.sampled_from(sorted(REGIONS)),
    st.text("0123456789", min_size=10, max_size=10),
    st.sampled_from(["02", "20", "21", "22", "23", "24", "25", "26", "27", "28", "29"]),
)
def test_pieces_of_one_item_share_a_key_whatever_they_weigh(region: str, rest: str, prefix: str) -> None:
    key = gtin14(code(prefix + rest))
    assert key is not None
    found = read_scale_code(key, layouts(region, ()))
    if found is not None:
        again = read_scale_code(found.gtin, layouts(region, ()))
        assert again is not None and again.verified
        assert (again.gtin, again.item, again.value) == (found.gtin, found.item, Decimal(0))
        assert gtin14(found.gtin) == found.gtin


def test_a_weighed_piece_is_found_by_its_item_and_brings_its_weight() -> None:
    settings = ScanSettings(scale_patterns=("21IIIIIWWWWWC",))
    text = code("210004201234")
    reading = scale_reading(text, settings)
    assert reading is not None
    zeroed = gtin14(code("210004200000"))
    assert reading.keys == (zeroed, "00042", "42")
    assert (reading.quantity_milli, reading.unit, reading.weight_milli) == (1234, "kg", 1234)
    assert interpret(text, settings)[0].keys[0] == gtin14(text), "an exact barcode of ours comes first"


def test_a_priced_piece_brings_its_price_and_no_quantity() -> None:
    reading = scale_reading(code("231234500250"), ScanSettings(scale_patterns=("23IIIIIPPPPPC",)))
    assert reading is not None
    assert (reading.price, reading.quantity_milli, reading.weight_milli) == (Decimal("2.50"), None, None)


def test_a_counted_piece_brings_its_count() -> None:
    settings = ScanSettings(scale_patterns=("25IIIIINNNNNC",))
    reading = scale_reading(code("251234500006"), settings)
    assert reading is not None
    assert (reading.quantity_milli, reading.unit) == (6000, "each")


def test_a_price_that_contradicts_its_verifier_is_not_used() -> None:
    reading = scale_reading(code("201234582875"), ScanSettings(region="gb"))
    assert reading is not None
    assert reading.price is None
    assert "type the price" in reading.warnings[0]


def test_a_random_weight_upc_is_read_with_twelve_digits_and_with_thirteen() -> None:
    upc = code("21234592875")
    for text in (upc, f"0{upc}", f"]E00{upc}"):
        reading = scale_reading(text, ScanSettings(region="us"))
        assert reading is not None
        assert (reading.text, reading.price) == ("12345", Decimal("28.75"))


def test_without_a_region_no_weight_is_guessed() -> None:
    assert scale_reading(code("211234501234"), ScanSettings()) is None


def test_the_shops_own_pattern_replaces_the_regions() -> None:
    settings = ScanSettings(region="de", scale_patterns=("28IIIIIWWWWWC:2",))
    reading = scale_reading(code("281234501234"), settings)
    assert reading is not None
    assert reading.weight_milli == 12_340
    assert scale_reading(code("291234614685"), settings) is None


def test_the_longest_prefix_decides() -> None:
    settings = ScanSettings(scale_patterns=("2IIIIIIPPPPPC", "217IIIIWWWWWC"))
    weighed = scale_reading(code("217123401234"), settings)
    priced = scale_reading(code("218123401234"), settings)
    assert weighed is not None and weighed.weight_milli == 1234
    assert priced is not None and priced.price == Decimal("12.34")


@pytest.mark.parametrize(
    "pattern",
    ["", "hello", "21IIIIIWWWWW", "21IIIIIWWWWWWC", "40IIIIIWWWWWC", "21WWWWWWWWWWC", "21IIIIVVWWWWC",
     "21IIIVWWWWWWC", "21IIIIIWWPPPC", "21IIIIIWWWWWC:9", "21IIIIIWWWWWC:", "I" * 10_000, "21IIIIIWWWWWC\n;"],
)  # fmt: skip
def test_a_pattern_that_makes_no_sense_is_refused_with_an_example(pattern: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        compile_pattern(pattern)
    assert caught.value.field == "scale_patterns"


def test_an_unknown_region_is_refused_with_the_choices() -> None:
    with pytest.raises(InvalidInput, match="choose one of at, be") as caught:
        interpret("4006381333931", ScanSettings(region="xx"))
    assert caught.value.field == "region"


@given(st.sampled_from([None, *REGIONS]), st.integers(0, 10**10 - 1))
def test_own_numbers_are_valid_and_never_the_scales(region: str | None, sequence: int) -> None:
    settings = ScanSettings(region=region)
    number = in_store_number(sequence, settings)
    assert len(number) == 13 and gtin14(number) is not None
    assert scale_reading(number, settings) is None
    if sequence:
        assert in_store_number(sequence - 1, settings) != number


def test_own_numbers_take_the_first_range_the_scale_leaves_free() -> None:
    assert in_store_number(0) == code("200000000000")
    assert in_store_number(7, ScanSettings(region="se")).startswith("26")
    assert in_store_number(7, ScanSettings(region="it")).startswith("04"), "Italy's scales use all of 20-29"
    assert in_store_number(7, ScanSettings(in_store_prefix="27")) == code("270000000007")


def test_own_numbers_end_with_a_clear_refusal() -> None:
    assert in_store_number(10**10 - 1)
    with pytest.raises(Refused, match="used up"):
        in_store_number(10**10)
    with pytest.raises(Refused):
        in_store_number(-1)


@pytest.mark.parametrize("prefix", ["40", "", "2", "2x", "021", "٢٠"])
def test_own_numbers_keep_to_the_ranges_free_for_shops(prefix: str) -> None:
    with pytest.raises(InvalidInput, match="20 to 29 or 04"):
        in_store_number(1, ScanSettings(in_store_prefix=prefix))


def test_own_numbers_may_not_take_the_scales_prefix() -> None:
    with pytest.raises(InvalidInput, match="are the scale's"):
        in_store_number(1, ScanSettings(region="de", in_store_prefix="28"))
    everything = ScanSettings(scale_patterns=("2IIIIIIWWWWWC", "04IIIIIWWWWWC"))
    with pytest.raises(InvalidInput, match="are the scale's"):
        in_store_number(1, everything)
