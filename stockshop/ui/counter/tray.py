"""The tray: codes nobody knew, to be put on a product, made into one, or dismissed when there is time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.widget import Widget

from stockshop.errors import InvalidInput
from stockshop.ui.counter.scanned import scan_now
from stockshop.ui.counter.views import Mode, ShowUnknown
from stockshop.ui.screens.dialogs import Question
from stockshop.ui.widgets.memory import InMemory, Item
from stockshop.ui.widgets.record_list import Column, RecordList
from stockshop.ui.wording import Wording

if TYPE_CHECKING:
    from stockshop.services.scanning import UnknownScan
    from stockshop.ui.counter.desk import Desk


@dataclass(frozen=True, slots=True)
class UnknownCode:
    """A code in the tray: its newest scan, and how often it came."""

    newest: UnknownScan
    times: int


def by_code(scans: Iterable[UnknownScan]) -> tuple[UnknownCode, ...]:
    """Each code once, in the order of its newest scan; `scans` come newest first."""
    newest: dict[str, UnknownScan] = {}
    times: dict[str, int] = {}
    for scan in scans:
        newest.setdefault(scan.code, scan)
        times[scan.code] = times.get(scan.code, 0) + 1
    return tuple(UnknownCode(scan, times[code]) for code, scan in newest.items())


CodeItem = Item[UnknownCode]


def columns(words: Wording) -> tuple[Column[CodeItem], ...]:
    """A code, how often, when and where."""
    return (
        Column("Code", lambda item: item.value.newest.code, least=16, weight=3, cut="middle"),
        Column("Times", lambda item: str(item.value.times), width=5, align="right"),
        Column("Last", lambda item: words.time(item.value.newest.scanned_at_us), width=9, align="right"),
        Column("Where", lambda item: item.value.newest.place, least=10, weight=2, tone=lambda _: "quiet"),
    )


class UnknownTray(Question[UnknownCode]):
    """Arrows and Enter choose; what can be done about the code is asked at the counter."""

    DEFAULT_CSS = """
    UnknownTray #question { width: 78; height: 80%; }
    UnknownTray #question-text { height: 1; }
    UnknownTray #codes { height: 1fr; margin: 1 0 0 0; }
    """
    AUTO_FOCUS = "#codes"

    def __init__(self, codes: Sequence[UnknownCode], words: Wording) -> None:
        super().__init__(
            "Enter takes a code to the counter: attach, make or dismiss.", title="Codes nobody knew"
        )
        self._codes = codes
        self._words = words

    def compose_answer(self) -> Iterable[Widget]:
        """The codes."""
        yield RecordList(columns(self._words), InMemory(self._codes), empty="The tray is empty.", id="codes")

    def on_record_list_chosen(self, event: RecordList.Chosen) -> None:
        """This one."""
        event.stop()
        self.dismiss(cast(CodeItem, event.row).value)


def open_tray(desk: Desk) -> None:
    """Choose from the tray, behind what is being done."""
    desk.put(partial(_open, desk))


async def _open(desk: Desk) -> None:
    from stockshop.services import scanning

    app, shop = desk.app, desk.app.shop
    codes = by_code(await app.in_store(lambda: scanning.unknown_scans(shop)))
    picked = await app.push_screen_wait(UnknownTray(codes, app.wording))
    if picked is None:
        return
    newest = picked.newest
    desk.shown.told = None
    try:
        scan = await app.in_store(lambda: scanning.read_scan(shop, newest.code))
    except InvalidInput:
        # Nothing that can be read, such as a lone multiplier: it can still be dismissed.
        scan = None
    if scan is not None and scan.product is not None:
        product = scan.product
        await app.in_store(
            lambda: scanning.resolve_unknown(
                shop, app.actor, newest.id, "known by now", product_id=product.id
            )
        )
        await desk.show_product(product.id)
        desk.tell(f"{newest.code} is known by now: {product.name}")
        return
    desk.shown.view = ShowUnknown(newest.code, kept=True, gtin=(scan.gtin or "") if scan is not None else "")
    desk.offer_for(newest.id, scan_now(newest.code, Mode.LOOK))
