"""Saving what a form over a product says, in one piece."""

from __future__ import annotations

from stockshop.quantity import MILLI
from stockshop.services.catalogue.barcodes import add_barcode_in
from stockshop.services.catalogue.fields import ProductFields
from stockshop.services.catalogue.products import add_product_in, change_product_in
from stockshop.services.catalogue.records import Product, product_in
from stockshop.services.catalogue.terms import remove_reorder_rule_in, set_reorder_rule_in
from stockshop.services.shop import Shop, clean_actor
from stockshop.storage.session import Session


def save_product(
    shop: Shop,
    actor: str,
    product_id: int | None,
    fields: ProductFields,
    *,
    rule: tuple[int, int] | None,
    barcode: str = "",
) -> Product:
    """Add a product (`product_id` None) or change it, with the shop's reorder rule: all or nothing.

    `rule` is (reorder point, order-up-to level) in thousandths; None: none is wanted. `barcode` is
    put on it for one piece. Raises what `add_product`, `change_product`, `set_reorder_rule` and
    `add_barcode` raise.
    """
    actor = clean_actor(actor)

    def work(session: Session) -> Product:
        if product_id is None:
            own_id = add_product_in(session, shop, actor, fields)
        else:
            own_id = product_id
            change_product_in(session, shop, actor, own_id, fields)
        if rule is None:
            remove_reorder_rule_in(session, actor, own_id)
        else:
            set_reorder_rule_in(session, actor, own_id, *rule)
        if barcode:
            add_barcode_in(session, actor, own_id, barcode, MILLI)
        return product_in(session, own_id)

    return shop.store.writing(work)
