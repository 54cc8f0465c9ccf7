"""The whole ledger, newest first: everything of it by key, or those movements that somebody asks for.

Movements are numbered in the order in which they were recorded, so a page is one walk down the
numbers. What is asked for is looked for in pieces of numbers, each bounded in time, from the newest
down; whoever asks says when to stop, and is told how far back it was looked.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from stockshop import text
from stockshop.services.history import family
from stockshop.services.locations import find_place
from stockshop.services.shop import Shop
from stockshop.storage.models.ledger import ENTRY_KINDS
from stockshop.storage.session import Row, Session

KINDS = tuple(ENTRY_KINDS)
"""Every kind of entry, in the order in which they are offered."""


@dataclass(frozen=True, slots=True)
class MovementRow:
    """One line of an entry, in words; the quantity in thousandths of the product's unit."""

    movement_id: int
    entry_id: int
    kind: str
    occurred_at_us: int
    """When the entry happened."""
    recorded_at_us: int
    actor: str
    reference: str
    note: str
    product_id: int
    sku: str
    name: str
    unit: str
    lot: str
    quantity_milli: int
    """0 for a revaluation: value alone moves."""
    from_place: str
    to_place: str
    value_e4: int
    """In 1/10,000 of the currency unit."""
    change_milli: int
    """What it changed on hand."""
    is_undone: bool

    @property
    def key(self) -> int:
        """Unique, and its place in the ledger."""
        return self.movement_id


@dataclass(frozen=True, slots=True)
class MovementFilter:
    """Which movements are asked for; all conditions hold together."""

    product_id: int | None = None
    place_id: int | None = None
    """A bin, or a zone or site with all its bins; either end of the movement counts."""
    kind: str = ""
    """One of KINDS; empty: any."""
    actor: str = ""
    """The person's name, exactly; empty: anybody."""
    from_us: int | None = None
    """Entries that happened at this instant or later."""
    until_us: int | None = None
    """Entries that happened before this instant."""

    @property
    def is_everything(self) -> bool:
        """Whether nothing is asked for in particular."""
        return self == MovementFilter()


@dataclass(frozen=True, slots=True)
class Found:
    """What one look has found."""

    rows: tuple[MovementRow, ...]
    """The newest first, older than all found before."""
    looked_to_us: int | None
    """How far back it was looked: when the oldest entry that was looked at was recorded."""
    is_whole: bool
    """Whether there is nothing more to find."""


_SHOWN = (
    "SELECT m.id, e.id, e.kind, e.occurred_at_us, e.recorded_at_us, e.actor, e.reference, e.note, p.id, "
    "p.sku, p.name, p.unit, t.code, m.quantity_milli, f.code, g.code, m.value_e4, "
    "CASE WHEN g.kind = 'bin' THEN m.quantity_milli ELSE 0 END "
    "- CASE WHEN f.kind = 'bin' THEN m.quantity_milli ELSE 0 END, "
    "CASE WHEN EXISTS (SELECT 1 FROM entry r WHERE r.reverses_id = e.id) THEN 1 ELSE 0 END "
    "FROM ({inner}) m JOIN entry e ON e.id = m.entry_id JOIN product p ON p.id = m.product_id "
    "JOIN lot t ON t.id = m.lot_id JOIN location f ON f.id = m.from_id JOIN location g ON g.id = m.to_id "
    "ORDER BY m.id DESC"
)
_PAGE_FROM = _SHOWN.format(inner="SELECT * FROM movement WHERE id <= ? ORDER BY id DESC LIMIT ?")
_PAGE_AT = _SHOWN.format(inner="SELECT * FROM movement WHERE id <= ? ORDER BY id DESC LIMIT ? OFFSET ?")
_ENDS = "SELECT COALESCE((SELECT MIN(id) FROM movement), 0), COALESCE((SELECT MAX(id) FROM movement), 0)"


def _row(row: Row) -> MovementRow:
    # Places of the outside world are marked by a tilde in the store only.
    return MovementRow(
        row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], row[9], row[10], row[11],
        row[12], row[13], row[14].lstrip("~"), row[15].lstrip("~"), row[16], row[17], bool(row[18]),
    )  # fmt: skip


class MovementListing:
    """The whole ledger as pages by key, for a list of any length. Any thread may ask.

    What is recorded after the first look is not in it, so that no row changes its place; another
    listing has it. `before` is a former one, whose count need not be made again.
    """

    def __init__(self, shop: Shop, before: MovementListing | None = None) -> None:
        self.shop = shop
        self._lock = threading.Lock()
        self._ends: tuple[int, int] | None = None
        self._counted: tuple[int, int] = (0, 0) if before is None else before._counted
        """Up to which number has been counted, and how many there were."""

    @property
    def quick(self) -> bool:
        """Whether a page takes a few milliseconds at the most."""
        return self.shop.store.path is not None

    @property
    def top(self) -> int:
        """The newest number in it; 0 before the first look."""
        return 0 if self._ends is None else self._ends[1]

    def count(self) -> int:
        """How many movements there are; what was counted once is not counted again."""
        with self.shop.store.reading(snapshot=True) as session:
            first, last = self._known_ends(session)
            upto, many = self._counted
            if upto != last:
                more = session.value("SELECT COUNT(*) FROM movement WHERE id > ? AND id <= ?", (upto, last))
                many += int(more)
                self._counted = (last, many)
            return many if first else 0

    def first_keys(self, every: int) -> Sequence[int]:
        """The numbers of movements 0, every, 2*every … from the newest on."""
        with self.shop.store.reading(snapshot=True) as session:
            first, last = self._known_ends(session)
            if not first:
                return ()
            if self._counted == (last, last - first + 1):
                # No number is missing, as always but after a failed posting on a server.
                return range(last, first - 1, -every)
            rows = session.stream("SELECT id FROM movement WHERE id <= ? ORDER BY id DESC", (last,))
            return [row[0] for number, row in enumerate(rows) if number % every == 0]

    def page_from(self, key: Any, limit: int) -> list[MovementRow]:
        """Up to `limit` movements from this number down; from the newest for None."""
        with self.shop.store.reading() as session:
            start = self._known_ends(session)[1] if key is None else key
            return [_row(row) for row in session.rows(_PAGE_FROM, (start, limit))]

    def page_at(self, offset: int, limit: int) -> list[MovementRow]:
        """Up to `limit` movements from the one with this place, the newest at place 0."""
        with self.shop.store.reading(snapshot=True) as session:
            first, last = self._known_ends(session)
            if self._counted == (last, last - first + 1):
                return [_row(row) for row in session.rows(_PAGE_FROM, (last - offset, limit))]
            return [_row(row) for row in session.rows(_PAGE_AT, (last, limit, offset))]

    def _known_ends(self, session: Session) -> tuple[int, int]:
        with self._lock:
            if self._ends is None:
                row = session.row(_ENDS)
                assert row is not None
                self._ends = (row[0], row[1])
            return self._ends


# -- looking for some of them ------------------------------------------------------------------------

_SPAN = 20_000
_LEAST_SPAN, _MOST_SPAN = 2_000, 20_000_000
_QUICK_S, _SLOW_S = 0.05, 0.25
_LOOK_S = 0.4
"""After so long a look answers with what it has, so that it can be said how far it is."""
_LATE_MOST = 20_000
_LATE_AT_ONCE = 400


class MovementSearch:
    """The movements that a filter asks for, found piece by piece. One thread at a time may ask."""

    def __init__(self, shop: Shop, asked: MovementFilter, *, after_id: int = 0) -> None:
        """With `after_id`, only movements with higher numbers: what has come since."""
        self.shop = shop
        self.asked = asked
        self._after_id = after_id
        self._span = _SPAN
        self._hi: int | None = None
        """Everything from this number on has been looked at; None: nothing yet."""
        self._top = 0
        self._newest = 0
        self._lo = 0
        self._late: list[int] = []
        """Entries that happened in the period and were recorded after it, the newest first."""
        self._where = ""
        self._params: list[object] = []
        self._with_entry = bool(asked.kind or asked.actor or asked.from_us is not None or asked.until_us)

    def more(self, want: int, should_stop: Callable[[], bool] = lambda: False) -> Found:
        """Up to `want` further movements, or fewer when it takes long or is to stop."""
        with self.shop.store.reading() as session:
            return self.more_in(session, want, should_stop)

    def more_in(self, session: Session, want: int, should_stop: Callable[[], bool]) -> Found:
        """`more`, inside a session."""
        if self._hi is None:
            self._begin(session)
        assert self._hi is not None
        started = perf_counter()
        ids: list[int] = []
        while len(ids) < want and not self.is_whole and not should_stop():
            ids += self._piece(session, want - len(ids))
            if perf_counter() - started > _LOOK_S:
                break
        rows: list[MovementRow] = []
        for start in range(0, len(ids), _LATE_AT_ONCE):
            part = ids[start : start + _LATE_AT_ONCE]
            marks = ", ".join("?" * len(part))
            found = session.rows(_SHOWN.format(inner=f"SELECT * FROM movement WHERE id IN ({marks})"), part)
            rows += [_row(row) for row in found]
        entry_id = session.value(
            "SELECT entry_id FROM movement WHERE id >= ? ORDER BY id LIMIT 1", (max(self._hi, self._lo),)
        )
        looked_us = session.value("SELECT recorded_at_us FROM entry WHERE id = ?", (entry_id,))
        return Found(tuple(rows), looked_us, self.is_whole)

    @property
    def is_whole(self) -> bool:
        """Whether everything has been looked at."""
        return self._hi is not None and not self._late and self._hi <= self._lo

    @property
    def top(self) -> int:
        """The newest number that was there when it began; 0 before."""
        return self._newest

    @property
    def share(self) -> float:
        """How much of the numbers has been looked at, from 0 to 1."""
        if self._hi is None or self._top <= self._lo:
            return 0.0 if self._hi is None else 1.0
        return min(1.0, (self._top - self._hi) / (self._top - self._lo))

    def ids(self, session: Session, should_stop: Callable[[], bool]) -> Iterator[list[int]]:
        """All numbers, piece by piece, the newest first."""
        if self._hi is None:
            self._begin(session)
        while not self.is_whole and not should_stop():
            yield self._piece(session, 1_000_000)

    def _piece(self, session: Session, want: int) -> list[int]:
        assert self._hi is not None
        if self._late:
            part, self._late = self._late[:_LATE_AT_ONCE], self._late[_LATE_AT_ONCE:]
            marks = ", ".join("?" * len(part))
            sql = f"{self._select()} AND m.entry_id IN ({marks}) ORDER BY m.id DESC"
            return [row[0] for row in session.rows(sql, [*self._params, *part])]
        started = perf_counter()
        low = max(self._lo, self._hi - self._span)
        sql = f"{self._select()} AND m.id >= ? AND m.id < ? ORDER BY m.id DESC LIMIT ?"
        ids = [row[0] for row in session.rows(sql, [*self._params, low, self._hi, want])]
        self._hi = ids[-1] if len(ids) == want else low
        took = perf_counter() - started
        if took < _QUICK_S:
            self._span = min(_MOST_SPAN, self._span * 2)
        elif took > _SLOW_S:
            self._span = max(_LEAST_SPAN, self._span // 2)
        return ids

    def _select(self) -> str:
        # Written so, the movements are walked and each asks for its entry, on every engine.
        tables = "movement m CROSS JOIN entry e" if self._with_entry else "movement m"
        return f"SELECT m.id FROM {tables} WHERE {self._where}"

    # -- conditions ------------------------------------------------------------------------------------

    def _begin(self, session: Session) -> None:
        self._newest = int(session.value("SELECT COALESCE(MAX(id), 0) FROM movement"))
        self._hi = self._top = self._newest + 1
        self._lo = 1
        asked = self.asked
        parts = ["m.entry_id = e.id"] if self._with_entry else ["TRUE"]
        if asked.product_id is not None:
            self._ask(parts, "m.product_id IN ({})", family(session, asked.product_id))
        if asked.place_id is not None:
            parts.append(f"(m.from_id IN ({_BINS_INSIDE}) OR m.to_id IN ({_BINS_INSIDE}))")
            self._params += [asked.place_id] * 6
            if asked.product_id is None:
                self._narrow_by_products(session, parts, asked.place_id)
        if asked.kind:
            self._ask(parts, "e.kind IN ({})", [asked.kind])
        if asked.actor:
            self._ask(parts, "e.actor IN ({})", [asked.actor])
        if asked.from_us is not None:
            self._ask(parts, "e.occurred_at_us >= {}", [asked.from_us])
            # What was recorded before did not happen later.
            self._lo = self._first_of(session, _recorded_from(session, asked.from_us))
        if asked.until_us is not None:
            self._ask(parts, "e.occurred_at_us < {}", [asked.until_us])
            self._end_by(session, asked.until_us)
        if self._after_id:
            self._ask(parts, "m.id > {}", [self._after_id])
            self._lo = max(self._lo, self._after_id + 1)
        self._where = " AND ".join(parts)

    def _ask(self, parts: list[str], condition: str, values: Sequence[object]) -> None:
        parts.append(condition.format(", ".join("?" * len(values))))
        self._params += values

    def _narrow_by_products(self, session: Session, parts: list[str], place_id: int) -> None:
        """Few products ever were in a bin: by them its movements have an index."""
        if session.value("SELECT kind FROM location WHERE id = ?", (place_id,)) != "bin":
            return
        ids = [row[0] for row in session.rows(_EVER_IN, (place_id, _FEW + 1))]
        if len(ids) <= _FEW:
            self._ask(parts, "m.product_id IN ({})", ids or [-1])

    def _end_by(self, session: Session, until_us: int) -> None:
        after = _recorded_from(session, until_us)
        found = session.rows(
            "SELECT id FROM entry WHERE occurred_at_us >= ? AND occurred_at_us < ? AND id >= ? "
            "ORDER BY id DESC LIMIT ?",
            (self.asked.from_us if self.asked.from_us is not None else -(2**62), until_us, after, _LATE_MOST),
        )
        self._late = [row[0] for row in found]
        self._hi = self._top = max(self._lo, self._first_of(session, after))

    def _first_of(self, session: Session, entry_id: int) -> int:
        """The first movement of this entry or of one after it; one more than the last without any."""
        found = session.value(
            "SELECT id FROM movement WHERE entry_id >= ? ORDER BY entry_id, line LIMIT 1", (entry_id,)
        )
        return self._top if found is None else int(found)


_FEW = 40
_EVER_IN = "SELECT DISTINCT product_id FROM level WHERE location_id = ? LIMIT ?"
_BINS_INSIDE = (
    "SELECT b.id FROM location b WHERE b.kind = 'bin' AND (b.id = ? OR b.parent_id = ? "
    "OR b.parent_id IN (SELECT z.id FROM location z WHERE z.parent_id = ?))"
)


def _recorded_from(session: Session, instant_us: int) -> int:
    """The first entry recorded at this instant or later; entries are numbered in recording order."""
    low, high = 1, int(session.value("SELECT COALESCE(MAX(id), 0) FROM entry")) + 1
    while low < high:
        middle = (low + high) // 2
        row = session.row("SELECT id, recorded_at_us FROM entry WHERE id >= ? ORDER BY id LIMIT 1", (middle,))
        if row is None or row[1] >= instant_us:
            high = middle
        else:
            low = row[0] + 1
    return low


def place_named(shop: Shop, wanted: str) -> tuple[int, str]:
    """Id and code of the site, zone or bin with this code or barcode. Raises NotFound."""
    place = find_place(shop, wanted)
    return place.id, place.code


def people(shop: Shop, within: int = 3_000) -> tuple[str, ...]:
    """Who has recorded something among the last entries, by name."""
    with shop.store.reading() as session:
        rows = session.rows(
            "SELECT DISTINCT actor FROM (SELECT actor FROM entry ORDER BY id DESC LIMIT ?) latest", (within,)
        )
    return tuple(sorted((row[0] for row in rows), key=text.fold))
