"""Stock over time: how much of a product there was at the end of each of a bounded number of days.

Walked back from the level, by when things happened; the store adds up the days, so that a product
with a hundred thousand movements takes one short look.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from stockshop import clock
from stockshop.errors import NotFound
from stockshop.language import tr
from stockshop.services.history import family
from stockshop.services.shop import Shop
from stockshop.storage.models.locations import OPENING, REVALUATION, SUPPLIER
from stockshop.storage.session import Session

MOST_POINTS = 400
RANGES = ("12w", "1y", "all")
_DAYS = {"12w": 84, "1y": 365}
_MOST_MARKS = 200


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that is marked on the chart: `receive` or `count`."""

    at_us: int
    kind: str
    quantity_milli: int
    """Received in that time, or counted."""


@dataclass(frozen=True, slots=True)
class StockSeries:
    """On hand over all bins at the end of equal steps of time; thousandths of the unit."""

    product_id: int
    unit: str
    from_us: int
    """Where the first step begins."""
    step_us: int
    levels_milli: tuple[int, ...]
    """The last one is what is there today."""
    marks: tuple[Mark, ...]
    """In order of time."""
    reorder_point_milli: int | None
    """Of the shop's own rule."""
    has_moved: bool
    """Whether anything ever moved of it."""


# By ids of places: up to REVALUATION they stand for the outside world.
_STEPS = (
    "SELECT (occurred_at_us - ?) / ? AS step, "
    f"SUM(CASE WHEN to_id > {REVALUATION} THEN quantity_milli ELSE 0 END "
    f"- CASE WHEN from_id > {REVALUATION} THEN quantity_milli ELSE 0 END), "
    f"SUM(CASE WHEN from_id IN ({SUPPLIER}, {OPENING}) THEN quantity_milli ELSE 0 END) "
    "FROM movement WHERE product_id IN ({ids}) AND occurred_at_us >= ? GROUP BY 1 ORDER BY 1"
)
_HELD = f"SELECT SUM(quantity_milli) FROM level WHERE product_id IN ({{ids}}) AND location_id > {REVALUATION}"
_FIRST = "SELECT MIN(occurred_at_us) FROM movement WHERE product_id = ?"
_COUNTS = (
    "SELECT c.observed_at_us, c.counted_milli FROM count_line c WHERE c.product_id IN ({ids}) "
    "AND c.observed_at_us >= ? AND NOT EXISTS (SELECT 1 FROM entry r WHERE r.reverses_id = c.entry_id) "
    "ORDER BY c.id DESC LIMIT ?"
)


def stock_series(shop: Shop, product_id: int, span: str = "12w") -> StockSeries:
    """The stock of a product (and of those merged into it) over one of RANGES. Raises NotFound.

    At most MOST_POINTS steps of whole days; days begin at the shop's own midnight.
    """
    zone = shop.zone
    today = clock.today(zone)
    end_us = clock.day_start_us(today + timedelta(days=1), zone)
    with shop.store.reading(snapshot=True) as session:
        product = session.row("SELECT unit FROM product WHERE id = ?", (product_id,))
        if product is None:
            raise NotFound(tr("There is no such product."), field="product")
        ids = family(session, product_id)
        first_us = _first(session, ids)
        days = _DAYS.get(span) or max(
            14, -(-(end_us - (first_us if first_us is not None else end_us)) // clock.DAY_US)
        )
        days_a_step = -(-days // MOST_POINTS)
        steps = -(-days // days_a_step)
        step_us = days_a_step * clock.DAY_US
        from_us = end_us - steps * step_us
        marks_of = ", ".join("?" * len(ids))
        rows = session.rows(_STEPS.format(ids=marks_of), (from_us, step_us, *ids, from_us))
        held = int(session.value(_HELD.format(ids=marks_of), ids) or 0)
        counts = session.rows(_COUNTS.format(ids=marks_of), (*ids, from_us, _MOST_MARKS))
        point = session.value(
            "SELECT reorder_point_milli FROM reorder_rule WHERE product_id = ? AND site_id IS NULL",
            (product_id,),
        )
    levels = _walk_back(held, {int(row[0]): int(row[1]) for row in rows}, steps)
    marks = [Mark(from_us + int(row[0]) * step_us, "receive", int(row[2])) for row in rows if row[2]]
    marks += [Mark(row[0], "count", row[1]) for row in counts]
    return StockSeries(
        product_id, product[0], from_us, step_us, levels, tuple(sorted(marks, key=lambda mark: mark.at_us)),
        point, first_us is not None,
    )  # fmt: skip


def _first(session: Session, ids: list[int]) -> int | None:
    found = [session.value(_FIRST, (one,)) for one in ids]
    return min((int(at_us) for at_us in found if at_us is not None), default=None)


def _walk_back(held_milli: int, changes: dict[int, int], steps: int) -> tuple[int, ...]:
    """What was there at the end of each step, from what is there now less what a fast clock put later."""
    levels = []
    level = held_milli - sum(change for step, change in changes.items() if step >= steps)
    for step in range(steps - 1, -1, -1):
        levels.append(level)
        level -= changes.get(step, 0)
    return tuple(reversed(levels))
