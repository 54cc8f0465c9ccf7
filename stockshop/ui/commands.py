"""The palette: every command by a few letters, and every product and bin by a part of its name or code.

A command is `noun: Verb`, where it is reached by a key with that key beside it. What was chosen last
comes first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, cast

from textual import work
from textual.command import CommandList, CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.css.query import NoMatches
from textual.widgets.option_list import Option

from stockshop.errors import ShopError
from stockshop.language import tr
from stockshop.ui import theme
from stockshop.ui.counter.views import MODES
from stockshop.ui.key_names import key_name
from stockshop.ui.safe import line, plain
from stockshop.ui.screen_list import SCREENS

if TYPE_CHECKING:
    from stockshop.services.catalogue.listing import ProductRow
    from stockshop.services.locations import Place
    from stockshop.ui.app import StockshopApp
    from stockshop.ui.keys import Key

MOST_PRODUCTS = 12
MOST_BINS = 6
MOST_RECENT = 20
_MERELY_MOVES = frozenset(
    ("up", "down", "left", "right", "home", "end", "pageup", "pagedown", "enter", "escape", "tab", "space")
)
"""Keys that everybody presses without a palette."""


@dataclass(frozen=True, slots=True)
class Command:
    """A line of the palette: `noun: Verb`."""

    id: str
    name: str
    help: str
    run: Callable[[], object]
    key: str = ""
    """As it stands on the keyboard."""


class Palette(CommandPalette):
    """Textual's palette, in the language that is spoken."""

    # Terminals disagree on how wide the picture is.
    DEFAULT_CSS = """
    Palette SearchIcon { display: none; }
    Palette CommandInput { padding: 0 2; }
    Palette > Vertical { margin-top: 1; }
    """

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id, placeholder=tr("a command, a product or a bin"))

    def _action_command_list(self, action: str) -> None:
        # Textual cannot turn the pages of a list that has no room for a line.
        if self.query_one(CommandList)._lines:
            super()._action_command_list(action)

    @work(exclusive=True, group=CommandPalette._GATHER_COMMANDS_GROUP)
    async def _gather_commands(self, search_value: str) -> None:
        # As Textual does it: it does not expect to be closed while it begins.
        gather = CommandPalette._gather_commands.__wrapped__  # type: ignore[attr-defined]
        try:
            await gather(self, search_value)
        except NoMatches:
            if self.query(CommandList):
                raise

    def _start_no_matches_countdown(self, search_value: str) -> None:
        self._stop_no_matches_countdown()

        def show() -> None:
            # As Textual does it, but for the words.
            if search_value:
                nothing = plain(tr("Nothing is called so."))
                self.query_one(CommandList).add_option(Option(nothing, id=self._NO_MATCHES, disabled=True))
            self._list_visible = bool(search_value)

        self._no_matches_timer = self.set_timer(self._NO_MATCHES_COUNTDOWN, show)


class ShopCommands(Provider):
    """Commands of the app and of all its screens, and products and bins by name."""

    @property
    def _app(self) -> StockshopApp:
        from stockshop.ui.app import StockshopApp

        app = self.app
        assert isinstance(app, StockshopApp)
        return app

    # -- what there is -----------------------------------------------------------------------------

    def _key(self, binding_id: str, usual: str) -> str:
        """The key of this computer for a binding; `usual` while nobody has wished for another."""
        return key_name(self._app.station.keys.get(binding_id, usual).partition(",")[0])

    def _everything(self, every: Iterable[Key] = ()) -> list[Command]:
        """All commands, those chosen last first; `every` key of all screens, when they are known."""
        commands: dict[str, Command] = {}
        for command in (*self._of_app(), *self._of_screens(every)):
            commands.setdefault(command.id, command)
        recent = [name for name in self._app.recent_commands if name in commands]
        return [commands.pop(name) for name in recent] + list(commands.values())

    def _of_app(self) -> Iterator[Command]:
        app = self._app
        for mode, facts in MODES.items():
            yield Command(
                f"counter.{mode.value}", _named(tr("Counter"), tr(facts.label)), tr(facts.tooltip),
                partial(self._go_and_do, "counter", f"mode('{mode.value}')"),
                self._key(f"counter.{mode.value}", f"alt+{facts.letter}"),
            )  # fmt: skip
        yield Command(
            "counter.undo", tr("Scan: Undo the last"), tr("By a counter-entry"),
            partial(self._go_and_do, "counter", "undo"), self._key("counter.undo", "ctrl+z"),
        )  # fmt: skip
        for place in SCREENS:
            yield Command(
                f"app.{place.mode}", _named(tr(place.label), tr("Open")), tr(place.tooltip),
                partial(app.action_go, place.mode), self._key(f"app.{place.mode}", place.keys),
            )  # fmt: skip
        yield Command("look.dark", tr("Look: Dark"), tr("Slate for the evening"), partial(self._look, "dark"))
        yield Command("look.light", tr("Look: Light"), tr("Paper for the bright shop"),
                      partial(self._look, "light"))  # fmt: skip
        yield Command("app.tour", tr("Tour: Begin, leave or go on"), tr("The ten commonest jobs, one by one"),
                      app.action_tour, self._key("app.tour", "alt+t"))  # fmt: skip
        yield Command("tour.skip", tr("Tour: Skip this job"), tr("On to the next one"),
                      lambda: app.tour().skip())  # fmt: skip
        yield Command("tour.anew", tr("Tour: Begin anew"), tr("From the first job on"),
                      lambda: app.tour().begin())  # fmt: skip
        yield Command("app.help", tr("Keys: Show"), tr("Every key of this screen, and how things are done"),
                      app.action_help, self._key("app.help", "f1"))  # fmt: skip
        yield Command("app.quit", tr("App: Quit"), tr("Finish what is being written, and close"),
                      app.action_quit, self._key("app.quit", "ctrl+q"))  # fmt: skip

    def _of_screens(self, every: Iterable[Key]) -> Iterator[Command]:
        """What the screens do by keys of their own."""
        places = {place.class_name: place for place in SCREENS}
        shown = type(self.screen).__name__
        for key in every:
            if not key.label or set(key.keys) <= _MERELY_MOVES:
                continue
            run: Callable[[], object] | None = None
            if key.owner in places and key.owner != "CounterScreen":
                run = partial(self._go_and_do, places[key.owner].mode, key.action)
            elif key.owner == shown:
                run = partial(self.screen.run_action, key.action)
            if run is not None:
                noun = tr(places[key.owner].label) if key.owner in places else tr(key.group)
                pressed = key.pressed(self._app.station.keys)
                yield Command(
                    key.id, _named(noun, tr(key.label)), tr(key.tooltip), run,
                    key_name(pressed[0]) if pressed else "",
                )  # fmt: skip

    async def _go_and_do(self, mode: str, action: str) -> None:
        app = self._app
        if app.current_mode != mode or len(app.screen_stack) == 1:
            app.action_go(mode)
        screen = app.screen

        async def do() -> None:
            await screen.run_action(action)

        # A screen that was never shown has to stand first.
        screen.call_after_refresh(do)

    def _look(self, name: str) -> None:
        self._app.theme = theme.THEMES[name]

    def _chosen(self, command: Command) -> Callable[[], object]:
        """Run it, and remember that it was chosen."""

        def run() -> object:
            recent = self._app.recent_commands
            recent[:] = [command.id, *(name for name in recent if name != command.id)][:MOST_RECENT]
            return command.run()

        return run

    async def _every_key(self) -> tuple[Key, ...]:
        from stockshop.ui.keys import all_keys

        # Screens that nobody has opened are loaded for it.
        return await asyncio.to_thread(all_keys)

    # -- what is found -----------------------------------------------------------------------------

    async def discover(self) -> Hits:
        """All commands, before anything is typed."""
        for command in self._everything(await self._every_key()):
            yield DiscoveryHit(
                _with_key(command), self._chosen(command), text=command.name, help=_literal(command.help)
            )

    async def search(self, query: str) -> Hits:
        """Commands that match, then products and bins."""
        matcher = self.matcher(query)
        recent = self._app.recent_commands
        for command in self._everything(await self._every_key()):
            score = matcher.match(command.name)
            if score > 0:
                score += 0.2 if command.id in recent else 0
                yield Hit(
                    score, _with_key(command), self._chosen(command), text=command.name,
                    help=_literal(command.help),
                )  # fmt: skip
        if len(query.strip()) < 2:
            return
        try:
            products, bins = await asyncio.gather(
                asyncio.to_thread(self._products, query), asyncio.to_thread(self._bins, query)
            )
        except ShopError:
            # Without the store there are still the commands; the top line says what is wrong.
            return
        for number, place in enumerate(bins):
            yield self._hit(0.45 - number / 1_000, tr("Go to bin"), place.code,
                            partial(self._app.show_bin, place.code), line(place.name))  # fmt: skip
        for number, product in enumerate(products):
            about = " · ".join(filter(None, (product.sku, product.price, product.on_hand)))
            # After commands that match well, in the catalogue's own order.
            yield self._hit(0.4 - number / 1_000, tr("Go to product"), product.name,
                            partial(self._app.show_product, product.id), about)  # fmt: skip

    @staticmethod
    def _hit(score: float, verb: str, name: str, run: Callable[[], object], about: str) -> Hit:
        return Hit(
            score, Content.assemble((f"{verb} ", "$text-muted"), line(name)), run,
            text=f"{verb} {line(name)}", help=_literal(about),
        )  # fmt: skip

    def _products(self, query: str) -> list[ProductRow]:
        from stockshop.services.catalogue.listing import ProductListing

        return list(ProductListing(self._app.shop, text=query.strip()).page_from(None, MOST_PRODUCTS))

    def _bins(self, query: str) -> list[Place]:
        from stockshop.services import locations

        words = query.casefold().split()
        found = [
            place
            for place in locations.places(self._app.shop)
            if place.kind == "bin" and all(word in f"{place.code} {place.name}".casefold() for word in words)
        ]
        return found[:MOST_BINS]


def _named(noun: str, verb: str) -> str:
    return tr("{noun}: {verb}", noun=noun, verb=verb)


def _with_key(command: Command) -> Content:
    """The command's name, and quietly the key that does the same."""
    if not command.key:
        return Content(line(command.name))
    return Content.assemble(line(command.name), (f"   {command.key}", "$shop-key"))


def _literal(text: str) -> str:
    """A help line as the palette shows it letter by letter: it reads a str as markup, a Content as it is."""
    return cast(str, plain(text))
