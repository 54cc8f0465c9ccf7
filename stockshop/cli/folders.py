"""Where the shop lies when nobody says, and who is at the keyboard."""

from __future__ import annotations

import os
from pathlib import Path


def data_folder() -> Path:
    """The folder for the user's own data, by the customs of the system."""
    from platformdirs import user_data_path

    return user_data_path("stockshop", appauthor=False)


def default_shop() -> Path:
    """The shop that is opened when no other is named."""
    return data_folder() / "my.shop"


def demo_folder() -> Path:
    """Where the sample shop lies."""
    return data_folder() / "demo"


def error_log() -> Path:
    """Where faults of the program are kept."""
    from platformdirs import user_log_path

    return user_log_path("stockshop", appauthor=False) / "errors.log"


def station_file() -> Path:
    """Where this computer's own settings lie; STOCKSHOP_STATION names another place."""
    from platformdirs import user_config_path

    chosen = os.environ.get("STOCKSHOP_STATION")
    return Path(chosen) if chosen else user_config_path("stockshop", appauthor=False) / "station.toml"


def login_name() -> str:
    """The name the person logged in with."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        # A system without a name for the user, such as a bare container.
        return "shop"


def surrounding_locale() -> str:
    """The locale this program is run in, as `de_AT`; empty where nothing says."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if said := os.environ.get(name):
            return said.partition(".")[0]
    return ""
