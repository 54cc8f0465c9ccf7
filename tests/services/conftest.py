"""A shop that has lived for a while, on both engines, made once and copied for each test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

from stockshop.services.shop import Shop, open_shop
from stockshop.storage.database import open_store
from tests.conftest import copied_databases, database_url
from tests.services import lively_shop

_numbers = count(1)


@pytest.fixture(scope="session")
def lively_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("lively") / "lively.shop"
    shutil.copy(sqlite_template, path)
    lively_shop.make(open_store(path)).close()
    return path


@pytest.fixture(scope="session")
def lively_database(postgres_server: str, postgres_template: str) -> str:
    name = f"lively_{os.getpid()}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{postgres_template}"')
    lively_shop.make(open_store(database_url(postgres_server, name))).close()
    return name


@pytest.fixture
def make_lively_file(lively_file: Path, tmp_path: Path) -> Callable[[], str]:
    """Each call makes a lively shop in a file and answers its path."""

    def make() -> str:
        path = tmp_path / f"lively-{next(_numbers)}.shop"
        shutil.copy(lively_file, path)
        return str(path)

    return make


@pytest.fixture
def make_lively_database(postgres_server: str, lively_database: str) -> Iterator[Callable[[], str]]:
    """Each call makes a lively shop on the server and answers its URL."""
    with copied_databases(postgres_server, lively_database) as make:
        yield make


@pytest.fixture
def file_shop(make_lively_file: Callable[[], str]) -> Iterator[Shop]:
    """The lively shop in a file, open."""
    shop = open_shop(make_lively_file())
    yield shop
    shop.close()


@pytest.fixture
def server_shop(make_lively_database: Callable[[], str]) -> Iterator[Shop]:
    """The lively shop on the server, open."""
    shop = open_shop(make_lively_database())
    yield shop
    shop.close()


@pytest.fixture
def lively(engine: str, request: pytest.FixtureRequest) -> Shop:
    """The lively shop on each engine, open."""
    shop: Shop = request.getfixturevalue("file_shop" if engine == "sqlite" else "server_shop")
    return shop
