"""Where things lie: the tree site > zone > bin, in the order in which a person walks."""

from __future__ import annotations

from dataclasses import dataclass

from stockshop import clock, text
from stockshop.errors import Conflict, InvalidInput, NotFound, Refused
from stockshop.language import mark, tr, tr_in
from stockshop.ledger import posting
from stockshop.services.shop import Shop, clean_actor, record_change
from stockshop.storage.session import Row, Session

START_RECEIVING_BIN = "RECEIVING"
_BARCODE_PREFIX = "BIN-"
_PARENTS = {"site": None, "zone": "site", "bin": "zone"}
_ONLY_BINS_HOLD = {
    "zone": mark("{place} is a zone; only bins hold stock. Name a bin in it."),
    "site": mark("{place} is a site; only bins hold stock. Name a bin in it."),
}
_NONE_OF_KIND = {
    "site": mark("There is no site '{place}'."),
    "zone": mark("There is no zone '{place}'."),
}
_LIES_IN = {
    "zone": mark("A zone lies in a site; name one that exists."),
    "bin": mark("A bin lies in a zone; name one that exists."),
}
# Room to put a new bin between two others without renumbering.
_WALK_STEP = 10


@dataclass(frozen=True, slots=True)
class Place:
    """A site, a zone or a bin."""

    id: int
    parent_id: int | None
    kind: str
    """`site`, `zone` or `bin`."""
    code: str
    name: str
    walk_order: int
    barcode: str
    """What its label says: scanning it opens or targets the place."""
    archived: bool


_COLUMNS = "id, parent_id, kind, code, name, walk_order, barcode_key, archived_at_us"
_INSERT = (
    "INSERT INTO location (parent_id, kind, code, name, walk_order, barcode_key) VALUES (?, ?, ?, ?, ?, ?) "
    "RETURNING id"
)


def _place(row: Row) -> Place:
    return Place(row[0], row[1], row[2], row[3], row[4], row[5], row[6], archived=row[7] is not None)


def barcode_of(code: str) -> str:
    """The barcode of a place when it is given none of its own."""
    return _BARCODE_PREFIX + code


def _shown(wanted: str) -> str:
    return text.printable(wanted)[:40]


def add_starting_places(session: Session, locale: str = "en") -> None:
    """What a new shop begins with, named in its language: shop floor, back room and receiving, a few bins."""

    def add(parent_id: int | None, kind: str, code: str, name: str, walk_order: int) -> int:
        found: int = session.value(_INSERT, (parent_id, kind, code, name, walk_order, barcode_of(code)))
        return found

    site_id = add(None, "site", "SHOP", tr_in(locale, "Shop"), 0)
    floor_id = add(site_id, "zone", "SHOP-A", tr_in(locale, "Shop floor"), 1)
    back_id = add(site_id, "zone", "SHOP-B", tr_in(locale, "Back room"), 2)
    receiving_id = add(site_id, "zone", "SHOP-R", tr_in(locale, "Receiving"), 3)
    for number in range(1, 7):
        add(
            floor_id,
            "bin",
            f"A-{number:02}",
            tr_in(locale, "Shelf {number}", number=number),
            number * _WALK_STEP,
        )
    for number in range(1, 5):
        add(
            back_id,
            "bin",
            f"B-{number:02}",
            tr_in(locale, "Rack {number}", number=number),
            1_000 + number * _WALK_STEP,
        )
    add(receiving_id, "bin", START_RECEIVING_BIN, tr_in(locale, "Receiving table"), 2_000)


def places(shop: Shop, *, archived: bool = False) -> tuple[Place, ...]:
    """All sites, zones and bins, parents first, then in walking order."""
    with shop.store.reading() as session:
        found = places_in(session)
    return found if archived else tuple(place for place in found if not place.archived)


def places_in(session: Session) -> tuple[Place, ...]:
    """`places` inside a session, those out of use too."""
    rows = session.rows(
        f"SELECT {_COLUMNS} FROM location WHERE kind <> 'virtual' "
        "ORDER BY CASE kind WHEN 'site' THEN 0 WHEN 'zone' THEN 1 ELSE 2 END, walk_order, code"
    )
    return tuple(map(_place, rows))


def place_of_id(session: Session, place_id: int) -> Place:
    """The place with this id. Raises NotFound."""
    row = session.row(f"SELECT {_COLUMNS} FROM location WHERE kind <> 'virtual' AND id = ?", (place_id,))
    if row is None:
        raise NotFound(tr("There is no such place any more."), field="place")
    return _place(row)


def find_in(session: Session, wanted: str) -> Place | None:
    """The place with this code or barcode (case does not matter), or None."""
    code = text.clean_code(wanted, field="bin")
    row = session.row(
        f"SELECT {_COLUMNS} FROM location WHERE kind <> 'virtual' AND (code = ? OR barcode_key = ?)",
        (code, code),
    )
    if row is None:
        row = session.row(
            f"SELECT {_COLUMNS} FROM location WHERE kind <> 'virtual' AND (UPPER(code) = UPPER(?) "
            "OR UPPER(barcode_key) = UPPER(?)) ORDER BY id LIMIT 1",
            (code, code),
        )
    return None if row is None else _place(row)


def bin_in(session: Session, wanted: str, *, field: str = "bin") -> Place:
    """The bin with this code or barcode. Raises NotFound, or InvalidInput for a zone or a site."""
    place = find_in(session, wanted)
    if place is None:
        raise NotFound(tr("There is no bin '{place}'.", place=_shown(wanted)), field=field)
    if place.kind != "bin":
        raise InvalidInput(tr(_ONLY_BINS_HOLD[place.kind], place=place.code), field=field)
    if place.archived:
        raise Refused(tr("The bin {place} is archived; bring it back first.", place=place.code), field=field)
    return place


def place_in(session: Session, wanted: str, kind: str) -> Place:
    """The site or zone with this code or barcode. Raises NotFound when there is none of that kind."""
    place = find_in(session, wanted)
    if place is None or place.kind != kind:
        raise NotFound(tr(_NONE_OF_KIND[kind], place=_shown(wanted)), field=kind)
    return place


def find_place(shop: Shop, wanted: str) -> Place:
    """The site, zone or bin with this code or barcode. Raises NotFound."""
    with shop.store.reading() as session:
        place = find_in(session, wanted)
    if place is None:
        raise NotFound(tr("There is no place '{place}'.", place=_shown(wanted)), field="place")
    return place


def bins_within(shop: Shop, wanted: str) -> tuple[Place, ...]:
    """The bins of a site or zone (or the bin itself), in walking order. Raises NotFound."""
    place = find_place(shop, wanted)
    everything = places(shop)
    inside = {place.id}
    for other in everything:
        if other.parent_id in inside:
            inside.add(other.id)
    return tuple(other for other in everything if other.kind == "bin" and other.id in inside)


def site_of(everything: tuple[Place, ...], place_id: int) -> Place | None:
    """The site above a place, among `places(shop, archived=True)`."""
    by_id = {place.id: place for place in everything}
    place = by_id.get(place_id)
    while place is not None and place.parent_id is not None:
        place = by_id.get(place.parent_id)
    return place


def add_place(
    shop: Shop,
    actor: str,
    kind: str,
    code: str,
    name: str = "",
    *,
    parent: str = "",
    walk_order: int | None = None,
    barcode: str = "",
) -> Place:
    """Add a site, a zone in a site, or a bin in a zone; without `walk_order` it comes last in it.

    Raises InvalidInput, NotFound for the parent, Conflict when code or barcode is taken.
    """
    actor = clean_actor(actor)

    def work(session: Session) -> Place:
        return add_place_in(
            session, actor, kind, code, name, parent=parent, walk_order=walk_order, barcode=barcode
        )

    return shop.store.writing(work)


def add_place_in(
    session: Session,
    actor: str,
    kind: str,
    code: str,
    name: str = "",
    *,
    parent: str = "",
    walk_order: int | None = None,
    barcode: str = "",
) -> Place:
    """`add_place` inside a transaction that is open already; `actor` is clean."""
    if kind not in _PARENTS:
        raise InvalidInput(tr("A place is a site, a zone or a bin."), field="kind")
    code = _clean_place_code(code)
    name = text.clean(name, field="name") or code
    barcode = text.clean_code(barcode, field="barcode") or barcode_of(code)
    parent_id = _parent_id(session, kind, parent)
    _refuse_taken(session, code, barcode)
    if walk_order is None:
        walk_order = _last_in(session, kind, parent_id)
    location_id: int = session.value(_INSERT, (parent_id, kind, code, name, walk_order, barcode))
    record_change(session, "location", location_id, "added", None, code, actor, clock.now_us())
    return Place(location_id, parent_id, kind, code, name, walk_order, barcode, archived=False)


def _last_in(session: Session, kind: str, parent_id: int | None) -> int:
    """Behind its neighbours; in an empty zone, behind everything of its kind."""
    highest = session.value("SELECT MAX(walk_order) FROM location WHERE parent_id = ?", (parent_id,))
    if highest is None:
        highest = session.value("SELECT MAX(walk_order) FROM location WHERE kind = ?", (kind,))
    return (highest or 0) + _WALK_STEP


def _clean_place_code(code: str) -> str:
    cleaned = text.clean_code(code, limit=40, field="code")
    if not cleaned or cleaned.startswith("~"):
        raise InvalidInput(tr("A place needs a code, such as A-01; it cannot start with '~'."), field="code")
    return cleaned


def _parent_id(session: Session, kind: str, parent: str) -> int | None:
    wanted = _PARENTS[kind]
    if wanted is None:
        if parent:
            raise InvalidInput(tr("A site lies in nothing else."), field="parent")
        return None
    place = find_in(session, parent) if parent else None
    if place is None or place.kind != wanted:
        raise NotFound(tr(_LIES_IN[kind]), field="parent")
    return place.id


def _refuse_taken(session: Session, code: str, barcode: str, *, own_id: int = 0) -> None:
    taken = session.value(
        "SELECT code FROM location WHERE id <> ? AND (UPPER(code) = UPPER(?) OR barcode_key IN (?, ?) OR "
        "code = ?)",
        (own_id, code, barcode, code, barcode),
    )
    if taken is not None:
        raise Conflict(tr("The code or barcode is taken by {place} already.", place=taken), field="code")
    product = session.value(
        "SELECT p.name FROM barcode b JOIN product p ON p.id = b.product_id WHERE b.lookup_key IN (?, ?)",
        (barcode, code),
    )
    if product is not None:
        raise Conflict(tr("That is a barcode of {product}.", product=product), field="barcode")


def change_place(
    shop: Shop,
    actor: str,
    code: str,
    *,
    new_code: str | None = None,
    name: str | None = None,
    parent: str | None = None,
    walk_order: int | None = None,
    barcode: str | None = None,
) -> Place:
    """Rename, renumber or move a place; None leaves a field as it is. Raises as `add_place`."""
    actor = clean_actor(actor)

    def work(session: Session) -> Place:
        before = find_in(session, code)
        if before is None:
            raise NotFound(tr("There is no place '{place}'.", place=_shown(code)), field="place")
        fresh_code = before.code if new_code is None else _clean_place_code(new_code)
        own_barcode = before.barcode
        if barcode is not None:
            own_barcode = text.clean_code(barcode, field="barcode")
        elif before.barcode == barcode_of(before.code):
            own_barcode = barcode_of(fresh_code)
        after = Place(
            before.id,
            before.parent_id if parent is None else _parent_id(session, before.kind, parent),
            before.kind,
            fresh_code,
            before.name if name is None else text.clean(name, field="name") or fresh_code,
            before.walk_order if walk_order is None else walk_order,
            own_barcode or barcode_of(fresh_code),
            before.archived,
        )
        _refuse_taken(session, after.code, after.barcode, own_id=before.id)
        session.run(
            "UPDATE location SET parent_id = ?, code = ?, name = ?, walk_order = ?, barcode_key = ? WHERE id "
            "= ?",
            (after.parent_id, after.code, after.name, after.walk_order, after.barcode, before.id),
        )
        now = clock.now_us()
        for field in ("parent_id", "code", "name", "walk_order", "barcode"):
            old, new = getattr(before, field), getattr(after, field)
            if old != new:
                record_change(session, "location", before.id, field, str(old), str(new), actor, now)
        return after

    return shop.store.writing(work)


def archive_place(shop: Shop, actor: str, code: str) -> None:
    """Put a place out of use; what happened there stays. Raises Refused while it holds anything."""
    actor = clean_actor(actor)

    def work(session: Session) -> None:
        # Nothing arrives there between the look and the archiving.
        posting.lock(session)
        place = find_in(session, code)
        if place is None:
            raise NotFound(tr("There is no place '{place}'.", place=_shown(code)), field="place")
        if session.value("SELECT 1 FROM level WHERE location_id = ? AND quantity_milli <> 0", (place.id,)):
            raise Refused(
                tr("{place} still holds stock (or is below zero); move or count it first.", place=place.code)
            )
        if session.value(
            "SELECT 1 FROM location WHERE parent_id = ? AND archived_at_us IS NULL", (place.id,)
        ):
            raise Refused(tr("{place} still has places in it; archive those first.", place=place.code))
        if place.code == shop.settings.receiving_bin:
            raise Refused(
                tr("{place} is where goods arrive; choose another receiving bin first.", place=place.code)
            )
        now = clock.now_us()
        session.run("UPDATE location SET archived_at_us = ? WHERE id = ?", (now, place.id))
        record_change(session, "location", place.id, "archived", None, "yes", actor, now)

    shop.store.writing(work)


def restore_place(shop: Shop, actor: str, code: str) -> Place:
    """Take a place that was archived into use again.

    Raises NotFound, Refused while what it lies in is archived.
    """
    actor = clean_actor(actor)

    def work(session: Session) -> Place:
        place = find_in(session, code)
        if place is None:
            raise NotFound(tr("There is no place '{place}'.", place=_shown(code)), field="place")
        above = place_of_id(session, place.parent_id) if place.parent_id is not None else None
        if above is not None and above.archived:
            raise Refused(tr("{place} is out of use; bring it back first.", place=above.code))
        if place.archived:
            session.run("UPDATE location SET archived_at_us = NULL WHERE id = ?", (place.id,))
            record_change(session, "location", place.id, "archived", "yes", None, actor, clock.now_us())
        return place_of_id(session, place.id)

    return shop.store.writing(work)
