"""What the movements screen is asked for, with the words for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from stockshop import clock
from stockshop.language import tr
from stockshop.services.movements import MovementFilter
from stockshop.ui.movements.periods import PERIODS, bounds, day_words, days_of
from stockshop.ui.movements.wording import done
from stockshop.ui.wording import Wording


@dataclass(frozen=True, slots=True)
class Asked:
    """The conditions as a person has given them; all hold together."""

    product_id: int | None = None
    product: str = ""
    """Its name, for the screen."""
    place_id: int | None = None
    place: str = ""
    """Code of a bin, zone or site."""
    kind: str = ""
    actor: str = ""
    period: str = ""
    """A key of PERIODS, or `chosen`."""
    first: date | None = None
    last: date | None = None
    """The days of a chosen period; None: open."""

    def filter(self, words: Wording) -> MovementFilter:
        """The question to the ledger; a period such as today is that of this moment."""
        first, last = self.first, self.last
        if self.period and self.period != "chosen":
            first, last = days_of(self.period, clock.today(words.zone), words)
        elif not self.period:
            first = last = None
        from_us, until_us = bounds(first, last, words)
        return MovementFilter(self.product_id, self.place_id, self.kind, self.actor, from_us, until_us)

    @property
    def is_everything(self) -> bool:
        """Whether nothing is asked for in particular."""
        return self == Asked()

    def parts(self, words: Wording) -> list[str]:
        """Each condition in words."""
        found = []
        if self.product_id is not None:
            found.append(tr("of {product}", product=self.product))
        if self.place_id is not None:
            found.append(tr("in {place}", place=self.place))
        if self.kind:
            found.append(tr("only {kind}", kind=done(self.kind)))
        if self.actor:
            found.append(tr("by {who}", who=self.actor))
        if self.period:
            found.append(self._period_words(words))
        return found

    def _period_words(self, words: Wording) -> str:
        if self.period != "chosen":
            return tr(dict(PERIODS)[self.period])
        if self.first is not None and self.first == self.last:
            return tr("on {day}", day=day_words(self.first, words))
        if self.first is not None and self.last is not None:
            return tr("from {first} to {last}", first=day_words(self.first, words),
                      last=day_words(self.last, words))  # fmt: skip
        if self.first is not None:
            return tr("from {first} on", first=day_words(self.first, words))
        return tr("up to {last}", last=day_words(self.last, words)) if self.last else tr("any time")

    def next_period(self) -> Asked:
        """The next of the named periods, round the end."""
        keys = [key for key, _ in PERIODS]
        at = keys.index(self.period) if self.period in keys else 0
        return replace(self, period=keys[(at + 1) % len(keys)], first=None, last=None)
