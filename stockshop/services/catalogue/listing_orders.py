"""In which order products are listed, and along which index each order is read.

An order is read in stretches, one after the other: products with a price and then those without, or
one category after the next. Within a stretch rows follow one another along an index, either way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stockshop import text
from stockshop.errors import InvalidInput
from stockshop.language import tr
from stockshop.services.catalogue.listing_rows import Key
from stockshop.storage.session import Session

ORDERS = ("name", "sku", "price", "on_hand", "category")
HELD = (
    "(SELECT COALESCE(SUM(v.quantity_milli), 0) FROM level v JOIN location b ON b.id = v.location_id "
    "AND b.kind = 'bin' WHERE v.product_id = p.id)"
)
"""Thousandths of a product `p` in all bins."""
_BY_NAME = ("p.sort_name", "p.id")
_COLUMNS = {
    "name": _BY_NAME,
    "sku": ("p.sku", "p.id"),
    "price": ("p.price_minor", *_BY_NAME),
    "on_hand": (HELD, *_BY_NAME),
    "category": ("p.category_id", *_BY_NAME),
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows of `product p` that meet the condition, sorted by the columns."""

    number: int
    condition: str
    params: tuple[Any, ...]
    columns: tuple[str, ...]


class Order:
    """One order, up or down."""

    def __init__(self, name: str, *, descending: bool) -> None:
        """Raises InvalidInput for an order that is not in ORDERS."""
        if name not in ORDERS:
            raise InvalidInput(tr("Products cannot be listed by '{order}'.", order=name), field="order")
        self.name, self.descending = name, descending
        self.columns = _COLUMNS[name]
        """What the key of a row is made of, as SQL on `product p`."""
        self._ranks: dict[int | None, int] | None = None

    @property
    def has_index(self) -> bool:
        """Whether it can be read page by page; what is on hand is summed for every product."""
        return self.name != "on_hand"

    @property
    def way(self) -> str:
        return " DESC" if self.descending else ""

    def sorting(self, columns: Sequence[str]) -> str:
        """What follows ORDER BY."""
        return ", ".join(f"{column}{self.way}" for column in columns)

    def sorting_all(self, *, searched: bool) -> str:
        """As `sorting`, for everything at once. `searched`: no index of SQLite's may lead."""
        columns = [f"+{column}" if searched else column for column in self.columns]
        if self.name == "price":
            # Engines differ on where a row without a price belongs.
            columns.insert(0, "p.price_minor IS NOT NULL")
        elif self.name == "category":
            del columns[0]
        return self.sorting(columns)

    def stretches(self, session: Session) -> list[Stretch]:
        """The stretches in the order in which they are read."""
        parts: list[tuple[str, tuple[Any, ...], tuple[str, ...]]]
        if self.name == "price":
            parts = [
                ("p.price_minor IS NULL", (), _BY_NAME),
                ("p.price_minor IS NOT NULL", (), self.columns),
            ]
        elif self.name == "category":
            ranks = self.ranks(session)
            in_order = sorted((rank, category) for category, rank in ranks.items() if category is not None)
            parts = [("p.category_id IS NULL", (), _BY_NAME)]
            parts += [("p.category_id = ?", (category,), _BY_NAME) for _, category in in_order]
        else:
            parts = [("", (), self.columns)]
        made = [Stretch(number, *part) for number, part in enumerate(parts)]
        return made[::-1] if self.descending else made

    def ranks(self, session: Session) -> dict[int | None, int]:
        """The stretch of each category, by its id; products without one come first."""
        if self._ranks is None:
            rows = session.rows("SELECT id, name FROM category")
            rows.sort(key=lambda row: (text.fold(row[1]), row[1]))
            ranks: dict[int | None, int] = {None: 0}
            ranks.update({row[0]: number for number, row in enumerate(rows, start=1)})
            self._ranks = ranks
        return self._ranks

    def refresh(self) -> None:
        """Categories may have changed."""
        self._ranks = None

    def key(self, session: Session, values: Sequence[Any]) -> Key:
        """The key of a row out of its `columns`: the number of its stretch, then the rest."""
        if self.name == "price":
            return (0, *values[1:]) if values[0] is None else (1, *values)
        if self.name == "category":
            return (self.ranks(session).get(values[0], 0), *values[1:])
        return (0, *values)

    def is_before(self, one: Key, other: Key) -> bool:
        """Whether one key comes before another in this order."""
        return bool(one > other) if self.descending else bool(one < other)
