"""The migrated store and the models say the same, table by table; an update loses and leaves nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from peewee import PostgresqlDatabase

from stockshop.errors import StoreError
from stockshop.resources import migrations_folder
from stockshop.storage import migrate
from stockshop.storage.database import Store, create_store, open_store
from stockshop.storage.models import TABLES
from stockshop.storage.session import PostgresSession, SqliteSession
from stockshop.storage.sqlite import ShopDatabase, SqliteEngine
from tests.storage import schemas
from tests.storage.samples import fill


def from_models_on_sqlite(path: Path) -> schemas.Schema:
    database = ShopDatabase(path)
    database.connect()
    with database.bind_ctx(TABLES):
        database.create_tables(TABLES)
    schema = schemas.read(SqliteSession(database, database.connection()))
    database.close()
    return schema


def from_models_on_postgres(url: str, patch: pytest.MonkeyPatch) -> schemas.Schema:
    for table in TABLES:
        patch.setattr(table._meta, "strict_tables", False)
        patch.setattr(table._meta, "without_rowid", False)
    database = PostgresqlDatabase(url, autoconnect=False, prefer_psycopg3=True)
    database.connect()
    with database.bind_ctx(TABLES):
        database.create_tables(TABLES)
    database.close()
    with psycopg.connect(url, autocommit=True) as connection:
        return schemas.read(PostgresSession(database, connection))


def schema_of(store: Store) -> schemas.Schema:
    with store.reading() as session:
        return schemas.read(session)


def differences(migrated: schemas.Schema, modelled: schemas.Schema) -> list[str]:
    found = [f"only one side has the table {name}" for name in sorted(migrated.keys() ^ modelled.keys())]
    for table in sorted(migrated.keys() & modelled.keys()):
        found += [
            f"{table}.{part}: migrated {migrated[table][part]}, modelled {modelled[table][part]}"
            for part in migrated[table]
            if migrated[table][part] != modelled[table][part]
        ]
    return found


def test_models_and_migrations_agree_on_sqlite(make_sqlite: Callable[[], str], tmp_path: Path) -> None:
    store = open_store(make_sqlite())
    assert differences(schema_of(store), from_models_on_sqlite(tmp_path / "models.db")) == []
    store.close()


def test_models_and_migrations_agree_on_postgres(
    make_postgres: Callable[[], str], empty_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(make_postgres())
    assert differences(schema_of(store), from_models_on_postgres(empty_postgres_url, monkeypatch)) == []
    store.close()


def test_the_comparison_sees_a_difference_of_every_sort(
    make_sqlite: Callable[[], str], tmp_path: Path
) -> None:
    store = open_store(make_sqlite())
    whole = schema_of(store)
    other = tmp_path / "other.db"
    for old, new in [
        ("name TEXT NOT NULL UNIQUE", "name TEXT UNIQUE"),
        ("name TEXT NOT NULL UNIQUE", "name TEXT NOT NULL"),
        ("name TEXT NOT NULL UNIQUE", "name ANY NOT NULL UNIQUE"),
        ("name TEXT NOT NULL UNIQUE", "name TEXT NOT NULL UNIQUE CHECK (name <> 'x')"),
        ("name TEXT NOT NULL UNIQUE", "name TEXT NOT NULL UNIQUE REFERENCES supplier (name)"),
        ("name TEXT NOT NULL UNIQUE", "name TEXT NOT NULL UNIQUE DEFAULT ''"),
        (") STRICT", ")"),
    ]:
        other.unlink(missing_ok=True)
        database = ShopDatabase(other)
        database.connect()
        sql = "CREATE TABLE category (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT"
        database.execute_sql(sql.replace(old, new))
        changed = schemas.read(SqliteSession(database, database.connection()))
        database.close()
        assert len(differences({"category": whole["category"]}, changed)) == 1, (old, new)
    store.close()


ADD_COLOUR = """
def up(migrator, db):
    db.execute_sql("ALTER TABLE category ADD COLUMN colour TEXT NOT NULL DEFAULT 'grey'")
"""
BREAK_HALFWAY = """
def up(migrator, db):
    db.execute_sql("CREATE TABLE left_behind (id INTEGER NOT NULL PRIMARY KEY)")
    db.execute_sql("UPDATE category SET name = 'Spoilt'")
    db.execute_sql("ALTER TABLE no_such_table ADD COLUMN colour TEXT")
"""
REBUILD = """
def up(migrator, db):
    key = "INTEGER" if db.param == "?" else "BIGINT"
    db.execute_sql(f"CREATE TABLE new_category (id {key} NOT NULL PRIMARY KEY, name TEXT NOT NULL)")
    db.execute_sql("DELETE FROM category")
"""


@pytest.fixture
def add_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    """Lets the program come with one more migration than the stores made before."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrations_folder(), folder, ignore=shutil.ignore_patterns("__pycache__"))

    def add(name: str, text: str) -> None:
        (folder / name).write_text(text)
        monkeypatch.setattr(migrate, "migrations_folder", lambda: folder)
        migrate.latest.cache_clear()

    yield add
    monkeypatch.undo()
    migrate.latest.cache_clear()


def old_store(url: str) -> str:
    store = open_store(url)
    store.writing(fill)
    store.close()
    return url


def test_an_older_store_is_brought_up_to_date_and_equals_a_new_one(
    shop_url: str, request: pytest.FixtureRequest, tmp_path: Path, add_migration: Callable[[str, str], None]
) -> None:
    old_store(shop_url)
    add_migration("0090_colours.py", ADD_COLOUR)
    store = open_store(shop_url)
    with store.reading() as session:
        assert session.rows("SELECT name, colour FROM category") == [("Tools", "grey")]
    fresh_url = (
        str(tmp_path / "fresh.shop")
        if store.path is not None
        else str(request.getfixturevalue("empty_postgres_url"))
    )
    fresh = create_store(fresh_url)
    assert differences(schema_of(store), schema_of(fresh)) == []
    fresh.close()
    store.close()
    open_store(shop_url).close()


def test_a_file_is_copied_before_it_is_updated(
    make_sqlite: Callable[[], str], add_migration: Callable[[str, str], None]
) -> None:
    path = Path(old_store(make_sqlite()))
    before_update = migrate.latest()
    add_migration("0090_colours.py", ADD_COLOUR)
    open_store(path).close()
    copy = path.with_name(f"{path.name}.before-update-{before_update}")
    store = Store(SqliteEngine(copy))
    with store.reading() as session:
        assert session.value("PRAGMA user_version") == before_update
        assert session.rows("SELECT * FROM category") == [(1, "Tools")]
        assert session.value("PRAGMA integrity_check") == "ok"
    store.close()
    before = copy.read_bytes()
    open_store(path).close()
    assert copy.read_bytes() == before


def test_a_failed_update_leaves_the_store_as_it_was(
    shop_url: str, tmp_path: Path, add_migration: Callable[[str, str], None]
) -> None:
    old_store(shop_url)
    store = open_store(shop_url)
    before = schema_of(store)
    store.close()
    add_migration("0090_colours.py", ADD_COLOUR)
    add_migration("0091_broken.py", BREAK_HALFWAY)
    for _ in range(2):
        with pytest.raises(StoreError, match="is as it was") as caught:
            open_store(shop_url)
        assert "no_such_table" in str(caught.value)
    for file in ("0091_broken.py", "0090_colours.py"):
        (tmp_path / "migrations" / file).unlink()
    migrate.latest.cache_clear()
    store = open_store(shop_url)
    assert schema_of(store) == before
    with store.reading() as session:
        assert session.rows("SELECT name FROM category") == [("Tools",)]
    store.close()


def test_an_update_that_would_orphan_rows_is_undone(
    shop_url: str, add_migration: Callable[[str, str], None]
) -> None:
    old_store(shop_url)
    add_migration("0090_rebuild.py", REBUILD)
    with pytest.raises(StoreError, match="is as it was"):
        open_store(shop_url)


def test_two_tills_updating_at_once_update_once(
    shop_url: str, add_migration: Callable[[str, str], None]
) -> None:
    old_store(shop_url)
    add_migration("0090_colours.py", ADD_COLOUR)
    with ThreadPoolExecutor(4) as pool:
        for task in [pool.submit(open_store, shop_url) for _ in range(4)]:
            task.result().close()
    store = open_store(shop_url)
    with store.reading() as session:
        names = session.rows("SELECT name FROM schema_migration ORDER BY name")
    assert names == [(file.stem,) for file in sorted(migrations_folder().glob("0*.py"))] + [("0090_colours",)]
    store.close()
