"""What is typed into a form outlives a crash, and nothing else of it is kept."""

from __future__ import annotations

from stockshop.services import catalogue
from stockshop.services.drafts import Draft, keep_draft, kept_draft
from stockshop.services.shop import Shop
from stockshop.ui.drafting import station_key
from stockshop.ui.products.product_form import ProductForm
from stockshop.ui.screens.dialogs import Confirm
from stockshop.ui.screens.record_form import RecordForm
from stockshop.ui.widgets.cycle import Cycle
from tests.ui.at_work import Desk, on_sqlite, stocked
from tests.ui.test_hostile import ESCAPES, MARKUP, assert_harmless, screen_lines
from tests.ui.test_products import at_products

NEW = station_key("product.new")


def form(desk: Desk) -> RecordForm[object]:
    found = desk.app.screen
    assert isinstance(found, RecordForm)
    return found


async def keep(desk: Desk) -> Draft | None:
    """What is kept once the moment after the last key has passed."""
    form(desk).keep_now()
    await desk.settle()
    return kept_draft(desk.app.shop, NEW)


async def test_what_is_typed_is_kept_and_comes_back_until_it_is_saved(shop: Shop) -> None:
    stocked(shop)
    async with at_products(shop) as desk:
        await desk.press("ctrl+n")
        await desk.fill("name", "Linseed oil")
        desk.get("#field-tracking", Cycle).value = "lot"
        kept = await keep(desk)
        assert kept is not None and dict(kept.values) == {"name": "Linseed oil", "tracking": "lot"}
        assert kept.actor == "Ada"
    # The app is gone without a word; another one is started.
    async with at_products(shop) as desk:
        await desk.press("ctrl+n")
        assert desk.shows("Linseed oil", "‹ lots with dates ›", "brought back; Ctrl+R forgets it", "Ada")
        await desk.press("ctrl+s")
        assert catalogue.find_product(shop, "P00001").name == "Linseed oil"
        await desk.settle()
        assert kept_draft(shop, NEW) is None
        await desk.press("escape", "ctrl+n")
        assert form(desk).value_of("name") == "" and not desk.shows("brought back")


@on_sqlite
async def test_what_is_thrown_away_or_forgotten_does_not_come_back(shop: Shop) -> None:
    stocked(shop)
    async with at_products(shop) as desk:
        await desk.press("ctrl+n")
        await desk.fill("name", "Linseed oil")
        assert await keep(desk) is not None
        await desk.press("escape")
        assert isinstance(desk.app.screen, Confirm)
        await desk.press("right", "enter")
        await desk.settle()
        assert kept_draft(shop, NEW) is None
        keep_draft(shop, "Bea", NEW, {"name": "Beeswax", "no such field": "x"})
        await desk.press("ctrl+n")
        assert desk.shows("Beeswax", "Bea")
        await desk.press("ctrl+r")
        await desk.settle()
        assert not desk.shows("Beeswax") and not desk.shows("brought back")
        assert kept_draft(shop, NEW) is None
        await desk.press("escape")
        assert not isinstance(desk.app.screen, Confirm | ProductForm)


@on_sqlite
async def test_only_what_was_changed_comes_back_over_a_product_that_others_change_too(shop: Shop) -> None:
    ids = stocked(shop)
    key = station_key(f"product.{ids['GLUE']}")
    async with at_products(shop) as desk:
        await desk.key_in("glue")
        await desk.press("ctrl+e")
        await desk.fill("price", "4.95")
        form(desk).keep_now()
        await desk.settle()
        kept = kept_draft(shop, key)
        assert kept is not None and dict(kept.values) == {"price": "4.95"}
    catalogue.change_product(shop, "Bea", ids["GLUE"], name="Wood glue 300 g")
    async with at_products(shop) as desk:
        await desk.key_in("glue")
        await desk.press("ctrl+e")
        assert desk.shows("Wood glue 300 g", "4.95", "brought back")
        await desk.press("ctrl+s")
        await desk.settle()
        after = catalogue.product(shop, ids["GLUE"]).product
        assert (after.name, after.price_minor) == ("Wood glue 300 g", 495)
        assert kept_draft(shop, key) is None


@on_sqlite
async def test_a_form_nobody_has_typed_into_leaves_no_draft(shop: Shop) -> None:
    stocked(shop)
    async with at_products(shop) as desk:
        await desk.press("ctrl+n")
        assert await keep(desk) is None
        await desk.fill("name", "x")
        assert await keep(desk) is not None
        await desk.fill("name", "")
        assert await keep(desk) is None


@on_sqlite
async def test_a_hostile_draft_is_drawn_as_letters(shop: Shop) -> None:
    stocked(shop)
    async with at_products(shop) as desk:
        names = [*MARKUP, *ESCAPES]
        fields = ("name", "sku", "category", "unit", "label_name", "net_content", "notes", "tracking")
        for start in range(0, len(names), len(fields)):
            part = names[start : start + len(fields)]
            keep_draft(shop, "Ada", NEW, dict(zip(fields, part, strict=False)))
            await desk.app.push_screen(ProductForm(shop, "Ada"))
            await desk.settle()
            for text in screen_lines(desk.app):
                assert_harmless(text)
            assert desk.shows("brought back")
            desk.app.pop_screen()
