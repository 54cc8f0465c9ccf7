"""Where the rows of a RecordList come from: sources, columns, and the cache of pages.

`PageSource` is what a list of records must offer. Rows are any objects with a `key` that is unique
in the list and by which the source can find its way back (usually the tuple it is sorted by). They
are turned into text by the columns, for the lines on screen only.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from textual.worker import get_current_worker

from stockshop.errors import ShopError
from stockshop.ui.messages import WorkFailed
from stockshop.ui.safe import Align, Cut

if TYPE_CHECKING:
    from stockshop.ui.widgets.record_list import RecordList

Key = Hashable
PAGE_ROWS = 256
CACHED_PAGES = 24
"""Some 6,000 rows: twenty screens in each direction, at most a few megabytes."""
_QUICK_S = 0.012
"""How long a paint waits for its rows: mostly they are there by then, and it need not be painted twice."""
_READERS = 2
_NEAR_ROWS = 2_048
"""Counting rows to a page costs nothing noticeable up to here."""


class Row(Protocol):
    """Anything with a key."""

    @property
    def key(self) -> Key:
        """Unique in the list, and enough for the source to find the row's place."""
        ...


RowT = TypeVar("RowT", bound=Row)
Found = TypeVar("Found")
RowT_co = TypeVar("RowT_co", bound=Row, covariant=True)


@dataclass(frozen=True, slots=True)
class Cells:
    """The plainest row: its key and its texts."""

    key: Key
    texts: tuple[str, ...]


class PageSource(Protocol[RowT_co]):
    """Records in a fixed order. All methods may be called in any thread, several at a time.

    A source stands for one question (one search, filter and order); another question is another
    source. Errors of the shop (ShopError) may be raised anywhere and are shown.
    """

    @property
    def quick(self) -> bool:
        """Whether `page_from` takes a few milliseconds at the most (a store on this computer)."""
        ...

    def count(self) -> int:
        """How many rows there are. Called in a thread."""
        ...

    def first_keys(self, every: int) -> Sequence[Key]:
        """The keys of rows 0, every, 2*every, … in order. Called once, in a thread; may be slow.

        May be empty where keys do not lead to places; then far pages are read by `page_at`.
        """
        ...

    def page_from(self, key: Key | None, limit: int) -> Sequence[RowT_co]:
        """Up to `limit` rows in order, from the row with this key on (it included, if it still
        exists, else the one after its place); from the first row for None."""
        ...

    def page_at(self, offset: int, limit: int) -> Sequence[RowT_co]:
        """Up to `limit` rows from the one with this number (from 0). Far away it may be slow."""
        ...


@dataclass(frozen=True)
class Column(Generic[RowT]):
    """One column: what it is called, how wide it is, and what it shows of a row."""

    title: str
    text: Callable[[RowT], str]
    width: int = 0
    """A fixed width in cells; 0 for a share of what remains."""
    weight: int = 1
    """The share of a column without fixed width."""
    least: int = 6
    """Cells below which a shared column never falls."""
    align: Align = "left"
    """Numbers go right."""
    cut: Cut = "end"
    """Where a text that does not fit loses its letters; `middle` keeps the size at a name's end."""
    tone: Callable[[RowT], str] | None = None
    """"", quiet, good, warn or bad: a colour beside what the text says, never instead of it."""
    from_width: int = 0
    """The column is left out of lists narrower than this."""


def column_widths(columns: Sequence[Column[Any]], width: int) -> tuple[int, ...]:
    """Cells for each column of a list `width` cells wide, two between columns; 0 for left out."""
    shown = [number for number, column in enumerate(columns) if column.from_width <= width]
    room = width - 2 * max(0, len(shown) - 1)
    sizes = [0] * len(columns)
    shared = [number for number in shown if not columns[number].width]
    for number in shown:
        sizes[number] = columns[number].width or columns[number].least
    spare = room - sum(sizes)
    weights = sum(columns[number].weight for number in shared)
    if spare > 0 and weights:
        given = 0
        for number in shared:
            share = spare * columns[number].weight // weights
            sizes[number] += share
            given += share
        sizes[shared[0]] += spare - given
    return tuple(sizes)


@lru_cache(maxsize=1)
def _readers() -> ThreadPoolExecutor:
    """The threads that read while a paint waits: the same few, since each has a connection of its own."""
    return ThreadPoolExecutor(_READERS, thread_name_prefix="pages")


class PageCache(Generic[RowT]):
    """The pages of one list: which are there, which are wanted, and how each is reached."""

    def __init__(self, owner: RecordList[RowT]) -> None:
        self._owner = owner
        self.source: PageSource[RowT] | None = None
        self.count = 0
        self.counted = False
        self._pages: OrderedDict[int, Sequence[RowT]] = OrderedDict()
        self._keys: Sequence[Key] = ()
        self._generation = 0
        self._wanted: list[int] = []
        self._reading = False
        self._slow = False
        self._coming: set[int] = set()
        """Pages that are being read and take longer than a paint can wait."""
        self._stale: set[int] = set()
        """Pages that are shown until they are read again."""

    def close(self) -> None:
        """Nothing that is still being read is wanted."""
        self._generation += 1

    def row(self, index: int) -> RowT | None:
        """A row that is there, else None. Reads nothing."""
        page, place = divmod(index, PAGE_ROWS)
        rows = self._pages.get(page)
        return rows[place] if rows is not None and 0 <= place < len(rows) else None

    # -- another source ----------------------------------------------------------------------

    def change_source(self, source: PageSource[RowT], *, top: int, keep: bool) -> None:
        """Read the first page to be shown; when it is there, it and the source replace the old."""
        self._generation += 1
        generation = self._generation
        same = source is self.source
        first = top // PAGE_ROWS
        key = self._keys[first] if same and first < len(self._keys) else None

        def read() -> Sequence[RowT]:
            if key is not None or first == 0:
                return source.page_from(key, PAGE_ROWS)
            return source.page_at(first * PAGE_ROWS, PAGE_ROWS)

        def arrived(rows: Sequence[RowT]) -> None:
            if generation == self._generation:
                self._arrive_first(source, first, rows, keep)

        if not same:
            self._slow = False
        near = key is not None or first * PAGE_ROWS <= _NEAR_ROWS
        if source.quick and not self._slow and near:
            self._at_once(read, arrived, arrived)
        else:
            self._in_thread(read, arrived)

    def _arrive_first(self, source: PageSource[RowT], first: int, rows: Sequence[RowT], keep: bool) -> None:
        refreshed = keep and source is self.source
        self.source = source
        if refreshed:
            # What is on screen stays there until it is read again.
            self._stale = set(self._pages) - {first}
            self._arrive(first, rows)
        else:
            self._stale = set()
            self._pages = OrderedDict({first: rows})
            self._keys = ()
        self._wanted.clear()
        self._coming.clear()
        known = first * PAGE_ROWS + len(rows)
        if len(rows) < PAGE_ROWS and (rows or not first):
            self.count, self.counted = known, True
        else:
            self.count, self.counted = (max(known, self.count) if keep else known), False
        self._owner.pages_changed(restarted=not keep)
        if not self.counted:
            # Counting a large list would take its time from the first paint.
            self._owner.call_after_refresh(self._count_in_thread, source, self._generation)

    def _count_in_thread(self, source: PageSource[RowT], generation: int) -> None:
        if generation != self._generation:
            return

        def counted(count: int) -> None:
            if generation != self._generation:
                return
            self.count, self.counted = count, True
            self._owner.pages_changed(restarted=False)
            if count > PAGE_ROWS:
                self._in_thread(lambda: source.first_keys(PAGE_ROWS), found)

        def found(keys: Sequence[Key]) -> None:
            if generation == self._generation:
                self._arrive_keys(keys)

        self._in_thread(source.count, counted)

    def _arrive_keys(self, keys: Sequence[Key]) -> None:
        self._keys = keys
        # Pages that were read by older keys may begin elsewhere now.
        for page, rows in self._pages.items():
            if page < len(keys) and (not rows or rows[0].key != keys[page]):
                self._stale.add(page)
        if self._stale:
            self._owner.pages_changed(restarted=False)

    # -- pages -------------------------------------------------------------------------------

    def want(self, rows: range) -> None:
        """These rows come on screen: read their pages now if that is quick, else soon."""
        if self.source is None or not rows:
            return
        first = max(0, rows.start) // PAGE_ROWS
        last = max(0, min(rows.stop, max(self.count, 1)) - 1) // PAGE_ROWS
        for page in range(first, last + 1):
            if page in self._pages and page not in self._stale:
                self._pages.move_to_end(page)
            elif page in self._coming:
                continue
            elif self.source.quick and not self._slow and self._near(page):
                self._coming.add(page)
                self._at_once(
                    partial(self._read, self.source, page),
                    partial(self._arrive, page),
                    partial(self._arrive_late, page, self._generation),
                )
            elif page not in self._wanted:
                self._wanted.append(page)
        self._read_wanted()

    def _near(self, page: int) -> bool:
        return page < len(self._keys) or page - 1 in self._pages or page * PAGE_ROWS <= _NEAR_ROWS

    def _read(self, source: PageSource[RowT], page: int) -> Sequence[RowT]:
        if page == 0:
            return source.page_from(None, PAGE_ROWS)
        if page < len(self._keys):
            return source.page_from(self._keys[page], PAGE_ROWS)
        before = None if page - 1 in self._stale else self._pages.get(page - 1)
        if before is not None and len(before) == PAGE_ROWS:
            last = before[-1].key
            rows = source.page_from(last, PAGE_ROWS + 1)
            return rows[1:] if rows and rows[0].key == last else rows[:PAGE_ROWS]
        return source.page_at(page * PAGE_ROWS, PAGE_ROWS)

    def _arrive_late(self, page: int, generation: int, rows: Sequence[RowT]) -> None:
        if generation == self._generation:
            self._arrive(page, rows)
            self._owner.pages_changed(restarted=False)

    def _arrive(self, page: int, rows: Sequence[RowT]) -> None:
        self._coming.discard(page)
        self._pages[page] = rows
        self._stale.discard(page)
        self._pages.move_to_end(page)
        while len(self._pages) > CACHED_PAGES:
            self._pages.popitem(last=False)

    def _read_wanted(self) -> None:
        source = self.source
        if self._reading or not self._wanted or source is None:
            return
        # The page asked for last is the one that is looked at; older wishes may have scrolled away.
        page = self._wanted.pop()
        del self._wanted[:-2]
        self._reading = True
        generation = self._generation

        def arrived(rows: Sequence[RowT]) -> None:
            self._reading = False
            if generation == self._generation:
                self._arrive(page, rows)
                self._owner.pages_changed(restarted=False)
            self._read_wanted()

        self._in_thread(lambda: self._read(source, page), arrived)

    def _in_thread(self, read: Callable[[], Found], arrived: Callable[[Found], None]) -> None:
        owner = self._owner

        def work() -> None:
            worker = get_current_worker()
            found = read()
            if not worker.is_cancelled:
                owner.call_later(arrived, found)

        owner.run_worker(
            work, thread=True, group="pages", exit_on_error=False, description="Reading the list"
        )

    def _at_once(
        self,
        read: Callable[[], Sequence[RowT]],
        arrived: Callable[[Sequence[RowT]], None],
        late: Callable[[Sequence[RowT]], None],
    ) -> None:
        """Read between a key and its paint, which waits a moment and not longer: then it is `late`."""
        reading = _readers().submit(read)
        try:
            rows = reading.result(_QUICK_S)
        except TimeoutError:
            self._slow = True
            self._in_thread(reading.result, late)
        except ShopError as error:
            self._coming.clear()
            self._owner.post_message(WorkFailed(error, "reading the list"))
        else:
            arrived(rows)

    def failed(self) -> None:
        """A read in a thread has failed; what is wanted next may be read again."""
        self._reading = False
        self._coming.clear()
