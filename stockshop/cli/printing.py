"""Shelf labels, and the label sheets one can buy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from stockshop.cli import output
from stockshop.cli.base import Choices, command
from stockshop.cli.progress import counting
from stockshop.errors import InvalidInput
from stockshop.language import tr

if TYPE_CHECKING:
    from stockshop.documents.labels import LabelReport, Trouble
    from stockshop.documents.sheets import LabelSheet

_ON_HAND = "on-hand"


@command("labels")
@click.argument("codes", nargs=-1, metavar="[CODE]...", help="SKUs or barcodes of the products.")
@click.option("--zone", metavar="CODE", help="All products of a zone, bin or site, in walking order.")
@click.option("--sheet", default="", metavar="SHEET", help="Such as 'Avery L7160' or a roll's '57x32 mm'.")
@click.option("--start", type=click.IntRange(min=1), default=1, help="The first free label of the sheet.")
@click.option(
    "--copies", default="1", metavar="N|on-hand", help="How many of each, or one per piece on hand."
)
@click.option(
    "--symbol",
    type=click.Choice(["auto", "qr", "code128", "none"]),
    default="auto",
    help="Print the number as bars that suit it, as a QR code, as Code 128, or as digits alone.",
)
@click.option("--dpi", type=click.IntRange(min=100, max=2400), help="The printer's resolution.")
@click.option("--skip-refused", is_flag=True, help="Leave out labels that cannot be printed.")
@click.option("--replace-missing", is_flag=True, help="Print '?' for characters no font here has.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The PDF to write.")
def labels(
    choices: Choices,
    codes: tuple[str, ...],
    zone: str | None,
    sheet: str,
    start: int,
    copies: str,
    symbol: str,
    dpi: int | None,
    skip_refused: bool,
    replace_missing: bool,
    out: Path,
) -> None:
    """Write shelf labels to a PDF, ready to print at 100 %.

    \b
    Examples:
      stockshop labels TEA-100 4006381333931 --out labels.pdf
      stockshop labels --zone SHOP-A --sheet "Avery L7160" --out shelf.pdf
      stockshop labels TEA-100 --copies 12 --start 5 --out more.pdf
    """
    from stockshop.services.printing import print_labels

    wanted: int | str = copies
    if copies != _ON_HAND:
        if not (copies.isascii() and copies.isdigit() and len(copies) < 7):
            raise InvalidInput(tr("Copies is a number from 1, or 'on-hand'."), field="copies")
        wanted = int(copies)
    with choices.open() as shop, counting(tr("Labels")) as on_progress:
        report = print_labels(
            shop, out, codes=codes, zone=zone, sheet=sheet, dpi=dpi, start=start, copies=wanted,
            symbol=symbol, skip_refused=skip_refused, replace_missing=replace_missing,
            on_progress=on_progress,
        )  # fmt: skip
    _tell_labels(choices, report, out)


def _tell_labels(choices: Choices, report: LabelReport, out: Path) -> None:
    changes = (("refused", report.refused), ("cut", report.cut), ("replaced", report.replaced))
    if choices.json:
        output.emit(
            {
                "out": str(out),
                "printed": report.printed,
                "pages": report.pages,
                "next_start": report.next_start,
                **{word: [_trouble(one) for one in troubles] for word, troubles in changes},
            }
        )
        return
    output.say(
        tr("{labels} on {pages}: {path} (the next free label is {next})",
           labels=output.counted(report.printed, "labels"), pages=output.counted(report.pages, "pages"),
           path=out, next=report.next_start)
    )  # fmt: skip
    words = {"refused": tr("left out"), "cut": "", "replaced": tr("printed with '?'")}
    for word, troubles in changes:
        for one in troubles:
            output.note(": ".join(filter(None, (one.name or one.sku, words[word], one.why))))


def _trouble(one: Trouble) -> dict[str, Any]:
    return {"sku": one.sku, "name": one.name, "field": one.field, "why": one.why}


@command("sheets")
@click.argument("words", nargs=-1, metavar="[WORD]...", help="Maker, part, or a label's size as 38x21.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="At most so many.")
def sheets(choices: Choices, words: tuple[str, ...], limit: int) -> None:
    """The label sheets and rolls one can buy, by maker, part or size.

    \b
    Examples:
      stockshop sheets avery L7160
      stockshop sheets 38x21
      stockshop sheets dymo --json
    """
    from stockshop.documents.sheets import search_sheets

    found = search_sheets(" ".join(words), limit=limit)
    if choices.json:
        output.emit_rows(map(_sheet_data, found))
        return
    output.table(
        output.columns("sheet >labels >width_mm >height_mm paper ~description"),
        [
            (one.name, str(one.capacity), *(f"{side:.1f}" for side in one.size_mm), one.page_name,
             one.description)
            for one in found
        ],
        empty=tr("No sheet fits that; a roll of your own goes by its size, such as '57x32 mm'."),
    )  # fmt: skip
    if len(found) == limit:
        output.note(tr("These are the first {count}; add a word, or '--limit'.", count=limit))


def _sheet_data(one: LabelSheet) -> dict[str, Any]:
    width_mm, height_mm = one.size_mm
    return {
        "sheet": one.name,
        "brand": one.brand,
        "part": one.part,
        "description": one.description,
        "page": one.page_name,
        "shape": one.shape,
        "labels": one.capacity,
        "label_width_mm": round(width_mm, 2),
        "label_height_mm": round(height_mm, 2),
        "dpi": one.dpi,
        "equivalent_to": one.equiv_of or None,
        "note": one.note or None,
    }


COMMANDS = {"labels": labels, "sheets": sheets}
