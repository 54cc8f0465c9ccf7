"""Adding, changing, archiving and finding products, on both engines."""

from __future__ import annotations

import threading

import pytest

from stockshop.errors import Conflict, InvalidInput, NotFound, Refused, ShopError
from stockshop.services import catalogue
from stockshop.services.catalogue import Product
from stockshop.services.shop import Shop
from stockshop.storage import search
from stockshop.storage.database import Store
from tests.services.catalogue_shop import make_shop, receive, sell

EAN = "4006381333931"


@pytest.fixture
def shop(store: Store) -> Shop:
    return make_shop(store)


def everything_written(shop: Shop) -> list[tuple[object, ...]]:
    with shop.store.reading() as session:
        return [
            *session.rows("SELECT * FROM product ORDER BY id"),
            *session.rows("SELECT * FROM change ORDER BY id"),
            *session.rows("SELECT * FROM price ORDER BY id"),
            *session.rows("SELECT * FROM barcode ORDER BY id"),
            *session.rows("SELECT * FROM product_supplier ORDER BY product_id, supplier_id"),
            *session.rows("SELECT * FROM reorder_rule ORDER BY id"),
            *session.rows("SELECT * FROM category ORDER BY id"),
        ]


def found_by(shop: Shop, query: str) -> list[int]:
    with shop.store.reading() as session:
        return search.find(session, query, 10)


def test_a_new_product_keeps_all_that_was_said_about_it(shop: Shop) -> None:
    product = catalogue.add_product(
        shop,
        "Kim",
        sku="TEA-100",
        name="  Darjeeling \t First Flush ",
        label_name="Darjeeling",
        category="Tea",
        unit="Stk",
        net_content_milli=100_000,
        net_content_unit="gram",
        price_minor=1_295,
        tax_rate_milli=7_000,
        price_includes_tax=True,
        weight_g=130,
        length_mm=80,
        width_mm=60,
        height_mm=200,
        tracking="lot",
        preferred_bin="a-02",
        notes="Keep dry.\r\nSells best in winter.",
        barcodes=(EAN, ("CASE-TEA", 12_000)),
    )
    assert (product.sku, product.name, product.label_name) == (
        "TEA-100",
        "Darjeeling First Flush",
        "Darjeeling",
    )
    assert (product.category, product.unit, product.preferred_bin) == ("Tea", "each", "A-02")
    assert (product.net_content_milli, product.net_content_unit) == (100_000, "g")
    assert (product.price_minor, product.tax_rate_milli, product.price_includes_tax) == (1_295, 7_000, True)
    assert (product.weight_g, product.length_mm, product.width_mm, product.height_mm) == (130, 80, 60, 200)
    assert (product.tracking, product.notes) == ("lot", "Keep dry.\nSells best in winter.")
    assert not product.is_archived
    detail = catalogue.product(shop, product.id)
    assert detail.product == product
    assert [(code.code, code.quantity_milli, code.kind) for code in detail.barcodes] == [
        (EAN, 1_000, "gtin"),
        ("CASE-TEA", 12_000, "code"),
    ]
    assert [(point.price_minor, point.actor) for point in detail.prices] == [(1_295, "Kim")]
    assert [(line.field, line.new_value, line.actor) for line in catalogue.changes(shop, product.id)] == [
        ("added", "TEA-100", "Kim")
    ]
    assert catalogue.categories(shop) == ("Tea",)


def test_a_product_without_a_sku_gets_one_that_nobody_has(shop: Shop) -> None:
    catalogue.add_product(shop, "Kim", name="Taken by hand", sku="p00002")
    made = [catalogue.add_product(shop, "Kim", name=f"Pin {number}").sku for number in range(3)]
    assert made == ["P00001", "P00003", "P00004"]


def test_a_taken_sku_or_barcode_is_refused_by_the_name_of_who_has_it(shop: Shop) -> None:
    catalogue.add_product(shop, "Kim", name="Red pen", sku="PEN-1", barcodes=(EAN,))
    before = everything_written(shop)
    with pytest.raises(Conflict, match="Red pen") as sku:
        catalogue.add_product(shop, "Kim", name="Blue pen", sku="PEN-1", category="New one")
    assert sku.value.field == "sku"
    with pytest.raises(Conflict, match=r"PEN-1 \(Red pen\)") as barcode:
        catalogue.add_product(shop, "Kim", name="Blue pen", sku="PEN-2", barcodes=("0" + EAN,))
    assert barcode.value.field == "barcode"
    with pytest.raises(Conflict, match="place A-01"):
        catalogue.add_product(shop, "Kim", name="Blue pen", sku="PEN-2", barcodes=("BIN-A-01",))
    with pytest.raises(Conflict, match="twice"):
        catalogue.add_product(shop, "Kim", name="Blue pen", barcodes=("5012345678900", "05012345678900"))
    assert everything_written(shop) == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "\u202e \u0007"),
        ("name", "x" * 201),
        ("name", 7),
        ("unit", "bushel"),
        ("price_minor", -1),
        ("price_minor", 4_006_381_333_931),
        ("price_minor", 1.5),
        ("price_minor", True),
        ("tax_rate_milli", 100_001),
        ("price_includes_tax", 1),
        ("weight_g", 10**12),
        ("tracking", "serial"),
        ("net_content_milli", 0),
        ("net_content_unit", "kg"),
        ("label_name", "y" * 201),
        ("notes", "z" * 4_001),
        ("sku", "s" * 101),
        ("colour", "red"),
        ("preferred_bin", "SHOP"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field_and_nothing_is_kept(
    shop: Shop, field: str, value: object
) -> None:
    before = everything_written(shop)
    fields: dict[str, object] = {"name": "Pen", "category": "Pens", field: value}
    with pytest.raises(InvalidInput) as refused:
        catalogue.add_product(shop, "Kim", **fields)  # type: ignore[arg-type]
    assert refused.value.field in (field, "net_content_milli")
    assert everything_written(shop) == before


def test_an_unknown_preferred_bin_and_a_nameless_actor_are_refused(shop: Shop) -> None:
    with pytest.raises(NotFound) as unknown:
        catalogue.add_product(shop, "Kim", name="Pen", preferred_bin="Z-99")
    assert unknown.value.field == "preferred_bin"
    with pytest.raises(InvalidInput) as nameless:
        catalogue.add_product(shop, " \u200b", name="Pen")
    assert nameless.value.field == "actor"


@pytest.mark.parametrize(
    "hostile",
    [
        "'; DROP TABLE product; --",
        "[/] [b]x[/b] [@click=app.quit]",
        "\x1b]52;c;AAAA\x07%s %d {0} \\",
        "１２３ ﬁne",
    ],
)
def test_hostile_text_is_kept_clean_and_found_again(shop: Shop, hostile: str) -> None:
    product = catalogue.add_product(
        shop, hostile, name=hostile, sku=hostile, category=hostile, notes=hostile, barcodes=(hostile + "!",)
    )
    assert "\x1b" not in product.name + product.sku + product.notes + str(product.category)
    assert catalogue.find_product(shop, hostile).id == product.id
    assert catalogue.find_product(shop, hostile + "!").id == product.id
    assert found_by(shop, product.name) == [product.id]


def test_every_change_is_kept_with_who_and_from_what_to_what(shop: Shop) -> None:
    pen = catalogue.add_product(shop, "Kim", name="Pen", sku="PEN", price_minor=100)
    after = catalogue.change_product(
        shop,
        "Lou",
        "PEN",
        reason="new season",
        name="Fountain pen",
        price_minor=250,
        category="Writing",
        price_includes_tax=False,
        preferred_bin="A-01",
    )
    assert (after.name, after.price_minor, after.category) == ("Fountain pen", 250, "Writing")
    assert (after.price_includes_tax, after.preferred_bin) == (False, "A-01")
    lines = {
        (line.field, line.old_value, line.new_value)
        for line in catalogue.changes(shop, pen.id)
        if line.actor == "Lou"
    }
    assert lines == {
        ("name", "Pen", "Fountain pen"),
        ("price_minor", "100", "250"),
        ("category", None, "Writing"),
        ("price_includes_tax", None, "no"),
        ("preferred_bin", None, "A-01"),
    }
    prices = catalogue.product(shop, pen.id).prices
    assert [(point.price_minor, point.actor, point.reason) for point in prices] == [
        (250, "Lou", "new season"),
        (100, "Kim", ""),
    ]


def test_saying_again_what_is_so_already_writes_nothing(shop: Shop) -> None:
    fields = {"name": "Pen", "price_minor": 100, "category": "Writing", "preferred_bin": "A-01"}
    pen = catalogue.add_product(shop, "Kim", sku="PEN", **fields)  # type: ignore[arg-type]
    catalogue.add_barcode(shop, "Kim", pen.id, EAN)
    catalogue.set_supplier(shop, "Kim", pen.id, "Acme", supplier_code="A1")
    catalogue.set_reorder_rule(shop, "Kim", pen.id, 5_000, 20_000)
    before = everything_written(shop)
    catalogue.change_product(shop, "Lou", "pen", **{**fields, "preferred_bin": " a-01 "})  # type: ignore[arg-type]
    catalogue.add_barcode(shop, "Lou", pen.id, "0" + EAN)
    catalogue.set_supplier(shop, "Lou", pen.id, " Acme ", supplier_code="A1")
    catalogue.set_reorder_rule(shop, "Lou", pen.id, 5_000, 20_000)
    catalogue.unarchive(shop, "Lou", pen.id)
    assert everything_written(shop) == before


def test_a_price_can_be_taken_away(shop: Shop) -> None:
    pen = catalogue.add_product(shop, "Kim", name="Pen", price_minor=100)
    assert catalogue.change_product(shop, "Kim", pen.id, price_minor=None).price_minor is None
    assert [point.price_minor for point in catalogue.product(shop, pen.id).prices] == [None, 100]


def test_a_sku_changes_only_to_a_free_one_and_is_found_by_the_new(shop: Shop) -> None:
    pen = catalogue.add_product(shop, "Kim", name="Pen", sku="PEN-1")
    catalogue.add_product(shop, "Kim", name="Ink", sku="INK-1")
    with pytest.raises(Conflict, match="Ink"):
        catalogue.change_product(shop, "Kim", pen.id, sku="INK-1")
    with pytest.raises(InvalidInput):
        catalogue.change_product(shop, "Kim", pen.id, sku=" ")
    catalogue.change_product(shop, "Kim", pen.id, sku="QUILL-1")
    assert catalogue.find_product(shop, "quill-1").id == pen.id
    assert found_by(shop, "quill") == [pen.id]
    assert found_by(shop, "pen-1") == []


def test_the_unit_stays_once_stock_has_moved(shop: Shop) -> None:
    cheese = catalogue.add_product(shop, "Kim", name="Cheese", sku="CHEESE")
    assert catalogue.change_product(shop, "Kim", cheese.id, unit="kg").unit == "kg"
    catalogue.set_reorder_rule(shop, "Kim", cheese.id, 1_500, 3_000)
    with pytest.raises(InvalidInput) as decimals:
        catalogue.change_product(shop, "Kim", cheese.id, unit="each")
    assert decimals.value.field == "unit"
    receive(shop, cheese.id, 1)
    with pytest.raises(Refused, match="kg"):
        catalogue.change_product(shop, "Kim", cheese.id, unit="g")


def test_tracking_changes_only_while_there_is_no_stock(shop: Shop) -> None:
    milk = catalogue.add_product(shop, "Kim", name="Milk", sku="MILK")
    receive(shop, milk.id, 3)
    with pytest.raises(Refused, match="without lots") as refused:
        catalogue.change_product(shop, "Kim", milk.id, tracking="lot")
    assert refused.value.field == "tracking"
    sell(shop, milk.id, 4)
    with pytest.raises(Refused, match="below zero"):
        catalogue.change_product(shop, "Kim", milk.id, tracking="lot")
    receive(shop, milk.id, 1)
    assert catalogue.change_product(shop, "Kim", milk.id, tracking="lot").tracking == "lot"


def test_an_archived_product_keeps_its_history_its_sku_and_its_barcodes(shop: Shop) -> None:
    pen = catalogue.add_product(shop, "Kim", name="Pen", sku="PEN", barcodes=(EAN,))
    archived = catalogue.archive(shop, "Lou", "PEN")
    assert archived.is_archived
    with pytest.raises(Conflict, match="archived"):
        catalogue.add_product(shop, "Kim", name="Other pen", sku="PEN")
    with pytest.raises(Conflict):
        catalogue.add_product(shop, "Kim", name="Other pen", barcodes=(EAN,))
    assert catalogue.find_product(shop, EAN).id == pen.id
    assert not catalogue.unarchive(shop, "Lou", pen.id).is_archived
    assert [(line.field, line.new_value) for line in catalogue.changes(shop, pen.id)] == [
        ("archived", "no"),
        ("archived", "yes"),
        ("added", "PEN"),
    ]


def test_a_product_is_found_by_barcode_then_sku_then_sku_in_another_case(shop: Shop) -> None:
    by_code = catalogue.add_product(shop, "Kim", name="A", sku="A-1", barcodes=("12345",))
    by_sku = catalogue.add_product(shop, "Kim", name="B", sku="12345")
    lower = catalogue.add_product(shop, "Kim", name="C", sku="abc")
    assert catalogue.find_product(shop, "12345").id == by_code.id
    assert catalogue.find_product(shop, "ABC").id == lower.id
    upper = catalogue.add_product(shop, "Kim", name="D", sku="ABC")
    assert catalogue.find_product(shop, "ABC").id == upper.id
    with pytest.raises(NotFound):
        catalogue.find_product(shop, "aBc")
    with pytest.raises(NotFound):
        catalogue.find_product(shop, "no such thing")
    with pytest.raises(NotFound):
        catalogue.product(shop, 999_999)
    with pytest.raises(InvalidInput):
        catalogue.find_product(shop, " ")
    catalogue.remove_barcode(shop, "Kim", "12345")
    assert catalogue.find_product(shop, "12345").id == by_sku.id


def test_two_tills_adding_the_same_sku_one_is_told_that_it_is_taken(shop: Shop) -> None:
    ready = threading.Barrier(2)
    added: list[Product] = []
    refused: list[ShopError] = []

    def add(name: str) -> None:
        ready.wait()
        try:
            added.append(catalogue.add_product(shop, name, name=name, sku="SAME", category="Both"))
        except Conflict as error:
            refused.append(error)

    threads = [threading.Thread(target=add, args=(name,)) for name in ("Kim", "Lou")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(added) == len(refused) == 1
    assert added[0].name in refused[0].message
    assert catalogue.categories(shop) == ("Both",)
