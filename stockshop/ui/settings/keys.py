"""Every key of the app by the id of its binding, what it is now, and whether another one is free."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache

from textual.app import App
from textual.binding import Binding
from textual.screen import Screen

from stockshop.config import Station
from stockshop.language import tr
from stockshop.ui.settings.model import KeyFacts

_NAMES = {
    "escape": "Esc", "pageup": "PgUp", "pagedown": "PgDn", "delete": "Del", "question_mark": "?",
    "space": "Space", "enter": "Enter", "tab": "Tab",
}  # fmt: skip
NEVER = ("escape", "enter", "tab", "shift+tab", "ctrl+c", "ctrl+i", "ctrl+m", "ctrl+j", "ctrl+h")
"""Keys that terminals send for others, or that every dialog needs."""


def shown_key(key: str) -> str:
    """`Ctrl+Z`, as it stands on the keys."""
    parts = key.strip().split("+")
    shown = (
        _NAMES.get(part) or (part.title() if len(part) > 1 or len(parts) > 1 else part) for part in parts
    )
    return "+".join(shown)


def shown_keys(keys: str) -> str:
    """All ways, one after the other."""
    return ", ".join(shown_key(key) for key in keys.split(",") if key.strip())


@cache
def all_keys() -> tuple[KeyFacts, ...]:
    """Every binding that has an id, in the order of the ids. Loads every screen: for a thread."""
    found: dict[str, tuple[Binding, list[str], list[type]]] = {}
    for cls, binding in _bindings():
        _, keys, owners = found.setdefault(binding.id or "", (binding, [], []))
        keys += [key.strip() for key in binding.key.split(",") if key.strip() not in keys]
        owners.append(cls)
    return tuple(
        KeyFacts(name, binding.description, binding.tooltip, ",".join(keys), tuple(owners))
        for name, (binding, keys, owners) in sorted(found.items())
    )


def _bindings() -> Iterator[tuple[type, Binding]]:
    import stockshop.ui

    for module_info in pkgutil.walk_packages(stockshop.ui.__path__, "stockshop.ui."):
        module = importlib.import_module(module_info.name)
        for cls in vars(module).values():
            if isinstance(cls, type) and cls.__module__ == module.__name__:
                for binding in vars(cls).get("BINDINGS", ()):
                    if isinstance(binding, Binding) and binding.id:
                        yield cls, binding


def keys_now(one: KeyFacts, station: Station) -> str:
    """Its keys on this computer, separated by commas."""
    return station.keys.get(one.id) or one.usual


def with_first(keys: str, key: str) -> str:
    """The key in the place of the first one; the second ways stay."""
    _, *others = keys.split(",")
    return ",".join(dict.fromkeys((key, *(other.strip() for other in others))))


def why_not(key: str, character: str | None, one: KeyFacts, station: Station) -> str:
    """Why a binding cannot have this key, in a sentence; empty: it can."""
    if key in NEVER:
        return tr("{key} is needed as it is, or the terminal sends it for another key; take another.",
                  key=shown_key(key))  # fmt: skip
    if character and character.isprintable() and "+" not in key:
        return tr("{key} alone is typed as text; take it with Ctrl or Alt, or an F key.", key=shown_key(key))
    for other in all_keys():
        if other.id == one.id or key not in keys_now(other, station).split(","):
            continue
        if _meet(one.owners, other.owners):
            return tr(
                "{key} is the key of '{what}' ({name}); give that one another key first.",
                key=shown_key(key), what=tr(other.label), name=other.id,
            )  # fmt: skip
    return ""


def _meet(first: tuple[type, ...], second: tuple[type, ...]) -> bool:
    """Whether two bindings may be there at the same time, so that one key cannot be both."""
    return any(_meet_there(a, b) for a in first for b in second)


def _meet_there(one: type, other: type) -> bool:
    if issubclass(one, other) or issubclass(other, one):
        return True
    if issubclass(one, App) or issubclass(other, App):
        return True
    # A widget that has the focus takes the key before its screen does.
    return issubclass(one, Screen) != issubclass(other, Screen)
