"""Anything a shop may do, in any order, against the model of its physical shelf."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from stockshop import clock
from stockshop.errors import Refused
from stockshop.ledger.audit import audit
from stockshop.services.counting import Look, PostedCount, post_count
from stockshop.services.rules import close_period
from stockshop.services.stock import LineRequest, PostedEntry, reverse_entry
from tests.ledger.books import UNIT
from tests.ledger.shelf import BINS, LOTS, Done, Key, Seen, ShopWithShelf, Step, Unrecorded, serial


class ShelfMachine(ShopWithShelf, RuleBasedStateMachine):
    """Anything a shop may do, in any order; `open_shop` gives the shop of one run."""

    def teardown(self) -> None:
        self.close()

    @initialize(costing=st.sampled_from(["average", "fifo"]))
    def open_the_shop(self, costing: str) -> None:
        self.open(costing)

    @invariant()
    def the_books_say_what_they_must(self) -> None:
        if not hasattr(self, "shop"):
            return
        levels = self._levels()
        expected = {key: self.booked(key) * UNIT for key in {*self.shelf, *self.drift, *levels}}
        assert levels == {key: milli for key, milli in expected.items() if milli}
        with self.shop.store.reading() as session:
            assert audit(session) == []

    @rule(
        action=st.sampled_from(
            [
                name
                for name, times in {
                    "goods_arrive": 3,
                    "a_delivery_is_sold_out_before_it_is_typed_in": 1,
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
            cost_e4=st.sampled_from([10_000, 33_333, 90_001, 7, None]),
            late=st.sampled_from([False, False, True]),
            crash=st.sampled_from([False, False, True]),
        ),
    )
    def something_happens(self, action: str, step: Step) -> None:
        """One rule, so that all that can happen is as likely as it should be."""
        self.hands.pass_time(1)
        getattr(self, action)(step)

    # -- trading -----------------------------------------------------------------------------------

    def a_customer_buys(self, step: Step) -> None:
        key, number = self.full(step)
        self.shelf[key] -= number
        happened = Unrecorded(self.hands.instant_us, "sell", key, number, None)
        self.unrecorded.append(happened)
        if not step.late:
            self._record(happened, step.crash)

    def a_delivery_is_sold_out_before_it_is_typed_in(self, step: Step) -> None:
        """The books go below zero, and the receipt that fills the hole has a cost of its own."""
        self.goods_arrive(replace(step, late=True))
        key = self.key(step)
        number, self.shelf[key] = self.shelf[key], 0
        happened = Unrecorded(self.hands.instant_us, "sell", key, number, None)
        self.unrecorded.append(happened)
        self._record(happened, step.crash)

    def something_late_is_typed_in(self, step: Step) -> None:
        if self.unrecorded:
            self._record(self.unrecorded[step.where % len(self.unrecorded)], step.crash)

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

    def something_is_stolen(self, step: Step) -> None:
        key, number = self.full(step)
        self.shelf[key] -= number
        self.drift[key] += number

    # -- undoing, repeating, closing ----------------------------------------------------------------

    def an_entry_is_undone(self, step: Step) -> None:
        """Goods go back to where they came from; a count undone changes the books alone."""
        kinds = ("receive",) if step.late else ("receive", "sell", "count", "")
        candidates = [done for done in self.done if not done.undone and done.kind in kinds]
        if not candidates:
            return
        done = candidates[(7 * step.where + step.number) % len(candidates)]
        needed: dict[Key, int] = defaultdict(int)
        for key, change in done.lines:
            needed[key] += change
        if done.kind != "count" and any(self.shelf[key] < change for key, change in needed.items()):
            return
        client_id = f"undo-{next(serial)}"

        def undo() -> PostedEntry:
            return reverse_entry(self.shop, "ben", done.entry_id, "a mistake", client_id=client_id)

        assert self.do(undo, step.crash).status == "posted"
        done.undone = True
        where = self.drift if done.kind == "count" else self.shelf
        for key, change in done.lines:
            where[key] -= change
        if done.kind == "count":
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
        client_id = f"count-{next(serial)}"

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
            done = Done(posted.entry_id, posted.client_id, again, changes, "count")
            self.done.append(done)
        self.seen = [look for look in self.seen if look not in looks]
        for look in looks:
            self.drift[look.key] -= look.drift
            self.last_counted[look.key].append((look.at_us, done))
            for other in self.seen:
                if other.key == look.key and other.at_us >= look.at_us:
                    other.drift -= look.drift
        assert again().status == "already posted"
