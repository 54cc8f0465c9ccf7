"""A furnished shop on each engine, and the command line with that shop chosen."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from stockshop.cli import main
from stockshop.services.shop import ShopSettings, furnish
from stockshop.storage.database import open_store

SETTINGS = ShopSettings("Eckladen", "EUR", "de_DE", timezone="Europe/Berlin")


@dataclass(frozen=True)
class Shell:
    """Types commands for one shop."""

    url: str
    environment: Mapping[str, str]

    def __call__(self, *words: str, stdin: str | bytes | None = None) -> Result:
        """Run a command in this process; an unexpected error fails the test."""
        return CliRunner().invoke(
            main, list(words), input=stdin, env=dict(self.environment), catch_exceptions=False
        )

    def done(self, *words: str, stdin: str | bytes | None = None) -> str:
        """Run a command that must succeed; answers what it printed."""
        result = self(*words, stdin=stdin)
        assert result.exit_code == 0, result.stderr
        return result.stdout

    def data(self, *words: str, stdin: str | bytes | None = None) -> Any:
        """Run a command with `--json` that must succeed; answers its data."""
        return json.loads(self.done("--json", *words, stdin=stdin))

    def post(self, *entries: dict[str, Any] | str) -> list[dict[str, Any]]:
        """Post entries from the standard input; answers each line's answer."""
        lines = [entry if isinstance(entry, str) else json.dumps(entry) for entry in entries]
        result = self("post", "-", stdin="\n".join(lines) + "\n")
        return [json.loads(line) for line in result.stdout.splitlines()]


def _shell(url: str, home: Path) -> Shell:
    store = open_store(url)
    furnish(store, "Kim", SETTINGS).close()
    shell = Shell(
        url,
        {
            "STOCKSHOP_SHOP": url,
            "STOCKSHOP_ACTOR": "Kim",
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_STATE_HOME": str(home / "state"),
        },
    )
    shell.done(
        "product", "add", "Green tea", "--sku", "TEA", "--barcode", "4006381333931", "--price", "3.49",
        "--bin", "A-01",
    )  # fmt: skip
    shell.done("product", "barcode", "add", "TEA", "14006381333938", "--quantity", "12")
    return shell


@pytest.fixture
def shell(shop_url: str, tmp_path: Path) -> Shell:
    """A shop with one product on each engine: TEA, 4006381333931, in packs of 12, kept in A-01."""
    return _shell(shop_url, tmp_path)


@pytest.fixture
def desk(make_sqlite: Callable[[], str], tmp_path: Path) -> Shell:
    """The same shop in a file only, for what has nothing to do with the engine."""
    return _shell(make_sqlite(), tmp_path)
