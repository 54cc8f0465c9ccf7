"""What stands on the sample shop's shelves while its story is being written."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random

from stockshop.quantity import MILLI
from stockshop.services.demo.goods import Article
from stockshop.services.demo.seasons import OPEN_DAYS_A_MONTH

_HALF_METRE_MILLI = 500
_SHELF_DAYS = 16
_COVER_DAYS = 45
_CAUTION = 1.35
_CUSHION = 0.6
# Below this weight a season's goods are not in the shop.
_ASLEEP = 0.05
_LIFE_COVERED = 0.3
# Rates are written for a busier street; with these, the shop is made in a few seconds.
_PACE = 0.6
_FRESH_DAYS = 30


@dataclass(slots=True)
class Batch:
    """Goods of one lot in one bin."""

    lot: str
    expiry: str
    """ISO date; empty: it does not expire."""
    milli: int


@dataclass(slots=True)
class Stand:
    """One article, with what lies on the shelf and in reserve."""

    article: Article
    sales_a_day: float
    """Sales of an open day in an ordinary month."""
    shelf: list[Batch] = field(default_factory=list)
    reserve: list[Batch] = field(default_factory=list)
    pending_milli: int = 0
    """Ordered and not yet here."""

    @property
    def shelf_milli(self) -> int:
        return sum(batch.milli for batch in self.shelf)

    @property
    def held_milli(self) -> int:
        """On the shelf and in reserve."""
        return self.shelf_milli + sum(batch.milli for batch in self.reserve)

    @property
    def mean_milli(self) -> int:
        """The quantity of an average sale."""
        most = self.article.most_milli
        return MILLI + (most - MILLI) // 3 if self.article.whole else most * 6 // 10

    def levels(self, weight: float, wait_days: float) -> tuple[int, int]:
        """(reorder point, order-up-to level) for a season's weight; whole units, in thousandths."""
        daily_milli = self.sales_a_day * OPEN_DAYS_A_MONTH / 30 * self.mean_milli * weight
        cover_days: float = _COVER_DAYS
        if self.article.life_days:
            cover_days = min(_COVER_DAYS, self.article.life_days * _LIFE_COVERED)
        point = daily_milli * wait_days
        if not is_fresh(self.article):
            point = point * _CAUTION + (_CUSHION * self.mean_milli if weight > _ASLEEP else 0)
        up_to = point + daily_milli * cover_days
        return math.ceil(point / MILLI) * MILLI, math.ceil(up_to / MILLI) * MILLI

    def shelf_room_milli(self, weight: float) -> int:
        """How much the shelf takes before the rest stays in reserve."""
        return self.levels(weight, _SHELF_DAYS)[0] + 2 * self.article.most_milli

    def sale_milli(self, rng: Random) -> int:
        """How much somebody buys."""
        most, chance = self.article.most_milli, rng.random()
        if self.article.whole:
            return MILLI + int(chance * chance * (most // MILLI)) * MILLI
        if self.article.unit == "m":
            return max(_HALF_METRE_MILLI, int(chance * most) // _HALF_METRE_MILLI * _HALF_METRE_MILLI)
        return max(50, int(most * (0.2 + 0.8 * chance)) // 2 * 2)


def add(batches: list[Batch], lot: str, expiry: str, milli: int) -> None:
    """Put goods to those of their lot, the earliest expiry first."""
    for batch in batches:
        if batch.lot == lot:
            batch.milli += milli
            return
    batches.append(Batch(lot, expiry, milli))
    batches.sort(key=lambda batch: (batch.expiry, batch.lot))


def take(batches: list[Batch], milli: int, today: str) -> Iterator[Batch]:
    """Take as much as there is, the earliest expiry first, leaving what has expired."""
    for batch in list(batches):
        if milli <= 0:
            return
        if batch.expiry and batch.expiry < today:
            continue
        part = min(batch.milli, milli)
        batch.milli -= part
        milli -= part
        if not batch.milli:
            batches.remove(batch)
        yield Batch(batch.lot, batch.expiry, part)


def expired(batches: list[Batch], today: str) -> list[Batch]:
    """Take away what has expired."""
    gone = [batch for batch in batches if batch.expiry and batch.expiry < today]
    for batch in gone:
        batches.remove(batch)
    return gone


def make_stands(articles: tuple[Article, ...], rng: Random) -> list[Stand]:
    """A stand for every article that is sold; some sell better than others of their kind."""
    return [
        Stand(article, article.sales_a_month * _pace(article) * rng.uniform(0.6, 1.4) / OPEN_DAYS_A_MONTH)
        for article in articles
        if not article.role
    ]


def is_fresh(article: Article) -> bool:
    """Whether it keeps for days rather than months."""
    return 0 < article.life_days <= _FRESH_DAYS


def _pace(article: Article) -> float:
    # Fresh food sold too slowly would end in the bin.
    return 1.0 if is_fresh(article) else _PACE


def lot_of(article: Article, day: date, rng: Random) -> tuple[str, str]:
    """(lot, expiry) of what a supplier sends on a day; empty for goods without lots."""
    if not article.life_days:
        return "", ""
    fresh_days = max(3, int(article.life_days * rng.uniform(0.75, 1.0)))
    expiry = date.fromordinal(day.toordinal() + fresh_days).isoformat()
    return f"L{day:%y%j}", expiry
