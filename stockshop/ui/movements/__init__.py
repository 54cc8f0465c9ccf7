"""What happened: entries and movements on screens."""
