"""Posting what a scan asks for, and saying so once it is in the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from stockshop.language import tr
from stockshop.ui.counter.desk import Desk
from stockshop.ui.counter.phrases import facts
from stockshop.ui.counter.scanned import Undoable
from stockshop.ui.counter.views import ShowProduct

if TYPE_CHECKING:
    from stockshop.services.finding import FoundProduct
    from stockshop.services.scanning import Scan
    from stockshop.services.stock import LineRequest, PostedEntry


async def post(
    desk: Desk, kind: str, lines: Sequence[LineRequest], client_id: str, note: str = ""
) -> PostedEntry:
    """Post an entry under its own id; with the connection lost, the same again when it is back."""
    from stockshop.services import stock

    app = desk.app
    shop, actor = app.shop, app.actor
    return await app.in_store(
        lambda: stock.post_entry(shop, actor, kind, lines, client_id=client_id, note=note)
    )


def product_of(scan: Scan) -> FoundProduct:
    """The product of a scan that has one."""
    assert scan.product is not None
    return scan.product


def request_of(scan: Scan, **more: str | int | None) -> LineRequest:
    """The line a scan stands for; `more` says what the scan does not."""
    from stockshop.services.stock import LineRequest

    product = product_of(scan)
    line = LineRequest(product.sku, scan.quantity_milli, product_id=product.id)
    return replace(line, **more)  # type: ignore[arg-type]


def how_many(desk: Desk, scan: Scan) -> str:
    """The quantity of a scan in words."""
    return desk.app.wording.quantity(scan.quantity_milli, product_of(scan).unit)


async def finish(
    desk: Desk, scan: Scan, posted: PostedEntry, words: str, said: str = "", *, is_receipt: bool = False
) -> None:
    """The entry is in the store: show the product as it is now, and say so.

    `words` name what was done, for the undoing; `said` is told instead where there is more to say.
    """
    product = product_of(scan)
    desk.done(Undoable(posted.entry_id, product.id, words, is_receipt))
    await desk.show_product(product.id)
    view = desk.shown.view
    assert isinstance(view, ShowProduct)
    left = desk.app.wording.quantity(view.card.on_hand_milli, product.unit)
    if posted.dips:
        desk.warn(facts(said or words, tr("below zero now ({quantity}): count it", quantity=left)))
    else:
        desk.tell(facts(said or words, tr("{quantity} on hand", quantity=left)))
