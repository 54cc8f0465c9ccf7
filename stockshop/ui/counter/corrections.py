"""Putting a number right: an adjustment with its reason, or a count of one product in one bin."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from stockshop import clock
from stockshop.errors import Refused
from stockshop.language import tr
from stockshop.ui.counter.desk import Desk
from stockshop.ui.counter.phrases import facts
from stockshop.ui.counter.posting import finish, post, product_of, request_of
from stockshop.ui.counter.scanned import Scanned, Undoable, scan_now
from stockshop.ui.counter.spot_forms import Adjusted, AdjustForm, Counted, CountForm, Spot
from stockshop.ui.counter.views import Mode, ShowProduct

if TYPE_CHECKING:
    from stockshop.services.counter import ProductCard
    from stockshop.services.finding import FoundProduct
    from stockshop.services.scanning import Scan
    from stockshop.services.stock import PostedEntry


def _spots(desk: Desk, card: ProductCard, scan: Scan, bin_code: str) -> list[Spot]:
    """The places that may be meant: the bin scanned before, else where it lies, else where it belongs."""
    wording = desk.app.wording
    wanted = bin_code or (desk.target.code if desk.target else "")
    spots = [
        Spot(
            level.bin,
            level.lot,
            level.bin,
            facts(level.bin_name, tr("lot {lot}", lot=level.lot) if level.lot else ""),
        )
        for level in sorted(card.levels, key=lambda level: not level.preferred)
        if wanted in ("", level.bin) and (not scan.lot or level.lot == scan.lot)
    ]
    if not spots:
        place = wanted or card.preferred_bin or desk.app.shop.settings.receiving_bin
        lot = scan.lot or (scan.expiry or "")
        if card.tracking != "none" and not lot:
            raise Refused(
                tr(
                    "{product} is kept by lots, and none is in the books there: receive it with its lot.",
                    product=card.name,
                ),
                title=tr("Which lot?"),
            )
        until = tr("until {date}", date=wording.date(scan.expiry)) if scan.expiry else ""
        spots = [Spot(place, lot, place, until)]
    return spots


async def _card(desk: Desk, product: FoundProduct, *, hidden: bool = False) -> ProductCard:
    await desk.show_product(product.id, hidden=hidden)
    desk.show()
    view = desk.shown.view
    assert isinstance(view, ShowProduct)
    return view.card


async def adjust(desk: Desk, scanned: Scanned, scan: Scan) -> None:
    """Correct the quantity: how much, where and why."""
    product = product_of(scan)
    card = await _card(desk, product)
    done: list[Adjusted] = []

    async def correct(typed: Adjusted) -> PostedEntry:
        request = request_of(
            scan,
            quantity_milli=typed.quantity_milli,
            from_bin=typed.spot.bin,
            lot=typed.spot.lot,
            expiry=(scan.expiry or "") if typed.spot.lot and typed.quantity_milli > 0 else "",
        )
        done[:] = [typed]
        return await post(desk, "adjust", [request], scanned.client_id, note=typed.reason)

    form = AdjustForm(card.name, correct, unit=card.unit, spots=_spots(desk, card, scan, scanned.bin))
    posted = await desk.app.push_screen_wait(form)
    if posted is None:
        desk.tell(tr("not adjusted: {product}", product=product.name), good=False)
        return
    change = desk.app.wording.quantity(done[0].quantity_milli, product.unit)
    sign = "+" if done[0].quantity_milli > 0 else ""
    words = tr("adjusted {product} {change}", product=product.name, change=f"{sign}{change}")
    said = tr("{what} in {bin} ({reason})", what=words, bin=done[0].spot.bin, reason=done[0].reason)
    await finish(desk, scan, posted, words, said)


async def count_one(desk: Desk, scanned: Scanned, scan: Scan) -> None:
    """Count it in one bin; what is posted is the difference at the instant of the look."""
    product = product_of(scan)
    card = await _card(desk, product, hidden=True)
    form = CountForm(
        card.name, partial(_counted, desk, product, card, scanned), unit=card.unit,
        spots=_spots(desk, card, scan, scanned.bin),
    )  # fmt: skip
    words = await desk.app.push_screen_wait(form)
    await desk.show_product(product.id)
    if words is None:
        desk.tell(tr("not counted: {product}", product=product.name), good=False)
    elif words:
        desk.tell(words)


async def _counted(
    desk: Desk, product: FoundProduct, before: ProductCard, scanned: Scanned, typed: Counted
) -> str:
    """Post the count unless stock moved since it was scanned; then ask. Answers what to say, or ""."""
    from stockshop.services import counter

    shop = desk.app.shop
    at_us = clock.now_us()
    card = await desk.app.in_store(lambda: counter.product_card(shop, product.id))
    moved_milli = _level(card, typed.spot) - _level(before, typed.spot)
    if moved_milli and "moved" not in scanned.settled:
        words = desk.app.wording
        moved = words.quantity(abs(moved_milli), product.unit)
        desk.warn(
            tr("{quantity} came in while you counted: not posted yet", quantity=moved)
            if moved_milli > 0
            else tr("{quantity} went out while you counted: not posted yet", quantity=moved)
        )
        accepted = scanned.settle("moved")
        desk.ask(
            tr(
                "Were there {quantity} after that?",
                quantity=words.quantity(typed.quantity_milli, product.unit),
            ),
            (
                "y",
                tr("yes, post it"),
                lambda: desk.put(partial(_post_late, desk, product, accepted, typed, at_us)),
            ),
            (
                "n",
                tr("no, count again"),
                lambda: desk.put(partial(desk.scan_again, scan_now(scanned.code, Mode.COUNT))),
            ),
        )
        return ""
    return await _post_count(desk, product, scanned, typed, at_us)


async def _post_late(desk: Desk, product: FoundProduct, scanned: Scanned, typed: Counted, at_us: int) -> None:
    words = await _post_count(desk, product, scanned, typed, at_us)
    await desk.show_product(product.id)
    desk.tell(words)


def _level(card: ProductCard, spot: Spot) -> int:
    return sum(
        level.quantity_milli for level in card.levels if (level.bin, level.lot) == (spot.bin, spot.lot)
    )


async def _post_count(desk: Desk, product: FoundProduct, scanned: Scanned, typed: Counted, at_us: int) -> str:
    from stockshop.services import counting
    from stockshop.services.counting import Look

    shop, actor, wording = desk.app.shop, desk.app.actor, desk.app.wording
    spot = typed.spot
    seen = Look(product.sku, spot.bin, typed.quantity_milli, at_us, lot=spot.lot, product_id=product.id)
    posted = await desk.app.in_store(
        lambda: counting.post_count(shop, actor, [seen], client_id=scanned.client_id)
    )
    line = posted.lines[0]
    number = wording.quantity(line.counted_milli, product.unit)
    words = tr("counted {quantity} {product} in {bin}", quantity=number, product=product.name, bin=line.bin)
    if posted.entry_id is not None:
        desk.done(Undoable(posted.entry_id, product.id, words))
    if not line.variance_milli:
        return tr("{what}: as in the books", what=words)
    sign = "+" if line.variance_milli > 0 else ""
    return tr(
        "{what}: the books said {book} ({difference})",
        what=words,
        book=wording.quantity(line.book_milli, product.unit),
        difference=f"{sign}{wording.quantity(line.variance_milli, product.unit)}",
    )
