"""Everything the counter says has passed the catalogue, and has room where words are longer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from stockshop import language
from stockshop.services import catalogue, scanning, stock
from stockshop.services.shop import Shop
from stockshop.services.stock import LineRequest
from stockshop.ui.app import StockshopApp
from stockshop.ui.counter.panels import ModeRow
from stockshop.ui.counter.views import MODES, Mode
from tests.bare_texts import Marked, bare_words, greek_shop, marked, shown_lines
from tests.ui.counter_shop import Counter

GLUE = "2000000010008"
OIL = "30"


class Speechless(StockshopApp):
    """The app, which goes on speaking what it is spoken to in."""

    def speak(self, locale: str) -> None:
        language.use(Marked(), "el")


@pytest.fixture
def greek(tmp_path: Path) -> Iterator[Shop]:
    language.use(Marked(), "el")
    shop = greek_shop(tmp_path)
    catalogue.add_product(shop, "Άντα", sku="40", name="Γάλα", tracking="lot", preferred_bin="A-03")
    lots = (("7", "2026-05-20"), ("8", "2026-06-01"))
    lines = [LineRequest("40", 3_000, lot=lot, expiry=expiry) for lot, expiry in lots]
    stock.post_entry(shop, "Άντα", "receive", lines)
    catalogue.add_product(shop, "Άντα", sku="β-5", name="Μικρό")
    catalogue.add_product(shop, "Άντα", sku="Β-5", name="Μεγάλο")
    scanning.keep_unknown(shop, "Άντα", "12345670", "Ταμείο")
    yield shop
    shop.close()


STEPS: tuple[tuple[str, ...], ...] = (
    ("key:alt+n",),
    ("type:κόλ", "key:down"),
    ("type:ωωω",),
    ("type:ωωω\r",),
    ("scan:4000000000006",),
    ("scan:β-5", ),
    ("key:alt+s", "scan:3*20"),
    ("key:alt+s", "scan:99*10"),
    ("key:alt+s", "scan:20", "again:20"),
    ("key:ctrl+z",),
    ("key:alt+r", "scan:A-02", "scan:20"),
    ("key:alt+r", "scan:20", "key:alt+o"),
    ("key:alt+r", "key:alt+o", "type:2\r"),
    ("key:alt+r", "scan:40"),
    ("key:alt+m", "scan:20", "scan:A-01"),
    ("key:alt+m", "scan:20", "scan:A-05"),
    ("key:alt+m", "scan:A-06", "scan:20"),
    ("key:alt+a", "scan:40"),
    ("key:alt+c", "scan:20", "type:3\r"),
    ("key:alt+l", "scan:A-01"),
    ("scan:A-04",),
    ("scan:40",),
)  # fmt: skip


class Wordy(Marked):
    """A language with words half as long again."""

    def gettext(self, message: str) -> str:
        return marked(message) + "ẋẋẋẋ" if message in {facts.label for facts in MODES.values()} else message


async def test_all_modes_can_be_read_where_their_names_are_longer(greek: Shop) -> None:
    language.use(Wordy(), "el")
    app = Speechless(shop=greek, actor="Άντα")
    async with app.run_test(size=(80, 24)) as pilot:
        counter = Counter(app, pilot)
        await counter.until(lambda: app.desk.shown.day is not None, "the day")
        language.use(Wordy(), "el")
        row = app.screen.query_one(ModeRow)
        row.refresh()
        await pilot.pause()
        text = str(row.render())
        # None is pushed out, and each shows the letter that chooses it.
        assert all(f" {facts.letter.upper()} " in text.upper() for facts in MODES.values())
        assert len(text.rstrip()) <= 78
        await counter.press("escape")
        await counter.type("s")
        assert app.desk.shown.mode is Mode.SELL


@pytest.mark.parametrize(
    "size", [(80, 24), pytest.param((120, 40), marks=pytest.mark.soak)], ids=["80x24", "120x40"]
)
async def test_no_word_of_the_counter_was_never_looked_up(greek: Shop, size: tuple[int, int]) -> None:
    app = Speechless(shop=greek, actor="Άντα")
    app.speak("")
    bare: dict[str, str] = {}
    async with app.run_test(size=size) as pilot:
        counter = Counter(app, pilot)
        await counter.until(lambda: app.desk.shown.day is not None, "the day")
        for steps in STEPS:
            for step in steps:
                what, _, text = step.partition(":")
                if what == "key":
                    await counter.press(text)
                elif what == "type":
                    await counter.type(text)
                    await counter.pilot.pause(0.12)
                    await counter.settle()
                elif what == "again":
                    await counter.hands.scan(f"{text * 2}\r{text * 2}")
                    await counter.settle()
                else:
                    await counter.scan(text)
                for line in shown_lines(app):
                    if words := " ".join(bare_words(line)):
                        bare.setdefault(words, f"{steps}: {line.strip()}")
            await counter.press("escape", "escape", "escape")
        await app.workers.wait_for_complete()
    assert not bare, "\n".join(bare.values())
