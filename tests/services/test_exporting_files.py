"""Files that leave the shop: safe in a spreadsheet, whole or not at all, and read back exactly."""

from __future__ import annotations

import csv
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from stockshop.errors import InvalidInput, NotWritten, Refused, StoreFull
from stockshop.services.exporting import columns
from stockshop.services.exporting.codes import format_barcodes, parse_barcodes
from stockshop.services.exporting.columns import Column
from stockshop.services.exporting.files import FORMATS, XLSX_CELL, write_table
from stockshop.services.exporting.guard import guard, unguard
from stockshop.services.importing.tables import open_table
from stockshop.text import NOTE_LIMIT, clean
from tests.shared_data import shared

TEXTS = (Column("sku"), Column("notes"))
# What a spreadsheet takes for the beginning of a formula, full-width forms included.
STARTS = tuple("=+-@\t\r＝＋－＠")


def hostile() -> list[str]:
    texts: list[str] = []
    for name in ("formula_injection.json", "terminal_escape_samples.json"):
        for found in json.loads(shared("hostile", name).read_text("utf-8")).values():
            texts += found
    lines = shared("hostile", "blns.txt").read_text("utf-8", errors="replace").split("\n")
    texts += [line for line in lines if line and not line.startswith("#")]
    for path in sorted(shared("hostile", "csv-spectrum", "csvs").glob("*.csv")):
        with path.open(encoding="utf-8", errors="replace", newline="") as stream:
            texts += [cell for row in csv.reader(stream) for cell in row]
            stream.seek(0)
            texts.append(stream.read())
    return texts


def read_back(path: Path) -> list[list[str]]:
    return [values for _, values in open_table(path).rows()]


@pytest.mark.parametrize("file_format", FORMATS)
def test_everything_hostile_comes_back_as_it_was_cleaned(tmp_path: Path, file_format: str) -> None:
    rows = [
        (f"S{number}", clean(text, limit=100_000, multiline=True)) for number, text in enumerate(hostile())
    ]
    path = tmp_path / f"out.{file_format}"
    assert write_table(path, TEXTS, rows, file_format=file_format) == len(rows) > 500
    assert read_back(path) == [list(row) for row in rows]


CLEAN = (
    st.text(st.sampled_from("=+-@'\"; ,|\n\tabcé１＝＠0.x_A\\"), max_size=30)
    | st.text(max_size=60)
    | st.from_regex(r"_x[0-9A-F]{4}_|'*=.*|[0-9]E\+?[0-9]{2}", fullmatch=True)
).map(lambda text: clean(text, limit=NOTE_LIMIT, multiline=True))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(CLEAN, min_size=1, max_size=12))
def test_any_clean_text_comes_back_from_every_format(tmp_path: Path, texts: list[str]) -> None:
    rows = [[f"S{number}", text] for number, text in enumerate(texts)]
    for file_format in FORMATS:
        path = tmp_path / f"out.{file_format}"
        write_table(path, TEXTS, rows, file_format=file_format)
        assert read_back(path) == rows


@settings(max_examples=400, deadline=None)
@given(st.text(st.sampled_from("=+-@'\"; \t\r\n\u3000aＸ＝＠"), max_size=14) | st.text(max_size=20))
@example("\n\n=1")
@example("'=1")
@example("\t'\r=1")
@example(";';'=1")
def test_the_guard_is_undone_exactly_and_leaves_no_formula(text: str) -> None:
    guarded = guard(text)
    assert unguard(guarded) == text
    assert not guarded.startswith(STARTS)
    for piece in re.split("[;\t\r\n]", guarded):
        assert not piece.lstrip(' \u3000"').startswith(("=", "@", "＝", "＠", "+", "-"))


def test_an_ordinary_apostrophe_is_left_alone() -> None:
    for text in ("'tis the season", "Ben's", "rock 'n' roll", "''", "'", "12\" x 5'"):
        assert guard(text) == text == unguard(text)


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_no_cell_of_an_export_is_a_formula(tmp_path: Path, file_format: str) -> None:
    payloads = [clean(text, limit=100_000, multiline=True) for text in hostile()]
    path = tmp_path / f"out.{file_format}"
    write_table(path, TEXTS, [(text or "-", text) for text in payloads], file_format=file_format)
    if file_format == "csv":
        with path.open(encoding="utf-8-sig", newline="") as stream:
            assert not [cell for row in csv.reader(stream) for cell in row if cell.startswith(STARTS)]
        return
    book = load_workbook(path)
    risky = 0
    for row in book.worksheets[0].iter_rows():
        for cell in row:
            assert cell.data_type in ("s", "n") and (cell.data_type == "s" or cell.value is None)
            if isinstance(cell.value, str) and cell.value.startswith(STARTS):
                assert cell.quotePrefix
                risky += 1
    assert risky > 20
    with zipfile.ZipFile(path) as package:
        assert b"<f>" not in package.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("file_format", FORMATS)
def test_numbers_stay_numbers_and_keep_their_digits(tmp_path: Path, file_format: str) -> None:
    numbers = ["-5", "3.50", "0.0001", "1234567890123456.7891", "100", "0", "-0.10", "007", "", "12.000"]
    path = tmp_path / f"out.{file_format}"
    write_table(path, (Column("sku"), Column("quantity", True)), [("A", text) for text in numbers],
                file_format=file_format)  # fmt: skip
    assert [row[1] for row in read_back(path)] == numbers
    if file_format == "csv":
        assert b"'" not in path.read_bytes()
    if file_format == "xlsx":
        values = [row[1].value for row in load_workbook(path).worksheets[0].iter_rows(min_row=2)]
        assert values[:3] == [-5, 3.5, 0.0001]
        assert values[3] == "1234567890123456.7891"


def test_a_number_column_with_something_else_in_it_is_guarded(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write_table(path, (Column("quantity", True),), [("-1+cmd|x",)], file_format="csv")
    assert "'-1+cmd|x" in path.read_text("utf-8-sig")
    assert read_back(path) == [["-1+cmd|x"]]


@pytest.mark.parametrize("file_format", FORMATS)
def test_values_of_every_kind_are_spelled_the_same(tmp_path: Path, file_format: str) -> None:
    path = tmp_path / f"out.{file_format}"
    wanted = tuple(Column(name) for name in "abcde")
    write_table(path, wanted, [(True, False, None, Decimal("1E+3"), 7)], file_format=file_format)
    assert read_back(path) == [["true", "false", "", "1000", "7"]]


def test_csv_is_what_a_spreadsheet_program_expects(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write_table(path, TEXTS, [("A", "Größe\nzwei")], file_format="csv")
    assert path.read_bytes() == b'\xef\xbb\xbfsku,notes\r\nA,"Gr\xc3\xb6\xc3\x9fe\nzwei"\r\n'


def test_json_is_a_list_of_objects_of_strings(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    write_table(path, (Column("sku"), Column("price", True), Column("archived")), [("=A", "3.50", False)],
                file_format="json")  # fmt: skip
    assert json.loads(path.read_text("utf-8")) == [{"sku": "=A", "price": "3.50", "archived": False}]
    write_table(path, TEXTS, [], file_format="json")
    assert json.loads(path.read_text("utf-8")) == []


@pytest.mark.parametrize("file_format", FORMATS)
def test_what_no_file_can_hold_is_dropped_not_fatal(tmp_path: Path, file_format: str) -> None:
    path = tmp_path / f"out.{file_format}"
    write_table(path, TEXTS, [("A\x00\x1b", "half \ud800 of a pair\ufffe")], file_format=file_format)
    assert read_back(path) == [["A", "half  of a pair"]]


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_failure_half_way_leaves_the_old_file_and_nothing_else(tmp_path: Path, file_format: str) -> None:
    path = tmp_path / f"out.{file_format}"
    path.write_bytes(b"old")

    def rows() -> Iterator[tuple[str, str]]:
        yield ("A", "a")
        raise StoreFull("no room")

    with pytest.raises(StoreFull):
        write_table(path, TEXTS, rows(), file_format=file_format)
    assert path.read_bytes() == b"old"
    assert [found.name for found in tmp_path.iterdir()] == [path.name]


def test_progress_is_told_and_can_stop_the_writing(tmp_path: Path) -> None:
    seen: list[int] = []

    def stop(done: int) -> None:
        seen.append(done)
        if done >= 2_000:
            raise Refused("stopped")

    with pytest.raises(Refused):
        write_table(tmp_path / "out.csv", TEXTS, (("A", "a") for _ in range(9_000)), file_format="csv",
                    progress=stop)  # fmt: skip
    assert seen == [0, 1_000, 2_000]
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_and_an_unknown_format_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NotWritten, match="no folder"):
        write_table(tmp_path / "nowhere" / "out.csv", TEXTS, [], file_format="csv")
    with pytest.raises(InvalidInput, match="csv, json or xlsx"):
        write_table(tmp_path / "out.ods", TEXTS, [], file_format="ods")
    assert list(tmp_path.iterdir()) == []


def test_what_is_too_much_for_a_sheet_is_refused_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.xlsx"
    with pytest.raises(Refused, match="as CSV"):
        write_table(path, TEXTS, [("A", "x" * (XLSX_CELL + 1))], file_format="xlsx")
    monkeypatch.setattr("stockshop.services.exporting.files.XLSX_ROWS", 5)
    assert write_table(path, TEXTS, [("A", "a")] * 4, file_format="xlsx") == 4
    with pytest.raises(Refused, match="as CSV"):
        write_table(path, TEXTS, [("A", "a")] * 5, file_format="xlsx")
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(Refused, match=r"stockshop\[xlsx\]"):
        write_table(path, TEXTS, [], file_format="xlsx")


def test_our_own_columns_keep_their_order() -> None:
    assert [column.name for column in columns.PRODUCTS][:6] == [
        "sku", "name", "label_name", "category", "unit", "price",
    ]  # fmt: skip
    assert len(columns.PRODUCTS) == 25
    assert [column.name for column in columns.STOCK][-2:] == ["quantity", "unit_cost"]
    assert len({column.name for column in columns.MOVEMENTS}) == 17


CODES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20).map(
    lambda text: clean(text).strip()
) | st.from_regex(
    r"[0-9]{8,14}|[A-Z0-9-]{1,8}( x[0-9]+)?|[0-9]E\+?[0-9]{2}|'[0-9]+|[a-z];[a-z]", fullmatch=True
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(CODES.filter(bool), st.integers(1, 10_000_000)), max_size=5))
def test_any_barcodes_with_any_packs_fit_in_one_cell(codes: list[tuple[str, int]]) -> None:
    from stockshop.text import clean_code

    codes = [(clean_code(code), pack) for code, pack in codes if clean_code(code)]
    cell = format_barcodes(codes)
    assert [(code, pack) for code, pack, _ in parse_barcodes(cell)] == codes


def test_the_barcodes_cell_reads_like_a_person_writes_it() -> None:
    assert format_barcodes([("4006381333931", 1_000), ("14006381333938", 12_000)]) == (
        "4006381333931; 14006381333938 x12"
    )
    assert parse_barcodes("4006381333931 ;14006381333938   x12;") == [
        ("4006381333931", 1_000, False), ("14006381333938", 12_000, False),
    ]  # fmt: skip
    for bad in ('"open', "123 x0", 'a"b'):
        with pytest.raises(InvalidInput):
            parse_barcodes(bad)
