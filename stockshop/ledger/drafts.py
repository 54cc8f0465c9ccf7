"""What is asked of the ledger and what it answers: entries before and after they are posted."""

from __future__ import annotations

from dataclasses import dataclass

from stockshop.errors import InvalidInput
from stockshop.language import tr
from stockshop.money import COST_SCALE, LIMIT_UNITS
from stockshop.quantity import LIMIT_MILLI, MILLI
from stockshop.storage.models.locations import REVALUATION

MAX_LINES = 10_000
LIMIT_COST_E4 = LIMIT_UNITS * COST_SCALE
LIMIT_PRICE_MINOR = LIMIT_UNITS * 1_000
# A thousand billion of the currency unit: sums over a thousand such lines still fit into 64 bits.
LIMIT_VALUE_E4 = 1_000_000_000_000 * COST_SCALE
# What one place may hold (or, outside the shop, have given): a thousand billion units.
LIMIT_HELD_MILLI = 1_000_000_000_000 * MILLI


@dataclass(frozen=True, slots=True)
class Line:
    """One movement to be posted."""

    product_id: int
    quantity_milli: int
    """Thousandths of the unit, above zero."""
    from_id: int
    to_id: int
    lot_id: int = 0
    unit_cost_e4: int | None = None
    """Of what comes in; None: the last known cost."""
    value_e4: int | None = None
    """The whole line's value where it is settled already (a reversal)."""
    price_minor: int | None = None
    """The selling price of one unit, where it was sold."""
    occurred_at_us: int | None = None
    """Where it differs from the entry's."""
    order_line_id: int | None = None
    """The order line this receives or ships."""
    value_from_lines: tuple[int, ...] = ()
    """Positions (from 0) of earlier lines of the draft whose value this one takes over: what was
    built is worth its parts, what was merged is worth what it was."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry to be posted."""

    client_id: str
    kind: str
    lines: tuple[Line, ...]
    actor: str
    occurred_at_us: int | None = None
    """Microseconds since 1970 UTC; None: now."""
    reference: str = ""
    note: str = ""
    reverses_id: int | None = None
    content: str = ""
    """The request in a canonical form: what a repeated id is compared by. Empty: the lines."""


@dataclass(frozen=True, slots=True)
class Dip:
    """A bin that this entry took below zero."""

    product_id: int
    location_id: int
    lot_id: int
    level_milli: int


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of a draft."""

    entry_id: int
    client_id: str
    already: bool
    """True when this id had been posted before and nothing was done now."""
    dips: tuple[Dip, ...] = ()


def content_of(draft: Draft) -> str:
    """The draft in a canonical form; who posts it is no part of what is posted."""
    if draft.content:
        return draft.content
    lines = [
        (line.product_id, line.quantity_milli, line.from_id, line.to_id, line.lot_id, line.unit_cost_e4,
         line.value_e4, line.price_minor, line.occurred_at_us, line.order_line_id, line.value_from_lines)
        for line in draft.lines
    ]  # fmt: skip
    # Unlike repr(), ascii() is the same on every Python; it takes a tenth of the time of JSON.
    return ascii((draft.kind, draft.occurred_at_us, draft.reference, draft.note, draft.reverses_id, lines))


def check(draft: Draft) -> None:
    """Raise InvalidInput for lines that make no sense whatever the books say."""
    if not draft.lines:
        raise InvalidInput(tr("There is nothing to post: the entry has no lines."), field="lines")
    if len(draft.lines) > MAX_LINES:
        raise InvalidInput(
            tr("An entry has {most} lines at the most; split it.", most=MAX_LINES), field="lines"
        )
    for position, line in enumerate(draft.lines):
        if not 0 < line.quantity_milli <= LIMIT_MILLI:
            raise InvalidInput(tr("A quantity must be above zero and at most a billion."), field="quantity")
        if line.from_id == line.to_id:
            raise InvalidInput(tr("From and to are the same place; nothing would move."), field="to")
        if REVALUATION in (line.from_id, line.to_id):
            raise InvalidInput(tr("Only value is revalued; goods cannot be moved there."), field="to")
        if line.unit_cost_e4 is not None and not 0 <= line.unit_cost_e4 <= LIMIT_COST_E4:
            raise InvalidInput(
                tr("A cost cannot be negative or beyond what can be meant."), field="unit cost"
            )
        if line.price_minor is not None and not 0 <= line.price_minor <= LIMIT_PRICE_MINOR:
            raise InvalidInput(tr("A price cannot be negative or beyond what can be meant."), field="price")
        if any(not 0 <= earlier < position for earlier in line.value_from_lines):
            raise InvalidInput(tr("A line takes over the value of earlier lines only."), field="lines")
