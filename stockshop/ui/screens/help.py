"""Help: every key of the screen it was asked on, and how scanning works everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from stockshop.ui.counter.lines import wrap
from stockshop.ui.dialog import Dialog
from stockshop.ui.messages import CodeScanned
from stockshop.ui.safe import fit, line, plain

_KEYS_WIDTH = 16

SCANNING = (
    ("scan", "works wherever the cursor is; the field it landed in gets its text back"),
    ("12*", "typed before a scan means twelve of it; 1,5* one and a half"),
    ("a name", "typed with Enter lists what is called so"),
    ("a bin", "scanned while looking up shows what lies in it; else it says where from or to"),
)


def bindings_of(screen: Screen[Any]) -> list[tuple[str, str, str, bool]]:
    """(keys, label, tooltip, of the app) of every binding that works on the screen, without doubles."""
    rows: dict[tuple[str, bool], tuple[list[str], Binding]] = {}
    app = screen.app
    for active in screen.active_bindings.values():
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
        (_as_fit(keys), binding.description, binding.tooltip, of_app)
        for (_, of_app), (keys, binding) in rows.items()
    ]


def _as_fit(keys: list[str]) -> str:
    """As many ways to press it as fit in the column; the first always."""
    shown = keys[0]
    for key in keys[1:]:
        if len(f"{shown} or {key}") > _KEYS_WIDTH:
            break
        shown = f"{shown} or {key}"
    return shown


class HelpScreen(Dialog[None]):
    """A panel over the screen; Escape or F1 closes it."""

    DEFAULT_CSS = """
    HelpScreen { align: center middle; background: $background 60%; }
    HelpScreen #help {
        width: 84; max-width: 96%; height: auto; max-height: 92%; padding: 0 1; background: $surface;
        border: round $border; border-title-style: bold; border-subtitle-color: $shop-quiet;
    }
    HelpScreen VerticalScroll { height: auto; max-height: 100%; scrollbar-size-vertical: 1; }
    HelpScreen Static { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,q", "dismiss", "Close", id="help.close", tooltip="Back to the screen"),
    ]

    def __init__(self, of: Screen[Any]) -> None:
        super().__init__()
        self._of = of

    def compose(self) -> ComposeResult:
        """The keys in three groups."""
        rows = bindings_of(self._of)
        width = min(80, self.app.size.width * 96 // 100 - 5)
        with Vertical(id="help") as panel:
            panel.border_title = plain("Keys")
            panel.border_subtitle = plain("Esc closes")
            with VerticalScroll():
                yield Static(
                    Content("\n\n").join(
                        _group(title, group, width)
                        for title, group in (
                            ("On this screen", [row[:3] for row in rows if not row[3]]),
                            ("Everywhere", [row[:3] for row in rows if row[3]]),
                            ("Scanning", [(key, "", words) for key, words in SCANNING]),
                        )
                        if group
                    )
                )

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


def _group(title: str, rows: Iterable[tuple[str, ...]], width: int) -> Content:
    lines = [Content.assemble((title, "bold $shop-key"))]
    for keys, label, words in rows:
        said = f"{line(label)}: {line(words)}" if label and words else line(label or words)
        for number, part in enumerate(wrap(said, max(20, width - _KEYS_WIDTH - 4), 3)):
            shown = keys if not number else ""
            lines.append(Content.assemble((f"  {fit(shown, _KEYS_WIDTH)}  ", "bold"), part))
    return Content("\n").join(lines)
