"""Movements into a file: all of them, or exactly those that a filter asks for."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from stockshop.errors import InvalidInput, Stopped
from stockshop.language import tr
from stockshop.services.exporting.columns import MOVEMENTS
from stockshop.services.exporting.files import FORMATS, Cell, write_table
from stockshop.services.exporting.tables import chosen_movement_rows, movement_rows
from stockshop.services.movements import MovementFilter, MovementSearch
from stockshop.services.shop import Shop
from stockshop.storage.session import Session


def export_movements(
    shop: Shop,
    asked: MovementFilter,
    file_format: str,
    out: Path | str,
    *,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> int:
    """Write what a filter asks for, in the order in which it was recorded; answers how many there are.

    The columns are those of `stockshop export movements`. `on_progress` is told how many are
    written of how many; while they are still looked for, of 0. Raises InvalidInput, Stopped (then
    nothing is written), and what `write_table` raises.
    """
    if file_format not in FORMATS:
        raise InvalidInput(tr("The format is one of: {formats}.", formats=", ".join(FORMATS)), field="format")

    def refuse_when_stopped() -> None:
        if should_stop():
            raise Stopped(tr("Stopped. Nothing was written."))

    with shop.store.reading(snapshot=True) as session:
        rows: Iterator[Sequence[Cell]]
        if asked.is_everything:
            total = int(session.value("SELECT COUNT(*) FROM movement"))
            rows = movement_rows(shop, session)
        else:
            ids = _numbers(session, MovementSearch(shop, asked), should_stop)
            refuse_when_stopped()
            total = len(ids)
            rows = chosen_movement_rows(shop, session, ids)

        def progress(done: int) -> None:
            refuse_when_stopped()
            on_progress(done, total)

        return write_table(out, MOVEMENTS, rows, file_format=file_format, progress=progress)


def _numbers(session: Session, search: MovementSearch, should_stop: Callable[[], bool]) -> array[int]:
    """Numbers of what is found, the oldest first; eight bytes each."""
    found = array("q")
    for piece in search.ids(session, should_stop):
        found.extend(piece)
    # Late ones are found first, so that the newest need not be.
    return array("q", sorted(found))
