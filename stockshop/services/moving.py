"""Emptying a bin: everything that lies in it goes to another one, in one entry."""

from __future__ import annotations

import json
from dataclasses import dataclass

from stockshop import text
from stockshop.errors import Refused
from stockshop.ids import new_id
from stockshop.language import tr
from stockshop.ledger import posting
from stockshop.ledger.drafts import MAX_LINES
from stockshop.ledger.posting import Draft, Line
from stockshop.services.locations import bin_in
from stockshop.services.shop import Shop, clean_actor
from stockshop.storage.session import Session


@dataclass(frozen=True, slots=True)
class Emptied:
    """What became of emptying a bin."""

    entry_id: int
    lines: int
    """Products and lots that were moved."""
    below_zero: int
    """Lines that stay because they are below zero: they have to be counted."""
    left: int
    """Lines that stay because one entry holds no more: move the rest as the next one."""


def empty_bin(shop: Shop, actor: str, from_bin: str, to_bin: str, *, client_id: str | None = None) -> Emptied:
    """Move everything in one bin, as it is at this moment, to another one.

    Repeating it with the same `client_id` moves nothing twice. Raises NotFound, InvalidInput, and
    Refused when there is nothing to move.
    """
    actor = clean_actor(actor)
    own_id = text.clean_code(client_id, field="id") if client_id is not None else new_id()
    content = json.dumps(["empty", from_bin, to_bin])

    def work(session: Session) -> Emptied:
        head = posting.lock(session)
        already = posting.find(session, own_id, content)
        if already is not None:
            moved = session.value("SELECT COUNT(*) FROM movement WHERE entry_id = ?", (already.entry_id,))
            return Emptied(already.entry_id, int(moved), 0, 0)
        origin = bin_in(session, from_bin, field="from")
        target = bin_in(session, to_bin, field="to")
        rows = session.rows(
            "SELECT product_id, lot_id, quantity_milli FROM level WHERE location_id = ? "
            "AND quantity_milli <> 0 ORDER BY product_id, lot_id",
            (origin.id,),
        )
        held = [row for row in rows if row[2] > 0]
        if not held:
            raise Refused(
                tr(
                    "Nothing lies in {bin} by the books; count it first if you see something.",
                    bin=origin.code,
                ),
                title=tr("Nothing to move"),
            )
        lines = tuple(
            Line(product_id, quantity_milli, origin.id, target.id, lot_id)
            for product_id, lot_id, quantity_milli in held[:MAX_LINES]
        )
        draft = Draft(client_id=own_id, kind="move", lines=lines, actor=actor, content=content)
        posted = posting.post(session, draft, head=head)
        return Emptied(posted.entry_id, len(lines), len(rows) - len(held), len(held) - len(lines))

    return shop.store.writing(work)
