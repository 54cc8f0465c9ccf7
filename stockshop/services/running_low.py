"""What runs low, and the facts that say why: how it sells, who delivers it how fast, since when ordered.

The list follows what `attention` knows, which is kept up to date by what has changed; the facts are
asked for a few products at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from stockshop import clock
from stockshop.planning.reorder import SupplierTerms
from stockshop.quantity import from_milli
from stockshop.services import reports
from stockshop.services.attention import standing
from stockshop.services.exporting.columns import Column
from stockshop.services.exporting.files import write_table
from stockshop.services.reports import LowRow
from stockshop.services.shop import Shop
from stockshop.storage.models.locations import CUSTOMER
from stockshop.storage.session import Session

DAYS = 84
"""How far back it is looked how something sells: twelve weeks."""
MOST = 5_000
"""So many products are listed at the most, the emptiest ones."""
_AT_ONCE = 500
_LEAST_DAYS = 7
"""Of what is new here: less than a week tells no rhythm."""

# By the bin's end of the movement, so that a reversal takes back what it reverses, at the same site.
_SOLD = (
    "SELECT m.product_id, COALESCE(s.code, ''), "
    "SUM(CASE WHEN m.to_id = ? THEN m.quantity_milli ELSE -m.quantity_milli END) FROM movement m "
    "JOIN location b ON b.id = CASE WHEN m.to_id = ? THEN m.from_id ELSE m.to_id END "
    "LEFT JOIN location z ON z.id = b.parent_id LEFT JOIN location s ON s.id = z.parent_id "
    "WHERE m.product_id IN ({ids}) AND m.occurred_at_us >= ? AND (m.to_id = ? OR m.from_id = ?) "
    "GROUP BY m.product_id, s.code"
)
_FIRST = (
    "SELECT p.id, (SELECT MIN(m.occurred_at_us) FROM movement m WHERE m.product_id = p.id) "
    "FROM product p WHERE p.id IN ({ids})"
)
_TERMS = (
    "SELECT s.product_id, v.name, s.pack_milli, s.minimum_milli, s.lead_time_days FROM product_supplier s "
    "JOIN supplier v ON v.id = s.supplier_id WHERE s.product_id IN ({ids})"
)
_ORDERED = (
    "SELECT n.product_id, MIN(o.opened_at_us) FROM order_line n JOIN shop_order o ON o.id = n.order_id "
    "AND o.kind = 'purchase' AND o.closed_at_us IS NULL WHERE n.product_id IN ({ids}) "
    "AND n.quantity_milli > (SELECT COALESCE(SUM(m.quantity_milli), 0) FROM fulfilment f "
    "JOIN movement m ON m.id = f.movement_id WHERE f.order_line_id = n.id) GROUP BY n.product_id"
)


@dataclass(frozen=True, slots=True)
class LowList:
    """What is low, the emptiest first."""

    rows: tuple[LowRow, ...]
    total: int
    """Rules that are reached; more than there are rows where the list is cut."""


def low_list(shop: Shop, most: int = MOST) -> LowList:
    """The products furthest below their reorder points, at most `most` of them."""
    known = standing(shop, most)
    rows: list[LowRow] = []
    for start in range(0, len(known.lowest), _AT_ONCE):
        rows += reports.low(shop, products=known.lowest[start : start + _AT_ONCE])
    rows.sort(key=lambda row: (row.projected_milli - row.reorder_point_milli, row.name))
    return LowList(tuple(rows), max(known.low, len(rows)))


@dataclass(frozen=True, slots=True)
class LowFacts:
    """What is known beside the numbers of a `LowRow`; quantities in thousandths of its unit."""

    sold_milli: int
    """Sold less brought back in the last `days`, at the rule's site or in the whole shop."""
    days: int
    """At most DAYS; less for what is new here."""
    terms: SupplierTerms | None
    """Of the supplier that the row names; None without one."""
    lead_time_days: int | None
    ordered_us: int | None
    """When the oldest order that still brings some was opened; None: nothing is on order."""


def low_facts(shop: Shop, rows: Sequence[LowRow]) -> dict[tuple[int, str], LowFacts]:
    """The facts of these rows, by (product, site)."""
    found: dict[tuple[int, str], LowFacts] = {}
    for start in range(0, len(rows), _AT_ONCE):
        part = rows[start : start + _AT_ONCE]
        with shop.store.reading(snapshot=True) as session:
            found.update(_facts(session, part))
    return found


def _facts(session: Session, rows: Sequence[LowRow]) -> Iterator[tuple[tuple[int, str], LowFacts]]:
    ids = sorted({row.product_id for row in rows})
    marks = ", ".join("?" * len(ids))
    now_us = clock.now_us()
    since_us = now_us - DAYS * clock.DAY_US
    sold: dict[tuple[int, str], int] = {}
    for product_id, site, quantity in session.rows(
        _SOLD.format(ids=marks), [CUSTOMER, CUSTOMER, *ids, since_us, CUSTOMER, CUSTOMER]
    ):
        sold[product_id, site] = int(quantity)
    whole: dict[int, int] = {}
    for (product_id, _), quantity in sold.items():
        whole[product_id] = whole.get(product_id, 0) + quantity
    first: dict[int, int | None] = dict(session.rows(_FIRST.format(ids=marks), ids))
    terms = {(row[0], row[1]): row[2:] for row in session.rows(_TERMS.format(ids=marks), ids)}
    ordered: dict[int, int] = dict(session.rows(_ORDERED.format(ids=marks), ids))
    for row in rows:
        begun_us = first.get(row.product_id) or now_us
        days = min(DAYS, max(_LEAST_DAYS, (now_us - begun_us) // clock.DAY_US))
        key = (row.product_id, row.site)
        pack, minimum, lead = terms.get((row.product_id, row.supplier), (None, 0, None))
        yield (
            key,
            LowFacts(
                sold.get(key, 0) if row.site else whole.get(row.product_id, 0),
                days,
                None if pack is None else SupplierTerms(pack, minimum),
                lead,
                ordered.get(row.product_id),
            ),
        )


_ORDER_LIST = (
    Column("supplier"), Column("supplier_code"), Column("sku"), Column("name"),
    Column("quantity", is_number=True), Column("unit"),
)  # fmt: skip


def write_order_list(rows: Iterable[LowRow], path: Path) -> int:
    """Write what is suggested to be ordered as CSV; answers how many lines there are.

    What is below zero is left out: nobody knows how much of it is missing. Raises NotWritten.
    """
    lines = [
        (row.supplier, row.supplier_code, row.sku, row.name, from_milli(row.suggested_milli), row.unit)
        for row in rows
        if row.suggested_milli > 0 and row.on_hand_milli >= 0
    ]
    return write_table(path, _ORDER_LIST, lines, file_format="csv")
