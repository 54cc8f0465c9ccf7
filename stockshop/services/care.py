"""Looking after a shop's data: copies of it, bringing one back, moving it, and the doctor.

A copy is always a SQLite file that `open_shop` opens, whatever the shop itself is kept in.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from stockshop import clock
from stockshop.errors import (
    Conflict,
    InvalidInput,
    NotFound,
    Refused,
    ShopError,
    Stopped,
    StoreCorrupt,
    StoreForeign,
)
from stockshop.language import tr
from stockshop.services.care_doctor import Counts, DoctorReport, Trouble, doctor, examine, search_troubles
from stockshop.services.shop import Shop, clean_actor, open_shop, read_settings, record_change
from stockshop.storage import backup as copying
from stockshop.storage import exchange, transfer
from stockshop.storage.backup import Step
from stockshop.storage.database import Store, create_store, is_server, open_store, shown
from stockshop.storage.session import Session

__all__ = [
    "BackupReport", "Counts", "DoctorReport", "MoveReport", "RestoreReport", "Trouble", "backup", "doctor",
    "examine", "move_to", "restore",
]  # fmt: skip

Progress = Callable[[int, int], None]
"""Told (done, total)."""


@dataclass(frozen=True, slots=True)
class BackupReport:
    """A copy that was made."""

    path: Path
    size_bytes: int
    entries: int
    products: int


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """A shop that was brought back."""

    path: Path
    kept: Path | None
    """Where the shop that was there lies now; None when there was none."""
    entries: int
    products: int


@dataclass(frozen=True, slots=True)
class MoveReport:
    """A shop that was copied into another store."""

    url: str
    """Without a password."""
    tables: tuple[transfer.TableCopy, ...]
    rows: int


def _steps(on_progress: Progress | None, should_stop: Callable[[], bool] | None) -> Step:
    def step(done: int, total: int) -> None:
        if should_stop is not None and should_stop():
            raise Stopped(tr("Stopped; nothing was changed."))
        if on_progress is not None:
            on_progress(done, total)

    return step


# -- backup ----------------------------------------------------------------------------------


def backup(
    shop: Shop,
    target: str | Path,
    *,
    on_progress: Progress | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> BackupReport:
    """Copy the shop as it is at this instant into a file, while others go on selling.

    In a folder the copy is named after the shop's file and the day. The copy is checked and then
    takes its name, so there is never half a copy under it; a former copy of the same shop is
    replaced. Raises Conflict when another file is in the way, StoreLocked when somebody has the
    former copy open, StoreUnavailable when it cannot be written, StoreCorrupt when the shop itself
    is damaged, Stopped.
    """
    path = _backup_path(shop, Path(target).expanduser())
    step = _steps(on_progress, should_stop)
    with shop.store.reading(snapshot=True) as session:
        entries = int(session.value("SELECT entry_sequence FROM ledger_head WHERE id = 1"))
        products = int(session.value("SELECT COUNT(*) FROM product"))
        if shop.store.path is not None:
            copying.copy_to(session, path, on_step=step)
        else:
            _copy_from_server(session, path, step)
    return BackupReport(path, path.stat().st_size, entries, products)


def _backup_path(shop: Shop, target: Path) -> Path:
    own = shop.store.path
    if target.is_dir():
        name = own.stem if own is not None else "shop"
        target = target / f"{name}-{clock.today(shop.zone).isoformat()}.shop"
    if own is not None and target.exists() and target.samefile(own):
        raise Conflict(tr("That is the shop itself; name another file for the copy."), field="target")
    if target.is_dir():
        raise Conflict(tr("{target} is a folder; name a file in it.", target=target), field="target")
    if target.exists() and _name_in(target) != shop.settings.name:
        raise Conflict(
            tr("{name} is there already and is no copy of this shop; choose another name.", name=target.name),
            field="target",
        )
    if target.exists():
        # What still lies in the log of the former copy would be read into the new one.
        exchange.make_single_file(target)
    return target


def _name_in(path: Path) -> str | None:
    """The name of the shop in a file that nobody has open; None when it is something else."""
    with suppress(ShopError):
        return exchange.look(path, lambda session: read_settings(session).name)
    return None


def _copy_from_server(source: Session, path: Path, step: Step) -> None:
    # In a folder of this computer: the target may lie on a drive that no store can live on.
    with tempfile.TemporaryDirectory(prefix="stockshop-") as folder:
        store = create_store(Path(folder) / "copy.shop")
        try:
            store.writing(lambda session: transfer.copy_tables(source, session, on_step=step))
            with store.reading() as session:
                copying.copy_to(session, path)
        finally:
            store.close()


# -- restore ---------------------------------------------------------------------------------


def restore(copy: str | Path, shop_path: str | Path) -> RestoreReport:
    """Put the shop in the file `copy` in the place of the one at `shop_path`, which is kept aside.

    The copy is checked as the doctor does before anything is touched. Raises NotFound,
    StoreForeign, StoreNewer or StoreCorrupt for a file that is not a sound shop, StoreLocked while
    somebody has the shop open, InvalidInput for the address of a server.
    """
    if is_server(str(shop_path)):
        raise InvalidInput(
            tr(
                "To bring a copy back to a server, open the copy and move it to an empty database there.",
            ),
            field="shop",
        )
    source, path = Path(copy).expanduser(), Path(shop_path).expanduser()
    if path.is_dir():
        raise InvalidInput(tr("{path} is a folder; name the shop's file in it.", path=path), field="shop")
    if path.exists() and source.exists() and path.samefile(source):
        raise Conflict(
            tr(
                "The copy and the shop are the same file; there is nothing to bring back.",
            )
        )
    exchange.check_replaceable(path)
    ready = path.with_name(f".{path.name}.restoring")
    copying.remove(ready)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        exchange.look(source, lambda session: copying.copy_to(session, ready))
        entries, products = _examined(ready, source)
        kept = exchange.put_in_place(ready, path, _aside(path)) if path.exists() else None
        if kept is None:
            exchange.put_in_empty_place(ready, path)
    finally:
        for left in path.parent.glob(f"{ready.name}*"):
            left.unlink(missing_ok=True)
    return RestoreReport(path, kept, entries, products)


def _aside(path: Path) -> Path:
    stamp = clock.iso(clock.now_us())[:19].replace(":", "").replace("-", "").replace("T", "-")
    aside = path.with_name(f"{path.name}.before-restore-{stamp}")
    number = 2
    while aside.exists():
        aside = path.with_name(f"{path.name}.before-restore-{stamp}-{number}")
        number += 1
    return aside


def _examined(ready: Path, source: Path) -> tuple[int, int]:
    """(entries, products) of a private copy that opens and is healthy, brought up to date."""
    shop = open_shop(ready)
    try:
        report = doctor(shop)
    finally:
        shop.close()
    if report.troubles:
        more = tr(" and {count} more", count=len(report.troubles) - 1) if report.troubles[1:] else ""
        raise StoreCorrupt(
            tr(
                "{name} is not sound, so nothing was replaced: {message}{more}.",
                name=source.name,
                message=report.troubles[0].message.rstrip("."),
                more=more,
            )
        )
    exchange.make_single_file(ready)
    return report.checked.entries, report.checked.products


# -- moving ----------------------------------------------------------------------------------


def move_to(
    shop: Shop,
    url: str,
    actor: str,
    *,
    on_progress: Progress | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> MoveReport:
    """Copy the whole shop into the empty store at `url` (a server's database, or a new file).

    Both sides are examined as the doctor does, and every table is compared. The shop itself stays
    as it is; what is posted in it meanwhile would be lost, so that is refused at the end. Raises
    Conflict when the target holds something, StoreCorrupt when the shop is not sound, Stopped;
    the target is then as empty as it was.
    """
    actor = clean_actor(actor)
    _refuse_unsound(doctor(shop).troubles)
    target, made = _empty_target(url)
    step = _steps(on_progress, should_stop)
    try:
        with shop.store.reading(snapshot=True) as source:
            head = _head(source)

            def work(session: Session) -> tuple[transfer.TableCopy, ...]:
                copied = transfer.copy_tables(source, session, on_step=step)
                troubles = examine(session)
                if target.path is not None:
                    troubles += search_troubles(lambda check: check(session))
                _refuse_unsound(tuple(troubles))
                now = clock.now_us()
                old, new = shown(shop.store.url), shown(target.url)
                record_change(session, "shop", 0, "place", old, new, actor, now)
                return copied

            tables = target.writing(work)
        # The snapshot could not see what was posted since.
        with shop.store.reading() as session:
            if _head(session) != head:
                raise Refused(
                    tr(
                        "Somebody has posted in the shop while it was being moved. Close "
                        "stockshop everywhere else, then move it again.",
                    )
                )
    except BaseException:
        _leave_empty(target, made)
        raise
    target.close()
    return MoveReport(shown(target.url), tables, sum(table.rows for table in tables))


def _head(session: Session) -> tuple[int, ...]:
    return tuple(
        int(session.value(sql))
        for sql in (
            "SELECT entry_sequence FROM ledger_head WHERE id = 1",
            "SELECT COALESCE(MAX(id), 0) FROM change",
            "SELECT COALESCE(MAX(id), 0) FROM count_line",
            "SELECT COALESCE(MAX(id), 0) FROM unknown_scan",
        )
    )


def _refuse_unsound(troubles: tuple[Trouble, ...]) -> None:
    if troubles:
        more = tr(" (and {count} more)", count=len(troubles) - 1) if troubles[1:] else ""
        raise StoreCorrupt(
            tr(
                "The shop is not sound, so it was not moved: {message}{more}. See what the doctor says.",
                message=troubles[0].message.rstrip("."),
                more=more,
            )
        )


def _empty_target(url: str) -> tuple[Store, bool]:
    """The store to copy into, and whether it was made for that."""
    try:
        return create_store(url), True
    except Conflict as conflict:
        try:
            target = open_store(url)
        except (NotFound, StoreForeign):
            raise conflict from None
    try:
        with target.reading() as session:
            empty = transfer.is_unused(session)
    except BaseException:
        target.close()
        raise
    if not empty:
        target.close()
        raise Conflict(tr("There is a shop already; name an empty database or a new file."), field="url")
    return target, False


def _leave_empty(target: Store, made: bool) -> None:
    # A server that has gone away cannot be emptied; what was not committed is not there anyway.
    with suppress(ShopError):
        if made:
            transfer.unmake(target)
    target.close()
