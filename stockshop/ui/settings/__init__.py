"""What the settings screen shows: each setting with its meaning, and how it is changed."""
