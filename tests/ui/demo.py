"""A small app on the real frame: a list of any length held in memory, scans shown as they come.

    python -m tests.ui.demo [ROWS] [--light] [--slow]

The terminal tests run it in a real pseudo-terminal; a person can run it to look.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input, Static

from stockshop.ui.base import Frame, ShopApp, ShopScreen
from stockshop.ui.messages import CodeScanned
from stockshop.ui.safe import plain
from stockshop.ui.scanning import ScanSettings
from stockshop.ui.widgets.frame import LastScan
from stockshop.ui.widgets.inputs import NumberInput
from stockshop.ui.widgets.record_list import RecordList
from stockshop.ui.widgets.record_pages import Cells, Column, Key

GOODS = (
    "Bolt [M6] zinc, hexagon, DIN 933 stainless A2 40 mm",
    "Wood glue 250 g",
    "蜂蜜 はちみつ 500 g glass",
    "50% [sale] [/] [@click=app.quit]lamp oil[/] 1 l",
    "Grüne Soße, Kräuter 🥬👩‍🚀 200 g",
    "Мёд липовый 350 г",
    "شاي أخضر 100 غ",
    "Tea \x1b]0;owned\x07\x9b2J\u202e green",
    "Rope, braided, polypropylene 8 mm",
)


class MadeUp:
    """Rows made by arithmetic: a store of any length that takes no memory."""

    def __init__(self, length: int, *, quick: bool = True, names: Sequence[str] = GOODS) -> None:
        self.length = length
        self.quick = quick
        self.names = names
        self.asked: list[str] = []

    def count(self) -> int:
        self.asked.append("count")
        return self.length

    def first_keys(self, every: int) -> Sequence[Key]:
        self.asked.append("keys")
        return range(0, self.length, every)

    def page_from(self, key: Key | None, limit: int) -> Sequence[Cells]:
        assert key is None or isinstance(key, int)
        self.asked.append(f"from {key}")
        return self._rows(key or 0, limit)

    def page_at(self, offset: int, limit: int) -> Sequence[Cells]:
        self.asked.append(f"at {offset}")
        return self._rows(offset, limit)

    def _rows(self, first: int, limit: int) -> list[Cells]:
        return [self.row(index) for index in range(first, min(first + limit, self.length))]

    def row(self, index: int) -> Cells:
        on_hand = index * 7 % 120 - 4
        return Cells(
            index,
            (
                f"SKU-{index:07}",
                self.names[index % len(self.names)],
                f"A-{index % 17:02}-{index % 5}",
                f"{on_hand:,}",
                f"{index * 37 % 9900 / 100:.2f}",
                "below zero" if on_hand < 0 else "low" if on_hand < 10 else "",
            ),
        )


def _tone(row: Cells) -> str:
    return {"below zero": "bad", "low": "warn"}.get(row.texts[5], "")


COLUMNS: tuple[Column[Cells], ...] = (
    Column("SKU", lambda row: row.texts[0], width=11, tone=lambda row: "quiet"),
    Column("Product", lambda row: row.texts[1], least=20, cut="middle"),
    Column("Bin", lambda row: row.texts[2], width=8, from_width=70),
    Column("On hand", lambda row: row.texts[3], width=8, align="right", tone=_tone),
    Column("Price", lambda row: row.texts[4], width=8, align="right"),
    Column("", lambda row: row.texts[5], width=10, tone=_tone, from_width=90),
)


class ListScreen(ShopScreen):
    """The list, three fields, and a line that repeats what was scanned."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "app.note('counter')", "Counter", id="demo.counter", tooltip="Sell and receive"),
        Binding("f3", "app.note('products')", "Products", id="demo.products", tooltip="All products"),
        Binding("f5", "app.note('low')", "Low", id="demo.low", tooltip="What runs low"),
        Binding("s", "app.note('sold')", "Sell", id="demo.sell", tooltip="Sell one"),
        Binding("ctrl+z", "app.note('undone')", "Undo scan", id="demo.undo", tooltip="Undo the last scan"),
    ]

    def __init__(self, source: MadeUp) -> None:
        super().__init__()
        self._source = source

    def compose_body(self) -> Iterable[Widget]:
        yield RecordList(COLUMNS, self._source, id="list")
        yield Horizontal(
            Input(placeholder="name", id="name"),
            NumberInput(placeholder="quantity", id="quantity"),
            NumberInput(placeholder="price", decimals=2, id="price"),
            id="fields",
        )
        yield Static("", id="heard")

    def on_code_scanned(self, message: CodeScanned) -> None:
        message.stop()
        demo = self.app
        assert isinstance(demo, DemoApp)
        demo.scans.append(message)
        shown = message.code.replace("\x1d", "<GS>")
        self.query_one("#heard", Static).update(
            plain(
                f"scan {len(demo.scans)}: [{shown}] times [{message.multiplier}] at [{message.focused_id}]"
                f" stutter [{message.stutter}] name [{self.query_one('#name', Input).value}]"
                f" quantity [{self.query_one('#quantity', Input).value}]"
                f" line [{self.query_one('#scan-line', Input).value}]"
            )
        )
        demo.show_in_frame(
            last_scan=LastScan(f"Wood glue 250 g · {shown}", good=not message.stutter, time="18:41")
        )


class DemoApp(ShopApp):
    """One screen with everything the frame has."""

    CSS = """
    #fields { height: 3; }
    #fields Input { width: 1fr; }
    #heard { height: 1; color: $text-muted; }
    """

    def __init__(
        self, source: MadeUp | None = None, *, look: str = "dark", settings: ScanSettings | None = None
    ) -> None:
        frame = Frame("Corner Hardware", "en", ("3 low", "1 below zero", "2 unknown scans"))
        super().__init__(look=look, frame=frame)
        self.source = source or MadeUp(1_000_000)
        self.scan_settings = settings or ScanSettings()
        self.scans: list[CodeScanned] = []
        self.notes: list[str] = []

    def get_default_screen(self) -> ListScreen:
        return ListScreen(self.source)

    def action_note(self, word: str) -> None:
        self.notes.append(word)

    @property
    def records(self) -> RecordList[Any]:
        return self.screen.query_one(RecordList)


if __name__ == "__main__":
    numbers = [word for word in sys.argv[1:] if word.isdigit()]
    DemoApp(
        MadeUp(int(numbers[0]) if numbers else 1_000_000, quick="--slow" not in sys.argv),
        look="light" if "--light" in sys.argv else "dark",
        settings=ScanSettings(gap_ms=int(numbers[1]) if len(numbers) > 1 else 60),
    ).run()
