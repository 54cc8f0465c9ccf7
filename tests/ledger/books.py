"""A small shop's books for the tests of the ledger: places, products and entries in a word each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from stockshop.ledger.audit import audit
from stockshop.ledger.posting import Draft, Line, Posted, post
from stockshop.storage.database import Store
from stockshop.storage.models.locations import CUSTOMER, LOSS, SUPPLIER
from stockshop.storage.session import Row, Session, SqliteSession

UNIT = 1_000
"""One piece, in thousandths."""
EURO = 10_000
"""One unit of currency, in 1/10,000."""
SITE, ZONE, SHELF, BACK, CELLAR = range(101, 106)
"""Two bins on the walk from SHELF to BACK, and CELLAR, which is archived."""
COFFEE, TEA, MILK = range(1, 4)
"""Coffee and tea have no lots; milk has."""
MONDAY, FRIDAY, TEA_LOT = range(1, 4)
"""Lots of the milk, and one of the tea from before it was kept without."""

_PLACES = (
    (SITE, None, "site", "SITE"),
    (ZONE, SITE, "zone", "ZONE"),
    (SHELF, ZONE, "bin", "SHELF"),
    (BACK, ZONE, "bin", "BACK"),
    (CELLAR, ZONE, "bin", "CELLAR"),
)
_PRODUCT = (
    "INSERT INTO product (id, sku, sku_fold, name, label_name, sort_name, search_text, unit, tracking, "
    "notes, created_at_us, updated_at_us) VALUES (?, ?, ?, ?, '', ?, ?, 'each', ?, '', 0, 0)"
)


_more_ids = count(1_000_000)


def furnish(session: Session) -> None:
    """Put the places, products and lots of this module into an empty store."""
    for number, (location_id, parent_id, kind, code) in enumerate(_PLACES):
        session.run(
            "INSERT INTO location (id, parent_id, kind, code, name, walk_order, barcode_key) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (location_id, parent_id, kind, code, code.title(), number, code),
        )
    session.run("UPDATE location SET archived_at_us = 0 WHERE id = ?", (CELLAR,))
    for product_id, name, tracking in (
        (COFFEE, "Coffee", "none"),
        (TEA, "Tea", "none"),
        (MILK, "Milk", "lot"),
    ):
        session.run(_PRODUCT, (product_id, name.upper(), name, name, name, name, tracking))
    for lot_id, product_id, code in ((MONDAY, MILK, "MON"), (FRIDAY, MILK, "FRI"), (TEA_LOT, TEA, "T1")):
        session.run(
            "INSERT INTO lot (id, product_id, code, expiry) VALUES (?, ?, ?, NULL)",
            (lot_id, product_id, code),
        )


class Books:
    """A furnished store, and the entries a test posts in it."""

    def __init__(self, store: Store, *, costing: str = "average", policy: str = "till") -> None:
        self.store = store
        self._ids = count(1)

        def work(session: Session) -> None:
            furnish(session)
            session.run("UPDATE ledger_head SET costing = ?, negative_policy = ?", (costing, policy))

        store.writing(work)

    @classmethod
    def reopened(cls, store: Store) -> Books:
        """The books of a store that is furnished already; ids never repeat in one test run."""
        books = cls.__new__(cls)
        books.store = store
        books._ids = _more_ids
        return books

    def post(
        self,
        kind: str,
        *lines: Line,
        client_id: str = "",
        at_us: int | None = None,
        note: str = "",
        reverses_id: int | None = None,
        content: str = "",
    ) -> Posted:
        """Post an entry; without a client id it gets one of its own."""
        draft = Draft(
            client_id or f"entry-{next(self._ids)}",
            kind,
            lines,
            "anna",
            at_us,
            "",
            note,
            reverses_id,
            content,
        )
        return self.store.writing(lambda session: post(session, draft))

    def receive(
        self, pieces: int, euros_each: float | None = None, *, at_us: int | None = None, bin_id: int = SHELF
    ) -> Posted:
        """Receive coffee."""
        cost = None if euros_each is None else int(euros_each * EURO)
        return self.post(
            "receive", Line(COFFEE, pieces * UNIT, SUPPLIER, bin_id, unit_cost_e4=cost), at_us=at_us
        )

    def sell(self, pieces: int, *, at_us: int | None = None, bin_id: int = SHELF) -> Posted:
        """Sell coffee."""
        return self.post("sell", Line(COFFEE, pieces * UNIT, bin_id, CUSTOMER), at_us=at_us)

    def move(self, pieces: int, *, at_us: int | None = None) -> Posted:
        """Move coffee from SHELF to BACK."""
        return self.post("move", Line(COFFEE, pieces * UNIT, SHELF, BACK), at_us=at_us)

    def lose(self, pieces: int, *, at_us: int | None = None) -> Posted:
        """Adjust coffee down."""
        return self.post("adjust", Line(COFFEE, pieces * UNIT, SHELF, LOSS), at_us=at_us)

    def rows(self, sql: str, *params: object) -> list[Row]:
        """What a query finds."""
        with self.store.reading() as session:
            return session.rows(sql, params)

    def level(self, product_id: int = COFFEE, location_id: int = SHELF, lot_id: int = 0) -> int:
        """The cached level in thousandths."""
        found = self.rows(
            "SELECT quantity_milli FROM level WHERE product_id = ? AND location_id = ? AND lot_id = ?",
            product_id, location_id, lot_id,
        )  # fmt: skip
        return found[0][0] if found else 0

    def worth(self, product_id: int = COFFEE) -> tuple[int, int]:
        """(quantity_milli, value_e4) of what the shop owns."""
        found = self.rows(
            "SELECT quantity_milli, value_e4 FROM product_cost WHERE product_id = ?", product_id
        )
        return (found[0][0], found[0][1]) if found else (0, 0)

    def values(self, entry_id: int) -> list[tuple[int, int, int, int]]:
        """(from, to, quantity_milli, value_e4) of an entry's movements."""
        return self.rows(
            "SELECT from_id, to_id, quantity_milli, value_e4 FROM movement WHERE entry_id = ? ORDER BY line",
            entry_id,
        )

    def troubles(self) -> list[str]:
        """What the audit says, with the number of each invariant."""
        with self.store.reading() as session:
            return [f"{trouble.invariant} {trouble.message}" for trouble in audit(session)]

    def behind_the_back(self, *statements: str) -> None:
        """Change the store as somebody with a database tool would: no guards, no references."""
        with self.store.reading() as session, _unguarded(session):
            for statement in statements:
                session.run(statement)


@contextmanager
def _unguarded(session: Session) -> Iterator[None]:
    if isinstance(session, SqliteSession):
        triggers = session.rows(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%RAISE(ABORT%'"
        )
        off = ["PRAGMA foreign_keys = 0", "PRAGMA ignore_check_constraints = 1"]
        off += [f"DROP TRIGGER {name}" for name, _ in triggers]
        on = [sql for _, sql in triggers]
        on += ["PRAGMA foreign_keys = 1", "PRAGMA ignore_check_constraints = 0"]
    else:
        checks = session.rows(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'c' AND conrelid IN "
            "('movement'::regclass, 'entry'::regclass, 'dip'::regclass)"
        )
        off = [f'ALTER TABLE {table} DROP CONSTRAINT "{name}"' for table, name in checks]
        off.append("SET session_replication_role = replica")
        on = ["SET session_replication_role = origin"]
    for statement in off:
        session.run(statement)
    yield
    for statement in on:
        session.run(statement)
