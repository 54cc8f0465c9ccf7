"""SKUs for products whose file has none: the same file always gives the same ones."""

from __future__ import annotations

import hashlib
import re

from stockshop.text import clean_code, fold

_WORDS = re.compile(r"[a-z0-9]+")
_LENGTH = 60


class SkuMaker:
    """Makes SKUs that collide neither with those of the file nor with one another."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._made: dict[str, str] = {}

    def take(self, sku: str) -> None:
        """Note a SKU the file has itself, wherever in it."""
        if sku:
            self._taken.add(sku if sku.isascii() and sku.isprintable() else clean_code(sku[:200], limit=200))

    def make(self, stem: str, barcode: str, name: str) -> str:
        """From the handle with its options, else the barcode, else the name with a short hash.

        Two products that say the same of themselves get the same SKU, for the caller to refuse.
        """
        source = stem.strip() or barcode or name
        if stem.strip():
            sku = _slug(stem)
        elif barcode:
            sku = barcode
        else:
            sku = f"{_slug(name, hashed=False)[:40].rstrip('-') or 'p'}-{_hash(name)}"
        if sku in self._taken or self._made.get(sku, source) != source:
            sku = f"{sku[: _LENGTH + 20]}-{_hash(source)}"
        self._made[sku] = source
        return sku


def _hash(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "replace")).hexdigest()[:6]


def _slug(text: str, *, hashed: bool = True) -> str:
    """Lower-case words joined by hyphens; with a hash where that says less than the text does."""
    bare = fold(text)
    slug = "-".join(_WORDS.findall(bare))
    is_lossy = any(char.isalnum() and not char.isascii() for char in bare) or len(slug) > _LENGTH
    if hashed and (is_lossy or not slug):
        slug = f"{slug[:_LENGTH].rstrip('-')}-{_hash(text)}".lstrip("-")
    return slug
