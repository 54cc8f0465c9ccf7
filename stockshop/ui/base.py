"""The frame of the app and of its screens: what is always there, and how errors are told.

`ShopApp` holds the looks, recognises scans and tells errors; `ShopScreen` shows the frame (top line,
scan line, last scan, keys) round a screen's own body.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.app import App, ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import Container, Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static
from textual.worker import Worker, WorkerState

from stockshop.config import Station
from stockshop.language import mark, tr, trn
from stockshop.ui import files, theme, trouble
from stockshop.ui.key_names import key_name
from stockshop.ui.messages import CodeScanned, NumberRefused, WorkFailed
from stockshop.ui.quick import QuickApp, QuickScreen
from stockshop.ui.safe import line
from stockshop.ui.scanning import split_multiplier
from stockshop.ui.scanning_app import ScanningApp
from stockshop.ui.widgets.frame import LastScan, LastScanLine, TopLine
from stockshop.ui.widgets.inputs import ScanLine
from stockshop.ui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from textual.notifications import SeverityLevel

WIDE = 100
"""Columns from which panels stand side by side."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What the frame shows on every screen."""

    shop_name: str = ""
    locale: str = "en"
    alerts: tuple[str, ...] = ()
    last_scan: LastScan | None = None
    zone: ZoneInfo | None = None
    """The shop's own time; None: the computer's."""


class ShopApp(QuickApp, ScanningApp[None]):
    """The app without its screens: looks, scans, errors, and the frame's state."""

    # Absolute: a relative path would be looked for beside the subclass.
    CSS_PATH = Path(__file__).with_name("styles") / "base.tcss"
    ENABLE_COMMAND_PALETTE = True
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - as Textual declares it
        (0, "-narrow"),
        (WIDE, "-wide"),
        (140, "-huge"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-tall")]  # noqa: RUF012

    station: Station = Station()
    """The settings of this computer."""
    station_file: Path | None = None
    """Where they are kept; None: nowhere."""
    survives_errors: bool | None = None
    """Whether errors nobody foresaw are told and survived; None: in a terminal yes, in tests no."""

    def __init__(self, *, look: str = "dark", frame: Frame | None = None) -> None:
        super().__init__()
        self.frame = frame or Frame()
        theme.register(self)
        self.theme = theme.THEMES.get(look, theme.DARK.name)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our own variables, for the moments when another theme is tried out."""
        return {name: value for name, value in theme.DARK.variables.items() if name.startswith("shop-")}

    def get_key_display(self, binding: Binding) -> str:
        """`F2` and `Ctrl+Z`, as they stand on the keys; what a binding says itself goes first."""
        if binding.key_display:
            return binding.key_display
        return key_name(binding.key.split(",")[0])

    # -- the frame ---------------------------------------------------------------------------

    def show_in_frame(
        self,
        *,
        shop_name: str | None = None,
        locale: str | None = None,
        zone: ZoneInfo | None = None,
        alerts: Iterable[str] | None = None,
        last_scan: LastScan | None = None,
    ) -> None:
        """Change what the frame shows, on the screens that are open and those to come."""
        frame = self.frame
        self.frame = replace(
            frame,
            shop_name=frame.shop_name if shop_name is None else shop_name,
            locale=frame.locale if locale is None else locale,
            zone=frame.zone if zone is None else zone,
            alerts=frame.alerts if alerts is None else tuple(alerts),
            last_scan=frame.last_scan if last_scan is None else last_scan,
        )
        for screen in self.screen_stack:
            if isinstance(screen, ShopScreen):
                screen.apply_frame(self.frame)

    def take_station(self, station: Station) -> None:
        """The settings of this computer hold from now on."""
        self.station = station
        self.theme = theme.THEMES[station.look]
        self.set_keymap(dict(station.keys))
        files.write_papers_in(station.papers_folder)

    def take_settings(self) -> None:
        """The shop's settings have changed."""

    # -- telling -----------------------------------------------------------------------------

    def say(self, message: str, *, title: str = "", severity: SeverityLevel = "information") -> None:
        """A short note in the corner; any text is safe."""
        self.notify(line(message), title=line(title), severity=severity, markup=False)

    def show_error(self, error: BaseException, doing: str = "") -> None:
        """One sentence with its title, and the bell. Errors nobody foresaw go to the log file too.

        What still stands in the corner is not said again: every look fails while a store is away.
        """
        title, message = trouble.sentence(error, doing)
        self.bell()
        if any(said.title == line(title) and said.message == line(message) for said in self._notifications):
            return
        self.notify(line(message), title=line(title), severity="error", timeout=12, markup=False)

    def told(self) -> trouble.Told:
        """A block in which errors are told and survived."""
        survive = self.survives_errors
        return trouble.Told(self.show_error, survive=not self.is_headless if survive is None else survive)

    async def on_event(self, event: events.Event) -> None:
        """Errors of actions and keys are told; the app goes on."""
        with self.told():
            await super().on_event(event)

    async def _on_message(self, message: Message) -> None:
        with self.told():
            await super()._on_message(message)

    def _handle_exception(self, error: Exception) -> None:
        """The last resort, where a part of the app cannot go on: a sentence instead of a trace."""
        if self.is_headless or "debug" in self.features:
            super()._handle_exception(error)
            return
        from rich.text import Text

        _, message = trouble.sentence(error, tr("showing the screen"))
        self._return_code = 1
        if self._exception is None:
            # What Textual does, so that a test that drives the app sees the error.
            self._exception = error
            self._exception_event.set()
        self.panic(Text(tr("stockshop had to close. {why}", why=message)))

    def on_work_failed(self, message: WorkFailed) -> None:
        """Work in the background failed."""
        self.show_error(message.error, message.doing)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A worker of the app itself failed."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self.show_error(event.worker.error, event.worker.description)

    def too_many_pasted(self, lines: int) -> None:
        """Nothing was scanned; say where lists go."""
        self.bell()
        self.say(
            trn(
                "{count} line was pasted; that is a list and no scan. Lists come in with F8.",
                "{count} lines were pasted; that is a list and no scan. Lists come in with F8.",
                lines,
            ),
            severity="warning",
        )

    def on_number_refused(self, message: NumberRefused) -> None:
        """Say why the number went back."""
        self.say(
            tr("That looked like a barcode, not a number; the field kept its value."),
            title=tr("Scanned into a number"),
            severity="warning",
        )


class ShopScreen(QuickScreen):
    """A screen of the shop: subclasses give `compose_body` and handle `CodeScanned`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape",
            "leave_scan_line",
            mark("Clear"),
            show=False,
            id="scan.clear",
            tooltip=mark("Clear the scan line, or go back to the screen's own fields"),
        ),
    ]

    AUTO_FOCUS = "#scan-line"
    scan_placeholder = mark("scan or type a code or a name")
    """Looked up where it is shown."""

    # Kept at hand: to look for them costs every scan a part of its answer's time.
    _top_line: TopLine | None = None
    _scan_line: ScanLine | None = None
    _last_scan_line: LastScanLine | None = None

    def compose(self) -> ComposeResult:
        """The frame round the body."""
        self._top_line = TopLine()
        self._scan_line = ScanLine(placeholder=tr(self.scan_placeholder))
        self._last_scan_line = LastScanLine()
        yield self._top_line
        with Horizontal(id="scan-bar"):
            yield Static("▌", id="scan-mark")
            yield self._scan_line
            yield self._last_scan_line
        with Container(id="body"):
            yield from self.compose_body()
        yield KeyLine()

    def compose_body(self) -> Iterable[Widget]:
        """The screen's own widgets."""
        return ()

    def retell(self) -> None:
        """The app speaks another language: everything that is looked up as it is painted is painted anew."""
        if self._scan_line is not None:
            self._scan_line.placeholder = tr(self.scan_placeholder)
        for widget in self.walk_children():
            widget.refresh(layout=True)

    def scan_line(self) -> Input | None:
        """Where scans and typed codes go."""
        landing = self._scan_line
        return landing if landing is not None and landing.is_attached else None

    def apply_frame(self, frame: Frame) -> None:
        """Show the frame's state; called by the app."""
        top, last = self._top_line, self._last_scan_line
        if top is not None:
            top.shop_name, top.alerts, top.locale = frame.shop_name, frame.alerts, frame.locale
            top.zone = frame.zone
        if last is not None:
            last.last = frame.last_scan

    def on_mount(self) -> None:
        """Take the frame over from the app."""
        self._take_frame()

    def on_screen_resume(self) -> None:
        """The frame may have changed while another screen was shown."""
        self._take_frame()

    def _take_frame(self) -> None:
        if isinstance(self.app, ShopApp):
            self.apply_frame(self.app.frame)

    # -- keys ----------------------------------------------------------------------------------

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """What each key does; one that was wished for two things does what the app's own says."""
        found = super().active_bindings
        app = self.app
        if not (isinstance(app, ShopApp) and app.station.keys):
            return found
        ids = [binding.id for binding in app.BINDINGS if isinstance(binding, Binding)]
        # As they are declared: a wished key would come last.
        everywhere = sorted(
            self._binding_chain[-1][1],
            key=lambda bound: ids.index(bound[1].id) if bound[1].id in ids else len(ids),
        )
        firsts = {
            key
            for key, binding in everywhere
            if binding.priority and app._check_action_state(binding.action, app)
        }
        kept = {key: on for key, on in found.items() if on.node is not app and key not in firsts}
        for key, binding in everywhere:
            on = found.get(key)
            if on is not None and on.node is app:
                kept[key] = on
            elif key in firsts:
                kept[key] = ActiveBinding(app, binding, True, binding.tooltip)
        return kept

    def on_key(self, event: events.Key) -> None:
        """What no field takes and no key does is typed on the scan line."""
        landing = self.scan_line()
        if not event.is_printable or not isinstance(landing, ScanLine) or landing.has_focus:
            return
        if event.key in self.active_bindings:
            return
        event.stop()
        event.prevent_default()
        landing.take(event.character or "")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """What was typed on the scan line is a scan too."""
        if not isinstance(event.input, ScanLine):
            return
        event.stop()
        multiplier, code = split_multiplier(event.value.strip())
        if code:
            event.input.value = ""
            self.post_message(CodeScanned(code, multiplier=multiplier, typed=True, focused_id=event.input.id))

    def action_leave_scan_line(self) -> None:
        """Clear the scan line; when it is empty, go to the screen's own fields."""
        landing = self.scan_line()
        if landing is None:
            return
        if landing.value:
            landing.value = ""
        elif landing.has_focus:
            self.focus_next()
        else:
            landing.focus()

    # -- errors --------------------------------------------------------------------------------

    async def _on_message(self, message: Message) -> None:
        # Errors are told here already: a screen whose message loop has ended shows nothing any more.
        if isinstance(self.app, ShopApp):
            with self.app.told():
                await super()._on_message(message)
        else:
            await super()._on_message(message)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A worker of this screen failed."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self.post_message(WorkFailed(event.worker.error, event.worker.description))


def shop_app(app: App[Any]) -> ShopApp:
    """The app as what it is. Raises TypeError in an app of another kind."""
    if not isinstance(app, ShopApp):
        raise TypeError("this screen belongs to the shop's app")
    return app
