"""The headings of the web shops' own exports: what tells them apart, and where our fields are."""

from __future__ import annotations

REQUIRED = {
    "shopify": ("Handle", "Title", "Variant Price"),
    "woocommerce": ("Type", "SKU", "Name", "Regular price"),
    "square": ("Item Name", "Variation Name", "Price"),
    "square-sales": ("Item", "Qty", "Gross Sales", "Price Point Name"),
}

COLUMNS: dict[str, tuple[tuple[str, str], ...]] = {
    "shopify": (
        ("sku", "Variant SKU"),
        ("name", "Title"),
        ("category", "Type"),
        ("category", "Product Type"),
        ("category", "Product Category"),
        ("price", "Variant Price"),
        ("cost", "Cost per item"),
        ("tax_rate", "Variant Taxable"),
        ("barcodes", "Variant Barcode"),
        ("weight", "Variant Grams"),
        ("supplier", "Vendor"),
        ("notes", "Body (HTML)"),
        ("notes", "Body HTML"),
        ("archived", "Status"),
        ("quantity", "Variant Inventory Qty"),
    ),
    "woocommerce": (
        ("sku", "SKU"),
        ("name", "Name"),
        ("category", "Categories"),
        ("price", "Regular price"),
        ("cost", "Cost of goods"),
        ("tax_rate", "Tax status"),
        ("barcodes", "GTIN, UPC, EAN, or ISBN"),
        ("barcodes", "Meta: _global_unique_id"),
        ("reorder_point", "Low stock amount"),
        ("notes", "Description"),
        ("quantity", "Stock"),
    ),
    "square": (
        ("sku", "SKU"),
        ("name", "Item Name"),
        ("category", "Category"),
        ("category", "Categories"),
        ("category", "Reporting Category"),
        ("unit", "Unit and Precision"),
        ("unit", "Unit"),
        ("price", "Price"),
        ("cost", "Default Unit Cost"),
        ("barcodes", "GTIN"),
        ("supplier", "Default Vendor Name"),
        ("supplier_code", "Default Vendor Code"),
        ("notes", "Description"),
        ("archived", "Archived"),
    ),
    "square-sales": (
        ("sku", "SKU"),
        ("name", "Item"),
        ("category", "Category"),
        ("unit", "Unit"),
        ("price", "Gross Sales"),
        ("barcodes", "GTIN"),
    ),
}
