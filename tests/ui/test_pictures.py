"""Every screen looks as it was approved, in a small terminal and in a large one.

`pytest tests/ui/test_pictures.py --snapshot-update -n 0` approves what is shown now.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from stockshop import clock
from stockshop.services.shop import open_shop
from tests.ui.pictures import DAY, NOW_US, SCENES, Scene, in_utc, picture


class Svg(SingleFileSnapshotExtension):
    """A picture in a file of its own."""

    _file_extension = "svg"
    file_extension = "svg"
    _write_mode = WriteMode.TEXT

    @classmethod
    def get_snapshot_name(cls, *, test_location: Any, index: Any = 0) -> str:
        """The scene and the size alone."""
        return str(index)


@pytest.fixture(scope="module")
def sample_shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample shop of the pictures' day."""
    from stockshop.services.demo import ensure_demo_shop

    in_utc()
    return ensure_demo_shop(tmp_path_factory.mktemp("pictures"), today=DAY)


@pytest.fixture
def still() -> Iterator[None]:
    """The shop's clock stands still."""
    with clock.using(lambda: NOW_US):
        yield


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_the_screen_looks_as_it_was_approved(
    scene: Scene, size: tuple[int, int], sample_shop: Path, still: None, tmp_path: Path,
    snapshot: SnapshotAssertion, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("stockshop.ui.files.documents_folder", lambda: Path("documents"))
    # A path that is the same everywhere: some screens show it.
    monkeypatch.chdir(tmp_path)
    shop = open_shop(str(shutil.copy(sample_shop, "shop.shop")))
    try:
        svg = asyncio.run(picture(shop, scene, size))
    finally:
        shop.close()
    assert svg == snapshot(name=f"{scene.name} {size[0]}x{size[1]}", extension_class=Svg)
