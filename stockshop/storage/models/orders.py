"""What is promised to customers and bought from suppliers."""

from __future__ import annotations

from peewee import BigAutoField, ForeignKeyField, TextField

from stockshop.storage.fields import InstantField, QuantityField
from stockshop.storage.models.base import Table, check
from stockshop.storage.models.ledger import Movement
from stockshop.storage.models.products import Product, Supplier


class ShopOrder(Table):
    id = BigAutoField()
    client_id = TextField(unique=True)
    kind = TextField(constraints=[check("kind IN ('purchase', 'sales')")])
    supplier = ForeignKeyField(Supplier, null=True, index=False)
    reference = TextField()
    opened_at_us = InstantField()
    closed_at_us = InstantField(null=True)
    actor = TextField()


class OrderLine(Table):
    id = BigAutoField()
    order = ForeignKeyField(ShopOrder, index=True)
    product = ForeignKeyField(Product, index=True)
    quantity_milli = QuantityField(constraints=[check("quantity_milli > 0")])


class Allocation(Table):
    """A quantity set aside for one order line; summed when asked, never stored as a total."""

    id = BigAutoField()
    client_id = TextField(unique=True)
    order_line = ForeignKeyField(OrderLine, index=True)
    product = ForeignKeyField(Product, index=False)
    quantity_milli = QuantityField(constraints=[check("quantity_milli > 0")])
    allocated_at_us = InstantField()
    released_at_us = InstantField(null=True)
    actor = TextField()


Allocation.add_index(
    Allocation.index(Allocation.product, where=Allocation.released_at_us.is_null(), name="allocation_open")
)


class Fulfilment(Table):
    """Which order line a movement received or shipped. Append-only."""

    movement = ForeignKeyField(Movement, primary_key=True)
    order_line = ForeignKeyField(OrderLine, index=True)
