"""Processes killed in the middle of postings, and many of them selling the same product."""

from __future__ import annotations

from random import Random

import pytest

from stockshop.ledger.posting import Line
from stockshop.storage.database import Store, open_store
from stockshop.storage.models.locations import SUPPLIER
from tests.ledger.books import COFFEE, EURO, SHELF, UNIT, Books
from tests.ledger.sellers import Seller, carry_out


def stocked(store: Store, pieces: int, costing: str = "average") -> Books:
    """A furnished shop with so much coffee, at 3 apiece."""
    books = Books(store, costing=costing)
    books.post("receive", Line(COFFEE, pieces * UNIT, SUPPLIER, SHELF, unit_cost_e4=3 * EURO))
    return books


def busy_moment(chance: Random) -> None:
    """Let some time go by, from nothing to a few postings."""
    for _ in range(chance.choice((0, 1_000, 20_000, 100_000))):
        pass


def kill_again_and_again(url: str, rounds: int, costing: str, seed: int) -> None:
    """Sellers are killed at any moment and go on where they had got to; the books never notice."""
    chance = Random(seed)
    store = open_store(url)
    books = stocked(store, 100, costing)
    reached = {"till 1": 0, "till 2": 0}
    for number in range(rounds):
        names = list(reached) if number % 2 else ["till 1"]
        sellers = [Seller(url, name, range(reached[name], 1_000_000)) for name in names]
        for seller in sellers:
            seller.hear(chance.randrange(1, 12))
        busy_moment(chance)
        for seller in sellers:
            seller.kill()
            assert seller.acknowledged, "it was killed at work"
            _check_after_the_kill(store, books, seller, reached)
        assert books.troubles() == []
    posted = sum(reached.values())
    assert books.rows("SELECT COUNT(*), MAX(id) FROM entry") == [(posted + 1, posted + 1)]
    coffees = sum(1 for name in reached for number in range(reached[name]) if number % 7)
    assert books.level() == (100 - coffees) * UNIT
    store.close()
    reopened = open_store(url)
    assert Books.reopened(reopened).troubles() == []
    reopened.close()


def _check_after_the_kill(store: Store, books: Books, seller: Seller, reached: dict[str, int]) -> None:
    """All it acknowledged is there, at most one more; asking again for all of it posts nothing twice."""
    first, last = reached[seller.name], seller.acknowledged[-1]
    assert seller.acknowledged == list(range(first, last + 1))
    kept = books.rows("SELECT COUNT(*) FROM entry WHERE actor = ?", seller.name)[0][0]
    assert kept - (last + 1) in (0, 1)
    assert all(carry_out(store, seller.name, number) for number in seller.acknowledged)
    under_way = last + 1
    assert carry_out(store, seller.name, under_way) == (kept == under_way + 1)
    reached[seller.name] = under_way + 1


def test_sellers_killed_in_the_middle_lose_nothing_and_post_nothing_twice(engine: str, shop_url: str) -> None:
    kill_again_and_again(shop_url, 15 if engine == "sqlite" else 5, "average", seed=1)


@pytest.mark.soak
@pytest.mark.parametrize("costing", ["average", "fifo"])
def test_hundreds_of_kills_lose_nothing_and_post_nothing_twice(
    engine: str, shop_url: str, costing: str
) -> None:
    kill_again_and_again(shop_url, 250 if engine == "sqlite" else 60, costing, seed=2)


def test_eight_tills_sell_the_same_product_and_every_piece_counts(store: Store, shop_url: str) -> None:
    books = stocked(store, 300)
    tills = [Seller(shop_url, f"till {number}", range(1, 7 * 6, 2)) for number in range(8)]
    for till in tills:
        till.finish()
        assert (till.exit_code, len(till.acknowledged)) == (0, 21)
    assert books.rows("SELECT COUNT(*), MAX(id), COUNT(DISTINCT client_id) FROM entry") == [(169, 169, 169)]
    assert books.level() == (300 - 8 * 18) * UNIT
    assert books.worth() == ((300 - 8 * 18) * UNIT, (300 - 8 * 18) * 3 * EURO)
    assert books.troubles() == []


def test_two_tills_with_the_same_ids_post_each_once(store: Store, shop_url: str) -> None:
    books = stocked(store, 100)
    tills = [Seller(shop_url, "till 1", range(1, 21)) for _ in range(2)]
    for till in tills:
        till.finish()
        assert till.acknowledged == list(range(1, 21))
    assert books.rows("SELECT COUNT(*) FROM entry WHERE actor = 'till 1'") == [(20,)]
    assert books.troubles() == []
