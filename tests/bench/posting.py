"""One durable posting against the same statements on raw apsw, and long entries against short ones."""

from __future__ import annotations

import os
import shutil
import statistics
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import apsw

from stockshop.ids import new_id
from stockshop.ledger.posting import Draft, Line, post
from stockshop.services.shop import Shop
from stockshop.storage.models.locations import CUSTOMER
from stockshop.storage.session import Row, Session
from stockshop.storage.sqlite import PRAGMAS
from tests.bench.figures import Figure, seconds

_ENTRIES = 100
_PAIRS = 4
"""In each round: short turns, so that what else the disk does falls on both sides."""
Statement = tuple[str, tuple[Any, ...]]


class _Recording:
    """A session that writes down what is executed."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.engine = session.engine
        self.statements: list[Statement] = []

    def _keep(self, sql: str, params: Any) -> None:
        self.statements.append((sql, tuple(params)))

    def rows(self, sql: str, params: Any = ()) -> list[Row]:
        self._keep(sql, params)
        return self.session.rows(sql, params)

    def row(self, sql: str, params: Any = ()) -> Row | None:
        self._keep(sql, params)
        return self.session.row(sql, params)

    def value(self, sql: str, params: Any = ()) -> Any:
        self._keep(sql, params)
        return self.session.value(sql, params)

    def run(self, sql: str, params: Any = ()) -> int:
        self._keep(sql, params)
        return self.session.run(sql, params)

    def many(self, sql: str, params: Iterable[Any]) -> None:
        for one in params:
            self._keep(sql, one)
            self.session.run(sql, one)

    def stream(self, sql: str, params: Any = ()) -> Iterator[Row]:
        return iter(self.rows(sql, params))

    def load(self, table: str, columns: Any, rows: Iterable[Any]) -> None:
        self.session.load(table, columns, rows)

    def query(self, query: Any) -> list[Row]:
        return self.session.query(query)


def _drafts(products: int, entries: int, lines: int, bin_of: dict[int, int], salt: int) -> list[Draft]:
    drafts = []
    for number in range(entries):
        chosen = [(number * 7_919 + salt + line * 104_729) % products + 1 for line in range(lines)]
        moves = tuple(Line(product, 1_000, bin_of[product], CUSTOMER) for product in chosen)
        drafts.append(Draft(new_id(), "sell", moves, "bench"))
    return drafts


def _raw(path: Path) -> apsw.Connection:
    connection = apsw.Connection(str(path))
    for name, value in PRAGMAS:
        connection.execute(f"PRAGMA {name} = {value}").fetchall()
    return connection


def measure(shop: Shop, products: int, rounds: int, folder: Path, *, many: int = _ENTRIES) -> list[Figure]:
    """Both figures, on a shop with so many products, by so many entries a round."""
    with shop.store.reading() as session:
        bin_of: dict[int, int] = dict(session.rows("SELECT id, preferred_bin_id FROM product LIMIT 200000"))
        session.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    reach = len(bin_of)
    assert shop.store.path is not None
    copy = folder / "raw.shop"
    shutil.copy(shop.store.path, copy)
    with copy.open("rb+") as file:
        # Else the copying itself would slow the first postings down.
        os.fsync(file.fileno())
    raw = _raw(copy)

    def ours_and_raw(number: int, lines: int, entries: int) -> tuple[float, float]:
        drafts = _drafts(reach, entries, lines, bin_of, number * 31)
        recorded: list[list[Statement]] = []

        def keep(session: Session, draft: Draft) -> None:
            recording = _Recording(session)
            post(recording, draft)
            recorded.append(recording.statements)

        def ours() -> None:
            for draft in drafts:
                shop.store.writing(lambda session, draft=draft: post(session, draft))  # type: ignore[misc]

        took = seconds(ours)
        # The same entries again under other ids, written down as they run, then replayed elsewhere.
        again = [Draft(new_id(), draft.kind, draft.lines, draft.actor) for draft in drafts]
        for draft in again:
            shop.store.writing(lambda session, draft=draft: keep(session, draft))  # type: ignore[misc]

        def replay() -> None:
            for statements in recorded:
                raw.execute("BEGIN IMMEDIATE").fetchall()
                for sql, params in statements:
                    raw.execute(sql, params).fetchall()
                raw.execute("COMMIT").fetchall()

        return took, seconds(replay)

    ours_and_raw(99, 1, many)
    pairs = [ours_and_raw(number, 1, many) for number in range(rounds * _PAIRS)]
    ours_s, raw_s = _median(pairs, 0), _median(pairs, 1)
    long_entries = max(many // 20, 2)
    long_pairs = [ours_and_raw(100 + number, 100, long_entries) for number in range(rounds * _PAIRS)]
    rate, raw_rate = many / ours_s, many / raw_s
    raw_lines_rate = long_entries * 100 / _median(long_pairs, 1)
    lines_rate = long_entries * 100 / _median(long_pairs, 0)
    raw.close()
    copy.unlink()
    return [
        Figure("durable posting, one line", products, rate, raw_rate, "entries/s", rate / raw_rate, ">= 0.75",
               "against the same statements on raw apsw"),
        Figure("lines of 100-line entries", products, lines_rate, rate, "lines/s", lines_rate / rate, ">= 8",
               f"against one-line entries; raw apsw {raw_lines_rate:,.0f} lines/s"),
    ]  # fmt: skip


def _median(pairs: list[tuple[float, float]], side: int) -> float:
    return statistics.median(pair[side] for pair in pairs)
