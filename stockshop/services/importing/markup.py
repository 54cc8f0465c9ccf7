"""Descriptions from web shops as plain text: no tags, no scripts, entities read, paragraphs kept."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

# More than any note may hold; what a parser does with endless broken markup is not our problem then.
_LIMIT = 40_000
_SILENT = frozenset(("script", "style", "template", "title", "head", "noscript", "svg", "iframe"))
_BLOCKS = frozenset(
    ("p", "div", "br", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article",
     "blockquote", "hr", "dl", "dt", "dd", "figure", "header", "footer", "pre")
)  # fmt: skip
_TAG = re.compile(r"<[^<>]{0,1000}>")
_BLANK_LINES = re.compile(r"\n\s*\n+")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent.append(tag)
        elif tag == "li":
            self.parts.append("\n- ")
        elif tag in _BLOCKS:
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silent:
            del self._silent[self._silent.index(tag) :]
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(data)


def html_to_text(source: str) -> str:
    """The words of a piece of HTML; plain text comes back as it is."""
    if "<" not in source:
        return unescape(source) if "&" in source else source
    source = source[:_LIMIT]
    reader = _Reader()
    try:
        reader.feed(source)
        reader.close()
        words = "".join(reader.parts)
    except AssertionError:
        # The standard parser gives up so over a malformed `<![…`.
        words = unescape(_TAG.sub(" ", source))
    return _BLANK_LINES.sub("\n", words).strip()
