"""The terminal goes without a word, or sends rubbish: the app notices, and stands what can be stood."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":  # pragma: no cover
    pytest.skip("needs a Unix pseudo-terminal", allow_module_level=True)

from stockshop.services.shop import open_shop
from tests.bench.watching import Watched
from tests.ui.counter_shop import fill

COUNTER = "A scan shows"


@pytest.fixture
def shop_file(make_sqlite: object) -> Path:
    from stockshop.services.shop import ShopSettings, furnish
    from stockshop.storage.database import open_store

    path = Path(make_sqlite())  # type: ignore[operator]
    store = open_store(path)
    furnish(store, "Ada", ShopSettings("Corner", "EUR", "en_IE"))
    store.close()
    shop = open_shop(path)
    fill(shop)
    shop.close()
    return path


def test_the_app_ends_when_its_terminal_has_gone(shop_file: Path) -> None:
    with Watched("stockshop", "--shop", str(shop_file), "--actor", "Ada") as app:
        app.until("Corner")
        app.hang_up()
        assert app.ended_within(8.0)


def test_a_byte_that_is_no_letter_does_not_end_the_app(shop_file: Path) -> None:
    with Watched("stockshop", "--shop", str(shop_file), "--actor", "Ada") as app:
        app.until("Corner")
        app.until_quiet(0.3)
        os.write(app._fd, b"\xe4\xff")
        app.read(0.3)
        app.forget()
        app.scan("GLUE")
        app.until("Wood glue")
