"""The lists of the import screen: what lies in a folder, and what would become of a file's rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stockshop.language import mark, tr
from stockshop.ui.importing.picking import Entry
from stockshop.ui.widgets.memory import Item
from stockshop.ui.widgets.record_list import Column
from stockshop.ui.wording import Wording

if TYPE_CHECKING:
    from stockshop.services.importing.storing import ImportResult

FORMATS = {
    "stockshop": mark("a file of stockshop's own"),
    "shopify": mark("a Shopify export"),
    "woocommerce": mark("a WooCommerce export"),
    "square": mark("a Square catalogue"),
    "square-sales": mark("a Square list of sales"),
    "mapped": mark("a list, its columns told by their names"),
    "stock": mark("a list of stock"),
}
REFUSED, NOTE = "refused", "note"
_WORDS = {
    REFUSED: mark("refused"),
    NOTE: mark("left out"),
    "new": mark("new"),
    "changed": mark("changed"),
    "same": mark("as before"),
}
_MARKS = {REFUSED: "✗", NOTE: "·", "new": "+", "changed": "~", "same": "="}
_TONES = {REFUSED: "bad", NOTE: "quiet", "new": "good", "changed": "warn", "same": "quiet"}
VIEWS = (
    ("", mark("everything")),
    (REFUSED, mark("what is refused")),
    ("new", mark("the first new ones")),
    ("changed", mark("the first that change")),
    ("same", mark("the first that stay as they are")),
    (NOTE, mark("what is left out")),
)
"""What the list of rows can be narrowed to."""
EntryItem = Item[Entry]


@dataclass(frozen=True, slots=True)
class Told:
    """A row of the file and what would become of it, ready to be shown."""

    row: int
    kind: str
    what: str
    """The product, or the column and what stands in it."""
    why: str
    """Why it cannot be taken; else price and quantity."""


ToldItem = Item[Told]


def entry_columns(words: Wording) -> tuple[Column[EntryItem], ...]:
    """A folder's files."""

    def name(item: EntryItem) -> str:
        entry = item.value
        if entry.is_recent:
            return tr("{name}  (used last, in {folder})", name=entry.name, folder=entry.folder)
        return f"{entry.name}/" if entry.is_folder else entry.name

    def size(item: EntryItem) -> str:
        entry = item.value
        kilobytes = words.number(max(1, entry.size // 1024) * 1_000)
        return "" if entry.is_folder else tr("{size} kB", size=kilobytes)

    return (
        Column(tr("File"), name, least=20,
               cut="middle", tone=lambda item: "quiet" if item.value.is_folder else ""),
        Column(tr("Size"), size, width=11, align="right", tone=lambda _: "quiet"),
        Column(tr("Changed"), lambda item: words.time(item.value.changed_at_us), width=10, align="right",
               tone=lambda _: "quiet", from_width=50),
    )  # fmt: skip


def row_columns(words: Wording) -> tuple[Column[ToldItem], ...]:
    """The rows of a file."""

    def tone(item: ToldItem) -> str:
        return _TONES[item.value.kind]

    return (
        Column("", lambda item: _MARKS[item.value.kind], width=1, tone=tone),
        Column(tr("Row"), lambda item: words.number(item.value.row * 1_000), width=7, align="right"),
        Column(tr("Becomes"), lambda item: tr(_WORDS[item.value.kind]), width=10, tone=tone),
        Column(tr("What"), lambda item: item.value.what, least=16, weight=3),
        Column(tr("Details"), lambda item: item.value.why, least=16, weight=3),
    )


def rows_of(result: ImportResult, view: str, words: Wording) -> tuple[Told, ...]:
    """What is to be shown of a result: what is refused first, then samples of what goes well."""
    return tuple(one for one in _all_rows(result, words) if view in ("", one.kind))


def views_of(result: ImportResult, words: Wording) -> tuple[tuple[str, str], ...]:
    """The views in which there is anything, with their words."""
    kinds = {one.kind for one in _all_rows(result, words)}
    return tuple((view, tr(said)) for view, said in VIEWS if not view or view in kinds)


def _all_rows(result: ImportResult, words: Wording) -> Iterator[Told]:
    for kind, problems in ((REFUSED, result.refused), (NOTE, result.notices)):
        for one in problems:
            parts = (one.column, one.value)
            what = (
                tr("{column}: {value}", column=one.column, value=one.value) if all(parts) else "".join(parts)
            )
            yield Told(one.row, kind, what, one.why)
    for kind in ("new", "changed", "same"):
        for sample in result.samples:
            if sample.kind == kind:
                facts = [words.price(sample.price_minor)] if sample.price_minor is not None else []
                if sample.quantity_milli is not None:
                    facts.append(tr("on hand {quantity}", quantity=words.number(sample.quantity_milli)))
                what = f"{sample.name}  {sample.sku}".strip()
                yield Told(sample.row, kind, what, " · ".join(facts))
