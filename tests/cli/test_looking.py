"""What the commands that look answer: for programs exactly, for people readably."""

from __future__ import annotations

from typing import Any

from tests.cli.conftest import Shell


def receive(shell: Shell, number: str, quantity: int, **line: Any) -> None:
    """Post a receipt of TEA."""
    (answer,) = shell.post(
        {"id": number, "kind": "receive", "lines": [{"product": "TEA", "quantity": quantity, **line}]}
    )
    assert answer["status"] == "posted"


def test_stock_tells_each_bin_with_exact_strings(shell: Shell) -> None:
    receive(shell, "r1", 3, unit_cost="1.80")
    receive(shell, "r2", 1, unit_cost="1.85", to="B-01")
    rows = shell.data("stock")
    assert rows == [
        {
            "sku": "TEA", "name": "Green tea", "bin": "A-01", "lot": None, "on_hand": "3", "allocated": "0",
            "available": "3", "on_order": "0", "value": "5.4375", "unit": "each", "expiry": None,
        },
        {
            "sku": "TEA", "name": "Green tea", "bin": "B-01", "lot": None, "on_hand": "1", "allocated": "0",
            "available": "1", "on_order": "0", "value": "1.8125", "unit": "each", "expiry": None,
        },
    ]  # fmt: skip
    assert shell.data("stock", "--bin", "b-01") == rows[1:]
    assert shell.data("stock", "--bin", "SHOP-A") == rows[:1]
    assert shell.data("stock", "14006381333938") == rows


def test_a_product_without_stock_has_one_row_without_a_bin(shell: Shell) -> None:
    (row,) = shell.data("stock", "TEA")
    assert (row["bin"], row["on_hand"], row["available"], row["value"]) == (None, "0", "0", "0.0000")


def test_what_was_promised_is_not_known_of_the_past(desk: Shell) -> None:
    receive(desk, "r1", 3)
    (row,) = desk.data("stock", "TEA", "--at", "2150-01-01")
    assert row["on_hand"] == "3"
    assert (row["allocated"], row["available"], row["on_order"], row["value"]) == (None,) * 4


def test_history_tells_why_with_a_running_balance(shell: Shell) -> None:
    receive(shell, "r1", 5, unit_cost="2")
    shell.post({"id": "s1", "kind": "sell", "reference": "T-7", "lines": [{"product": "TEA", "quantity": 2}]})
    shell.done("undo", "2", "--reason", "Wrong product", "--id", "u1")
    rows = shell.data("history", "4006381333931")
    told = [(row["kind"], row["from"], row["to"], row["change"], row["balance"]) for row in rows]
    assert told == [
        ("reversal", "customer", "A-01", "2", "5"),
        ("sell", "A-01", "customer", "-2", "3"),
        ("receive", "supplier", "A-01", "5", "5"),
    ]
    assert rows[0]["reverses"] == 2
    assert rows[0]["note"] == "Wrong product"
    assert rows[1]["reference"] == "T-7"
    assert rows[1]["value"] == "4.0000"
    assert rows[1]["actor"] == "Kim"
    assert shell.data("history", "TEA", "--limit", "1") == rows[:1]


def test_an_entry_is_undone_once(desk: Shell) -> None:
    receive(desk, "r1", 5)
    first = desk.data("undo", "1", "--reason", "Typing error", "--id", "u1")
    assert first == {"id": "u1", "entry": 2, "status": "posted"}
    again = desk.data("undo", "1", "--reason", "Typing error", "--id", "u1")
    assert again == {**first, "status": "already posted"}
    other = desk("undo", "1", "--reason", "Typing error")
    assert (other.exit_code, other.stdout) == (1, "")
    assert "undone already" in other.stderr


def test_low_suggests_whole_packs_of_the_supplier(shell: Shell) -> None:
    shell.done("product", "reorder", "set", "TEA", "6", "20")
    shell.done("product", "supplier", "set", "TEA", "Wholesale", "--pack", "12", "--code", "W-1")
    receive(shell, "r1", 7)
    assert shell.data("low") == []
    shell.post({"id": "s1", "kind": "sell", "lines": [{"product": "TEA", "quantity": 1}]})
    row = {
        "sku": "TEA", "name": "Green tea", "on_hand": "6", "available": "6", "on_order": "0",
        "projected": "6", "reorder_point": "6", "order_up_to": "20", "suggested": "24",
        "supplier": "Wholesale", "unit": "each", "site": None, "supplier_code": "W-1",
    }  # fmt: skip
    assert shell.data("low") == [row]
    assert shell.data("low", "--supplier", "Wholesale") == [row]
    refused = shell("low", "--supplier", "Somebody")
    assert (refused.exit_code, refused.stdout) == (1, "")


def test_a_scan_is_told_with_what_it_stands_for(shell: Shell) -> None:
    receive(shell, "r1", 7)
    found = shell.data("scan", "]E04006381333931")
    wanted = {
        "kind": "gtin", "sku": "TEA", "name": "Green tea", "quantity": "1", "gtin": "04006381333931",
        "lot": None, "expiry": None, "price": "3.49", "on_hand": "7",
    }  # fmt: skip
    assert {key: found[key] for key in wanted} == wanted
    assert shell.data("scan", "14006381333938")["quantity"] == "12"
    assert shell.data("scan", "3*4006381333931")["quantity"] == "3"
    told = shell.data("scan", "]C10104006381333931" + "10LOT7\x1d" + "17270131")
    assert (told["sku"], told["lot"], told["expiry"]) == ("TEA", "LOT7", "2027-01-31")
    assert shell.data("scan", "BIN-A-01")["bin"] == "A-01"


def test_an_unknown_scan_is_an_answer_and_no_error(shell: Shell) -> None:
    found = shell.data("scan", "-no such code-")
    assert found["kind"] == "unknown"
    nothing = ("sku", "name", "quantity", "gtin", "lot", "expiry", "price", "on_hand", "bin")
    assert [found[key] for key in nothing] == [None] * len(nothing)
    assert shell.data("scan", "4006381333948")["gtin"] == "04006381333948"
    assert "Nobody knows" in shell.done("scan", "xyz")


def test_people_read_numbers_as_their_country_writes_them(desk: Shell) -> None:
    receive(desk, "r1", 1500, unit_cost="1.80")
    lines = desk.done("stock").splitlines()
    assert lines[0].split() == ["sku", "name", "bin", "lot", "on", "hand", "available", "on", "order", "unit",
                                "value"]  # fmt: skip
    assert "1.500" in lines[1]
    assert lines[1].endswith("2.700,00\xa0€")
    assert "3,49\xa0€" in desk.done("scan", "TEA")
    assert "+1.500" in desk.done("history", "TEA")


def test_empty_lists_are_said_in_words_and_are_lists_for_programs(desk: Shell) -> None:
    assert desk.done("stock") == "There is nothing.\n"
    assert desk.done("low") == "Nothing runs low.\n"
    assert "It has never moved." in desk.done("history", "TEA")
    assert desk.data("stock") == desk.data("low") == desk.data("history", "TEA") == []


def test_what_is_not_there_is_refused_in_one_sentence(shell: Shell) -> None:
    for words in (
        ("stock", "NOPE"),
        ("history", "NOPE"),
        ("stock", "--bin", "NOPE"),
        ("stock", "--at", "soon"),
    ):
        result = shell(*words)
        assert (result.exit_code, result.stdout) == (1, "")
        assert len(result.stderr.splitlines()) == 1
