"""What keys are called on the keyboards of those who read it."""

from __future__ import annotations

from stockshop.language import mark, tr

NAMES = {
    "ctrl": mark("Ctrl"),
    "alt": mark("Alt"),
    "shift": mark("Shift"),
    "escape": mark("Esc"),
    "enter": mark("Enter"),
    "tab": mark("Tab"),
    "space": mark("Space"),
    "backspace": mark("Backspace"),
    "delete": mark("Del"),
    "insert": mark("Ins"),
    "home": mark("Home"),
    "end": mark("End"),
    "pageup": mark("PgUp"),
    "pagedown": mark("PgDn"),
}
_SIGNS = {
    "up": "↑", "down": "↓", "left": "←", "right": "→",
    "question_mark": "?", "plus": "+", "minus": "-", "slash": "/", "full_stop": ".", "comma": ",",
}  # fmt: skip


def key_name(key: str) -> str:
    """`F2`, `Ctrl+Z`, `?`: as it stands on the keys."""
    parts = [part for part in key.strip().split("+") if part]
    return "+".join(_part(part, alone=len(parts) == 1) for part in parts)


def _part(part: str, *, alone: bool) -> str:
    if part in NAMES:
        return tr(NAMES[part])
    if part in _SIGNS:
        return _SIGNS[part]
    return part if alone and len(part) == 1 else part.title()
