"""What a GS1 message says about the goods: number, lot, dates, quantity, price."""

from __future__ import annotations

from decimal import Decimal

import pytest

from stockshop.barcodes import GS, Reading, interpret

PENCIL = "04006381333931"


def gs1_reading(text: str) -> Reading:
    return next(reading for reading in interpret(text) if reading.kind == "gs1")


def test_an_element_string_gives_number_lot_and_expiry() -> None:
    reading = gs1_reading(f"]C101{PENCIL}17270131" + "10AB-1" + GS + "21S9\r")
    assert (reading.keys, reading.lot, reading.serial) == ((PENCIL,), "AB-1", "S9")
    assert reading.expiry == "2027-01-31"
    assert reading.warnings == ()


def test_use_by_counts_before_best_before_before_sell_by() -> None:
    use, best, sell = "17270131", "15270228", "16270331"
    assert gs1_reading(f"01{PENCIL}{sell}{best}{use}").expiry == "2027-01-31"
    assert gs1_reading(f"01{PENCIL}{sell}{best}").expiry == "2027-02-28"
    assert gs1_reading(f"01{PENCIL}{sell}").expiry == "2027-03-31"
    assert gs1_reading(f"01{PENCIL}70032701311200{GS}{best}").expiry == "2027-01-31"
    assert gs1_reading(f"01{PENCIL}13260131").produced == "2026-01-31"


def test_a_date_without_a_day_is_the_last_of_the_month() -> None:
    assert gs1_reading(f"01{PENCIL}17280200").expiry == "2028-02-29"


@pytest.mark.parametrize(
    ("element", "quantity_milli", "unit", "weight_milli"),
    [
        ("3012", 12_000, "each", None),
        ("3103001250", 1_250, "kg", 1_250),
        ("3100000002", 2_000, "kg", 2_000),
        ("3101000125", 12_500, "kg", 12_500),
        ("3202000250", 2_500, "lb", 1_134),
        ("3113001500", 1_500, "m", None),
        ("3142000250", 2_500, "m2", None),
        ("3153000750", 750, "l", None),
        ("3013", 13_000, "each", None),
        ("300", None, None, None),
    ],
)
def test_the_quantity_in_a_code_keeps_its_unit(
    element: str, quantity_milli: int | None, unit: str | None, weight_milli: int | None
) -> None:
    reading = gs1_reading(f"01{PENCIL}{element}")
    assert (reading.quantity_milli, reading.unit, reading.weight_milli) == (
        quantity_milli,
        unit,
        weight_milli,
    )


def test_a_count_and_a_weight_are_both_kept() -> None:
    reading = gs1_reading(f"01{PENCIL}3103001250306")
    assert (reading.quantity_milli, reading.unit, reading.weight_milli) == (6_000, "each", 1_250)


def test_a_measure_finer_than_a_thousandth_says_so() -> None:
    reading = gs1_reading(f"01{PENCIL}3105123456")
    assert reading.quantity_milli == 1_235
    assert "rounded" in reading.warnings[0]


def test_a_price_in_a_code_has_its_decimals_and_its_currency() -> None:
    assert gs1_reading(f"01{PENCIL}3922499").price == Decimal("4.99")
    priced = gs1_reading(f"01{PENCIL}3932978" + "1250")
    assert (priced.price, priced.currency) == (Decimal("12.50"), "EUR")
    assert gs1_reading(f"01{PENCIL}3932999" + "1250").price is None, "a currency nobody knows"


def test_a_pallet_says_what_is_on_it() -> None:
    reading = gs1_reading("]C100340123450000000000" + f"02{PENCIL}3724" + GS + "10L1")
    assert (reading.sscc, reading.gtin, reading.quantity_milli) == ("340123450000000000", PENCIL, 24_000)
    assert reading.keys == (PENCIL, "340123450000000000")
    alone = gs1_reading("00340123450000000000")
    assert (alone.keys, alone.text) == (("340123450000000000",), "340123450000000000")


def test_a_piece_of_a_larger_product_says_so() -> None:
    reading = gs1_reading(f"8006{PENCIL}0102")
    assert reading.gtin == PENCIL
    assert "piece 1 of 2" in reading.warnings[0]


@pytest.mark.parametrize(
    ("code", "gtin", "lot", "expiry", "weight_milli", "price"),
    [
        ("0103700478515613151904271011718", "03700478515613", "11718", "2019-04-27", None, None),
        ("010430652811230717180610310300078239220429", "04306528112307", None, "2018-06-10", 782, "4.29"),
        ("01056905931089383103005000100078050", "05690593108938", "0078050", None, 5_000, None),
        (
            "02054143392502063103005000171901311020190403",
            "05414339250206",
            "20190403",
            "2019-01-31",
            5_000,
            None,
        ),
    ],
)
def test_element_strings_that_people_took_for_barcodes_are_understood(
    code: str, gtin: str, lot: str | None, expiry: str | None, weight_milli: int | None, price: str | None
) -> None:
    """Taken from the list of bad codes: the scanner sent the whole message, without separators."""
    reading = gs1_reading(code)
    assert (reading.gtin, reading.lot, reading.expiry) == (gtin, lot, expiry)
    assert reading.weight_milli == weight_milli
    assert reading.price == (None if price is None else Decimal(price))
