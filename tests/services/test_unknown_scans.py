"""The tray of scans nobody knew: what they may be, and what of them belongs on a product."""

from __future__ import annotations

import pytest

from stockshop import clock
from stockshop.barcodes import check_digit
from stockshop.errors import InvalidInput, NotFound
from stockshop.services import catalogue, scanning, unknown_scans
from stockshop.services.shop import Shop, change_settings
from tests.ui.at_work import on_sqlite

GLUE = "5901234123457"


@pytest.fixture(autouse=True)
def filled(shop: Shop) -> None:
    catalogue.add_product(shop, "Ada", sku="GLUE", name="Wood glue", barcodes=(GLUE,))


def keep(shop: Shop, *codes: str) -> None:
    for code in codes:
        scanning.keep_unknown(shop, "Kim", code, "Counter")


def weighing(grams: str) -> str:
    """What a Latvian scale prints for its item 123456."""
    body = f"23123456{grams}"
    return f"{body}{check_digit(body)}"


def hint(shop: Shop, code: str) -> str:
    keep(shop, code)
    return unknown_scans.open_codes(shop)[0].hint


def test_each_code_comes_once_with_all_its_scans_the_newest_first(shop: Shop) -> None:
    keep(shop, "AB-1", "AB-2", "AB-1", "AB-3", "AB-1")
    codes = unknown_scans.open_codes(shop)
    assert [(one.newest.code, one.times) for one in codes] == [("AB-1", 3), ("AB-3", 1), ("AB-2", 1)]
    assert all(one.first_us <= one.newest.scanned_at_us <= clock.now_us() for one in codes)
    assert [one.newest.code for one in unknown_scans.open_codes(shop, limit=2)] == ["AB-1", "AB-3"]


@on_sqlite
@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("4006381333931", "A real trade number"),
        ("9780201379624", "A real trade number: a book"),
        ("9771234567003", "A real trade number: a magazine"),
        ("14006381333938", "A real trade number, of a case"),
        ("2000000770017", "A shop's own number, perhaps another's"),
        ("5901234123450", "One digit off Wood glue: misread?"),
        ("5901243123457", "One digit off Wood glue: misread?"),
        ("4006381333932", "Its last digit does not fit the others: misread or mistyped"),
        ("]C10104006381333931", "A GS1 code of the trade number 4006381333931"),
        ("https://example.com/p/8841", "A web address, no product"),
        ("47110815", "Its last digit does not fit the others: misread or mistyped"),
        ("AB-4711", "A supplier's own code, perhaps"),
        ("12*", "Type the quantity and '*', then scan: 12*4006381333931."),
        (GLUE, "Known by now: Wood glue"),
    ],
)
def test_what_a_code_may_be_is_said(shop: Shop, code: str, said: str) -> None:
    assert hint(shop, code) == said


@on_sqlite
def test_digits_of_no_trade_numbers_length_are_counted(shop: Shop) -> None:
    assert hint(shop, "20000000990") == "11 digits: no trade number"


@on_sqlite
def test_a_scales_label_names_its_item(shop: Shop) -> None:
    change_settings(shop, "Ada", rcn_region="lv")
    assert hint(shop, weighing("0012")).startswith("A scale's label; its item is 123456")


@on_sqlite
@pytest.mark.parametrize(
    ("code", "barcode"),
    [
        ("4006381333931", "4006381333931"),
        ("]E04006381333931", "4006381333931"),
        ("]C0AB-4711", "AB-4711"),
        ("AB-4711", "AB-4711"),
        ("010400638133393110LOT\u241d17261231", "4006381333931"),
        ("https://id.gs1.org/01/04006381333931/10/LOT", "4006381333931"),
    ],
)
def test_only_the_number_belongs_on_a_product(shop: Shop, code: str, barcode: str) -> None:
    assert unknown_scans.barcode_of(shop, code) == barcode


@on_sqlite
def test_every_weight_of_a_scales_label_is_the_same_product(shop: Shop) -> None:
    change_settings(shop, "Ada", rcn_region="lv")
    product = catalogue.add_product(shop, "Ada", sku="HAM", name="Ham", unit="kg")
    barcode = unknown_scans.barcode_of(shop, weighing("0012"))
    catalogue.add_barcode(shop, "Ada", product.id, barcode)
    found = scanning.read_scan(shop, weighing("0456"))
    assert found.product is not None and found.product.sku == "HAM"
    assert found.quantity_milli == 456


@on_sqlite
def test_a_code_too_long_for_a_product_is_refused(shop: Shop) -> None:
    with pytest.raises(InvalidInput, match="too long"):
        unknown_scans.barcode_of(shop, "x" * 120)


@on_sqlite
def test_the_separator_of_a_code_is_not_lost_in_the_tray(shop: Shop) -> None:
    keep(shop, f"010400638133393110A{chr(29)}17261231")
    [one] = unknown_scans.open_codes(shop)
    assert unknown_scans.as_scanned(one.newest.code) == f"010400638133393110A{chr(29)}17261231"


def test_what_was_settled_stays_to_be_seen_and_can_be_taken_up_again(shop: Shop) -> None:
    keep(shop, "AB-1", "AB-2", "AB-1")
    product = catalogue.find_product(shop, "GLUE")
    first = unknown_scans.open_codes(shop)[0].newest
    scanning.resolve_unknown(shop, "Ada", first.id, "attached to Wood glue", product_id=product.id)
    [settled] = unknown_scans.resolved_codes(shop)
    assert (settled.code, settled.times, settled.resolution) == ("AB-1", 2, "attached to Wood glue")
    assert (settled.resolved_by, settled.product, settled.scan_id) == ("Ada", "Wood glue", first.id)
    again = unknown_scans.take_up_again(shop, "Ada", settled.scan_id)
    assert again.place == "taken up again; was: attached to Wood glue"
    assert {one.newest.code for one in unknown_scans.open_codes(shop)} == {"AB-1", "AB-2"}
    assert unknown_scans.resolved_codes(shop) == (settled,)
    with pytest.raises(NotFound):
        unknown_scans.take_up_again(shop, "Ada", 9_999)
