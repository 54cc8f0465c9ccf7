"""A small shop to stand at the counter of, and what a person there can do and see."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from textual.pilot import Pilot
from textual.screen import ModalScreen

from stockshop.services import catalogue, reports, stock
from stockshop.services.locations import find_place
from stockshop.services.shop import Shop
from stockshop.services.stock import LineRequest
from stockshop.ui.app import StockshopApp
from tests.ui.hands import Hands
from tests.ui.test_hostile import screen_lines

BOLT, BOLT_CASE = "4006381333931", "14006381333938"
GLUE = "5901234123457"
MILK = "4012345678901"
UNKNOWN = "9780201379624"


def fill(shop: Shop) -> None:
    """Bolts in two bins, glue in one, milk by lots, apples by weight."""
    catalogue.add_product(
        shop, "Ada", sku="M6X40", name="M6 bolt zinc 40 mm", category="Fixings", price_minor=35,
        preferred_bin="A-01", barcodes=(BOLT, (BOLT_CASE, 12_000)),
    )  # fmt: skip
    catalogue.add_product(
        shop, "Ada", sku="GLUE", name="Wood glue 250 g", price_minor=499, preferred_bin="A-02",
        barcodes=(GLUE,),
    )  # fmt: skip
    catalogue.add_product(
        shop, "Ada", sku="MILK", name="Fresh milk 1 l", price_minor=129, preferred_bin="A-03",
        barcodes=(MILK,), tracking="lot",
    )  # fmt: skip
    catalogue.add_product(
        shop, "Ada", sku="APPLES", name="Apples", unit="kg", price_minor=299, preferred_bin="A-04"
    )
    lines = [
        LineRequest("M6X40", 60_000, to_bin="A-01", unit_cost_e4=1_000),
        LineRequest("M6X40", 36_000, to_bin="B-01", unit_cost_e4=1_000),
        LineRequest("GLUE", 8_000, unit_cost_e4=20_000),
        LineRequest("MILK", 6_000, lot="L1", expiry="2026-07-01", unit_cost_e4=8_000),
    ]
    stock.post_entry(shop, "Ada", "receive", lines)


class Counter:
    """Somebody at the counter: does one thing after another, and looks."""

    def __init__(self, app: StockshopApp, pilot: Pilot[Any]) -> None:
        self.app = app
        self.pilot = pilot
        self.hands = Hands(pilot)

    async def until(self, wanted: Callable[[], bool], what: str = "") -> None:
        """Go on painting until it is so."""
        for _ in range(1_500):
            if wanted():
                return
            await self.pilot.pause(0.005)
        raise AssertionError(f"it never came to {what or wanted}:\n{self.screen}")

    async def settle(self) -> None:
        """Until everything scanned is done, or a form waits for an answer."""
        await self.pilot.pause()
        asked: list[object] = []

        def is_quiet() -> bool:
            # A form that is about to close, with its answer still on the way, is not waiting for one.
            asked.append(self.app.screen if isinstance(self.app.screen, ModalScreen) else None)
            # Nor is one whose answer is being written.
            is_waiting = not getattr(asked[-1], "_sending", False) and asked[-5:] == [asked[-1]] * 5
            return not self.app.desk.waiting or (asked[-1] is not None and is_waiting)

        await self.until(is_quiet, "an end of the queue")
        if not self.app.desk.waiting:
            await self.app.desk.finished()
            await self.app.workers.wait_for_complete()
        await self.pilot.pause()

    async def scan(self, *codes: str) -> None:
        """Scan one code after another."""
        for code in codes:
            await self.hands.scan(code)
            await self.settle()

    async def type(self, text: str) -> None:
        """Type as a person."""
        await self.hands.type(text)
        await self.settle()

    async def press(self, *keys: str) -> None:
        """Press keys by name."""
        for key in keys:
            await self.hands.press(key)
            await self.settle()

    @property
    def screen(self) -> str:
        """What is on the screen."""
        return "\n".join(screen_lines(self.app))

    def sees(self, *texts: str) -> None:
        """All of these are on the screen."""
        __tracebackhide__ = True
        shown = self.screen
        missing = [text for text in texts if text not in shown]
        assert not missing, f"{missing} not on the screen:\n{shown}"


@asynccontextmanager
async def at_the_counter(shop: Shop, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Counter]:
    """The app on the shop, open and quiet."""
    app = StockshopApp(shop=shop, actor="Ada")
    async with app.run_test(size=size) as pilot:
        counter = Counter(app, pilot)
        await counter.until(lambda: app.desk.shown.day is not None, "the day")
        await counter.settle()
        yield counter
        await app.workers.wait_for_complete()


def on_hand(shop: Shop, sku: str, bin_code: str = "") -> int:
    """Whole units on hand, of all bins or one."""
    rows = reports.stock_rows(shop, sku)
    milli = sum(row.on_hand_milli for row in rows if bin_code in ("", row.bin))
    assert milli % 1_000 == 0
    return milli // 1_000


def kinds(shop: Shop, sku: str) -> list[str]:
    """What has become of a product, the newest first."""
    return [row.kind for row in reports.history(shop, sku)]


def bin_barcode(shop: Shop, code: str) -> str:
    """What the bin's label says."""
    return find_place(shop, code).barcode
