"""The one gate for text from outside: files, scans, keys.

What passes is NFC, holds no control, C1 or bidirectional-override character and no hidden one,
is trimmed and bounded. What is shown passes `printable` once more, because a store may have been
edited behind our back.
"""

from __future__ import annotations

import re
import unicodedata

from stockshop.errors import InvalidInput
from stockshop.language import tr

NAME_LIMIT = 200
CODE_LIMIT = 100
NOTE_LIMIT = 4_000

# Zero-width joiner and non-joiner shape Persian, Indic scripts and emoji: names may hold them.
_JOINERS = "\u200c\u200d"
_WITHOUT_JOINERS = dict.fromkeys(map(ord, _JOINERS))
_SPACES = re.compile(r"[^\S\n]+")
# Letters and a symbol that print as nothing.
_FILLERS = re.compile("[\u115f\u1160\u3164\uffa0\u2800]")
_LINE_ENDS = re.compile(r"\r\n?|[\n\v\f\x85\u2028\u2029]")


def _is_hidden(char: str) -> bool:
    category = unicodedata.category(char)
    if category in ("Cc", "Cs", "Cf"):
        return True
    # Noncharacters and fillers.
    return (ord(char) & 0xFFFE) == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF or _FILLERS.match(char) is not None


def _is_open(text: str) -> bool:
    """Whether nothing in the text is hidden and every space is an ordinary one; False is only a doubt."""
    return text.isprintable() and (text.isascii() or _FILLERS.search(text) is None)


def _strip_hidden(text: str, *, keep: str = "") -> str:
    if _is_open(text):
        return text
    return "".join(char for char in text if char in keep or not _is_hidden(char))


def clean(
    text: str,
    *,
    limit: int = NAME_LIMIT,
    multiline: bool = False,
    field: str | None = None,
) -> str:
    """Text fit to be stored and shown: NFC, trimmed, no hidden characters, runs of space folded.

    Line ends become spaces, or are kept as "\\n" when `multiline`. Raises InvalidInput naming
    `field` when more than `limit` characters remain.
    """
    if "  " not in text and _is_open(text):
        result = text.strip() if text.isascii() else unicodedata.normalize("NFC", text.strip())
    else:
        result = _LINE_ENDS.sub("\n" if multiline else " ", text).replace("\t", " ")
        result = _strip_hidden(result, keep=_JOINERS + ("\n" if multiline else ""))
        result = unicodedata.normalize("NFC", _SPACES.sub(" ", result))
        if multiline:
            result = "\n".join(line.strip() for line in result.split("\n"))
        # A joiner joins nothing at an edge; there it would only hide.
        result = result.strip().strip(_JOINERS).strip()
    if len(result) > limit:
        raise InvalidInput(
            tr(
                "Too long: {count} characters, {limit} fit ('{beginning}…').",
                count=len(result),
                limit=limit,
                beginning=result[:30],
            ),
            field=field,
        )
    return result


def clean_code(text: str, *, limit: int = CODE_LIMIT, field: str | None = None) -> str:
    """Like `clean`, for SKUs, barcodes and bin codes: joiners go too, nothing hidden remains."""
    return clean(_strip_hidden_code(text), limit=limit, field=field)


def _strip_hidden_code(text: str) -> str:
    return text if text.isascii() else text.translate(_WITHOUT_JOINERS)


def printable(text: str) -> str:
    """Text that is safe to send to a terminal: one line, nothing hidden, never an error."""
    if text.isascii() and text.isprintable():
        return text
    return _strip_hidden(_LINE_ENDS.sub(" ", text).replace("\t", " "), keep=_JOINERS)


def fold(text: str) -> str:
    """The form in which text is searched and sorted: no case, no accents, compatible forms."""
    if text.isascii():
        return text.lower()
    # Compatible forms first: a superscript or a unit sign may hide a capital.
    plain = unicodedata.normalize("NFKD", text).casefold().replace("ı", "i")
    decomposed = unicodedata.normalize("NFKD", plain)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", bare)


def shorten(text: str, width: int) -> str:
    """Cut in the middle to `width` characters, so that the size at the end of a name stays."""
    if len(text) <= width:
        return text
    if width <= 1:
        return text[:width]
    tail = (width - 1) // 3
    head = width - 1 - tail
    return f"{text[:head].rstrip()}…{text[len(text) - tail :].lstrip() if tail else ''}"
