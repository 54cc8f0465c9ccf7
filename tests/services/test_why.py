"""Why a number is what it is: balances, looks that make it certain, and what is doubtful."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from stockshop import clock
from stockshop.errors import NotFound
from stockshop.services import catalogue, counting, locations, stock, why
from stockshop.services.counting import Look
from stockshop.services.shop import Shop
from stockshop.services.stock import LineRequest
from stockshop.services.why import Finding, LedgerLine
from tests.conftest import NOON_US, HandClock

DAY_S = 86_400


@pytest.fixture
def bolt(shop: Shop) -> int:
    return catalogue.add_product(shop, "Ada", sku="M6", name="Bolt").id


def post(shop: Shop, kind: str, many: int, place: str = "A-01", **more: object) -> int:
    line = LineRequest("M6", many * 1_000, **{"to_bin" if kind == "receive" else "from_bin": place})  # type: ignore[arg-type]
    return stock.post_entry(shop, "Ada", kind, [line], **more).entry_id  # type: ignore[arg-type]


def count(shop: Shop, many: int, place: str, at_us: int | None = None) -> int | None:
    look = Look("M6", place, many * 1_000, clock.now_us() if at_us is None else at_us)
    return counting.post_count(shop, "Ben", [look]).entry_id


def shown(lines: Sequence[LedgerLine]) -> list[tuple[str, int, int]]:
    return [(line.kind, line.change_milli // 1_000, line.balance_milli // 1_000) for line in lines]


def findings(lines: Sequence[LedgerLine]) -> list[tuple[str, str]]:
    return [(line.kind, found.kind) for line in lines for found in line.findings]


def test_a_look_stands_where_it_was_taken_and_makes_the_bin_certain(
    shop: Shop, bolt: int, hands: HandClock
) -> None:
    post(shop, "receive", 10)
    hands.pass_time(60)
    assert count(shop, 10, "A-01") is None
    hands.pass_time(60)
    post(shop, "sell", 3)
    ledger = why.ledger(shop, bolt)
    assert shown(ledger.lines) == [("sell", -3, 7), ("look", 0, 10), ("receive", 10, 10)]
    look = ledger.lines[1]
    assert look.is_certain and ledger.anchor == look and look.entry_id is None
    assert (look.actor, look.to_place, look.quantity_milli) == ("Ben", "A-01", 10_000)
    assert (ledger.on_hand_milli, ledger.is_whole, ledger.quiet) == (7_000, True, None)


def test_only_the_last_look_at_a_bin_that_was_not_undone_is_certain(
    shop: Shop, bolt: int, hands: HandClock
) -> None:
    post(shop, "receive", 10)
    post(shop, "receive", 5, "B-01")
    for many, place in ((9, "A-01"), (8, "A-01"), (5, "B-01")):
        hands.pass_time(60)
        entry = count(shop, many, place)
        if many == 8:
            assert entry is not None
            hands.pass_time(60)
            stock.reverse_entry(shop, "Ada", entry, "typed wrongly")
    looks = [line for line in why.ledger(shop, bolt).lines if line.kind == "look"]
    assert [(line.quantity_milli, line.is_certain) for line in looks] == [
        (5_000, True), (8_000, False), (9_000, True),
    ]  # fmt: skip
    assert looks[1].undone_by_id is not None


def test_a_count_that_found_fewer_is_a_finding_under_its_look(
    shop: Shop, bolt: int, hands: HandClock
) -> None:
    post(shop, "receive", 10)
    hands.pass_time(60)
    count(shop, 7, "A-01")
    ledger = why.ledger(shop, bolt)
    assert shown(ledger.lines) == [("look", 0, 7), ("count", -3, 7), ("receive", 10, 10)]
    assert ledger.lines[1].findings == (Finding("variance", quantity_milli=-3_000),)


def test_a_dip_and_what_came_after_it_are_marked(shop: Shop, bolt: int, hands: HandClock) -> None:
    post(shop, "receive", 1)
    post(shop, "sell", 3)
    hands.pass_time(60)
    post(shop, "receive", 12)
    post(shop, "receive", 4)
    assert findings(why.ledger(shop, bolt).lines) == [("receive", "fills"), ("sell", "dip")]
    dip = why.ledger(shop, bolt).lines[2].findings[0]
    assert (dip.place, dip.quantity_milli) == ("A-01", -2_000)


def test_the_same_receipt_within_minutes_is_doubtful_and_hours_later_it_is_not(
    shop: Shop, bolt: int, hands: HandClock
) -> None:
    first = post(shop, "receive", 12, reference="LS 7")
    hands.pass_time(120)
    post(shop, "receive", 12, reference="LS 7")
    hands.pass_time(120)
    post(shop, "receive", 12, reference="LS 8")
    hands.pass_time(7_200)
    post(shop, "receive", 12, reference="LS 8")
    marked = [line for line in why.ledger(shop, bolt).lines if line.findings]
    assert [(line.reference, line.findings) for line in marked] == [
        ("LS 7", (Finding("twice", entry_id=first),))
    ]
    stock.reverse_entry(shop, "Ada", marked[0].entry_id or 0, "booked twice")
    assert findings(why.ledger(shop, bolt).lines) == []


def test_what_was_told_later_says_how_much_later(shop: Shop, bolt: int, hands: HandClock) -> None:
    post(shop, "receive", 12)
    hands.pass_time(2 * DAY_S)
    post(shop, "sell", 1, at_us=NOON_US + clock.DAY_US)
    (line, _) = why.ledger(shop, bolt).lines
    assert line.findings == (Finding("late", after_us=clock.DAY_US),)


def test_a_silence_against_its_own_rhythm_is_doubtful_and_a_slow_seller_is_not(
    shop: Shop, bolt: int, hands: HandClock
) -> None:
    post(shop, "receive", 99)
    for _ in range(12):
        hands.pass_time(DAY_S)
        post(shop, "sell", 1)
    hands.pass_time(40 * DAY_S)
    assert why.ledger(shop, bolt).quiet == Finding("quiet", days=40, usual_days=1)
    post(shop, "sell", 1)
    ledger = why.ledger(shop, bolt)
    assert ledger.lines[0].findings == (Finding("quiet", days=40, usual_days=1),) and ledger.quiet is None
    slow = [
        replace(line, occurred_at_us=line.occurred_at_us * 30 - 29 * NOON_US, findings=())
        for line in ledger.lines[1:]
    ]
    assert findings(why.with_findings(slow, {})) == []


def test_nothing_is_improbable_while_there_is_nothing_to_sell(
    shop: Shop, bolt: int, hands: HandClock
) -> None:
    post(shop, "receive", 12)
    for _ in range(12):
        hands.pass_time(DAY_S)
        post(shop, "sell", 1)
    hands.pass_time(40 * DAY_S)
    assert why.ledger(shop, bolt).quiet is None
    post(shop, "receive", 12)
    post(shop, "sell", 1)
    assert findings(why.ledger(shop, bolt).lines) == []


def test_a_bin_has_a_ledger_of_its_own(shop: Shop, bolt: int, hands: HandClock) -> None:
    post(shop, "receive", 10)
    stock.post_entry(shop, "Ada", "move", [LineRequest("M6", 4_000, from_bin="A-01", to_bin="B-01")])
    post(shop, "sell", 1, "B-01")
    count(shop, 6, "A-01")
    back = locations.find_place(shop, "B-01").id
    ledger = why.ledger(shop, bolt, location_id=back)
    assert (ledger.place, ledger.on_hand_milli) == ("B-01", 3_000)
    assert shown(ledger.lines) == [("sell", -1, 3), ("move", 4, 4)]
    assert [code for _, code in ledger.places] == ["A-01", "B-01"]


def test_a_lot_has_a_ledger_of_its_own(shop: Shop) -> None:
    milk = catalogue.add_product(shop, "Ada", sku="MILK", name="Milk", tracking="lot").id
    for lot, many in (("L1", 6_000), ("L2", 4_000)):
        stock.post_entry(shop, "Ada", "receive", [LineRequest("MILK", many, to_bin="A-01", lot=lot)])
    with shop.store.reading() as session:
        lot_id = session.value("SELECT id FROM lot WHERE code = 'L2'")
    ledger = why.ledger(shop, milk, lot_id=lot_id)
    assert (ledger.lot, shown(ledger.lines)) == ("L2", [("receive", 4, 4)])


def test_a_part_of_a_long_ledger_has_the_right_balances(shop: Shop, bolt: int) -> None:
    for _ in range(9):
        post(shop, "receive", 1)
    part = why.ledger(shop, bolt, limit=4)
    assert not part.is_whole
    assert [line.balance_milli for line in part.lines] == [9_000, 8_000, 7_000, 6_000]
    assert why.ledger(shop, bolt).lines[:4] == part.lines


def test_a_count_further_back_than_is_read_is_known_of(shop: Shop, bolt: int, hands: HandClock) -> None:
    count(shop, 0, "A-01")
    for _ in range(70):
        hands.pass_time(60)
        post(shop, "receive", 1)
    part = why.ledger(shop, bolt, limit=4)
    assert part.anchor is None and part.counted_us == NOON_US and not part.is_whole
    assert why.ledger(shop, bolt).counted_us == NOON_US


def test_a_product_that_never_moved_has_an_empty_ledger_and_one_that_is_not_there_none(
    shop: Shop, bolt: int
) -> None:
    ledger = why.ledger(shop, bolt)
    assert (ledger.lines, ledger.on_hand_milli, ledger.anchor, ledger.places) == ((), 0, None, ())
    with pytest.raises(NotFound):
        why.ledger(shop, 999)
