"""Where files for people go, and how they are opened."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

_ROOT = r"(?:/|~[/\\]|[A-Za-z]:[/\\])"
_WHOLE_PATH = re.compile(rf"""(?:^|[/\\])['"]({_ROOT}.*)['"]$|^.+[/\\]({_ROOT}.*)$""")
"""The last whole path in a text: in quotes, as a file dragged into a terminal comes, or after a slash."""
_ADDRESS = re.compile(r"file://(?:localhost)?(/[^'\"]*)['\"]?$")
_papers = ""


def documents_folder() -> Path:
    """The person's own folder for documents; the home folder where there is none."""
    from platformdirs import user_documents_path

    found = user_documents_path()
    return found if found.is_dir() else Path.home()


def write_papers_in(folder: str) -> None:
    """From now on what is written for people goes into this folder; empty: their documents."""
    global _papers
    _papers = folder.strip()


def papers_folder() -> Path:
    """Where what is written for people goes: the folder this computer is set to, else their documents."""
    if _papers:
        found = Path(os.path.expandvars(_papers)).expanduser()
        if found.is_dir():
            return found
    return documents_folder()


def free_path(stem: str, suffix: str, folder: Path | None = None) -> Path:
    """A path nothing lies at yet: `labels.pdf`, `labels 2.pdf`…"""
    place = folder if folder is not None else papers_folder()
    path = place / f"{stem}{suffix}"
    number = 2
    while path.exists():
        path = place / f"{stem} {number}{suffix}"
        number += 1
    return path


def is_whole_path(text: str) -> bool:
    """Whether a text is a path by itself, as it comes when a file is dragged into a terminal."""
    bare = text.strip().lstrip("'\"")
    return re.match(_ROOT, bare) is not None or bare.startswith("file://")


def typed_path(text: str, folder: Path | None = None) -> Path:
    """A path as somebody typed it: `~` is home, and a bare name lies in `folder` (else with the papers).

    Typed or pasted behind a folder that stood there, a whole path counts alone: `/srv/me//tmp/list.csv`.
    Dragged into a terminal it may be an address (`file:///tmp/my%20list.csv`), or have its spaces marked.
    """
    typed = text.strip()
    address = _ADDRESS.search(typed)
    if address is not None:
        typed = unquote(address[1])
        # Of Windows: the drive stands behind the slash.
        typed = typed[1:] if re.match("/[A-Za-z]:", typed) else typed
    else:
        whole = _WHOLE_PATH.search(typed)
        typed = os.path.expandvars(whole[1] or whole[2] if whole else typed)
    path = Path(typed).expanduser()
    if os.sep == "/" and "\\" in typed and not path.exists():
        unmarked = Path(re.sub(r"\\(.)", r"\1", typed)).expanduser()
        path = unmarked if unmarked.exists() else path
    return path if path.is_absolute() else (folder or papers_folder()) / path


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
