"""Where things lie: the tree site > zone > bin, and the virtual places of the outside world."""

from __future__ import annotations

from peewee import BigAutoField, ForeignKeyField, TextField

from stockshop.storage.fields import InstantField, WholeField
from stockshop.storage.models.base import Table, check

SUPPLIER, CUSTOMER, LOSS, SCRAP, PRODUCTION, TRANSIT, OPENING, REVALUATION = range(1, 9)
"""Ids of the virtual locations, the same in every shop."""


class Location(Table):
    id = BigAutoField()
    parent = ForeignKeyField("self", null=True, index=True)
    kind = TextField(constraints=[check("kind IN ('site', 'zone', 'bin', 'virtual')")])
    code = TextField(unique=True)
    name = TextField()
    walk_order = WholeField()
    barcode_key = TextField(unique=True)
    archived_at_us = InstantField(null=True)

    class Meta:
        table_name = "location"
        constraints = (check("(parent_id IS NULL) = (kind IN ('site', 'virtual'))"),)
