"""A shop and its physical shelf: what a person does, what the books are told, and when.

The shelf is what one could touch. The books may differ from it by what was stolen, by what was taken from
another bin than the one booked, and by what has happened but is not recorded yet; the machine knows each of
these, so it knows what every level and every count must say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from stockshop import clock
from stockshop.errors import NotFound, Refused
from stockshop.ledger.audit import audit
from stockshop.services.counting import Look, PostedCount, post_count
from stockshop.services.shop import Shop, close_period
from stockshop.services.stock import LineRequest, PostedEntry, post_entry, reverse_entry
from tests.conftest import HandClock
from tests.ledger.books import UNIT

Key = tuple[str, str, str]
"""(SKU, bin, lot)."""
BINS = ("A-01", "B-01")
LOTS = {"EARLY": "2026-06-10", "LATE": "2026-09-01"}

_serial = count(1)


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
    """What it changed, bin by bin: also what its undoing must bring back."""
    is_count: bool = False
    undone: bool = False


class ShelfMachine(RuleBasedStateMachine):
    """Anything a shop may do, in any order; `open_shop` gives the shop of one run."""

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

    def teardown(self) -> None:
        if self.closes and hasattr(self, "shop"):
            self.shop.close()
        self._using.__exit__(None, None, None)

    @initialize(costing=st.sampled_from(["average", "fifo"]))
    def open_the_shop(self, costing: str) -> None:
        self.shop = type(self).open_shop(costing)
        with self.shop.store.reading() as session:
            head = session.row("SELECT recorded_at_us, closed_through_us FROM ledger_head")
        assert head is not None
        # A shop used before has a past that must stay the past.
        self.hands.instant_us = max(self.hands.instant_us, head[0])
        self.hands.pass_time(10)
        self.closed_us = head[1] or 0
        run = next(_serial)
        self.skus = {f"CUP{run}": "none", f"MILK{run}": "lot"}
        self.keys: list[Key] = []
        for sku, tracking in self.skus.items():
            self._add_product(sku, tracking)
            self.keys += [
                (sku, place, lot) for place in BINS for lot in (LOTS if tracking == "lot" else [""])
            ]

    def _add_product(self, sku: str, tracking: str) -> None:
        self.shop.store.writing(
            lambda session: session.run(
                "INSERT INTO product (sku, sku_fold, name, label_name, sort_name, search_text, unit, "
                "tracking, notes, created_at_us, updated_at_us) "
                "VALUES (?, ?, ?, '', ?, ?, 'each', ?, '', 0, 0)",
                (sku, sku.lower(), sku, sku, sku, tracking),
            )
        )

    # -- what the books must say -----------------------------------------------------------------

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

    @invariant()
    def the_books_say_what_they_must(self) -> None:
        if not hasattr(self, "shop"):
            return
        levels = self._levels()
        expected = {key: self.booked(key) * UNIT for key in {*self.shelf, *self.drift, *levels}}
        assert levels == {key: milli for key, milli in expected.items() if milli}
        with self.shop.store.reading() as session:
            assert audit(session) == []

    # -- doing, with and without accidents ---------------------------------------------------------

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
        client_id = f"entry-{next(_serial)}"

        def post() -> PostedEntry:
            return post_entry(
                self.shop, "anna", kind, [line], client_id=client_id, at_us=at_us, note="as seen"
            )

        posted = self.do(post, crash)
        assert posted.status == "posted"
        done = Done(posted.entry_id, client_id, post, self._changes(posted.entry_id))
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
            self.goods_arrive(step)
            filled = [self.key(step)]
        key = filled[step.where % len(filled)]
        return key, min(step.number, self.shelf[key])

    @rule(
        action=st.sampled_from(
            [
                name
                for name, times in {
                    "goods_arrive": 3,
                    "a_customer_buys": 4,
                    "something_late_is_typed_in": 2,
                    "a_customer_buys_and_nobody_looks_from_where": 2,
                    "a_customer_brings_back": 1,
                    "goods_are_carried_to_another_bin": 1,
                    "damaged_goods_are_scrapped": 1,
                    "goods_are_put_in_by_adjustment": 1,
                    "goods_are_taken_out_by_adjustment": 1,
                    "something_is_stolen": 3,
                    "an_entry_is_undone": 2,
                    "the_same_is_sent_again": 1,
                    "the_period_is_closed": 1,
                    "somebody_looks_at_a_shelf": 5,
                    "a_count_is_posted": 4,
                }.items()
                for _ in range(times)
            ]
        ),
        step=st.builds(
            Step,
            where=st.integers(0, 11),
            number=st.integers(1, 9),
            cost_e4=st.one_of(st.none(), st.integers(0, 90_000)),
            late=st.booleans(),
            crash=st.sampled_from([False, False, True]),
        ),
    )
    def something_happens(self, action: str, step: Step) -> None:
        """One rule, so that all that can happen is as likely as it should be."""
        self.hands.pass_time(1)
        getattr(self, action)(step)

    # -- trading -----------------------------------------------------------------------------------

    def goods_arrive(self, step: Step) -> None:
        key = self.key(step)
        self.shelf[key] += step.number
        happened = Unrecorded(self.hands.instant_us, "receive", key, step.number, step.cost_e4)
        self.unrecorded.append(happened)
        if not step.late:
            self._record(happened, step.crash)

    def a_customer_buys(self, step: Step) -> None:
        key, number = self.full(step)
        self.shelf[key] -= number
        happened = Unrecorded(self.hands.instant_us, "sell", key, number, None)
        self.unrecorded.append(happened)
        if not step.late:
            self._record(happened, step.crash)

    def something_late_is_typed_in(self, step: Step) -> None:
        if self.unrecorded:
            self._record(self.unrecorded[step.where % len(self.unrecorded)], step.crash)

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

    def a_customer_buys_and_nobody_looks_from_where(self, step: Step) -> None:
        """The till names no bin and no lot: the books decide, the shelf may see it otherwise."""
        key, number = self.full(step)
        done = self.enter("sell", LineRequest(key[0], number * UNIT), step.crash)
        self.shelf[key] -= number
        self.drift[key] += number
        assert sum(change for _, change in done.lines) == -number
        for booked_key, change in done.lines:
            self.drift[booked_key] += change

    def a_customer_brings_back(self, step: Step) -> None:
        key = self.key(step)
        self.enter("return", self._request(key, step.number, to_bin=key[1]), step.crash)
        self.shelf[key] += step.number

    def goods_are_carried_to_another_bin(self, step: Step) -> None:
        key, number = self.full(step)
        into = BINS[1 - BINS.index(key[1])]
        if self._leaves("move", key, number, step.crash, to_bin=into):
            self.shelf[(key[0], into, key[2])] += number

    def damaged_goods_are_scrapped(self, step: Step) -> None:
        key, number = self.full(step)
        self._leaves("scrap", key, number, step.crash)

    def goods_are_put_in_by_adjustment(self, step: Step) -> None:
        key = self.key(step)
        self.enter("adjust", self._request(key, step.number, to_bin=key[1]), step.crash)
        self.shelf[key] += step.number

    def goods_are_taken_out_by_adjustment(self, step: Step) -> None:
        key, number = self.full(step)
        self._leaves("adjust", key, number, step.crash)

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

    def something_is_stolen(self, step: Step) -> None:
        key, number = self.full(step)
        self.shelf[key] -= number
        self.drift[key] += number

    # -- undoing, repeating, closing ----------------------------------------------------------------

    def an_entry_is_undone(self, step: Step) -> None:
        """Goods go back to where they came from; a count undone changes the books alone."""
        candidates = [done for done in self.done if not done.undone]
        if not candidates:
            return
        done = candidates[-1 - step.where % len(candidates)]
        needed: dict[Key, int] = defaultdict(int)
        for key, change in done.lines:
            needed[key] += change
        if not done.is_count and any(self.shelf[key] < change for key, change in needed.items()):
            return
        client_id = f"undo-{next(_serial)}"

        def undo() -> PostedEntry:
            return reverse_entry(self.shop, "ben", done.entry_id, "a mistake", client_id=client_id)

        assert self.do(undo, step.crash).status == "posted"
        done.undone = True
        where = self.drift if done.is_count else self.shelf
        for key, change in done.lines:
            where[key] -= change
        if done.is_count:
            # Looks made while the count stood were made against a book that was wrong.
            self.seen = [look for look in self.seen if look.key not in needed]
        assert undo().status == "already posted"
        with pytest.raises(Refused, match="undone already"):
            reverse_entry(self.shop, "ben", done.entry_id, "again")

    def the_same_is_sent_again(self, step: Step) -> None:
        if not self.done:
            return
        done = self.done[step.where % len(self.done)]
        answer = done.again()
        assert (answer.status, answer.entry_id) == ("already posted", done.entry_id)

    def the_period_is_closed(self, step: Step) -> None:
        through_us = self.hands.instant_us - step.number * step.number * clock.SECOND_US
        if through_us < self.closed_us:
            with pytest.raises(Refused, match="stays closed"):
                close_period(self.shop, "anna", through_us)
            return
        close_period(self.shop, "anna", through_us)
        self.closed_us = through_us
        self.hands.pass_time(1)

    # -- counting ------------------------------------------------------------------------------------

    def somebody_looks_at_a_shelf(self, step: Step) -> None:
        key = self.key(step)
        self.seen.append(Seen(self.hands.instant_us, key, self.shelf[key], self.drift[key]))

    def a_count_is_posted(self, step: Step) -> None:
        if not self.seen:
            return
        first = self.seen[step.where % len(self.seen)]
        looks = [first]
        for look in self.seen:
            if step.late and look.key not in {other.key for other in looks}:
                looks.append(look)
        looks = [look for look in looks if not self._has_unrecorded(look)]
        if not looks:
            return
        client_id = f"count-{next(_serial)}"

        def post() -> PostedCount:
            return post_count(
                self.shop,
                "carla",
                [
                    Look(sku, place, look.pieces * UNIT, look.at_us, lot=lot, expiry=LOTS.get(lot, ""))
                    for look in looks
                    for sku, place, lot in [look.key]
                ],
                client_id=client_id,
            )

        if any(look.at_us <= self.closed_us for look in looks):
            with pytest.raises(Refused, match="closed"):
                post()
            self.seen = [look for look in self.seen if look.at_us > self.closed_us]
            return
        overtaken = [look for look in looks if look.drift and self._counted_since(look)]
        if overtaken:
            with pytest.raises(Refused, match="counted since"):
                post()
            self.seen = [look for look in self.seen if look not in overtaken]
            return
        self._settle(looks, self.do(post, step.crash), post)

    def _has_unrecorded(self, look: Seen) -> bool:
        return any(late.key == look.key and late.at_us <= look.at_us for late in self.unrecorded)

    def _counted_since(self, look: Seen) -> bool:
        return any(
            at_us > look.at_us and not (done is not None and done.undone)
            for at_us, done in self.last_counted[look.key]
        )

    def _settle(self, looks: list[Seen], posted: PostedCount, again: Callable[[], PostedCount]) -> None:
        """The loss posted is exactly what was missing when somebody looked, whatever was traded since."""
        assert posted.status == "posted"
        assert [line.variance_milli for line in posted.lines] == [-look.drift * UNIT for look in looks]
        done = None
        if posted.entry_id is None:
            assert not any(look.drift for look in looks)
        else:
            changes = [(look.key, -look.drift) for look in looks if look.drift]
            assert self._changes(posted.entry_id) == changes
            done = Done(posted.entry_id, posted.client_id, again, changes, is_count=True)
            self.done.append(done)
        self.seen = [look for look in self.seen if look not in looks]
        for look in looks:
            self.drift[look.key] -= look.drift
            self.last_counted[look.key].append((look.at_us, done))
            for other in self.seen:
                if other.key == look.key and other.at_us >= look.at_us:
                    other.drift -= look.drift
        assert again().status == "already posted"
