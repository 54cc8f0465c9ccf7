"""The catalogue of all texts for people: read from the code, written for the translators, compiled.

    python -m tests.catalogue            renews assets/locale: template, texts, what is read
    python -m tests.catalogue --missing  texts that a language does not have yet
    python -m tests.catalogue --bare     words on the app's screens that have not passed the catalogue

Nothing in the files says when or where they were made: the same code gives the same bytes.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from stockshop.cli.helping import paragraphs
from stockshop.language import DOMAIN

ROOT = Path(__file__).resolve().parents[1]
LOCALE = ROOT / "assets" / "locale"
TEMPLATE = LOCALE / f"{DOMAIN}.pot"
LANGUAGES = ("de", "es", "fr")
KEYWORDS: Mapping[str, Any] = {"tr": None, "mark": None, "tr_in": (2,), "trn": (1, 2), "trc": ((1, "c"), 2)}
WIDTH = 110


class Texts(Catalog):
    """A catalogue whose head says no more than a reader needs."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """What gettext needs to know."""
        head = [("Project-Id-Version", DOMAIN)]
        if self.locale is not None:
            head += [("Language", str(self.locale_identifier)), ("Plural-Forms", self.plural_forms)]
        return [
            *head,
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]

    @mime_headers.setter
    def mime_headers(self, headers: Any) -> None:
        """A file's own head is read for nothing but its language, which its folder says already."""


def _new(language: str | None = None) -> Texts:
    comment = "# The texts of stockshop." + (f" Language: {language}" if language else "")
    return Texts(locale=language, domain=DOMAIN, header_comment=comment, fuzzy=False)


# -- reading the code -------------------------------------------------------------------------------


def sources() -> list[Path]:
    """Every file that may hold a text."""
    return sorted((ROOT / "stockshop").rglob("*.py"))


def found_in_code() -> Texts:
    """Every text that passes `stockshop.language`, and the help of the command line, with where it stands."""
    catalogue = _new()
    for path in sources():
        place = path.relative_to(ROOT).as_posix()
        code = path.read_bytes()
        for line, message, _, context in extract("python", BytesIO(code), KEYWORDS):
            if message:
                catalogue.add(message, locations=[(place, line)], context=context)
        if path.parent.name == "cli":
            for line, text in command_helps(code.decode()):
                catalogue.add(text, locations=[(place, line)])
    return catalogue


def command_helps(code: str) -> Iterator[tuple[int, str]]:
    """(line, text) of the docstrings of commands and of the helps of their options.

    The command line looks them up when help is asked for, so they stand where click wants them.
    """
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.FunctionDef) and any(map(_makes_command, node.decorator_list)):
            for text, _ in paragraphs(ast.get_docstring(node) or ""):
                yield node.lineno, text
        elif isinstance(node, ast.keyword) and node.arg in ("help", "short_help"):
            help_text = node.value
            if isinstance(help_text, ast.Constant) and isinstance(help_text.value, str):
                yield help_text.lineno, help_text.value


def _makes_command(decorator: ast.expr) -> bool:
    call = decorator.func if isinstance(decorator, ast.Call) else decorator
    name = call.attr if isinstance(call, ast.Attribute) else call.id if isinstance(call, ast.Name) else ""
    return name in ("command", "subcommand", "group")


# -- files ---------------------------------------------------------------------------------------


def written(catalogue: Catalog) -> bytes:
    """The catalogue as its file: in the order of the code, which keeps what belongs together together."""
    out = BytesIO()
    write_po(out, catalogue, width=WIDTH, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
    return out.getvalue()


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as the app reads it; texts without a translation are left out."""
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def po_file(language: str) -> Path:
    """The file that translators edit."""
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read(language: str) -> Texts:
    """The texts of a language as its file has them; empty without one."""
    catalogue = _new(language)
    path = po_file(language)
    if path.is_file():
        with path.open("rb") as file:
            for message in read_po(file, locale=language, domain=DOMAIN):
                if message.id:
                    _put(catalogue, message, message.string)
    return catalogue


def _put(catalogue: Catalog, message: Message, string: Any) -> None:
    catalogue.add(message.id, string, locations=message.locations, flags=message.flags - {"fuzzy"},
                  context=message.context, user_comments=message.user_comments)  # fmt: skip


def updated(template: Catalog, old: Catalog) -> Texts:
    """The texts of the template with the translations that the old catalogue has; nothing is guessed."""
    catalogue = _new(str(old.locale_identifier))
    for message in template:
        if not message.id:
            continue
        known = old.get(message.id, context=message.context)
        same = known is not None and known.id == message.id
        _put(catalogue, message, known.string if known is not None and same else _nothing(catalogue, message))
    return catalogue


def _nothing(catalogue: Catalog, message: Message) -> str | tuple[str, ...]:
    return ("",) * catalogue.num_plurals if message.pluralizable else ""


def is_translated(message: Message) -> bool:
    """Whether all forms of a text are there."""
    forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(forms)


def missing(language: str) -> list[str]:
    """The texts that a language does not have yet, in English."""
    catalogue = updated(found_in_code(), read(language))
    return [str(message.id) for message in catalogue if message.id and not is_translated(message)]


def renew() -> None:
    """Write every file anew from the code and from the translations there are."""
    template = found_in_code()
    LOCALE.mkdir(parents=True, exist_ok=True)
    TEMPLATE.write_bytes(written(template))
    for language in LANGUAGES:
        catalogue = updated(template, read(language))
        path = po_file(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(catalogue))
        path.with_suffix(".mo").write_bytes(compiled(catalogue))
        done = sum(is_translated(message) for message in catalogue if message.id)
        print(f"{language}: {done} of {len(catalogue)} texts")


def main(words: list[str]) -> None:
    """Do what is asked on the command line."""
    if "--missing" in words:
        for language in LANGUAGES:
            texts = missing(language)
            print(f"{language}: {len(texts)} missing", *texts[:20], sep="\n  ")
    elif "--bare" in words:
        from tests.bare_texts import show

        show()
    else:
        renew()


if __name__ == "__main__":
    main(sys.argv[1:])
