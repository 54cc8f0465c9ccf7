"""The middle of the counter: the product large, a bin's contents, an unknown code, or what is offered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual import events
from textual.message import Message

from stockshop.language import mark, tr, trn
from stockshop.ui.counter.big_price import big
from stockshop.ui.counter.charts import sparkline as sparkline  # the products' pages draw with it too
from stockshop.ui.counter.lines import BAD, KEY, PRICE, QUIET, STRONG, Line, chosen, heading, part
from stockshop.ui.counter.phrases import facts
from stockshop.ui.counter.tasks import Lists, Row, just_now, needs, pieces_words
from stockshop.ui.counter.views import Home, Mode, ShowBin, Shown, ShowProduct, ShowUnknown, Suggested
from stockshop.ui.wording import Wording

if TYPE_CHECKING:
    from stockshop.services.counter import Day
    from stockshop.services.suggesting import Offer


class Card(Lists, can_focus=False):
    """Paints `shown.view`, in whatever room there is; over it what is offered while somebody types."""

    DEFAULT_CSS = """
    Card { height: 1fr; padding: 0 1; }
    """

    class Picked(Message):
        """A product that was offered has been clicked on."""

        def __init__(self, offer: Offer) -> None:
            super().__init__()
            self.offer = offer

    def __init__(self) -> None:
        super().__init__(id="card")
        self.shown = Shown()
        self.wording = Wording()
        self.alone = True
        """Whether no panel stands beside it: then the home screen tells here what needs somebody."""
        self._suggested: Suggested | None = None

    @property
    def is_list(self) -> bool:
        """Whether it shows what needs somebody, line by line."""
        return self.alone and isinstance(self.shown.view, Home)

    def update_shown(self, shown: Shown) -> None:
        """Something else to show: the lines that differ are painted."""
        self.shown = shown
        self.can_focus = self.is_list
        self.repaint()

    def lines(self, width: int, height: int) -> list[Line]:
        """The view, line by line."""
        if self._suggested is not None:
            return self._offers(self._suggested, width, height)
        view = self.shown.view
        if isinstance(view, ShowProduct):
            # Not at the start: nothing has been scanned then.
            from stockshop.ui.counter.product_face import ProductFace

            return ProductFace(self.wording, width, height).lines(view)
        if isinstance(view, ShowBin):
            return self._bin(view, width, height)
        if isinstance(view, ShowUnknown):
            return _unknown(view, width)
        return self._home(width, height)

    # -- what is offered while somebody types --------------------------------------------------

    @property
    def suggested(self) -> Suggested | None:
        """What is offered now."""
        return self._suggested

    def suggest(self, suggested: Suggested | None) -> None:
        """Offer this, or nothing any more."""
        if suggested != self._suggested:
            self._suggested = suggested
            self.repaint()

    @property
    def chosen(self) -> Offer | None:
        """The offer under the cursor."""
        suggested = self._suggested
        return None if suggested is None or suggested.cursor < 0 else suggested.offers[suggested.cursor]

    def move_cursor(self, by: int) -> None:
        """Another offer; above the first there is none."""
        suggested = self._suggested
        if suggested is not None:
            last = min(len(suggested.offers), max(1, self.size.height - 2)) - 1
            self.suggest(suggested._replace(cursor=min(max(-1, suggested.cursor + by), last)))

    def _offers(self, suggested: Suggested, width: int, height: int) -> list[Line]:
        if not suggested.offers:
            return [[part("  " + tr("Nothing is called so."), width, QUIET)]]
        rows: list[Line] = []
        shown = suggested.offers[: max(1, height - 2)]
        prices = [self.wording.price(offer.price_minor, offer.unit) for offer in shown]
        # A unit may be a long word; what the price is for is never cut off.
        price_cells = max(12, *map(cell_len, prices))
        for number, offer in enumerate(shown):
            # While it is counted, the book does not tell the answer.
            hidden = self.shown.mode is Mode.COUNT
            held = "" if hidden else self.wording.quantity(offer.on_hand_milli, offer.unit)
            sku_cells = 14 if width >= 64 else 0
            row: Line = [
                ("▸ " if number == suggested.cursor else "  ", KEY),
                part(offer.name, width - 2 - sku_cells - 10 - price_cells - 4),
                (" ", ""),
                part(offer.sku, sku_cells, QUIET),
                (" ", ""),
                part(held, 10, BAD if offer.on_hand_milli < 0 else "", "right"),
                ("  ", ""),
                part(prices[number], price_cells, STRONG, "right"),
            ]
            rows.append(chosen(row) if number == suggested.cursor else row)
        hint = tr("↓ and Enter choose · Enter alone: all · Esc clears")
        return [*rows, [], [part(f"  {hint}", width, QUIET)]]

    def on_click(self, event: events.Click) -> None:
        """A click on an offer chooses it."""
        suggested = self._suggested
        if suggested is None:
            return
        event.prevent_default()
        offset = event.get_content_offset(self)
        if offset is not None and offset.y < len(suggested.offers):
            self.post_message(self.Picked(suggested.offers[offset.y]))

    # -- home --------------------------------------------------------------------------------

    def _home(self, width: int, height: int) -> list[Line]:
        day = self.shown.day
        if day is None:
            return []
        if not self.alone:
            return [[], *self._today(day, width), [], *_hints(width)]
        rows = needs(day, self.wording, width, max(4, (height - 2) // 2))
        return self.marked([*rows, Row([]), *just_now(day, self.wording, width, height - len(rows) - 1)])

    def _today(self, day: Day, width: int) -> list[Line]:
        """What has been taken today, large, and how much work it was."""
        totals, words = day.totals, self.wording
        said = (
            tr("{count} sold", count=words.number(totals.sold_entries * 1_000)),
            pieces_words(day, words),
            tr("{count} received", count=words.number(totals.received_entries * 1_000)),
        )
        rows: list[Line] = [heading(tr("Today"), width), []]
        for figures, fact in zip(big(words.price(totals.sold_minor)), said, strict=True):
            rows.append([("  ", ""), (figures, PRICE), ("   ", ""), part(fact, 24, QUIET)])
        return rows

    # -- a bin ---------------------------------------------------------------------------------

    def _bin(self, view: ShowBin, width: int, height: int) -> list[Line]:
        from stockshop.ui.counter.product_face import lot_words

        card = view.card
        name = card.name if card.name != card.code else ""
        many = (
            trn("{count} line", "{count} lines", card.total_lines,
                count=self.wording.number(card.total_lines * 1_000))
            if card.total_lines
            else tr("empty")
        )  # fmt: skip
        title = tr("Bin {code}", code=card.code)
        rows: list[Line] = [heading(title, width, facts(name, card.zone, many)), []]
        if not card.lines:
            return [*rows, [part(tr("Nothing lies here by the books."), width, QUIET)]]
        room = height - 3
        shown = card.lines if len(card.lines) <= room else card.lines[: room - 1]
        for entry in shown:
            number = self.wording.quantity(entry.quantity_milli, entry.unit)
            lot, look = lot_words(self.wording, entry.lot, entry.expiry)
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
            left = card.total_lines - len(shown)
            more = tr("… and {count} more", count=self.wording.number(left * 1_000))
            rows.append([part(f"  {more}", width, QUIET)])
        return rows


def _unknown(view: ShowUnknown, width: int) -> list[Line]:
    kept = tr("Kept in the tray of unknown scans.") if view.kept else tr("Not kept yet.")
    rows: list[Line] = [
        [],
        [part("✗ " + tr("NOBODY KNOWS THIS CODE"), width, BAD)],
        [],
        [("   ", ""), part(view.code, width - 3, STRONG)],
        [],
        [part(f"   {kept}", width, QUIET)],
    ]
    if view.gtin:
        said = tr("A real trade number (GTIN): its product is missing here.")
        rows.append([part(f"   {said}", width, QUIET)])
    return rows


_HINTS = (
    (mark("scan"), mark("a product or a bin to see it")),
    (mark("type"), mark("a name, a SKU or part of one; what fits is offered below")),
    ("12*", mark("before a scan means twelve of it")),
    ("Alt+S", mark("then scan to sell, Alt+R to receive, Alt+M to move")),
    ("Alt+N", mark("goes to what needs you; Enter opens a line")),
    ("Ctrl+Z", mark("undoes the last scan, and the one before")),
    ("F1", mark("shows every key")),
)


def _hints(width: int) -> list[Line]:
    rows: list[Line] = []
    for key, words in _HINTS:
        rows.append([part(tr(key), 8, KEY, "right"), ("  ", ""), part(tr(words), max(0, width - 10), QUIET)])
    return rows
