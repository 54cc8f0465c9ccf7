"""The chart: columns as high as their values, a line at the reorder point, marks, days and numbers."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from stockshop.services import series
from stockshop.services.series import StockSeries
from stockshop.ui.products.stock_chart import chart_of, next_span
from stockshop.ui.widgets.chart import Chart, ChartData, ChartMark, columns_of, nice_top, paint
from stockshop.ui.wording import Wording
from tests.ui.test_hostile import MARKUP, assert_harmless


def data(
    *values: int, line: int | None = None, marks: tuple[ChartMark, ...] = (), legend: str = ""
) -> ChartData:
    return ChartData(
        tuple(value * 1_000 for value in values),
        None if line is None else line * 1_000,
        marks,
        lambda milli: f"{milli // 1_000}",
        lambda share: f"d{share:.1f}",
        legend,
    )


def drawn(found: ChartData, width: int = 40, height: int = 10) -> list[str]:
    rows = ["".join(text for text, _ in row) for row in paint(found, width, height)]
    assert len(rows) == height and {len(row) for row in rows} == {width}
    return rows


@pytest.mark.parametrize(
    ("most", "top"), [(1, 1), (7, 8), (11, 12), (96, 100), (101, 120), (2_001, 2_500), (9_001, 10_000)]
)
def test_the_scale_ends_at_a_round_number(most: int, top: int) -> None:
    assert nice_top(most) == top


def test_each_column_shows_the_value_at_its_end() -> None:
    assert columns_of((1, 2, 3, 4, 5, 6), 3) == [(2, 1), (4, 3), (6, 5)]
    assert columns_of((1, 2), 4) == [(1, 1), (1, 1), (2, 2), (2, 2)]


def test_columns_are_as_high_as_their_values() -> None:
    rows = drawn(data(*[8] * 10, *[4] * 10, *[0] * 10), 33, 10)
    plot = [row[2:] for row in rows[:8]]
    heights = [sum(row[column] == "█" for row in plot) for column in (0, 15, 30)]
    assert heights == [8, 4, 0]
    assert rows[0].startswith("8│") and rows[8].startswith("0┤")


def test_a_little_is_never_drawn_as_nothing() -> None:
    rows = drawn(data(1, 1_000), 40, 10)
    assert rows[7][6] == "▁"


def test_the_reorder_point_is_a_line_with_its_number() -> None:
    rows = drawn(data(*[10] * 20, line=5))
    (row,) = [row for row in rows if "╌" in row]
    assert row.lstrip().startswith("5│") and row.count("╌") == 40 - 3


def test_below_zero_hangs_under_the_axis() -> None:
    rows = drawn(data(*[4] * 10, *[-2] * 10))
    axis = next(number for number, row in enumerate(rows) if "┤" in row)
    assert not any("▀" in row for row in rows[:axis])
    below = rows[axis + 1]
    assert below[:20].strip(" │") == "" and below.endswith("█")
    assert any(row.startswith("-2│") for row in rows[axis + 1 :])


def test_marks_stand_on_the_axis_and_days_below_it() -> None:
    rows = drawn(data(*[4] * 10, marks=(ChartMark(0.0, "▲"), ChartMark(1.0, "●")), legend="▲ received"))
    axis = next(row for row in rows if "┤" in row)
    assert axis[2] == "▲" and axis[-1] == "●"
    assert rows[-2].strip().startswith("d0.0") and rows[-2].endswith("d1.0")
    assert rows[-1].strip() == "▲ received"


@pytest.mark.parametrize("size", [(20, 5), (21, 6), (60, 8), (140, 30), (300, 12)])
def test_it_fills_any_size_exactly(size: tuple[int, int]) -> None:
    drawn(data(*range(-5, 60), line=7, legend="x" * 400), *size)


def test_where_there_is_no_room_nothing_is_drawn() -> None:
    assert paint(data(1, 2), 12, 10) == [] and paint(data(1, 2), 40, 3) == [] and paint(data(), 40, 10) == []


def a_series(**changes: object) -> StockSeries:
    values: dict[str, object] = {
        "product_id": 1, "unit": "each", "from_us": 1_780_000_000_000_000, "step_us": 86_400_000_000,
        "levels_milli": (1_500_000,) * 84, "marks": (series.Mark(1_780_000_000_000_000, "count", 3_000),),
        "reorder_point_milli": 1_000_000, "has_moved": True,
    }  # fmt: skip
    return StockSeries(**{**values, **changes})  # type: ignore[arg-type]


def test_numbers_and_days_are_written_as_the_shop_writes_them() -> None:
    found = chart_of(a_series(), Wording("EUR", "de_DE"))
    assert found is not None
    rows = drawn(found, 80, 12)
    assert any("1.500│" in row for row in rows) and any("1.000│" in row for row in rows)
    assert "28. Mai" in rows[-2] and "reorder point 1.000" in rows[-1] and "●" in rows[-3]
    kilos = chart_of(
        a_series(unit="kg", levels_milli=(250,) * 14, reorder_point_milli=None), Wording("EUR", "de_DE")
    )
    assert kilos is not None and "0,25│" in drawn(kilos, 80, 12)[0]


def test_the_ranges_follow_each_other() -> None:
    assert [next_span("12w"), next_span("1y"), next_span("all")] == ["1y", "all", "12w"]
    assert tuple(series.RANGES) == ("12w", "1y", "all")


class OneChart(App[None]):
    def compose(self) -> ComposeResult:
        yield Chart("Stock over time", id="chart")


async def test_an_empty_chart_says_why_and_hostile_words_are_letters() -> None:
    app = OneChart()
    async with app.run_test(size=(60, 14)) as pilot:
        chart = app.query_one(Chart)
        for name in MARKUP:
            chart.show(None, remark=name, empty=f"Nothing has moved yet {name}")
            assert "Nothing has moved yet" in chart.render().plain
            chart.show(data(1, 2, 3, legend=name), remark=name)
            for row in chart.render().plain.split("\n"):
                assert_harmless(row)
        await pilot.pause()
