"""The measuring itself: every part runs and every line of the design's table is there.

Whether targets are met is told by `python -m tests.bench`, never by a test.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stockshop.services import care_doctor
from tests.bench import shops
from tests.bench.__main__ import main
from tests.bench.figures import Figure, percentile, side_by_side
from tests.bench.watching import CAN_WATCH

ALWAYS = {
    "durable posting, one line",
    "lines of 100-line entries",
    "search as you type",
    "search as you type, p99",
    "reading a scan (no screen)",
    "import of products",
    "labels",
}
WITH_SCREEN = {
    "start to the counter",
    "start to the open shop",
    "scan to answer",
    "scan to answer, p99",
    "product list, first paint",
    "product list, one key",
    "memory, products open",
}


def test_every_line_of_the_table_is_measured_and_its_ratio_reckoned(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["--sizes", "300", "--rounds", "1", "--json", "--brief"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {figure["what"] for figure in found} == ALWAYS | (WITH_SCREEN if CAN_WATCH else {"screens"})
    for figure in found:
        assert set(figure) == {"what", "size", "ours", "theirs", "unit", "ratio", "target", "note", "met"}
        if figure["theirs"]:
            assert figure["ours"] > 0
            assert figure["ratio"] > 0
        assert figure["met"] in ((True, False) if figure["target"] else (None,))


def test_a_shop_made_for_measuring_is_sound(tmp_path: Path) -> None:
    shop = shops.make_shop(tmp_path, 40, movements=400)
    try:
        checked = care_doctor.doctor(shop)
    finally:
        shop.close()
    assert [trouble.message for trouble in checked.troubles] == []


def test_a_target_is_a_least_or_a_most() -> None:
    def figure(ratio: float, target: str) -> Figure:
        return Figure("a thing", 0, 1, 1, "s", ratio, target)

    assert figure(0.80, ">= 0.75").is_met
    assert figure(0.70, ">= 0.75").is_met is False
    assert figure(1.5, "<= 1.5").is_met
    assert figure(1.51, "<= 1.5").is_met is False
    assert figure(9.0, "").is_met is None


def test_both_sides_are_measured_in_turn_and_the_median_counts() -> None:
    order: list[str] = []
    ours, theirs = iter([1.0, 9.0, 2.0]), iter([4.0, 5.0, 100.0])

    def mine() -> float:
        order.append("ours")
        return next(ours)

    def least() -> float:
        order.append("theirs")
        return next(theirs)

    assert side_by_side(mine, least, 3) == (2.0, 5.0)
    assert order == ["ours", "theirs"] * 3


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = [float(number) for number in range(100, 0, -1)]
    assert percentile(values, 0.5) == 51.0
    assert percentile(values, 0.99) == 100.0
    assert percentile([3.0], 0.99) == 3.0
