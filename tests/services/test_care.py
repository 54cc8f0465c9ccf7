"""Copies of a live shop, and bringing one back."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import apsw
import pytest

from stockshop.errors import (
    Conflict,
    InvalidInput,
    NotFound,
    ShopError,
    Stopped,
    StoreCorrupt,
    StoreForeign,
    StoreLocked,
    StoreNewer,
    StoreUnavailable,
)
from stockshop.ledger.audit import audit
from stockshop.services import care
from stockshop.services.shop import Shop, change_settings, open_shop
from stockshop.storage.database import Store
from stockshop.storage.sqlite import SqliteEngine
from tests.conftest import HandClock
from tests.services import lively_shop
from tests.services.lively_shop import content, content_of

# -- backup ----------------------------------------------------------------------------------


def test_a_copy_is_the_shop_and_opens(lively: Shop, tmp_path: Path) -> None:
    target = tmp_path / "copies" / "evening.shop"
    report = care.backup(lively, target)
    assert report == care.BackupReport(target, target.stat().st_size, entries=8, products=4)
    assert [file.name for file in target.parent.iterdir()] == ["evening.shop"]
    assert content_of(target) == content(lively)


def test_a_copy_into_a_folder_is_named_after_the_day(lively: Shop, tmp_path: Path, hands: HandClock) -> None:
    folder = tmp_path / "usb"
    folder.mkdir()
    report = care.backup(lively, folder)
    assert report.path.parent == folder
    assert report.path.name.endswith("-2026-05-28.shop")
    assert report.path.is_file()


def test_a_later_copy_takes_the_place_of_the_former(lively: Shop, tmp_path: Path) -> None:
    target = tmp_path / "evening.shop"
    care.backup(lively, target)
    lively_shop.receive_coffee(lively, "more")
    assert care.backup(lively, target).entries == 9
    assert content_of(target) == content(lively)


def test_a_former_copy_that_is_in_use_is_left_alone(lively: Shop, tmp_path: Path) -> None:
    target = care.backup(lively, tmp_path / "evening.shop").path
    opened = open_shop(target)
    with pytest.raises(StoreLocked, match=r"evening\.shop"):
        care.backup(lively, target)
    lively_shop.receive_coffee(opened, "in the copy")
    opened.close()


def test_the_log_of_a_former_copy_does_not_get_into_the_new_one(lively: Shop, tmp_path: Path) -> None:
    used = care.backup(lively, tmp_path / "used.shop").path
    opened = open_shop(used)
    lively_shop.receive_coffee(opened, "in the copy")
    target = tmp_path / "evening.shop"
    for suffix in ("", "-wal"):
        shutil.copy(f"{used}{suffix}", f"{target}{suffix}")
    opened.close()
    care.backup(lively, target)
    assert content_of(target) == content(lively)


def test_a_copy_does_not_take_the_place_of_anything_else(
    lively: Shop, tmp_path: Path, make_lively_file: Callable[[], str]
) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear aunt")
    with pytest.raises(Conflict, match="choose another name"):
        care.backup(lively, letter)
    assert letter.read_text() == "Dear aunt"
    other = open_shop(make_lively_file())
    change_settings(other, "Ann", name="Another shop")
    with pytest.raises(Conflict, match="no copy of this shop"):
        care.backup(lively, other.store.url)
    other.close()
    if lively.store.path is not None:
        with pytest.raises(Conflict, match="the shop itself"):
            care.backup(lively, lively.store.path)


def test_a_copy_that_cannot_be_written_leaves_nothing(lively: Shop, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with pytest.raises(StoreUnavailable):
        care.backup(lively, blocked / "evening.shop")
    assert [file.name for file in tmp_path.iterdir() if "evening" in file.name] == []


def test_a_stopped_copy_leaves_the_former_one(lively: Shop, tmp_path: Path) -> None:
    target = tmp_path / "evening.shop"
    care.backup(lively, target)
    before = target.read_bytes()
    lively_shop.receive_coffee(lively, "more")
    with pytest.raises(Stopped):
        care.backup(lively, target, should_stop=lambda: True)
    assert target.read_bytes() == before
    assert sorted(file.name for file in tmp_path.iterdir() if "evening" in file.name) == ["evening.shop"]


def test_a_copy_tells_how_far_it_is(lively: Shop, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    care.backup(lively, tmp_path / "evening.shop", on_progress=lambda done, total: told.append((done, total)))
    assert told and told[-1][0] == told[-1][1] > 0


_SELLER = """
import sys
from stockshop.services.shop import open_shop
from tests.services.lively_shop import receive_coffee
shop = open_shop(sys.argv[1])
print("open", flush=True)
number = 0
while True:
    receive_coffee(shop, f"child-{number}")
    number += 1
    print(number, flush=True)
"""


def test_copies_of_a_busy_shop_are_whole(lively: Shop, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _SELLER, lively.store.url], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        try:
            assert child.stdout.readline() == "open\n"
            for number in range(3):
                child.stdout.readline()
                said = int(child.stdout.readline())
                report = care.backup(lively, tmp_path / f"copy-{number}.shop")
                assert report.entries >= 8 + said
        finally:
            child.kill()
    for number in range(3):
        copy = open_shop(tmp_path / f"copy-{number}.shop")
        with copy.store.reading() as session:
            assert audit(session) == []
        assert care.doctor(copy).healthy
        copy.close()
    assert care.doctor(lively).healthy


def test_copies_while_other_threads_sell_are_of_one_instant(file_shop: Shop, tmp_path: Path) -> None:
    done = threading.Event()

    def keep_selling() -> None:
        number = 0
        while not done.is_set():
            lively_shop.receive_coffee(file_shop, f"thread-{number}")
            number += 1

    seller = threading.Thread(target=keep_selling)
    seller.start()
    try:
        reports = [care.backup(file_shop, tmp_path / f"copy-{n}.shop") for n in range(4)]
    finally:
        done.set()
        seller.join()
    for report in reports:
        copy = open_shop(report.path)
        assert care.doctor(copy).checked.entries == report.entries
        copy.close()


def damage(path: str | Path) -> None:
    """Overwrite a page of a table in the middle of a file."""
    connection = apsw.Connection(str(path))
    connection.execute("PRAGMA journal_mode = delete").fetchall()
    found = connection.execute(
        "SELECT rootpage FROM sqlite_master WHERE type = 'index' AND tbl_name = 'movement' LIMIT 1"
    ).fetchall()
    size = int(str(connection.execute("PRAGMA page_size").fetchall()[0][0]))
    connection.close()
    raw = bytearray(Path(path).read_bytes())
    root = int(str(found[0][0]))
    raw[root * size - 60 : root * size] = b"\x77" * 60
    Path(path).write_bytes(raw)


def test_a_damaged_shop_is_not_copied_over_a_good_copy(
    make_lively_file: Callable[[], str], tmp_path: Path
) -> None:
    path = make_lively_file()
    shop = open_shop(path)
    target = tmp_path / "evening.shop"
    care.backup(shop, target)
    good = target.read_bytes()
    shop.close()
    damage(path)
    shop = Shop(Store(SqliteEngine(Path(path))), lively_shop.SETTINGS)
    with pytest.raises(StoreCorrupt):
        care.backup(shop, target)
    shop.close()
    assert target.read_bytes() == good
    assert not list(tmp_path.glob(".*"))


# -- restore ---------------------------------------------------------------------------------


def test_a_copy_is_brought_back_and_the_shop_is_kept_aside(
    make_lively_file: Callable[[], str], tmp_path: Path, hands: HandClock
) -> None:
    path = Path(make_lively_file())
    shop = open_shop(path)
    copy = care.backup(shop, tmp_path / "evening.shop").path
    then = content(shop)
    lively_shop.receive_coffee(shop, "after the copy")
    later = content(shop)
    shop.close()
    report = care.restore(copy, path)
    kept = path.with_name(f"{path.name}.before-restore-20260528-202640")
    assert report == care.RestoreReport(path, kept, entries=8, products=4)
    assert content_of(path) == then
    assert content_of(kept) == later
    again = care.restore(kept, path)
    assert again.kept is not None and again.kept != kept
    assert content_of(path) == later
    assert content_of(copy) == then


def test_what_lies_in_the_log_is_kept_aside_too(make_lively_file: Callable[[], str], tmp_path: Path) -> None:
    path = Path(make_lively_file())
    shop = open_shop(path)
    copy = care.backup(shop, tmp_path / "evening.shop").path
    lively_shop.receive_coffee(shop, "only in the log")
    later = content(shop)
    crashed = tmp_path / "crashed.shop"
    for suffix in ("", "-wal"):
        shutil.copy(f"{path}{suffix}", f"{crashed}{suffix}")
    shop.close()
    report = care.restore(copy, crashed)
    assert report.kept is not None
    assert content_of(report.kept) == later
    assert not Path(f"{crashed}-wal").exists()


def test_a_copy_can_be_brought_back_where_there_is_nothing(
    make_lively_file: Callable[[], str], tmp_path: Path
) -> None:
    copy = make_lively_file()
    target = tmp_path / "new computer" / "main.shop"
    assert care.restore(copy, target) == care.RestoreReport(target, None, entries=8, products=4)
    assert content_of(target) == content_of(copy)
    assert [file.name for file in target.parent.iterdir()] == ["main.shop"]


def test_a_damaged_shop_gives_way_to_its_copy_and_is_kept(
    make_lively_file: Callable[[], str], tmp_path: Path
) -> None:
    copy = make_lively_file()
    for number, spoil in enumerate((damage, lambda p: Path(p).write_bytes(b"\x00" * 5000), cut)):
        path = tmp_path / f"bad-{number}.shop"
        shutil.copy(copy, path)
        spoil(path)
        spoilt = path.read_bytes()
        report = care.restore(copy, path)
        assert report.kept is not None
        if spoil is not damage:
            assert report.kept.read_bytes() == spoilt
        assert content_of(path) == content_of(copy)


def cut(path: str | Path) -> None:
    raw = Path(path).read_bytes()
    Path(path).write_bytes(raw[: len(raw) // 3])


def refused_copy(kind: type[ShopError], copy: Path, path: Path) -> str:
    """What is said of a copy that is not brought back; everything stays as it was."""
    before = {file.name: file.read_bytes() for file in path.parent.iterdir() if file.is_file()}
    with pytest.raises(kind) as caught:
        care.restore(copy, path)
    assert {file.name: file.read_bytes() for file in path.parent.iterdir() if file.is_file()} == before
    return str(caught.value)


def test_a_bad_copy_changes_nothing(make_lively_file: Callable[[], str], tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    path = home / "main.shop"
    shutil.copy(make_lively_file(), path)
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear aunt, " * 50)
    assert "not a stockshop file" in refused_copy(StoreForeign, letter, path)
    stranger = tmp_path / "music.db"
    connection = apsw.Connection(str(stranger))
    connection.execute("CREATE TABLE song (title TEXT)")
    connection.close()
    assert "another program" in refused_copy(StoreForeign, stranger, path)
    assert "no shop at" in refused_copy(NotFound, tmp_path / "none.shop", path)
    assert "folder" in refused_copy(StoreForeign, tmp_path, path)
    newer = Path(make_lively_file())
    connection = apsw.Connection(str(newer))
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    assert "newer" in refused_copy(StoreNewer, newer, path)
    spoilt = Path(make_lively_file())
    damage(spoilt)
    assert "damage" in refused_copy(StoreCorrupt, spoilt, path)
    short = Path(make_lively_file())
    cut(short)
    assert "damage" in refused_copy(StoreCorrupt, short, path)
    assert "same file" in refused_copy(Conflict, path, path)


def test_a_copy_that_the_doctor_finds_unsound_is_refused(
    make_lively_file: Callable[[], str], tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    path = home / "main.shop"
    shutil.copy(make_lively_file(), path)
    copy = Path(make_lively_file())
    connection = apsw.Connection(str(copy))
    connection.execute("UPDATE level SET quantity_milli = quantity_milli + 1000 WHERE location_id > 8")
    connection.close()
    said = refused_copy(StoreCorrupt, copy, path)
    assert "not sound" in said and "COF-1: all places together hold 2 instead of 0" in said


def test_a_copy_is_not_put_over_the_file_of_another_program(
    make_lively_file: Callable[[], str], tmp_path: Path
) -> None:
    stranger = tmp_path / "music.db"
    connection = apsw.Connection(str(stranger))
    connection.execute("CREATE TABLE song (title TEXT)")
    connection.close()
    before = stranger.read_bytes()
    with pytest.raises(StoreForeign, match="another program"):
        care.restore(make_lively_file(), stranger)
    with pytest.raises(InvalidInput, match="folder"):
        care.restore(make_lively_file(), tmp_path)
    with pytest.raises(InvalidInput, match="server"):
        care.restore(make_lively_file(), "postgresql://localhost/shop")
    assert stranger.read_bytes() == before


def test_a_shop_that_somebody_has_open_is_not_replaced(
    make_lively_file: Callable[[], str], tmp_path: Path
) -> None:
    path = make_lively_file()
    copy = make_lively_file()
    with subprocess.Popen([sys.executable, "-c", _SELLER, path], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        try:
            child.stdout.readline()
            child.stdout.readline()
            with pytest.raises(StoreLocked, match="Close stockshop"):
                care.restore(copy, path)
        finally:
            child.kill()
    assert not list(tmp_path.glob("*before-restore*")) and not list(tmp_path.glob(".*"))
    shop = open_shop(path)
    with pytest.raises(StoreLocked):
        care.restore(copy, path)
    lively_shop.receive_coffee(shop, "still selling")
    shop.close()
    care.restore(copy, path)
    assert content_of(path) == content_of(copy)
