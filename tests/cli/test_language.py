"""The command line speaks this computer's language, else the shop's; programs always read the same words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from stockshop import language
from stockshop.cli import main
from tests.bare_texts import Marked, marked
from tests.cli.conftest import Shell


@pytest.fixture
def spoken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was spoken, one after the other; every locale but English has the marked letters."""
    said: list[str] = []

    def speak(locale: str) -> str:
        said.append(locale)
        if locale.startswith("en") or not locale:
            return language.speak("en")
        language.use(Marked(), locale)
        return locale

    monkeypatch.setattr("stockshop.cli.base.speak", speak)
    return said


@pytest.fixture
def no_station(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A computer without settings, in surroundings that say nothing."""
    path = tmp_path / "station.toml"
    monkeypatch.setenv("STOCKSHOP_STATION", str(path))
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    yield path


def test_with_a_shop_its_language_is_spoken(desk: Shell, spoken: list[str], no_station: Path) -> None:
    assert marked("Nothing runs low.") in desk.done("low")
    assert spoken[-1] == "de_DE"


def test_this_computers_language_goes_before_the_shops(
    desk: Shell, spoken: list[str], no_station: Path
) -> None:
    no_station.write_text('language = "en"\n', encoding="utf-8")
    assert "Nothing runs low." in desk.done("low")
    assert "de_DE" not in spoken


def test_programs_read_the_same_words_everywhere(desk: Shell, spoken: list[str], no_station: Path) -> None:
    no_station.write_text('language = "fr"\n', encoding="utf-8")
    for words in (("--json", "scan", "NOBODY-KNOWS"), ("scan", "NOBODY-KNOWS", "--json")):
        assert json.loads(desk.done(*words))["kind"] == "unknown"
        assert language.tr("Nothing runs low.") == "Nothing runs low."
    refused = desk("stock", "NOBODY-KNOWS", "--json")
    assert refused.exit_code == 1
    assert json.loads(refused.stderr)["error"]["message"].isascii()
    (answer,) = desk.post({"id": "1", "kind": "fly", "lines": []})
    assert "is not a kind of entry" in answer["why"]


@pytest.mark.parametrize("words", [[], ["import", "products"], ["product"], ["new"]], ids=" ".join)
def test_help_is_looked_up_to_the_last_word(words: list[str], spoken: list[str], no_station: Path) -> None:
    no_station.write_text('language = "fr"\n', encoding="utf-8")
    said = CliRunner().invoke(main, [*words, "--help"], catch_exceptions=False).output
    assert marked("Print the answer as JSON") in said
    text = {
        "": "Stock control for a small shop.",
        "import products": "Add products from a file",
        "product": "Products: find, add, change, price",
        "new": "Make an empty shop.",
    }[" ".join(words)]
    assert marked(text) in said


def test_without_settings_the_surroundings_say_which_language(
    spoken: list[str], no_station: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "fr_CA.UTF-8")
    CliRunner().invoke(main, ["--help"], catch_exceptions=False)
    assert spoken == ["fr_CA"]
