"""A product as the cells of a file say it, field by field, before anything is checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Protocol

from stockshop.services.importing.drafts import RowProblem
from stockshop.services.importing.formats import Recognised
from stockshop.services.importing.headings import FIELDS, key

AT = {name: position for position, name in enumerate(FIELDS)}
"""Where in `Raw.texts` a field stands."""
_SHOWN = 60


@dataclass(slots=True)
class Raw:
    """One product before checking."""

    texts: Sequence[str]
    """One text for each of headings.FIELDS; empty where the file has none."""
    stem: str = ""
    """What a SKU can be made of when the file has none: a handle with its options."""
    codes: Sequence[str] = ()
    """Barcodes from further columns."""
    quantities: Sequence[tuple[str, str | None]] = ()
    """Quantities on hand by place, where the file has a column for each."""


class Reader(Protocol):
    """One way of getting from rows to products. `survey` sees every row before `read` sees the first."""

    notices: list[RowProblem]

    def survey(self, row: int, values: list[str]) -> None: ...

    def read(self, row: int, values: list[str]) -> Raw | None: ...

    def rest(self) -> Iterator[tuple[int, Raw]]: ...


@dataclass
class PlainReader:
    """A row is a product: our own files and everything mapped by its headings."""

    recognised: Recognised
    notices: list[RowProblem] = field(default_factory=list)

    def __post_init__(self) -> None:
        width = len(self.recognised.table.headers)
        # One column beyond the last stands for every field the file lacks.
        self._width = width
        self._pick = itemgetter(*(self.recognised.columns.get(name, width) for name in FIELDS))
        self._more = self.recognised.barcode_columns[1:]

    def survey(self, row: int, values: list[str]) -> None:
        """Nothing to learn: every row stands for itself."""

    def read(self, row: int, values: list[str]) -> Raw | None:
        """The row under our fields."""
        codes = [values[index] for index in self._more if values[index]] if self._more else ()
        return Raw(self.pick(values), codes=codes)

    def pick(self, values: list[str]) -> tuple[str, ...]:
        """The cells of a row in the order of FIELDS."""
        picked: tuple[str, ...] = self._pick([*values[: self._width], ""])
        return picked

    def rest(self) -> Iterator[tuple[int, Raw]]:
        """Nothing is left over."""
        return iter(())


class ShopReader(PlainReader):
    """What the readers of web shops share: cells by heading, and remarks on what is left out."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._by_key: dict[str, int] = {}
        for index, header in enumerate(self.recognised.table.headers):
            self._by_key.setdefault(key(header), index)

    def index(self, heading: str) -> int:
        """The column of a heading, or -1."""
        return self._by_key.get(key(heading), -1)

    def leave_out(self, row: int, heading: str, value: str, why: str) -> None:
        """Remark that a row is no product to stock."""
        self.notices.append(RowProblem(row, heading, value[:_SHOWN], why))


def cell(values: Sequence[str], index: int) -> str:
    """The trimmed cell, or nothing where the file has no such column."""
    return values[index].strip() if 0 <= index < len(values) else ""
