"""Products, stock and movements into files."""

from __future__ import annotations

from pathlib import Path

import click

from stockshop.cli import output
from stockshop.cli.base import Choices, command
from stockshop.cli.progress import counting
from stockshop.language import tr


@command("export")
@click.argument(
    "what", type=click.Choice(["products", "stock", "movements"]), help="What is written into the file."
)
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["csv", "json", "xlsx"]),
    help="What kind of file (else by the name of it).",
)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The file to write.")
def export(choices: Choices, what: str, file_format: str | None, out: Path) -> None:
    """Write products, stock or movements into a file.

    It is safe to open in a spreadsheet, and can be imported again as it is.

    \b
    Examples:
      stockshop export products --out products.csv
      stockshop export movements --format xlsx --out movements.xlsx
    """
    from stockshop.services.exporting import tables

    chosen = file_format or _by_name(out)
    with choices.open() as shop, counting(tr("Export")) as on_progress:
        rows = tables.export(
            shop, what, chosen, out,
            on_progress=None if on_progress is None else lambda done: on_progress(done, 0),
        )  # fmt: skip
    if choices.json:
        output.emit({"out": str(out), "format": chosen, "rows": rows})
    else:
        output.say(tr("{rows} in {path}", rows=output.counted(rows, "rows"), path=out))


def _by_name(out: Path) -> str:
    ending = out.suffix.lower().lstrip(".")
    if ending not in ("csv", "json", "xlsx"):
        raise click.UsageError(tr("Say '--format csv', json or xlsx, or give the file such an ending."))
    return ending


COMMANDS = {"export": export}
