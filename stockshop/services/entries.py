"""Looking into the ledger: one entry with its lines, and the movements of one product."""

from __future__ import annotations

from dataclasses import dataclass

from stockshop import clock
from stockshop.errors import NotFound
from stockshop.language import tr
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
            raise NotFound(tr("There is no entry {number}.", number=entry_id), field="entry")
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


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """An entry that somebody posted and can still undo; the quantity in thousandths of the unit."""

    entry_id: int
    kind: str
    recorded_at_us: int
    product_id: int
    name: str
    unit: str
    quantity_milli: int
    """Of its first line."""
    lines: int


_UNDOABLE = ("receive", "sell", "return", "move", "adjust", "scrap", "count")
_LOOK_BACK = 500
"""So many entries are looked through at the most: nobody undoes at the counter what lies further back."""
_OWN = (
    "SELECT e.id, e.kind, e.recorded_at_us, p.id, p.name, p.unit, m.quantity_milli, "
    "(SELECT COUNT(*) FROM movement c WHERE c.entry_id = e.id AND c.quantity_milli > 0) "
    "FROM entry e JOIN movement m ON m.entry_id = e.id AND m.line = 1 JOIN product p ON p.id = m.product_id "
    "WHERE e.id > (SELECT entry_sequence FROM ledger_head WHERE id = 1) - ? AND e.actor = ? "
    "AND e.recorded_at_us >= ? AND e.kind IN ({kinds}) "
    "AND NOT EXISTS (SELECT 1 FROM entry r WHERE r.reverses_id = e.id) ORDER BY e.id DESC LIMIT 1"
)


def last_own(shop: Shop, actor: str) -> OwnEntry | None:
    """The newest entry of this actor within a day that is not undone yet; None when there is none."""
    sql = _OWN.format(kinds=", ".join("?" * len(_UNDOABLE)))
    since_us = clock.now_us() - clock.DAY_US
    with shop.store.reading() as session:
        row = session.row(sql, (_LOOK_BACK, actor, since_us, *_UNDOABLE))
    return None if row is None else OwnEntry(*row)
