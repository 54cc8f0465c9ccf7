"""The counter's forms: what a scan cannot say. A form stays open until what was typed has been done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Generic, TypeVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.css.query import NoMatches
from textual.widget import Widget
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from stockshop import money, quantity
from stockshop.errors import InvalidInput, ShopError
from stockshop.language import mark, tr
from stockshop.quantity import unit_sign
from stockshop.ui.messages import CodeScanned
from stockshop.ui.safe import phrase, plain
from stockshop.ui.screens.dialogs import Question
from stockshop.ui.widgets.inputs import NumberInput

ValuesT = TypeVar("ValuesT")
DoneT = TypeVar("DoneT")


class Form(Question[DoneT], Generic[ValuesT, DoneT]):
    """Fields, and what is to be done with them; a refusal is shown beside the fields, which stay.

    `send` gets what `values` read and answers what the form closes with. Enter goes to the next
    field and from the last one sends; while it is being done nothing can be pressed.
    """

    DEFAULT_CSS = """
    Form #question { width: 70; }
    Form .form-row { height: auto; margin: 0 0 1 0; }
    Form .form-label { width: 17; color: $shop-quiet; }
    Form .form-row Input { width: 1fr; }
    Form .form-aside { width: auto; max-width: 24; margin: 0 0 0 1; color: $shop-quiet; }
    Form #question-fields { height: auto; margin: 1 0 0 0; }
    Form OptionList {
        width: 1fr; height: auto; max-height: 7; border: none; padding: 0; background: $surface;
        scrollbar-size-vertical: 1;
    }
    Form.-low #question { padding: 0 1; }
    Form.-low #question-buttons { margin: 0; }
    Form.-low OptionList { max-height: 5; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "send", mark("Save"), id="form.save", tooltip=mark("Do what the form says")),
    ]

    ok = mark("Save")

    def __init__(self, text: str, send: Callable[[ValuesT], Awaitable[DoneT]], *, title: str) -> None:
        super().__init__(text, title=title)
        self._send = send
        self._sending = False

    def compose_answer(self) -> Iterable[Widget]:
        """The fields, then the buttons."""
        yield Vertical(*self.fields(), id="question-fields")
        yield Horizontal(
            Button(plain(tr("Cancel")), id="form-cancel", compact=True),
            Button(plain(tr(self.ok)), id="form-ok", variant="primary", compact=True),
            id="question-buttons",
        )

    def fields(self) -> Iterable[Widget]:
        """The fields, from top to bottom."""
        return ()

    def values(self) -> ValuesT:
        """What was typed. Raises InvalidInput naming the id of the field at fault."""
        raise NotImplementedError

    def text_of(self, field: str) -> str:
        """What a text field holds, trimmed."""
        return self.query_one(f"#{field}", Input).value.strip()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """On to the next field; from the last one, do it."""
        event.stop()
        fields = [field for field in self.query("Input, OptionList") if field.focusable]
        here = fields.index(event.input)
        if here + 1 < len(fields):
            fields[here + 1].focus()
        else:
            self.action_send()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A choice is made: on to what comes next."""
        event.stop()
        fields = [field for field in self.query("Input, OptionList") if field.focusable]
        here = fields.index(event.option_list)
        if here + 1 < len(fields):
            fields[here + 1].focus()
        else:
            self.action_send()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Do it, or not."""
        event.stop()
        if event.button.id == "form-ok":
            self.action_send()
        else:
            self.action_decline()

    def action_decline(self) -> None:
        """Close without doing anything, unless it is being done."""
        if not self._sending:
            super().action_decline()

    def action_send(self) -> None:
        """Read the fields and do it."""
        if self._sending:
            return
        try:
            values = self.values()
        except ShopError as error:
            self.refuse(error)
            return
        self._sending = True
        self.query_one("#question").disabled = True
        self.run_worker(self._do(values), group="form", exit_on_error=False)

    async def _do(self, values: ValuesT) -> None:
        try:
            done = await self._send(values)
        except ShopError as error:
            self._sending = False
            self.query_one("#question").disabled = False
            self.refuse(error)
            return
        self.dismiss(done)

    def refuse(self, error: ShopError) -> None:
        """Say what is wrong, and go to the field at fault."""
        self.app.bell()
        self.hint(f"✗ {error.message}")
        if error.field:
            try:
                self.query_one(f"#{error.field.replace('_', '-').replace(' ', '-')}").focus()
            except NoMatches:
                return


def row(label: str, field: Widget, aside: str = "") -> Horizontal:
    """A field with its name before it and a remark behind."""
    parts: list[Widget] = [Static(plain(label), classes="form-label"), field]
    if aside:
        parts.append(Static(plain(aside), classes="form-aside"))
    return Horizontal(*parts, classes="form-row")


def options(name: str, offers: Sequence[tuple[str, str]]) -> OptionList:
    """A list of data to choose from, the first one marked."""
    chosen = OptionList(
        *(
            Option(phrase("$label  [$text-muted]$remark[/]", label=label, remark=remark))
            for label, remark in offers
        ),
        id=name,
        compact=True,
    )
    chosen.highlighted = 0
    return chosen


def parse_day(text: str, locale: str, *, field: str) -> str:
    """A date as people write it here, or as 2026-01-31; answers ISO text. Raises InvalidInput."""
    from babel.dates import parse_date

    if not text:
        return ""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    try:
        return parse_date(text, locale=locale).isoformat()
    except (ValueError, IndexError, AttributeError) as error:
        raise InvalidInput(
            tr("'{text}' is not a date; write it as 2026-01-31.", text=text[:20]), field=field
        ) from error


# -- receiving a lot -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LotTyped:
    """What comes in."""

    lot: str
    expiry: str
    """ISO, or empty."""
    unit_cost_e4: int | None


@dataclass(frozen=True, slots=True)
class LotRead:
    """What a code scanned into the form says."""

    lot: str
    expiry: str
    refused: str = ""
    """Why it is not taken."""


class LotForm(Form[LotTyped, DoneT]):
    """Lot, expiry and cost of goods kept by lots. Scanning the lot's own code fills it in."""

    AUTO_FOCUS = "#lot"
    ok = mark("Receive")

    def __init__(
        self,
        text: str,
        send: Callable[[LotTyped], Awaitable[DoneT]],
        *,
        locale: str,
        expiry: str = "",
        read: Callable[[str], Awaitable[LotRead]],
    ) -> None:
        super().__init__(text, send, title=tr("Which lot is it?"))
        self._locale = locale
        self._expiry = expiry
        self._read = read

    def fields(self) -> Iterable[Widget]:
        """Lot, expiry, cost."""
        yield row(tr("Lot"), Input(compact=True, id="lot", max_length=60), tr("scan or type"))
        yield row(tr("Best before"), Input(self._expiry, compact=True, id="expiry", placeholder="2026-01-31"))
        yield row(
            tr("Cost of one"),
            NumberInput(decimals=4, compact=True, id="unit-cost"),
            tr("empty: as last time"),
        )

    def values(self) -> LotTyped:
        """A lot or at least its date."""
        lot = self.text_of("lot")
        expiry = parse_day(self.text_of("expiry"), self._locale, field="expiry")
        if not lot and not expiry:
            raise InvalidInput(tr("Type the lot, or at least the date it is good until."), field="lot")
        cost = self.query_one("#unit-cost", NumberInput).number(field="unit-cost")
        return LotTyped(lot, expiry, None if cost is None else money.to_cost_e4(cost, field="unit-cost"))

    def on_code_scanned(self, message: CodeScanned) -> None:
        """The lot's own code fills the fields; anything else is not scanned, and that is said."""
        message.stop()
        message.prevent_default()
        self.run_worker(self._take(message.code), group="lot", exit_on_error=False)

    async def _take(self, code: str) -> None:
        try:
            read = await self._read(code)
        except ShopError as error:
            self.refuse(error)
            return
        if read.refused:
            self.app.bell()
            self.hint(f"✗ {read.refused}")
            return
        self.query_one("#lot", Input).value = plain(read.lot).plain
        if read.expiry:
            self.query_one("#expiry", Input).value = read.expiry
        self.hint(tr("Taken from the code."), bad=False)


# -- a product for an unknown code -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NewProduct:
    """A product to be made out of an unknown code."""

    name: str
    price_minor: int | None
    unit: str
    category: str | None


class NewProductForm(Form[NewProduct, DoneT]):
    """The few facts with which a product can be sold."""

    AUTO_FOCUS = "#name"
    ok = mark("Make it")

    def __init__(
        self, code: str, send: Callable[[NewProduct], Awaitable[DoneT]], *, currency: str, locale: str
    ) -> None:
        super().__init__(tr("It will have the barcode {code}.", code=code), send, title=tr("A new product"))
        self._currency = currency
        self._locale = locale

    def fields(self) -> Iterable[Widget]:
        """Name, price, unit, category."""
        yield row(tr("Name"), Input(compact=True, id="name", max_length=200))
        yield row(
            tr("Price"),
            NumberInput(decimals=money.minor_digits(self._currency), compact=True, id="price-minor"),
            self._currency,
        )
        yield row(
            tr("Unit"),
            Input(unit_sign("each"), compact=True, id="unit", max_length=20),
            tr("each, kg, l, m …"),
        )
        yield row(tr("Category"), Input(compact=True, id="category", max_length=100), tr("may be empty"))

    def values(self) -> NewProduct:
        """At least a name."""
        name = self.text_of("name")
        if not name:
            raise InvalidInput(tr("A product needs a name."), field="name")
        price = self.query_one("#price-minor", NumberInput).number(field="price-minor")
        unit = quantity.find_unit(self.text_of("unit"), field="unit").code
        minor = None if price is None else money.to_minor(price, self._currency, field="price-minor")
        return NewProduct(name, minor, unit, self.text_of("category") or None)
