"""Counts: the sheets to count on."""

from __future__ import annotations

from pathlib import Path

import click

from stockshop.cli import output
from stockshop.cli.base import Choices, group, subcommand
from stockshop.cli.progress import counting
from stockshop.language import tr


@group("count")
def count() -> None:
    """Count the stock: print the sheets to write on."""


@subcommand(count, "sheet")
@click.option("--zone", "zones", multiple=True, metavar="CODE", required=True,
              help="A zone, bin or site to count; more than one may be named.")  # fmt: skip
@click.option("--informed", is_flag=True, help="Print what the books say; else the sheet is blind.")
@click.option("--paper", type=click.Choice(["A4", "Letter"], case_sensitive=False), default=None,
              help="The paper (else the usual one of the shop's country).")  # fmt: skip
@click.option("--replace-missing", is_flag=True, help="Print '?' for characters no font here has.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The PDF to write.")
def sheet(
    choices: Choices,
    zones: tuple[str, ...],
    informed: bool,
    paper: str | None,
    replace_missing: bool,
    out: Path,
) -> None:
    """Write count sheets to a PDF, each zone in walking order.

    A blind sheet does not tell what the books say, so that people count and not confirm.

    \b
    Examples:
      stockshop count sheet --zone SHOP-A --out count.pdf
      stockshop count sheet --zone SHOP-A --zone SHOP-B --informed --paper Letter --out count.pdf
    """
    from stockshop.services.printing import print_count_sheets

    with choices.open() as shop, counting(tr("Sheets")) as on_progress:
        report = print_count_sheets(
            shop, out, zones, informed=informed, paper=paper or "", replace_missing=replace_missing,
            on_progress=on_progress,
        )  # fmt: skip
    if choices.json:
        output.emit(
            {"out": str(out), "pages": report.pages, "lines": report.lines,
             "page_codes": list(report.page_codes), "replaced": list(report.replaced)}
        )  # fmt: skip
        return
    lines, pages = output.counted(report.lines, "lines"), output.counted(report.pages, "pages")
    output.say(tr("{lines} on {pages}: {path}", lines=lines, pages=pages, path=out))
    for sku in report.replaced:
        output.note(tr("{sku}: printed with '?' for characters no font here has.", sku=sku))


COMMANDS = {"count": count}
