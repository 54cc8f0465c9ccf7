"""The tour: ten jobs done in the sample shop, each noticed by itself; and how many keys each takes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from stockshop.services.locations import find_place, places
from stockshop.services.shop import Shop, opened
from stockshop.services.touring import Example, something_to_try
from stockshop.ui.app import StockshopApp
from stockshop.ui.screens.counter import CounterScreen
from stockshop.ui.screens.help import HelpScreen
from stockshop.ui.topics import JOBS
from stockshop.ui.tour.offer import TourOffer
from stockshop.ui.tour.panel import TourPanel
from stockshop.ui.tour.steps import STEPS
from tests.conftest import HandClock
from tests.ui.counter_shop import Counter

KEYS_AND_SCANS = {
    "price": (0, 1),
    "receive": (1, 1),
    "sell": (3, 1),
    "move": (1, 2),
    "adjust": (6, 1),
    "why": (2, 1),
    "label": (3, 1),
    "zone-labels": (2, 1),
    "count-sheet": (3, 0),
    "undo": (2, 0),
}
"""Keys pressed and codes scanned for each job, from where the job before has left the person."""


class Walker(Counter):
    """Somebody on the tour, whose keys and scans are counted."""

    keys = 0
    scans = 0

    async def press(self, *keys: str) -> None:
        self.keys += len(keys)
        await super().press(*keys)

    async def type(self, text: str) -> None:
        self.keys += len(text)
        await super().type(text)

    async def scan(self, *codes: str) -> None:
        self.scans += len(codes)
        await super().scan(*codes)

    async def does(self, job: str) -> tuple[int, int]:
        """Wait until the tour has seen the job; answers the keys and scans it has taken."""
        guide = self.app.tour()
        number = [step.id for step in STEPS].index(job)
        await self.until(lambda: guide.step > number, f"the end of {job}")
        took = self.keys, self.scans
        self.keys = self.scans = 0
        return took


@pytest.fixture
def sample(
    demo_shop_copy: Path, hands: HandClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Shop]:
    """The sample shop, and a folder for its papers."""
    monkeypatch.setattr("stockshop.ui.files.documents_folder", lambda: tmp_path)
    with opened(demo_shop_copy) as shop:
        yield shop


@asynccontextmanager
async def walking(
    shop: Shop, size: tuple[int, int] = (100, 30), *, offers_tour: bool = False
) -> AsyncIterator[Walker]:
    app = StockshopApp(shop=shop, actor="Ada", offers_tour=offers_tour)
    async with app.run_test(size=size) as pilot:
        walker = Walker(app, pilot)
        await walker.until(lambda: app.desk.shown.day is not None, "the day")
        await walker.settle()
        yield walker
        await app.workers.wait_for_complete()


def example(shop: Shop) -> Example:
    found = something_to_try(shop)
    assert found is not None and found.case_code
    return found


async def test_the_ten_commonest_jobs_are_done_and_noticed(sample: Shop) -> None:
    goods = example(sample)
    zone = next(place for place in places(sample) if place.kind == "zone")
    took: dict[str, tuple[int, int]] = {}
    async with walking(sample) as walker:
        walker.app.tour().begin()
        await walker.settle()
        walker.sees("Tour 1 of 10 · Find a price", goods.sku)

        await walker.scan(goods.case_code)
        took["price"] = await walker.does("price")
        walker.sees("Tour 2 of 10 · Receive a case")

        await walker.press("alt+r")
        await walker.scan(goods.case_code)
        took["receive"] = await walker.does("receive")

        await walker.press("alt+s")
        await walker.type("3*")
        await walker.scan(goods.sku)
        took["sell"] = await walker.does("sell")

        await walker.press("alt+m")
        await walker.scan(goods.sku, find_place(sample, goods.other_bin).barcode)
        took["move"] = await walker.does("move")

        await walker.press("alt+a")
        await walker.scan(goods.sku)
        await walker.type("-1")
        await walker.press("enter", "enter", "ctrl+s")
        took["adjust"] = await walker.does("adjust")

        await walker.press("f3")
        await walker.scan(goods.sku)
        await walker.press("w")
        took["why"] = await walker.does("why")

        await walker.press("f3")
        await walker.scan(goods.sku)
        await walker.press("l", "ctrl+s")
        took["label"] = await walker.does("label")

        await walker.press("f6")
        await walker.scan(zone.barcode)
        await walker.press("ctrl+s")
        took["zone-labels"] = await walker.does("zone-labels")

        await walker.press("f7", "space", "ctrl+s")
        took["count-sheet"] = await walker.does("count-sheet")

        await walker.press("f2", "ctrl+z")
        took["undo"] = await walker.does("undo")
        walker.sees("Tour · all ten done")
        await walker.press("alt+t")
        assert not walker.app.screen.query(TourPanel)
    assert took == KEYS_AND_SCANS


def test_the_tour_does_what_the_help_tells() -> None:
    assert [step.id for step in STEPS] == [job.id for job in JOBS] == list(KEYS_AND_SCANS)


async def test_the_tour_is_left_and_taken_up_where_it_was(sample: Shop) -> None:
    async with walking(sample, (80, 24)) as walker:
        await walker.press("alt+t")
        await walker.scan(example(sample).sku)
        await walker.does("price")
        await walker.press("alt+t")
        assert not walker.app.screen.query(TourPanel)
        await walker.press("f3", "alt+t")
        walker.sees("Tour 2 of 10")
        await walker.press("f5")
        await walker.until(lambda: "Tour 2 of 10" in walker.screen, "the tour on another screen")
        assert len(walker.app.screen.query(TourPanel)) == 1
        await walker.press("alt+t", "f3")
        assert not walker.app.screen.query(TourPanel)


async def test_the_tour_takes_no_key_and_blocks_none(sample: Shop) -> None:
    async with walking(sample, (80, 24)) as walker:
        await walker.press("alt+t")
        await walker.type("tn")
        assert walker.app.screen.query_one("#scan-line").value == "tn"  # type: ignore[attr-defined]
        await walker.press("f1")
        assert isinstance(walker.app.screen, HelpScreen)


async def test_somebody_new_is_asked_and_may_say_later(sample: Shop) -> None:
    async with walking(sample, (80, 24), offers_tour=True) as walker:
        await walker.until(lambda: isinstance(walker.app.screen, TourOffer), "the question")
        await walker.pilot.pause()
        walker.sees("Take the tour: T", "Later: Esc")
        await walker.press("escape")
        assert isinstance(walker.app.screen, CounterScreen)
        assert not walker.app.screen.query(TourPanel)
    async with walking(sample, (80, 24), offers_tour=True) as walker:
        await walker.until(lambda: isinstance(walker.app.screen, TourOffer), "the question")
        await walker.type("t")
        await walker.until(lambda: "Tour 1 of 10" in walker.screen, "the tour")


async def test_a_scan_means_later(sample: Shop) -> None:
    async with walking(sample, offers_tour=True) as walker:
        await walker.until(lambda: isinstance(walker.app.screen, TourOffer), "the question")
        await walker.scan(example(sample).sku)
        assert isinstance(walker.app.screen, CounterScreen)
        walker.sees(example(sample).sku)
