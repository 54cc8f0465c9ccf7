"""The whole ledger by pages, and what somebody asks for of it."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from openpyxl import load_workbook

from stockshop import clock
from stockshop.errors import InvalidInput, NotFound, Stopped
from stockshop.services import catalogue, locations, movements, stock
from stockshop.services.exporting.movements import export_movements
from stockshop.services.movements import MovementFilter, MovementListing, MovementRow, MovementSearch
from stockshop.services.shop import Shop
from stockshop.services.stock import LineRequest
from stockshop.storage.session import Session
from tests.conftest import NOON_US, HandClock

HOUR_S, DAY_S = 3_600, 86_400
DAY_US = clock.DAY_US


@dataclass(frozen=True)
class Traded:
    shop: Shop
    bolt: int
    glue: int
    entries: dict[str, int]
    """Numbers of the entries, by what they are called here."""


@pytest.fixture
def traded(shop: Shop, hands: HandClock) -> Traded:
    """Three days: received on the first, traded on the second by Ben, told late on the third."""
    bolt = catalogue.add_product(shop, "Ada", sku="M6", name="Bolt [M6]").id
    glue = catalogue.add_product(shop, "Ada", sku="GLUE", name="Glue").id
    entries = {}

    def post(called: str, kind: str, *lines: LineRequest, who: str = "Ada", at_us: int | None = None) -> None:
        done = stock.post_entry(shop, who, kind, lines, reference=called, at_us=at_us)
        entries[called] = done.entry_id

    post("R1", "receive", LineRequest("M6", 50_000, to_bin="A-01"), LineRequest("GLUE", 9_000, to_bin="B-01"))
    hands.pass_time(DAY_S)
    post("S1", "sell", LineRequest("M6", 2_000, from_bin="A-01"), who="Ben")
    post("M1", "move", LineRequest("M6", 5_000, from_bin="A-01", to_bin="B-01"), who="Ben")
    hands.pass_time(DAY_S)
    post("S2", "sell", LineRequest("GLUE", 1_000, from_bin="B-01"))
    post("LATE", "sell", LineRequest("M6", 1_000, from_bin="A-01"), at_us=NOON_US + DAY_US)
    return Traded(shop, bolt, glue, entries)


def references(rows: list[MovementRow] | tuple[MovementRow, ...]) -> list[str]:
    return [row.reference for row in rows]


def asked_for(shop: Shop, **asks: object) -> list[str]:
    search = MovementSearch(shop, MovementFilter(**asks))  # type: ignore[arg-type]
    rows: list[MovementRow] = []
    while not search.is_whole:
        rows += search.more(2).rows
    return references(rows)


def test_everything_comes_newest_first_and_in_words(traded: Traded) -> None:
    listing = MovementListing(traded.shop)
    rows = listing.page_from(None, 100)
    assert references(rows) == ["LATE", "S2", "M1", "S1", "R1", "R1"]
    assert listing.count() == 6
    newest, oldest = rows[0], rows[-1]
    assert (newest.kind, newest.sku, newest.from_place, newest.to_place) == ("sell", "M6", "A-01", "customer")
    assert (newest.occurred_at_us, newest.recorded_at_us) == (NOON_US + DAY_US, NOON_US + 2 * DAY_US)
    assert (oldest.quantity_milli, oldest.change_milli, oldest.from_place) == (50_000, 50_000, "supplier")
    assert [row.change_milli for row in rows] == [-1_000, -1_000, 0, -2_000, 9_000, 50_000]


def test_pages_by_key_and_by_place_are_the_same_rows(traded: Traded) -> None:
    listing = MovementListing(traded.shop)
    whole = listing.page_from(None, 100)
    assert listing.page_at(2, 3) == whole[2:5]
    listing.count()
    assert listing.page_at(2, 3) == whole[2:5]
    keys = listing.first_keys(2)
    assert [listing.page_from(key, 2) for key in keys] == [whole[0:2], whole[2:4], whole[4:6]]


def test_a_gap_in_the_numbers_shifts_no_page(shop: Shop) -> None:
    catalogue.add_product(shop, "Ada", sku="M6", name="Bolt")
    for _ in range(6):
        stock.post_entry(shop, "Ada", "receive", [LineRequest("M6", 1_000, to_bin="A-01")])

    def lose_one(session: Session) -> None:
        # As a failed posting leaves it on a server: a number that no movement has.
        session.run(
            "INSERT INTO entry SELECT 7, 'x', kind, occurred_at_us, recorded_at_us, actor, reference, note, "
            "content_hash, NULL FROM entry WHERE id = 6"
        )
        session.run(
            "INSERT INTO movement SELECT 9, 7, line, product_id, lot_id, from_id, to_id, quantity_milli, "
            "value_e4, price_minor, occurred_at_us FROM movement WHERE id = 6"
        )

    shop.store.writing(lose_one)
    listing = MovementListing(shop)
    assert listing.count() == 7
    assert list(listing.first_keys(3)) == [9, 4, 1]
    assert [row.movement_id for row in listing.page_at(3, 2)] == [4, 3]


def test_what_is_recorded_later_does_not_move_the_rows_of_a_listing(traded: Traded) -> None:
    listing = MovementListing(traded.shop)
    before = listing.page_from(None, 3)
    listing.count()
    stock.post_entry(traded.shop, "Ada", "receive", [LineRequest("M6", 1_000, to_bin="A-01")])
    assert listing.page_from(None, 3) == before == listing.page_at(0, 3)
    anew = MovementListing(traded.shop, listing)
    assert anew.count() == 7 and anew.page_at(1, 3) == before


def test_conditions_hold_alone_and_together(traded: Traded) -> None:
    shop = traded.shop
    place = {code: locations.find_place(shop, code).id for code in ("A-01", "B-01", "SHOP-B", "SHOP", "A-02")}
    assert asked_for(shop, product_id=traded.glue) == ["S2", "R1"]
    assert asked_for(shop, place_id=place["B-01"]) == ["S2", "M1", "R1"]
    assert asked_for(shop, place_id=place["SHOP-B"]) == ["S2", "M1", "R1"]
    assert asked_for(shop, place_id=place["SHOP"]) == ["LATE", "S2", "M1", "S1", "R1", "R1"]
    assert asked_for(shop, place_id=place["A-02"]) == []
    assert asked_for(shop, kind="sell") == ["LATE", "S2", "S1"]
    assert asked_for(shop, actor="Ben") == ["M1", "S1"]
    assert asked_for(shop, kind="sell", actor="Ben", product_id=traded.bolt) == ["S1"]
    assert asked_for(shop, kind="scrap") == []


def test_a_period_is_when_it_happened_also_when_it_was_told_later(traded: Traded) -> None:
    shop = traded.shop
    second, third = NOON_US + DAY_US - 1, NOON_US + 2 * DAY_US - 1
    assert asked_for(shop, from_us=second, until_us=third) == ["LATE", "M1", "S1"]
    assert asked_for(shop, from_us=third) == ["S2"]
    assert asked_for(shop, until_us=second) == ["R1", "R1"]
    assert asked_for(shop, from_us=second, until_us=third, kind="sell") == ["LATE", "S1"]
    assert asked_for(shop, from_us=NOON_US - 9 * DAY_US, until_us=NOON_US - 8 * DAY_US) == []


def test_a_look_says_how_far_it_came_and_what_has_come_since_is_asked_for_alone(traded: Traded) -> None:
    shop = traded.shop
    search = MovementSearch(shop, MovementFilter(product_id=traded.bolt))
    first = search.more(2)
    assert references(first.rows) == ["LATE", "M1"] and not first.is_whole
    assert first.looked_to_us == NOON_US + DAY_US
    stock.post_entry(shop, "Ada", "sell", [LineRequest("M6", 1_000)], reference="NEW")
    assert references(search.more(9).rows) == ["S1", "R1"] and search.is_whole
    since = MovementSearch(shop, MovementFilter(product_id=traded.bolt), after_id=search.top)
    assert references(since.more(9).rows) == ["NEW"]


def test_somebody_who_stops_it_gets_what_was_found(traded: Traded) -> None:
    search = MovementSearch(traded.shop, MovementFilter(kind="sell"))
    found = search.more(9, lambda: True)
    assert found.rows == () and not found.is_whole and search.share == 0.0
    assert references(search.more(9).rows) == ["LATE", "S2", "S1"]


def test_what_was_undone_says_so_and_what_was_merged_belongs_to_the_product(traded: Traded) -> None:
    shop = traded.shop
    stock.reverse_entry(shop, "Ada", traded.entries["S1"], "wrong")
    rows = MovementSearch(shop, MovementFilter(product_id=traded.bolt)).more(99).rows
    assert [(row.kind, row.is_undone) for row in rows[:2]] == [("reversal", False), ("sell", False)]
    assert [row.reference for row in rows if row.is_undone] == ["S1"]
    catalogue.merge_products(shop, "Ada", traded.bolt, traded.glue)
    assert "S1" in asked_for(shop, product_id=traded.glue) + asked_for(shop, product_id=traded.bolt)


def test_people_and_places_can_be_named(traded: Traded) -> None:
    assert movements.people(traded.shop) == ("Ada", "Ben")
    assert movements.place_named(traded.shop, "b-01")[1] == "B-01"
    with pytest.raises(NotFound):
        movements.place_named(traded.shop, "NOWHERE")


def test_exactly_what_is_asked_for_is_written_the_oldest_first(traded: Traded, tmp_path: Path) -> None:
    path = tmp_path / "sold.csv"
    told: list[tuple[int, int]] = []
    asked = MovementFilter(kind="sell", product_id=traded.bolt)
    many = export_movements(traded.shop, asked, "csv", path, on_progress=lambda *at: told.append(at))
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert many == 2 and told[0] == (0, 2)
    assert [(row["reference"], row["name"], row["quantity"]) for row in rows] == [
        ("S1", "Bolt [M6]", "2"),
        ("LATE", "Bolt [M6]", "1"),
    ]


def test_everything_is_written_as_the_command_line_writes_it(traded: Traded, tmp_path: Path) -> None:
    from stockshop.services.exporting.tables import export

    export(traded.shop, "movements", "json", tmp_path / "all.json")
    export_movements(traded.shop, MovementFilter(), "json", tmp_path / "mine.json")
    assert json.loads((tmp_path / "mine.json").read_text()) == json.loads((tmp_path / "all.json").read_text())


def test_a_spreadsheet_gets_dates_that_it_shows_in_its_own_way(traded: Traded, tmp_path: Path) -> None:
    path = tmp_path / "sold.xlsx"
    export_movements(traded.shop, MovementFilter(product_id=traded.glue), "xlsx", path)
    heads, first, _ = load_workbook(path).active.iter_rows()
    cells = dict(zip((cell.value for cell in heads), first, strict=True))
    assert cells["at"].value == clock.to_datetime(NOON_US, traded.shop.zone).replace(tzinfo=None)
    assert cells["at"].is_date and cells["quantity"].value == 9 and cells["name"].value == "Glue"


def test_an_export_that_is_stopped_leaves_nothing(traded: Traded, tmp_path: Path) -> None:
    for asked in (MovementFilter(), MovementFilter(kind="sell")):
        with pytest.raises(Stopped):
            export_movements(traded.shop, asked, "csv", tmp_path / "x.csv", should_stop=lambda: True)
    with pytest.raises(InvalidInput):
        export_movements(traded.shop, MovementFilter(), "pdf", tmp_path / "x.pdf")
    assert list(tmp_path.glob("x.*")) == []
