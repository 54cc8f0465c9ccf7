"""How the command line says that something did not work: one sentence, never a traceback."""

from __future__ import annotations

import errno
import io
import json
import os
import sys
from types import TracebackType

import click

from stockshop.cli.output import note
from stockshop.errors import ShopError
from stockshop.language import tr


def prepare_streams() -> None:
    """Characters that the terminal cannot show become `?` instead of ending the program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def tell(error: ShopError, *, as_json: bool) -> None:
    """Say on the standard error what was refused and what to do."""
    if as_json:
        content = {"title": error.title, "message": error.message, "field": error.field}
        print(json.dumps({"error": content}), file=sys.stderr)
    else:
        note(f"{tr(error.title)}: {error.message}")


def tell_usage(error: click.ClickException) -> None:
    """Say how the command is used; what was typed is shown without hidden characters."""
    said = io.StringIO()
    error.show(file=said)
    for line in said.getvalue().splitlines():
        note(line)


def tell_full(error: OSError) -> bool:
    """Say that what the output is written to is full; False for any other error."""
    if error.errno not in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return False
    note(tr("The disk is full: the output was not written. Make room and try again."))
    # Else Python would try once more at its end, and complain in its own words.
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    return True


def report_unexpected(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    """Keep a fault of the program in the log file and say where it is (as `sys.excepthook`)."""
    import traceback as tracebacks

    from stockshop import clock
    from stockshop.cli.folders import error_log

    log = error_log()
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(f"{clock.iso(clock.now_us())}\n")
            file.writelines(tracebacks.format_exception(kind, error, traceback))
    except OSError:
        said = tr("Something went wrong inside stockshop ({kind}). It could not be written to a log.",
                  kind=kind.__name__)  # fmt: skip
    else:
        said = tr("Something went wrong inside stockshop ({kind}). What happened is written to {path}.",
                  kind=kind.__name__, path=log)  # fmt: skip
    note(said)
