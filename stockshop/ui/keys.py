"""Every key of every screen, and which wishes for other keys cannot be met.

All modules of the screens are loaded for it, so it is asked for in a thread.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from textual.binding import Binding
from textual.keys import Keys

from stockshop.language import mark, tr
from stockshop.ui.key_names import key_name

EVERYWHERE = mark("Everywhere")
GROUPS: Mapping[str, str] = {
    "app": EVERYWHERE,
    "scan": mark("Scan line"),
    "counter": mark("Counter"),
    "picker": mark("Counter"),
    "tasks": mark("Counter"),
    "notice": mark("Counter"),
    "expected": mark("What is expected"),
    "products": mark("Products"),
    "product": mark("A product"),
    "history": mark("Why the number is what it is"),
    "entry": mark("An entry"),
    "bins": mark("Bins"),
    "free": mark("Where is room"),
    "bin-labels": mark("Labels of bins"),
    "low": mark("Low"),
    "labels": mark("Labels"),
    "cells": mark("Labels"),
    "sheets": mark("Count sheets and label sheets"),
    "import": mark("Import"),
    "settings": mark("Settings"),
    "findings": mark("What the doctor found"),
    "movements": mark("Movements"),
    "unknown": mark("Unknown scans"),
    "unknowns": mark("Unknown scans"),
    "scanner": mark("Scanner"),
    "form": mark("Forms"),
    "choice": mark("Choices on one line"),
    "list": mark("Lists"),
    "find": mark("Finding one of many"),
    "page": mark("Pages over a screen"),
    "question": mark("Questions"),
    "first": mark("The first start"),
    "help": mark("Help"),
    "tour": mark("Tour"),
}
"""What the help calls the keys whose ids begin so."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key as its screen or widget declares it."""

    id: str
    keys: tuple[str, ...]
    """Each way to press it."""
    action: str
    label: str
    """In English, as the tooltip; looked up where they are shown."""
    tooltip: str
    owner: str
    """The name of the class that declares it."""
    owners_bases: tuple[str, ...]
    is_shown: bool

    @property
    def prefix(self) -> str:
        """What its id begins with."""
        return self.id.partition(".")[0]

    @property
    def group(self) -> str:
        """Whose key it is, in English."""
        return GROUPS.get(self.prefix, self.prefix.title())

    def pressed(self, wishes: Mapping[str, str]) -> tuple[str, ...]:
        """Each way to press it with the keys of this computer."""
        wished = wishes.get(self.id)
        return self.keys if wished is None else _split(wished)


def _split(keys: str) -> tuple[str, ...]:
    return tuple(key.strip() for key in keys.split(",") if key.strip())


@lru_cache(maxsize=1)
def all_keys() -> tuple[Key, ...]:
    """Every key there is, those of the app first, then in the order of GROUPS."""
    import stockshop.ui as package

    found: dict[tuple[str, str], Key] = {}
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        for _, kind in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if kind.__module__ == module.name:
                for key in _declared(kind):
                    found.setdefault((key.id, key.owner), key)
    order = list(GROUPS)
    return tuple(
        sorted(
            found.values(), key=lambda key: order.index(key.prefix) if key.prefix in GROUPS else len(order)
        )
    )


def _declared(kind: type) -> Iterable[Key]:
    for binding in vars(kind).get("BINDINGS", ()):
        if isinstance(binding, Binding) and binding.id:
            bases = tuple(base.__name__ for base in kind.__mro__)
            yield Key(
                binding.id, _split(binding.key), binding.action, binding.description, binding.tooltip,
                kind.__name__, bases, binding.show,
            )  # fmt: skip


def ways(keys: Iterable[str]) -> list[str]:
    """The keys as they stand on the keyboard, each once."""
    return list(dict.fromkeys(key_name(key) for key in keys))


# -- wishes for other keys ---------------------------------------------------------------------------


def faults(wishes: Mapping[str, str]) -> tuple[str, ...]:
    """A sentence for each wish that cannot be met as it is: unknown ids, no keys, two things on one key."""
    every = all_keys()
    known = {key.id for key in every}
    said = [
        tr("The settings of this computer give a key to '{id}', which is nothing that has keys.", id=wish)
        for wish in wishes
        if wish not in known
    ]
    for wish, keys in wishes.items():
        wrong = [key for key in _split(keys) if not _is_key(key)]
        if wish in known and (wrong or not _split(keys)):
            said.append(tr("The settings of this computer give '{id}' the key '{key}', which is none.",
                           id=wish, key=", ".join(wrong)))  # fmt: skip
    for one, other in combinations(every, 2):
        if one.id == other.id or not (one.id in wishes or other.id in wishes) or not meet(one, other):
            continue
        for key in sorted(set(one.pressed(wishes)) & set(other.pressed(wishes))):
            first, second = (one, other) if one.prefix == "app" or one.id in wishes else (other, one)
            said.append(
                tr(
                    "{key} is wished for two things: {first} ({first_id}) and {second} ({second_id}); "
                    "only the first will hear it.",
                    key=key_name(key),
                    first=tr(first.label),
                    first_id=first.id,
                    second=tr(second.label),
                    second_id=second.id,
                )
            )
    return tuple(dict.fromkeys(said))


def meet(one: Key, other: Key) -> bool:
    """Whether both can be pressed in the same place."""
    if "app" in (one.prefix, other.prefix):
        return True
    return one.owner in other.owners_bases or other.owner in one.owners_bases


_MODIFIERS = frozenset(("ctrl", "alt", "shift", "super", "meta", "hyper"))
_NAMES = frozenset(key.value.rpartition("+")[2] for key in Keys) | frozenset(
    ("question_mark", "plus", "minus", "slash", "full_stop", "comma", "space", "asterisk", "semicolon",
     "colon", "equals_sign", "less_than_sign", "greater_than_sign", "apostrophe", "quotation_mark",
     "number_sign", "percent_sign", "ampersand", "at", "underscore", "backslash", "vertical_line", "tilde")
)  # fmt: skip


def _is_key(key: str) -> bool:
    *modifiers, last = key.split("+")
    return all(name in _MODIFIERS for name in modifiers) and (last in _NAMES or len(last) == 1)
