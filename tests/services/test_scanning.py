"""What a scan means in this shop."""

from __future__ import annotations

import pytest

from stockshop.errors import InvalidInput, Refused
from stockshop.services import catalogue, scanning, stock
from stockshop.services.scanning import read_scan
from stockshop.services.shop import Shop, ShopSettings, change_settings
from stockshop.services.stock import LineRequest
from tests.shared_data import shared

EAN = "4006381333931"
CASE = "14006381333938"


@pytest.fixture
def bolts(shop: Shop) -> Shop:
    catalogue.add_product(
        shop, "Ada", sku="M6X40", name="M6 bolt", price_minor=35, barcodes=(EAN, (CASE, 12_000))
    )
    stock.post_entry(shop, "Ada", "receive", [LineRequest("M6X40", 96_000)])
    return shop


@pytest.mark.parametrize(
    ("scanned", "quantity_milli"),
    [
        (EAN, 1_000),
        ("0" + EAN, 1_000),
        (f"]E0{EAN}", 1_000),
        (CASE, 12_000),
        (f"12*{EAN}", 12_000),
        (f"2 x {CASE}", 24_000),
        ("M6X40", 1_000),
        ("m6x40", 1_000),
        ("3*M6X40", 3_000),
        (f"]C101{CASE}", 12_000),
        (f"(01)0{EAN}(10)L7", 1_000),
        (f"https://id.example.org/01/0{EAN}", 1_000),
        (f"{EAN}\r", 1_000),
    ],
)
def test_every_way_of_writing_the_code_finds_the_bolt(bolts: Shop, scanned: str, quantity_milli: int) -> None:
    scan = read_scan(bolts, scanned)
    assert scan.product is not None and scan.product.sku == "M6X40"
    assert (scan.quantity_milli, scan.on_hand_milli, scan.price_minor) == (quantity_milli, 96_000, 35)


def test_our_own_barcode_goes_before_every_other_meaning(bolts: Shop) -> None:
    catalogue.add_product(bolts, "Ada", sku="ODD", name="Odd one", barcodes=("12*M6X40",))
    scan = read_scan(bolts, "12*M6X40")
    assert scan.product is not None and scan.product.sku == "ODD"


def test_a_bin_is_found_by_its_barcode_and_its_code(bolts: Shop) -> None:
    for scanned in ("BIN-A-01", "A-01", "a-01"):
        scan = read_scan(bolts, scanned)
        assert scan.kind == "bin" and scan.place is not None and scan.place.code == "A-01"


def test_a_lot_and_its_expiry_come_out_of_a_gs1_code(bolts: Shop) -> None:
    scan = read_scan(bolts, f"]C1010{EAN}1727063010L7\x1d3012")
    assert (scan.lot, scan.expiry, scan.quantity_milli) == ("L7", "2027-06-30", 12_000)


def test_a_scale_code_weighs_the_cheese(shop: Shop) -> None:
    change_settings(shop, "Ada", rcn_pattern="21IIIIIWWWWWC")
    catalogue.add_product(
        shop, "Ada", sku="CHEESE", name="Cheese", unit="kg", price_minor=1990, barcodes=("00042",)
    )
    scan = read_scan(shop, "2100042012349")
    assert scan.product is not None and scan.product.sku == "CHEESE"
    assert (scan.kind, scan.quantity_milli) == ("rcn", 1_234)


def test_a_price_code_buys_as_much_as_the_price_says(shop: Shop) -> None:
    change_settings(shop, "Ada", rcn_pattern="23IIIIIPPPPPC")
    catalogue.add_product(
        shop, "Ada", sku="HAM", name="Ham", unit="kg", price_minor=2000, barcodes=("00007",)
    )
    scan = read_scan(shop, "2300007005007")
    assert (scan.price_minor, scan.quantity_milli, scan.price_in_code) == (500, 250, True)


def test_an_unknown_number_with_a_wrong_check_digit_looks_misread(bolts: Shop) -> None:
    for scanned in ("4006381333932", "12*4006381333932"):
        scan = read_scan(bolts, scanned)
        assert scan.kind == "unknown" and "last digit does not fit" in scan.warnings[0]
    for scanned in ("5901234123457", "12345", "ABC"):
        assert read_scan(bolts, scanned).warnings == ()


def test_an_unknown_scan_is_kept_until_it_is_cleared(bolts: Shop) -> None:
    assert read_scan(bolts, "5901234123457").kind == "unknown"
    for _ in range(2):
        scanning.keep_unknown(bolts, "Ben", "5901234123457", "Counter")
    tray = scanning.unknown_scans(bolts)
    assert [scan.code for scan in tray] == ["5901234123457"] * 2
    with pytest.raises(InvalidInput):
        scanning.resolve_unknown(bolts, "Ada", tray[0].id, "")
    scanning.resolve_unknown(bolts, "Ada", tray[0].id, "not ours")
    assert scanning.unknown_scans(bolts) == ()
    with pytest.raises(Refused):
        scanning.resolve_unknown(bolts, "Ada", tray[0].id, "again")


def test_keeping_an_unknown_scan_twice_with_one_id_keeps_it_once(bolts: Shop) -> None:
    for _ in range(2):
        scanning.keep_unknown(bolts, "Ben", "5901234123457", "Counter", client_id="s-1")
    assert len(scanning.unknown_scans(bolts)) == 1


def test_a_multiplier_alone_asks_for_the_code(bolts: Shop) -> None:
    with pytest.raises(InvalidInput, match="12\\*"):
        read_scan(bolts, "12*")
    with pytest.raises(InvalidInput):
        read_scan(bolts, "")


def test_no_naughty_string_breaks_the_scanner(shop: Shop) -> None:
    lines = shared("hostile", "blns.txt").read_text(encoding="utf-8").splitlines()
    for line in lines:
        if line and len(line) <= 500:
            try:
                scan = read_scan(shop, line)
            except InvalidInput:
                continue
            assert scan.product is None and "\x1b" not in scan.code


def test_settings_that_cannot_be_are_refused(shop: Shop) -> None:
    for changes in (
        {"rcn_region": "atlantis"},
        {"rcn_pattern": "21WIW"},
        {"locale": "xx_YY_ZZ"},
        {"currency": "EURO"},
    ):
        with pytest.raises(InvalidInput):
            change_settings(shop, "Ada", **changes)
    assert shop.settings == ShopSettings(
        "Corner Shop", "EUR", "en_IE", timezone="Europe/Dublin", receiving_bin="RECEIVING"
    )
