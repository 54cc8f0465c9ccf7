"""Lists of opening stock: what lies where, and every row that cannot be booked."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockshop.services.exporting import columns as own
from stockshop.services.exporting.files import FORMATS, write_table
from stockshop.services.importing.drafts import StockDraft
from stockshop.services.importing.formats import recognise_stock
from stockshop.services.importing.stock import StockReading
from stockshop.services.importing.tables import open_table


def reading_of(tmp_path: Path, text: str) -> tuple[list[StockDraft], StockReading]:
    path = tmp_path / "stock.csv"
    path.write_text(text, encoding="utf-8")
    reading = StockReading(recognise_stock(open_table(path)), currency="EUR")
    return list(reading.drafts()), reading


@pytest.mark.parametrize("file_format", FORMATS)
def test_our_own_list_of_stock_comes_back_exactly(tmp_path: Path, file_format: str) -> None:
    path = tmp_path / f"stock.{file_format}"
    rows = [
        ("=A", "", "Tea", "A-01", "", "", "12", "1.9250"),
        ("B", "4006381333931", "Salt", "A-02", "L'1", "2027-01-31", "0.125", ""),
        ("", "96385074", "", "", "", "", "0", "0.0000"),
    ]
    write_table(path, own.STOCK, rows, file_format=file_format)
    reading = StockReading(recognise_stock(open_table(path)), currency="EUR")
    drafts = list(reading.drafts())
    first = 1 if file_format == "json" else 2
    assert reading.problems == []
    assert drafts == [
        StockDraft(first, "=A", None, "A-01", None, None, 12_000, 19_250),
        StockDraft(first + 1, "B", "4006381333931", "A-02", "L'1", "2027-01-31", 125, None),
        StockDraft(first + 2, None, "96385074", None, None, None, 0, 0),
    ]


def test_every_row_that_cannot_be_booked_is_told(tmp_path: Path) -> None:
    drafts, reading = reading_of(
        tmp_path,
        "sku;barcode;bin;menge;ek;mhd;charge\n"
        "A;;B1;2,5;1,20;;\n"
        ";;B1;2;;;\n"
        "B;;B1;;;;\n"
        "C;;B1;-1;x;;\n"
        "A;;B1;9;;;\n"
        "A;;B2;9;;;\n"
        "D;4,00638E+12;B1;1;;;\n"
        "E;;B1;1;;31.01.2027;\n"
        "E;;B1;1;;31.01.2027;L1\n"
        "E;;B1;1;;31.02.2027;L2\n",
    )
    assert [(draft.row, draft.sku, draft.quantity_milli) for draft in drafts] == [
        (2, "A", 2_500), (7, "A", 9_000), (10, "E", 1_000),
    ]  # fmt: skip
    assert drafts[0].unit_cost_e4 == 12_000 and drafts[2].expiry == "2027-01-31"
    assert [(problem.row, problem.column) for problem in reading.problems] == [
        (3, "sku"), (4, "menge"), (5, "menge"), (5, "ek"), (6, "sku"), (8, "barcode"),
        (9, "mhd"), (11, "mhd"),
    ]  # fmt: skip
    assert "Rows 2 and 6" in reading.problems[4].why
    assert reading.rows == 10


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["03/04/2027", "25/12/2027"], "2027-04-03"),
        (["03/04/2027", "12/25/2027"], "2027-03-04"),
        (["3.4.27", "5.4.27"], "2027-04-03"),
        (["04/04/2027"], "2027-04-04"),
        (["2027-04-03 00:00:00"], "2027-04-03"),
    ],
)
def test_dates_are_read_as_the_whole_column_writes_them(
    tmp_path: Path, texts: list[str], expected: str
) -> None:
    rows = "".join(f"A,1,L{number},{text}\n" for number, text in enumerate(texts))
    drafts, reading = reading_of(tmp_path, f"sku,qty,lot,expiry\n{rows}")
    assert reading.problems == []
    assert drafts[0].expiry == expected


def test_a_date_that_can_be_two_days_is_refused(tmp_path: Path) -> None:
    drafts, reading = reading_of(tmp_path, "sku,qty,lot,expiry\nA,1,L,03/04/2027\n")
    assert drafts == [] and "two ways" in reading.problems[0].why
