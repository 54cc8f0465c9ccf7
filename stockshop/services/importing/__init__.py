"""Reading what other systems, spreadsheets and our own exports say about a shop.

`tables` reads rows of text, `formats` recognises whose they are, `products` and `stock` turn them
into checked drafts; all of those know no store. `storing_products` and `storing_stock` put the
drafts into the shop.
"""
