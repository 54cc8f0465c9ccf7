"""PDFs from plain data: sheets, symbols, labels, count sheets. Knows no database and no screen."""
