"""Posting entries from a file: one JSON line each, answered as soon as it is safe."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from stockshop.services.reports import history
from stockshop.services.shop import opened
from tests.cli.conftest import Shell


def entry(number: str, kind: str, quantity: Any, **more: Any) -> dict[str, Any]:
    """An entry with one line of TEA; `more` belongs to the line unless it is a key of the entry."""
    outer: dict[str, Any] = {
        key: more.pop(key) for key in ("at", "note", "reason", "reference") if key in more
    }
    return {
        "id": number, "kind": kind, **outer, "lines": [{"product": "TEA", "quantity": quantity, **more}]
    }  # fmt: skip


def on_hand(shell: Shell, *words: str) -> dict[str, str]:
    """What lies in each bin."""
    return {row["bin"]: row["on_hand"] for row in shell.data("stock", "TEA", *words)}


def test_a_day_at_the_shop_ends_with_the_right_numbers_in_each_bin(shell: Shell) -> None:
    answers = shell.post(
        entry("r1", "receive", 24, unit_cost="1.80"),
        {"id": "r2", "kind": "receive", "lines": [{"product": "14006381333938", "quantity": 1}]},
        entry("m1", "move", 10, to="B-01"),
        {"id": "s1", "kind": "sell", "lines": [{"product": "4006381333931", "quantity": "3"}]},
        entry("b1", "return", 1),
        entry("w1", "scrap", 2, **{"from": "B-01"}),
        entry("a1", "adjust", -1, reason="Broken jar"),
        entry("a2", "adjust", 2, note="Found behind the shelf", to="B-02"),
    )
    assert [answer["status"] for answer in answers] == ["posted"] * 8
    assert [answer["entry"] for answer in answers] == list(range(1, 9))
    assert on_hand(shell) == {"A-01": "23", "B-01": "8", "B-02": "2"}


def test_posting_the_same_file_again_changes_nothing(shell: Shell) -> None:
    lines = [entry("r1", "receive", 5), entry("s1", "sell", 2)]
    first = shell.post(*lines)
    again = shell.post(*lines)
    assert [answer["status"] for answer in again] == ["already posted", "already posted"]
    assert [answer["entry"] for answer in again] == [answer["entry"] for answer in first]
    assert on_hand(shell) == {"A-01": "3"}


def test_the_same_id_with_other_content_is_refused(shell: Shell) -> None:
    shell.post(entry("r1", "receive", 5))
    (answer,) = shell.post(entry("r1", "receive", 6))
    assert answer["status"] == "refused"
    assert "r1" in answer["why"]
    assert on_hand(shell) == {"A-01": "5"}


def test_a_refused_line_is_named_and_the_others_are_posted(desk: Shell) -> None:
    stdin = "\n".join(
        [json.dumps(entry("r1", "receive", 5)), "no json", "", json.dumps(entry("r2", "receive", 1))]
    )
    result = desk("post", "-", stdin=stdin)
    assert result.exit_code == 1
    statuses = [json.loads(line)["status"] for line in result.stdout.splitlines()]
    assert statuses == ["posted", "refused", "posted"]
    assert json.loads(result.stdout.splitlines()[1])["line"] == 2
    assert "Line 2 of the file: The line is not JSON" in result.stderr
    assert "2 posted, 1 refused" in result.stderr


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (entry("x", "sell", 1, colour="red"), "no key 'colour'"),
        ({**entry("x", "sell", 1), "till": 4}, "no key 'till'"),
        (entry("x", "steal", 1), "not a kind of entry"),
        (entry("x", "opening", 1), "not a kind of entry"),
        ({"kind": "sell", "lines": []}, "an \"id\" of your own"),
        ({"id": 7, "kind": "sell", "lines": []}, '"id" is text'),
        ({"id": "x", "kind": "sell", "lines": []}, "at least one line"),
        ({"id": "x", "kind": "sell", "lines": {"product": "TEA"}}, "at least one line"),
        ({"id": "x", "kind": "sell", "lines": [4]}, "A line is an object"),
        ({"id": "x", "kind": "sell", "lines": [{"product": "TEA"}]}, '"quantity" is missing'),
        (entry("x", "sell", True), '"quantity" is a number'),
        (entry("x", "sell", [1]), '"quantity" is a number'),
        (entry("x", "sell", "1,5"), '"quantity" is a number'),
        (entry("x", "sell", "1e3"), '"quantity" is a number'),
        (entry("x", "sell", float("nan")), "not a quantity"),
        (entry("x", "sell", float("-inf")), "not a quantity"),
        (entry("x", "sell", 10**30), "too large"),
        (entry("x", "sell", 0.5), "whole numbers"),
        (entry("x", "sell", 0), "above zero"),
        (entry("x", "sell", -1), "above zero"),
        (entry("x", "sell", 1, price=-1), "negative"),
        (entry("x", "receive", 1, unit_cost="cheap"), '"unit_cost" is a number'),
        (entry("x", "sell", 1, at="yesterday"), "not a date and time"),
        (entry("x", "sell", 1, at="2999-01-01"), "too far away"),
        (entry("x", "sell", 1, reason="why"), 'Only an adjustment has a reason'),
        (entry("x", "adjust", -1), "needs a reason"),
        (entry("x", "adjust", 0, reason="why"), "changes nothing"),
        (entry("x", "move", 1), "Say which bin"),
        (entry("x", "sell", 1, to="A-01"), 'leave "to" out'),
        (entry("x", "receive", 1, **{"from": "A-01"}), 'leave "from" out'),
        (entry("x", "receive", 1, to="NOWHERE"), "no bin 'NOWHERE'"),
        (entry("x", "receive", 1, to="SHOP-A"), "only bins hold stock"),
        (entry("x", "receive", 1, product="NOPE"), "no product"),
        (entry("x", "receive", 1, product=4006381333931), '"product" is text'),
        ([1, 2], "Each line is one entry"),
        ('{"id": "x", "id": "y"}', "twice"),
        ('{"id": "x", "kind": "sell", "lines": [{"product": "TEA", "quantity": 1e999999999}]}', "too large"),
        ("[" * 100_000, "not JSON|nested"),
        ('"\\ud800"', "Each line is one entry"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_the_reason(desk: Shell, line: Any, why: str) -> None:
    text = line if isinstance(line, str) else json.dumps(line)
    result = desk("post", "-", stdin=text)
    answer = json.loads(result.stdout)
    assert result.exit_code == 1
    assert answer["status"] == "refused"
    assert any(word in answer["why"] for word in why.split("|")), answer["why"]
    assert desk.data("history", "TEA") == []


def test_numbers_are_exact_to_the_last_digit(desk: Shell) -> None:
    desk.done("product", "add", "Apples", "--sku", "APPLE", "--unit", "kg")

    def received(number: str, quantity: str) -> str:
        line = '{"product": "APPLE", "quantity": QUANTITY, "unit_cost": 2.10}'.replace("QUANTITY", quantity)
        return f'{{"id": "{number}", "kind": "receive", "lines": [{line}]}}'

    answers = desk.post(
        received("1", "0.1"),
        received("2", '"0.200"'),
        received("3", "1.0000000000000000000000000000000000001"),
        received("4", "2e-1"),
    )
    assert [answer["status"] for answer in answers] == ["posted", "posted", "refused", "posted"]
    (row,) = desk.data("stock", "APPLE")
    assert (row["on_hand"], row["value"]) == ("0.5", "1.0500")


def test_a_line_of_an_entry_that_fails_is_numbered_and_nothing_of_the_entry_stays(desk: Shell) -> None:
    (answer,) = desk.post(
        {
            "id": "r1",
            "kind": "receive",
            "lines": [{"product": "TEA", "quantity": 1}, {"product": "NOPE", "quantity": 1}],
        }
    )
    assert answer["why"].startswith("Line 2: ")
    assert desk.data("history", "TEA") == []


def test_the_time_of_an_entry_is_the_shops_own(desk: Shell) -> None:
    desk.post(
        entry("r1", "receive", 5, at="2026-01-10 08:00"),
        entry("s1", "sell", 2, at="2026-01-10T18:30+01:00"),
    )
    rows = desk.data("history", "TEA")
    assert [row["at"] for row in rows] == ["2026-01-10T17:30:00+00:00", "2026-01-10T07:00:00+00:00"]
    assert on_hand(desk, "--at", "2026-01-10 12:00") == {"A-01": "5"}
    assert on_hand(desk, "--at", "2026-01-11") == {"A-01": "3"}


def test_lots_leave_by_the_earliest_expiry(desk: Shell) -> None:
    desk.done("product", "add", "Milk", "--sku", "MILK", "--tracking", "lot")

    def milk(number: str, kind: str, quantity: int, **more: str) -> dict[str, Any]:
        lines = [{"product": "MILK", "quantity": quantity, **more}]
        return {"id": number, "kind": kind, "lines": lines}

    desk.post(
        milk("r1", "receive", 5, lot="L2", expiry="2027-06-01"),
        milk("r2", "receive", 5, lot="L1", expiry="2027-05-01"),
        milk("s1", "sell", 6),
    )
    assert [(row["lot"], row["expiry"], row["on_hand"]) for row in desk.data("stock", "MILK")] == [
        ("L2", "2027-06-01", "4")
    ]


def test_a_file_with_a_byte_order_mark_and_windows_line_ends_is_read(desk: Shell, tmp_path: Path) -> None:
    file = tmp_path / "entries.jsonl"
    lines = [json.dumps(entry("r1", "receive", 5)), "", json.dumps(entry("s1", "sell", 1))]
    file.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(lines).encode())
    assert len(desk.done("post", str(file)).splitlines()) == 2
    assert on_hand(desk) == {"A-01": "4"}


def test_what_is_not_text_is_refused(desk: Shell) -> None:
    result = desk("post", "-", stdin=b'\xff\xfe{"id"\n')
    assert "not UTF-8" in json.loads(result.stdout)["why"]


def test_a_file_that_is_not_there_is_one_sentence(desk: Shell, tmp_path: Path) -> None:
    for name in (str(tmp_path / "nowhere.jsonl"), str(tmp_path)):
        result = desk("post", name)
        assert result.exit_code == 1
        assert result.stdout == ""
        assert len(result.stderr.splitlines()) == 1
        assert "cannot be read" in result.stderr


def test_killed_in_the_middle_it_has_posted_what_it_acknowledged(desk: Shell) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "stockshop", "post", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **desk.environment},
    )
    assert process.stdin is not None and process.stdout is not None
    lines = [json.dumps(entry(f"r{number}", "receive", 1)) for number in range(60)]
    acknowledged = []
    for line in lines[:40]:
        process.stdin.write(f"{line}\n".encode())
        process.stdin.flush()
        acknowledged.append(json.loads(process.stdout.readline()))
    process.stdin.write("\n".join(lines[40:]).encode())
    process.stdin.flush()
    process.kill()
    acknowledged += [json.loads(line) for line in process.stdout.read().splitlines()]
    process.wait()
    process.stdin.close()
    process.stdout.close()
    with opened(desk.url) as shop:
        posted = {row.entry_id for row in history(shop, "TEA", limit=1_000)}
    assert {answer["entry"] for answer in acknowledged} <= posted
    again = desk.post(*lines)
    assert {answer["id"] for answer in again if answer["status"] == "already posted"} >= {
        answer["id"] for answer in acknowledged
    }
    assert on_hand(desk) == {"A-01": "60"}
