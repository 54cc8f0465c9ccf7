"""The catalogue as a list: pages of rows by keyset, at a million products as at a hundred.

A `ProductListing` stands for one question: one search, one set of filters, one order. There are
three ways to a page:
- straight along the index of the order, where every row of it matches;
- along that index in pieces, testing row after row, until the page is full;
- from the ids of all matches, listed once: where few match, or where no index has the order.
Once the matches are counted, all pages come from their ids.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from stockshop.services.catalogue.listing_filters import Condition, Filters
from stockshop.services.catalogue.listing_orders import ORDERS, Order, Stretch
from stockshop.services.catalogue.listing_rows import COLUMNS, Key, ProductRow, made
from stockshop.services.shop import Shop
from stockshop.storage.session import Row, Session

__all__ = ["ORDERS", "Key", "ProductListing", "ProductRow"]

# One match in this many rows: further apart, walking the index to fill a page costs more than listing.
_SPARSE = 32
_FEW_MATCHES = 2_000
_ALL_AT_ONCE = 4
"""To list all matches, so many times more are still found sooner by the search."""
_SMALL_CATALOGUE = 20_000
"""Up to here everything is read in a few milliseconds, whatever is asked."""
_FIRST_PIECE, _LARGEST_PIECE = 1_024, 16_384
"""Rows tested in one go: after each piece it is asked whether anybody still waits."""

# What a list depends on: catalogue, stock, and what is promised and coming.
_STAMP = (
    "SELECT (SELECT MAX(id) FROM change), (SELECT entry_sequence FROM ledger_head WHERE id = 1), "
    "(SELECT MAX(id) FROM allocation), (SELECT COUNT(*) FROM allocation WHERE released_at_us IS NULL), "
    "(SELECT MAX(id) FROM order_line), (SELECT COUNT(*) FROM shop_order WHERE closed_at_us IS NULL)"
)
_TURNED = str.maketrans("<>", "><")


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
        place: str | None = None,
        archived: bool | None = False,
        low: bool = False,
        out: bool = False,
        below_zero: bool = False,
        no_barcode: bool = False,
        order: str = "name",
        descending: bool = False,
    ) -> None:
        """Products that match everything asked. `archived`: only those not, only those, or all (None).

        `place` is the code of a bin, zone or site in which they lie. `low` looks at the rules for the
        whole shop. What was merged into another product is never listed. Raises InvalidInput for an
        order that is not in ORDERS.
        """
        self.shop = shop
        self.filters = Filters(text, category, place, archived, low, out, below_zero, no_barcode)
        self.order = Order(order, descending=descending)
        # Only products in use have an index for every order.
        self._can_walk = self.order.has_index and (
            archived is False or (archived is True and order == "name")
        )
        by_category = category is not None and order in ("name", "category")
        self._is_plain = self._can_walk and not self.filters.is_picky and (category is None or by_category)
        self._base: Condition = self.filters.base(by_category=by_category)
        self._listed: _Listed | None = None
        self._is_closed = False

    # -- what a list asks ----------------------------------------------------------------------

    @property
    def quick(self) -> bool:
        """Whether a page takes a few milliseconds at the most, the first one too."""
        if self.shop.store.path is None:
            return False
        if self._is_plain or self._listed is not None:
            return True
        with self.shop.store.reading() as session:
            return self._last_id(session) <= _SMALL_CATALOGUE

    def close(self) -> None:
        """Nobody waits for it any more: what is being read ends soon, with what it has."""
        self._is_closed = True

    def count(self) -> int:
        """How many products match, as things are now."""
        with self.shop.store.reading() as session:
            if not self._is_plain:
                return len(self._list(session, fresh=True).ids)
            self.order.refresh()
            where, params = self._base
            return int(session.value(f"SELECT COUNT(*) FROM product p WHERE {where}", params))

    def ids(self) -> array[int]:
        """The ids of all that match, in order, as things are now."""
        with self.shop.store.reading() as session:
            if not self._is_plain:
                return self._list(session, fresh=True).ids
            found = array("q")
            for piece in self._pieces(session, None):
                found.extend(row[-1] for row in piece)
            return found

    def first_keys(self, every: int = 256) -> list[Key]:
        """The keys of rows 0, every, 2*every, … by a query for each stretch of the order."""
        with self.shop.store.reading() as session:
            if not self._is_plain:
                return self._keys_of(session, self._list(session).ids[::every])
            keys: list[Key] = []
            before = 0
            for stretch in self.order.stretches(session):
                where, params = self._in_stretch(stretch)
                names = [f"k{number}" for number in range(len(stretch.columns))]
                named = ", ".join(
                    f"{column} AS {name}" for column, name in zip(stretch.columns, names, strict=True)
                )
                rows = session.rows(
                    f"SELECT {', '.join(names)} FROM (SELECT {named}, ROW_NUMBER() OVER (ORDER BY "
                    f"{self.order.sorting(stretch.columns)}) + ? AS place FROM product p WHERE {where}) "
                    "numbered WHERE (place - 1) / ? * ? = place - 1 ORDER BY place",
                    [before, *params, every, every],
                )
                keys += [(stretch.number, *row) for row in rows]
                before += self._count_in(session, stretch)
            return keys

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
            for stretch in self.order.stretches(session):
                where, params = self._in_stretch(stretch)
                key = session.row(
                    f"SELECT {', '.join(stretch.columns)} FROM product p WHERE {where} "
                    f"ORDER BY {self.order.sorting(stretch.columns)} LIMIT 1 OFFSET ?",
                    [*params, offset],
                )
                if key is not None:
                    return self._walk(session, (stretch.number, *key), limit)
                offset -= self._count_in(session, stretch)
            return []

    # -- which way -----------------------------------------------------------------------------

    @staticmethod
    def _last_id(session: Session) -> int:
        return session.value("SELECT MAX(id) FROM product") or 0

    def _most(self, session: Session) -> int:
        return max(_FEW_MATCHES, self._last_id(session) // _SPARSE)

    def _matches_many(self, session: Session) -> bool:
        """Whether the first page is found sooner along the index of the order than by the search."""
        return self._can_walk and self.filters.few(session, self.shop, self._most(session)) is None

    def _in_stretch(self, stretch: Stretch) -> Condition:
        where, params = self._base
        if not stretch.condition:
            return where, params
        return f"{where} AND {stretch.condition}", [*params, *stretch.params]

    def _count_in(self, session: Session, stretch: Stretch) -> int:
        where, params = self._in_stretch(stretch)
        return int(session.value(f"SELECT COUNT(*) FROM product p WHERE {where}", params))

    # -- along the index -------------------------------------------------------------------------

    def _walk(self, session: Session, key: Key | None, limit: int) -> list[ProductRow]:
        if self._is_plain:
            return self._walk_plain(session, key, limit)
        stamp = session.row(_STAMP)
        ids = array("q")
        for piece in self._pieces(session, key):
            ids.extend(row[-1] for row in piece)
            if len(ids) >= limit:
                break
        else:
            if key is None and not self._is_closed:
                # That were all there are.
                self._listed = _Listed(ids, stamp)
        return self._rows_of(session, ids[:limit])

    def _walk_plain(self, session: Session, key: Key | None, limit: int) -> list[ProductRow]:
        found: list[ProductRow] = []
        for stretch, start in self._from(session, key):
            where, params = self._in_stretch(stretch)
            if start:
                where += f" AND {self._beyond(stretch, start, '=')}"
                params = [*params, *start]
            rows = session.rows(
                f"SELECT {self._columns} WHERE {where} "
                f"ORDER BY {self.order.sorting(stretch.columns)} LIMIT ?",
                [*params, limit - len(found)],
            )
            found += self._made(session, rows)
            if len(found) >= limit:
                break
        return found

    def _from(self, session: Session, key: Key | None) -> Iterator[tuple[Stretch, tuple[Any, ...]]]:
        """The stretches from the one of the key on, and where in the first of them to begin."""
        stretches = self.order.stretches(session)
        if key is None:
            yield from ((stretch, ()) for stretch in stretches)
            return
        for stretch in stretches:
            if stretch.number == key[0]:
                yield stretch, key[1:]
            elif self.order.is_before(key[:1], (stretch.number,)):
                yield stretch, ()

    def _beyond(self, stretch: Stretch, start: tuple[Any, ...], equal: str = "") -> str:
        marks = ", ".join("?" * len(start))
        return f"({', '.join(stretch.columns)}) {'<' if self.order.descending else '>'}{equal} ({marks})"

    def _pieces(self, session: Session, key: Key | None) -> Iterator[list[Row]]:
        """The sort columns (the id last) of matching rows from the key on, piece by piece."""
        tests, wanted = self.filters.tests()
        size = _FIRST_PIECE
        for stretch, first in self._from(session, key):
            where, params = self._in_stretch(stretch)
            columns = ", ".join(stretch.columns)
            sorting = self.order.sorting(stretch.columns)
            start, equal = first, "="
            while not self._is_closed:
                condition = f" AND {self._beyond(stretch, start, equal)}" if start else ""
                end = session.row(
                    f"SELECT {columns} FROM product p WHERE {where}{condition} ORDER BY {sorting} "
                    "LIMIT 1 OFFSET ?",
                    [*params, *start, size - 1],
                )
                until = ""
                if end is not None:
                    until = f" AND {self._beyond(stretch, end, '=').translate(_TURNED)}"
                tested = f" AND {tests}" if tests else ""
                yield session.rows(
                    f"SELECT {columns} FROM product p WHERE {where}{condition}{until}{tested} "
                    f"ORDER BY {sorting}",
                    [*params, *start, *(end or ()), *wanted],
                )
                if end is None:
                    break
                start, equal = end, ""
                size = min(2 * size, _LARGEST_PIECE)

    # -- from the list ---------------------------------------------------------------------------

    def _list(self, session: Session, *, fresh: bool = False) -> _Listed:
        """The matches; listed again when something has changed and that is quick, or when `fresh`."""
        listed = self._listed
        if listed is not None and not fresh and self._last_id(session) > _SMALL_CATALOGUE:
            return listed
        stamp = session.row(_STAMP)
        if listed is None or listed.stamp != stamp:
            self.order.refresh()
            listed = _Listed(self._all_ids(session), stamp)
            if not self._is_closed:
                self._listed = listed
        return listed

    def _all_ids(self, session: Session) -> array[int]:
        found = array("q")
        lead = self.filters.few(session, self.shop, _ALL_AT_ONCE * self._most(session))
        if lead is None and self._can_walk:
            for piece in self._pieces(session, None):
                found.extend(row[-1] for row in piece)
            return found
        tests, wanted = self.filters.tests(found_by_text=lead is not None and lead.is_text)
        # Without an index that leads, products in use are read as they lie in the store, one after the
        # other; those that are archived have an index, and are few.
        is_few = lead is None and self.filters.archived is True
        base, params = self.filters.base(by_category=False, walking=is_few)
        where = [part for part in (lead.condition if lead else "", base, tests) if part] or ["1 = 1"]
        # Sorted after the search: SQLite would walk all of an index to save the sorting.
        sorting = self.order.sorting_all(searched=lead is not None and session.engine == "sqlite")
        by_category = self.order.name == "category"
        columns = "p.id, p.category_id" if by_category else "p.id"
        rows = session.stream(
            f"SELECT {columns} FROM product p WHERE {' AND '.join(where)} ORDER BY {sorting}",
            [*(lead.params if lead else ()), *params, *wanted],
        )
        if by_category:
            return self._by_category(session, rows)
        for row in rows:
            found.append(row[0])
        return found

    def _by_category(self, session: Session, rows: Iterator[Row]) -> array[int]:
        ranks = self.order.ranks(session)
        parts: dict[int, array[int]] = {}
        for product_id, category_id in rows:
            parts.setdefault(ranks.get(category_id, 0), array("q")).append(product_id)
        found = array("q")
        for rank in sorted(parts, reverse=self.order.descending):
            found.extend(parts[rank])
        return found

    def _keys_of(self, session: Session, ids: Sequence[int]) -> list[Key]:
        found: dict[int, Key] = {}
        columns = ", ".join(self.order.columns)
        for start in range(0, len(ids), 1_000):
            part = list(ids[start : start + 1_000])
            marks = ", ".join("?" * len(part))
            for row in session.rows(f"SELECT {columns} FROM product p WHERE p.id IN ({marks})", part):
                found[row[-1]] = self.order.key(session, row)
        return [found[product_id] for product_id in ids if product_id in found]

    def _place(self, session: Session, ids: array[int], key: Key) -> int:
        """Where the key stands in the list, or would stand."""
        try:
            return ids.index(key[-1])
        except ValueError:
            pass
        low, high = 0, len(ids)
        while low < high:
            middle = (low + high) // 2
            found = self._keys_of(session, ids[middle : middle + 1])
            if found and self.order.is_before(found[0], key):
                low = middle + 1
            else:
                high = middle
        return low

    def _rows_of(self, session: Session, ids: Sequence[int]) -> list[ProductRow]:
        if not ids:
            return []
        marks = ", ".join("?" * len(ids))
        rows = session.rows(f"SELECT {self._columns} WHERE p.id IN ({marks})", list(ids))
        places = {product_id: place for place, product_id in enumerate(ids)}
        rows.sort(key=lambda row: places[row[0]])
        return self._made(session, rows)

    @property
    def _columns(self) -> str:
        return COLUMNS.format(key=", ".join(self.order.columns))

    def _made(self, session: Session, rows: list[Row]) -> list[ProductRow]:
        settings = self.shop.settings
        return made(
            session, rows, lambda key: self.order.key(session, key), settings.currency, settings.locale
        )
