"""The first start: three answers, a way to begin, and what to do next. Nothing is made before the end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from stockshop.errors import NotWritten, ShopError, Stopped
from stockshop.language import mark, speak, tr
from stockshop.ui.base import shop_app
from stockshop.ui.counter.forms import row
from stockshop.ui.first.guessing import guessed_currency, guessed_locale
from stockshop.ui.first.next_steps import next_steps
from stockshop.ui.messages import CodeScanned
from stockshop.ui.safe import phrase, plain
from stockshop.ui.widgets.progress import Job, ProgressLine

__all__ = ["FirstStart", "guessed_currency", "guessed_locale"]

IMPORT, EMPTY, DEMO = "import", "empty", "demo"
_WAYS = (
    (IMPORT, mark("Bring in a list of products"), mark("from a web shop, a till or a spreadsheet")),
    (EMPTY, mark("Begin with an empty shop"), mark("scan and add one product after the other")),
    (DEMO, mark("Look at the demo shop first"), mark("to try everything; nothing in it is real")),
)
_FIELDS = ("name", "currency", "locale")


class FirstStart(ModalScreen[str | None]):
    """Answers with the path of the shop that was made, or None to leave."""

    DEFAULT_CSS = """
    FirstStart { align: center middle; background: $background; }
    FirstStart #first {
        width: 76; max-width: 96%; height: auto; max-height: 100%; padding: 1 2; background: $surface;
        border: round $border; border-title-style: bold; border-subtitle-color: $shop-quiet;
    }
    FirstStart .form-row { height: auto; }
    FirstStart .form-row > .said { width: 1fr; }
    FirstStart .next .form-label { width: 7; color: $shop-key; text-style: bold; }
    FirstStart .form-label { width: 18; color: $shop-quiet; }
    FirstStart .form-row:focus-within .form-label { color: $foreground; text-style: bold; }
    FirstStart .form-row Input { width: 1fr; background: $background; }
    FirstStart .form-row Input:focus { background: $foreground 8%; }
    FirstStart .form-aside { width: auto; max-width: 22; margin: 0 0 0 1; color: $shop-quiet; }
    FirstStart .form-fault { height: auto; min-height: 1; padding: 0 0 0 18; color: $text-error; }
    FirstStart Static { height: auto; }
    FirstStart OptionList, FirstStart OptionList:focus {
        height: auto; border: none; padding: 0; margin: 1 0; background: $surface;
    }
    FirstStart #first-hint { margin: 1 0; color: $shop-quiet; &.-bad { color: $text-error; } }
    FirstStart #first-buttons { height: 1; align-horizontal: right; }
    FirstStart #first-buttons Button { margin: 0 0 0 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", mark("Back"), id="first.leave",
                tooltip=mark("One step back; from the first one, close without making a shop")),
        Binding("ctrl+s", "go_on", mark("Go on"), id="first.on", tooltip=mark("To the next step")),
    ]  # fmt: skip

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._is_working = False
        self._step = 0
        found = guessed_locale()
        self._values = {"name": "", "currency": guessed_currency(found), "locale": found}
        self._way = IMPORT
        self._job: Job | None = None
        self._made = ""
        """Where the shop lies, once it is made."""

    def on_mount(self) -> None:
        """In the language of the computer, until the shop says which one it wants."""
        speak(shop_app(self.app).station.language or self._values["locale"])
        self.call_later(self._show_step, 0)

    # -- the steps ---------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """The step that is shown."""
        with Vertical(id="first") as panel:
            panel.border_title = plain(tr("Welcome to stockshop"))
            if self._step < 3:
                panel.border_subtitle = plain(tr("step {step} of {steps}", step=self._step + 1, steps=3))
            steps: tuple[Callable[[], Iterable[Widget]], ...] = (
                self._ask_shop, self._ask_way, self._show_what, self._say_next,
            )  # fmt: skip
            yield from steps[self._step]()
            yield ProgressLine()
            yield Horizontal(*self._buttons(), id="first-buttons")

    def _buttons(self) -> Iterable[Button]:
        on = (tr("Go on"), tr("Go on"), tr("Open the demo") if self._way == DEMO else tr("Make my shop"))
        if self._step < 3:
            back = tr("Leave (Esc)") if self._step == 0 else tr("Back (Esc)")
            yield Button(plain(back), id="back", compact=True)
            yield Button(plain(on[self._step]), id="on", compact=True, variant="primary")
        else:
            words = tr("Choose the file") if self._way == IMPORT else tr("Open the shop")
            yield Button(plain(words), id="on", compact=True, variant="primary")

    def _ask_shop(self) -> Iterable[Widget]:
        yield Static(plain(tr("Your shop needs a name. The rest is guessed; change what is wrong.")))
        yield Static("")
        limits = {"name": 80, "currency": 3, "locale": 20}
        labels = {"name": tr("Name"), "currency": tr("Currency"), "locale": tr("Language, country")}
        asides = {"name": "", "currency": "EUR, GBP …", "locale": "de_DE, en_GB …"}
        for name in _FIELDS:
            placeholder = tr("Corner Hardware") if name == "name" else ""
            yield row(
                labels[name],
                Input(self._values[name], placeholder, compact=True, id=name, max_length=limits[name]),
                asides[name],
            )  # fmt: skip
            yield Static("", id=f"fault-{name}", classes="form-fault")
        yield Static("", id="first-hint")

    def _ask_way(self) -> Iterable[Widget]:
        yield Static(plain(tr("How shall it begin? Everything else can be done later, too.")))
        yield OptionList(
            *(
                Option(
                    phrase("$label\n  [$shop-quiet]$remark[/]", label=tr(label), remark=tr(remark)), id=way
                )
                for way, label, remark in _WAYS
            ),
            id="ways",
        )

    def _show_what(self) -> Iterable[Widget]:
        values = self._values
        if self._way == DEMO:
            words = tr(
                "The demo shop is a shop of its own, with products, stock and a year of trade. "
                "Yours is not made yet: it is asked for again the next time stockshop begins."
            )
            yield Static(plain(words))
        else:
            yield Static(plain(tr("This will be made:")))
            yield Static("")
            for label, value in (
                (tr("Name"), values["name"]), (tr("Currency"), values["currency"]),
                (tr("Language, country"), values["locale"]),
            ):  # fmt: skip
                yield row(label, _said(value))
            yield row(tr("Written like this"), _said(self._example()))
            yield row(tr("Places"), _said(tr("a shop floor, a back room and a receiving table, with bins")))
            yield row(tr("Kept in"), _said(str(self._path)))
        yield Static("", id="first-hint")

    def _say_next(self) -> Iterable[Widget]:
        name = tr("The demo shop") if self._way == DEMO else self._values["name"]
        yield Static(phrase("[$text-success]✓[/] [b]$said[/b]", said=tr("{shop} is ready.", shop=name)))
        yield Static("")
        yield Static(plain(tr("What to do next:")))
        for key, words in next_steps(self._way):
            step = row(key, _said(words))
            step.add_class("next")
            yield step
        yield Static("", id="first-hint")

    async def _show_step(self, step: int) -> None:
        self._step = step
        await self.recompose()
        if step == 0:
            self.query_one("#name" if not self._values["name"] else "#locale").focus()
            self._show_example()
        elif step == 1:
            ways = self.query_one("#ways", OptionList)
            ways.highlighted = [way for way, _, _ in _WAYS].index(self._way)
            ways.focus()
        else:
            self.query_one("#on").focus()

    def _example(self) -> str:
        from stockshop.ui.settings.examples import in_locale

        try:
            return in_locale(self._values["locale"], self._values["currency"].strip().upper()[:3] or "EUR")
        except ShopError:
            return ""

    def _show_example(self) -> None:
        example = self._example()
        words = tr("It will be kept in {path}.", path=self._path)
        self.hint(f"{example}\n{words}" if example else words)

    def hint(self, text: str, *, bad: bool = False) -> None:
        """What is wrong, or what is being done."""
        for hint in self.query("#first-hint").results(Static):
            hint.set_class(bad, "-bad")
            hint.update(plain(text, multiline=True))

    # -- going on and back -------------------------------------------------------------------------

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show what it looks like."""
        event.stop()
        if event.input.id in self._values and self._step == 0:
            self._values[event.input.id] = event.value
            self.query_one(f"#fault-{event.input.id}", Static).update("")
            self._show_example()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """On to the next field; from the last one, to the next step."""
        event.stop()
        fields = list(self.query(Input))
        here = fields.index(event.input)
        if here + 1 < len(fields):
            fields[here + 1].focus()
        else:
            self.action_go_on()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """The way that would be gone."""
        event.stop()
        self._way = event.option.id or EMPTY

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """The way is chosen."""
        event.stop()
        self._way = event.option.id or EMPTY
        self.action_go_on()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """On, or back."""
        event.stop()
        if event.button.id == "on":
            self.action_go_on()
        else:
            self.action_back()

    def on_code_scanned(self, message: CodeScanned) -> None:
        """There is nothing to look it up in yet."""
        message.stop()
        self.app.bell()
        said = tr("There is no shop yet to look that up in; go on here first.")
        shop_app(self.app).say(said, severity="warning")

    def action_back(self) -> None:
        """One step back; from the first one, no shop is made."""
        if self._is_working:
            if self._job is not None:
                self._job.stop()
            return
        if self._step == 3:
            self.action_go_on()
        elif self._step:
            self.call_later(self._show_step, self._step - 1)
        else:
            self.dismiss(None)

    def action_go_on(self) -> None:
        """Check this step, and go to the next one."""
        if self._is_working:
            return
        if self._step == 1:
            self.call_later(self._show_step, 2)
        elif self._step == 3:
            self._open()
        else:
            self._is_working = True
            self.query_one("#first").disabled = True
            working = self._check() if self._step == 0 else self._make()
            self.run_worker(working, group="first", exit_on_error=False, description=tr("making the shop"))

    async def _check(self) -> None:
        try:
            checked = await asyncio.to_thread(self._checked)
        except ShopError as error:
            self._refuse(error)
            return
        self._is_working = False
        self._values = checked
        speak(shop_app(self.app).station.language or checked["locale"])
        await self._show_step(1)

    def _checked(self) -> dict[str, str]:
        from stockshop.services.shop import ShopSettings, checked

        values = self._values
        settings = checked(ShopSettings(values["name"], values["currency"], values["locale"]))
        return {name: str(getattr(settings, name)) for name in _FIELDS}

    def _refuse(self, error: ShopError) -> None:
        self._is_working = False
        self.query_one("#first").disabled = False
        self.app.bell()
        for line in self.query(ProgressLine):
            line.follow(None)
        if self._step == 0 and error.field in _FIELDS:
            self.query_one(f"#fault-{error.field}", Static).update(
                plain(tr("✗ {message}", message=error.message))
            )
            self.query_one(f"#{error.field}").focus()
        else:
            self.hint(tr("✗ {message}", message=error.message), bad=True)

    async def _make(self) -> None:
        self._job = job = Job(tr("Making the demo shop") if self._way == DEMO else tr("Making it"))
        self.query_one(ProgressLine).follow(job)
        try:
            made = await asyncio.to_thread(partial(self._demo, job) if self._way == DEMO else self._shop)
        except ShopError as error:
            self._refuse(error)
            return
        finally:
            self._job = None
        self._is_working = False
        self._made = made
        await self._show_step(3)

    def _shop(self) -> str:
        from stockshop.services.shop import ShopSettings, create_shop

        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise NotWritten(
                tr("The folder {path} cannot be made: {why}.", path=self._path.parent, why=error.strerror)
            ) from error
        actor, values = getattr(self.app, "actor", "") or "counter", self._values
        create_shop(
            self._path, actor, ShopSettings(values["name"], values["currency"], values["locale"])
        ).close()
        return str(self._path)

    def _demo(self, job: Job) -> str:
        from stockshop.services.demo import ensure_demo_shop

        def progress(done: int, total: int) -> None:
            if job.should_stop():
                raise Stopped(tr("Stopped; nothing was made."))
            job.progress(done, total)

        return str(ensure_demo_shop(self._path.parent / "demo", on_progress=progress))

    def _open(self) -> None:
        app = self.app
        goes_to = "import" if self._way == IMPORT else ""
        self.dismiss(self._made)
        if goes_to in app.MODES:
            app.call_later(cast(Callable[[str], None], getattr(app, "action_go", app.switch_mode)), goes_to)


def _said(words: str) -> Static:
    return Static(plain(words), classes="said")
