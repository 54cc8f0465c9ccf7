"""The tray of scans that nobody knew: what they may be, what becomes of them, and what has become."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from stockshop import text
from stockshop.barcodes import GS, Reading, gtin14, interpret, is_restricted, lookup_key, shortest
from stockshop.barcodes.gtin import check_digit, has_check_digit, is_digits
from stockshop.errors import InvalidInput, NotFound
from stockshop.language import tr, trn
from stockshop.services import finding
from stockshop.services.scanning import SEEN_SEPARATOR, UnknownScan, keep_unknown, read_in
from stockshop.services.shop import Shop
from stockshop.storage.session import Session

_LENGTHS = (8, 12, 13, 14)
_KINDS = {"978": "book", "979": "book", "977": "magazine"}


@dataclass(frozen=True, slots=True)
class UnknownCode:
    """A code of the open tray, with all the scans of it."""

    newest: UnknownScan
    times: int
    first_us: int
    """When it came first; `newest` says when it came last, where, and by whom."""
    hint: str
    """One sentence about what it may be."""
    product_id: int | None = None
    """The product that has this code by now, or nearly the same one."""
    is_known: bool = False
    """Whether that product has the code itself: nothing is left to ask."""


@dataclass(frozen=True, slots=True)
class ResolvedCode:
    """A code that left the tray."""

    scan_id: int
    """Of its newest scan."""
    code: str
    times: int
    last_us: int
    resolved_at_us: int
    resolved_by: str
    resolution: str
    product_id: int | None
    product: str
    """The name of the product it was put on; empty without one."""


_OPEN = (
    "SELECT n.id, n.code, n.place, n.scanned_at_us, n.actor, g.many, g.first_us FROM "
    "(SELECT MAX(id) AS newest, COUNT(*) AS many, MIN(scanned_at_us) AS first_us FROM unknown_scan "
    "WHERE resolved_at_us IS NULL GROUP BY code) g JOIN unknown_scan n ON n.id = g.newest "
    "ORDER BY n.id DESC LIMIT ?"
)
_RESOLVED = (
    "SELECT g.newest, n.code, g.many, n.scanned_at_us, n.resolved_at_us, n.resolved_by, n.resolution, "
    "n.product_id, p.name FROM (SELECT MAX(id) AS newest, COUNT(*) AS many FROM unknown_scan "
    "WHERE resolved_at_us IS NOT NULL GROUP BY code, resolved_at_us) g "
    "JOIN unknown_scan n ON n.id = g.newest LEFT JOIN product p ON p.id = n.product_id "
    "ORDER BY n.resolved_at_us DESC, n.id DESC LIMIT ?"
)


def open_codes(shop: Shop, limit: int = 1_000) -> tuple[UnknownCode, ...]:
    """Each code of the open tray once, the newest scan first, with a hint of what it may be."""
    with shop.store.reading() as session:
        found = []
        for row in session.rows(_OPEN, (limit,)):
            newest = UnknownScan(row[0], row[1], row[2], row[3], row[4])
            hint, product_id, is_known = _hint(shop, session, row[1])
            found.append(UnknownCode(newest, row[5], row[6], hint, product_id, is_known))
    return tuple(found)


def resolved_codes(shop: Shop, limit: int = 1_000) -> tuple[ResolvedCode, ...]:
    """What has left the tray, the latest first: by whom, when, and what became of it."""
    with shop.store.reading() as session:
        rows = session.rows(_RESOLVED, (limit,))
    return tuple(
        ResolvedCode(row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8] or "")
        for row in rows
    )


def take_up_again(shop: Shop, actor: str, scan_id: int) -> UnknownScan:
    """Put a code that was resolved into the tray once more; what was said of it before stays.

    Raises NotFound.
    """
    with shop.store.reading() as session:
        row = session.row("SELECT code, resolution FROM unknown_scan WHERE id = ?", (scan_id,))
    if row is None:
        raise NotFound(tr("That scan is not in the tray."))
    place = tr("taken up again; was: {what}", what=row[1] or "")
    return keep_unknown(shop, actor, row[0], place[: text.NAME_LIMIT])


def as_scanned(code: str) -> str:
    """A code of the tray as the scanner sent it."""
    return code.replace(SEEN_SEPARATOR, GS)


def barcode_of(shop: Shop, code: str) -> str:
    """What of a scanned code belongs on a product, so that the next piece of it is known too.

    The number alone: no lot, date, weight or price, and no symbology identifier. Raises InvalidInput.
    """
    readings = interpret(as_scanned(code), shop.scan_settings)
    for reading in readings:
        if reading.kind == "rcn" and reading.keys:
            return _short(reading.keys[0])
        if reading.kind in ("gs1", "digital-link") and reading.gtin:
            return shortest(reading.gtin)
    first = readings[0]
    if first.text.startswith("]") and len(readings) > 1:
        return _written(readings[1])
    return _written(first)


def _written(reading: Reading) -> str:
    if len(reading.text) > text.CODE_LIMIT:
        raise InvalidInput(
            tr("This code is too long to be put on a product; {most} characters fit.", most=text.CODE_LIMIT),
            field="code",
        )
    return reading.text


def _short(key: str) -> str:
    return shortest(key) if gtin14(key) == key else key


# -- what it may be -------------------------------------------------------------------------------


def _hint(shop: Shop, session: Session, code: str) -> tuple[str, int | None, bool]:
    """A sentence about a code, the product it points to, and whether that one has it already."""
    scanned = as_scanned(code)
    try:
        scan = read_in(shop, session, scanned)
        readings = interpret(scanned, shop.scan_settings)
    except InvalidInput as error:
        return error.message, None, False
    if scan.product is not None:
        if scan.ambiguous:
            return tr("Perhaps {product}", product=scan.product.name), scan.product.id, False
        return tr("Known by now: {product}", product=scan.product.name), scan.product.id, True
    if scan.place is not None:
        return tr("The label of {place}", place=scan.place.code), None, False
    bare = scanned.strip()
    if len(bare) in _LENGTHS and is_digits(bare) and not has_check_digit(bare):
        near = _one_slip_away(session, bare)
        if near is not None:
            return tr("One digit off {product}: misread?", product=near.name), near.id, False
        return tr("Its last digit does not fit the others: misread or mistyped"), None, False
    return _kind_of(readings), None, False


def _kind_of(readings: tuple[Reading, ...]) -> str:
    for reading in readings:
        if reading.kind == "rcn":
            return tr("A scale's label; its item is {item}", item=reading.text)
        if reading.kind in ("gs1", "digital-link") and reading.gtin:
            return tr("A GS1 code of the trade number {number}", number=shortest(reading.gtin))
    first = readings[0]
    gtin = next((reading.gtin for reading in readings if reading.gtin), None)
    if gtin is not None and is_restricted(gtin):
        return tr("A shop's own number, perhaps another's")
    if gtin is not None:
        kind = _KINDS.get(gtin[1:4], "")
        if kind == "book":
            return tr("A real trade number: a book")
        if kind == "magazine":
            return tr("A real trade number: a magazine")
        if gtin[0] != "0":
            return tr("A real trade number, of a case")
        return tr("A real trade number")
    if "://" in first.text:
        return tr("A web address, no product")
    if is_digits(first.text):
        many = len(first.text)
        return trn("{count} digit: no trade number", "{count} digits: no trade number", many)
    return tr("A supplier's own code, perhaps")


def _one_slip_away(session: Session, digits: str) -> finding.FoundProduct | None:
    """The one product whose number differs by one digit, or by two that changed places."""
    near: dict[int, finding.FoundProduct] = {}
    for number in {*_one_digit_changed(digits), *_two_exchanged(digits)}:
        product = finding.by_barcode_key(session, lookup_key(number))
        if product is not None:
            near[product.id] = product
    return next(iter(near.values())) if len(near) == 1 else None


def _one_digit_changed(digits: str) -> list[str]:
    """The numbers with a right check digit that differ in one place; each place has exactly one."""
    found = [digits[:-1] + str(check_digit(digits[:-1]))]
    for place in range(len(digits) - 1):
        for digit in "0123456789":
            number = digits[:place] + digit + digits[place + 1 :]
            if digit != digits[place] and has_check_digit(number):
                found.append(number)
    return found


def _two_exchanged(digits: str) -> list[str]:
    swapped = [
        digits[:place] + second + first + digits[place + 2 :]
        for place, (first, second) in enumerate(pairwise(digits))
        if first != second
    ]
    return [number for number in swapped if has_check_digit(number)]
