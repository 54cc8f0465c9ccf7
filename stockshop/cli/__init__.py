"""The command line: reads what was typed, calls a service, prints the answer.

Each command's module is loaded when the command is wanted, and what is heavy only when it runs.
"""

from __future__ import annotations

import click

from stockshop import __version__
from stockshop.cli.base import Root
from stockshop.language import mark

SECTIONS = {
    mark("Begin"): {
        "demo": "demo",
        "new": "shop",
        "settings": "shop",
        "import": "importing",
    },
    mark("Every day"): {
        "scan": "scanning",
        "stock": "stock",
        "history": "stock",
        "low": "stock",
        "post": "posting",
        "undo": "stock",
    },
    mark("Products and places"): {
        "product": "catalogue",
        "place": "locations",
    },
    mark("Paper"): {
        "labels": "printing",
        "sheets": "printing",
        "count": "counting",
    },
    mark("Looking after it"): {
        "doctor": "care",
        "backup": "care",
        "restore": "care",
        "move-to": "care",
        "close-period": "shop",
        "export": "exporting",
    },
}
"""Each command under the heading it has in the help, with its module in this package."""


@click.group(cls=Root, sections=SECTIONS, invoke_without_command=True)
@click.version_option(__version__, prog_name="stockshop", help="Show the version and end.")
@click.pass_context
def main(context: click.Context) -> None:
    """Stock control for a small shop.

    Without a command, the app opens: all keyboard, with a scanner, in this window. The commands
    do single things, for quick questions, for files and for other programs.

    \b
    Examples:
      stockshop demo                       try everything on a sample shop
      stockshop new --name "Corner shop" --currency EUR
      stockshop import products products.csv
      stockshop stock 4006381333931        how many there are, and where
      stockshop low                        what has to be ordered
    """
    if context.invoked_subcommand is None:
        from stockshop.cli.app import open_app

        context.exit(open_app(context.obj))
