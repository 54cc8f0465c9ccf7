"""Shelf labels and count sheets out of the shop's own facts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from stockshop import clock
from stockshop.errors import InvalidInput, NotFound
from stockshop.language import tr, tr_in
from stockshop.ledger import balances
from stockshop.quantity import MILLI
from stockshop.services.finding import FoundProduct, by_id, known_or_found, product_in
from stockshop.services.locations import Place, bins_within, find_place
from stockshop.services.shop import Shop
from stockshop.storage.session import Session

if TYPE_CHECKING:
    from stockshop.documents.count_sheets import CountSheet, CountSheetLine, CountSheetReport
    from stockshop.documents.labels import LabelReport, ShelfLabel
    from stockshop.documents.sheets import LabelSheet

Progress = Callable[[int, int], None]
ON_HAND = "on-hand"
"""As `copies`: one label for each whole unit on hand."""

_FACTS = (
    "SELECT name, label_name, sku, price_minor, unit, net_content_milli, net_content_unit, "
    "price_includes_tax "
    "FROM product WHERE id = ?"
)
# A piece's own code before a pack's, a real GTIN before the shop's own number.
_CODE = (
    "SELECT code FROM barcode WHERE product_id = ? ORDER BY CASE WHEN quantity_milli = 1000 THEN 0 ELSE 1 "
    "END, "
    "CASE kind WHEN 'gtin' THEN 0 WHEN 'in-store' THEN 1 ELSE 2 END, id LIMIT 1"
)
_IN_BINS = (
    "SELECT p.id, b.id, l.lot_id, l.quantity_milli FROM level l JOIN product p ON p.id = l.product_id "
    "JOIN location b ON b.id = l.location_id WHERE b.id = ? AND l.quantity_milli <> 0 "
    "ORDER BY p.sort_name, p.id, l.lot_id"
)
_BELONGS = (
    "SELECT id FROM product WHERE preferred_bin_id = ? AND archived_at_us IS NULL ORDER BY sort_name, id"
)


SYMBOLS = ("auto", "qr", "code128", "none")
"""How a label may show its number: bars that suit it, a QR code, Code 128, or as digits alone."""


def shelf_label(
    shop: Shop, session: Session, product_id: int, code: str | None = None, *, symbol: str = "auto"
) -> ShelfLabel:
    """The facts on a product's shelf label. `code`: a barcode to print instead of the usual one.

    `symbol` is one of SYMBOLS.
    """
    from stockshop.documents.labels import ShelfLabel
    from stockshop.documents.symbols import Symbology

    row = session.row(_FACTS, (product_id,))
    if row is None:
        raise NotFound(tr("There is no such product."), field="product")
    name, label_name, sku, price_minor, unit, content_milli, content_unit, includes_tax = row
    inclusive = shop.settings.price_includes_tax if includes_tax is None else bool(includes_tax)
    return ShelfLabel(
        name=label_name or name,
        sku=sku,
        code=code or session.value(_CODE, (product_id,)) or sku,
        price_minor=price_minor,
        currency=shop.currency,
        locale=shop.settings.locale,
        unit=unit,
        net_content_milli=content_milli,
        net_content_unit=content_unit or "",
        tax_note="" if inclusive else tr_in(shop.settings.locale, "plus tax"),
        symbology=None if symbol in ("auto", "none") else Symbology(symbol),
        bars=symbol != "none",
    )


def print_labels(
    shop: Shop,
    out: Path,
    *,
    codes: Sequence[str] = (),
    product_ids: Sequence[int] = (),
    zone: str | None = None,
    sheet: str = "",
    dpi: int | None = None,
    start: int = 1,
    copies: int | str = 1,
    symbol: str = "auto",
    skip_refused: bool = False,
    replace_missing: bool = False,
    on_progress: Progress | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> LabelReport:
    """Write shelf labels of some products, or of all in a zone in walking order, to a PDF.

    Products are named by codes, by ids (when chosen from a list), or by both. `sheet` is a brand and
    part or a size; empty: the one used last. `copies` is a number or ON_HAND, `symbol` one of
    SYMBOLS. Raises NotFound, InvalidInput, and what `documents.labels.write_labels` raises.
    """
    from stockshop.documents.labels import write_labels

    if symbol not in SYMBOLS:
        raise InvalidInput(
            tr("The number is printed as one of: {choices}.", choices=", ".join(SYMBOLS)), field="symbol"
        )
    found = sheet_for(shop, sheet)
    with shop.store.reading(snapshot=True) as session:
        products = _chosen(shop, session, codes, product_ids, zone)
        labels = [shelf_label(shop, session, product.id, symbol=symbol) for product in products]
        counts: int | list[int]
        if copies == ON_HAND:
            counts = [max(balances.on_hand(session, product.id) // MILLI, 0) for product in products]
            if not any(counts):
                raise NotFound(tr("Nothing of that is on hand; give a number of copies."), field="copies")
        elif isinstance(copies, int) and copies >= 1:
            counts = copies
        else:
            raise InvalidInput(tr("Copies is a number from 1, or 'on-hand'."), field="copies")
    return write_labels(
        out,
        labels,
        found,
        dpi=dpi,
        start=start,
        copies=counts,
        title=tr("Shelf labels, {shop}", shop=shop.settings.name),
        author=shop.settings.name,
        skip_refused=skip_refused,
        replace_missing=replace_missing,
        on_progress=on_progress,
        should_stop=should_stop,
    )


def sheet_for(shop: Shop, name: str = "") -> LabelSheet:
    """The sheet of this name; without one that used last, else a usual one. Raises as `find_sheet`."""
    from stockshop.documents.sheets import find_sheet

    return find_sheet(name or shop.settings.sheet or _usual_sheet(shop))


def _usual_sheet(shop: Shop) -> str:
    """Letter paper where it is used, else A4: both with cells an EAN-13 fits."""
    return "Avery 5160" if shop.usual_paper == "Letter" else "Avery L7160"


def _chosen(
    shop: Shop, session: Session, codes: Sequence[str], product_ids: Sequence[int], zone: str | None
) -> list[FoundProduct]:
    if (codes or product_ids) and zone:
        raise InvalidInput(tr("Name products or a zone, not both."), field="zone")
    if zone is None:
        if not codes and not product_ids:
            raise InvalidInput(tr("Name at least one product, or a zone."), field="code")
        by_code = [product_in(session, code) for code in codes]
        return by_code + [known_or_found(session, product_id, "") for product_id in product_ids]
    seen: dict[int, FoundProduct] = {}
    for place in bins_within(shop, zone):
        for product_id in products_in_bin(session, place.id):
            product = by_id(session, product_id)
            if product is not None and not product.archived:
                seen.setdefault(product_id, product)
    if not seen:
        raise NotFound(tr("No product lies in {place} or belongs there.", place=zone), field="zone")
    return list(seen.values())


def products_in_bin(session: Session, bin_id: int) -> list[int]:
    """Ids of the products that lie in a bin or belong there, by name."""
    held = [row[0] for row in session.rows(_IN_BINS, (bin_id,))]
    belonging = [row[0] for row in session.rows(_BELONGS, (bin_id,))]
    return list(dict.fromkeys(held + belonging))


def print_count_sheets(
    shop: Shop,
    out: Path,
    zones: Sequence[str],
    *,
    informed: bool = False,
    paper: str = "",
    replace_missing: bool = False,
    on_progress: Progress | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> CountSheetReport:
    """Write a count sheet for each zone (or bin, or site), in walking order, to a PDF.

    Blind unless `informed`: a blind sheet holds no book quantity at all. `paper` is A4 or Letter;
    empty: by the shop's country. Raises NotFound, InvalidInput.
    """
    from stockshop.documents.count_sheets import write_count_sheets

    if not zones:
        raise InvalidInput(tr("Name at least one zone to count."), field="zone")
    sheets = [_count_sheet(shop, find_place(shop, zone), informed) for zone in zones]
    return write_count_sheets(
        out,
        sheets,
        paper=paper or shop.usual_paper,
        blind=not informed,
        replace_missing=replace_missing,
        on_progress=on_progress,
        should_stop=should_stop,
    )


def _count_sheet(shop: Shop, place: Place, informed: bool) -> CountSheet:
    from babel.dates import format_datetime

    from stockshop.documents.count_sheets import CountSheet, CountSheetLine

    now = clock.to_datetime(clock.now_us(), shop.zone)
    lines: list[CountSheetLine] = []
    with shop.store.reading(snapshot=True) as session:
        for one in bins_within(shop, place.code):
            levels = {(row[0], row[2]): row[3] for row in session.rows(_IN_BINS, (one.id,))}
            for product_id in session.rows(_BELONGS, (one.id,)):
                if not any(held == product_id[0] for held, _ in levels):
                    levels[product_id[0], 0] = 0
            for (product_id, lot_id), quantity_milli in levels.items():
                row = session.row(
                    "SELECT p.sku, p.name, p.unit, t.code, t.expiry, (SELECT MIN(c.quantity_milli) FROM "
                    "barcode c "
                    "WHERE c.product_id = p.id AND c.quantity_milli > 1000) FROM product p, lot t "
                    "WHERE p.id = ? AND t.id = ?",
                    (product_id, lot_id),
                )
                assert row is not None
                lines.append(
                    CountSheetLine(
                        number=len(lines) + 1,
                        bin=one.code,
                        sku=row[0],
                        name=row[1],
                        unit=row[2],
                        pack_milli=row[5],
                        lot=row[3],
                        expiry=row[4] or "",
                        book_milli=quantity_milli if informed else None,
                    )
                )
    return CountSheet(
        shop=shop.settings.name,
        count_code=f"C{now:%y%m%d}-{place.code}",
        zone=f"{place.code}  {place.name}" if place.name != place.code else place.code,
        printed_at=format_datetime(now, "short", locale=shop.settings.locale),
        lines=tuple(lines),
    )
