"""Prices and unit prices as each country writes them."""

from __future__ import annotations

import pytest

from stockshop.documents.prices import price_parts, unit_price
from stockshop.errors import InvalidInput


@pytest.mark.parametrize(
    ("price_minor", "currency", "locale", "text", "raised"),
    [
        (349, "EUR", "de_DE", "3,49\xa0€", True),
        (123450, "USD", "en_US", "$1,234.50", True),
        (250, "GBP", "en_GB", "£2.50", False),
        (1290, "CHF", "de_CH", "CHF\xa012.90", False),
        (98000, "JPY", "ja_JP", "¥98,000", False),
        (1500, "KWD", "ar_KW", "1.500\xa0د.ك.", False),
        (990, "ILS", "he_IL", "9.90\xa0₪", False),
        (5, "EUR", "fr", "0,05\xa0€", True),
    ],
)
def test_a_price_is_written_as_in_its_country(
    price_minor: int, currency: str, locale: str, text: str, raised: bool
) -> None:
    parts = price_parts(price_minor, currency, locale)
    assert parts.text == text
    assert parts.raised is raised
    assert parts.whole.replace(",", "").replace(".", "").isdigit()


def test_the_parts_of_a_price_are_told_apart() -> None:
    parts = price_parts(123499, "EUR", "de_DE")
    assert (parts.before, parts.whole, parts.mark, parts.fraction, parts.after) == (
        "",
        "1.234",
        ",",
        "99",
        "\xa0€",
    )


@pytest.mark.parametrize("locale", ["", "xx_YY", "de_DE_de_DE_x", "§§"])
def test_an_unknown_locale_is_refused(locale: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        price_parts(100, "EUR", locale)
    assert refusal.value.field == "locale"


@pytest.mark.parametrize(
    ("unit", "content_milli", "content_unit", "said"),
    [
        ("each", 500_000, "g", "6,98\xa0€ / kg"),
        ("each", 750_000, "ml", "4,65\xa0€ / l"),
        ("each", 33_000, "cl", "10,58\xa0€ / l"),
        ("each", 10_000, "m", "0,35\xa0€ / m"),
        ("each", 2_500, "m2", "1,40\xa0€ / m²"),
        ("each", 6_000, "each", "0,58\xa0€ je Stück"),
        ("each", 1_000, "kg", ""),
        ("each", 1_000_000, "g", ""),
        ("each", 1_000, "each", ""),
        ("each", None, "", ""),
        ("each", 0, "g", ""),
        ("kg", None, "", "je kg"),
        ("m", None, "", "je m"),
        ("g", None, "", "je g · 3.490,00\xa0€ / kg"),
    ],
)
def test_the_unit_price_is_for_a_kilogram_or_litre_and_never_repeats_the_price(
    unit: str, content_milli: int | None, content_unit: str, said: str
) -> None:
    assert unit_price(349, "EUR", "de_DE", unit, content_milli, content_unit) == said


def test_the_unit_price_is_rounded_half_up() -> None:
    assert unit_price(101, "EUR", "en_IE", "each", 2_000, "kg") == "€0.51 / kg"


def test_american_labels_compare_by_pound() -> None:
    assert unit_price(399, "USD", "en_US", "each", 8_000, "oz") == "$7.98 / lb"
    assert unit_price(399, "USD", "en_US", "each", 16_000, "oz") == ""
    assert unit_price(399, "USD", "en_US", "lb", None, "") == "per lb"


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(InvalidInput):
        unit_price(100, "EUR", "de_DE", "each", 1_000, "furlong")
