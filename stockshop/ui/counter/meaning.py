"""Codes that are not clear: several products, words to search for, or something nobody knows."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from stockshop.errors import NotFound
from stockshop.language import tr
from stockshop.ui.counter.desk import Desk
from stockshop.ui.counter.posting import product_of
from stockshop.ui.counter.scanned import Scanned, is_code
from stockshop.ui.counter.views import MODES, Mode, ShowMeanings, ShowResults, ShowUnknown
from stockshop.ui.safe import line

if TYPE_CHECKING:
    from stockshop.services.scanning import Scan


async def ask_which(desk: Desk, scanned: Scanned, scan: Scan) -> None:
    """A code that can be read in several ways: which product is it, or is it this one at all?"""
    from stockshop.services import suggesting

    shop, product = desk.app.shop, product_of(scan)
    offers = await desk.app.in_store(lambda: suggesting.meanings(shop, scanned.code))
    desk.app.bell()
    if len(offers) > 1:
        desk.shown.view = ShowMeanings(offers, scanned, product.id)
        desk.tell(
            tr("{code} can be read in several ways. Which one is it?", code=line(scanned.code)), good=False
        )
        return
    await desk.show_product(product.id)
    desk.ask(
        tr(
            "{code} can be read in several ways. Is it {product}?",
            code=line(scanned.code),
            product=product.name,
        ),
        ("y", tr("yes"), lambda: desk.put(partial(desk.scan_again, scanned.settle("ambiguous")))),
        ("n", tr("no"), None),
    )


async def nothing_known(desk: Desk, scanned: Scanned, scan: Scan) -> None:
    """No product and no bin: words to search for, SKUs that differ by case only, or an unknown code."""
    from stockshop.services import suggesting

    if scanned.typed and not is_code(scanned.code):
        await _search(desk, scanned)
        return
    shop = desk.app.shop
    offers = await desk.app.in_store(lambda: suggesting.meanings(shop, scanned.code))
    if offers:
        desk.app.bell()
        desk.shown.view = ShowMeanings(offers, scanned, None)
        desk.tell(tr("{code} means several products. Which one is it?", code=line(scanned.code)), good=False)
        return
    await _keep_unknown(desk, scanned, scan)


async def _search(desk: Desk, scanned: Scanned) -> None:
    from stockshop.services.catalogue.listing import ProductListing

    listing = ProductListing(desk.app.shop, text=scanned.code)
    found = await desk.app.in_store(lambda: listing.page_from(None, 2))
    if not found:
        raise NotFound(tr("Nothing is called '{words}', and no code begins so.", words=scanned.code[:40]))
    if len(found) == 1 and scanned.mode is Mode.LOOK:
        await desk.show_product(found[0].id)
        desk.tell(found[0].name)
        return
    desk.shown.view = ShowResults(listing, scanned)
    desk.shown.told = None
    desk.show()


async def _keep_unknown(desk: Desk, scanned: Scanned, scan: Scan) -> None:
    from stockshop.services import scanning

    shop, actor = desk.app.shop, desk.app.actor
    where = tr("Counter, {mode}", mode=tr(MODES[scanned.mode].label).lower())
    desk.shown.view = ShowUnknown(scan.code, kept=False, gtin=scan.gtin or "")
    kept = await desk.app.in_store(
        lambda: scanning.keep_unknown(shop, actor, scanned.code, where, client_id=scanned.client_id)
    )
    desk.shown.view = ShowUnknown(scan.code, kept=True, gtin=scan.gtin or "")
    if scan.warnings:
        said = tr("unknown code {code}", code=scan.code)
        desk.warn(f"{said}. {' '.join(scan.warnings)}")
    else:
        desk.warn(tr("unknown code {code}, kept in the tray", code=scan.code))
    offer_for(desk, kept.id, scanned)


def offer_for(desk: Desk, unknown_id: int, scanned: Scanned) -> None:
    """What can be done about a code nobody knows."""
    from stockshop.ui.counter import unknowns

    desk.ask(
        "",
        ("a", tr("attach to a product"), lambda: unknowns.attach(desk, unknown_id, scanned)),
        ("n", tr("new product"), lambda: unknowns.make(desk, unknown_id, scanned)),
        ("d", tr("dismiss"), lambda: unknowns.dismiss(desk, unknown_id, scanned)),
    )
