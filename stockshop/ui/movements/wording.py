"""What happened, in words: moments, kinds of entries, and what is doubtful about a line."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from stockshop.language import mark, tr
from stockshop.ui.wording import DONE, Wording

if TYPE_CHECKING:
    from stockshop.services.why import Finding, LedgerLine

PLACES = {
    "supplier": mark("supplier"),
    "customer": mark("customer"),
    "loss": mark("loss"),
    "scrap": mark("scrap"),
    "production": mark("production"),
    "transit": mark("transit"),
    "opening": mark("opening"),
    "revaluation": mark("revaluation"),
}
"""The outside world, as it is called on the screen; bins are called by their codes."""


def done(kind: str) -> str:
    """A kind of entry in the past tense."""
    return tr(DONE.get(kind, kind))


def place(code: str) -> str:
    """A bin's code, or what part of the outside world it is."""
    return tr(PLACES[code]) if code in PLACES else code


def way(from_place: str, to_place: str) -> str:
    """`A-01 → customer`."""
    return f"{place(from_place)} → {place(to_place)}"


def short_way(from_place: str, to_place: str) -> str:
    """`A-01 →` out of the shop, `→ A-01` into it, `A-01 → B-01` within it."""
    if to_place in PLACES:
        return f"{from_place} →"
    return f"→ {to_place}" if from_place in PLACES else f"{from_place} → {to_place}"


def signed(quantity_milli: int, unit: str, words: Wording) -> str:
    """`+12` or `−3`."""
    shown = words.number(quantity_milli, unit)
    return f"+{shown}" if quantity_milli > 0 else shown


def duration(time_us: int, words: Wording) -> str:
    """`3 days`, as the locale says it."""
    from babel.dates import format_timedelta

    gone = timedelta(microseconds=time_us)
    return str(format_timedelta(gone, granularity="minute", locale=words.locale))


def days(many: int, words: Wording) -> str:
    """`43 days`."""
    from babel.dates import format_timedelta

    return str(
        format_timedelta(timedelta(days=many), granularity="day", threshold=9_999, locale=words.locale)
    )


def finding_words(found: Finding, unit: str, words: Wording) -> str:
    """One reason to look twice, as a sentence without its end."""
    many = words.quantity(abs(found.quantity_milli), unit)
    if found.kind == "dip":
        return tr("{place} went below zero, to {quantity}", place=found.place,
                  quantity=words.quantity(found.quantity_milli, unit))  # fmt: skip
    if found.kind == "fills":
        return tr("came in when {place} stood at {quantity}: was it booked late?", place=found.place,
                  quantity=words.quantity(found.quantity_milli, unit))  # fmt: skip
    if found.kind == "variance":
        if found.quantity_milli < 0:
            return tr("the count found {quantity} fewer than the books said", quantity=many)
        return tr("the count found {quantity} more than the books said", quantity=many)
    if found.kind == "quiet":
        if found.usual_days == 1:
            return tr("nothing was sold for {time} before it, and usually some is sold every day",
                      time=days(found.days, words))  # fmt: skip
        return tr("nothing was sold for {time} before it, and usually a sale comes every {usual}",
                  time=days(found.days, words), usual=days(found.usual_days, words))  # fmt: skip
    if found.kind == "twice":
        return tr("the same came in minutes before, as entry {entry}: was it booked twice?",
                  entry=found.entry_id)  # fmt: skip
    return tr("recorded {time} after it happened", time=duration(found.after_us, words))


def look_words(line: LedgerLine, unit: str, words: Wording) -> str:
    """What a count saw."""
    quantity = words.quantity(line.quantity_milli, unit)
    if line.undone_by_id is not None:
        return tr("counted {quantity} in {place} by {who}; undone by entry {entry}", quantity=quantity,
                  place=line.to_place, who=line.actor, entry=line.undone_by_id)  # fmt: skip
    if line.is_certain:
        return tr("counted {quantity} in {place} by {who}: certain from here", quantity=quantity,
                  place=line.to_place, who=line.actor)  # fmt: skip
    return tr("counted {quantity} in {place} by {who}", quantity=quantity, place=line.to_place,
              who=line.actor)  # fmt: skip
