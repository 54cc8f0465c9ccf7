"""The shop itself: settings, scans nobody knew, import mappings and unsaved input kept for next time."""

from __future__ import annotations

from peewee import BigAutoField, ForeignKeyField, TextField

from stockshop.storage.fields import InstantField
from stockshop.storage.models.base import Table
from stockshop.storage.models.products import Product


class Setting(Table):
    key = TextField(primary_key=True)
    value = TextField()


class UnknownScan(Table):
    id = BigAutoField()
    client_id = TextField(unique=True)
    code = TextField()
    place = TextField()
    scanned_at_us = InstantField()
    actor = TextField()
    resolved_at_us = InstantField(null=True)
    resolved_by = TextField(null=True)
    resolution = TextField(null=True)
    product = ForeignKeyField(Product, null=True, index=False)


UnknownScan.add_index(
    UnknownScan.index(UnknownScan.id, where=UnknownScan.resolved_at_us.is_null(), name="unknown_scan_open")
)


class ColumnMapping(Table):
    headers_key = TextField(primary_key=True)
    mapping = TextField()
    saved_at_us = InstantField()
    actor = TextField()


class Draft(Table):
    form_key = TextField(primary_key=True)
    content = TextField()
    saved_at_us = InstantField()
    actor = TextField()
