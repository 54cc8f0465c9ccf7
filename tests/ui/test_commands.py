"""The palette: commands of every screen with their keys, products and bins by any part of a name."""

from __future__ import annotations

from textual import events
from textual.command import CommandList, CommandPalette

from stockshop.services import catalogue
from stockshop.services.shop import Shop
from stockshop.ui.commands import Palette, ShopCommands
from stockshop.ui.screens.counter import CounterScreen
from stockshop.ui.screens.record_form import RecordForm
from tests.ui.at_work import on_sqlite
from tests.ui.counter_shop import at_the_counter, fill


@on_sqlite
async def test_the_palette_finds_commands_and_products_with_any_name(shop: Shop) -> None:
    fill(shop)
    made = catalogue.add_product(shop, "Ada", sku="X[/]1", name="[/] glue [@click=app.quit]x[/]")
    async with at_the_counter(shop) as counter:
        provider = ShopCommands(counter.app.screen)
        commands = [str(hit.text) async for hit in provider.search("sell")]
        assert "Counter: Sell" in commands
        discovered = [str(hit.text) async for hit in provider.discover()]
        assert {"Counter: Sell", "Scan: Undo the last", "Look: Light", "App: Quit"} <= set(discovered)
        assert all(": " in name for name in discovered)
        hits = [hit async for hit in provider.search("glue")]
        assert [str(hit.prompt) for hit in hits] == [
            f"Go to product {made.name}",
            "Go to product Wood glue 250 g",
        ]
        await counter.press("ctrl+p")
        assert isinstance(counter.app.screen, CommandPalette)
        await counter.type("glue")
        await counter.until(lambda: "Go to product [/] glue" in counter.screen, "the product")
        counter.sees("X[/]1 · ")
        await counter.press("enter")
        await counter.until(lambda: "no barcode yet" in counter.screen, "the card")


@on_sqlite
async def test_the_palette_goes_to_bins_and_does_what_other_screens_do(shop: Shop) -> None:
    fill(shop)
    async with at_the_counter(shop, (100, 30)) as counter:
        await counter.press("ctrl+p")
        await counter.type("b-01")
        await counter.until(lambda: "Go to bin B-01" in counter.screen, "the bin")
        await counter.press("enter")
        await counter.until(lambda: counter.app.current_mode == "bins", "the bins")
        await counter.until(lambda: "M6 bolt zinc" in counter.screen, "what lies in it")
        await counter.press("f2", "ctrl+p")
        await counter.type("products: new")
        await counter.until(lambda: "Products: New" in counter.screen, "the command")
        await counter.press("enter")
        await counter.until(lambda: isinstance(counter.app.screen, RecordForm), "the form")
        assert counter.app.current_mode == "products"


@on_sqlite
async def test_the_palette_shows_keys_and_what_was_chosen_last_first(shop: Shop) -> None:
    async with at_the_counter(shop, (100, 30)) as counter:
        await counter.press("ctrl+p")
        await counter.type("look: light")
        await counter.press("enter")
        await counter.until(lambda: counter.app.theme == "shop-light", "the look")
        hits = [hit async for hit in ShopCommands(counter.app.screen).discover()]
        assert [str(hit.text) for hit in hits][:2] == ["Look: Light", "Counter: Look up"]
        keys = {str(hit.text): str(hit.prompt).removeprefix(str(hit.text)).strip() for hit in hits}
        assert (keys["Counter: Sell"], keys["Products: Open"], keys["App: Quit"]) == ("Alt+S", "F3", "Ctrl+Q")
        assert keys["Products: New"] == "Ctrl+N"


@on_sqlite
async def test_the_palette_says_when_nothing_is_called_so(shop: Shop) -> None:
    async with at_the_counter(shop, (100, 30)) as counter:
        await counter.press("ctrl+p")
        await counter.type("xyzzy")
        await counter.until(lambda: "Nothing is called so." in counter.screen, "the words")


@on_sqlite
async def test_pages_may_be_turned_before_the_palette_shows_any_line(shop: Shop) -> None:
    async with at_the_counter(shop, (100, 30)) as counter:
        keys = [events.Key(name, None) for name in ("ctrl+p", *("pageup", "pagedown") * 10)]
        await counter.hands.send(*keys, gap_s=0.0)
        await counter.settle()
        assert isinstance(counter.app.screen, CommandPalette)
        await counter.pilot.resize_terminal(3, 2)
        await counter.press("pageup", "pagedown")
        assert isinstance(counter.app.screen, CommandPalette)


@on_sqlite
async def test_the_palette_may_be_closed_while_it_begins_to_look(shop: Shop) -> None:
    async with at_the_counter(shop, (100, 30)) as counter:
        await counter.press("ctrl+p")
        palette = counter.app.screen
        assert isinstance(palette, Palette)
        await palette.query_one(CommandList).remove()
        await palette._gather_commands("glue").wait()
        counter.app.action_go("products")
        await counter.settle()
        assert counter.app.current_mode == "products"


@on_sqlite
async def test_the_palette_is_closed_by_going_to_another_screen_and_opens_there(shop: Shop) -> None:
    fill(shop)
    async with at_the_counter(shop) as counter:
        await counter.press("ctrl+p", "f3")
        assert counter.app.current_mode == "products"
        await counter.press("ctrl+p")
        assert isinstance(counter.app.screen, CommandPalette)
        await counter.press("f1")
        assert isinstance(counter.app.screen, CommandPalette)
        await counter.press("escape", "f2")
        assert isinstance(counter.app.screen, CounterScreen)
        keys = [events.Key(name, None) for name in ("ctrl+p", "f3", "ctrl+p", "f5", "ctrl+p", "f2")]
        await counter.hands.send(*keys, gap_s=0.15)
        await counter.settle()
        await counter.press("escape", "escape", "ctrl+p")
        assert isinstance(counter.app.screen, CommandPalette)


@on_sqlite
async def test_the_palette_switches_what_a_scan_does_and_the_look(shop: Shop) -> None:
    fill(shop)
    async with at_the_counter(shop) as counter:
        for wanted in ("counter: sell", "look: light"):
            await counter.press("alt+p")
            await counter.type(wanted)
            await counter.press("enter")
            await counter.until(lambda: isinstance(counter.app.screen, CounterScreen), "the counter")
        assert counter.app.desk.shown.mode.value == "sell"
        assert counter.app.theme == "shop-light"
