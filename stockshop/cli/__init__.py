"""The command line: reads what was typed, calls a service, prints the answer."""

from __future__ import annotations

import click

from stockshop import __version__


@click.group()
@click.version_option(__version__, prog_name="stockshop")
def main() -> None:
    """Stock control for a small shop."""
