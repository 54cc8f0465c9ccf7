"""PDF files in whole printer dots, written so that a file is either complete or not there at all.

Content is given as prepared operators in *dots* from the bottom left of the page: the printer's own
grid, on which bars must lie to be equally wide.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from stockshop.documents.fonts import REGULAR, FontBook
from stockshop.documents.typesetting import Pen
from stockshop.errors import InvalidInput, Stopped
from stockshop.files import replacing
from stockshop.language import tr

Progress = Callable[[int, int], None]
"""Called with what is done and how much there is in all."""
_HAIR_PT = 0.0004
"""Pages end this little short of a whole dot: a viewer that rounds the page's size up after a
multiplication in single precision would otherwise add a dot and stretch everything."""


def true_dpi(dpi: int) -> float:
    """Dots per inch as built: printers sold as 203 dpi have 8 dots a millimetre, which is 203.2.

    Raises InvalidInput outside 100 to 2400.
    """
    if not 100 <= dpi <= 2400:
        raise InvalidInput(
            tr("A printer has 100 to 2400 dots an inch, most often 203, 300 or 600."), field="dpi"
        )
    return 203.2 if dpi == 203 else float(dpi)


def number(value: float) -> str:
    """A length in dots as PDF text, to a tenth of a dot."""
    return f"{value:.1f}"


class PdfFile:
    """A PDF of equal pages, kept compressed in memory until it is saved.

    `page_w_pt` and `page_h_pt` are rounded to whole dots of the printer (at most half a dot, 0.06 mm).
    """

    def __init__(
        self,
        page_w_pt: float,
        page_h_pt: float,
        *,
        dpi: int,
        title: str,
        subject: str = "",
        author: str = "",
        book: FontBook,
    ) -> None:
        from io import BytesIO

        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfgen.canvas import Canvas

        exact = true_dpi(dpi)
        self.dots_per_pt = exact / 72
        self.w_dots = round(page_w_pt * self.dots_per_pt)
        self.h_dots = round(page_h_pt * self.dots_per_pt)
        size = (self.w_dots / self.dots_per_pt - _HAIR_PT, self.h_dots / self.dots_per_pt - _HAIR_PT)
        # A font of our own from the start: otherwise Helvetica, never embedded, gets in.
        initial = book.shipped(REGULAR)
        pdfmetrics.registerFont(initial.font)
        self._buffer = BytesIO()
        self._canvas: Any = Canvas(
            self._buffer, pagesize=size, invariant=1, pageCompression=1, initialFontName=initial.name
        )
        self._canvas.setTitle(title)
        self._canvas.setSubject(subject)
        self._canvas.setAuthor(author)
        self._canvas.setCreator("stockshop")
        self._canvas.setViewerPreference("PrintScaling", "None")
        self.pen = Pen(self._canvas, book)
        self.pages = 0

    def add_page(self, content: Sequence[str]) -> None:
        """A page of the given operators, in dots from the bottom left."""
        from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFName, PDFStream

        scale = f"{1 / self.dots_per_pt:.9f}"
        canvas = self._canvas
        canvas.addLiteral(f"q {scale} 0 0 {scale} 0 0 cm")
        canvas.addLiteral("\n".join(content))
        canvas.addLiteral("Q")
        canvas.showPage()
        page = canvas._doc.Pages.pages[-1]
        # Compressed at once: a thousand pages of bars need no more memory than their file.
        packed = zlib.compress(page.stream.encode("latin-1"), 6)
        page.Contents = PDFStream(PDFDictionary({"Filter": PDFName("FlateDecode")}), packed)
        page.stream = None
        self.pages += 1

    def save(self, path: Path | str) -> None:
        """Write the file, complete or not at all. Raises NotWritten."""
        self._canvas.save()
        with replacing(path) as file:
            file.write(self._buffer.getbuffer())


def check_not_stopped(should_stop: Callable[[], bool] | None) -> None:
    """Raise Stopped when the user asked to end the work."""
    if should_stop is not None and should_stop():
        raise Stopped(tr("Stopped as you asked; nothing was written."))
