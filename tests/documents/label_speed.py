"""How fast labels are made, beside ReportLab's own EAN-13 widget on the same sheet."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from stockshop.barcodes.gtin import check_digit
from stockshop.documents.labels import ShelfLabel, write_labels
from stockshop.documents.sheets import LabelSheet, find_sheet


@dataclass(frozen=True, slots=True)
class LabelSpeed:
    """Labels a second of CPU time, and what one label adds to the file."""

    ours_per_second: float
    full_per_second: float
    """Whole shelf labels: name, price, unit price, SKU and symbol."""
    theirs_per_second: float
    bytes_per_label: float

    @property
    def ratio(self) -> float:
        """Our symbols against theirs; the aim is 12."""
        return self.ours_per_second / self.theirs_per_second


def three_by_eight() -> LabelSheet:
    """The sheet of 24 on which the comparison is made."""
    return find_sheet("Zweckform 3474")


def random_codes(count: int) -> list[str]:
    """Valid EAN-13 numbers, always the same."""
    chance = random.Random(13)
    bodies = (f"{chance.randrange(10**12):012}" for _ in range(count))
    return [f"{body}{check_digit(body)}" for body in bodies]


def ours(codes: list[str], path: Path) -> float:
    """Seconds for labels of nothing but the symbol and its digits."""
    labels = [ShelfLabel("", "", code) for code in codes]
    return _timed(lambda: write_labels(path, labels, three_by_eight()))


def full(codes: list[str], path: Path) -> float:
    """Seconds for whole shelf labels."""
    chance = random.Random(5)
    labels = [
        ShelfLabel(f"Product {number:05} with a name 500 g", f"SKU-{number:05}", code,
                   chance.randrange(10, 10_000), "EUR", "de_DE", "each", 500_000, "g")
        for number, code in enumerate(codes)
    ]  # fmt: skip
    return _timed(lambda: write_labels(path, labels, three_by_eight()))


def theirs(codes: list[str], path: Path) -> float:
    """Seconds for ReportLab's widget, placed on the same cells."""
    return _timed(lambda: _widgets(codes, path))


def _widgets(codes: list[str], path: Path) -> None:
    from reportlab.graphics import renderPDF
    from reportlab.graphics.barcode.eanbc import Ean13BarcodeWidget
    from reportlab.graphics.shapes import Drawing
    from reportlab.pdfgen.canvas import Canvas

    sheet = three_by_eight()
    canvas = Canvas(str(path), pagesize=(sheet.page_w_pt, sheet.page_h_pt), pageCompression=1)
    for number, code in enumerate(codes):
        cell = number % sheet.capacity
        if number and not cell:
            canvas.showPage()
        x, y = sheet.cells[cell]
        drawing = Drawing()
        drawing.add(Ean13BarcodeWidget(code))
        renderPDF.draw(drawing, canvas, x + 10, sheet.page_h_pt - y - sheet.label_h_pt + 10)
    canvas.save()


def _timed(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


def compare(folder: Path, *, count: int = 10_000, theirs_count: int = 1_000, rounds: int = 3) -> LabelSpeed:
    """The medians of several rounds, each kind measured in turn in each round."""
    codes = random_codes(count)
    mine, whole, other = [], [], []
    ours(codes[:48], folder / "warm.pdf")
    theirs(codes[:48], folder / "warm.pdf")
    for _ in range(rounds):
        mine.append(count / ours(codes, folder / "ours.pdf"))
        whole.append(count / full(codes, folder / "full.pdf"))
        other.append(theirs_count / theirs(codes[:theirs_count], folder / "theirs.pdf"))
    middle = rounds // 2
    size = (folder / "ours.pdf").stat().st_size / count
    return LabelSpeed(sorted(mine)[middle], sorted(whole)[middle], sorted(other)[middle], size)
