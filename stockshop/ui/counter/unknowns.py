"""What can be done about a code nobody knows: put it on a product, make one of it, dismiss it.

Asked right after the scan at the counter, and in any order on the screen of unknown scans.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from stockshop.language import tr
from stockshop.ui.counter.forms import NewProduct, NewProductForm
from stockshop.ui.counter.picker import PickedProduct, ProductPicker
from stockshop.ui.counter.views import Home, ShowUnknown
from stockshop.ui.safe import line
from stockshop.ui.screens.dialogs import Ask

if TYPE_CHECKING:
    from stockshop.services.catalogue import Product
    from stockshop.services.finding import FoundProduct
    from stockshop.ui.app import StockshopApp
    from stockshop.ui.counter.desk import Desk
    from stockshop.ui.counter.scanned import Scanned


# -- the questions, and what their answers mean ----------------------------------------------------


async def product_question(
    app: StockshopApp, code: str, *, search: str = "", scanned: FoundProduct | None = None
) -> ProductPicker:
    """Asks which product has the code, and puts it there. Raises ShopError for a code none can have."""
    from stockshop.services import catalogue, unknown_scans

    shop, actor = app.shop, app.actor
    barcode = await app.in_store(lambda: unknown_scans.barcode_of(shop, code))

    async def put_on(picked: PickedProduct) -> PickedProduct:
        await app.in_store(
            lambda: catalogue.add_barcode(shop, actor, picked.product_id, barcode, picked.quantity_milli)
        )
        return picked

    return ProductPicker(shop, line(barcode), put_on, search=search, scanned=scanned)


async def new_question(app: StockshopApp, code: str) -> NewProductForm[Product]:
    """Makes a product with this code. Raises ShopError for a code none can have."""
    from stockshop.services import catalogue, unknown_scans

    shop, actor = app.shop, app.actor
    barcode = await app.in_store(lambda: unknown_scans.barcode_of(shop, code))

    async def add(new: NewProduct) -> Product:
        return await app.in_store(
            lambda: catalogue.add_product(
                shop, actor, barcodes=(barcode,), name=new.name, price_minor=new.price_minor,
                unit=new.unit, category=new.category,
            )
        )  # fmt: skip

    return NewProductForm(line(barcode), add, currency=shop.currency, locale=app.wording.locale)


def reason_question(code: str) -> Ask:
    """Asks why a code does not matter."""
    return Ask(
        tr("Why does {code} not matter?", code=line(code)),
        title=tr("Dismiss an unknown code"),
        value=tr("not ours"),
        required=tr("Say why; it is kept with the code."),
    )


async def attached(app: StockshopApp, unknown_id: int, picked: PickedProduct) -> None:
    """The code is on a product now: it leaves the tray."""
    await _resolve(app, unknown_id, tr("attached to {product}", product=picked.name), picked.product_id)


async def made(app: StockshopApp, unknown_id: int, product: Product) -> None:
    """A product was made of the code: it leaves the tray."""
    await _resolve(app, unknown_id, tr("made into a product"), product.id)


async def dismissed(app: StockshopApp, unknown_id: int, why: str) -> None:
    """The code leaves the tray for this reason."""
    await _resolve(app, unknown_id, tr("dismissed: {why}", why=why))


async def _resolve(
    app: StockshopApp, unknown_id: int, resolution: str, product_id: int | None = None
) -> None:
    from stockshop.services import scanning

    shop, actor = app.shop, app.actor
    await app.in_store(
        lambda: scanning.resolve_unknown(shop, actor, unknown_id, resolution[:200], product_id=product_id)
    )


# -- at the counter ---------------------------------------------------------------------------------


def attach(desk: Desk, unknown_id: int, scanned: Scanned) -> None:
    """Ask for the product, give it the code, and do with the scan what it was for."""
    desk.put(partial(_attach, desk, unknown_id, scanned))


def make(desk: Desk, unknown_id: int, scanned: Scanned) -> None:
    """Make a product with this code, and do with the scan what it was for."""
    desk.put(partial(_make, desk, unknown_id, scanned))


def dismiss(desk: Desk, unknown_id: int, scanned: Scanned) -> None:
    """Take it out of the tray, with the reason."""
    desk.put(partial(_dismiss, desk, unknown_id, scanned))


async def _attach(desk: Desk, unknown_id: int, scanned: Scanned) -> None:
    picked = await desk.app.push_screen_wait(await product_question(desk.app, scanned.code))
    if picked is None:
        desk.offer_for(unknown_id, scanned)
        return
    await attached(desk.app, unknown_id, picked)
    await desk.scan_again(scanned)


async def _make(desk: Desk, unknown_id: int, scanned: Scanned) -> None:
    product = await desk.app.push_screen_wait(await new_question(desk.app, scanned.code))
    if product is None:
        desk.offer_for(unknown_id, scanned)
        return
    await made(desk.app, unknown_id, product)
    await desk.scan_again(scanned)


async def _dismiss(desk: Desk, unknown_id: int, scanned: Scanned) -> None:
    reason = await desk.app.push_screen_wait(reason_question(scanned.code))
    if reason is None:
        desk.offer_for(unknown_id, scanned)
        return
    await dismissed(desk.app, unknown_id, reason.text)
    if isinstance(desk.shown.view, ShowUnknown):
        desk.shown.view = Home()
    desk.tell(tr("dismissed {code}: {why}", code=line(scanned.code), why=reason.text))
