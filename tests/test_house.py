"""The house of DESIGN: what lies where, who may know whom, and what no file may say or do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from stockshop.services.shop import ShopSettings, furnish
from stockshop.storage.database import open_store
from tests import house

SCREEN = {"textual", "rich"}
PAPER = {"reportlab"}
SHEETS = {"openpyxl", "defusedxml"}
SERVERS = {"psycopg", "psycopg2", "psycopg2cffi", "pymysql", "MySQLdb"}
STORE = {"peewee", "playhouse", "apsw"}

# Everything in a package but the one module that is there to speak to a server.
IMPORT_ALL = """
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
for found in pkgutil.walk_packages(getattr(package, '__path__', []), package.__name__ + '.'):
    if found.name != 'stockshop.storage.postgres':
        importlib.import_module(found.name)
"""
RUN_COMMAND = """
import runpy, sys
try:
    runpy.run_module('stockshop', run_name='__main__', alter_sys=True)
except SystemExit as end:
    if end.code:
        raise
"""
TELL_MODULES = """
import atexit, json, os, sys
def tell():
    loaded = {name.split('.')[0] for name, module in list(sys.modules.items()) if module is not None}
    with open(os.environ['HOUSE_MODULES'], 'w') as file:
        json.dump(sorted(loaded), file)
atexit.register(tell)
"""

# Each package, and the libraries that importing all of it must leave alone.
PACKAGES = [
    ("stockshop.clock", SCREEN | PAPER | SHEETS | SERVERS | STORE),
    ("stockshop.money", SCREEN | PAPER | SHEETS | SERVERS | STORE),
    ("stockshop.quantity", SCREEN | PAPER | SHEETS | SERVERS | STORE),
    ("stockshop.barcodes", SCREEN | PAPER | SHEETS | SERVERS | STORE),
    ("stockshop.text", SCREEN | PAPER | SHEETS | SERVERS | STORE),
    ("stockshop.storage", SCREEN | PAPER | SHEETS | SERVERS),
    ("stockshop.storage.fields", SCREEN | PAPER | SHEETS | SERVERS),
    ("stockshop.storage.models", SCREEN | PAPER | SHEETS | SERVERS),
    ("stockshop.ledger", SCREEN | PAPER | SHEETS | SERVERS),
    ("stockshop.planning", SCREEN | PAPER | SHEETS | SERVERS | STORE),
    ("stockshop.documents", SCREEN | SHEETS | SERVERS | STORE),
    ("stockshop.services", SCREEN | SERVERS),
    ("stockshop.cli", SCREEN | PAPER | SHEETS | SERVERS),
    ("stockshop.ui", PAPER | SHEETS | SERVERS),
]

# Each command that needs no screen, and the libraries that running it must leave alone.
COMMANDS = [
    (["--version"], SCREEN | PAPER | SHEETS | SERVERS | STORE),
    (["--help"], SCREEN | PAPER | SHEETS | SERVERS | STORE),
    (["import", "products", "--help"], SCREEN | PAPER | SHEETS | SERVERS | STORE),
    (["labels", "--help"], SCREEN | PAPER | SHEETS | SERVERS | STORE),
    (["sheets", "avery"], SCREEN | PAPER | SHEETS | SERVERS | STORE),
    (["stock"], SCREEN | PAPER | SHEETS | SERVERS),
    (["scan", "4006381333931", "--json"], SCREEN | PAPER | SHEETS | SERVERS),
    (["low"], SCREEN | PAPER | SHEETS | SERVERS),
    (["post", "-"], SCREEN | PAPER | SHEETS | SERVERS),
    (["import", "products", "tests/data/import/woocommerce_small.csv"], SCREEN | PAPER | SHEETS | SERVERS),
    (["doctor"], SCREEN | PAPER | SHEETS | SERVERS),
    (["backup"], SCREEN | PAPER | SHEETS | SERVERS),
]


def modules_after(code: str, arguments: list[str], folder: Path, **environment: str) -> set[str]:
    """The top names of `sys.modules` when `code` has run in a Python of its own; fails if the code fails."""
    tell = folder / "modules.json"
    run = subprocess.run(
        [sys.executable, "-c", TELL_MODULES + code, *arguments],
        cwd=house.ROOT,
        env={**os.environ, "HOUSE_MODULES": str(tell), "PYTHONDONTWRITEBYTECODE": "1", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    return set(json.loads(tell.read_text()))


def breaches(rule: house.Rule, *beginnings: str, ending: str = ".py") -> list[str]:
    """What `rule` says of the project's files whose names begin so."""
    found = []
    for name in house.tracked():
        if name.startswith(beginnings) and name.endswith(ending):
            text = house.text_of(name)
            found += rule(name, text) if text is not None else []
    return found


@pytest.mark.parametrize(("package", "unwanted"), PACKAGES, ids=[name for name, _ in PACKAGES])
def test_a_package_brings_only_the_libraries_of_its_floor(
    package: str, unwanted: set[str], tmp_path: Path
) -> None:
    loaded = modules_after(IMPORT_ALL, [package], tmp_path)
    assert "stockshop" in loaded
    assert not loaded & unwanted


@pytest.mark.parametrize(("arguments", "unwanted"), COMMANDS, ids=[" ".join(words) for words, _ in COMMANDS])
def test_a_command_without_a_screen_loads_no_screen_and_no_paper(
    arguments: list[str], unwanted: set[str], tmp_path: Path, make_sqlite: Callable[[], str]
) -> None:
    path = make_sqlite()
    store = open_store(path)
    furnish(store, "Kim", ShopSettings("Corner shop", "EUR", "en_GB")).close()
    loaded = modules_after(RUN_COMMAND, arguments, tmp_path, STOCKSHOP_SHOP=path)
    assert "click" in loaded
    assert not loaded & unwanted


def test_the_look_at_loaded_modules_sees_a_deferred_import(tmp_path: Path) -> None:
    assert "rich" in modules_after("def late():\n    import rich\nlate()", [], tmp_path)


def test_transactions_are_opened_in_one_place() -> None:
    assert breaches(house.bare_atomic, "stockshop/") == []


def test_notifications_are_never_read_as_markup() -> None:
    assert breaches(house.notify_with_markup, "stockshop/ui/") == []


def test_time_comes_from_the_clock_module() -> None:
    assert breaches(house.system_clock, "stockshop/", "migrations/") == []


def test_only_the_command_line_prints() -> None:
    assert breaches(house.printing, "stockshop/", "migrations/") == []


def test_files_and_functions_keep_to_one_job() -> None:
    assert breaches(house.too_long, "stockshop/", "migrations/") == []


def test_leaf_values_stand_on_little() -> None:
    leaves = [name for name in house.tracked() if house.is_leaf(name)]
    assert "stockshop/clock.py" in leaves
    assert [breach for name in leaves for breach in house.leaf_imports(name, house.text_of(name) or "")] == []


def test_the_top_level_holds_what_the_design_names() -> None:
    assert house.strangers(house.tracked()) == []


def test_no_file_names_a_registry_or_a_machine() -> None:
    assert breaches(house.named_places, "", ending="") == []


@pytest.mark.parametrize(
    ("rule", "name", "bad", "good"),
    [
        (
            house.bare_atomic,
            "stockshop/services/stock.py",
            "with db.atomic() as t: pass",
            "with writing(): pass",
        ),
        (house.bare_atomic, "stockshop/services/stock.py", "@db.atomic()\ndef f(): pass", "atomic = 1"),
        (
            house.notify_with_markup,
            "stockshop/ui/app.py",
            "self.notify(name)",
            "self.notify(name, markup=False)",
        ),
        (house.notify_with_markup, "stockshop/ui/app.py", "notify(a, markup=True)", "self.notified(a)"),
        (house.system_clock, "stockshop/a.py", "import time\ntime.time()", "import time\ntime.monotonic()"),
        (house.system_clock, "stockshop/a.py", "import time as t\nf = t.time_ns", "t.time_ns"),
        (
            house.system_clock,
            "stockshop/a.py",
            "from datetime import datetime as dt, UTC\ndt.now(UTC)",
            "from stockshop import clock\nclock.today()",
        ),
        (house.system_clock, "stockshop/a.py", "import datetime\ndatetime.date.today()", "date.today()"),
        (house.system_clock, "migrations/1.py", "'DEFAULT CURRENT_TIMESTAMP'", "'the current time'"),
        (house.system_clock, "stockshop/a.py", "\"SELECT strftime('%s', 'now')\"", "'SELECT at_us'"),
        (house.printing, "stockshop/ledger/a.py", "print(1)", "page.printed(1)"),
        (house.too_long, "stockshop/a.py", "x = 1\n" * 421, "x = 1\n" * 420),
        (
            house.too_long,
            "stockshop/a.py",
            "def f():\n" + "    x = 1\n" * 80,
            "async def f():\n" + "    x = 1\n" * 79,
        ),
        (house.leaf_imports, "stockshop/money.py", "import peewee", "import decimal, babel.numbers"),
        (
            house.leaf_imports,
            "stockshop/money.py",
            "from stockshop.ledger import posting",
            "import stockshop.text",
        ),
        (house.leaf_imports, "stockshop/money.py", "from stockshop import ui", "from stockshop import text"),
        (house.leaf_imports, "stockshop/money.py", "from . import storage", "from . import text"),
        (house.leaf_imports, "stockshop/barcodes/a.py", "from ..ui import app", "from .gs1 import parse"),
        (house.leaf_imports, "stockshop/money.py", "import peewee as stdnum", "from stdnum import ean"),
        (house.named_places, "a.lock", "x @ ftp" + "://a.example", "a==1 \\"),
        (house.named_places, "README.md", "see https://pyp" + "i.org/simple", "see the package's own page"),
        (house.named_places, "a.py", "open('/" + "work/data')", "open('../work/data')"),
        (house.named_places, "a.sh", "cd /" + "root", "cd https://a.example/root"),
        (house.named_places, "a.toml", "C:\\User" + "s\\me", "%APPDATA%"),
        (house.named_places, "a.md", "Co-Author" + "ed-By: x", "written by the owner"),
    ],
)
def test_each_rule_of_the_house_sees_a_breach_and_lets_good_work_pass(
    rule: house.Rule, name: str, bad: str, good: str
) -> None:
    complaints = rule(name, bad)
    assert complaints and complaints[0].startswith(f"{name}:")
    assert rule(name, good) == []


def test_the_exempt_places_are_exempt() -> None:
    assert house.bare_atomic("stockshop/storage/database.py", "db.atomic()") == []
    assert house.system_clock("stockshop/clock.py", "import time\ntime.time_ns()") == []
    assert house.printing("stockshop/cli/stock.py", "print(1)") == []


def test_a_stranger_at_the_top_level_is_seen_with_and_without_git(tmp_path: Path) -> None:
    (tmp_path / "stockshop").mkdir()
    for name in ("stockshop/a.py", "README.md", ".gitignore", "notes.txt"):
        (tmp_path / name).write_text("x\n")
    (tmp_path / ".venv" / "lib").mkdir(parents=True)
    (tmp_path / ".venv" / "lib" / "b.py").write_text("x\n")
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "c.whl").write_text("x\n")
    assert house.tracked(tmp_path) == ["README.md", "notes.txt", "stockshop/a.py"]
    assert house.strangers(house.tracked(tmp_path)) == ["notes.txt"]
    assert house.strangers(["stockshop/a.py", "tools/b.py", ".ci/run"]) == ["tools"]


def test_files_that_are_not_text_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\x00\x01")
    (tmp_path / "old.txt").write_bytes(b"caf\xe9")
    assert house.text_of("picture.png", tmp_path) is None
    assert house.text_of("old.txt", tmp_path) is None
