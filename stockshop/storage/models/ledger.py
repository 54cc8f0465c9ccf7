"""The ledger: entries and movements (append-only), and the caches that follow from them."""

from __future__ import annotations

from peewee import BigAutoField, CompositeKey, ForeignKeyField, TextField

from stockshop.storage.fields import DateTextField, InstantField, QuantityField, WholeField
from stockshop.storage.models.base import Table, check
from stockshop.storage.models.locations import Location
from stockshop.storage.models.products import Product

ENTRY_KINDS = (
    "opening", "receive", "sell", "return", "return-to-supplier", "move", "adjust", "scrap",
    "count", "build", "merge", "reversal",
)  # fmt: skip


class Lot(Table):
    """A batch of a product; the row with id 0 stands for "no lot"."""

    id = BigAutoField()
    product = ForeignKeyField(Product, null=True, index=False)
    code = TextField()
    expiry = DateTextField(null=True)

    class Meta:
        constraints = (check("(id = 0) = (product_id IS NULL)"),)
        indexes = ((("product", "code"), True),)


NO_LOT = 0


class LedgerHead(Table):
    """One row: the last sequence and instant, and the rules every posting obeys.

    A posting locks it first, so entries have one order on every engine.
    """

    id = WholeField(primary_key=True, constraints=[check("id = 1")])
    entry_sequence = WholeField(constraints=[check("entry_sequence >= 0")])
    recorded_at_us = InstantField()
    closed_through_us = InstantField(null=True)
    closed_entry_id = WholeField(null=True)
    costing = TextField(constraints=[check("costing IN ('average', 'fifo')")])
    negative_policy = TextField(constraints=[check("negative_policy IN ('till', 'always', 'never')")])


class Entry(Table):
    id = WholeField(primary_key=True)
    client_id = TextField(unique=True)
    kind = TextField(constraints=[check(f"kind IN {ENTRY_KINDS!r}")])
    occurred_at_us = InstantField(index=True)
    recorded_at_us = InstantField()
    actor = TextField()
    reference = TextField()
    note = TextField()
    content_hash = TextField()
    reverses = ForeignKeyField("self", null=True, unique=True)

    class Meta:
        constraints = (check("occurred_at_us <= recorded_at_us"),)


class Movement(Table):
    """One line of an entry. A quantity of 0 is a revaluation: value alone moves."""

    id = BigAutoField()
    entry = ForeignKeyField(Entry, index=False)
    line = WholeField()
    product = ForeignKeyField(Product, index=False)
    lot = ForeignKeyField(Lot, index=False)
    from_location = ForeignKeyField(Location, column_name="from_id", index=False)
    to_location = ForeignKeyField(Location, column_name="to_id", index=False)
    quantity_milli = QuantityField(constraints=[check("quantity_milli >= 0")])
    value_e4 = WholeField(constraints=[check("value_e4 >= 0")])
    price_minor = WholeField(null=True)
    occurred_at_us = InstantField()

    class Meta:
        constraints = (
            check("from_id <> to_id"),
            check("quantity_milli > 0 OR from_id = 8 OR to_id = 8"),
        )
        indexes = (
            (("entry", "line"), True),
            (("product", "id"), False),
            (("product", "occurred_at_us"), False),
        )


class Level(Table):
    product = ForeignKeyField(Product, index=False)
    location = ForeignKeyField(Location, index=True)
    lot = ForeignKeyField(Lot, index=False)
    quantity_milli = QuantityField()

    class Meta:
        primary_key = CompositeKey("product", "location", "lot")
        without_rowid = True


class ProductCost(Table):
    """What the shop owns of a product: the one cost layer of an average, the sum of layers in FIFO."""

    product = ForeignKeyField(Product, primary_key=True)
    quantity_milli = QuantityField()
    value_e4 = WholeField()
    last_cost_e4 = WholeField(constraints=[check("last_cost_e4 >= 0")])


class CostLayer(Table):
    """FIFO only: a receipt not yet sold, oldest first; a negative one is a hole to be filled."""

    product = ForeignKeyField(Product, index=False)
    position = WholeField()
    quantity_milli = QuantityField(constraints=[check("quantity_milli <> 0")])
    value_e4 = WholeField()

    class Meta:
        primary_key = CompositeKey("product", "position")
        without_rowid = True


class Dip(Table):
    """Evidence that a movement took a bin below zero. Append-only."""

    movement = ForeignKeyField(Movement, primary_key=True)
    product = ForeignKeyField(Product, index=True)
    location = ForeignKeyField(Location, index=False)
    lot = ForeignKeyField(Lot, index=False)
    level_milli = QuantityField(constraints=[check("level_milli < 0")])
    recorded_at_us = InstantField()


class CountLine(Table):
    """One look at a bin: what was counted, and the book at that instant. Append-only."""

    id = BigAutoField()
    client_id = TextField()
    line = WholeField()
    entry = ForeignKeyField(Entry, null=True, index=False)
    product = ForeignKeyField(Product, index=False)
    location = ForeignKeyField(Location, index=False)
    lot = ForeignKeyField(Lot, index=False)
    counted_milli = QuantityField(constraints=[check("counted_milli >= 0")])
    book_milli = QuantityField()
    book_entry_id = WholeField()
    observed_at_us = InstantField()
    recorded_at_us = InstantField()
    actor = TextField()

    class Meta:
        indexes = (
            (("client_id", "line"), True),
            (("product", "location"), False),
        )
