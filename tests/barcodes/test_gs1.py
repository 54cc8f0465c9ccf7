"""GS1 element strings and Digital Links: read whole and right, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockshop import clock
from stockshop.barcodes import digital_link, gs1, interpret
from stockshop.barcodes.model import GS, Elements, Gs1Error
from tests.barcodes.vectors import vectors


def fnc1(elements: Elements) -> str:
    return "^" + gs1.join(elements, "^")


def test_every_vector_in_brackets_is_read_or_refused() -> None:
    rows = vectors("bracketed_to_fnc1")
    assert len(rows) > 20
    for row in rows:
        if row.valid:
            assert fnc1(gs1.parse_bracketed(row.given)) == row.expected, row
        else:
            with pytest.raises(Gs1Error):
                gs1.parse_bracketed(row.given)
            assert {reading.kind for reading in interpret(row.given)} == {"code"}, row


def test_every_vector_with_separators_is_read_or_refused() -> None:
    rows = vectors("fnc1_validate")
    assert len(rows) > 70
    for row in rows:
        message = row.given.removeprefix("^").replace("^", GS)
        scanned = f"]C1{message}"
        if row.valid:
            elements = gs1.parse(message)
            assert gs1.parse(gs1.join(elements)) == elements
            assert fnc1(elements).replace("^", "") == row.given.replace("^", ""), row
            assert interpret(scanned)[-1].elements == elements
        elif row.given.startswith("^"):
            with pytest.raises(Gs1Error):
                gs1.parse(message)
            kinds = {reading.kind for reading in interpret(scanned)}
            assert "gs1" not in kinds, row


def scanned_text(text: str) -> str:
    return text.replace("<GS>", GS)


def data_of(text: str) -> str:
    """What the engine would give for a scanned text, made from our readings."""
    readings = interpret(text)
    found = next((each for each in readings if each.kind == "gs1"), None)
    if found is None:
        return readings[-1].text
    if text.startswith("]E"):
        return f"{text[3:].split('|')[0]}|{fnc1(found.elements[1:])}"
    return fnc1(found.elements)


def test_every_vector_of_a_scanner_is_read_or_refused() -> None:
    rows = vectors("scan_to_data")
    assert len(rows) > 50
    for row in rows:
        text = scanned_text(row.given)
        if not row.valid:
            kinds = {reading.kind for reading in interpret(text)} if text else {"code"}
            # A UPC-A sent with twelve digits behind ]E0 is tolerated: many scanners are set so.
            assert kinds == {"code"} or text == "]E0123456789012", row
        elif "//" in row.given:
            link = next(each for each in interpret(text) if each.kind == "digital-link")
            assert link.elements == (("01", "12312312312333"), ("99", "TEST"))
        elif row.given[3:]:
            assert data_of(text) == row.expected.replace("\\^", "^", 1).replace("\\\\", "\\"), row


def test_every_vector_a_scanner_would_send_leads_back_to_its_data() -> None:
    rows = [row for row in vectors("data_to_scan") if row.valid]
    assert len(rows) > 25
    for row in rows:
        text = scanned_text(row.expected)
        found = next((each for each in interpret(text) if each.kind == "gs1"), None)
        if "^" in row.given and not row.given.startswith(("\\", "TESTING")):
            assert found is not None, row
            wanted = row.given.removesuffix("^").split("|")
            values = dict(found.elements)
            number = wanted[0].removeprefix("^01") if "|" in row.given else values["01"]
            assert values["01"] == number.zfill(14), row
            rest = "^" + gs1.join([each for each in found.elements if each[0] != "01"], "^")
            assert rest == (wanted[1] if "|" in row.given else "^" + wanted[0][17:]), row
        else:
            assert found is None, row


def test_the_table_knows_every_identifier_of_the_dictionary() -> None:
    table = gs1.identifiers()
    assert len(table) > 500
    assert table["01"].title == "GTIN" and table["01"].fixed_length == 14
    assert table["3103"].fixed_length == 6 and table["10"].fixed_length is None
    assert table["99"].components[0].longest == 90
    codes = sorted(table)
    assert [a for a, b in pairwise(codes) if b.startswith(a)] == [], "none begins another"


@pytest.mark.parametrize(
    ("today", "short", "date"),
    [
        (2026, "260228", "2026-02-28"),
        (2026, "270200", "2027-02-28"),
        (2026, "280200", "2028-02-29"),
        (2026, "761231", "2076-12-31"),
        (2026, "770101", "1977-01-01"),
        (2026, "991231", "1999-12-31"),
        (2060, "050101", "2105-01-01"),
        (2060, "110101", "2011-01-01"),
        (2060, "100101", "2110-01-01"),
        (2026, "260229", None),
        (2026, "261301", None),
        (2026, "260001", None),
        (2026, "26021", None),
        (2026, "２６０２２８", None),
    ],
)
def test_a_date_of_six_digits_finds_its_century(today: int, short: str, date: str | None) -> None:
    instant_us = clock.from_datetime(datetime(today, 6, 1, tzinfo=UTC))
    with clock.using(lambda: instant_us):
        assert gs1.read_date(short) == date


def test_the_same_field_twice_with_other_values_is_refused() -> None:
    with pytest.raises(Gs1Error, match="twice"):
        gs1.parse(f"10A{GS}10B")
    assert gs1.parse(f"10A{GS}10A") == (("10", "A"), ("10", "A"))
    with pytest.raises(Gs1Error, match="twice"):
        digital_link.parse("https://id.gs1.org/01/04006381333931/10/A?10=B")


def test_an_element_string_to_print_has_separators_only_where_needed() -> None:
    message = gs1.join([("01", "04006381333931"), ("10", "AB"), ("17", "270131"), ("21", "7")])
    assert message == f"010400638133393110AB{GS}17270131217"
    with pytest.raises(Gs1Error):
        gs1.join([("01", "04006381333932")])


@pytest.mark.parametrize(
    ("link", "elements"),
    [
        ("https://id.gs1.org/01/04006381333931", "(01)04006381333931"),
        ("HTTPS://ID.GS1.ORG/01/04006381333931/10/AB-1", "(01)04006381333931(10)AB-1"),
        ("http://shop.example/some/path/01/04006381333931/22/2A/10/L/21/S?17=270131&linkType=all",
         "(01)04006381333931(22)2A(10)L(21)S(17)270131"),
        ("https://id.gs1.org/01/4006381333931", "(01)04006381333931"),
        ("https://id.gs1.org/gtin/4006381333931/lot/A?3103=001250&15=270000", None),
        ("https://id.gs1.org/gtin/4006381333931/lot/A?3103=001250&15=270200",
         "(01)04006381333931(10)A(3103)001250(15)270200"),
        ("https://id.gs1.org/01/04006381333931/10/A%2FB%26C#here", "(01)04006381333931(10)A/B&C"),
        ("https://id.gs1.org/00/340123450000000000", "(00)340123450000000000"),
        ("https://id.gs1.org/8006/040063813339310102/21/9", "(8006)040063813339310102(21)9"),
        ("https://id.gs1.org/01/04006381333931/235/X", "(01)04006381333931(235)X"),
        ("https://id.gs1.org/01/04006381333931?17=270131;10=B", "(01)04006381333931(17)270131(10)B"),
    ],
)  # fmt: skip
def test_a_digital_link_gives_its_key_and_what_belongs_to_it(link: str, elements: str | None) -> None:
    if elements is None:
        with pytest.raises(Gs1Error):
            digital_link.parse(link)
    else:
        assert digital_link.parse(link) == gs1.parse_bracketed(elements)


@pytest.mark.parametrize(
    "link",
    ["https://id.gs1.org/01/04006381333932", "https://id.gs1.org/01/04006381333931/21/S/10/L",
     "https://id.gs1.org/01/04006381333931/10/L/235/X", "https://id.gs1.org/00/340123450000000000/10/A",
     "https://id.gs1.org/01/04006381333931?17=271301", "https://id.gs1.org/01/04006381333931?10=",
     "https://id.gs1.org/01/04006381333931/10/%00", "https://id.gs1.org/01/%FF"],
)  # fmt: skip
def test_a_digital_link_with_a_fault_gives_nothing(link: str) -> None:
    with pytest.raises(Gs1Error):
        digital_link.parse(link)
    readings = interpret(link)
    assert [reading.kind for reading in readings] == ["code"]
    assert readings[0].warnings


@pytest.mark.parametrize(
    "link",
    ["https://example.org", "https://example.org/", "https://example.org/about/us", "http://", "https:///01/x",
     "https://example.org/?01=04006381333931", "ftp://id.gs1.org/01/04006381333931", "https://a/10/L"],
)  # fmt: skip
def test_a_web_address_without_a_key_is_a_plain_code(link: str) -> None:
    assert digital_link.parse(link) is None
    readings = interpret(link)
    assert [reading.kind for reading in readings] == ["code"]
    assert readings[0].warnings == ()


VALUES = st.text(st.characters(codec="ascii", min_codepoint=33, max_codepoint=122), min_size=1, max_size=20)


@given(lot=VALUES, serial=VALUES)
def test_what_is_written_as_an_element_string_is_read_back(lot: str, serial: str) -> None:
    allowed = not set(lot + serial) & set("#$@[\\]^`")
    elements = (("01", "04006381333931"), ("10", lot), ("17", "270131"), ("21", serial))
    if allowed:
        assert gs1.parse(gs1.join(elements)) == elements
        typed = "".join(f"({code})" + value.replace("(", r"\(") for code, value in elements)
        assert gs1.parse_bracketed(typed) == elements
    else:
        with pytest.raises(Gs1Error):
            gs1.join(elements)
