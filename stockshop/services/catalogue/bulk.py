"""The same change to many products: all of them or none, each kept with who, when and what it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from stockshop import clock, money
from stockshop.errors import InvalidInput, Refused, ShopError, Stopped
from stockshop.language import mark, tr, trn
from stockshop.quantity import LIMIT_MILLI, check_decimals, plain
from stockshop.services import locations
from stockshop.services.catalogue.fields import checked, whole
from stockshop.services.catalogue.products import named_id_in
from stockshop.services.shop import Shop, clean_actor
from stockshop.storage.session import Row, Session

ENDINGS = ("", "9", "5", "fives", "99")
"""How a new price ends: as it comes; in 9; in 5; in 5 or 0; in 99 (the last digits of minor units)."""
_CYCLES = {"9": (10, 9), "5": (10, 5), "fives": (5, 0), "99": (100, 99)}
_LEAST_PERCENT, _MOST_PERCENT = -99_000, 1_000_000
_AT_ONCE = 500
_TOLD = 200
"""So many refusals are told one by one; all of them are counted."""

_ROWS = (
    "SELECT p.id, p.sku, p.name, p.unit, p.price_minor, c.name, b.code, p.archived_at_us, p.merged_into_id, "
    "r.reorder_point_milli, r.order_up_to_milli FROM product p LEFT JOIN category c ON c.id = p.category_id "
    "LEFT JOIN location b ON b.id = p.preferred_bin_id "
    "LEFT JOIN reorder_rule r ON r.product_id = p.id AND r.site_id IS NULL "
    "WHERE p.id IN ({ids}) ORDER BY p.id"
)
_CHANGED = (
    "INSERT INTO change (noun, noun_id, field, old_value, new_value, changed_at_us, actor) "
    "VALUES ('product', ?, ?, ?, ?, ?, ?)"
)
_PRICED = "INSERT INTO price (product_id, price_minor, valid_from_us, actor, reason) VALUES (?, ?, ?, ?, ?)"
_RULED = (
    "INSERT INTO reorder_rule (product_id, site_id, reorder_point_milli, order_up_to_milli) "
    "VALUES (?, NULL, ?, ?) ON CONFLICT (product_id) WHERE site_id IS NULL DO UPDATE SET "
    "reorder_point_milli = excluded.reorder_point_milli, order_up_to_milli = excluded.order_up_to_milli"
)
_UNRULED = "DELETE FROM reorder_rule WHERE product_id = ? AND site_id IS NULL"
_COLUMNS = {
    "price_minor": "price_minor",
    "category": "category_id",
    "preferred_bin": "preferred_bin_id",
    "archived": "archived_at_us",
}


@dataclass(frozen=True, slots=True)
class BulkChange:
    """What is to be changed; None leaves a thing as it is."""

    percent_milli: int | None = None
    """By how much prices rise (or fall), in thousandths of a percent."""
    ending: str = ""
    """One of ENDINGS, for the new prices."""
    category: str | None = None
    """By name, made when it is new; empty: none."""
    rule: tuple[int, int] | None = None
    """Reorder point and order-up-to level for the whole shop, in thousandths."""
    no_rule: bool = False
    """The shop's rule is taken off."""
    preferred_bin: str | None = None
    """The code of a bin; empty: none."""
    archived: bool | None = None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one product, before and after, as it is stored; a rule is a pair."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class BulkLine:
    """What becomes of one product."""

    product_id: int
    sku: str
    name: str
    unit: str
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class BulkRefusal:
    """Why a product cannot be changed so."""

    sku: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class BulkDone:
    """How many products are different now, and how many were so already."""

    changed: int
    unchanged: int


class BulkRefused(Refused):
    """Some of the products cannot be changed so; none is."""

    def __init__(self, refusals: Sequence[BulkRefusal], count: int, message: str) -> None:
        super().__init__(message)
        self.refusals = tuple(refusals)
        """The first of them."""
        self.count = count


def new_price(price_minor: int, percent_milli: int, ending: str = "") -> int:
    """The price changed by a percentage, half up, then brought to the nearest with that ending.

    Between two that are equally near it is the higher one. What costs nothing goes on costing nothing,
    and what costs something is never given away.
    """
    if not price_minor:
        return 0
    exact = (2 * price_minor * (100_000 + percent_milli) + 100_000) // 200_000
    if not ending:
        return max(1, exact)
    step, last = _CYCLES[ending]
    below = exact - (exact - last) % step
    nearest = below if exact - below < below + step - exact else below + step
    return nearest if nearest > 0 else nearest + step


def _checked(session: Session, shop: Shop, change: BulkChange) -> tuple[BulkChange, int | None]:
    """The change with its values as they are stored, and the id of the bin."""
    if change == BulkChange(ending=change.ending):
        raise InvalidInput(tr("Say what is to be changed: nothing is filled in yet."))
    if change.percent_milli is not None:
        whole(change.percent_milli, "percent", _LEAST_PERCENT, _MOST_PERCENT, mark("The percentage"))
    if change.ending not in ENDINGS:
        raise InvalidInput(tr("No price can end so."), field="ending")
    if change.category is not None:
        category = checked({"category": change.category}, shop.currency)["category"]
        change = replace(change, category=category or "")
    if change.rule is not None:
        point, up_to = change.rule
        whole(point, "reorder_point", 0, LIMIT_MILLI, mark("The reorder point"))
        whole(up_to, "order_up_to", 0, LIMIT_MILLI, mark("The order-up-to level"))
        if up_to < point:
            raise InvalidInput(tr("The order-up-to level lies below the reorder point."), field="order_up_to")
    bin_id = None
    if change.preferred_bin:
        place = locations.bin_in(session, change.preferred_bin, field="preferred_bin")
        change, bin_id = replace(change, preferred_bin=place.code), place.id
    return change, bin_id


def _line(row: Row, shop: Shop, change: BulkChange) -> BulkLine:
    """What becomes of the product of a row. Raises ShopError where it cannot be."""
    product_id, sku, name, unit, price, category, bin_code, archived_at_us, merged_into_id, *rule = row
    if merged_into_id is not None:
        raise Refused(tr("It was merged into another product."))
    before: dict[str, Any] = {
        "price_minor": price,
        "category": category,
        "preferred_bin": bin_code,
        "reorder_rule": None if rule[0] is None else (rule[0], rule[1]),
        "archived": archived_at_us is not None,
    }
    after = dict(before)
    if change.percent_milli is not None and price is not None:
        after["price_minor"] = new_price(price, change.percent_milli, change.ending)
        if after["price_minor"] > money.LIMIT_UNITS * 10 ** money.minor_digits(shop.currency):
            raise Refused(tr("Its price would be too large to be meant."))
    if change.category is not None:
        after["category"] = change.category or None
    if change.preferred_bin is not None:
        after["preferred_bin"] = change.preferred_bin or None
    if change.no_rule:
        after["reorder_rule"] = None
    elif change.rule is not None:
        for level in change.rule:
            check_decimals(level, unit, field="reorder_point")
        after["reorder_rule"] = change.rule
    if change.archived is not None:
        after["archived"] = change.archived
    changes = (FieldChange(field, before[field], after[field]) for field in before)
    return BulkLine(product_id, sku, name, unit, tuple(one for one in changes if one.before != one.after))


def _rows(session: Session, ids: Sequence[int]) -> list[Row]:
    return session.rows(_ROWS.format(ids=", ".join("?" * len(ids))), list(ids))


def preview_bulk(
    shop: Shop, ids: Sequence[int], change: BulkChange, *, limit: int = 3
) -> tuple[BulkLine, ...]:
    """What would become of the first few that would be different. Raises InvalidInput, NotFound."""
    with shop.store.reading() as session:
        change, _ = _checked(session, shop, change)
        found: list[BulkLine] = []
        places = {product_id: place for place, product_id in enumerate(ids[:_AT_ONCE])}
        for row in sorted(_rows(session, ids[:_AT_ONCE]), key=lambda row: places[row[0]]):
            try:
                line = _line(row, shop, change)
            except ShopError:
                continue
            if line.changes:
                found.append(line)
                if len(found) == limit:
                    break
        return tuple(found)


class _Writer:
    """Writes what becomes of products, a few hundred at a time."""

    def __init__(self, session: Session, shop: Shop, actor: str, change: BulkChange, reason: str) -> None:
        self._session, self._actor, self._reason = session, actor, reason
        self._now = clock.now_us()
        self._shop = shop
        self.change, self._bin_id = _checked(session, shop, change)
        self._category_id = named_id_in(session, "category", self.change.category or None)

    def write(self, lines: Sequence[BulkLine]) -> None:
        session, now = self._session, self._now
        for field, column in _COLUMNS.items():
            session.many(
                f"UPDATE product SET {column} = ?, updated_at_us = ? WHERE id = ?",
                [(self._stored(one), now, number) for number, one in _of(lines, field)],
            )
        rules = list(_of(lines, "reorder_rule"))
        session.many(_RULED, [(number, *one.after) for number, one in rules if one.after is not None])
        session.many(_UNRULED, [(number,) for number, one in rules if one.after is None])
        session.many(
            "UPDATE product SET updated_at_us = ? WHERE id = ?", [(now, number) for number, _ in rules]
        )
        session.many(
            _CHANGED,
            [
                (line.product_id, one.field, _as_text(one.before), _as_text(one.after), now, self._actor)
                for line in lines
                for one in line.changes
            ],
        )
        session.many(
            _PRICED,
            [
                (number, one.after, now, self._actor, self._reason)
                for number, one in _of(lines, "price_minor")
            ],
        )

    def _stored(self, one: FieldChange) -> Any:
        if one.field == "category":
            return self._category_id
        if one.field == "preferred_bin":
            return self._bin_id
        if one.field == "archived":
            return self._now if one.after else None
        return one.after


def _of(lines: Sequence[BulkLine], field: str) -> Iterator[tuple[int, FieldChange]]:
    return ((line.product_id, one) for line in lines for one in line.changes if one.field == field)


def _as_text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return " / ".join(plain(level) for level in value)
    return None if value is None else str(value)


def change_many(
    shop: Shop,
    actor: str,
    ids: Sequence[int],
    change: BulkChange,
    *,
    reason: str = "",
    progress: Callable[[int, int], None] | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> BulkDone:
    """Change all of these products (by id) in one transaction, as single changes would.

    `reason` is kept with new prices. A product without a price keeps none. Raises InvalidInput naming
    the field, NotFound for the bin, BulkRefused with every product that cannot be changed so, and
    Stopped when `should_stop` says so; then nothing is changed.
    """
    actor = clean_actor(actor)

    def work(session: Session) -> BulkDone:
        writer = _Writer(session, shop, actor, change, reason)
        refusals: list[BulkRefusal] = []
        refused = changed = seen = 0
        for start in range(0, len(ids), _AT_ONCE):
            if should_stop():
                raise Stopped(tr("Stopped; no product was changed."))
            lines: list[BulkLine] = []
            for row in _rows(session, ids[start : start + _AT_ONCE]):
                seen += 1
                try:
                    line = _line(row, shop, writer.change)
                except ShopError as error:
                    refused += 1
                    if len(refusals) < _TOLD:
                        refusals.append(BulkRefusal(row[1], row[2], error.message))
                    continue
                if line.changes:
                    lines.append(line)
            # Behind a refusal nothing will stay: only the other refusals are still looked for.
            if lines and not refused:
                writer.write(lines)
            changed += len(lines)
            if progress is not None:
                progress(min(start + _AT_ONCE, len(ids)), len(ids))
        if refused:
            raise BulkRefused(
                refusals,
                refused,
                trn(
                    "One of the products cannot be changed so; nothing was changed.",
                    "{count} of the products cannot be changed so; nothing was changed.",
                    refused,
                ),
            )
        return BulkDone(changed, seen - changed)

    return shop.store.writing(work)


def labels_of(shop: Shop, ids: Sequence[int]) -> tuple[tuple[int, str, str], ...]:
    """(id, SKU, name) of products, in the order of the ids."""
    found: dict[int, tuple[int, str, str]] = {}
    with shop.store.reading() as session:
        for start in range(0, len(ids), _AT_ONCE):
            part = list(ids[start : start + _AT_ONCE])
            marks = ", ".join("?" * len(part))
            for row in session.rows(f"SELECT id, sku, name FROM product WHERE id IN ({marks})", part):
                found[row[0]] = (row[0], row[1], row[2])
    return tuple(found[product_id] for product_id in ids if product_id in found)
