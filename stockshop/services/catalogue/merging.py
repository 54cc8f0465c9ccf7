"""Making one product of two that are the same, with nothing of either's history lost.

The stock of the one that goes moves bin by bin, through production, into the one that stays, and
takes its value with it. The one that goes is archived and points to the other; its movements stay
its own, and `family_ids` reads both as one history.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from stockshop import clock, text
from stockshop.errors import Refused
from stockshop.ids import new_id
from stockshop.language import mark, tr
from stockshop.ledger import posting
from stockshop.ledger.drafts import MAX_LINES, Draft, Line
from stockshop.services.catalogue import naming
from stockshop.services.catalogue.products import product_id_in
from stockshop.services.catalogue.records import (
    Product,
    changeable_in,
    product_in,
    rules_in,
    suppliers_in,
)
from stockshop.services.catalogue.terms import remove_reorder_rule_in, set_reorder_rule_in, set_supplier_in
from stockshop.services.shop import Shop, clean_actor, record_change
from stockshop.storage.models.locations import PRODUCTION, TRANSIT
from stockshop.storage.session import Session

_LEVELS = (
    "SELECT v.location_id, v.lot_id, v.quantity_milli FROM level v JOIN location b ON b.id = v.location_id "
    "AND (b.kind = 'bin' OR b.id = ?) WHERE v.product_id = ? AND v.quantity_milli <> 0 "
    "ORDER BY CASE WHEN v.quantity_milli > 0 THEN 0 ELSE 1 END, v.location_id, v.lot_id"
)
_OPEN_LINES = (
    "SELECT n.id FROM order_line n JOIN shop_order o ON o.id = n.order_id WHERE n.product_id = ? "
    "AND (o.closed_at_us IS NULL OR EXISTS (SELECT 1 FROM allocation a WHERE a.order_line_id = n.id "
    "AND a.released_at_us IS NULL))"
)


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of a merge."""

    product: Product
    """The one that stays, as it is now."""
    entry_id: int | None
    """The entry that moved the stock; None when there was none to move."""
    already: bool
    """True when they had been merged before and nothing was done now."""


def merge_products(
    shop: Shop, actor: str, keep: str | int, other: str | int, *, client_id: str | None = None
) -> Merged:
    """Make one product of two: `other` goes, `keep` (ids, SKUs or barcodes) stays.

    Stock and its value, lots, barcodes, suppliers, reorder rules, open orders and what is set aside
    become those of `keep`; where both have terms or a rule for the same, `keep`'s stay. Doing it
    again does nothing. Raises NotFound, and Refused for different units or tracking, for an
    archived `keep`, or for one that was merged into a third.
    """
    actor = clean_actor(actor)
    own_id = text.clean_code(client_id, field="id") if client_id is not None else new_id()

    def work(session: Session) -> Merged:
        head = posting.lock(session)
        keep_id, other_id = _named(session, keep), _named(session, other)
        content = json.dumps(["merge", keep_id, other_id])
        posted = posting.find(session, own_id, content)
        if posted is not None:
            return Merged(product_in(session, keep_id), posted.entry_id, already=True)
        if product_in(session, other_id).merged_into_id == keep_id:
            return Merged(product_in(session, keep_id), None, already=True)
        kept, gone = _both(session, keep_id, other_id)
        lines = _lines(session, kept, gone)
        entry_id = None
        if lines:
            # What lies below zero is a fact of the shelf and moves too, whatever the shop allows.
            draft = Draft(own_id, "merge", lines, actor, note=f"{gone.sku} into {kept.sku}", content=content)
            entry_id = posting.post(session, draft, head=replace(head, negative_policy="always")).entry_id
        now = clock.now_us()
        _move_promises(session, kept.id, gone.id)
        _move_belongings(session, actor, kept.id, gone.id)
        _put_away(session, actor, kept, gone, now)
        return Merged(product_in(session, kept.id), entry_id, already=False)

    return shop.store.writing(work)


def _named(session: Session, wanted: str | int) -> int:
    """The product meant; one that was merged is meant itself where its own SKU is given."""
    if isinstance(wanted, str):
        found: int | None = session.value(
            "SELECT id FROM product WHERE sku = ?", (text.clean_code(wanted, field="product"),)
        )
        if found is not None:
            return found
    return product_id_in(session, wanted)


def _both(session: Session, keep_id: int, other_id: int) -> tuple[Product, Product]:
    if keep_id == other_id:
        raise Refused(tr("That is one and the same product; name two."), field="other")
    for product_id in sorted((keep_id, other_id)):
        changeable_in(session, product_id)
    kept, gone = product_in(session, keep_id), product_in(session, other_id)
    if kept.is_archived:
        raise Refused(tr("{sku} is archived; bring it back first.", sku=kept.sku), field="keep")
    differing = {
        "unit": mark("{kept} and {gone} differ in unit ({ours}, {theirs}); make them the same first."),
        "tracking": mark(
            "{kept} and {gone} differ in tracking ({ours}, {theirs}); make them the same first."
        ),
    }
    for field, sentence in differing.items():
        ours, theirs = getattr(kept, field), getattr(gone, field)
        if ours != theirs:
            raise Refused(tr(sentence, kept=kept.sku, gone=gone.sku, ours=ours, theirs=theirs), field=field)
    return kept, gone


def _lines(session: Session, kept: Product, gone: Product) -> tuple[Line, ...]:
    """Each level out of the one and into the other at its value; those below zero the other way round."""
    lines: list[Line] = []
    for location_id, lot_id, quantity_milli in session.rows(_LEVELS, (TRANSIT, gone.id)):
        kept_lot = _carried_lot(session, kept.id, lot_id)
        first, first_lot, second, second_lot = gone.id, lot_id, kept.id, kept_lot
        if quantity_milli < 0:
            first, first_lot, second, second_lot = second, second_lot, first, first_lot
        lines.append(Line(first, abs(quantity_milli), location_id, PRODUCTION, first_lot))
        lines.append(
            Line(
                second,
                abs(quantity_milli),
                PRODUCTION,
                location_id,
                second_lot,
                value_from_lines=(len(lines) - 1,),
            )
        )
    if len(lines) > MAX_LINES:
        raise Refused(
            tr(
                "{sku} lies in too many bins and lots to be merged at once; sell or move some first.",
                sku=gone.sku,
            )
        )
    return tuple(lines)


def _carried_lot(session: Session, keep_id: int, lot_id: int) -> int:
    """The kept product's lot of the same code and expiry, made when it has none."""
    if lot_id == 0:
        return 0
    row = session.row("SELECT code, expiry FROM lot WHERE id = ?", (lot_id,))
    assert row is not None
    code, expiry = row
    tried, number = code, 1
    while True:
        there = session.row("SELECT id, expiry FROM lot WHERE product_id = ? AND code = ?", (keep_id, tried))
        if there is None:
            return int(
                session.value(
                    "INSERT INTO lot (product_id, code, expiry) VALUES (?, ?, ?) RETURNING id",
                    (keep_id, tried, expiry),
                )
            )
        if there[1] == expiry:
            return int(there[0])
        # The same code on goods of another date: the date tells the two apart.
        tried = f"{code} {expiry or 'no date'}" if number == 1 else f"{code} {expiry or 'no date'} ({number})"
        number += 1


def _move_promises(session: Session, keep_id: int, other_id: int) -> None:
    """Open orders and what is set aside for them are for the kept product now."""
    for (line_id,) in session.rows(_OPEN_LINES, (other_id,)):
        session.run("UPDATE order_line SET product_id = ? WHERE id = ?", (keep_id, line_id))
        session.run("UPDATE allocation SET product_id = ? WHERE order_line_id = ?", (keep_id, line_id))


def _move_belongings(session: Session, actor: str, keep_id: int, other_id: int) -> None:
    session.run("UPDATE barcode SET product_id = ? WHERE product_id = ?", (keep_id, other_id))
    known = {terms.supplier_id for terms in suppliers_in(session, keep_id)}
    for terms in suppliers_in(session, other_id):
        if terms.supplier_id not in known:
            set_supplier_in(
                session,
                actor,
                keep_id,
                terms.supplier,
                supplier_code=terms.supplier_code,
                pack_milli=terms.pack_milli,
                minimum_milli=terms.minimum_milli,
                unit_cost_e4=terms.unit_cost_e4,
                lead_time_days=terms.lead_time_days,
            )
    watched = {rule.site_id for rule in rules_in(session, keep_id)}
    for rule in rules_in(session, other_id):
        if rule.site_id not in watched:
            set_reorder_rule_in(
                session, actor, keep_id, rule.reorder_point_milli, rule.order_up_to_milli, site=rule.site
            )
        remove_reorder_rule_in(session, actor, other_id, site=rule.site)
    session.run("DELETE FROM product_supplier WHERE product_id = ?", (other_id,))
    session.run("UPDATE unknown_scan SET product_id = ? WHERE product_id = ?", (keep_id, other_id))
    # What had been merged into the one that goes belongs to the one that stays: one step, never a chain.
    session.run("UPDATE product SET merged_into_id = ? WHERE merged_into_id = ?", (keep_id, other_id))


def _put_away(session: Session, actor: str, kept: Product, gone: Product, now: int) -> None:
    session.run(
        "UPDATE product SET merged_into_id = ?, archived_at_us = COALESCE(archived_at_us, ?), "
        "updated_at_us = ? WHERE id = ?",
        (kept.id, now, now, gone.id),
    )
    if kept.preferred_bin_id is None and gone.preferred_bin_id is not None:
        session.run("UPDATE product SET preferred_bin_id = ? WHERE id = ?", (gone.preferred_bin_id, kept.id))
        record_change(session, "product", kept.id, "preferred_bin", None, gone.preferred_bin, actor, now)
    session.run("UPDATE product SET updated_at_us = ? WHERE id = ?", (now, kept.id))
    record_change(session, "product", gone.id, "merged_into", None, kept.sku, actor, now)
    record_change(session, "product", kept.id, "merged", None, gone.sku, actor, now)
    naming.refresh_in(session, gone.id)
    naming.refresh_in(session, kept.id)
