"""Choosing a file to import, and saying what its columns mean."""
