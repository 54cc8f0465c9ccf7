"""The verbs of stock: receive, sell, return, move, adjust, scrap, and the reversing of any of them.

Where a request leaves open which bin or lot, it is decided here, under the ledger's lock, so that
two tills never decide by the same piece. A repeated id is compared by the request as it was made,
not by what was decided.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from stockshop import text
from stockshop.errors import InvalidInput, NotFound, Refused
from stockshop.ids import new_id
from stockshop.language import tr
from stockshop.ledger import posting
from stockshop.ledger.posting import Dip, Draft, Line, Posted
from stockshop.quantity import check_decimals
from stockshop.services.finding import FoundProduct, known_or_found
from stockshop.services.locations import bin_in
from stockshop.services.picking import lot_in, pick
from stockshop.services.shop import Shop, clean_actor
from stockshop.storage.models.locations import CUSTOMER, LOSS, OPENING, SCRAP, SUPPLIER
from stockshop.storage.session import Session

KINDS = ("receive", "sell", "return", "move", "adjust", "scrap")
_OUT = {"sell": CUSTOMER, "scrap": SCRAP}
_IN = {"receive": SUPPLIER, "return": CUSTOMER, "opening": OPENING}


@dataclass(frozen=True, slots=True)
class LineRequest:
    """One line as a person or a file asks for it."""

    product: str
    """A SKU or any barcode; a pack's barcode makes the quantity count packs."""
    quantity_milli: int
    """Thousandths; above zero, but for `adjust`, where it is what is added or taken away."""
    from_bin: str = ""
    to_bin: str = ""
    lot: str = ""
    expiry: str = ""
    """ISO date of a lot that arrives."""
    unit_cost_e4: int | None = None
    """Of one unit of what arrives, in 1/10,000; None: the last known cost."""
    price_minor: int | None = None
    """Of one unit of what is sold; None: the product's price."""
    product_id: int | None = None
    """Where the product is known already; then `product` is not looked at."""
    order_line_id: int | None = None
    """The line of a purchase order that a receipt fulfils."""


_REQUESTED = tuple(field.name for field in fields(LineRequest))


@dataclass(frozen=True, slots=True)
class PostedEntry:
    """What became of an entry."""

    client_id: str
    entry_id: int
    status: str
    """`posted` or `already posted`."""
    dips: tuple[Dip, ...] = ()


def _answer(posted: Posted) -> PostedEntry:
    status = "already posted" if posted.already else "posted"
    return PostedEntry(posted.client_id, posted.entry_id, status, posted.dips)


def post_entry(
    shop: Shop,
    actor: str,
    kind: str,
    lines: Sequence[LineRequest],
    *,
    client_id: str | None = None,
    at_us: int | None = None,
    reference: str = "",
    note: str = "",
) -> PostedEntry:
    """Post one business event of the kinds in KINDS; all of its lines or none.

    Repeating it with the same `client_id` posts nothing twice. Raises InvalidInput, NotFound,
    Refused or Conflict with the line at fault in the message when there is more than one.
    """
    request = EntryRequest(
        shop, actor, kind, lines, client_id=client_id, at_us=at_us, reference=reference, note=note
    )
    return shop.store.writing(request)


class EntryRequest:
    """An entry ready to be posted in a transaction: call it with the session."""

    def __init__(
        self,
        shop: Shop,
        actor: str,
        kind: str,
        lines: Sequence[LineRequest],
        *,
        client_id: str | None = None,
        at_us: int | None = None,
        reference: str = "",
        note: str = "",
    ) -> None:
        if kind not in KINDS and kind != "opening":
            raise InvalidInput(
                tr("'{kind}' is not one of: {kinds}.", kind=kind[:20], kinds=", ".join(KINDS)), field="kind"
            )
        self.shop = shop
        self.actor = clean_actor(actor)
        self.kind = kind
        self.lines = tuple(lines)
        self.client_id = text.clean_code(client_id, field="id") if client_id is not None else new_id()
        self.at_us = at_us
        self.reference = text.clean(reference, field="reference")
        self.note = text.clean(note, limit=text.NOTE_LIMIT, field="note")
        if not self.client_id:
            raise InvalidInput(tr("The id is empty."), field="id")
        if kind == "adjust" and not self.note:
            raise InvalidInput(tr("Say why: an adjustment needs a reason."), field="note")
        wanted = [[getattr(line, name) for name in _REQUESTED] for line in self.lines]
        self.content = json.dumps([kind, at_us, self.reference, self.note, wanted])

    def __call__(self, session: Session) -> PostedEntry:
        head = posting.lock(session)
        already = posting.find(session, self.client_id, self.content)
        if already is not None:
            return _answer(already)
        drafted: list[Line] = []
        taken: dict[tuple[int, int, int], int] = {}
        for number, request in enumerate(self.lines, start=1):
            try:
                drafted += self._lines(session, request, taken)
            except (InvalidInput, NotFound, Refused) as error:
                if len(self.lines) == 1:
                    raise
                raise type(error)(
                    tr("Line {number}: {why}", number=number, why=error.message),
                    title=error.title,
                    field=error.field,
                ) from error
        draft = Draft(
            client_id=self.client_id,
            kind=self.kind,
            lines=tuple(drafted),
            actor=self.actor,
            occurred_at_us=self.at_us,
            reference=self.reference,
            note=self.note,
            content=self.content,
        )
        return _answer(posting.post(session, draft, head=head))

    def _lines(
        self, session: Session, request: LineRequest, taken: dict[tuple[int, int, int], int]
    ) -> Iterable[Line]:
        product = known_or_found(session, request.product_id, request.product)
        self._check_order_line(session, request, product)
        quantity_milli = self._quantity(request, product)
        if self.kind == "adjust":
            return self._adjustment(session, request, product, quantity_milli, taken)
        if self.kind in _IN:
            to_id = self._arrival_bin(session, request.to_bin, product)
            lot_id = lot_in(session, product, request.lot, request.expiry, arriving=True)
            return [
                Line(
                    product.id,
                    quantity_milli,
                    _IN[self.kind],
                    to_id,
                    lot_id,
                    unit_cost_e4=request.unit_cost_e4,
                    price_minor=self._price(request, product),
                    order_line_id=request.order_line_id,
                )
            ]
        to_id = _OUT.get(self.kind) or bin_in(session, self._needed(request.to_bin, "to"), field="to").id
        return self._outgoing(session, request, product, quantity_milli, to_id, taken)

    def _outgoing(
        self,
        session: Session,
        request: LineRequest,
        product: FoundProduct,
        quantity_milli: int,
        to_id: int,
        taken: dict[tuple[int, int, int], int],
    ) -> list[Line]:
        from_id = bin_in(session, request.from_bin, field="from").id if request.from_bin else None
        if from_id is None and self.kind == "move":
            from_id = self._only_bin(session, product)
        lot_id = lot_in(session, product, request.lot, "", arriving=False) if request.lot else None
        fallback_id = self._arrival_bin(session, "", product)
        price_minor = self._price(request, product)
        return [
            Line(
                product.id,
                part.quantity_milli,
                part.location_id,
                to_id,
                part.lot_id,
                price_minor=price_minor,
            )
            for part in pick(session, product, quantity_milli, from_id, lot_id, fallback_id, taken)
        ]

    def _adjustment(
        self,
        session: Session,
        request: LineRequest,
        product: FoundProduct,
        quantity_milli: int,
        taken: dict[tuple[int, int, int], int],
    ) -> list[Line]:
        if request.from_bin and request.to_bin:
            raise InvalidInput(tr("An adjustment names one bin."), field="to")
        place = request.from_bin or request.to_bin
        if quantity_milli > 0:
            to_id = self._arrival_bin(session, place, product)
            lot_id = lot_in(session, product, request.lot, request.expiry, arriving=True)
            return [Line(product.id, quantity_milli, LOSS, to_id, lot_id, unit_cost_e4=request.unit_cost_e4)]
        lot_id_or_none = lot_in(session, product, request.lot, "", arriving=False) if request.lot else None
        from_id = bin_in(session, place).id if place else None
        fallback_id = self._arrival_bin(session, "", product)
        return [
            Line(product.id, part.quantity_milli, part.location_id, LOSS, part.lot_id)
            for part in pick(session, product, -quantity_milli, from_id, lot_id_or_none, fallback_id, taken)
        ]

    def _check_order_line(self, session: Session, request: LineRequest, product: FoundProduct) -> None:
        if request.order_line_id is None:
            return
        ordered = session.value(
            "SELECT n.product_id FROM order_line n JOIN shop_order o ON o.id = n.order_id "
            "AND o.kind = 'purchase' WHERE n.id = ?",
            (request.order_line_id,),
        )
        if self.kind != "receive" or ordered != product.id:
            raise InvalidInput(
                tr("{product} was not ordered on that line.", product=product.name), field="order_line"
            )

    def _quantity(self, request: LineRequest, product: FoundProduct) -> int:
        quantity_milli = request.quantity_milli * product.pack_milli
        if quantity_milli % 1_000:
            raise InvalidInput(tr("A quantity has three decimals at the most."), field="quantity")
        quantity_milli //= 1_000
        check_decimals(quantity_milli, product.unit)
        if quantity_milli == 0 and self.kind == "adjust":
            raise InvalidInput(tr("An adjustment by nothing changes nothing."), field="quantity")
        if quantity_milli <= 0 and self.kind != "adjust":
            raise InvalidInput(tr("A quantity must be above zero."), field="quantity")
        return quantity_milli

    def _price(self, request: LineRequest, product: FoundProduct) -> int | None:
        if self.kind not in ("sell", "return"):
            return None
        return product.price_minor if request.price_minor is None else request.price_minor

    def _arrival_bin(self, session: Session, wanted: str, product: FoundProduct) -> int:
        if wanted:
            return bin_in(session, wanted, field="to").id
        if product.preferred_bin_id is not None:
            return product.preferred_bin_id
        return bin_in(session, self.shop.settings.receiving_bin, field="to").id

    def _needed(self, place: str, field: str) -> str:
        if not place:
            raise InvalidInput(tr("Say which bin it goes to."), field=field)
        return place

    def _only_bin(self, session: Session, product: FoundProduct) -> int:
        rows = session.rows(
            "SELECT DISTINCT l.location_id, b.code FROM level l JOIN location b ON b.id = l.location_id "
            "AND b.kind = 'bin' WHERE l.product_id = ? AND l.quantity_milli > 0 ORDER BY b.code",
            (product.id,),
        )
        if len(rows) != 1:
            said = (
                tr("Say which bin it comes from: {product} is in {bins}.", product=product.name,
                   bins=", ".join(code for _, code in rows[:6]))
                if rows
                else tr("Say which bin it comes from: {product} is nowhere by the books.",
                        product=product.name)
            )  # fmt: skip
            raise InvalidInput(said, field="from")
        found: int = rows[0][0]
        return found


def reverse_entry(
    shop: Shop, actor: str, entry_id: int, reason: str, *, client_id: str | None = None
) -> PostedEntry:
    """Undo an entry by a counter-entry with the same values; both stay in the books, linked.

    Raises NotFound, InvalidInput without a reason, Refused when it was reversed already or is a
    reversal itself.
    """
    actor = clean_actor(actor)
    reason = text.clean(reason, limit=text.NOTE_LIMIT, field="reason")
    if not reason:
        raise InvalidInput(tr("Say why it is undone."), field="reason")
    own_id = text.clean_code(client_id, field="id") if client_id is not None else new_id()
    content = json.dumps(["reversal", entry_id, reason])

    def work(session: Session) -> PostedEntry:
        head = posting.lock(session)
        already = posting.find(session, own_id, content)
        if already is not None:
            return _answer(already)
        row = session.row("SELECT kind, reference FROM entry WHERE id = ?", (entry_id,))
        if row is None:
            raise NotFound(tr("There is no entry {number}.", number=entry_id), field="entry")
        if row[0] == "merge":
            raise Refused(
                tr("Products that were merged stay one; move the stock back by hand."), field="entry"
            )
        if row[0] == "reversal":
            raise Refused(
                tr("This entry undoes another one; post what is right anew instead."), field="entry"
            )
        if session.value("SELECT 1 FROM entry WHERE reverses_id = ?", (entry_id,)):
            raise Refused(tr("This entry has been undone already."), field="entry")
        merged = session.value(
            "SELECT k.name FROM movement m JOIN product p ON p.id = m.product_id "
            "JOIN product k ON k.id = p.merged_into_id WHERE m.entry_id = ? LIMIT 1",
            (entry_id,),
        )
        if merged is not None:
            raise Refused(
                tr("Its product has been merged into {product} since; correct that.", product=merged),
                field="entry",
            )
        lines = tuple(
            Line(
                product_id, quantity_milli, to_id, from_id, lot_id, value_e4=value_e4, price_minor=price_minor
            )
            for product_id, quantity_milli, from_id, to_id, lot_id, value_e4, price_minor in session.rows(
                "SELECT product_id, quantity_milli, from_id, to_id, lot_id, value_e4, price_minor FROM "
                "movement "
                "WHERE entry_id = ? AND quantity_milli > 0 ORDER BY line DESC",
                (entry_id,),
            )
        )
        draft = Draft(
            client_id=own_id,
            kind="reversal",
            lines=lines,
            actor=actor,
            reference=row[1],
            note=reason,
            reverses_id=entry_id,
            content=content,
        )
        return _answer(posting.post(session, draft, head=head))

    return shop.store.writing(work)
