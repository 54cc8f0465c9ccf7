"""Counting: what was seen in a bin, posted as a difference against the book of that instant.

Trading between the look and the posting changes nothing: the book is read back to the instant of
the look, and only the difference is moved.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from stockshop import clock, text
from stockshop.errors import InvalidInput, Refused
from stockshop.ids import new_id
from stockshop.language import tr
from stockshop.ledger import balances, posting
from stockshop.ledger.posting import Draft, Line
from stockshop.quantity import LIMIT_MILLI, check_decimals
from stockshop.services.finding import known_or_found
from stockshop.services.locations import bin_in
from stockshop.services.picking import lot_in
from stockshop.services.shop import Shop, clean_actor
from stockshop.storage.models.locations import LOSS
from stockshop.storage.session import Session


@dataclass(frozen=True, slots=True)
class Look:
    """What somebody counted of a product (and lot) in a bin."""

    product: str
    """A SKU or any barcode. The quantity is in the product's unit, never in packs."""
    bin: str
    counted_milli: int
    """Thousandths; zero is a count too."""
    observed_at_us: int
    lot: str = ""
    expiry: str = ""
    product_id: int | None = None
    """Who is meant, where it is known already."""


@dataclass(frozen=True, slots=True)
class CountedLine:
    """A look, compared with the book of its instant; thousandths of the unit."""

    sku: str
    name: str
    bin: str
    lot: str
    counted_milli: int
    book_milli: int
    """By the books at the instant of the look."""
    moved_since_milli: int
    """What has moved in (or out, below zero) since."""

    @property
    def variance_milli(self) -> int:
        """Counted less book."""
        return self.counted_milli - self.book_milli


@dataclass(frozen=True, slots=True)
class PostedCount:
    """What became of a count."""

    client_id: str
    entry_id: int | None
    """None when everything matched: nothing had to move."""
    status: str
    lines: tuple[CountedLine, ...]


def post_count(
    shop: Shop, actor: str, looks: Sequence[Look], *, client_id: str | None = None, note: str = ""
) -> PostedCount:
    """Record every look and post the differences, in one entry or not at all.

    Matching looks are recorded too: accuracy needs them. Repeating it with the same `client_id`
    does nothing. Raises InvalidInput, NotFound, Refused (a closed period), Conflict.
    """
    actor = clean_actor(actor)
    own_id = text.clean_code(client_id, field="id") if client_id is not None else new_id()
    note = text.clean(note, limit=text.NOTE_LIMIT, field="note")
    if not looks:
        raise InvalidInput(tr("Nothing was counted."), field="lines")
    content = json.dumps(["count", note, [list(asdict(look).values()) for look in looks]])
    return shop.store.writing(lambda session: _post(session, actor, own_id, note, content, looks))


def _post(
    session: Session, actor: str, client_id: str, note: str, content: str, looks: Sequence[Look]
) -> PostedCount:
    head = posting.lock(session)
    already = posting.find(session, client_id, content)
    if already is not None or session.value("SELECT 1 FROM count_line WHERE client_id = ?", (client_id,)):
        entry_id = already.entry_id if already is not None else None
        return PostedCount(client_id, entry_id, "already posted", _lines(session, client_id))
    recorded_at_us = max(clock.now_us(), head.recorded_at_us)
    closed_us = head.closed_through_us
    if closed_us is not None and any(look.observed_at_us <= closed_us for look in looks):
        raise Refused(tr("The books are closed for the time of this count."), field="at")
    compared = _compare(session, looks, recorded_at_us)
    moves = tuple(line for _, line in compared if line is not None)
    entry_id = None
    if moves:
        draft = Draft(client_id, "count", moves, actor, None, "", note, content=content)
        entry_id = posting.post(session, draft, head=head).entry_id
    for number, (values, _) in enumerate(compared, start=1):
        session.run(
            "INSERT INTO count_line (client_id, line, entry_id, product_id, location_id, lot_id, "
            "counted_milli, "
            "book_milli, observed_at_us, book_entry_id, recorded_at_us, actor) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (client_id, number, entry_id, *values, head.entry_sequence, recorded_at_us, actor),
        )
    return PostedCount(client_id, entry_id, "posted", _lines(session, client_id))


def _compare(
    session: Session, looks: Sequence[Look], recorded_at_us: int
) -> list[tuple[tuple[int, int, int, int, int, int], Line | None]]:
    """For each look (product, bin, lot, counted, book, instant), and the movement it asks for."""
    compared: list[tuple[tuple[int, int, int, int, int, int], Line | None]] = []
    seen: set[tuple[int, int, int]] = set()
    for look in looks:
        product = known_or_found(session, look.product_id, look.product)
        place = bin_in(session, look.bin)
        lot_id = lot_in(session, product, look.lot, look.expiry, arriving=True)
        if not 0 <= look.counted_milli <= LIMIT_MILLI:
            raise InvalidInput(
                tr("A count lies between zero and a billion; was a barcode scanned into the field?"),
                field="quantity",
            )
        check_decimals(look.counted_milli, product.unit)
        if look.observed_at_us > recorded_at_us + posting.AHEAD_LIMIT_US:
            raise InvalidInput(tr("The count lies in the future; check the time."), field="at")
        key = (product.id, place.id, lot_id)
        if key in seen:
            raise InvalidInput(
                tr("{product} in {bin} is on this count twice; add them up.", product=product.name,
                   bin=place.code)
            )  # fmt: skip
        seen.add(key)
        observed_at_us = min(look.observed_at_us, recorded_at_us)
        book_milli = balances.level_at(session, *key, observed_at_us)
        variance_milli = look.counted_milli - book_milli
        line = None
        if variance_milli:
            _refuse_overtaken(session, key, observed_at_us, product.name, place.code)
            found = variance_milli > 0
            line = Line(
                product.id,
                abs(variance_milli),
                LOSS if found else place.id,
                place.id if found else LOSS,
                lot_id,
                occurred_at_us=observed_at_us,
            )
        compared.append(((*key, look.counted_milli, book_milli, observed_at_us), line))
    return compared


def _refuse_overtaken(
    session: Session, key: tuple[int, int, int], observed_at_us: int, product: str, bin_code: str
) -> None:
    # The later look has booked what was missing at this one too; it would be booked twice.
    if session.value(
        "SELECT 1 FROM count_line c WHERE c.product_id = ? AND c.location_id = ? AND c.lot_id = ? "
        "AND c.observed_at_us > ? AND NOT EXISTS (SELECT 1 FROM entry r WHERE r.reverses_id = c.entry_id) "
        "LIMIT 1",
        (*key, observed_at_us),
    ):
        raise Refused(
            tr("{product} in {bin} has been counted since, by a later look; count it again.",
               product=product, bin=bin_code),
            field="at",
        )  # fmt: skip


def _lines(session: Session, client_id: str) -> tuple[CountedLine, ...]:
    rows = session.rows(
        "SELECT p.sku, p.name, b.code, l.code, c.counted_milli, c.book_milli, c.product_id, c.location_id, "
        "c.lot_id, c.observed_at_us FROM count_line c JOIN product p ON p.id = c.product_id "
        "JOIN location b ON b.id = c.location_id JOIN lot l ON l.id = c.lot_id "
        "WHERE c.client_id = ? ORDER BY c.line",
        (client_id,),
    )
    return tuple(
        CountedLine(
            row[0], row[1], row[2], row[3], row[4], row[5],
            balances.level(session, *row[6:9]) - balances.level_at(session, *row[6:10]),
        )
        for row in rows
    )  # fmt: skip
