"""Pages as a printer puts them on paper, in black or white dots, and what a scanner reads from them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
import zxingcpp

from stockshop.documents.pdf import true_dpi


def pages(path: Path, dpi: int) -> Iterator[Any]:
    """Each page as a Pillow image of black and white dots."""
    document = pypdfium2.PdfDocument(path)
    try:
        for number in range(len(document)):
            bitmap = document[number].render(scale=true_dpi(dpi) / 72, grayscale=True)
            yield bitmap.to_pil().point(lambda level: 255 if level >= 128 else 0)
    finally:
        document.close()


def read(image: Any) -> list[str]:
    """The texts of all symbols in an image, read from its own dots.

    Not from a third of them too: a module of four dots is then one and a third, and anything may be read.
    """
    return [found.text for found in zxingcpp.read_barcodes(image, try_downscale=False)]


def page_texts(path: Path) -> list[str]:
    """The text of each page, as a viewer would copy it."""
    document = pypdfium2.PdfDocument(path)
    try:
        return [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    finally:
        document.close()


def runs(image: Any, y: int) -> list[tuple[int, int]]:
    """Lengths of the runs of one row of dots, as (0 for black or 255 for white, length)."""
    row = image.crop((0, y, image.width, y + 1)).tobytes()
    found: list[tuple[int, int]] = []
    for level in row:
        if found and found[-1][0] == level:
            found[-1] = (level, found[-1][1] + 1)
        else:
            found.append((level, 1))
    return found
