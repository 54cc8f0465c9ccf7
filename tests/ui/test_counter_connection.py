"""The store goes away in the middle, and comes back: nothing is lost, nothing is posted twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import psycopg.conninfo
import pytest

from stockshop.errors import StoreUnavailable
from stockshop.services import reports
from stockshop.services.shop import Shop
from stockshop.storage.database import Store
from stockshop.ui import store_app
from tests.ui.counter_shop import BOLT, GLUE, Counter, at_the_counter, fill, kinds, on_hand


@pytest.fixture(autouse=True)
def filled(shop: Shop) -> None:
    fill(shop)


class Cable:
    """What the store hangs on; pulled, nothing answers. `after_commit`: only the answer is lost."""

    def __init__(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_out = False
        self.loses_answer = False
        reading, writing = store.reading, store.writing

        @contextmanager
        def read(*, snapshot: bool = False) -> Iterator[Any]:
            self._check()
            with reading(snapshot=snapshot) as session:
                yield session

        def write(work: Callable[[Any], Any]) -> Any:
            self._check()
            answer = writing(work)
            if self.loses_answer:
                self.loses_answer, self.is_out = False, True
                self._check()
            return answer

        monkeypatch.setattr(store, "reading", read)
        monkeypatch.setattr(store, "writing", write)

    def _check(self) -> None:
        if self.is_out:
            raise StoreUnavailable("The server does not answer.")


@pytest.fixture
def cable(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Cable:
    return Cable(shop.store, monkeypatch)


async def goes_offline(counter: Counter) -> None:
    await counter.until(lambda: counter.app.is_offline, "no connection")
    await counter.pilot.pause()
    counter.sees("no connection – trying again")


async def comes_back(counter: Counter) -> None:
    await counter.until(lambda: not counter.app.is_offline, "the connection")
    await counter.until(lambda: not counter.app.desk.waiting, "an end of the queue")
    await counter.settle()
    assert "no connection" not in counter.screen.splitlines()[0]


async def test_a_sale_during_a_break_is_posted_once_when_the_store_is_back(shop: Shop, cable: Cable) -> None:
    async with at_the_counter(shop) as counter:
        counter.app.retry_s = 0.01
        await counter.press("alt+s")
        cable.is_out = True
        await counter.hands.scan(BOLT)
        await goes_offline(counter)
        cable.is_out = False
        await comes_back(counter)
        assert on_hand(shop, "M6X40") == 95
        assert kinds(shop, "M6X40") == ["sell", "receive", "receive"]
        counter.sees("sold 1 M6 bolt zinc 40 mm")


async def test_an_answer_that_is_lost_after_the_commit_posts_nothing_twice(shop: Shop, cable: Cable) -> None:
    async with at_the_counter(shop) as counter:
        counter.app.retry_s = 0.01
        await counter.press("alt+s")
        cable.loses_answer = True
        await counter.hands.scan(BOLT)
        await goes_offline(counter)
        cable.is_out = False
        await comes_back(counter)
        assert on_hand(shop, "M6X40") == 95


async def test_scans_during_a_break_are_refused_aloud_and_those_before_it_kept(
    shop: Shop, cable: Cable
) -> None:
    async with at_the_counter(shop) as counter:
        counter.app.retry_s = 0.01
        await counter.press("alt+s")
        cable.is_out = True
        await counter.hands.scan(BOLT)
        await goes_offline(counter)
        await counter.hands.scan(GLUE)
        await counter.pilot.pause()
        counter.sees(f"No connection: {GLUE} was not taken; scan it again when it is")
        cable.is_out = False
        await comes_back(counter)
        assert (on_hand(shop, "M6X40"), on_hand(shop, "GLUE")) == (95, 8)


async def test_a_break_nobody_scans_in_is_noticed_and_mended(shop: Shop, cable: Cable) -> None:
    async with at_the_counter(shop) as counter:
        counter.app.retry_s = 0.01
        cable.is_out = True
        counter.app.stock_changed()
        await goes_offline(counter)
        cable.is_out = False
        await comes_back(counter)


async def test_a_break_is_noticed_on_any_screen_before_anything_is_asked_of_the_store(
    shop: Shop, cable: Cable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_app, "LOOK_EVERY_S", 0.02)
    async with at_the_counter(shop) as counter:
        counter.app.retry_s = 0.01
        await counter.press("f3")
        await counter.settle()
        cable.is_out = True
        await goes_offline(counter)
        assert counter.app.current_mode == "products"
        cable.is_out = False
        await comes_back(counter)


async def test_a_store_that_answers_and_refuses_every_write_ends_in_a_sentence(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(work: Callable[[Any], Any]) -> Any:
        raise StoreUnavailable("The file may not be written.")

    async with at_the_counter(shop) as counter:
        counter.app.retry_s = 0.01
        await counter.press("alt+s")
        monkeypatch.setattr(shop.store, "writing", refuse)
        await counter.hands.scan(BOLT)
        await counter.until(lambda: not counter.app.desk.waiting, "a refusal")
        await counter.settle()
        counter.sees("✗ The shop's data cannot be reached: The file may not be written.")
        assert on_hand(shop, "M6X40") == 96


@pytest.mark.parametrize("engine", ["postgres"], indirect=True)
async def test_a_server_that_throws_everybody_out(shop: Shop, shop_url: str, postgres_server: str) -> None:
    name = str(psycopg.conninfo.conninfo_to_dict(shop_url)["dbname"])

    def allow(yes: bool) -> None:
        with psycopg.connect(postgres_server, autocommit=True) as connection:
            connection.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS {str(yes).lower()}'.encode())
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
            )

    async with at_the_counter(shop) as counter:
        counter.app.retry_s = 0.02
        await counter.press("alt+s")
        await counter.scan(BOLT)
        allow(False)
        try:
            await counter.hands.scan(GLUE)
            await goes_offline(counter)
        finally:
            allow(True)
        await comes_back(counter)
        assert (on_hand(shop, "M6X40"), on_hand(shop, "GLUE")) == (95, 7)
        assert [row.kind for row in reports.history(shop, "GLUE")] == ["sell", "receive"]
