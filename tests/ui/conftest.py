"""The app under test speaks English, whatever its shop's locale, unless a test gives it a station."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from stockshop import language
from stockshop.config import Station


@pytest.fixture(autouse=True)
def english_app(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The settings of an app without a file for them."""
    monkeypatch.setattr("stockshop.ui.app.Station", partial(Station, language=language.ENGLISH))
    yield
