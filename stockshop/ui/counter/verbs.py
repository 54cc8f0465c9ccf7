"""What a scan does in each mode. Everything here runs at the desk, one scan after another."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from stockshop import clock
from stockshop.errors import InvalidInput, NotFound, Refused
from stockshop.quantity import MILLI
from stockshop.ui.counter.desk import Desk, Scanned, Undoable, scan_now
from stockshop.ui.counter.forms import (
    Adjusted,
    AdjustForm,
    Counted,
    CountForm,
    LotForm,
    LotRead,
    LotTyped,
    Spot,
)
from stockshop.ui.counter.moving import MoveLine
from stockshop.ui.counter.views import Mode, ShowProduct
from stockshop.ui.wording import Wording

if TYPE_CHECKING:
    from stockshop.services.counter import ProductCard
    from stockshop.services.finding import FoundProduct
    from stockshop.services.locations import Place
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


def _product(scan: Scan) -> FoundProduct:
    assert scan.product is not None
    return scan.product


def _request(scan: Scan, **more: str | int | None) -> LineRequest:
    from stockshop.services.stock import LineRequest

    product = _product(scan)
    line = LineRequest(product.sku, scan.quantity_milli, product_id=product.id)
    return replace(line, **more)  # type: ignore[arg-type]


def _how_many(desk: Desk, scan: Scan) -> str:
    return desk.app.wording.quantity(scan.quantity_milli, _product(scan).unit)


async def _finish(desk: Desk, scan: Scan, posted: PostedEntry, words: str, more: str = "") -> None:
    """The entry is in the store: show the product as it is now, and say so."""
    product = _product(scan)
    desk.done(Undoable(posted.entry_id, product.id, words))
    await desk.show_product(product.id)
    view = desk.shown.view
    assert isinstance(view, ShowProduct)
    left = desk.app.wording.quantity(view.card.on_hand_milli, product.unit)
    if posted.dips:
        desk.warn(f"{words}{more} · below zero now ({left}): count it")
    else:
        desk.tell(f"{words}{more} · {left} on hand")


# -- look, sell, receive ---------------------------------------------------------------------------


async def look(desk: Desk, scanned: Scanned, scan: Scan) -> None:
    """Show it."""
    product = _product(scan)
    await desk.show_product(product.id)
    price = desk.app.wording.price(scan.price_minor)
    many = f"{_how_many(desk, scan)} × " if scan.quantity_milli != MILLI else ""
    lot = f" · lot {scan.lot}" if scan.lot else ""
    until = f" · until {desk.app.wording.date(scan.expiry)}" if scan.expiry else ""
    desk.tell(f"{many}{product.name}{' · ' + price if price else ''}{lot}{until}")


async def sell(desk: Desk, scanned: Scanned, scan: Scan) -> None:
    """Sell it at once: from the bin scanned before, else the preferred one, the oldest lot first."""
    product = _product(scan)
    words = desk.app.wording
    if scan.expiry and _is_past(scan.expiry, words) and "expired" not in scanned.settled:
        await desk.show_product(product.id)
        desk.warn(f"{product.name}: past its date ({words.date(scan.expiry)}), not sold")
        desk.ask(
            "Sell it all the same?",
            ("n", "no, keep it", None),
            ("y", "yes, sell it", lambda: _again(desk, scanned.settle("expired"))),
        )
        return
    per_piece = scan.price_in_code and product.unit in ("each", "pair", "pack")
    request = _request(
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
            "Not sold. Sell it out of the oldest lot in the books?",
            ("y", "yes", lambda: _again(desk, scanned.settle("lot"))),
            ("n", "no", None),
        )
        return
    total = _total(scan, words, per_piece=per_piece)
    await _finish(desk, scan, posted, f"sold {_how_many(desk, scan)} {product.name}", total)


def _total(scan: Scan, words: Wording, *, per_piece: bool) -> str:
    product = _product(scan)
    if scan.price_in_code and not per_piece and scan.price_minor is not None:
        return f" · {words.price(scan.price_minor)}"
    price_minor = scan.price_minor if per_piece else product.price_minor
    if price_minor is None:
        return " · no price"
    return f" · {words.price(round(price_minor * scan.quantity_milli / MILLI))}"


def _again(desk: Desk, scanned: Scanned) -> None:
    desk.put(partial(desk.scan_again, scanned))


def _is_past(expiry: str, words: Wording) -> bool:
    return date.fromisoformat(expiry) < clock.today(words.zone)


async def receive(desk: Desk, scanned: Scanned, scan: Scan) -> None:
    """Take it in: into the bin scanned before, else where it belongs, else the receiving bin."""
    product = _product(scan)
    words = f"received {_how_many(desk, scan)} {product.name}"
    to_bin = desk.target.code if desk.target else ""
    by_lots = product.tracking != "none"

    async def take_in(typed: LotTyped) -> PostedEntry:
        request = _request(
            scan, to_bin=to_bin, lot=typed.lot, expiry=typed.expiry, unit_cost_e4=typed.unit_cost_e4
        )
        return await post(desk, "receive", [request], scanned.client_id)

    if not by_lots or scan.lot:
        lot = LotTyped(scan.lot or "", scan.expiry or "", None) if by_lots else LotTyped("", "", None)
        posted: PostedEntry | None = await take_in(lot)
    else:
        await desk.show_product(product.id)
        desk.show()
        form = LotForm(
            words.replace("received", "Receiving", 1),
            take_in,
            locale=desk.app.wording.locale,
            expiry=scan.expiry or "",
            read=partial(_read_lot, desk, product),
        )
        posted = await desk.app.push_screen_wait(form)
    if posted is None:
        desk.tell(f"not received: {product.name}", good=False)
        return
    await _finish(desk, scan, posted, words, f" into {to_bin}" if to_bin else "")


async def _read_lot(desk: Desk, product: FoundProduct, code: str) -> LotRead:
    """What a code scanned into the lot form says of the lot."""
    from stockshop.services import scanning

    shop = desk.app.shop
    scan = await desk.app.in_store(lambda: scanning.read_scan(shop, code))
    if scan.place is not None or (scan.product is not None and scan.product.id != product.id):
        return LotRead("", "", "Not scanned: say the lot first (Esc leaves it), then scan again.")
    if scan.product is not None and not scan.lot and not scan.expiry:
        return LotRead("", "", "That code is the product again, without a lot; type the lot.")
    if scan.product is not None:
        return LotRead(scan.lot or "", scan.expiry or "")
    return LotRead(scan.lot or code, scan.expiry or "")


# -- move --------------------------------------------------------------------------------------------


async def move(desk: Desk, scanned: Scanned, scan: Scan) -> None:
    """Put it on the way; the same again adds to it."""
    product = _product(scan)
    await desk.show_product(product.id)
    view = desk.shown.view
    assert isinstance(view, ShowProduct)
    moving = desk.moving
    for number, line in enumerate(moving.lines):
        if _product(line.scan).id == product.id and line.scan.lot == scan.lot:
            added = line.scan.quantity_milli + scan.quantity_milli
            moving.lines[number] = MoveLine(replace(scan, quantity_milli=added), view.card.levels)
            break
    else:
        moving.lines.append(MoveLine(scan, view.card.levels))
    if moving.origin and all(level.bin != moving.origin for level in view.card.levels):
        desk.warn(f"By the books no {product.name} lies in {moving.origin}")
        return
    desk.tell(f"moving {_how_many(desk, scan)} {product.name}")


async def move_to_or_from(desk: Desk, place: Place) -> None:
    """A bin while moving: where it comes from as long as that is open, else where it goes."""
    moving = desk.moving
    if not moving.lines:
        moving.origin = place.code
        await desk.show_bin(place)
        desk.tell(f"moving out of {place.code}")
        return
    if moving.origin == place.code:
        raise InvalidInput(f"It comes from {place.code}; scan the bin it goes to.", field="to")
    if not moving.origin:
        homes = {level.bin for line in moving.lines for level in line.held if level.quantity_milli > 0}
        if place.code in homes and len(homes) > 1:
            moving.origin = place.code
            desk.tell(f"moving out of {place.code}")
            return
        if place.code in homes:
            raise InvalidInput(f"It lies in {place.code} already; scan another bin.", field="to")
        if len(homes) != 1:
            _ask_origin(desk, place, sorted(homes))
            return
    await _move(desk, place)


def _ask_origin(desk: Desk, place: Place, homes: list[str]) -> None:
    if not homes:
        raise Refused("By the books it lies nowhere; receive or count it first.", title="Nothing to move")

    def chosen(home: str) -> None:
        desk.moving.origin = home
        desk.put(partial(_move, desk, place))

    desk.app.bell()
    desk.ask(
        f"To {place.code}. Which bin does it come from?",
        *((str(number), home, partial(chosen, home)) for number, home in enumerate(homes[:9], start=1)),
    )


async def _move(desk: Desk, place: Place) -> None:
    moving = desk.moving
    lines = [
        _request(
            line.scan,
            from_bin=moving.origin,
            to_bin=place.code,
            lot=(line.scan.lot or "") if _product(line.scan).tracking != "none" else "",
        )
        for line in moving.lines
    ]
    posted = await post(desk, "move", lines, scan_now("", Mode.MOVE).client_id)
    first = moving.lines[0].scan
    more = f" and {len(lines) - 1} more" if len(lines) > 1 else ""
    words = f"moved {_how_many(desk, first)} {_product(first).name}{more} to {place.code}"
    moving.clear()
    await _finish(desk, first, posted, words)


# -- adjust, count one -------------------------------------------------------------------------------


def _spots(desk: Desk, card: ProductCard, scan: Scan) -> list[Spot]:
    """The places that may be meant: the bin scanned before, else where it lies, else where it belongs."""
    wording = desk.app.wording
    wanted = desk.target.code if desk.target else ""
    spots = [
        Spot(level.bin, level.lot, level.bin, f"{level.bin_name}{' · lot ' + level.lot if level.lot else ''}")
        for level in card.levels
        if wanted in ("", level.bin) and (not scan.lot or level.lot == scan.lot)
    ]
    if not spots:
        place = wanted or card.preferred_bin or desk.app.shop.settings.receiving_bin
        lot = scan.lot or (scan.expiry or "")
        if card.tracking != "none" and not lot:
            raise Refused(
                f"{card.name} is kept by lots, and none is in the books there: receive it with its lot.",
                title="Which lot?",
            )
        spots = [Spot(place, lot, place, f"until {wording.date(scan.expiry)}" if scan.expiry else "")]
    return spots


async def _card(desk: Desk, product: FoundProduct, *, hidden: bool = False) -> ProductCard:
    await desk.show_product(product.id, hidden=hidden)
    desk.show()
    view = desk.shown.view
    assert isinstance(view, ShowProduct)
    return view.card


async def adjust(desk: Desk, scanned: Scanned, scan: Scan) -> None:
    """Correct the quantity: how much, where and why."""
    product = _product(scan)
    card = await _card(desk, product)
    done: list[Adjusted] = []

    async def correct(typed: Adjusted) -> PostedEntry:
        request = _request(
            scan,
            quantity_milli=typed.quantity_milli,
            from_bin=typed.spot.bin,
            lot=typed.spot.lot,
            expiry=(scan.expiry or "") if typed.spot.lot and typed.quantity_milli > 0 else "",
        )
        done[:] = [typed]
        return await post(desk, "adjust", [request], scanned.client_id, note=typed.reason)

    form = AdjustForm(card.name, correct, unit=card.unit, spots=_spots(desk, card, scan))
    posted = await desk.app.push_screen_wait(form)
    if posted is None:
        desk.tell(f"not adjusted: {product.name}", good=False)
        return
    change = desk.app.wording.quantity(done[0].quantity_milli, product.unit)
    sign = "+" if done[0].quantity_milli > 0 else ""
    words = f"adjusted {product.name} {sign}{change}"
    await _finish(desk, scan, posted, words, f" in {done[0].spot.bin} ({done[0].reason})")


async def count_one(desk: Desk, scanned: Scanned, scan: Scan) -> None:
    """Count it in one bin; what is posted is the difference at the instant of the look."""
    product = _product(scan)
    card = await _card(desk, product, hidden=True)
    form = CountForm(
        card.name, partial(_counted, desk, product, card, scanned), unit=card.unit,
        spots=_spots(desk, card, scan),
    )  # fmt: skip
    words = await desk.app.push_screen_wait(form)
    await desk.show_product(product.id)
    if words is None:
        desk.tell(f"not counted: {product.name}", good=False)
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
        way = "came in" if moved_milli > 0 else "went out"
        desk.warn(f"{words.quantity(abs(moved_milli), product.unit)} {way} while you counted: not posted yet")
        accepted = scanned.settle("moved")
        desk.ask(
            f"Were there {words.quantity(typed.quantity_milli, product.unit)} after that?",
            (
                "y",
                "yes, post it",
                lambda: desk.put(partial(_post_late, desk, product, accepted, typed, at_us)),
            ),
            (
                "n",
                "no, count again",
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
    words = f"counted {number} {product.name} in {line.bin}"
    if posted.entry_id is not None:
        desk.done(Undoable(posted.entry_id, product.id, words))
    if not line.variance_milli:
        return f"{words}: as in the books"
    sign = "+" if line.variance_milli > 0 else ""
    return (
        f"{words}: the books said {wording.quantity(line.book_milli, product.unit)} "
        f"({sign}{wording.quantity(line.variance_milli, product.unit)})"
    )


VERBS: dict[Mode, Callable[[Desk, Scanned, Scan], Awaitable[None]]] = {
    Mode.LOOK: look,
    Mode.RECEIVE: receive,
    Mode.SELL: sell,
    Mode.MOVE: move,
    Mode.ADJUST: adjust,
    Mode.COUNT: count_one,
}
