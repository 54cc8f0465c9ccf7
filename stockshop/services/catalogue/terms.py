"""When and where to buy a product: its suppliers and its reorder rules."""

from __future__ import annotations

from typing import Any

from stockshop import clock, money, text
from stockshop.errors import InvalidInput, NotFound
from stockshop.language import mark, tr
from stockshop.quantity import LIMIT_MILLI, MILLI, check_decimals, plain
from stockshop.services import locations
from stockshop.services.catalogue import naming
from stockshop.services.catalogue.fields import whole
from stockshop.services.catalogue.products import named_id_in
from stockshop.services.catalogue.records import (
    ReorderLevels,
    SupplierTerms,
    changeable_in,
    rules_in,
    suppliers_in,
)
from stockshop.services.shop import Shop, clean_actor, record_change
from stockshop.storage.session import Session

_LIMIT_COST_E4 = money.LIMIT_UNITS * money.COST_SCALE
_LONGEST_LEAD_DAYS = 3_650
_SAVE_TERMS = (
    "INSERT INTO product_supplier (product_id, supplier_id, supplier_code, pack_milli, minimum_milli, "
    "unit_cost_e4, lead_time_days) VALUES (?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (product_id, supplier_id) DO UPDATE SET supplier_code = excluded.supplier_code, "
    "pack_milli = excluded.pack_milli, minimum_milli = excluded.minimum_milli, "
    "unit_cost_e4 = excluded.unit_cost_e4, lead_time_days = excluded.lead_time_days"
)


def set_supplier_in(
    session: Session,
    actor: str,
    product_id: int,
    supplier: str,
    *,
    supplier_code: str = "",
    pack_milli: int = MILLI,
    minimum_milli: int = 0,
    unit_cost_e4: int | None = None,
    lead_time_days: int | None = None,
) -> bool:
    """Say how a product is bought from a supplier; False when it is so already.

    Raises as `set_supplier` does.
    """
    product = changeable_in(session, product_id)
    name = text.clean(supplier, field="supplier")
    if not name:
        raise InvalidInput(tr("The supplier needs a name."), field="supplier")
    whole(pack_milli, "pack", 1, LIMIT_MILLI, mark("The pack"))
    whole(minimum_milli, "minimum", 0, LIMIT_MILLI, mark("The minimum order"))
    check_decimals(pack_milli, product.unit, field="pack")
    check_decimals(minimum_milli, product.unit, field="minimum")
    if unit_cost_e4 is not None:
        whole(unit_cost_e4, "unit_cost", 0, _LIMIT_COST_E4, mark("The unit cost"))
    if lead_time_days is not None:
        whole(lead_time_days, "lead_time", 0, _LONGEST_LEAD_DAYS, mark("The lead time"))
    code = text.clean_code(supplier_code, field="supplier_code")
    supplier_id = named_id_in(session, "supplier", name)
    assert supplier_id is not None
    after = SupplierTerms(name, supplier_id, code, pack_milli, minimum_milli, unit_cost_e4, lead_time_days)
    before = next(
        (terms for terms in suppliers_in(session, product_id) if terms.supplier_id == supplier_id), None
    )
    if before == after:
        return False
    session.run(
        _SAVE_TERMS,
        (product_id, supplier_id, code, pack_milli, minimum_milli, unit_cost_e4, lead_time_days),
    )
    if code != (before.supplier_code if before is not None else ""):
        naming.refresh_in(session, product_id)
    _record(session, actor, product_id, "supplier", _terms_text(before), _terms_text(after))
    return True


def _terms_text(terms: SupplierTerms | None) -> str | None:
    if terms is None:
        return None
    parts = [f"pack {plain(terms.pack_milli)}", f"minimum {plain(terms.minimum_milli)}"]
    if terms.supplier_code:
        parts.insert(0, f"code {terms.supplier_code}")
    if terms.unit_cost_e4 is not None:
        parts.append(f"cost {money.plain_value(terms.unit_cost_e4)}")
    if terms.lead_time_days is not None:
        parts.append(f"{terms.lead_time_days} days")
    return f"{terms.supplier}: {', '.join(parts)}"


def _record(
    session: Session, actor: str, product_id: int, field: str, old: str | None, new: str | None
) -> None:
    now = clock.now_us()
    record_change(session, "product", product_id, field, old, new, actor, now)
    session.run("UPDATE product SET updated_at_us = ? WHERE id = ?", (now, product_id))


def set_supplier(
    shop: Shop,
    actor: str,
    product_id: int,
    supplier: str,
    *,
    supplier_code: str = "",
    pack_milli: int = MILLI,
    minimum_milli: int = 0,
    unit_cost_e4: int | None = None,
    lead_time_days: int | None = None,
) -> tuple[SupplierTerms, ...]:
    """Say how a product is bought from a supplier (made when new); answers all its suppliers.

    Pack and minimum in thousandths of the product's unit, the cost of one unit in 1/10,000.
    Raises InvalidInput naming the field, NotFound, Refused for a merged product.
    """
    actor = clean_actor(actor)

    def work(session: Session) -> tuple[SupplierTerms, ...]:
        set_supplier_in(
            session,
            actor,
            product_id,
            supplier,
            supplier_code=supplier_code,
            pack_milli=pack_milli,
            minimum_milli=minimum_milli,
            unit_cost_e4=unit_cost_e4,
            lead_time_days=lead_time_days,
        )
        return suppliers_in(session, product_id)

    return shop.store.writing(work)


def remove_supplier(shop: Shop, actor: str, product_id: int, supplier: str) -> None:
    """Say that a product is no longer bought from a supplier. Raises NotFound."""
    actor = clean_actor(actor)
    name = text.clean(supplier, field="supplier")

    def work(session: Session) -> None:
        changeable_in(session, product_id)
        terms = next((each for each in suppliers_in(session, product_id) if each.supplier == name), None)
        if terms is None:
            raise NotFound(
                tr("The product is not bought from '{supplier}'.", supplier=name[:40]), field="supplier"
            )
        session.run(
            "DELETE FROM product_supplier WHERE product_id = ? AND supplier_id = ?",
            (product_id, terms.supplier_id),
        )
        naming.refresh_in(session, product_id)
        _record(session, actor, product_id, "supplier", _terms_text(terms), None)

    shop.store.writing(work)


# -- reorder rules ---------------------------------------------------------------------------


_OF_SITE = {True: "product_id = ? AND site_id IS NULL", False: "product_id = ? AND site_id = ?"}


def _site_id_in(session: Session, site: str | None) -> tuple[str | None, int | None]:
    if site is None:
        return None, None
    place = locations.find_in(session, site)
    if place is None or place.kind != "site":
        raise NotFound(tr("There is no site '{site}'.", site=text.printable(site)[:40]), field="site")
    return place.code, place.id


def _rule_text(rule: ReorderLevels | None) -> str | None:
    if rule is None:
        return None
    return f"{plain(rule.reorder_point_milli)} / {plain(rule.order_up_to_milli)}"


def _rule_field(site: str | None) -> str:
    return "reorder_rule" if site is None else f"reorder_rule {site}"


def _check_level(value: Any, unit: str, field: str, what: str) -> int:
    level: int = whole(value, field, 0, LIMIT_MILLI, what)
    check_decimals(level, unit, field=field)
    return level


def set_reorder_rule_in(
    session: Session,
    actor: str,
    product_id: int,
    reorder_point_milli: int,
    order_up_to_milli: int,
    *,
    site: str | None = None,
) -> bool:
    """Say when to order a product; False when it is so already. Raises as `set_reorder_rule` does."""
    product = changeable_in(session, product_id)
    point = _check_level(reorder_point_milli, product.unit, "reorder_point", mark("The reorder point"))
    up_to = _check_level(order_up_to_milli, product.unit, "order_up_to", mark("The order-up-to level"))
    if up_to < point:
        raise InvalidInput(tr("The order-up-to level lies below the reorder point."), field="order_up_to")
    code, site_id = _site_id_in(session, site)
    after = ReorderLevels(code, site_id, point, up_to)
    before = next((rule for rule in rules_in(session, product_id) if rule.site_id == site_id), None)
    if before == after:
        return False
    if before is None:
        session.run(
            "INSERT INTO reorder_rule (product_id, site_id, reorder_point_milli, order_up_to_milli) "
            "VALUES (?, ?, ?, ?)",
            (product_id, site_id, point, up_to),
        )
    else:
        session.run(
            "UPDATE reorder_rule SET reorder_point_milli = ?, order_up_to_milli = ? "
            f"WHERE {_OF_SITE[site_id is None]}",
            (point, up_to, product_id, *(() if site_id is None else (site_id,))),
        )
    _record(session, actor, product_id, _rule_field(code), _rule_text(before), _rule_text(after))
    return True


def set_reorder_rule(
    shop: Shop,
    actor: str,
    product_id: int,
    reorder_point_milli: int,
    order_up_to_milli: int,
    *,
    site: str | None = None,
) -> tuple[ReorderLevels, ...]:
    """Order when projected falls to the reorder point, up to the level, both in thousandths.

    For the whole shop, or for one site. Answers all rules of the product. Raises InvalidInput
    naming the field, NotFound for the product or the site.
    """
    actor = clean_actor(actor)

    def work(session: Session) -> tuple[ReorderLevels, ...]:
        set_reorder_rule_in(session, actor, product_id, reorder_point_milli, order_up_to_milli, site=site)
        return rules_in(session, product_id)

    return shop.store.writing(work)


def remove_reorder_rule_in(session: Session, actor: str, product_id: int, *, site: str | None = None) -> bool:
    """No longer watch a product, for the shop or for a site; False when there is no such rule."""
    changeable_in(session, product_id)
    code, site_id = _site_id_in(session, site)
    before = next((rule for rule in rules_in(session, product_id) if rule.site_id == site_id), None)
    if before is None:
        return False
    session.run(
        f"DELETE FROM reorder_rule WHERE {_OF_SITE[site_id is None]}",
        (product_id, *(() if site_id is None else (site_id,))),
    )
    _record(session, actor, product_id, _rule_field(code), _rule_text(before), None)
    return True


def remove_reorder_rule(shop: Shop, actor: str, product_id: int, *, site: str | None = None) -> None:
    """No longer watch a product, for the shop or for a site. Raises NotFound."""
    actor = clean_actor(actor)

    def work(session: Session) -> None:
        if not remove_reorder_rule_in(session, actor, product_id, site=site):
            raise NotFound(tr("The product has no such reorder rule."), field="site")

    shop.store.writing(work)
