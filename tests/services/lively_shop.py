"""A shop in which everything has happened once: what care and the doctor are tried on."""

from __future__ import annotations

from pathlib import Path

from stockshop.ledger import posting
from stockshop.ledger.posting import Draft, Line
from stockshop.services import care, catalogue, stock
from stockshop.services.shop import Shop, ShopSettings, furnish, open_shop
from stockshop.services.stock import LineRequest
from stockshop.storage.database import Store
from stockshop.storage.session import Session
from stockshop.storage.transfer import TableCopy, fingerprints

SETTINGS = ShopSettings("Kim's corner [shop]", "EUR", "de_DE", receiving_bin="RECEIVING")


def make(store: Store, *, costing: str = "average") -> Shop:
    """Furnish an empty store and let it live for a while."""
    shop = furnish(store, "Kim", SETTINGS, costing=costing)
    stock_the_catalogue(shop)
    trade(shop)
    promise(shop)
    return shop


def stock_the_catalogue(shop: Shop) -> None:
    """Four products with barcodes, suppliers, rules, lots and changed prices."""
    catalogue.add_product(
        shop, "Kim", sku="COF-1", name="Café crème 500 g", price_minor=549,
        barcodes=(("4006381333931", 1_000), ("4006381333948", 12_000)),
    )  # fmt: skip
    catalogue.add_product(shop, "Kim", sku="TEA_2", name="Tee 100 % [grün]", price_minor=299)
    catalogue.add_product(shop, "Kim", sku="MILK", name="Milk", tracking="lot", price_minor=119)
    catalogue.add_product(shop, "Kim", sku="BOLT", name="Bolt M6")
    catalogue.change_product(shop, "Ann", "COF-1", price_minor=599)
    catalogue.set_supplier(shop, "Kim", 1, "Müller & Söhne", supplier_code="MS-77", pack_milli=12_000)
    catalogue.set_reorder_rule(shop, "Kim", 1, 4_000, 24_000)
    catalogue.set_reorder_rule(shop, "Kim", 1, 2_000, 6_000, site="SHOP")
    catalogue.make_in_store_barcode(shop, "Kim", 4)


def trade(shop: Shop) -> None:
    """Receive, move, sell beyond what is there, reverse, count."""

    def post(kind: str, client_id: str, *lines: LineRequest, note: str = "") -> None:
        stock.post_entry(shop, "Ann", kind, lines, client_id=client_id, note=note)

    post(
        "receive", "r-1",
        LineRequest("COF-1", 24_000, to_bin="A-01", unit_cost_e4=31_234),
        LineRequest("TEA_2", 5_000, to_bin="A-02", unit_cost_e4=12_500),
    )  # fmt: skip
    post(
        "receive", "r-2",
        LineRequest("MILK", 10_000, to_bin="A-03", unit_cost_e4=7_000, lot="L1", expiry="2026-07-01"),
    )  # fmt: skip
    post("move", "m-1", LineRequest("COF-1", 10_000, from_bin="A-01", to_bin="B-01"))
    post("sell", "s-1", LineRequest("COF-1", 3_000, from_bin="A-01"))
    post("sell", "s-2", LineRequest("TEA_2", 7_000, from_bin="A-02"))
    post("sell", "s-3", LineRequest("MILK", 2_000))
    post("receive", "r-3", LineRequest("TEA_2", 10_000, to_bin="A-02", unit_cost_e4=13_000))
    stock.reverse_entry(shop, "Ann", 4, "rung up twice", client_id="u-1")


def promise(shop: Shop) -> None:
    """An order with an allocation, and a count line, as the store keeps them."""

    def work(session: Session) -> None:
        head = posting.lock(session)
        session.run(
            "INSERT INTO shop_order (client_id, kind, supplier_id, reference, opened_at_us, actor) "
            "VALUES ('o-1', 'sales', NULL, 'Mrs Huber', 1, 'Ann')"
        )
        session.run("INSERT INTO order_line (order_id, product_id, quantity_milli) VALUES (1, 1, 5000)")
        session.run(
            "INSERT INTO allocation (client_id, order_line_id, product_id, quantity_milli, allocated_at_us, "
            "actor) VALUES ('a-1', 1, 1, 5000, 1, 'Ann')"
        )
        bin_id = session.value("SELECT id FROM location WHERE code = 'A-01'")
        book = session.value(
            "SELECT quantity_milli FROM level WHERE product_id = 1 AND location_id = ?", (bin_id,)
        )
        session.run(
            "INSERT INTO count_line (client_id, line, product_id, location_id, lot_id, counted_milli, "
            "book_milli, book_entry_id, observed_at_us, recorded_at_us, actor) "
            "VALUES ('c-1', 1, 1, ?, 0, ?, ?, ?, ?, ?, 'Ann')",
            (bin_id, book, book, head.entry_sequence, head.recorded_at_us, head.recorded_at_us),
        )

    shop.store.writing(work)


def receive_coffee(shop: Shop, client_id: str) -> None:
    """One more receipt of one coffee."""
    with shop.store.reading() as session:
        bin_id = session.value("SELECT id FROM location WHERE code = 'A-01'")
    draft = Draft(client_id, "receive", (Line(1, 1_000, 1, bin_id, unit_cost_e4=30_000),), "Ann")
    shop.store.writing(lambda session: posting.post(session, draft))


def content(shop: Shop) -> tuple[TableCopy, ...]:
    """What is in every table, in a form that can be compared."""
    with shop.store.reading(snapshot=True) as session:
        return fingerprints(session)


def content_of(url: str | Path) -> tuple[TableCopy, ...]:
    """The content of a shop that nobody has open, and that is sound."""
    shop = open_shop(url)
    try:
        assert care.doctor(shop).troubles == ()
        return content(shop)
    finally:
        shop.close()
