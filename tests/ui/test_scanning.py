"""The detector: a person is never a scanner, a scanner always is."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockshop.ui.scanning import (
    GS,
    Detector,
    Scan,
    ScanSettings,
    character_of,
    code_lines,
    split_multiplier,
)

TYPED = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Z")) | st.sampled_from("\r\t\n"))
CODES = st.text(st.sampled_from('0123456789ABCXYZabcxyz-/@"#~.%+$]'), min_size=4, max_size=60)
DIGITS = st.text(st.sampled_from("0123456789"), min_size=4, max_size=40)


@dataclass
class Station:
    """A detector with its keys and deadlines, in a time of its own."""

    settings: ScanSettings = field(default_factory=ScanSettings)
    hold_from: int = 3
    at: float = 100.0
    scans: list[Scan] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.detector: Detector[str] = Detector(self.settings)

    def wait(self, seconds: float) -> None:
        """Time goes by; deadlines on the way are kept."""
        until = self.at + seconds
        for _ in range(4):
            deadline = self.detector.deadline
            if deadline is None or deadline > until:
                break
            outcome = self.detector.expire(deadline)
            self.passed += outcome.passed
            self.scans += [outcome.scan] if outcome.scan else []
        self.at = until

    def key(self, char: str, after_ms: float) -> None:
        self.wait(after_ms / 1000)
        outcome = self.detector.feed(char, self.at, char, hold_from=self.hold_from)
        self.scans += [outcome.scan] if outcome.scan else []
        self.passed += outcome.passed

    def burst(self, text: str, *, gap_ms: float = 5, end: str = "\r") -> None:
        for number, char in enumerate(text + end):
            self.key(char, gap_ms if number else 1_000)
        self.wait(1)

    @property
    def codes(self) -> list[str]:
        return [scan.code for scan in self.scans]


@given(TYPED, st.data(), st.sampled_from([1, 3]))
def test_a_person_typing_is_never_a_scanner(text: str, data: st.DataObject, hold_from: int) -> None:
    station = Station(hold_from=hold_from)
    for char in text:
        station.key(char, data.draw(st.floats(80, 250)))
    station.wait(2)
    assert station.codes == []
    assert "".join(station.passed) == text


@given(st.text("0123456789", max_size=3), st.data())
def test_a_short_quantity_and_a_quick_enter_is_never_a_scan(text: str, data: st.DataObject) -> None:
    station = Station()
    for char in text + "\r":
        station.key(char, data.draw(st.floats(0, 250)))
    station.wait(2)
    assert station.codes == []
    assert "".join(station.passed) == text + "\r"


@given(CODES, st.data(), st.sampled_from(["\r", "\n", "\t", "\r\n"]), st.sampled_from([1, 3]))
def test_a_burst_with_an_end_key_is_always_one_scan(
    code: str, data: st.DataObject, end: str, hold_from: int
) -> None:
    station = Station(hold_from=hold_from)
    for char in code + end:
        station.key(char, data.draw(st.floats(0, 60)))
    station.wait(2)
    assert station.codes == [code]
    assert "\r" not in station.passed and "\n" not in station.passed and "\t" not in station.passed
    assert "".join(station.passed) == code[: len(station.passed)] and station.scans[0].landed == len(
        station.passed
    )


@given(CODES.filter(lambda code: len(code) >= 6 and len(set(code)) > 1 and len(set(code[:6])) > 1))
def test_a_burst_without_an_end_key_ends_by_silence(code: str) -> None:
    station = Station()
    station.burst(code, end="")
    assert station.codes == [code]


@given(DIGITS.filter(lambda code: len(set(code)) > 1), st.data())
def test_a_slow_wireless_scanner_is_heard_when_the_station_says_so(code: str, data: st.DataObject) -> None:
    station = Station(ScanSettings(gap_ms=130))
    for char in code + "\r":
        station.key(char, data.draw(st.floats(60, 120)))
    station.wait(2)
    assert station.codes == [code]


def test_a_whole_code_in_one_read_has_gaps_of_nothing() -> None:
    station = Station()
    station.burst("https://id.gs1.org/01/04006381333931/10/A", gap_ms=0)
    assert station.codes == ["https://id.gs1.org/01/04006381333931/10/A"]


def test_two_codes_in_one_read_are_two_scans() -> None:
    station = Station()
    station.burst("4006381333931\r96385074", gap_ms=0)
    assert station.codes == ["4006381333931", "96385074"]


def test_only_the_first_two_keys_reach_a_field_and_none_reaches_a_list() -> None:
    in_field, in_list = Station(hold_from=3), Station(hold_from=1)
    in_field.burst("4006381333931")
    in_list.burst("4006381333931")
    assert in_field.passed == ["4", "0"] and in_field.scans[0].landed == 2
    assert in_list.passed == [] and in_list.scans[0].landed == 0


def test_keys_are_kept_back_from_the_third_on_until_the_code_has_ended() -> None:
    detector: Detector[str] = Detector()
    kept = []
    for number, char in enumerate("40123\r"):
        detector.feed(char, number * 0.005, char)
        kept.append(detector.is_keeping_back)
    assert kept == [False, False, True, True, True, False]


def test_the_separator_is_kept_and_other_control_keys_are_swallowed() -> None:
    station = Station()
    station.burst(f"\x02]C1010400638133393110AB{GS}1726\x1e0101\x11\x03\x04")
    assert station.codes == [f"]C1010400638133393110AB{GS}17260101"]
    assert station.scans[0].controls == ("STX", "GS", "RS", "DC1", "ETX", "EOT")
    assert not set(station.passed) & set("\x02\x03\x04\x11\x1e\x1d")


def test_a_control_key_of_its_own_is_passed_on_a_moment_later() -> None:
    station = Station()
    station.key("\x11", 1_000)
    assert station.passed == []
    station.wait(0.03)
    assert station.passed == ["\x11"]


def test_the_same_code_twice_within_half_a_second_is_a_stutter() -> None:
    station = Station()
    for pause_ms in (1_000, 400, 700):
        for number, char in enumerate("4006381333931\r"):
            station.key(char, 0 if number else pause_ms)
    assert [scan.stutter for scan in station.scans] == [False, True, False]


def test_two_different_codes_at_once_are_no_stutter() -> None:
    station = Station()
    station.burst("4006381333931\r4006381333948\r4006381333931", gap_ms=2)
    assert [scan.stutter for scan in station.scans] == [False, False, False]


@pytest.mark.parametrize("char", ["0", "x", " ", "-"])
def test_a_key_held_down_repeats_and_is_no_scan(char: str) -> None:
    station = Station()
    for number in range(40):
        station.key(char, 33 if number else 400)
        assert len(station.passed) == number + 1, "what a person holds down must show at once"
    station.wait(1)
    assert station.codes == []


def test_an_arrow_key_ends_the_run() -> None:
    station = Station()
    for char in ("1", "2", "3", "", "4", "5", "\r"):
        station.key(char, 5)
    assert station.codes == []
    assert station.passed == ["1", "2", "3", "", "4", "5", "\r"]


def test_a_scanner_that_falters_does_not_leave_half_a_code() -> None:
    station = Station()
    for number, char in enumerate("4006381333931\r"):
        station.key(char, 110 if number == 7 else 8)
    assert station.codes == ["4006381333931"]


def test_a_prefix_removes_the_guessing_and_is_taken_off() -> None:
    station = Station(ScanSettings(prefix="~"))
    station.burst("~A1", gap_ms=200)
    station.burst("~4006381333931", gap_ms=3)
    station.burst("~B2", gap_ms=3, end="")
    assert station.codes == ["A1", "4006381333931", "B2"]
    assert station.passed == [], "a prefix is kept back from the first key on"


def test_a_prefix_typed_by_a_person_comes_through_in_the_end() -> None:
    station = Station(ScanSettings(prefix="~"))
    station.key("~", 1_000)
    station.wait(1)
    station.key("a", 1_000)
    station.wait(1)
    assert station.passed == ["~", "a"]
    assert station.codes == []


def test_at_a_slow_station_a_word_typed_quickly_stays_a_word() -> None:
    station = Station(ScanSettings(gap_ms=150))
    station.burst("hammer", gap_ms=100)
    assert station.codes == []
    assert "".join(station.passed) == "hammer\r"


@given(CODES, st.data(), st.integers(20, 200), st.booleans())
def test_every_code_is_heard_at_every_speed_that_is_allowed(
    code: str, data: st.DataObject, gap_ms: int, is_checking: bool
) -> None:
    station = Station(ScanSettings(gap_ms=gap_ms, is_checking=is_checking))
    for char in f"0{code}\r":
        station.key(char, data.draw(st.floats(0, gap_ms)))
    station.wait(2)
    assert station.codes == [f"0{code}"]


@given(CODES, st.data(), st.integers(20, 200))
def test_behind_a_prefix_every_code_is_heard_at_any_speed(
    code: str, data: st.DataObject, gap_ms: int
) -> None:
    station = Station(ScanSettings(gap_ms=gap_ms, prefix="~"))
    for char in f"~{code}\r":
        station.key(char, data.draw(st.floats(0, min(gap_ms, 60))))
    station.wait(2)
    assert station.codes == [code] and station.passed == []


FRENCH = dict(zip("&é\"'(-è_çà²a", "1234567890~q", strict=True))


@given(DIGITS, st.sampled_from(["", "~"]), st.integers(20, 200))
def test_a_wrong_layout_is_undone_in_scans_also_for_the_prefix(code: str, prefix: str, gap_ms: int) -> None:
    back = {printed: arrives for arrives, printed in FRENCH.items()}
    station = Station(ScanSettings(gap_ms=gap_ms, prefix=prefix, keyboard=FRENCH))
    station.burst("".join(back[char] for char in prefix + code), gap_ms=gap_ms)
    assert station.codes == [code]


@given(TYPED, st.data(), st.sampled_from(["", "~"]))
def test_what_a_person_types_is_left_as_it_is_in_any_layout(
    text: str, data: st.DataObject, prefix: str
) -> None:
    station = Station(ScanSettings(keyboard=FRENCH, prefix=prefix))
    for char in text.replace("²", ""):
        station.key(char, data.draw(st.floats(80, 250)))
    station.wait(2)
    assert station.codes == [] or prefix
    if not prefix:
        assert "".join(station.passed) == text.replace("²", "")


@given(st.lists(st.tuples(st.sampled_from("01aZ-\r\t\x1d\x11"), st.floats(0, 300))))
def test_when_somebody_else_watches_the_keys_nothing_is_lost(keys: list[tuple[str, float]]) -> None:
    station = Station()
    for char, after_ms in keys:
        station.key(char, after_ms)
    rest = station.detector.give_up().passed
    assert station.detector.deadline is None
    if not station.scans:
        assert station.passed + rest == [char for char, _ in keys]


def test_each_trembling_is_counted() -> None:
    station = Station()
    for _ in range(4):
        for number, char in enumerate("4006381333931\r"):
            station.key(char, 3 if number else 100)
    assert [scan.repeats for scan in station.scans] == [0, 1, 2, 3]


def test_settings_out_of_range_are_brought_into_range() -> None:
    assert ScanSettings(gap_ms=5).gap_ms == 20
    assert ScanSettings(gap_ms=999).gap_ms == 200


def test_the_speed_is_measured_for_the_scanner_check() -> None:
    station = Station()
    station.burst("4006381333931", gap_ms=17, end="\t")
    assert station.scans[0].slowest_gap_ms == pytest.approx(17, abs=0.01)
    assert station.scans[0].end == "TAB"


@given(st.lists(st.tuples(st.sampled_from("01aZ-\r\t\x1d\x11") | st.just(""), st.floats(0, 300))))
def test_every_key_is_passed_on_once_or_belongs_to_a_scan(keys: list[tuple[str, float]]) -> None:
    station = Station()
    for char, after_ms in keys:
        station.key(char, after_ms)
    station.wait(3)
    assert station.detector.deadline is None
    sent = [char for char, _ in keys]
    rest = iter(sent)
    assert all(char in rest for char in station.passed), "in order"
    if not station.scans:
        assert station.passed == sent


@pytest.mark.parametrize(
    ("key", "character", "expected"),
    [
        ("a", "a", "a"),
        ("enter", "\r", "\r"),
        ("ctrl+j", "\n", "\n"),
        ("tab", "\t", "\t"),
        ("ctrl+right_square_bracket", "\x1d", GS),
        ("ctrl+right_square_bracket", None, GS),
        ("unknown", "\x1d", GS),
        ("ctrl+circumflex_accent", None, "\x1e"),
        ("ctrl+q", None, "\x11"),
        ("ctrl+d", "\x04", "\x04"),
        ("left", None, ""),
        ("f2", None, ""),
        ("escape", "\x1b", ""),
        ("backspace", "\x7f", ""),
        ("minus", "-", "-"),
    ],
)
def test_keys_are_known_by_name_and_by_character(key: str, character: str | None, expected: str) -> None:
    assert character_of(key, character) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12*4006381333931", ("12", "4006381333931")),
        ("1,5*rope", ("1,5", "rope")),
        ("12*", ("12", "")),
        ("*ABC*", ("", "*ABC*")),
        ("A*12", ("", "A*12")),
        ("4006381333931", ("", "4006381333931")),
    ],
)
def test_a_number_and_a_star_multiply(text: str, expected: tuple[str, str]) -> None:
    assert split_multiplier(text) == expected


@pytest.mark.parametrize(
    ("text", "in_list", "in_field"),
    [
        ("4006381333931", 1, 1),
        ("4006381333931\r\n", 1, 1),
        ("M6X40", 1, 0),
        ("M6X40\n", 1, 1),
        (f"0104006381333931{GS}10AB", 1, 1),
        ("]E04006381333931", 1, 1),
        ("Wood glue", 0, 0),
        ("Wood glue 250", 1, 0),
        ("abc", 0, 0),
        ("", 0, 0),
        ("Müllbeutel", 0, 0),
        ("4006381333931\n96385074\n", 2, 0),
    ],
)
def test_a_paste_is_codes_or_text(text: str, in_list: int, in_field: int) -> None:
    assert len(code_lines(text, in_text_field=False)) == in_list
    assert len(code_lines(text, in_text_field=True)) == in_field
