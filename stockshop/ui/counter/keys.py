"""The counter's keys."""

from __future__ import annotations

from collections.abc import Iterable

from textual.binding import Binding

from stockshop.language import mark
from stockshop.ui.counter.views import MODES


def _mode_bindings() -> Iterable[Binding]:
    for mode, facts in MODES.items():
        yield Binding(
            f"alt+{facts.letter}",
            f"mode('{mode.value}')",
            facts.label,
            show=False,
            # Before the scan line, which would take the letter.
            priority=True,
            id=f"counter.{mode.value}",
            tooltip=facts.tooltip,
        )


def bindings() -> Iterable[Binding]:
    """All keys of the counter's own."""
    yield Binding(
        "ctrl+z,alt+z",
        "undo",
        mark("Undo scan"),
        priority=True,
        id="counter.undo",
        tooltip=mark("Undo the last entry of this session by a counter-entry; again: the one before"),
    )
    yield from _mode_bindings()
    yield Binding(
        "alt+n",
        "needs",
        mark("Needs you"),
        show=False,
        priority=True,
        id="counter.needs",
        tooltip=mark("To the list of what needs somebody: arrows choose, Enter opens"),
    )
    yield Binding(
        "alt+o",
        "cost",
        mark("Cost"),
        show=False,
        priority=True,
        id="counter.cost",
        tooltip=mark("While receiving: what one costs of the last receipt, or of the next"),
    )
    yield Binding(
        "ctrl+y",
        "why",
        mark("Why"),
        show=False,
        priority=True,
        id="counter.why",
        tooltip=mark("Why there are so many: the whole ledger of the product that is shown"),
    )
    yield Binding(
        "escape",
        "step_back",
        mark("Back"),
        show=False,
        id="counter.back",
        tooltip=mark("Clear the scan line, the question, the bin, the card; then go to the row of modes"),
    )
    yield Binding(
        "down",
        "step_down",
        mark("List"),
        show=False,
        id="counter.list",
        tooltip=mark("To the products offered or found, the answers, or what needs somebody"),
    )
    yield Binding(
        "up",
        "step_up",
        mark("Up"),
        show=False,
        id="counter.up",
        tooltip=mark("Back through the products offered"),
    )
