"""Other programs write too: an import for seconds, a second till now and then. Nobody is refused."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from stockshop.services import stock
from stockshop.services.shop import Shop, open_shop
from stockshop.services.stock import LineRequest
from stockshop.storage.session import Session
from stockshop.ui import store_app
from tests.ui.counter_shop import BOLT, GLUE, at_the_counter, fill, kinds, on_hand

BUSY = "the store is busy"


@pytest.fixture(autouse=True)
def filled(shop: Shop) -> None:
    fill(shop)


@contextmanager
def another_writes(shop: Shop) -> Iterator[Callable[[], None]]:
    """Another program holds what every posting needs, until what is yielded is called."""
    holds, may_end = threading.Event(), threading.Event()

    def hold(session: Session) -> None:
        session.run("UPDATE ledger_head SET recorded_at_us = recorded_at_us WHERE id = 1")
        holds.set()
        assert may_end.wait(30)

    other = open_shop(shop.store.url)
    thread = threading.Thread(target=lambda: other.store.writing(hold))
    thread.start()
    try:
        assert holds.wait(30)
        yield may_end.set
    finally:
        may_end.set()
        thread.join()
        other.close()


async def test_sales_during_an_import_are_kept_and_written_after_it_in_their_order(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_app, "BUSY_AFTER_S", 0.02)
    async with at_the_counter(shop) as counter:
        await counter.press("alt+s")
        with another_writes(shop) as end:
            await counter.hands.scan(BOLT)
            await counter.until(lambda: counter.app.is_busy, "a busy store")
            await counter.pilot.pause()
            counter.sees(BUSY)
            for code in (GLUE, BOLT):
                await counter.hands.scan(code)
            # Keys go on meanwhile, and nothing is called a lost connection.
            await counter.hands.type("glu")
            await counter.pilot.pause()
            counter.sees("glu")
            assert not counter.app.is_offline
            assert counter.app.desk.waiting == 3
            assert kinds(shop, "M6X40") == ["receive", "receive"]
            end()
            await counter.until(lambda: not counter.app.desk.waiting, "an end of the queue")
        await counter.settle()
        assert BUSY not in counter.screen
        assert (on_hand(shop, "M6X40"), on_hand(shop, "GLUE")) == (94, 7)
        with shop.store.reading() as session:
            sold = session.rows(
                "SELECT p.sku FROM movement m JOIN product p ON p.id = m.product_id JOIN entry e "
                "ON e.id = m.entry_id AND e.kind = 'sell' ORDER BY m.id"
            )
        assert [row[0] for row in sold] == ["M6X40", "GLUE", "M6X40"]


async def test_a_sale_of_the_other_till_is_seen_without_a_key(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_app, "LOOK_EVERY_S", 0.05)
    other = open_shop(shop.store.url)
    try:
        async with at_the_counter(shop, size=(120, 40)) as counter:
            assert "Wood glue" not in counter.screen.partition("Just now")[2]
            stock.post_entry(other, "Ben", "sell", [LineRequest("GLUE", 2_000)])
            await counter.until(
                lambda: "Wood glue" in counter.screen.partition("Just now")[2], "the other till's sale"
            )
    finally:
        other.close()


async def test_a_quiet_shop_is_not_read_again_and_again(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_app, "LOOK_EVERY_S", 0.01)
    async with at_the_counter(shop) as counter:
        app = counter.app
        await counter.press("alt+s")
        await counter.scan(BOLT)
        await counter.settle()
        looks, days = 0, 0
        look, read = app._look_whether_changed, app._read_day

        async def counted_look() -> None:
            nonlocal looks
            looks += 1
            await look()

        def counted_read() -> None:
            nonlocal days
            days += 1
            read()

        monkeypatch.setattr(app, "_look_whether_changed", counted_look)
        monkeypatch.setattr(app, "_read_day", counted_read)
        await counter.until(lambda: looks >= 4, "four looks")
        assert days == 0
