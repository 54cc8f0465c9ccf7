"""The language stockshop speaks: every text for people passes here, and is looked up in one catalogue.

The texts in the code are English. `assets/locale/<language>/LC_MESSAGES/stockshop.mo` holds the other
languages; a text that a catalogue does not know stays English. Values are put in by name, so that a
translation may place them where its grammar wants them:

    tr("{product} is archived.", product=name)
    trn("{count} bin", "{count} bins", many)
    trc("verb", "Count")
    Binding("f2", "go('counter')", mark("Counter"))     # looked up when it is shown, with tr(…)

One program speaks one language at a time; it is chosen once, before anything is shown.
"""

from __future__ import annotations

import gettext
from typing import IO

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


def languages() -> tuple[str, ...]:
    """Codes of the languages there is a catalogue for, English first."""
    found = sorted(path.parent.parent.name for path in asset("locale").glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
    return (ENGLISH, *(code for code in found if code != ENGLISH))


def spoken() -> str:
    """The code of the language that is spoken now."""
    return _spoken


def speak(locale: str) -> str:
    """Speak the language of a locale (`de_AT` or `de`), English where there is no catalogue; its code."""
    code = locale.replace("-", "_")
    for candidate in dict.fromkeys((code, code.partition("_")[0])):
        # A locale is somebody's setting: nothing but letters may become a part of a path.
        path = asset("locale", candidate, "LC_MESSAGES", f"{DOMAIN}.mo")
        if candidate.replace("_", "").isalnum() and path.is_file():
            with path.open("rb") as file:
                return _use(file, candidate)
    return _use(None, ENGLISH)


def _use(file: IO[bytes] | None, code: str) -> str:
    global _catalogue, _spoken
    _catalogue = gettext.NullTranslations() if file is None else gettext.GNUTranslations(file)
    _spoken = code
    return code


def use(catalogue: gettext.NullTranslations, code: str) -> None:
    """Speak from a catalogue at hand: for tests that must see whether a text has passed here."""
    global _catalogue, _spoken
    _catalogue, _spoken = catalogue, code
