"""What is on its way out of a bin, by the books of that bin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockshop.language import tr, trn
from stockshop.ui.wording import Wording

if TYPE_CHECKING:
    from stockshop.services.bins import BinRow
    from stockshop.services.locations import Place

_NAMED = 3


class Transfer:
    """Lines of one bin, and how much of each goes."""

    def __init__(self, origin: Place) -> None:
        self.origin = origin
        self._taken: dict[tuple[int, int], tuple[BinRow, int]] = {}

    def __len__(self) -> int:
        return len(self._taken)

    def of(self, row: BinRow) -> int:
        """Thousandths of a line that go."""
        return self._taken[row.key][1] if row.key in self._taken else 0

    def put(self, row: BinRow, quantity_milli: int) -> None:
        """So much of a line goes; 0: nothing of it."""
        if quantity_milli:
            self._taken[row.key] = (row, quantity_milli)
        else:
            self._taken.pop(row.key, None)

    def add(self, rows: tuple[BinRow, ...], quantity_milli: int) -> int:
        """Take it from these lines, the first ones first; what they do not hold is answered."""
        for row in rows:
            part = min(quantity_milli, row.line.quantity_milli - self.of(row))
            if part > 0:
                self.put(row, self.of(row) + part)
                quantity_milli -= part
        return quantity_milli

    def lines(self) -> list[tuple[BinRow, int]]:
        """The lines that go, in the order in which they were taken."""
        return list(self._taken.values())

    def goods(self, words: Wording) -> str:
        """`2 Wood glue, 12 Bolt and 3 more`."""
        lines = self.lines()
        named = ", ".join(
            tr("{quantity} {product}", quantity=words.quantity(milli, row.line.unit), product=row.line.name)
            for row, milli in lines[:_NAMED]
        )
        rest = len(lines) - _NAMED
        if rest <= 0:
            return named
        return trn("{goods} and {count} more", "{goods} and {count} more", rest, goods=named,
                   count=words.whole(rest))  # fmt: skip

    def sentence(self, words: Wording) -> str:
        """What is being moved, and what comes next."""
        if not self._taken:
            return tr(
                "Moving out of {bin}: scan what goes, or choose it below (Space a line, Enter a part). "
                "Scan another bin now to move everything. Esc leaves.",
                bin=self.origin.code,
            )
        return tr(
            "Moving out of {bin}: {goods}. Now scan the bin it goes to, or press Enter on it in the tree.",
            bin=self.origin.code,
            goods=self.goods(words),
        )
