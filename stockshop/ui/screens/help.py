"""Help: the keys of the screen it was asked on, then how things are done; typing searches all of it.

The search goes through every key of every screen. They are gathered in a thread, because screens that
nobody has opened yet must be loaded for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, Static

from stockshop.language import mark, tr
from stockshop.ui import topics
from stockshop.ui.base import shop_app
from stockshop.ui.counter.lines import wrap
from stockshop.ui.dialog import Dialog
from stockshop.ui.key_names import key_name
from stockshop.ui.messages import CodeScanned
from stockshop.ui.safe import fit, line, plain

if TYPE_CHECKING:
    from stockshop.ui.keys import Key

_KEYS_WIDTH = 17


class Row(NamedTuple):
    """A line of the help: the ways to press it, what it is called, what it does. In the language spoken."""

    keys: tuple[str, ...]
    label: str
    words: str
    id: str = ""

    def matches(self, words: Sequence[str]) -> bool:
        """Whether every one of the words stands somewhere in it."""
        text = " ".join((*self.keys, self.label, self.words, self.id)).casefold()
        return all(word in text for word in words)


class Group(NamedTuple):
    """A heading and its lines."""

    title: str
    rows: tuple[Row, ...]


def bindings_of(screen: Screen[Any]) -> list[tuple[tuple[str, ...], str, str, bool]]:
    """(keys, label, tooltip, of the app) of every binding that works on the screen, without doubles.

    The screen's own keys come first: they say what is done here. Then those to move about in its widgets.
    """
    rows: dict[tuple[str, bool], tuple[list[str], Binding]] = {}
    app = screen.app
    # The widget with the focus stands before its screen in Textual's order.
    active_bindings = sorted(
        screen.active_bindings.values(),
        key=lambda active: (active.node is not screen, not active.binding.show),
    )
    for active in active_bindings:
        binding = active.binding
        # What widgets bring along themselves (cursor keys, selecting) everybody knows.
        if binding.id is None or not binding.description:
            continue
        key = (binding.action, active.node is app)
        keys, _ = rows.setdefault(key, ([], binding))
        shown = app.get_key_display(binding)
        if shown not in keys:
            keys.append(shown)
    return [
        (tuple(keys), tr(binding.description), tr(binding.tooltip), of_app)
        for (_, of_app), (keys, binding) in rows.items()
    ]


def _of_screen(screen: Screen[Any]) -> list[Group]:
    # Textual's own order begins with the key that leaves.
    rows = sorted(bindings_of(screen), key=lambda row: (row[3], row[0] == (key_name("ctrl+q"),)))
    here = tuple(Row(keys, label, words) for keys, label, words, of_app in rows if not of_app)
    everywhere = tuple(Row(keys, label, words) for keys, label, words, of_app in rows if of_app)
    return [Group(tr("On this screen"), here), Group(tr("Everywhere"), everywhere)]


class HelpScreen(Dialog[None]):
    """A panel over the screen; what is typed is searched for, Escape or F1 closes it."""

    DEFAULT_CSS = """
    HelpScreen { align: center middle; background: $background 60%; }
    HelpScreen #help {
        width: 92; max-width: 96%; height: auto; max-height: 92%; padding: 0 1; background: $surface;
        border: round $border; border-title-style: bold; border-subtitle-color: $shop-quiet;
    }
    HelpScreen #help-search { height: 1; border: none; padding: 0 1; background: $panel; }
    HelpScreen VerticalScroll { height: auto; max-height: 100%; margin-top: 1; scrollbar-size-vertical: 1; }
    HelpScreen Static { height: auto; }
    """
    AUTO_FOCUS = "#help-search"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1", "leave", mark("Close"), id="help.close",
                tooltip=mark("Clear the search; then back to the screen")),
        Binding("down", "scroll(1)", mark("Down"), show=False, id="help.down", tooltip=mark("Scroll down")),
        Binding("up", "scroll(-1)", mark("Up"), show=False, id="help.up", tooltip=mark("Scroll up")),
        Binding("pagedown", "page(1)", mark("Page down"), show=False, id="help.page-down",
                tooltip=mark("A page down")),
        Binding("pageup", "page(-1)", mark("Page up"), show=False, id="help.page-up",
                tooltip=mark("A page up")),
    ]  # fmt: skip

    def __init__(self, of: Screen[Any]) -> None:
        super().__init__()
        self._of = of
        self._own: list[Group] = []
        self._every: tuple[Key, ...] = ()
        """Every key of every screen, once they are gathered."""
        self._asked = ""

    def compose(self) -> ComposeResult:
        """The search, and what was found."""
        self._own = _of_screen(self._of)
        with Vertical(id="help") as panel:
            panel.border_title = plain(tr("Help"))
            panel.border_subtitle = plain(tr("type to search · Esc closes"))
            yield Input(placeholder=tr("search all keys and topics"), id="help-search", compact=True)
            with VerticalScroll(can_focus=False):
                yield Static(id="help-text")

    def on_mount(self) -> None:
        """Gather the keys of the other screens meanwhile."""
        self.run_worker(self._gather, thread=True, group="help", exit_on_error=False,
                        description=tr("reading the keys"))  # fmt: skip

    def _gather(self) -> None:
        from stockshop.ui.keys import all_keys

        every = all_keys()
        self.app.call_from_thread(self._gathered, every)

    def _gathered(self, every: tuple[Key, ...]) -> None:
        self._every = every
        if self._asked and self.is_attached:
            self._show()

    # -- what is found -----------------------------------------------------------------------------

    def _topics(self) -> list[Group]:
        wishes = shop_app(self.app).station.keys

        def rows(some: Iterable[topics.Topic]) -> tuple[Row, ...]:
            return tuple(Row((), tr(topic.title), topics.said(topic, wishes)) for topic in some)

        return [Group(tr("How do I …"), rows(topics.JOBS)), Group(tr("How it works"), rows(topics.TOPICS))]

    def _of_all_screens(self) -> list[Group]:
        from stockshop.ui.keys import ways

        wishes = shop_app(self.app).station.keys
        groups: dict[str, list[Row]] = {}
        for key in self._every:
            row = Row(tuple(ways(key.pressed(wishes))), tr(key.label), tr(key.tooltip), key.id)
            rows = groups.setdefault(tr(key.group), [])
            if row not in rows:
                rows.append(row)
        return [Group(title, tuple(rows)) for title, rows in groups.items()]

    def found(self) -> list[Group]:
        """What is shown now: this screen and the topics, or what matches in all there is."""
        words = self._asked.casefold().split()
        if not words:
            return [group for group in (*self._own, *self._topics()) if group.rows]
        found = []
        for group in (*self._topics(), *self._of_all_screens()):
            whole = all(word in group.title.casefold() for word in words)
            rows = tuple(row for row in group.rows if whole or row.matches(words))
            if rows:
                found.append(Group(group.title, rows))
        return found

    def _show(self) -> None:
        static = self.query_one("#help-text", Static)
        width = max(30, static.parent.size.width if isinstance(static.parent, VerticalScroll) else 0)
        groups = self.found()
        if groups:
            text = Content("\n\n").join(_group(group, width, with_ids=bool(self._asked)) for group in groups)
        elif self._every:
            text = plain(tr("Nothing is called so. Try a shorter word."))
        else:
            text = plain(tr("Looking through all screens …"))
        static.update(text)

    def on_resize(self, event: events.Resize) -> None:
        """Wrapped anew for the new width."""
        self.call_after_refresh(self._show)

    @on(Input.Changed, "#help-search")
    def _search(self, event: Input.Changed) -> None:
        event.stop()
        self._asked = event.value.strip()
        self._show()
        self.query_one(VerticalScroll).scroll_home(animate=False)

    # -- keys ----------------------------------------------------------------------------------------

    def action_leave(self) -> None:
        """Forget what is searched for; then close."""
        search = self.query_one("#help-search", Input)
        if search.value:
            search.value = ""
        else:
            self.dismiss(None)

    def action_scroll(self, by: int) -> None:
        """A line up or down."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)

    def action_page(self, by: int) -> None:
        """A page up or down."""
        scroll = self.query_one(VerticalScroll)
        scroll.scroll_relative(y=by * max(1, scroll.size.height - 2), animate=False)

    def on_code_scanned(self, message: CodeScanned) -> None:
        """Somebody goes on scanning: close, and let the screen below have it."""
        message.stop()
        below = self._of
        self.dismiss(None)
        below.post_message(
            CodeScanned(
                message.code, repeats=message.repeats, multiplier=message.multiplier, typed=message.typed,
                scan=message.scan,
            )
        )  # fmt: skip


def _group(group: Group, width: int, *, with_ids: bool) -> Content:
    lines = [Content.assemble((line(group.title), "bold $shop-key"))]
    for row in group.rows:
        lines += _topic(row, width) if not row.keys else _key(row, width, with_id=with_ids)
    return Content("\n").join(lines)


def _topic(row: Row, width: int) -> list[Content]:
    return [
        Content.assemble(("  " + line(row.label), "bold")),
        *(plain(f"    {part}") for part in wrap(line(row.words), max(20, width - 5), 12)),
    ]


def _key(row: Row, width: int, *, with_id: bool) -> list[Content]:
    """Every way to press it in the left column, what it does beside it."""
    column: list[str] = []
    alternatively = tr("or")
    for key in row.keys:
        if column and len(both := f"{column[-1]} {alternatively} {key}") <= _KEYS_WIDTH:
            column[-1] = both
        else:
            column.append(key)
    said = f"{line(row.label)}: {line(row.words)}" if row.words else line(row.label)
    parts = wrap(said, max(20, width - _KEYS_WIDTH - 5), 4)
    lines = []
    for number in range(max(len(column), len(parts))):
        keys = column[number] if number < len(column) else ""
        words = parts[number] if number < len(parts) else ""
        lines.append(Content.assemble((f"  {fit(keys, _KEYS_WIDTH)}  ", "bold"), words))
    if with_id and row.id:
        lines.append(Content.assemble((f"{' ' * (_KEYS_WIDTH + 4)}{row.id}", "$shop-quiet")))
    return lines
