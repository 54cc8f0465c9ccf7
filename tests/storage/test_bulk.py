"""Products written by the hundred are found as if they had come one by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockshop.storage import search
from stockshop.storage.bulk import searchable_at_end
from stockshop.storage.database import Store, open_store
from stockshop.storage.session import Session
from tests.storage.test_search import add, fill, found

_RENAME = "UPDATE product SET search_text = ? WHERE id = ?"
_TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"


def _rename(session: Session, product_id: int, name: str) -> None:
    session.run(_RENAME, (search.search_text(name, "SKU", ()), product_id))


def test_what_is_new_renamed_or_both_is_found_by_its_last_name_only(store: Store) -> None:
    store.writing(fill)

    def work(session: Session) -> None:
        with searchable_at_end(session):
            add(session, 100, "Anchor", "A-100")
            add(session, 101, "Ladder", "L-101")
            _rename(session, 101, "Trellis")
            _rename(session, 5, "Washer M8")
            _rename(session, 5, "Eyelet M8")
            _rename(session, 6, "Lantern")
            _rename(session, 6, "İstanbul ışık")

    store.writing(work)
    assert [found(store, name) for name in ("anchor", "trellis", "eyelet", "istanbul")] == [
        [100], [101], [5], [6],
    ]  # fmt: skip
    assert [found(store, name) for name in ("ladder", "washer", "lantern", "bolt m8")] == [[], [], [], []]


@pytest.fixture
def file_store(make_sqlite: object) -> Store:
    return open_store(Path(make_sqlite()))  # type: ignore[operator]


def _index_is_sound(store: Store) -> None:
    def check(session: Session) -> None:
        session.run("INSERT INTO product_search (product_search, rank) VALUES ('integrity-check', 1)")

    store.writing(check)


def test_the_index_is_sound_and_kept_by_itself_again_afterwards(file_store: Store) -> None:
    with file_store.reading() as session:
        before = session.rows(_TRIGGERS)

    def work(session: Session) -> None:
        with searchable_at_end(session):
            fill(session)
            _rename(session, 1, "Soup plate")

    file_store.writing(work)
    _index_is_sound(file_store)
    file_store.writing(lambda session: _rename(session, 1, "Soup spoon"))
    file_store.writing(lambda session: add(session, 50, "Soup bowl", "S-50"))
    _index_is_sound(file_store)
    assert found(file_store, "soup") == [1, 50]
    with file_store.reading() as session:
        assert session.rows(_TRIGGERS) == before
        assert session.rows("SELECT name FROM temp.sqlite_master") == []
    # And a second time on the same connection.
    file_store.writing(work_again)
    _index_is_sound(file_store)
    assert found(file_store, "soup") == [50]


def work_again(session: Session) -> None:
    with searchable_at_end(session):
        _rename(session, 1, "Fork")


def test_what_is_undone_in_the_middle_leaves_nothing_behind(file_store: Store) -> None:
    file_store.writing(fill)
    with file_store.reading() as session:
        before = session.rows(_TRIGGERS)

    def broken(session: Session) -> None:
        with searchable_at_end(session):
            add(session, 100, "Anchor", "A-100")
            _rename(session, 5, "Washer M8")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        file_store.writing(broken)
    _index_is_sound(file_store)
    assert found(file_store, "washer") == []
    assert found(file_store, "bolt m8") == [5]
    with file_store.reading() as session:
        assert session.rows(_TRIGGERS) == before
        assert session.rows("SELECT name FROM temp.sqlite_master") == []
