"""The keys as the settings list them: one line for each binding's id, and whether another key is free."""

from __future__ import annotations

from collections.abc import Iterable

from stockshop.config import Station
from stockshop.language import tr
from stockshop.ui.key_names import key_name
from stockshop.ui.keys import Key, all_keys, meet
from stockshop.ui.settings.model import KeyFacts

NEVER = ("escape", "enter", "tab", "shift+tab", "ctrl+c", "ctrl+i", "ctrl+m", "ctrl+j", "ctrl+h")
"""Keys that terminals send for others, or that every dialog needs."""


def listed_keys() -> tuple[KeyFacts, ...]:
    """Every key there is, each id once. Loads every screen: for a thread."""
    found: dict[str, list[Key]] = {}
    for key in all_keys():
        found.setdefault(key.id, []).append(key)
    return tuple(KeyFacts(tuple(keys)) for keys in found.values())


def shown_keys(keys: Iterable[str]) -> str:
    """All ways to press it, one after the other."""
    return ", ".join(dict.fromkeys(key_name(key) for key in keys))


def with_first(keys: Iterable[str], key: str) -> str:
    """The key in the place of the first one, as the file has it; the second ways stay."""
    _, *others = keys
    return ",".join(dict.fromkeys((key, *others)))


def why_not(key: str, character: str | None, one: KeyFacts, station: Station) -> str:
    """Why a binding cannot have this key, in a sentence; empty: it can."""
    if key in NEVER:
        return tr(
            "{key} is needed as it is, or the terminal sends it for another key; take another.",
            key=key_name(key),
        )
    if character and character.isprintable() and "+" not in key:
        return tr("{key} alone is typed as text; take it with Ctrl or Alt, or an F key.", key=key_name(key))
    for other in all_keys():
        if other.id == one.id or key not in other.pressed(station.keys):
            continue
        if any(meet(mine, other) or _hides(mine, other) for mine in one.keys):
            return tr(
                "{key} is the key of '{what}' ({name}); give that one another key first.",
                key=key_name(key),
                what=tr(other.label),
                name=other.id,
            )
    return ""


def _hides(one: Key, other: Key) -> bool:
    """Whether one is a widget's and the other a screen's: the widget with the focus takes the key."""
    return ("Screen" in one.owners_bases) != ("Screen" in other.owners_bases)
