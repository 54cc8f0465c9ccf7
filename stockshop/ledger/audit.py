"""Checking the nine invariants of the ledger on live data.

Every check is one pass of SQL over what is stored, caches against movements, and answers a line
per trouble. It changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from stockshop import clock
from stockshop.language import tr
from stockshop.quantity import plain
from stockshop.storage.models.locations import CUSTOMER, LOSS, OPENING, SCRAP, SUPPLIER
from stockshop.storage.session import Session

# One bad disk can break a million rows; a person needs the first few of each kind.
MOST_PER_CHECK = 100


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that does not hold."""

    invariant: str
    """I1 to I9, as the design numbers them."""
    message: str


_SIGNED = (
    "SELECT product_id, to_id AS location_id, lot_id, quantity_milli, id FROM movement "
    "UNION ALL SELECT product_id, from_id, lot_id, -quantity_milli, id FROM movement"
)
_OWNED = "(kind = 'bin' OR id = 6)"


def audit(session: Session, *, on_check: Callable[[], None] | None = None) -> list[Trouble]:
    """All troubles found, at most MOST_PER_CHECK of each kind; empty when every invariant holds.

    `on_check` is called before each of CHECKS, and may stop it all by raising.
    """
    troubles: list[Trouble] = []
    for invariant, check in CHECKS:
        if on_check is not None:
            on_check()
        found = [Trouble(invariant, message) for message in islice(check(session), MOST_PER_CHECK + 1)]
        if len(found) > MOST_PER_CHECK:
            found[-1] = Trouble(invariant, tr("… and more of the same kind."))
        troubles += found
    return troubles


def _sku(session: Session, product_id: int) -> str:
    found = session.value("SELECT sku FROM product WHERE id = ?", (product_id,))
    return f"product {product_id}" if found is None else str(found)


def _place(session: Session, location_id: int) -> str:
    found = session.value("SELECT code FROM location WHERE id = ?", (location_id,))
    return f"place {location_id}" if found is None else str(found).lstrip("~")


def _balanced(session: Session) -> Iterator[str]:
    for product_id, total in session.rows(
        "SELECT product_id, SUM(quantity_milli) FROM level GROUP BY product_id HAVING SUM(quantity_milli) <> "
        "0"
    ):
        yield tr(
            "{sku}: all places together hold {total} instead of 0.",
            sku=_sku(session, product_id),
            total=plain(int(total)),
        )
    for movement_id, product_id, quantity_milli in session.rows(
        "SELECT id, product_id, quantity_milli FROM movement WHERE quantity_milli < 0 "
        "OR (quantity_milli = 0 AND from_id <> 8 AND to_id <> 8)"
    ):
        yield tr(
            "{sku}: movement {movement_id} has the quantity {quantity_milli}.",
            sku=_sku(session, product_id),
            movement_id=movement_id,
            quantity_milli=plain(quantity_milli),
        )


def _levels(session: Session) -> Iterator[str]:
    for product_id, location_id, lot_id, moved, cached in session.rows(
        "SELECT product_id, location_id, lot_id, SUM(moved), SUM(cached) FROM ("
        f"SELECT product_id, location_id, lot_id, quantity_milli AS moved, 0 AS cached FROM ({_SIGNED}) "
        f"signed "
        "UNION ALL SELECT product_id, location_id, lot_id, 0, quantity_milli FROM level) both_sides "
        "GROUP BY product_id, location_id, lot_id HAVING SUM(moved) <> SUM(cached)"
    ):
        lot = f", lot {_lot(session, lot_id)}" if lot_id else ""
        yield (
            tr(
                "{sku} in {place}{lot}: the level says {cached}, the movements say {moved}.",
                sku=_sku(session, product_id),
                place=_place(session, location_id),
                lot=lot,
                cached=plain(int(cached)),
                moved=plain(int(moved)),
            )
        )


def _lot(session: Session, lot_id: int) -> str:
    return str(session.value("SELECT code FROM lot WHERE id = ?", (lot_id,)))


def _dips(session: Session) -> Iterator[str]:
    running = (
        "SELECT s.id, s.product_id, s.location_id, s.lot_id, s.quantity_milli, "
        "SUM(s.quantity_milli) OVER (PARTITION BY s.product_id, s.location_id, s.lot_id ORDER BY s.id) AS "
        "after_milli "
        f"FROM ({_SIGNED}) s JOIN location b ON b.id = s.location_id AND b.kind = 'bin'"
    )
    for movement_id, product_id, location_id, after_milli in session.rows(
        f"SELECT r.id, r.product_id, r.location_id, r.after_milli FROM ({running}) r "
        "LEFT JOIN dip d ON d.movement_id = r.id "
        "WHERE r.after_milli < 0 AND r.after_milli - r.quantity_milli >= 0 AND d.movement_id IS NULL"
    ):
        yield (
            tr(
                "{sku} in {place}: movement {movement_id} took it to {after_milli} and no evidence was kept.",
                sku=_sku(session, product_id),
                place=_place(session, location_id),
                movement_id=movement_id,
                after_milli=plain(int(after_milli)),
            )
        )
    for movement_id, product_id, location_id, level_milli in session.rows(
        "SELECT d.movement_id, d.product_id, d.location_id, d.level_milli FROM dip d "
        f"LEFT JOIN ({running}) r ON r.id = d.movement_id AND r.location_id = d.location_id "
        "WHERE r.id IS NULL OR r.after_milli <> d.level_milli OR r.product_id <> d.product_id "
        "OR r.lot_id <> d.lot_id"
    ):
        yield (
            tr(
                "{sku} in {place}: the evidence of a dip to {level_milli} does not fit "
                "movement {movement_id}.",
                sku=_sku(session, product_id),
                place=_place(session, location_id),
                level_milli=plain(level_milli),
                movement_id=movement_id,
            )
        )


def _posted_once(session: Session) -> Iterator[str]:
    for client_id, times in session.rows(
        "SELECT client_id, COUNT(*) FROM entry GROUP BY client_id HAVING COUNT(*) > 1"
    ):
        yield tr("The id '{client_id}' was posted {times} times.", client_id=client_id, times=times)


def _counts(session: Session) -> Iterator[str]:
    book = (
        "SELECT c.id, c.product_id, c.location_id, c.lot_id, c.book_milli, COALESCE(SUM("
        "CASE WHEN m.to_id = c.location_id THEN m.quantity_milli WHEN m.from_id = c.location_id "
        "THEN -m.quantity_milli ELSE 0 END), 0) AS moved FROM count_line c LEFT JOIN movement m "
        "ON m.product_id = c.product_id AND m.lot_id = c.lot_id AND m.occurred_at_us <= c.observed_at_us "
        "AND m.entry_id <= c.book_entry_id "
        "GROUP BY c.id, c.product_id, c.location_id, c.lot_id, c.book_milli"
    )
    for line_id, product_id, location_id, book_milli, moved in session.rows(
        f"SELECT id, product_id, location_id, book_milli, moved FROM ({book}) b WHERE book_milli <> moved"
    ):
        yield (
            tr(
                "{sku} in {place}: count line {line_id} was taken against {book_milli}, "
                "the book of that instant is {moved}.",
                sku=_sku(session, product_id),
                place=_place(session, location_id),
                line_id=line_id,
                book_milli=plain(book_milli),
                moved=plain(int(moved)),
            )
        )
    posted = (
        "SELECT c.entry_id, c.product_id, c.location_id, c.lot_id, SUM(c.counted_milli - c.book_milli) AS "
        "variance "
        "FROM count_line c WHERE c.entry_id IS NOT NULL GROUP BY c.entry_id, c.product_id, c.location_id, "
        "c.lot_id"
    )
    for entry_id, product_id, location_id, variance, moved in session.rows(
        "SELECT p.entry_id, p.product_id, p.location_id, p.variance, COALESCE(SUM(CASE WHEN m.to_id = "
        "p.location_id "
        "THEN m.quantity_milli WHEN m.from_id = p.location_id THEN -m.quantity_milli ELSE 0 END), 0) "
        f"FROM ({posted}) p LEFT JOIN movement m ON m.entry_id = p.entry_id AND m.product_id = p.product_id "
        "AND m.lot_id = p.lot_id GROUP BY p.entry_id, p.product_id, p.location_id, p.lot_id, p.variance "
        "HAVING p.variance <> COALESCE(SUM(CASE WHEN m.to_id = p.location_id THEN m.quantity_milli "
        "WHEN m.from_id = p.location_id THEN -m.quantity_milli ELSE 0 END), 0)"
    ):
        yield (
            tr(
                "{sku} in {place}: entry {entry_id} posted {moved} for a variance of {variance}.",
                sku=_sku(session, product_id),
                place=_place(session, location_id),
                entry_id=entry_id,
                moved=plain(int(moved)),
                variance=plain(int(variance)),
            )
        )


def _append_only(session: Session) -> Iterator[str]:
    head = session.value("SELECT entry_sequence FROM ledger_head WHERE id = 1")
    count, newest = session.rows("SELECT COUNT(*), COALESCE(MAX(id), 0) FROM entry")[0]
    if not head == count == newest:
        yield tr(
            "{head} entries have been posted, {count} are there and the newest is number {newest}.",
            head=head,
            count=count,
            newest=newest,
        )
    for (entry_id,) in session.rows(
        "SELECT e.id FROM entry e LEFT JOIN movement m ON m.entry_id = e.id GROUP BY e.id "
        "HAVING COUNT(m.id) = 0 OR COUNT(m.id) <> MAX(m.line)"
    ):
        yield tr("Entry {entry_id} has lost lines.", entry_id=entry_id)
    for entry_id, reverses_id in session.rows(
        "SELECT r.id, r.reverses_id FROM entry r JOIN movement b ON b.entry_id = r.reverses_id "
        "AND b.quantity_milli > 0 LEFT JOIN movement a ON a.entry_id = r.id AND a.product_id = b.product_id "
        "AND a.lot_id = b.lot_id AND a.from_id = b.to_id AND a.to_id = b.from_id "
        "AND a.quantity_milli = b.quantity_milli WHERE a.id IS NULL GROUP BY r.id, r.reverses_id"
    ):
        yield tr(
            "Entry {entry_id} does not undo what entry {reverses_id} did.",
            entry_id=entry_id,
            reverses_id=reverses_id,
        )
    for entry_id, kind in session.rows(_OTHER_KIND):
        yield tr(
            "Entry {entry_id} is a '{kind}', but moved goods as none does.", entry_id=entry_id, kind=kind
        )
    for missing in sorted(_expected_guards() - _guards(session)):
        yield tr("The guard '{missing}' that keeps the books append-only is missing.", missing=missing)


_OTHER_KIND = (
    "SELECT DISTINCT e.id, e.kind FROM movement m JOIN entry e ON e.id = m.entry_id "
    f"WHERE m.quantity_milli > 0 AND ((e.kind = 'receive' AND m.from_id <> {SUPPLIER}) "
    f"OR (e.kind = 'sell' AND m.to_id <> {CUSTOMER}) OR (e.kind = 'return' AND m.from_id <> {CUSTOMER}) "
    f"OR (e.kind = 'scrap' AND m.to_id <> {SCRAP}) "
    f"OR (e.kind = 'opening' AND {OPENING} NOT IN (m.from_id, m.to_id)) "
    f"OR (e.kind IN ('adjust', 'count') AND {LOSS} NOT IN (m.from_id, m.to_id))) ORDER BY e.id"
)
_APPEND_ONLY = ("entry", "movement", "price", "change", "dip", "count_line", "fulfilment")


def _expected_guards() -> set[str]:
    return {f"{table} {verb}" for table in _APPEND_ONLY for verb in ("UPDATE", "DELETE")}


def _guards(session: Session) -> set[str]:
    if session.engine == "sqlite":
        rows = session.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        names = {row[0] for row in rows}
        return {
            f"{table} {verb}"
            for table in _APPEND_ONLY
            for verb in ("UPDATE", "DELETE")
            if f"{table}_no_{verb.lower()}" in names
        }
    rows = session.rows(
        "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = current_schema() "
        "WHERE t.tgenabled <> 'D' AND t.tgname = c.relname || '_append_only'"
    )
    return {f"{name} {verb}" for (name,) in rows for verb in ("UPDATE", "DELETE")}


def _times(session: Session) -> Iterator[str]:
    for (entry_id,) in session.rows(
        "SELECT id FROM (SELECT id, occurred_at_us, recorded_at_us, LAG(recorded_at_us) OVER (ORDER BY id) "
        "AS before_us "
        "FROM entry) e WHERE recorded_at_us < before_us OR occurred_at_us > recorded_at_us"
    ):
        yield tr(
            "Entry {entry_id} was recorded before the one before it, or before it happened.",
            entry_id=entry_id,
        )
    for (entry_id,) in session.rows(
        "SELECT DISTINCT m.entry_id FROM movement m JOIN entry e ON e.id = m.entry_id "
        "WHERE m.occurred_at_us > e.recorded_at_us"
    ):
        yield tr("Entry {entry_id} has a line that happened after it was recorded.", entry_id=entry_id)
    # Only what was counted has a time of its own for each line.
    for (entry_id,) in session.rows(
        "SELECT DISTINCT m.entry_id FROM movement m JOIN entry e ON e.id = m.entry_id "
        "WHERE m.occurred_at_us <> e.occurred_at_us AND e.kind <> 'count'"
    ):
        yield tr("Entry {entry_id} has a line that did not happen when the entry did.", entry_id=entry_id)
    for recorded_at_us, newest_us in session.rows(
        "SELECT h.recorded_at_us, (SELECT MAX(recorded_at_us) FROM entry) FROM ledger_head h WHERE h.id = 1"
    ):
        if newest_us is not None and recorded_at_us < newest_us:
            yield tr("The last entry was recorded later than the head of the ledger says.")
    row = session.row("SELECT closed_through_us, closed_entry_id FROM ledger_head WHERE id = 1")
    if row is None or row[0] is None:
        return
    for (entry_id,) in session.rows(
        "SELECT DISTINCT entry_id FROM movement WHERE entry_id > ? AND occurred_at_us <= ?", (row[1], row[0])
    ):
        yield tr(
            "Entry {entry_id} lies in the period closed up to {date}.",
            entry_id=entry_id,
            date=clock.iso(row[0])[:10],
        )


def _lots_and_promises(session: Session) -> Iterator[str]:
    for product_id, location_id, lot_id in session.rows(
        "SELECT v.product_id, v.location_id, v.lot_id FROM level v JOIN product p ON p.id = v.product_id "
        "JOIN lot l ON l.id = v.lot_id JOIN location b ON b.id = v.location_id AND b.kind = 'bin' "
        "WHERE v.quantity_milli <> 0 AND ((v.lot_id = 0) <> (p.tracking = 'none') "
        "OR (v.lot_id <> 0 AND l.product_id <> v.product_id))"
    ):
        which = tr("lot {lot}", lot=_lot(session, lot_id)) if lot_id else tr("a part without a lot")
        yield tr(
            "{sku} in {place}: {which} does not belong there.",
            sku=_sku(session, product_id),
            place=_place(session, location_id),
            which=which,
        )
    for line_id, product_id, promised, bound in session.rows(
        "SELECT n.id, n.product_id, n.quantity_milli, COALESCE(a.bound, 0) + COALESCE(s.bound, 0) FROM "
        "order_line n "
        "LEFT JOIN (SELECT order_line_id, SUM(quantity_milli) AS bound FROM allocation "
        "WHERE released_at_us IS NULL GROUP BY order_line_id) a ON a.order_line_id = n.id "
        "LEFT JOIN (SELECT f.order_line_id, SUM(m.quantity_milli) AS bound FROM fulfilment f "
        "JOIN movement m ON m.id = f.movement_id JOIN order_line l ON l.id = f.order_line_id "
        "JOIN shop_order o ON o.id = l.order_id AND o.kind = 'sales' "
        "WHERE NOT EXISTS (SELECT 1 FROM entry r WHERE r.reverses_id = m.entry_id) "
        "GROUP BY f.order_line_id) s "
        "ON s.order_line_id = n.id "
        "WHERE COALESCE(a.bound, 0) > 0 AND COALESCE(a.bound, 0) + COALESCE(s.bound, 0) > n.quantity_milli"
    ):
        yield (
            tr(
                "{sku}: {bound} are allocated or shipped for order line {line_id}, which "
                "promises {promised}.",
                sku=_sku(session, product_id),
                bound=plain(int(bound)),
                line_id=line_id,
                promised=plain(promised),
            )
        )
    for (allocation_id,) in session.rows(
        "SELECT a.id FROM allocation a JOIN order_line n ON n.id = a.order_line_id "
        "JOIN shop_order o ON o.id = n.order_id WHERE a.product_id <> n.product_id OR o.kind <> 'sales'"
    ):
        yield tr(
            "Allocation {allocation_id} is not for what its order line promises.", allocation_id=allocation_id
        )


def _values(session: Session) -> Iterator[str]:
    owned_levels = (
        "SELECT product_id, SUM(quantity_milli) AS held FROM level "
        f"WHERE location_id IN (SELECT id FROM location WHERE {_OWNED}) GROUP BY product_id"
    )
    flow = (
        "SELECT m.product_id, SUM(CASE WHEN t.owned THEN m.value_e4 ELSE 0 END - CASE WHEN f.owned THEN "
        "m.value_e4 "
        "ELSE 0 END) AS worth FROM movement m "
        f"JOIN (SELECT id, {_OWNED} AS owned FROM location) t ON t.id = m.to_id "
        f"JOIN (SELECT id, {_OWNED} AS owned FROM location) f ON f.id = m.from_id GROUP BY m.product_id"
    )
    for product_id, held, cost_held, worth, cost_worth in session.rows(
        "SELECT p.id, COALESCE(o.held, 0), COALESCE(c.quantity_milli, 0), COALESCE(w.worth, 0), "
        "COALESCE(c.value_e4, 0) FROM product p "
        f"LEFT JOIN product_cost c ON c.product_id = p.id LEFT JOIN ({owned_levels}) o ON o.product_id = "
        f"p.id "
        f"LEFT JOIN ({flow}) w ON w.product_id = p.id "
        "WHERE COALESCE(o.held, 0) <> COALESCE(c.quantity_milli, 0) "
        "OR COALESCE(w.worth, 0) <> COALESCE(c.value_e4, 0) "
        "OR (c.quantity_milli = 0 AND c.value_e4 <> 0)"
    ):
        yield (
            tr(
                "{sku}: the costs stand at {cost_held} worth {cost_worth}/10000, the "
                "movements at {held} worth {worth}/10000.",
                sku=_sku(session, product_id),
                cost_held=plain(int(cost_held)),
                cost_worth=int(cost_worth),
                held=plain(int(held)),
                worth=int(worth),
            )
        )
    if session.value("SELECT costing FROM ledger_head WHERE id = 1") != "fifo":
        return
    layers = (
        "SELECT product_id, SUM(quantity_milli) AS held, SUM(value_e4) AS worth FROM cost_layer GROUP BY "
        "product_id"
    )
    for (product_id,) in session.rows(
        f"SELECT c.product_id FROM product_cost c LEFT JOIN ({layers}) l ON l.product_id = c.product_id "
        "WHERE c.quantity_milli <> COALESCE(l.held, 0) OR c.value_e4 <> COALESCE(l.worth, 0)"
    ):
        yield tr("{sku}: the cost layers do not sum to what is held.", sku=_sku(session, product_id))


CHECKS: tuple[tuple[str, Callable[[Session], Iterator[str]]], ...] = (
    ("I1", _balanced),
    ("I2", _levels),
    ("I3", _dips),
    ("I4", _posted_once),
    ("I5", _counts),
    ("I6", _append_only),
    ("I7", _times),
    ("I8", _lots_and_promises),
    ("I9", _values),
)
