"""The command as a program of its own: exit codes, what goes where, and what a terminal is sent."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from stockshop.cli import main
from stockshop.storage.database import open_store
from tests.cli.conftest import Shell


def run(shell: Shell, *words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run `python -m stockshop` with these words."""
    return subprocess.run(
        [sys.executable, "-m", "stockshop", *words],
        env={**os.environ, **shell.environment, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
    )


def test_exit_codes_tell_done_refused_and_used_wrongly(desk: Shell) -> None:
    done = run(desk, "stock", "TEA", "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)[0]["sku"] == "TEA"
    refused = run(desk, "stock", "NOPE")
    assert (refused.returncode, refused.stdout) == (1, b"")
    assert refused.stderr.decode().splitlines() == [
        "Not found: There is no product with the code 'NOPE'."
    ]  # fmt: skip
    wrong = run(desk, "stock", "--nonsense")
    assert (wrong.returncode, wrong.stdout) == (2, b"")
    assert b"No such option" in wrong.stderr


def test_options_of_every_command_stand_before_and_after_it(desk: Shell, tmp_path: Path) -> None:
    before = desk.done("--json", "stock", "TEA")
    assert desk.done("stock", "TEA", "--json") == before
    assert desk.done("stock", "--json", "TEA") == before
    other = str(tmp_path / "none.shop")
    assert desk("--shop", other, "stock").exit_code == desk("stock", "--shop", other).exit_code == 1
    assert desk("--shop", other, "stock", "--shop", desk.url).exit_code == 0
    desk.done("product", "--actor", "Ada", "price", "TEA", "4")
    desk.done("product", "price", "TEA", "5", "--actor", "Bob")
    desk.done("--actor", "Cyd", "product", "price", "TEA", "6")
    prices = desk.data("product", "show", "TEA")["prices"]
    assert [price["actor"] for price in prices] == ["Cyd", "Bob", "Ada", "Kim"]


def test_a_refusal_as_json_goes_to_the_standard_error(desk: Shell) -> None:
    result = desk("stock", "NOPE", "--json")
    assert result.stdout == ""
    assert json.loads(result.stderr) == {
        "error": {
            "title": "Not found",
            "message": "There is no product with the code 'NOPE'.",
            "field": "product",
        }
    }


def test_without_a_shop_it_says_how_to_get_one(tmp_path: Path) -> None:
    home = {"STOCKSHOP_SHOP": "", "XDG_DATA_HOME": str(tmp_path)}
    result = CliRunner().invoke(main, ["stock"], env=home)
    assert result.exit_code == 1
    assert "stockshop new" in result.stderr and "stockshop demo" in result.stderr


def test_a_shop_without_a_path_lies_in_the_users_data_folder(tmp_path: Path) -> None:
    home = {"STOCKSHOP_SHOP": "", "XDG_DATA_HOME": str(tmp_path), "HOME": str(tmp_path)}
    made = CliRunner().invoke(main, ["new", "--name", "X", "--currency", "EUR", "--json"], env=home)
    assert made.exit_code == 0
    assert str(tmp_path) in json.loads(made.stdout)["shop"]
    assert CliRunner().invoke(main, ["stock"], env=home).exit_code == 0


def test_the_app_is_not_opened_where_there_is_no_terminal(desk: Shell) -> None:
    for words in ((), ("demo",)):
        result = desk(*words)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "needs a terminal" in result.stderr


HOSTILE = "Evil\x1b[31m\x9b2J\u202egnp\x07\x00[bold]\u200b"


def test_names_put_in_behind_our_back_cannot_steer_a_terminal(desk: Shell) -> None:
    store = open_store(desk.url)
    store.writing(lambda session: session.run("UPDATE product SET name = ?", (HOSTILE.replace("\x00", ""),)))
    store.close()
    for words in (("stock", "TEA"), ("scan", "TEA"), ("product", "list"), ("product", "show", "TEA")):
        for mode in ((), ("--json",)):
            printed = run(desk, *words, *mode) if words == ("stock", "TEA") else None
            told = printed.stdout.decode() if printed is not None else desk.done(*words, *mode)
            assert "[bold]" in told
            bare = told.replace("\n", "").replace("\xa0", " ")
            assert bare.isprintable(), words
    assert desk.data("scan", "TEA")["name"] == HOSTILE.replace("\x00", "")


def test_what_was_typed_is_shown_without_hidden_characters(desk: Shell) -> None:
    typed = HOSTILE.replace("\x00", "")
    for words in (
        ("stock", typed), (typed,), ("stock", f"--{typed}"), ("import", "products", typed), ("post", typed),
        ("stock", "--bin", typed), ("stock", "--at", typed), 
        ("labels", "TEA", "--sheet", typed, "--out", "x"),
        ("--shop", f"/nowhere/{typed}", "stock"), ("export", typed, "--out", "x"), ("low", "--site", typed),
        ("new", "--name", "X", "--currency", typed, "--shop", "/nowhere/x"), 
        ("product", "merge", "TEA", typed),
    ):  # fmt: skip
        result = desk(*words)
        assert "Evil" in result.stderr or not result.stderr, words
        for line in result.stderr.splitlines():
            assert line.isprintable(), (words, line)


def test_a_terminal_that_knows_few_characters_gets_question_marks(desk: Shell) -> None:
    desk.done("product", "change", "TEA", "--name", "Grüner Tee 緑茶")
    people = run(desk, "stock", "TEA", PYTHONIOENCODING="latin-1")
    assert people.returncode == 0
    assert "Grüner Tee ??".encode("latin-1") in people.stdout
    program = run(desk, "stock", "TEA", "--json", PYTHONIOENCODING="latin-1")
    assert json.loads(program.stdout)[0]["name"] == "Grüner Tee 緑茶"


@pytest.mark.skipif(os.name == "nt", reason="signals and pipes of its own kind")
def test_a_reader_that_goes_away_is_met_quietly(desk: Shell) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "stockshop", "sheets", "--limit", "2000", "--json"],
        env={**os.environ, **desk.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert process.wait() == 1
    assert said == b""


@pytest.mark.skipif(os.name == "nt", reason="signals of its own kind")
def test_ctrl_c_ends_it_quietly_with_what_was_posted(desk: Shell) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "stockshop", "post", "-"],
        env={**os.environ, **desk.environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A runner in the background has the key switched off, which the program would inherit.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stdin is not None and process.stdout is not None and process.stderr is not None
    line = {"id": "r1", "kind": "receive", "lines": [{"product": "TEA", "quantity": 1}]}
    process.stdin.write(json.dumps(line).encode() + b"\n")
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["status"] == "posted"
    process.send_signal(signal.SIGINT)
    assert process.wait() == 130
    assert b"Traceback" not in process.stderr.read()
    for stream in (process.stdin, process.stdout, process.stderr):
        stream.close()
    assert desk.data("stock", "TEA")[0]["on_hand"] == "1"


FAULT = """
import sys
from stockshop.cli import main, output
def broken(*anything):
    raise ZeroDivisionError("a fault of the program")
output.emit_rows = broken
sys.argv = ["stockshop", "stock", "--json"]
main()
"""


def test_a_fault_of_the_program_is_one_sentence_and_a_log(desk: Shell, tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", FAULT],
        env={**os.environ, **desk.environment, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert (result.returncode, result.stdout) == (1, "")
    (sentence,) = result.stderr.splitlines()
    assert "ZeroDivisionError" in sentence
    log = Path(sentence.rpartition("written to ")[2].rstrip("."))
    assert "a fault of the program" in log.read_text(encoding="utf-8")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_output_that_finds_no_room_is_one_sentence(desk: Shell) -> None:
    with open("/dev/full", "wb") as full:
        result = subprocess.run(
            [sys.executable, "-m", "stockshop", "stock", "--json"],
            env={**os.environ, **desk.environment},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert result.returncode == 1
    assert result.stderr == "The disk is full: the output was not written. Make room and try again.\n"


def test_a_file_name_that_is_no_text_is_refused(desk: Shell) -> None:
    for words in (("stock",), ("new", "--name", "X", "--currency", "EUR")):
        result = desk(*words, "--shop", "/nowhere/\udcff.shop")
        assert (result.exit_code, result.stdout) == (1, "")
        assert "is no text" in result.stderr
