"""stockshop: stock control for a small shop, in a full-screen terminal."""

__version__ = "0.1.0"
