"""Moving stock out of the bin that is looked at: scan or choose what goes, then the bin it goes to."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual.binding import Binding, BindingType
from textual.widgets import Static

from stockshop.errors import InvalidInput, Refused, ShopError
from stockshop.ids import new_id
from stockshop.language import mark, tr, trn
from stockshop.ui.labels.paper_screen import PaperScreen
from stockshop.ui.messages import CodeScanned
from stockshop.ui.places.pane import PlacePane
from stockshop.ui.places.transfer import Transfer
from stockshop.ui.safe import plain
from stockshop.ui.screens.dialogs import Answered, Ask, Choice, Chosen, Confirm, Confirmed
from stockshop.ui.screens.dialogs import Offer as ChoiceOffer

if TYPE_CHECKING:
    from stockshop.services.bins import BinRow
    from stockshop.services.locations import Place
    from stockshop.services.moving import Emptied
    from stockshop.services.scanning import Scan
    from stockshop.services.stock import PostedEntry
    from stockshop.services.suggesting import Offer


_ONLY_WHILE_MOVING = ("take_all",)
_RESTING_WHILE_MOVING = (
    "add", "edit", "archive", "walk", "renumber", "labels", "count_sheet", "show_archived", "undo",
)  # fmt: skip


class _Read(NamedTuple):
    """What became of a code."""

    scan: Scan
    rows: tuple[BinRow, ...] = ()
    """While moving: where it lies in the bin that it comes from."""
    offers: tuple[Offer, ...] = ()
    """Products that may be meant by what was typed."""


class MovingOut(PaperScreen):
    """The part of the bins' screen that moves stock. Subclasses say which bin is looked at."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+o", "move", mark("Move"), id="bins.move",
                tooltip=mark("Move stock out of this bin: scan or choose it, then scan the bin it goes to")),
        Binding("ctrl+a", "take_all", mark("All"), id="bins.take-all",
                tooltip=mark("While moving: every line that is listed")),
        Binding("ctrl+z", "undo", mark("Undo move"), show=False, id="bins.undo",
                tooltip=mark("Take the last move that was made here back, then the one before")),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.transfer: Transfer | None = None
        """What is on its way; None: nothing is being moved."""
        self._undoable: list[tuple[int, str]] = []
        self._codes: deque[tuple[str, bool]] = deque()
        self._is_reading = False

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While moving, the keys that change places rest; the one for everything has nothing else to do."""
        is_moving = self.transfer is not None
        if action in (_RESTING_WHILE_MOVING if is_moving else _ONLY_WHILE_MOVING):
            return False
        return super().check_action(action, parameters)

    # -- what the screen answers -------------------------------------------------------------------

    @property
    def pane(self) -> PlacePane:
        """The pane beside the tree."""
        return self.query_one(PlacePane)

    def bin_here(self) -> Place | None:
        """The bin that is looked at."""
        raise NotImplementedError

    def show_here(self) -> None:
        """Show the place under the cursor of the tree again."""
        raise NotImplementedError

    # -- scans, each in its turn ---------------------------------------------------------------------

    def on_code_scanned(self, message: CodeScanned) -> None:
        """Read what was scanned, with the `12*` before it."""
        message.stop()
        # Else the handler of every screen would read it again.
        message.prevent_default()
        code = f"{message.multiplier}*{message.code}" if message.multiplier else message.code
        self.read_code(code, typed=message.typed)

    def read_code(self, code: str, *, typed: bool = False) -> None:
        """Read it after those before it: what is scanned while moving must not be overtaken."""
        self._codes.append((code, typed))
        if not self._is_reading:
            self._read_next()

    def _read_next(self) -> None:
        from stockshop.services import bins, suggesting
        from stockshop.services.scanning import read_scan

        if not self._codes:
            self._is_reading = False
            return
        self._is_reading = True
        code, typed = self._codes.popleft()
        shop, transfer = self.shop, self.transfer

        def read() -> _Read | ShopError:
            try:
                scan = read_scan(shop, code)
                if typed and scan.product is None and scan.place is None:
                    return _Read(scan, offers=suggesting.suggest(shop, scan.code))
                if transfer is None or scan.product is None:
                    return _Read(scan)
                return _Read(scan, bins.held_in(shop, transfer.origin.id, scan.product.id))
            except ShopError as error:
                return error

        def shown(found: _Read | ShopError) -> None:
            if isinstance(found, ShopError):
                self.told_by.show_error(found, tr("reading the scan"))
            elif found.offers:
                self._choose_product(code, found)
            elif transfer is not None and self.transfer is transfer and found.scan.product is not None:
                self._take_scanned(transfer, found.scan, found.rows)
            else:
                self._code_read(found.scan, typed)
            self._read_next()

        self.look(read, shown, group="scan", doing=tr("reading the scan"))

    def _choose_product(self, typed: str, found: _Read) -> None:
        """Words that are part of names: which product is meant?"""
        times = typed.rpartition("*")[0] if found.scan.multiplied else ""

        def chosen(answer: Chosen | None) -> None:
            if answer is not None:
                self.read_code(f"{times}*{answer.key}" if times else answer.key)

        words = self.words
        offers = [
            ChoiceOffer(offer.sku, offer.name, tr("{quantity} on hand",
                        quantity=words.quantity(offer.on_hand_milli, offer.unit)))
            for offer in found.offers
        ]  # fmt: skip
        self.app.push_screen(Choice(tr("Which product is meant?"), offers, title=found.scan.code), chosen)

    def _take_scanned(self, transfer: Transfer, scan: Scan, rows: tuple[BinRow, ...]) -> None:
        product = scan.product
        assert product is not None
        if scan.lot:
            rows = tuple(row for row in rows if row.line.lot == scan.lot)
        words = self.words
        goods = tr("{quantity} {product}", quantity=words.quantity(scan.quantity_milli, product.unit),
                   product=product.name)  # fmt: skip
        left_milli = transfer.add(rows, scan.quantity_milli)
        if left_milli == 0:
            self.note_scan(tr("{goods} to be moved", goods=goods))
        elif left_milli == scan.quantity_milli:
            self.app.bell()
            said = tr(
                "{bin} has no more {product} by the books", bin=transfer.origin.code, product=product.name
            )
            self.note_scan(said, good=False)
            self.told_by.say(
                tr("{said}; if you see some there, count the bin first.", said=said), severity="warning"
            )
        else:
            self.app.bell()
            self.note_scan(
                tr("Only {quantity} of that lie in {bin} by the books",
                   quantity=words.quantity(scan.quantity_milli - left_milli, product.unit),
                   bin=transfer.origin.code),
                good=False,
            )  # fmt: skip
        self._show_transfer()

    # -- beginning, choosing, leaving ------------------------------------------------------------------

    def action_move(self) -> None:
        """Begin to move out of the bin that is looked at; again: leave it."""
        if self.transfer is not None:
            self.leave_moving()
            return
        place = self.bin_here()
        if place is None:
            raise InvalidInput(tr("Go to the bin that stock is moved out of first."))
        self.transfer = Transfer(place)
        self.show_here()
        self.pane.set_moving(True)
        self._show_transfer()
        self.pane.records.focus()

    def leave_moving(self) -> None:
        """Nothing is moved any more; what was chosen stays where it is."""
        self.transfer = None
        self._show_transfer()
        self.pane.set_moving(False)
        self.show_here()

    def _show_transfer(self) -> None:
        self.refresh_bindings()
        bar = self.query_one("#moving", Static)
        bar.display = self.transfer is not None
        if self.transfer is not None:
            bar.update(plain(self.transfer.sentence(self.words)))
        self.pane.records.refresh()

    def moved_of(self, row: BinRow) -> int:
        """Thousandths of a line of the bin that are on their way."""
        return self.transfer.of(row) if self.transfer is not None else 0

    def action_take_all(self) -> None:
        """Every line that is listed goes, or none of them when all go already."""
        transfer = self.transfer
        if transfer is None or self.pane.view != "bin":
            self.app.bell()
            return
        records = self.pane.records
        rows = [row for row in map(records.row_at, range(records.count)) if row is not None]
        rows = [row for row in rows if row.line.quantity_milli > 0]
        all_go = all(transfer.of(row) == row.line.quantity_milli for row in rows)
        for row in rows:
            transfer.put(row, 0 if all_go else row.line.quantity_milli)
        self._show_transfer()

    def take_line(self) -> None:
        """The whole line under the cursor goes, or nothing of it."""
        row, transfer = self.pane.records.current, self.transfer
        if row is None or transfer is None or self.pane.view != "bin":
            self.app.bell()
            return
        if row.line.quantity_milli <= 0:
            raise InvalidInput(tr("{product} is below zero here; count it first.", product=row.line.name))
        transfer.put(row, 0 if transfer.of(row) else row.line.quantity_milli)
        self._show_transfer()
        self.pane.records.action_step(1)

    def ask_quantity(self, row: BinRow) -> None:
        """How much of a line goes."""
        held = self.words.quantity(row.line.quantity_milli, row.line.unit)

        def answered(answer: Answered | None) -> None:
            if answer is not None and self.transfer is not None:
                self.transfer.put(row, _part_of(answer.text, row))
                self._show_transfer()

        self.app.push_screen(
            Ask(
                tr("How many of {product} go? {held} lie here.", product=row.line.name, held=held),
                title=tr("Moving out of {bin}", bin=self.transfer.origin.code if self.transfer else ""),
                required=tr("Type a number; 0 leaves it here."),
                limit=12,
            ),
            answered,
        )

    # -- arriving ----------------------------------------------------------------------------------

    def move_to(self, target: Place) -> None:
        """Everything that was chosen goes to this bin; with nothing chosen, all there is, when confirmed."""
        transfer = self.transfer
        if transfer is None:
            return
        origin = transfer.origin
        if target.kind != "bin":
            raise InvalidInput(tr("{place} holds no stock itself; choose a bin in it.", place=target.code))
        if target.id == origin.id:
            raise InvalidInput(tr("It comes from {bin}; scan the bin it goes to.", bin=origin.code))
        if len(transfer):
            self._post(transfer, target)
            return

        def answered(answer: Confirmed | None) -> None:
            if answer is not None:
                self._empty(origin, target)

        question = Confirm(
            tr("Everything that lies in {bin} by the books goes to {target}.", bin=origin.code,
               target=target.code),
            title=tr("Move everything?"),
            yes=tr("Move everything"),
        )  # fmt: skip
        self.app.push_screen(question, answered)

    def _post(self, transfer: Transfer, target: Place) -> None:
        from stockshop.services import stock

        shop, actor, own_id = self.shop, self.actor, new_id()
        lines = [
            stock.LineRequest(
                row.line.sku, milli, transfer.origin.code, target.code, lot=row.line.lot,
                product_id=row.line.product_id,
            )
            for row, milli in transfer.lines()
        ]  # fmt: skip
        words = tr("moved {goods} to {bin}", goods=transfer.goods(self.words), bin=target.code)

        def posted(entry: PostedEntry) -> None:
            self._arrived(transfer, entry.entry_id, words)

        self.write(
            lambda: stock.post_entry(shop, actor, "move", lines, client_id=own_id),
            posted,
            doing=tr("moving stock"),
        )

    def _empty(self, origin: Place, target: Place) -> None:
        from stockshop.services import moving

        shop, actor, own_id, transfer = self.shop, self.actor, new_id(), self.transfer

        def done(emptied: Emptied) -> None:
            words = trn(
                "moved {count} line from {bin} to {target}", "moved {count} lines from {bin} to {target}",
                emptied.lines, bin=origin.code, target=target.code,
                count=self.words.whole(emptied.lines),
            )  # fmt: skip
            self._arrived(transfer, emptied.entry_id, words)
            if emptied.below_zero:
                self.told_by.say(
                    trn("{count} line below zero stays in {bin}: count it.",
                        "{count} lines below zero stay in {bin}: count them.", emptied.below_zero,
                        bin=origin.code), severity="warning",
                )  # fmt: skip
            if emptied.left:
                self.told_by.say(tr("That was as much as one entry holds; move the rest the same way."))

        self.write(
            lambda: moving.empty_bin(shop, actor, origin.code, target.code, client_id=own_id), done,
            doing=tr("moving stock"),
        )  # fmt: skip

    def _arrived(self, transfer: Transfer | None, entry_id: int, words: str) -> None:
        self._undoable.append((entry_id, words))
        self.note_scan(words)
        self.told_by.say(tr("{done}. Ctrl+Z takes it back.", done=_capital(words)))
        if self.is_attached and self.transfer is transfer:
            self.leave_moving()

    def action_undo(self) -> None:
        """Take the last move back by a counter-entry."""
        if not self._undoable:
            raise InvalidInput(tr("Nothing has been moved here that could be taken back."))
        from stockshop.services import stock

        shop, actor = self.shop, self.actor
        entry_id, words = self._undoable[-1]
        why = tr("taken back at the bins")
        own_id = new_id()

        def undone(_: PostedEntry) -> None:
            if self._undoable and self._undoable[-1][0] == entry_id:
                self._undoable.pop()
            said = tr("Taken back: {done}", done=words)
            self.note_scan(said)
            self.told_by.say(said)

        def refused(error: ShopError) -> None:
            if isinstance(error, Refused):
                # What cannot be taken back does not stand in the way of what was done before it.
                self._undoable = [one for one in self._undoable if one[0] != entry_id]
            self.told_by.show_error(error, tr("taking a move back"))

        self.write(
            lambda: stock.reverse_entry(shop, actor, entry_id, why, client_id=own_id),
            undone, doing=tr("taking a move back"), refused=refused,
        )  # fmt: skip


def _part_of(typed: str, row: BinRow) -> int:
    """A typed quantity in thousandths. Raises InvalidInput for one that the line cannot give."""
    from stockshop.quantity import check_decimals, parse_quantity

    milli = parse_quantity(typed.replace(",", "."), mark=".")
    check_decimals(milli, row.line.unit)
    if not 0 <= milli <= row.line.quantity_milli:
        raise InvalidInput(
            tr("More than the books know of cannot go; count the bin first."), field="quantity"
        )
    return milli


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
