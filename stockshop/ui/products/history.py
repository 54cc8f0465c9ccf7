"""Why is it 7? Every movement of a product with the balance it left, and what each belonged to."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets import Button, Static

from stockshop.ui.at_work import PageScreen
from stockshop.ui.counter.lines import QUIET, STRONG, Line, content, part
from stockshop.ui.products.moments import full_moment, short_moment
from stockshop.ui.products.sheet import signed
from stockshop.ui.safe import line, plain
from stockshop.ui.screens.dialogs import Answered, Ask, Confirmed, Question
from stockshop.ui.widgets.memory import InMemory, Item
from stockshop.ui.widgets.record_list import Column, RecordList
from stockshop.ui.wording import DONE, Wording

if TYPE_CHECKING:
    from stockshop.services.entries import EntryDetail
    from stockshop.services.reports import HistoryRow

PAGE = 400
_NEAR_END = 50
HistoryItem = Item["HistoryRow"]


def history_columns(words: Wording, unit: str) -> tuple[Column[HistoryItem], ...]:
    """When, what, how many, and what was left."""

    def change(item: HistoryItem) -> str:
        return signed(item.value.change_milli, unit, words)

    def tone(item: HistoryItem) -> str:
        return "good" if item.value.change_milli > 0 else "bad" if item.value.kind == "scrap" else ""

    return (
        Column("When", lambda item: short_moment(item.value.occurred_at_us, words), width=15,
               tone=lambda _: "quiet"),
        Column("What", lambda item: DONE.get(item.value.kind, item.value.kind), least=8,
               tone=lambda item: "warn" if item.value.kind in ("count", "reversal") else ""),
        Column("Change", change, width=8, align="right", tone=tone),
        Column("On hand", lambda item: words.number(item.value.balance_milli, unit), width=8, align="right",
               tone=lambda item: "bad" if item.value.balance_milli < 0 else ""),
        Column("From → to", lambda item: f"{item.value.from_place} → {item.value.to_place}", width=20,
               from_width=78),
        Column("Why", _why, weight=6, least=8, from_width=56),
        Column("Who", lambda item: item.value.actor, width=10, tone=lambda _: "quiet", from_width=90),
    )  # fmt: skip


def _why(item: HistoryItem) -> str:
    row = item.value
    lot = f"lot {row.lot}" if row.lot else ""
    return " · ".join(filter(None, (row.reference, row.note, lot)))


class HistoryScreen(PageScreen):
    """The ledger of one product, the newest first."""

    CSS_PATH: ClassVar[Path] = Path(__file__).parents[1] / "styles" / "lists.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open_entry", "Entry", id="history.entry", tooltip="All of this entry, and undo it"),
    ]
    AUTO_FOCUS = "#history"

    def __init__(self, product_id: int, name: str, unit: str) -> None:
        super().__init__()
        self._product_id, self._product_name, self._unit = product_id, name, unit
        self._rows: list[HistoryRow] = []
        self._is_whole = False
        self._counted_us: int | None = None

    def compose_body(self) -> Iterable[Widget]:
        """A sentence, and the movements."""
        yield Static("", id="history-head")
        yield RecordList(
            history_columns(self.words, self._unit), empty="Nothing has ever moved of it.", id="history"
        )

    def begin(self) -> None:
        """Read the newest movements."""
        self.look_again()

    def look_again(self) -> None:
        """Read anew as much as is there already."""
        from stockshop.services import counter, entries

        shop, product_id, many = self.shop, self._product_id, max(PAGE, len(self._rows))

        def read() -> tuple[list[HistoryRow], int | None]:
            rows = entries.product_history(shop, product_id, limit=many)
            return rows, counter.product_past(shop, product_id, 1).last_counted_us

        def show(found: tuple[list[HistoryRow], int | None]) -> None:
            rows, self._counted_us = found
            self._is_whole = len(rows) < many
            self._show(rows)

        self.look(read, show, group="history", doing="reading the history")

    def _show(self, rows: list[HistoryRow]) -> None:
        self._rows = rows
        records = self.query_one("#history", RecordList)
        records.set_source(InMemory(rows, lambda row: row.movement_id), keep_cursor=records.count > 0)
        self.query_one("#history-head", Static).update(self._sentence())

    def _sentence(self) -> Content:
        words, unit, rows = self.words, self._unit, self._rows
        if not rows:
            return plain(self._product_name)
        on_hand = rows[0].balance_milli
        said = f"{words.quantity(on_hand, unit)} on hand."
        since = [
            row for row in rows if self._counted_us is not None and row.recorded_at_us > self._counted_us
        ]
        since = [row for row in since if row.kind != "count"]
        if self._counted_us is None:
            said += " Never counted."
        elif len(since) == len(rows) and not self._is_whole:
            said += f" Counted {words.ago(self._counted_us)}."
        else:
            came = sum(row.change_milli for row in since if row.change_milli > 0)
            went = -sum(row.change_milli for row in since if row.change_milli < 0)
            told = [f"{words.quantity(came, unit)} came in"] if came else []
            told += [f"{words.quantity(went, unit)} went out"] if went else []
            said += f" Counted {words.ago(self._counted_us)}; since then "
            said += f"{' and '.join(told)}." if told else "nothing moved."
        return Content.assemble((line(self._product_name), "bold"), "\n", (line(said), "$shop-quiet"))

    def on_record_list_highlighted(self, event: RecordList.Highlighted) -> None:
        """Near the end more is read."""
        event.stop()
        if self._is_whole or event.index < len(self._rows) - _NEAR_END:
            return
        from stockshop.services import entries

        shop, product_id, rows = self.shop, self._product_id, self._rows
        last = rows[-1].movement_id

        def more(found: list[HistoryRow]) -> None:
            if self._rows is rows:
                self._is_whole = len(found) < PAGE
                self._show([*rows, *found])

        self.look(
            lambda: entries.product_history(shop, product_id, limit=PAGE, before_id=last),
            more,
            group="history",
            doing="reading the history",
        )

    def on_record_list_chosen(self, event: RecordList.Chosen) -> None:
        """Open the entry."""
        event.stop()
        self.action_open_entry()

    def action_open_entry(self) -> None:
        """All lines of the entry under the cursor."""
        from stockshop.services import entries

        item = self.query_one("#history", RecordList).current
        if item is not None:
            shop, entry_id = self.shop, item.value.entry_id
            self.look(
                lambda: entries.entry(shop, entry_id), self._open, group="entry", doing="reading the entry"
            )

    def _open(self, detail: EntryDetail) -> None:
        def answered(answer: Confirmed | None) -> None:
            if answer is not None:
                self._ask_why(detail.entry_id)

        self.app.push_screen(EntryDialog(detail, self.words), answered)

    def _ask_why(self, entry_id: int) -> None:
        from stockshop.services import stock

        shop, actor = self.shop, self.actor

        def answered(answer: Answered | None) -> None:
            if answer is None:
                return
            reason = answer.text
            self.write(
                lambda: stock.reverse_entry(shop, actor, entry_id, reason),
                lambda posted: self.told_by.say(f"Entry {entry_id} is undone by entry {posted.entry_id}."),
                doing="undoing an entry",
            )

        question = Ask(
            f"Entry {entry_id} stays in the books, and a new one takes everything back.",
            title="Why is it undone?",
            placeholder="booked twice, wrong product …",
            required="Say why it is undone; the reason is kept.",
        )
        self.app.push_screen(question, answered)


class _EntryLines(Widget):
    DEFAULT_CSS = "_EntryLines { height: auto; }"

    def __init__(self, detail: EntryDetail, words: Wording) -> None:
        super().__init__()
        self._detail, self._words = detail, words

    def _rows(self, width: int) -> list[Line]:
        detail, words = self._detail, self._words
        facts = [
            ("happened", full_moment(detail.occurred_at_us, words)),
            ("recorded", f"{full_moment(detail.recorded_at_us, words)} by {detail.actor}"),
            ("reference", detail.reference),
            ("note", detail.note),
            ("undoes", f"entry {detail.reverses_id}" if detail.reverses_id else ""),
            ("undone by", f"entry {detail.reversed_by_id}" if detail.reversed_by_id else ""),
        ]
        rows: list[Line] = [
            [part(title, 11, QUIET), part(text, max(0, width - 11))] for title, text in facts if text
        ]
        rows.append([])
        for moved in detail.lines:
            lot = f" · lot {moved.lot}" if moved.lot else ""
            known = f" · {moved.sku} · worth {words.cost(moved.value_e4)}"
            rows.append(
                [
                    part(words.quantity(moved.quantity_milli, moved.unit), 10, STRONG, "right"),
                    ("  ", ""),
                    part(moved.name, max(0, width - 12)),
                ]
            )
            way = f"{moved.from_place} → {moved.to_place}{lot}{known}"
            rows.append([part("", 12), part(way, max(0, width - 12), QUIET)])
        if len(detail.lines) < detail.total_lines:
            rows.append([part(f"… and {detail.total_lines - len(detail.lines)} more lines", width, QUIET)])
        return rows

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._rows(width))

    def render(self) -> Content:
        return content(self._rows(self.size.width), 10_000)


class EntryDialog(Question[Confirmed]):
    """One entry with its lines. Answers Confirmed when it is to be undone."""

    DEFAULT_CSS = """
    EntryDialog #question { width: 84; }
    EntryDialog #question-text { max-height: 60vh; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("u", "undo", "Undo", id="entry.undo", tooltip="Take this entry back by another one"),
        Binding("enter", "decline", "Close", show=False, id="entry.close", tooltip="Close"),
        Binding("down", "scroll(1)", "Down", show=False, id="entry.down", tooltip="Scroll down"),
        Binding("up", "scroll(-1)", "Up", show=False, id="entry.up", tooltip="Scroll up"),
    ]

    def __init__(self, detail: EntryDetail, words: Wording) -> None:
        super().__init__("", title=f"Entry {detail.entry_id}: {DONE.get(detail.kind, detail.kind)}")
        self._detail, self._words = detail, words

    def compose_answer(self) -> Iterable[Widget]:
        """The buttons; the lines stand where other questions have their text."""
        buttons = [Button(plain("Close (Esc)"), id="entry-close", compact=True)]
        if self._detail.is_reversible:
            buttons.append(Button(plain("Undo it (u)"), id="entry-undo", compact=True, variant="error"))
        yield Horizontal(*buttons, id="question-buttons")

    def on_mount(self) -> None:
        """Put the lines in, and begin on the safe button."""
        self.query_one("#question-text").mount(_EntryLines(self._detail, self._words))
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
            self.hint("✗ This entry cannot be undone: it undoes another one, or has been undone already.")
