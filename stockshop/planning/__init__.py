"""Pure functions over numbers: reorder policies. Knows no database."""
