"""Products and opening stock out of files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from stockshop.cli import output
from stockshop.cli.base import REFUSED, Choices, group, subcommand
from stockshop.cli.progress import counting
from stockshop.errors import InvalidInput
from stockshop.language import tr

if TYPE_CHECKING:
    from stockshop.services.importing.drafts import RowProblem
    from stockshop.services.importing.storing import ImportResult

_NOTES = 30
F = TypeVar("F", bound=Callable[..., Any])


@group("import")
def import_() -> None:
    """Take over products or opening stock from a file.

    CSV, TSV, XLSX and JSON are read, whatever their encoding, marks and separators.
    """


def _shared_options(function: F) -> F:
    for option in reversed(
        (
            click.argument("file", type=click.Path(path_type=Path), help="The file to read."),
            click.option("--dry-run", is_flag=True, help="Only say what would happen."),
            click.option("--skip-bad", is_flag=True, help="Take the good rows and leave the bad ones."),
            click.option(
                "--column",
                "columns",
                multiple=True,
                metavar="FIELD=HEADING",
                help="Which column is which, such as name=Artikel; repeat for more. Kept for next time.",
            ),
        )
    ):
        function = option(function)
    return function


@subcommand(import_, "products")
@_shared_options
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["auto", "stockshop", "shopify", "woocommerce", "square"]),
    default="auto",
    show_default=True,
    help="Whose file it is; it is recognised by itself.",
)
@click.pass_context
def products(
    context: click.Context,
    choices: Choices,
    file: Path,
    dry_run: bool,
    skip_bad: bool,
    columns: tuple[str, ...],
    file_format: str,
) -> None:
    """Add products from a file, and change those that are there already.

    Everything is checked first. With a bad row nothing is changed, every bad row is named, and the
    exit code is 1; '--skip-bad' takes the others. Importing the same file again changes nothing.
    Bins that only the file knows are made, and named as a note.

    \b
    Examples:
      stockshop import products products.csv
      stockshop import products export.csv --format shopify --dry-run
      stockshop import products liste.csv --column name=Artikel --column price=VK
    """
    from stockshop.services.importing.storing_products import import_products

    mapping = _mapping(columns)
    with choices.open() as shop, counting(tr("Import")) as on_progress:
        result = import_products(
            shop, choices.who, file, file_format=file_format, mapping=mapping, dry_run=dry_run,
            skip_bad=skip_bad, on_progress=on_progress,
        )  # fmt: skip
    _finish(context, choices, result, dry_run=dry_run, skip_bad=skip_bad)


@subcommand(import_, "stock")
@_shared_options
@click.pass_context
def stock(
    context: click.Context,
    choices: Choices,
    file: Path,
    dry_run: bool,
    skip_bad: bool,
    columns: tuple[str, ...],
) -> None:
    """Take over opening stock: sku or barcode, bin, quantity, unit cost, lot, expiry.

    It is posted as opening entries. Importing the same file again changes nothing. Bins that only
    the file knows are made, and named as a note.

    \b
    Example:
      stockshop import stock opening.csv
    """
    from stockshop.services.importing.storing_stock import import_stock

    mapping = _mapping(columns)
    with choices.open() as shop, counting(tr("Import")) as on_progress:
        result = import_stock(
            shop, choices.who, file, mapping=mapping, dry_run=dry_run, skip_bad=skip_bad,
            on_progress=on_progress,
        )  # fmt: skip
    _finish(context, choices, result, dry_run=dry_run, skip_bad=skip_bad)


def _mapping(columns: tuple[str, ...]) -> dict[str, str] | None:
    mapping = {}
    for column in columns:
        field, mark, heading = column.partition("=")
        if not mark or not field.strip():
            raise InvalidInput(tr("Write a column as FIELD=HEADING, such as name=Artikel."), field="column")
        mapping[field.strip()] = heading
    return mapping or None


def _finish(
    context: click.Context, choices: Choices, result: ImportResult, *, dry_run: bool, skip_bad: bool
) -> None:
    if choices.json:
        output.emit(
            {
                "read": result.read,
                "created": result.created,
                "updated": result.updated,
                "unchanged": result.unchanged,
                "refused": [_problem(one) for one in result.refused],
                "format": result.format,
                "written": result.written,
                "notices": [_problem(one) for one in result.notices],
                "unused": list(result.unused),
            }
        )
    else:
        _show(result, dry_run=dry_run)
    if result.refused and not skip_bad:
        context.exit(REFUSED)


def _problem(one: RowProblem) -> dict[str, Any]:
    return {"row": one.row, "column": one.column, "value": one.value, "why": one.why}


def _show(result: ImportResult, *, dry_run: bool) -> None:
    read = output.counted(result.read, "rows")
    counts = {"new": result.created, "changed": result.updated, "same": result.unchanged}
    if result.refused and not result.written:
        output.say(tr("{rows} read. Nothing was changed.", rows=read))
    elif dry_run:
        output.say(tr("{rows} read. Would be: {new} new, {changed} changed, {same} as before.",
                      rows=read, **counts))  # fmt: skip
    else:
        output.say(tr("{rows} read. {new} new, {changed} changed, {same} as before.", rows=read, **counts))
    if result.unused:
        columns = ", ".join(f"'{heading[:40]}'" for heading in result.unused)
        output.note(tr("Note: nothing was taken from {columns}; name what it holds with '--column'.",
                       columns=columns))  # fmt: skip
    for said, problems in ((tr("Note"), result.notices[:_NOTES]), (tr("Refused"), result.refused)):
        for one in problems:
            where = f", {one.column}" if one.column else ""
            value = f" '{one.value}'" if one.value else ""
            row = tr("row {number}", number=one.row)
            output.note(f"{said}: {row}{where}{value}: {one.why}")
    if len(result.notices) > _NOTES:
        more = len(result.notices) - _NOTES
        output.note(tr("Note: {count} more notes; '--json' lists them all.", count=more))
    if result.refused and not result.written:
        rows = len({one.row for one in result.refused})
        output.note(
            tr("{rows} cannot be taken. Put that right, or take the others with '--skip-bad'.",
               rows=output.counted(rows, "rows"))
        )  # fmt: skip


COMMANDS = {"import": import_}
