"""One entry with everything about it, and its undoing by another one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets import Button

from stockshop.language import mark, tr, trn
from stockshop.quantity import MILLI
from stockshop.ui.at_work import WorkScreen
from stockshop.ui.counter.lines import QUIET, STRONG, WARN, Line, content, part, wrap
from stockshop.ui.movements.wording import done, duration, way
from stockshop.ui.products.moments import full_moment
from stockshop.ui.safe import plain
from stockshop.ui.screens.dialogs import Answered, Ask, Confirmed, Question
from stockshop.ui.wording import Wording

if TYPE_CHECKING:
    from stockshop.services.entries import EntryDetail, EntryLine

_LATE_US = 60 * 60 * 1_000_000


class EntryLines(Widget):
    """Everything about an entry, as high as it needs."""

    DEFAULT_CSS = "EntryLines { height: auto; }"

    def __init__(self, detail: EntryDetail, words: Wording) -> None:
        super().__init__()
        self._detail, self._words = detail, words

    def _facts(self) -> list[tuple[str, str, str]]:
        detail, words = self._detail, self._words
        recorded = tr("{time} by {who}", time=full_moment(detail.recorded_at_us, words), who=detail.actor)
        late_us = detail.recorded_at_us - detail.occurred_at_us
        late = (
            tr("recorded {time} after it happened", time=duration(late_us, words))
            if late_us > _LATE_US
            else ""
        )
        facts = [
            (tr("happened"), full_moment(detail.occurred_at_us, words), ""),
            (tr("recorded"), recorded, ""),
            ("", late, WARN),
            (tr("reference"), detail.reference, ""),
            (tr("note"), detail.note, ""),
            (tr("undoes"), _entry(detail.reverses_id), WARN),
            (tr("undone by"), _entry(detail.reversed_by_id), WARN),
        ]
        return [fact for fact in facts if fact[1]]

    def _rows(self, width: int) -> list[Line]:
        detail = self._detail
        facts = self._facts()
        gutter = min(18, max(len(title) for title, _, _ in facts) + 2)
        rows: list[Line] = []
        for title, text, style in facts:
            for number, piece in enumerate(wrap(text, max(10, width - gutter), 6)):
                rows.append(
                    [part("" if number else title, gutter, QUIET), part(piece, max(0, width - gutter), style)]
                )
        rows.append([])
        for moved in detail.lines:
            rows += self._moved(moved, width)
        rest = detail.total_lines - len(detail.lines)
        if rest > 0:
            rows.append(
                [part(trn("… and {count} more line", "… and {count} more lines", rest), width, QUIET)]
            )
        return rows

    def _moved(self, moved: EntryLine, width: int) -> list[Line]:
        words = self._words
        known = [way(moved.from_place, moved.to_place)]
        if moved.lot:
            known.append(tr("lot {lot}", lot=moved.lot))
        known.append(moved.sku)
        known.append(tr("worth {value}", value=words.cost(moved.value_e4)))
        if moved.quantity_milli and moved.value_e4 and moved.quantity_milli != MILLI:
            each_e4 = round(moved.value_e4 * MILLI / moved.quantity_milli)
            known.append(tr("cost {cost} a unit", cost=words.cost(each_e4)))
        if moved.price_minor is not None:
            known.append(tr("price {price}", price=words.price(moved.price_minor)))
        room = max(10, width - 12)
        return [
            [
                part(words.quantity(moved.quantity_milli, moved.unit), 10, STRONG, "right"),
                ("  ", ""),
                part(moved.name, room),
            ],
            *([part("", 12), part(row, room, QUIET)] for row in wrap(" · ".join(known), room, 3)),
        ]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as there is to say."""
        return len(self._rows(width))

    def render(self) -> Content:
        """The facts, then the lines."""
        return content(self._rows(self.size.width), 10_000)


def _entry(entry_id: int | None) -> str:
    return "" if entry_id is None else tr("entry {entry}", entry=entry_id)


class EntryDialog(Question[Confirmed]):
    """One entry with its lines. Answers Confirmed when it is to be undone."""

    DEFAULT_CSS = """
    EntryDialog #question { width: 84; }
    EntryDialog #question-text { max-height: 60vh; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u", "undo", mark("Undo"), id="entry.undo",
                tooltip=mark("Take this entry back by another one")),
        Binding("enter", "decline", mark("Close"), show=False, id="entry.close", tooltip=mark("Close")),
        Binding("down", "scroll(1)", mark("Down"), show=False, id="entry.down", tooltip=mark("Scroll down")),
        Binding("up", "scroll(-1)", mark("Up"), show=False, id="entry.up", tooltip=mark("Scroll up")),
        Binding("pagedown", "scroll(10)", mark("Page down"), show=False, id="entry.page-down",
                tooltip=mark("Scroll a page down")),
        Binding("pageup", "scroll(-10)", mark("Page up"), show=False, id="entry.page-up",
                tooltip=mark("Scroll a page up")),
    ]  # fmt: skip

    def __init__(self, detail: EntryDetail, words: Wording) -> None:
        title = tr("Entry {entry}: {kind}", entry=detail.entry_id, kind=done(detail.kind))
        super().__init__("", title=title)
        self._detail, self._words = detail, words

    def compose_answer(self) -> Iterable[Widget]:
        """The buttons; the lines stand where other questions have their text."""
        buttons = [Button(plain(tr("Close (Esc)")), id="entry-close", compact=True)]
        if self._detail.is_reversible:
            buttons.append(Button(plain(tr("Undo it (u)")), id="entry-undo", compact=True, variant="error"))
        yield Horizontal(*buttons, id="question-buttons")

    def on_mount(self) -> None:
        """Put the lines in, and begin on the safe button."""
        self.query_one("#question-text Static").display = False
        self.query_one("#question-text").mount(EntryLines(self._detail, self._words))
        self.query_one("#entry-close").focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Close, or undo."""
        event.stop()
        if event.button.id == "entry-undo":
            self.action_undo()
        else:
            self.action_decline()

    def action_scroll(self, by: int) -> None:
        """Scroll the lines."""
        self.query_one("#question-text").scroll_relative(y=by, animate=False)

    def action_undo(self) -> None:
        """Ask for it, when it can be."""
        if self._detail.is_reversible:
            self.dismiss(Confirmed())
        else:
            self.app.bell()
            self.hint(f"✗ {cannot_be_undone(self._detail)}")


def cannot_be_undone(detail: EntryDetail) -> str:
    """Why not."""
    if detail.reversed_by_id is not None:
        return tr("This entry cannot be undone: entry {entry} has undone it already.",
                  entry=detail.reversed_by_id)  # fmt: skip
    if detail.reverses_id is not None:
        return tr("This entry cannot be undone: it undoes entry {entry}. Post what is right anew instead.",
                  entry=detail.reverses_id)  # fmt: skip
    return tr("This entry cannot be undone: it has moved nothing.")


def open_entry(screen: WorkScreen, entry_id: int, *, undo: bool = False) -> None:
    """Show an entry over `screen`, and undo it when somebody says so and why; `undo` asks at once."""
    from stockshop.services import entries

    shop = screen.shop

    def show(detail: EntryDetail) -> None:
        if undo and detail.is_reversible:
            _ask_why(screen, detail)
            return

        def answered(answer: Confirmed | None) -> None:
            if answer is not None:
                _ask_why(screen, detail)

        screen.app.push_screen(EntryDialog(detail, screen.words), answered)

    screen.look(lambda: entries.entry(shop, entry_id), show, group="entry", doing=tr("reading the entry"))


def _ask_why(screen: WorkScreen, detail: EntryDetail) -> None:
    from stockshop.services import stock

    shop, actor, entry_id, words = screen.shop, screen.actor, detail.entry_id, screen.words

    def answered(answer: Answered | None) -> None:
        if answer is None:
            return
        reason = answer.text
        screen.write(
            lambda: stock.reverse_entry(shop, actor, entry_id, reason),
            lambda posted: screen.told_by.say(
                tr("Entry {entry} is undone by entry {other}.", entry=entry_id, other=posted.entry_id)
            ),
            doing=tr("undoing an entry"),
        )

    first = detail.lines[0]
    more = detail.total_lines - 1
    what = tr("{kind} {quantity} {product}", kind=done(detail.kind), product=first.name,
              quantity=words.quantity(first.quantity_milli, first.unit))  # fmt: skip
    if more:
        what = trn("{what} and {count} more line", "{what} and {count} more lines", more, what=what)
    question = Ask(
        tr("Entry {entry} stays in the books, and a new one takes everything back.", entry=entry_id)
        + f"\n{what}",
        title=tr("Why is it undone?"),
        placeholder=tr("booked twice, wrong product …"),
        required=tr("Say why it is undone; the reason is kept."),
    )
    screen.app.push_screen(question, answered)
