"""Small charts out of block characters."""

from __future__ import annotations

_BARS = "▁▂▃▄▅▆▇█"


def sparkline(values: tuple[int, ...]) -> str:
    """One bar for each value, the highest full; what is below zero has none."""
    top = max(values)
    if top <= 0:
        return ""
    return "".join(_BARS[(max(0, value) * (len(_BARS) - 1) + top - 1) // top] for value in values)


def columns(values: tuple[int, ...], height: int, width: int = 3) -> list[str]:
    """The values as columns `height` lines high and `width` cells wide, one cell apart, the top line first.

    What is above zero is seen at least as the thinnest line; what is not has none.
    """
    top = max(values)
    steps = height * len(_BARS)
    sizes = [max(1, max(0, value) * steps // top) if value > 0 else 0 for value in values]
    rows = []
    for level in range(height - 1, -1, -1):
        cells = []
        for size in sizes:
            full = min(len(_BARS), max(0, size - level * len(_BARS)))
            cells.append((_BARS[full - 1] if full else " ") * width)
        rows.append(" ".join(cells))
    return rows
