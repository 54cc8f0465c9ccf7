"""The lists of the import screen: what lies in a folder, and what is to be said of a file's rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stockshop import money
from stockshop.ui.importing.picking import Entry
from stockshop.ui.widgets.memory import Item
from stockshop.ui.widgets.record_list import Column
from stockshop.ui.wording import Wording

if TYPE_CHECKING:
    from stockshop.services.importing.drafts import RowProblem

FORMATS = {
    "stockshop": "a file of stockshop's own",
    "shopify": "a Shopify export",
    "woocommerce": "a WooCommerce export",
    "square": "a Square catalogue",
    "square-sales": "a Square list of sales",
    "mapped": "a list, its columns told by their names",
    "stock": "a list of stock",
}
EntryItem = Item[Entry]


@dataclass(frozen=True, slots=True)
class Told:
    """A row of the file and what is to be said of it."""

    problem: RowProblem
    is_refused: bool


ToldItem = Item[Told]


def entry_columns(words: Wording) -> tuple[Column[EntryItem], ...]:
    """A folder's files."""

    def name(item: EntryItem) -> str:
        return f"{item.value.name}/" if item.value.is_folder else item.value.name

    def size(item: EntryItem) -> str:
        entry = item.value
        return (
            ""
            if entry.is_folder
            else f"{money.format_quantity(max(1, entry.size // 1024) * 1_000, 0, words.locale)} kB"
        )

    return (
        Column("File", name, least=20,
               cut="middle", tone=lambda item: "quiet" if item.value.is_folder else ""),
        Column("Size", size, width=11, align="right", tone=lambda _: "quiet"),
        Column("Changed", lambda item: words.time(item.value.changed_at_us), width=10, align="right",
               tone=lambda _: "quiet", from_width=50),
    )  # fmt: skip


PROBLEM_COLUMNS: tuple[Column[ToldItem], ...] = (
    Column("", lambda item: "✗" if item.value.is_refused else "·", width=1,
           tone=lambda item: "bad" if item.value.is_refused else "quiet"),
    Column("Row", lambda item: str(item.value.problem.row), width=6, align="right"),
    Column("Column", lambda item: item.value.problem.column, width=14, tone=lambda _: "quiet"),
    Column("Value", lambda item: item.value.problem.value, width=16, from_width=70),
    Column("Why", lambda item: item.value.problem.why, least=24),
)  # fmt: skip
