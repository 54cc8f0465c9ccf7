"""Labels per second against ReportLab's own EAN-13 widget on the same sheet."""

from __future__ import annotations

from pathlib import Path

from stockshop.documents.labels import ShelfLabel, write_labels
from stockshop.documents.sheets import find_sheet
from tests.bench.figures import Figure, seconds, side_by_side
from tests.bench.shops import code

_SHEET = "Endisch 6405334x"
_WIDGETS = 600


def measure(folder: Path, labels: int, rounds: int) -> list[Figure]:
    """Vector, dot-aligned labels on a sheet of 3 x 8."""
    from reportlab.graphics import renderPDF
    from reportlab.graphics.barcode.eanbc import Ean13BarcodeWidget
    from reportlab.graphics.shapes import Drawing
    from reportlab.pdfgen.canvas import Canvas

    sheet = find_sheet(_SHEET)
    facts = [ShelfLabel(name=f"Bolt {number}", sku="", code=code(number)) for number in range(1, labels + 1)]
    out = folder / "labels.pdf"
    widgets = min(labels, _WIDGETS)

    def ours() -> float:
        return seconds(lambda: write_labels(out, facts, sheet)) / labels

    def theirs() -> float:
        def draw() -> None:
            canvas = Canvas(str(folder / "widgets.pdf"), pagesize=(sheet.page_w_pt, sheet.page_h_pt))
            for number in range(widgets):
                cell = number % sheet.capacity
                if number and not cell:
                    canvas.showPage()
                x, y = sheet.cells[cell]
                drawing = Drawing(sheet.label_w_pt, sheet.label_h_pt)
                drawing.add(Ean13BarcodeWidget(code(number + 1)))
                renderPDF.draw(drawing, canvas, x, sheet.page_h_pt - y)
            canvas.save()

        return seconds(draw) / widgets

    mine, widget = side_by_side(ours, theirs, rounds)
    size = out.stat().st_size / labels
    return [Figure("labels", labels, 1 / mine, 1 / widget, "labels/s", widget / mine, ">= 12",
                   f"{size:.0f} bytes a label in the file")]  # fmt: skip
