"""What runs low, in words."""
