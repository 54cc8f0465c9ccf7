"""A full disk and a power cut: nothing acknowledged is lost, nothing half-done is kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from random import Random

import pytest

from stockshop.errors import ShopError, StoreFull, StoreUnavailable
from stockshop.ledger.posting import Draft, Line, post
from stockshop.storage.database import Store, create_store, open_store
from stockshop.storage.models.locations import CUSTOMER, SUPPLIER
from stockshop.storage.sqlite import SqliteEngine
from tests.ledger.books import BACK, COFFEE, EURO, MILK, MONDAY, SHELF, TEA, UNIT, Books
from tests.ledger.faulty_disk import FaultyDisk

_numbers = count(1)
# The sync after the last page makes a posting durable; a checkpoint may follow.
WRITES_OF_A_POSTING = 40


@pytest.fixture(scope="module", params=["average", "fifo"])
def stocked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with some stock, to be copied."""
    path = tmp_path_factory.mktemp("stocked") / "shop"
    store = create_store(path)
    books = Books(store, costing=request.param)
    books.post(
        "opening",
        *(Line(product, 500 * UNIT, 7, SHELF, unit_cost_e4=3 * EURO) for product in (COFFEE, TEA)),
        Line(MILK, 50 * UNIT, 7, BACK, MONDAY, unit_cost_e4=EURO),
    )
    store.close()
    return path


@contextmanager
def on_a_faulty_disk(stocked: Path, folder: Path) -> Iterator[tuple[Store, FaultyDisk]]:
    """A copy of the store on a disk that can fail."""
    disk = FaultyDisk(f"faulty-{next(_numbers)}")
    path = folder / f"{disk.name}.shop"
    path.write_bytes(stocked.read_bytes())
    store = Store(SqliteEngine.open(path, vfs=disk.name))
    try:
        yield store, disk
    finally:
        disk.mend()
        store.close()
        disk.close()


_OURS = "SELECT client_id FROM entry WHERE client_id LIKE 'entry %'"


def entry(number: int) -> Draft:
    """The same draft for the same number: a sale or a delivery of one or several lines."""
    chance = Random(number)
    arrives = chance.random() < 0.3
    lines = []
    for _ in range(chance.choice((1, 1, 1, 2, 12))):
        product, lot = chance.choice(((COFFEE, 0), (TEA, 0), (MILK, MONDAY)))
        pair = (SUPPLIER, SHELF) if arrives else (chance.choice((SHELF, SHELF, BACK)), CUSTOMER)
        cost = chance.randrange(5 * EURO) if arrives else None
        lines.append(Line(product, chance.randrange(1, 9 * UNIT), *pair, lot, unit_cost_e4=cost))
    return Draft(f"entry {number}", "receive" if arrives else "sell", tuple(lines), "anna")


def carry_out(store: Store, number: int) -> bool:
    """Post an entry; True when it had been there already."""
    return store.writing(lambda session: post(session, entry(number))).already


def limit_log(store: Store, pages: int) -> None:
    """Copy the log into the store after so many pages."""
    with store.reading() as session:
        session.rows(f"PRAGMA wal_autocheckpoint = {pages}")


def test_a_disk_full_at_any_point_of_a_posting_is_said_and_nothing_is_changed(
    stocked: Path, tmp_path: Path
) -> None:
    with on_a_faulty_disk(stocked, tmp_path) as (store, disk):
        books = Books.reopened(store)
        refused = 0
        for point in range(1, WRITES_OF_A_POSTING):
            before = books.rows("SELECT COUNT(*) FROM entry")
            disk.full_at = disk.writes + point
            try:
                carry_out(store, point)
            except StoreFull as error:
                refused += 1
                assert "full" in error.message and "make room" in error.message
                assert books.rows("SELECT COUNT(*) FROM entry") == before, "the shop can still be looked at"
            disk.mend()
            carry_out(store, point)
            assert books.rows("SELECT COUNT(*) FROM entry") == [(before[0][0] + 1,)]
        assert refused >= 20
        assert books.troubles() == []


def test_a_disk_full_while_the_log_is_copied_loses_nothing_and_posts_nothing_twice(
    stocked: Path, tmp_path: Path
) -> None:
    """The posting is safe in the log by then, so it may be told as posted or as to be tried again."""
    with on_a_faulty_disk(stocked, tmp_path) as (store, disk):
        limit_log(store, 1)
        for number in range(1, 12):
            writes = disk.writes
            carry_out(store, number)
            disk.full_at = disk.writes + (disk.writes - writes) // 2 + number
            try:
                carry_out(store, 100 + number)
            except StoreFull:
                disk.mend()
                carry_out(store, 100 + number)
            disk.mend()
            assert carry_out(store, 100 + number)
        assert Books.reopened(store).troubles() == []
        path = store.path
    assert path is not None
    reopened = open_store(path)
    assert Books.reopened(reopened).rows("SELECT COUNT(*) FROM entry") == [(23,)]
    reopened.close()


def test_a_store_that_may_not_grow_says_so_and_goes_on_when_it_may(stocked: Path, tmp_path: Path) -> None:
    path = tmp_path / "shop"
    path.write_bytes(stocked.read_bytes())
    store = open_store(path)
    books = Books.reopened(store)
    with store.reading() as session:
        session.rows("PRAGMA max_page_count = 1")
    number = 0
    with pytest.raises(StoreFull):
        for number in range(1, 2_000):
            carry_out(store, number)
    assert number > 1
    assert books.troubles() == []
    with store.reading() as session:
        session.rows("PRAGMA max_page_count = 1000000")
    assert not carry_out(store, number)
    assert all(carry_out(store, earlier) for earlier in range(1, number))
    assert books.troubles() == []
    store.close()


def until_the_power_goes(
    stocked: Path, folder: Path, seed: int, synchronous: str
) -> tuple[list[int], int, Path]:
    """Post until the cut; (acknowledged entries, the one under way, the store as it is found again)."""
    chance = Random(seed)
    acknowledged: list[int] = []
    with on_a_faulty_disk(stocked, folder) as (store, disk):
        limit_log(store, chance.choice((1, 12, 60, 1_000)))
        with store.reading() as session:
            session.rows(f"PRAGMA synchronous = {synchronous}")
        disk.chance = chance
        disk.cut_at = disk.writes + chance.randrange(1, chance.choice((60, 400, 3_000)))
        number = 0
        with pytest.raises(StoreUnavailable):
            for number in range(1, 10_000):
                carry_out(store, number)
                acknowledged.append(number)
        after = folder / f"after-{disk.name}"
        after.mkdir()
        return acknowledged, number, disk.put_back(after)


def cut_and_check(stocked: Path, folder: Path, seed: int) -> None:
    """After a cut everything acknowledged is there, whole, and the shop trades on."""
    acknowledged, under_way, path = until_the_power_goes(stocked, folder, seed, "full")
    store = open_store(path)
    books = Books.reopened(store)
    with store.reading() as session:
        assert session.rows("PRAGMA integrity_check") == [("ok",)]
    assert books.troubles() == []
    posted = {client_id for (client_id,) in books.rows(_OURS)}
    assert {f"entry {number}" for number in acknowledged} <= posted
    assert posted <= {f"entry {number}" for number in (*acknowledged, under_way)}
    assert all(carry_out(store, number) for number in acknowledged)
    for number in range(under_way, under_way + 3):
        carry_out(store, number)
    assert len(books.rows(_OURS)) == len(acknowledged) + 3
    assert books.troubles() == []
    store.close()


@pytest.mark.parametrize("seed", range(3))
def test_a_power_cut_loses_nothing_that_was_acknowledged(stocked: Path, tmp_path: Path, seed: int) -> None:
    cut_and_check(stocked, tmp_path, seed)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(3, 63))
def test_sixty_power_cuts_lose_nothing_that_was_acknowledged(
    stocked: Path, tmp_path: Path, seed: int
) -> None:
    cut_and_check(stocked, tmp_path, seed)


@pytest.mark.parametrize("synchronous", ["normal", "off"])
def test_with_less_care_a_power_cut_would_lose_acknowledged_postings(
    stocked: Path, tmp_path: Path, synchronous: str
) -> None:
    """The control: the simulated cut does bite where SQLite is told not to wait for the disk."""
    assert any(loses_something(stocked, tmp_path, seed, synchronous) for seed in range(20))


def loses_something(stocked: Path, folder: Path, seed: int, synchronous: str) -> bool:
    """Whether a cut left less than was acknowledged, or a store that cannot be read."""
    acknowledged, _, path = until_the_power_goes(stocked, folder, seed, synchronous)
    try:
        store = open_store(path)
    except ShopError:
        return True
    try:
        kept = Books.reopened(store).rows("SELECT COUNT(*) FROM entry WHERE client_id LIKE 'entry %'")[0][0]
    except ShopError:
        return True
    finally:
        store.close()
    return bool(kept < len(acknowledged))
