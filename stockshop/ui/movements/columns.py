"""The list of movements: its columns, and a source that grows while more is found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from stockshop.language import tr
from stockshop.ui.movements.wording import done, short_way, signed, way
from stockshop.ui.products.moments import short_moment
from stockshop.ui.widgets.record_list import Column, Key
from stockshop.ui.wording import Wording

if TYPE_CHECKING:
    from stockshop.services.movements import MovementRow


WIDE = 96


def movement_columns(words: Wording, *, wide: bool = True) -> tuple[Column[MovementRow], ...]:
    """When, what, how many of which product, whence and where to, worth, who and with which paper.

    Where it is narrow, the outside world is left out of the way: what happened says it already.
    """

    def what(row: MovementRow) -> str:
        return f"✗ {done(row.kind)}" if row.is_undone else done(row.kind)

    def tone(row: MovementRow) -> str:
        if row.is_undone:
            return "quiet"
        return "warn" if row.kind in ("count", "reversal") else "bad" if row.kind == "scrap" else ""

    def quantity(row: MovementRow) -> str:
        if row.change_milli:
            return signed(row.change_milli, row.unit, words)
        return words.number(row.quantity_milli, row.unit)

    def notes(row: MovementRow) -> str:
        lot = tr("lot {lot}", lot=row.lot) if row.lot else ""
        return " · ".join(filter(None, (row.reference, row.note, lot)))

    def where(row: MovementRow) -> str:
        return way(row.from_place, row.to_place) if wide else short_way(row.from_place, row.to_place)

    return (
        Column(tr("When"), lambda row: short_moment(row.occurred_at_us, words), width=15,
               tone=lambda _: "quiet"),
        Column(tr("What"), what, width=10, tone=tone),
        Column(tr("Quantity"), quantity, width=8, align="right",
               tone=lambda row: "good" if row.change_milli > 0 else ""),
        Column(tr("Product"), lambda row: row.name, weight=4, least=14, cut="middle"),
        Column(tr("From → to"), where, weight=int(wide), least=22 if wide else 11, from_width=60),
        Column(tr("Value"), lambda row: words.cost(row.value_e4), width=10, align="right", from_width=92,
               tone=lambda _: "quiet"),
        Column(tr("Who"), lambda row: row.actor, width=9, from_width=104, tone=lambda _: "quiet"),
        Column(tr("Reference"), notes, weight=2, least=10, from_width=114, tone=lambda _: "quiet"),
    )  # fmt: skip


class Growing:
    """Movements that are found one piece after another."""

    quick = True

    def __init__(self) -> None:
        self.rows: list[MovementRow] = []
        self._places: dict[Key, int] = {}

    def extend(self, rows: Sequence[MovementRow]) -> None:
        """Older ones, at the end."""
        for row in rows:
            self._places[row.key] = len(self.rows)
            self.rows.append(row)

    def count(self) -> int:
        return len(self.rows)

    def first_keys(self, every: int) -> Sequence[Key]:
        return [row.key for row in self.rows[::every]]

    def page_from(self, key: Key | None, limit: int) -> Sequence[MovementRow]:
        return self.page_at(0 if key is None else self._places.get(key, 0), limit)

    def page_at(self, offset: int, limit: int) -> Sequence[MovementRow]:
        return self.rows[offset : offset + limit]
