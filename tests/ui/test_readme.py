"""The README promises keys and tells how things are done; the app and its help say the same."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from stockshop.ui.keys import all_keys, faults, ways
from stockshop.ui.topics import JOBS, said
from tests.ui.pictures import SCENES

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_key_of_the_readme_is_a_key_of_the_app() -> None:
    promised = set(re.findall(r"\*\*((?:Ctrl\+|Alt\+|F)[A-Z0-9]{1,2})\*\*", TEXT))
    bound = {name for key in all_keys() for name in ways(key.keys)}
    assert len(promised) >= 15
    assert promised <= bound


def test_the_readme_tells_the_ten_commonest_jobs_as_the_help_does() -> None:
    rows = dict(re.findall(r"^\| ([A-Z][^|]+?) \| (.+?) \|$", TEXT, re.MULTILINE))
    told = {what: how.replace("**", "").replace("`", "") for what, how in rows.items()}
    assert {job.title: said(job, {}) for job in JOBS} == told


def test_the_settings_in_the_readme_can_be_used_as_they_stand() -> None:
    (block,) = re.findall(r"```toml\n(.+?)```", TEXT, re.DOTALL)
    assert faults(tomllib.loads(block)["keys"]) == ()


def test_the_pictures_in_the_readme_are_those_that_are_made_from_the_app() -> None:
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", TEXT)
    assert shown == [f"assets/screenshots/{scene.name}.svg" for scene in SCENES if scene.in_readme]
    assert all((ROOT / path).read_text(encoding="utf-8").startswith("<svg") for path in shown)
