"""The catalogue: products, their barcodes, prices, suppliers and reorder rules.

Functions ending in `_in` run inside a transaction that another service has opened; they expect a
name that has passed `clean_actor`.
"""

from __future__ import annotations

from stockshop.services.catalogue.barcodes import (
    add_barcode,
    add_barcode_in,
    change_barcode,
    find_barcode_in,
    make_in_store_barcode,
    make_in_store_barcode_in,
    remove_barcode,
    remove_barcode_in,
)
from stockshop.services.catalogue.bulk import (
    BulkChange,
    BulkDone,
    BulkLine,
    BulkRefusal,
    BulkRefused,
    FieldChange,
    change_many,
    labels_of,
    new_price,
    preview_bulk,
)
from stockshop.services.catalogue.duplicates import (
    NearDuplicate,
    NearDuplicatePair,
    duplicate_report,
    mark_different,
    near_duplicates,
    near_duplicates_in,
)
from stockshop.services.catalogue.editing import save_product
from stockshop.services.catalogue.fields import ProductFields
from stockshop.services.catalogue.listing import ProductListing
from stockshop.services.catalogue.listing_rows import ProductRow
from stockshop.services.catalogue.merging import Merged, merge_products
from stockshop.services.catalogue.products import (
    BarcodeRequest,
    add_product,
    add_product_in,
    archive,
    change_product,
    change_product_in,
    product_id_in,
    set_archived_in,
    unarchive,
)
from stockshop.services.catalogue.reading import categories, changes, find_product, product
from stockshop.services.catalogue.records import (
    ChangeLine,
    PricePoint,
    Product,
    ProductBarcode,
    ProductDetail,
    ReorderLevels,
    SupplierTerms,
    detail_in,
    family_ids,
    product_in,
)
from stockshop.services.catalogue.terms import (
    remove_reorder_rule,
    remove_reorder_rule_in,
    remove_supplier,
    set_reorder_rule,
    set_reorder_rule_in,
    set_supplier,
    set_supplier_in,
)

__all__ = [
    "BarcodeRequest",
    "BulkChange",
    "BulkDone",
    "BulkLine",
    "BulkRefusal",
    "BulkRefused",
    "ChangeLine",
    "FieldChange",
    "Merged",
    "NearDuplicate",
    "NearDuplicatePair",
    "PricePoint",
    "Product",
    "ProductBarcode",
    "ProductDetail",
    "ProductFields",
    "ProductListing",
    "ProductRow",
    "ReorderLevels",
    "SupplierTerms",
    "add_barcode",
    "add_barcode_in",
    "add_product",
    "add_product_in",
    "archive",
    "categories",
    "change_barcode",
    "change_many",
    "change_product",
    "change_product_in",
    "changes",
    "detail_in",
    "duplicate_report",
    "family_ids",
    "find_barcode_in",
    "find_product",
    "labels_of",
    "make_in_store_barcode",
    "make_in_store_barcode_in",
    "mark_different",
    "merge_products",
    "near_duplicates",
    "near_duplicates_in",
    "new_price",
    "preview_bulk",
    "product",
    "product_id_in",
    "product_in",
    "remove_barcode",
    "remove_barcode_in",
    "remove_reorder_rule",
    "remove_reorder_rule_in",
    "remove_supplier",
    "save_product",
    "set_archived_in",
    "set_reorder_rule",
    "set_reorder_rule_in",
    "set_supplier",
    "set_supplier_in",
    "unarchive",
]
