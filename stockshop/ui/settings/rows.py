"""All settings in the order in which they are shown."""

from __future__ import annotations

from collections.abc import Iterator

from stockshop.ui.settings.model import Facts, Setting
from stockshop.ui.settings.shop_rows import rule_settings, safety_settings, scale_settings, shop_settings
from stockshop.ui.settings.station_rows import key_settings, scanner_settings, station_settings


def all_settings(facts: Facts) -> Iterator[Setting]:
    """Every setting, as model.SECTIONS orders them."""
    for section in (
        shop_settings, rule_settings, scale_settings, station_settings, scanner_settings, safety_settings,
        key_settings,
    ):  # fmt: skip
        yield from section(facts)
