"""When to order and how much: pure arithmetic over thousandths of a unit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReorderRule:
    """When it fires and what it fills up to."""

    reorder_point_milli: int
    order_up_to_milli: int


@dataclass(frozen=True, slots=True)
class SupplierTerms:
    """How a supplier sells: whole packs, at least a minimum."""

    pack_milli: int = 1_000
    minimum_milli: int = 0


def fires(rule: ReorderRule, projected_milli: int) -> bool:
    """At the reorder point or below it: `<=`, since waiting for one less is waiting too long."""
    return projected_milli <= rule.reorder_point_milli


def suggested_milli(rule: ReorderRule, projected_milli: int, terms: SupplierTerms | None) -> int:
    """What to order: up to the level, at least the minimum, in whole packs; 0 while it does not fire."""
    if not fires(rule, projected_milli):
        return 0
    terms = terms or SupplierTerms()
    wanted_milli = max(rule.order_up_to_milli - projected_milli, terms.minimum_milli)
    if wanted_milli <= 0:
        return 0
    packs = -(-wanted_milli // terms.pack_milli)
    return packs * terms.pack_milli
