"""What the bins hold: contents by pages, totals of a zone or site, free room, where a product lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stockshop.errors import NotFound
from stockshop.language import tr
from stockshop.ledger import balances
from stockshop.quantity import MILLI
from stockshop.services import finding
from stockshop.services.counter import BinLine
from stockshop.services.locations import Place
from stockshop.services.shop import Shop
from stockshop.storage.session import Row, Session

NEARLY_EMPTY_MILLI = 5 * MILLI
"""A bin with no more of a single product than this has room for something else."""

# A plus keeps SQLite from walking an index and looking each row up one by one.
_FILLS = (
    "SELECT f.bin, f.lines, f.held, COALESCE(p.name, ''), COALESCE(p.unit, '') FROM ("
    "SELECT +l.location_id AS bin, COUNT(*) AS lines, SUM(l.quantity_milli) AS held, "
    "MIN(l.product_id) AS one, MAX(l.product_id) AS other FROM level l WHERE l.quantity_milli <> 0 "
    "GROUP BY +l.location_id) f JOIN location b ON b.id = f.bin AND b.kind = 'bin' "
    "LEFT JOIN product p ON p.id = f.one AND f.one = f.other"
)
_KEPT = (
    "SELECT preferred_bin_id, COUNT(*), MIN(name) FROM product "
    "WHERE preferred_bin_id IS NOT NULL AND +archived_at_us IS NULL GROUP BY preferred_bin_id"
)
# A product's value is shared out by quantity; what is lost below 1/10,000 of a unit stays with the product.
_TOTALS = (
    "SELECT h.unit, COUNT(*), SUM(h.held), SUM(CASE WHEN COALESCE(k.quantity_milli, 0) = 0 THEN 0 "
    "ELSE CAST(k.value_e4 AS NUMERIC) * h.held / k.quantity_milli END) FROM ("
    "SELECT p.id, p.unit, SUM(l.quantity_milli) AS held FROM level l "
    "JOIN location b ON b.id = l.location_id AND b.kind = 'bin' JOIN location z ON z.id = b.parent_id "
    "JOIN product p ON p.id = l.product_id "
    "WHERE l.quantity_milli <> 0 AND (z.id = ? OR z.parent_id = ?) GROUP BY p.id, p.unit) h "
    "LEFT JOIN product_cost k ON k.product_id = h.id GROUP BY h.unit ORDER BY h.unit"
)
_LINE = (
    "SELECT p.id, p.sku, p.name, p.unit, t.code, t.expiry, l.quantity_milli, l.lot_id FROM level l "
    "JOIN product p ON p.id = l.product_id JOIN lot t ON t.id = l.lot_id "
    "WHERE l.location_id = ? AND l.quantity_milli <> 0 "
)
_BY_EXPIRY = "COALESCE(t.expiry, '9999-12-31'), t.code"
_FEW = "SELECT COUNT(*) FROM (SELECT 1 FROM level WHERE location_id = ? AND quantity_milli <> 0 LIMIT ?) few"


@dataclass(frozen=True, slots=True)
class Fill:
    """How full a bin is, by the books."""

    lines: int
    """Products and lots in it."""
    held_milli: int
    """Of the only product in it, in thousandths of its unit; without meaning where there are several."""
    name: str
    """The only product in it; empty where there are several."""
    unit: str

    @property
    def is_nearly_empty(self) -> bool:
        """Whether it holds a little of one product."""
        return bool(self.name) and 0 <= self.held_milli <= NEARLY_EMPTY_MILLI


def fills(shop: Shop) -> dict[int, Fill]:
    """Every bin that holds anything, by its id. Looks at all levels: never between a key and its paint."""
    with shop.store.reading() as session:
        rows = session.rows(_FILLS)
    return {row[0]: Fill(int(row[1]), int(row[2]), row[3], row[4]) for row in rows}


@dataclass(frozen=True, slots=True)
class FreeBin:
    """A bin with room in it."""

    place: Place
    zone: Place | None
    fill: Fill | None
    """None: nothing lies in it."""
    kept: int
    """Products that belong there."""
    kept_name: str
    """One of them."""


def free_bins(shop: Shop, places: Sequence[Place]) -> tuple[FreeBin, ...]:
    """Empty and nearly empty bins among `places`, in walking order. As slow as `fills`."""
    known = fills(shop)
    with shop.store.reading() as session:
        kept = {row[0]: (int(row[1]), str(row[2])) for row in session.rows(_KEPT)}
    return tuple(_free(places, known, kept))


def _free(
    places: Sequence[Place], known: Mapping[int, Fill], kept: Mapping[int, tuple[int, str]]
) -> list[FreeBin]:
    by_id = {place.id: place for place in places}
    found = []
    for place in places:
        fill = known.get(place.id)
        if place.kind == "bin" and (fill is None or fill.is_nearly_empty):
            many, name = kept.get(place.id, (0, ""))
            found.append(FreeBin(place, by_id.get(place.parent_id or 0), fill, many, name))
    return found


@dataclass(frozen=True, slots=True)
class Totals:
    """What a zone or a site holds."""

    products: int
    quantities: tuple[tuple[str, int], ...]
    """(unit, thousandths) of everything kept by that unit."""
    value_e4: int
    """In 1/10,000 of the currency unit."""


def totals(shop: Shop, place_id: int) -> Totals:
    """The totals of a zone or site. Looks at each of its levels: never between a key and its paint."""
    with shop.store.reading() as session:
        rows = session.rows(_TOTALS, (place_id, place_id))
    return Totals(
        sum(int(row[1]) for row in rows),
        tuple((row[0], int(row[2])) for row in rows),
        sum(int(row[3]) for row in rows),
    )


FEW = 2_000
"""Lines of a bin that are listed by name; more are paged in the order of the catalogue."""


@dataclass(frozen=True, slots=True)
class BinRow:
    """A line of a bin in a list."""

    line: BinLine
    lot_id: int

    @property
    def key(self) -> tuple[int, int]:
        """(product, lot): unique in a bin."""
        return self.line.product_id, self.lot_id


def _row(row: Row) -> BinRow:
    return BinRow(BinLine(*row[:7]), row[7])


def bin_rows(shop: Shop, bin_id: int) -> tuple[BinRow, ...] | None:
    """What lies in a bin, by name and expiry; None where that are more than FEW: page `BinListing`."""
    with shop.store.reading() as session:
        if int(session.value(_FEW, (bin_id, FEW + 1))) > FEW:
            return None
        rows = session.rows(f"{_LINE}ORDER BY p.sort_name, p.id, {_BY_EXPIRY}", (bin_id,))
    return tuple(map(_row, rows))


def held_in(shop: Shop, bin_id: int, product_id: int) -> tuple[BinRow, ...]:
    """The lots of a product in a bin that hold something, the first to expire first."""
    with shop.store.reading() as session:
        rows = session.rows(
            f"{_LINE}AND l.product_id = ? AND l.quantity_milli > 0 ORDER BY {_BY_EXPIRY}",
            (bin_id, product_id),
        )
    return tuple(map(_row, rows))


class BinListing:
    """A bin with very many lines, page by page along the index; methods may be called in any thread."""

    quick = False

    def __init__(self, shop: Shop, bin_id: int) -> None:
        self._shop, self._bin_id = shop, bin_id

    def count(self) -> int:
        """How many lines there are."""
        with self._shop.store.reading() as session:
            return int(
                session.value(
                    "SELECT COUNT(*) FROM level WHERE location_id = ? AND quantity_milli <> 0",
                    (self._bin_id,),
                )
            )

    def first_keys(self, every: int) -> Sequence[tuple[int, int]]:
        """The keys of rows 0, every, 2*every, …"""
        with self._shop.store.reading() as session:
            rows = session.rows(
                "SELECT product_id, lot_id FROM (SELECT product_id, lot_id, ROW_NUMBER() OVER ("
                "ORDER BY product_id, lot_id) AS place FROM level WHERE location_id = ? "
                "AND quantity_milli <> 0) numbered WHERE (place - 1) / ? * ? = place - 1 ORDER BY place",
                (self._bin_id, every, every),
            )
        return [(row[0], row[1]) for row in rows]

    def page_from(self, key: object, limit: int) -> Sequence[BinRow]:
        """Up to `limit` lines from the one with this key on."""
        product_id, lot_id = key if isinstance(key, tuple) else (0, 0)
        with self._shop.store.reading() as session:
            rows = session.rows(
                f"{_LINE}AND (l.product_id, l.lot_id) >= (?, ?) ORDER BY l.product_id, l.lot_id LIMIT ?",
                (self._bin_id, product_id, lot_id, limit),
            )
        return [_row(row) for row in rows]

    def page_at(self, offset: int, limit: int) -> Sequence[BinRow]:
        """Up to `limit` lines from the one with this number."""
        with self._shop.store.reading() as session:
            rows = session.rows(
                f"{_LINE}ORDER BY l.product_id, l.lot_id LIMIT ? OFFSET ?", (self._bin_id, limit, offset)
            )
        return [_row(row) for row in rows]


@dataclass(frozen=True, slots=True)
class Resting:
    """A part of a product in a bin; thousandths of its unit."""

    place_id: int
    lot: str
    expiry: str | None
    quantity_milli: int


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """In which bins a product lies."""

    product_id: int
    sku: str
    name: str
    unit: str
    home_id: int | None
    """The bin it belongs in."""
    resting: tuple[Resting, ...]
    """In walking order."""


def where_lies(shop: Shop, product_id: int) -> Whereabouts:
    """In which bins a product lies, by the books. Raises NotFound."""
    with shop.store.reading(snapshot=True) as session:
        product = finding.by_id(session, product_id)
        if product is None:
            raise NotFound(tr("There is no such product."), field="product")
        levels = balances.bin_levels(session, product_id)
        lots = _lots(session, product_id)
    return Whereabouts(
        product.id,
        product.sku,
        product.name,
        product.unit,
        product.preferred_bin_id,
        tuple(
            Resting(level.location_id, *lots.get(level.lot_id, ("", None)), level.quantity_milli)
            for level in levels
        ),
    )


def _lots(session: Session, product_id: int) -> dict[int, tuple[str, str | None]]:
    rows = session.rows("SELECT id, code, expiry FROM lot WHERE product_id = ?", (product_id,))
    return {row[0]: (row[1], row[2]) for row in rows}
