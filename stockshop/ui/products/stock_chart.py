"""The stock of a product over time, drawn with its reorder point, its receipts and its counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stockshop import clock
from stockshop.language import mark, tr
from stockshop.ui.widgets.chart import ChartData, ChartMark
from stockshop.ui.wording import Wording

if TYPE_CHECKING:
    from stockshop.services.series import StockSeries

SPANS = (("12w", mark("12 weeks")), ("1y", mark("1 year")), ("all", mark("all time")))
RECEIVED, COUNTED = "▲", "●"
_LONG_DAYS = 400


def span_words(span: str) -> str:
    """How a range is called."""
    return tr(dict(SPANS)[span])


def next_span(span: str) -> str:
    """The range after this one, round the end."""
    keys = [key for key, _ in SPANS]
    return keys[(keys.index(span) + 1) % len(keys)]


def chart_of(series: StockSeries, words: Wording) -> ChartData | None:
    """What is drawn; None for a product of which nothing ever moved."""
    if not series.has_moved:
        return None
    whole_us = series.step_us * len(series.levels_milli)
    found = [
        ChartMark((one.at_us - series.from_us) / whole_us, COUNTED if one.kind == "count" else RECEIVED)
        for one in series.marks
    ]
    # A count says more than a receipt of the same day: it is drawn over it.
    marks = sorted(found, key=lambda one: one.symbol == COUNTED)
    point = series.reorder_point_milli
    legend = [f"{mark} {said}" for mark, said in ((RECEIVED, tr("received")), (COUNTED, tr("counted")))]
    if point is not None:
        said = tr("reorder point {quantity}", quantity=words.quantity(point, series.unit))
        legend.append(f"╌ {said}")
    return ChartData(
        values=series.levels_milli,
        line=point,
        marks=tuple(marks),
        number=lambda milli: words.number(milli, series.unit),
        day=lambda share: _day(series.from_us + int(share * (whole_us - 1)), whole_us, words),
        legend="  ".join(legend),
    )


def _day(instant_us: int, whole_us: int, words: Wording) -> str:
    from babel.dates import format_skeleton

    day = clock.to_datetime(instant_us, words.zone).date()
    skeleton = "yMMM" if whole_us > _LONG_DAYS * clock.DAY_US else "MMMd"
    return str(format_skeleton(skeleton, day, locale=words.locale))
