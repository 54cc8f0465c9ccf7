"""Changing one setting, in a thread: the shop's in the store, this computer's in its file."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from stockshop.config import GAP_RANGE_MS, Station
from stockshop.errors import InvalidInput, Refused, ShopError, StoreError
from stockshop.language import tr
from stockshop.ui.settings.model import Facts, Setting

if TYPE_CHECKING:
    from stockshop.services.shop import Shop

_NUMBERS = ("dpi", "scan_gap_ms")
_FOLDERS = ("papers_folder", "backups_folder")


def change(shop: Shop, actor: str, facts: Facts, setting: Setting, text: str) -> Station | None:
    """Give a setting the value that was typed or chosen; this computer's settings when they changed.

    Raises ShopError whose `field` is that of the setting.
    """
    if setting.fixed:
        raise Refused(setting.fixed, field=setting.field)
    try:
        if setting.id.startswith("station."):
            return change_here(facts, **{setting.field: _station_value(setting.field, text)})
        _change_shop(shop, actor, facts, setting, text)
    except StoreError:
        raise
    except ShopError as error:
        error.field = setting.field
        raise
    return None


def _change_shop(shop: Shop, actor: str, facts: Facts, setting: Setting, text: str) -> None:
    from stockshop.services import rules
    from stockshop.services.shop import change_settings
    from stockshop.ui.settings.shop_rows import closing_instant_us, read_percent

    if setting.id == "rules.costing":
        rules.set_costing(shop, actor, text)
    elif setting.id == "rules.negative_policy":
        rules.set_negative_policy(shop, actor, text)
    elif setting.id == "rules.close":
        rules.close_period(shop, actor, closing_instant_us(text, facts))
    else:
        reads: dict[str, Callable[[str], object]] = {
            "tax_rate_milli": read_percent,
            "price_includes_tax": lambda key: key == "1",
            "rcn_pattern": lambda pattern: pattern.strip().upper(),
        }
        change_settings(shop, actor, **{setting.field: reads.get(setting.field, str)(text)})


def _station_value(name: str, text: str) -> object:
    if name == "keyboard":
        # It is found out on another screen; here it can only be forgotten.
        return {}
    if name in _NUMBERS:
        low, high = GAP_RANGE_MS
        if not text.isdecimal():
            raise InvalidInput(
                tr("Write a whole number from {low} to {high}.", low=low, high=high), field=name
            )
        return int(text)
    if name in _FOLDERS and text:
        folder = Path(os.path.expandvars(text)).expanduser()
        if not folder.is_absolute():
            raise InvalidInput(tr("Write the whole path of the folder; ~ is your home folder."), field=name)
        if not folder.is_dir():
            raise InvalidInput(
                tr("There is no folder {path}; make it first, or choose another.", path=folder), field=name
            )
    return text


def change_here(facts: Facts, **changes: object) -> Station:
    """Change settings of this computer. Raises Refused where there is no file for them, InvalidInput."""
    from stockshop.services.station import change_station

    if facts.station_file is None:
        raise Refused(
            tr("This app was opened without a file for this computer's settings, so it cannot be kept.")
        )
    return change_station(facts.station_file, **changes)


def read_facts(shop: Shop, station: Station, station_file: Path | None, backups: Path) -> Facts:
    """Everything the screen shows but the keys, read in a thread."""
    from babel import Locale

    from stockshop.language import languages
    from stockshop.services import locations
    from stockshop.services.rules import shop_rules
    from stockshop.services.shop import reread_settings
    from stockshop.ui.wording import Wording

    settings = reread_settings(shop)
    names = tuple((code, str(Locale.parse(code).get_display_name(code) or code)) for code in languages())
    return Facts(
        settings,
        shop_rules(shop),
        tuple(place.code for place in locations.places(shop) if place.kind == "bin"),
        station,
        station_file,
        (),
        names,
        Wording(settings.currency, settings.locale, shop.zone),
        Path(os.path.expandvars(station.backups_folder)).expanduser() if station.backups_folder else backups,
    )
