"""The bins that a file names and the shop does not have yet.

A list from another system brings its own places along. They are made with the products in them, in
one zone and in the order of their codes, and each is told, so that a slip of the pen is seen.
"""

from __future__ import annotations

import re

from stockshop.errors import Conflict, InvalidInput, NotFound
from stockshop.language import tr
from stockshop.services import locations
from stockshop.services.importing.drafts import RowProblem
from stockshop.services.shop import Shop
from stockshop.storage.session import Session
from stockshop.text import printable

_DIGITS = re.compile(r"([0-9]+)")
_ZONE = (
    "SELECT z.code FROM location z WHERE z.kind = 'zone' AND z.archived_at_us IS NULL ORDER BY CASE WHEN "
    "EXISTS (SELECT 1 FROM location b WHERE b.parent_id = z.id AND b.code = ?) THEN 1 ELSE 0 END, "
    "z.walk_order, z.id LIMIT 1"
)


class NewBins:
    """The bins made for one file, inside its transaction."""

    def __init__(self, shop: Shop, actor: str) -> None:
        self.shop = shop
        self.actor = actor
        self.notices: list[RowProblem] = []
        self._known: set[str] = set()
        self._made: dict[str, int] = {}
        self._pending: list[tuple[str, int, RowProblem]] = []

    def need(self, session: Session, row: int, field: str, wanted: str) -> None:
        """Make the bin unless it is there. Raises InvalidInput or Conflict for a code that no bin can
        have, NotFound where there is no zone to make it in; what is archived or no bin is left alone.
        """
        if wanted in self._known:
            return
        if locations.find_in(session, wanted) is not None:
            self._known.add(wanted)
            return
        zone: str | None = session.value(_ZONE, (self.shop.settings.receiving_bin,))
        if zone is None:
            raise NotFound(
                tr(
                    "There is no bin '{wanted}' and no zone to make it in; add one with 'stockshop place "
                    "add'.",
                    wanted=printable(wanted)[:40],
                ),
                field=field,
            )
        try:
            place = locations.add_place_in(session, self.actor, "bin", wanted, parent=zone)
        except (InvalidInput, Conflict) as error:
            raise type(error)(error.message, field=field) from error
        told = RowProblem(
            row, field, place.code, tr("This bin is new: it is made in the zone {zone}.", zone=zone)
        )
        self._pending.append((wanted, place.id, told))
        self._known.add(wanted)

    def settle(self, *, kept: bool) -> None:
        """After each row: what it made stays, or went with the row."""
        if not self._pending:
            return
        for wanted, place_id, told in self._pending:
            if kept:
                self._made[told.value] = place_id
                self.notices.append(told)
            else:
                self._known.discard(wanted)
        self._pending.clear()

    def put_in_order(self, session: Session) -> None:
        """Let a person walk past the new bins by their codes, behind those that were there."""
        if len(self._made) < 2:
            return
        ids = list(self._made.values())
        rows = session.rows(
            f"SELECT walk_order FROM location WHERE id IN ({', '.join('?' * len(ids))}) ORDER BY walk_order",
            ids,
        )
        for code, (walk_order,) in zip(sorted(self._made, key=_by_number), rows, strict=True):
            session.run("UPDATE location SET walk_order = ? WHERE id = ?", (walk_order, self._made[code]))


def _by_number(code: str) -> list[tuple[int, int, str]]:
    """A-2 before A-10."""
    parts = _DIGITS.split(code.casefold())
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts if part]
