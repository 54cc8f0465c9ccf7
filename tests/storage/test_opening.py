"""Opening and making stores: whose file it is, what state it is in, and what a person is told."""

from __future__ import annotations

import os
import sqlite3
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import apsw
import psycopg
import pytest

from stockshop.errors import (
    Conflict,
    InvalidInput,
    NotFound,
    StoreCorrupt,
    StoreError,
    StoreForeign,
    StoreLocked,
    StoreNewer,
    StoreUnavailable,
)
from stockshop.storage import migrate, sqlite
from stockshop.storage.database import create_store, open_store

ADD_CATEGORY = "INSERT INTO category (name) VALUES (?)"


def refused(kind: type[StoreError], path: str | Path) -> str:
    """What a person reads when the file at `path` is not opened; the file stays as it was."""
    file = Path(path)
    before = file.read_bytes() if file.is_file() else None
    with pytest.raises(kind) as caught:
        open_store(path)
    assert (file.read_bytes() if file.is_file() else None) == before
    return str(caught.value)


def test_a_new_store_opens_again_and_keeps_what_was_written(shop_url: str) -> None:
    first = open_store(shop_url)
    first.writing(lambda session: session.run(ADD_CATEGORY, ("Tools",)))
    first.close()
    second = open_store(shop_url)
    with second.reading() as session:
        assert session.rows("SELECT name FROM category") == [("Tools",)]
    assert second.url == shop_url
    second.close()


def test_a_store_is_not_made_over_another(shop_url: str) -> None:
    with pytest.raises(Conflict, match="already"):
        create_store(shop_url)


def test_a_file_of_any_kind_is_not_overwritten_by_a_new_store(tmp_path: Path) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Dear aunt")
    with pytest.raises(Conflict, match="already"):
        create_store(file)
    assert file.read_text() == "Dear aunt"


def test_a_new_store_makes_the_folders_it_needs(tmp_path: Path) -> None:
    path = tmp_path / "shops" / "corner" / "main.shop"
    create_store(path).close()
    assert open_store(path).path == path


def test_a_missing_file_is_not_made_by_opening_it(tmp_path: Path) -> None:
    path = tmp_path / "none.shop"
    with pytest.raises(NotFound, match="stockshop new"):
        open_store(path)
    assert not path.exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"Dear aunt, thank you for the socks.\n" * 20, os.urandom(8192), b"SQLite format 3\x00"],
    ids=["empty", "text", "random", "cut off"],
)
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "thing.shop"
    path.write_bytes(content)
    assert "not a stockshop file" in refused(StoreForeign, path)


def test_the_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "music.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE song (title TEXT)")
    connection.execute("INSERT INTO song VALUES ('Blue')")
    connection.commit()
    connection.close()
    assert "another program" in refused(StoreForeign, path)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["music.db"]


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert "folder" in refused(StoreForeign, tmp_path)


def set_version(path: str, version: int) -> None:
    connection = apsw.Connection(path)
    connection.execute(f"PRAGMA user_version = {version}")
    connection.close()


def test_a_file_of_a_newer_stockshop_is_refused_and_left_alone(make_sqlite: Callable[[], str]) -> None:
    path = make_sqlite()
    set_version(path, 99)
    assert "Update stockshop" in refused(StoreNewer, path)


def test_a_newer_version_that_still_lies_in_the_log_is_refused_too(make_sqlite: Callable[[], str]) -> None:
    path = make_sqlite()
    connection = apsw.Connection(path)
    connection.execute("PRAGMA wal_autocheckpoint = 0").fetchall()
    connection.execute("PRAGMA user_version = 99")
    try:
        assert "Update stockshop" in refused(StoreNewer, path)
    finally:
        connection.close()


def fill(path: str) -> None:
    store = open_store(path)
    store.writing(
        lambda session: session.many(ADD_CATEGORY, [(f"Category {n} " + "x" * 60,) for n in range(3000)])
    )
    store.close()


def test_flipped_bytes_in_the_middle_are_found_at_opening(make_sqlite: Callable[[], str]) -> None:
    path = make_sqlite()
    fill(path)
    raw = bytearray(Path(path).read_bytes())
    page = int.from_bytes(raw[16:18], "big")
    connection = apsw.Connection(path)
    found: Any = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'category'").fetchall()
    connection.close()
    start = (found[0][0] - 1) * page
    raw[start : start + 200] = bytes(255 - byte for byte in raw[start : start + 200])
    Path(path).write_bytes(raw)
    assert "stockshop restore" in refused(StoreCorrupt, path)


def test_a_damaged_header_is_called_damage_and_not_a_stranger(make_sqlite: Callable[[], str]) -> None:
    path = make_sqlite()
    raw = bytearray(Path(path).read_bytes())
    raw[16:24] = b"\xff" * 8
    Path(path).write_bytes(raw)
    assert "damaged" in refused(StoreCorrupt, path)


def test_a_file_cut_in_half_is_called_damage(make_sqlite: Callable[[], str]) -> None:
    path = make_sqlite()
    fill(path)
    raw = Path(path).read_bytes()
    Path(path).write_bytes(raw[: len(raw) // 2])
    assert "damaged" in refused(StoreCorrupt, path)


def test_a_file_that_lost_its_last_bytes_is_called_damage(make_sqlite: Callable[[], str]) -> None:
    path = make_sqlite()
    os.truncate(path, os.path.getsize(path) - 5_000)
    assert "is damaged" in refused(StoreCorrupt, path)


def test_a_row_that_breaks_a_rule_is_damage_and_the_rule_is_named(make_sqlite: Callable[[], str]) -> None:
    path = make_sqlite()
    stranger = sqlite3.connect(path)
    stranger.execute("PRAGMA ignore_check_constraints = 1")
    stranger.execute("UPDATE ledger_head SET costing = 'guess'")
    stranger.commit()
    stranger.close()
    assert "ledger_head" in refused(StoreCorrupt, path)


@pytest.mark.parametrize("url", ["mysql://ann:secret@server/shop", "https://example.com/my.shop"])
def test_another_kind_of_server_is_refused_and_no_folder_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for attempt in (open_store, create_store):
        with pytest.raises(InvalidInput, match="postgresql://") as caught:
            attempt(url)
        assert "secret" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_store_without_one_of_its_tables_says_so(store_url_without_setting: str) -> None:
    store = open_store(store_url_without_setting)
    with pytest.raises(StoreCorrupt, match="setting"), store.reading() as session:
        session.rows("SELECT key FROM setting")
    store.close()


@pytest.fixture
def store_url_without_setting(shop_url: str) -> str:
    store = open_store(shop_url)
    store.writing(lambda session: session.run("DROP TABLE setting"))
    store.close()
    return shop_url


def test_a_store_that_another_program_is_writing_to_says_who_waits(
    make_sqlite: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        sqlite, "PRAGMAS", tuple(p if p[0] != "busy_timeout" else (p[0], 20) for p in sqlite.PRAGMAS)
    )
    path = make_sqlite()
    store = open_store(path)
    other = apsw.Connection(path)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreLocked, match="Try again"):
        store.writing(lambda session: session.run(ADD_CATEGORY, ("Late",)))
    with store.reading() as session:
        assert session.value("SELECT COUNT(*) FROM category") == 0
    other.execute("ROLLBACK")
    store.writing(lambda session: session.run(ADD_CATEGORY, ("Late",)))
    with store.reading() as session:
        assert session.value("SELECT COUNT(*) FROM category") == 1
    other.close()
    store.close()


@contextmanager
def as_nobody() -> Iterator[None]:
    """With the rights of an ordinary person: the administrator may write whatever the modes say."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that others may enter, unlike the tests' own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
        folder.chmod(0o755)


@pytest.mark.skipif(os.name == "nt", reason="folders have other rights there")
def test_a_read_only_file_can_be_looked_at_and_says_why_it_cannot_be_written(public_folder: Path) -> None:
    path = public_folder / "main.shop"
    create_store(path).close()
    path.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
    public_folder.chmod(0o777)
    with as_nobody():
        store = open_store(path)
        with store.reading() as session:
            assert session.value("SELECT entry_sequence FROM ledger_head") == 0
        with pytest.raises(StoreUnavailable, match="may not be written"):
            store.writing(lambda session: session.run(ADD_CATEGORY, ("Tools",)))
        store.close()


@pytest.mark.skipif(os.name == "nt", reason="folders have other rights there")
def test_a_read_only_folder_says_that_it_may_not_be_written(public_folder: Path) -> None:
    path = public_folder / "main.shop"
    create_store(path).close()
    path.chmod(0o444)
    public_folder.chmod(0o555)
    with as_nobody():
        with pytest.raises(StoreUnavailable, match="may not be written"):
            open_store(path)
        with pytest.raises(StoreUnavailable):
            create_store(public_folder / "second.shop")
        with pytest.raises(StoreUnavailable):
            create_store(public_folder / "below" / "third.shop")
    assert sorted(file.name for file in public_folder.iterdir()) == ["main.shop"]


@pytest.mark.skipif(os.name == "nt", reason="folders have other rights there")
def test_a_file_that_may_not_be_read_says_so(public_folder: Path) -> None:
    path = public_folder / "main.shop"
    create_store(path).close()
    path.chmod(0)
    with as_nobody(), pytest.raises(StoreUnavailable, match="cannot be read"):
        open_store(path)


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/export {folder}/net nfs4 rw 0 0
//nas/shop {folder}/with\\040space cifs rw 0 0
/dev/sdb1 {folder}/net/usb vfat rw 0 0
broken line
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows tells by the drive letter")
def test_a_network_drive_is_recognised_by_the_mounts(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS.format(folder=tmp_path))

    def kind(*parts: str) -> str | None:
        return sqlite.network_file_system(tmp_path.joinpath(*parts), str(mounts))

    assert kind("net", "main.shop") == "nfs4"
    assert kind("with space", "main.shop") == "cifs"
    assert kind("net", "usb", "main.shop") is None
    assert kind("network", "main.shop") is None
    assert kind("main.shop") is None
    assert sqlite.network_file_system(tmp_path, str(tmp_path / "no such file")) is None


def test_a_store_on_a_network_drive_is_neither_opened_nor_made(
    make_sqlite: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_sqlite()
    monkeypatch.setattr(sqlite, "network_file_system", lambda path: "nfs4")
    assert "network drive" in refused(StoreUnavailable, path)
    with pytest.raises(StoreUnavailable, match="PostgreSQL"):
        create_store(tmp_path / "second.shop")
    assert not (tmp_path / "second.shop").exists()


def test_a_store_that_could_not_be_finished_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: object, **__: object) -> list[str]:
        raise apsw.FullError("database or disk is full")

    monkeypatch.setattr(migrate, "up", no_room)
    with pytest.raises(StoreError, match="full"):
        create_store(tmp_path / "main.shop")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_database_of_the_server_holds_no_shop(empty_postgres_url: str) -> None:
    with pytest.raises(NotFound, match="stockshop new"):
        open_store(empty_postgres_url)


def test_the_servers_database_of_another_program_is_refused_and_left_alone(empty_postgres_url: str) -> None:
    with psycopg.connect(empty_postgres_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE song (title text)")
    for action in (open_store, create_store):
        with pytest.raises(StoreForeign, match="another program"):
            action(empty_postgres_url)
    with psycopg.connect(empty_postgres_url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert tables == [("song",)]


def test_the_servers_store_of_a_newer_stockshop_is_refused(make_postgres: Callable[[], str]) -> None:
    url = make_postgres()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("INSERT INTO schema_migration (name, applied) VALUES ('0099_future', now())")
    with pytest.raises(StoreNewer, match="Update stockshop"):
        open_store(url)


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(StoreUnavailable) as caught:
        open_store("postgresql://till:hunter2@127.0.0.1:1/shop")
    assert "127.0.0.1" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_database_that_is_not_on_the_server_is_named(postgres_server: str) -> None:
    with pytest.raises(StoreUnavailable, match=r"does not let us in.*nowhere"):
        open_store(postgres_server.replace("/postgres?", "/nowhere?", 1))


def test_a_url_that_makes_no_sense_is_a_clear_error() -> None:
    for url in (
        "postgresql://localhost/shop?nonsense=1",
        "postgresql://[::1/shop",
        "postgres://a:b@c:d:e/f?x",
    ):
        with pytest.raises(InvalidInput, match="user:password@host"):
            open_store(url)
