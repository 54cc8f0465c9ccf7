"""A large file is read by another process: it says the same, stops when told, and leaves no traces."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from stockshop.errors import NotFound, Stopped, StoreError
from stockshop.services import catalogue
from stockshop.services.importing import apart
from stockshop.services.importing.formats import ColumnsUnknown
from stockshop.services.importing.storing import ImportResult
from stockshop.services.importing.storing_products import import_products
from stockshop.services.shop import Shop
from stockshop.storage.session import Session

GOOD = "sku,name,price\n" + "".join(f"S-{number},Spoon {number},1.20\n" for number in range(1, 41))
BAD = GOOD + "S-1,Spoon again,1.30\nS-99,,1.00\n"


@pytest.fixture
def every_file_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "SMALL_BYTES", 0)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    def put(content: str) -> Path:
        path = tmp_path / "list.csv"
        path.write_text(content, encoding="utf-8")
        return path

    return put


def run(
    shop: Shop, path: Path, *, dry_run: bool = False, skip_bad: bool = False
) -> tuple[ImportResult, list[tuple[int, int]]]:
    heard: list[tuple[int, int]] = []
    result = apart.import_file(
        shop, "Ada", path, dry_run=dry_run, skip_bad=skip_bad,
        on_progress=lambda done, total: heard.append((done, total)), should_stop=lambda: False,
    )  # fmt: skip
    return result, heard


def products(shop: Shop) -> int:
    with shop.store.reading() as session:
        return int(session.value("SELECT COUNT(*) FROM product"))


@pytest.mark.usefixtures("every_file_is_large")
def test_the_other_process_says_and_does_the_same(shop: Shop, write: Callable[[str], Path]) -> None:
    path = write(BAD)
    tried, heard = run(shop, path, dry_run=True, skip_bad=True)
    assert tried == import_products(shop, "Ada", path, dry_run=True, skip_bad=True)
    assert (tried.created, len(tried.refused), products(shop)) == (40, 2, 0)
    assert heard[-1][0] == heard[-1][1] > 0
    done, _ = run(shop, path, skip_bad=True)
    assert (done.created, done.written, products(shop)) == (40, True, 40)
    assert catalogue.find_product(shop, "S-40").price_minor == 120


@pytest.mark.usefixtures("every_file_is_large")
def test_its_refusals_arrive_whole(shop: Shop, write: Callable[[str], Path], tmp_path: Path) -> None:
    with pytest.raises(ColumnsUnknown) as unknown:
        run(shop, write("foo,bar\n1,Spoon\n"))
    assert (unknown.value.headers, unknown.value.field) == (("foo", "bar"), "columns")
    assert "column" in unknown.value.message
    with pytest.raises(NotFound):
        run(shop, tmp_path / "nowhere.csv")


@pytest.mark.usefixtures("every_file_is_large")
def test_it_stops_when_told_and_nothing_has_changed(shop: Shop, write: Callable[[str], Path]) -> None:
    rows = "".join(f"X-{number},Spoon {number}\n" for number in range(60_000))
    stopping = threading.Event()
    with pytest.raises(Stopped):
        apart.import_file(
            shop, "Ada", write("sku,name\n" + rows), on_progress=lambda *_: stopping.set(),
            should_stop=stopping.is_set,
        )  # fmt: skip
    assert products(shop) == 0


@pytest.mark.usefixtures("every_file_is_large")
def test_a_process_that_dies_is_told_in_one_sentence(
    shop: Shop, write: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(StoreError, match="broke off"):
        run(shop, write(GOOD))
    assert products(shop) == 0


def test_it_ends_with_the_one_that_started_it(shop: Shop, write: Callable[[str], Path]) -> None:
    rows = "".join(f"X-{number},Spoon {number}\n" for number in range(60_000))
    request = apart.Request(
        shop.store.url, "Ada", str(write("sku,name\n" + rows)), False, None, False, False, "en"
    )
    with subprocess.Popen(
        [sys.executable, "-m", "stockshop.services.importing.apart"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        apart._send(other.stdin, request)
        # It has begun; now whoever started it is gone.
        assert apart._received(other.stdout) is not None
        other.stdin.close()
        assert other.wait(20) == 1
    assert products(shop) == 0


def test_a_trial_run_waits_for_nobody_and_holds_up_nobody(shop: Shop, write: Callable[[str], Path]) -> None:
    import_products(shop, "Ada", write(GOOD))
    path = write(GOOD.replace("1.20", "1.40") + "S-41,Spoon 41,2\n")
    results: list[ImportResult] = []

    def selling(session: Session) -> None:
        # The ledger and the file are held by somebody else all the while.
        session.run("UPDATE ledger_head SET recorded_at_us = recorded_at_us WHERE id = 1")
        trying = threading.Thread(
            target=lambda: results.append(import_products(shop, "Ada", path, dry_run=True))
        )
        trying.start()
        trying.join(30)

    shop.store.writing(selling)
    assert [(one.created, one.updated, one.written) for one in results] == [(1, 40, False)]
    assert products(shop) == 40
