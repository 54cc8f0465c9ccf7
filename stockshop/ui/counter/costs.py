"""What one costs of what came in: of the last receipt, or of the next."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from textual.widget import Widget

from stockshop import money
from stockshop.errors import InvalidInput, Refused
from stockshop.ids import new_id
from stockshop.language import mark, tr
from stockshop.ui.counter.desk import Desk
from stockshop.ui.counter.forms import DoneT, Form, row
from stockshop.ui.counter.scanned import Undoable
from stockshop.ui.counter.views import Mode, ShowProduct
from stockshop.ui.widgets.inputs import NumberInput


class CostForm(Form[int, DoneT]):
    """One number: what one of it costs."""

    AUTO_FOCUS = "#unit-cost"
    ok = mark("Take it")

    def __init__(self, text: str, send: Callable[[int], Awaitable[DoneT]], *, currency: str) -> None:
        super().__init__(text, send, title=tr("What does one cost?"))
        self._currency = currency

    def fields(self) -> Iterable[Widget]:
        """The cost of one."""
        field = NumberInput(decimals=4, compact=True, id="unit-cost")
        yield row(tr("Cost of one"), field, self._currency)

    def values(self) -> int:
        """In 1/10,000 of the currency unit. Raises InvalidInput for a blank."""
        cost = self.query_one("#unit-cost", NumberInput).number(field="unit-cost")
        if cost is None:
            raise InvalidInput(tr("Type what one costs; Esc leaves it as it was."), field="unit-cost")
        return money.to_cost_e4(cost, field="unit-cost")


def _so_far(desk: Desk, last: Undoable) -> str:
    """What came in, and at what cost it was taken in."""
    view = desk.shown.view
    known = view.card.last_cost_e4 if isinstance(view, ShowProduct) else None
    if known is None or not isinstance(view, ShowProduct) or view.card.product_id != last.product_id:
        return last.words
    return tr("{what}, so far at {cost} each", what=last.words, cost=desk.app.wording.cost(known))


async def ask_cost(desk: Desk) -> None:
    """Give the last receipt another cost; when nothing has just come in, say that of the next one."""
    if desk.shown.mode is not Mode.RECEIVE:
        raise Refused(
            tr("A cost belongs to what comes in: choose Receive (Alt+R) first."), title=tr("Not receiving")
        )
    app, shop, actor = desk.app, desk.app.shop, desk.app.actor
    last = desk.undoable[-1] if desk.undoable and desk.undoable[-1].is_receipt else None
    client_id = new_id()

    async def take(cost_e4: int) -> int:
        from stockshop.services import recosting

        if last is None:
            desk.next_cost_e4 = cost_e4
            return cost_e4
        posted = await app.in_store(
            lambda: recosting.recost_receipt(
                shop, actor, last.entry_id, cost_e4, client_id=f"{client_id}-{cost_e4}"
            )
        )
        desk.undoable[-1] = last._replace(entry_id=posted.entry_id)
        return cost_e4

    said = _so_far(desk, last) if last is not None else tr("It is taken for what you scan next.")
    cost_e4 = await app.push_screen_wait(CostForm(said, take, currency=shop.currency))
    if cost_e4 is None:
        return
    if last is None:
        desk.tell(tr("the next at {cost} each", cost=app.wording.cost(cost_e4)))
        return
    await desk.show_product(last.product_id)
    desk.tell(tr("{what}: now at {cost} each", what=last.words, cost=app.wording.cost(cost_e4)))
