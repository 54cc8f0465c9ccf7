"""A shop and its physical shelf: what a person does, what the books are told, and when.

The shelf is what one could touch. The books may differ from it by what was stolen, by what was taken from
another bin than the one booked, and by what has happened but is not recorded yet; the machine knows each of
these, so it knows what every level and every count must say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import pytest

from stockshop import clock
from stockshop.errors import NotFound, Refused
from stockshop.services.counting import PostedCount
from stockshop.services.shop import Shop
from stockshop.services.stock import LineRequest, PostedEntry, post_entry
from tests.conftest import HandClock
from tests.ledger.books import UNIT

Key = tuple[str, str, str]
"""(SKU, bin, lot)."""
BINS = ("A-01", "B-01")
LOTS = {"EARLY": "2026-06-10", "LATE": "2026-09-01"}

serial = count(1)


class PowerLossError(Exception):
    """The till goes off before its work is done."""


@dataclass(frozen=True)
class Step:
    """What chance decides of one thing that happens."""

    where: int
    number: int
    cost_e4: int | None
    late: bool
    crash: bool
    """Whether the till goes off in the middle of it."""


@dataclass
class Unrecorded:
    """Something that has happened on the shelf and will be typed in later."""

    at_us: int
    kind: str
    key: Key
    pieces: int
    cost_e4: int | None


@dataclass
class Seen:
    """A look at a shelf that is still on the paper."""

    at_us: int
    key: Key
    pieces: int
    drift: int
    """By how much the books, all told, were above the shelf at that instant."""


@dataclass
class Done:
    """An entry in the books."""

    entry_id: int
    client_id: str
    again: Callable[[], PostedEntry | PostedCount]
    lines: list[tuple[Key, int]]
    """What it changed, bin by bin, and what its undoing must bring back."""
    kind: str = ""
    """`receive`, `sell`, `count`; empty for the others."""
    undone: bool = False


class ShopWithShelf:
    """A shop, its shelf, and everything by which the two may differ."""

    open_shop: Callable[[str], Shop]
    closes = True
    """Whether the shop of a run is closed with it."""

    def __init__(self) -> None:
        super().__init__()
        self.hands = HandClock()
        self._using = clock.using(self.hands)
        self._using.__enter__()
        self.shelf: dict[Key, int] = defaultdict(int)
        self.drift: dict[Key, int] = defaultdict(int)
        self.unrecorded: list[Unrecorded] = []
        self.seen: list[Seen] = []
        self.last_counted: dict[Key, list[tuple[int, Done | None]]] = defaultdict(list)
        self.done: list[Done] = []
        self.closed_us = 0

    def open(self, costing: str) -> None:
        """Begin the day in a shop; products are new at each run, the past may not be."""
        self.shop = type(self).open_shop(costing)
        with self.shop.store.reading() as session:
            head = session.row("SELECT recorded_at_us, closed_through_us FROM ledger_head")
        assert head is not None
        # A shop used before has a past that must stay the past.
        self.hands.instant_us = max(self.hands.instant_us, head[0])
        self.hands.pass_time(10)
        self.closed_us = head[1] or 0
        run = next(serial)
        self.skus = {f"CUP{run}": "none", f"MILK{run}": "lot"}
        self.keys: list[Key] = []
        for sku, tracking in self.skus.items():
            self._add_product(sku, tracking)
            lots = list(LOTS) if tracking == "lot" else [""]
            self.keys += [(sku, place, lot) for place in BINS for lot in lots]

    def close(self) -> None:
        """End the day."""
        if self.closes and hasattr(self, "shop"):
            self.shop.close()
        self._using.__exit__(None, None, None)

    def _add_product(self, sku: str, tracking: str) -> None:
        self.shop.store.writing(
            lambda session: session.run(
                "INSERT INTO product (sku, sku_fold, name, label_name, sort_name, search_text, unit, "
                "tracking, notes, created_at_us, updated_at_us) "
                "VALUES (?, ?, ?, '', ?, ?, 'each', ?, '', 0, 0)",
                (sku, sku.lower(), sku, sku, sku, tracking),
            )
        )

    def booked(self, key: Key) -> int:
        """What the books must say of a bin now."""
        pending = sum(
            late.pieces if late.kind == "receive" else -late.pieces
            for late in self.unrecorded
            if late.key == key
        )
        return self.shelf[key] + self.drift[key] - pending

    def _changes(self, entry_id: int) -> list[tuple[Key, int]]:
        """What an entry changed, bin by bin, as it is stored."""
        with self.shop.store.reading() as session:
            rows = session.rows(
                "SELECT p.sku, b.code, l.code, CASE WHEN m.to_id = b.id THEN m.quantity_milli "
                "ELSE -m.quantity_milli END FROM movement m JOIN product p ON p.id = m.product_id "
                "JOIN lot l ON l.id = m.lot_id JOIN location b ON b.id IN (m.from_id, m.to_id) "
                "AND b.kind = 'bin' WHERE m.entry_id = ? AND m.quantity_milli > 0 ORDER BY m.id",
                (entry_id,),
            )
        return [((sku, place, lot), quantity // UNIT) for sku, place, lot, quantity in rows]

    def _levels(self) -> dict[Key, int]:
        with self.shop.store.reading() as session:
            rows = session.rows(
                "SELECT p.sku, b.code, l.code, v.quantity_milli FROM level v "
                "JOIN product p ON p.id = v.product_id JOIN lot l ON l.id = v.lot_id "
                "JOIN location b ON b.id = v.location_id AND b.kind = 'bin' WHERE v.quantity_milli <> 0"
            )
        return {(row[0], row[1], row[2]): row[3] for row in rows if row[0] in self.skus}

    def do(self, action: Callable[[], Any], crash: bool) -> Any:
        """Carry it out; with `crash` the till goes off before the end and it is done again."""
        if crash:
            before = self._levels()
            whole = self.shop.store.writing

            def cut_short(work: Callable[[Any], Any]) -> Any:
                def half(session: Any) -> Any:
                    work(session)
                    raise PowerLossError

                return whole(half)

            self.shop.store.writing = cut_short  # type: ignore[method-assign]
            try:
                with pytest.raises((PowerLossError, Refused, NotFound)):
                    action()
            finally:
                self.shop.store.writing = whole  # type: ignore[method-assign]
            assert self._levels() == before, "nothing half-done is left"
        return action()

    def enter(self, kind: str, line: LineRequest, crash: bool, at_us: int | None = None) -> Done:
        """Post an entry of one line."""
        client_id = f"entry-{next(serial)}"

        def post() -> PostedEntry:
            return post_entry(
                self.shop, "anna", kind, [line], client_id=client_id, at_us=at_us, note="as seen"
            )

        posted = self.do(post, crash)
        assert posted.status == "posted"
        known = kind if kind in ("receive", "sell") else ""
        done = Done(posted.entry_id, client_id, post, self._changes(posted.entry_id), known)
        self.done.append(done)
        return done

    def _request(
        self, key: Key, number: int, cost_e4: int | None = None, *, from_bin: str = "", to_bin: str = ""
    ) -> LineRequest:
        sku, _, lot = key
        expiry = "" if from_bin else LOTS.get(lot, "")
        return LineRequest(sku, number * UNIT, from_bin, to_bin, lot, expiry, cost_e4)

    def key(self, step: Step) -> Key:
        """Any place."""
        return self.keys[step.where % len(self.keys)]

    def full(self, step: Step) -> tuple[Key, int]:
        """A place with something on it, and how much of that is taken; goods arrive where there is none."""
        filled = [key for key in self.keys if self.shelf[key] > 0]
        if not filled:
            self.goods_arrive(replace(step, late=False))
            filled = [self.key(step)]
        key = filled[step.where % len(filled)]
        return key, min(step.number, self.shelf[key])

    def goods_arrive(self, step: Step) -> None:
        key = self.key(step)
        number = 4 * step.number
        self.shelf[key] += number
        happened = Unrecorded(self.hands.instant_us, "receive", key, number, step.cost_e4)
        self.unrecorded.append(happened)
        if not step.late:
            self._record(happened, step.crash)

    def _record(self, happened: Unrecorded, crash: bool) -> None:
        place = happened.key[1]
        arrives = happened.kind == "receive"
        line = self._request(
            happened.key,
            happened.pieces,
            happened.cost_e4,
            from_bin="" if arrives else place,
            to_bin=place if arrives else "",
        )
        if not arrives and not self.lot_known(happened.key):
            with pytest.raises(NotFound, match="no lot"):
                self.enter(happened.kind, line, crash)
            return
        at_us: int | None = happened.at_us
        if happened.at_us <= self.closed_us:
            with pytest.raises(Refused, match="closed"):
                self.enter(happened.kind, line, False, happened.at_us)
            at_us = None
            # By the books it happens now: looks in between saw what the books of then do not say.
            self.seen = [
                look for look in self.seen if look.key != happened.key or look.at_us < happened.at_us
            ]
        self.unrecorded.remove(happened)
        self.enter(happened.kind, line, crash, at_us)

    def _leaves(self, kind: str, key: Key, number: int, crash: bool, to_bin: str = "") -> bool:
        """Take goods away; refused, with nothing done, where the books do not have them."""
        signed = -number if kind == "adjust" else number
        line = self._request(key, signed, from_bin=key[1], to_bin=to_bin)
        known = self.lot_known(key)
        if self.booked(key) < number or not known:
            with pytest.raises(Refused if known else NotFound):
                self.enter(kind, line, crash)
            return False
        self.enter(kind, line, crash)
        self.shelf[key] -= number
        return True

    def lot_known(self, key: Key) -> bool:
        """Whether the books know this lot at all."""
        if not key[2]:
            return True
        with self.shop.store.reading() as session:
            return bool(
                session.value(
                    "SELECT 1 FROM lot l JOIN product p ON p.id = l.product_id "
                    "WHERE p.sku = ? AND l.code = ?",
                    (key[0], key[2]),
                )
            )
