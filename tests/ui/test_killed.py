"""kill -9 in the middle of everything: what was acknowledged is there, what was not finished is not."""

from __future__ import annotations

import random
import re
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":  # pragma: no cover
    pytest.skip("needs a Unix pseudo-terminal", allow_module_level=True)

from stockshop.ledger.audit import audit
from stockshop.services import catalogue
from stockshop.services.shop import Shop, ShopSettings, create_shop, opened
from stockshop.storage import soundness
from tests.bench.key_to_paint import Hand, _look_at, _take_over, write_catalogue
from tests.bench.shops import code
from tests.bench.watching import Watched

_PRODUCTS = 30
_SOLD = re.compile(r"([0-9,]+) sold")


def _make(path: Path) -> None:
    shop = create_shop(path, "Ada", ShopSettings("Bench", "EUR", "en_IE"))
    for number in range(1, _PRODUCTS + 1):
        catalogue.add_product(
            shop,
            "Ada",
            sku=f"SKU-{number}",
            name=f"Thing {number}",
            price_minor=100,
            barcodes=(code(number),),
        )
    shop.close()


def _counted(shop: Shop) -> tuple[int, int]:
    with shop.store.reading() as session:
        assert audit(session) == []
        return (
            int(session.value("SELECT COUNT(*) FROM entry WHERE kind = 'sell'")),
            int(session.value("SELECT COUNT(*) FROM product")),
        )


def _shown_as_sold(hand: Hand) -> int:
    """How many sales the screen has told of."""
    found = _SOLD.search("\n".join(hand._screen.display))
    return int(found[1].replace(",", "")) if found else 0


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(3))
def test_nothing_acknowledged_is_lost_and_an_import_leaves_no_traces(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    path, source = tmp_path / "bench.shop", write_catalogue(tmp_path / "list.csv", 20_000)
    _make(path)
    acknowledged = in_the_middle = 0
    for _ in range(3):
        with Watched("stockshop", "--shop", str(path), "--actor", "Ada") as app:
            app.until("Bench")
            app.until_quiet(0.3)
            hand = Hand(app, _PRODUCTS)
            _look_at(hand, source)
            app.until("takes it over")
            _take_over(hand)
            hand.app.send(b"\x1bOQ")
            hand.rest(0.1)
            hand.app.send(b"\x1bs")
            hand.rest(0.1)
            for _ in range(dice.randint(1, 8)):
                app.scan(code(dice.randint(1, _PRODUCTS)), dice.uniform(0.02, 0.1))
                hand._show(app.seen)
                app.forget()
            app.read(dice.uniform(0.0, 0.3))
            hand._show(app.seen)
            acknowledged = max(acknowledged, _shown_as_sold(hand))
            in_the_middle += app.has_children
            app.kill()
        with opened(path) as shop:
            sales, products = _counted(shop)
            assert sales >= acknowledged
            # All of the file, or nothing.
            assert products in (_PRODUCTS, _PRODUCTS + 20_000)
            acknowledged = sales
            with shop.store.reading() as session:
                assert soundness.store_troubles(session) == []
    assert in_the_middle or sys.platform != "linux"
