"""What can be done about a code nobody knows: attach it, make a product of it, dismiss it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from stockshop.ui.counter.forms import NewProduct, NewProductForm
from stockshop.ui.counter.picker import PickedProduct, ProductPicker
from stockshop.ui.counter.views import Home, ShowUnknown
from stockshop.ui.safe import line
from stockshop.ui.screens.dialogs import Ask

if TYPE_CHECKING:
    from stockshop.services.catalogue import Product
    from stockshop.ui.counter.desk import Desk
    from stockshop.ui.counter.scanned import Scanned


def attach(desk: Desk, unknown_id: int, scanned: Scanned) -> None:
    """Ask for the product, give it the code, and do with the scan what it was for."""
    desk.put(partial(_attach, desk, unknown_id, scanned))


def make(desk: Desk, unknown_id: int, scanned: Scanned) -> None:
    """Make a product with this code, and do with the scan what it was for."""
    desk.put(partial(_make, desk, unknown_id, scanned))


def dismiss(desk: Desk, unknown_id: int, scanned: Scanned) -> None:
    """Take it out of the tray, with the reason."""
    desk.put(partial(_dismiss, desk, unknown_id, scanned))


async def _resolve(desk: Desk, unknown_id: int, resolution: str, product_id: int | None = None) -> None:
    from stockshop.services import scanning

    shop, actor = desk.app.shop, desk.app.actor
    await desk.app.in_store(
        lambda: scanning.resolve_unknown(shop, actor, unknown_id, resolution, product_id=product_id)
    )


async def _attach(desk: Desk, unknown_id: int, scanned: Scanned) -> None:
    from stockshop.services import catalogue

    shop, actor = desk.app.shop, desk.app.actor

    async def put_on(picked: PickedProduct) -> PickedProduct:
        await desk.app.in_store(
            lambda: catalogue.add_barcode(shop, actor, picked.product_id, scanned.code, picked.quantity_milli)
        )
        return picked

    picked = await desk.app.push_screen_wait(ProductPicker(shop, line(scanned.code), put_on))
    if picked is None:
        desk.offer_for(unknown_id, scanned)
        return
    await _resolve(desk, unknown_id, f"attached to {picked.name}"[:200], picked.product_id)
    await desk.scan_again(scanned)


async def _make(desk: Desk, unknown_id: int, scanned: Scanned) -> None:
    from stockshop.services import catalogue

    shop, actor = desk.app.shop, desk.app.actor

    async def add(new: NewProduct) -> Product:
        return await desk.app.in_store(
            lambda: catalogue.add_product(
                shop, actor, barcodes=(scanned.code,), name=new.name, price_minor=new.price_minor,
                unit=new.unit, category=new.category,
            )
        )  # fmt: skip

    form = NewProductForm(line(scanned.code), add, currency=shop.currency, locale=desk.app.wording.locale)
    made = await desk.app.push_screen_wait(form)
    if made is None:
        desk.offer_for(unknown_id, scanned)
        return
    await _resolve(desk, unknown_id, "made into a product", made.id)
    await desk.scan_again(scanned)


async def _dismiss(desk: Desk, unknown_id: int, scanned: Scanned) -> None:
    question = Ask(
        f"Why does {line(scanned.code)} not matter?",
        title="Dismiss an unknown code",
        value="not ours",
        required="Say why; it is kept with the code.",
    )
    reason = await desk.app.push_screen_wait(question)
    if reason is None:
        desk.offer_for(unknown_id, scanned)
        return
    await _resolve(desk, unknown_id, f"dismissed: {reason.text}")
    if isinstance(desk.shown.view, ShowUnknown):
        desk.shown.view = Home()
    desk.tell(f"dismissed {line(scanned.code)}: {reason.text}")
