"""The one flat family of errors that a person may see.

A refused action changes nothing. The message says what is wrong and what to do, in one sentence
for somebody with a customer waiting; `field` names the input at fault, as the form or file calls it.
"""

from __future__ import annotations

from stockshop.language import mark, tr


class ShopError(Exception):
    """Something the shop cannot do; `str()` gives the sentence for a person."""

    title = mark("That did not work")

    def __init__(self, message: str, *, title: str | None = None, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.title = tr(type(self).title) if title is None else title


class InvalidInput(ShopError):
    """A value that cannot be accepted: malformed, out of range or too long."""

    title = mark("Please check the input")


class NotFound(ShopError):
    """A product, bin, entry or file that does not exist."""

    title = mark("Not found")


class Conflict(ShopError):
    """Something that is already there, or the same client id with another content."""

    title = mark("Already there")


class Refused(ShopError):
    """A rule of the shop forbids it: negative stock, a closed period, an archived product."""

    title = mark("Not allowed")


class NotWritten(ShopError):
    """A file could not be written; what stood under its name is as it was."""

    title = mark("The file was not written")


class Stopped(ShopError):
    """A person stopped it before it was done; nothing was changed."""

    title = mark("Stopped")


class StoreError(ShopError):
    """The store cannot be used as it is."""

    title = mark("The shop's data cannot be used")


class StoreForeign(StoreError):
    """The file belongs to another program or is not a database."""


class StoreNewer(StoreError):
    """The store was written by a newer stockshop."""


class StoreCorrupt(StoreError):
    """The file is damaged."""


class StoreLocked(StoreError):
    """Another program holds the store for too long."""

    title = mark("The shop's data is busy")


class StoreFull(StoreError):
    """The disk is full."""

    title = mark("The disk is full")


class StoreUnavailable(StoreError):
    """The server or the file cannot be reached, or may not be written."""

    title = mark("The shop's data cannot be reached")
