"""Giving a receipt another cost: the old one is taken back and posted anew, in one piece."""

from __future__ import annotations

import json

from stockshop import text
from stockshop.errors import InvalidInput, NotFound, Refused
from stockshop.ids import new_id
from stockshop.language import tr
from stockshop.ledger import posting
from stockshop.ledger.posting import Draft, Line
from stockshop.services.shop import Shop, clean_actor
from stockshop.services.stock import PostedEntry
from stockshop.storage.session import Session

_ENTRY = (
    "SELECT kind, occurred_at_us, reference, note, (SELECT r.id FROM entry r WHERE r.reverses_id = entry.id) "
    "FROM entry WHERE id = ?"
)
_LINES = (
    "SELECT m.product_id, m.quantity_milli, m.from_id, m.to_id, m.lot_id, m.value_e4, m.price_minor "
    "FROM movement m WHERE m.entry_id = ? AND m.quantity_milli > 0 ORDER BY m.line"
)


def recost_receipt(
    shop: Shop, actor: str, entry_id: int, unit_cost_e4: int, *, client_id: str | None = None
) -> PostedEntry:
    """Post a receipt of one product anew with this cost of one unit (1/10,000), and undo the old one.

    Both happen or neither; repeating it with the same `client_id` changes nothing. Answers the new
    receipt. Raises NotFound, InvalidInput for a cost below zero, and Refused for what is no receipt,
    has several lines or has been undone.
    """
    actor = clean_actor(actor)
    own_id = text.clean_code(client_id, field="id") if client_id is not None else new_id()
    if unit_cost_e4 < 0:
        raise InvalidInput(tr("A cost is not below zero."), field="unit_cost")
    content = json.dumps(["recost", entry_id, unit_cost_e4])

    def work(session: Session) -> PostedEntry:
        head = posting.lock(session)
        already = posting.find(session, own_id, content)
        if already is not None:
            return PostedEntry(own_id, already.entry_id, "already posted", already.dips)
        row = session.row(_ENTRY, (entry_id,))
        if row is None:
            raise NotFound(tr("There is no entry {number}.", number=entry_id), field="entry")
        lines = session.rows(_LINES, (entry_id,))
        if row[0] != "receive" or len(lines) != 1:
            raise Refused(tr("Only a receipt of one product can be given another cost."), field="entry")
        if row[4] is not None:
            raise Refused(tr("This entry has been undone already."), field="entry")
        product_id, quantity_milli, from_id, to_id, lot_id, value_e4, price_minor = lines[0]
        # The old receipt goes on counting for what was ordered: the new one must not count again.
        # First in, then out: so the bin is never below zero in between.
        anew = Line(
            product_id, quantity_milli, from_id, to_id, lot_id, unit_cost_e4=unit_cost_e4,
            price_minor=price_minor,
        )  # fmt: skip
        posted = posting.post(
            session,
            Draft(client_id=own_id, kind="receive", lines=(anew,), actor=actor, reference=row[2],
                  note=row[3], content=content),
            head=head,
        )  # fmt: skip
        back = Line(product_id, quantity_milli, to_id, from_id, lot_id, value_e4=value_e4)
        posting.post(
            session,
            Draft(client_id=f"{own_id}-back", kind="reversal", lines=(back,), actor=actor, reference=row[2],
                  note=tr("another cost"), reverses_id=entry_id, content=content),
        )  # fmt: skip
        return PostedEntry(own_id, posted.entry_id, "posted", posted.dips)

    return shop.store.writing(work)
