"""Why something is to be ordered, how much of it, and until when what is there will do."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from stockshop import clock
from stockshop.language import tr, trn
from stockshop.planning.running_out import days_left, weekly_milli
from stockshop.ui.wording import Wording

if TYPE_CHECKING:
    from stockshop.services.reports import LowRow
    from stockshop.services.running_low import LowFacts

_FAR_DAYS = 300


def day_words(day: date, words: Wording, *, short: bool = False) -> str:
    """`Tue, 24 Nov`, or `24 Nov`; with the year where that is not this one."""
    from babel.dates import format_skeleton

    if abs((day - clock.today(words.zone)).days) > _FAR_DAYS:
        return str(format_skeleton("yMMM", day, locale=words.locale))
    return str(format_skeleton("MMMd" if short else "MMMEd", day, locale=words.locale))


def why(row: LowRow, words: Wording, facts: LowFacts | None = None) -> str:
    """In few words: `3 left, point 5, 2 a week, 10 on order`."""
    if row.available_milli < 0:
        parts = [tr("{quantity} in the books", quantity=words.number(row.available_milli))]
    elif not row.available_milli:
        parts = [tr("none left")]
    else:
        parts = [tr("{quantity} left", quantity=words.quantity(row.available_milli, row.unit))]
    parts.append(tr("point {quantity}", quantity=words.quantity(row.reorder_point_milli, row.unit)))
    if row.on_order_milli:
        parts.append(tr("{quantity} on order", quantity=words.quantity(row.on_order_milli, row.unit)))
    if (
        facts is not None
        and row.available_milli >= 0
        and (rhythm := weekly_milli(facts.sold_milli, facts.days))
    ):
        parts.append(tr("{quantity} a week", quantity=words.quantity(_about(rhythm), row.unit)))
    promised = row.on_hand_milli - row.available_milli
    if promised:
        parts.append(tr("{quantity} promised", quantity=words.quantity(promised, row.unit)))
    if row.site:
        parts.append(tr("in {site}", site=row.site))
    return ", ".join(parts)


def _about(milli: int) -> int:
    """A rhythm is told in whole units, or in tenths where it is less than three."""
    return max(100, round(milli, -2)) if milli < 3_000 else round(milli, -3)


def ends_on(row: LowRow, facts: LowFacts, words: Wording) -> date | None:
    """The day on which nothing is left at the present rhythm; None where nothing sells or nobody knows."""
    left = days_left(row.available_milli, facts.sold_milli, facts.days)
    if left is None or row.available_milli < 0 or left > 3 * 365:
        return None
    return clock.today(words.zone) + timedelta(days=left)


def until(row: LowRow, facts: LowFacts | None, words: Wording) -> str:
    """For a column: the day on which nothing is left, `now`, or nothing where nobody knows."""
    if row.available_milli <= 0:
        return tr("now")
    if facts is None:
        return "…"
    end = ends_on(row, facts, words)
    return "" if end is None else day_words(end, words, short=True)


def whole_why(row: LowRow, facts: LowFacts | None, words: Wording) -> list[str]:
    """Everything that is known about it, in a few paragraphs."""
    if row.on_hand_milli < 0:
        return [
            tr("{quantity} in the books: more went out than was ever booked in. Count it first; only then "
               "is it known how many are to be ordered.",
               quantity=words.quantity(row.on_hand_milli, row.unit)),
            f"{_rhythm(row, facts, words)} {_supply(row, facts, words)}",
        ]  # fmt: skip
    return [f"{_standing(row, words)} {_rhythm(row, facts, words)}", _suggestion(row, facts, words),
            _supply(row, facts, words)]  # fmt: skip


def _standing(row: LowRow, words: Wording) -> str:
    def said(milli: int) -> str:
        return words.quantity(milli, row.unit)

    promised = row.on_hand_milli - row.available_milli
    point = said(row.reorder_point_milli)
    if promised:
        start = tr("{on_hand} on hand, {promised} of them promised: {left} left",
                   on_hand=said(row.on_hand_milli), promised=said(promised),
                   left=said(row.available_milli))  # fmt: skip
    elif row.available_milli:
        start = tr("{left} left", left=said(row.available_milli))
    else:
        start = tr("None left")
    if row.site:
        return tr("{left} in {site}; ordered at {point}, filled up to {level}.", left=start, site=row.site,
                  point=point, level=said(row.order_up_to_milli))  # fmt: skip
    return tr("{left}; ordered at {point}, filled up to {level}.", left=start, point=point,
              level=said(row.order_up_to_milli))  # fmt: skip


def _rhythm(row: LowRow, facts: LowFacts | None, words: Wording) -> str:
    if facts is None:
        return tr("Looking how it sells …")
    rhythm = weekly_milli(facts.sold_milli, facts.days)
    weeks = max(1, facts.days // 7)
    if not rhythm:
        return trn("None sold in the last week.", "None sold in the last {count} weeks.", weeks,
                   count=words.whole(weeks))  # fmt: skip
    about = words.quantity(_about(rhythm), row.unit)
    end = ends_on(row, facts, words)
    if end is None or row.available_milli <= 0:
        return tr("Sells about {quantity} a week.", quantity=about)
    return tr("Sells about {quantity} a week: nothing is left about {day}.", quantity=about,
              day=day_words(end, words))  # fmt: skip


def _supply(row: LowRow, facts: LowFacts | None, words: Wording) -> str:
    lead = facts.lead_time_days if facts is not None else None
    if row.on_order_milli and facts is not None and facts.ordered_us is not None:
        ordered = clock.to_datetime(facts.ordered_us, words.zone).date()
        quantity = words.quantity(row.on_order_milli, row.unit)
        if lead is None:
            return tr("{quantity} on order since {day}.", quantity=quantity, day=day_words(ordered, words))
        due = ordered + timedelta(days=lead)
        late = due < clock.today(words.zone)
        return (
            tr("{quantity} on order since {day}; they were due {due}.", quantity=quantity,
               day=day_words(ordered, words), due=day_words(due, words))
            if late
            else tr("{quantity} on order since {day}, due about {due}.", quantity=quantity,
                    day=day_words(ordered, words), due=day_words(due, words))
        )  # fmt: skip
    if not row.supplier:
        return tr("Nothing on order, and nobody is known to deliver it: Enter opens the product.")
    if facts is None or lead is None:
        return tr("Nothing on order. From {supplier}.", supplier=row.supplier)
    arrival = clock.today(words.zone) + timedelta(days=lead)
    return trn(
        "Nothing on order. {supplier} delivers in {count} day: ordered today it is here {day}.",
        "Nothing on order. {supplier} delivers in {count} days: ordered today it is here {day}.",
        lead, count=words.whole(lead), supplier=row.supplier, day=day_words(arrival, words),
    )  # fmt: skip


def _suggestion(row: LowRow, facts: LowFacts | None, words: Wording) -> str:
    def said(milli: int) -> str:
        return words.quantity(milli, row.unit)

    missing = row.order_up_to_milli - row.projected_milli
    if not row.suggested_milli:
        return tr("Nothing to order: what is there and coming fills it up.")
    order, lacks = said(row.suggested_milli), said(max(missing, 0))
    if facts is None:
        return tr("Order {quantity}.", quantity=order)
    terms = facts.terms
    if terms is None or row.suggested_milli == missing:
        return tr("Order {quantity}: so much is missing.", quantity=order)
    if terms.minimum_milli > missing and terms.pack_milli > 1_000:
        return tr("Order {quantity}: it lacks {missing}, the least they sell is {minimum}, in packs of "
                  "{pack}.", quantity=order, missing=lacks, minimum=said(terms.minimum_milli),
                  pack=said(terms.pack_milli))  # fmt: skip
    if terms.minimum_milli > missing:
        return tr("Order {quantity}: it lacks {missing}, the least they sell is {minimum}.",
                  quantity=order, missing=lacks, minimum=said(terms.minimum_milli))  # fmt: skip
    return tr("Order {quantity}: it lacks {missing}, they sell packs of {pack}.", quantity=order,
              missing=lacks, pack=said(terms.pack_milli))  # fmt: skip
