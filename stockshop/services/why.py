"""Why is it 7? The ledger of one number, with what makes it certain and what makes it doubtful.

A number is what a product has over all bins, or in one bin, or of one lot. Its ledger is read from
the newest movement down, each with the balance it left; looks of counts stand between them, and
what deserves a second look is marked.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from stockshop import clock
from stockshop.errors import NotFound
from stockshop.language import tr
from stockshop.services.history import family
from stockshop.services.shop import Shop
from stockshop.storage.session import Row, Session

LOOK = "look"
"""The kind of a line that is no movement but a look of a count."""
TWICE_WITHIN_US = 15 * 60 * clock.SECOND_US
LATE_AFTER_US = 60 * 60 * clock.SECOND_US
_FEWEST_GAPS = 6
_QUIET_DAYS = 7
_CONTEXT = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason to look twice at a line; what is not said of it is 0 or empty.

    `dip`: a bin went below zero, to `quantity_milli`. `fills`: it came in when the bin stood at
    `quantity_milli`, below zero. `variance`: a count found `quantity_milli` more (or fewer) than
    the books. `quiet`: nothing was sold for `days` before it, though there was some, and usually
    a sale comes every `usual_days`. `twice`: as entry `entry_id`, only minutes after it. `late`:
    recorded `after_us` after it happened.
    """

    kind: str
    place: str = ""
    quantity_milli: int = 0
    days: int = 0
    usual_days: int = 0
    entry_id: int = 0
    after_us: int = 0


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A movement, or a look of a count; quantities in thousandths of the unit."""

    key: tuple[int, int]
    """Unique: number of the movement, and of the look (0 for none)."""
    entry_id: int | None
    """None for a look at which everything matched."""
    kind: str
    """Of the entry, or LOOK."""
    occurred_at_us: int
    recorded_at_us: int
    actor: str
    reference: str
    note: str
    lot: str
    from_place: str
    to_place: str
    """Of a look, the bin."""
    quantity_milli: int
    """Of a look, what was counted."""
    change_milli: int
    """What it changed of the number."""
    balance_milli: int
    """The number after it."""
    value_e4: int
    reverses_id: int | None
    undone_by_id: int | None
    findings: tuple[Finding, ...] = ()
    is_certain: bool = False
    """A look that nothing later has replaced: from here on the bin is known."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger of one number."""

    product_id: int
    sku: str
    name: str
    unit: str
    place: str
    """Code of the bin, where it is of one."""
    lot: str
    on_hand_milli: int
    lines: tuple[LedgerLine, ...]
    """The newest first."""
    is_whole: bool
    places: tuple[tuple[int, str], ...]
    """(id, code) of the bins it ever was in, in walking order."""
    quiet: Finding | None = None
    """Nothing was sold for improbably long until now."""

    counted_us: int | None = None
    """When it was last counted, also further back than the lines go."""

    @property
    def anchor(self) -> LedgerLine | None:
        """The last look that stands."""
        return next((line for line in self.lines if line.is_certain), None)


_MOVED = (
    "SELECT m.id, e.id, e.kind, m.occurred_at_us, e.recorded_at_us, e.actor, e.reference, e.note, t.code, "
    "f.code, g.code, m.quantity_milli, {change}, m.value_e4, e.reverses_id, "
    "(SELECT r.id FROM entry r WHERE r.reverses_id = e.id) "
    "FROM movement m JOIN entry e ON e.id = m.entry_id JOIN lot t ON t.id = m.lot_id "
    "JOIN location f ON f.id = m.from_id JOIN location g ON g.id = m.to_id "
    "WHERE m.product_id IN ({ids}){where} ORDER BY m.id DESC LIMIT ?"
)
_CHANGE = (
    "CASE WHEN {to} THEN m.quantity_milli ELSE 0 END - CASE WHEN {from_} THEN m.quantity_milli ELSE 0 END"
)
_HELD = (
    "SELECT COALESCE(SUM(l.quantity_milli), 0) FROM level l "
    "JOIN location b ON b.id = l.location_id AND b.kind = 'bin' WHERE l.product_id IN ({ids}){where}"
)
_LOOKS = (
    "SELECT c.id, c.entry_id, c.observed_at_us, c.recorded_at_us, c.actor, b.code, t.code, c.counted_milli, "
    "(SELECT r.id FROM entry r WHERE r.reverses_id = c.entry_id), c.location_id, c.lot_id "
    "FROM count_line c JOIN location b ON b.id = c.location_id JOIN lot t ON t.id = c.lot_id "
    "WHERE c.product_id IN ({ids}){where} ORDER BY c.id DESC LIMIT ?"
)
_DIPS = (
    "SELECT d.movement_id, b.code, d.level_milli FROM dip d JOIN location b ON b.id = d.location_id "
    "WHERE d.product_id IN ({ids}){where} AND d.movement_id >= ?"
)
_PLACES = (
    "SELECT DISTINCT b.id, b.code, b.walk_order FROM level l "
    "JOIN location b ON b.id = l.location_id AND b.kind = 'bin' "
    "WHERE l.product_id IN ({ids}) ORDER BY b.walk_order, b.code LIMIT 200"
)


def ledger(
    shop: Shop,
    product_id: int,
    *,
    location_id: int | None = None,
    lot_id: int | None = None,
    limit: int = 400,
) -> Ledger:
    """The newest `limit` movements of a product, or of what of it is in one bin, or of one lot.

    What was merged into the product belongs to it. Raises NotFound.
    """
    with shop.store.reading(snapshot=True) as session:
        product = session.row("SELECT id, sku, name, unit FROM product WHERE id = ?", (product_id,))
        if product is None:
            raise NotFound(tr("There is no such product."), field="product")
        asked = _Asked(session, product_id, location_id, lot_id)
        on_hand = asked.held()
        # A few more, since what came before explains the last ones.
        moved = asked.moved(on_hand, limit + _CONTEXT)
        is_whole = len(moved) <= limit
        looks = asked.looks(limit)
        dips = asked.dips(moved[-1].key[0]) if moved else {}
        places = session.rows(_PLACES.format(ids=asked.marks), asked.ids)
        place = session.value("SELECT code FROM location WHERE id = ?", (location_id,)) if location_id else ""
        lot = session.value("SELECT code FROM lot WHERE id = ?", (lot_id,)) if lot_id else ""
    counted_us = next((look.occurred_at_us for look in looks if look.is_certain), None)
    marked = with_findings(moved, dips)
    shown = marked[:limit]
    if not is_whole:
        looks = [look for look in looks if look.recorded_at_us >= shown[-1].recorded_at_us]
    return Ledger(
        product[0], product[1], product[2], product[3], place or "", lot or "", on_hand,
        _between(shown, looks, on_hand), is_whole, tuple((row[0], row[1]) for row in places),
        quiet_now(marked, clock.now_us()), counted_us,
    )  # fmt: skip


class _Asked:
    """The parts of the statements that say which number it is."""

    def __init__(
        self, session: Session, product_id: int, location_id: int | None, lot_id: int | None
    ) -> None:
        self.session = session
        self.ids = family(session, product_id)
        self.marks = ", ".join("?" * len(self.ids))
        self.location_id, self.lot_id = location_id, lot_id

    def _where(self, place: str, lot: str) -> tuple[str, list[int]]:
        where, params = "", list(self.ids)
        if self.location_id is not None:
            where += f" AND {place}"
            params += [self.location_id] * place.count("?")
        if self.lot_id is not None:
            where += f" AND {lot} = ?"
            params.append(self.lot_id)
        return where, params

    def held(self) -> int:
        where, params = self._where("l.location_id = ?", "l.lot_id")
        return int(self.session.value(_HELD.format(ids=self.marks, where=where), params))

    def moved(self, on_hand_milli: int, limit: int) -> list[LedgerLine]:
        where, params = self._where("(m.from_id = ? OR m.to_id = ?)", "m.lot_id")
        change = _CHANGE.format(to="g.kind = 'bin'", from_="f.kind = 'bin'")
        if self.location_id is not None:
            change = _CHANGE.format(to="m.to_id = ?", from_="m.from_id = ?")
            params = [self.location_id, self.location_id, *params]
        sql = _MOVED.format(change=change, ids=self.marks, where=where)
        lines = []
        balance = on_hand_milli
        for row in self.session.rows(sql, [*params, limit]):
            lines.append(_moved(row, balance))
            balance -= row[12]
        return lines

    def looks(self, limit: int) -> list[LedgerLine]:
        where, params = self._where("c.location_id = ?", "c.lot_id")
        rows = self.session.rows(_LOOKS.format(ids=self.marks, where=where), [*params, limit])
        lines = []
        known: set[tuple[int, int]] = set()
        for row in rows:
            stands = row[8] is None and (row[9], row[10]) not in known
            if stands:
                known.add((row[9], row[10]))
            lines.append(
                LedgerLine(
                    (0, row[0]), row[1], LOOK, row[2], row[3], row[4], "", "", row[6], "", row[5], row[7],
                    0, 0, 0, None, row[8], is_certain=stands,
                )
            )  # fmt: skip
        return lines

    def dips(self, from_id: int) -> dict[int, tuple[str, int]]:
        where, params = self._where("d.location_id = ?", "d.lot_id")
        rows = self.session.rows(_DIPS.format(ids=self.marks, where=where), [*params, from_id])
        return {row[0]: (row[1], row[2]) for row in rows}


def _moved(row: Row, balance_milli: int) -> LedgerLine:
    return LedgerLine(
        (row[0], 0), row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], row[9].lstrip("~"),
        row[10].lstrip("~"), row[11], row[12], balance_milli, row[13], row[14], row[15],
    )  # fmt: skip


def _between(
    moved: Sequence[LedgerLine], looks: Sequence[LedgerLine], on_hand_milli: int
) -> tuple[LedgerLine, ...]:
    """The looks where they were recorded: above all that had been recorded by then."""
    lines: list[LedgerLine] = []
    waiting = list(reversed(looks))
    for line in moved:
        while waiting and waiting[-1].recorded_at_us >= line.recorded_at_us:
            lines.append(replace(waiting.pop(), balance_milli=line.balance_milli))
        lines.append(line)
    left = moved[-1].balance_milli - moved[-1].change_milli if moved else on_hand_milli
    lines += [replace(look, balance_milli=left) for look in reversed(waiting)]
    return tuple(lines)


# -- findings ----------------------------------------------------------------------------------------


def with_findings(moved: Sequence[LedgerLine], dips: dict[int, tuple[str, int]]) -> list[LedgerLine]:
    """The movements (newest first) with what deserves a second look; `dips` by number of the movement."""
    found: list[list[Finding]] = [[] for _ in moved]
    quiet = _quiet_gaps(moved)
    below: dict[str, int] = {}
    received: dict[tuple[str, str, int], LedgerLine] = {}
    # From the oldest on: what came before explains what came after.
    for number in range(len(moved) - 1, -1, -1):
        line, marks = moved[number], found[number]
        dip = dips.get(line.key[0])
        if dip is not None:
            marks.append(Finding("dip", place=dip[0], quantity_milli=dip[1]))
            below[dip[0]] = dip[1]
        if line.to_place in below and line.change_milli >= 0:
            depth = below.pop(line.to_place)
            if line.kind in ("receive", "opening", "move"):
                marks.append(Finding("fills", place=line.to_place, quantity_milli=depth))
        if line.kind == "count" and line.change_milli:
            marks.append(Finding("variance", quantity_milli=line.change_milli))
        if line.kind == "receive" and line.undone_by_id is None:
            same = (line.to_place, line.lot, line.quantity_milli)
            before = received.get(same)
            if before is not None and _is_again(before, line):
                marks.append(Finding("twice", entry_id=before.entry_id or 0))
            received[same] = line
        if line.key[0] in quiet:
            marks.append(quiet[line.key[0]])
        if line.kind != "count" and line.recorded_at_us - line.occurred_at_us > LATE_AFTER_US:
            marks.append(Finding("late", after_us=line.recorded_at_us - line.occurred_at_us))
    return [
        replace(line, findings=tuple(marks)) if marks else line
        for line, marks in zip(moved, found, strict=True)
    ]


def _is_again(before: LedgerLine, line: LedgerLine) -> bool:
    return (
        before.entry_id != line.entry_id
        and before.reference == line.reference
        and abs(line.occurred_at_us - before.occurred_at_us) <= TWICE_WITHIN_US
    )


def _sale_days(moved: Sequence[LedgerLine]) -> list[tuple[int, LedgerLine]]:
    """(day, the last line of it that was sold) of every day with a sale, the oldest first."""
    days: dict[int, LedgerLine] = {}
    for line in moved:
        if line.kind == "sell" and line.change_milli < 0 and line.undone_by_id is None:
            days.setdefault(line.occurred_at_us // clock.DAY_US, line)
    return sorted(days.items(), key=lambda item: item[0])


def _usual(days: Sequence[int]) -> tuple[int, float] | None:
    """The usual number of days from a day with sales to the next, and from how many on it is improbable.

    Waiting times of a steady trade are exponential with mean m: one of n is longer than t with a
    probability of about n * exp(-t / m). Here that is at most 1 %, with m from the median
    (m = median / ln 2), which a few long gaps do not move. None where too little was sold.
    """
    gaps = [later - sooner for sooner, later in pairwise(days)]
    if len(gaps) < _FEWEST_GAPS:
        return None
    usual = median(gaps)
    return max(1, round(usual)), max(_QUIET_DAYS, usual / math.log(2) * math.log(100 * len(gaps)))


def _quiet_gaps(moved: Sequence[LedgerLine]) -> dict[int, Finding]:
    """By number of the movement that ended it: a time without a sale, though there was stock."""
    sold = _sale_days(moved)
    rhythm = _usual([day for day, _ in sold])
    if rhythm is None:
        return {}
    usual, improbable = rhythm
    return {
        line.key[0]: Finding("quiet", days=day - before, usual_days=usual)
        for (before, last), (day, line) in pairwise(sold)
        if day - before > improbable and last.balance_milli > 0
    }


def quiet_now(moved: Sequence[LedgerLine], now_us: int) -> Finding | None:
    """Whether it is improbably long since the last sale, though there is stock."""
    sold = _sale_days(moved)
    rhythm = _usual([day for day, _ in sold])
    if rhythm is None or moved[0].balance_milli <= 0 or sold[-1][1].balance_milli <= 0:
        return None
    usual, improbable = rhythm
    gone = now_us // clock.DAY_US - sold[-1][0]
    return Finding("quiet", days=gone, usual_days=usual) if gone > improbable else None
