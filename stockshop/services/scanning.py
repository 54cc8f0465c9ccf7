"""What a scanned text means in this shop, and the tray of scans nobody knew."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from stockshop import clock, money, text
from stockshop.barcodes import GS, SCAN_LIMIT, Reading, interpret, lookup_key, split_multiplier
from stockshop.barcodes.gtin import has_check_digit, is_digits
from stockshop.errors import InvalidInput, NotFound, Refused
from stockshop.ids import new_id
from stockshop.language import tr
from stockshop.ledger import balances
from stockshop.quantity import MILLI
from stockshop.services import finding
from stockshop.services.finding import FoundProduct
from stockshop.services.locations import Place, find_in
from stockshop.services.shop import Shop, clean_actor
from stockshop.storage.session import Session

# Kinds of reading whose key may be one of the shop's own SKUs.
_SKU_KINDS = ("code", "gtin", "rcn")
SEEN_SEPARATOR = "\u241d"
"""How the tray keeps the GS1 separator, which no text may hold."""
_PRINTED = (12, 13, 14)
"""Digits of the numbers that end in a check digit and are long enough to be hardly anything else."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What one scan means."""

    kind: str
    """How it was read: code, sku, gtin, isbn, issn, pack, rcn, gs1, digital-link, bin, unknown."""
    code: str
    """The text as scanned, without the multiplier, fit to be shown."""
    product: FoundProduct | None = None
    quantity_milli: int = MILLI
    """How much of the product's unit it stands for: multiplier, pack, weight or price taken in."""
    gtin: str | None = None
    lot: str | None = None
    expiry: str | None = None
    price_minor: int | None = None
    """What this piece costs where the code says so, else the product's price."""
    price_in_code: bool = False
    on_hand_milli: int | None = None
    place: Place | None = None
    ambiguous: bool = False
    """A person should say whether this product is meant."""
    warnings: tuple[str, ...] = ()
    multiplied: bool = False
    """Whether `12*` was typed before it."""


def read_scan(shop: Shop, scanned: str) -> Scan:
    """Read a scanned or typed text: a product, a bin, or unknown. Looks, and changes nothing.

    Raises InvalidInput for an empty, absurdly long or contradictory text.
    """
    with shop.store.reading() as session:
        return read_in(shop, session, scanned)


def scan_of(shop: Shop, product_id: int, quantity_milli: int = MILLI) -> Scan:
    """As if a product chosen from a list had been scanned. Raises NotFound."""
    with shop.store.reading() as session:
        product = finding.by_id(session, product_id)
        if product is None:
            raise NotFound(tr("There is no such product any more."), field="product")
        held_milli = balances.on_hand(session, product.id)
    return Scan(
        "sku",
        product.sku,
        product,
        quantity_milli=quantity_milli,
        price_minor=product.price_minor,
        on_hand_milli=held_milli,
        warnings=(tr("This product is archived."),) if product.archived else (),
    )


def read_in(shop: Shop, session: Session, scanned: str) -> Scan:
    """As `read_scan`, within a transaction."""
    whole = _known(shop, session, scanned)
    split = split_multiplier(scanned) if whole is None or whole.product is None else None
    if split is None:
        return whole if whole is not None else _unknown(scanned)
    times_milli, rest = split
    if not rest:
        raise InvalidInput(tr("Type the quantity and '*', then scan: 12*4006381333931."), field="code")
    found = _known(shop, session, rest)
    if found is None:
        return Scan(
            "unknown",
            text.printable(rest)[:100],
            quantity_milli=times_milli,
            multiplied=True,
            warnings=_doubts(rest),
        )
    if found.product is None:
        return found
    quantity_milli = found.quantity_milli * times_milli
    if quantity_milli % MILLI:
        raise InvalidInput(tr("That is finer than a thousandth of the unit."), field="quantity")
    return _replaced(found, quantity_milli // MILLI)


def _replaced(scan: Scan, quantity_milli: int) -> Scan:
    return Scan(
        scan.kind, scan.code, scan.product, quantity_milli, scan.gtin, scan.lot, scan.expiry,
        scan.price_minor, scan.price_in_code, scan.on_hand_milli, scan.place, scan.ambiguous, scan.warnings,
        multiplied=True,
    )  # fmt: skip


def _unknown(scanned: str) -> Scan:
    return Scan("unknown", text.printable(scanned).strip()[:100], warnings=_doubts(scanned))


def _doubts(scanned: str) -> tuple[str, ...]:
    """What makes an unknown number look misread or mistyped rather than new."""
    code = scanned.strip()
    if len(code) in _PRINTED and is_digits(code) and not has_check_digit(code):
        return (tr("Its last digit does not fit the others: scan it again, or check what was typed."),)
    return ()


def _known(shop: Shop, session: Session, scanned: str) -> Scan | None:
    """The product or bin a text means, or None."""
    quick = _quick(session, scanned)
    if quick is not None:
        product, kind = quick
        gtin = lookup_key(scanned.strip()) if kind == "gtin" else None
        return _with_product(shop, session, product, Reading(kind, scanned.strip(), (), gtin=gtin))
    readings = interpret(scanned, shop.scan_settings)
    for reading in readings:
        found = _by_reading(session, reading)
        if found is not None:
            return _with_product(shop, session, found, reading)
    first = readings[0]
    place = find_in(session, first.text) if len(first.text) <= text.CODE_LIMIT else None
    if place is not None:
        return Scan("bin", text.printable(first.text), place=place)
    best = next((reading for reading in readings[1:] if reading.gtin), first)
    if best.gtin is None and not first.warnings:
        return None
    return Scan(
        "unknown",
        text.printable(first.text)[:100],
        gtin=best.gtin,
        lot=best.lot,
        expiry=best.expiry,
        warnings=(*first.warnings, *best.warnings) if best is not first else first.warnings,
    )


def _quick(session: Session, scanned: str) -> tuple[FoundProduct, str] | None:
    """The everyday scan: a barcode of ours as it stands, without weighing other meanings."""
    code = scanned.strip()
    if not (code.isascii() and code.isalnum() and len(code) <= text.CODE_LIMIT):
        return None
    key = lookup_key(code)
    product = finding.by_barcode_key(session, key)
    if product is not None:
        return product, "gtin" if key != code or len(code) == 14 else "code"
    product = finding.by_sku(session, code)
    return None if product is None else (product, "sku")


def _by_reading(session: Session, reading: Reading) -> FoundProduct | None:
    for key in reading.keys:
        product = finding.by_barcode_key(session, key)
        if product is None and reading.kind in _SKU_KINDS:
            product = finding.by_sku(session, key)
        if product is not None:
            return product
    return None


def _with_product(shop: Shop, session: Session, product: FoundProduct, reading: Reading) -> Scan:
    warnings = list(reading.warnings)
    quantity_milli = product.pack_milli
    price_minor = product.price_minor
    if reading.price is not None:
        price_minor, quantity_milli = _by_price(shop, product, reading.price, warnings)
    elif reading.quantity_milli is not None:
        quantity_milli = _measured(product, reading, warnings)
    if product.archived:
        warnings.append(tr("This product is archived."))
    return Scan(
        kind=reading.kind,
        code=text.printable(reading.text)[:100],
        product=product,
        quantity_milli=quantity_milli,
        gtin=reading.gtin,
        lot=reading.lot,
        expiry=reading.expiry,
        price_minor=price_minor,
        price_in_code=reading.price is not None,
        on_hand_milli=balances.on_hand(session, product.id),
        ambiguous=reading.ambiguous,
        warnings=tuple(warnings),
    )


def _by_price(
    shop: Shop, product: FoundProduct, price: Decimal, warnings: list[str]
) -> tuple[int | None, int]:
    """The price in a scale's code, and the quantity that it buys at the product's price.

    Without a price of the product, or for goods sold by the piece, it is one piece.
    """
    minor = int(price.scaleb(money.minor_digits(shop.currency)).to_integral_value(ROUND_HALF_UP))
    if product.price_minor and product.unit not in ("each", "pair", "pack"):
        quantity = (Decimal(minor) * MILLI / product.price_minor).to_integral_value(ROUND_HALF_UP)
        return minor, int(quantity)
    if not product.price_minor:
        warnings.append(tr("The code has a price inside, but the product has none to reckon the weight by."))
    return minor, product.pack_milli


_PER_KG = {"kg": Decimal(1), "g": Decimal(1000), "lb": Decimal("2.20462262185"), "oz": Decimal("35.27396195")}


def _measured(product: FoundProduct, reading: Reading, warnings: list[str]) -> int:
    """The quantity in a code, in the product's unit: a count of packs, or a weight turned into it."""
    assert reading.quantity_milli is not None
    if reading.unit == product.unit:
        return (
            reading.quantity_milli
            if reading.unit != "each"
            else reading.quantity_milli * product.pack_milli // MILLI
        )
    if reading.weight_milli is not None and product.unit in _PER_KG:
        return int((reading.weight_milli * _PER_KG[product.unit]).to_integral_value(ROUND_HALF_UP))
    if reading.unit == "each":
        return reading.quantity_milli * product.pack_milli // MILLI
    warnings.append(
        tr(
            "The code says {unit}, the product is kept by {own_unit}; check the quantity.",
            unit=reading.unit,
            own_unit=product.unit,
        )
    )
    return product.pack_milli


def print_check_page(shop: Shop, out: Path, *, paper: str = "") -> None:
    """Write the scanner check page. `paper` is A4 or Letter; empty: by the shop's country.

    Raises InvalidInput, NotWritten.
    """
    from stockshop.documents.scanner_check import write_scanner_check

    write_scanner_check(out, paper=paper or shop.usual_paper)


@dataclass(frozen=True, slots=True)
class UnknownScan:
    """A scan in the tray."""

    id: int
    code: str
    place: str
    """Where it was scanned: the screen or the bin."""
    scanned_at_us: int
    actor: str


def keep_unknown(
    shop: Shop, actor: str, code: str, place: str, *, client_id: str | None = None
) -> UnknownScan:
    """Put a scan that nothing matched into the tray. The same code is kept each time it comes up."""
    actor = clean_actor(actor)
    code = text.clean(code.replace(GS, SEEN_SEPARATOR), limit=SCAN_LIMIT, field="code")
    place = text.clean(place, field="place")
    own_id = client_id or new_id()
    now = clock.now_us()

    def work(session: Session) -> UnknownScan:
        row = session.row(
            "INSERT INTO unknown_scan (client_id, code, place, scanned_at_us, actor) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (client_id) DO UPDATE SET client_id = excluded.client_id RETURNING id",
            (own_id, code, place, now, actor),
        )
        assert row is not None
        return UnknownScan(row[0], code, place, now, actor)

    return shop.store.writing(work)


def unknown_scans(shop: Shop, limit: int = 1_000) -> tuple[UnknownScan, ...]:
    """The open tray, newest first."""
    with shop.store.reading() as session:
        rows = session.rows(
            "SELECT id, code, place, scanned_at_us, actor FROM unknown_scan WHERE resolved_at_us IS NULL "
            "ORDER BY id DESC LIMIT ?",
            (limit,),
        )
    return tuple(UnknownScan(row[0], row[1], row[2], row[3], row[4]) for row in rows)


def resolve_unknown(
    shop: Shop, actor: str, scan_id: int, resolution: str, *, product_id: int | None = None
) -> None:
    """Clear a scan out of the tray with what was done about it (attached, made, dismissed and why).

    All open scans of the same code go with it. Raises NotFound, Refused when it was cleared before,
    InvalidInput without a reason.
    """
    actor = clean_actor(actor)
    resolution = text.clean(resolution, field="resolution")
    if not resolution:
        raise InvalidInput(tr("Say what became of it."), field="resolution")

    def work(session: Session) -> None:
        row = session.row("SELECT code, resolved_at_us FROM unknown_scan WHERE id = ?", (scan_id,))
        if row is None:
            raise NotFound(tr("That scan is not in the tray."))
        if row[1] is not None:
            raise Refused(tr("That scan has been cleared already."))
        session.run(
            "UPDATE unknown_scan SET resolved_at_us = ?, resolved_by = ?, resolution = ?, product_id = ? "
            "WHERE code = ? AND resolved_at_us IS NULL",
            (clock.now_us(), actor, resolution, product_id, row[0]),
        )

    shop.store.writing(work)
