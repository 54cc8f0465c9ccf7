"""What a scan does in each mode. Everything here runs at the desk, one scan after another."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from stockshop import clock
from stockshop.errors import NotFound
from stockshop.language import tr
from stockshop.quantity import MILLI
from stockshop.ui.counter.corrections import adjust, count_one
from stockshop.ui.counter.desk import Desk
from stockshop.ui.counter.forms import LotForm, LotRead, LotTyped
from stockshop.ui.counter.moves import move
from stockshop.ui.counter.phrases import did, facts
from stockshop.ui.counter.posting import finish, how_many, post, product_of, request_of

# Loaded with the verbs, before the first scan is shown by it.
from stockshop.ui.counter.product_face import ProductFace as ProductFace
from stockshop.ui.counter.scanned import Scanned
from stockshop.ui.counter.views import Mode
from stockshop.ui.wording import Wording

if TYPE_CHECKING:
    from stockshop.services.finding import FoundProduct
    from stockshop.services.scanning import Scan
    from stockshop.services.stock import PostedEntry


async def look(desk: Desk, scanned: Scanned, scan: Scan) -> None:
    """Show it."""
    product = product_of(scan)
    await desk.show_product(product.id)
    # A price within the code is that of the whole piece.
    price = desk.app.wording.price(scan.price_minor, "each" if scan.price_in_code else product.unit)
    many = f"{how_many(desk, scan)} × " if scan.quantity_milli != MILLI else ""
    lot = tr("lot {lot}", lot=scan.lot) if scan.lot else ""
    until = tr("until {date}", date=desk.app.wording.date(scan.expiry)) if scan.expiry else ""
    desk.tell(facts(f"{many}{product.name}", price, lot, until))


async def sell(desk: Desk, scanned: Scanned, scan: Scan) -> None:
    """Sell it at once: from the bin scanned before, else the preferred one, the oldest lot first."""
    product = product_of(scan)
    words = desk.app.wording
    if scan.expiry and _is_past(scan.expiry, words) and "expired" not in scanned.settled:
        await desk.show_product(product.id)
        desk.warn(
            tr("{product}: past its date ({date}), not sold", product=product.name,
               date=words.date(scan.expiry))
        )  # fmt: skip
        desk.ask(
            tr("Sell it all the same?"),
            ("n", tr("no, keep it"), None),
            ("y", tr("yes, sell it"), lambda: _again(desk, scanned.settle("expired"))),
        )
        return
    per_piece = scan.price_in_code and product.unit in ("each", "pair", "pack")
    request = request_of(
        scan,
        from_bin=desk.target.code if desk.target else "",
        lot="" if "lot" in scanned.settled or product.tracking == "none" else scan.lot or "",
        price_minor=scan.price_minor if per_piece or product.price_minor is None else None,
    )
    try:
        posted = await post(desk, "sell", [request], scanned.client_id)
    except NotFound as error:
        if error.field != "lot":
            raise
        desk.refuse(error)
        desk.ask(
            tr("Not sold. Sell it out of the oldest lot in the books?"),
            ("y", tr("yes"), lambda: _again(desk, scanned.settle("lot"))),
            ("n", tr("no"), None),
        )
        return
    sold = did("sell", how_many(desk, scan), product.name)
    await finish(desk, scan, posted, sold, facts(sold, _total(scan, words, per_piece=per_piece)))


def _total(scan: Scan, words: Wording, *, per_piece: bool) -> str:
    product = product_of(scan)
    if scan.price_in_code and not per_piece and scan.price_minor is not None:
        return words.price(scan.price_minor)
    price_minor = scan.price_minor if per_piece else product.price_minor
    if price_minor is None:
        return tr("no price")
    return words.price(round(price_minor * scan.quantity_milli / MILLI))


def _again(desk: Desk, scanned: Scanned) -> None:
    desk.put(partial(desk.scan_again, scanned))


def _is_past(expiry: str, words: Wording) -> bool:
    return date.fromisoformat(expiry) < clock.today(words.zone)


async def receive(desk: Desk, scanned: Scanned, scan: Scan) -> None:
    """Take it in: into the bin scanned before, else where it belongs, else the receiving bin."""
    product = product_of(scan)
    many = how_many(desk, scan)
    words = did("receive", many, product.name)
    cost_e4 = desk.next_cost_e4
    to_bin = desk.target.code if desk.target else ""
    by_lots = product.tracking != "none"

    async def take_in(typed: LotTyped) -> PostedEntry:
        request = request_of(
            scan, to_bin=to_bin, lot=typed.lot, expiry=typed.expiry,
            unit_cost_e4=cost_e4 if typed.unit_cost_e4 is None else typed.unit_cost_e4,
        )  # fmt: skip
        return await post(desk, "receive", [request], scanned.client_id)

    if not by_lots or scan.lot:
        lot = LotTyped(scan.lot or "", scan.expiry or "", None) if by_lots else LotTyped("", "", None)
        posted: PostedEntry | None = await take_in(lot)
    else:
        await desk.show_product(product.id)
        desk.show()
        form = LotForm(
            tr("Receiving {quantity} {product}", quantity=many, product=product.name),
            take_in,
            locale=desk.app.wording.locale,
            expiry=scan.expiry or "",
            read=partial(_read_lot, desk, product),
        )
        posted = await desk.app.push_screen_wait(form)
    if posted is None:
        desk.tell(tr("not received: {product}", product=product.name), good=False)
        return
    desk.next_cost_e4 = None
    said = tr("{what} into {bin}", what=words, bin=to_bin) if to_bin else words
    if cost_e4 is not None:
        said = tr("{what} at {cost} each", what=said, cost=desk.app.wording.cost(cost_e4))
    await finish(desk, scan, posted, words, said, is_receipt=True)


async def _read_lot(desk: Desk, product: FoundProduct, code: str) -> LotRead:
    """What a code scanned into the lot form says of the lot."""
    from stockshop.services import scanning

    shop = desk.app.shop
    scan = await desk.app.in_store(lambda: scanning.read_scan(shop, code))
    if scan.place is not None or (scan.product is not None and scan.product.id != product.id):
        return LotRead("", "", tr("Not scanned: say the lot first (Esc leaves it), then scan again."))
    if scan.product is not None and not scan.lot and not scan.expiry:
        return LotRead("", "", tr("That code is the product again, without a lot; type the lot."))
    if scan.product is not None:
        return LotRead(scan.lot or "", scan.expiry or "")
    return LotRead(scan.lot or code, scan.expiry or "")


VERBS: dict[Mode, Callable[[Desk, Scanned, Scan], Awaitable[None]]] = {
    Mode.LOOK: look,
    Mode.RECEIVE: receive,
    Mode.SELL: sell,
    Mode.MOVE: move,
    Mode.ADJUST: adjust,
    Mode.COUNT: count_one,
}
