"""Reading what other systems, spreadsheets and our own exports say about a shop.

Pure: a file in, checked drafts and a list of everything wrong with it out; nothing here knows the
store. `tables` reads rows of text, `formats` recognises whose they are, `products` and `stock`
turn them into drafts.
"""
