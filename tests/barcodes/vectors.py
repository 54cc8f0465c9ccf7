"""The test vectors of the GS1 syntax engine, as rows; FNC1 is `^`, the separator `<GS>`."""

from __future__ import annotations

import csv
from dataclasses import dataclass

from tests.shared_data import shared


@dataclass(frozen=True, slots=True)
class Vector:
    kind: str
    valid: bool
    given: str
    expected: str
    comment: str


def vectors(*kinds: str) -> list[Vector]:
    """All rows whose kind starts with one of `kinds`."""
    path = shared("barcodes", "gs1_syntax_engine_vectors.csv")
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            Vector(
                row["kind"], row["should_succeed"] == "true", row["input"], row["expected"], row["comment"]
            )
            for row in csv.DictReader(file)
        ]
    return [row for row in rows if row.kind.startswith(kinds)]
