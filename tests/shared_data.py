"""Where the data lies that tests may read but the project may not ship."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data"


def shared(*parts: str) -> Path:
    """The path of one shared file; in a bare clone outside CI the calling test steps aside."""
    path = _FOLDER.joinpath(*parts)
    if not path.exists() and not os.environ.get("CI"):
        pytest.skip("the shared test data is not beside this checkout")
    return path
