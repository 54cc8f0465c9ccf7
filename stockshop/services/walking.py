"""The order in which people walk past zones and bins: one step earlier or later, and anew from the start."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stockshop import clock
from stockshop.errors import Refused
from stockshop.language import tr
from stockshop.services.locations import Place, place_of_id, places_in
from stockshop.services.shop import Shop, clean_actor, record_change
from stockshop.storage.session import Session

_STEP = 10
_ROOM = 100
"""A zone begins at a multiple of this, so that a bin added to the one before it finds a number."""


@dataclass(frozen=True, slots=True)
class Step:
    """Where a place has gone."""

    place: Place
    zone: Place | None
    """The zone a bin has come into; None: it stayed in its own."""


def walk(shop: Shop, actor: str, place_id: int, by: int) -> Step:
    """Pass it one step earlier (`by` -1) or later (1): past its neighbour, or into the next zone of its site.

    Raises Refused where there is nothing to pass, NotFound.
    """
    actor = clean_actor(actor)

    def work(session: Session) -> Step:
        place = place_of_id(session, place_id)
        everything = [other for other in places_in(session) if not other.archived]
        beside = [other for other in everything if other.parent_id == place.parent_id]
        here = next((number for number, other in enumerate(beside) if other.id == place.id), None)
        if here is None:
            raise Refused(tr("{place} is out of use; bring it back first.", place=place.code))
        if 0 <= here + by < len(beside):
            beside[here], beside[here + by] = beside[here + by], beside[here]
            _order(session, actor, beside)
            return Step(place_of_id(session, place_id), None)
        zone = _next_zone(everything, place, by)
        if zone is None:
            raise Refused(
                tr("{place} is the first already.", place=place.code)
                if by < 0
                else tr("{place} is the last already.", place=place.code)
            )
        session.run("UPDATE location SET parent_id = ? WHERE id = ?", (zone.id, place.id))
        record_change(
            session, "location", place.id, "parent_id", str(place.parent_id), str(zone.id), actor,
            clock.now_us(),
        )  # fmt: skip
        inside = [other for other in everything if other.parent_id == zone.id]
        _order(session, actor, [place, *inside] if by > 0 else [*inside, place])
        return Step(place_of_id(session, place_id), zone)

    return shop.store.writing(work)


def _next_zone(everything: Sequence[Place], place: Place, by: int) -> Place | None:
    if place.kind != "bin":
        return None
    zones = [other for other in everything if other.kind == "zone"]
    own = next(zone for zone in zones if zone.id == place.parent_id)
    beside = [zone for zone in zones if zone.parent_id == own.parent_id]
    number = beside.index(own) + by
    return beside[number] if 0 <= number < len(beside) else None


def _order(session: Session, actor: str, beside: Sequence[Place]) -> None:
    """Number places of one parent in this order, with the numbers they have where these suffice."""
    numbers = sorted(place.walk_order for place in beside)
    if len(set(numbers)) < len(numbers):
        numbers = [numbers[0] + _STEP * number for number in range(len(numbers))]
    _renumber(session, actor, zip(beside, numbers, strict=True))


def _renumber(session: Session, actor: str, wanted: Iterable[tuple[Place, int]]) -> int:
    now_us = clock.now_us()
    changed = 0
    for place, number in wanted:
        if place.walk_order == number:
            continue
        session.run("UPDATE location SET walk_order = ? WHERE id = ?", (number, place.id))
        record_change(
            session, "location", place.id, "walk_order", str(place.walk_order), str(number), actor, now_us
        )
        changed += 1
    return changed


def renumber(shop: Shop, actor: str) -> int:
    """Number all places anew as the tree shows them: sites, zones and bins by tens, zone after zone.

    From then on a walk over several zones passes one zone after the other. Answers how many places
    have another number now.
    """
    actor = clean_actor(actor)

    def work(session: Session) -> int:
        everything = [place for place in places_in(session) if not place.archived]
        below: dict[int | None, list[Place]] = {}
        for place in everything:
            below.setdefault(place.parent_id, []).append(place)
        wanted: list[tuple[Place, int]] = []
        zone_number = bin_number = 0
        for number, site in enumerate(below.get(None, ()), start=1):
            wanted.append((site, number * _STEP))
            for zone in below.get(site.id, ()):
                zone_number += _STEP
                wanted.append((zone, zone_number))
                bin_number = -(-bin_number // _ROOM) * _ROOM
                for one in below.get(zone.id, ()):
                    bin_number += _STEP
                    wanted.append((one, bin_number))
        return _renumber(session, actor, wanted)

    return shop.store.writing(work)
