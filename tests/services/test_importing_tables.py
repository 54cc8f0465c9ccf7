"""Reading a file into rows: encodings, delimiters, quotes, and what is no table at all."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from stockshop.errors import InvalidInput, NotFound, ShopError
from stockshop.services.importing.tables import Table, open_table
from tests.shared_data import shared

ENCODINGS = {
    "utf-8": ("utf-8", b""),
    "utf-8 with a mark": ("utf-8", b"\xef\xbb\xbf"),
    "utf-16-le": ("utf-16-le", b"\xff\xfe"),
    "utf-16-be": ("utf-16-be", b"\xfe\xff"),
    "utf-16-le without a mark": ("utf-16-le", b""),
    "utf-16-be without a mark": ("utf-16-be", b""),
    "windows-1252": ("cp1252", b""),
}
ROWS = [
    ["sku", "name", "price"],
    ["A1", "Größe „L“ – 5 € × 3", "3,50"],
    ["A2", 'with "quotes", commas; and\ttabs | bars', "4"],
    ["A3", "two\nlines", ""],
]


def written(rows: list[list[str]], delimiter: str, line_end: str) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_ALL).writerows(rows)
    return stream.getvalue()


def table_of(tmp_path: Path, content: bytes | str, name: str = "list.csv") -> Table:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_table(path)


def cells(table: Table) -> list[list[str]]:
    return [values for _, values in table.rows()]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"], ids=["comma", "semicolon", "tab", "bar"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_any_encoding_with_any_delimiter_gives_the_same_rows(
    tmp_path: Path, encoding: str, delimiter: str, line_end: str
) -> None:
    codec, mark = ENCODINGS[encoding]
    table = table_of(tmp_path, mark + written(ROWS, delimiter, line_end).encode(codec))
    assert table.headers == tuple(ROWS[0])
    assert cells(table) == ROWS[1:]
    assert table.delimiter == delimiter
    assert table.encoding == encoding.removesuffix(" with a mark").removesuffix(" without a mark")


def test_bytes_that_windows_leaves_out_are_latin_1(tmp_path: Path) -> None:
    table = table_of(tmp_path, b"sku,name\nA,caf\xe9 \x81\n")
    assert table.encoding == "latin-1"
    assert cells(table) == [["A", "café \x81"]]


def test_one_broken_byte_in_utf_8_does_not_garble_every_accent(tmp_path: Path) -> None:
    table = table_of(tmp_path, b"sku,name\n" + "A,Größe über Öl\n".encode() * 9 + b"B,Gr\xc3\n")
    assert table.is_damaged
    assert cells(table)[0] == ["A", "Größe über Öl"]
    assert "\ufffd" in cells(table)[-1][1]


def test_a_row_has_the_number_a_spreadsheet_shows(tmp_path: Path) -> None:
    table = table_of(tmp_path, 'sku,name\n\nA,"one\ntwo\nthree"\n,\n \nB,next\n')
    assert [(row, values[0]) for row, values in table.rows()] == [(3, "A"), (6, "B")]


def test_the_line_that_names_the_separator_is_not_a_row(tmp_path: Path) -> None:
    table = table_of(tmp_path, "sep=;\r\nsku;name\r\nA;a, b, c, d\r\n")
    assert table.delimiter == ";"
    assert list(table.rows()) == [(2, ["A", "a, b, c, d"])]


def test_decimal_commas_are_not_delimiters(tmp_path: Path) -> None:
    table = table_of(tmp_path, "price;cost\n3,50;1,20\n4,20;2,10\n1,10;0,50\n")
    assert table.delimiter == ";"


def test_delimiters_inside_quotes_do_not_count(tmp_path: Path) -> None:
    table = table_of(tmp_path, 'name,sku\n"a;b;c;d;e",1\n"f;g;h;i;j",2\n')
    assert cells(table) == [["a;b;c;d;e", "1"], ["f;g;h;i;j", "2"]]


def test_a_single_column_is_a_table_too(tmp_path: Path) -> None:
    assert cells(table_of(tmp_path, "name\nSoap\nSalt\n")) == [["Soap"], ["Salt"]]


def test_short_rows_are_filled_and_empty_cells_beyond_the_headings_dropped(tmp_path: Path) -> None:
    table = table_of(tmp_path, "a,b,c\n1\n1,2,3,,\n1,2,3,4\n")
    assert cells(table) == [["1", "", ""], ["1", "2", "3"], ["1", "2", "3", "4"]]


def test_a_quote_never_closed_is_refused_with_its_row(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"row 3.*never closed"):
        table_of(tmp_path, 'sku,name\nA,"fine"\nB,"open\nC,more\n')


def test_a_quote_never_closed_in_a_large_file_is_refused_before_it_swallows_it(tmp_path: Path) -> None:
    text = "sku,name\n" + "A,a\n" * 40 + 'A,"open\n' + "B,more of the same\n" * 100_000
    table = table_of(tmp_path, text)
    with pytest.raises(InvalidInput, match=r"row 42.*never closed"):
        list(table.rows())


def test_a_quote_inside_a_quoted_text_is_refused_with_its_row(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"row 2.*twice"):
        table_of(tmp_path, 'sku,name\nA,"5" pipe"\n')


def test_inches_in_plain_text_are_no_quotes(tmp_path: Path) -> None:
    assert cells(table_of(tmp_path, 'sku,name\nA,5" pipe\n')) == [["A", '5" pipe']]


def test_a_description_of_half_a_million_characters_is_read(tmp_path: Path) -> None:
    table = table_of(tmp_path, 'sku,name\nA,"' + "x" * 500_000 + '"\n')
    assert len(cells(table)[0][1]) == 500_000


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "empty.csv", "is empty"),
        (b" \r\n\r\n ", "blank.csv", "is empty"),
        (b",,,\n,,\n", "commas.csv", "is empty"),
        (b"%PDF-1.7\n...", "list.csv", "PDF"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "photo.csv", "picture"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "photo.csv", "picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "list.xls", r"\.xls"),
        (b"\x1f\x8b\x08" + bytes(50), "list.csv.gz", "compressed"),
        (b"SQLite format 3\x00" + bytes(50), "shop.db", "database"),
        (b"<!DOCTYPE html><table><tr><td>sku", "list.xls", "web page"),
        (bytes(range(256)) * 40, "noise.csv", "not a text file"),
        (b'[{"a": 1}, {"b": ', "list.json", "breaks off in item 2"),
        (b"[]", "list.json", "empty"),
        (b"PK\x03\x04 and nothing more", "list.xlsx", r"not a sound \.xlsx"),
    ],
)
def test_what_is_no_list_is_refused_with_the_reason(
    tmp_path: Path, content: bytes, name: str, said: str
) -> None:
    with pytest.raises(InvalidInput, match=said):
        list(table_of(tmp_path, content, name).rows())


def test_a_folder_a_missing_file_and_a_file_too_large_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="is a folder"):
        open_table(tmp_path)
    with pytest.raises(NotFound):
        open_table(tmp_path / "nowhere.csv")
    (tmp_path / "big.csv").write_bytes(b"sku,name\n" * 1_000)
    with pytest.raises(InvalidInput, match="MB"):
        open_table(tmp_path / "big.csv", size_limit=1_000)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(InvalidInput, match="device"):
        open_table(tmp_path / "pipe.csv")


def test_zero_bytes_in_a_text_do_not_stop_the_file(tmp_path: Path) -> None:
    assert cells(table_of(tmp_path, b"sku,name\nA,a\x00b\nB,c\n")) == [["A", "a\x00b"], ["B", "c"]]


@pytest.mark.parametrize(
    "name",
    ["comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "newlines", "newlines_crlf",
     "quotes_and_newlines", "simple", "simple_crlf", "utf8"],
)  # fmt: skip
def test_the_edge_cases_of_csv_are_read_as_others_read_them(name: str) -> None:
    table = open_table(shared("hostile", "csv-spectrum", "csvs", f"{name}.csv"))
    expected = json.loads(shared("hostile", "csv-spectrum", "json", f"{name}.json").read_text("utf-8"))
    found = [dict(zip(table.headers, values, strict=True)) for values in cells(table)]
    assert found == [{key: str(value) for key, value in row.items()} for row in expected]


def test_json_keeps_every_digit_and_every_field(tmp_path: Path) -> None:
    table = table_of(
        tmp_path,
        '[{"sku": "A", "price": 0.10, "code": 40063813339312345678, "ok": true, "none": null},\n'
        '{"sku": "B", "late": ["1", "2"]}]',
        "list.json",
    )
    assert table.kind == "json"
    assert table.headers == ("sku", "price", "code", "ok", "none", "late")
    assert list(table.rows()) == [
        (1, ["A", "0.10", "40063813339312345678", "true", "", ""]),
        (2, ["B", "", "", "", "", "1; 2"]),
    ]


def test_json_with_one_object_a_line_is_read(tmp_path: Path) -> None:
    table = table_of(tmp_path, '{"sku": "A"}\n{"sku": "B"}\n', "list.jsonl")
    assert cells(table) == [["A"], ["B"]]


def test_json_longer_than_what_is_read_at_once(tmp_path: Path) -> None:
    objects = [{"sku": f"A{number}", "name": "ü" * 50} for number in range(9_000)]
    table = table_of(tmp_path, json.dumps(objects, ensure_ascii=False, indent=1), "list.json")
    assert len(cells(table)) == 9_000
    assert cells(table)[-1] == ["A8999", "ü" * 50]


# Spreadsheets.


def sheet_of(tmp_path: Path, rows: list[list[object]]) -> Path:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    path = tmp_path / "list.xlsx"
    book.save(path)
    return path


def test_a_spreadsheet_gives_numbers_as_the_digits_they_were(tmp_path: Path) -> None:
    from datetime import date, datetime

    table = open_table(
        sheet_of(
            tmp_path,
            [
                ["code", "price", "day", "seen", "flag", "text"],
                [4006381333931.0, 3.5, date(2026, 1, 31), datetime(2026, 1, 31, 17, 5), True, "0012"],
                [4.006381333931e12, 0.1 + 0.2, None, None, False, "4.00638E+12"],
                [None, None, None, None, None, None],
                [7, 1e-7, None, None, None, "last"],
            ],
        )
    )
    assert list(table.rows()) == [
        (2, ["4006381333931", "3.5", "2026-01-31", "2026-01-31 17:05:00", "true", "0012"]),
        (3, ["4006381333931", "0.3", "", "", "false", "4.00638E+12"]),
        (5, ["7", "0.0000001", "", "", "", "last"]),
    ]


def test_the_first_visible_sheet_with_rows_is_read_or_the_one_named(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.title = "Empty"
    hidden = book.create_sheet("Hidden")
    hidden.append(["secret"])
    hidden.sheet_state = "hidden"
    book.create_sheet("Stock").append(["sku", "name"])
    book.create_sheet("Other").append(["a", "b"])
    path = tmp_path / "list.xlsx"
    book.save(path)
    assert open_table(path).headers == ("sku", "name")
    assert open_table(path, sheet="Other").headers == ("a", "b")
    with pytest.raises(NotFound, match="Stock"):
        open_table(path, sheet="Nope")


def repacked(path: Path, changes: dict[str, bytes]) -> Path:
    """The same package with some parts replaced or added."""
    target = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, content in changes.items():
            new.writestr(name, content)
    return target


def test_a_spreadsheet_that_unpacks_to_hundreds_of_megabytes_is_refused_unread(tmp_path: Path) -> None:
    path = repacked(sheet_of(tmp_path, [["sku"]]), {"xl/worksheets/sheet1.xml": b"<x>" + bytes(60_000_000)})
    assert path.stat().st_size < 200_000
    with pytest.raises(InvalidInput, match=r"unpacks to 60\.0 MB: refused"):
        open_table(path)


@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_a_spreadsheet_with_entities_is_refused(tmp_path: Path, codec: str) -> None:
    laughs = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    path = repacked(sheet_of(tmp_path, [["sku"]]), {"xl/sharedStrings.xml": laughs.encode(codec)})
    with pytest.raises(InvalidInput, match="entities"):
        open_table(path)


def test_an_archive_that_is_no_spreadsheet_says_what_it_is(tmp_path: Path) -> None:
    for names, said in ((["content.xml", "mimetype"], "OpenDocument"), (["word/document.xml"], "document"),
                        (["a.txt"], "ZIP"), (["xl/workbook.bin"], "xlsb")):  # fmt: skip
        path = tmp_path / "list.xlsx"
        with zipfile.ZipFile(path, "w") as package:
            for name in names:
                package.writestr(name, "x")
        with pytest.raises(InvalidInput, match=said):
            open_table(path)


def test_what_other_programs_write_into_a_spreadsheet_is_read(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    sheet = (
        '<x:worksheet xmlns:x="u"><x:sheetData>'
        '<x:row><x:c t="s"><x:v>0</x:v></x:c><x:c t="inlineStr"><x:is><x:t>day</x:t></x:is></x:c></x:row>'
        '<x:row r="4"><x:c r="A4" t="str"><x:f>1+1</x:f><x:v>a_x000A_b</x:v></x:c>'
        '<x:c r="B4" s="1"><x:v>1</x:v></x:c><x:c r="AB4" s="2"><x:v>2.5</x:v></x:c></x:row>'
        '<x:row><x:c t="e"><x:v>#N/A</x:v></x:c><x:c s="1"><x:v>1.75</x:v></x:c>'
        '<x:c t="b"><x:v>1</x:v></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    )
    parts = {
        "xl/workbook.xml": '<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets>'
        '<sheet name="One" sheetId="1" r:id="a"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<R><Relationship Id="a" Type="t/worksheet" Target="/xl/one.xml"/>'
        '<Relationship Id="b" Type="t/sharedStrings" Target="s.xml"/>'
        '<Relationship Id="c" Type="t/styles" Target="styles.xml"/></R>',
        "xl/s.xml": "<sst><si><r><t>s</t></r><r><t>ku</t></r><rPh><t>aid</t></rPh></si></sst>",
        "xl/styles.xml": '<s><numFmts><numFmt numFmtId="170" formatCode="dd\\/mm\\/yy"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="2"/></cellXfs></s>',
        "xl/one.xml": sheet,
    }
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    table = open_table(path)
    assert table.headers == ("sku", "day")
    assert list(table.rows()) == [
        (4, ["a\nb", "1904-01-02", *[""] * 25, "2.50"]),
        (5, ["#N/A", "1904-01-02 18:00:00", "true"]),
    ]


def test_a_damaged_spreadsheet_is_refused_in_one_sentence(tmp_path: Path) -> None:
    good = sheet_of(tmp_path, [["sku", "name"], ["A", "a"]])
    for part in ("xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"):
        with pytest.raises(InvalidInput, match="not a sound"):
            list(open_table(repacked(good, {part: b"<x><y></x>"})).rows())


def test_a_spreadsheet_is_read_without_the_extra_that_writes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = sheet_of(tmp_path, [["sku", "name"], ["A", "Größe"]])
    for module in ("openpyxl", "defusedxml"):
        monkeypatch.setitem(sys.modules, module, None)
    assert cells(open_table(path)) == [["A", "Größe"]]


def test_an_unreadable_file_is_a_sentence_not_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("sku,name\n")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ShopError, match="Permission denied"):
        open_table(path)


@pytest.mark.parametrize(
    ("codec", "names"),
    [
        ("shift_jis", ("お茶セット", "緑茶の詰め合わせ", "ほうじ茶")),
        ("cp1251", ("Зелёный чай", "Чёрный кофе", "Сахар")),
        ("gb18030", ("绿茶一百克", "红茶二百克", "咖啡豆")),
    ],
)
def test_a_list_in_another_script_is_not_garbled_but_asked_for_as_utf_8(
    tmp_path: Path, codec: str, names: tuple[str, ...]
) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(("sku,name\n" + "".join(f"A,{name}\n" for name in names)).encode(codec))
    with pytest.raises(InvalidInput, match="save it again as UTF-8"):
        open_table(path)


def test_a_western_list_may_show_off_its_accents(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    names = ("ÄÖÜäöüß€", "Müsli", "Crème brûlée", "••••••", "naïve café", "Größe ½")
    path.write_bytes(("sku,name\n" + "".join(f"A,{name}\n" for name in names)).encode("cp1252"))
    assert [values[1] for _, values in open_table(path).rows()] == list(names)
