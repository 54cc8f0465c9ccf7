"""The tree of places, as lines of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from stockshop import text as texts
from stockshop.ui.widgets.memory import Item
from stockshop.ui.widgets.record_list import Column
from stockshop.ui.wording import Wording

if TYPE_CHECKING:
    from stockshop.services.counter import BinLine
    from stockshop.services.locations import Place


@dataclass(frozen=True, slots=True)
class Branch:
    """One line of the tree."""

    place: Place
    depth: int
    inside: int
    """Places directly in it."""
    is_open: bool


BranchItem = Item[Branch]
LineItem: TypeAlias = "Item[BinLine]"


def branches(places: Sequence[Place], closed: set[int], words: str = "") -> list[Branch]:
    """The tree in walking order; with `words`, only what holds them and what that lies in."""
    below: dict[int | None, list[Place]] = {}
    for place in places:
        below.setdefault(place.parent_id, []).append(place)
    wanted = texts.fold(words)
    rows: list[Branch] = []

    def add(parent_id: int | None, depth: int, shown: bool) -> bool:
        found_any = False
        for place in below.get(parent_id, ()):
            matches = shown or wanted in texts.fold(f"{place.code} {place.name}")
            number = len(rows)
            inside = below.get(place.id, ())
            is_open = bool(wanted) or place.id not in closed
            rows.append(Branch(place, depth, len(inside), is_open))
            found = matches
            if is_open:
                found = add(place.id, depth + 1, matches) or matches
            if not found:
                del rows[number:]
            found_any = found_any or found
        return found_any

    add(None, 0, not wanted)
    return rows


def _branch(item: BranchItem) -> str:
    branch = item.value
    fold = ("▾ " if branch.is_open else "▸ ") if branch.place.kind != "bin" else "  "
    return "  " * branch.depth + fold + branch.place.code


def _own_name(item: BranchItem) -> str:
    place = item.value.place
    return place.name if place.name != place.code else ""


TREE_COLUMNS: tuple[Column[BranchItem], ...] = (
    Column("Place", _branch, least=15, weight=1),
    Column("Name", _own_name, least=8, weight=3, tone=lambda _: "quiet"),
    Column("Walk", lambda item: str(item.value.place.walk_order), width=5, align="right",
           tone=lambda _: "quiet", from_width=36),
)  # fmt: skip


def contents_columns(words: Wording) -> tuple[Column[LineItem], ...]:
    """What lies in a bin."""

    def lot(item: LineItem) -> str:
        line = item.value
        return f"{words.date(line.expiry)} · {line.lot}" if line.expiry else line.lot

    return (
        Column("Here", lambda item: words.quantity(item.value.quantity_milli, item.value.unit), width=9,
               align="right", tone=lambda item: "bad" if item.value.quantity_milli < 0 else ""),
        Column("Product", lambda item: item.value.name, least=14, weight=3, cut="middle"),
        Column("Lot", lot, width=20, tone=lambda _: "quiet", from_width=58),
        Column("SKU", lambda item: item.value.sku, width=12, tone=lambda _: "quiet", from_width=44),
    )  # fmt: skip
