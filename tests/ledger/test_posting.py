"""Posting: what the ledger takes, what it refuses, and what it makes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stockshop import clock
from stockshop.errors import Conflict, InvalidInput, NotFound, Refused, ShopError
from stockshop.ledger import posting
from stockshop.ledger.posting import Dip, Draft, Line
from stockshop.storage.database import Store
from stockshop.storage.models.locations import (
    CUSTOMER,
    LOSS,
    PRODUCTION,
    REVALUATION,
    SCRAP,
    SUPPLIER,
    TRANSIT,
)
from stockshop.storage.session import Session
from tests.conftest import NOON_US, HandClock
from tests.ledger.books import (
    BACK,
    CELLAR,
    COFFEE,
    EURO,
    FRIDAY,
    MILK,
    MONDAY,
    SHELF,
    SITE,
    TEA,
    TEA_LOT,
    UNIT,
    ZONE,
    Books,
)

DAY_US = clock.DAY_US


def test_a_receipt_goes_from_the_supplier_to_the_bin_and_both_sides_know(books: Books) -> None:
    posted = books.receive(10, 2.5)
    assert (posted.entry_id, posted.already, posted.dips) == (1, False, ())
    assert books.level() == 10 * UNIT
    assert books.level(location_id=SUPPLIER) == -10 * UNIT
    assert books.worth() == (10 * UNIT, 25 * EURO)
    assert books.values(1) == [(SUPPLIER, SHELF, 10 * UNIT, 25 * EURO)]
    assert books.troubles() == []


def test_an_entry_remembers_who_when_why_and_at_which_price(books: Books, store: Store) -> None:
    books.receive(5, 1)
    draft = Draft("till-7", "sell", (Line(COFFEE, UNIT, SHELF, CUSTOMER, price_minor=349),), "ben",
                  NOON_US - DAY_US, "receipt 12", "regular")  # fmt: skip
    store.writing(lambda session: posting.post(session, draft))
    assert books.rows(
        "SELECT e.id, client_id, kind, e.occurred_at_us, recorded_at_us, actor, reference, note, "
        "price_minor, m.occurred_at_us FROM entry e JOIN movement m ON m.entry_id = e.id WHERE kind = 'sell'"
    ) == [
        (
            2,
            "till-7",
            "sell",
            NOON_US - DAY_US,
            NOON_US,
            "ben",
            "receipt 12",
            "regular",
            349,
            NOON_US - DAY_US,
        )
    ]


@pytest.mark.parametrize(
    ("kind", "outside", "arrives"),
    [
        ("opening", 7, True), ("return", CUSTOMER, True), ("adjust", LOSS, True), ("sell", CUSTOMER, False),
        ("scrap", SCRAP, False), ("adjust", LOSS, False), ("return-to-supplier", SUPPLIER, False),
    ],
)  # fmt: skip
def test_every_kind_of_event_is_double_entry(books: Books, kind: str, outside: int, arrives: bool) -> None:
    books.receive(10, 2)
    pair = (outside, SHELF) if arrives else (SHELF, outside)
    outside_before = books.level(location_id=outside)
    books.post(kind, Line(COFFEE, 3 * UNIT, *pair))
    change = 3 * UNIT if arrives else -3 * UNIT
    assert books.level() == 10 * UNIT + change
    assert books.level(location_id=outside) == outside_before - change
    assert books.worth() == (10 * UNIT + change, 20 * EURO + change // UNIT * 2 * EURO)
    assert books.troubles() == []


def test_moving_between_bins_changes_places_and_no_value(books: Books) -> None:
    books.receive(10, 2)
    books.move(4)
    assert (books.level(), books.level(location_id=BACK)) == (6 * UNIT, 4 * UNIT)
    assert books.worth() == (10 * UNIT, 20 * EURO)


def test_goods_on_the_way_between_sites_still_belong_to_the_shop(books: Books) -> None:
    books.receive(10, 2)
    books.post("move", Line(COFFEE, 4 * UNIT, SHELF, TRANSIT))
    assert books.worth() == (10 * UNIT, 20 * EURO)
    books.post("move", Line(COFFEE, 4 * UNIT, TRANSIT, BACK))
    assert books.level(location_id=TRANSIT) == 0
    assert books.troubles() == []


def test_the_same_id_again_posts_nothing_and_names_the_first_entry(books: Books, hands: HandClock) -> None:
    first = books.post("receive", Line(COFFEE, UNIT, SUPPLIER, SHELF), client_id="a")
    hands.pass_time(60)
    again = books.post("receive", Line(COFFEE, UNIT, SUPPLIER, SHELF), client_id="a")
    assert (again.entry_id, again.already) == (first.entry_id, True)
    assert books.level() == UNIT
    assert books.rows("SELECT COUNT(*) FROM entry") == [(1,)]


_SALE = Line(COFFEE, UNIT, SHELF, CUSTOMER, unit_cost_e4=7, price_minor=100)


@pytest.mark.parametrize(
    "changed",
    [
        {"product_id": TEA}, {"quantity_milli": 2 * UNIT}, {"from_id": BACK}, {"to_id": SCRAP},
        {"lot_id": MONDAY}, {"unit_cost_e4": 8}, {"value_e4": 8}, {"price_minor": 101},
        {"occurred_at_us": NOON_US - 9}, {"order_line_id": 3},
    ],
    ids=lambda changed: next(iter(changed)),
)  # fmt: skip
def test_the_same_id_with_another_line_is_a_conflict(books: Books, changed: dict[str, int]) -> None:
    books.post("sell", _SALE, client_id="a")
    other = replace(_SALE, **changed)  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="'a'"):
        books.post("sell", other, client_id="a")
    assert books.level() == -UNIT
    assert books.troubles() == []


def test_the_same_id_with_another_kind_time_or_note_is_a_conflict(books: Books) -> None:
    books.post("sell", _SALE, client_id="a")
    for changed in ({"note": "x"}, {"at_us": NOON_US - 1}, {"reverses_id": 1}):
        with pytest.raises(Conflict):
            books.post("sell", _SALE, client_id="a", **changed)
    with pytest.raises(Conflict):
        books.post("adjust", _SALE, client_id="a")


def test_a_request_is_compared_as_it_was_made_not_by_what_was_decided(books: Books) -> None:
    books.post("sell", _SALE, client_id="a", content="sell one")
    assert books.post("sell", replace(_SALE, from_id=BACK), client_id="a", content="sell one").already
    with pytest.raises(Conflict):
        books.post("sell", _SALE, client_id="a", content="sell two")


def test_a_repeat_is_answered_even_in_a_period_closed_since(books: Books, store: Store) -> None:
    books.post("sell", _SALE, client_id="a", at_us=NOON_US - DAY_US)
    _close(store, NOON_US - 1)
    assert books.post("sell", _SALE, client_id="a", at_us=NOON_US - DAY_US).already


def test_the_till_may_go_below_zero_and_leaves_evidence(books: Books) -> None:
    books.receive(1, 3)
    posted = books.sell(3)
    assert posted.dips == (Dip(COFFEE, SHELF, 0, -2 * UNIT),)
    columns = "movement_id, product_id, location_id, lot_id, level_milli, recorded_at_us"
    assert books.rows(f"SELECT {columns} FROM dip") == [(2, COFFEE, SHELF, 0, -2 * UNIT, NOON_US)]
    assert books.sell(1).dips == (), "it was below zero already"
    assert books.troubles() == []


def test_each_dip_below_zero_is_evidence_of_its_own(books: Books) -> None:
    books.sell(1)
    books.receive(1, 1)
    books.sell(2)
    assert books.rows("SELECT level_milli FROM dip ORDER BY movement_id") == [(-UNIT,), (-2 * UNIT,)]
    assert books.troubles() == []


@pytest.mark.parametrize("kind", ["move", "adjust", "scrap", "return-to-supplier", "build"])
def test_only_the_till_may_go_below_zero(books: Books, kind: str) -> None:
    books.receive(2, 1)
    target = {"move": BACK, "adjust": LOSS, "scrap": SCRAP, "return-to-supplier": SUPPLIER}
    with pytest.raises(Refused, match="SHELF holds 2 of Coffee, not 3") as refusal:
        books.post(kind, Line(COFFEE, 3 * UNIT, SHELF, target.get(kind, PRODUCTION)))
    assert refusal.value.field == "quantity"
    assert books.level() == 2 * UNIT
    assert books.rows("SELECT COUNT(*) FROM entry") == [(1,)]
    assert books.troubles() == []


def test_a_shop_may_let_everything_go_below_zero_or_nothing(store: Store, hands: HandClock) -> None:
    books = Books(store, policy="always")
    books.move(1)
    store.writing(lambda session: session.run("UPDATE ledger_head SET negative_policy = 'never'"))
    with pytest.raises(Refused):
        books.sell(1)
    assert books.level() == -UNIT
    assert books.troubles() == []


@pytest.mark.parametrize("kind", ["count", "reversal"])
def test_what_was_counted_or_undone_is_a_fact_even_below_zero(
    store: Store, hands: HandClock, kind: str
) -> None:
    books = Books(store, policy="never")
    assert books.post(kind, Line(COFFEE, UNIT, SHELF, LOSS)).dips == (Dip(COFFEE, SHELF, 0, -UNIT),)


def test_a_line_sees_what_the_lines_before_it_did(store: Store, hands: HandClock) -> None:
    books = Books(store, policy="never")
    line_in, line_on = Line(COFFEE, 2 * UNIT, SUPPLIER, SHELF), Line(COFFEE, 2 * UNIT, SHELF, BACK)
    books.post("move", line_in, line_on)
    assert books.level(location_id=BACK) == 2 * UNIT
    with pytest.raises(Refused):
        books.post("move", Line(COFFEE, UNIT, SHELF, BACK), Line(COFFEE, UNIT, SUPPLIER, SHELF))
    assert books.troubles() == []


def test_an_entry_may_lie_in_the_past_but_is_recorded_now(books: Books) -> None:
    books.receive(1, 1, at_us=NOON_US - 400 * DAY_US)
    assert books.rows("SELECT occurred_at_us, recorded_at_us FROM entry") == [
        (NOON_US - 400 * DAY_US, NOON_US)
    ]
    assert books.troubles() == []


def test_a_line_may_have_its_own_time(books: Books) -> None:
    books.post("count", Line(COFFEE, UNIT, LOSS, SHELF, occurred_at_us=NOON_US - 5))
    assert books.rows("SELECT occurred_at_us FROM movement") == [(NOON_US - 5,)]
    with pytest.raises(InvalidInput, match="future"):
        books.post("count", Line(COFFEE, UNIT, LOSS, SHELF, occurred_at_us=NOON_US + DAY_US))


def test_the_future_is_refused_but_for_a_clock_a_little_ahead(books: Books) -> None:
    with pytest.raises(InvalidInput, match="future") as refusal:
        books.receive(1, 1, at_us=NOON_US + 11 * 60 * clock.SECOND_US)
    assert refusal.value.field == "at"
    books.receive(1, 1, at_us=NOON_US + 60 * clock.SECOND_US)
    assert books.rows("SELECT occurred_at_us, recorded_at_us FROM entry") == [(NOON_US, NOON_US)]


def test_a_time_beyond_all_meaning_is_refused(books: Books) -> None:
    for instant in (-(2**80), clock.EARLIEST_US - 1, 2**80):
        with pytest.raises(InvalidInput) as refusal:
            books.receive(1, 1, at_us=instant)
        assert refusal.value.field == "at"


def test_recording_time_never_goes_back_even_when_the_clock_does(books: Books, hands: HandClock) -> None:
    books.receive(1, 1)
    hands.pass_time(-3_600)
    books.sell(1)
    books.sell(1, at_us=hands.instant_us)
    assert books.rows("SELECT occurred_at_us, recorded_at_us FROM entry ORDER BY id") == [
        (NOON_US, NOON_US),
        (NOON_US, NOON_US),
        (NOON_US - 3_600 * clock.SECOND_US, NOON_US),
    ]
    assert books.troubles() == []


def _close(store: Store, through_us: int) -> None:
    def work(session: Session) -> None:
        posting.lock(session)
        session.run(
            "UPDATE ledger_head SET closed_through_us = ?, closed_entry_id = entry_sequence", (through_us,)
        )

    store.writing(work)


def test_a_closed_period_takes_no_entry_and_no_line(books: Books, store: Store) -> None:
    books.receive(5, 1, at_us=NOON_US - 3 * DAY_US)
    _close(store, NOON_US - DAY_US)
    with pytest.raises(Refused, match="closed up to 2026-05-27") as refusal:
        books.sell(1, at_us=NOON_US - DAY_US)
    assert refusal.value.field == "at"
    with pytest.raises(Refused, match="closed"):
        books.post("count", Line(COFFEE, UNIT, SHELF, LOSS, occurred_at_us=NOON_US - 2 * DAY_US))
    books.sell(1, at_us=NOON_US - DAY_US + 1)
    assert books.level() == 4 * UNIT
    assert books.troubles() == []


def test_a_product_kept_by_lots_needs_a_lot_and_any_other_refuses_one(books: Books) -> None:
    with pytest.raises(InvalidInput, match="name the lot") as refusal:
        books.post("receive", Line(MILK, UNIT, SUPPLIER, SHELF))
    assert refusal.value.field == "lot"
    with pytest.raises(InvalidInput, match="leave the lot out"):
        books.post("receive", Line(TEA, UNIT, SUPPLIER, SHELF, lot_id=TEA_LOT))
    books.post(
        "receive", Line(MILK, UNIT, SUPPLIER, SHELF, MONDAY), Line(MILK, UNIT, SUPPLIER, SHELF, FRIDAY)
    )
    assert books.level(MILK, SHELF, MONDAY) == books.level(MILK, SHELF, FRIDAY) == UNIT
    assert books.troubles() == []


@pytest.mark.parametrize("lot_id", [TEA_LOT, 999])
def test_a_lot_of_another_product_is_not_found(books: Books, lot_id: int) -> None:
    with pytest.raises(NotFound, match="lot"):
        books.post(
            "receive", Line(MILK, UNIT, SUPPLIER, SHELF, MONDAY), Line(MILK, UNIT, SUPPLIER, SHELF, lot_id)
        )
    assert books.troubles() == []


def test_lots_are_below_zero_each_for_itself(books: Books) -> None:
    books.post("receive", Line(MILK, 5 * UNIT, SUPPLIER, SHELF, MONDAY))
    posted = books.post("sell", Line(MILK, UNIT, SHELF, CUSTOMER, FRIDAY))
    assert posted.dips == (Dip(MILK, SHELF, FRIDAY, -UNIT),)
    assert books.worth(MILK)[0] == 4 * UNIT
    assert books.troubles() == []


@pytest.mark.parametrize("place", [SITE, ZONE])
def test_only_bins_hold_stock(books: Books, place: int) -> None:
    for line in (Line(COFFEE, UNIT, SUPPLIER, place), Line(COFFEE, UNIT, place, CUSTOMER)):
        with pytest.raises(InvalidInput, match="Only bins"):
            books.post("sell", line)


def test_an_archived_bin_gives_but_does_not_take(store: Store, hands: HandClock) -> None:
    books = Books(store)
    with pytest.raises(Refused, match="archived"):
        books.receive(1, 1, bin_id=CELLAR)
    store.writing(lambda session: session.run("UPDATE location SET archived_at_us = NULL"))
    books.receive(3, 1, bin_id=CELLAR)
    sale = books.sell(1, bin_id=CELLAR)
    store.writing(
        lambda session: session.run("UPDATE location SET archived_at_us = 1 WHERE id = ?", (CELLAR,))
    )
    books.sell(1, bin_id=CELLAR)
    undo = Line(COFFEE, UNIT, CUSTOMER, CELLAR, value_e4=EURO)
    books.post("reversal", undo, reverses_id=sale.entry_id)
    assert books.level(location_id=CELLAR) == 2 * UNIT
    assert books.troubles() == []


def test_unknown_products_and_places_are_not_found(books: Books) -> None:
    with pytest.raises(NotFound, match="product"):
        books.post("receive", Line(99, UNIT, SUPPLIER, SHELF))
    with pytest.raises(NotFound, match="place"):
        books.post("receive", Line(COFFEE, UNIT, SUPPLIER, 99))


def test_goods_move_into_out_of_or_within_the_shop_and_nowhere_else(books: Books) -> None:
    with pytest.raises(InvalidInput, match="into, out of or within"):
        books.post("move", Line(COFFEE, UNIT, SUPPLIER, CUSTOMER))
    with pytest.raises(InvalidInput, match="same place"):
        books.post("move", Line(COFFEE, UNIT, SHELF, SHELF))
    for pair in ((SHELF, REVALUATION), (REVALUATION, SHELF)):
        with pytest.raises(InvalidInput, match="revalued"):
            books.post("move", Line(COFFEE, UNIT, *pair))


@pytest.mark.parametrize("column", ["archived_at_us", "merged_into_id"])
def test_a_product_out_of_use_takes_nothing_in(books: Books, store: Store, column: str) -> None:
    books.receive(5, 1)
    store.writing(lambda session: session.run(f"UPDATE product SET {column} = ? WHERE id = ?", (TEA, COFFEE)))
    with pytest.raises(Refused, match=r"archived|merged"):
        books.receive(1, 1)
    if column == "archived_at_us":
        books.sell(1)
    else:
        with pytest.raises(Refused, match="merged"):
            books.sell(1)
    books.post("reversal", Line(COFFEE, UNIT, SHELF, SUPPLIER, value_e4=EURO))
    assert books.troubles() == []


def test_a_refused_line_takes_the_whole_entry_with_it(books: Books) -> None:
    with pytest.raises(ShopError):
        books.post("receive", Line(COFFEE, UNIT, SUPPLIER, SHELF), Line(99, UNIT, SUPPLIER, SHELF))
    assert books.rows("SELECT (SELECT COUNT(*) FROM entry), (SELECT COUNT(*) FROM movement)") == [(0, 0)]
    assert books.level() == 0
    assert books.receive(1, 1).entry_id == 1, "the sequence has no holes"


def test_a_caller_that_holds_the_lock_need_not_ask_twice(books: Books, store: Store) -> None:
    draft = Draft("a", "receive", (Line(COFFEE, UNIT, SUPPLIER, SHELF),), "anna")

    def work(session: Session) -> int:
        head = posting.lock(session)
        assert posting.find(session, "a", "something") is None
        return posting.post(session, draft, head=head).entry_id

    assert store.writing(work) == 1
    assert books.troubles() == []
