"""The middle of the counter: the product large, a bin's contents, or an unknown code."""

from __future__ import annotations

from datetime import date
from itertools import zip_longest
from typing import TYPE_CHECKING

from textual.content import Content
from textual.geometry import Region, Size
from textual.widget import Widget

from stockshop import clock
from stockshop.ui.counter.big_price import HEIGHT, big
from stockshop.ui.counter.lines import (
    BAD,
    KEY,
    PRICE,
    QUIET,
    STRONG,
    WARN,
    Line,
    content,
    heading,
    part,
    wrap,
)
from stockshop.ui.counter.panels import just_now, needs
from stockshop.ui.counter.views import ShowBin, Shown, ShowProduct, ShowUnknown
from stockshop.ui.wording import DONE, Wording

if TYPE_CHECKING:
    from stockshop.services.counter import CardLevel, Day, ProductCard, ProductPast
    from stockshop.services.reports import HistoryRow

_BARS = "▁▂▃▄▅▆▇█"
_DAYS_SOON = 14
_HIDDEN = "·"


class Card(Widget):
    """Paints `shown.view`, in whatever room there is."""

    DEFAULT_CSS = """
    Card { height: 1fr; padding: 0 1; }
    """

    def __init__(self) -> None:
        super().__init__(id="card")
        self.shown = Shown()
        self.wording = Wording()
        self.alone = True
        """Whether no panel stands beside it: then the home screen tells here what needs somebody."""
        self._rows: list[Line] = []
        self._rows_size = Size()
        """What is painted, or will be next, and the room it was made for."""

    def update_shown(self, shown: Shown) -> None:
        """Something else to show: the lines that differ are painted."""
        self.shown = shown
        size, before = self.size, self._rows
        if size != self._rows_size or not self.display:
            # All of it is made when it is painted, for the room it has then.
            self._rows_size = Size()
            self.refresh()
            return
        self._rows = self._view(*size)
        changed = [
            Region(0, y, size.width, 1)
            for y, (old, new) in enumerate(zip_longest(before[: size.height], self._rows[: size.height]))
            if old != new
        ]
        if changed:
            self.refresh(*changed)

    def render(self) -> Content:
        """The view, line by line."""
        if self.size != self._rows_size:
            self._rows, self._rows_size = self._view(*self.size), self.size
        return content(self._rows, self.size.height)

    def _view(self, width: int, height: int) -> list[Line]:
        view = self.shown.view
        if isinstance(view, ShowProduct):
            rows = self._product(view, width, height)
        elif isinstance(view, ShowBin):
            rows = self._bin(view, width, height)
        elif isinstance(view, ShowUnknown):
            rows = _unknown(view, width)
        else:
            rows = self._home(width, height)
        return rows

    # -- home --------------------------------------------------------------------------------

    def _home(self, width: int, height: int) -> list[Line]:
        day = self.shown.day
        if day is None:
            return []
        if not self.alone:
            return [[], *self._today(day, width), [], *_hints(width)]
        rows = needs(day, self.wording, width, max(4, (height - 2) // 2))
        return [*rows, [], *just_now(day, self.wording, width, height - len(rows) - 1)]

    def _today(self, day: Day, width: int) -> list[Line]:
        """What has been taken today, large, and how much work it was."""
        totals = day.totals
        rows: list[Line] = [heading("Today", width), []]
        for number, figures in enumerate(big(self.wording.price(totals.sold_minor))):
            facts = {
                1: f"{totals.sold_entries} sold",
                2: f"{totals.received_entries} received",
            }.get(number, "")
            rows.append([("  ", ""), (figures, PRICE), ("   ", ""), part(facts, 20, QUIET)])
        return rows

    # -- a product ---------------------------------------------------------------------------

    def _product(self, view: ShowProduct, width: int, height: int) -> list[Line]:
        card = view.card
        rows = self._head(card, width)
        rows += [[], *self._numbers(card, width, hidden=view.hidden)]
        past = view.past
        if view.hidden:
            return [*rows, [], [part("The book is hidden while you count.", width, QUIET)]]
        levels = self._levels(card, width)
        tail = self._past(card, past, width) if past else []
        room = height - len(rows) - 1
        # Where it lies decides more than what has become of it, which takes what room is left.
        most = max(2, room - (min(len(tail), 3) + 1 if tail else 0))
        if len(levels) > most:
            hidden = len(levels) - most + 1
            levels = [*levels[: most - 1], [part(f"  … and {hidden} more", width, QUIET)]]
        rows += [[], *levels]
        if tail and height - len(rows) >= 2:
            rows += [[], *tail]
        return rows

    def _head(self, card: ProductCard, width: int) -> list[Line]:
        price = self.wording.price(card.price_minor)
        figures = big(price) if price else ("", "", "")
        cells = len(figures[0])
        if not price or cells > width // 2:
            shown = price or "no price"
            cells = len(shown)
            figures = (" " * cells, shown, " " * cells)
        left = width - cells - 2
        names = wrap(card.name, left, 2)
        facts = " · ".join(filter(None, (card.sku, card.barcode, card.category)))
        column = [(text, STRONG) for text in names]
        column.append((facts, QUIET))
        for words, style in self._badges(card):
            column.append((words, style))
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
            found.append(("✗ archived: not for sale any more", BAD))
        if any(level.quantity_milli < 0 for level in card.levels):
            found.append(("▼ below zero in the books: count it", BAD))
        elif card.is_low:
            found.append(("▼ low: at or below its reorder point", WARN))
        if not card.barcodes:
            found.append(("no barcode yet", QUIET))
        return found

    def _numbers(self, card: ProductCard, width: int, *, hidden: bool) -> list[Line]:
        words = self.wording
        facts = [
            ("on hand", words.quantity(card.on_hand_milli, card.unit), BAD if card.on_hand_milli < 0 else ""),
            ("available", words.quantity(card.available_milli, card.unit), ""),
            ("on order", words.quantity(card.on_order_milli, card.unit), ""),
            (
                "reorder at",
                "—"
                if card.reorder_point_milli is None
                else words.quantity(card.reorder_point_milli, card.unit),
                WARN if card.is_low else "",
            ),
        ]
        cells = min(16, max(9, width // 4 - 2))
        titles: Line = []
        numbers: Line = []
        for title, shown, style in facts:
            text = _HIDDEN * 3 if hidden and title in ("on hand", "available") else shown
            titles += [part(title, cells, QUIET, "right"), ("  ", "")]
            numbers += [part(text, cells, f"bold {style}".replace("bold bold", "bold"), "right"), ("  ", "")]
        return [titles, numbers]

    def _levels(self, card: ProductCard, width: int) -> list[Line]:
        if not card.levels:
            where = f"; it belongs in {card.preferred_bin}" if card.preferred_bin else ""
            return [[part(f"Nothing in any bin{where}.", width, QUIET)]]
        with_lots = any(level.lot for level in card.levels)
        return [self._level(card, level, width, with_lots=with_lots) for level in card.levels]

    def _level(self, card: ProductCard, level: CardLevel, width: int, *, with_lots: bool) -> Line:
        mark = "★ " if level.preferred else "  "
        number = self.wording.quantity(level.quantity_milli, card.unit)
        style = BAD if level.quantity_milli < 0 else STRONG
        lot, look = self._lot(level.lot, level.expiry)
        lot_cells = min(34, width // 2) if with_lots else 0
        name_cells = max(0, width - 2 - 12 - 12 - (lot_cells + 2 if with_lots else 0) - 2)
        row: Line = [(mark, KEY), part(level.bin, 12), part(number, 12, style, "right"), ("  ", "")]
        if with_lots:
            row += [part(lot, lot_cells, look), ("  ", "")]
        name = level.bin_name if level.bin_name != level.bin else ""
        row.append(part(name, min(name_cells, 40), QUIET))
        return row

    def _lot(self, lot: str, expiry: str | None) -> tuple[str, str]:
        if not lot:
            return "", ""
        if not expiry:
            return f"lot {lot}", QUIET
        days = (date.fromisoformat(expiry) - clock.today(self.wording.zone)).days
        shown = f"{self.wording.date(expiry)}  lot {lot}" if lot != expiry else self.wording.date(expiry)
        if days < 0:
            return f"✗ expired {shown}", BAD
        return (f"! until {shown}", WARN) if days <= _DAYS_SOON else (f"until {shown}", QUIET)

    # -- what has become of it -----------------------------------------------------------------

    def _past(self, card: ProductCard, past: ProductPast, width: int) -> list[Line]:
        facts = []
        if past.sold_today_milli:
            facts.append(f"sold {self.wording.quantity(past.sold_today_milli, card.unit)} today")
        if past.last_counted_us:
            facts.append(f"counted {self.wording.ago(past.last_counted_us)}")
        if any(past.sold_by_week_milli):
            facts.insert(0, "12 weeks")
        bars = sparkline(past.sold_by_week_milli) if any(past.sold_by_week_milli) else ""
        summary: Line = [(bars, KEY)] if bars else []
        text = ("  " if bars else "") + " · ".join(facts or ["never sold, never counted"])
        summary.append(part(text, width - len(bars), QUIET))
        return [summary, *(self._movement(card, row, width) for row in past.movements)]

    def _movement(self, card: ProductCard, row: HistoryRow, width: int) -> Line:
        quantity = self.wording.quantity(row.quantity_milli, card.unit)
        balance = self.wording.number(row.balance_milli, card.unit)
        ways = {"sell": f"from {row.from_place}", "receive": f"to {row.to_place}"}
        way = ways.get(row.kind, f"{row.from_place} → {row.to_place}")
        note = f" · {row.note}" if row.note else ""
        shown = f"{DONE.get(row.kind, row.kind)} {quantity}  {way}{note}"
        return [
            part(self.wording.time(row.occurred_at_us), 8, QUIET, "right"),
            part(f"  {shown}", width - 8 - 10),
            part(f"→ {balance}", 10, QUIET, "right"),
        ]

    # -- a bin ---------------------------------------------------------------------------------

    def _bin(self, view: ShowBin, width: int, height: int) -> list[Line]:
        card = view.card
        name = f"{card.name} · " if card.name != card.code else ""
        many = "empty" if not card.total_lines else f"{card.total_lines} lines"
        rows: list[Line] = [heading(f"Bin {card.code}", width, f"{name}{card.zone} · {many}"), []]
        if not card.lines:
            return [*rows, [part("Nothing lies here by the books.", width, QUIET)]]
        room = height - 3
        shown = card.lines if len(card.lines) <= room else card.lines[: room - 1]
        for entry in shown:
            number = self.wording.quantity(entry.quantity_milli, entry.unit)
            lot, look = self._lot(entry.lot, entry.expiry)
            lot_cells = 30 if lot and width > 70 else 0
            rows.append(
                [
                    part(number, 10, BAD if entry.quantity_milli < 0 else STRONG, "right"),
                    ("  ", ""),
                    part(entry.name, max(0, width - 10 - 16 - lot_cells - 4)),
                    ("  ", ""),
                    part(lot, lot_cells, look),
                    part(entry.sku, 16, QUIET, "right"),
                ]
            )
        if len(shown) < card.total_lines:
            rows.append([part(f"  … and {card.total_lines - len(shown)} more", width, QUIET)])
        return rows


def sparkline(values: tuple[int, ...]) -> str:
    """One bar for each value, the highest full; what is below zero has none."""
    top = max(values)
    if top <= 0:
        return ""
    return "".join(_BARS[(max(0, value) * (len(_BARS) - 1) + top - 1) // top] for value in values)


def _unknown(view: ShowUnknown, width: int) -> list[Line]:
    kept = "Kept in the tray of unknown scans." if view.kept else "Not kept yet."
    rows: list[Line] = [
        [],
        [part("✗ NOBODY KNOWS THIS CODE", width, BAD)],
        [],
        [("   ", ""), part(view.code, width - 3, STRONG)],
        [],
        [part(f"   {kept}", width, QUIET)],
    ]
    if view.gtin:
        rows.append([part("   A real trade number (GTIN): its product is missing here.", width, QUIET)])
    return rows


def _hints(width: int) -> list[Line]:
    hints = (
        ("scan", "a product or a bin to see it"),
        ("type", "a name, a SKU or part of one, then Enter"),
        ("12*", "before a scan means twelve of it"),
        ("Alt+S", "then scan to sell, Alt+R to receive, Alt+M to move"),
        ("Ctrl+Z", "undoes the last scan, and the one before"),
        ("F1", "shows every key"),
    )
    rows: list[Line] = []
    for key, words in hints:
        rows.append([part(key, 8, KEY, "right"), ("  ", ""), part(words, max(0, width - 10), QUIET)])
    return rows
