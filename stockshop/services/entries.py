"""Looking into the ledger: one entry with its lines, and the movements of one product."""

from __future__ import annotations

from dataclasses import dataclass

from stockshop.errors import NotFound
from stockshop.services import reports
from stockshop.services.reports import HistoryRow
from stockshop.services.shop import Shop


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One line of an entry; the quantity in thousandths of the product's unit."""

    product_id: int
    sku: str
    name: str
    unit: str
    lot: str
    from_place: str
    to_place: str
    quantity_milli: int
    value_e4: int
    price_minor: int | None


@dataclass(frozen=True, slots=True)
class EntryDetail:
    """One business event, who recorded it, and what undid it."""

    entry_id: int
    kind: str
    occurred_at_us: int
    recorded_at_us: int
    actor: str
    reference: str
    note: str
    reverses_id: int | None
    """The entry that this one undoes."""
    reversed_by_id: int | None
    """The entry that undid this one."""
    lines: tuple[EntryLine, ...]
    """At most as many as were asked for."""
    total_lines: int

    @property
    def is_reversible(self) -> bool:
        """Whether it can still be undone."""
        return self.kind != "reversal" and self.reversed_by_id is None and self.total_lines > 0


_ENTRY = (
    "SELECT e.id, e.kind, e.occurred_at_us, e.recorded_at_us, e.actor, e.reference, e.note, e.reverses_id, "
    "(SELECT r.id FROM entry r WHERE r.reverses_id = e.id) FROM entry e WHERE e.id = ?"
)
_LINES = (
    "SELECT p.id, p.sku, p.name, p.unit, t.code, f.code, o.code, m.quantity_milli, m.value_e4, m.price_minor "
    "FROM movement m JOIN product p ON p.id = m.product_id JOIN lot t ON t.id = m.lot_id "
    "JOIN location f ON f.id = m.from_id JOIN location o ON o.id = m.to_id "
    "WHERE m.entry_id = ? AND m.quantity_milli > 0 ORDER BY m.line LIMIT ?"
)
_HOW_MANY = "SELECT COUNT(*) FROM movement WHERE entry_id = ? AND quantity_milli > 0"


def entry(shop: Shop, entry_id: int, *, limit: int = 1_000) -> EntryDetail:
    """An entry with its first `limit` lines. Raises NotFound."""
    with shop.store.reading(snapshot=True) as session:
        row = session.row(_ENTRY, (entry_id,))
        if row is None:
            raise NotFound(f"There is no entry {entry_id}.", field="entry")
        lines = tuple(
            # Places of the outside world are marked by a tilde in the store only.
            EntryLine(
                line[0], line[1], line[2], line[3], line[4], str(line[5]).lstrip("~"),
                str(line[6]).lstrip("~"), line[7], line[8], line[9],
            )
            for line in session.rows(_LINES, (entry_id, limit))
        )  # fmt: skip
        total = int(session.value(_HOW_MANY, (entry_id,))) if len(lines) == limit else len(lines)
    return EntryDetail(
        row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], lines, total
    )  # fmt: skip


def product_history(
    shop: Shop, product_id: int, *, limit: int = 200, before_id: int | None = None
) -> list[HistoryRow]:
    """`reports.history` of the product with this id, whatever codes it shares with others."""
    with shop.store.reading(snapshot=True) as session:
        return reports.history_in(session, product_id, limit, before_id)
