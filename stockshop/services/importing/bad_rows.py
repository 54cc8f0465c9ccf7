"""The rows that could not be taken, as a list to mend the file by."""

from __future__ import annotations

from pathlib import Path

from stockshop.services.exporting.columns import Column
from stockshop.services.exporting.files import write_table
from stockshop.services.importing.storing import ImportResult

COLUMNS = (Column("row", is_number=True), Column("taken"), Column("column"), Column("value"), Column("why"))
"""The headings are for machines, too: added to, never renamed."""


def write_bad_rows(path: Path, result: ImportResult) -> int:
    """Write what is to be said of rows into a CSV file, and answer how many lines there are.

    `taken` is `no` for a row that is refused and `yes` for one with something left out. Raises NotWritten.
    """
    rows = [(one.row, "no", one.column, one.value, one.why) for one in result.refused]
    rows += [(one.row, "yes", one.column, one.value, one.why) for one in result.notices]
    rows.sort(key=lambda row: row[0])
    return write_table(path, COLUMNS, rows, file_format="csv")
