"""The wheel carries everything: built, installed into an empty environment, and used from elsewhere."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from stockshop import __version__
from tests import house

pytestmark = pytest.mark.xdist_group("wheel")

SHIPPED = ("migrations/", "assets/")


@dataclass(frozen=True, slots=True)
class Installed:
    """An environment that has stockshop from its wheel, and a folder far from the checkout."""

    wheel: Path
    python: Path
    elsewhere: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the environment's Python with these arguments, from elsewhere."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        return subprocess.run(
            [str(self.python), *arguments],
            cwd=self.elsewhere,
            env={**kept, "PYTHONUTF8": "1"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )

    def answer(self, *arguments: str) -> str:
        """What `python -m stockshop ARGUMENTS` prints; fails when it fails."""
        run = self.run("-m", "stockshop", *arguments)
        assert run.returncode == 0, run.stderr
        return run.stdout


def _copy_of_the_project(folder: Path) -> Path:
    """The tracked files alone, so that nothing that merely lies about gets into the wheel."""
    for name in house.tracked():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(house.ROOT / name, target)
    return folder


def _build(project: Path, out: Path) -> Path:
    """Build the wheel with the backend that is installed here, without network or isolation."""
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)],
        cwd=project,
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = out.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    base = tmp_path_factory.mktemp("wheel")
    wheel = _build(_copy_of_the_project(base / "project"), base / "dist")

    place = base / "environment"
    venv.EnvBuilder(with_pip=False).create(place)
    paths = sysconfig.get_paths("venv", vars={"base": str(place), "platbase": str(place)})
    packages = Path(paths["purelib"])
    pip = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "--python", str(place), "install", "--quiet"),
            *("--no-deps", "--no-index", "--no-compile", "--disable-pip-version-check", str(wheel)),
        ],
        cwd=base,
        capture_output=True,
        text=True,
    )
    assert pip.returncode == 0, pip.stderr
    # The libraries are already here: lend them, after the environment's own packages.
    lent = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "lent.pth").write_text("\n".join(sorted(lent)) + "\n", encoding="utf-8")
    elsewhere = base / "elsewhere"
    elsewhere.mkdir()
    return Installed(wheel, Path(paths["scripts"]) / Path(sys.executable).name, elsewhere)


def test_the_wheel_runs_from_a_folder_that_is_not_the_checkout(installed: Installed) -> None:
    where = installed.run("-c", "import stockshop; print(stockshop.__file__)").stdout.strip()
    assert Path(where).is_relative_to(installed.python.parents[1])
    assert installed.answer("--version").strip() == f"stockshop, version {__version__}"


def test_the_command_called_stockshop_is_there(installed: Installed) -> None:
    name = "stockshop.exe" if os.name == "nt" else "stockshop"
    run = subprocess.run(
        [str(installed.python.parent / name), "--version"],
        cwd=installed.elsewhere,
        capture_output=True,
        text=True,
    )
    assert (run.returncode, run.stdout.strip()) == (0, f"stockshop, version {__version__}")


def test_the_installed_package_finds_its_migrations_and_assets_inside_itself(installed: Installed) -> None:
    code = (
        "import json; from stockshop import resources as r\n"
        "def names(root): return [p.relative_to(root).as_posix() for p in root.rglob('*') if p.is_file()]\n"
        "print(json.dumps([str(r.migrations_folder()), names(r.migrations_folder()), names(r.asset())]))"
    )
    run = installed.run("-c", code)
    assert run.returncode == 0, run.stderr
    folder, migrations, assets = json.loads(run.stdout)
    assert Path(folder).is_relative_to(installed.python.parents[1])
    tracked = house.tracked()
    for prefix, found in zip(SHIPPED, (migrations, assets), strict=True):
        expected = [name.removeprefix(prefix) for name in tracked if name.startswith(prefix)]
        assert expected
        assert sorted(found) == sorted(expected)


def test_the_wheel_holds_the_package_whole_and_nothing_else(installed: Installed) -> None:
    with zipfile.ZipFile(installed.wheel) as wheel:
        held = set(wheel.namelist())
    tracked = house.tracked()
    package = {name for name in tracked if name.startswith("stockshop/")}
    shipped = {f"stockshop/_shipped/{name}" for name in tracked if name.startswith(SHIPPED)}
    records = {name for name in held if ".dist-info/" in name}
    assert held - records == package | shipped
    assert any(name.endswith("/licenses/LICENSE") for name in records)


def test_the_wheel_asks_for_the_libraries_that_the_lock_pins(installed: Installed) -> None:
    with zipfile.ZipFile(installed.wheel) as wheel:
        (metadata,) = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
        lines = wheel.read(metadata).decode("utf-8").split("\n\n")[0].splitlines()
    wanted = [line.removeprefix("Requires-Dist: ") for line in lines if line.startswith("Requires-Dist: ")]
    assert wanted
    for lock in ("requirements.lock", "tests/requirements.lock"):
        pinned = _pins(house.ROOT / lock)
        for requirement in (Requirement(text) for text in wanted):
            name = canonicalize_name(requirement.name)
            assert name in pinned and pinned[name] in requirement.specifier, f"{lock}: {requirement}"


def _pins(lock: Path) -> dict[str, str]:
    lines = [line for line in lock.read_text(encoding="utf-8").splitlines() if not line.startswith(" ")]
    return dict(line.split(" ")[0].split("==") for line in lines)


def test_the_test_lock_holds_all_of_the_shop_s_lock_at_the_same_versions() -> None:
    runtime, tests = _pins(house.ROOT / "requirements.lock"), _pins(house.ROOT / "tests/requirements.lock")
    assert runtime.items() <= tests.items()
    assert {"pytest", "ruff", "mypy", "import-linter", "hatchling"} <= tests.keys() - runtime.keys()


def test_every_pin_of_a_lock_has_hashes() -> None:
    for name in ("requirements.lock", "tests/requirements.lock"):
        blocks = (house.ROOT / name).read_text(encoding="utf-8").replace(" \\\n", " ").strip().splitlines()
        assert len(blocks) > 20
        assert [block for block in blocks if "--hash=sha256:" not in block] == []
