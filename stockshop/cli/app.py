"""Opening the app: the one door from the command line to the screens, beside the sample shop's."""

from __future__ import annotations

import sys

from stockshop.cli.base import Choices
from stockshop.cli.folders import station_file
from stockshop.errors import Refused
from stockshop.language import tr


def require_terminal() -> None:
    """Raise Refused where the app could neither be seen nor typed into."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Refused(
            tr("The app needs a terminal to draw in; 'stockshop --help' names the commands that do not."),
            title=tr("No terminal"),
        )


def open_app(choices: Choices) -> int:
    """Open the app on the chosen shop, or on a new one made with the person's help; the exit code."""
    require_terminal()
    return start(choices.url, choices.who, may_begin=True)


def start(url: str, actor: str, *, may_begin: bool = False, offers_tour: bool = False) -> int:
    """Hand the terminal over to the app until it ends; the exit code."""
    from stockshop.ui.app import run

    return run(url, actor, station_file=station_file(), may_begin=may_begin, offers_tour=offers_tour)
