"""Whose file is it, and which column is which?"""

from __future__ import annotations

from pathlib import Path

import pytest

from stockshop.errors import InvalidInput
from stockshop.services.exporting import columns as own
from stockshop.services.importing.formats import (
    ColumnsUnknown,
    Recognised,
    fingerprint,
    recognise,
    recognise_stock,
)
from stockshop.services.importing.headings import FIELDS, find_field, read_heading
from stockshop.services.importing.tables import open_table
from tests.shared_data import shared


def recognised(tmp_path: Path, text: str, wanted: str = "auto", **mapping: str) -> Recognised:
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    return recognise(open_table(path), wanted=wanted, mapping=mapping)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("shopify_apparel", "shopify"),
        ("shopify_home_and_garden", "shopify"),
        ("shopify_jewelery", "shopify"),
        ("shopify_product_template", "shopify"),
        ("woocommerce_sample_products", "woocommerce"),
        ("square_items_detail_sample", "square-sales"),
        ("openfoodfacts_gtin_5k", "mapped"),
        ("openfoodfacts_bad_codes_400", "mapped"),
    ],
)
def test_real_catalogues_are_recognised_by_their_headings(name: str, expected: str) -> None:
    assert recognise(open_table(shared("catalogues", f"{name}.csv"))).format == expected


def test_our_own_file_is_recognised_with_columns_missing_and_moved(tmp_path: Path) -> None:
    header = ",".join(column.name for column in own.PRODUCTS)
    assert recognised(tmp_path, f"{header}\n").format == "stockshop"
    assert recognised(tmp_path, "Label Name,NAME,Sku,price\n").format == "stockshop"
    assert recognised(tmp_path, "sku,name,price,shelf\n").format == "mapped"


def test_case_spaces_underscores_and_question_marks_do_not_matter(tmp_path: Path) -> None:
    found = recognised(tmp_path, "HANDLE,title,Variant_Price,variant sku,Variant  Barcode?\n")
    assert found.format == "shopify"
    assert found.columns["barcodes"] == 4


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Artikelnummer", "sku"), ("Art.-Nr.", "sku"), ("Référence", "sku"), ("Código", "sku"),
        ("Codice articolo", "sku"), ("Item No.", "sku"), ("Artikelcode", "sku"),
        ("Bezeichnung", "name"), ("Désignation", "name"), ("Nombre", "name"), ("Naam", "name"),
        ("Nome prodotto", "name"), ("Libellé", "name"), ("Product Name", "name"),
        ("EAN", "barcodes"), ("EAN-13", "barcodes"), ("Code-barres", "barcodes"), ("GTIN", "barcodes"),
        ("Código de barras", "barcodes"), ("Codice a barre", "barcodes"), ("Streepjescode", "barcodes"),
        ("VK brutto", "price"), ("Verkaufspreis (EUR)", "price"), ("Prix TTC", "price"), ("PVP", "price"),
        ("Prix de vente HT", "price"), ("Prezzo di vendita", "price"), ("Verkoopprijs incl. BTW", "price"),
        ("Price USD", "price"), ("Preis inkl. MwSt.", "price"), ("RRP £", "price"),
        ("EK netto", "cost"), ("Prix d'achat HT", "cost"), ("Inkoopprijs", "cost"), ("Cost Price", "cost"),
        ("Bestand", "quantity"), ("Stock actuel", "quantity"), ("Voorraad", "quantity"),
        ("Giacenza", "quantity"), ("Existencias", "quantity"), ("Qty on hand", "quantity"),
        ("MwSt. %", "tax_rate"), ("TVA", "tax_rate"), ("IVA (%)", "tax_rate"), ("BTW", "tax_rate"),
        ("Warengruppe", "category"), ("Catégorie", "category"), ("Categoria", "category"),
        ("Lieferant", "supplier"), ("Fournisseur", "supplier"), ("Proveedor", "supplier"),
        ("Mindestbestand", "reorder_point"), ("Stock minimum", "reorder_point"), 
        ("Lagerplatz", "preferred_bin"),
        ("Gewicht (kg)", "weight"), ("Poids (g)", "weight"), ("Höhe cm", "height"), ("Inhalt", "net_content"),
        ("Einheit", "unit"), ("VPE", "supplier_pack"), ("Mindestbestellmenge", "minimum_order"),
    ],
)  # fmt: skip
def test_headings_are_understood_in_six_languages(heading: str, field: str) -> None:
    found = find_field(read_heading(heading))
    assert found is not None and found[0] == field


def test_every_field_of_ours_is_understood_by_its_own_name() -> None:
    for field in FIELDS:
        found = find_field(read_heading(field))
        assert found is not None and found[0] == field


@pytest.mark.parametrize(
    ("heading", "unit", "currency", "is_gross"),
    [
        ("Weight (kg)", "kg", None, None), ("Gewicht g", "g", None, None), ("Price (USD)", None, "USD", None),
        ("Prix TTC (€)", None, "EUR", True), ("Precio sin IVA", None, None, None), 
        ("EK netto", None, None, False),
        ("VK brutto", None, None, True), ("Prijs excl. BTW", None, None, False), 
        ("weight_g", "g", None, None),
    ],
)  # fmt: skip
def test_headings_tell_units_currencies_and_tax(
    heading: str, unit: str | None, currency: str | None, is_gross: bool | None
) -> None:
    found = read_heading(heading)
    assert (found.unit, found.currency, found.is_gross) == (unit, currency, is_gross)


def test_of_two_prices_the_one_with_tax_is_taken(tmp_path: Path) -> None:
    found = recognised(tmp_path, "SKU,Name,VK netto,VK brutto\n")
    assert found.heading("price") == "VK brutto"
    assert found.price_includes_tax is True
    assert found.unused == ("VK netto",)


def test_a_better_word_wins_over_an_earlier_column(tmp_path: Path) -> None:
    found = recognised(tmp_path, "ID,Name,SKU\n")
    assert found.heading("sku") == "SKU"


def test_a_description_is_the_name_only_where_there_is_no_better(tmp_path: Path) -> None:
    assert recognised(tmp_path, "StockCode,Description,UnitPrice\n").heading("name") == "Description"
    found = recognised(tmp_path, "Description,Name,Price\n")
    assert (found.heading("name"), found.heading("notes")) == ("Name", "Description")


def test_every_column_of_barcodes_counts(tmp_path: Path) -> None:
    assert recognised(tmp_path, "Name,EAN,UPC,Price\n").barcode_columns == (1, 2)


def test_an_explicit_mapping_beats_the_words(tmp_path: Path) -> None:
    found = recognised(
        tmp_path, "Name,Kram,Preis,Price\n", name="kram", price="Preis", notes="", cost="Price"
    )
    assert (found.heading("name"), found.heading("price"), found.heading("cost")) == (
        "Kram",
        "Preis",
        "Price",
    )


def test_a_field_mapped_to_nothing_is_left_out(tmp_path: Path) -> None:
    assert "quantity" not in recognised(tmp_path, "Name,Stock\n", quantity="").columns


def test_wrong_mappings_are_refused_with_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"no column 'Nope'.*'Name', 'Price'"):
        recognised(tmp_path, "Name,Price\n", name="Nope")
    with pytest.raises(InvalidInput, match="'colour' is not a field of ours"):
        recognised(tmp_path, "Name,Price\n", colour="Name")


def test_a_list_without_a_name_asks_and_tells_its_columns(tmp_path: Path) -> None:
    with pytest.raises(ColumnsUnknown) as caught:
        recognised(tmp_path, "foo,bar\n1,2\n")
    assert caught.value.headers == ("foo", "bar")
    assert "'foo', 'bar'" in str(caught.value)


def test_a_list_without_headings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no headings"):
        recognised(tmp_path, "4006381333931,3.50,12\n")


def test_a_heading_used_twice_is_refused_only_where_it_matters(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="'Price' is there twice"):
        recognised(tmp_path, "Name,Price,Price\n")
    assert recognised(tmp_path, "Name,Price,junk,junk\n").format == "mapped"


def test_titles_above_the_headings_are_passed_over() -> None:
    table = open_table(Path(__file__).parents[1] / "data" / "import" / "german_list.csv")
    found = recognise(table)
    assert found.table.header_row == 3
    assert found.heading("barcodes") == "EAN"


def test_a_format_asked_for_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="not a shopify export"):
        recognised(tmp_path, "Name,Price\n", "shopify")
    with pytest.raises(InvalidInput, match="not one of stockshop's own"):
        recognised(tmp_path, "Name,Price\n", "stockshop")
    with pytest.raises(InvalidInput, match="auto, stockshop, shopify"):
        recognised(tmp_path, "Name,Price\n", "amazon")
    assert recognise(
        open_table(shared("catalogues", "square_items_detail_sample.csv")), wanted="square"
    ).format == "square-sales"  # fmt: skip


def test_a_fingerprint_stands_for_the_headings_in_any_order() -> None:
    assert fingerprint(["Name", "Preis €"]) == fingerprint(["PREIS_€", "name"])
    assert fingerprint(["Name", "Preis"]) != fingerprint(["Name", "Preis", "EAN"])


def test_a_list_of_stock_needs_a_code_and_a_quantity(tmp_path: Path) -> None:
    path = tmp_path / "stock.csv"
    path.write_text("EAN;Lagerplatz;Menge;EK;MHD;Charge\n", encoding="utf-8")
    found = recognise_stock(open_table(path))
    assert {name: found.heading(name) for name in found.columns} == {
        "barcode": "EAN", "bin": "Lagerplatz", "quantity": "Menge", "unit_cost": "EK", "expiry": "MHD",
        "lot": "Charge",
    }  # fmt: skip
    path.write_text("EAN;Lagerplatz\n", encoding="utf-8")
    with pytest.raises(ColumnsUnknown, match="quantity"):
        recognise_stock(open_table(path))
    assert recognise_stock(open_table(path), mapping={"quantity": "lagerplatz"}).columns["quantity"] == 1
