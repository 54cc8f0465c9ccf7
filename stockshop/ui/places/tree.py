"""The tree of places, as lines of a list."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stockshop import text as texts
from stockshop.language import tr
from stockshop.ui.widgets.memory import Item
from stockshop.ui.widgets.record_list import Column
from stockshop.ui.wording import Wording

if TYPE_CHECKING:
    from stockshop.services.bins import Fill
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


class Known:
    """What the tree shows beside the places."""

    def __init__(self) -> None:
        self.fills: Mapping[int, Fill] | None = None
        """Bins that hold anything, by id; None until it has been looked."""
        self.marked: set[int] = set()
        """Places that are marked, by id."""


def branches(places: Sequence[Place], closed: Container[int], words: str = "") -> list[Branch]:
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


def tree_columns(words: Wording, known: Known) -> tuple[Column[BranchItem], ...]:
    """Code, name, how many lines a bin holds, and its number in the walk."""

    def code(item: BranchItem) -> str:
        branch = item.value
        fold = ("▾ " if branch.is_open else "▸ ") if branch.place.kind != "bin" else "  "
        mark = "✓ " if branch.place.id in known.marked else ""
        return "  " * branch.depth + fold + mark + branch.place.code

    def own_name(item: BranchItem) -> str:
        place = item.value.place
        name = place.name if place.name != place.code else ""
        return tr("out of use · {name}", name=name) if place.archived else name

    def holds(item: BranchItem) -> str:
        if item.value.place.kind != "bin":
            return ""
        if known.fills is None:
            return "…"
        fill = known.fills.get(item.value.place.id)
        return "–" if fill is None else words.whole(fill.lines)

    return (
        Column(tr("Place"), code, least=15, weight=1,
               tone=lambda item: "good" if item.value.place.id in known.marked else ""),
        Column(tr("Name"), own_name, least=8, weight=3, tone=lambda _: "quiet"),
        Column(tr("Lines"), holds, width=6, align="right", tone=lambda _: "quiet", from_width=34),
        Column(tr("Walk"), lambda item: words.whole(item.value.place.walk_order), width=6,
               align="right", tone=lambda _: "quiet", from_width=44),
    )  # fmt: skip
