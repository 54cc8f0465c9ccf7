"""The palette: every command by a few letters, and every product by a part of its name or code."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from stockshop.errors import ShopError
from stockshop.ui import theme
from stockshop.ui.counter.views import MODES
from stockshop.ui.safe import line, plain

if TYPE_CHECKING:
    from stockshop.services.catalogue.listing import ProductRow
    from stockshop.ui.app import StockshopApp

MOST_PRODUCTS = 12


@dataclass(frozen=True, slots=True)
class Command:
    """A line of the palette: `noun: Verb`."""

    name: str
    help: str
    run: Callable[[], object]


class ShopCommands(Provider):
    """Commands of the app and of the screen that is shown, and products by name."""

    @property
    def _app(self) -> StockshopApp:
        from stockshop.ui.app import StockshopApp

        app = self.app
        assert isinstance(app, StockshopApp)
        return app

    def _commands(self) -> Iterable[Command]:
        from stockshop.ui.app import SCREENS

        app = self._app
        own: Callable[[], Iterable[Command]] | None = getattr(self.screen, "commands", None)
        if own is not None:
            yield from own()
        for mode, facts in MODES.items():
            yield Command(
                f"Counter: {facts.label}", facts.tooltip, partial(self._to_counter, f"mode('{mode.value}')")
            )
        yield Command("Scan: Undo the last", "By a counter-entry", partial(self._to_counter, "undo"))
        yield Command("Unknown scans: Open", "The codes nobody knew", partial(self._to_counter, "tray"))
        for place in SCREENS:
            if place.is_there:
                yield Command(f"{place.label}: Open", place.tooltip, partial(app.action_go, place.mode))
        yield Command("Look: Dark", "Slate for the evening", partial(self._look, "dark"))
        yield Command("Look: Light", "Paper for the bright shop", partial(self._look, "light"))
        yield Command("Keys: Show", "Every key of this screen", app.action_help)
        yield Command("App: Quit", "Finish what is being written, and close", app.action_quit)

    async def _to_counter(self, action: str) -> None:
        self._app.action_go("counter")
        await self._app.screen.run_action(action)

    def _look(self, name: str) -> None:
        self._app.theme = theme.THEMES[name]

    async def discover(self) -> Hits:
        """All commands, before anything is typed."""
        for command in self._commands():
            yield DiscoveryHit(Content(line(command.name)), command.run, text=command.name, help=command.help)

    async def search(self, query: str) -> Hits:
        """Commands that match, then products."""
        matcher = self.matcher(query)
        for command in self._commands():
            score = matcher.match(command.name)
            if score > 0:
                yield Hit(
                    score, Content(line(command.name)), command.run, text=command.name, help=command.help
                )
        if len(query.strip()) < 2:
            return
        try:
            products = await asyncio.to_thread(self._products, query)
        except ShopError:
            # Without the store there are still the commands; the top line says what is wrong.
            return
        for number, product in enumerate(products):
            name = f"Go to product {line(product.name)}"
            yield Hit(
                # After commands that match well, in the catalogue's own order.
                0.4 - number / 1_000,
                Content.assemble(("Go to product ", "$text-muted"), line(product.name)),
                partial(self._app.show_product, product.id),
                text=name,
                help=_literal(" · ".join(filter(None, (product.sku, product.price, product.on_hand)))),
            )

    def _products(self, query: str) -> list[ProductRow]:
        from stockshop.services.catalogue.listing import ProductListing

        return list(ProductListing(self._app.shop, text=query.strip()).page_from(None, MOST_PRODUCTS))


def _literal(text: str) -> str:
    """A help line as the palette shows it letter by letter: it reads a str as markup, a Content as it is."""
    return cast(str, plain(text))
