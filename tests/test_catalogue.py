"""Every text for people is in the catalogue, and every language says the same about the same values."""

from __future__ import annotations

import ast
import gettext
import importlib
import inspect
import pkgutil
import string
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from textual.binding import Binding

import stockshop
from stockshop import language
from stockshop.language import speak, tr, trn
from tests import catalogue
from tests.bare_texts import bare_sentences, bare_texts, bare_words, marked
from tests.catalogue import LANGUAGES, ROOT

each_language = pytest.mark.parametrize("code", LANGUAGES)


def test_the_template_holds_what_the_code_says_today() -> None:
    assert catalogue.TEMPLATE.read_bytes() == catalogue.written(catalogue.found_in_code()), (
        "run python -m tests.catalogue"
    )


@each_language
def test_what_is_read_is_what_the_translators_wrote(code: str) -> None:
    texts = catalogue.updated(catalogue.found_in_code(), catalogue.read(code))
    assert catalogue.po_file(code).read_bytes() == catalogue.written(texts), "run python -m tests.catalogue"
    assert catalogue.po_file(code).with_suffix(".mo").read_bytes() == catalogue.compiled(texts)


def test_the_same_code_gives_the_same_bytes() -> None:
    first = catalogue.written(catalogue.found_in_code())
    assert first == catalogue.written(catalogue.found_in_code())
    text = first.decode()
    assert str(ROOT) not in text and "Date" not in text and "Generated" not in text


# -- translations ----------------------------------------------------------------------------------


def values(text: str) -> set[str]:
    """The names of the values a text has room for."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def forms(message: Message) -> tuple[str, ...]:
    """What a language says: one form, or one for each number it tells apart."""
    said = message.string
    return tuple(said) if isinstance(said, tuple | list) else (said or "",)


def _edges(text: str) -> tuple[bool, bool]:
    """Whether a text begins and ends with a blank that keeps it from its neighbours."""
    return text[:1] in (" ", "\n") and text != "", text[-1:] in (" ", "\n") and text != ""


def faults(message: Message, plurals: int) -> list[str]:
    """What is wrong with a translation; one that is missing is English and not wrong."""
    english = message.id if isinstance(message.id, tuple | list) else (message.id,)
    said = forms(message)
    if not any(said):
        return []
    found = []
    if message.pluralizable and (len(said) != plurals or not all(said)):
        found.append(f"has not {plurals} forms")
    wanted = values(english[-1])
    for form in filter(None, said):
        # "one bin" may do without its number.
        if not (values(form) == wanted or (message.pluralizable and values(form) | {"count"} == wanted)):
            found.append(f"'{form}' has other values than {sorted(wanted)}")
        # The narrow blank before a French colon belongs to the colon.
        if _edges(form) != _edges(english[-1]):
            found.append(f"'{form}' has other blanks at its ends")
        if form.count("\n") != english[-1].count("\n"):
            found.append(f"'{form}' has another number of lines")
    return found


@each_language
def test_a_translation_has_the_values_forms_and_edges_of_its_text(code: str) -> None:
    texts = catalogue.read(code)
    messages = [message for message in texts if message.id]
    wrong = {message.id: found for message in messages if (found := faults(message, texts.num_plurals))}
    assert wrong == {}


@pytest.mark.parametrize(
    ("english", "said"),
    [
        ("{count} low", "{many} knapp"),
        (" left", "übrig"),
        (("{count} bin", "{count} bins"), ("{count} Platz", "")),
        ("a\nb", "a b"),
    ],
)
def test_the_search_for_wrong_translations_finds_them(
    english: str | tuple[str, str], said: str | tuple[str, str]
) -> None:
    assert faults(Message(english, said), 2)


def test_a_catalogue_that_is_half_done_speaks_english_for_the_rest() -> None:
    texts = catalogue.Texts(locale="fr")
    texts.add("Low", "Bas")
    texts.add("Bins", "")
    texts.add(("{count} bin", "{count} bins"), ("", ""))
    language.use(gettext.GNUTranslations(BytesIO(catalogue.compiled(texts))), "fr")
    assert (tr("Low"), tr("Bins"), tr("Never heard of")) == ("Bas", "Bins", "Never heard of")
    assert (trn("{count} bin", "{count} bins", 1), trn("{count} bin", "{count} bins", 3)) == (
        "1 bin",
        "3 bins",
    )


@each_language
def test_every_catalogue_can_be_spoken(code: str) -> None:
    assert speak(f"{code}_XX") == code


# -- the code --------------------------------------------------------------------------------------


def test_no_text_hides_from_the_extraction() -> None:
    """Calls inside f-strings are not seen by it."""
    known = {form for message in catalogue.found_in_code() for form in _all_forms(message)}
    hidden = []
    for path in catalogue.sources():
        for node in ast.walk(ast.parse(path.read_bytes())):
            name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            if isinstance(node, ast.Call) and name in catalogue.KEYWORDS:
                texts = node.args[1:2] if name in ("trc", "tr_in") else node.args[:1]
                hidden += [
                    f"{path.name}:{node.lineno}: {text.value}"
                    for text in texts
                    if isinstance(text, ast.Constant)
                    and isinstance(text.value, str)
                    and text.value not in known
                ]
    assert hidden == []


def _all_forms(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, tuple | list) else (message.id,)


def test_texts_are_literals_of_their_own() -> None:
    """What is no literal is not found by those who translate; what is put together has no grammar."""
    wrong = []
    for path in catalogue.sources():
        for node in ast.walk(ast.parse(path.read_bytes())):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            texts = {"tr": node.args[:1], "mark": node.args[:1], "trn": node.args[:2], "trc": node.args[:2]}
            for text in texts.get(name, ()):
                literal = isinstance(text, ast.Constant) and isinstance(text.value, str)
                if not literal and (name != "tr" or _holds_text(text)):
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert wrong == []


def _holds_text(node: ast.expr) -> bool:
    """Whether letters stand where only a variable may: `tr("a" if b else "c")`, `tr(f"…")`."""
    if isinstance(node, ast.Subscript):
        return _holds_text(node.value)
    return any(
        isinstance(part, ast.JoinedStr)
        or (isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value.strip(" _") != "")
        for part in ast.walk(node)
    )


def bindings() -> list[tuple[str, Binding]]:
    """Every binding that a class of the app declares, with the class."""
    found = []
    for module in pkgutil.walk_packages(stockshop.__path__, "stockshop."):
        if not module.name.startswith("stockshop.ui"):
            continue
        for _, member in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if member.__module__ == module.name:
                found += [
                    (member.__qualname__, binding)
                    for binding in vars(member).get("BINDINGS", ())
                    if isinstance(binding, Binding)
                ]
    return found


@pytest.mark.soak
async def test_every_word_on_the_screens_can_be_translated(tmp_path: Path) -> None:
    found = await bare_texts(tmp_path)
    assert [f"{one.where}: {one.words}" for one in found] == []


def test_every_sentence_in_the_code_can_be_translated() -> None:
    assert bare_sentences() == []


def test_the_search_for_bare_words_finds_them() -> None:
    assert bare_words(f" Low  {marked('Bins')}  12 kg  F2  Ctrl+Z  0,35 €") == ["Low"]
    assert marked("{count} low [b]$name[/b] Ctrl+Z") == "{count} ŀȯẇ [b]$name[/b] Ctrl+Z"


def test_every_key_can_be_translated() -> None:
    known = {message.id for message in catalogue.found_in_code()}
    unknown = {
        f"{owner}: {text}"
        for owner, binding in bindings()
        for text in (binding.description, binding.tooltip)
        if text and text not in known
    }
    assert sorted(unknown) == []


@each_language
def test_nothing_is_left_in_english(code: str) -> None:
    assert catalogue.missing(code) == []
