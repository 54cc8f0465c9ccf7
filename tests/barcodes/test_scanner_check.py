"""Whatever the keyboard makes of the known codes: what is told about the scanner is right."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockshop.barcodes import GS
from stockshop.barcodes.scanner_check import (
    ALL_CHARACTERS,
    CODES,
    LINES,
    CheckCode,
    RawScan,
    diagnose,
)

# The keys of an American keyboard in their rows, and what other layouts have on the same keys.
AMERICAN = "`1234567890-=~!@#$%^&*()_+qwertyuiop[]\\QWERTYUIOP{}|asdfghjkl;'ASDFGHJKL:\"zxcvbnm,./ZXCVBNM<>? "
FRENCH = "²&é\"'(-è_çà)=³1234567890°+azertyuiop^$*AZERTYUIOP¨£µqsdfghjklmùQSDFGHJKLM%wxcvbn,;:!WXCVBN?./§ "
GERMAN = "^1234567890ß´°!\"§$%&/()=?`qwertzuiopü+#QWERTZUIOPÜ*'asdfghjklöäASDFGHJKLÖÄyxcvbnm,.-YXCVBNM;:_ "
RUSSIAN = 'ё1234567890-=Ё!"№;%:?*()_+йцукенгшщзхъ\\ЙЦУКЕНГШЩЗХЪ/фывапролджэФЫВАПРОЛДЖЭячсмитьбю.ЯЧСМИТЬБЮ, '
LAYOUTS = {"French": FRENCH, "German": GERMAN, "Russian": RUSSIAN}


def as_typed(text: str, layout: Mapping[str, str]) -> str:
    return "".join(layout.get(char, char) for char in text)


def scanned(
    layout: Mapping[str, str], *, before: str = "", behind: str = "", codes: tuple[CheckCode, ...] = CODES
) -> list[RawScan]:
    return [RawScan(as_typed(f"{before}{code.text}{behind}", layout), "CR", 8.0) for code in codes]


def test_the_lines_hold_every_character_there_is() -> None:
    assert set("".join(code.text for code in CODES if code.is_line)) == ALL_CHARACTERS
    assert len({len(code.text) for code in CODES if code.is_line}) == len(LINES) == 8


def test_a_scanner_that_is_set_up_well_has_nothing_to_be_told() -> None:
    found = diagnose(scanned({}))
    assert list(found.heard) == [code.name for code in CODES]
    assert (found.ends, found.slowest_gap_ms, found.prefix, found.suffix) == (("CR",), 8.0, "", "")
    assert (found.separator, found.identifiers, found.keyboard, found.lost) == (GS, False, {}, ())
    assert not found.layout_is_wrong and not found.caps_lock and found.gap_ms == 60


@pytest.mark.parametrize("name", LAYOUTS)
@pytest.mark.parametrize("before", ["", "~", "#1", "]C1"])
def test_a_wrong_layout_is_undone_completely(name: str, before: str) -> None:
    layout = dict(zip(AMERICAN, LAYOUTS[name], strict=True))
    assert set(layout) == ALL_CHARACTERS
    found = diagnose(scanned(layout, before=before))
    assert [one.code.name for one in found.heard.values()] == [code.name for code in CODES]
    assert found.map_is_complete and found.lost == ()
    for char in ALL_CHARACTERS:
        assert found.keyboard.get(layout[char], layout[char]) == char
    assert found.prefix == ("" if before == "]C1" else before)
    assert found.identifiers is (before == "]C1")
    assert found.separator == GS


@given(st.permutations(sorted(ALL_CHARACTERS - {" "})), st.randoms(use_true_random=False))
def test_any_layout_is_undone_in_any_order_of_scanning(shuffled: list[str], order: object) -> None:
    layout = dict(zip(sorted(ALL_CHARACTERS - {" "}), shuffled, strict=True))
    codes = list(CODES)
    order.shuffle(codes)  # type: ignore[attr-defined]
    found = diagnose(scanned(layout, codes=tuple(codes)))
    assert [name for name in found.heard] == [code.name for code in codes]
    if not found.caps_lock and found.layout_is_wrong:
        assert all(found.keyboard.get(layout[char], layout[char]) == char for char in layout)


def test_half_the_page_is_not_enough_to_undo_a_layout() -> None:
    layout = dict(zip(AMERICAN, FRENCH, strict=True))
    found = diagnose(scanned(layout, codes=CODES[:7]))
    assert found.layout_is_wrong and found.missing_lines == 6 and not found.map_is_complete
    assert found.keyboard["&"] == "1"


def test_caps_lock_is_told_from_a_layout() -> None:
    found = diagnose([RawScan(code.text.swapcase(), "CR", 8.0) for code in CODES])
    assert found.caps_lock and not found.layout_is_wrong and not found.map_is_complete


def test_a_scanner_that_makes_capitals_of_all_letters_is_told() -> None:
    found = diagnose([RawScan(code.text.upper(), "CR", 8.0) for code in CODES])
    assert found.one_case and not found.layout_is_wrong and not found.strange


@pytest.mark.parametrize(("arrives", "told"), [("", ""), ("^", "^"), (GS, GS)])
def test_the_separator_arrives_is_lost_or_is_another_sign(arrives: str, told: str) -> None:
    found = diagnose([RawScan(code.text.replace(GS, arrives), "CR", 8.0) for code in CODES])
    assert found.separator == told
    assert not found.layout_is_wrong


def test_characters_that_a_dead_key_swallows_are_named() -> None:
    layout = {**dict(zip(AMERICAN, FRENCH, strict=True)), "[": "", "{": ""}
    found = diagnose(scanned(layout))
    assert len(found.heard) == len(CODES) and not found.strange
    assert {"[", "{"} <= set(found.lost)
    assert found.keyboard["à"] == "0"


def test_something_else_is_none_of_the_codes() -> None:
    found = diagnose([RawScan("4006381333931", "CR"), RawScan("M6X40", "CR"), RawScan("", "")])
    assert found.heard == {} and found.strange == ("4006381333931", "M6X40", "")


def test_what_is_scanned_again_counts_as_it_came_last() -> None:
    found = diagnose([RawScan("à" * 14), *scanned({}), RawScan(CODES[0].text, "TAB", 90.0)])
    assert found.ends == ("CR", "TAB") and found.slowest_gap_ms == 90.0
    assert found.gap_ms == 130 and found.heard["digits"].scan.end == "TAB"


def test_a_scanner_slower_than_any_setting_has_none() -> None:
    assert diagnose([RawScan(CODES[0].text, "CR", 190.0)]).gap_ms is None


def test_what_is_sent_behind_every_code_is_told() -> None:
    assert diagnose(scanned({}, behind="%")).suffix == "%"
    assert diagnose(scanned({}, behind="%", codes=CODES[:1])).suffix == ""
