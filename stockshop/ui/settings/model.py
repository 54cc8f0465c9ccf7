"""One setting as the screen shows it, and everything that its rows are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from stockshop.config import Station
from stockshop.language import mark
from stockshop.ui.wording import Wording

if TYPE_CHECKING:
    from stockshop.services.rules import ShopRules
    from stockshop.services.shop import ShopSettings
    from stockshop.ui.keys import Key

SECTIONS = (
    ("shop", mark("The shop")),
    ("rules", mark("Rules")),
    ("numbers", mark("Scale codes")),
    ("station", mark("This computer")),
    ("scanner", mark("Scanner")),
    ("safety", mark("Safety")),
    ("keys", mark("Keys")),
)
"""In this order; the words stand before the first setting of each."""

TEXT, CHOICE, ACTION, KEY = "text", "choice", "action", "key"


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the screen. All words are ready to be shown."""

    id: str
    """`shop.name`, `station.look`, `keys.counter.undo`."""
    section: str
    label: str
    value: str
    """What stands there now, for people."""
    meaning: str
    """What it does, in a sentence or two."""
    kind: str = TEXT
    raw: str = ""
    """What is edited: the text, or the key of the choice that stands."""
    choices: Sequence[tuple[str, str]] = ()
    """(key, words)."""
    remarks: Sequence[str] = ()
    """What each choice means, where a word does not say it."""
    offers: Sequence[str] = ()
    """Texts that are offered while typing."""
    fixed: str = ""
    """Why it cannot be changed; empty: it can."""
    usual: str | None = None
    """What `Del` sets it back to; None: there is nothing usual."""
    example: Callable[[str], str] | None = None
    """What the text that is being typed would look like; called with it, may raise ShopError."""
    hint: str = ""
    """What may be typed, while the field is empty."""
    is_quick: bool = False
    """Whether left and right change it at once."""
    tone: str = ""
    """How the value is shown: `quiet`, `good`, `warn`."""
    also: str = ""
    """Other words people look for it by; never shown."""

    @property
    def field(self) -> str:
        """The name of its field in a form, and of the setting behind it."""
        return self.id.partition(".")[2].replace(".", "-")

    def found_by(self, words: Sequence[str]) -> int:
        """How well the words fit: 2 by what it is called, 1 by what it is about, 0 not at all."""
        called = f"{self.id} {self.label}".casefold()
        if all(word in called for word in words):
            return 2
        choices = " ".join(dict(self.choices).values())
        about = f"{called} {self.value} {self.meaning} {self.also} {choices}".casefold()
        return int(all(word in about for word in words))


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What is pressed for one id; several screens or widgets may have it."""

    keys: tuple[Key, ...]

    @property
    def id(self) -> str:
        """The id of the binding."""
        return self.keys[0].id

    @property
    def label(self) -> str:
        """What it does, in English."""
        return self.keys[0].label

    @property
    def tooltip(self) -> str:
        """The same in a sentence, in English."""
        return self.keys[0].tooltip

    @property
    def group(self) -> str:
        """Whose key it is, in English."""
        return self.keys[0].group

    @property
    def usual(self) -> tuple[str, ...]:
        """Each way to press it, as the program has them."""
        return tuple(dict.fromkeys(way for key in self.keys for way in key.keys))

    def now(self, station: Station) -> tuple[str, ...]:
        """Each way to press it on this computer."""
        return self.keys[0].pressed(station.keys) if self.id in station.keys else self.usual


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the screen shows, read at one time."""

    settings: ShopSettings
    rules: ShopRules
    bins: tuple[str, ...]
    """Codes of the bins there are."""
    station: Station
    station_file: Path | None
    keys: tuple[KeyFacts, ...]
    languages: tuple[tuple[str, str], ...]
    """(code, its own name)."""
    words: Wording
    backups: Path
    """Where copies go."""
