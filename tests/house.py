"""The rules of the house that a linter does not know, as functions from a file's text to complaints.

Each takes the file's name (relative to the checkout, with `/`) and its text, and answers one line per
breach: `name:line: what`. `tests/test_house.py` holds the project against them, and them against bad samples.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FILE_LINES = 420
FUNCTION_LINES = 80
TEXT_BYTES = 4_000_000
"""Larger files are data, not words."""

Rule = Callable[[str, str], list[str]]

_TOP_LEVEL = {
    "stockshop",
    "migrations",
    "tests",
    "assets",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "requirements.lock",
}
_MADE_HERE = {"build", "dist", "snapshot_report.html", "__pycache__"}
"""What a build or a test run leaves behind; looked past only where there is no git to ask."""

_SYSTEM_CLOCK = {
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
    "time.ctime",
    "time.strftime",
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
}
_SQL_CLOCK = re.compile(
    r"\bCURRENT_(TIMESTAMP|DATE|TIME)\b|\b(date|time|datetime|julianday|unixepoch|strftime)\([^)]*'now'", re.I
)
_FLOORS = {"__init__", "__main__", "cli", "ui", "services", "ledger", "planning", "documents", "storage"}
_LEAF_LIBRARIES = {"babel", "biip", "stdnum"}

# Written so that the patterns do not match themselves.
_PLACES = {
    "names a package registry": re.compile(
        r"pyp[i]\.org|pythonhoste[d]\.org|npmj[s]\.|registr[y]\.\w+\.\w|index-ur[l]|find-link[s]", re.I
    ),
    "names a folder of somebody's machine": re.compile(
        r"(?<![\w.~<-])/(wor[k]|roo[t]|hom[e]|User[s]|op[t])(/\w|\b(?![\w/-]))|\b[A-Z]:\\User[s]\\\w"
    ),
    "tells how the text came about": re.compile(
        r"co-authore[d]-by|\bas an a[i]\b|\ba[i][- ](generated|assisted|written)|language mode[l]\b"
        r"|\bLL[M]s?\b|coding (assistan[t]|agen[t])",
        re.I,
    ),
}


def tracked(folder: Path = ROOT) -> list[str]:
    """The project's files, relative to `folder`: what git tracks, or all files where there is no git."""
    answer = None
    if (folder / ".git").exists():
        answer = subprocess.run(
            ["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=folder, capture_output=True, text=True
        )
    if answer is not None and answer.returncode == 0:
        names = [name for name in answer.stdout.split("\0") if name]
        return sorted(name for name in names if (folder / name).is_file())
    return sorted(_listed(folder))


def _listed(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        if path.is_file() and not parts[0].startswith(".") and not _MADE_HERE.intersection(parts):
            yield "/".join(parts)


def text_of(name: str, folder: Path = ROOT) -> str | None:
    """The file's text; None for pictures, fonts and whatever else is not text, and for very large files."""
    raw = (folder / name).read_bytes()
    if len(raw) > TEXT_BYTES or b"\0" in raw:
        return None
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return None


def strangers(names: list[str]) -> list[str]:
    """Names at the top level that the house has no room for."""
    tops = {name.split("/")[0] for name in names}
    return sorted(top for top in tops if top not in _TOP_LEVEL and not top.startswith("."))


def _dotted(node: ast.expr) -> str:
    """`a.b.c` of an attribute chain; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = _dotted(node.value)
        return f"{base}.{node.attr}" if base else ""
    return ""


def _calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else _dotted(node.func)
            if called == name:
                yield node


def bare_atomic(name: str, text: str) -> list[str]:
    """A transaction is opened through `reading()` and `writing()` only."""
    if name == "stockshop/storage/database.py":
        return []
    found = _calls(ast.parse(text), "atomic")
    return [f"{name}:{call.lineno}: bare atomic(); use writing()" for call in found]


def notify_with_markup(name: str, text: str) -> list[str]:
    """Words shown in a notification may hold square brackets."""
    return [
        f"{name}:{call.lineno}: notify() without markup=False"
        for call in _calls(ast.parse(text), "notify")
        if not any(
            word.arg == "markup" and isinstance(word.value, ast.Constant) and word.value.value is False
            for word in call.keywords
        )
    ]


def system_clock(name: str, text: str) -> list[str]:
    """Only clock.py (and ids.py, for its 48 bits) asks the machine what time it is; SQL never does."""
    if name in {"stockshop/clock.py", "stockshop/ids.py"}:
        return []
    tree = ast.parse(text)
    meant: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            meant.update({alias.asname or alias.name: alias.name for alias in node.names})
        elif isinstance(node, ast.ImportFrom):
            meant.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
    found = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.Name, ast.Attribute)):
            first, _, rest = _dotted(node).partition(".")
            whole = f"{meant.get(first, '')}.{rest}" if rest else meant.get(first, "")
            if whole in _SYSTEM_CLOCK:
                found.append(f"{name}:{node.lineno}: {whole} instead of stockshop.clock")
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _SQL_CLOCK.search(node.value):
            found.append(f"{name}:{node.lineno}: SQL that asks for the time; give it as a parameter")
    return found


def printing(name: str, text: str) -> list[str]:
    """Only the command line writes to the terminal."""
    if name.startswith("stockshop/cli/"):
        return []
    return [
        f"{name}:{call.lineno}: print() outside the command line" for call in _calls(ast.parse(text), "print")
    ]


def too_long(name: str, text: str) -> list[str]:
    """A file has one job, a function fits on a screen or two."""
    lines = len(text.splitlines())
    found = [f"{name}:1: {lines} lines in one file"] if lines > FILE_LINES else []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES:
                found.append(f"{name}:{node.lineno}: {node.name} has {length} lines")
    return found


def is_leaf(name: str) -> bool:
    """Whether this file of the package is one of the leaf values, the ground under every floor."""
    house, _, rest = name.partition("/")
    first = rest.split("/")[0].removesuffix(".py")
    return house == "stockshop" and name.endswith(".py") and first not in _FLOORS


def leaf_imports(name: str, text: str) -> list[str]:
    """Leaf values stand on the standard library, three libraries of the trade, and one another."""
    found = []
    for node in ast.walk(ast.parse(text)):
        modules: list[tuple[int, str]] = []
        if isinstance(node, ast.Import):
            modules = [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = name.split("/")[: -node.level] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            modules = [(node.lineno, f"{base}.{alias.name}") for alias in node.names]
        for line, module in modules:
            first, _, rest = module.partition(".")
            if first == "stockshop":
                fine = bool(rest) and rest.split(".")[0] not in _FLOORS
            else:
                fine = first in _LEAF_LIBRARIES or first in sys.stdlib_module_names
            if not fine:
                found.append(f"{name}:{line}: a leaf value imports {module}")
    return found


def named_places(name: str, text: str) -> list[str]:
    """No registry, no folder of one machine, nothing about how the text was made."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        found += [f"{name}:{number}: {what}" for what, pattern in _PLACES.items() if pattern.search(line)]
        if name.endswith(".lock") and "://" in line:
            found.append(f"{name}:{number}: a lock with an address in it")
    return found
