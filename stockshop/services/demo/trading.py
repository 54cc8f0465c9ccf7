"""The sample shop's two years, day by day: deliveries, refills, sales, counts and orders.

Every line names its bin and lot, so that what is written down here is exactly what the ledger does.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from stockshop.quantity import MILLI
from stockshop.services.counting import Look
from stockshop.services.demo import stands
from stockshop.services.demo.events import Counted, Diary, OrderClosed, Ordered
from stockshop.services.demo.goods import Supplier, World
from stockshop.services.demo.seasons import CLOSE_MINUTE, OPEN_MINUTE, Calendar, season_weights
from stockshop.services.demo.stands import Batch, Stand
from stockshop.services.stock import LineRequest

_BASKETS = (1, 1, 2, 2, 3, 3, 4, 5, 7)
_GROWTH = 0.10
_COST_RISE = 0.06
_ORDERS_KEPT_DAYS = 45
_NOT_SCRAPPED_DAYS = 5
_SCRAP_WEEKDAYS = (0, 3)
_REVIEW_DAYS = 7
_MISSING_CHANCE = 0.06
_EXTRA_CHANCE = 0.015
_RETURN_CHANCE = 0.03
_OWN_USE = (
    ("Used in the shop", 2),
    ("Broken on the shelf", 1),
    ("Shown to customers", 1),
    ("Given to the school raffle", 1),
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a supplier was asked for."""

    supplier: Supplier
    order: str
    """The client id of its purchase order; empty for those long ago."""
    lines: tuple[tuple[Stand, int], ...]


class Trading:
    """The story up to the last evening."""

    def __init__(self, world: World, calendar: Calendar, rng: Random, diary: Diary) -> None:
        self.world = world
        self.calendar = calendar
        self.rng = rng
        self.diary = diary
        self.stands = stands.make_stands(world.articles, rng)
        self.by_supplier: dict[str, list[Stand]] = defaultdict(list)
        self.by_bin: dict[str, list[Stand]] = defaultdict(list)
        for stand in self.stands:
            self.by_supplier[stand.article.supplier].append(stand)
            self.by_bin[stand.article.bin].append(stand)
        self.due: dict[date, list[Delivery]] = defaultdict(list)
        self.found: dict[date, list[tuple[Stand, int]]] = defaultdict(list)
        """What comes to a shelf by other ways than trade, on its day."""
        self._sale_number = 10_000
        self._counted_bins = 0
        self._counted_month = 0

    def run(self) -> None:
        """Write down every day."""
        self._open_shop()
        for day in self.calendar.days()[1:]:
            if self.calendar.is_open(day):
                self._day(day)

    def person(self) -> str:
        """Who happens to be there."""
        return self.rng.choice(self.world.people)

    def cost_e4(self, stand: Stand, day: date) -> int:
        """What a unit costs on a day: prices rise by and by."""
        return int(stand.article.cost_e4 * (1 + _COST_RISE * self._passed(day)))

    def _passed(self, day: date) -> float:
        whole = (self.calendar.last - self.calendar.first).days
        return (day - self.calendar.first).days / whole

    def _open_shop(self) -> None:
        day = self.calendar.first
        weights = season_weights(day)
        lines: list[LineRequest] = []
        for stand in self.stands:
            milli = stand.levels(weights[stand.article.season], _REVIEW_DAYS)[1]
            if milli:
                lines += self._arrive(stand, day, milli, at_start=True)
        at_us = self.calendar.at(day, OPEN_MINUTE)
        self.diary.post(at_us, self.world.people[0], "opening", lines, note="First stock")

    def _day(self, day: date) -> None:
        weights = season_weights(day)
        for stand, milli in self.found[day]:
            stands.add(stand.shelf, "", "", milli)
        for number, delivery in enumerate(self.due.pop(day, ())):
            self._receive(day, delivery, 455 + 6 * number)
        self._scrap(day)
        self._refill(day, weights)
        self._count(day)
        self._sell(day, weights)
        self._small_things(day)
        for supplier in self.world.suppliers:
            if day.weekday() in supplier.weekdays:
                self._order(day, supplier)

    # -- what comes in ---------------------------------------------------------------------------

    def _arrive(self, stand: Stand, day: date, milli: int, *, at_start: bool = False) -> list[LineRequest]:
        article = stand.article
        lot, expiry = stands.lot_of(article, day, self.rng)
        parts = [(article.reserve_bin or article.bin, milli)]
        if at_start and article.reserve_bin:
            on_shelf = milli // 2 // MILLI * MILLI
            parts = [(article.bin, on_shelf), (article.reserve_bin, milli - on_shelf)]
        lines = []
        for place, part_milli in parts:
            if not part_milli:
                continue
            stands.add(stand.shelf if place == article.bin else stand.reserve, lot, expiry, part_milli)
            lines.append(
                LineRequest(
                    article.code,
                    part_milli,
                    to_bin=place,
                    lot=lot,
                    expiry=expiry,
                    unit_cost_e4=self.cost_e4(stand, day),
                )
            )
        return lines

    def _receive(self, day: date, delivery: Delivery, minute: int) -> None:
        lines: list[LineRequest] = []
        for stand, milli in delivery.lines:
            stand.pending_milli -= milli
            lines += self._arrive(stand, day, milli)
        at_us = self.calendar.at(day, minute)
        actor = self.person()
        reference = f"{delivery.supplier.code} {self.rng.randrange(40_000, 90_000)}"
        self.diary.post(
            at_us, actor, "receive", lines, reference, order=delivery.order,
            order_lines=range(len(lines)) if delivery.order else (),
        )  # fmt: skip
        if delivery.order:
            self.diary.events.append(OrderClosed(at_us + 60_000_000, actor, delivery.order))

    def _order(self, day: date, supplier: Supplier) -> None:
        lead_days = supplier.lead_days
        weights = season_weights(day + timedelta(days=lead_days + _REVIEW_DAYS))
        wait_days = lead_days + _REVIEW_DAYS / len(supplier.weekdays)
        wanted: list[tuple[Stand, int]] = []
        for stand in self.by_supplier[supplier.name]:
            position = stand.held_milli + stand.pending_milli
            point, up_to = stand.levels(weights[stand.article.season], wait_days)
            if position > point or up_to <= position:
                continue
            pack = stand.article.pack_milli
            milli = max(math.ceil((up_to - position) / pack) * pack, stand.article.minimum_milli)
            stand.pending_milli += milli
            wanted.append((stand, milli))
        if not wanted:
            return
        due = self.calendar.next_open(day + timedelta(days=lead_days))
        order = ""
        if (self.calendar.last - day).days <= _ORDERS_KEPT_DAYS:
            order = self.diary.next_id()
            self.diary.events.append(
                Ordered(
                    self.calendar.at(day, CLOSE_MINUTE - 15), self.person(), order, "purchase",
                    tuple((stand.article.code, milli) for stand, milli in wanted), supplier.name,
                    f"PO-{supplier.code}-{day:%y%m%d}",
                )
            )  # fmt: skip
        self.due[due].append(Delivery(supplier, order, tuple(wanted)))

    # -- what goes on inside ---------------------------------------------------------------------

    def _scrap(self, day: date) -> None:
        if day.weekday() not in _SCRAP_WEEKDAYS or (self.calendar.last - day).days < _NOT_SCRAPPED_DAYS:
            return
        today = day.isoformat()
        lines = [
            LineRequest(stand.article.code, batch.milli, from_bin=place, lot=batch.lot)
            for stand in self.stands
            if stand.article.life_days
            for place, batches in (
                (stand.article.bin, stand.shelf),
                (stand.article.reserve_bin, stand.reserve),
            )
            for batch in stands.expired(batches, today)
        ]
        if lines:
            self.diary.post(self.calendar.at(day, 485), self.person(), "scrap", lines, note="Past its date")

    def _refill(self, day: date, weights: dict[str, float]) -> None:
        today = day.isoformat()
        lines: list[LineRequest] = []
        for stand in self.stands:
            if not stand.reserve:
                continue
            room = stand.shelf_room_milli(weights[stand.article.season])
            if stand.shelf_milli * 2 > room:
                continue
            for batch in stands.take(stand.reserve, room - stand.shelf_milli, today):
                stands.add(stand.shelf, batch.lot, batch.expiry, batch.milli)
                lines.append(self._moved(stand, batch))
        if lines:
            self.diary.post(self.calendar.at(day, 500), self.person(), "move", lines, note="Shelves filled")

    def _moved(self, stand: Stand, batch: Batch) -> LineRequest:
        article = stand.article
        return LineRequest(article.code, batch.milli, article.reserve_bin, article.bin, batch.lot)

    def _count(self, day: date) -> None:
        if day.month == self._counted_month or day.day < 4 or day == self.calendar.last:
            return
        self._counted_month = day.month
        bins = list(self.by_bin)
        place = bins[self._counted_bins % len(bins)]
        self._counted_bins += 1
        looks: list[Look] = []
        for number, stand in enumerate(self.by_bin[place]):
            at_us = self.calendar.at(day, 510 + number * 0.6)
            seen = [
                Look(stand.article.code, place, self._seen(stand, batch), at_us, batch.lot)
                for batch in stand.shelf
            ]
            if not seen and not stand.article.life_days:
                seen = [Look(stand.article.code, place, 0, at_us)]
            looks += seen
            stand.shelf = [batch for batch in stand.shelf if batch.milli]
        if looks:
            at_us = self.calendar.at(day, 536)
            self.diary.events.append(
                Counted(at_us, self.person(), self.diary.next_id(), tuple(looks), f"Count of {place}")
            )

    def _seen(self, stand: Stand, batch: Batch) -> int:
        """What the counter finds; a little of it differs from the book."""
        chance = self.rng.random()
        if stand.article.whole:
            change = -MILLI if chance < _MISSING_CHANCE else MILLI if chance > 1 - _EXTRA_CHANCE else 0
        else:
            change = -int(batch.milli * 0.02) // 100 * 100 if chance < 0.4 else 0
        batch.milli = max(0, batch.milli + change)
        return batch.milli

    # -- what goes out ---------------------------------------------------------------------------

    def _sell(self, day: date, weights: dict[str, float]) -> None:
        rng = self.rng
        rush = self.calendar.rush(day) * (1 - _GROWTH / 2 + _GROWTH * self._passed(day))
        wanted: list[tuple[Stand, int]] = []
        for stand in self.stands:
            mean = stand.sales_a_day * weights[stand.article.season] * rush
            for _ in range(_times(mean, rng)):
                wanted.append((stand, stand.sale_milli(rng)))
        rng.shuffle(wanted)
        baskets: list[list[tuple[Stand, int]]] = []
        while wanted:
            size = rng.choice(_BASKETS)
            baskets.append(wanted[:size])
            wanted = wanted[size:]
        minutes = sorted(rng.uniform(OPEN_MINUTE + 2, CLOSE_MINUTE - 80) for _ in baskets)
        for minute, basket in zip(minutes, baskets, strict=True):
            lines = [line for stand, milli in basket for line in self._sold(stand, milli, day)]
            if lines:
                self._sale_number += 1
                self.diary.post(
                    self.calendar.at(day, minute), self.person(), "sell", lines, f"S-{self._sale_number}"
                )

    def _sold(self, stand: Stand, milli: int, day: date) -> Iterable[LineRequest]:
        for batch in stands.take(stand.shelf, milli, day.isoformat()):
            yield LineRequest(stand.article.code, batch.milli, from_bin=stand.article.bin, lot=batch.lot)

    def _small_things(self, day: date) -> None:
        rng = self.rng
        stand = rng.choice(self.stands)
        if stand.article.life_days or not stand.article.whole:
            return
        chance = rng.random()
        at_us = self.calendar.at(day, rng.uniform(CLOSE_MINUTE - 75, CLOSE_MINUTE - 40))
        place = stand.article.bin
        if chance < _RETURN_CHANCE * 2:
            stands.add(stand.shelf, "", "", MILLI)
            line = LineRequest(stand.article.code, MILLI, to_bin=place)
            self.diary.post(at_us, self.person(), "return", [line], note="Not needed, unopened")
        elif stand.shelf_milli >= MILLI and chance < _RETURN_CHANCE * 4:
            list(stands.take(stand.shelf, MILLI, ""))
            line = LineRequest(stand.article.code, MILLI, from_bin=place)
            self.diary.post(at_us, self.person(), "scrap", [line], note="Damaged packing")
        elif stand.shelf_milli >= 2 * MILLI and chance < _RETURN_CHANCE * 6:
            reason, most = rng.choice(_OWN_USE)
            list(stands.take(stand.shelf, most * MILLI, ""))
            line = LineRequest(stand.article.code, -most * MILLI, from_bin=place)
            self.diary.post(at_us, self.person(), "adjust", [line], note=reason)


def _times(mean: float, rng: Random) -> int:
    """How often something happens that happens `mean` times on average (Poisson, by Knuth)."""
    left = rng.random()
    if left < 1 - mean:
        return 0
    limit = math.exp(-mean)
    times = 0
    while left > limit:
        left *= rng.random()
        times += 1
    return times
