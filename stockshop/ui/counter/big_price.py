"""A price in figures three lines high, to be read from the other side of the counter."""

from __future__ import annotations

from stockshop.ui.safe import line

# Each figure five dots high, row by row; two rows of dots share one line of the terminal.
_DOTS = {
    "0": ("###", "# #", "# #", "# #", "###"),
    "1": (" # ", "## ", " # ", " # ", "###"),
    "2": ("###", "  #", "###", "#  ", "###"),
    "3": ("###", "  #", " ##", "  #", "###"),
    "4": ("# #", "# #", "###", "  #", "  #"),
    "5": ("###", "#  ", "###", "  #", "###"),
    "6": ("###", "#  ", "###", "# #", "###"),
    "7": ("###", "  #", "  #", " # ", " # "),
    "8": ("###", "# #", "###", "# #", "###"),
    "9": ("###", "# #", "###", "  #", "###"),
    "-": ("   ", "   ", "###", "   ", "   "),
}
_HALVES = {"  ": " ", "# ": "▀", " #": "▄", "##": "█"}
_FIGURES = {
    char: tuple(
        "".join(
            _HALVES[upper + lower]
            for upper, lower in zip(rows[index], (*rows, "   ")[index + 1], strict=True)
        )
        for index in (0, 2, 4)
    )
    for char, rows in _DOTS.items()
}
HEIGHT = 3


def big(price: str) -> tuple[str, str, str]:
    """Three lines of equal width for a price as the locale writes it; currency and unit stay small."""
    shown = line(price).replace("\u2212", "-").replace("\u2011", "-")
    rows = ["", "", ""]
    before = ""
    for char in shown:
        figure = _FIGURES.get(char)
        if figure is None and char.isdecimal():
            # Digits of other scripts have the same values.
            figure = _FIGURES[str(int(char))]
        if figure is not None:
            gap = " " if before == "figure" else ""
            rows = [row + gap + part for row, part in zip(rows, figure, strict=True)]
            before = "figure"
        elif char in ".,٫" and before == "figure":
            mark = " ▀ " if char == "." else " ▞ "
            rows = [rows[0] + "   ", rows[1] + "   ", rows[2] + mark]
            before = "mark"
        else:
            pad = " " if before == "figure" and not char.isspace() else ""
            cells = _cells(char)
            rows = [rows[0] + pad + " " * cells, rows[1] + pad + " " * cells, rows[2] + pad + char]
            before = "small"
    return rows[0], rows[1], rows[2]


def _cells(char: str) -> int:
    from rich.cells import cell_len

    return cell_len(char)
