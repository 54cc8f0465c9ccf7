"""The help of a command in the language that is spoken: docstrings and the helps of options are looked up."""

from __future__ import annotations

import copy
import inspect

import click

from stockshop.language import tr

_AS_IT_IS = "\b"
"""What click takes as: do not wrap this paragraph."""
SHORT = 80


def paragraphs(text: str) -> list[tuple[str, bool]]:
    """The paragraphs of a docstring, and whether each keeps its lines as they are, as examples do."""
    found = []
    for part in inspect.cleandoc(text).split("\n\n"):
        if part.startswith(_AS_IT_IS):
            found.append((part.removeprefix(_AS_IT_IS).strip("\n"), True))
        elif part.strip():
            found.append((" ".join(part.split()), False))
    return found


def translated(text: str) -> str:
    """A docstring as click wants it, each paragraph looked up."""
    return "\n\n".join(
        f"{_AS_IT_IS}\n{tr(part)}" if as_it_is else tr(part) for part, as_it_is in paragraphs(text)
    )


def short_help(command: click.Command) -> str:
    """What the list of commands says about one: the first sentence of its help."""
    if command.short_help:
        return tr(command.short_help)
    found = paragraphs(command.help or "")
    if not found:
        return ""
    return click.Command(None, help=tr(found[0][0])).get_short_help_str(SHORT)


def write_help(command: click.Command, context: click.Context, formatter: click.HelpFormatter) -> None:
    """The command's text, as click writes it, but looked up."""
    click.Command(command.name, help=translated(command.help or "")).format_help_text(context, formatter)


def write_arguments(command: click.Command, context: click.Context, formatter: click.HelpFormatter) -> None:
    """What stands without a name behind the command, as click lists it, but looked up."""
    found = [one for one in command.get_params(context) if isinstance(one, click.Argument) and one.help]
    rows = []
    for one in found:
        shown = copy.copy(one)
        shown.help = tr(one.help) if one.help else one.help
        rows.append(shown.get_help_record(context))
    if rows:
        with formatter.section(tr("Positional arguments")):
            formatter.write_dl([row for row in rows if row is not None])


def option_record(parameter: click.Parameter, context: click.Context) -> tuple[str, str] | None:
    """Names and help of an option, its help looked up; None where it is not shown."""
    if not isinstance(parameter, click.Option):
        return None
    shown = copy.copy(parameter)
    shown.help = tr(shown.help) if shown.help else shown.help
    return shown.get_help_record(context)
