"""What the screens of the shop share: the shop behind the app, looks in threads, writes that are told.

A look may be overtaken: only the newest of its kind is shown, and one thread at a time reads it. A
write is never dropped: it belongs to the app, so its outcome is told even when the screen is gone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar, cast

from textual.binding import Binding, BindingType

from stockshop import clock
from stockshop.errors import ShopError, StoreUnavailable
from stockshop.language import mark, tr
from stockshop.ui.base import ShopApp, ShopScreen, shop_app
from stockshop.ui.messages import CodeScanned
from stockshop.ui.widgets.frame import LastScan
from stockshop.ui.widgets.inputs import ScanLine
from stockshop.ui.widgets.progress import Job, ProgressLine
from stockshop.ui.wording import Wording

if TYPE_CHECKING:
    from stockshop.services.locations import Place
    from stockshop.services.scanning import Scan
    from stockshop.services.shop import Shop

KINDS = {"site": mark("site"), "zone": mark("zone"), "bin": mark("bin")}
"""Kinds of places; looked up where they are shown."""
FoundT = TypeVar("FoundT")
DoneT = TypeVar("DoneT")


class _HasShop(Protocol):
    @property
    def shop(self) -> Shop: ...

    @property
    def actor(self) -> str: ...

    def stock_changed(self) -> None: ...


class WorkScreen(ShopScreen):
    """A screen that reads from the shop and writes to it."""

    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self) -> None:
        super().__init__()
        self._wanted: dict[str, tuple[Callable[[], Any], Callable[[Any], None], str]] = {}
        self._looking: set[str] = set()
        self._wording: Wording | None = None
        self._was_left = False
        self.has_begun = False
        """Whether the shop was open already when something was shown."""
        self._job: Job | None = None

    # -- the shop ------------------------------------------------------------------------------

    @property
    def shop(self) -> Shop:
        """The open shop."""
        return cast(_HasShop, self.app).shop

    @property
    def is_open(self) -> bool:
        """Whether the shop is open: a screen may be asked for before that."""
        try:
            return self.shop is not None
        except StoreUnavailable:
            return False

    @property
    def actor(self) -> str:
        """Who is at the keyboard."""
        return cast(_HasShop, self.app).actor

    @property
    def words(self) -> Wording:
        """How this shop writes numbers, money and times."""
        if not self.is_open:
            return Wording()
        settings = self.shop.settings
        known = self._wording
        if known is None or (known.currency, known.locale) != (settings.currency, settings.locale):
            known = self._wording = Wording(settings.currency, settings.locale, self.shop.zone)
        return known

    @property
    def told_by(self) -> ShopApp:
        """The app, which tells people what has become of things."""
        return shop_app(self.app)

    def say(self, message: str, *, title: str = "") -> None:
        """A short note in the corner."""
        self.told_by.say(message, title=title)

    def tell_stock_changed(self) -> None:
        """A form has changed the shop: alerts and totals may be old."""
        cast(_HasShop, self.app).stock_changed()

    # -- beginning ---------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Begin, when the shop is open; else when the app says that it is."""
        if self.is_open:
            self.has_begun = True
            self.begin()

    def begin(self) -> None:
        """Read what is shown first. The shop is open."""

    async def _begin_late(self) -> None:
        self.has_begun = True
        # What was composed before did not know the shop's way of writing.
        typed = line.value if (line := self.scan_line()) is not None else ""
        await self.recompose()
        self._take_frame()
        self.begin()
        if isinstance(self.AUTO_FOCUS, str):
            for widget in self.query(self.AUTO_FOCUS):
                widget.focus()
                break
        if typed and isinstance(line := self.scan_line(), ScanLine):
            # Somebody was quicker than the store: it is searched for as if typed now.
            line.take(typed)

    # -- coming back -----------------------------------------------------------------------------

    def on_screen_suspend(self) -> None:
        """Another screen is shown."""
        self._was_left = True

    def on_screen_resume(self) -> None:
        """Things may have changed meanwhile, and the shop may have been opened under a dialog."""
        if self._was_left and self.has_begun:
            self._was_left = False
            self.look_again()
        elif self._was_left and self.is_open:
            self._was_left = False
            self.call_later(self._begin_late)

    async def on_stock_changed(self) -> None:
        """The app says that something was posted or changed, or that the shop is open now."""
        if self.has_begun:
            self.look_again()
        elif self.is_open:
            await self._begin_late()

    def look_again(self) -> None:
        """Read what is shown anew and keep the place: called when something may have changed."""

    # -- looks -----------------------------------------------------------------------------------

    def look(
        self, read: Callable[[], FoundT], show: Callable[[FoundT], None], *, group: str, doing: str
    ) -> None:
        """Read in a thread, then show; of several in a `group` only the newest is waited for."""
        self._wanted[group] = (read, show, doing)
        if group not in self._looking:
            self._look_next(group)

    def _look_next(self, group: str) -> None:
        read, show, doing = self._wanted.pop(group)
        self._looking.add(group)
        outcome: list[Any] = []

        def work() -> None:
            try:
                outcome.append(read())
            finally:
                self.call_later(self._looked, group, show, outcome)

        self.run_worker(work, thread=True, group=group, exit_on_error=False, description=doing)

    def _looked(self, group: str, show: Callable[[Any], None], outcome: list[Any]) -> None:
        self._looking.discard(group)
        if group in self._wanted:
            self._look_next(group)
        elif outcome and self.is_attached:
            show(outcome[0])

    # -- scans -----------------------------------------------------------------------------------

    def on_code_scanned(self, message: CodeScanned) -> None:
        """Read what was scanned, or typed on the scan line and sent with Enter."""
        message.stop()
        self.read_code(message.code, typed=message.typed)

    def read_code(self, code: str, *, typed: bool = False) -> None:
        """Find out what a code stands for, and act on it; what was `typed` may be a mere word."""
        from stockshop.services.scanning import read_scan

        self.look(
            lambda: read_scan(self.shop, code),
            lambda scan: self._code_read(scan, typed),
            group="scan",
            doing=mark("reading the scan"),
        )

    def _code_read(self, scan: Scan, typed: bool) -> None:
        if scan.product is not None:
            self.note_scan(scan.product.name)
            self.product_scanned(scan)
        elif scan.place is not None:
            self.note_scan(f"{tr(KINDS[scan.place.kind])} {scan.place.code}")
            self.place_scanned(scan.place)
        else:
            self.app.bell()
            self.note_scan(tr("Nobody knows {code}", code=scan.code), good=False)
            if not typed:
                self.unknown_scanned(scan.code)

    def note_scan(self, text: str, *, good: bool = True) -> None:
        """What the last scan was, in the frame."""
        time = self.words.time(clock.now_us())
        self.told_by.show_in_frame(last_scan=LastScan(text, good=good, time=time))

    def product_scanned(self, scan: Scan) -> None:
        """A code of a product: shown, and nothing else."""
        from stockshop.ui.products.product_screen import ProductScreen

        if scan.product is not None:
            self.app.push_screen(ProductScreen(scan.product.id))

    def place_scanned(self, place: Place) -> None:
        """A code of a place, which most screens have no use for: the bins show it."""
        show_bin = getattr(self.app, "show_bin", None)
        if show_bin is not None:
            show_bin(place.code)
            return
        self.say(
            tr(
                "That is the {kind} {place}; the bins are on F4.",
                kind=tr(KINDS[place.kind]),
                place=place.code,
            ),
            title=tr("A place"),
        )

    @property
    def place_name(self) -> str:
        """What people call the screen that they are at: where a scan was made."""
        from stockshop.ui.app import SCREENS

        mode = self.app.current_mode
        return next((tr(place.label) for place in SCREENS if place.mode == mode), mode)

    def unknown_scanned(self, code: str) -> None:
        """Nobody knows the code: it is kept in the tray."""
        from stockshop.services.scanning import keep_unknown

        where = self.place_name

        def kept(_: object) -> None:
            self.told_by.say(
                tr("Nobody knows {code}; it is kept with the unknown scans.", code=code), severity="warning"
            )

        self.write(
            lambda: keep_unknown(self.shop, self.actor, code, where),
            kept,
            doing=mark("keeping an unknown scan"),
        )

    # -- writes ----------------------------------------------------------------------------------

    def write(
        self,
        work: Callable[[], DoneT],
        done: Callable[[DoneT], None],
        *,
        doing: str,
        refused: Callable[[ShopError], None] | None = None,
        changes: bool = True,
    ) -> None:
        """Change the shop in a thread, then call `done` (or `refused`) in the app.

        `done` is called even when this screen is gone by then. Without `refused` the app shows why.
        `changes` is off for what writes a file and leaves the shop as it is.
        """
        app = self.told_by

        async def go() -> None:
            try:
                result = await asyncio.to_thread(work)
            except ShopError as error:
                if refused is None:
                    app.show_error(error, doing)
                else:
                    refused(error)
                return
            if changes:
                cast(_HasShop, app).stock_changed()
            done(result)
            if changes and self.is_attached:
                self.look_again()

        app.run_worker(go(), group="writes", exit_on_error=False, description=doing)

    # -- work that lasts ---------------------------------------------------------------------------

    @property
    def job(self) -> Job | None:
        """What runs now."""
        return self._job

    def work_on(
        self,
        words: str,
        work: Callable[[Job], DoneT],
        done: Callable[[DoneT], None],
        *,
        refused: Callable[[ShopError], None] | None = None,
        changes: bool = True,
    ) -> None:
        """As `write`, with a line that says how far it is; Esc stops it. One at a time."""
        if self._job is not None:
            self.app.bell()
            return
        job = self._job = Job(words)
        self._follow(job)

        def finished(result: DoneT) -> None:
            self._ended(job)
            done(result)

        def failed(error: ShopError) -> None:
            self._ended(job)
            if refused is None:
                self.told_by.show_error(error, words)
            else:
                refused(error)

        def worked() -> DoneT:
            try:
                return work(job)
            finally:
                # Also behind an error that nobody foresaw, which the app tells.
                app.call_later(self._ended, job)

        app = self.told_by
        self.write(worked, finished, doing=words, refused=failed, changes=changes)

    def _ended(self, job: Job) -> None:
        if self._job is job:
            self._job = None
            if self.is_attached:
                self._follow(None)

    def _follow(self, job: Job | None) -> None:
        for line in self.query(ProgressLine):
            line.follow(job)

    def on_unmount(self) -> None:
        """Nobody waits for it any more."""
        if self._job is not None:
            self._job.stop()

    def action_leave_scan_line(self) -> None:
        """Stop what runs; else as on every screen."""
        if self._job is not None:
            self._job.stop()
        else:
            super().action_leave_scan_line()


class PageScreen(WorkScreen):
    """A screen opened over another one: Esc goes back."""

    is_page = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "go_back", mark("Back"), id="page.back", tooltip=mark("Back to the screen before")),
    ]

    def action_go_back(self) -> None:
        """Stop what runs; else clear the scan line; when it is empty, close."""
        if self.job is not None:
            self.job.stop()
            return
        landing = self.scan_line()
        if landing is not None and landing.value:
            landing.value = ""
        else:
            self.app.pop_screen()
