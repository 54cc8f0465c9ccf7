"""Copying the shop and checking it, from the settings screen."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from stockshop.errors import NotWritten, ShopError, Stopped, StoreError
from stockshop.language import tr
from stockshop.ui.settings.dialogs import Findings
from stockshop.ui.settings.model import Facts

if TYPE_CHECKING:
    from stockshop.services.care import BackupReport, DoctorReport
    from stockshop.ui.at_work import WorkScreen
    from stockshop.ui.widgets.progress import Job


class Safety:
    """What the screen does for the shop's safety; one thing at a time, with its progress."""

    def __init__(self, screen: WorkScreen) -> None:
        self._screen = screen

    def backup(self, facts: Facts) -> None:
        """Copy the shop into the folder for that; a copy of the same day is replaced."""
        screen, shop, folder = self._screen, self._screen.shop, facts.backups

        def work(job: Job) -> BackupReport:
            from stockshop.services.care import backup
            from stockshop.services.rules import note_backup

            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise NotWritten(
                    tr("The folder {path} cannot be made: {why}.", path=folder, why=error.strerror or error)
                ) from error
            report = backup(shop, folder, on_progress=job.progress, should_stop=job.should_stop)
            with suppress(StoreError):
                # The copy is there, also of a shop on a full disk.
                note_backup(shop, str(report.path))
            return report

        def done(report: BackupReport) -> None:
            size = screen.words.number(max(1, report.size_bytes // 1_000_000) * 1_000)
            screen.told_by.say(
                tr("{size} MB in {path}.", size=size, path=report.path), title=tr("The shop is copied")
            )
            if screen.is_attached:
                screen.look_again()

        screen.work_on(tr("Copying the shop"), work, done, refused=self._refused, changes=False)

    def check(self) -> None:
        """Let the doctor look at everything."""
        screen, shop = self._screen, self._screen.shop

        def work(job: Job) -> DoctorReport:
            from stockshop.services.care import doctor

            return doctor(shop, on_progress=job.progress, should_stop=job.should_stop)

        def done(report: DoctorReport) -> None:
            if not report.healthy:
                screen.app.bell()
                screen.app.push_screen(Findings(report))
                return
            words = screen.words
            screen.told_by.say(
                tr(
                    "{products} products, {entries} entries and {movements} movements add up.",
                    products=words.number(report.checked.products * 1_000),
                    entries=words.number(report.checked.entries * 1_000),
                    movements=words.number(report.checked.movements * 1_000),
                ),
                title=tr("Everything is as it must be"),
            )  # fmt: skip

        screen.work_on(tr("Checking everything"), work, done, refused=self._refused, changes=False)

    def _refused(self, error: ShopError) -> None:
        if isinstance(error, Stopped):
            self._screen.say(tr("Stopped. Nothing was changed."))
        else:
            self._screen.told_by.show_error(error)
