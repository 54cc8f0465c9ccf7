"""Where the files shipped with stockshop lie: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _folder(name: str) -> Path:
    shipped = _PACKAGE / "_shipped" / name
    return shipped if shipped.is_dir() else _PACKAGE.parent / name


def migrations_folder() -> Path:
    """The folder of migration files."""
    return _folder("migrations")


def asset(*parts: str) -> Path:
    """The path of one shipped asset, such as `asset("sheets", "label_sheets.csv")`."""
    return _folder("assets").joinpath(*parts)
