"""What happens in the sample shop, as plain data: first written down, then played to the services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from stockshop.services.counting import Look
from stockshop.services.stock import LineRequest


@dataclass(frozen=True, slots=True)
class Event:
    """Something that somebody did at an instant."""

    at_us: int
    actor: str


@dataclass(frozen=True, slots=True)
class Posted(Event):
    """An entry of stock."""

    client_id: str
    kind: str
    lines: tuple[LineRequest, ...]
    reference: str = ""
    note: str = ""
    order: str = ""
    """The client id of the purchase order that it receives."""
    order_lines: tuple[int, ...] = ()
    """For each line the position on that order."""


@dataclass(frozen=True, slots=True)
class Counted(Event):
    """A bin that was counted."""

    client_id: str
    looks: tuple[Look, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Ordered(Event):
    """A purchase or sales order; a sales order is set aside at once."""

    client_id: str
    kind: str
    lines: tuple[tuple[str, int], ...]
    supplier: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class OrderClosed(Event):
    """Nothing more is expected of an order."""

    order: str


@dataclass(frozen=True, slots=True)
class Priced(Event):
    """New prices, in minor units."""

    prices: tuple[tuple[str, int], ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Ruled(Event):
    """New reorder rules: (product, reorder point, order-up-to level), None for no rule any more."""

    rules: tuple[tuple[str, int | None, int | None], ...]


@dataclass(frozen=True, slots=True)
class Unknown(Event):
    """A scan that nobody knew."""

    client_id: str
    code: str
    place: str


@dataclass(frozen=True, slots=True)
class Archived(Event):
    """A product that was put out of use."""

    product: str


@dataclass(frozen=True, slots=True)
class Merged(Event):
    """A product that turned out to be another one."""

    product: str
    into: str


@dataclass(slots=True)
class Diary:
    """The events so far, and the numbers given out."""

    events: list[Event] = field(default_factory=list)
    _number: int = 0

    def next_id(self) -> str:
        """A client id: the same in every making of the shop."""
        self._number += 1
        return f"demo-{self._number:06d}"

    def post(
        self,
        at_us: int,
        actor: str,
        kind: str,
        lines: Sequence[LineRequest],
        reference: str = "",
        note: str = "",
        *,
        order: str = "",
        order_lines: Sequence[int] = (),
    ) -> None:
        """Write down an entry."""
        self.events.append(
            Posted(
                at_us, actor, self.next_id(), kind, tuple(lines), reference, note, order, tuple(order_lines)
            )
        )

    def in_order(self) -> list[Event]:
        """The events as time passed; what happened at once stays as it was written."""
        return sorted(self.events, key=lambda event: event.at_us)
