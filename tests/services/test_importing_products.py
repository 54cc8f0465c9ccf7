"""From the rows of a list to checked products: what is read, what is refused, and why."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stockshop.errors import InvalidInput
from stockshop.services.importing.formats import recognise
from stockshop.services.importing.products import CheckedProducts, ProductReading, check_products
from stockshop.services.importing.tables import open_table
from stockshop.text import NOTE_LIMIT, clean, clean_code
from tests.shared_data import shared

DATA = Path(__file__).parents[1] / "data" / "import"


def checked(tmp_path: Path, text: str, currency: str = "EUR", **mapping: str) -> CheckedProducts:
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    return check_products(recognise(open_table(path), mapping=mapping), currency=currency)


def prices(tmp_path: Path, *values: str, currency: str = "EUR") -> list[int | None]:
    rows = "".join(f'P{number},"{value}"\n' for number, value in enumerate(values))
    found = checked(tmp_path, f"name,price\n{rows}", currency)
    assert found.problems == ()
    return [draft.price_minor for draft in found.drafts]


def why(found: CheckedProducts) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.column, problem.why) for problem in found.problems]


def test_a_german_price_list_is_read_as_its_owner_means_it() -> None:
    found = check_products(recognise(open_table(DATA / "german_list.csv")), currency="EUR")
    assert found.problems == ()
    assert [(draft.sku, draft.name, draft.price_minor, draft.cost_e4) for draft in found.drafts] == [
        ("B-1", "Müsli „Frühstück“", 350, 19_250),
        ("B-2", "Größe L Bürste", 123_400, 8_000_000),
        ("B-3", "Öl, kaltgepresst", 125_000, None),
    ]
    assert [draft.barcodes[0].code for draft in found.drafts] == [
        "4006381333931", "4006381333948", "4006381333955",
    ]  # fmt: skip
    assert [draft.tax_rate_milli for draft in found.drafts] == [7_000, 19_000, 7_000]
    assert [(draft.net_content_milli, draft.net_content_unit) for draft in found.drafts] == [
        (750_000, "g"), (None, None), (1_980_000, "ml"),
    ]  # fmt: skip
    assert [[one.quantity_milli for one in draft.on_hand] for draft in found.drafts] == [
        [12_000], [0], [1_000_000],
    ]  # fmt: skip
    assert {draft.price_includes_tax for draft in found.drafts if draft.price_minor} == {True}
    assert [draft.row for draft in found.drafts] == [4, 5, 6]


@pytest.mark.parametrize(
    ("headings", "row"),
    [
        ("Código;Nome;Preço;Código de barras;Estoque;Fornecedor", "A;Chá;R$ 12,50;4006381333931;4;Casa"),
        ("Varenummer;Varenavn;Salgspris;Stregkode;Antal;Leverandør", "A;Te;12,50;4006381333931;4;Hus"),
        ("Artikelnr;Benämning;Pris;Streckkod;Lagersaldo;Leverantör", "A;Te;12,50;4006381333931;4;Hus"),
    ],
)
def test_lists_of_more_countries_are_read_by_their_own_words(tmp_path: Path, headings: str, row: str) -> None:
    (draft,) = checked(tmp_path, f"{headings}\n{row}\n", "BRL").drafts
    assert (draft.sku, draft.price_minor, draft.barcodes[0].code) == ("A", 1_250, "4006381333931")
    assert draft.supplier and draft.on_hand[0].quantity_milli == 4_000


def test_a_price_that_is_a_word_is_not_taken_for_a_currency(tmp_path: Path) -> None:
    found = checked(tmp_path, "name,price\nA,abc\nB,5 GBP\n")
    assert [message for _, _, message in why(found)] == [
        "'abc' is not a price.",
        "'5 GBP' is not in EUR, the currency of the shop; convert the prices and take the sign away.",
    ]


# Decimal marks.


def test_a_column_with_decimal_commas_reads_every_value_so(tmp_path: Path) -> None:
    assert prices(tmp_path, "3,50", "1.234", "12,9", "7") == [350, 123_400, 1_290, 700]


def test_a_column_with_decimal_points_reads_every_value_so(tmp_path: Path) -> None:
    assert prices(tmp_path, "3.50", "1,234", "1,234.50") == [350, 123_400, 123_450]


def test_three_digits_behind_a_mark_cannot_be_cents(tmp_path: Path) -> None:
    assert prices(tmp_path, "1.234", "2.500") == [123_400, 250_000]
    assert prices(tmp_path, "1,234", "2,500") == [123_400, 250_000]
    assert prices(tmp_path, "1.234", currency="KWD") == [1_234]


def test_a_column_that_mixes_marks_says_which_value_cannot_be_told(tmp_path: Path) -> None:
    found = checked(tmp_path, 'name,price\nA,3.50\nB,"3,50"\nC,"1,234"\n')
    assert [draft.price_minor for draft in found.drafts] == [350, 350]
    assert why(found)[0][:2] == (4, "price")
    assert "two ways" in why(found)[0][2]


def test_a_column_without_evidence_follows_the_rest_of_the_file(tmp_path: Path) -> None:
    found = checked(tmp_path, 'name,cost,price\nA,"1,125","3,50"\nB,"2,250","4,00"\n')
    assert [draft.cost_e4 for draft in found.drafts] == [11_250, 22_500]
    found = checked(tmp_path, "name,cost,price\nA,1.125,3.50\nB,2.250,4.00\n")
    assert [draft.cost_e4 for draft in found.drafts] == [11_250, 22_500]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    amounts=st.lists(st.integers(0, 9_999_999), min_size=2, max_size=12),
    marks=st.sampled_from([(".", ","), (",", "."), (".", ""), (",", ""), (",", " "), (".", "'")]),
    sign=st.sampled_from(["", "€ ", " €", "EUR ", " EUR"]),
)
def test_prices_written_the_same_way_are_all_read_rightly(
    tmp_path: Path, amounts: list[int], marks: tuple[str, str], sign: str
) -> None:
    mark, group = marks
    texts = []
    for cents in amounts:
        whole = f"{cents // 100:,}".replace(",", group)
        text = f"{whole}{mark}{cents % 100:02}"
        texts.append(sign + text if sign.endswith(" ") else text + sign)
    assert prices(tmp_path, *texts) == amounts


# Money.


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("€ 3,20", "EUR", 320), ("3.20 EUR", "EUR", 320), ("$45.00", "USD", 4_500), ("$45.00", "CAD", 4_500),
        ("£1,250.00", "GBP", 125_000), ("Fr. 12.50", "CHF", 1_250), ("12,50 kr", "SEK", 1_250),
        ("kr. 12,50", "DKK", 1_250), ("¥1200", "JPY", 1_200), ("12,99 zł", "PLN", 1_299), 
        ("R$ 5,00", "BRL", 500),
        ("٣٫٥٠", "EUR", 350), ("0", "EUR", 0), ("1'234.50", "CHF", 123_450), ("CHF 5.-", "CHF", 500),
    ],
)  # fmt: skip
def test_currency_signs_of_the_shops_own_currency_are_read(
    tmp_path: Path, text: str, currency: str, minor: int
) -> None:
    assert prices(tmp_path, text, currency=currency) == [minor]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("$45.00", "not in EUR"), ("45 USD", "not in EUR"), ("£3", "not in EUR"), ("-3.50", "negative"),
        ("(10)", "negative"), ("3.499", "decimals"), ("cheap", "not a price"), ("4006381333931", "barcode"),
        ("3.50 or so", "not a price"), ("€", "not a number"),
    ],
)  # fmt: skip
def test_prices_that_cannot_be_meant_are_refused_with_the_reason(
    tmp_path: Path, text: str, said: str
) -> None:
    found = checked(tmp_path, f'name,price\nA,"{text}"\nB,1.25\n')
    assert [draft.name for draft in found.drafts] == ["B"]
    assert found.problems[0].row == 2 and found.problems[0].column == "price"
    assert found.problems[0].value == text
    assert said in found.problems[0].why


def test_a_heading_in_another_currency_is_told(tmp_path: Path) -> None:
    found = checked(tmp_path, "name,Price (USD)\nA,1\n")
    assert found.problems[0].column == "Price (USD)"
    assert "not in EUR" in found.problems[0].why
    assert checked(tmp_path, "name,Price (USD)\nA,1\n", "USD").problems == ()


def test_a_price_may_be_missing(tmp_path: Path) -> None:
    assert prices(tmp_path, "", " ", "2") == [None, None, 200]


def test_tax_rates_are_percentages_however_written(tmp_path: Path) -> None:
    def rates(*texts: str) -> list[int | None]:
        rows = "".join(f'P{number},"{text}"\n' for number, text in enumerate(texts))
        found = checked(tmp_path, f"name,VAT\n{rows}")
        assert found.problems == ()
        return [draft.tax_rate_milli for draft in found.drafts]

    assert rates("19", "7 %", "5,5%", "0") == [19_000, 7_000, 5_500, 0]
    assert rates("0.19", "0.07", "0") == [19_000, 7_000, 0]
    assert rates("8.875") == [8_875]
    assert rates("0.5%", "0%") == [500, 0]
    assert len(checked(tmp_path, "name,VAT\nA,190\nB,-1\nC,standard\n").problems) == 3


# Codes.


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("4006381333931", ["4006381333931"]), ("'4006381333931", ["4006381333931"]),
        ("4006381333931.0", ["4006381333931"]), ("4.006381333931E+12", ["4006381333931"]),
        ("4,006381333931E+12", ["4006381333931"]), ("4 006381 333931", ["4006381333931"]),
        ("4006381333931, 96385074", ["4006381333931", "96385074"]), ("ABC-123", ["ABC-123"]),
        ("4006381333932", ["4006381333932"]), ("000031", ["000031"]), ("1E+02", ["1E+02"]), (" ", []),
        ("036000291452|036000291452", ["036000291452"]), ("036000291452;0036000291452", ["036000291452"]),
    ],
)  # fmt: skip
def test_barcodes_are_taken_as_they_were_before_the_spreadsheet(
    tmp_path: Path, cell: str, codes: list[str]
) -> None:
    found = checked(tmp_path, f'name,EAN\nA,"{cell}"\n')
    assert found.problems == ()
    assert [one.code for one in found.drafts[0].barcodes] == codes


@pytest.mark.parametrize("cell", ["4.00638E+12", "4,00638E+12", "'4.00638E+12", "1E+12"])
def test_barcodes_that_lost_digits_are_refused_with_the_way_out(tmp_path: Path, cell: str) -> None:
    found = checked(tmp_path, f'name,EAN\nA,"{cell}"\n')
    assert found.drafts == ()
    assert "format the column as text" in found.problems[0].why


def test_barcodes_of_several_columns_belong_to_the_product(tmp_path: Path) -> None:
    found = checked(tmp_path, "name,EAN,UPC\nA,4006381333931,036000291452\n")
    assert [one.code for one in found.drafts[0].barcodes] == ["4006381333931", "036000291452"]


def test_the_same_barcode_twice_names_both_rows_even_as_upc_and_ean(tmp_path: Path) -> None:
    found = checked(tmp_path, "name,EAN\nA,036000291452\nB,1\nC,0036000291452\n")
    assert why(found) == [(4, "EAN", "Rows 2 and 4 have the same barcode '0036000291452'.")]


def test_the_same_sku_twice_names_both_rows(tmp_path: Path) -> None:
    found = checked(tmp_path, "sku,name\nX,A\nY,B\n X ,C\nx,D\n")
    assert why(found) == [(4, "sku", "Rows 2 and 4 have the same SKU 'X'.")]
    assert [draft.sku for draft in found.drafts] == ["X", "Y", "x"]


# SKUs made.


def test_a_sku_is_made_from_the_barcode_else_from_the_name(tmp_path: Path) -> None:
    found = checked(tmp_path, "name,EAN\nGreen Tea,4006381333931\nGreen Tea 2,\nЧай,\n")
    skus = [draft.sku for draft in found.drafts]
    assert skus[0] == "4006381333931"
    assert skus[1].startswith("green-tea-2-")
    assert skus[2].startswith("p-")
    assert all(draft.is_sku_made for draft in found.drafts)


def test_made_skus_do_not_depend_on_the_order_of_the_rows(tmp_path: Path) -> None:
    rows = [f"Thing {number},{'' if number % 3 else 4000000000000 + number}" for number in range(60)]
    rows.append("With SKU of another,")

    def made() -> dict[str, str]:
        found = checked(tmp_path, "name,EAN\n" + "\n".join(rows) + "\n")
        assert found.problems == ()
        return {draft.name: draft.sku for draft in found.drafts}

    first = made()
    assert len(set(first.values())) == 61
    random.Random(3).shuffle(rows)
    assert made() == first


def test_a_made_sku_never_takes_one_the_file_has_below(tmp_path: Path) -> None:
    found = checked(tmp_path, "sku,name,EAN\n,A,4006381333931\n4006381333931,B,\n")
    assert found.problems == ()
    assert found.drafts[0].sku.startswith("4006381333931-")


def test_two_products_that_cannot_be_told_apart_name_both_rows(tmp_path: Path) -> None:
    found = checked(tmp_path, "name,price\nSoap,1\nSalt,1\nSoap,2\n")
    assert why(found)[0][0] == 4
    assert "Rows 2 and 4" in why(found)[0][2]


# Everything wrong at once.


def test_every_fault_of_every_row_is_told(tmp_path: Path) -> None:
    found = checked(
        tmp_path,
        "sku,name,price,cost,EAN,Einheit,archived\n"
        "A,,1,1,,,\n"
        "B,fine,2,2,,kg,no\n"
        "C,bad,x,-1,4.00638E+12,bushel,perhaps\n"
        f"D,{'long' * 60},1,,,,\n",
    )
    assert [draft.sku for draft in found.drafts] == ["B"]
    assert [(problem.row, problem.column) for problem in found.problems] == [
        (2, "name"), (4, "price"), (4, "cost"), (4, "EAN"), (4, "Einheit"), (4, "archived"), (5, "name"),
    ]  # fmt: skip
    assert found.rows == 4


def test_a_row_with_too_many_cells_is_told(tmp_path: Path) -> None:
    found = checked(tmp_path, "sku,name,price\nA,Tea, green,2\nB,Salt,1\n")
    assert [draft.sku for draft in found.drafts] == ["B"]
    assert found.problems[0].row == 2 and "quotation marks" in found.problems[0].why


def test_a_broken_character_makes_its_row_unusable_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(
        b"sku,name\n" + "A{},Größe über Öl\n".encode() + b"B,Gr\xc3\n" + "C,Übung äöü\n".encode()
    )
    found = check_products(recognise(open_table(path)), currency="EUR")
    assert [draft.sku for draft in found.drafts] == ["A{}", "C"]
    assert why(found)[0][:2] == (3, "name")


def test_contradictions_are_refused(tmp_path: Path) -> None:
    found = checked(
        tmp_path,
        "name,Meldebestand,Maximalbestand,VPE,Einheit,Bestand\nA,10,5,,,\nB,1,5,0,,\nC,,,,Stück,1.5\nD,1,5,6,kg,1.5\n",
    )
    assert [draft.name for draft in found.drafts] == ["D"]
    assert [problem.column for problem in found.problems] == ["Maximalbestand", "VPE", "Bestand"]


def test_negative_stock_is_left_out_with_a_notice_and_the_product_is_not(tmp_path: Path) -> None:
    found = checked(tmp_path, "name,Stock\nA,-2\nB,0\n")
    assert found.drafts[0].on_hand == ()
    assert found.drafts[1].on_hand[0].quantity_milli == 0
    assert found.problems == () and "below zero" in found.notices[0].why


def test_sizes_need_their_unit_and_get_it_from_heading_or_cell(tmp_path: Path) -> None:
    found = checked(tmp_path, 'name,Weight (kg),Length,Höhe cm\nA,0.25,"12 cm",3.5\nB,,5,\nC,1 lb,,\n')
    assert [(d.weight_g, d.length_mm, d.height_mm) for d in found.drafts] == [
        (250, 120, 35), (None, None, None), (454, None, None),
    ]  # fmt: skip
    assert [(notice.row, notice.column) for notice in found.notices] == [(3, "Length")]


def test_a_description_too_long_is_cut_with_a_notice(tmp_path: Path) -> None:
    found = checked(tmp_path, f"name,notes\nA,{'word ' * 2_000}\n")
    assert found.drafts[0].notes is not None and len(found.drafts[0].notes) <= NOTE_LIMIT
    assert found.notices[0].column == "notes"


def test_hostile_text_is_stored_clean_or_refused(tmp_path: Path) -> None:
    texts: list[str] = []
    for name in ("formula_injection.json", "terminal_escape_samples.json"):
        for found in json.loads(shared("hostile", name).read_text("utf-8")).values():
            texts += found
    texts += shared("hostile", "blns.txt").read_text("utf-8", errors="replace").splitlines()
    path = tmp_path / "list.json"
    fields = ("name", "category", "price", "EAN", "notes", "stock")
    path.write_text(
        json.dumps(
            [{"sku": f"S{number}", **dict.fromkeys(fields, text)} for number, text in enumerate(texts)]
        )
    )
    result = check_products(recognise(open_table(path)), currency="EUR")
    assert len(result.drafts) + len({problem.row for problem in result.problems}) == len(texts)
    for draft in result.drafts:
        assert draft.name == clean(draft.name)
        assert draft.notes is None or draft.notes == clean(draft.notes, limit=NOTE_LIMIT, multiline=True)
        assert all(one.code == clean_code(one.code) for one in draft.barcodes)


def test_real_catalogues_come_through_whole() -> None:
    table = open_table(shared("catalogues", "openfoodfacts_gtin_5k.csv"))
    found = check_products(recognise(table), currency="EUR")
    assert (len(found.drafts), found.problems) == (5_000, ())
    assert len({draft.sku for draft in found.drafts}) == 5_000
    table = open_table(shared("catalogues", "openfoodfacts_bad_codes_400.csv"))
    found = check_products(recognise(table, mapping={"barcodes": "code", "sku": ""}), currency="EUR")
    assert len(found.drafts) + len(found.problems) == 400
    assert all("same barcode" in problem.why for problem in found.problems)


def test_progress_runs_through_both_passes_and_can_cancel(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("sku,name\n" + "".join(f"S{number},N\n" for number in range(1_200)))
    steps: list[tuple[int, int]] = []
    reading = ProductReading(
        recognise(open_table(path)), currency="EUR", progress=lambda done, total: steps.append((done, total))
    )
    assert len(list(reading.drafts())) == 1_200
    assert steps[-1] == (2_400, 2_400)
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)

    def cancel(done: int, total: int) -> None:
        if total:
            raise InvalidInput("stopped")

    with pytest.raises(InvalidInput, match="stopped"):
        list(ProductReading(recognise(open_table(path)), currency="EUR", progress=cancel).drafts())
