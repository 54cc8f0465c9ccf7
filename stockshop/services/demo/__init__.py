"""A sample shop to try everything on: a mixed small shop with two years behind it.

Made by code from two small asset files, the same on every computer for the same day and time zone.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from stockshop import clock
from stockshop.errors import Refused, StoreCorrupt
from stockshop.language import tr
from stockshop.ledger.audit import audit
from stockshop.services.demo import occasions, playing
from stockshop.services.demo.events import Diary, Event
from stockshop.services.demo.goods import SETTINGS, World, read_world
from stockshop.services.demo.playing import Progress
from stockshop.services.demo.seasons import MINUTE_US, Calendar
from stockshop.services.demo.trading import Trading
from stockshop.services.shop import Shop, create_shop
from stockshop.storage.backup import replacing

__all__ = ["FILE_NAME", "SETTINGS", "Progress", "build_demo", "ensure_demo_shop", "story"]

FILE_NAME = "demo.shop"
STORY_DAYS = 730
_SEED = 20_240_229
_LATEST_MINUTE = 17 * 60


def ensure_demo_shop(folder: Path, *, today: date | None = None, on_progress: Progress | None = None) -> Path:
    """The path of the sample shop in `folder`; made there when it is missing, else left as it is.

    It is made beside its place, audited, and renamed into it, so a cut-short making leaves nothing.
    `today` is its last day (None: the present day, up to now). Raises StoreUnavailable when the
    folder cannot be written to, and what `on_progress` raises.
    """
    path = folder / FILE_NAME
    if path.exists():
        return path
    zone = clock.local_zone(SETTINGS.timezone)
    # Even the shop's own settings are as old as its story.
    founded_us = _calendar(zone, today, STORY_DAYS).at_founding_us
    with replacing(path) as part:
        with clock.using(lambda: founded_us):
            shop = create_shop(part, read_world().people[0], SETTINGS)
        try:
            build_demo(shop, today, on_progress=on_progress)
            with shop.store.reading() as session:
                troubles = audit(session)
        finally:
            shop.close()
        if troubles:
            raise StoreCorrupt(f"The sample shop did not come out right: {troubles[0].message}")
    return path


def build_demo(
    shop: Shop,
    today: date | None = None,
    *,
    days: int = STORY_DAYS,
    on_progress: Progress | None = None,
) -> None:
    """Fill a new, empty shop (made with SETTINGS, on either engine) with the sample's past.

    `days` is how far back its trade goes. While this runs the shop's clock tells the story's time,
    for the whole process. Raises Refused for a shop that holds products already.
    """
    with shop.store.reading() as session:
        if session.value("SELECT 1 FROM product LIMIT 1"):
            raise Refused(tr("The sample goes into an empty shop only; this one has products already."))
    world = read_world()
    calendar = _calendar(shop.zone, today, days)
    events = story(world, calendar)
    hands = playing.StoryClock(min(calendar.at_founding_us, events[0].at_us))
    with clock.using(hands):
        playing.furnish(shop, world.people[0], world)
        playing.stock_catalogue(shop, world.people[0], world)
        playing.Player(shop, hands).play(events, on_progress)


def _calendar(zone: ZoneInfo | None, today: date | None, days: int) -> Calendar:
    last = today if today is not None else clock.today(zone)
    until_us = clock.day_start_us(last, zone) + _LATEST_MINUTE * MINUTE_US
    if today is None:
        until_us = min(until_us, clock.now_us())
    return Calendar(last - timedelta(days=days), last, until_us, zone)


def story(world: World, calendar: Calendar) -> list[Event]:
    """Everything that happened, in order; the same for the same calendar."""
    # A seed of its own: how the rest of the program draws its numbers changes nothing here.
    trading = Trading(world, calendar, Random(_SEED), Diary())
    occasions.before_trading(trading)
    trading.run()
    occasions.after_trading(trading)
    return trading.diary.in_order()
