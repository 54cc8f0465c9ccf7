"""A measured ratio, and how it is made."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from stockshop.clock import SECOND_US


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    what: str
    size: int
    """Products in the shop; 0 where it does not matter."""
    ours: float
    theirs: float
    unit: str
    """Of `ours` and `theirs`."""
    ratio: float
    target: str
    """As in the design: `>= 0.75`, `<= 1.5`; empty: only told."""
    note: str = ""

    @property
    def is_met(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if not self.target:
            return None
        sign, _, limit = self.target.partition(" ")
        return self.ratio >= float(limit) if sign == ">=" else self.ratio <= float(limit)


def seconds(work: Callable[[], object]) -> float:
    """How long one run of `work` takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def side_by_side(ours: Callable[[], float], theirs: Callable[[], float], rounds: int) -> tuple[float, float]:
    """Medians of what both answer (seconds, usually), measured in turn."""
    pairs = [(ours(), theirs()) for _ in range(rounds)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


MICRO = float(SECOND_US)
