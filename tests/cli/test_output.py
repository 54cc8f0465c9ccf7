"""Tables that line up whatever the script, and JSON that no terminal obeys."""

from __future__ import annotations

import json

import pytest

from stockshop.cli import output


@pytest.mark.parametrize(
    ("text", "cells"),
    [("Tea", 3), ("Grüner", 6), ("緑茶", 4), ("e\u0301", 1), ("ｶﾞ", 2), ("한글", 4), ("", 0), ("a\u200db", 2),
     ("🍎", 2)],
)  # fmt: skip
def test_wide_characters_take_two_cells_and_marks_none(text: str, cells: int) -> None:
    assert output.cells(text) == cells


def test_columns_line_up_and_numbers_stand_to_the_right(capsys: pytest.CaptureFixture[str]) -> None:
    output.table(
        output.columns("sku ~name >on_hand unit"), [("T", "緑茶", "1.000", "kg"), ("TEA", "Tea", "5", "each")]
    )
    assert capsys.readouterr().out.splitlines() == [
        "sku  name  on hand  unit",
        "T    緑茶    1.000  kg",
        "TEA  Tea         5  each",
    ]


def test_a_long_name_gives_way_on_a_narrow_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "40")
    output.table(output.columns("sku ~name >price"), [("TEA", "緑茶 " * 20 + "500 g", "3.49")])
    _, row = capsys.readouterr().out.splitlines()
    assert output.cells(row) <= 40
    assert "…" in row and "500 g" in row and row.endswith("3.49")


def test_a_line_break_in_a_name_stays_in_its_row(capsys: pytest.CaptureFixture[str]) -> None:
    output.table(output.columns("name"), [("two\nlines",)])
    assert capsys.readouterr().out.splitlines()[1:] == ["two lines"]


@pytest.mark.parametrize(
    "text", ["Käse", "\x1b[31m", "\x9b", "\u202e", "\ud800", "🍎", "a\nb", '"', "\u2028"]
)
def test_json_is_exact_and_printable(text: str) -> None:
    printed = output.as_json({"name": text})
    assert printed.isprintable()
    assert json.loads(printed) == {"name": text}


def test_a_list_of_rows_is_one_json_list_with_an_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    output.emit_rows([])
    assert json.loads(capsys.readouterr().out) == []
    output.emit_rows({"n": number} for number in range(3))
    printed = capsys.readouterr().out
    assert json.loads(printed) == [{"n": 0}, {"n": 1}, {"n": 2}]
    assert len(printed.splitlines()) == 5


@pytest.mark.parametrize(
    ("number", "nouns", "said"),
    [
        (1, "entries", "1 entry"),
        (2, "entries", "2 entries"),
        (1, "rows", "1 row"),
        (6004, "rows", "6,004 rows"),
    ],
)
def test_nouns_follow_their_number(number: int, nouns: str, said: str) -> None:
    assert output.counted(number, nouns) == said
