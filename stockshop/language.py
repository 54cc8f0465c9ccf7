"""The language stockshop speaks: every text for people passes here, and is looked up in one catalogue.

The texts in the code are English. `assets/locale/<language>/LC_MESSAGES/stockshop.mo` holds the other
languages; a text that a catalogue does not know stays English. Values are put in by name, so that a
translation may place them where its grammar wants them:

    tr("{product} is archived.", product=name)
    trn("{count} bin", "{count} bins", many)
    trc("verb", "Count")
    tr_in(shop.locale, "per {unit}", unit="kg")          # what customers read, on labels
    Binding("f2", "go('counter')", mark("Counter"))     # looked up when it is shown, with tr(…)

One program speaks one language at a time; it is chosen once, before anything is shown.
"""

from __future__ import annotations

import gettext
from functools import lru_cache
from pathlib import Path

from stockshop.resources import asset

DOMAIN = "stockshop"
ENGLISH = "en"

_catalogue: gettext.NullTranslations = gettext.NullTranslations()
_spoken = ENGLISH


def mark(text: str) -> str:
    """The text itself; marks a constant for the catalogue, to be looked up where it is shown."""
    return text


def tr(text: str, /, **values: object) -> str:
    """The text in the language that is spoken, with the values in their places."""
    said = _catalogue.gettext(text) if text else ""
    return said.format(**values) if values else said


def trn(one: str, many: str, count: int, /, **values: object) -> str:
    """As `tr`, in the form the language has for that many; `{count}` is the number itself unless given."""
    said = _catalogue.ngettext(one, many, count)
    return said.format(**{"count": count, **values})


def trc(context: str, text: str, /, **values: object) -> str:
    """As `tr`, for a word that means something else elsewhere; `context` says what it means here."""
    said = _catalogue.pgettext(context, text)
    return said.format(**values) if values else said


def tr_in(locale: str, text: str, /, **values: object) -> str:
    """As `tr`, in the language of a locale whatever is spoken: for what the shop's customers read."""
    said = _loaded(_code_of(locale)).gettext(text) if text else ""
    return said.format(**values) if values else said


def languages() -> tuple[str, ...]:
    """Codes of the languages there is a catalogue for, English first."""
    found = sorted(path.parent.parent.name for path in asset("locale").glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
    return (ENGLISH, *(code for code in found if code != ENGLISH))


def spoken() -> str:
    """The code of the language that is spoken now."""
    return _spoken


def speak(locale: str) -> str:
    """Speak the language of a locale (`de_AT` or `de`), English where there is no catalogue; its code."""
    code = _code_of(locale)
    use(_loaded(code), code)
    return code


def _code_of(locale: str) -> str:
    """The language there is a catalogue for."""
    code = locale.replace("-", "_")
    for candidate in dict.fromkeys((code, code.partition("_")[0])):
        # A locale is somebody's setting: nothing but letters may become a part of a path.
        if candidate.replace("_", "").isalnum() and _catalogue_file(candidate).is_file():
            return candidate
    return ENGLISH


def _catalogue_file(code: str) -> Path:
    return asset("locale", code, "LC_MESSAGES", f"{DOMAIN}.mo")


@lru_cache(maxsize=8)
def _loaded(code: str) -> gettext.NullTranslations:
    if code == ENGLISH:
        return gettext.NullTranslations()
    with _catalogue_file(code).open("rb") as file:
        return gettext.GNUTranslations(file)


def use(catalogue: gettext.NullTranslations, code: str) -> None:
    """Speak from a catalogue at hand: for tests that must see whether a text has passed here."""
    global _catalogue, _spoken
    _catalogue, _spoken = catalogue, code
