"""PDFs from plain data: label sheets, symbols, shelf labels, count sheets.

Nothing here knows a database or a screen. Lengths are in points unless a name ends in `_mm` or
`_dots`; ReportLab, fonts and symbol encoders are imported only when a document is made.
"""
