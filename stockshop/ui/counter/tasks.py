"""What needs somebody and what has just happened: lines that say it, and lead to where it is done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from stockshop import clock
from stockshop.language import mark, tr, trn
from stockshop.ui.counter.lines import BAD, KEY, QUIET, WARN, Line, chosen, heading, part, wrap
from stockshop.ui.counter.painted import Painted
from stockshop.ui.counter.phrases import did, facts, how_much, time_cells
from stockshop.ui.counter.views import Shown
from stockshop.ui.wording import Wording

if TYPE_CHECKING:
    from stockshop.services.counter import Day, Expiring, Overdue


class Target(NamedTuple):
    """Where a line leads."""

    what: str
    """`product`, `count` (a product in a bin), `unknown`, `expected`, `low` or `entry`."""
    id: int = 0
    bin: str = ""
    lot: str = ""


class Row(NamedTuple):
    """A line, and where it leads to when it is opened."""

    line: Line
    target: Target | None = None


def needs(day: Day, wording: Wording, width: int, height: int) -> list[Row]:
    """What needs somebody, the most urgent first; each kind has its share of the room."""
    room = max(1, height - 1)
    kinds = _kinds(day, wording, width)
    rows = [Row(heading(tr("Needs you"), width))]
    total = sum(many for _, many in kinds)
    if not total and not day.has_products:
        return [*rows, *(Row([part(f"  {words}", width, QUIET)]) for words in _first_steps(width))][
            : room + 1
        ]
    if not total:
        return [*rows, Row([part("  " + tr("Nothing. All is well."), width, QUIET)])]
    if total <= room and total == sum(len(found) for found, _ in kinds):
        return [*rows, *(row for found, _ in kinds for row in found)]
    shares = _shares([len(found) for found, _ in kinds], room - 1)
    for (found, _), share in zip(kinds, shares, strict=True):
        rows += found[:share]
    more = total - sum(shares)
    words = trn("… and {count} more", "… and {count} more", more, count=wording.number(more * 1_000))
    return [*rows, Row([part(f"  {words}", width, QUIET)], Target("low"))]


def _first_steps(width: int) -> list[str]:
    """What to do in a shop that has only just begun."""
    steps = (
        tr("No products yet: press F8 to import a file."),
        tr("Or scan a product and press N: it is made on the spot."),
    )
    return [said for step in steps for said in wrap(step, width - 2, 2)]


def _shares(wanted: list[int], room: int) -> list[int]:
    """So many lines of each kind: in turn, the most urgent first, until the room is full."""
    shares = [0] * len(wanted)
    while room > 0 and shares != wanted:
        for number, many in enumerate(wanted):
            if shares[number] < many and room > 0:
                shares[number] += 1
                room -= 1
    return shares


def _kinds(day: Day, wording: Wording, width: int) -> list[tuple[list[Row], int]]:
    """The lines of each kind, and how many there are in all."""
    today = clock.today(wording.zone).isoformat()
    past = [lot for lot in day.expiring if lot.expiry < today]
    soon = [lot for lot in day.expiring if lot.expiry >= today]
    beyond = day.expiring_total - len(day.expiring)
    below = [
        _need(
            row.name,
            tr("{quantity} in {bin}: count", quantity=wording.quantity(row.quantity_milli, row.unit),
               bin=row.bin),
            width, BAD, Target("count", row.product_id, row.bin),
        )
        for row in day.below_zero
    ]  # fmt: skip
    counted = {row.product_id for row in day.below_zero}
    # What is below zero has to be counted before anybody knows whether it is low.
    low = [row for row in day.low if row.product_id not in counted]
    lows = [
        _need(
            row.name,
            tr("{quantity} of {point}", quantity=wording.number(row.projected_milli, row.unit),
               point=wording.quantity(row.reorder_point_milli, row.unit)),
            width, WARN, Target("product", row.product_id, row.site),
        )
        for row in low
    ]  # fmt: skip
    unknown = day.attention.unknown_scans
    return [
        ([_expiring(lot, wording, width, today) for lot in past], len(past)),
        (below, day.attention.below_zero),
        ([_unknown(unknown, width)] if unknown else [], 1 if unknown else 0),
        ([_overdue(late, width) for late in day.overdue], len(day.overdue)),
        ([_expiring(lot, wording, width, today) for lot in soon], len(soon) + beyond),
        (lows, day.attention.low - (len(day.low) - len(low))),
    ]


def _need(name: str, text: str, width: int, style: str, target: Target) -> Row:
    cells = min(len(text) + 1, width * 3 // 5)
    return Row(
        [("  ", ""), part(name, width - cells - 3), (" ", ""), part(text, cells, style, "right")], target
    )


def _unknown(many: int, width: int) -> Row:
    words = trn("1 unknown scan in the tray", "{count} unknown scans in the tray", many)
    return Row([part(f"  {words}", width - 5, WARN), ("Alt+U", KEY)], Target("unknown"))


def _expiring(lot: Expiring, wording: Wording, width: int, today: str) -> Row:
    number = wording.quantity(lot.quantity_milli, lot.unit)
    if lot.expiry == today:
        day = tr("today")
    else:
        day = wording.time(clock.day_start_us(date.fromisoformat(lot.expiry), wording.zone))
    target = Target("product", lot.product_id, lot.bin, lot.lot)
    if lot.expiry < today:
        return _need(lot.name, tr("✗ {quantity} past {date}", quantity=number, date=day), width, BAD, target)
    return _need(lot.name, tr("! {quantity} until {date}", quantity=number, date=day), width, WARN, target)


def _overdue(late: Overdue, width: int) -> Row:
    days = max(1, (clock.now_us() - late.due_us) // clock.DAY_US)
    text = trn("{count} day late", "{count} days late", days)
    name = facts(late.order.supplier, late.order.reference)
    return _need(name, text, width, WARN, Target("expected", late.order.order_id))


def just_now(day: Day, wording: Wording, width: int, height: int) -> list[Row]:
    """Today's totals, and the newest entries."""
    rows = [Row(heading(tr("Just now"), width, takings(day, wording, width - 12)))]
    if not day.entries:
        return [*rows, Row([part("  " + tr("Nothing yet. The first scan will stand here."), width, QUIET)])]
    cells = time_cells(wording)
    for entry in day.entries[: max(0, height - 1)]:
        rest = entry.lines - 1
        more = "  " + trn("and {count} more", "and {count} more", rest) if rest else ""
        number = how_much(wording, entry.kind, entry.first_quantity_milli, entry.first_unit)
        line: Line = [
            part(wording.time(entry.occurred_at_us), cells, QUIET, "right"),
            part(f"  {did(entry.kind, number, entry.first_name)}", width - cells - len(more)),
            (more, QUIET),
        ]
        rows.append(Row(line, Target("entry", entry.entry_id)))
    return rows


def takings(day: Day, wording: Wording, width: int) -> str:
    """What was sold today: how often and for how much; where there is room, pieces and receipts too."""
    totals = day.totals
    if not totals.sold_entries and not totals.received_entries:
        return tr("nothing sold today")
    sold = tr("{count} sold", count=wording.number(totals.sold_entries * 1_000))
    money = wording.price(totals.sold_minor)
    pieces = pieces_words(day, wording)
    received = tr("{count} received", count=wording.number(totals.received_entries * 1_000))
    for said in (facts(sold, pieces, money, received), facts(sold, money, received), facts(sold, money)):
        if len(said) <= width:
            return said
    return money


def pieces_words(day: Day, wording: Wording) -> str:
    """How many pieces were sold today."""
    many = day.sold_pieces_milli // 1_000
    return trn("{count} piece", "{count} pieces", many, count=wording.number(many * 1_000))


class Lists(Painted):
    """Something with lines that lead somewhere: the arrows go through them, Enter or a click opens one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", mark("Up"), show=False, id="tasks.up",
                tooltip=mark("To the line above; from the first, back to the scan line")),
        Binding("down", "step(1)", mark("Down"), show=False, id="tasks.down",
                tooltip=mark("To the line below")),
        Binding("enter", "open_line", mark("Open"), show=False, id="tasks.open",
                tooltip=mark("Go where the line leads: the product, its count, the tray, the entry")),
    ]  # fmt: skip

    class Opened(Message):
        """A line is to be opened."""

        def __init__(self, target: Target) -> None:
            super().__init__()
            self.target = target

    class Left(Message):
        """Back to the scan line."""

    def __init__(self, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._targets: list[tuple[int, Target]] = []
        """Where the lines lead, with the line's number on the widget."""
        self._place = 0
        """The number of the target under the cursor."""

    def marked(self, rows: Iterable[Row]) -> list[Line]:
        """The lines to paint; the one under the cursor stands out while the list has the focus."""
        rows = list(rows)
        before = self._under_cursor
        self._targets = [(y, row.target) for y, row in enumerate(rows) if row.target is not None]
        if not self.has_focus or not self._targets:
            return [row.line for row in rows]
        if self._under_cursor != before:
            # Something has come in above: the cursor stays with its line.
            same = (place for place, (_, target) in enumerate(self._targets) if target == before)
            self._place = next(same, min(self._place, len(self._targets) - 1))
        at = self._targets[self._place][0]
        return [chosen(row.line) if y == at else row.line for y, row in enumerate(rows)]

    @property
    def _under_cursor(self) -> Target | None:
        return self._targets[self._place][1] if self._place < len(self._targets) else None

    def on_focus(self) -> None:
        """Begin at the first line."""
        self._place = 0
        self.repaint()

    def on_blur(self) -> None:
        """No line stands out any more."""
        self.repaint()

    def action_step(self, by: int) -> None:
        """Another line."""
        place = self._place + by
        if place < 0:
            self.post_message(self.Left())
        elif place < len(self._targets):
            self._place = place
            self.repaint()

    def action_open_line(self) -> None:
        """Open the line under the cursor."""
        target = self._under_cursor
        if target is not None:
            self.post_message(self.Opened(target))

    def on_click(self, event: events.Click) -> None:
        """A click opens."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        target = next((target for y, target in self._targets if y == offset.y), None)
        if target is not None:
            event.stop()
            self.post_message(self.Opened(target))


class SidePanel(Lists, can_focus=True):
    """What needs somebody, and what has just happened; beside the card where there is room."""

    DEFAULT_CSS = """
    SidePanel { dock: right; width: 40; height: 100%; padding: 0 1; border-left: solid $shop-rule; }
    """

    def __init__(self) -> None:
        super().__init__(id="side")
        self.shown = Shown()
        self.wording = Wording()

    def lines(self, width: int, height: int) -> list[Line]:
        """Two lists, one above the other."""
        day = self.shown.day
        if day is None:
            return []
        upper = needs(day, self.wording, width, max(4, height // 2))
        lower = just_now(day, self.wording, width, max(2, height - len(upper) - 1))
        return self.marked([*upper, Row([]), *lower])
