"""The first start: a new shop with three answers, or the demo to try everything."""

from __future__ import annotations

import asyncio
import locale as system_locale
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from stockshop.errors import ShopError
from stockshop.ui.counter.forms import row
from stockshop.ui.safe import plain


def guessed_locale() -> str:
    """The computer's own, as babel writes it; `en_GB` where it says nothing."""
    found = system_locale.getlocale()[0] or ""
    return found if "_" in found and found not in ("C", "POSIX") and found[0].islower() else "en_GB"


def guessed_currency(locale: str) -> str:
    """What is paid with in the locale's country; EUR where that is unknown."""
    from babel.numbers import get_territory_currencies

    country = locale.partition("_")[2]
    found = get_territory_currencies(country) if len(country) == 2 else []
    return str(found[0]) if found else "EUR"


class FirstStart(ModalScreen[str | None]):
    """Answers with the path of the shop that was made, or None to leave."""

    DEFAULT_CSS = """
    FirstStart { align: center middle; background: $background; }
    FirstStart #first {
        width: 72; max-width: 96%; height: auto; padding: 1 2; background: $surface;
        border: round $border; border-title-style: bold;
    }
    FirstStart .form-row { height: 1; margin: 0 0 1 0; }
    FirstStart .form-label { width: 12; color: $shop-quiet; }
    FirstStart .form-row Input { width: 1fr; }
    FirstStart .form-aside { width: auto; max-width: 30; margin: 0 0 0 1; color: $shop-quiet; }
    FirstStart Static { height: auto; }
    FirstStart #first-hint { margin: 0 0 1 0; color: $shop-quiet; &.-bad { color: $text-error; } }
    FirstStart #first-buttons { height: 1; align-horizontal: right; }
    FirstStart #first-buttons Button { margin: 0 0 0 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", id="first.leave", tooltip="Close without making a shop"),
    ]
    AUTO_FOCUS = "#name"

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._is_working = False

    def compose(self) -> ComposeResult:
        """Three fields and three ways on."""
        found = guessed_locale()
        with Vertical(id="first") as panel:
            panel.border_title = plain("Welcome to stockshop")
            yield Static(plain("Your shop needs a name. The rest is guessed; change what is wrong."))
            yield Static("")
            yield from self._fields(found)
            yield Static(plain(f"It will be kept in {self._path}."), id="first-hint")
            yield Horizontal(
                Button(plain("Leave"), id="leave", compact=True),
                Button(plain("Try the demo shop"), id="demo", compact=True),
                Button(plain("Make my shop"), id="make", compact=True, variant="primary"),
                id="first-buttons",
            )

    def _fields(self, found: str) -> Iterable[Horizontal]:
        yield row("Name", Input(compact=True, id="name", max_length=80, placeholder="Corner Hardware"))
        yield row(
            "Currency",
            Input(guessed_currency(found), compact=True, id="currency", max_length=3),
            "EUR, GBP …",
        )
        yield row("Language", Input(found, compact=True, id="locale", max_length=20), "de_DE, en_GB …")

    def hint(self, text: str, *, bad: bool = False) -> None:
        """What is wrong, or what is being done."""
        hint = self.query_one("#first-hint", Static)
        hint.set_class(bad, "-bad")
        hint.update(plain(text))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """On to the next field; from the last one, make it."""
        event.stop()
        fields = list(self.query(Input))
        here = fields.index(event.input)
        if here + 1 < len(fields):
            fields[here + 1].focus()
        else:
            self._start("make")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """One of the ways on."""
        event.stop()
        if event.button.id == "leave":
            self.action_leave()
        else:
            self._start(event.button.id or "")

    def action_leave(self) -> None:
        """No shop is made."""
        if not self._is_working:
            self.dismiss(None)

    def _start(self, way: str) -> None:
        if self._is_working:
            return
        self._is_working = True
        self.query_one("#first").disabled = True
        self.hint(
            "Making the demo shop; this takes a moment the first time …" if way == "demo" else "Making it …"
        )
        self.run_worker(self._make(way), group="first", exit_on_error=False, description="making the shop")

    async def _make(self, way: str) -> None:
        try:
            made = await asyncio.to_thread(
                self._demo if way == "demo" else partial(self._shop, *self._typed())
            )
        except ShopError as error:
            self._is_working = False
            self.query_one("#first").disabled = False
            self.app.bell()
            self.hint(f"✗ {error.message}", bad=True)
            if error.field in ("name", "currency", "locale"):
                self.query_one(f"#{error.field}").focus()
            return
        self.dismiss(made)

    def _typed(self) -> list[str]:
        return [self.query_one(f"#{field}", Input).value for field in ("name", "currency", "locale")]

    def _shop(self, name: str, currency: str, locale: str) -> str:
        from stockshop.services.shop import ShopSettings, create_shop

        actor = getattr(self.app, "actor", "") or "counter"
        create_shop(self._path, actor, ShopSettings(name, currency, locale)).close()
        return str(self._path)

    def _demo(self) -> str:
        from stockshop.services.demo import ensure_demo_shop

        return str(ensure_demo_shop(self._path.parent / "demo"))
