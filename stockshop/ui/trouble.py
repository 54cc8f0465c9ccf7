"""What a person sees when something goes wrong: one sentence, and where the rest is written.

A refusal (ShopError) says itself what to do. For everything else the technical part goes to a log
file that the sentence names; no stack trace ever reaches the screen.
"""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from stockshop import clock
from stockshop.errors import ShopError
from stockshop.language import tr

LOG_LIMIT_BYTES = 1_000_000


def log_path() -> Path:
    """The log file, under the user's own log folder."""
    from platformdirs import user_log_path

    return user_log_path("stockshop", appauthor=False) / "stockshop.log"


def write_down(error: BaseException, doing: str = "") -> Path | None:
    """Append the technical part to the log; None where the folder cannot be written.

    The file begins anew at a megabyte; the one before is kept beside it.
    """
    path = log_path()
    text = "".join(traceback.format_exception(error))
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > LOG_LIMIT_BYTES:
            path.replace(path.with_suffix(".old.log"))
        with path.open("a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"{clock.iso(clock.now_us())} {doing}\n{text}\n")
        return path
    return None


def sentence(error: BaseException, doing: str = "") -> tuple[str, str]:
    """Title and one sentence for a person; an error nobody foresaw is written down first."""
    if isinstance(error, ShopError):
        return tr(error.title), error.message
    path = write_down(error, doing)
    if doing and path:
        said = tr("It went wrong while {doing}, and nothing more was done; the details are in {path}.",
                  doing=tr(doing), path=path)  # fmt: skip
    elif doing:
        said = tr("It went wrong while {doing}, and nothing more was done; the log file could not be "
                  "written.", doing=tr(doing))  # fmt: skip
    elif path:
        said = tr("It went wrong in stockshop itself, and nothing more was done; the details are in {path}.",
                  path=path)  # fmt: skip
    else:
        said = tr("It went wrong in stockshop itself, and nothing more was done; the log file could not "
                  "be written.")  # fmt: skip
    return tr("Something unexpected happened"), said


class Told:
    """Everything that goes wrong inside the block is told to a person, and the app goes on.

    `survive` says whether errors nobody foresaw are told as well; tests want to see them instead.
    A cancelled task is not an error.
    """

    def __init__(self, tell: Callable[[BaseException], None], *, survive: bool) -> None:
        self._tell = tell
        self._survive = survive

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, Exception):
            return False
        if isinstance(error, ShopError) or self._survive:
            self._tell(error)
            return True
        return False
