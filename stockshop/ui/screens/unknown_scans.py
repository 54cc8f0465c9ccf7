"""Scans that nobody knew: what they may be, what is done about them, and what has become of others."""

from __future__ import annotations

from collections.abc import Coroutine, Iterable
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static

from stockshop.errors import InvalidInput, ShopError
from stockshop.language import mark, tr, trn
from stockshop.ui.at_work import WorkScreen
from stockshop.ui.messages import CodeScanned
from stockshop.ui.safe import line, plain
from stockshop.ui.widgets.memory import InMemory, Item
from stockshop.ui.widgets.record_list import Column, RecordList
from stockshop.ui.wording import Wording

if TYPE_CHECKING:
    from stockshop.services.catalogue import Product
    from stockshop.services.finding import FoundProduct
    from stockshop.services.scanning import Scan
    from stockshop.services.unknown_scans import ResolvedCode, UnknownCode
    from stockshop.ui.app import StockshopApp
    from stockshop.ui.counter.picker import PickedProduct

OpenItem = Item["UnknownCode"]
DoneItem = Item["ResolvedCode"]


def open_columns(words: Wording) -> tuple[Column[OpenItem], ...]:
    """A code, how often it came and when last, what it may be, where and by whom."""
    return (
        Column(tr("Code"), lambda item: item.value.newest.code, least=14, weight=2, cut="middle"),
        Column(tr("Times"), lambda item: str(item.value.times), width=5, align="right"),
        Column(tr("Last"), lambda item: words.time(item.value.newest.scanned_at_us), width=9, align="right"),
        Column(tr("What it may be"), lambda item: item.value.hint, least=22, weight=4,
               tone=lambda item: "good" if item.value.is_known else ""),
        Column(tr("Where"), lambda item: item.value.newest.place, least=14, weight=1,
               tone=lambda _: "quiet", from_width=100),
        Column(tr("By"), lambda item: item.value.newest.actor, width=10, tone=lambda _: "quiet",
               from_width=100),
    )  # fmt: skip


def done_columns(words: Wording) -> tuple[Column[DoneItem], ...]:
    """A code, when and by whom it was settled, and how."""
    return (
        Column(tr("Code"), lambda item: item.value.code, least=14, weight=2, cut="middle"),
        Column(tr("Times"), lambda item: str(item.value.times), width=5, align="right"),
        Column(tr("Settled"), lambda item: words.time(item.value.resolved_at_us), width=9, align="right"),
        Column(tr("What became of it"), lambda item: item.value.resolution, least=22, weight=4),
        Column(tr("By"), lambda item: item.value.resolved_by, width=10, tone=lambda _: "quiet",
               from_width=70),
    )  # fmt: skip


class UnknownScansScreen(WorkScreen):
    """One list: the open codes, or those that have been settled."""

    CSS_PATH: ClassVar[list[str | PurePath]] = [
        Path(__file__).parents[1] / "styles" / "lists.tcss",
        Path(__file__).parents[1] / "styles" / "unknown.tcss",
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "attach", mark("Attach"), id="unknown.attach",
                tooltip=mark("Put this code on a product: search for it, or scan it")),
        Binding("ctrl+n", "make", mark("New product"), id="unknown.make",
                tooltip=mark("Make a product with this code")),
        Binding("delete,ctrl+d", "set_aside", mark("Dismiss"), id="unknown.dismiss",
                tooltip=mark("Take this code out of the list, with the reason")),
        Binding("ctrl+t", "next_view", mark("Settled"), id="unknown.view",
                tooltip=mark("The open codes, or those that have been settled")),
        Binding("ctrl+r", "take_up", mark("Take up again"), id="unknown.again",
                tooltip=mark("Put a settled code back into the list")),
    ]  # fmt: skip
    AUTO_FOCUS = "#unknown"
    scan_placeholder = mark("scan or type the product")

    def __init__(self) -> None:
        super().__init__()
        self.shows_settled = False

    def compose_body(self) -> Iterable[Widget]:
        """A sentence, the list, and all about the code under the cursor."""
        yield Static("", id="list-head")
        yield RecordList(open_columns(self.words), empty=tr("Looking …"), id="unknown")
        yield Static("", id="unknown-about")

    @property
    def _shop_app(self) -> StockshopApp:
        return cast("StockshopApp", self.app)

    @property
    def records(self) -> RecordList[Any]:
        """The list."""
        return self.query_one("#unknown", RecordList)

    @property
    def current(self) -> UnknownCode | None:
        """The open code under the cursor."""
        item = self.records.current
        return None if item is None or self.shows_settled else cast(OpenItem, item).value

    # -- reading ---------------------------------------------------------------------------------

    def begin(self) -> None:
        """Read it."""
        self.look_again()

    def look_again(self) -> None:
        """Read anew; the cursor stays on its code."""
        from stockshop.services import unknown_scans

        shop = self.shop
        if self.shows_settled:
            self.look(
                lambda: unknown_scans.resolved_codes(shop), self._show_settled, group="unknown",
                doing="reading the settled scans",
            )  # fmt: skip
        else:
            self.look(
                lambda: unknown_scans.open_codes(shop), self._show_open, group="unknown",
                doing="reading the unknown scans",
            )  # fmt: skip

    def _show_open(self, codes: tuple[UnknownCode, ...]) -> None:
        if self.shows_settled:
            return
        many = len(codes)
        self._list(
            InMemory(codes, lambda code: code.newest.code),
            open_columns(self.words),
            empty=tr("No open scans. A code that nobody knows is kept here, wherever it was scanned, "
                     "until somebody says what it is. Ctrl+T shows those that have been settled."),
            head=trn("{count} code that nobody knows", "{count} codes that nobody knows", many)
            if many
            else tr("No code that nobody knows"),
        )  # fmt: skip

    def _show_settled(self, codes: tuple[ResolvedCode, ...]) -> None:
        if not self.shows_settled:
            return
        many = len(codes)
        self._list(
            InMemory(codes, lambda code: code.scan_id),
            done_columns(self.words),
            empty=tr("Nothing has been settled yet. Ctrl+T goes back to the open scans."),
            head=trn(
                "{count} settled code, the latest first", "{count} settled codes, the latest first", many
            )
            if many
            else tr("No settled codes"),
        )

    def _list(
        self, source: InMemory[Any], columns: tuple[Column[Any], ...], *, empty: str, head: str
    ) -> None:
        records = self.records
        before = records.current
        records.empty = empty
        records.set_columns(columns)
        records.set_source(source, keep_cursor=records.count > 0)
        place = source.place(before.key) if before is not None else None
        if place is not None:
            records.go_to(place)
        self.query_one("#list-head", Static).update(plain(head))
        if not source.items:
            self.query_one("#unknown-about", Static).update("")

    def on_record_list_highlighted(self, event: RecordList.Highlighted) -> None:
        """All about the code."""
        event.stop()
        said = self._about_settled(event.row) if self.shows_settled else self._about_open(event.row)
        self.query_one("#unknown-about", Static).update(plain(said, multiline=True))

    def _about_open(self, row: Any) -> str:
        code = cast(OpenItem, row).value
        newest = code.newest
        if code.times == 1:
            came = tr("Scanned {when}, {place}, by {actor}.", when=self.words.time(newest.scanned_at_us),
                      place=line(newest.place), actor=line(newest.actor))  # fmt: skip
        else:
            came = tr(
                "Scanned {count} times, first {first}, last {last}, {place}, by {actor}.", count=code.times,
                first=self.words.time(code.first_us), last=self.words.time(newest.scanned_at_us),
                place=line(newest.place), actor=line(newest.actor),
            )  # fmt: skip
        return f"{line(newest.code)}\n{line(code.hint)}\n{came}"

    def _about_settled(self, row: Any) -> str:
        code = cast(DoneItem, row).value
        product = f"  {line(code.product)}" if code.product else ""
        settled = tr("{what}, {when}, by {actor}. Ctrl+R takes it up again.", what=line(code.resolution),
                     when=self.words.time(code.resolved_at_us), actor=line(code.resolved_by))  # fmt: skip
        return f"{line(code.code)}{product}\n{settled}"

    # -- scans -----------------------------------------------------------------------------------

    def on_code_scanned(self, message: CodeScanned) -> None:
        """A product is the answer to the code under the cursor; what is unknown too joins the list."""
        from stockshop.services.scanning import read_scan

        message.stop()
        message.prevent_default()
        shop, code, typed = self.shop, message.code, message.typed

        def read(scan: Scan) -> None:
            if typed and scan.product is None and scan.place is None and self.current is not None:
                self._ask_product(search=code)
            else:
                self._code_read(scan, typed)

        self.look(lambda: read_scan(shop, code), read, group="scan", doing="reading the scan")

    def product_scanned(self, scan: Scan) -> None:
        """The code under the cursor belongs on it; with nothing to attach it is shown."""
        if self.current is None or scan.product is None:
            super().product_scanned(scan)
        else:
            self._ask_product(scanned=scan.product)

    # -- answers -----------------------------------------------------------------------------------

    def on_record_list_chosen(self, event: RecordList.Chosen) -> None:
        """Enter: put it on a product; a settled one: look at the product."""
        event.stop()
        if not self.shows_settled:
            self.action_attach()
            return
        product_id = cast(DoneItem, event.row).value.product_id
        if product_id is not None:
            from stockshop.ui.products.product_screen import ProductScreen

            self.app.push_screen(ProductScreen(product_id))

    def _the_code(self) -> UnknownCode:
        code = self.current
        if code is None:
            raise InvalidInput(tr("There is no code to do that with."))
        return code

    def _work(self, work: Coroutine[Any, Any, str]) -> None:
        """Done by the app, which outlives this screen; what it answers is said."""
        app = self._shop_app

        async def go() -> None:
            try:
                said = await work
            except ShopError as error:
                app.show_error(error)
                return
            if said:
                app.say(said)
                app.stock_changed()
                if self.is_attached:
                    self.look_again()

        app.run_worker(go(), group="unknown", exit_on_error=False, description="settling an unknown scan")

    def action_attach(self) -> None:
        """Put the code on a product."""
        code = self._the_code()
        if code.is_known and code.product_id is not None:
            self._settle_known(code, code.product_id)
        else:
            self._ask_product()

    def _settle_known(self, code: UnknownCode, product_id: int) -> None:
        from stockshop.services import scanning

        shop, actor = self.shop, self.actor
        self.write(
            lambda: scanning.resolve_unknown(
                shop, actor, code.newest.id, tr("known by now"), product_id=product_id
            ),
            lambda _: self.told_by.say(
                tr("{code} is settled: {hint}", code=code.newest.code, hint=code.hint)
            ),
            doing="settling an unknown scan",
        )

    def _ask_product(self, *, search: str = "", scanned: FoundProduct | None = None) -> None:
        from stockshop.services import unknown_scans
        from stockshop.ui.counter import unknowns

        newest, app = self._the_code().newest, self._shop_app
        code = unknown_scans.as_scanned(newest.code)

        async def settle(picked: PickedProduct) -> str:
            await unknowns.attached(app, newest.id, picked)
            return tr("{code} is on {product} now.", code=newest.code, product=picked.name)

        async def ask() -> str:
            question = await unknowns.product_question(app, code, search=search, scanned=scanned)
            app.push_screen(question, lambda picked: self._work(settle(picked)) if picked else None)
            return ""

        self._work(ask())

    def action_make(self) -> None:
        """Make a product with the code."""
        from stockshop.services import unknown_scans
        from stockshop.ui.counter import unknowns

        newest, app = self._the_code().newest, self._shop_app
        code = unknown_scans.as_scanned(newest.code)

        async def settle(made: Product) -> str:
            await unknowns.made(app, newest.id, made)
            return tr("{product} is in the catalogue now.", product=made.name)

        async def ask() -> str:
            question = await unknowns.new_question(app, code)
            app.push_screen(question, lambda made: self._work(settle(made)) if made else None)
            return ""

        self._work(ask())

    def action_set_aside(self) -> None:
        """Take the code out of the list."""
        from stockshop.ui.counter import unknowns

        newest, app = self._the_code().newest, self._shop_app

        async def settle(why: str) -> str:
            await unknowns.dismissed(app, newest.id, why)
            return tr("{code} is dismissed: {why}", code=newest.code, why=why)

        app.push_screen(
            unknowns.reason_question(newest.code),
            lambda reason: self._work(settle(reason.text)) if reason else None,
        )

    # -- what was settled ----------------------------------------------------------------------------

    def action_next_view(self) -> None:
        """The open codes, or the settled ones."""
        self.shows_settled = not self.shows_settled
        self.refresh_bindings()
        self.look_again()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Open codes are answered, settled ones are taken up again."""
        if action in ("attach", "make", "set_aside"):
            return not self.shows_settled
        if action == "take_up":
            return self.shows_settled
        return super().check_action(action, parameters)

    def action_take_up(self) -> None:
        """Put a settled code back into the list."""
        from stockshop.services import unknown_scans

        item = self.records.current
        if item is None:
            raise InvalidInput(tr("There is no code to do that with."))
        shop, actor, code = self.shop, self.actor, cast(DoneItem, item).value

        self.write(
            lambda: unknown_scans.take_up_again(shop, actor, code.scan_id),
            lambda _: self.told_by.say(tr("{code} is open again.", code=code.code)),
            doing="taking up a scan again",
        )
