"""The only writer of entries, movements, levels and costs.

An entry is posted inside a transaction that a service has opened. The head of the ledger is locked
first, so every entry has its place in one order, whatever the engine and however many tills.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from stockshop import clock
from stockshop.errors import Conflict, InvalidInput, NotFound, Refused
from stockshop.language import tr
from stockshop.ledger import drafts
from stockshop.ledger.costing import Stock
from stockshop.ledger.drafts import LIMIT_HELD_MILLI, LIMIT_VALUE_E4, Dip, Draft, Line, Posted
from stockshop.money import value_at_cost_e4
from stockshop.quantity import plain
from stockshop.storage.models.locations import REVALUATION, SUPPLIER, TRANSIT
from stockshop.storage.session import Session

__all__ = ["Dip", "Draft", "Head", "Line", "Posted", "find", "is_owned", "lock", "post"]

# Tills' clocks differ a little; further ahead is a wrong clock or a typing error.
AHEAD_LIMIT_US = 10 * 60 * clock.SECOND_US
# What may take a bin below zero by shop policy: the till is never stopped, and what has been
# counted or must be undone is a fact.
_NEVER_STOPPED = {
    "till": frozenset({"sell", "count", "reversal", "opening"}),
    "never": frozenset({"count", "reversal", "opening"}),
}


VIRTUAL = range(SUPPLIER, REVALUATION + 1)
"""Ids of the places outside the shop's bins, the same in every shop."""


@dataclass(slots=True)
class Head:
    """The ledger's head, locked."""

    entry_sequence: int
    recorded_at_us: int
    closed_through_us: int | None
    costing: str
    negative_policy: str


_HEAD = (
    "SELECT entry_sequence, recorded_at_us, closed_through_us, costing, negative_policy "
    "FROM ledger_head WHERE id = 1"
)
_SAVE_HEAD = "UPDATE ledger_head SET entry_sequence = ?, recorded_at_us = ? WHERE id = 1"
_FIND = "SELECT id, content_hash FROM entry WHERE client_id = ?"
_ENTRY = (
    "INSERT INTO entry (id, client_id, kind, occurred_at_us, recorded_at_us, actor, reference, note, "
    "content_hash, reverses_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_PRODUCT = (
    "SELECT p.tracking, p.merged_into_id, c.quantity_milli, c.value_e4, c.last_cost_e4, p.archived_at_us "
    "FROM product p LEFT JOIN product_cost c ON c.product_id = p.id WHERE p.id = ?"
)
_LAYERS = "SELECT quantity_milli, value_e4 FROM cost_layer WHERE product_id = ? ORDER BY position"
_KIND = "SELECT kind, archived_at_us FROM location WHERE id = ?"
_LOT_OF = "SELECT product_id FROM lot WHERE id = ?"
_MOVEMENT = (
    "INSERT INTO movement (entry_id, line, product_id, lot_id, from_id, to_id, quantity_milli, value_e4, "
    "price_minor, occurred_at_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id"
)
# Both sides of a movement at once: half the statements, half the journeys to a server.
_LEVELS = (
    "INSERT INTO level (product_id, location_id, lot_id, quantity_milli) VALUES (?, ?, ?, ?), (?, ?, ?, ?) "
    "ON CONFLICT (product_id, location_id, lot_id) DO UPDATE "
    "SET quantity_milli = level.quantity_milli + excluded.quantity_milli "
    "RETURNING location_id, quantity_milli"
)
_COST = (
    "INSERT INTO product_cost (product_id, quantity_milli, value_e4, last_cost_e4) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (product_id) DO UPDATE SET quantity_milli = excluded.quantity_milli, "
    "value_e4 = excluded.value_e4, last_cost_e4 = excluded.last_cost_e4"
)
_DROP_LAYERS = "DELETE FROM cost_layer WHERE product_id = ?"
_LAYER = "INSERT INTO cost_layer (product_id, position, quantity_milli, value_e4) VALUES (?, ?, ?, ?)"
_DIP = (
    "INSERT INTO dip (movement_id, product_id, location_id, lot_id, level_milli, recorded_at_us) "
    "VALUES (?, ?, ?, ?, ?, ?)"
)
_FULFILMENT = "INSERT INTO fulfilment (movement_id, order_line_id) VALUES (?, ?)"


def lock(session: Session) -> Head:
    """Lock the head of the ledger until the transaction ends, and read it.

    Whoever decides by stock (a posting, an allocation) locks it first.
    """
    row = session.row(_HEAD + " FOR UPDATE" if session.engine == "postgres" else _HEAD)
    assert row is not None
    return Head(*row)


def find(session: Session, client_id: str, content: str) -> Posted | None:
    """The entry that was posted under this id, or None.

    Raises Conflict when it had another content.
    """
    return _find(session, client_id, _hash(content))


def _find(session: Session, client_id: str, content_hash: str) -> Posted | None:
    row = session.row(_FIND, (client_id,))
    if row is None:
        return None
    if row[1] != content_hash:
        raise Conflict(
            tr(
                "Under the id '{client_id}' something else has been posted already; use a new id.",
                client_id=client_id,
            )
        )
    return Posted(entry_id=row[0], client_id=client_id, already=True)


def _hash(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def post(session: Session, draft: Draft, *, head: Head | None = None) -> Posted:
    """Post an entry: its movements, levels, costs and the evidence of bins below zero.

    `head` comes from a caller that holds the lock and has found the id to be new. Repeating an id
    with the same content answers the entry that is there already. Raises Conflict for the same id
    with another content, Refused where a rule of the shop forbids it, InvalidInput for lines that
    make no sense, NotFound for an unknown product, lot or location.
    """
    content_hash = _hash(drafts.content_of(draft))
    if head is None:
        head = lock(session)
        already = _find(session, draft.client_id, content_hash)
        if already is not None:
            return already
    drafts.check(draft)
    recorded_at_us = max(clock.now_us(), head.recorded_at_us)
    occurred_at_us = _occurred_at(draft.occurred_at_us, recorded_at_us, head)
    entry_id = head.entry_sequence + 1
    session.run(
        _ENTRY,
        (entry_id, draft.client_id, draft.kind, occurred_at_us, recorded_at_us, draft.actor, draft.reference,
         draft.note, content_hash, draft.reverses_id),
    )  # fmt: skip
    writer = _Writer(session, head, draft, entry_id, occurred_at_us, recorded_at_us)
    for line in draft.lines:
        writer.add(line)
    writer.save_costs()
    session.run(_SAVE_HEAD, (entry_id, recorded_at_us))
    return Posted(entry_id=entry_id, client_id=draft.client_id, already=False, dips=tuple(writer.dips))


def _occurred_at(wanted_us: int | None, recorded_at_us: int, head: Head) -> int:
    if wanted_us is None:
        wanted_us = recorded_at_us
    if wanted_us < clock.EARLIEST_US:
        raise InvalidInput(tr("That time lies too far back to be meant."), field="at")
    if wanted_us > recorded_at_us + AHEAD_LIMIT_US:
        raise InvalidInput(
            tr("That time lies in the future; check the date and this computer's clock."), field="at"
        )
    occurred_at_us = min(wanted_us, recorded_at_us)
    if head.closed_through_us is not None and occurred_at_us <= head.closed_through_us:
        closed = clock.iso(head.closed_through_us)[:10]
        raise Refused(
            tr("The books are closed up to {closed}; post it with a later date.", closed=closed), field="at"
        )
    return occurred_at_us


def is_owned(kind: str, location_id: int) -> bool:
    """Whether goods there belong to the shop: in a bin, or on the way between its sites."""
    return kind == "bin" or location_id == TRANSIT


@dataclass(slots=True)
class _Account:
    """One product while an entry is being posted."""

    stock: Stock
    tracking: str
    saved: tuple[int, int, int] | None
    """(quantity_milli, value_e4, last_cost_e4) as stored, to write back only what has changed."""
    saved_layers: list[tuple[int, int]]
    """As stored: a sale and a receipt of the same worth leave the sums as they were, not the layers."""


class _Writer:
    """The movements of one entry, and the stocks they touch until they are saved."""

    def __init__(
        self,
        session: Session,
        head: Head,
        draft: Draft,
        entry_id: int,
        occurred_at_us: int,
        recorded_at_us: int,
    ) -> None:
        self.session = session
        self.head = head
        self.draft = draft
        self.entry_id = entry_id
        self.occurred_at_us = occurred_at_us
        self.recorded_at_us = recorded_at_us
        self.dips: list[Dip] = []
        self._line = 0
        self._values_e4: list[int] = []
        self._accounts: dict[int, _Account] = {}
        self._kinds: dict[int, str] = dict.fromkeys(VIRTUAL, "virtual")
        self._lots: set[tuple[int, int]] = set()
        policy = head.negative_policy
        self._may_dip = policy == "always" or draft.kind in _NEVER_STOPPED[policy]

    def add(self, line: Line) -> None:
        """Post one line, with the revaluation that its cost asks for."""
        from_kind, to_kind = self._kind(line.from_id), self._kind(line.to_id, arriving=True)
        owned_before, owned_after = is_owned(from_kind, line.from_id), is_owned(to_kind, line.to_id)
        stock = self._stock(line)
        revaluation_e4 = 0
        if owned_before and owned_after:
            value_e4 = stock.value_of(line.quantity_milli)
        elif owned_after:
            value_e4 = self._incoming_value(line, stock)
            revaluation_e4 = stock.receive(line.quantity_milli, value_e4)
        elif owned_before and line.value_e4 is not None:
            value_e4 = line.value_e4
            revaluation_e4 = stock.withdraw(line.quantity_milli, value_e4)
        elif owned_before:
            value_e4 = stock.issue(line.quantity_milli)
        else:
            raise InvalidInput(tr("An entry moves goods into, out of or within the shop."), field="to")
        if not 0 <= value_e4 <= LIMIT_VALUE_E4 or abs(revaluation_e4) > LIMIT_VALUE_E4:
            raise InvalidInput(
                tr("That is worth more than can be meant; check the quantity and the cost."), field="quantity"
            )
        self._values_e4.append(value_e4)
        occurred_at_us = self._line_time(line)
        movement_id = self._movement(
            line, line.quantity_milli, value_e4, line.from_id, line.to_id, occurred_at_us
        )
        left_milli = self._move_levels(line)
        if left_milli < 0 and from_kind == "bin":
            self._dip(line, left_milli, movement_id)
        if line.order_line_id is not None:
            self.session.run(_FULFILMENT, (movement_id, line.order_line_id))
        if revaluation_e4:
            place = line.to_id if owned_after else line.from_id
            leaves = revaluation_e4 > 0
            self._movement(
                line, 0, abs(revaluation_e4),
                place if leaves else REVALUATION, REVALUATION if leaves else place, occurred_at_us,
            )  # fmt: skip

    def _incoming_value(self, line: Line, stock: Stock) -> int:
        if line.value_e4 is not None:
            return line.value_e4
        if line.value_from_lines:
            return sum(self._values_e4[position] for position in line.value_from_lines)
        if line.unit_cost_e4 is not None:
            return value_at_cost_e4(line.quantity_milli, line.unit_cost_e4)
        return stock.value_of(line.quantity_milli)

    def _line_time(self, line: Line) -> int:
        if line.occurred_at_us is None:
            return self.occurred_at_us
        return _occurred_at(line.occurred_at_us, self.recorded_at_us, self.head)

    def _movement(
        self, line: Line, quantity_milli: int, value_e4: int, from_id: int, to_id: int, occurred_at_us: int
    ) -> int:
        self._line += 1
        movement_id: int = self.session.value(
            _MOVEMENT,
            (self.entry_id, self._line, line.product_id, line.lot_id, from_id, to_id, quantity_milli,
             value_e4, line.price_minor, occurred_at_us),
        )  # fmt: skip
        return movement_id

    def _move_levels(self, line: Line) -> int:
        """Move the quantity and answer what is left where it came from."""
        left_milli = 0
        for location_id, level_milli in self.session.rows(
            _LEVELS,
            (line.product_id, line.from_id, line.lot_id, -line.quantity_milli,
             line.product_id, line.to_id, line.lot_id, line.quantity_milli),
        ):  # fmt: skip
            if abs(level_milli) > LIMIT_HELD_MILLI:
                raise Refused(
                    tr("That is more than the books can hold; check the quantity."), field="quantity"
                )
            if location_id == line.from_id:
                left_milli = level_milli
        return left_milli

    def _dip(self, line: Line, level_milli: int, movement_id: int) -> None:
        """Refuse a bin below zero where the shop's policy does not allow it, else keep the evidence."""
        before_milli = level_milli + line.quantity_milli
        if not self._may_dip:
            raise self._too_little(line, line.from_id, before_milli)
        if before_milli >= 0:
            self.session.run(
                _DIP,
                (movement_id, line.product_id, line.from_id, line.lot_id, level_milli, self.recorded_at_us),
            )
            self.dips.append(Dip(line.product_id, line.from_id, line.lot_id, level_milli))

    def _too_little(self, line: Line, location_id: int, held_milli: int) -> Refused:
        name = self.session.value("SELECT name FROM product WHERE id = ?", (line.product_id,))
        code = self.session.value("SELECT code FROM location WHERE id = ?", (location_id,))
        return Refused(
            tr(
                "{code} holds {held_milli} of {name}, not {quantity_milli}. Count the bin, or receive first.",
                code=code,
                held_milli=plain(held_milli),
                name=name,
                quantity_milli=plain(line.quantity_milli),
            ),
            title=tr("Not enough there"),
            field="quantity",
        )

    def _kind(self, location_id: int, *, arriving: bool = False) -> str:
        kind = self._kinds.get(location_id)
        if kind is None:
            row = self.session.row(_KIND, (location_id,))
            if row is None:
                raise NotFound(tr("There is no such place."), field="location")
            kind, archived_at_us = row
            if kind != "bin":
                raise InvalidInput(tr("Only bins hold stock; name a bin in it."), field="bin")
            if archived_at_us is not None and arriving and self.draft.kind != "reversal":
                raise Refused(
                    tr("That bin is archived; bring it back first, or use another one."), field="bin"
                )
            self._kinds[location_id] = kind
        return kind

    def _stock(self, line: Line) -> Stock:
        account = self._accounts.get(line.product_id)
        if account is None:
            account = self._accounts[line.product_id] = self._account(line.product_id)
        if (account.tracking == "lot") != (line.lot_id != 0):
            raise InvalidInput(
                tr("This product is kept by lots; name the lot.")
                if line.lot_id == 0
                else tr("This product is not kept by lots; leave the lot out."),
                field="lot",
            )
        if line.lot_id and (line.product_id, line.lot_id) not in self._lots:
            if self.session.value(_LOT_OF, (line.lot_id,)) != line.product_id:
                raise NotFound(tr("There is no such lot of this product."), field="lot")
            self._lots.add((line.product_id, line.lot_id))
        return account.stock

    def _account(self, product_id: int) -> _Account:
        row = self.session.row(_PRODUCT, (product_id,))
        if row is None:
            raise NotFound(tr("There is no such product."), field="product")
        tracking, merged_into_id, quantity_milli, value_e4, last_cost_e4, archived_at_us = row
        self._refuse_gone(merged_into_id, archived_at_us)
        stock = Stock(self.head.costing == "fifo", [], last_cost_e4 or 0)
        if stock.fifo:
            stock.layers = [(layer[0], layer[1]) for layer in self.session.rows(_LAYERS, (product_id,))]
        elif quantity_milli:
            stock.layers = [(quantity_milli, value_e4)]
        saved = None if quantity_milli is None else (quantity_milli, value_e4, stock.last_cost_e4)
        return _Account(stock, tracking, saved, list(stock.layers))

    def _refuse_gone(self, merged_into_id: int | None, archived_at_us: int | None) -> None:
        if self.draft.kind in ("merge", "reversal"):
            return
        if merged_into_id is not None:
            raise Refused(tr("This product was merged into another one; use that."), field="product")
        if archived_at_us is not None and self.draft.kind in ("receive", "build"):
            raise Refused(tr("This product is archived; bring it back first."), field="product")

    def save_costs(self) -> None:
        """Write back what the entry made of each product's stock."""
        changed: list[tuple[int, int, int, int]] = []
        for product_id, account in self._accounts.items():
            stock = account.stock
            now = (stock.quantity_milli, stock.value_e4, stock.last_cost_e4)
            if now == account.saved and stock.layers == account.saved_layers:
                continue
            if abs(now[0]) > LIMIT_HELD_MILLI or max(abs(now[1]), now[2]) > LIMIT_VALUE_E4:
                raise Refused(
                    tr("That is more than the books can hold; check the quantity and the cost."),
                    field="quantity",
                )
            changed.append((product_id, *now))
            if stock.fifo:
                self.session.run(_DROP_LAYERS, (product_id,))
                self.session.many(
                    _LAYER, [(product_id, n, *layer) for n, layer in enumerate(stock.layers, start=1)]
                )
        if changed:
            self.session.many(_COST, changed)
