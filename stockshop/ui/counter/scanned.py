"""A scan on its way through the desk, and what can be undone of it."""

from __future__ import annotations

from typing import NamedTuple

from stockshop import clock
from stockshop.ui.counter.views import Mode


class Scanned(NamedTuple):
    """One scan as it came in."""

    code: str
    mode: Mode
    """The mode when it was scanned, whatever is chosen by the time its turn comes."""
    at_us: int
    client_id: str
    """Of the entry it becomes."""
    multiplier: str = ""
    typed: bool = False
    product_id: int | None = None
    """Chosen from a list instead of scanned."""
    pack_milli: int = 1_000
    """Of the product chosen: how much of it the code stands for."""
    bin: str = ""
    """Where it is to be done, when that was chosen with it."""
    settled: frozenset[str] = frozenset()
    """Questions that have been answered with yes."""

    @property
    def text(self) -> str:
        """With the multiplier before it, as it is read."""
        return f"{self.multiplier}*{self.code}" if self.multiplier else self.code

    @property
    def chosen_milli(self) -> int:
        """How much of the product chosen is meant, in thousandths."""
        return times_milli(self.multiplier) * self.pack_milli // 1_000

    def of_product(self, product_id: int, *, pack_milli: int = 1_000, bin_code: str = "") -> Scanned:
        """The same, with the product that was chosen."""
        return self._replace(product_id=product_id, pack_milli=pack_milli, bin=bin_code)

    def settle(self, question: str) -> Scanned:
        """The same scan, with this question answered."""
        return self._replace(settled=self.settled | {question})


class Undoable(NamedTuple):
    """An entry of this station, in words."""

    entry_id: int
    product_id: int
    words: str
    is_receipt: bool = False
    """Of one product, so that it can be given another cost."""


def times_milli(multiplier: str) -> int:
    """`12` before a `*` as thousandths; 1 when there was none."""
    from stockshop.quantity import MILLI, parse_quantity

    return parse_quantity(multiplier.replace(",", "."), mark=".") if multiplier else MILLI


def is_code(text: str) -> bool:
    """Whether what was typed can only be meant as a barcode."""
    return len(text) >= 8 and text.isdigit()


def scan_now(code: str, mode: Mode, *, multiplier: str = "", typed: bool = False) -> Scanned:
    """A scan of this instant."""
    from stockshop.ids import new_id

    return Scanned(code, mode, clock.now_us(), new_id(), multiplier, typed)
