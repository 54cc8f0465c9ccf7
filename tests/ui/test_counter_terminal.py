"""The counter in a real terminal: the program as it is started, raw bytes of a scanner, the store after."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

if sys.platform == "win32":  # pragma: no cover
    pytest.skip("needs a Unix pseudo-terminal", allow_module_level=True)

from stockshop.services.drafts import kept_draft
from stockshop.services.shop import ShopSettings, furnish, opened
from stockshop.storage.database import open_store
from stockshop.ui.drafting import station_key
from tests.ui.counter_shop import BOLT, GLUE, fill, kinds, on_hand
from tests.ui.terminal import PATIENCE_S, Terminal


def exit_code(terminal: Terminal) -> int | None:
    """With what the program ended; None when it goes on and on."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        # The terminal is closed a moment before the program has ended.
        terminal.read(0.05)
        ended = os.waitid(os.P_PID, terminal.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if ended is not None:
            return ended.si_status
    return None


@pytest.fixture
def path(make_sqlite: Callable[[], str]) -> Path:
    """A filled shop in a file, closed."""
    url = make_sqlite()
    shop = furnish(open_store(url), "Ada", ShopSettings("Corner Shop", "EUR", "de_DE"))
    fill(shop)
    shop.close()
    return Path(url)


def test_a_morning_at_the_counter(path: Path) -> None:
    with Terminal("stockshop", "--shop", str(path), "--actor", "Ada", columns=80, rows=24) as terminal:
        terminal.until("Corner Shop", "Needs you", "F2 Counter")
        terminal.send(BOLT.encode() + b"\r")
        terminal.until("M6 bolt zinc 40 mm", "0,35", "96")
        terminal.send(b"\x1bs")
        terminal.until("SELL")
        # Five pieces as a scanner sends them when somebody is quick, all in one read.
        terminal.send(b"".join(code.encode() + b"\r\n" for code in (BOLT, GLUE, BOLT, GLUE, BOLT)))
        terminal.until("sold 1 M6 bolt zinc 40 mm", "93 on hand")
        terminal.type("12*")
        terminal.send(GLUE.encode() + b"\r")
        terminal.until("sold 12 Wood glue", "below zero")
        terminal.send(b"\x1a")
        terminal.until("undone: sold 12 Wood glue 250 g", "6")
        terminal.resize(120, 40)
        terminal.until("Just now", "Wood glue 250 g", "undone")
        terminal.send(b"\x1b[200~" + BOLT.encode() + b"\n\x1b[201~")
        terminal.until("92 on hand")
        terminal.send(b"4000000000006\r")
        terminal.until("NOBODY KNOWS THIS CODE", "attach to a product")
        terminal.send(b"\x11")
        assert exit_code(terminal) == 0
    with opened(path) as shop:
        assert (on_hand(shop, "M6X40"), on_hand(shop, "GLUE")) == (92, 6)
        assert kinds(shop, "GLUE") == ["reversal", "sell", "sell", "sell", "receive"]


def test_a_form_outlives_a_program_that_is_killed(path: Path) -> None:
    with opened(path) as shop, Terminal("stockshop", "--shop", str(path), "--actor", "Ada") as terminal:
        terminal.until("Corner Shop", "F3 Products")
        terminal.send(b"\x1bOR")
        terminal.until("M6 bolt zinc 40 mm")
        terminal.send(b"\x0e")
        terminal.until("A new product", "what it is called")
        terminal.type("Beeswax", gap_s=0.1)

        def is_kept() -> bool:
            kept = kept_draft(shop, station_key("product.new"))
            return kept is not None and kept.values == {"name": "Beeswax"}

        # Nobody pauses for it: about a second after a key, it is in the store.
        assert terminal.read(PATIENCE_S, is_kept)
        os.kill(terminal.pid, signal.SIGKILL)
    with Terminal("stockshop", "--shop", str(path), "--actor", "Ada") as terminal:
        terminal.until("Corner Shop", "F3 Products")
        terminal.send(b"\x1bOR")
        terminal.until("M6 bolt zinc 40 mm")
        terminal.send(b"\x0e")
        terminal.until("A new product", "Beeswax", "brought back; Ctrl+R forgets it")


def test_words_are_offered_while_they_are_typed_and_a_scan_comes_before_them(path: Path) -> None:
    with Terminal("stockshop", "--shop", str(path), "--actor", "Ada", columns=80, rows=24) as terminal:
        terminal.until("Corner Shop", "Needs you", "F2 Counter")
        terminal.type("glu", gap_s=0.15)
        terminal.until("Wood glue 250 g", "4,99", "Enter")
        terminal.resize(100, 30)
        terminal.until("Just now", "Wood glue 250 g", "4,99")
        # In the middle of the word a code arrives, in one read; the word stays where it was.
        terminal.send(BOLT.encode() + b"\r")
        terminal.until("M6X40", "96", "glu")
        terminal.type("e", gap_s=0.15)
        terminal.until("glue  ", "Wood glue 250 g", "Esc clears")
        terminal.send(b"\x1b[B\r")
        terminal.until("GLUE · 5901234123457")
        terminal.resize(80, 24)
        terminal.send(b"\x1bn")
        terminal.until("Needs you", "Just now")
        terminal.send(b"\x11")
        assert exit_code(terminal) == 0


def test_a_file_that_is_no_shop_gives_the_terminal_back_and_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "other.shop"
    path.write_bytes(b"not a shop at all" * 100)
    with Terminal("stockshop", "--shop", str(path)) as terminal:
        terminal.until("other.shop is not a stockshop file")
        assert exit_code(terminal) == 1
