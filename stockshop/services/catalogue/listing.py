"""The catalogue as a list: pages of rows by keyset, at a million products as at a hundred.

A `ProductListing` stands for one question: one search, one set of filters, one order. Where many
products match, pages are read straight along the index of the order. Where few do, or where only
the stock tells, the ids of the matches are listed once and pages are cut from that.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stockshop.errors import InvalidInput
from stockshop.services.attention import COMING, PROMISED
from stockshop.services.catalogue.listing_rows import COLUMNS, Key, ProductRow, made
from stockshop.services.shop import Shop
from stockshop.storage import search
from stockshop.storage.session import Row, Session

__all__ = ["ORDERS", "Key", "ProductListing", "ProductRow"]

ORDERS = {"name": "p.sort_name", "sku": "p.sku"}
# One match in this many rows: further apart, walking the index to fill a page costs more than listing.
_SPARSE = 32
_FEW_MATCHES = 2_000
_SMALL_CATALOGUE = 20_000
"""Up to here everything is read in a few milliseconds, whatever is asked."""

_HELD = (
    "(SELECT COALESCE(SUM(v.quantity_milli), 0) FROM level v JOIN location b ON b.id = v.location_id "
    "AND b.kind = 'bin' WHERE v.product_id = r.product_id)"
)
_IS_LOW = (
    "p.id IN (SELECT r.product_id FROM reorder_rule r WHERE r.site_id IS NULL "
    f"AND {_HELD} - {PROMISED} + {COMING} <= r.reorder_point_milli)"
)
_IS_OUT = (
    "p.id NOT IN (SELECT v.product_id FROM level v JOIN location b ON b.id = v.location_id "
    "AND b.kind = 'bin' GROUP BY v.product_id HAVING SUM(v.quantity_milli) > 0)"
)
_IS_BELOW_ZERO = (
    "p.id IN (SELECT v.product_id FROM level v JOIN location b ON b.id = v.location_id "
    "AND b.kind = 'bin' WHERE v.quantity_milli < 0)"
)
_HAS_NO_BARCODE = "NOT EXISTS (SELECT 1 FROM barcode d WHERE d.product_id = p.id)"
# What a list depends on: catalogue, stock, and what is promised and coming.
_STAMP = (
    "SELECT (SELECT MAX(id) FROM change), (SELECT entry_sequence FROM ledger_head WHERE id = 1), "
    "(SELECT MAX(id) FROM allocation), (SELECT COUNT(*) FROM allocation WHERE released_at_us IS NULL), "
    "(SELECT MAX(id) FROM order_line), (SELECT COUNT(*) FROM shop_order WHERE closed_at_us IS NULL)"
)


@dataclass(frozen=True, slots=True)
class _Listed:
    """Ids of all matches in order, and what the store was like when they were listed."""

    ids: array[int]
    stamp: Row | None


class ProductListing:
    """Products in a fixed order, page by page; every method may be called in any thread."""

    def __init__(
        self,
        shop: Shop,
        *,
        text: str = "",
        category: str | None = None,
        archived: bool | None = False,
        low: bool = False,
        out: bool = False,
        below_zero: bool = False,
        no_barcode: bool = False,
        order: str = "name",
    ) -> None:
        """Products that match everything asked. `archived`: only those not, only those, or all (None).

        `low` looks at the rules for the whole shop. What was merged into another product is never
        listed. Raises InvalidInput for an order other than `name` and `sku`.
        """
        if order not in ORDERS:
            raise InvalidInput("Products are listed by 'name' or by 'sku'.", field="order")
        self.shop = shop
        self._text = text if search.terms(text) else ""
        self._category = category
        self._by = ORDERS[order]
        # Only products in use have an index of their own, and only the stock tells the others.
        self._is_picky = archived is not False or low or out or below_zero or no_barcode
        self._is_plain = not (self._is_picky or self._text or self._category)
        self._archived = archived
        self._conditions = ["+p.merged_into_id IS NULL"] if archived is not False else []
        self._conditions += [
            condition
            for wanted, condition in (
                (low, _IS_LOW),
                (out, _IS_OUT),
                (below_zero, _IS_BELOW_ZERO),
                (no_barcode, _HAS_NO_BARCODE),
            )
            if wanted
        ]
        self._has_many: bool | None = None
        self._listed: _Listed | None = None

    # -- what a list asks ----------------------------------------------------------------------

    @property
    def quick(self) -> bool:
        """Whether a page takes a few milliseconds at the most, the first one too."""
        if self.shop.store.path is None:
            return False
        if self._is_plain:
            return True
        with self.shop.store.reading() as session:
            return self._last_id(session) <= _SMALL_CATALOGUE

    def count(self) -> int:
        """How many products match, as things are now."""
        with self.shop.store.reading() as session:
            if not self._is_plain:
                return len(self._list(session, fresh=True).ids)
            where, params = self._where(walking=True)
            return int(session.value(f"SELECT COUNT(*) FROM product p WHERE {where}", params))

    def first_keys(self, every: int = 256) -> list[Key]:
        """The keys of rows 0, every, 2*every, … by one query."""
        with self.shop.store.reading() as session:
            if not self._is_plain:
                return self._keys_of(session, self._list(session).ids[::every])
            where, params = self._where(walking=True)
            rows = session.rows(
                f"SELECT sort_key, id FROM (SELECT {self._by} AS sort_key, p.id, ROW_NUMBER() OVER ("
                f"ORDER BY {self._by}, p.id) AS place FROM product p WHERE {where}) numbered "
                "WHERE (place - 1) / ? * ? = place - 1 ORDER BY place",
                [*params, every, every],
            )
            return [(row[0], row[1]) for row in rows]

    def page_from(self, key: Key | None, limit: int) -> list[ProductRow]:
        """Up to `limit` rows from the one with this key on, or from the first."""
        with self.shop.store.reading() as session:
            if self._is_plain or (self._listed is None and self._matches_many(session)):
                return self._walk(session, key, limit)
            ids = self._list(session).ids
            first = 0 if key is None else self._place(session, ids, key)
            return self._rows_of(session, ids[first : first + limit])

    def page_at(self, offset: int, limit: int) -> list[ProductRow]:
        """Up to `limit` rows from the one with this number; far away it has to count up to there."""
        offset = max(0, offset)
        with self.shop.store.reading() as session:
            if not self._is_plain:
                return self._rows_of(session, self._list(session).ids[offset : offset + limit])
            # Counting along the index first: the joins are only for the rows that are shown.
            where, params = self._where(walking=True)
            key = session.row(
                f"SELECT {self._by}, p.id FROM product p WHERE {where} ORDER BY {self._by}, p.id "
                "LIMIT 1 OFFSET ?",
                [*params, offset],
            )
            return [] if key is None else self._walk(session, (key[0], key[1]), limit)

    # -- which way -----------------------------------------------------------------------------

    @staticmethod
    def _last_id(session: Session) -> int:
        return session.value("SELECT MAX(id) FROM product") or 0

    def _matches_many(self, session: Session) -> bool:
        """Whether the first page is found sooner along the index of the order than by the search."""
        if self._has_many is None:
            self._has_many = self._count_some(session)
        return self._has_many

    def _count_some(self, session: Session) -> bool:
        if self._is_picky or (self._text and self._category):
            return False
        enough = max(_FEW_MATCHES, self._last_id(session) // _SPARSE)
        if self._text:
            return len(search.find(session, self._text, enough + 1)) > enough
        found = session.value(
            "SELECT COUNT(*) FROM (SELECT 1 FROM product p JOIN category c ON c.id = p.category_id "
            "WHERE c.name = ? LIMIT ?) found",
            (self._category, enough + 1),
        )
        return int(found) > enough

    def _where(self, *, walking: bool, engine: str = "") -> tuple[str, list[Any]]:
        """The condition on `product p`. A plus keeps an index out of SQLite's plan: when walking
        along the order, those of the filters; when searching, that of the order."""
        conditions, params = list(self._conditions), list[Any]()
        searching = not walking and bool(self._text or self._category)
        if self._archived is not None:
            column = "+p.archived_at_us" if searching else "p.archived_at_us"
            conditions.append(f"{column} IS {'NOT NULL' if self._archived else 'NULL'}")
        if self._category:
            column = "+p.category_id" if walking else "p.category_id"
            conditions.append(f"{column} = (SELECT id FROM category WHERE name = ?)")
            params.append(self._category)
        if self._text:
            found = search.by_scan(self._text) if walking else search.by_index(engine, self._text)
            conditions.append(found[0])
            params += found[1]
        return " AND ".join(conditions), params

    # -- along the index -------------------------------------------------------------------------

    def _walk(self, session: Session, key: Key | None, limit: int) -> list[ProductRow]:
        where, params = self._where(walking=True)
        if key is not None:
            where += f" AND ({self._by}, p.id) >= (?, ?)"
            params += [*key]
        columns = COLUMNS.format(order=self._by)
        rows = session.rows(
            f"SELECT {columns} WHERE {where} ORDER BY {self._by}, p.id LIMIT ?", [*params, limit]
        )
        return made(session, rows, self.shop.currency, self.shop.settings.locale)

    # -- from the list ---------------------------------------------------------------------------

    def _list(self, session: Session, *, fresh: bool = False) -> _Listed:
        """The matches; listed again when something has changed and that is quick, or when `fresh`."""
        listed = self._listed
        if listed is not None and not fresh and self._last_id(session) > _SMALL_CATALOGUE:
            return listed
        stamp = session.row(_STAMP)
        if listed is None or listed.stamp != stamp:
            where, params = self._where(walking=False, engine=session.engine)
            rows = session.stream(
                f"SELECT p.id FROM product p WHERE {where} ORDER BY {self._sorted_by(session)}, p.id", params
            )
            self._listed = listed = _Listed(array("q", (row[0] for row in rows)), stamp)
        return listed

    def _sorted_by(self, session: Session) -> str:
        """The order, sorted after the search: SQLite would walk all of its index to save the sorting."""
        searched = session.engine == "sqlite" and (self._text or self._category)
        return f"+{self._by}" if searched else self._by

    def _keys_of(self, session: Session, ids: Sequence[int]) -> list[Key]:
        found: dict[int, Key] = {}
        for start in range(0, len(ids), 10_000):
            part = list(ids[start : start + 10_000])
            marks = ", ".join("?" * len(part))
            for row in session.rows(f"SELECT {self._by}, p.id FROM product p WHERE p.id IN ({marks})", part):
                found[row[1]] = (row[0], row[1])
        return [found[product_id] for product_id in ids if product_id in found]

    def _place(self, session: Session, ids: array[int], key: Key) -> int:
        """Where the key stands in the list, or would stand."""
        low, high = 0, len(ids)
        while low < high:
            middle = (low + high) // 2
            found = session.value(f"SELECT {self._by} FROM product p WHERE p.id = ?", (ids[middle],))
            if (found, ids[middle]) < key:
                low = middle + 1
            else:
                high = middle
        return low

    def _rows_of(self, session: Session, ids: Sequence[int]) -> list[ProductRow]:
        if not ids:
            return []
        columns = COLUMNS.format(order=self._by)
        marks = ", ".join("?" * len(ids))
        rows = session.rows(f"SELECT {columns} WHERE p.id IN ({marks})", list(ids))
        places = {product_id: place for place, product_id in enumerate(ids)}
        rows.sort(key=lambda row: places[row[0]])
        return made(session, rows, self.shop.currency, self.shop.settings.locale)
