"""What to do in a new shop, and with which key."""

from __future__ import annotations

from stockshop.language import mark, tr

_STEPS = {
    "import": (
        ("F8", mark("choose your file; what it would do is shown before anything is changed")),
        ("F4", mark("name your zones and bins as they are")),
        ("F6", mark("print labels for the shelves")),
        ("F9", mark("tax, scale, scanner, look")),
        ("F1", mark("every key of a screen, whenever you ask")),
    ),
    "empty": (
        ("F2", mark("scan something: a code nobody knows is made into a product on the spot")),
        ("F3", mark("then Ctrl+N adds a product by hand")),
        ("F8", mark("bring in a list of products from a file")),
        ("F4", mark("name your zones and bins as they are")),
        ("F9", mark("tax, scale, scanner, look")),
        ("F1", mark("every key of a screen, whenever you ask")),
    ),
    "demo": (
        ("Alt+T", mark("a tour of the ten commonest jobs")),
        ("F2", mark("type 'bolt' and press Enter, or scan anything")),
        ("F5", mark("what runs low, and why")),
        ("F3", mark("all products; Enter opens one")),
        ("F1", mark("every key of a screen, whenever you ask")),
    ),
}


def next_steps(way: str) -> tuple[tuple[str, str], ...]:
    """(key, what it is for) by how the shop begins: import, empty or demo."""
    return tuple((key, tr(words)) for key, words in _STEPS[way])
