"""Moving a shop between engines: all of it arrives, or the target is as empty as it was."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from stockshop.errors import (
    Conflict,
    Refused,
    Stopped,
    StoreCorrupt,
    StoreError,
    StoreForeign,
    StoreUnavailable,
)
from stockshop.services import care, catalogue
from stockshop.services.shop import Shop, open_shop
from stockshop.storage import transfer
from stockshop.storage.database import open_store
from tests.services import lively_shop
from tests.services.lively_shop import content, content_of

Content = tuple[transfer.TableCopy, ...]


def without_the_record(found: Content) -> Content:
    """What was moved, without the line that says that it was moved."""
    return tuple(table for table in found if table.name != "change")


def test_a_shop_moves_to_a_server_and_back(file_shop: Shop, empty_postgres_url: str, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    before = content(file_shop)
    report = care.move_to(
        file_shop, empty_postgres_url, "Kim", on_progress=lambda done, total: told.append((done, total))
    )
    assert report.tables == before
    assert report.rows == sum(table.rows for table in before)
    assert told[-1] == (report.rows, report.rows)
    assert content(file_shop) == before
    moved = open_shop(empty_postgres_url)
    assert moved.settings == file_shop.settings
    assert without_the_record(content(moved)) == without_the_record(before)
    assert care.doctor(moved).healthy
    lively_shop.receive_coffee(moved, "on the server")
    added = catalogue.add_product(moved, "Ann", name="Sugar", barcodes=("4012345678901",))
    assert added.id == 5
    back = tmp_path / "back.shop"
    care.move_to(moved, str(back), "Kim")
    assert without_the_record(content_of(back)) == without_the_record(content(moved))
    moved.close()
    returned = open_shop(back)
    lively_shop.receive_coffee(returned, "at home again")
    assert catalogue.add_product(returned, "Ann", name="Salt").id == 6
    assert care.doctor(returned).healthy
    returned.close()


def test_a_copy_of_a_servers_shop_moves_back_to_a_server(
    server_shop: Shop, empty_postgres_url: str, tmp_path: Path
) -> None:
    copy = open_shop(care.backup(server_shop, tmp_path / "evening.shop").path)
    care.move_to(copy, empty_postgres_url, "Kim")
    copy.close()
    assert without_the_record(content_of(empty_postgres_url)) == without_the_record(content(server_shop))


def test_the_move_is_recorded_without_a_password(file_shop: Shop, tmp_path: Path) -> None:
    care.move_to(file_shop, str(tmp_path / "moved.shop"), "Kim")
    moved = open_shop(tmp_path / "moved.shop")
    with moved.store.reading() as session:
        row = session.row("SELECT noun, field, new_value, actor FROM change ORDER BY id DESC LIMIT 1")
    moved.close()
    assert row == ("shop", "place", str(tmp_path / "moved.shop"), "Kim")


def test_a_shop_does_not_move_onto_another(
    lively: Shop, make_lively_file: Callable[[], str], make_lively_database: Callable[[], str], tmp_path: Path
) -> None:
    for url in (make_lively_file(), make_lively_database(), lively.store.url):
        before = content_of(url)
        with pytest.raises(Conflict):
            care.move_to(lively, url, "Kim")
        assert content_of(url) == before
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear aunt")
    with pytest.raises(Conflict):
        care.move_to(lively, str(letter), "Kim")
    assert letter.read_text() == "Dear aunt"


def test_a_server_with_other_tables_is_refused(file_shop: Shop, empty_postgres_url: str) -> None:
    with psycopg.connect(empty_postgres_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE song (title text)")
    with pytest.raises(StoreForeign):
        care.move_to(file_shop, empty_postgres_url, "Kim")


def tables_of(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [
            row[0]
            for row in connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            ).fetchall()
        ]


def test_a_stopped_move_leaves_the_target_empty(
    lively: Shop, empty_postgres_url: str, tmp_path: Path
) -> None:
    with pytest.raises(Stopped):
        care.move_to(lively, empty_postgres_url, "Kim", should_stop=lambda: True)
    assert tables_of(empty_postgres_url) == []
    with pytest.raises(Stopped):
        care.move_to(lively, str(tmp_path / "stopped.shop"), "Kim", should_stop=lambda: True)
    assert list(tmp_path.glob("*stopped*")) == []
    care.move_to(lively, empty_postgres_url, "Kim")


def test_an_unsound_shop_is_not_moved(file_shop: Shop, empty_postgres_url: str) -> None:
    file_shop.store.writing(lambda session: session.run("UPDATE product SET price_minor = 1 WHERE id = 1"))
    with pytest.raises(StoreCorrupt, match="COF-1"):
        care.move_to(file_shop, empty_postgres_url, "Kim")
    assert tables_of(empty_postgres_url) == []


def test_a_copy_that_does_not_arrive_whole_is_undone(
    lively: Shop, empty_postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = transfer._set_sequences

    def lose_a_row(session: object) -> None:
        original(session)  # type: ignore[arg-type]
        session.run("DELETE FROM near_duplicate_pass")  # type: ignore[attr-defined]
        session.run("DELETE FROM unknown_scan")  # type: ignore[attr-defined]
        session.run("UPDATE supplier SET name = 'Else'")  # type: ignore[attr-defined]

    monkeypatch.setattr(transfer, "_set_sequences", lose_a_row)
    with pytest.raises(StoreError, match="supplier"):
        care.move_to(lively, empty_postgres_url, "Kim")
    assert tables_of(empty_postgres_url) == []
    with pytest.raises(StoreError, match="supplier"):
        care.move_to(lively, str(tmp_path / "half.shop"), "Kim")
    assert list(tmp_path.glob("*half*")) == []


def test_what_is_posted_while_a_shop_moves_is_not_left_behind_unsaid(
    lively: Shop, empty_postgres_url: str
) -> None:
    other = open_shop(lively.store.url)
    sold: list[int] = []

    def sell(done: int, total: int) -> None:
        if not sold:
            sold.append(done)
            seller = threading.Thread(target=lively_shop.receive_coffee, args=(other, "meanwhile"))
            seller.start()
            seller.join()

    with pytest.raises(Refused, match="while it was being moved"):
        care.move_to(lively, empty_postgres_url, "Kim", on_progress=sell)
    other.close()
    assert sold and tables_of(empty_postgres_url) == []


def test_a_server_lost_in_the_middle_of_a_move_is_a_clear_error(
    file_shop: Shop, empty_postgres_url: str, postgres_server: str
) -> None:
    before = content(file_shop)
    name = empty_postgres_url.split("/")[3].partition("?")[0]

    def hang_up(done: int, total: int) -> None:
        with psycopg.connect(postgres_server, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", (name,)
            )

    with pytest.raises(StoreUnavailable):
        care.move_to(file_shop, empty_postgres_url, "Kim", on_progress=hang_up)
    assert tables_of(empty_postgres_url) == []
    assert content(file_shop) == before


def test_hostile_text_survives_a_move_and_back(
    file_shop: Shop, empty_postgres_url: str, tmp_path: Path
) -> None:
    names = [
        "50% [sale] [/]",
        "a\\tb \\N",
        "x%sx ? $1 %(n)s",
        "日本茶 🙂‍↕️",
        "'; DROP TABLE product; --",
        '"q",,',
    ]
    for name in names:
        catalogue.add_product(file_shop, "Kim", name=name)
    care.move_to(file_shop, empty_postgres_url, "Kim")
    there = open_shop(empty_postgres_url)
    care.move_to(there, str(tmp_path / "back.shop"), "Kim")
    there.close()
    store = open_store(tmp_path / "back.shop")
    with store.reading() as session:
        found = [row[0] for row in session.rows("SELECT name FROM product ORDER BY id")]
    store.close()
    assert found[4:] == names
