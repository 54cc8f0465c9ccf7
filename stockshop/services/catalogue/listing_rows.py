"""The rows of the product list, and what is read for a page of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from stockshop import money
from stockshop.quantity import UNITS
from stockshop.storage.session import Row, Session

Key = tuple[Any, ...]
"""What a row is sorted by, its id last."""

COLUMNS = (
    "p.id, p.sku, p.name, p.unit, p.price_minor, p.archived_at_us, c.name, r.reorder_point_milli, "
    "p.preferred_bin_id, {key} "
    "FROM product p LEFT JOIN category c ON c.id = p.category_id "
    "LEFT JOIN reorder_rule r ON r.product_id = p.id AND r.site_id IS NULL"
)
_HOME = 8
"""Where the bin it belongs in stands among them."""
_BINS = (
    "SELECT v.product_id, 'bin', b.code, v.quantity_milli, b.walk_order, b.id FROM level v "
    "JOIN location b ON b.id = v.location_id AND b.kind = 'bin' "
    "WHERE v.product_id IN ({ids}) AND v.quantity_milli <> 0 "
    "UNION ALL SELECT product_id, 'allocated', '', quantity_milli, 0, 0 FROM allocation "
    "WHERE product_id IN ({ids}) AND released_at_us IS NULL "
    "UNION ALL SELECT n.product_id, 'order', '', n.quantity_milli - COALESCE((SELECT SUM(m.quantity_milli) "
    "FROM fulfilment f JOIN movement m ON m.id = f.movement_id WHERE f.order_line_id = n.id), 0), 0, 0 "
    "FROM order_line n JOIN shop_order o ON o.id = n.order_id AND o.kind = 'purchase' "
    "AND o.closed_at_us IS NULL WHERE n.product_id IN ({ids}) ORDER BY 5, 3"
)


@dataclass(frozen=True, slots=True)
class ProductRow:
    """One line of the list; what it shows is made when it is asked for."""

    key: Key
    id: int
    sku: str
    name: str
    unit: str
    category: str | None
    price_minor: int | None
    is_archived: bool
    held: tuple[tuple[str, int], ...]
    """(bin, thousandths) in walking order; none that is zero."""
    home: str
    """The bin it belongs in, where some of it lies there; else empty."""
    on_hand_milli: int
    allocated_milli: int
    on_order_milli: int
    reorder_point_milli: int | None
    """Of the shop's rule; None without one."""
    currency: str
    locale: str

    @property
    def available_milli(self) -> int:
        return self.on_hand_milli - self.allocated_milli

    @property
    def is_out(self) -> bool:
        """Nothing on hand."""
        return self.on_hand_milli <= 0

    @property
    def is_low(self) -> bool:
        """Projected stock at or below the reorder point of the whole shop."""
        point = self.reorder_point_milli
        return point is not None and self.available_milli + self.on_order_milli <= point

    @property
    def is_below_zero(self) -> bool:
        """Some bin is below zero: it asks for a count."""
        return any(quantity_milli < 0 for _, quantity_milli in self.held)

    @property
    def price(self) -> str:
        """The selling price as the locale writes it; empty without one."""
        if self.price_minor is None:
            return ""
        return money.format_price(self.price_minor, self.currency, self.locale)

    @property
    def on_hand(self) -> str:
        return self._quantity(self.on_hand_milli)

    @property
    def available(self) -> str:
        return self._quantity(self.available_milli)

    @property
    def main_bin(self) -> str:
        """Where most of it lies; of equals its home, then the first by code. Empty: it lies nowhere."""
        ranks = [(-quantity_milli, code != self.home, code) for code, quantity_milli in self.held]
        return min(ranks)[2] if ranks else ""

    @property
    def bins(self) -> str:
        """Where it lies: `A-01`, or `A-01 12, B-02 3` when in several bins."""
        if len(self.held) == 1:
            return self.held[0][0]
        return ", ".join(f"{code} {self._quantity(quantity_milli)}" for code, quantity_milli in self.held)

    def _quantity(self, quantity_milli: int) -> str:
        unit = UNITS.get(self.unit)
        return money.format_quantity(quantity_milli, unit.decimals if unit else 0, self.locale)


def made(
    session: Session, rows: list[Row], key_of: Callable[[Sequence[Any]], Key], currency: str, locale: str
) -> list[ProductRow]:
    """The rows of a page out of what COLUMNS selected, with one more question for their stock.

    `key_of` makes a row's key out of the columns asked for as `{key}`.
    """
    held: dict[int, dict[str, int]] = {row[0]: {} for row in rows}
    allocated: dict[int, int] = {}
    coming: dict[int, int] = {}
    belongs = {row[0]: row[_HOME] for row in rows}
    homes: dict[int, str] = {}
    if rows:
        ids = list(held)
        sql = _BINS.format(ids=", ".join("?" * len(ids)))
        for product_id, what, code, quantity_milli, _, bin_id in session.rows(sql, ids * 3):
            if what == "bin":
                bins = held[product_id]
                bins[code] = bins.get(code, 0) + quantity_milli
                if bin_id == belongs[product_id]:
                    homes[product_id] = code
            elif what == "allocated":
                allocated[product_id] = allocated.get(product_id, 0) + quantity_milli
            else:
                coming[product_id] = coming.get(product_id, 0) + max(0, int(quantity_milli))
    return [
        ProductRow(
            key=key_of(key),
            id=product_id,
            sku=sku,
            name=name,
            unit=unit,
            category=category,
            price_minor=price_minor,
            is_archived=archived_at_us is not None,
            held=tuple(item for item in held[product_id].items() if item[1]),
            home=homes.get(product_id, ""),
            on_hand_milli=sum(held[product_id].values()),
            allocated_milli=allocated.get(product_id, 0),
            on_order_milli=coming.get(product_id, 0),
            reorder_point_milli=point,
            currency=currency,
            locale=locale,
        )
        for product_id, sku, name, unit, price_minor, archived_at_us, category, point, _, *key in rows
    ]
