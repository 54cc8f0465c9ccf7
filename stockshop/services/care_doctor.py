"""Checking everything in a shop: the file, the guards, the ledger, the catalogue, the search index.

It reads and changes nothing. Every trouble is a line that a person understands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from itertools import islice

from stockshop import text
from stockshop.barcodes import gtin14, is_restricted, lookup_key
from stockshop.errors import ShopError, Stopped, StoreError
from stockshop.language import tr
from stockshop.ledger.audit import CHECKS as INVARIANTS
from stockshop.ledger.audit import MOST_PER_CHECK, audit
from stockshop.quantity import UNITS
from stockshop.services import locations
from stockshop.services.catalogue import naming
from stockshop.services.shop import Shop, checked, read_settings
from stockshop.storage import soundness
from stockshop.storage.session import Session

_BATCH = 5_000
# Comparing the index takes the write lock: a hundredth of a millisecond for each product.
_LOCKING_LIMIT = 50_000


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is not as it must be."""

    check: str
    """What was looked at: `store`, `I1` to `I9`, `catalogue`, `places`, `search` or `settings`."""
    message: str
    blinds: bool = False
    """Whether nothing else can be looked at because of it."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How much was looked at."""

    products: int = 0
    barcodes: int = 0
    places: int = 0
    entries: int = 0
    movements: int = 0


@dataclass(frozen=True, slots=True)
class DoctorReport:
    """What an examination found."""

    troubles: tuple[Trouble, ...]
    checked: Counts
    deep: bool

    @property
    def healthy(self) -> bool:
        """Nothing is wrong."""
        return not self.troubles


class _Steps:
    """How far an examination is; each check is a step."""

    def __init__(
        self,
        on_progress: Callable[[int, int], None] | None,
        should_stop: Callable[[], bool] | None,
        deep: bool,
    ) -> None:
        self._tell, self._should_stop = on_progress, should_stop
        self._total = 2 + len(INVARIANTS) + len(CHECKS if deep else CHECKS[:_QUICK])
        self._done = -1

    def next(self) -> None:
        """Another check begins. Raises Stopped where a person wants that."""
        if self._should_stop is not None and self._should_stop():
            raise Stopped(tr("Stopped; nothing was changed."))
        self._done += 1
        if self._tell is not None:
            self._tell(self._done, self._total)


def doctor(
    shop: Shop,
    deep: bool = True,
    *,
    on_progress: Callable[[int, int], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> DoctorReport:
    """Check a shop at one instant; others may go on selling meanwhile.

    `deep` also reads every page of a file, every reference and every product's derived texts.
    In a file comparing the search index makes tills wait for a moment at the end; that of a large
    catalogue is compared in a passing copy beside it.
    Raises StoreUnavailable and the like when the store cannot be read at all, Stopped.
    """
    steps = _Steps(on_progress, should_stop, deep)
    try:
        with shop.store.reading(snapshot=True) as session:
            troubles = examine(session, deep=deep, on_check=steps.next)
            counts = _counts(session) if not _is_broken(troubles) else Counts()
    except StoreError as error:
        # Too broken to be asked: say so instead of failing.
        return DoctorReport((Trouble("store", error.message),), Counts(), deep)
    steps.next()
    if deep and not _is_broken(troubles) and shop.store.path is not None:
        if counts.products <= _LOCKING_LIMIT:
            troubles += search_troubles(shop.store.writing)
        else:
            with shop.store.reading() as session:
                said = soundness.search_trouble_of_copy(session, shop.store.path.parent)
            troubles += [] if said is None else [Trouble("search", said)]
    return DoctorReport(tuple(troubles), counts, deep)


def examine(
    session: Session, *, deep: bool = True, on_check: Callable[[], None] = lambda: None
) -> list[Trouble]:
    """All troubles but those of the search index, as seen by one session; `on_check` before each check."""
    on_check()
    missing = [Trouble("store", line, blinds=True) for line in soundness.missing_parts(session)]
    if missing:
        return missing
    troubles = [Trouble("store", line) for line in soundness.store_troubles(session, deep=deep)]
    troubles += [Trouble(found.invariant, found.message) for found in audit(session, on_check=on_check)]
    checks = CHECKS if deep else CHECKS[:_QUICK]
    for name, check in checks:
        on_check()
        troubles += [Trouble(name, line) for line in islice(check(session), MOST_PER_CHECK)]
    return troubles


def search_troubles(writing: Callable[[Callable[[Session], str | None]], str | None]) -> list[Trouble]:
    """Compare the search index with what products are found by (SQLite asks for a write lock)."""
    said = writing(soundness.search_trouble)
    return [] if said is None else [Trouble("search", said)]


def _is_broken(troubles: list[Trouble]) -> bool:
    return any(trouble.blinds for trouble in troubles)


def _counts(session: Session) -> Counts:
    def rows(table: str, where: str = "") -> int:
        return int(session.value(f"SELECT COUNT(*) FROM {table} {where}"))

    return Counts(
        rows("product"),
        rows("barcode"),
        rows("location", "WHERE kind <> 'virtual'"),
        rows("entry"),
        rows("movement"),
    )


def _settings(session: Session) -> Iterator[str]:
    try:
        stored = read_settings(session)
        clean = checked(stored)
    except StoreError as error:
        yield error.message
        return
    except ShopError as error:
        yield tr("The shop's settings cannot be used: {message}.", message=error.message.rstrip(".…"))
        return
    for item in fields(stored):
        found, wanted = (text.printable(str(getattr(one, item.name)))[:40] for one in (stored, clean))
        if getattr(stored, item.name) != getattr(clean, item.name):
            yield tr(
                "The setting '{name}' holds '{found}', which can only be '{wanted}'.",
                name=item.name,
                found=found,
                wanted=wanted,
            )
    place = locations.find_in(session, stored.receiving_bin) if stored.receiving_bin else None
    if place is None or place.kind != "bin":
        shown = text.printable(stored.receiving_bin)[:40]
        yield tr(
            "Goods are to arrive in '{shown}', which is no bin; choose another with 'stockshop settings'.",
            shown=shown,
        )


def _prices(session: Session) -> Iterator[str]:
    for sku, shown, newest in session.stream(
        "SELECT p.sku, p.price_minor, n.price_minor FROM product p LEFT JOIN price n "
        "ON n.id = (SELECT MAX(id) FROM price WHERE product_id = p.id) "
        "WHERE p.price_minor IS DISTINCT FROM n.price_minor"
    ):
        yield tr(
            "{sku}: the price is {shown}, the last one recorded is {newest}.",
            sku=sku,
            shown=_minor(shown),
            newest=_minor(newest),
        )


def _minor(price_minor: int | None) -> str:
    return tr("none") if price_minor is None else tr("{price} (in the smallest coin)", price=price_minor)


def _places(session: Session) -> Iterator[str]:
    virtual = int(session.value("SELECT COUNT(*) FROM location WHERE kind = 'virtual' AND id <= 8"))
    if virtual != 8:
        yield tr("Of the 8 places outside the shop only {virtual} are there.", virtual=virtual)
    if session.value("SELECT COUNT(*) FROM lot WHERE id = 0") != 1:
        yield tr("The lot that stands for 'no lot' is missing.")
    for code, kind in session.rows(
        "SELECT c.code, c.kind FROM location c LEFT JOIN location p ON p.id = c.parent_id "
        "WHERE (c.kind = 'bin' AND COALESCE(p.kind, '') <> 'zone') "
        "OR (c.kind = 'zone' AND COALESCE(p.kind, '') <> 'site')"
    ):
        yield tr(
            "The {kind} {code} does not lie in a {value}.",
            kind=tr(kind),
            code=code,
            value=tr("zone") if kind == "bin" else tr("site"),
        )
    for sku, code in session.rows(
        "SELECT p.sku, b.code FROM product p JOIN location b ON b.id = p.preferred_bin_id "
        "WHERE b.kind <> 'bin'"
    ):
        yield tr("{sku}: its preferred bin {code} is not a bin.", sku=sku, code=code.lstrip("~"))
    for code, kind in session.rows(
        "SELECT DISTINCT b.code, b.kind FROM level v JOIN location b ON b.id = v.location_id "
        "WHERE v.quantity_milli <> 0 AND b.kind IN ('site', 'zone')"
    ):
        yield tr("There is stock in the {kind} {code}, where only bins hold stock.", kind=tr(kind), code=code)
    for (code,) in session.rows(
        "SELECT DISTINCT b.code FROM level v JOIN location b ON b.id = v.location_id "
        "WHERE v.quantity_milli <> 0 AND b.archived_at_us IS NOT NULL"
    ):
        yield tr("There is stock in {code}, which is archived.", code=code)


def _barcodes(session: Session) -> Iterator[str]:
    for key, times in session.rows(
        "SELECT lookup_key, COUNT(*) FROM barcode GROUP BY lookup_key HAVING COUNT(*) > 1"
    ):
        yield tr(
            "The barcode {key} is on {times} products or packs; a scan cannot tell which.",
            key=text.printable(key),
            times=times,
        )
    for code, sku, place in session.rows(
        "SELECT b.code, p.sku, l.code FROM barcode b JOIN product p ON p.id = b.product_id "
        "JOIN location l ON l.barcode_key IN (b.lookup_key, b.code)"
    ):
        yield tr(
            "The barcode {code} of {sku} is also the label of the bin {place}.",
            code=text.printable(code),
            sku=sku,
            place=place,
        )
    for code, key, kind, sku in session.stream(
        "SELECT b.code, b.lookup_key, b.kind, p.sku FROM barcode b JOIN product p ON p.id = b.product_id"
    ):
        wanted = lookup_key(code)
        if wanted != key:
            yield tr(
                "{sku}: the barcode {code} is filed under {key}.",
                sku=sku,
                code=text.printable(code),
                key=text.printable(key),
            )
            continue
        gtin = gtin14(wanted)
        if kind != ("code" if gtin is None else "in-store" if is_restricted(gtin) else "gtin"):
            yield tr(
                "{sku}: the barcode {code} is not of the kind '{kind}'.",
                sku=sku,
                code=text.printable(code),
                kind=kind,
            )


def _names(session: Session) -> Iterator[str]:
    last_id = 0
    while True:
        rows = session.rows(
            "SELECT id, sku, name, label_name, sort_name, search_text, sku_fold FROM product "
            "WHERE id > ? ORDER BY id LIMIT ?",
            (last_id, _BATCH),
        )
        if not rows:
            return
        codes = _codes(session, last_id, rows[-1][0])
        last_id = rows[-1][0]
        for product_id, sku, name, label_name, sort_name, search_text, sku_fold in rows:
            shown = text.printable(sku)
            if sort_name != naming.sort_name(name):
                yield tr(
                    "{shown}: it is sorted by '{sort_name}', which is not its name.",
                    shown=shown,
                    sort_name=text.printable(sort_name),
                )
            if sku_fold != naming.sku_fold(sku):
                yield tr(
                    "{shown}: the SKU is filed under '{sku_fold}'.",
                    shown=shown,
                    sku_fold=text.printable(sku_fold),
                )
            wanted = naming.search_text(name, label_name, sku, codes[product_id])
            # The order of the lines is the engine's; finding does not ask for it.
            if set(search_text.split("\n")) != set(wanted.split("\n")):
                yield tr(
                    "{shown}: it is not found by what it is called; save it again to mend that.",
                    shown=shown,
                )
            if text.printable(name) != name or text.printable(sku) != sku:
                yield tr("{shown}: its name or SKU holds hidden characters.", shown=shown)


def _codes(session: Session, after_id: int, last_id: int) -> dict[int, list[str]]:
    codes: dict[int, list[str]] = defaultdict(list)
    for product_id, code in session.rows(
        "SELECT product_id, code FROM barcode WHERE product_id > ? AND product_id <= ? "
        "UNION ALL SELECT product_id, lookup_key FROM barcode WHERE product_id > ? AND product_id <= ? "
        "AND lookup_key <> code "
        "UNION ALL SELECT product_id, supplier_code FROM product_supplier WHERE product_id > ? "
        "AND product_id <= ? AND supplier_code <> '' "
        "UNION ALL SELECT merged_into_id, sku FROM product WHERE merged_into_id > ? AND merged_into_id <= ?",
        (after_id, last_id) * 4,
    ):
        codes[product_id].append(code)
    return codes


def _units(session: Session) -> Iterator[str]:
    for sku, unit in session.stream("SELECT sku, unit FROM product"):
        if unit not in UNITS:
            yield tr(
                "{sku}: it is counted in '{unit}', which is no unit.",
                sku=text.printable(sku),
                unit=text.printable(unit),
            )


def _lots(session: Session) -> Iterator[str]:
    for sku, code, expiry in session.stream(
        "SELECT p.sku, l.code, l.expiry FROM lot l JOIN product p ON p.id = l.product_id "
        "WHERE l.expiry IS NOT NULL"
    ):
        try:
            date.fromisoformat(expiry)
        except ValueError:
            shown = text.printable(expiry)
            yield tr(
                "{sku}: lot {code} expires on '{shown}', which is no date.",
                sku=sku,
                code=text.printable(code),
                shown=shown,
            )
    for sku, into in session.rows(
        "SELECT p.sku, q.sku FROM product p JOIN product q ON q.id = p.merged_into_id "
        "WHERE p.id = q.id OR q.merged_into_id = p.id"
    ):
        yield tr("{sku} and {into} are merged into each other.", sku=sku, into=into)


CHECKS: tuple[tuple[str, Callable[[Session], Iterator[str]]], ...] = (
    ("settings", _settings),
    ("catalogue", _prices),
    ("places", _places),
    ("catalogue", _barcodes),
    ("catalogue", _names),
    ("catalogue", _units),
    ("catalogue", _lots),
)
_QUICK = 3
"""How many of the checks are quick however large the catalogue is."""
