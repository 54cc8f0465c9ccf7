"""What a new shop most likely is, by what the computer says about its owner."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping

_USUAL = "en_GB"
_VARIABLES = ("LC_ALL", "LC_MONETARY", "LC_NUMERIC", "LC_TIME", "LC_MESSAGES", "LANG")
_LANGUAGES = {"US": "en", "BE": "nl", "CH": "de", "CA": "en", "IE": "en", "FI": "fi", "LU": "fr"}
"""Of countries with several languages, or with none by law: the one of most shops."""


def guessed_locale() -> str:
    """The computer's own, as babel writes it; by its time zone where it says nothing; else `en_GB`."""
    for said in _said_by_the_computer(os.environ):
        known = _known(said)
        if known is not None:
            return known
    return by_zone(_zone()) or _USUAL


def _said_by_the_computer(environment: Mapping[str, str]) -> Iterator[str]:
    for name in _VARIABLES:
        yield environment.get(name, "")
    if sys.platform == "win32":
        yield _windows_locale()


def _windows_locale() -> str:
    """`de-DE`, as the person chose it in the system's settings."""
    import ctypes

    buffer = ctypes.create_unicode_buffer(85)
    windll = getattr(ctypes, "windll", None)
    found = 0 if windll is None else windll.kernel32.GetUserDefaultLocaleName(buffer, len(buffer))
    return buffer.value if found else ""


def _known(said: str) -> str | None:
    """The locale with its country, or None where it is none: `C.UTF-8`, `POSIX`, a bare language."""
    from babel import Locale, UnknownLocaleError

    code = said.partition(".")[0].partition("@")[0].replace("-", "_")
    if not code or code in ("C", "POSIX"):
        return None
    try:
        found = Locale.parse(code)
    except (ValueError, UnknownLocaleError):
        return None
    return f"{found.language}_{found.territory}" if found.territory else None


def _zone() -> str:
    """The name of the computer's time zone; empty where it has none."""
    from babel.localtime import get_localzone

    try:
        return str(getattr(get_localzone(), "key", None) or "")
    except (LookupError, OSError, ValueError):
        return ""


def by_zone(zone: str) -> str | None:
    """The locale of the country a time zone lies in; None where that cannot be told."""
    from babel.core import get_global
    from babel.languages import get_official_languages

    country = get_global("zone_territories").get(zone)
    if country is None or len(country) != 2:
        return None
    official = get_official_languages(country)
    language = _LANGUAGES.get(country) or (official[0] if official else "")
    return _known(f"{language}_{country}") if language else None


def guessed_currency(locale: str) -> str:
    """What is paid with in the locale's country; EUR where that is unknown."""
    from babel.numbers import get_territory_currencies

    country = locale.partition("_")[2]
    found = get_territory_currencies(country) if len(country) == 2 else []
    return str(found[0]) if found else "EUR"
