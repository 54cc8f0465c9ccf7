"""Marking products in a list, and what is done to all that are marked."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import Input

from stockshop.errors import ShopError
from stockshop.language import mark, tr, trn
from stockshop.ui.at_work import WorkScreen
from stockshop.ui.products.filters import FilterRow
from stockshop.ui.products.marks import Marks
from stockshop.ui.screens.dialogs import Confirm, Confirmed, Notice
from stockshop.ui.widgets.record_list import RecordList

if TYPE_CHECKING:
    from stockshop.services.catalogue import (
        BulkChange,
        BulkDone,
        Product,
        ProductDetail,
        ProductListing,
        ProductRow,
    )

MOST_LABELS = 2_000
"""More at once are not chosen one by one."""


class MarkingScreen(WorkScreen):
    """A screen with a list of products of which several can be marked."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+e", "edit", mark("Edit"), id="products.edit", priority=True,
                tooltip=mark("Change the product under the cursor, or all that are marked")),
        Binding("ctrl+l", "label", mark("Label"), id="products.label",
                tooltip=mark("Print the shelf label, or those of all that are marked")),
        Binding("space", "mark", mark("Mark"), show=False, id="products.mark",
                tooltip=mark("Mark the product under the cursor, or not, where nothing is typed")),
        Binding("shift+down", "mark_step(1)", mark("Mark down"), show=False, id="products.mark-down",
                tooltip=mark("Mark this product and go to the next")),
        Binding("shift+up", "mark_step(-1)", mark("Mark up"), show=False, id="products.mark-up",
                tooltip=mark("Mark this product and go to the one before")),
        Binding("ctrl+a", "mark_all", mark("Mark all"), show=False, id="products.mark-all", priority=True,
                tooltip=mark("Mark everything that is listed; once more: nothing")),
    ]  # fmt: skip

    marks: Marks

    @property
    def records(self) -> RecordList[ProductRow]:
        """The list."""
        raise NotImplementedError

    @property
    def listing(self) -> ProductListing | None:
        """What is listed."""
        raise NotImplementedError

    def show_marks(self) -> None:
        """Show what is marked."""
        raise NotImplementedError

    # -- marking -------------------------------------------------------------------------------------

    def is_only_space(self, event: Input.Changed) -> bool:
        """Whether nothing but a space was typed on the scan line: it marks, and the line stays empty."""
        if not event.value or event.value.strip():
            return False
        event.input.value = ""
        self.action_mark()
        return True

    def marked_words(self) -> tuple[str, str]:
        """How many are marked, and what can be done with them; and the same in fewer words."""
        if not self.marks:
            return "", ""
        if self.marks.are_all and not self.records.counted:
            return tr("all marked · Ctrl+E changes them ✕"), tr("all marked ✕")
        many = self.marks.count(self.records.count)
        number = self.words.whole(many)
        return (
            trn("{number} marked · Ctrl+E changes it ✕", "{number} marked · Ctrl+E changes them ✕", many,
                number=number),
            trn("{number} marked ✕", "{number} marked ✕", many, number=number),
        )  # fmt: skip

    def _marks_changed(self) -> None:
        self.show_marks()
        self.query_one(FilterRow).show(marked=self.marked_words())

    def action_mark(self) -> None:
        """Mark the product under the cursor, or not, and go on."""
        row = self.records.current
        if row is not None:
            self.marks.put(row.id, marked=not self.marks.has(row.id))
            self.records.action_step(1)
            self._marks_changed()

    def on_click(self, event: events.Click) -> None:
        """A click with Ctrl marks a row, or not."""
        records = self.records
        where = records.region
        line = event.screen_y - where.y
        row = records.current
        if (
            event.ctrl
            and row is not None
            and 0 < line <= records.count
            and where.contains(*event.screen_offset)
        ):
            self.marks.put(row.id, marked=not self.marks.has(row.id))
            self._marks_changed()

    def action_mark_step(self, by: int) -> None:
        """Mark this one and the one that the cursor goes to."""
        for move in (by, 0):
            row = self.records.current
            if row is not None:
                self.marks.put(row.id, marked=True)
            self.records.action_step(move)
        self._marks_changed()

    def action_mark_all(self) -> None:
        """Everything that is listed; nothing, when that is so already."""
        listing = self.listing
        if self.marks.are_all or listing is None:
            self.action_mark_none()
            return
        self.marks.take_all(listing)
        self._marks_changed()

    def action_mark_none(self) -> None:
        """Nothing is marked."""
        self.marks.clear()
        self._marks_changed()

    # -- doing something to them ---------------------------------------------------------------------

    def action_label(self) -> None:
        """The labels of all that are marked, or of the product under the cursor."""
        row = self.records.current
        if self.marks:
            shop, marks = self.shop, self.marks

            def read() -> tuple[tuple[int, str, str], ...]:
                from stockshop.services import catalogue

                return catalogue.labels_of(shop, marks.ids()[: MOST_LABELS + 1])

            self.look(read, self._print_labels, group="marked", doing=tr("reading what is marked"))
        elif row is not None:
            self._print_labels(((row.id, row.sku, row.name),))

    def _print_labels(self, wanted: tuple[tuple[int, str, str], ...]) -> None:
        from stockshop.ui.labels.choice import LabelChoice
        from stockshop.ui.screens.labels import LabelsScreen

        if len(wanted) > MOST_LABELS:
            self.app.bell()
            number = self.words.number(MOST_LABELS * 1_000)
            self.say(tr("At most {number} labels are made at once; mark fewer.", number=number))
            return
        self.app.push_screen(LabelsScreen(tuple(LabelChoice(*one) for one in wanted)))

    def action_edit(self) -> None:
        """Change all that are marked, or the product under the cursor."""
        from stockshop.services import catalogue, locations

        row, shop, marks = self.records.current, self.shop, self.marks
        if not marks:
            if row is not None:
                self.look(
                    lambda: catalogue.product(shop, row.id), self._edit_one, group="edit",
                    doing=tr("reading the product"),
                )  # fmt: skip
            return

        def read() -> tuple[array[int], tuple[str, ...], list[str]]:
            bins = [place.code for place in locations.places(shop) if place.kind == "bin"]
            return marks.ids(), catalogue.categories(shop), bins

        self.look(read, self._edit_many, group="edit", doing=tr("reading what is marked"))

    def _edit_one(self, detail: ProductDetail) -> None:
        from stockshop.ui.products.product_form import ProductForm

        def changed(product: Product | None) -> None:
            if product is not None:
                self.say(tr("{product} is saved.", product=product.name))
                self.tell_stock_changed()
                self.look_again()

        self.app.push_screen(ProductForm(self.shop, self.actor, detail), changed)

    def _edit_many(self, found: tuple[array[int], tuple[str, ...], list[str]]) -> None:
        from stockshop.ui.products.bulk_form import BulkForm, BulkOffers, question

        ids, categories, bins = found
        if not ids:
            self.app.bell()
            return

        def said(change: BulkChange | None) -> None:
            if change is None:
                return

            def answered(answer: Confirmed | None) -> None:
                if answer is not None:
                    self._change_many(ids, change)

            asked = Confirm(
                question(len(ids), change, self.words), title=tr("Change them all?"), yes=tr("Change"),
                danger=True,
            )  # fmt: skip
            self.app.push_screen(asked, answered)

        self.app.push_screen(BulkForm(self.shop, self.words, ids, BulkOffers(categories, bins)), said)

    def _change_many(self, ids: array[int], change: BulkChange) -> None:
        from stockshop.services.catalogue import BulkRefused, change_many
        from stockshop.ui.products.bulk_form import refusals

        shop, actor, words = self.shop, self.actor, self.words

        def done(result: BulkDone) -> None:
            told = [
                trn("{number} product is changed.", "{number} products are changed.", result.changed,
                    number=words.whole(result.changed))
            ]  # fmt: skip
            if result.unchanged:
                told.append(
                    trn("{number} stays as it was.", "{number} stay as they were.", result.unchanged,
                        number=words.whole(result.unchanged))
                )  # fmt: skip
            self.say(" ".join(told))
            self.marks.clear()
            if self.is_attached:
                self._marks_changed()

        def refused(error: ShopError) -> None:
            app: Any = self.told_by
            if isinstance(error, BulkRefused):
                app.bell()
                app.push_screen(Notice(refusals(error, words), title=error.title))
            else:
                app.show_error(error, tr("changing products"))

        self.work_on(
            tr("Changing products"),
            lambda job: change_many(
                shop, actor, ids, change, progress=job.progress, should_stop=job.should_stop
            ),
            done,
            refused=refused,
        )
