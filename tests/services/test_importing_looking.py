"""A look at a file: products or stock, how it is written; and the bad rows as a list."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockshop.errors import InvalidInput
from stockshop.services.exporting.columns import PRODUCTS, STOCK
from stockshop.services.importing.bad_rows import write_bad_rows
from stockshop.services.importing.drafts import RowProblem
from stockshop.services.importing.looking import look_at
from stockshop.services.importing.storing import ImportResult
from stockshop.services.shop import Shop

OWN_STOCK = ",".join(column.name for column in STOCK)
OWN_PRODUCTS = ",".join(column.name for column in PRODUCTS)

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("headings", "is_stock"),
    [
        ("name,sku,price,quantity", False),
        ("sku,bin,quantity", True),
        ("barcode;quantity", True),
        ("Artikelnummer;Menge;Lagerplatz", True),
        ("name,quantity", False),
        (OWN_STOCK, True),
        (OWN_PRODUCTS, False),
        ("foo,bar,baz", False),
        ("name,name,quantity", False),
    ],
)
def test_stock_is_told_from_products(shop: Shop, tmp_path: Path, headings: str, is_stock: bool) -> None:
    path = tmp_path / "list.csv"
    path.write_text(headings + "\n1,2,3\n", encoding="utf-8")
    assert look_at(shop, path).is_stock is is_stock


@pytest.mark.parametrize(
    ("content", "written"),
    [
        (b"name,price\nTea,1\n", "CSV with commas between its cells, UTF-8"),
        ("name;price\nKäse;1\n".encode("cp1252"), "CSV with semicolons between its cells, windows-1252"),
        (b"name\tprice\nTea\t1\n", "CSV with tabs between its cells, UTF-8"),
        (b'[{"name": "Tea"}]', "JSON"),
    ],
)
def test_it_is_told_how_a_file_is_written(shop: Shop, tmp_path: Path, content: bytes, written: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    assert look_at(shop, path).written == written


def test_what_is_no_list_is_refused(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_bytes(b"")
    with pytest.raises(InvalidInput, match="is empty"):
        look_at(shop, tmp_path / "empty.csv")


def test_bad_rows_are_written_in_the_order_of_the_file_and_safe_for_spreadsheets(
    shop: Shop, tmp_path: Path
) -> None:
    refused, notices = (RowProblem(7, "price", "=1+1", "no"),), (RowProblem(3, "", "", "left, out"),)
    result = ImportResult("mapped", 9, 0, 0, 0, refused, notices, False)
    path = tmp_path / "bad.csv"
    assert write_bad_rows(path, result) == 2
    assert path.read_text(encoding="utf-8-sig").splitlines() == [
        "row,taken,column,value,why", '3,yes,,,"left, out"', "7,no,price,'=1+1,no",
    ]  # fmt: skip
