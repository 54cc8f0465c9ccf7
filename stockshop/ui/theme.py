"""The two looks of the app: slate for the evening, paper for the bright shop.

Screens use theme variables only; what a colour says is always said by a word, a mark or a place too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.theme import Theme

if TYPE_CHECKING:
    from textual.app import App

DARK = Theme(
    name="shop-dark",
    dark=True,
    primary="#7fb4c9",
    secondary="#9aa8b8",
    accent="#e2b871",
    warning="#e2b871",
    error="#e8857f",
    success="#93c29a",
    foreground="#d9dee5",
    background="#15181d",
    surface="#1b1f26",
    panel="#242a33",
    variables={
        "block-cursor-background": "#2f4a57",
        "block-cursor-foreground": "#f2f6f8",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": "#262d36",
        "block-cursor-blurred-foreground": "#d9dee5",
        "border": "#7fb4c9",
        "border-blurred": "#333b46",
        "input-cursor-background": "#d9dee5",
        "input-cursor-foreground": "#15181d",
        "input-selection-background": "#7fb4c9 35%",
        "scrollbar": "#3a4450",
        "scrollbar-hover": "#4b5866",
        "scrollbar-active": "#7fb4c9",
        "scrollbar-background": "#15181d",
        "scrollbar-background-hover": "#15181d",
        "scrollbar-background-active": "#15181d",
        "scrollbar-corner-color": "#15181d",
        "shop-rule": "#333b46",
        "shop-key": "#7fb4c9",
        "shop-quiet": "#98a3b0",
    },
)

LIGHT = Theme(
    name="shop-light",
    dark=False,
    primary="#1c647f",
    secondary="#59646f",
    accent="#8a5a00",
    warning="#8a5a00",
    error="#a8251e",
    success="#23692c",
    foreground="#22272d",
    background="#f8f6f1",
    surface="#fffefb",
    panel="#ebe7de",
    variables={
        "block-cursor-background": "#1c647f",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": "#e3ded2",
        "block-cursor-blurred-foreground": "#22272d",
        "border": "#1c647f",
        "border-blurred": "#cfc8b9",
        "input-cursor-background": "#22272d",
        "input-cursor-foreground": "#f8f6f1",
        "input-selection-background": "#1c647f 25%",
        "scrollbar": "#c4bcaa",
        "scrollbar-hover": "#a89f8b",
        "scrollbar-active": "#1c647f",
        "scrollbar-background": "#f8f6f1",
        "scrollbar-background-hover": "#f8f6f1",
        "scrollbar-background-active": "#f8f6f1",
        "scrollbar-corner-color": "#f8f6f1",
        "text-warning": "#8a5a00",
        "text-error": "#a8251e",
        "text-success": "#23692c",
        "shop-rule": "#cfc8b9",
        "shop-key": "#1c647f",
        "shop-quiet": "#5f6872",
    },
)

DARK.variables.update(
    {"text-warning": DARK.warning or "", "text-error": DARK.error or "", "text-success": DARK.success or ""}
)
THEMES = {"dark": DARK.name, "light": LIGHT.name}
"""The setting's words and the names under which the themes are known to the app."""


def register(app: App[Any]) -> None:
    """Make both looks known to the app; `app.theme = THEMES["dark"]` chooses one."""
    app.register_theme(DARK)
    app.register_theme(LIGHT)
