"""Opening a line of the home screen: the product, its count, the unknown scans, or the entry."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from stockshop.ids import new_id
from stockshop.language import tr
from stockshop.ui.counter.desk import Desk
from stockshop.ui.counter.scanned import scan_now
from stockshop.ui.counter.tasks import Target
from stockshop.ui.counter.views import Mode

if TYPE_CHECKING:
    from stockshop.services.entries import EntryDetail

UNKNOWN_SCANS = "unknown-scans"


def open_target(desk: Desk, target: Target) -> None:
    """Go where the line leads."""
    if target.what == "unknown":
        desk.app.action_go(UNKNOWN_SCANS)
    elif target.what == "low":
        desk.app.action_go("low")
    elif target.what == "expected":
        from stockshop.ui.low_stock.expected_screen import ExpectedScreen

        desk.app.push_screen(ExpectedScreen())
    elif target.what == "entry":
        desk.put(partial(_open_entry, desk, target.id))
    elif target.what == "count":
        scanned = scan_now("", Mode.COUNT, typed=True)
        desk.take(scanned.of_product(target.id, bin_code=target.bin))
    else:
        desk.take(scan_now("", Mode.LOOK, typed=True).of_product(target.id))


async def _open_entry(desk: Desk, entry_id: int) -> None:
    """All lines of an entry; it can be undone from there, with a reason."""
    from stockshop.services import entries
    from stockshop.ui.movements.entry_dialog import EntryDialog

    app, shop = desk.app, desk.app.shop
    detail = await app.in_store(lambda: entries.entry(shop, entry_id))
    if await app.push_screen_wait(EntryDialog(detail, app.wording)) is not None:
        await _undo_entry(desk, detail)


async def _undo_entry(desk: Desk, detail: EntryDetail) -> None:
    from stockshop.services import stock
    from stockshop.ui.screens.dialogs import Ask

    app, shop, actor, number = desk.app, desk.app.shop, desk.app.actor, detail.entry_id
    question = Ask(
        tr("Entry {entry} stays in the books, and a new one takes everything back.", entry=number),
        title=tr("Why is it undone?"),
        placeholder=tr("booked twice, wrong product …"),
        required=tr("Say why it is undone; the reason is kept."),
    )
    answer = await app.push_screen_wait(question)
    if answer is None:
        return
    client_id = new_id()
    posted = await app.in_store(
        lambda: stock.reverse_entry(shop, actor, number, answer.text, client_id=client_id)
    )
    desk.undoable[:] = [one for one in desk.undoable if one.entry_id != number]
    await desk.show_product(detail.lines[0].product_id)
    desk.tell(tr("Entry {entry} is undone by entry {other}.", entry=number, other=posted.entry_id))
