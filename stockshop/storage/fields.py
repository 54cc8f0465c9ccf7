"""Field types that refuse what the store must never hold: fractions, booleans, oversized integers."""

from __future__ import annotations

from datetime import date
from typing import Any

from peewee import BigIntegerField, TextField

from stockshop.errors import InvalidInput
from stockshop.language import tr
from stockshop.quantity import LIMIT_MILLI

# A sum of many quantities or values still has to fit SQLite's and PostgreSQL's 64 bits.
_LARGEST = 2**62


class WholeField(BigIntegerField):
    """A 64-bit integer. Peewee would cut 1.5 to 1 without a word; this refuses it."""

    limit = _LARGEST

    def adapt(self, value: Any) -> Any:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise InvalidInput(tr("{value} is not a whole number.", value=repr(value)), field=self.name)
        if abs(value) > self.limit:
            raise InvalidInput(tr("{value} is too large to be meant.", value=value), field=self.name)
        return value


class QuantityField(WholeField):
    """Thousandths of the product's unit; at most a billion units in one line."""

    limit = LIMIT_MILLI


class FlagField(WholeField):
    """0 or 1: SQLite's STRICT tables know no booleans."""

    def adapt(self, value: Any) -> Any:
        if value not in (None, 0, 1):
            raise InvalidInput(tr("{value} is neither yes nor no.", value=repr(value)), field=self.name)
        return None if value is None else int(value)


class InstantField(WholeField):
    """Microseconds since 1970 UTC."""


class DateTextField(TextField):
    """A date as ISO text (2026-01-31)."""

    def adapt(self, value: Any) -> Any:
        if value is None:
            return None
        try:
            return date.fromisoformat(value).isoformat()
        except (TypeError, ValueError) as error:
            raise InvalidInput(tr("{value} is not a date.", value=repr(value)), field=self.name) from error
