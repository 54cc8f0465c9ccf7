"""The exports of other shop systems: variants, parents, locations, and what is not on any shelf."""

from __future__ import annotations

from pathlib import Path

from stockshop.services.importing.drafts import OnHandDraft, ProductDraft
from stockshop.services.importing.formats import recognise
from stockshop.services.importing.markup import html_to_text
from stockshop.services.importing.products import CheckedProducts, check_products
from stockshop.services.importing.tables import open_table
from tests.shared_data import shared

DATA = Path(__file__).parents[1] / "data" / "import"


def read(path: Path, currency: str = "USD") -> CheckedProducts:
    found = check_products(recognise(open_table(path)), currency=currency)
    assert found.problems == ()
    return found


def by_sku(found: CheckedProducts) -> dict[str, ProductDraft]:
    return {draft.sku: draft for draft in found.drafts}


# Shopify.


def test_a_shopify_variant_carries_the_words_of_its_product() -> None:
    found = read(DATA / "shopify_small.csv")
    products = by_sku(found)
    assert list(products) == ["mug-red-l", "MUG-B", "tray"]
    red, blue, tray = found.drafts
    assert (red.name, blue.name, tray.name) == (
        "Mug & Saucer - Red / L", "Mug & Saucer - Blue / M", "Tray",
    )  # fmt: skip
    assert red.notes == blue.notes == "Hand-made.\nDishwasher safe\n- 1 mug\n- 1 saucer"
    assert (blue.category, blue.supplier, blue.weight_g, blue.cost_e4) == ("Kitchen", "Potter", 227, 62_500)
    assert red.barcodes[0].code == "4006381333931"
    assert (red.price_minor, red.on_hand) == (1_250, (OnHandDraft(4_000),))
    assert (tray.category, tray.tax_rate_milli, tray.archived, red.archived) == ("wood", 0, True, False)
    assert [notice.column for notice in found.notices] == ["Variant Inventory Qty", "Gift Card"]


def test_the_rows_of_more_pictures_are_no_products() -> None:
    expected = {"shopify_apparel": 22, "shopify_home_and_garden": 21, "shopify_jewelery": 23}
    for name, count in expected.items():
        found = read(shared("catalogues", f"{name}.csv"))
        assert len(found.drafts) == count
        assert found.notices == ()
        assert all(draft.price_minor and draft.is_sku_made for draft in found.drafts)


def test_skus_made_for_shopify_are_the_same_in_any_order_of_products() -> None:
    path = shared("catalogues", "shopify_jewelery.csv")
    products = {draft.name: draft.sku for draft in read(path).drafts}
    assert products["7 Shakra Bracelet - Blue"] == "chain-bracelet-blue"
    assert products["Bangle Bracelet"] == "bangle-bracelet"
    assert len(set(products.values())) == 23


def test_shopifys_own_template_keeps_skus_weights_and_costs() -> None:
    products = by_sku(read(shared("catalogues", "shopify_product_template.csv")))
    assert len(products) == 16
    assert products["SRT_COT_111"].name == "Example T-Shirt - Green / S"
    jeans = products["PNT_DEN_305"]
    assert (jeans.name, jeans.weight_g, jeans.cost_e4) == ("Example Jeans - 30", 283, 500_000)
    assert (products["HAT_GRY_275"].archived, jeans.archived) == (True, False)


# WooCommerce.


def test_woocommerce_variations_get_what_their_parent_says_wherever_it_stands() -> None:
    found = read(DATA / "woocommerce_small.csv", "EUR")
    products = by_sku(found)
    assert list(products) == ["sc-red", "SC-B", "SOAP"]
    red, blue, soap = found.drafts
    assert (red.name, blue.name) == ("Scarf - Red", "Scarf - Blue")
    assert (red.category, blue.category, soap.category) == (
        "Clothing > Scarves", "Clothing > Scarves", "Bath, Body",
    )  # fmt: skip
    assert (red.price_minor, blue.price_minor) == (1_990, 2_490)
    assert (red.weight_g, blue.weight_g, blue.length_mm) == (150, 200, 305)
    assert red.notes == "Warm & soft\nWool" and soap.notes == "Gentle"
    assert (red.reorder_point_milli, red.on_hand) == (2_000, (OnHandDraft(5_000),))
    assert (red.tax_rate_milli, blue.tax_rate_milli) == (None, 0)
    assert blue.barcodes[0].code == "4006381333931"


def test_what_woocommerce_sells_without_a_shelf_is_left_out_and_told() -> None:
    notices = read(DATA / "woocommerce_small.csv", "EUR").notices
    assert [(notice.row, notice.column) for notice in notices] == [
        (5, "Type"), (6, "Type"), (7, "Stock"),
    ]  # fmt: skip
    found = read(shared("catalogues", "woocommerce_sample_products.csv"))
    assert len(found.drafts) == 18
    assert [notice.value for notice in found.notices] == [
        "Album", "Single", "Logo Collection", "ClassicPress Donation",
    ]  # fmt: skip
    products = by_sku(found)
    assert products["cc-hoodie-red"].category == "Clothing > Hoodies"
    assert products["cc-beanie"].price_minor == 2_000
    assert "cc-tee" not in products


# Square.


def test_a_square_quantity_below_zero_leaves_the_product_in_and_is_told(tmp_path: Path) -> None:
    path = tmp_path / "square.csv"
    path.write_text(
        "Item Name,Variation Name,SKU,Price,Current Quantity Main Street,Current Quantity Harbour\n"
        "Shirt,Small,TS-S,12.50,-2,4\n"
    )
    found = read(path)
    assert [draft.sku for draft in found.drafts] == ["TS-S"]
    assert found.drafts[0].on_hand == (OnHandDraft(0, "Main Street"), OnHandDraft(4_000, "Harbour"))
    assert [(one.row, one.value) for one in found.notices] == [(2, "Main Street: -2")]


def test_square_has_variations_taxes_and_a_quantity_for_each_location() -> None:
    found = read(DATA / "square_catalogue.csv")
    regular, decaf = found.drafts
    assert (regular.sku, regular.name, regular.price_minor) == ("CF-1", "Coffee", 125_000)
    assert (decaf.sku, decaf.name, decaf.price_minor) == ("coffee-decaf", "Coffee - Decaf", None)
    assert regular.on_hand == (OnHandDraft(4_000, "Main Street"), OnHandDraft(2_000, "Market"))
    assert decaf.on_hand == (OnHandDraft(1_000, "Market"),)
    assert (regular.tax_rate_milli, decaf.tax_rate_milli) == (8_500, 6_000)
    assert (regular.cost_e4, regular.reorder_point_milli) == (71_000, 3_000)
    assert (regular.archived, decaf.archived) == (False, True)
    assert [notice.value for notice in found.notices] == ["Tasting"]


def test_a_report_of_sales_gives_its_items_once_at_their_latest_price(tmp_path: Path) -> None:
    found = read(shared("catalogues", "square_items_detail_sample.csv"))
    assert [(draft.row, draft.sku, draft.name, draft.price_minor) for draft in found.drafts] == [
        (2, "gel-manicure", "Gel Manicure", 4_500), (3, "pedicure", "Pedicure", 4_000),
        (4, "cuticle-oil", "Cuticle Oil", 1_200),
    ]  # fmt: skip
    assert all(draft.on_hand == () for draft in found.drafts)
    path = tmp_path / "sales.csv"
    path.write_text(
        "Date,Time,Item,Qty,Price Point Name,SKU,Gross Sales,Event Type\n"
        "2026-02-01,10:00,Tea,3,Large,T1,$36.00,Payment\n"
        "2026-03-01,10:00,Tea,2,Large,T1,$25.00,Payment\n"
        "2026-01-01,10:00,Tea,1,Large,T1,$10.00,Payment\n"
        "2026-04-01,10:00,Tea,1,Large,T1,$99.00,Refund\n"
        "2026-04-01,10:00,Tea,1,Small,,$5.00,Payment\n"
        "2026-04-02,10:00,Gone,-1,,,-$5.00,Payment\n"
    )
    drafts = read(path).drafts
    assert [(draft.sku, draft.name, draft.price_minor) for draft in drafts] == [
        ("T1", "Tea - Large", 1_250), ("tea-small", "Tea - Small", 500),
    ]  # fmt: skip


def test_prices_of_another_currency_are_not_taken_for_the_shops() -> None:
    recognised = recognise(open_table(shared("catalogues", "square_items_detail_sample.csv")))
    found = check_products(recognised, currency="EUR")
    assert found.drafts == ()
    assert [(problem.row, problem.column) for problem in found.problems] == [
        (2, "Gross Sales"), (3, "Gross Sales"), (4, "Gross Sales"),
    ]  # fmt: skip


# Descriptions.


def test_descriptions_lose_their_markup_and_keep_their_words() -> None:
    assert html_to_text("plain 5 < 6 & more") == "plain 5 < 6 & more"
    assert html_to_text("Caf&eacute; &lt;b&gt;") == "Café <b>"
    assert html_to_text("<p>a</p><p>b<br/>c</p><style>x{}</style><script>if (a<b) alert()</script>d") == (
        "a\nb\nc\nd"
    )
    assert html_to_text("<table><tr><td>1</td><td>2</td></tr></table>") == "1 2"


def test_broken_markup_is_no_reason_to_stop() -> None:
    for source in ("<![X[ y", "<p", "</", "<!--", "<a href='", "<script>never closed", "&#xFFFFFFFF;<b>"):
        assert isinstance(html_to_text(source + " tail"), str)
    assert len(html_to_text("<" * 50_000 + "x")) <= 50_001
