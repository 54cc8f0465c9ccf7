"""The settings of one computer: read whatever stands there, written without losing what people wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockshop.config import Station, read_station
from stockshop.errors import InvalidInput, NotWritten
from stockshop.services.station import change_station


def test_a_computer_without_a_file_has_the_usual_settings(tmp_path: Path) -> None:
    assert read_station(tmp_path / "station.toml") == (Station(), ())


def test_what_is_changed_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "new" / "station.toml"
    changed = change_station(
        path, look="light", dpi=203, scan_gap_ms=90, keyboard={"à": "0", "[": "]"},
        keys={"counter.undo": "ctrl+z,f12"}, papers_folder="C:\\Papers [new]",
    )  # fmt: skip
    assert read_station(path) == (changed, ())
    assert changed.keys["counter.undo"] == "ctrl+z,f12"
    assert changed.keyboard["["] == "]"


def test_comments_and_foreign_settings_stay(tmp_path: Path) -> None:
    path = tmp_path / "station.toml"
    path.write_text('# my own\nlook = "light"  # brighter\n[other]\nthing = 1\n', encoding="utf-8")
    change_station(path, language="de")
    text = path.read_text(encoding="utf-8")
    assert "# my own" in text and "# brighter" in text and "[other]" in text
    assert read_station(path)[0] == Station(language="de", look="light")


def test_a_setting_that_is_as_usual_leaves_the_file(tmp_path: Path) -> None:
    path = tmp_path / "station.toml"
    change_station(path, look="light", dpi=300)
    change_station(path, look="dark")
    assert "look" not in path.read_text(encoding="utf-8")
    assert read_station(path)[0] == Station(dpi=300)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ('look = "pink"', "look"),
        ("[printing]\ndpi = 77", "printing.dpi"),
        ('[scanner]\ngap_ms = "fast"', "scanner.gap_ms"),
        ("[scanner]\ngap_ms = true", "scanner.gap_ms"),
        ('[scanner.keyboard]\nab = "c"', "scanner.keyboard"),
        ("[keys]\nundo = 7", "keys"),
        ("keys = 3", "keys"),
    ],
)
def test_what_makes_no_sense_is_named_and_passed_over(tmp_path: Path, written: str, name: str) -> None:
    path = tmp_path / "station.toml"
    path.write_text(f'language = "fr"\n{written}\n', encoding="utf-8")
    station, (fault,) = read_station(path)
    assert station == Station(language="fr")
    assert f"'{name}'" in fault and str(path) in fault


@pytest.mark.parametrize("content", [b"look = ", b"\xff\xfe", b"[keys\n", b"a = " + b"[" * 20_000])
def test_a_broken_file_does_not_keep_the_shop_closed_and_is_not_overwritten(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "station.toml"
    path.write_bytes(content)
    station, (fault,) = read_station(path)
    assert station == Station() and str(path) in fault
    with pytest.raises(NotWritten, match="mend or remove"):
        change_station(path, look="light")
    assert path.read_bytes() == content


def test_an_impossible_value_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "station.toml"
    change_station(path, dpi=203)
    with pytest.raises(InvalidInput) as refused:
        change_station(path, look="light", dpi=77)
    assert refused.value.field == "dpi"
    assert read_station(path)[0] == Station(dpi=203)


@pytest.mark.parametrize("written", ["scanner = 5", "scanner = [1]", "[[scanner]]\na = 1"])
def test_nonsense_in_the_place_of_a_group_of_settings_gives_way(tmp_path: Path, written: str) -> None:
    path = tmp_path / "station.toml"
    path.write_text(f'language = "fr"\n{written}\n', encoding="utf-8")
    change_station(path, scan_prefix="")
    change_station(path, scan_prefix="~")
    change_station(path, look="light")
    assert read_station(path) == (Station(language="fr", look="light", scan_prefix="~"), ())
