"""The scanner check in words."""
