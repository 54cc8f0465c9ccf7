"""Opening the app: the one door from the command line to the screens, beside the sample shop's."""

from __future__ import annotations

import sys

from stockshop.cli.base import Choices
from stockshop.errors import Refused


def require_terminal() -> None:
    """Raise Refused where the app could neither be seen nor typed into."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Refused(
            "The app needs a terminal to draw in; 'stockshop --help' names the commands that do not.",
            title="No terminal",
        )


def open_app(choices: Choices) -> None:
    """Open the app on the chosen shop. Raises NotFound when there is none yet."""
    require_terminal()
    start(choices.url, choices.who)


def start(url: str, actor: str) -> None:
    """Hand the terminal over to the app until it ends. Raises what opening the shop raises."""
    from stockshop.ui.app import run

    run(url, actor)
