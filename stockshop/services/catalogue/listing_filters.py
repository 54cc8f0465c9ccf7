"""What may be asked of the list of products, and by what the few that match are found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from stockshop.services.attention import COMING, PROMISED, products_standing_out
from stockshop.services.catalogue.listing_orders import HELD
from stockshop.services.shop import Shop
from stockshop.storage import search
from stockshop.storage.session import Session

_HELD_BY_RULE = HELD.replace("p.id", "r.product_id")
_IS_LOW = (
    "EXISTS (SELECT 1 FROM reorder_rule r WHERE r.product_id = p.id AND r.site_id IS NULL "
    f"AND {_HELD_BY_RULE} - {PROMISED} + {COMING} <= r.reorder_point_milli)"
)
_IS_BELOW_ZERO = (
    "EXISTS (SELECT 1 FROM level v JOIN location b ON b.id = v.location_id AND b.kind = 'bin' "
    "WHERE v.product_id = p.id AND v.quantity_milli < 0)"
)
_IS_OUT = f"{HELD} <= 0"
_HAS_NO_BARCODE = "NOT EXISTS (SELECT 1 FROM barcode d WHERE d.product_id = p.id)"
# The bins of a place: itself, or those below it; a site has zones, and zones have bins.
_BINS_OF = (
    "(SELECT b.id FROM location b LEFT JOIN location z ON z.id = b.parent_id "
    "LEFT JOIN location s ON s.id = z.parent_id WHERE b.kind = 'bin' "
    "AND (b.code = ? OR z.code = ? OR s.code = ?))"
)
_LIES_IN = (
    "EXISTS (SELECT 1 FROM level v WHERE v.product_id = p.id AND v.quantity_milli <> 0 "
    f"AND v.location_id IN {_BINS_OF})"
)
_IN_PLACE = f"SELECT v.product_id FROM level v WHERE v.location_id IN {_BINS_OF} AND v.quantity_milli <> 0"
_MOST_IDS = 20_000

Condition = tuple[str, list[Any]]
"""SQL on `product p`, and its parameters."""


class Lead(NamedTuple):
    """A condition by which an index finds rows."""

    condition: str
    params: list[Any]
    is_text: bool = False
    """Whether it is the search for the words."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a listing asks; everything that is given must be so."""

    text: str = ""
    category: str | None = None
    place: str | None = None
    """The code of a bin, a zone or a site in which it lies."""
    archived: bool | None = False
    low: bool = False
    out: bool = False
    below_zero: bool = False
    no_barcode: bool = False
    words: list[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", search.terms(self.text))

    @property
    def is_picky(self) -> bool:
        """Whether rows are to be tested one by one."""
        return bool(self.words or self.place or self.low or self.out or self.below_zero or self.no_barcode)

    def base(self, *, by_category: bool, walking: bool = True) -> Condition:
        """The part of the catalogue that is walked through.

        A plus keeps an index out of SQLite's plan: `by_category` when the index of categories leads,
        `walking` when that of the order does. Only products in use are never merged ones.
        """
        conditions, params = list[str](), list[Any]()
        if self.archived is not None:
            column = "p.archived_at_us" if walking else "+p.archived_at_us"
            conditions.append(f"{column} IS {'NOT NULL' if self.archived else 'NULL'}")
        if self.archived is not False:
            conditions.append("+p.merged_into_id IS NULL")
        if self.category is not None:
            column = "p.category_id" if by_category else "+p.category_id"
            conditions.append(f"{column} = (SELECT id FROM category WHERE name = ?)")
            params.append(self.category)
        return " AND ".join(conditions), params

    def tests(self, *, found_by_text: bool = False) -> Condition:
        """The tests of one row after the other; the words again only if the search has not found it."""
        conditions, params = list[str](), list[Any]()
        if self.words and not found_by_text:
            condition, params = search.by_scan(self.text)
            conditions.append(condition)
        if self.place is not None:
            conditions.append(_LIES_IN)
            params += [self.place] * 3
        conditions += [
            condition
            for wanted, condition in (
                (self.low, _IS_LOW),
                (self.below_zero, _IS_BELOW_ZERO),
                (self.no_barcode, _HAS_NO_BARCODE),
                (self.out, _IS_OUT),
            )
            if wanted
        ]
        return " AND ".join(conditions), params

    def few(self, session: Session, shop: Shop, most: int) -> Lead | None:
        """What leads to the matches (and maybe others) without a look at every product.

        None where they are more than `most`, or where nothing leads to them.
        """
        if (self.low or self.below_zero) and self.archived is False:
            low, below = products_standing_out(shop)
            ids = low if self.low else below
            if len(ids) <= _MOST_IDS:
                # Whole numbers of our own, and too many to be parameters.
                return Lead(f"p.id IN ({', '.join(map(str, ids))})" if ids else "1 = 0", [])
        if self.words and len(search.find(session, self.text, most + 1)) <= most:
            return Lead(*search.by_index(session.engine, self.text), is_text=True)
        if self.place is not None:
            found = session.value(
                f"SELECT COUNT(*) FROM ({_IN_PLACE} LIMIT ?) found", (*[self.place] * 3, most + 1)
            )
            if found <= most:
                return Lead(f"p.id IN ({_IN_PLACE})", [self.place] * 3)
        if self.category is not None:
            found = session.value(
                "SELECT COUNT(*) FROM (SELECT 1 FROM product p JOIN category c ON c.id = p.category_id "
                "WHERE c.name = ? LIMIT ?) found",
                (self.category, most + 1),
            )
            if found <= most:
                return Lead("p.category_id = (SELECT id FROM category WHERE name = ?)", [self.category])
        return None
