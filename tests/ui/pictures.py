"""Pictures of the app as a terminal shows it, from the real app on the sample shop.

    python -m tests.ui.pictures     writes assets/screenshots anew

The same scenes are compared in `test_pictures.py`. A picture is an SVG without anything that changes
from run to run or that lies elsewhere.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from textual.widgets import Input

from stockshop import clock
from stockshop.services.shop import Shop, open_shop
from stockshop.ui.app import StockshopApp
from tests.ui.counter_shop import Counter

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "assets" / "screenshots"
DAY = date(2026, 5, 28)
NOW_US = 1_779_991_200_000_000
"""2026-05-28, 18:00 in UTC: the sample shop's last day, before it closes."""

Steps = Callable[[Counter], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Scene:
    """A screen in a certain state."""

    name: str
    steps: Steps
    """What a person does from the empty counter on."""
    in_readme: bool = False


async def _nothing(desk: Counter) -> None:
    """The counter as it opens."""


def _keys(*keys: str) -> Steps:
    async def press(desk: Counter) -> None:
        for key in keys:
            if key.startswith("scan:"):
                await desk.scan(key[5:])
            elif key.startswith("type:"):
                await desk.type(key[5:])
            else:
                await desk.press(key)

    return press


ELBOW = "PL-007"
SCENES = (
    Scene("counter", _nothing),
    Scene("counter-product", _keys(f"scan:{ELBOW}"), in_readme=True),
    Scene("counter-sold", _keys("alt+s", f"scan:{ELBOW}", f"scan:{ELBOW}")),
    Scene("counter-unknown", _keys("scan:4006381333931")),
    Scene("products", _keys("f3")),
    Scene("products-found", _keys("f3", "type:paint")),
    Scene("product", _keys("f3", "type:paint", "down", "enter")),
    Scene("product-form", _keys("f3", "ctrl+n")),
    Scene("why", _keys("f3", "type:paint", "down", "ctrl+y")),
    Scene("bins", _keys("f4", "down", "down")),
    Scene("low", _keys("f5"), in_readme=True),
    Scene("labels", _keys("f6")),
    Scene("count-sheets", _keys("f7")),
    Scene("import", _keys("f8")),
    Scene("settings", _keys("f9")),
    Scene("movements", _keys("f10")),
    Scene("unknown-scans", _keys("alt+u")),
    Scene("scanner-check", _keys("alt+k")),
    Scene("help", _keys("f1")),
)


async def picture(shop: Shop, scene: Scene, size: tuple[int, int]) -> str:
    """The scene as an SVG."""
    app = StockshopApp(shop=shop, actor="Maeve")
    async with app.run_test(size=size) as pilot:
        desk = Counter(app, pilot)
        await desk.until(lambda: app.desk.shown.day is not None, "the day")
        await desk.settle()
        await scene.steps(desk)
        await app.workers.wait_for_complete()
        for field in app.screen.query(Input):
            field.cursor_blink = False
        await pilot.pause(0.1)
        await desk.settle()
        return tidied(app.export_screenshot(title="stockshop"))


def tidied(svg: str) -> str:
    """Without the number of the drawing, fonts of other places, and spaces at ends of lines."""
    svg = re.sub(r"\bterminal-\d+-", "terminal-", svg)
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.S)
    svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.S)
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


def in_utc() -> None:
    """The sample shop tells its days in the computer's time zone: let it be the same everywhere."""
    os.environ["TZ"] = "UTC"
    if sys.platform != "win32":
        time.tzset()


def main() -> None:
    """Write the README's pictures."""
    from stockshop.services.demo import ensure_demo_shop

    in_utc()
    with tempfile.TemporaryDirectory() as folder, clock.using(lambda: NOW_US):
        path = ensure_demo_shop(Path(folder), today=DAY)
        for scene in SCENES:
            if scene.in_readme:
                shop = open_shop(str(path))
                svg = asyncio.run(picture(shop, scene, (100, 30)))
                shop.close()
                (FOLDER / f"{scene.name}.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
