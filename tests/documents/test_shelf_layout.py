"""On labels of every size of the library, everything stays inside and nothing touches anything."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from stockshop.documents.fonts import FontBook
from stockshop.documents.labels import LabelMaker, ShelfLabel
from stockshop.documents.sheets import MM, SLIGHT_OVERRUN_PT, LabelSheet, all_sheets
from stockshop.documents.shelf_layout import Layout
from stockshop.documents.typesetting import CAP_HEIGHT, width_of
from stockshop.errors import Refused

LABELS = (
    ShelfLabel("Olive oil extra virgin Kalamata in a dark bottle 500 ml", "OIL-500", "4006381333931",
               349, "EUR", "de_DE", "each", 500_000, "ml", "incl. VAT"),
    ShelfLabel("Milk", "M", "96385074", 129_999, "USD", "en_US"),
    ShelfLabel("Σοκολάτα γάλακτος με αμύγδαλα", "S-1", "SHOP-000123",
               250, "GBP", "en_GB", "each", 100_000, "g"),
    ShelfLabel("Screws", "4x40", "https://example.com/01/04006381333931", 1_250_000, "JPY", "ja_JP"),
    ShelfLabel("Gouda", "K-77", "2000001000007", 1290, "CHF", "de_CH", "kg"),
    ShelfLabel("Handmade bowl", "B-1", "", 4500, "SEK", "sv_SE"),
)  # fmt: skip


@dataclass(frozen=True)
class Ink:
    what: str
    left: float
    low: float
    right: float
    high: float

    def touches(self, other: Ink) -> bool:
        """Whether they overlap by more than a twentieth of a dot."""
        apart = self.right - 0.05 <= other.left or other.right - 0.05 <= self.left
        return not (apart or self.high - 0.05 <= other.low or other.high - 0.05 <= self.low)


def ink_of(layout: Layout, book: FontBook) -> list[Ink]:
    """What is printed where, in dots from the label's lower left corner."""
    found = [
        Ink(
            piece.line,
            piece.x,
            piece.y - (0.16 * piece.size if "," in piece.line else 0),
            piece.x + width_of(piece.line, piece.size, book, piece.weight),
            piece.y + CAP_HEIGHT * piece.size,
        )
        for piece in layout.pieces
    ]
    sized = layout.symbol
    if sized is not None:
        found.append(
            Ink(
                "symbol with its quiet zones",
                layout.symbol_x,
                layout.symbol_y,
                layout.symbol_x + sized.width,
                layout.symbol_y + sized.height,
            )
        )
    return found


def sizes_of_the_library() -> list[LabelSheet]:
    seen: dict[tuple[int, int, str], LabelSheet] = {}
    for sheet in all_sheets():
        if sheet.overrun_pt <= SLIGHT_OVERRUN_PT:
            seen.setdefault((round(sheet.label_w_pt), round(sheet.label_h_pt), sheet.shape), sheet)
    return list(seen.values())


@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_nothing_touches_and_nothing_leaves_the_label(dpi: int) -> None:
    book = FontBook([])
    printed = refused = 0
    for sheet in sizes_of_the_library():
        maker = LabelMaker(sheet, dpi=dpi, book=book)
        wide, high = (int(side * dpi * (203.2 / 203 if dpi == 203 else 1) / 72) for side in
                      (sheet.usable.w_pt, sheet.usable.h_pt))  # fmt: skip
        for label in LABELS:
            try:
                layout, turned, _ = maker.place(label)
            except Refused:
                refused += 1
                continue
            printed += 1
            w, h = (high, wide) if turned else (wide, high)
            found = ink_of(layout, book)
            for index, ink in enumerate(found):
                inside = ink.left >= 0 and ink.low >= 0 and ink.right <= w and ink.high <= h
                assert inside, (sheet.name, sheet.size_mm, label.name, ink)
                for other in found[:index]:
                    assert not ink.touches(other), (sheet.name, sheet.size_mm, label.name, ink, other)
    assert printed > 5 * refused > 0


def test_the_price_is_the_largest_text_wherever_there_is_room() -> None:
    book = FontBook([])
    for sheet in sizes_of_the_library():
        if sheet.label_h_pt < 20 * MM or sheet.label_w_pt < 35 * MM or sheet.shape != "rectangle":
            continue
        layout, _, _ = LabelMaker(sheet, dpi=300, book=book).place(LABELS[0])
        price = max(piece.size for piece in layout.pieces if piece.line == "3,")
        others = [piece.size for piece in layout.pieces if piece.line not in ("3,", "49", "€")]
        assert price >= 1.4 * max(others), sheet.name
