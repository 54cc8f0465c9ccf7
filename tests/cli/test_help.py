"""Every command, option and argument says what it is for; the options of all stand before and after."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from stockshop.cli import SECTIONS, main

README = Path(__file__).resolve().parents[2] / "README.md"
SHARED = {"json", "shop", "actor"}


def every_command() -> Iterator[tuple[str, click.Command]]:
    """Each command with the words that call it, groups among them."""
    context = click.Context(main)
    open_: list[tuple[str, click.Command]] = [
        (name, command)
        for name in main.list_commands(context)
        if (command := main.get_command(context, name)) is not None
    ]
    while open_:
        words, command = open_.pop()
        yield words, command
        if isinstance(command, click.Group):
            open_ += [(f"{words} {name}", one) for name, one in command.commands.items()]


COMMANDS = dict(every_command())
SINGLE = {words: command for words, command in COMMANDS.items() if not isinstance(command, click.Group)}


def test_the_help_knows_the_commands_of_the_design() -> None:
    wanted = {
        "demo", "new", "import products", "import stock", "export", "post", "scan", "stock", "history", "low",
        "labels", "sheets", "count sheet", "doctor", "backup", "restore", "move-to",
    }  # fmt: skip
    assert wanted <= SINGLE.keys()
    assert {words.split()[0] for words in COMMANDS} == {name for names in SECTIONS.values() for name in names}


@pytest.mark.parametrize("words", sorted(COMMANDS))
def test_every_command_option_and_argument_is_explained(words: str) -> None:
    command = COMMANDS[words]
    context = click.Context(command, info_name=words)
    assert command.help
    summary = command.get_short_help_str(80)
    assert not summary.endswith("..."), summary
    for parameter in command.params:
        said = getattr(parameter, "help", None)
        assert said and said.strip().endswith((".", ").", "…")), parameter.name
    assert {parameter.name for parameter in command.params} >= SHARED
    assert command.get_help(context)


@pytest.mark.parametrize("words", sorted(SINGLE))
def test_every_command_has_an_example_that_it_understands(words: str) -> None:
    examples = re.findall(
        rf"^ *(?:\S+ \| )?stockshop ((?:--shop \S+ )?{words}.*)$", SINGLE[words].help or "", re.M
    )
    assert examples, words
    for example in examples:
        typed = re.findall(r'"([^"]*)"|(\S+)', example)
        parts = [quoted or plain for quoted, plain in typed]
        while parts[0] != words.split()[0]:
            parts.pop(0)
        # Parsed only: the example must be a correct way to call the command.
        SINGLE[words].make_context(words, parts[len(words.split()) :])


def test_the_help_of_the_whole_names_every_command_and_the_exit_codes() -> None:
    told = CliRunner().invoke(main, ["--help"])
    assert told.exit_code == 0
    for names in SECTIONS.values():
        for name in names:
            assert re.search(rf"^  {name}  ", told.output, re.M), name
    assert "Exit codes" in told.output


def test_the_readme_names_the_commonest_commands() -> None:
    text = README.read_text(encoding="utf-8")
    for words in (
        "new", "import products", "scan", "stock", "history", "low", "post", "labels", "doctor", "backup"
    ):  # fmt: skip
        assert f"stockshop {words}" in text, words
