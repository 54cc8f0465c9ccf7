"""Movements that are shown, written into a file."""

from __future__ import annotations

from stockshop import money
from stockshop.errors import ShopError, Stopped
from stockshop.language import mark, tr, trn
from stockshop.ui import files
from stockshop.ui.at_work import WorkScreen
from stockshop.ui.movements.asked import Asked
from stockshop.ui.screens.dialogs import Choice, Chosen, Offer
from stockshop.ui.widgets.progress import Job

FORMATS = (
    ("xlsx", mark("Excel"), mark("opens in a spreadsheet")),
    ("csv", mark("CSV"), mark("for other programs: plain numbers and days")),
    ("json", mark("JSON"), mark("for programs")),
)


def ask_and_write(screen: WorkScreen, asked: Asked) -> None:
    """Ask which kind of file, then write exactly what is asked for; Esc stops it and leaves nothing."""
    offers = [Offer(key, tr(name), tr(remark)) for key, name, remark in FORMATS]
    shown = " · ".join(asked.parts(screen.words)) or tr("Everything that happened")

    def answered(answer: Chosen | None) -> None:
        if answer is not None:
            _write(screen, asked, answer.key)

    screen.app.push_screen(Choice(shown, offers, title=tr("Write it into a file")), answered)


def _write(screen: WorkScreen, asked: Asked, kind: str) -> None:
    from stockshop.services.exporting.movements import export_movements

    shop, question, locale = screen.shop, asked.filter(screen.words), screen.words.locale
    path = files.free_path(tr("movements"), f".{kind}")

    def work(job: Job) -> int:
        return export_movements(
            shop, question, kind, path, on_progress=job.progress, should_stop=job.should_stop
        )

    def written(many: int) -> None:
        screen.told_by.say(
            trn("{number} movement is in {path}.", "{number} movements are in {path}.", many,
                number=money.format_quantity(many * 1_000, 0, locale), path=path)
        )  # fmt: skip

    def refused(error: ShopError) -> None:
        if isinstance(error, Stopped):
            screen.told_by.say(error.message, severity="warning")
        else:
            screen.told_by.show_error(error)

    screen.work_on(tr("Writing movements"), work, written, refused=refused, changes=False)
