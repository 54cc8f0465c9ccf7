"""The sample shop: made the first time, opened ever after."""

from __future__ import annotations

import click

from stockshop.cli import output
from stockshop.cli.base import Choices, command
from stockshop.cli.progress import counting
from stockshop.language import tr


@command("demo")
@click.option("--no-app", is_flag=True, help="Only make the sample shop and say where it lies.")
@click.pass_context
def demo(context: click.Context, choices: Choices, no_app: bool) -> None:
    """Open the app on a sample shop of its own, to try everything.

    Nothing in it is real, and your own shop is not touched.

    \b
    Examples:
      stockshop demo
      stockshop demo --no-app
    """
    from stockshop.cli.app import require_terminal, start
    from stockshop.cli.folders import demo_folder
    from stockshop.services.demo import FILE_NAME, ensure_demo_shop

    if not no_app:
        require_terminal()
    is_new = not (demo_folder() / FILE_NAME).exists()
    with counting(tr("Sample shop")) as on_progress:
        path = ensure_demo_shop(demo_folder(), on_progress=on_progress)
    if not no_app:
        context.exit(start(str(path), choices.who, offers_tour=is_new))
    elif choices.json:
        output.emit({"shop": str(path)})
    else:
        output.say(str(path))


COMMANDS = {"demo": demo}
