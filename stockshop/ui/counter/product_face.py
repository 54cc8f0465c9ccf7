"""A product as the counter shows it: name and price large, the numbers, where it lies, what became of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from stockshop import clock
from stockshop.language import mark, tr
from stockshop.ui.counter.big_price import HEIGHT, big
from stockshop.ui.counter.charts import columns, sparkline
from stockshop.ui.counter.lines import BAD, KEY, PRICE, QUIET, RULE, STRONG, WARN, Line, part, wrap
from stockshop.ui.counter.phrases import facts, how_much, time_cells
from stockshop.ui.counter.views import ShowProduct
from stockshop.ui.movements.wording import done, place
from stockshop.ui.wording import Wording

if TYPE_CHECKING:
    from stockshop.services.counter import CardLevel, ProductCard, ProductPast
    from stockshop.services.reports import HistoryRow

_DAYS_SOON = 14
_HIDDEN = "·"
_CHART = 4
"""Lines of the chart, where there is room for it."""
_CHART_CELLS = 60


class ProductFace:
    """Paints a product for a room of so many cells and lines."""

    def __init__(self, wording: Wording, width: int, height: int) -> None:
        self.wording, self.width, self.height = wording, width, height

    def lines(self, view: ShowProduct) -> list[Line]:
        """All of it; what does not fit gives way from the bottom, where it lies last of all."""
        card, past = view.card, view.past
        rows = self._head(card)
        rows += [[], *self._numbers(card, hidden=view.hidden)]
        if view.hidden:
            return [*rows, [], [part(tr("The book is hidden while you count."), self.width, QUIET)]]
        levels = self._levels(card)
        tail = self._past(card, past) if past else []
        room = self.height - len(rows) - 1
        # Where it lies decides more than what has become of it, which takes what room is left.
        most = max(2, room - (min(len(tail), 3) + 1 if tail else 0))
        if len(levels) > most:
            hidden = len(levels) - most + 1
            more = tr("… and {count} more", count=self.wording.number(hidden * 1_000))
            levels = [*levels[: most - 1], [part(f"  {more}", self.width, QUIET)]]
        rows += [[], *levels]
        left = self.height - len(rows)
        if tail and left >= 2:
            # The chart only where some movements still fit below it.
            if past and left >= _CHART + 10 and self.width >= _CHART_CELLS and any(past.sold_by_week_milli):
                tail = [*self._chart(past), *self._past(card, past, with_bars=False)]
            rows += [[], *tail]
        return rows

    def _head(self, card: ProductCard) -> list[Line]:
        price = self.wording.price(card.price_minor, card.unit)
        figures = big(price) if price else ("", "", "")
        cells = len(figures[0])
        if not price or cells > self.width // 2:
            shown = price or tr("no price")
            cells = len(shown)
            figures = (" " * cells, shown, " " * cells)
        left = self.width - cells - 2
        column = [(text, STRONG) for text in wrap(card.name, left, 2)]
        column.append((facts(card.sku, card.barcode, card.category), QUIET))
        column += self._badges(card)
        rows: list[Line] = []
        style = PRICE if price else QUIET
        for number in range(max(HEIGHT, len(column))):
            text, look = column[number] if number < len(column) else ("", "")
            figure = figures[number] if number < HEIGHT else " " * cells
            rows.append([part(text, left, look), ("  ", ""), (figure, style)])
        return rows

    def _badges(self, card: ProductCard) -> list[tuple[str, str]]:
        found = []
        if card.archived:
            found.append((tr("✗ archived: not for sale any more"), BAD))
        if any(level.quantity_milli < 0 for level in card.levels):
            found.append((tr("▼ below zero in the books: count it"), BAD))
        elif card.is_low:
            found.append((tr("▼ low: at or below its reorder point"), WARN))
        if not card.barcodes:
            found.append((tr("no barcode yet"), QUIET))
        return found

    def _numbers(self, card: ProductCard, *, hidden: bool) -> list[Line]:
        words = self.wording
        point_milli = card.reorder_point_milli
        point = "—" if point_milli is None else words.quantity(point_milli, card.unit)
        known = _HIDDEN * 3 if hidden else ""
        shown = [
            (tr("on hand"), known or words.quantity(card.on_hand_milli, card.unit),
             BAD if card.on_hand_milli < 0 else ""),
            (tr("available"), known or words.quantity(card.available_milli, card.unit), ""),
            (tr("on order"), words.quantity(card.on_order_milli, card.unit), ""),
            (tr("reorder at"), point, WARN if card.is_low else ""),
        ]  # fmt: skip
        cells = min(18, max(9, self.width // 4 - 2))
        titles: Line = []
        numbers: Line = []
        for title, text, style in shown:
            titles += [part(title, cells, QUIET, "right"), ("  ", "")]
            look = style if style.startswith("bold") else f"bold {style}".strip()
            numbers += [part(text, cells, look, "right"), ("  ", "")]
        return [titles, numbers]

    # -- where it lies ---------------------------------------------------------------------------

    def _levels(self, card: ProductCard) -> list[Line]:
        if not card.levels:
            said = (
                tr("Nothing in any bin; it belongs in {bin}.", bin=card.preferred_bin)
                if card.preferred_bin
                else tr("Nothing in any bin.")
            )
            return [[part(said, self.width, QUIET)]]
        with_lots = any(level.lot for level in card.levels)
        return [self._level(card, level, with_lots=with_lots) for level in card.levels]

    def _level(self, card: ProductCard, level: CardLevel, *, with_lots: bool) -> Line:
        star = "★ " if level.preferred else "  "
        number = self.wording.quantity(level.quantity_milli, card.unit)
        style = BAD if level.quantity_milli < 0 else STRONG
        lot, look = lot_words(self.wording, level.lot, level.expiry)
        lot_cells = min(40 if self.width > 90 else 34, self.width // 2) if with_lots else 0
        name_cells = max(0, self.width - 2 - 12 - 12 - (lot_cells + 2 if with_lots else 0) - 2)
        row: Line = [(star, KEY), part(level.bin, 12), part(number, 12, style, "right"), ("  ", "")]
        if with_lots:
            row += [part(lot, lot_cells, look), ("  ", "")]
        name = level.bin_name if level.bin_name != level.bin else ""
        row.append(part(name, min(name_cells, 40), QUIET))
        return row

    # -- what has become of it -------------------------------------------------------------------

    def _past(self, card: ProductCard, past: ProductPast, *, with_bars: bool = True) -> list[Line]:
        said = []
        has_sold = any(past.sold_by_week_milli)
        if has_sold and with_bars:
            said.append(tr("12 weeks"))
        if past.sold_today_milli:
            said.append(
                tr("sold {quantity} today", quantity=self.wording.quantity(past.sold_today_milli, card.unit))
            )
        if past.last_counted_us:
            said.append(tr("last counted {ago}", ago=self.wording.ago(past.last_counted_us)))
        bars = sparkline(past.sold_by_week_milli) if has_sold and with_bars else ""
        summary: Line = [(bars, KEY)] if bars else []
        never = tr("not sold today, never counted") if has_sold else tr("never sold, never counted")
        text = ("  " if bars else "") + (facts(*said) or never)
        summary.append(part(text, self.width - len(bars), QUIET))
        return [summary, *(self._movement(card, row) for row in past.movements)]

    def _chart(self, past: ProductPast) -> list[Line]:
        """Twelve weeks of sales as columns, the present one at the right."""
        values = past.sold_by_week_milli
        bars = columns(values, _CHART)
        top = self.wording.number(max(values)) if max(values) % 1_000 == 0 else ""
        rows: list[Line] = []
        for number, bar in enumerate(bars):
            rows.append([part(top if number == 0 else "", 6, QUIET, "right"), ("  ", ""), (bar, KEY)])
        span = len(bars[0])
        rows.append([("        ", ""), ("▔" * span, RULE)])
        first = self.wording.time(clock.now_us() - len(values) * 7 * clock.DAY_US)
        last = tr("this week")
        said = tr("sold in 12 weeks")
        dates: Line = [("        ", ""), part(first, span - len(last), QUIET), (last, QUIET)]
        rows.append([*dates, part(f"  {said}", max(0, self.width - 8 - span), QUIET)])
        return [*rows, []]

    def _movement(self, card: ProductCard, row: HistoryRow) -> Line:
        moved_milli = row.change_milli if row.kind in ("adjust", "count") else row.quantity_milli
        quantity = how_much(self.wording, row.kind, moved_milli, card.unit)
        balance = self.wording.number(row.balance_milli, card.unit)
        template = _WAYS.get(row.kind, "{from_bin} → {to_bin}")
        way = tr(template, from_bin=place(row.from_place), to_bin=place(row.to_place))
        shown = facts(f"{done(row.kind)} {quantity}  {way}", row.note)
        cells = time_cells(self.wording)
        return [
            part(self.wording.time(row.occurred_at_us), cells, QUIET, "right"),
            part(f"  {shown}", self.width - cells - 10),
            part(f"→ {balance}", 10, QUIET, "right"),
        ]


_WAYS = {"sell": mark("from {from_bin}"), "receive": mark("to {to_bin}")}


def lot_words(wording: Wording, lot: str, expiry: str | None) -> tuple[str, str]:
    """A lot and until when it is good, with the style that says how urgent it is."""
    if not lot:
        return "", ""
    if not expiry:
        return tr("lot {lot}", lot=lot), QUIET
    days = (date.fromisoformat(expiry) - clock.today(wording.zone)).days
    day = wording.date(expiry)
    named = "" if lot == expiry else "  " + tr("lot {lot}", lot=lot)
    if days < 0:
        return tr("✗ expired {date}", date=day) + named, BAD
    if days <= _DAYS_SOON:
        return tr("! until {date}", date=day) + named, WARN
    return tr("until {date}", date=day) + named, QUIET
