"""What runs low, is below zero or expires soon, kept up to date by what has changed since the last look.

Every rule and every level is looked through once, in a second or so where there are a million
products. From then on only products are looked at again that have moved or were changed, so that
the home screen can ask after every scan.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from heapq import nsmallest
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from stockshop import clock
from stockshop.services.shop import Shop
from stockshop.storage.session import Row, Session

PROMISED = (
    "(SELECT COALESCE(SUM(a.quantity_milli), 0) FROM allocation a WHERE a.product_id = r.product_id "
    "AND a.released_at_us IS NULL)"
)
"""Thousandths set aside of the product of a rule `r`."""
COMING = (
    "(SELECT COALESCE(SUM(CASE WHEN w.open_milli > 0 THEN w.open_milli ELSE 0 END), 0) FROM ("
    "SELECT n.quantity_milli - COALESCE((SELECT SUM(m.quantity_milli) FROM fulfilment f "
    "JOIN movement m ON m.id = f.movement_id WHERE f.order_line_id = n.id), 0) AS open_milli "
    "FROM order_line n JOIN shop_order o ON o.id = n.order_id AND o.kind = 'purchase' "
    "AND o.closed_at_us IS NULL WHERE n.product_id = r.product_id) w)"
)
"""Thousandths bought and not yet received of the product of a rule `r`."""
_HELD = (
    "(SELECT COALESCE(SUM(v.quantity_milli), 0) FROM level v "
    "JOIN location b ON b.id = v.location_id AND b.kind = 'bin' JOIN location z ON z.id = b.parent_id "
    "WHERE v.product_id = r.product_id AND (r.site_id IS NULL OR z.parent_id = r.site_id))"
)
_LOW = (
    "SELECT product_id, gap FROM (SELECT r.product_id, "
    f"{_HELD} - {PROMISED} + {COMING} - r.reorder_point_milli AS gap FROM reorder_rule r "
    "JOIN product p ON p.id = r.product_id AND p.archived_at_us IS NULL {only}) gaps WHERE gap <= 0"
)
# The plus keeps SQLite from walking an index of bins: all levels are to be looked at, in their order.
_BELOW = (
    "SELECT l.product_id, l.location_id, l.quantity_milli FROM level l "
    "JOIN location b ON b.id = +l.location_id AND b.kind = 'bin' WHERE l.quantity_milli < 0 {only}"
)
SOON_DAYS = 14
"""So many days before its date a lot needs somebody."""
# By the dates first: where there are lots at all, few of them end soon.
_SOON = (
    "SELECT l.product_id, t.expiry, l.location_id, l.lot_id FROM lot t "
    "JOIN level l ON l.product_id = t.product_id AND l.lot_id = t.id AND l.quantity_milli > 0 "
    "JOIN location b ON b.id = +l.location_id AND b.kind = 'bin' WHERE t.expiry <= ? {only}"
)
# Without DISTINCT, for which SQLite would walk the whole of another index.
_MOVED = "SELECT product_id FROM movement WHERE entry_id > ? LIMIT ?"
_CHANGED = "SELECT noun, noun_id FROM change WHERE id > ? LIMIT ?"
_STAMP = (
    "SELECT (SELECT entry_sequence FROM ledger_head WHERE id = 1), "
    "(SELECT COALESCE(MAX(id), 0) FROM change), "
    "(SELECT MAX(id) FROM allocation), (SELECT COUNT(*) FROM allocation WHERE released_at_us IS NULL), "
    "(SELECT MAX(id) FROM order_line), (SELECT COUNT(*) FROM shop_order WHERE closed_at_us IS NULL)"
)
_MANY = 5_000
"""So many movements at once are read as quickly by looking through everything."""
_AT_ONCE = 500
_STALE_US = 600 * clock.SECOND_US
"""On a server, changes that were begun before a look may be committed after it: look anew now and then."""


def rules_of(products: Sequence[int]) -> tuple[str, list[int]]:
    """A condition on `reorder_rule r` that finds the rules of a few products by its two indexes."""
    marks = ", ".join("?" * len(products))
    parts = (
        f"SELECT id FROM reorder_rule WHERE site_id IS {which} AND product_id IN ({marks})"
        for which in ("NULL", "NOT NULL")
    )
    return f"AND r.id IN ({' UNION ALL '.join(parts)})", [*products, *products]


@dataclass(frozen=True, slots=True)
class Standing:
    """How many need somebody, and those that need it most."""

    low: int
    """Rules that are reached, of all products and sites."""
    below_zero: int
    """Bins (and lots) below zero."""
    lowest: tuple[int, ...]
    """Products furthest below their reorder points, by id."""
    deepest: tuple[tuple[int, int], ...]
    """(product, bin) furthest below zero, by ids."""
    expiring: int = 0
    """Lots in bins that are past their dates, or will be within SOON_DAYS."""
    soonest: tuple[tuple[int, int, int], ...] = ()
    """(product, bin, lot) that expire first, by ids."""


class _Watch:
    """What is known of one open shop."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.zone: ZoneInfo | None = None
        """The shop's own time, by which a day ends."""
        self._stamp: Row | None = None
        self._looked_at_us = 0
        self._gaps: dict[int, tuple[int, ...]] = {}
        """Of each product with a rule that is reached: projected less reorder point."""
        self._below: dict[int, tuple[tuple[int, int], ...]] = {}
        """Of each product below zero somewhere: (bin, thousandths)."""
        self._soon: dict[int, tuple[tuple[str, int, int], ...]] = {}
        """Of each product with lots that expire soon: (date, bin, lot)."""
        self._until = ""
        """The last date that is soon."""
        self._low = 0
        self._deep = 0
        self._expiring = 0

    def standing(self, session: Session, limit: int) -> Standing:
        self._update(session)
        gaps = ((gap, product_id) for product_id, each in self._gaps.items() for gap in each[:1])
        depths = (
            (quantity_milli, product_id, bin_id)
            for product_id, bins in self._below.items()
            for bin_id, quantity_milli in bins
        )
        dates = (
            (expiry, product_id, bin_id, lot_id)
            for product_id, lots in self._soon.items()
            for expiry, bin_id, lot_id in lots
        )
        return Standing(
            low=self._low,
            below_zero=self._deep,
            lowest=tuple(product_id for _, product_id in nsmallest(limit, gaps)) if limit else (),
            deepest=tuple(row[1:] for row in nsmallest(limit, depths)) if limit else (),
            expiring=self._expiring,
            soonest=tuple(row[1:] for row in nsmallest(limit, dates)) if limit else (),
        )

    def _update(self, session: Session) -> None:
        stamp = session.row(_STAMP)
        assert stamp is not None
        now = clock.now_us()
        # Until all of it is read, nothing is known: a store that fails in the middle leaves no half.
        before, self._stamp = self._stamp, None
        stale = session.engine == "postgres" and now - self._looked_at_us > _STALE_US
        until = (clock.today(self.zone) + timedelta(days=SOON_DAYS)).isoformat()
        stale = stale or until != self._until
        touched = None if before is None or stale or before[2:] != stamp[2:] else _touched(session, before)
        self._until = until
        if touched is None:
            self._gaps, self._below, self._soon = {}, {}, {}
            self._looked_at_us = now
            self._low = self._deep = self._expiring = 0
            self._take(session, None)
            touched = []
        for start in range(0, len(touched), _AT_ONCE):
            part = touched[start : start + _AT_ONCE]
            for product_id in part:
                self._low -= len(self._gaps.pop(product_id, ()))
                self._deep -= len(self._below.pop(product_id, ()))
                self._expiring -= len(self._soon.pop(product_id, ()))
            self._take(session, part)
        self._stamp = stamp

    def _take(self, session: Session, products: Sequence[int] | None) -> None:
        """Read these products, which are not in the tables, or all."""
        rules, wanted = ("", []) if products is None else rules_of(products)
        gaps = self._gaps
        for product_id, gap in session.stream(_LOW.format(only=rules), wanted):
            gaps[product_id] = tuple(sorted((*gaps.get(product_id, ()), int(gap))))
            self._low += 1
        levels = "" if products is None else f"AND l.product_id IN ({', '.join('?' * len(products))})"
        below = self._below
        for product_id, bin_id, quantity_milli in session.stream(_BELOW.format(only=levels), products or ()):
            below[product_id] = (*below.get(product_id, ()), (bin_id, quantity_milli))
            self._deep += 1
        lots = "" if products is None else f"AND t.product_id IN ({', '.join('?' * len(products))})"
        soon = self._soon
        wanted_lots = (self._until, *(products or ()))
        for product_id, expiry, bin_id, lot_id in session.stream(_SOON.format(only=lots), wanted_lots):
            soon[product_id] = (*soon.get(product_id, ()), (expiry, bin_id, lot_id))
            self._expiring += 1


def _touched(session: Session, before: Row) -> list[int] | None:
    """Products that have moved or were changed since; None where all have to be looked at."""
    moved = session.rows(_MOVED, (before[0], _MANY))
    changed = session.rows(_CHANGED, (before[1], _MANY))
    if len(moved) == _MANY or len(changed) == _MANY or any(noun == "location" for noun, _ in changed):
        return None
    return sorted({row[0] for row in moved} | {noun_id for noun, noun_id in changed if noun == "product"})


_watches: WeakKeyDictionary[Shop, _Watch] = WeakKeyDictionary()
_watches_lock = threading.Lock()


def standing(shop: Shop, limit: int = 0) -> Standing:
    """What needs somebody now, with at most `limit` of each kind."""
    with _watches_lock:
        watch = _watches.setdefault(shop, _Watch())
    with watch.lock, shop.store.reading(snapshot=True) as session:
        watch.zone = shop.zone
        return watch.standing(session, limit)


def products_standing_out(shop: Shop) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Ids of the products in use with a rule that is reached, and of those below zero in some bin."""
    standing(shop)
    watch = _watches[shop]
    with watch.lock:
        return tuple(watch._gaps), tuple(watch._below)
