"""Files in and out: imports, exports, documents, copies."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Shell

LIST = "sku,name,price,barcode\nJAM,Jam,2.49,4006381333948\nTEA,Green tea,3.49,\n"


def written(folder: Path, name: str, content: str) -> str:
    """The path of a file with this content."""
    (folder / name).write_text(content, encoding="utf-8")
    return str(folder / name)


def test_an_import_counts_what_it_did_and_the_same_file_changes_nothing(shell: Shell, tmp_path: Path) -> None:
    file = written(tmp_path, "products.csv", LIST)
    first = shell.data("import", "products", file)
    assert {key: first[key] for key in ("read", "created", "updated", "unchanged", "refused")} == {
        "read": 2, "created": 1, "updated": 0, "unchanged": 1, "refused": [],
    }  # fmt: skip
    again = shell.data("import", "products", file)
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 2)
    assert "2 rows read. 0 new, 0 changed, 2 as before." in shell.done("import", "products", file)


def test_one_bad_row_keeps_the_whole_file_out_unless_it_is_skipped(shell: Shell, tmp_path: Path) -> None:
    file = written(tmp_path, "products.csv", LIST + "BAD,Bad,cheap,\n")
    result = shell("import", "products", file, "--json")
    assert result.exit_code == 1
    (refused,) = json.loads(result.stdout)["refused"]
    assert refused["row"] == 4
    assert refused["column"] == "price"
    assert refused["value"] == "cheap"
    assert refused["why"]
    assert shell.data("scan", "JAM")["kind"] == "unknown"
    told = shell("import", "products", file)
    assert "Nothing was changed" in told.stdout
    assert "row 4, price 'cheap'" in told.stderr
    skipped = shell("import", "products", file, "--skip-bad", "--json")
    assert skipped.exit_code == 0
    assert json.loads(skipped.stdout)["created"] == 1
    assert shell.data("scan", "JAM")["sku"] == "JAM"


def test_a_dry_run_only_says_what_would_be(desk: Shell, tmp_path: Path) -> None:
    file = written(tmp_path, "products.csv", LIST)
    assert desk.data("import", "products", file, "--dry-run")["created"] == 1
    assert desk.data("scan", "JAM")["kind"] == "unknown"


def test_columns_named_once_are_known_the_next_time(desk: Shell, tmp_path: Path) -> None:
    file = written(tmp_path, "list.csv", "Nr;Was es ist;Kostet\n7;Honig;4,50\n")
    words = ("--column", "name=Was es ist", "--column", "sku=Nr", "--column", "price=Kostet")
    assert desk.data("import", "products", file, *words)["created"] == 1
    again = desk.data("import", "products", file)
    assert (again["unchanged"], again["refused"]) == (1, [])
    assert desk.data("product", "show", "7")["price"] == "4.50"
    assert desk("import", "products", file, "--column", "nonsense").exit_code == 1


def test_opening_stock_is_taken_over_once(shell: Shell, tmp_path: Path) -> None:
    file = written(tmp_path, "stock.csv", "sku,bin,quantity,unit cost\nTEA,A-02,12,1.80\n")
    assert shell.data("import", "stock", file)["created"] == 1
    assert shell.data("import", "stock", file)["unchanged"] == 1
    (row,) = shell.data("stock", "TEA")
    assert (row["bin"], row["on_hand"], row["value"]) == ("A-02", "12", "21.6000")


def test_exports_hold_what_there_is(shell: Shell, tmp_path: Path) -> None:
    shell.post({"id": "r1", "kind": "receive", "lines": [{"product": "TEA", "quantity": 2}]})
    out = tmp_path / "out.csv"
    for what, row in (
        ("products", ("sku", "TEA")),
        ("stock", ("quantity", "2")),
        ("movements", ("entry", "r1")),
    ):
        told = shell.data("export", what, "--out", str(out))
        assert told == {"out": str(out), "format": "csv", "rows": 1}
        with out.open(encoding="utf-8-sig", newline="") as file:
            (found,) = csv.DictReader(file)
        assert found[row[0]] == row[1]
    shell.done("export", "products", "--format", "json", "--out", str(out))
    assert json.loads(out.read_text(encoding="utf-8"))[0]["sku"] == "TEA"


def test_an_export_needs_a_format_or_an_ending_that_tells_it(desk: Shell, tmp_path: Path) -> None:
    assert desk("export", "products", "--out", str(tmp_path / "products")).exit_code == 2
    nowhere = desk("export", "products", "--out", str(tmp_path / "no" / "such.csv"))
    assert nowhere.exit_code == 1


def test_labels_and_count_sheets_are_pdf_files(desk: Shell, tmp_path: Path) -> None:
    desk.post({"id": "r1", "kind": "receive", "lines": [{"product": "TEA", "quantity": 2}]})
    out = tmp_path / "labels.pdf"
    told = desk.data("labels", "TEA", "--copies", "3", "--start", "20", "--sheet", "L7160", "--out", str(out))
    assert (told["printed"], told["pages"], told["next_start"]) == (3, 2, 2)
    assert out.read_bytes().startswith(b"%PDF-")
    told = desk.data("labels", "--zone", "SHOP-A", "--copies", "on-hand", "--out", str(out))
    assert told["printed"] == 2
    sheet = tmp_path / "count.pdf"
    told = desk.data("count", "sheet", "--zone", "SHOP-A", "--paper", "letter", "--out", str(sheet))
    assert (told["lines"], told["pages"]) == (1, 1)
    assert sheet.read_bytes().startswith(b"%PDF-")


def test_labels_for_what_is_on_hand_say_so_when_nothing_is(desk: Shell, tmp_path: Path) -> None:
    result = desk("labels", "TEA", "--copies", "on-hand", "--out", str(tmp_path / "labels.pdf"))
    assert result.exit_code == 1
    assert "Nothing of that is on hand" in result.stderr


def test_labels_whose_bars_do_not_fit_go_without(desk: Shell, tmp_path: Path) -> None:
    words = ("labels", "TEA", "--sheet", "Avery L4730", "--out", str(tmp_path / "labels.pdf"))
    assert "print the number without bars" in desk(*words).stderr
    assert desk.data(*words, "--symbol", "none")["printed"] == 1


def test_labels_that_make_no_sense_are_refused(desk: Shell, tmp_path: Path) -> None:
    out = str(tmp_path / "labels.pdf")
    for words in (
        ("labels", "--out", out),
        ("labels", "NOPE", "--out", out),
        ("labels", "TEA", "--copies", "many", "--out", out),
        ("labels", "TEA", "--sheet", "nothing", "--out", out),
        ("labels", "TEA", "--start", "900", "--out", out),
        ("count", "sheet", "--zone", "NOWHERE", "--out", out),
    ):
        result = desk(*words)
        assert (result.exit_code, result.stdout) == (1, ""), words
    assert not Path(out).exists()


def test_label_sheets_are_found_by_maker_part_and_size(desk: Shell) -> None:
    (found,) = desk.data("sheets", "avery", "L7160")
    assert (found["sheet"], found["labels"], found["page"]) == ("Avery L7160", 21, "A4")
    assert all(abs(one["label_width_mm"] - 38) <= 1 for one in desk.data("sheets", "38x21"))
    assert len(desk.data("sheets", "--limit", "3")) == 3
    assert "No sheet fits" in desk.done("sheets", "no such maker")


def test_a_sound_shop_passes_the_doctor(shell: Shell) -> None:
    shell.post({"id": "r1", "kind": "receive", "lines": [{"product": "TEA", "quantity": 2}]})
    told = shell.data("doctor")
    assert told["healthy"] is True
    assert told["troubles"] == []
    assert told["checked"]["entries"] == 1
    assert "Everything is in order: 1 product, 2 barcodes" in shell.done("doctor", "--quick")


def test_the_doctor_names_each_trouble_on_a_line_and_ends_with_3(desk: Shell) -> None:
    import apsw

    desk.post({"id": "r1", "kind": "receive", "lines": [{"product": "TEA", "quantity": 2}]})
    connection = apsw.Connection(desk.url)
    connection.execute("UPDATE level SET quantity_milli = quantity_milli + 1000")
    connection.close()
    result = desk("doctor")
    assert result.exit_code == 3
    assert all(line.startswith("I") and ": " in line for line in result.stdout.splitlines())
    told = desk("doctor", "--json")
    assert told.exit_code == 3
    assert len(json.loads(told.stdout)["troubles"]) == len(result.stdout.splitlines()) > 0


def test_the_doctor_finds_a_file_that_is_too_damaged_to_open(desk: Shell) -> None:
    raw = bytearray(Path(desk.url).read_bytes())
    raw[4096 : 4096 * 40] = b"\xaa" * (4096 * 39)
    Path(desk.url).write_bytes(raw)
    result = desk("doctor", "--json")
    assert result.exit_code == 3
    assert json.loads(result.stdout)["troubles"][0]["check"] == "store"
    assert desk("stock").exit_code == 1


def test_a_copy_brings_the_shop_back(desk: Shell) -> None:
    desk.post({"id": "r1", "kind": "receive", "lines": [{"product": "TEA", "quantity": 2}]})
    copy = desk.data("backup")
    assert (copy["entries"], copy["products"]) == (1, 1)
    assert Path(copy["path"]).parent == Path(desk.url).parent / "backups"
    desk.post({"id": "s1", "kind": "sell", "lines": [{"product": "TEA", "quantity": 1}]})
    told = desk.data("restore", copy["path"])
    assert told["entries"] == 1
    assert Path(told["kept"]).exists()
    assert [row["on_hand"] for row in desk.data("stock", "TEA")] == ["2"]
    assert "are back in" in desk.done("restore", copy["path"])


def test_a_shop_moves_to_a_server(desk: Shell, empty_postgres_url: str) -> None:
    desk.post({"id": "r1", "kind": "receive", "lines": [{"product": "TEA", "quantity": 2}]})
    told = desk.data("move-to", empty_postgres_url)
    assert told["rows"] == sum(table["rows"] for table in told["tables"]) > 0
    assert desk.data("stock", "--shop", empty_postgres_url) == desk.data("stock")
    again = desk("move-to", empty_postgres_url)
    assert (again.exit_code, again.stdout) == (1, "")


def test_a_backup_of_a_server_goes_where_it_is_told(
    make_postgres: Callable[[], str], tmp_path: Path, desk: Shell
) -> None:
    target = tmp_path / "copy.shop"
    url = make_postgres()
    assert desk("backup", str(target), "--shop", url).exit_code == 1
    desk.done("move-to", url)
    assert desk.data("backup", str(target), "--shop", url)["path"] == str(target)
    assert desk.data("stock", "--shop", str(target)) == desk.data("stock")
