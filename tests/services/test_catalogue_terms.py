"""Barcodes, in-store numbers, suppliers and reorder rules, on both engines."""

from __future__ import annotations

import threading

import pytest

from stockshop.barcodes import gtin14, is_restricted
from stockshop.errors import Conflict, InvalidInput, NotFound
from stockshop.services import catalogue
from stockshop.services.catalogue import Product
from stockshop.services.locations import add_place
from stockshop.services.shop import Shop
from stockshop.storage import search
from stockshop.storage.database import Store
from tests.services.catalogue_shop import make_shop

EAN = "4006381333931"


@pytest.fixture
def shop(store: Store) -> Shop:
    return make_shop(store)


@pytest.fixture
def pen(shop: Shop) -> Product:
    return catalogue.add_product(shop, "Kim", name="Pen", sku="PEN")


def changed(shop: Shop, product_id: int, field: str) -> list[tuple[str | None, str | None]]:
    return [
        (line.old_value, line.new_value)
        for line in catalogue.changes(shop, product_id)
        if line.field == field
    ]


def found_by(shop: Shop, query: str) -> list[int]:
    with shop.store.reading() as session:
        return search.find(session, query, 10)


def test_each_barcode_stands_for_its_own_quantity(shop: Shop, pen: Product) -> None:
    catalogue.add_barcode(shop, "Kim", pen.id, EAN)
    catalogue.add_barcode(shop, "Kim", pen.id, "14006381333938", 12_000)
    codes = catalogue.product(shop, pen.id).barcodes
    assert [(code.code, code.quantity_milli, code.kind) for code in codes] == [
        (EAN, 1_000, "gtin"),
        ("14006381333938", 12_000, "gtin"),
    ]
    changed_code = catalogue.change_barcode(shop, "Lou", "14006381333938", 24_000)
    assert changed_code.quantity_milli == 24_000
    assert changed(shop, pen.id, "barcode")[0] == ("14006381333938 = 12", "14006381333938 = 24")
    catalogue.remove_barcode(shop, "Lou", EAN)
    assert changed(shop, pen.id, "barcode")[0] == (f"{EAN} = 1", None)
    assert found_by(shop, EAN) == []
    assert found_by(shop, "14006381333938") == [pen.id]


def test_the_forms_of_one_number_are_one_barcode(shop: Shop, pen: Product) -> None:
    other = catalogue.add_product(shop, "Kim", name="Ink", sku="INK")
    catalogue.add_barcode(shop, "Kim", pen.id, "036000291452")
    for form in ("0036000291452", "00036000291452"):
        with pytest.raises(Conflict, match="PEN"):
            catalogue.add_barcode(shop, "Kim", other.id, form)
    catalogue.add_barcode(shop, "Kim", pen.id, "96385074")
    assert catalogue.find_product(shop, "00000096385074").id == pen.id
    # Eight digits that are a GTIN-8 are one, whatever else they might be read as.
    catalogue.add_barcode(shop, "Kim", other.id, "01234565")
    assert catalogue.find_product(shop, "01234565").id == other.id


def test_a_barcode_is_never_that_of_a_place(shop: Shop, pen: Product) -> None:
    with pytest.raises(Conflict, match="A-01"):
        catalogue.add_barcode(shop, "Kim", pen.id, "BIN-A-01")


@pytest.mark.parametrize("quantity_milli", [0, -1_000, 1_500, 10**13, True, 1.0])
def test_a_barcode_stands_for_a_quantity_that_the_unit_allows(
    shop: Shop, pen: Product, quantity_milli: int
) -> None:
    with pytest.raises(InvalidInput) as refused:
        catalogue.add_barcode(shop, "Kim", pen.id, EAN, quantity_milli)
    assert refused.value.field == "quantity"
    assert catalogue.product(shop, pen.id).barcodes == ()


def test_an_empty_or_unknown_barcode_is_refused(shop: Shop, pen: Product) -> None:
    for code in ("", " \u200b", "x" * 101):
        with pytest.raises(InvalidInput) as refused:
            catalogue.add_barcode(shop, "Kim", pen.id, code)
        assert refused.value.field == "barcode"
    with pytest.raises(NotFound):
        catalogue.remove_barcode(shop, "Kim", EAN)
    with pytest.raises(NotFound):
        catalogue.change_barcode(shop, "Kim", EAN, 1_000)
    with pytest.raises(NotFound):
        catalogue.add_barcode(shop, "Kim", 4_711, EAN)


def test_own_numbers_are_restricted_lie_outside_the_scale_and_never_come_twice(
    shop: Shop, pen: Product
) -> None:
    first = catalogue.make_in_store_barcode(shop, "Kim", pen.id)
    gtin = gtin14(first.code)
    assert gtin is not None and is_restricted(gtin)
    assert first.kind == "in-store"
    # The German scale prints 22, 23, 25, 26, 28 and 29.
    assert not first.code.startswith(("22", "23", "25", "26", "28", "29"))
    catalogue.remove_barcode(shop, "Kim", first.code)
    second = catalogue.make_in_store_barcode(shop, "Kim", pen.id)
    assert second.code > first.code
    assert catalogue.find_product(shop, second.code).id == pen.id


def test_own_numbers_step_over_those_in_use(store: Store) -> None:
    taken = catalogue.make_in_store_barcode
    shop = make_shop(store)
    pen = catalogue.add_product(shop, "Kim", name="Pen")
    first = int(taken(shop, "Kim", pen.id).code[:12])

    def numbered(step: int) -> str:
        from stockshop.barcodes import check_digit

        body = str(first + step)
        return f"{body}{check_digit(body)}"

    catalogue.add_barcode(shop, "Kim", pen.id, numbered(1))
    add_place(shop, "Kim", "bin", "NEW", parent="SHOP-A", barcode="0" + numbered(2))
    assert taken(shop, "Kim", pen.id).code == numbered(3)


def test_tills_making_own_numbers_at_once_draw_different_ones(shop: Shop, pen: Product) -> None:
    made: list[str] = []

    def make() -> None:
        for _ in range(5):
            made.append(catalogue.make_in_store_barcode(shop, "Kim", pen.id).code)

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == len(set(made)) == 20


def test_a_product_is_bought_from_several_suppliers_on_their_terms(shop: Shop, pen: Product) -> None:
    catalogue.set_supplier(
        shop,
        "Kim",
        pen.id,
        "Acme",
        supplier_code="AC-77",
        pack_milli=12_000,
        minimum_milli=24_000,
        unit_cost_e4=5_500,
        lead_time_days=3,
    )
    terms = catalogue.set_supplier(shop, "Kim", pen.id, "Zeta")
    assert [(each.supplier, each.supplier_code, each.pack_milli) for each in terms] == [
        ("Acme", "AC-77", 12_000),
        ("Zeta", "", 1_000),
    ]
    assert found_by(shop, "ac-77") == [pen.id]
    catalogue.set_supplier(shop, "Lou", pen.id, "Acme", supplier_code="AC-78", pack_milli=6_000)
    assert found_by(shop, "ac-77") == []
    assert changed(shop, pen.id, "supplier")[0] == (
        "Acme: code AC-77, pack 12, minimum 24, cost 0.5500, 3 days",
        "Acme: code AC-78, pack 6, minimum 0",
    )
    catalogue.remove_supplier(shop, "Lou", pen.id, "Acme")
    assert [each.supplier for each in catalogue.product(shop, pen.id).suppliers] == ["Zeta"]
    assert found_by(shop, "ac-78") == []
    with pytest.raises(NotFound):
        catalogue.remove_supplier(shop, "Lou", pen.id, "Acme")


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"pack_milli": 0}, "pack"),
        ({"pack_milli": 1_500}, "quantity"),
        ({"minimum_milli": -1}, "minimum"),
        ({"unit_cost_e4": -1}, "unit_cost"),
        ({"unit_cost_e4": 10**15}, "unit_cost"),
        ({"lead_time_days": 40_000}, "lead_time"),
    ],
)
def test_terms_that_cannot_be_are_refused(
    shop: Shop, pen: Product, terms: dict[str, int], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        catalogue.set_supplier(shop, "Kim", pen.id, "Acme", **terms)  # type: ignore[arg-type]
    assert refused.value.field in (field, "pack")
    assert catalogue.product(shop, pen.id).suppliers == ()


def test_reorder_rules_are_for_the_shop_or_for_a_site_and_are_recorded(shop: Shop, pen: Product) -> None:
    catalogue.set_reorder_rule(shop, "Kim", pen.id, 5_000, 20_000)
    catalogue.set_reorder_rule(shop, "Kim", pen.id, 2_000, 2_000, site="shop")
    rules = catalogue.set_reorder_rule(shop, "Lou", pen.id, 6_000, 20_000)
    assert [(rule.site, rule.reorder_point_milli, rule.order_up_to_milli) for rule in rules] == [
        (None, 6_000, 20_000),
        ("SHOP", 2_000, 2_000),
    ]
    assert changed(shop, pen.id, "reorder_rule") == [("5 / 20", "6 / 20"), (None, "5 / 20")]
    catalogue.remove_reorder_rule(shop, "Lou", pen.id)
    assert [rule.site for rule in catalogue.product(shop, pen.id).rules] == ["SHOP"]
    assert changed(shop, pen.id, "reorder_rule")[0] == ("6 / 20", None)
    with pytest.raises(NotFound):
        catalogue.remove_reorder_rule(shop, "Lou", pen.id)
    catalogue.remove_reorder_rule(shop, "Lou", pen.id, site="SHOP")
    assert changed(shop, pen.id, "reorder_rule SHOP") == [("2 / 2", None), (None, "2 / 2")]


def test_rules_that_cannot_be_are_refused(shop: Shop, pen: Product) -> None:
    with pytest.raises(InvalidInput, match="below the reorder point"):
        catalogue.set_reorder_rule(shop, "Kim", pen.id, 5_000, 4_000)
    with pytest.raises(InvalidInput, match="whole"):
        catalogue.set_reorder_rule(shop, "Kim", pen.id, 1_500, 4_000)
    with pytest.raises(NotFound, match="site"):
        catalogue.set_reorder_rule(shop, "Kim", pen.id, 1_000, 4_000, site="A-01")
    assert catalogue.product(shop, pen.id).rules == ()
