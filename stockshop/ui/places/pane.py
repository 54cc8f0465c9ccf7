"""Beside the tree: what lies in a bin, what a zone or site adds up to, or where a product lies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from stockshop import clock
from stockshop.language import tr, trn
from stockshop.quantity import MILLI
from stockshop.ui.safe import phrase
from stockshop.ui.widgets.memory import InMemory, Item
from stockshop.ui.widgets.record_list import Column, PageSource, RecordList
from stockshop.ui.wording import Wording

if TYPE_CHECKING:
    from stockshop.services.bins import BinListing, BinRow, Fill, Resting, Totals, Whereabouts
    from stockshop.services.locations import Place


@dataclass(frozen=True, slots=True)
class Inside:
    """A zone of a site, or a bin of a zone."""

    place: Place
    bins: int
    empty: int
    fill: Fill | None
    """Of a bin; None while nobody knows, or when it is empty."""


@dataclass(frozen=True, slots=True)
class Lying:
    """A part of a product, and the bin it lies in."""

    place: Place
    zone: Place | None
    resting: Resting
    is_home: bool


def lot_words(words: Wording, lot: str, expiry: str | None) -> str:
    """A lot with its expiry before it."""
    if not expiry:
        return lot
    day = words.date(expiry)
    if is_over(words, expiry):
        day = tr("✗ {day}", day=day)
    return day if lot in ("", expiry) else f"{day} · {lot}"


def is_over(words: Wording, expiry: str | None) -> bool:
    """Whether goods of this date should not be sold any more."""
    return bool(expiry) and str(expiry) < clock.today(words.zone).isoformat()


def inside_of(place: Place, places: Iterable[Place], fills: Mapping[int, Fill] | None) -> list[Inside]:
    """What lies directly in a zone or site, with how many bins of each are empty."""
    known = fills or {}
    below: dict[int | None, list[Place]] = {}
    for other in places:
        below.setdefault(other.parent_id, []).append(other)
    rows = []
    for other in below.get(place.id, ()):
        bins = [other] if other.kind == "bin" else below.get(other.id, [])
        empty = sum(one.id not in known for one in bins) if fills is not None else 0
        rows.append(Inside(other, len(bins), empty, known.get(other.id)))
    return rows


class PlacePane(Vertical):
    """A head, and a list under it."""

    def __init__(self, words: Wording, moved: Callable[[BinRow], int]) -> None:
        """`moved`: thousandths of a line that are on their way to another bin."""
        super().__init__(id="bin")
        self._words = words
        self._moved = moved
        self.view = ""
        """What the list holds: `bin`, `group`, `product`, or nothing yet."""
        self._is_moving = False
        self._has_lots = False
        self._shown: object = None

    def compose(self) -> ComposeResult:
        """The head, and the list."""
        yield Static("", id="bin-head")
        yield RecordList[Any]((), empty="", id="contents")

    @property
    def records(self) -> RecordList[Any]:
        """The list."""
        return self.query_one("#contents", RecordList)

    @property
    def product_id(self) -> int | None:
        """The product whose bins are listed."""
        return self._shown if self.view == "product" and isinstance(self._shown, int) else None

    def _head(self, head: Content) -> None:
        self.query_one("#bin-head", Static).update(head)

    def _turn_to(self, view: str, shown: object, columns: tuple[Column[Any], ...]) -> bool:
        """Whether the list shows the same as before, as it is now."""
        same = (view, shown) == (self.view, self._shown)
        self.view, self._shown = view, shown
        self.records.set_columns(columns)
        return same

    # -- a bin -----------------------------------------------------------------------------------

    def show_bin(
        self, place: Place, path: str, rows: Sequence[BinRow] | BinListing, *, is_moving: bool
    ) -> None:
        """What lies in a bin: its lines by name, or page by page where these are very many."""
        self._is_moving = is_moving
        self._has_lots = not isinstance(rows, Sequence) or any(row.line.lot for row in rows)
        same = self._turn_to("bin", place.id, self._bin_columns())
        name = f" {place.name}" if place.name != place.code else ""
        many = tr("very many lines")
        if isinstance(rows, Sequence):
            many = _lines(self._words, len(rows)) if rows else tr("empty")
        walk = tr("walking order {number}", number=self._words.whole(place.walk_order))
        self._head(
            phrase("[b]$code[/b]$name · $many\n[$shop-quiet]$path · $label · $walk[/]", code=place.code,
                   name=name, many=many, path=path, label=tr("label {code}", code=place.barcode), walk=walk)
        )  # fmt: skip
        records = self.records
        records.empty = tr("Nothing lies here by the books. Receive or move something to it, or count it.")
        source = _Rows(rows) if isinstance(rows, Sequence) else rows
        records.set_source(cast("PageSource[Any]", source), keep_cursor=same)

    def set_moving(self, is_moving: bool) -> None:
        """Show how much of each line is on its way, or no more."""
        self._is_moving = is_moving
        if self.view == "bin":
            self.records.set_columns(self._bin_columns())

    def _bin_columns(self) -> tuple[Column[BinRow], ...]:
        words = self._words

        def moved(row: BinRow) -> str:
            milli = self._moved(row)
            return words.number(milli, row.line.unit) if milli else "·"

        columns: list[Column[BinRow]] = [
            Column(tr("Here"), lambda row: words.quantity(row.line.quantity_milli, row.line.unit), width=10,
                   align="right", tone=lambda row: "bad" if row.line.quantity_milli < 0 else ""),
            Column(tr("Product"), lambda row: row.line.name, least=11, weight=3, cut="middle"),
            Column(tr("SKU"), lambda row: row.line.sku, width=12, tone=lambda _: "quiet", from_width=66),
        ]  # fmt: skip
        if self._has_lots:
            columns.insert(
                2,
                Column(tr("Expiry · lot"), lambda row: lot_words(words, row.line.lot, row.line.expiry),
                       least=18, weight=1, from_width=44,
                       tone=lambda row: "bad" if is_over(words, row.line.expiry) else "quiet"),
            )  # fmt: skip
        if self._is_moving:
            columns.insert(
                1,
                Column(tr("Moves"), moved, width=7, align="right",
                       tone=lambda row: "good" if self._moved(row) else "quiet"),
            )  # fmt: skip
        return tuple(columns)

    # -- a zone or a site ----------------------------------------------------------------------------

    def show_group(
        self, place: Place, inside: Sequence[Inside], totals: Totals | None, *, is_known: bool
    ) -> None:
        """What a zone or site adds up to; until `totals` are there, and `is_known`, it says so."""
        same = self._turn_to("group", place.id, self._group_columns(is_known))
        words = self._words
        name = f" {place.name}" if place.name != place.code else ""
        bins = sum(one.bins for one in inside)
        many = _bins(words, bins)
        if is_known and bins:
            many = tr("{bins}, {empty} of them empty", bins=many,
                      empty=words.whole(sum(one.empty for one in inside)))  # fmt: skip
        said = tr("Adding up …") if totals is None else self._totals(totals)
        self._head(
            phrase("[b]$code[/b]$name · $many\n[$shop-quiet]$said[/]", code=place.code, name=name, many=many,
                   said=said)
        )  # fmt: skip
        records = self.records
        records.empty = tr("Nothing in it yet. Ctrl+N adds something.")
        records.set_source(InMemory(inside, lambda one: one.place.id), keep_cursor=same)

    def _totals(self, totals: Totals) -> str:
        words = self._words
        if not totals.products:
            return tr("Nothing lies here by the books.")
        held = [
            counted_pieces(words, milli) if unit == "each" else words.quantity(milli, unit)
            for unit, milli in totals.quantities
        ]
        products = trn("{count} product", "{count} products", totals.products,
                       count=words.whole(totals.products))  # fmt: skip
        quantities = ", ".join(held)
        if not totals.value_e4:
            # What came in without a cost is not worth nothing: nobody has said what it cost.
            return f"{products} · {quantities}"
        return tr("{products} · worth {value} · {quantities}", products=products, quantities=quantities,
                  value=words.cost(totals.value_e4))  # fmt: skip

    def _group_columns(self, is_known: bool) -> tuple[Column[Item[Inside]], ...]:
        words = self._words

        def holds(item: Item[Inside]) -> str:
            one = item.value
            if not is_known:
                return "…"
            if one.place.kind != "bin":
                return tr(
                    "{empty} of {bins} empty", empty=words.whole(one.empty), bins=_bins(words, one.bins)
                )
            return fill_words(words, one.fill)

        return (
            Column(tr("Place"), lambda item: item.value.place.code, least=8, weight=1),
            Column(tr("Holds"), holds, least=14, weight=2, cut="middle",
                   tone=lambda item: "good" if is_known and item.value.place.kind == "bin"
                   and item.value.fill is None else "quiet"),
            Column(tr("Name"), lambda item: item.value.place.name, least=10, weight=2,
                   tone=lambda _: "quiet", from_width=48),
        )  # fmt: skip

    # -- a product -----------------------------------------------------------------------------------

    def show_product(self, where: Whereabouts, places: Mapping[int, Place]) -> None:
        """In which bins a product lies."""
        words = self._words
        rows = [
            Lying(
                places[one.place_id],
                places.get(places[one.place_id].parent_id or 0),
                one,
                one.place_id == where.home_id,
            )
            for one in where.resting
            if one.place_id in places
        ]
        same = self._turn_to("product", where.product_id, self._product_columns(where.unit))
        total = sum(one.quantity_milli for one in where.resting)
        home = places.get(where.home_id or 0)
        belongs = tr("belongs in {bin}", bin=home.code) if home else tr("no bin of its own")
        bins = len({row.place.id for row in rows})
        many = trn("in {count} bin", "in {count} bins", bins, count=words.whole(bins))
        self._head(
            phrase("[b]$name[/b] · $held $many\n[$shop-quiet]$sku · $belongs · $hint[/]", name=where.name,
                   held=words.quantity(total, where.unit), many=many, sku=where.sku, belongs=belongs,
                   hint=tr("Enter goes to the bin"))
        )  # fmt: skip
        records = self.records
        records.empty = tr("It lies in no bin by the books. Receive it, or count it where you see it.")
        records.set_source(InMemory(rows), keep_cursor=same)

    def _product_columns(self, unit: str) -> tuple[Column[Item[Lying]], ...]:
        words = self._words
        return (
            Column(tr("Here"), lambda item: words.quantity(item.value.resting.quantity_milli, unit), width=10,
                   align="right", tone=lambda item: "bad" if item.value.resting.quantity_milli < 0 else ""),
            Column(tr("Bin"), lambda item: item.value.place.code, least=9, weight=1),
            Column(tr("Expiry · lot"), lambda item: lot_words(words, item.value.resting.lot,
                   item.value.resting.expiry), least=11, weight=3,
                   tone=lambda item: "bad" if is_over(words, item.value.resting.expiry) else ""),
            Column(tr("Zone"), lambda item: item.value.zone.name if item.value.zone else "", least=8,
                   weight=2, tone=lambda _: "quiet", from_width=60),
        )  # fmt: skip


def counted_pieces(words: Wording, quantity_milli: int) -> str:
    """`1,204 pieces`."""
    return trn("{count} piece", "{count} pieces", quantity_milli // MILLI, count=words.number(quantity_milli))


def fill_words(words: Wording, fill: Fill | None) -> str:
    """What is in a bin, in few words: `empty`, `3 Wood glue`, `26 lines`."""
    if fill is None:
        return tr("empty")
    if fill.name:
        return tr("{quantity} {product}", quantity=words.quantity(fill.held_milli, fill.unit),
                  product=fill.name)  # fmt: skip
    return _lines(words, fill.lines)


def _lines(words: Wording, number: int) -> str:
    return trn("{count} line", "{count} lines", number, count=words.whole(number))


def _bins(words: Wording, number: int) -> str:
    return trn("{count} bin", "{count} bins", number, count=words.whole(number))


class _Rows:
    """Lines of a bin that are in memory: they bring their keys along."""

    quick = True

    def __init__(self, rows: Sequence[BinRow]) -> None:
        self._rows = tuple(rows)
        self._places = {row.key: number for number, row in enumerate(self._rows)}

    def count(self) -> int:
        return len(self._rows)

    def first_keys(self, every: int) -> Sequence[tuple[int, int]]:
        return [row.key for row in self._rows[::every]]

    def page_from(self, key: Any, limit: int) -> Sequence[BinRow]:
        return self.page_at(0 if key is None else self._places.get(key, 0), limit)

    def page_at(self, offset: int, limit: int) -> Sequence[BinRow]:
        return self._rows[offset : offset + limit]
