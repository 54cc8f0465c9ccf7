"""Random shops against a model of the physical shelf, not only of the book."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from stockshop import clock
from stockshop.errors import Refused, ShopError
from stockshop.ledger import balances
from stockshop.services.catalogue import add_product
from stockshop.services.counting import Look, post_count
from stockshop.services.rules import close_period
from stockshop.services.shop import Shop, ShopSettings, create_shop, furnish, open_shop
from stockshop.services.stock import LineRequest, post_entry, reverse_entry
from stockshop.storage.database import open_store
from tests.conftest import NOON_US, HandClock
from tests.ledger.books import UNIT
from tests.ledger.shelf_machine import ShelfMachine


def run(
    open_one: Callable[[str], Shop],
    examples: int,
    steps: int,
    *,
    closes: bool,
    phases: tuple[Phase, ...] = tuple(Phase),
) -> None:
    """Let the machine run on shops opened by `open_one(costing)`."""

    class Machine(ShelfMachine):
        pass

    Machine.open_shop = staticmethod(open_one)
    Machine.closes = closes
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=examples < 100,
            phases=phases,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture
def open_sqlite(tmp_path: Path) -> Callable[[str], Shop]:
    """A fresh shop in a file at each call."""
    templates = {}
    for costing in ("average", "fifo"):
        path = tmp_path / costing
        create_shop(path, "anna", ShopSettings("Corner", "EUR", "en_GB"), costing=costing).close()
        templates[costing] = path.read_bytes()
    made: list[Path] = []

    def open_one(costing: str) -> Shop:
        for path in made:
            path.unlink()
        made[:] = [tmp_path / f"shop-{costing}"]
        for suffix in ("-wal", "-shm"):
            Path(f"{made[0]}{suffix}").unlink(missing_ok=True)
        made[0].write_bytes(templates[costing])
        return open_shop(made[0])

    return open_one


@pytest.fixture
def open_postgres(make_postgres: Callable[[], str]) -> Iterator[Callable[[str], Shop]]:
    """The same two shops at each call: the machine brings its own products."""
    wanted = ShopSettings("Corner", "EUR", "en_GB")
    shops = {
        costing: furnish(open_store(make_postgres()), "anna", wanted, costing=costing)
        for costing in ("average", "fifo")
    }
    yield shops.__getitem__
    for shop in shops.values():
        shop.close()


def test_counts_find_what_is_missing_and_nothing_else(open_sqlite: Callable[[str], Shop]) -> None:
    run(open_sqlite, 60, 40, closes=True)


def test_the_model_notices_a_count_posted_against_the_wrong_instant(
    open_sqlite: Callable[[str], Shop], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: levels still are the sum of their movements, but the shelf knows better."""
    monkeypatch.setattr(
        balances, "level_at", lambda session, *key_and_instant: balances.level(session, *key_and_instant[:3])
    )
    with pytest.raises((AssertionError, ShopError, ExceptionGroup)):
        run(open_sqlite, 60, 40, closes=True, phases=(Phase.generate,))


def test_an_older_look_cannot_book_the_same_loss_again(open_sqlite: Callable[[str], Shop]) -> None:
    with clock.using(HandClock()), closing(open_sqlite("average")) as shop:
        add_product(shop, "anna", sku="CUP", name="Cup")
        receipt = LineRequest("CUP", 10 * UNIT, to_bin="A-01")
        post_entry(shop, "anna", "receive", [receipt], at_us=NOON_US - 100)
        early, late = Look("CUP", "A-01", 8 * UNIT, NOON_US - 50), Look("CUP", "A-01", 8 * UNIT, NOON_US - 20)
        posted = post_count(shop, "ben", [late])
        with pytest.raises(Refused, match="Cup in A-01 has been counted since"):
            post_count(shop, "ben", [early])
        assert posted.entry_id is not None
        reverse_entry(shop, "ben", posted.entry_id, "wrong shelf")
        assert post_count(shop, "ben", [early]).lines[0].variance_milli == -2 * UNIT


def test_a_matching_look_in_a_closed_period_is_refused_too(open_sqlite: Callable[[str], Shop]) -> None:
    with clock.using(HandClock()), closing(open_sqlite("fifo")) as shop:
        add_product(shop, "anna", sku="CUP", name="Cup")
        close_period(shop, "anna", NOON_US - 50)
        looks = [Look("CUP", "A-01", 0, NOON_US - 60), Look("CUP", "B-01", 3 * UNIT, NOON_US - 10)]
        for counted in (looks, looks[:1]):
            with pytest.raises(Refused, match="closed"):
                post_count(shop, "ben", counted)
        assert post_count(shop, "ben", looks[1:]).status == "posted"


@pytest.mark.soak
def test_counts_find_what_is_missing_in_many_shops(open_sqlite: Callable[[str], Shop]) -> None:
    run(open_sqlite, 600, 60, closes=True)


@pytest.mark.soak
def test_counts_find_what_is_missing_on_a_server(open_postgres: Callable[[str], Shop]) -> None:
    run(open_postgres, 120, 40, closes=False)
