"""The sample shop is rich enough to try everything on, sound, and the same each time it is made."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from stockshop import clock
from stockshop.barcodes import check_digit, gtin14, is_restricted
from stockshop.errors import Refused
from stockshop.services import care, catalogue, demo, locations, reports, scanning
from stockshop.services.demo.goods import read_world
from stockshop.services.demo.seasons import Calendar
from stockshop.services.shop import Shop, furnish, opened
from stockshop.storage.database import Store, open_store
from stockshop.storage.transfer import fingerprints
from tests.conftest import DEMO_DAY, HandClock


@pytest.fixture(scope="module")
def shop(demo_shop_file: Path) -> Iterator[Shop]:
    with opened(demo_shop_file) as shop:
        yield shop


@pytest.fixture
def two_shops(make_sqlite: Callable[[], str], hands: HandClock) -> Iterator[tuple[Shop, Shop]]:
    stores = open_store(make_sqlite()), open_store(make_sqlite())
    first, second = (furnish(store, "Maeve", demo.SETTINGS) for store in stores)
    yield first, second
    for store in stores:
        store.close()


def value(shop: Shop, sql: str, *params: object) -> int:
    with shop.store.reading() as session:
        return int(session.value(sql, params) or 0)


def rows(shop: Shop, sql: str, *params: object) -> list[tuple[object, ...]]:
    with shop.store.reading() as session:
        return session.rows(sql, params)


def test_it_was_founded_before_it_traded(shop: Shop) -> None:
    ((founded_us,),) = rows(shop, "SELECT MAX(changed_at_us) FROM change WHERE noun = 'setting'")
    ((traded_us,),) = rows(shop, "SELECT MIN(recorded_at_us) FROM entry")
    assert isinstance(founded_us, int) and isinstance(traded_us, int)
    assert 0 < traded_us - founded_us < clock.DAY_US


def test_everything_in_it_holds(shop: Shop) -> None:
    assert care.doctor(shop).troubles == ()


def test_some_four_hundred_products_with_a_place_a_supplier_and_a_price(shop: Shop) -> None:
    assert 400 <= value(shop, "SELECT COUNT(*) FROM product") <= 500
    assert value(shop, "SELECT COUNT(*) FROM category") >= 20
    assert value(shop, "SELECT COUNT(*) FROM supplier") >= 10
    assert not value(
        shop,
        "SELECT COUNT(*) FROM product p WHERE p.preferred_bin_id IS NULL OR p.price_minor IS NULL OR NOT "
        "EXISTS (SELECT 1 FROM product_supplier s WHERE s.product_id = p.id AND s.unit_cost_e4 > 0) "
        "AND p.merged_into_id IS NULL",
    )
    units = {unit for (unit,) in rows(shop, "SELECT DISTINCT unit FROM product")}
    assert units >= {"each", "pair", "kg", "m"}
    assert value(shop, "SELECT COUNT(*) FROM product WHERE net_content_milli IS NOT NULL") > 80


def test_no_product_costs_more_than_it_brings(shop: Shop) -> None:
    dear = "SELECT COUNT(*) FROM product_supplier s JOIN product p ON p.id = s.product_id "
    assert value(shop, dear + "WHERE s.unit_cost_e4 >= p.price_minor * 100") == 0


def test_every_barcode_is_a_valid_number_of_the_shops_own(shop: Shop) -> None:
    codes = rows(shop, "SELECT code, quantity_milli FROM barcode")
    assert len(codes) > 400
    for code, quantity_milli in codes:
        gtin = gtin14(str(code))
        assert gtin is not None
        piece = f"0{gtin[1:13]}"
        assert is_restricted(f"{piece}{check_digit(piece)}")
        assert (gtin[0] == "1") == (quantity_milli != 1_000)
    packs = Counter(quantity_milli for _, quantity_milli in codes)
    assert {6_000, 12_000, 24_000} <= packs.keys()


def test_a_case_and_a_weighed_bag_can_be_scanned(shop: Shop) -> None:
    case, sku = rows(
        shop,
        "SELECT b.code, p.sku FROM barcode b JOIN product p ON p.id = b.product_id "
        "WHERE b.quantity_milli = 24000 ORDER BY b.id LIMIT 1",
    )[0]
    scan = scanning.read_scan(shop, str(case))
    assert scan.product is not None
    assert (scan.product.sku, scan.quantity_milli) == (sku, 24_000)
    potatoes = catalogue.find_product(shop, "LO-001")
    (own,) = catalogue.product(shop, potatoes.id).barcodes
    weighed = f"{own.code[:7]}01250"
    scan = scanning.read_scan(shop, f"{weighed}{check_digit(weighed)}")
    assert scan.product is not None
    assert (scan.product.name, scan.quantity_milli) == ("Potatoes, loose", 1_250)


def test_three_zones_and_receiving_in_walking_order(shop: Shop) -> None:
    places = locations.places(shop)
    zones = {place.id: place.code for place in places if place.kind == "zone"}
    assert set(zones.values()) == {"SHOP-A", "SHOP-B", "SHOP-Y", "SHOP-R"}
    bins = [place for place in places if place.kind == "bin"]
    assert len(bins) >= 25
    assert len({place.walk_order for place in bins}) == len(bins)
    walked = [zones[place.parent_id] for place in bins if place.parent_id is not None]
    assert list(dict.fromkeys(walked)) == ["SHOP-A", "SHOP-Y", "SHOP-B", "SHOP-R"]
    assert sorted(walked, key=["SHOP-A", "SHOP-Y", "SHOP-B", "SHOP-R"].index) == walked
    for zone in ("SHOP-A", "SHOP-B", "SHOP-Y", "SHOP-R"):
        assert reports.stock_rows(shop, bin_code=zone), zone


def test_two_years_of_every_kind_of_movement(shop: Shop) -> None:
    assert 15_000 <= value(shop, "SELECT COUNT(*) FROM movement") <= 30_000
    span_us = value(shop, "SELECT MAX(occurred_at_us) - MIN(occurred_at_us) FROM entry")
    assert 725 * clock.DAY_US < span_us < 735 * clock.DAY_US
    kinds = {kind for (kind,) in rows(shop, "SELECT DISTINCT kind FROM entry")}
    assert kinds == {
        "opening", "receive", "sell", "return", "move", "adjust", "scrap", "count", "merge"
    }  # fmt: skip
    assert len(rows(shop, "SELECT DISTINCT note FROM entry WHERE kind = 'adjust'")) >= 3
    assert len(rows(shop, "SELECT DISTINCT actor FROM entry")) == 3


_SOLD = (
    "SELECT m.occurred_at_us, m.quantity_milli FROM movement m JOIN entry e ON e.id = m.entry_id AND e.kind "
    "= 'sell' JOIN product p ON p.id = m.product_id JOIN category c ON c.id = p.category_id "
)


def sold_by_month(shop: Shop, category: str) -> Counter[int]:
    months: Counter[int] = Counter()
    for at_us, quantity_milli in rows(shop, _SOLD + "WHERE c.name = ?", category):
        assert isinstance(at_us, int) and isinstance(quantity_milli, int)
        months[clock.to_datetime(at_us, shop.zone).month] += quantity_milli
    return months


def test_the_garden_sells_in_spring_fuel_in_winter_and_gifts_before_christmas(shop: Shop) -> None:
    garden = sold_by_month(shop, "Soil and feed")
    assert garden[4] + garden[5] > 4 * (garden[11] + garden[12])
    fuel = sold_by_month(shop, "Fuel and heating")
    assert fuel[1] + fuel[12] > 2 * (fuel[6] + fuel[7])
    season = sold_by_month(shop, "Season")
    assert season[12] == max(season.values())
    school = sold_by_month(shop, "Paper and school")
    assert school[8] + school[9] > 2 * (school[4] + school[5])


def test_saturdays_are_busy_and_sundays_closed(shop: Shop) -> None:
    days: Counter[int] = Counter()
    for at_us, _ in rows(shop, _SOLD):
        assert isinstance(at_us, int)
        days[clock.to_datetime(at_us, shop.zone).weekday()] += 1
    assert days[5] > 1.5 * days[0]
    assert days[6] == 0


def test_lots_that_are_fresh_expire_soon_and_have_expired(shop: Shop) -> None:
    held = [
        str(expiry)
        for (expiry,) in rows(
            shop,
            "SELECT t.expiry FROM level l JOIN lot t ON t.id = l.lot_id AND t.id <> 0 "
            "JOIN location b ON b.id = l.location_id AND b.kind = 'bin' WHERE l.quantity_milli > 0",
        )
    ]
    today, soon = DEMO_DAY.isoformat(), (DEMO_DAY + timedelta(days=7)).isoformat()
    assert 1 <= sum(expiry < today for expiry in held) <= 20
    assert sum(today <= expiry <= soon for expiry in held) >= 5
    assert sum(expiry > soon for expiry in held) >= 50


def test_some_run_low_some_are_below_zero_some_on_order_and_some_set_aside(shop: Shop) -> None:
    warned = reports.attention(shop)
    assert 18 <= warned.low <= 26
    assert warned.below_zero == 5
    assert warned.unknown_scans >= 4
    assert all(row.suggested_milli > 0 and row.supplier for row in reports.low(shop))
    stock = reports.stock_rows(shop)
    assert sum(row.on_order_milli > 0 for row in stock) >= 3
    assert sum(row.allocated_milli > 0 for row in stock) >= 4
    half_done = (
        "SELECT COUNT(*) FROM shop_order o WHERE o.kind = 'purchase' AND o.closed_at_us IS NULL AND EXISTS "
        "(SELECT 1 FROM order_line n JOIN fulfilment f ON f.order_line_id = n.id WHERE n.order_id = o.id)"
    )
    assert value(shop, half_done) == 1


def test_counts_found_a_little_missing_and_much_right(shop: Shop) -> None:
    looks = value(shop, "SELECT COUNT(*) FROM count_line")
    wrong = value(shop, "SELECT COUNT(*) FROM count_line WHERE counted_milli <> book_milli")
    assert looks > 300
    assert 0.02 * looks < wrong < 0.2 * looks


def test_prices_and_rules_changed_one_product_went_and_two_became_one(shop: Shop) -> None:
    changed = "SELECT product_id FROM price GROUP BY product_id HAVING COUNT(*) > 1"
    assert len(rows(shop, changed)) > 50
    assert value(shop, "SELECT COUNT(*) FROM change WHERE field = 'reorder_rule'") > 300
    gone = rows(shop, "SELECT name FROM product WHERE archived_at_us IS NOT NULL AND merged_into_id IS NULL")
    assert gone == [("Halogen bulb G9 33 W (no longer made)",)]
    ((merged,),) = rows(shop, "SELECT sku FROM product WHERE merged_into_id IS NOT NULL")
    assert catalogue.find_product(shop, str(merged)).name == "Garden gloves size 8"
    assert any(line.kind == "merge" for line in reports.history(shop, str(merged), limit=1_000))


def test_names_that_screens_must_bear(shop: Shop) -> None:
    names = [str(name) for (name,) in rows(shop, "SELECT name FROM product")]
    assert "Bolt [M6x40]" in names
    assert any(name.startswith(("=", "+", "-")) for name in names)
    assert max(map(len, names)) > 100
    for letter in "ΕГش抹":
        assert any(letter in name for name in names), letter


def test_the_last_day_has_sales_to_see(shop: Shop) -> None:
    end_us = clock.day_start_us(DEMO_DAY + timedelta(days=1), shop.zone)
    with clock.using(lambda: end_us - clock.SECOND_US):
        today = reports.day_totals(shop)
    assert today.sold_entries > 5
    assert today.sold_minor > 5_000
    assert value(shop, "SELECT MAX(recorded_at_us) FROM entry") <= end_us - 6 * 3_600 * clock.SECOND_US


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_opening_it_again_makes_nothing_anew(demo_shop_copy: Path) -> None:
    before = digest(demo_shop_copy), demo_shop_copy.stat().st_mtime_ns

    def told(done: int, total: int) -> None:
        raise AssertionError("it was made again")

    again = demo.ensure_demo_shop(demo_shop_copy.parent, on_progress=told)
    assert again == demo_shop_copy
    assert (digest(again), again.stat().st_mtime_ns) == before


def test_a_copy_of_its_one_file_is_the_whole_shop(shop: Shop, demo_shop_copy: Path) -> None:
    with opened(demo_shop_copy) as copy, copy.store.reading() as session:
        copied = fingerprints(session)
    with shop.store.reading() as session:
        assert copied == fingerprints(session)


def test_the_same_day_tells_the_same_story_and_another_day_another(shop: Shop) -> None:
    def told(last: date) -> list[object]:
        until_us = clock.day_start_us(last, shop.zone) + 17 * 3_600 * clock.SECOND_US
        calendar = Calendar(last - timedelta(days=120), last, until_us, shop.zone)
        return list(demo.story(read_world(), calendar))

    assert told(DEMO_DAY) == told(DEMO_DAY)
    assert told(DEMO_DAY) != told(DEMO_DAY + timedelta(days=1))


def test_the_same_story_makes_the_same_tables(two_shops: tuple[Shop, Shop]) -> None:
    made = []
    for shop in two_shops:
        demo.build_demo(shop, DEMO_DAY, days=20)
        with shop.store.reading() as session:
            made.append(fingerprints(session))
    assert made[0] == made[1]
    assert len(made[0]) > 15


def test_it_is_made_on_either_engine(store: Store) -> None:
    shop = furnish(store, "Maeve", demo.SETTINGS)
    seen: list[tuple[int, int]] = []
    demo.build_demo(shop, DEMO_DAY, days=12, on_progress=lambda done, total: seen.append((done, total)))
    assert care.doctor(shop).troubles == ()
    assert reports.attention(shop).below_zero == 5
    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1]


def test_a_shop_with_goods_is_not_filled_with_samples(demo_shop_copy: Path) -> None:
    with opened(demo_shop_copy) as shop, pytest.raises(Refused, match="empty shop only"):
        demo.build_demo(shop, DEMO_DAY)


class Interrupted(Exception):
    """Somebody closed the window."""


def test_a_making_that_is_cut_short_leaves_nothing(tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise Interrupted

    before_us = clock.now_us()
    with pytest.raises(Interrupted):
        demo.ensure_demo_shop(tmp_path, today=DEMO_DAY, on_progress=stop)
    assert list(tmp_path.iterdir()) == []
    assert clock.now_us() >= before_us


@pytest.mark.parametrize("minutes", [4, 7 * 60, 11 * 60, 23 * 60])
def test_made_at_any_hour_nothing_lies_in_the_future_and_today_has_sales(shop: Shop, minutes: int) -> None:
    midnight_us = clock.day_start_us(DEMO_DAY, shop.zone)
    until_us = midnight_us + minutes * 60 * clock.SECOND_US
    calendar = Calendar(DEMO_DAY - timedelta(days=40), DEMO_DAY, until_us, shop.zone)
    events = demo.story(read_world(), calendar)
    assert events[-1].at_us <= until_us
    todays = [event for event in events if event.at_us >= midnight_us]
    assert sum(getattr(event, "kind", "") == "sell" for event in todays) > 5
