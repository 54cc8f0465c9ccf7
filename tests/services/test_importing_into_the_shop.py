"""Files into the shop: everything or nothing, and the same file again changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from stockshop.errors import Stopped
from stockshop.ledger.audit import audit
from stockshop.services import catalogue, locations, stock
from stockshop.services.exporting.tables import export
from stockshop.services.importing.formats import ColumnsUnknown
from stockshop.services.importing.storing_products import import_products
from stockshop.services.importing.storing_stock import import_stock
from stockshop.services.reports import stock_rows
from stockshop.services.shop import Shop, ShopSettings, create_shop
from stockshop.services.stock import LineRequest
from tests.shared_data import shared

OWN = (
    "sku,name,category,unit,price,barcodes,preferred_bin,reorder_point,order_up_to,supplier,supplier_code\n"
    "M6,M6 bolt,Fixings,each,0.35,4006381333931; 14006381333938 x12,A-01,50,200,Bolt & Co,B-6\n"
    "GLUE,Wood glue 250 g,Glue,each,4.50,5901234123457,,,,,\n"
)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Put text into a file and answer where it is."""

    def put(content: str, name: str = "list.csv") -> Path:
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return path

    return put


def counts(result: object) -> tuple[int, int, int]:
    return (result.created, result.updated, result.unchanged)  # type: ignore[attr-defined]


def sound(shop: Shop) -> bool:
    with shop.store.reading() as session:
        return audit(session) == []


def test_our_own_file_brings_everything_about_a_product(shop: Shop, write: Callable[..., Path]) -> None:
    result = import_products(shop, "Ada", write(OWN))
    assert (result.format, result.read, counts(result), result.written) == ("stockshop", 2, (2, 0, 0), True)
    detail = catalogue.product(shop, catalogue.find_product(shop, "14006381333938").id)
    assert (detail.product.sku, detail.product.price_minor, detail.product.category) == ("M6", 35, "Fixings")
    assert [(code.code, code.quantity_milli) for code in detail.barcodes] == [
        ("4006381333931", 1_000),
        ("14006381333938", 12_000),
    ]


def test_the_same_file_again_changes_nothing(shop: Shop, write: Callable[..., Path]) -> None:
    path = write(OWN)
    import_products(shop, "Ada", path)
    with shop.store.reading() as session:
        before = (
            session.rows("SELECT * FROM product ORDER BY id"),
            session.value("SELECT COUNT(*) FROM change"),
        )
    assert counts(import_products(shop, "Ben", path)) == (0, 0, 2)
    with shop.store.reading() as session:
        after = (
            session.rows("SELECT * FROM product ORDER BY id"),
            session.value("SELECT COUNT(*) FROM change"),
        )
    assert before == after


def test_a_changed_price_updates_that_product_alone(shop: Shop, write: Callable[..., Path]) -> None:
    import_products(shop, "Ada", write(OWN))
    assert counts(import_products(shop, "Ada", write(OWN.replace("0.35", "0.40")))) == (0, 1, 1)
    assert catalogue.find_product(shop, "M6").price_minor == 40


def test_a_bad_row_refuses_the_whole_file_and_names_every_fault(
    shop: Shop, write: Callable[..., Path]
) -> None:
    bad = OWN + "NAIL,Nail,,each,-1,,,,,,\nHOOK,,,each,free,,,,,,\nCHAIN,Chain,,each,2,,SHOP-A,,,,\n"
    result = import_products(shop, "Ada", write(bad))
    assert (result.written, counts(result)) == (False, (0, 0, 0))
    assert [(one.row, one.column, one.value) for one in result.refused] == [
        (4, "price", "-1"),
        (5, "price", "free"),
        (6, "preferred_bin", "SHOP-A"),
    ]
    with shop.store.reading() as session:
        assert session.value("SELECT COUNT(*) FROM product") == 0


def test_bad_rows_can_be_skipped_without_a_trace_of_them(shop: Shop, write: Callable[..., Path]) -> None:
    bad = OWN + "CHAIN,Chain,New category,each,2,,SHOP-A,,,,\n"
    result = import_products(shop, "Ada", write(bad), skip_bad=True)
    assert (counts(result), len(result.refused), result.written) == ((2, 0, 0), 1, True)
    assert "New category" not in catalogue.categories(shop)


GERMAN = (
    "Artikelnummer;Bezeichnung;EAN;VK brutto;Bestand;Lagerplatz\n"
    "1001;Tee;4006381333931;3,49;12;R1-10\n1002;Kaffee;;7,99;4;r1-2\n1003;Kakao;;2,99;1;A-01\n"
    "1004;Zucker;;0,99;0;R1-2\n"
)


def test_the_bins_of_another_system_come_along_in_walking_order_and_are_told(
    shop: Shop, write: Callable[..., Path]
) -> None:
    tried = import_products(shop, "Ada", write(GERMAN), dry_run=True)
    assert len(tried.notices) == 2 and locations.bins_within(shop, "SHOP-A")[-1].code == "A-06"
    result = import_products(shop, "Ada", write(GERMAN))
    assert (counts(result), result.refused) == ((4, 0, 0), ())
    assert [(one.row, one.column, one.value) for one in result.notices] == [
        (2, "Lagerplatz", "R1-10"),
        (3, "Lagerplatz", "r1-2"),
    ]
    assert "SHOP-A" in result.notices[0].why
    assert [place.code for place in locations.bins_within(shop, "SHOP-A")][-3:] == ["A-06", "r1-2", "R1-10"]
    there = {(row.sku, row.bin) for row in stock_rows(shop)}
    assert there == {("1001", "R1-10"), ("1002", "r1-2"), ("1003", "A-01")}
    again = import_products(shop, "Ada", write(GERMAN))
    assert (counts(again), again.notices) == ((0, 0, 4), ())


def test_a_bin_that_a_bad_row_would_have_brought_is_not_made(shop: Shop, write: Callable[..., Path]) -> None:
    bad = (
        OWN
        + "TEA,Tea,,each,2,4006381333931,C-1,,,,\nCUP,Cup,,each,2,,C-1,,,,\n"
        + "POT,Pot,,each,,14006381333938,C-2,,,,\n"
    )
    catalogue.add_product(shop, "Ada", sku="OLD", name="Old bolt", barcodes=("14006381333938",))
    result = import_products(shop, "Ada", write(bad), skip_bad=True)
    assert result.written and len(result.refused) >= 2
    codes = [place.code for place in locations.places(shop)]
    assert "C-1" in codes and "C-2" not in codes
    assert [one.value for one in result.notices] == ["C-1"]


def test_a_place_that_no_bin_can_be_called_is_refused_with_what_stands_there(
    shop: Shop, write: Callable[..., Path]
) -> None:
    long = "shelf behind the door on the left, third from below"
    result = import_products(shop, "Ada", write(f'sku,name,bin\nTEA,Tea,"{long}"\n'))
    assert [(one.row, one.column, one.value) for one in result.refused] == [(2, "bin", long)]


def test_opening_stock_in_bins_of_another_shop_makes_them(shop: Shop, write: Callable[..., Path]) -> None:
    import_products(shop, "Ada", write(OWN))
    result = import_stock(shop, "Ada", write("sku,bin,quantity\nM6,X-9,5\nM6,X-8,2\n"))
    assert (counts(result), [one.value for one in result.notices]) == ((2, 0, 0), ["X-9", "X-8"])
    assert {(row.bin, row.on_hand_milli) for row in stock_rows(shop)} == {("X-9", 5_000), ("X-8", 2_000)}
    assert sound(shop)


def test_columns_that_nothing_was_taken_from_are_named(shop: Shop, write: Callable[..., Path]) -> None:
    result = import_products(shop, "Ada", write("sku,name,price,colour of the lid\nTEA,Tea,1,red\n"))
    assert result.unused == ("colour of the lid",)


def test_trying_a_file_out_writes_nothing(shop: Shop, write: Callable[..., Path]) -> None:
    result = import_products(shop, "Ada", write(OWN), dry_run=True)
    assert (counts(result), result.written) == ((2, 0, 0), False)
    with shop.store.reading() as session:
        assert session.value("SELECT COUNT(*) FROM product") == 0
        assert session.value("SELECT COUNT(*) FROM category") == 0


def test_a_barcode_of_another_product_is_refused_by_name(shop: Shop, write: Callable[..., Path]) -> None:
    catalogue.add_product(shop, "Ada", sku="OLD", name="Old bolt", barcodes=("4006381333931",))
    result = import_products(shop, "Ada", write(OWN))
    assert not result.written
    assert "Old bolt" in result.refused[0].why


def test_stopping_an_import_leaves_no_trace(shop: Shop, write: Callable[..., Path]) -> None:
    calls = iter([False, True])
    with pytest.raises(Stopped):
        import_products(shop, "Ada", write(OWN), should_stop=lambda: next(calls, True))
    with shop.store.reading() as session:
        assert session.value("SELECT COUNT(*) FROM product") == 0


def test_progress_only_grows_and_ends_at_the_end(shop: Shop, write: Callable[..., Path]) -> None:
    told: list[tuple[int, int]] = []
    import_products(shop, "Ada", write(OWN), on_progress=lambda done, total: told.append((done, total)))
    known = [done / total for done, total in told if total]
    assert known == sorted(known)
    assert known[-1] == 1.0


def test_unknown_columns_are_mapped_once_and_kept(shop: Shop, write: Callable[..., Path]) -> None:
    path = write("ref,what it is,costs\nA1,Kettle,19.90\n")
    with pytest.raises(ColumnsUnknown):
        import_products(shop, "Ada", path)
    mapping = {"sku": "ref", "name": "what it is", "price": "costs"}
    assert counts(import_products(shop, "Ada", path, mapping=mapping)) == (1, 0, 0)
    more = write("ref,what it is,costs\nA1,Kettle,19.90\nA2,Pan,9.90\n", "more.csv")
    assert counts(import_products(shop, "Ada", more)) == (1, 0, 1)


def test_quantities_on_hand_are_posted_once_and_never_set(shop: Shop, write: Callable[..., Path]) -> None:
    path = write("sku;name;price;quantity;cost\nA1;Kettle;19,90;7;11,50\nA2;Pan;9,90;0;\n")
    import_products(shop, "Ada", path)
    stock.post_entry(shop, "Ada", "sell", [LineRequest("A1", 2_000)])
    assert counts(import_products(shop, "Ada", path)) == (0, 0, 2)
    (row,) = stock_rows(shop)
    assert (row.sku, row.on_hand_milli, row.value_e4) == ("A1", 5_000, 575_000)
    assert sound(shop)


@pytest.mark.parametrize(
    ("name", "created"),
    [
        ("shopify_apparel.csv", 22),
        ("shopify_jewelery.csv", 23),
        ("shopify_product_template.csv", 16),
        ("woocommerce_sample_products.csv", 18),
        ("openfoodfacts_bad_codes_400.csv", 399),
    ],
)
def test_real_catalogues_come_in_whole_and_only_once(shop: Shop, name: str, created: int) -> None:
    path = shared("catalogues", name)
    assert import_products(shop, "Ada", path, skip_bad=True).created == created
    again = import_products(shop, "Ada", path, skip_bad=True)
    assert counts(again) == (0, 0, created)
    assert sound(shop)


def test_stock_comes_in_once_and_a_corrected_file_posts_the_difference(
    shop: Shop, write: Callable[..., Path]
) -> None:
    import_products(shop, "Ada", write(OWN))
    content = "sku,barcode,bin,quantity,unit_cost\nM6,,A-02,30,0.20\n,5901234123457,,4,2.50\n"
    path = write(content, "stock.csv")
    assert counts(import_stock(shop, "Ada", path)) == (2, 0, 0)
    assert counts(import_stock(shop, "Ada", path)) == (0, 0, 2)
    stock.post_entry(shop, "Ada", "sell", [LineRequest("M6", 10_000, from_bin="A-02")])
    corrected = write(content.replace("30", "25"), "corrected.csv")
    assert counts(import_stock(shop, "Ada", corrected)) == (0, 1, 1)
    assert {row.bin: row.on_hand_milli for row in stock_rows(shop, "M6")} == {"A-02": 15_000}
    assert sound(shop)


def test_opening_stock_without_a_lot_of_a_product_kept_by_lots_gets_one(
    shop: Shop, write: Callable[..., Path]
) -> None:
    catalogue.add_product(shop, "Ada", sku="MILK", name="Milk", tracking="lot")
    import_stock(shop, "Ada", write("sku,quantity\nMILK,6\n"))
    (row,) = stock_rows(shop, "MILK")
    assert (row.lot, row.on_hand_milli) == ("OPENING", 6_000)


@pytest.mark.parametrize("file_format", ["csv", "json", "xlsx"])
def test_an_export_reads_back_exactly(shop: Shop, tmp_path: Path, file_format: str) -> None:
    payloads = json.loads(shared("hostile", "formula_injection.json").read_text(encoding="utf-8"))
    names = [text for group in payloads.values() for text in group if text.strip()]
    for number, name in enumerate(names):
        catalogue.add_product(
            shop, "Ada", sku=f"={number}", name=name, notes=f"{name}\n@second line", price_minor=number,
            barcodes=(f"+{number}", (f"'{number}", 12_000)), weight_g=number,
        )  # fmt: skip
    stock.post_entry(
        shop, "Ada", "receive", [LineRequest(f"={number}", 3_000, unit_cost_e4=12_345) for number in range(4)]
    )
    stock.post_entry(shop, "Ada", "sell", [LineRequest("=1", 5_000)])
    first = {what: tmp_path / f"{what}.{file_format}" for what in ("products", "stock")}
    for what, path in first.items():
        export(shop, what, file_format, path)
    other = create_shop(tmp_path / "other.shop", "Ada", ShopSettings("Other", "EUR", "de_DE"))
    assert import_products(other, "Ada", first["products"]).created == len(names)
    assert import_stock(other, "Ada", first["stock"]).refused == ()
    for what in first:
        second = tmp_path / f"again-{what}.json"
        export(other, what, "json", second)
        expected = tmp_path / f"expected-{what}.json"
        export(shop, what, "json", expected)
        assert json.loads(second.read_bytes()) == json.loads(expected.read_bytes())
    assert sound(other)
    other.close()


def test_the_movements_are_exported_line_by_line(shop: Shop, tmp_path: Path) -> None:
    catalogue.add_product(shop, "Ada", sku="M6", name="M6 bolt", price_minor=35)
    stock.post_entry(shop, "Ada", "receive", [LineRequest("M6", 3_000, unit_cost_e4=10_000)], client_id="r1")
    stock.post_entry(shop, "Ada", "sell", [LineRequest("M6", 1_000)], client_id="s1")
    out = tmp_path / "movements.json"
    assert export(shop, "movements", "json", out) == 2
    rows = json.loads(out.read_text(encoding="utf-8"))
    assert [(row["entry"], row["kind"], row["from"], row["to"]) for row in rows] == [
        ("r1", "receive", "supplier", "RECEIVING"),
        ("s1", "sell", "RECEIVING", "customer"),
    ]
    assert [str(row["quantity"]) for row in rows] == ["3", "1"]
