"""Moving: bin, products, bin, in any order that makes sense."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from stockshop.errors import InvalidInput, Refused
from stockshop.language import tr, trn
from stockshop.ui.counter.desk import Desk
from stockshop.ui.counter.moving import MoveLine
from stockshop.ui.counter.posting import finish, how_many, post, product_of, request_of
from stockshop.ui.counter.scanned import Scanned, scan_now
from stockshop.ui.counter.views import Mode, ShowProduct

if TYPE_CHECKING:
    from stockshop.services.locations import Place
    from stockshop.services.scanning import Scan


async def move(desk: Desk, scanned: Scanned, scan: Scan) -> None:
    """Put it on the way; the same again adds to it."""
    product = product_of(scan)
    await desk.show_product(product.id)
    view = desk.shown.view
    assert isinstance(view, ShowProduct)
    moving = desk.moving
    for number, line in enumerate(moving.lines):
        if product_of(line.scan).id == product.id and line.scan.lot == scan.lot:
            added = line.scan.quantity_milli + scan.quantity_milli
            moving.lines[number] = MoveLine(replace(scan, quantity_milli=added), view.card.levels)
            break
    else:
        moving.lines.append(MoveLine(scan, view.card.levels))
    if moving.origin and all(level.bin != moving.origin for level in view.card.levels):
        desk.warn(tr("By the books no {product} lies in {bin}", product=product.name, bin=moving.origin))
        return
    desk.tell(tr("moving {quantity} {product}", quantity=how_many(desk, scan), product=product.name))


async def move_to_or_from(desk: Desk, place: Place) -> None:
    """A bin while moving: where it comes from as long as that is open, else where it goes."""
    moving = desk.moving
    if not moving.lines:
        moving.origin = place.code
        await desk.show_bin(place)
        desk.tell(tr("moving out of {bin}", bin=place.code))
        return
    if moving.origin == place.code:
        raise InvalidInput(tr("It comes from {bin}; scan the bin it goes to.", bin=place.code), field="to")
    if not moving.origin:
        homes = {level.bin for line in moving.lines for level in line.held if level.quantity_milli > 0}
        if place.code in homes and len(homes) > 1:
            moving.origin = place.code
            desk.tell(tr("moving out of {bin}", bin=place.code))
            return
        if place.code in homes:
            raise InvalidInput(tr("It lies in {bin} already; scan another bin.", bin=place.code), field="to")
        if len(homes) != 1:
            _ask_origin(desk, place, sorted(homes))
            return
    await _move(desk, place)


def _ask_origin(desk: Desk, place: Place, homes: list[str]) -> None:
    if not homes:
        raise Refused(
            tr("By the books it lies nowhere; receive or count it first."), title=tr("Nothing to move")
        )

    def chosen(home: str) -> None:
        desk.moving.origin = home
        desk.put(partial(_move, desk, place))

    desk.app.bell()
    desk.ask(
        tr("To {bin}. Which bin does it come from?", bin=place.code),
        *((str(number), home, partial(chosen, home)) for number, home in enumerate(homes[:9], start=1)),
    )


async def _move(desk: Desk, place: Place) -> None:
    moving = desk.moving
    lines = [
        request_of(
            line.scan,
            from_bin=moving.origin,
            to_bin=place.code,
            lot=(line.scan.lot or "") if product_of(line.scan).tracking != "none" else "",
        )
        for line in moving.lines
    ]
    posted = await post(desk, "move", lines, scan_now("", Mode.MOVE).client_id)
    first = moving.lines[0].scan
    quantity, name = how_many(desk, first), product_of(first).name
    if len(lines) == 1:
        words = tr("moved {quantity} {product} to {bin}", quantity=quantity, product=name, bin=place.code)
    else:
        words = trn(
            "moved {quantity} {product} and {count} more to {bin}",
            "moved {quantity} {product} and {count} more to {bin}",
            len(lines) - 1,
            quantity=quantity,
            product=name,
            bin=place.code,
        )
    moving.clear()
    await finish(desk, first, posted, words)
