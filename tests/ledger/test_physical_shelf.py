"""Random shops against a model of the physical shelf, not only of the book."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from stockshop.services.shop import Shop, ShopSettings, create_shop, open_shop
from tests.ledger.shelf_machine import ShelfMachine


def run(open_one: Callable[[str], Shop], examples: int, steps: int, *, closes: bool) -> None:
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
    shops: dict[str, Shop] = {}

    def open_one(costing: str) -> Shop:
        if costing not in shops:
            shops[costing] = create_shop(
                make_postgres(), "anna", ShopSettings("Corner", "EUR", "en_GB"), costing=costing
            )
        return shops[costing]

    yield open_one
    for shop in shops.values():
        shop.close()


def test_counts_find_what_is_missing_and_nothing_else(open_sqlite: Callable[[str], Shop]) -> None:
    run(open_sqlite, 25, 40, closes=True)


@pytest.mark.soak
def test_counts_find_what_is_missing_in_many_shops(open_sqlite: Callable[[str], Shop]) -> None:
    run(open_sqlite, 1_500, 60, closes=True)


@pytest.mark.soak
def test_counts_find_what_is_missing_on_a_server(open_postgres: Callable[[str], Shop]) -> None:
    run(open_postgres, 120, 40, closes=False)
