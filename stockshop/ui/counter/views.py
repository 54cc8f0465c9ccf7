"""What the middle of the counter can show.

Named tuples: they are made at the start of the app, seven times as quickly as data classes.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from stockshop.language import mark

if TYPE_CHECKING:
    from stockshop.services.catalogue.listing import ProductListing
    from stockshop.services.counter import BinCard, Day, ProductCard, ProductPast
    from stockshop.services.suggesting import Offer
    from stockshop.ui.counter.scanned import Scanned


class Mode(Enum):
    """What a scan does. The value is its word in ids and commands."""

    LOOK = "look"
    RECEIVE = "receive"
    SELL = "sell"
    MOVE = "move"
    ADJUST = "adjust"
    COUNT = "count"


class ModeFacts(NamedTuple):
    """How a mode is called and reached."""

    label: str
    letter: str
    """With Alt anywhere, alone when the row of modes has the focus."""
    waits: str
    """What it waits for, said while nothing else is to be said."""
    tooltip: str


MODES: dict[Mode, ModeFacts] = {
    Mode.LOOK: ModeFacts(
        mark("Look up"), "l", mark("A scan shows the product or the bin."),
        mark("Show what a scan or a name stands for"),
    ),
    Mode.RECEIVE: ModeFacts(
        mark("Receive"), "r", mark("Each scan comes in. Scan a bin first to put it there. Alt+O: its cost."),
        mark("Each scan comes into stock"),
    ),
    Mode.SELL: ModeFacts(
        mark("Sell"), "s", mark("Each scan is sold at once."), mark("Each scan is sold at once")
    ),
    Mode.MOVE: ModeFacts(
        mark("Move"), "m", mark("Scan the bin it leaves, the products, then the bin they go to."),
        mark("Move to another bin"),
    ),
    Mode.ADJUST: ModeFacts(
        mark("Adjust"), "a", mark("Scan what is wrong, then say how much and why."),
        mark("Correct a quantity, with the reason"),
    ),
    Mode.COUNT: ModeFacts(
        mark("Count one"), "c", mark("Scan a product, then type how many lie there."),
        mark("Count one product in one bin"),
    ),
}  # fmt: skip
"""In English; what is shown passes `tr` there."""


class Home:
    """Nothing is looked at."""


class ShowProduct(NamedTuple):
    """A product; `hidden` while it is counted, so that the book does not tell the answer."""

    card: ProductCard
    past: ProductPast | None = None
    hidden: bool = False


class ShowBin(NamedTuple):
    """A bin and what lies in it."""

    card: BinCard


class ShowUnknown(NamedTuple):
    """A code that nothing matches."""

    code: str
    kept: bool
    """Whether it is in the tray already."""
    gtin: str = ""


class ShowResults(NamedTuple):
    """Products to choose from: those with the words that were typed."""

    listing: ProductListing
    scanned: Scanned


class ShowMeanings(NamedTuple):
    """Products to choose from: all that a code may stand for."""

    offers: tuple[Offer, ...]
    scanned: Scanned
    likeliest: int | None
    """The id of the one that the scan was read as."""


class Suggested(NamedTuple):
    """Products offered while somebody types."""

    offers: tuple[Offer, ...]
    cursor: int = -1
    """The one that is marked; -1: none yet."""


View = Home | ShowProduct | ShowBin | ShowUnknown | ShowResults | ShowMeanings


class Told(NamedTuple):
    """One sentence under the scan line: what was done, or why not."""

    text: str
    good: bool = True
    title: str = ""


class Answer(NamedTuple):
    """One of the answers that can be given by a key, without a window in the way of the next scan."""

    key: str
    label: str
    name: str
    """What the desk is told."""
    also: str = ""
    """Another key for it, which is not shown."""


class Asking(NamedTuple):
    """A question under the scan line. The next scan is an answer too: none of these."""

    text: str
    answers: tuple[Answer, ...]


def answered_by(answers: Iterable[tuple[str, str]]) -> tuple[Answer, ...]:
    """(key, label) as answers; yes and no by the letter their words begin with in the language spoken.

    Y and N go on working there. Where a word begins with the other's letter or key, or with no plain
    letter, the keys stay.
    """
    given = list(answers)
    keys = [key for key, _ in given]
    letters = [label[:1].lower() for _, label in given]
    is_clear = len(set(letters)) == len(keys) and all(
        "a" <= letter <= "z" and (letter == key or letter not in keys)
        for letter, key in zip(letters, keys, strict=True)
    )
    if sorted(keys) != ["n", "y"] or not is_clear:
        letters = keys
    return tuple(
        Answer(letter, label, label, "" if letter == key else key)
        for letter, (key, label) in zip(letters, given, strict=True)
    )


class Shown:
    """Everything the counter shows, in one piece."""

    def __init__(self) -> None:
        self.mode = Mode.LOOK
        self.status = ""
        """Where it goes or comes from; empty: what the mode waits for."""
        self.told: Told | None = None
        self.asking: Asking | None = None
        self.view: View = Home()
        self.day: Day | None = None
        self.busy = 0
        """Scans that wait behind the one being done."""
