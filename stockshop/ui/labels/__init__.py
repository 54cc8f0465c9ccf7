"""Choosing what goes on labels, and on which."""
