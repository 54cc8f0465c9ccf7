"""What is on its way from one bin to another."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from stockshop.language import tr, trn
from stockshop.ui.counter.phrases import facts
from stockshop.ui.wording import Wording

if TYPE_CHECKING:
    from stockshop.services.counter import CardLevel
    from stockshop.services.scanning import Scan


class MoveLine(NamedTuple):
    """Something on its way."""

    scan: Scan
    held: tuple[CardLevel, ...]
    """Where it lay when it was scanned."""


class Moving:
    """What is being moved: bin, products, bin, in any order that makes sense."""

    def __init__(self) -> None:
        self.origin = ""
        """The bin it comes from; empty while that is open."""
        self.lines: list[MoveLine] = []

    @property
    def is_begun(self) -> bool:
        """Whether anything has been scanned."""
        return bool(self.origin or self.lines)

    def clear(self) -> None:
        """Nothing is on its way."""
        self.origin = ""
        self.lines = []

    def words(self, wording: Wording) -> str:
        """`from A-03 · 2 M6 bolt · now the bin it goes to`."""
        if not self.is_begun:
            return ""
        parts = [tr("from {bin}", bin=self.origin)] if self.origin else []
        if len(self.lines) > 2:
            parts.append(trn("{count} product", "{count} products", len(self.lines)))
        else:
            for line in self.lines:
                product = line.scan.product
                assert product is not None
                parts.append(f"{wording.quantity(line.scan.quantity_milli, product.unit)} {product.name}")
        parts.append(tr("scan the bin it goes to") if self.lines else tr("scan what is moved"))
        return facts(*parts)
