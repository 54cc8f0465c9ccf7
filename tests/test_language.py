"""One catalogue, one language at a time; what it does not know stays English."""

from __future__ import annotations

import gettext
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from stockshop import language
from stockshop.language import mark, speak, spoken, tr, trc, trn
from stockshop.quantity import find_unit


def compiled(catalogue: Catalog) -> io.BytesIO:
    stream = io.BytesIO()
    write_mo(stream, catalogue)
    stream.seek(0)
    return stream


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    speak("en")


@pytest.fixture
def bavarian() -> None:
    catalogue = Catalog(locale="de")
    catalogue.add("{many} in {place}", "in {place}: {many}")
    catalogue.add(("{count} bin", "{count} bins"), ("{count} Fach", "{count} Fächer"))
    catalogue.add("Count", "Zählen", context="verb")
    catalogue.add("Count", "Anzahl")
    language.use(gettext.GNUTranslations(compiled(catalogue)), "de")


def test_english_is_what_stands_in_the_code() -> None:
    assert tr("{many} in {place}", many=3, place="A-01") == "3 in A-01"
    assert trn("{count} bin", "{count} bins", 1) == "1 bin"
    assert trn("{count} bin", "{count} bins", 0) == "0 bins"
    assert trn("{count} bin", "{count} bins", 1_000, count="1,000") == "1,000 bins"
    assert trc("verb", "Count") == "Count"
    assert mark("Counter") == "Counter"
    assert tr("") == ""


def test_a_translation_puts_the_values_where_its_grammar_wants_them(bavarian: None) -> None:
    assert tr("{many} in {place}", many=3, place="A-01") == "in A-01: 3"
    assert trn("{count} bin", "{count} bins", 1) == "1 Fach"
    assert trn("{count} bin", "{count} bins", 7) == "7 Fächer"


def test_a_word_with_two_meanings_has_two_translations(bavarian: None) -> None:
    assert trc("verb", "Count") == "Zählen"
    assert tr("Count") == "Anzahl"


def test_a_unit_is_known_by_its_name_in_the_language_spoken_too() -> None:
    catalogue = Catalog(locale="fr")
    catalogue.add("each", "pièce")
    language.use(gettext.GNUTranslations(compiled(catalogue)), "fr")
    assert [find_unit(name).code for name in ("Pièce", "each", "kg")] == ["each", "each", "kg"]


def test_what_the_catalogue_does_not_know_stays_english(bavarian: None) -> None:
    assert tr("{many} of {point}", many=1, point=2) == "1 of 2"


def test_braces_in_a_product_name_are_no_places_for_values() -> None:
    assert tr("{product} is archived.", product="{0} {x} {") == "{0} {x} { is archived."
    assert tr("Nothing {here}") == "Nothing {here}"


def test_a_country_speaks_the_language_it_has_and_a_foreign_one_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "locale" / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = Catalog(locale="de")
    catalogue.add("Low", "Knapp")
    (folder / "stockshop.mo").write_bytes(compiled(catalogue).read())
    monkeypatch.setattr(language, "asset", lambda *parts: tmp_path.joinpath(*parts))
    language._loaded.cache_clear()
    assert language.tr_in("de_AT", "Low") == "Knapp"
    assert language.tr_in("sv_SE", "Low") == "Low"
    assert speak("de_AT") == "de"
    assert (tr("Low"), spoken()) == ("Knapp", "de")
    assert language.languages() == ("en", "de")
    assert speak("xx_XX") == "en"
    assert (tr("Low"), spoken()) == ("Low", "en")
    assert speak("../locale/de") == "en"
    language._loaded.cache_clear()
