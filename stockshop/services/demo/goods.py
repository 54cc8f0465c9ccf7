"""The sample shop's people, places, suppliers and goods, read from its two asset files."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from stockshop import money
from stockshop.barcodes import ScanSettings, check_digit, in_store_number
from stockshop.money import COST_SCALE
from stockshop.quantity import MILLI, find_unit, to_milli
from stockshop.resources import asset
from stockshop.services.shop import ShopSettings

SETTINGS = ShopSettings(
    name="The Corner Store (sample)",
    currency="EUR",
    locale="en_IE",
    tax_rate_milli=23_000,
    rcn_pattern="28IIIIIWWWWWC",
)
"""Its scale prints weights; no country's layout is needed to read them."""
_SCAN = ScanSettings(region=None, scale_patterns=(SETTINGS.rcn_pattern,))
# Numbers below are left to the person who tries "make a barcode".
_FIRST_NUMBER = 1_000
_FIRST_PLU = 101
_MISSING_CODE_EVERY = 23
_PERCENT_MILLI = 1_000


@dataclass(frozen=True, slots=True)
class Supplier:
    """Who delivers, and when."""

    name: str
    code: str
    lead_days: int
    weekdays: tuple[int, ...]
    """On which days the shop orders there; Monday is 0."""


@dataclass(frozen=True, slots=True)
class Article:
    """A product before it is one, with what decides how it sells."""

    sku: str
    name: str
    label: str
    category: str
    unit: str
    barcode: str
    """Empty for a few that the shop has not labelled yet."""
    case_pieces: int
    """Pieces in a case with a barcode of its own; 0: none."""
    content_milli: int | None
    content_unit: str | None
    price_minor: int
    cost_e4: int
    tax_rate_milli: int | None
    supplier: str
    supplier_code: str
    pack_milli: int
    minimum_milli: int
    sales_a_month: float
    most_milli: int
    """In one sale."""
    season: str
    life_days: int
    """How long a fresh lot keeps; 0: not kept by lots."""
    bin: str
    reserve_bin: str
    """Empty: everything stands on the shelf."""
    role: str
    """`discontinued`, `duplicate`, or empty."""

    @property
    def code(self) -> str:
        """What a scan or a delivery note calls it."""
        return self.barcode or self.sku

    @property
    def case_barcode(self) -> str:
        """The GTIN-14 of its case."""
        body = f"1{self.barcode[:12]}"
        return f"{body}{check_digit(body)}"

    @property
    def whole(self) -> bool:
        """Whether it is sold by the piece."""
        return find_unit(self.unit).decimals == 0


@dataclass(frozen=True, slots=True)
class World:
    """All that is written down about the sample shop."""

    people: tuple[str, ...]
    zones: tuple[tuple[str, str], ...]
    """(code, name) of those that a new shop has not."""
    bins: tuple[tuple[str, str], ...]
    """(code, name), in walking order."""
    suppliers: tuple[Supplier, ...]
    articles: tuple[Article, ...]


def read_world() -> World:
    """Read the asset files."""
    about = tomllib.loads(asset("demo", "shop.toml").read_text(encoding="utf-8"))
    goods = tomllib.loads(asset("demo", "goods.toml").read_text(encoding="utf-8"))
    suppliers = tuple(
        Supplier(each["name"], each["code"], each["lead_days"], tuple(each["weekdays"]))
        for each in about["supplier"]
    )
    return World(
        people=tuple(about["people"]),
        zones=tuple((each["code"], each["name"]) for each in about["zone"]),
        bins=tuple((each["code"], each["name"]) for each in about["bin"]),
        suppliers=suppliers,
        articles=tuple(_articles(goods["shelf"], {each.name: each.code for each in suppliers})),
    )


def _articles(shelves: list[dict[str, Any]], supplier_codes: Mapping[str, str]) -> Iterator[Article]:
    number = 0
    plu = _FIRST_PLU
    for shelf in shelves:
        within = 0
        for line in shelf["goods"]:
            settings = {**shelf, **line}
            for size, price in _sizes(settings):
                number += 1
                within += 1
                settings["number"] = within
                if settings.get("scale"):
                    barcode = _scale_number(plu)
                    plu += 1
                elif number % _MISSING_CODE_EVERY == 0 and not settings.get("case"):
                    barcode = ""
                else:
                    barcode = in_store_number(_FIRST_NUMBER + number, _SCAN)
                supplier = supplier_codes[settings["supplier"]]
                yield _article(settings, size, price, barcode, f"{supplier}-{4_000 + 7 * number}")


def _sizes(line: Mapping[str, Any]) -> Iterator[tuple[str, Decimal]]:
    if "sizes" not in line:
        yield "", Decimal(str(line["price"]))
        return
    for part in line["sizes"].split(";"):
        size, _, price = part.strip().rpartition(" ")
        yield size, Decimal(price)


def _scale_number(plu: int) -> str:
    """The number a scale's codes are found by: weight zero."""
    body = f"28{plu:05d}00000"
    return f"{body}{check_digit(body)}"


def _article(line: Mapping[str, Any], size: str, price: Decimal, barcode: str, supplier_code: str) -> Article:
    unit = line.get("unit", "each")
    content = line.get("content", "").replace("{}", size)
    amount, _, content_unit = content.partition(" ")
    pack_milli = line["pack"] * MILLI
    # A supplier does not send a single small pack of cheap things.
    cheap = price * line["pack"] < 12 and "life" not in line
    tax = line.get("tax")
    return Article(
        sku=f"{line['code']}-{line['number']:03d}",
        name=line["name"].replace("{}", size),
        label=line.get("label", ""),
        category=line["category"],
        unit=unit,
        barcode=barcode,
        case_pieces=line.get("case", 0),
        content_milli=to_milli(Decimal(amount)) if content else None,
        content_unit=content_unit or None,
        price_minor=money.to_minor(price, SETTINGS.currency),
        cost_e4=int(price * line["cost"] * COST_SCALE / 123),
        tax_rate_milli=None if tax is None else tax * _PERCENT_MILLI,
        supplier=line["supplier"],
        supplier_code=supplier_code,
        pack_milli=pack_milli,
        minimum_milli=2 * pack_milli if cheap else 0,
        sales_a_month=line["rate"],
        most_milli=int(line.get("most", 1) * MILLI),
        season=line.get("season", ""),
        life_days=line.get("life", 0) if line.get("tracking", "lot") == "lot" else 0,
        bin=line["bin"],
        reserve_bin=line.get("stock", ""),
        role=line.get("role", ""),
    )
