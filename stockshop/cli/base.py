"""What every command has: the options `--json`, `--shop` and `--actor`, and the way it may end.

The options stand before or after the command's name. Exit codes: 0 done; 1 refused, the reason on
the standard error; 2 wrong usage; 3 `doctor` found trouble; 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from stockshop.cli import failing, helping
from stockshop.errors import InvalidInput, ShopError
from stockshop.language import ENGLISH, speak, tr

if TYPE_CHECKING:
    from stockshop.services.shop import Shop

REFUSED = 1
USAGE = 2
TROUBLE = 3
INTERRUPTED = 130


@dataclass(slots=True)
class Choices:
    """What was chosen for the whole run."""

    shop: str | None = None
    """Path or URL; None: the shop in the user's data folder."""
    actor: str | None = None
    """Who does it; None: the login name."""
    json: bool = False
    language: str = ""
    """What this computer speaks; empty: as the shop does."""

    def speak_first(self) -> None:
        """Before a shop is open: this computer's language, else that of its surroundings.

        Programs that read JSON get the same words everywhere.
        """
        from stockshop.cli.folders import station_file, surrounding_locale
        from stockshop.config import read_station

        self.language = read_station(station_file())[0].language
        speak(ENGLISH if self.json else self.language or surrounding_locale())

    @property
    def url(self) -> str:
        """The path or URL of the shop."""
        from stockshop.cli.folders import default_shop

        chosen = self.shop or str(default_shop())
        if not chosen.isascii() and any("\ud800" <= char <= "\udfff" for char in chosen):
            raise InvalidInput(tr("The name of the shop's file is no text; rename it."), field="shop")
        return chosen

    @property
    def who(self) -> str:
        """The name that is kept with what is done."""
        from stockshop.cli.folders import login_name

        return self.actor or login_name()

    @contextmanager
    def open(self) -> Iterator[Shop]:
        """The shop, closed at the end of the block. Raises what `open_shop` raises."""
        from stockshop.services.shop import opened

        with opened(self.url) as shop:
            if not self.json and not self.language:
                speak(shop.settings.locale)
            yield shop


def _remember(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    if value:
        setattr(context.ensure_object(Choices), str(parameter.name), value)
        if parameter.name == "json":
            speak(ENGLISH)


def _everywhere(*, is_root: bool) -> list[click.Parameter]:
    return [
        click.Option(
            ["--json"],
            is_flag=True,
            expose_value=False,
            callback=_remember,
            help="Print the answer as JSON, for other programs.",
        ),
        click.Option(
            ["--shop"],
            metavar="PATH_OR_URL",
            envvar="STOCKSHOP_SHOP" if is_root else None,
            expose_value=False,
            callback=_remember,
            help="Which shop: a file, or postgresql://… (or set STOCKSHOP_SHOP; "
            "else the shop in your data folder).",
        ),
        click.Option(
            ["--actor"],
            metavar="NAME",
            envvar="STOCKSHOP_ACTOR" if is_root else None,
            expose_value=False,
            callback=_remember,
            help="Who does it (or set STOCKSHOP_ACTOR; else your login name).",
        ),
    ]


def _write_options(command: click.Command, context: click.Context, formatter: click.HelpFormatter) -> None:
    """The command's own options, then those that every command has."""
    own: list[tuple[str, str]] = []
    shared: list[tuple[str, str]] = []
    for parameter in command.get_params(context):
        record = helping.option_record(parameter, context)
        if record is not None:
            is_shared = parameter.name in ("json", "shop", "actor") and not parameter.expose_value
            (shared if is_shared else own).append(record)
    for heading, records in ((tr("Options"), own), (tr("For every command"), shared)):
        if records:
            with formatter.section(heading):
                formatter.write_dl(records)


class ShopCommand(click.Command):
    """A command with the options that every command has."""

    def __init__(self, *args: Any, **extra: Any) -> None:
        super().__init__(*args, **extra)
        self.params += _everywhere(is_root=False)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        helping.write_help(self, ctx, formatter)

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        helping.write_arguments(self, ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        _write_options(self, ctx, formatter)


class ShopGroup(click.Group):
    """Commands about one noun."""

    command_class = ShopCommand
    group_class = type

    def __init__(self, *args: Any, **extra: Any) -> None:
        super().__init__(*args, **extra)
        self.params += _everywhere(is_root=False)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        helping.write_help(self, ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(tr("Commands")):
            formatter.write_dl([(name, helping.short_help(made)) for name, made in self.commands.items()])
        _write_options(self, ctx, formatter)


class Root(click.Group):
    """The `stockshop` command: its commands by section, each loaded when it is wanted."""

    def __init__(self, *args: Any, sections: Mapping[str, Mapping[str, str]], **extra: Any) -> None:
        super().__init__(*args, **extra)
        self.params += _everywhere(is_root=True)
        self.sections = sections
        self._modules = {name: module for commands in sections.values() for name, module in commands.items()}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = self._modules.get(cmd_name)
        if module is None:
            return None
        commands: dict[str, click.Command] = importlib.import_module(f"stockshop.cli.{module}").COMMANDS
        return commands[cmd_name]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        helping.write_help(self, ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for heading, names in self.sections.items():
            rows = [(name, self.get_command(ctx, name)) for name in names]
            with formatter.section(tr(heading)):
                formatter.write_dl(
                    [(name, helping.short_help(command)) for name, command in rows if command is not None]
                )
        _write_options(self, ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        formatter.write_text(
            tr("Exit codes: 0 done; 1 refused, with the reason; 2 used wrongly; 3 the doctor found trouble.")
        )

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        choices = Choices(json="--json" in args)
        choices.speak_first()
        return super().make_context(info_name, args, parent, obj=choices, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        choices = ctx.ensure_object(Choices)
        try:
            answer = super().invoke(ctx)
        except ShopError as error:
            sys.stdout.flush()
            failing.tell(error, as_json=choices.json)
            ctx.exit(REFUSED)
        # Here a reader that has gone is noticed while it can still be met quietly.
        sys.stdout.flush()
        return answer

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run, and end the program with the exit code; with `standalone_mode=False`, as click does."""
        if standalone_mode:
            failing.prepare_streams()
            if args is None:
                sys.excepthook = failing.report_unexpected
        try:
            answer = super().main(args, prog_name, complete_var, False, **extra)
        except click.ClickException as error:
            if not standalone_mode:
                raise
            failing.tell_usage(error)
            sys.exit(error.exit_code)
        except click.Abort:
            if not standalone_mode:
                raise
            sys.exit(INTERRUPTED)
        except OSError as error:
            if not standalone_mode or not failing.tell_full(error):
                raise
            sys.exit(REFUSED)
        if standalone_mode:
            sys.exit(answer if isinstance(answer, int) else 0)
        return answer


def command(name: str, **extra: Any) -> Callable[[Callable[..., None]], ShopCommand]:
    """A command of its own, handed the run's Choices as its first argument."""

    def decorate(function: Callable[..., None]) -> ShopCommand:
        return click.command(name, cls=ShopCommand, **extra)(click.pass_obj(function))

    return decorate


def group(name: str, **extra: Any) -> Callable[[Callable[[], None]], ShopGroup]:
    """A group of commands about one noun."""

    def decorate(function: Callable[[], None]) -> ShopGroup:
        return click.group(name, cls=ShopGroup, **extra)(function)

    return decorate


def subcommand(parent: ShopGroup, name: str, **extra: Any) -> Callable[[Callable[..., None]], ShopCommand]:
    """A command of a group, handed the run's Choices as its first argument."""

    def decorate(function: Callable[..., None]) -> ShopCommand:
        made = command(name, **extra)(function)
        parent.add_command(made)
        return made

    return decorate
