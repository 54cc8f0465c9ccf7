"""The jobs of the tour, and how each is seen to be done: by what the app shows and what the ledger has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from stockshop.language import mark
from stockshop.ui.topics import JOBS

if TYPE_CHECKING:
    from stockshop.services.reports import EntryRow


class Goods(NamedTuple):
    """What the tour is made with: a product of the shop, so that it works without a scanner."""

    code: str
    """Its SKU, as it is typed."""
    case: str
    """The barcode of a case of it, else its SKU with a number of pieces."""
    bin: str
    """Another bin than its own."""
    from_bin: str
    """The bin it lies in."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the app shows and has done since the job was begun."""

    entries: Sequence[EntryRow]
    """Entries that have come since, the newest first."""
    product_shown: bool
    """Whether the counter has begun to show a product since."""
    ledger_shown: bool
    """Whether the ledger of a product is on the screen."""
    written: Mapping[str, Path]
    """Papers written since, by the name of the class of their screen."""

    def kinds(self) -> set[str]:
        """What has been done."""
        return {entry.kind for entry in self.entries}

    def milli(self, kind: str) -> int:
        """Thousandths moved by the entries of a kind, their first lines."""
        return sum(entry.first_quantity_milli for entry in self.entries if entry.kind == kind)


@dataclass(frozen=True, slots=True)
class Step:
    """One job."""

    id: str
    """That of its topic in the help."""
    todo: str
    """What to press; looked up where it is shown, with the keys and the goods in their places."""
    is_done: Callable[[Seen], bool]

    @property
    def title(self) -> str:
        """Its name in English, as in the help."""
        return next(topic.title for topic in JOBS if topic.id == self.id)


STEPS = (
    Step("price", mark("Press {counter}, scan (or type {code}, Enter): the price is the large number."),
         lambda seen: seen.product_shown),
    Step("receive", mark("Press {receive} and scan a case, or type {case} and press Enter."),
         lambda seen: seen.milli("receive") > 1_000),
    Step("sell", mark("Press {sell}, type 3*{code} and press Enter (or type 3* and scan)."),
         lambda seen: seen.milli("sell") >= 3_000),
    Step("move", mark("Press {move}, type {code} and Enter, then the bin it goes to: {bin} and Enter."),
         lambda seen: "move" in seen.kinds()),
    Step("adjust", mark("Press {adjust}, type {code} and Enter, say how many more or fewer and why, "
                        "and save."),
         lambda seen: bool({"adjust", "count"} & seen.kinds())),
    Step("why", mark("Press {products}, type {code}, then {why}: every movement with the balance after it."),
         lambda seen: seen.ledger_shown),
    Step("label", mark("Press {products}, type {code}, then {label} and {write}: the PDF is written."),
         lambda seen: "LabelsScreen" in seen.written),
    Step("zone-labels", mark("Press {labels}, scan the label of a zone (or choose one with Tab and the "
                             "arrows), then {write}."),
         lambda seen: "LabelsScreen" in seen.written),
    Step("count-sheet", mark("Press {count}, choose a zone with space, then {write_sheets}."),
         lambda seen: "CountSheetsScreen" in seen.written),
    Step("undo", mark("Press {counter}, then {undo}: the last thing done at the counter is taken back."),
         lambda seen: "reversal" in seen.kinds()),
)  # fmt: skip
"""In the order in which they are done."""
