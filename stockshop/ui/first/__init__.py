"""The first start: what is guessed of the computer, and what is told at the end."""
