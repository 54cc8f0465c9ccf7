"""Looking after the shop's data: checking it, copying it, bringing it back, moving it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from stockshop.cli import output
from stockshop.cli.base import TROUBLE, Choices, command
from stockshop.cli.output import counted
from stockshop.cli.progress import counting
from stockshop.errors import StoreCorrupt, StoreError
from stockshop.language import tr

if TYPE_CHECKING:
    from stockshop.services.care import BackupReport, DoctorReport, RestoreReport


@command("doctor")
@click.option("--quick", is_flag=True, help="Leave out what takes long in a large shop.")
@click.pass_context
def doctor(context: click.Context, choices: Choices, quick: bool) -> None:
    """Check everything: the data, the books, the catalogue. It changes nothing.

    Each trouble is a line; then the exit code is 3.

    \b
    Examples:
      stockshop doctor
      stockshop doctor --json
    """
    from stockshop.services import care
    from stockshop.services.care_doctor import Counts, DoctorReport, Trouble

    try:
        with choices.open() as shop:
            report = care.doctor(shop, deep=not quick)
    except StoreCorrupt as error:
        # Too damaged to be opened is a finding, too.
        report = DoctorReport((Trouble("store", error.message),), Counts(), not quick)
    _tell(choices, report)
    if not report.healthy:
        context.exit(TROUBLE)


def _tell(choices: Choices, report: DoctorReport) -> None:
    looked_at = report.checked
    counts = {
        "products": looked_at.products,
        "barcodes": looked_at.barcodes,
        "places": looked_at.places,
        "entries": looked_at.entries,
        "movements": looked_at.movements,
    }
    if choices.json:
        output.emit(
            {
                "healthy": report.healthy,
                "troubles": [{"check": one.check, "message": one.message} for one in report.troubles],
                "checked": counts,
                "deep": report.deep,
            }
        )
        return
    for one in report.troubles:
        output.say(f"{one.check}: {one.message}")
    said = ", ".join(counted(count, noun) for noun, count in counts.items())
    if report.healthy:
        output.say(tr("Everything is in order: {counts}.", counts=said))
    else:
        troubles = counted(len(report.troubles), "troubles")
        output.note(tr("{troubles}; looked at {counts}.", troubles=troubles, counts=said))


@command("backup")
@click.argument(
    "target",
    required=False,
    type=click.Path(path_type=Path),
    help="The file or folder to copy to; without it, a folder 'backups' beside the shop.",
)
def backup(choices: Choices, target: Path | None) -> None:
    """Copy the shop into one file, while others go on selling.

    \b
    Examples:
      stockshop backup
      stockshop backup E:/safe/
    """
    from stockshop.cli.folders import data_folder
    from stockshop.services import care
    from stockshop.services.rules import note_backup

    with choices.open() as shop, counting(tr("Backup")) as on_progress:
        if target is None:
            path = shop.store.path
            target = (path.parent if path is not None else data_folder()) / "backups"
            target.mkdir(parents=True, exist_ok=True)
        report = care.backup(shop, target, on_progress=on_progress)
        with suppress(StoreError):
            # The copy is there, also of a shop on a full disk.
            note_backup(shop, str(report.path))
    if choices.json:
        output.emit(
            {"path": str(report.path), "bytes": report.size_bytes, "entries": report.entries,
             "products": report.products}
        )  # fmt: skip
    else:
        output.say(tr("{things} are safe in {path}", things=_held(report), path=report.path))


def _held(report: BackupReport | RestoreReport) -> str:
    return tr(
        "{products} and {entries}",
        products=counted(report.products, "products"),
        entries=counted(report.entries, "entries"),
    )


@command("restore")
@click.argument("copy", type=click.Path(path_type=Path), help="The copy that 'backup' made.")
def restore(choices: Choices, copy: Path) -> None:
    """Bring a copy back in the place of the shop.

    The copy is checked first, and the shop that is there now is kept beside it. Close the app
    before.

    \b
    Example:
      stockshop restore backups/my-2026-05-28.shop
    """
    from stockshop.services import care

    report = care.restore(copy, choices.url)
    kept = None if report.kept is None else str(report.kept)
    if choices.json:
        output.emit(
            {"path": str(report.path), "kept": kept, "entries": report.entries, "products": report.products}
        )
        return
    output.say(tr("{things} are back in {path}", things=_held(report), path=report.path))
    if kept is not None:
        output.say(tr("The shop as it was lies in {path}", path=kept))


@command("move-to")
@click.argument("url", metavar="URL", help="An empty PostgreSQL database (postgresql://…), or a new file.")
def move_to(choices: Choices, url: str) -> None:
    """Copy the whole shop to where several tills can share it.

    Both sides are checked. The shop you have stays as it is; use the new one with
    '--shop URL' from then on.

    \b
    Example:
      stockshop move-to postgresql://shop@server/shop
    """
    from stockshop.services import care

    with choices.open() as shop, counting(tr("Copy")) as on_progress:
        report = care.move_to(shop, url, choices.who, on_progress=on_progress)
    if choices.json:
        tables = [{"table": one.name, "rows": one.rows} for one in report.tables]
        output.emit({"url": report.url, "rows": report.rows, "tables": tables})
    else:
        output.say(
            tr("The shop is in {place} now, checked on both sides. Open it with --shop.", place=report.url)
        )


COMMANDS = {"doctor": doctor, "backup": backup, "restore": restore, "move-to": move_to}
