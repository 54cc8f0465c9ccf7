"""The barcodes of products: several each, every one with the quantity it stands for."""

from __future__ import annotations

from typing import Any

from stockshop import clock, text
from stockshop.barcodes import gtin14, in_store_number, is_restricted, lookup_key
from stockshop.errors import Conflict, InvalidInput, NotFound
from stockshop.language import mark, tr
from stockshop.quantity import LIMIT_MILLI, MILLI, check_decimals, plain
from stockshop.services.catalogue import naming
from stockshop.services.catalogue.fields import whole
from stockshop.services.catalogue.records import ProductBarcode, changeable_in
from stockshop.services.shop import Shop, clean_actor, record_change
from stockshop.storage.session import Session

_BARCODE = "SELECT id, product_id, code, lookup_key, quantity_milli, kind FROM barcode WHERE lookup_key = ?"
_OWNER = "SELECT p.sku, p.name FROM barcode b JOIN product p ON p.id = b.product_id WHERE b.lookup_key = ?"
_PLACE = "SELECT code FROM location WHERE barcode_key = ?"
INSERT = (
    "INSERT INTO barcode (product_id, code, lookup_key, quantity_milli, kind) VALUES (?, ?, ?, ?, ?) "
    "RETURNING id"
)
# The row stays locked until the transaction ends, so no two tills draw the same number.
_NEXT = (
    "INSERT INTO setting (key, value) VALUES (?, '0') ON CONFLICT (key) DO UPDATE "
    "SET value = CAST(CAST(setting.value AS BIGINT) + 1 AS TEXT) RETURNING value"
)


def next_number_in(session: Session, key: str) -> int:
    """The next number (0, 1, 2 …) of a series that never repeats."""
    return int(session.value(_NEXT, (key,)))


def checked_code(code: str) -> tuple[str, str, str]:
    """(code as kept, lookup key, kind). Raises InvalidInput for an empty or overlong one."""
    clean = text.clean_code(code, field="barcode")
    if not clean:
        raise InvalidInput(tr("The barcode is empty; scan or type it."), field="barcode")
    key = lookup_key(clean)
    gtin = gtin14(key)
    kind = "code" if gtin is None else "in-store" if is_restricted(gtin) else "gtin"
    return clean, key, kind


def checked_pack(quantity_milli: Any, unit: str) -> int:
    """The quantity a barcode stands for, if the unit allows it. Raises InvalidInput."""
    quantity: int = whole(quantity_milli, "quantity", 1, LIMIT_MILLI, mark("The quantity of a barcode"))
    check_decimals(quantity, unit)
    return quantity


def find_barcode_in(session: Session, code: str) -> ProductBarcode | None:
    """The barcode stored under the code's lookup key. Raises InvalidInput for an overlong code."""
    row = session.row(_BARCODE, (lookup_key(code),))
    return None if row is None else ProductBarcode(*row)


def refuse_taken(session: Session, code: str, key: str) -> None:
    """Raise Conflict naming the product or place that has this barcode already."""
    owner = session.row(_OWNER, (key,))
    if owner is not None:
        raise Conflict(
            tr("Barcode {code} is on {name} ({sku}) already.", code=code, name=owner[0], sku=owner[1]),
            field="barcode",
        )
    place = session.value(_PLACE, (key,))
    if place is not None:
        raise Conflict(
            tr("Barcode {code} is that of the place {place}; use another.", code=code, place=place),
            field="barcode",
        )


def add_barcode_in(
    session: Session, actor: str, product_id: int, code: str, quantity_milli: int = MILLI
) -> bool:
    """Put a barcode on a product; False when it has it already, standing for the same quantity.

    On the same product with another quantity it is changed. Raises as `add_barcode` does.
    """
    product = changeable_in(session, product_id)
    clean, key, kind = checked_code(code)
    quantity_milli = checked_pack(quantity_milli, product.unit)
    there = session.row(_BARCODE, (key,))
    if there is not None and there[1] == product_id:
        return _change_in(session, actor, ProductBarcode(*there), quantity_milli)
    refuse_taken(session, clean, key)
    session.value(INSERT, (product_id, clean, key, quantity_milli, kind))
    naming.refresh_in(session, product_id)
    _record(session, actor, product_id, None, f"{clean} = {plain(quantity_milli)}")
    return True


def _change_in(session: Session, actor: str, barcode: ProductBarcode, quantity_milli: int) -> bool:
    if barcode.quantity_milli == quantity_milli:
        return False
    session.run("UPDATE barcode SET quantity_milli = ? WHERE id = ?", (quantity_milli, barcode.id))
    _record(
        session,
        actor,
        barcode.product_id,
        f"{barcode.code} = {plain(barcode.quantity_milli)}",
        f"{barcode.code} = {plain(quantity_milli)}",
    )
    return True


def _record(session: Session, actor: str, product_id: int, old: str | None, new: str | None) -> None:
    now = clock.now_us()
    record_change(session, "product", product_id, "barcode", old, new, actor, now)
    session.run("UPDATE product SET updated_at_us = ? WHERE id = ?", (now, product_id))


def add_barcode(
    shop: Shop, actor: str, product_id: int, code: str, quantity_milli: int = MILLI
) -> ProductBarcode:
    """Put a barcode on a product; `quantity_milli` is what it stands for (a case of twelve: 12000).

    Raises InvalidInput, NotFound, Refused for a merged product, and Conflict naming the product or
    place that has it.
    """
    actor = clean_actor(actor)

    def work(session: Session) -> ProductBarcode:
        add_barcode_in(session, actor, product_id, code, quantity_milli)
        found = find_barcode_in(session, code)
        assert found is not None
        return found

    return shop.store.writing(work)


def change_barcode(shop: Shop, actor: str, code: str, quantity_milli: int) -> ProductBarcode:
    """Change the quantity a barcode stands for. Raises NotFound, InvalidInput."""
    actor = clean_actor(actor)

    def work(session: Session) -> ProductBarcode:
        barcode = _known(session, code)
        product = changeable_in(session, barcode.product_id)
        _change_in(session, actor, barcode, checked_pack(quantity_milli, product.unit))
        return _known(session, code)

    return shop.store.writing(work)


def remove_barcode(shop: Shop, actor: str, code: str) -> None:
    """Take a barcode off its product; it may be put on another then. Raises NotFound."""
    actor = clean_actor(actor)
    shop.store.writing(lambda session: remove_barcode_in(session, actor, code))


def remove_barcode_in(session: Session, actor: str, code: str) -> None:
    """`remove_barcode` inside a transaction; `actor` is clean already."""
    barcode = _known(session, code)
    changeable_in(session, barcode.product_id)
    session.run("DELETE FROM barcode WHERE id = ?", (barcode.id,))
    naming.refresh_in(session, barcode.product_id)
    _record(session, actor, barcode.product_id, f"{barcode.code} = {plain(barcode.quantity_milli)}", None)


def _known(session: Session, code: str) -> ProductBarcode:
    barcode = find_barcode_in(session, code)
    if barcode is None:
        raise NotFound(
            tr("No product has the barcode {code}.", code=text.printable(code)[:40]), field="barcode"
        )
    return barcode


def make_in_store_barcode_in(
    session: Session, shop: Shop, actor: str, product_id: int, quantity_milli: int = MILLI
) -> str:
    """Give a product an own EAN-13 that no other product, article number or scale code can have."""
    while True:
        code = in_store_number(next_number_in(session, "in_store_sequence"), shop.scan_settings)
        key = lookup_key(code)
        if session.row(_OWNER, (key,)) is None and session.value(_PLACE, (key,)) is None:
            break
    add_barcode_in(session, actor, product_id, code, quantity_milli)
    return code


def make_in_store_barcode(
    shop: Shop, actor: str, product_id: int, quantity_milli: int = MILLI
) -> ProductBarcode:
    """Give a product an EAN-13 of the shop's own and answer it.

    The number lies in the range for restricted circulation, outside the scale's, and is never
    given twice, even after it was removed. Raises NotFound, Refused when the range is used up.
    """
    actor = clean_actor(actor)

    def work(session: Session) -> ProductBarcode:
        return _known(session, make_in_store_barcode_in(session, shop, actor, product_id, quantity_milli))

    return shop.store.writing(work)
