"""Undoing at the counter: one entry after the other, the last first, by counter-entries."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from stockshop.errors import Refused, ShopError, StoreLocked, StoreUnavailable
from stockshop.ids import new_id
from stockshop.language import tr, trn
from stockshop.ui.counter.desk import Desk
from stockshop.ui.counter.phrases import did
from stockshop.ui.counter.scanned import Undoable

if TYPE_CHECKING:
    from stockshop.services.entries import OwnEntry


async def undo(desk: Desk, client_id: str) -> None:
    """Undo this station's last entry; when there is none any more, ask for the one before the start."""
    if not desk.undoable:
        await _ask_for_earlier(desk)
        return
    last = desk.undoable[-1]
    try:
        await _reverse(desk, last, client_id)
    except (StoreUnavailable, StoreLocked):
        raise
    except ShopError:
        # Somebody else has undone it, or the rules forbid it: the one before can be undone still.
        desk.undoable.remove(last)
        raise
    desk.undoable.remove(last)


async def _reverse(desk: Desk, last: Undoable, client_id: str) -> None:
    from stockshop.services import stock

    shop, actor = desk.app.shop, desk.app.actor
    await desk.app.in_store(
        lambda: stock.reverse_entry(
            shop, actor, last.entry_id, tr("undone at the counter"), client_id=client_id
        )
    )
    await desk.show_product(last.product_id)
    desk.tell(tr("undone: {what}", what=last.words))


async def _ask_for_earlier(desk: Desk) -> None:
    """After a start nothing is certain to be this person's own: it is named, and asked for."""
    from stockshop.services import entries

    shop, actor = desk.app.shop, desk.app.actor
    own = await desk.app.in_store(lambda: entries.last_own(shop, actor))
    error = Refused(tr("Nothing of this session is left to undo."), title=tr("Nothing undone"))
    if own is None:
        raise error
    desk.refuse(error)
    words = _words(desk, own)
    earlier = Undoable(own.entry_id, own.product_id, words)
    desk.ask(
        tr(
            "{time}, before this session, {who}: {what}. Undo that?",
            time=desk.app.wording.time(own.recorded_at_us),
            who=actor,
            what=words,
        ),
        ("y", tr("yes, undo it"), lambda: desk.put(partial(_reverse, desk, earlier, new_id()))),
        ("n", tr("no"), None),
    )


def _words(desk: Desk, own: OwnEntry) -> str:
    words = did(own.kind, desk.app.wording.quantity(own.quantity_milli, own.unit), own.name)
    if own.lines == 1:
        return words
    more = trn("and {count} more", "and {count} more", own.lines - 1)
    return f"{words} {more}"
