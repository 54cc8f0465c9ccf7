"""Finding products by any part of what they are called, the same on both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stockshop import text
from stockshop.storage import search
from stockshop.storage.database import Store, create_store, open_store
from stockshop.storage.session import Session
from tests.conftest import database_url
from tests.shared_data import shared

_ADD = (
    "INSERT INTO product (id, sku, sku_fold, name, label_name, sort_name, search_text, unit, tracking, "
    "notes, created_at_us, updated_at_us) VALUES (?, ?, ?, ?, '', ?, ?, 'each', 'none', '', 1, 1)"
)


def add(session: Session, product_id: int, name: str, sku: str, codes: tuple[str, ...] = ()) -> None:
    folded = search.search_text(name, sku, codes)
    session.run(_ADD, (product_id, sku, text.fold(sku), name, text.fold(name), folded))


CATALOGUE = (
    (1, "Crème brûlée 2×100 g", "CB-100", ("3017620422003",)),
    (2, "CREME FRAICHE 30%", "CF_30", ("4006381333931", "MS-77/b")),
    (3, "Straße Nr. 5 [/]", "ST\\5", ()),
    (4, 'Bolt "M6" 100% zinc', "B*6", ("9780306406157",)),
    (5, "Bolt M8", "B-8", ()),
    (6, "İstanbul ışık", "TR-1", ()),
    (7, "日本茶 緑", "JP-1", ("4901234567894",)),
    (8, "℡ ½ Ⅻ ﬁle", "WEIRD", ()),
    (9, "OR AND NOT NEAR", "FTS", ()),
)


def fill(session: Session) -> None:
    for product_id, name, sku, codes in CATALOGUE:
        add(session, product_id, name, sku, codes)


@pytest.fixture
def filled(store: Store) -> Store:
    store.writing(fill)
    return store


def found(store: Store, query: str, limit: int = 50, after_id: int = 0) -> list[int]:
    with store.reading() as session:
        return search.find(session, query, limit, after_id=after_id)


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("crème", [1, 2]),
        ("CREME", [1, 2]),
        ("reme bru", [1]),
        ("brulee creme", [1]),
        ("creme 30%", [2]),
        ("strasse", [3]),
        ("STRAßE", [3]),
        ("bolt", [4, 5]),
        ("olt m", [4, 5]),
        ("bolt m8", [5]),
        ("bolt m9", []),
        ("istanbul", [6]),
        ("ISIK", [6]),
        ("日本茶", [7]),
        ("茶", [7]),
        ("日本 緑", [7]),
        ("tel", [8]),
        ("file", [8]),
        ("3017620422003", [1]),
        ("620422", [1]),
        ("ms-77", [2]),
        ("cb-100", [1]),
        ("b", [1, 2, 4, 5, 6]),
        ("b-", [1, 5]),
        ("%", [2, 4]),
        ("0%", [2, 4]),
        ("100%", [4]),
        ("_", [2]),
        ("f_3", [2]),
        ("\\", [3]),
        ("t\\5", [3]),
        ('"', [4]),
        ('"m6"', [4]),
        ("*", [4]),
        ("b*6", [4]),
        ("[/]", [3]),
        ("OR", [6, 9]),
        ("and not near", [9]),
        ("bolt OR creme", []),
        ("NEAR(bolt m8)", []),
        ("name:bolt", []),
        ("bolt*", []),
        ("-bolt", []),
        ("^bolt", []),
    ],
)
def test_every_word_is_looked_for_as_it_is_written(filled: Store, query: str, ids: list[int]) -> None:
    expected = [
        product_id
        for product_id, name, sku, codes in CATALOGUE
        if all(word in search.search_text(name, sku, codes) for word in text.fold(query).split())
    ]
    assert found(filled, query) == expected
    if query not in ("OR", "b"):
        assert expected == ids


@pytest.mark.parametrize("query", ["", " ", "\t\n", "\u200b", "\u0301", "\x00", "\x1b", "\u202e", "\ufeff"])
def test_a_query_of_nothing_finds_nothing(filled: Store, query: str) -> None:
    assert found(filled, query) == []


def test_an_answer_is_limited_and_can_be_continued(store: Store) -> None:
    def many(session: Session) -> None:
        for number in range(1, 31):
            add(session, number, f"Screw {number}", f"S{number:03}")

    store.writing(many)
    for query in ("screw", "sc", "screw s0", "s"):
        first = found(store, query, limit=12)
        second = found(store, query, limit=12, after_id=first[-1])
        third = found(store, query, limit=12, after_id=second[-1])
        assert first + second + third == list(range(1, 31)), query
        assert (len(first), len(second), len(third)) == (12, 12, 6)


def test_the_index_follows_a_product(filled: Store) -> None:
    def rename(session: Session) -> None:
        session.run("UPDATE product SET search_text = ? WHERE id = 5", (search.search_text("Nut", "N8", ()),))
        session.run("DELETE FROM product WHERE id = 4")

    filled.writing(rename)
    assert found(filled, "bolt") == []
    assert found(filled, "nut") == [5]
    filled.writing(lambda session: session.run("UPDATE product SET notes = 'x' WHERE id = 5"))
    assert found(filled, "nut") == [5]


def test_hostile_text_is_found_only_where_it_is_written(filled: Store) -> None:
    lines = shared("hostile", "blns.txt").read_text(encoding="utf-8", errors="replace").splitlines()
    everything = [product_id for product_id, *_ in CATALOGUE]
    for line in lines:
        answer = found(filled, line)
        assert answer != everything, line
        words = text.fold(text.printable(line[:200])).split()
        assert answer == [
            product_id
            for product_id, name, sku, codes in CATALOGUE
            if words and all(word in search.search_text(name, sku, codes) for word in words)
        ], line


def test_a_whole_book_as_a_query_is_harmless(filled: Store) -> None:
    assert found(filled, "bolt " * 100_000) == [4, 5]
    assert found(filled, "x" * 1_000_000) == []
    assert found(filled, "% " * 5_000) == [2, 4]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, postgres_server: str) -> Iterator[tuple[Store, Store]]:
    """One store of each engine for all the examples of a property."""
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE search_examples")
    stores = (
        create_store(tmp_path_factory.mktemp("search") / "main.shop"),
        create_store(database_url(postgres_server, "search_examples")),
    )
    yield stores
    for store in stores:
        store.close()
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute("DROP DATABASE search_examples WITH (FORCE)")


_letters = st.sampled_from("abAB01 %_\\\"'*-[]éÉßſıİΣσςﬁ℡½茶ñ\u0301\u200d")
_names = st.one_of(st.text(_letters, max_size=12), st.text(max_size=12))
_numbers = count(1)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.lists(_names, min_size=1, max_size=4), queries=st.lists(_names, min_size=1, max_size=4))
def test_both_engines_find_the_same(both: tuple[Store, Store], names: list[str], queries: list[str]) -> None:
    kept = [text.clean(name, limit=200) or "x" for name in names]
    parts = [kept[0][1:4], kept[-1][-3:].upper(), kept[0][:2].lower()]

    def work(session: Session) -> list[list[int]]:
        session.run("DELETE FROM product")
        for number, name in enumerate(kept, start=1):
            add(session, number, name, f"SKU{number}")
        return [search.find(session, query, 50) for query in [*queries, *parts]]

    answers = [store.writing(work) for store in both]
    expected = []
    for query in [*queries, *parts]:
        words = text.fold(text.printable(query)).split()
        texts = [search.search_text(name, f"SKU{n}", ()) for n, name in enumerate(kept, start=1)]
        expected.append(
            [n for n, whole in enumerate(texts, start=1) if words and all(word in whole for word in words)]
        )
    assert answers == [expected, expected]


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing_and_case_does_not_matter(whole: str) -> None:
    once = text.fold(whole)
    assert text.fold(once) == once
    assert text.fold(whole.upper()) == text.fold(whole.lower().upper())


def test_stores_of_both_engines_agree_on_the_sample(
    make_sqlite: Callable[[], str], make_postgres: Callable[[], str]
) -> None:
    answers = []
    for url in (make_sqlite(), make_postgres()):
        store = open_store(url)
        store.writing(fill)
        answers.append([found(store, query) for query in ("b", "m", "e 1", "100", "creme b", "%", "or")])
        store.close()
    assert answers[0] == answers[1]
    assert answers[0][0]
