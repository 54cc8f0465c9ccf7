"""The sample shop offers its tour to who opens it for the first time, and only then."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from stockshop.cli import main


def test_the_tour_is_offered_when_the_sample_shop_is_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: list[bool] = []

    def made(folder: Path, **_: Any) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "demo.shop"
        path.touch()
        return path

    def start(url: str, actor: str, *, offers_tour: bool) -> int:
        assert Path(url).name == "demo.shop" and actor == "Kim"
        offered.append(offers_tour)
        return 0

    monkeypatch.setattr("stockshop.cli.app.require_terminal", lambda: None)
    monkeypatch.setattr("stockshop.cli.app.start", start)
    monkeypatch.setattr("stockshop.services.demo.ensure_demo_shop", made)
    for _ in range(2):
        result = CliRunner().invoke(
            main, ["demo", "--actor", "Kim"], env={"XDG_DATA_HOME": str(tmp_path)}, catch_exceptions=False
        )
        assert result.exit_code == 0
    assert offered == [True, False]
