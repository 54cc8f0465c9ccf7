"""Adding, changing, archiving and finding products."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Unpack

from stockshop import clock, text
from stockshop.errors import Conflict, InvalidInput, Refused
from stockshop.language import mark, tr
from stockshop.ledger import posting
from stockshop.quantity import MILLI, check_decimals
from stockshop.services import finding, locations
from stockshop.services.catalogue import barcodes, naming
from stockshop.services.catalogue.fields import ProductFields, checked
from stockshop.services.catalogue.records import (
    Product,
    changeable_in,
    product_in,
    rules_in,
)
from stockshop.services.shop import Shop, clean_actor, record_change
from stockshop.storage.models.locations import TRANSIT
from stockshop.storage.session import Session

BarcodeRequest = str | tuple[str, int]
"""A code of one piece, or a code and the thousandths it stands for."""

_INSERT = (
    "INSERT INTO product (sku, sku_fold, name, label_name, sort_name, search_text, category_id, unit, "
    "net_content_milli, net_content_unit, price_minor, tax_rate_milli, price_includes_tax, weight_g, "
    "length_mm, width_mm, height_mm, tracking, preferred_bin_id, notes, created_at_us, updated_at_us) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (sku) DO NOTHING RETURNING id"
)
_PRICE = "INSERT INTO price (product_id, price_minor, valid_from_us, actor, reason) VALUES (?, ?, ?, ?, ?)"
_STARTING: Mapping[str, Any] = {
    "label_name": "",
    "category": None,
    "unit": "each",
    "net_content_milli": None,
    "net_content_unit": None,
    "price_minor": None,
    "tax_rate_milli": None,
    "price_includes_tax": None,
    "weight_g": None,
    "length_mm": None,
    "width_mm": None,
    "height_mm": None,
    "tracking": "none",
    "preferred_bin": None,
    "notes": "",
}
_PLAIN = (
    "label_name", "unit", "net_content_milli", "net_content_unit", "price_minor", "tax_rate_milli",
    "price_includes_tax", "weight_g", "length_mm", "width_mm", "height_mm", "tracking", "notes",
)  # fmt: skip
"""Fields whose column has their name and value."""


def named_id_in(session: Session, table: str, name: str | None) -> int | None:
    """The id of the category or supplier called so, made when it is new; None for none."""
    if name is None:
        return None
    found = session.value(f"SELECT id FROM {table} WHERE name = ?", (name,))
    if found is None:
        session.run(f"INSERT INTO {table} (name) VALUES (?) ON CONFLICT (name) DO NOTHING", (name,))
        found = session.value(f"SELECT id FROM {table} WHERE name = ?", (name,))
    return int(found)


def _bin_id_in(session: Session, code: str | None) -> tuple[str | None, int | None]:
    if code is None:
        return None, None
    place = locations.bin_in(session, code, field="preferred_bin")
    return place.code, place.id


def _check_net_content(quantity_milli: int | None, unit: str | None) -> None:
    if (quantity_milli is None) != (unit is None):
        missing = "net_content_milli" if quantity_milli is None else "net_content_unit"
        raise InvalidInput(
            tr("A net content is a number and its unit, such as 500 g; leave out both or none."),
            field=missing,
        )


# -- adding ----------------------------------------------------------------------------------


def add_product_in(
    session: Session,
    shop: Shop,
    actor: str,
    fields: ProductFields,
    *,
    barcodes_of: tuple[BarcodeRequest, ...] = (),
    reason: str = "",
) -> int:
    """Add a product inside a transaction and answer its id; `actor` is clean already.

    Raises as `add_product` does.
    """
    values: dict[str, Any] = {**_STARTING, **checked(fields, shop.currency)}
    if not values.get("name"):
        raise InvalidInput(tr("A product needs a name."), field="name")
    _check_net_content(values["net_content_milli"], values["net_content_unit"])
    codes = _checked_codes(session, barcodes_of, values["unit"])
    category_id = named_id_in(session, "category", values["category"])
    _, bin_id = _bin_id_in(session, values["preferred_bin"])
    found_by = naming.barcode_texts([(code, key) for code, key, _, _ in codes])
    sku = values.get("sku") or _free_sku_in(session)
    now = clock.now_us()
    product_id = session.value(
        _INSERT,
        (
            sku, naming.sku_fold(sku), values["name"], values["label_name"], naming.sort_name(values["name"]),
            naming.search_text(values["name"], values["label_name"], sku, found_by), category_id,
            values["unit"], values["net_content_milli"], values["net_content_unit"], values["price_minor"],
            values["tax_rate_milli"], _stored(values["price_includes_tax"]), values["weight_g"],
            values["length_mm"], values["width_mm"], values["height_mm"], values["tracking"], bin_id,
            values["notes"], now, now,
        ),
    )  # fmt: skip
    if product_id is None:
        raise _sku_taken(session, sku)
    for code, key, kind, quantity_milli in codes:
        session.value(barcodes.INSERT, (product_id, code, key, quantity_milli, kind))
    if values["price_minor"] is not None:
        session.run(_PRICE, (product_id, values["price_minor"], now, actor, _reason(reason)))
    record_change(session, "product", product_id, "added", None, sku, actor, now)
    return int(product_id)


def _checked_codes(
    session: Session, requests: tuple[BarcodeRequest, ...], unit: str
) -> list[tuple[str, str, str, int]]:
    codes: list[tuple[str, str, str, int]] = []
    seen: set[str] = set()
    for request in requests:
        code, quantity_milli = (request, MILLI) if isinstance(request, str) else request
        code, key, kind = barcodes.checked_code(code)
        barcodes.refuse_taken(session, code, key)
        if key in seen:
            raise Conflict(tr("Barcode {code} is given twice.", code=code), field="barcode")
        seen.add(key)
        codes.append((code, key, kind, barcodes.checked_pack(quantity_milli, unit)))
    return codes


def _free_sku_in(session: Session) -> str:
    while True:
        sku = f"P{barcodes.next_number_in(session, 'sku_sequence') + 1:05d}"
        if session.value("SELECT 1 FROM product WHERE sku_fold = ?", (naming.sku_fold(sku),)) is None:
            return sku


def _sku_taken(session: Session, sku: str) -> Conflict:
    row = session.row("SELECT name, archived_at_us, merged_into_id FROM product WHERE sku = ?", (sku,))
    assert row is not None
    name, archived_at_us, merged_into_id = row
    if merged_into_id is not None:
        kept = session.value("SELECT sku FROM product WHERE id = ?", (merged_into_id,))
        return Conflict(
            tr(
                "The SKU {sku} belongs to {name}, which was merged into {kept}.",
                sku=sku,
                name=name,
                kept=kept,
            ),
            field="sku",
        )
    if archived_at_us is not None:
        sentence = mark(
            "The SKU {sku} belongs to {name} already, which is archived; bring it back or choose another SKU."
        )
    else:
        sentence = mark("The SKU {sku} belongs to {name} already.")
    return Conflict(tr(sentence, sku=sku, name=name), field="sku")


def _reason(reason: str) -> str:
    return text.clean(reason, field="reason")


def _stored(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value


def add_product(
    shop: Shop,
    actor: str,
    *,
    barcodes: tuple[BarcodeRequest, ...] = (),
    reason: str = "",
    **fields: Unpack[ProductFields],
) -> Product:
    """Add a product; without a SKU it gets one of its own (P00001…).

    `reason` is kept with the first price. Raises InvalidInput naming the field, NotFound for the
    preferred bin, and Conflict naming who has the SKU or a barcode already.
    """
    actor = clean_actor(actor)

    def work(session: Session) -> Product:
        product_id = add_product_in(session, shop, actor, fields, barcodes_of=barcodes, reason=reason)
        return product_in(session, product_id)

    return shop.store.writing(work)


# -- changing --------------------------------------------------------------------------------


def change_product_in(
    session: Session,
    shop: Shop,
    actor: str,
    product_id: int,
    changes: ProductFields,
    *,
    reason: str = "",
) -> tuple[str, ...]:
    """Change fields inside a transaction; answers the names of those that were different.

    Raises as `change_product` does.
    """
    values = checked(changes, shop.currency)
    if "tracking" in values:
        # Whoever posts decides by the tracking; the ledger is always locked before a product.
        posting.lock(session)
    before = changeable_in(session, product_id)
    if values.get("sku", before.sku) is None:
        raise InvalidInput(tr("A product keeps a SKU; type the new one."), field="sku")
    bin_id = None
    if values.get("preferred_bin", before.preferred_bin) != before.preferred_bin:
        values["preferred_bin"], bin_id = _bin_id_in(session, values["preferred_bin"])
    changed = {field: value for field, value in values.items() if value != getattr(before, field)}
    if not changed:
        return ()
    _refuse_change(session, before, changed)
    columns = {field: _stored(changed[field]) for field in _PLAIN if field in changed}
    if "name" in changed:
        columns["name"] = changed["name"]
    if "sku" in changed:
        columns["sku"] = changed["sku"]
    if "category" in changed:
        columns["category_id"] = named_id_in(session, "category", changed["category"])
    if "preferred_bin" in changed:
        columns["preferred_bin_id"] = bin_id
    now = clock.now_us()
    assignments = ", ".join(f"{column} = ?" for column in columns)
    session.run(
        f"UPDATE product SET {assignments}, updated_at_us = ? WHERE id = ?",
        (*columns.values(), now, product_id),
    )
    for field, value in changed.items():
        old = getattr(before, field)
        record_change(session, "product", product_id, field, _as_text(old), _as_text(value), actor, now)
    if "price_minor" in changed:
        session.run(_PRICE, (product_id, changed["price_minor"], now, actor, _reason(reason)))
    if not changed.keys().isdisjoint(("name", "label_name", "sku")):
        naming.refresh_in(session, product_id)
    return tuple(changed)


def _as_text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return None if value is None else str(value)


def _refuse_change(session: Session, before: Product, changed: dict[str, Any]) -> None:
    if "sku" in changed and session.value("SELECT 1 FROM product WHERE sku = ?", (changed["sku"],)):
        raise _sku_taken(session, changed["sku"])
    _check_net_content(
        changed.get("net_content_milli", before.net_content_milli),
        changed.get("net_content_unit", before.net_content_unit),
    )
    if "unit" in changed:
        _refuse_unit(session, before, changed["unit"])
    if "tracking" in changed and session.value(
        "SELECT 1 FROM level v JOIN location b ON b.id = v.location_id AND (b.kind = 'bin' OR b.id = ?) "
        "WHERE v.product_id = ? AND v.quantity_milli <> 0 LIMIT 1",
        (TRANSIT, before.id),
    ):
        if before.tracking == "none":
            sentence = mark(
                "There is stock of {sku} (or a bin below zero) that was booked without lots; "
                "bring every bin to zero first."
            )
        else:
            sentence = mark(
                "There is stock of {sku} (or a bin below zero) that was booked by lots; "
                "bring every bin to zero first."
            )
        raise Refused(tr(sentence, sku=before.sku), field="tracking")


def _refuse_unit(session: Session, before: Product, unit: str) -> None:
    if session.value("SELECT 1 FROM movement WHERE product_id = ? LIMIT 1", (before.id,)) or session.value(
        "SELECT 1 FROM order_line WHERE product_id = ? LIMIT 1", (before.id,)
    ):
        raise Refused(
            tr(
                "{sku} has been stocked in '{unit}'; its unit cannot change. Add a new product.",
                sku=before.sku,
                unit=before.unit,
            ),
            field="unit",
        )
    for (quantity_milli,) in session.rows(
        "SELECT quantity_milli FROM barcode WHERE product_id = ? UNION ALL "
        "SELECT pack_milli FROM product_supplier WHERE product_id = ? UNION ALL "
        "SELECT minimum_milli FROM product_supplier WHERE product_id = ?",
        (before.id,) * 3,
    ):
        check_decimals(quantity_milli, unit, field="unit")
    for rule in rules_in(session, before.id):
        check_decimals(rule.reorder_point_milli, unit, field="unit")
        check_decimals(rule.order_up_to_milli, unit, field="unit")


def product_id_in(session: Session, wanted: str | int) -> int:
    """The id of the product with this id, barcode or SKU. Raises NotFound, InvalidInput."""
    if isinstance(wanted, int):
        return product_in(session, wanted).id
    return finding.product_in(session, wanted).id


def change_product(
    shop: Shop,
    actor: str,
    product: str | int,
    *,
    reason: str = "",
    **changes: Unpack[ProductFields],
) -> Product:
    """Change some fields of a product (its id, SKU or barcode); who, when and what is kept.

    What is the same already is not written. `reason` is kept with a new price. Raises InvalidInput
    naming the field, NotFound, Conflict for a SKU that is taken, and Refused for a merged product,
    for another unit once there is history, and for other tracking while there is stock.
    """
    actor = clean_actor(actor)

    def work(session: Session) -> Product:
        product_id = product_id_in(session, product)
        change_product_in(session, shop, actor, product_id, changes, reason=reason)
        return product_in(session, product_id)

    return shop.store.writing(work)


def set_archived_in(session: Session, actor: str, product_id: int, archived: bool) -> bool:
    """Archive a product or bring it back; False when it is so already. Raises NotFound, Refused."""
    before = changeable_in(session, product_id)
    if before.is_archived == archived:
        return False
    now = clock.now_us()
    session.run(
        "UPDATE product SET archived_at_us = ?, updated_at_us = ? WHERE id = ?",
        (now if archived else None, now, product_id),
    )
    record_change(
        session,
        "product",
        product_id,
        "archived",
        _as_text(before.is_archived),
        _as_text(archived),
        actor,
        now,
    )
    return True


def archive(shop: Shop, actor: str, product: str | int) -> Product:
    """Put a product out of use: its history, SKU and barcodes stay. Raises NotFound."""
    return _set_archived(shop, actor, product, True)


def unarchive(shop: Shop, actor: str, product: str | int) -> Product:
    """Bring an archived product back. Raises NotFound, Refused for one that was merged."""
    return _set_archived(shop, actor, product, False)


def _set_archived(shop: Shop, actor: str, product: str | int, archived: bool) -> Product:
    actor = clean_actor(actor)

    def work(session: Session) -> Product:
        product_id = product_id_in(session, product)
        set_archived_in(session, actor, product_id, archived)
        return product_in(session, product_id)

    return shop.store.writing(work)
