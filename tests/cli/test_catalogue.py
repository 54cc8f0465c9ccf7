"""Products, places and the shop's settings from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Shell


def test_a_product_is_added_changed_and_shown(shell: Shell) -> None:
    made = shell.data(
        "product", "add", "Apples", "--unit", "kg", "--price", "2,99", "--category", "Fruit",
        "--net-content", "1 kg", "--tax-rate", "7%",
    )  # fmt: skip
    shell.done(
        "product", "change", made["sku"], "--name", "Äpfel", "--label-name", "Elstar", "--notes", "New"
    )
    found = shell.data("product", "show", made["sku"])
    wanted = {
        "name": "Äpfel", "label_name": "Elstar", "unit": "kg", "price": "2.99", "category": "Fruit",
        "net_content": "1", "net_content_unit": "kg", "tax_rate": "7", "notes": "New", "archived": False,
    }  # fmt: skip
    assert {key: found[key] for key in wanted} == wanted
    shell.done("product", "change", made["sku"], "--notes", "", "--category", "")
    assert shell.data("product", "show", made["sku"])["category"] is None


def test_former_prices_stay_with_their_reason(shell: Shell) -> None:
    shell.done("product", "price", "TEA", "3.79", "--reason", "New list")
    prices = shell.data("product", "show", "TEA")["prices"]
    assert [(price["price"], price["actor"], price["reason"]) for price in prices] == [
        ("3.79", "Kim", "New list"),
        ("3.49", "Kim", ""),
    ]


def test_products_are_found_by_any_part_and_left_out_when_archived(shell: Shell) -> None:
    shell.done("product", "add", "Black tea", "--sku", "BLACK")
    assert [row["sku"] for row in shell.data("product", "list")] == ["BLACK", "TEA"]
    assert [row["sku"] for row in shell.data("product", "list", "gree")] == ["TEA"]
    assert [row["sku"] for row in shell.data("product", "list", "638133")] == ["TEA"]
    shell.done("product", "archive", "BLACK")
    assert [row["sku"] for row in shell.data("product", "list")] == ["TEA"]
    assert [row["sku"] for row in shell.data("product", "list", "--archived")] == ["BLACK"]
    shell.done("product", "archive", "BLACK", "--back")
    assert [row["sku"] for row in shell.data("product", "list", "--limit", "1")] == ["BLACK"]


def test_a_long_list_is_told_page_by_page_without_gap_or_repeat(
    desk: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stockshop.cli.catalogue._PAGE", 2)
    for number in range(4):
        desk.done("product", "add", f"Jam {number}", "--sku", f"JAM-{number}")
    names = [row["sku"] for row in desk.data("product", "list")]
    assert names == ["TEA", "JAM-0", "JAM-1", "JAM-2", "JAM-3"]


def test_two_products_become_one_with_the_stock_of_both(shell: Shell) -> None:
    shell.done("product", "add", "Green  tea", "--sku", "TEA2")
    for sku in ("TEA", "TEA2"):
        shell.post({"id": sku, "kind": "receive", "lines": [{"product": sku, "quantity": 2, "to": "A-02"}]})
    shell.done("product", "merge", "TEA", "TEA2")
    assert [(row["sku"], row["on_hand"]) for row in shell.data("stock", "TEA2")] == [("TEA", "4")]
    assert shell.data("product", "show", "TEA")["merged"] == ["TEA2"]


def test_barcodes_come_and_go(shell: Shell) -> None:
    own = shell.data("product", "barcode", "add", "TEA")
    assert (own["kind"], own["quantity"]) == ("in-store", "1")
    assert shell.data("scan", own["code"])["sku"] == "TEA"
    shell.done("product", "barcode", "remove", own["code"])
    assert shell.data("scan", own["code"])["kind"] == "unknown"
    taken = shell("product", "add", "Other", "--barcode", "4006381333931")
    assert taken.exit_code == 1
    assert "TEA" in taken.stderr


def test_reorder_rules_and_suppliers_come_and_go(shell: Shell) -> None:
    shell.done("product", "reorder", "set", "TEA", "6", "24")
    shell.done(
        "product", "supplier", "set", "TEA", "Wholesale", "--pack", "12", "--cost", "1.805", "--days", "3"
    )
    found = shell.data("product", "show", "TEA")
    assert found["reorder"] == [{"site": None, "reorder_point": "6", "order_up_to": "24"}]
    assert found["suppliers"] == [
        {
            "supplier": "Wholesale", "code": "", "pack": "12", "minimum": "0", "unit_cost": "1.8050",
            "lead_time_days": 3,
        }
    ]  # fmt: skip
    shell.done("product", "reorder", "remove", "TEA")
    shell.done("product", "supplier", "remove", "TEA", "Wholesale")
    found = shell.data("product", "show", "TEA")
    assert found["reorder"] == found["suppliers"] == []


def test_places_are_added_changed_and_archived(shell: Shell) -> None:
    shell.done("place", "add", "zone", "COLD", "--in", "SHOP", "--name", "Cold room")
    assert shell.data("place", "add", "bin", "C-01", "--in", "COLD")["barcode"] == "BIN-C-01"
    shell.done("place", "change", "C-01", "--name", "Milk", "--walk", "5")
    (found,) = [one for one in shell.data("place", "list") if one["code"] == "C-01"]
    assert (found["in"], found["name"], found["walk_order"]) == ("COLD", "Milk", 5)
    shell.done("place", "archive", "C-01")
    assert "C-01" not in {one["code"] for one in shell.data("place", "list")}
    assert "C-01" in {one["code"] for one in shell.data("place", "list", "--archived")}


def test_settings_are_shown_and_changed(shell: Shell) -> None:
    before = shell.data("settings")
    after = shell.data("settings", "--tax-rate", "19", "--below-zero", "never", "--sheet", "Avery L7160")
    assert before["tax_rate"] == "0"
    changed = {"tax_rate": "19", "below_zero": "never", "sheet": "Avery L7160"}
    assert after == {**before, **changed}
    assert shell.data("settings") == after
    result = shell("settings", "--tax-rate", "190")
    assert result.exit_code == 1
    assert shell.data("settings") == after


def test_a_closed_period_takes_nothing_more(shell: Shell) -> None:
    closed = shell.data("close-period", "2026-01-31")
    assert closed == {"closed_through": "2026-01-31T23:59:59.999999+01:00"}

    def at(number: str, when: str) -> str:
        line = {"product": "TEA", "quantity": 1}
        (answer,) = shell.post({"id": number, "kind": "receive", "at": when, "lines": [line]})
        return str(answer["status"])

    assert at("r1", "2026-01-31 23:59") == "refused"
    assert at("r2", "2026-02-01 00:00") == "posted"


def test_closing_a_period_asks_first(desk: Shell) -> None:
    refused = desk("close-period", "2026-01-31", stdin="n\n")
    assert refused.exit_code == 130
    assert desk.data("settings")["closed_through"] is None
    assert desk("close-period", "2026-01-31", "--yes").exit_code == 0


def test_a_new_shop_is_made_where_it_is_wanted(desk: Shell, tmp_path: Path) -> None:
    target = tmp_path / "other.shop"
    words = ("new", "--name", "Trödel", "--currency", "gbp", "--locale", "en-GB", "--shop", str(target))
    assert json.loads(desk.done(*words, "--json")) == {
        "shop": str(target), "name": "Trödel", "currency": "GBP", "locale": "en_GB"
    }  # fmt: skip
    again = desk(*words)
    assert again.exit_code == 1
    assert "choose another name" in again.stderr
    wrong = desk("new", "--name", "X", "--currency", "XYZ", "--shop", str(tmp_path / "wrong.shop"))
    assert wrong.exit_code == 1
    assert not (tmp_path / "wrong.shop").exists()
