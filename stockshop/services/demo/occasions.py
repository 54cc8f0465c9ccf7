"""What a real shop also has: prices that change, goods that run low, and things gone wrong."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import timedelta

from stockshop.barcodes import check_digit
from stockshop.quantity import MILLI
from stockshop.services.demo import stands
from stockshop.services.demo.events import Archived, Merged, Ordered, Priced, Ruled, Unknown
from stockshop.services.demo.goods import Article
from stockshop.services.demo.seasons import season_weights
from stockshop.services.demo.stands import Stand
from stockshop.services.demo.trading import Trading
from stockshop.services.stock import LineRequest

LOW = 22
BELOW_ZERO = 5
_FORGOTTEN = 2
_RULE_DAYS = 10
_NEW_PRICE_DAYS = (560, 196)
_NEW_PRICE_SHARE = 0.10
_OFFER_DAYS = (395, 120, 24)
_MERGED_DAYS = 240
_LEFT_AT_MERGE = 5
_LAST_BOUGHT_DAYS = 700
_ARCHIVED_DAYS = 150
_LAST_MINUTE = 1_045
_RECEIVING = "RECEIVING"


def before_trading(trading: Trading) -> None:
    """What must be known while the two years are written: a product that was entered twice."""
    into = _kept(trading)
    trading.found[trading.calendar.back(_MERGED_DAYS)].append((into, _LEFT_AT_MERGE * MILLI))


def after_trading(trading: Trading) -> None:
    """Add everything that is best decided when the last day is known."""
    _prices(trading)
    _duplicate(trading)
    _discontinued(trading)
    _forgotten(trading)
    _tray(trading)
    promised = _promises(trading)
    waiting = _receiving(trading)
    below = _below_zero(trading, promised)
    _rules(trading, promised, waiting, below)


def _kept(trading: Trading) -> Stand:
    """What the article that was entered twice really is."""
    return next(stand for stand in trading.stands if stand.article.name == "Garden gloves size 8")


def _only(trading: Trading, role: str) -> Article:
    return next(article for article in trading.world.articles if article.role == role)


# -- the past ------------------------------------------------------------------------------------


def _prices(trading: Trading) -> None:
    rng, calendar = trading.rng, trading.calendar
    price = {stand.article.code: stand.article.price_minor for stand in trading.stands}
    codes = list(price)
    for days in _NEW_PRICE_DAYS:
        risen = {}
        for code in sorted(rng.sample(codes, int(len(codes) * _NEW_PRICE_SHARE))):
            risen[code] = price[code] = _rounded(price[code] * rng.uniform(1.04, 1.11), price[code])
        at_us = calendar.at(calendar.back(days), 470)
        trading.diary.events.append(
            Priced(at_us, trading.world.people[0], tuple(risen.items()), "New price list of the supplier")
        )
    for days in _OFFER_DAYS:
        chosen = sorted(rng.sample([code for code in codes if price[code] > 300], 4))
        lower = tuple((code, int(price[code] * 0.8) // 10 * 10) for code in chosen)
        back = tuple((code, price[code]) for code in chosen)
        for before_days, prices, reason in (
            (days, lower, "Offer of the week"),
            (days - 7, back, "Offer over"),
        ):
            at_us = calendar.at(calendar.back(before_days), 475)
            trading.diary.events.append(Priced(at_us, trading.world.people[0], prices, reason))


def _rounded(price: float, before: int) -> int:
    """A price as shops write it: 5 cents up to two euros, else ending in 0 (or 90 where it did)."""
    if before < 200:
        return max(before + 1, round(price / 5) * 5)
    rounded = round(price / 10) * 10
    return rounded if rounded > before else before + 10


def _duplicate(trading: Trading) -> None:
    calendar, people, diary = trading.calendar, trading.world.people, trading.diary
    article, into = _only(trading, "duplicate"), _kept(trading).article
    start = calendar.back(_MERGED_DAYS + 60)
    bought = 12
    diary.post(
        calendar.at(start, 450), people[1], "receive",
        [LineRequest(article.code, bought * MILLI, to_bin=article.bin, unit_cost_e4=article.cost_e4)],
        "GN 38114",
    )  # fmt: skip
    for number in range(bought - _LEFT_AT_MERGE):
        at_us = calendar.at(calendar.next_open(start + timedelta(days=3 + 7 * number)), 1_002)
        diary.post(at_us, people[2], "sell", [LineRequest(article.code, MILLI, from_bin=article.bin)])
    day = calendar.back(_MERGED_DAYS)
    diary.events.append(Merged(calendar.at(day, 452), people[0], article.sku, into.sku))


def _discontinued(trading: Trading) -> None:
    calendar, people, diary = trading.calendar, trading.world.people, trading.diary
    article = _only(trading, "discontinued")
    bought, sold = 10, 7
    diary.post(
        calendar.at(calendar.back(_LAST_BOUGHT_DAYS), 450), people[0], "receive",
        [LineRequest(article.code, bought * MILLI, to_bin=article.bin, unit_cost_e4=article.cost_e4)],
        "BW 40077",
    )  # fmt: skip
    for number in range(sold):
        day = calendar.back(_LAST_BOUGHT_DAYS - 20 - 55 * number)
        diary.post(
            calendar.at(day, 1_003), people[1], "sell",
            [LineRequest(article.code, MILLI, from_bin=article.bin)],
        )  # fmt: skip
    day = calendar.back(_ARCHIVED_DAYS)
    diary.post(
        calendar.at(day, 1_004), people[0], "adjust",
        [LineRequest(article.code, -(bought - sold) * MILLI, from_bin=article.bin)],
        note="No longer made; the last ones went to the repair café",
    )  # fmt: skip
    diary.events.append(Archived(calendar.at(day, 1_006), people[0], article.sku))


def _forgotten(trading: Trading) -> None:
    """Crates of short-lived food that nobody put on the shelf: the books show them as expired."""
    calendar = trading.calendar
    fresh = [stand.article for stand in trading.stands if 15 <= stand.article.life_days <= 24]
    for number, article in enumerate(trading.rng.sample(fresh, _FORGOTTEN)):
        day = calendar.back(13 + number)
        expiry = (calendar.last - timedelta(days=2 + 2 * number)).isoformat()
        line = LineRequest(
            article.code, 4 * MILLI, to_bin="B-03", lot=f"K{day:%y%j}", expiry=expiry,
            unit_cost_e4=article.cost_e4,
        )  # fmt: skip
        trading.diary.post(calendar.at(day, 480), trading.person(), "receive", [line], "MD 77310")


def _tray(trading: Trading) -> None:
    """Scans that nobody knew, in the last days."""
    calendar = trading.calendar
    body = "200000077001"
    scans = (
        (6, f"{body}{check_digit(body)}", "Counter"),
        (5, "NF-99871-B", "RECEIVING"),
        (3, "https://example.com/p/8841", "Counter"),
        (2, "20000000990", "A-05"),
        (1, f"{body}{check_digit(body)}", "Counter"),
        (0, "KEYHOLD 40MM", "A-02"),
    )
    for number, (days, code, place) in enumerate(scans):
        at_us = calendar.at(calendar.back(days), _LAST_MINUTE + number)
        trading.diary.events.append(Unknown(at_us, trading.person(), trading.diary.next_id(), code, place))


# -- the last days -------------------------------------------------------------------------------


def _promises(trading: Trading) -> dict[str, int]:
    """Two customers had things put by; answers how much by SKU."""
    rng, calendar = trading.rng, trading.calendar
    plenty = [s for s in trading.stands if s.shelf_milli >= 8 * MILLI and s.article.whole]
    promised: dict[str, int] = {}
    for number, customer in enumerate(("Kept for the parish hall", "Kept for Mrs Okonkwo")):
        chosen = rng.sample([s for s in plenty if s.article.sku not in promised], 3)
        for stand in chosen:
            promised[stand.article.sku] = rng.randint(1, 4) * MILLI
        lines = tuple((stand.article.code, promised[stand.article.sku]) for stand in chosen)
        at_us = calendar.at(calendar.last, _LAST_MINUTE + 8 + number)
        trading.diary.events.append(
            Ordered(at_us, trading.person(), trading.diary.next_id(), "sales", lines, reference=customer)
        )
    return promised


def _receiving(trading: Trading) -> dict[str, int]:
    """Part of an order came in late on the last day and still stands in receiving."""
    open_orders = [each for day in sorted(trading.due) for each in trading.due[day] if each.order]
    waiting: dict[str, int] = {}
    if not open_orders:
        return waiting
    delivery = max(open_orders, key=lambda each: len(each.lines))
    calendar = trading.calendar
    lines = []
    for stand, milli in delivery.lines[: max(1, len(delivery.lines) // 2)]:
        lot, expiry = stands.lot_of(stand.article, calendar.last, trading.rng)
        cost_e4 = trading.cost_e4(stand, calendar.last)
        lines.append(
            LineRequest(
                stand.article.code, milli, to_bin=_RECEIVING, lot=lot, expiry=expiry, unit_cost_e4=cost_e4
            )
        )
        waiting[stand.article.sku] = milli
        stand.pending_milli -= milli
    trading.diary.post(
        calendar.at(calendar.last, _LAST_MINUTE + 24), trading.person(), "receive", lines,
        f"{delivery.supplier.code} part 1", order=delivery.order, order_lines=range(len(lines)),
    )  # fmt: skip
    return waiting


def _below_zero(trading: Trading, promised: dict[str, int]) -> dict[str, int]:
    """Goods that were sold although the book had too few; answers what was sold, by SKU."""
    candidates = [
        stand
        for stand in trading.stands
        if stand.article.whole
        and not stand.article.life_days
        and not stand.pending_milli
        and not stand.reserve
        and MILLI <= stand.shelf_milli <= 6 * MILLI
        and stand.article.sku not in promised
    ]
    sold: dict[str, int] = {}
    for number, stand in enumerate(trading.rng.sample(candidates, min(BELOW_ZERO, len(candidates)))):
        milli = stand.shelf_milli + (1 + number % 3) * MILLI
        sold[stand.article.sku] = milli
        at_us = trading.calendar.at(trading.calendar.last, _LAST_MINUTE + 12 + number)
        line = LineRequest(stand.article.code, milli, from_bin=stand.article.bin)
        trading.diary.post(at_us, trading.person(), "sell", [line], f"S-L{number + 1}")
    return sold


def _rules(
    trading: Trading, promised: dict[str, int], waiting: dict[str, int], below: dict[str, int]
) -> None:
    """Rules for this time of the year, by which LOW products have run low."""
    suppliers = {each.name: each for each in trading.world.suppliers}
    weights = season_weights(trading.calendar.last)
    levels: dict[str, tuple[int, int]] = {}
    projected: dict[str, int] = defaultdict(int)
    for stand in trading.stands:
        sku = stand.article.sku
        lead_days = suppliers[stand.article.supplier].lead_days
        levels[sku] = stand.levels(weights[stand.article.season], lead_days + 5)
        projected[sku] = (
            stand.held_milli + stand.pending_milli + waiting.get(sku, 0)
            - promised.get(sku, 0) - below.get(sku, 0)
        )  # fmt: skip
    watched = [stand for stand in trading.stands if weights[stand.article.season] > 0.2]
    watched.sort(key=lambda stand: _how_low(projected[stand.article.sku], levels[stand.article.sku][0]))
    low = {stand.article.sku for stand in watched[:LOW]} | below.keys()
    rules: list[tuple[str, int | None, int | None]] = []
    for stand in trading.stands:
        sku = stand.article.sku
        point, up_to = levels[sku]
        left = projected[sku]
        if sku in low:
            point = max(point, math.ceil(left / MILLI) * MILLI, 0)
        elif left <= 0:
            rules.append((stand.article.code, None, None))
            continue
        else:
            point = min(point, (left - 1) // MILLI * MILLI)
        rules.append((stand.article.code, point, max(up_to, point + stand.article.pack_milli)))
    at_us = trading.calendar.at(trading.calendar.back(_RULE_DAYS), 1_070)
    trading.diary.events.append(Ruled(at_us, trading.world.people[0], tuple(rules)))


def _how_low(projected_milli: int, point_milli: int) -> float:
    return (projected_milli - point_milli) / max(point_milli, MILLI)
