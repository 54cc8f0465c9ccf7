"""Forms about one bin out of several: correct a quantity, count it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

from textual.widget import Widget
from textual.widgets import Input, OptionList

from stockshop import quantity
from stockshop.errors import InvalidInput
from stockshop.language import mark, tr, trc
from stockshop.ui.counter.forms import DoneT, Form, ValuesT, options, row
from stockshop.ui.widgets.inputs import NumberInput


@dataclass(frozen=True, slots=True)
class Spot:
    """A place where something lies, or could."""

    bin: str
    lot: str
    label: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Adjusted:
    """What to correct."""

    quantity_milli: int
    """Added; below zero: taken away."""
    reason: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted."""

    quantity_milli: int
    spot: Spot


class _SpotForm(Form[ValuesT, DoneT]):
    """A form about one place out of several."""

    AUTO_FOCUS = "#quantity"

    def __init__(
        self,
        text: str,
        send: Callable[[ValuesT], Awaitable[DoneT]],
        *,
        title: str,
        unit: str,
        spots: Sequence[Spot],
    ) -> None:
        super().__init__(text, send, title=title)
        self.unit = unit
        self.spots = tuple(spots)

    def spot_fields(self) -> Iterable[Widget]:
        """The places, when there is more than one."""
        if len(self.spots) > 1:
            yield row(tr("Where"), options("spot", [(spot.label, spot.remark) for spot in self.spots]))

    def spot(self) -> Spot:
        """The place chosen."""
        if len(self.spots) == 1:
            return self.spots[0]
        return self.spots[self.query_one("#spot", OptionList).highlighted or 0]

    def typed_quantity(self) -> int:
        """Thousandths of the unit. Raises InvalidInput for none, and for half a bolt."""
        number = self.query_one("#quantity", NumberInput).number(field="quantity")
        if number is None:
            raise InvalidInput(tr("Type how many; a blank is never zero."), field="quantity")
        milli = quantity.to_milli(number, field="quantity")
        quantity.check_decimals(milli, self.unit, field="quantity")
        return milli


REASONS = (
    mark("Broken or spoiled"),
    mark("Past its date"),
    mark("Stolen or missing"),
    mark("Used in the shop"),
    mark("Given away"),
    mark("Found again"),
    mark("Booked wrongly before"),
)


class AdjustForm(_SpotForm[Adjusted, DoneT]):
    """How much to add or take away, and why."""

    ok = mark("Adjust")

    def __init__(
        self, text: str, send: Callable[[Adjusted], Awaitable[DoneT]], *, unit: str, spots: Sequence[Spot]
    ) -> None:
        super().__init__(text, send, title=tr("Correct the quantity"), unit=unit, spots=spots)

    def fields(self) -> Iterable[Widget]:
        """Place, quantity, reason."""
        yield row(
            trc("how many more or fewer", "Change"),
            NumberInput(signed=True, compact=True, id="quantity"),
            tr("-2 takes two away"),
        )
        yield from self.spot_fields()
        yield row(tr("Why"), options("reason", [(tr(reason), "") for reason in REASONS]))
        yield row(tr("or because"), Input(compact=True, id="own-reason", max_length=200))

    def values(self) -> Adjusted:
        """A change and a reason."""
        milli = self.typed_quantity()
        if milli == 0:
            raise InvalidInput(tr("Zero changes nothing; type what to add or take away."), field="quantity")
        given = tr(REASONS[self.query_one("#reason", OptionList).highlighted or 0])
        reason = self.text_of("own-reason") or given
        return Adjusted(milli, reason, self.spot())


class CountForm(_SpotForm[Counted, DoneT]):
    """How many lie there. The book is not shown."""

    ok = mark("Counted")

    def __init__(
        self, text: str, send: Callable[[Counted], Awaitable[DoneT]], *, unit: str, spots: Sequence[Spot]
    ) -> None:
        super().__init__(text, send, title=tr("How many lie there?"), unit=unit, spots=spots)

    def on_mount(self) -> None:
        """Where it is comes before how many."""
        if len(self.spots) > 1:
            self.query_one("#spot").focus()

    def fields(self) -> Iterable[Widget]:
        """Place and quantity."""
        yield from self.spot_fields()
        yield row(tr("Counted"), NumberInput(compact=True, id="quantity"), quantity.unit_sign(self.unit))

    def values(self) -> Counted:
        """A count; zero counts too."""
        return Counted(self.typed_quantity(), self.spot())
