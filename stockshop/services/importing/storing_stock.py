"""Opening stock out of a file into the ledger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path

from stockshop.ids import new_id
from stockshop.language import tr
from stockshop.ledger import posting
from stockshop.ledger.posting import Draft, Line
from stockshop.quantity import MILLI, check_decimals
from stockshop.services import finding, locations
from stockshop.services.importing import mappings
from stockshop.services.importing.drafts import StockDraft
from stockshop.services.importing.formats import recognise_stock
from stockshop.services.importing.stock import StockReading
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
from stockshop.services.importing.trial import stock_trial
from stockshop.services.picking import lot_in
from stockshop.services.shop import Shop, clean_actor
from stockshop.storage.models.locations import OPENING
from stockshop.storage.session import Session


def import_stock(
    shop: Shop,
    actor: str,
    path: Path | str,
    *,
    mapping: dict[str, str] | None = None,
    dry_run: bool = False,
    skip_bad: bool = False,
    on_progress: Progress | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> ImportResult:
    """Import opening stock: what lay in which bin when the shop began to keep its books here.

    What a former file opened with is taken into account, so the same file changes nothing and a
    corrected one posts the difference. Raises as `import_products`.
    """
    actor = clean_actor(actor)
    table = open_table(path)
    recognised = recognise_stock(table, mapping=mapping or mappings.kept(shop, table.headers))
    reading = StockReading(recognised, currency=shop.currency, progress=first_half(on_progress))
    drafts = gathered(reading.drafts(), should_stop)
    with stock_trial(shop, drafts) if dry_run else nullcontext(shop) as stage:
        work = StockWork(stage, actor, drafts, skip_bad, on_progress, should_stop)
        return carried_out(work, work.run, recognised, reading, mapping=mapping, dry_run=dry_run)


class StockWork(RowWork):
    """The opening stock of one file on its way into the ledger."""

    def __init__(
        self,
        shop: Shop,
        actor: str,
        drafts: Sequence[StockDraft],
        skip_bad: bool,
        on_progress: Progress | None,
        should_stop: Callable[[], bool] | None,
    ) -> None:
        super().__init__(shop, actor, skip_bad, on_progress, should_stop)
        self.drafts = drafts

    def run(self, session: Session) -> None:
        """Write everything; problems and counts are in the attributes afterwards."""
        self.reset()
        self._lines: list[Line] = []
        posting.lock(session)
        total = len(self.drafts)
        for done, draft in enumerate(self.drafts, start=1):
            self.attempt(session, draft.row, lambda draft=draft: self._one(session, draft), draft)  # type: ignore[misc]
            self.step(done, total)
        self.bins.put_in_order(session)
        for start in range(0, len(self._lines), LINES_PER_ENTRY):
            lines = tuple(self._lines[start : start + LINES_PER_ENTRY])
            draft_entry = Draft(new_id(), "opening", lines, self.actor, note=tr("opening stock by import"))
            posting.post(session, draft_entry)

    def _one(self, session: Session, draft: StockDraft) -> None:
        product = finding.by_sku(session, draft.sku) if draft.sku else None
        if product is None:
            product = finding.product_in(session, draft.barcode or draft.sku or "", field="sku")
        quantity_milli = draft.quantity_milli * product.pack_milli // MILLI
        check_decimals(quantity_milli, product.unit)
        if draft.bin:
            self.bins.need(session, draft.row, "bin", draft.bin)
            bin_id = locations.bin_in(session, draft.bin).id
        else:
            bin_id = (
                product.preferred_bin_id or locations.bin_in(session, self.shop.settings.receiving_bin).id
            )
        lot = draft.lot or (OPENING_LOT if product.tracking == "lot" else "")
        lot_id = lot_in(session, product, lot, draft.expiry or "", arriving=True)
        opened = session.row(
            "SELECT COUNT(*), COALESCE(SUM(CASE WHEN from_id = ? THEN quantity_milli ELSE -quantity_milli "
            "END), 0) "
            "FROM movement WHERE product_id = ? AND lot_id = ? AND (from_id = ? OR to_id = ?) "
            "AND (from_id = ? OR to_id = ?)",
            (OPENING, product.id, lot_id, OPENING, OPENING, bin_id, bin_id),
        )
        assert opened is not None
        difference_milli = quantity_milli - int(opened[1])
        if not difference_milli:
            self.took(_sample(draft, SAME, product, quantity_milli))
            return
        arrives = difference_milli > 0
        self._lines.append(
            Line(
                product.id,
                abs(difference_milli),
                OPENING if arrives else bin_id,
                bin_id if arrives else OPENING,
                lot_id,
                unit_cost_e4=draft.unit_cost_e4 if arrives else None,
            )
        )
        self.took(_sample(draft, CHANGED if opened[0] else NEW, product, quantity_milli))


def _sample(draft: StockDraft, kind: str, product: finding.FoundProduct, quantity_milli: int) -> RowSample:
    return RowSample(draft.row, kind, product.sku, product.name, quantity_milli=quantity_milli)
