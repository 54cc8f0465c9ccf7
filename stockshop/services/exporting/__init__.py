"""What leaves the shop as a file: products, stock and movements as CSV, JSON or XLSX.

`columns` says what our own files hold, `guard` keeps spreadsheets from reading a name as a
formula, `files` writes. Import reads all of it back exactly.
"""
