"""Several products at once: marked, looked at before, changed together or not at all."""

from __future__ import annotations

from stockshop.services import catalogue
from stockshop.services.shop import Shop
from stockshop.ui.products.bulk_form import BulkForm
from stockshop.ui.products.product_form import ProductForm
from stockshop.ui.screens.dialogs import Confirm, Notice
from stockshop.ui.screens.labels import LabelsScreen
from tests.ui.at_work import Desk, hostile_products, on_sqlite, stocked
from tests.ui.test_hostile import ESCAPES, MARKUP, assert_harmless, screen_lines
from tests.ui.test_products import at_products, choose, names


def price(shop: Shop, sku: str) -> int | None:
    return catalogue.find_product(shop, sku).price_minor


async def edit(desk: Desk, **values: str) -> None:
    """Fill the form for all that are marked, and go on to the question."""
    await desk.press("ctrl+e")
    assert isinstance(desk.app.screen, BulkForm)
    for field, value in values.items():
        await desk.fill(field, value)
    await desk.settle()


async def test_marked_products_change_together_after_a_look(shop: Shop) -> None:
    stocked(shop)
    async with at_products(shop) as desk:
        await desk.key_in(" ")
        await desk.press("down")
        await desk.key_in(" ")
        assert desk.shows("✓ Bolt [M6] zinc 40 mm", "✓ Rope, braided 8 mm", "2 marked · Ctrl+E changes them")
        assert not desk.shows("✓ Lamp")
        await edit(desk, percent="10", ending="9", category="Ropes & bolts")
        desk.app.screen.look_at_first()  # type: ignore[attr-defined]
        await desk.settle()
        assert desk.shows("Change 2 products", "€0.35 → €0.39", "€1.20 → €1.29", "Ropes & bolts")
        assert price(shop, "BOLT") == 35
        await desk.press("ctrl+s")
        assert isinstance(desk.app.screen, Confirm)
        assert desk.shows("2 products: price +10 %, rounded to end in 9, category", "Ropes & bolts.")
        # Enter alone is the safe answer.
        await desk.press("enter")
        assert price(shop, "BOLT") == 35
        await edit(desk, percent="10", ending="9", category="Ropes & bolts")
        await desk.press("ctrl+s", "right", "enter")
        await desk.settle()
        assert (price(shop, "BOLT"), price(shop, "ROPE"), price(shop, "LAMP")) == (39, 129, 799)
        assert catalogue.find_product(shop, "ROPE").category == "Ropes & bolts"
        assert desk.shows("2 products are changed.", "€0.39") and not desk.shows("✓")
        assert catalogue.changes(shop, catalogue.find_product(shop, "BOLT").id)[0].actor == "Ada"


@on_sqlite
async def test_shift_and_an_arrow_mark_a_range_and_a_space_among_words_is_a_space(shop: Shop) -> None:
    stocked(shop)
    async with at_products(shop) as desk:
        await desk.press("shift+down", "shift+down")
        assert desk.shows("3 marked")
        await desk.press("shift+up")
        await desk.key_in(" ")
        assert desk.shows("2 marked")
        await desk.key_in("wood glue")
        assert names(desk) == ["Wood glue 250 g"]
        # What is marked stays marked while something else is looked for.
        assert desk.shows("2 marked")
        await desk.press("shift+down", "escape")
        assert desk.shows("3 marked", "✓ Wood glue 250 g")


@on_sqlite
async def test_a_click_with_ctrl_marks_and_one_on_the_number_marks_nothing_again(shop: Shop) -> None:
    stocked(shop)
    async with at_products(shop) as desk:
        lines = desk.text.splitlines()
        for name in ("Lamp oil", "Wood glue"):
            row = next(number for number, line in enumerate(lines) if name in line)
            await desk.pilot.click(offset=(lines[row].index(name), row), control=True)
            await desk.settle()
            lines = desk.text.splitlines()
        assert desk.shows("2 marked", "✓ Lamp oil 1 l", "✓ Wood glue 250 g")
        row = next(number for number, line in enumerate(lines) if "2 marked" in line)
        await desk.pilot.click(offset=(lines[row].index("2 marked"), row))
        await desk.settle()
        assert not desk.shows("marked") and not desk.shows("✓")


async def test_everything_that_is_listed_is_marked_at_once(shop: Shop) -> None:
    stocked(shop)
    async with at_products(shop) as desk:
        await choose(desk, "ctrl+g", "garden")
        await desk.press("ctrl+a")
        assert desk.shows("2 marked", "✓ Lamp oil 1 l", "✓ Rope, braided 8 mm")
        await desk.key_in(" ")
        assert desk.shows("1 marked") and not desk.shows("✓ Lamp")
        await desk.press("up")
        await desk.key_in(" ")
        await edit(desk, archived="yes")
        await desk.press("ctrl+s")
        assert desk.shows("2 products: archived.")
        await desk.press("right", "enter")
        await desk.settle()
        await desk.press("ctrl+r")
        await desk.settle()
        assert names(desk) == ["Bolt [M6] zinc 40 mm", "Wood glue 250 g"]


@on_sqlite
async def test_all_of_a_filter_is_released_when_something_else_is_listed(shop: Shop) -> None:
    stocked(shop)
    async with at_products(shop) as desk:
        await desk.press("ctrl+a")
        assert desk.shows("4 marked")
        await choose(desk, "ctrl+o", "price")
        assert desk.shows("4 marked")
        await desk.key_in("oil")
        assert not desk.shows("marked")
        await desk.press("escape", "ctrl+a", "ctrl+a")
        assert not desk.shows("marked")


async def test_a_refusal_names_every_product_and_changes_nothing(shop: Shop) -> None:
    stocked(shop)
    async with at_products(shop) as desk:
        await desk.press("ctrl+a")
        await edit(desk, reorder_point="1.5", order_up_to="3", percent="5")
        await desk.press("ctrl+s", "right", "enter")
        await desk.settle()
        assert isinstance(desk.app.screen, Notice)
        assert desk.shows("4 of the products cannot be changed so; nothing was")
        assert desk.shows("Bolt [M6] zinc 40 mm (BOLT)", "Lamp oil 1 l (LAMP)")
        await desk.press("enter")
        assert price(shop, "BOLT") == 35 and desk.shows("4 marked")


@on_sqlite
async def test_what_cannot_be_meant_stands_beside_its_field(shop: Shop) -> None:
    stocked(shop)
    async with at_products(shop) as desk:
        await desk.key_in(" ")
        await edit(desk, preferred_bin="NOWHERE")
        await desk.press("ctrl+s")
        assert isinstance(desk.app.screen, BulkForm) and desk.shows("✗ There is no bin 'NOWHERE'.")
        await desk.fill("preferred_bin", "")
        await desk.press("ctrl+s")
        assert desk.shows("Say what is to be changed")


@on_sqlite
async def test_without_marks_the_product_under_the_cursor_is_changed_or_labelled(shop: Shop) -> None:
    stocked(shop)
    async with at_products(shop) as desk:
        await desk.press("ctrl+e")
        assert isinstance(desk.app.screen, ProductForm) and desk.shows("Change BOLT")
        await desk.press("escape")
        await desk.key_in("  ")
        await desk.press("ctrl+l")
        screen = desk.app.screen
        assert isinstance(screen, LabelsScreen)
        assert [one.sku for one in screen.chosen.values()] == ["BOLT", "LAMP"]


@on_sqlite
async def test_hostile_names_stay_letters_in_the_filters_the_marks_and_the_bulk_form(shop: Shop) -> None:
    hostile_products(shop, [*MARKUP, *ESCAPES])
    async with at_products(shop, (100, 30)) as desk:
        await desk.press("ctrl+a", "ctrl+e")
        await desk.fill("category", "[/] [b]x")
        await desk.fill("percent", "5")
        desk.app.screen.look_at_first()  # type: ignore[attr-defined]
        await desk.settle()
        for text in screen_lines(desk.app):
            assert_harmless(text)
        await desk.press("ctrl+s")
        assert desk.shows("category [/] [b]x")
        await desk.press("escape", "ctrl+g")
        for text in screen_lines(desk.app):
            assert_harmless(text)
        await desk.key_in("[/]")
        await desk.press("enter")
        assert desk.shows("[category [/] ✕]")
        for text in screen_lines(desk.app):
            assert_harmless(text)
