"""The same change to all marked products: what is to be changed, and what will become of the first few."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, Static

from stockshop.errors import InvalidInput, ShopError
from stockshop.language import mark, tr, trn
from stockshop.ui.products.product_form import read_quantity
from stockshop.ui.safe import fit, plain
from stockshop.ui.screens.record_form import Field, RecordForm, Values
from stockshop.ui.widgets.cycle import Cycle

if TYPE_CHECKING:
    from stockshop.services.catalogue import BulkChange, BulkLine, BulkRefused, FieldChange
    from stockshop.services.shop import Shop
    from stockshop.ui.wording import Wording

NOTHING = "-"
"""Typed into a field: take off what is there."""
_PAUSE_S = 0.25
_SHOWN = 3
ENDINGS = (
    ("", mark("as they come")),
    ("9", mark("to end in 9")),
    ("5", mark("to end in 5")),
    ("fives", mark("to end in 5 or 0")),
    ("99", mark("to end in 99")),
)


def _percent(percent_milli: int, words: Wording) -> str:
    from stockshop.money import format_quantity

    sign = "\u2212" if percent_milli < 0 else "+"
    return sign + format_quantity(abs(percent_milli), 1, words.locale)


def described(change: BulkChange, words: Wording) -> str:
    """What a change does, in a few words each."""
    parts = []
    if change.percent_milli is not None:
        percent = _percent(change.percent_milli, words)
        if not change.ending:
            parts.append(tr("price {percent} %", percent=percent))
        elif change.percent_milli:
            ending = tr(dict(ENDINGS)[change.ending])
            parts.append(tr("price {percent} %, rounded {ending}", percent=percent, ending=ending))
        else:
            parts.append(tr("price rounded {ending}", ending=tr(dict(ENDINGS)[change.ending])))
    if change.category is not None:
        parts.append(tr("category {name}", name=change.category) if change.category else tr("no category"))
    if change.preferred_bin is not None:
        bin_code = change.preferred_bin
        parts.append(tr("belongs in {bin}", bin=bin_code) if bin_code else tr("belongs in no bin"))
    if change.no_rule:
        parts.append(tr("no reorder rule"))
    elif change.rule is not None:
        point, up_to = (words.number(level, "kg") for level in change.rule)
        parts.append(tr("reorder at {point}, up to {level}", point=point, level=up_to))
    if change.archived is not None:
        parts.append(tr("archived") if change.archived else tr("back in use"))
    return ", ".join(parts)


def question(many: int, change: BulkChange, words: Wording) -> str:
    """What is asked before it is done."""
    return trn(
        "{number} product: {what}.",
        "{number} products: {what}.",
        many,
        number=words.number(many * 1_000),
        what=described(change, words),
    )


def refusals(error: BulkRefused, words: Wording) -> str:
    """Which products refuse, and why."""
    shown = [f"{one.name} ({one.sku}): {one.why}" for one in error.refusals[:20]]
    more = error.count - len(shown)
    if more > 0:
        shown.append(trn("and {number} more", "and {number} more", more, number=words.number(more * 1_000)))
    return "\n".join([error.message, "", *shown])


def _value(change: FieldChange, value: Any, unit: str, words: Wording) -> str:
    if change.field == "archived":
        return tr("archived") if value else tr("in use")
    if value is None:
        return "–"
    if change.field == "price_minor":
        return words.price(value)
    if change.field == "reorder_rule":
        return " / ".join(words.number(level, unit) for level in value)
    return str(value)


class BulkForm(RecordForm["BulkChange"]):
    """Only what is filled in is changed; closes with the change, which nobody has made yet."""

    DEFAULT_CSS = """
    BulkForm #bulk-preview { height: auto; margin: 1 0 0 0; color: $shop-quiet; }
    """

    def __init__(self, shop: Shop, words: Wording, ids: Sequence[int], offers: BulkOffers) -> None:
        many = len(ids)
        super().__init__(
            trn(
                "Change {number} product", "Change {number} products", many, number=words.number(many * 1_000)
            ),
            self._fields(offers),
            self._read,
            text=tr("What stays empty stays as it is; a lone - takes off what is there."),
            aliases={"percent_milli": "percent", "price_minor": "percent"},
            ok=tr("Go on"),
        )
        self._shop, self._words, self._ids = shop, words, ids
        self._pause: Timer | None = None

    @staticmethod
    def _fields(offers: BulkOffers) -> list[Field]:
        return [
            Field("percent", tr("Price by %"), hint=tr("5 raises, -10 lowers"), decimals=2, whole_digits=3,
                  signed=True),
            Field("ending", tr("New prices"), choices=[(key, tr(words)) for key, words in ENDINGS]),
            Field("category", tr("Category"), hint=tr("a group of products"), offers=offers.categories),
            Field("preferred_bin", tr("Belongs in bin"), hint=tr("where it is put away"), offers=offers.bins,
                  takes_scan=True),
            Field("reorder_point", tr("Reorder at"), hint=tr("when this few are left"), decimals=3),
            Field("order_up_to", tr("Order up to"), hint=tr("a full shelf"), decimals=3),
            Field("rule", tr("Reorder rule"), choices=(("", tr("as above")), ("none", tr("take it off")))),
            Field("archived", tr("In use"), choices=(("", tr("as it is")), ("yes", tr("archive")),
                                                     ("no", tr("bring back")))),
        ]  # fmt: skip

    def compose_answer(self) -> Iterable[Widget]:
        """The fields, what will become of the first products, and the buttons."""
        parts = list(super().compose_answer())
        yield from parts[:-1]
        yield Static("", id="bulk-preview")
        yield parts[-1]

    # -- what was said -------------------------------------------------------------------------------

    def _change(self, values: Values) -> BulkChange:
        from stockshop.services.catalogue import BulkChange

        percent = read_quantity(values["percent"], "percent")
        if percent is None and values["ending"]:
            percent = 0
        point = read_quantity(values["reorder_point"], "reorder_point")
        up_to = read_quantity(values["order_up_to"], "order_up_to")
        if point is None and up_to is not None:
            raise InvalidInput(
                tr("Say at how many it is ordered again, or leave both empty."), field="reorder_point"
            )
        rule = None if point is None else (point, up_to if up_to is not None else 2 * point)
        if rule is not None and values["rule"]:
            raise InvalidInput(tr("Say a rule, or that there is none; both at once cannot be."), field="rule")
        return BulkChange(
            percent_milli=percent,
            ending=values["ending"],
            category=_said(values["category"]),
            rule=rule,
            no_rule=bool(values["rule"]),
            preferred_bin=_said(values["preferred_bin"]),
            archived={"": None, "yes": True, "no": False}[values["archived"]],
        )

    def _read(self, values: Values) -> BulkChange:
        from stockshop.services import catalogue

        change = self._change(values)
        # Whatever cannot be meant is told now, beside its field.
        catalogue.preview_bulk(self._shop, self._ids, change, limit=1)
        return change

    # -- the first few -------------------------------------------------------------------------------

    def on_input_changed(self, _: Input.Changed) -> None:
        """Another change: look at the first few again when the keys pause."""
        self._look_soon()

    def on_cycle_changed(self, _: Cycle.Changed) -> None:
        """Another choice stands."""
        self._look_soon()

    def _look_soon(self) -> None:
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(_PAUSE_S, self.look_at_first)

    def look_at_first(self) -> None:
        """Show what would become of the first few."""
        self._pause = None
        values = self.values()
        self.run_worker(
            self._looking(values), group="preview", exclusive=True, exit_on_error=False,
            description="looking at the first products",
        )  # fmt: skip

    async def _looking(self, values: Values) -> None:
        from stockshop.services import catalogue

        try:
            change = self._change(values)
            lines = await asyncio.to_thread(
                catalogue.preview_bulk, self._shop, self._ids, change, limit=_SHOWN
            )
        except ShopError:
            # Not complete yet; it is told when it is saved.
            lines = ()
        self.query_one("#bulk-preview", Static).update(
            plain("\n".join(self._shown(one) for one in lines), multiline=True)
        )

    def _shown(self, one: BulkLine) -> str:
        words = self._words
        changes = ", ".join(
            " → ".join(_value(change, value, one.unit, words) for value in (change.before, change.after))
            for change in one.changes[:2]
        )
        width = self.query_one("#bulk-preview").size.width or 60
        right = min(len(changes) + 2, width * 2 // 3)
        return fit(one.name, width - right, cut="middle") + fit(changes, right, "right", "middle")


def _said(text: str) -> str | None:
    """A field's text: None to leave it, empty to take off."""
    return None if not text else "" if text == NOTHING else text


class BulkOffers:
    """What is offered while typing."""

    def __init__(self, categories: Sequence[str], bins: Sequence[str]) -> None:
        self.categories, self.bins = categories, bins
