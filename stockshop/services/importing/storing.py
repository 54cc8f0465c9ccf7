"""Putting what a file says into the shop: everything, or nothing and all the reasons.

Each row is tried inside one transaction. When any row cannot be taken (and nobody said to skip
those), the transaction is undone, so the list of bad rows is complete and nothing was written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from stockshop.errors import ShopError, Stopped
from stockshop.language import tr
from stockshop.services.importing import mappings
from stockshop.services.importing.drafts import RowProblem
from stockshop.services.importing.formats import Recognised
from stockshop.services.importing.storing_bins import NewBins
from stockshop.services.shop import Shop
from stockshop.storage.session import Session

Draft = TypeVar("Draft")
Progress = Callable[[int, int], None]
"""Steps done and steps to do; 0 to do while that is not known yet."""

OPENING_LOT = "OPENING"
"""The lot of opening stock whose file knows no lots."""
LINES_PER_ENTRY = 500
STEP = 200
_SHOWN = 60


NEW, CHANGED, SAME = "new", "changed", "same"
SAMPLES = 50
"""So many rows of each kind are kept, to be looked at."""


@dataclass(frozen=True, slots=True)
class RowSample:
    """One of the first rows of its kind, and what is in it."""

    row: int
    kind: str
    """NEW, CHANGED or SAME."""
    sku: str
    name: str
    price_minor: int | None = None
    """In minor units of the shop's currency."""
    quantity_milli: int | None = None
    """In thousandths of the unit."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of a file."""

    format: str
    read: int
    """Rows below the headings."""
    created: int
    updated: int
    """Like `created` 0 where a bad row keeps everything out; on a trial run what would be."""
    unchanged: int
    refused: tuple[RowProblem, ...]
    """Every bad row with every fault. Unless bad rows were to be skipped, any of them means that
    nothing was written."""
    notices: tuple[RowProblem, ...]
    """What was left out although the file is fine."""
    written: bool
    """Whether the shop was changed as the numbers say."""
    unused: tuple[str, ...] = ()
    """Headings of the columns that nothing was taken from."""
    samples: tuple[RowSample, ...] = ()
    """The first rows of each kind, in the order of the file."""


class Reading(Protocol):
    """A file that has been read: what `ProductReading` and `StockReading` have in common."""

    rows: int
    """Below the headings."""
    problems: list[RowProblem]
    """Rows that cannot be taken."""

    @property
    def notices(self) -> list[RowProblem]:
        """What is left out although the file is fine."""


class Undo(Exception):
    """Leaves the transaction when nothing of it shall stay."""


def first_half(on_progress: Progress | None) -> Progress | None:
    """Reading is the first half of the work and writing the second."""
    if on_progress is None:
        return None
    return lambda done, total: on_progress(done, 2 * total)


def check_stop(should_stop: Callable[[], bool] | None) -> None:
    if should_stop is not None and should_stop():
        raise Stopped(tr("The import was stopped; nothing was changed."))


def gathered(drafts: Iterable[Draft], should_stop: Callable[[], bool] | None) -> list[Draft]:
    """All drafts of a reading. Raises Stopped where a person wants that."""
    found: list[Draft] = []
    for draft in drafts:
        if len(found) % STEP == 0:
            check_stop(should_stop)
        found.append(draft)
    return found


class RowWork:
    """Rows tried one after the other inside a transaction; what fails is told, not raised."""

    def __init__(
        self,
        shop: Shop,
        actor: str,
        skip_bad: bool,
        on_progress: Progress | None,
        should_stop: Callable[[], bool] | None,
    ) -> None:
        self.shop = shop
        self.actor = actor
        self.skip_bad = skip_bad
        self.on_progress = on_progress
        self.should_stop = should_stop
        self.reset()

    def reset(self) -> None:
        """Begin again: a transaction may have to run twice."""
        self.problems: list[RowProblem] = []
        self.notices: list[RowProblem] = []
        self.bins = NewBins(self.shop, self.actor)
        self.created = self.updated = self.unchanged = 0
        self.samples: list[RowSample] = []

    def took(self, sample: RowSample) -> None:
        """Count a row that went well, and keep it while it is one of the first of its kind."""
        if sample.kind == NEW:
            self.created += 1
            many = self.created
        elif sample.kind == CHANGED:
            self.updated += 1
            many = self.updated
        else:
            self.unchanged += 1
            many = self.unchanged
        if many <= SAMPLES:
            self.samples.append(sample)

    def attempt(self, session: Session, row: int, work: Callable[[], None], draft: object = None) -> None:
        """Run one row's work. When bad rows are skipped, nothing of a bad one remains."""
        if self.skip_bad:
            session.run("SAVEPOINT import_row")
        try:
            work()
        except ShopError as error:
            if self.skip_bad:
                session.run("ROLLBACK TO SAVEPOINT import_row")
            self.bins.settle(kept=False)
            value = getattr(draft, error.field or "", "")
            shown = value[:_SHOWN] if isinstance(value, str) else ""
            self.problems.append(RowProblem(row, error.field or "", shown, error.message))
        else:
            self.bins.settle(kept=True)
        finally:
            if self.skip_bad:
                session.run("RELEASE SAVEPOINT import_row")

    def step(self, done: int, total: int) -> None:
        """Tell how far it is, and stop where a person wants that."""
        if done % STEP == 0 or done == total:
            check_stop(self.should_stop)
            if self.on_progress is not None:
                self.on_progress(total + done, 2 * total)


def headed(problems: Sequence[RowProblem], recognised: Recognised) -> list[RowProblem]:
    """The problems with the file's own headings for our names of fields."""
    return [RowProblem(one.row, recognised.heading(one.column), one.value, one.why) for one in problems]


def carried_out(
    work: RowWork,
    run: Callable[[Session], None],
    recognised: Recognised,
    reading: Reading,
    *,
    mapping: dict[str, str] | None,
    dry_run: bool,
) -> ImportResult:
    """Run the rows in one transaction, undo it where anything stands against it, and say what became.

    `run` is the work's own; `reading` has been gone through. A mapping that served is kept.
    """
    problems = list(reading.problems)

    def transaction(session: Session) -> None:
        run(session)
        if dry_run or ((problems or work.problems) and not work.skip_bad):
            raise Undo
        if mapping is not None:
            mappings.keep_in(session, recognised.fingerprint, mapping, work.actor)

    written = True
    try:
        work.shop.store.writing(transaction)
    except Undo:
        written = False
    refused = sorted([*problems, *headed(work.problems, recognised)], key=lambda problem: problem.row)
    is_kept_out = bool(refused) and not work.skip_bad
    return ImportResult(
        recognised.format,
        reading.rows,
        0 if is_kept_out else work.created,
        0 if is_kept_out else work.updated,
        work.unchanged,
        tuple(refused),
        (*reading.notices, *headed((*work.bins.notices, *work.notices), recognised)),
        written,
        recognised.unused,
        () if is_kept_out else tuple(work.samples),
    )
