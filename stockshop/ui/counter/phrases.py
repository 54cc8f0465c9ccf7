"""What has been done, in one phrase each: a language puts the words where its grammar wants them."""

from __future__ import annotations

from functools import lru_cache

from stockshop import clock
from stockshop.language import mark, tr
from stockshop.ui.safe import line
from stockshop.ui.wording import Wording

_DID = {
    "opening": mark("opened with {quantity} {product}"),
    "receive": mark("received {quantity} {product}"),
    "sell": mark("sold {quantity} {product}"),
    "return": mark("taken back {quantity} {product}"),
    "return-to-supplier": mark("sent back {quantity} {product}"),
    "move": mark("moved {quantity} {product}"),
    "adjust": mark("adjusted {quantity} {product}"),
    "scrap": mark("scrapped {quantity} {product}"),
    "count": mark("counted {quantity} {product}"),
    "build": mark("built {quantity} {product}"),
    "merge": mark("merged {quantity} {product}"),
    "reversal": mark("undid {quantity} {product}"),
}


def did(kind: str, quantity: str, product: str) -> str:
    """`sold 3 Wood glue`: what an entry of this kind did with a product."""
    phrase = _DID.get(kind)
    return tr(phrase, quantity=quantity, product=product) if phrase else f"{kind} {quantity} {product}"


def how_much(wording: Wording, kind: str, quantity_milli: int, unit: str) -> str:
    """The quantity of an entry of this kind; of a correction or a count, the change: `+2 kg`, `−3`."""
    shown = wording.quantity(quantity_milli, unit)
    return f"+{shown}" if kind in ("adjust", "count") and quantity_milli > 0 else shown


@lru_cache(maxsize=8)
def time_cells(wording: Wording) -> int:
    """How many cells a time of day takes in this shop's locale, at least 8."""
    late_us = clock.day_start_us(clock.today(wording.zone), wording.zone) + 23 * 3_600 * clock.SECOND_US
    return max(8, len(line(wording.time(late_us))))


def facts(*parts: str) -> str:
    """Facts side by side; empty ones are left out."""
    return " · ".join(part for part in parts if part)
