"""Products out of a file into the catalogue, with what lies on hand as an opening entry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path

from stockshop.barcodes import lookup_key
from stockshop.language import tr
from stockshop.ledger import posting
from stockshop.quantity import MILLI, check_decimals
from stockshop.services import catalogue, finding, locations
from stockshop.services.catalogue import ProductFields
from stockshop.services.importing import mappings
from stockshop.services.importing.drafts import ProductDraft, RowProblem
from stockshop.services.importing.formats import Recognised, recognise
from stockshop.services.importing.products import ProductReading
from stockshop.services.importing.storing import (
    CHANGED,
    LINES_PER_ENTRY,
    NEW,
    OPENING_LOT,
    SAME,
    ImportResult,
    Progress,
    RowSample,
    RowWork,
    carried_out,
    first_half,
    gathered,
)
from stockshop.services.importing.tables import open_table
from stockshop.services.importing.trial import products_trial
from stockshop.services.shop import Shop, clean_actor
from stockshop.services.stock import EntryRequest, LineRequest
from stockshop.storage.bulk import searchable_at_end
from stockshop.storage.session import Session

_PLAIN_FIELDS = (
    "label_name", "category", "unit", "price_minor", "tax_rate_milli", "price_includes_tax", "weight_g",
    "length_mm", "width_mm", "height_mm", "tracking", "preferred_bin", "notes",
)  # fmt: skip
_NEVER_EMPTY = ("unit", "tracking")


def import_products(
    shop: Shop,
    actor: str,
    path: Path | str,
    *,
    file_format: str = "auto",
    mapping: dict[str, str] | None = None,
    dry_run: bool = False,
    skip_bad: bool = False,
    on_progress: Progress | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> ImportResult:
    """Import products from a file of any known format, or by `mapping` (our field > their heading).

    A mapping is kept for files with the same headings. Quantities on hand are posted as an opening
    entry, for products nothing has moved of yet. The same file again changes nothing. Raises
    NotFound, InvalidInput (ColumnsUnknown among them) for a file that cannot be read, Stopped.
    """
    actor = clean_actor(actor)
    recognised = _recognised(shop, path, file_format, mapping)
    reading = ProductReading(recognised, currency=shop.currency, progress=first_half(on_progress))
    drafts = gathered(reading.drafts(), should_stop)
    with products_trial(shop, drafts) if dry_run else nullcontext(shop) as stage:
        work = ProductWork(stage, actor, drafts, reading.speaks_for, skip_bad, on_progress, should_stop)
        return carried_out(work, work.run, recognised, reading, mapping=mapping, dry_run=dry_run)


def _recognised(shop: Shop, path: Path | str, file_format: str, mapping: dict[str, str] | None) -> Recognised:
    table = open_table(path)
    kept = mapping
    if kept is None and file_format == "auto":
        kept = mappings.kept(shop, table.headers)
    return recognise(table, wanted=file_format, mapping=kept)


class ProductWork(RowWork):
    """The products of one file on their way into the shop."""

    def __init__(
        self,
        shop: Shop,
        actor: str,
        drafts: Sequence[ProductDraft],
        speaks_for: frozenset[str],
        skip_bad: bool,
        on_progress: Progress | None,
        should_stop: Callable[[], bool] | None,
    ) -> None:
        super().__init__(shop, actor, skip_bad, on_progress, should_stop)
        self.drafts = drafts
        self.speaks_for = speaks_for

    def run(self, session: Session) -> None:
        """Write everything; problems and counts are in the attributes afterwards."""
        self.reset()
        self._opening: list[tuple[int, LineRequest]] = []
        self._to_archive: list[int] = []
        posting.lock(session)
        total = len(self.drafts)
        with searchable_at_end(session):
            for done, draft in enumerate(self.drafts, start=1):
                self.attempt(session, draft.row, lambda draft=draft: self._one(session, draft), draft)  # type: ignore[misc]
                self.step(done, total)
        self.bins.put_in_order(session)
        self._post_opening(session)
        for product_id in self._to_archive:
            catalogue.set_archived_in(session, self.actor, product_id, True)

    def _one(self, session: Session, draft: ProductDraft) -> None:
        if draft.preferred_bin:
            self.bins.need(session, draft.row, "preferred_bin", draft.preferred_bin)
        product_id = self._match(session, draft)
        if product_id is None:
            product_id = self._add(session, draft)
            self._terms(session, product_id, draft, is_new=True)
            self._take_on_hand(session, product_id, draft)
            if draft.archived:
                # Only when its opening stock is in: nothing is received of an archived product.
                self._to_archive.append(product_id)
            self.took(_sample(draft, NEW))
            return
        changed = bool(self._change(session, product_id, draft))
        changed |= self._barcodes(session, product_id, draft)
        changed |= self._terms(session, product_id, draft)
        if draft.on_hand and not session.value(
            "SELECT 1 FROM movement WHERE product_id = ? LIMIT 1", (product_id,)
        ):
            changed |= self._take_on_hand(session, product_id, draft)
        self.took(_sample(draft, CHANGED if changed else SAME))

    def _match(self, session: Session, draft: ProductDraft) -> int | None:
        """The product that the row is about: by its SKU, or by a barcode where the file has no SKUs."""
        found: int | None = session.value("SELECT id FROM product WHERE sku = ?", (draft.sku,))
        if found is None and draft.is_sku_made:
            for barcode in draft.barcodes:
                product = finding.by_barcode_key(session, lookup_key(barcode.code))
                if product is not None:
                    return product.id
        return found

    def _fields(self, draft: ProductDraft) -> ProductFields:
        """What the file says; where it is silent the field stays as it is."""
        fields: dict[str, object] = {"name": draft.name}
        for name in _PLAIN_FIELDS:
            value = getattr(draft, name)
            if value is not None or (name in self.speaks_for and name not in _NEVER_EMPTY):
                fields[name] = value
        if draft.net_content_milli is not None or "net_content_milli" in self.speaks_for:
            fields["net_content_milli"] = draft.net_content_milli
            fields["net_content_unit"] = draft.net_content_unit
        for name in ("label_name", "notes"):
            if name in fields and fields[name] is None:
                fields[name] = ""
        return fields  # type: ignore[return-value]

    def _add(self, session: Session, draft: ProductDraft) -> int:
        fields = self._fields(draft)
        fields["sku"] = draft.sku
        codes = tuple((barcode.code, barcode.quantity_milli) for barcode in draft.barcodes)
        return catalogue.add_product_in(
            session, self.shop, self.actor, fields, barcodes_of=codes, reason="import"
        )

    def _change(self, session: Session, product_id: int, draft: ProductDraft) -> bool:
        fields = self._fields(draft)
        changed = bool(
            catalogue.change_product_in(session, self.shop, self.actor, product_id, fields, reason="import")
        )
        if draft.archived is not None:
            changed |= catalogue.set_archived_in(session, self.actor, product_id, draft.archived)
        return changed

    def _barcodes(self, session: Session, product_id: int, draft: ProductDraft) -> bool:
        changed = False
        for barcode in draft.barcodes:
            changed |= catalogue.add_barcode_in(
                session, self.actor, product_id, barcode.code, barcode.quantity_milli
            )
        if "barcodes" in self.speaks_for:
            wanted = {lookup_key(barcode.code) for barcode in draft.barcodes}
            rows = session.rows("SELECT code, lookup_key FROM barcode WHERE product_id = ?", (product_id,))
            for code, key in rows:
                if key not in wanted:
                    catalogue.remove_barcode_in(session, self.actor, code)
                    changed = True
        return changed

    def _terms(self, session: Session, product_id: int, draft: ProductDraft, *, is_new: bool = False) -> bool:
        changed = False
        if draft.supplier:
            changed |= catalogue.set_supplier_in(
                session,
                self.actor,
                product_id,
                draft.supplier,
                supplier_code=draft.supplier_code or "",
                pack_milli=draft.supplier_pack_milli or MILLI,
                minimum_milli=draft.minimum_order_milli or 0,
                unit_cost_e4=draft.cost_e4,
            )
        point, up_to = draft.reorder_point_milli, draft.order_up_to_milli
        if point is not None or up_to is not None:
            point = point or 0
            # A file that only knows "low at 5" wants a shelf full again, and twice as much is one.
            changed |= catalogue.set_reorder_rule_in(
                session, self.actor, product_id, point, up_to if up_to is not None else 2 * point
            )
        elif not is_new and {"reorder_point_milli", "order_up_to_milli"} <= self.speaks_for:
            changed |= catalogue.remove_reorder_rule_in(session, self.actor, product_id)
        return changed

    def _take_on_hand(self, session: Session, product_id: int, draft: ProductDraft) -> bool:
        row = session.row("SELECT tracking, unit FROM product WHERE id = ?", (product_id,))
        assert row is not None
        tracking, unit = row
        taken = False
        for one in draft.on_hand:
            if one.quantity_milli <= 0:
                continue
            check_decimals(one.quantity_milli, unit)
            place = locations.find_in(session, one.place) if one.place else None
            if place is not None and place.archived:
                place = None
            if one.place and place is None:
                self.notices.append(
                    RowProblem(
                        draft.row, "quantity", one.place, tr("There is no such bin: put into receiving.")
                    )
                )
            self._opening.append(
                (
                    draft.row,
                    LineRequest(
                        "",
                        one.quantity_milli,
                        to_bin=place.code if place is not None and place.kind == "bin" else "",
                        lot=OPENING_LOT if tracking == "lot" else "",
                        unit_cost_e4=draft.cost_e4,
                        product_id=product_id,
                    ),
                )
            )
            taken = True
        return taken

    def _post_opening(self, session: Session) -> None:
        for start in range(0, len(self._opening), LINES_PER_ENTRY):
            part = self._opening[start : start + LINES_PER_ENTRY]
            request = EntryRequest(
                self.shop,
                self.actor,
                "opening",
                [line for _, line in part],
                note=tr("opening stock by import"),
            )
            self.attempt(session, part[0][0], lambda request=request: _post(request, session))  # type: ignore[misc]


def _sample(draft: ProductDraft, kind: str) -> RowSample:
    on_hand = sum(one.quantity_milli for one in draft.on_hand) if draft.on_hand else None
    return RowSample(draft.row, kind, draft.sku, draft.name, draft.price_minor, on_hand)


def _post(request: EntryRequest, session: Session) -> None:
    request(session)
