"""When two products are probably one: comparing names and SKUs as a person reads them. Knows no store."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from stockshop import text
from stockshop.language import tr
from stockshop.services.catalogue.naming import look_alike

SIMILAR = 0.9
"""The share of trigrams two names have in common from which on they are taken for one."""
_WORD_SIMILAR = 0.75
_TOKENS = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
# S, M, XL, red: a short word says which of several products it is.
_TELLING = 3


@dataclass(frozen=True, slots=True)
class Likeness:
    """A name taken apart."""

    words: tuple[str, ...]
    """Without numbers, folded, in order."""
    numbers: tuple[str, ...]
    """Sorted, with a point for the decimal mark."""
    squashed: str
    """Letters and digits only, in order."""
    trigrams: frozenset[str]


@lru_cache(maxsize=4096)
def likeness(name: str) -> Likeness:
    """Take a name apart."""
    tokens = _TOKENS.findall(text.fold(name))
    numbers = sorted(token.replace(",", ".") for token in tokens if token[0].isdigit())
    words = tuple(token for token in tokens if not token[0].isdigit())
    padded = f"  {' '.join(tokens)} "
    trigrams = frozenset(padded[at : at + 3] for at in range(len(padded) - 2))
    return Likeness(words, tuple(numbers), "".join(tokens), trigrams)


def why_same_name(one: str, other: str) -> str | None:
    """Why two names probably mean the same product, or None.

    Names with other numbers or other short words (sizes, colours) never do. Similarity is Dice's
    coefficient over trigrams (2 x common / both); words that differ must be spellings of each other.
    """
    mine, theirs = likeness(one), likeness(other)
    if not mine.squashed:
        return tr("the same name") if one == other else None
    if mine.numbers != theirs.numbers:
        return None
    if mine.squashed == theirs.squashed:
        return tr("the same name but for punctuation and spaces")
    if Counter(mine.words) == Counter(theirs.words):
        return tr("the same words in another order")
    only_mine = list((Counter(mine.words) - Counter(theirs.words)).elements())
    only_theirs = list((Counter(theirs.words) - Counter(mine.words)).elements())
    if any(len(word) <= _TELLING for word in only_mine + only_theirs):
        return None
    if len(only_mine) != len(only_theirs) or not _spellings(only_mine, only_theirs):
        return None
    common = len(mine.trigrams & theirs.trigrams)
    if 2 * common < SIMILAR * (len(mine.trigrams) + len(theirs.trigrams)):
        return None
    return tr("nearly the same name")


def _spellings(mine: list[str], theirs: list[str]) -> bool:
    left = list(theirs)
    for word in mine:
        matching = [other for other in left if SequenceMatcher(None, word, other).ratio() >= _WORD_SIMILAR]
        if not matching:
            return False
        left.remove(matching[0])
    return True


def why_same_sku(one: str, other: str) -> str | None:
    """Why two SKUs are easily taken for each other, or None."""
    if one == other:
        return tr("the same SKU")
    if text.fold(one) == text.fold(other):
        return tr("the same SKU but for case")
    alike = look_alike(one)
    return tr("a SKU easily taken for it") if alike and alike == look_alike(other) else None


def signatures(name: str) -> frozenset[str]:
    """Texts of which two similar names have at least one in common: all words, and all but one.

    A name of one word is cut into halves instead, since a slip of the finger spares one of them.
    """
    parts = likeness(name)
    numbers = " ".join(parts.numbers)
    words = sorted(parts.words)
    found = {f"{parts.squashed}", f"{numbers}|{' '.join(words)}"}
    if len(words) == 1 and len(words[0]) > 2 * _TELLING:
        half = len(words[0]) // 2
        found |= {f"{numbers}<{words[0][:half]}", f"{numbers}>{words[0][-half:]}"}
    elif len(words) > 1:
        found |= {f"{numbers}|{' '.join(words[:at] + words[at + 1 :])}" for at in range(len(words))}
    return frozenset(found)
