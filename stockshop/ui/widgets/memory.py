"""A list that is in memory already, as a source for RecordList."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from stockshop.ui.widgets.record_pages import Key

ItemT = TypeVar("ItemT")


@dataclass(frozen=True, slots=True)
class Item(Generic[ItemT]):
    """One record under the key by which it is found again."""

    key: Key
    value: ItemT


class InMemory(Generic[ItemT]):
    """Some thousands of records in the order in which they are given."""

    quick = True

    def __init__(self, values: Sequence[ItemT], key: Callable[[ItemT], Key] | None = None) -> None:
        self.items = tuple(
            Item(number if key is None else key(value), value) for number, value in enumerate(values)
        )
        self._places = {item.key: number for number, item in enumerate(self.items)}

    def place(self, key: Key) -> int | None:
        """The number of the record with this key, from 0; None when it is not there."""
        return self._places.get(key)

    def count(self) -> int:
        return len(self.items)

    def first_keys(self, every: int) -> Sequence[Key]:
        return [item.key for item in self.items[::every]]

    def page_from(self, key: Key | None, limit: int) -> Sequence[Item[ItemT]]:
        return self.page_at(0 if key is None else self._places.get(key, 0), limit)

    def page_at(self, offset: int, limit: int) -> Sequence[Item[ItemT]]:
        return self.items[offset : offset + limit]
