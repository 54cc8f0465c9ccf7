"""What is to get a label."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LabelChoice:
    """A product, by its id."""

    product_id: int
    sku: str
    name: str
