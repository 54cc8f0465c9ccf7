"""Asked once, of somebody who opens the sample shop for the first time."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from stockshop.language import mark, tr
from stockshop.ui.base import shop_app
from stockshop.ui.dialog import Dialog
from stockshop.ui.messages import CodeScanned
from stockshop.ui.safe import plain
from stockshop.ui.topics import keys_for


class TourOffer(Dialog[bool]):
    """`True` when somebody wants the tour."""

    DEFAULT_CSS = """
    TourOffer { align: center middle; background: $background 60%; }
    TourOffer Vertical {
        width: 62; max-width: 94%; height: auto; padding: 1 2; background: $surface;
        border: round $border; border-title-style: bold;
    }
    TourOffer Static { height: auto; }
    TourOffer .keys { margin-top: 1; color: $shop-key; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t,enter", "answer(True)", mark("Take the tour"), id="tour.take",
                tooltip=mark("Ten jobs, one by one; leave it whenever you like")),
        Binding("escape", "answer(False)", mark("Later"), id="tour.later",
                tooltip=mark("Look round alone")),
    ]  # fmt: skip

    def compose(self) -> ComposeResult:
        """What it is, and how it is answered."""
        with Vertical() as box:
            box.border_title = plain(tr("New here?"))
            yield Static(
                plain(
                    tr(
                        "This is a sample shop: nothing in it is real. A tour leads through the ten "
                        "commonest jobs, in a few minutes; everything else goes on working meanwhile. "
                        "{tour} begins it later.",
                        **keys_for(shop_app(self.app).station.keys),
                    )
                )
            )
            yield Static(plain(tr("Take the tour: T     Later: Esc")), classes="keys")

    def action_answer(self, wanted: bool) -> None:
        """Take it, or not now."""
        self.dismiss(wanted)

    def on_code_scanned(self, message: CodeScanned) -> None:
        """Somebody scans already: not now."""
        message.stop()
        self.dismiss(False)
        self.app.post_message(message)
