"""An app with one screen of the shop in it, and a shop with a few products: for the tests of screens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

import pytest
from textual.pilot import Pilot
from textual.widget import Widget

from stockshop.errors import StoreUnavailable
from stockshop.services import catalogue, stock
from stockshop.services.shop import Shop
from stockshop.services.stock import LineRequest
from stockshop.ui.at_work import WorkScreen
from stockshop.ui.base import Frame, ShopApp
from stockshop.ui.wording import Wording
from tests.ui.hands import Hands
from tests.ui.test_hostile import screen_lines

on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""For what is the same on every store: once is enough."""

WidgetT = TypeVar("WidgetT", bound=Widget)


class WorkApp(ShopApp):
    """The frame with a shop behind it and a single screen."""

    MODES: ClassVar[dict[str, Any]] = {}
    DEFAULT_MODE = "here"

    def __init__(self, shop: Shop, make: Callable[[], WorkScreen]) -> None:
        super().__init__(frame=Frame(shop.settings.name, shop.settings.locale))
        self.opened: Shop | None = shop
        """None: the shop is not open yet."""
        self.actor = "Ada"
        self.wording = Wording(shop.currency, shop.settings.locale, shop.zone)
        self.changes = 0
        """How often the app was told that the shop has changed."""
        self.add_mode("here", make)

    @property
    def shop(self) -> Shop:
        if self.opened is None:
            raise StoreUnavailable("The shop is not open yet.")
        return self.opened

    def stock_changed(self) -> None:
        self.changes += 1


class Desk:
    """A person at a screen: types, scans, waits until everything is done, and reads what is there."""

    def __init__(self, app: WorkApp, pilot: Pilot[Any]) -> None:
        self.app = app
        self.pilot = pilot
        self.hands = Hands(pilot)

    async def settle(self) -> None:
        """Until nothing is being read or written any more."""
        while getattr(self.app.screen, "is_pausing", False):
            await self.pilot.pause()
        for _ in range(2):
            await self.app.workers.wait_for_complete()
            await self.pilot.pause()

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.hands.press(key)
            await self.settle()

    async def key_in(self, text: str) -> None:
        await self.hands.type(text)
        await self.settle()

    async def scan(self, code: str) -> None:
        await self.hands.scan(code)
        await self.settle()

    async def fill(self, field: str, text: str) -> None:
        """Put something into a field of a form."""
        self.app.screen.query_one(f"#field-{field}").value = text  # type: ignore[attr-defined]
        await self.pilot.pause()

    def get(self, selector: str, kind: type[WidgetT]) -> WidgetT:
        return self.app.screen.query_one(selector, kind)

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(screen_lines(self.app))

    def shows(self, *words: str) -> bool:
        """Whether all of this can be read."""
        shown = self.text
        return all(word in shown for word in words)


def stocked(shop: Shop) -> dict[str, int]:
    """A few products with stock, rules, suppliers and packs; answers their ids by SKU."""
    ids = {}
    for sku, name, price, category in (
        ("GLUE", "Wood glue 250 g", 450, "Paint"),
        ("BOLT", "Bolt [M6] zinc 40 mm", 35, "Fixings"),
        ("LAMP", "Lamp oil 1 l", 799, "Garden"),
        ("ROPE", "Rope, braided 8 mm", 120, "Garden"),
    ):
        made = catalogue.add_product(shop, "Ada", sku=sku, name=name, price_minor=price, category=category)
        ids[sku] = made.id
    catalogue.add_barcode(shop, "Ada", ids["BOLT"], "4006381333931")
    catalogue.add_barcode(shop, "Ada", ids["BOLT"], "4006381333948", 12_000)
    catalogue.set_supplier(shop, "Ada", ids["GLUE"], "Acme & Sons", supplier_code="A-77", pack_milli=6_000)
    catalogue.set_reorder_rule(shop, "Ada", ids["GLUE"], 5_000, 20_000)
    catalogue.set_reorder_rule(shop, "Ada", ids["LAMP"], 2_000, 8_000)
    post(
        shop,
        "receive",
        LineRequest("BOLT", 60_000, to_bin="A-01"),
        LineRequest("BOLT", 36_000, to_bin="B-01"),
    )
    post(shop, "receive", LineRequest("GLUE", 4_000, to_bin="A-02", unit_cost_e4=20_000))
    post(shop, "sell", LineRequest("GLUE", 1_000, from_bin="A-02"))
    post(shop, "sell", LineRequest("LAMP", 2_000, from_bin="A-03"))
    return ids


def post(shop: Shop, kind: str, *lines: LineRequest, note: str = "") -> int:
    """Post an entry and answer its number."""
    return stock.post_entry(shop, "Ada", kind, lines, note=note).entry_id


def hostile_products(shop: Shop, names: list[str]) -> int:
    """Products with the worst names the gate lets in; answers how many there are."""
    from stockshop.errors import ShopError

    made = 0
    for number, name in enumerate(names):
        try:
            product = catalogue.add_product(
                shop, "Ada", sku=f"H{number:03}", name=name[:300], label_name=name[:60], notes=name[:300],
                category=name[:60],
            )  # fmt: skip
        except ShopError:
            continue
        made += 1
        post(shop, "receive", LineRequest(product.sku, 1_000, to_bin="A-01"), note=name[:100])
    return made
