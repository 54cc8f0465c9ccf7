"""What the shop stocks: products, their barcodes, suppliers, prices and reorder rules."""

from __future__ import annotations

from peewee import BigAutoField, CompositeKey, ForeignKeyField, TextField

from stockshop.storage.fields import FlagField, InstantField, QuantityField, WholeField
from stockshop.storage.models.base import Table, check
from stockshop.storage.models.locations import Location


class Category(Table):
    id = BigAutoField()
    name = TextField(unique=True)


class Supplier(Table):
    id = BigAutoField()
    name = TextField(unique=True)


class Product(Table):
    id = BigAutoField()
    sku = TextField(unique=True, constraints=[check("sku <> ''")])
    sku_fold = TextField(index=True)
    name = TextField(constraints=[check("name <> ''")])
    label_name = TextField()
    sort_name = TextField()
    search_text = TextField()
    category = ForeignKeyField(Category, null=True, index=True)
    unit = TextField()
    net_content_milli = QuantityField(null=True, constraints=[check("net_content_milli > 0")])
    net_content_unit = TextField(null=True)
    price_minor = WholeField(null=True, constraints=[check("price_minor >= 0")])
    tax_rate_milli = WholeField(null=True, constraints=[check("tax_rate_milli >= 0")])
    price_includes_tax = FlagField(null=True, constraints=[check("price_includes_tax IN (0, 1)")])
    weight_g = WholeField(null=True, constraints=[check("weight_g >= 0")])
    length_mm = WholeField(null=True, constraints=[check("length_mm >= 0")])
    width_mm = WholeField(null=True, constraints=[check("width_mm >= 0")])
    height_mm = WholeField(null=True, constraints=[check("height_mm >= 0")])
    tracking = TextField(constraints=[check("tracking IN ('none', 'lot')")])
    preferred_bin = ForeignKeyField(Location, null=True, index=False)
    notes = TextField()
    archived_at_us = InstantField(null=True)
    merged_into = ForeignKeyField("self", null=True, index=True)
    created_at_us = InstantField()
    updated_at_us = InstantField()

    class Meta:
        constraints = (check("(net_content_milli IS NULL) = (net_content_unit IS NULL)"),)


# The list of products is read along it alone, without looking at each product.
Product.add_index(
    Product.index(
        Product.sort_name, Product.id, where=Product.archived_at_us.is_null(), name="product_listed"
    )
)
Product.add_index(
    Product.index(
        Product.category,
        Product.sort_name,
        Product.id,
        where=Product.archived_at_us.is_null(),
        name="product_by_category",
    )
)
Product.add_index(
    Product.index(
        Product.price_minor,
        Product.sort_name,
        Product.id,
        where=Product.archived_at_us.is_null(),
        name="product_by_price",
    )
)
Product.add_index(
    Product.index(
        Product.sort_name, Product.id, where=Product.archived_at_us.is_null(False), name="product_archived"
    )
)


class Barcode(Table):
    id = BigAutoField()
    product = ForeignKeyField(Product, index=True)
    code = TextField(constraints=[check("code <> ''")])
    lookup_key = TextField(unique=True)
    quantity_milli = QuantityField(constraints=[check("quantity_milli > 0")])
    kind = TextField(constraints=[check("kind IN ('gtin', 'in-store', 'code')")])


class ProductSupplier(Table):
    product = ForeignKeyField(Product, index=False)
    supplier = ForeignKeyField(Supplier, index=True)
    supplier_code = TextField()
    pack_milli = QuantityField(constraints=[check("pack_milli > 0")])
    minimum_milli = QuantityField(constraints=[check("minimum_milli >= 0")])
    unit_cost_e4 = WholeField(null=True, constraints=[check("unit_cost_e4 >= 0")])
    lead_time_days = WholeField(null=True, constraints=[check("lead_time_days >= 0")])

    class Meta:
        primary_key = CompositeKey("product", "supplier")


class ReorderRule(Table):
    """For the whole shop where `site` is NULL, else for that site."""

    id = BigAutoField()
    product = ForeignKeyField(Product, index=False)
    site = ForeignKeyField(Location, null=True, index=False)
    reorder_point_milli = QuantityField(constraints=[check("reorder_point_milli >= 0")])
    order_up_to_milli = QuantityField()

    class Meta:
        constraints = (check("order_up_to_milli >= reorder_point_milli"),)


ReorderRule.add_index(
    ReorderRule.index(
        ReorderRule.product, unique=True, where=ReorderRule.site.is_null(), name="reorder_rule_shop"
    )
)
ReorderRule.add_index(
    ReorderRule.index(
        ReorderRule.product,
        ReorderRule.site,
        unique=True,
        where=ReorderRule.site.is_null(False),
        name="reorder_rule_site",
    )
)


class Price(Table):
    """The selling price from `valid_from_us` on; NULL means it has none. Append-only."""

    id = BigAutoField()
    product = ForeignKeyField(Product, index=False)
    price_minor = WholeField(null=True, constraints=[check("price_minor >= 0")])
    valid_from_us = InstantField()
    actor = TextField()
    reason = TextField()

    class Meta:
        indexes = ((("product", "id"), False),)


class Change(Table):
    """Who changed which field of what, and when. Append-only."""

    id = BigAutoField()
    noun = TextField()
    noun_id = WholeField()
    field = TextField()
    old_value = TextField(null=True)
    new_value = TextField(null=True)
    changed_at_us = InstantField()
    actor = TextField()


Change.add_index(Change.index(Change.noun, Change.noun_id, Change.id, name="change_noun"))


class NearDuplicatePass(Table):
    """Two products that a person has looked at and found to be different."""

    product = ForeignKeyField(Product, index=False)
    other = ForeignKeyField(Product, index=False)
    actor = TextField()
    decided_at_us = InstantField()

    class Meta:
        primary_key = CompositeKey("product", "other")
