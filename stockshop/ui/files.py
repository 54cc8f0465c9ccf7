"""Where files for people go, and how they are opened."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

_ROOT = r"(?:/|~[/\\]|[A-Za-z]:[/\\])"
_WHOLE_PATH = re.compile(rf"""(?:^|[/\\])['"]({_ROOT}.*)['"]$|^.+[/\\]({_ROOT}.*)$""")
"""The last whole path in a text: in quotes, as a file dragged into a terminal comes, or after a slash."""


def documents_folder() -> Path:
    """The person's own folder for documents; the home folder where there is none."""
    from platformdirs import user_documents_path

    found = user_documents_path()
    return found if found.is_dir() else Path.home()


def free_path(stem: str, suffix: str, folder: Path | None = None) -> Path:
    """A path nothing lies at yet: `labels.pdf`, `labels 2.pdf`…"""
    place = folder if folder is not None else documents_folder()
    path = place / f"{stem}{suffix}"
    number = 2
    while path.exists():
        path = place / f"{stem} {number}{suffix}"
        number += 1
    return path


def typed_path(text: str) -> Path:
    """A path as somebody typed it: `~` is home, and a bare name lies in the documents folder.

    Typed or pasted behind a folder that stood there, a whole path counts alone: `/srv/me//tmp/list.csv`.
    """
    whole = _WHOLE_PATH.search(text.strip())
    path = Path(os.path.expandvars(whole[1] or whole[2] if whole else text.strip())).expanduser()
    return path if path.is_absolute() else documents_folder() / path


def open_with_system(path: Path) -> bool:
    """Show a file with the program the system has for it; False where there is none."""
    try:
        if sys.platform == "win32":
            os.startfile(path)
            return True
        if sys.platform == "darwin":
            opener: str | None = "/usr/bin/open"
        else:
            has_display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
            opener = shutil.which("xdg-open") if has_display else None
        if opener is None:
            return False
        subprocess.Popen(
            [opener, str(path)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
    except OSError:
        return False
    return True
