"""A shop with a few places, as the tests of the catalogue need it on both engines."""

from __future__ import annotations

from stockshop.ledger import posting
from stockshop.ledger.audit import audit
from stockshop.ledger.posting import Draft, Line
from stockshop.services.locations import add_starting_places
from stockshop.services.shop import Shop, ShopSettings
from stockshop.storage.database import Store
from stockshop.storage.models.locations import CUSTOMER, SUPPLIER
from stockshop.storage.session import Session


def make_shop(store: Store, *, costing: str = "average", region: str = "de") -> Shop:
    """The shop of an empty store, with its starting places."""

    def work(session: Session) -> None:
        add_starting_places(session)
        session.run("UPDATE ledger_head SET costing = ? WHERE id = 1", (costing,))

    store.writing(work)
    return Shop(store, ShopSettings("Corner shop", "EUR", "de_DE", rcn_region=region))


def bin_id(shop: Shop, code: str) -> int:
    """The id of a bin."""
    with shop.store.reading() as session:
        found: int = session.value("SELECT id FROM location WHERE code = ?", (code,))
    return found


def receive(
    shop: Shop, product_id: int, units: int, *, into: str = "A-01", cost_e4: int = 10_000, lot_id: int = 0
) -> None:
    """Post a receipt of whole units."""
    line = Line(product_id, units * 1000, SUPPLIER, bin_id(shop, into), lot_id, unit_cost_e4=cost_e4)
    post(shop, "receive", line)


def sell(shop: Shop, product_id: int, units: int, *, out_of: str = "A-01", lot_id: int = 0) -> None:
    """Post a sale of whole units."""
    post(shop, "sell", Line(product_id, units * 1000, bin_id(shop, out_of), CUSTOMER, lot_id))


def post(shop: Shop, kind: str, *lines: Line) -> None:
    """Post an entry of these lines."""
    with shop.store.reading() as session:
        number = session.value("SELECT entry_sequence FROM ledger_head WHERE id = 1")
    draft = Draft(f"test-{number}", kind, lines, "Kim")
    shop.store.writing(lambda session: posting.post(session, draft))


def add_lot(shop: Shop, product_id: int, code: str, expiry: str | None = None) -> int:
    """A lot of a product."""

    def work(session: Session) -> int:
        found: int = session.value(
            "INSERT INTO lot (product_id, code, expiry) VALUES (?, ?, ?) RETURNING id",
            (product_id, code, expiry),
        )
        return found

    return shop.store.writing(work)


def levels(shop: Shop, product_id: int) -> dict[str, int]:
    """Whole units by bin, and by bin and lot where there are lots; zeros left out."""
    with shop.store.reading() as session:
        rows = session.rows(
            "SELECT b.code, l.code, v.quantity_milli FROM level v JOIN location b ON b.id = v.location_id "
            "AND b.kind = 'bin' JOIN lot l ON l.id = v.lot_id "
            "WHERE v.product_id = ? AND v.quantity_milli <> 0",
            (product_id,),
        )
    return {f"{place} {lot}".strip(): quantity_milli // 1000 for place, lot, quantity_milli in rows}


def value_e4(shop: Shop, product_id: int) -> int:
    """What the shop's stock of a product is worth."""
    with shop.store.reading() as session:
        return int(
            session.value("SELECT value_e4 FROM product_cost WHERE product_id = ?", (product_id,)) or 0
        )


def troubles(shop: Shop) -> list[str]:
    """What the audit finds."""
    with shop.store.reading() as session:
        return [f"{trouble.invariant} {trouble.message}" for trouble in audit(session)]
